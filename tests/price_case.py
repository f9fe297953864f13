"""What tests of prices stand on: a store with its listings, and no taxes in Odoo."""

from odoo import fields

from ..sync.price_plan import read_price
from .common import SandboxCase

MUG, PAN, POT, SHIRT = "101", "102", "134", "130"


class PriceCase(SandboxCase):
    """An instance whose listings are imported; products have no taxes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.account_sale_tax_id = False
        cls.instance = cls.confirm_instance()
        cls.run_operation(cls.instance, "import_listings")
        cls.items = cls.env["bigcommerce.listing.item"].search(
            [("instance_id", "=", cls.instance.id)]
        )
        cls.items.product_id.taxes_id = False
        cls.pricelist = cls.instance.pricelist_id

    @classmethod
    def read_variant(cls, item):
        """Return the variant that the store has."""
        path = f"v3/catalog/products/{item.listing_id.bc_id}/variants"
        variants = cls.store.control("GET", path)
        return next(one for one in variants if str(one["id"]) == item.bc_id)

    @classmethod
    def read_own_price(cls, item):
        """Return the price that a variant has of its own, None if it inherits it."""
        variant = cls.read_variant(item)
        return variant["price"] if variant["option_values"] else None

    @classmethod
    def get_listing(cls, bc_id):
        return cls.env["bigcommerce.listing"].search(
            [("instance_id", "=", cls.instance.id), ("bc_id", "=", bc_id)]
        )

    @classmethod
    def get_item(cls, bc_id, number=0):
        """Return an item of the listing ``bc_id``: the first, unless told."""
        return cls.get_listing(bc_id).item_ids.sorted("id")[number]

    @classmethod
    def take_prices(cls, items=None, former=None):
        """Import the prices of items, all by default; return the problems."""
        items = cls.items if items is None else items
        return cls.env["bigcommerce.pricelist.rules"]._take_prices(
            cls.instance, [(item, former) for item in items]
        )

    @classmethod
    def make_tax(cls, amount, is_included=False, **vals):
        side = "tax_included" if is_included else "tax_excluded"
        return cls.env["account.tax"].create(
            {
                "name": f"{amount} % {side} {vals}",
                "amount": amount,
                "price_include_override": side,
                "type_tax_use": "sale",
                **vals,
            }
        )

    @classmethod
    def get_rules(cls, product):
        """Return the pricelist's rules of products."""
        return cls.env["product.pricelist.item"].search(
            [
                ("pricelist_id", "=", cls.pricelist.id),
                ("product_id", "in", product.ids),
            ]
        )

    @classmethod
    def make_rule(cls, product=None, price=None, **vals):
        """Give the pricelist a rule: of a product with a fixed price, or of all."""
        vals = {"pricelist_id": cls.pricelist.id, **vals}
        if product:
            vals |= {"applied_on": "0_product_variant", "product_id": product.id}
        if price is not None:
            vals |= {"compute_price": "fixed", "fixed_price": price}
        return cls.env["product.pricelist.item"].create(vals)

    @classmethod
    def set_price(cls, item, price):
        """Let the pricelist say a price."""
        rule = cls.get_rules(item.product_id).filtered(
            lambda rule: rule.min_quantity <= 1
        )
        if rule:
            rule.fixed_price = price
        else:
            cls.make_rule(item.product_id, price)

    def get_odoo_price(self, product):
        """Return what the pricelist says today."""
        return read_price(
            self.pricelist._get_product_price(product, 1, date=fields.Datetime.now())
        )
