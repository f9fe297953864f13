from odoo import api, models
from odoo.fields import Command

from .order_parts import PAYMENTS, PRODUCTS
from .problems import Blocked
from .sku_matching import UNMATCHED_CAUSES, match_sku


class BigcommerceOrderProducts(models.AbstractModel):
    """Which product a line of a store's order is. Never a stand-in for another."""

    _name = "bigcommerce.order.products"
    _description = "BigCommerce Order Products"

    @api.model
    def _product_finder(self, instance, orders):
        """Return what is needed to resolve the lines of ``orders``, in two queries.

        :return: a function of a planned line that returns its product, or raises
            :class:`Blocked`
        """
        order_lines = [order_line for order in orders for order_line in order.lines]
        find_item = self._item_finder(instance, order_lines)
        matches = self.env["product.product"]._find_by_sku(
            {
                order_line.sku
                for order_line in order_lines
                if not find_item(order_line).product_id
            },
            instance.company_id,
        )

        def find_product(planned_line):
            order_line = planned_line.source
            if planned_line.part == "gift_certificate_sold":
                return self._find_or_create_part_product(instance, "gift_certificate")
            if not order_line:
                return self._find_or_create_part_product(instance, planned_line.part)
            item = find_item(order_line)
            if item.product_id.active:
                return item.product_id
            if item.product_id:
                raise Blocked(
                    "archived_product",
                    self.env._(
                        "Line “%(name)s”: the product %(product)s is archived.",
                        name=order_line.name,
                        product=item.product_id.display_name,
                    ),
                )
            return self._match(instance, order_line, item, matches)

        return find_product

    @api.model
    def _item_finder(self, instance, order_lines):
        """Return a function that gives the listing item of an order line, perhaps none.

        A line without a variant means the only item of its listing.
        """
        Item = self.env["bigcommerce.listing.item"]
        by_variant = Item._find(
            instance, {line.variant_id for line in order_lines} - {""}
        )
        products = {line.product_id for line in order_lines if not line.variant_id}
        by_product = {
            bc_id: listing.item_ids
            for bc_id, listing in self.env["bigcommerce.listing"]
            ._find(instance, products - {""})
            .items()
            if len(listing.item_ids) == 1
        }

        def find_item(order_line):
            if order_line.variant_id:
                return by_variant.get(order_line.variant_id, Item)
            return by_product.get(order_line.product_id, Item)

        return find_item

    @api.model
    def _match(self, instance, order_line, item, matches):
        """Return the product of an order line by its SKU, or that of custom lines."""
        Product = self.env["product.product"]
        try:
            return Product.browse(match_sku(self.env, order_line.sku, matches))
        except Blocked as problem:
            is_unknown = problem.cause in UNMATCHED_CAUSES
            if is_unknown and not order_line.product_id:
                part = "custom_storable" if order_line.type == "physical" else "custom"
                return self._find_or_create_part_product(instance, part)
            if is_unknown and not item:
                raise Blocked(
                    "unknown_product",
                    self.env._(
                        "Neither the store nor Odoo knows the product of line "
                        "“%(name)s”. Give its SKU (%(sku)s) as internal reference to "
                        "a product.",
                        name=order_line.name,
                        sku=order_line.sku or self.env._("none"),
                    ),
                ) from problem
            raise Blocked(
                problem.cause,
                self.env._(
                    "Line “%(name)s”: %(problem)s",
                    name=order_line.name,
                    problem=problem.message,
                ),
            ) from problem

    @api.model
    def _find_or_create_part_product(self, instance, part):
        """Return the product for ``part``, made on first use, one per company."""
        field, reference = PRODUCTS[part]
        product = instance[field]
        if product:
            return product
        product = self.env["product.product"].search(
            [
                ("default_code", "=", reference),
                ("company_id", "=", instance.company_id.id),
            ],
            limit=1,
        ) or self.env["product.product"].create(
            self._prepare_part_product_vals(instance, part, reference)
        )
        instance[field] = product
        return product

    @api.model
    def _prepare_part_product_vals(self, instance, part, reference):
        names = {
            "shipping": self.env._("Delivery"),
            "handling": self.env._("Handling"),
            "wrapping": self.env._("Gift Wrapping"),
            "fee": self.env._("Fee"),
            "gift_certificate": self.env._("Gift Certificate"),
            "store_credit": self.env._("Store Credit"),
            "refund": self.env._("Refund"),
            "custom": self.env._("Custom Product"),
            "custom_storable": self.env._("Custom Storable Product"),
        }
        vals = {
            "name": names[part],
            "default_code": reference,
            "company_id": instance.company_id.id,
            "type": "consu" if part in ("custom", "custom_storable") else "service",
            "is_storable": part == "custom_storable",
            "list_price": 0,
            "invoice_policy": "order",
        }
        if part != "shipping":
            vals["taxes_id"] = False
        if part in PAYMENTS:
            account = self._find_or_create_liability_account(
                instance.company_id, names[part]
            )
            vals["property_account_income_id"] = account.id
        return vals

    @api.model
    def _find_or_create_liability_account(self, company, name):
        """Return what a company owes to holders of certificates or of store credit.

        Selling a certificate is no revenue, and paying with one costs nothing.
        """
        Account = self.env["account.account"].with_company(company)
        domain = [
            ("company_ids", "in", company.id),
            ("account_type", "=", "liability_current"),
        ]
        account = Account.search([*domain, ("name", "=", name)], limit=1)
        if account:
            return account
        neighbour = Account.search([*domain, ("code", "!=", False)], limit=1)
        return Account.create(
            {
                "name": name,
                "code": Account._search_new_account_code(neighbour.code or "200000"),
                "account_type": "liability_current",
                "company_ids": [Command.set(company.ids)],
            }
        )
