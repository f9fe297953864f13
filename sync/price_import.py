from odoo import api, fields, models

from .price_plan import read_price
from .problems import Blocked


class BigcommercePriceImport(models.AbstractModel):
    """Write the store's prices into its pricelist."""

    _name = "bigcommerce.price.import"
    _inherit = ["bigcommerce.store.prices"]
    _description = "BigCommerce Price Import"

    @api.model
    def _take_prices(self, instance, changes):
        """Let the pricelist say what the store does, where the store's price is new.

        What keeps a price from being taken is noted on its item (``price_problem``),
        and never stops the others. It is tried again with the next import of its
        listing, which counts as changed until then.

        :param instance: the store
        :param changes: pairs of an item, written already, and the price that was known
            before; None if the item is new, or has just been mapped to its product
        :return: dict of item -> :class:`Blocked`, of those that a person has to see to
        """
        former_prices = dict(changes)
        new = {
            item
            for item, former in former_prices.items()
            if former is None or read_price(former) != read_price(item.price)
        }
        changed = self.env["bigcommerce.listing.item"].concat(
            *(item for item in former_prices if item in new or item.price_problem)
        )
        items = self._find_items(instance, changed.product_id)
        # Where several items stand for a product, the first one decides.
        first = {}
        for item in items:
            first.setdefault(item.product_id, item)
        due = items.filtered(lambda item: item == first[item.product_id]) & changed
        problems = self._write_prices(instance, due)
        messages = {item: str(problems.get(item) or "") for item in due}
        for item in items:
            leader = first[item.product_id]
            if item != leader:
                messages[item] = self._describe_follower(item, leader)
                if leader in new:
                    new.add(item)
        self._note(instance, messages, new)
        blocked = {
            item: problem
            for item, problem in problems.items()
            if isinstance(problem, Blocked)
        }
        self.env["bigcommerce.listing"].concat(
            *(item.listing_id for item in blocked)
        ).payload_digest = False
        return blocked

    @api.model
    def _note(self, instance, messages, new):
        """Note why prices were not taken, and what Odoo said instead.

        :param dict messages: item -> why; "" for no problem
        :param new: the items of which it is not known yet what Odoo says
        """
        products = self.env["product.product"].concat(
            *{item.product_id for item, message in messages.items() if message}
        )
        in_odoo = self._compute_prices(instance, products, fields.Datetime.now())
        for item, message in messages.items():
            is_other = (item.price_problem or "") != message
            if is_other:
                item.price_problem = message or False
            if message and (is_other or item in new):
                item.refusing_price = in_odoo[item.product_id][0]

    @api.model
    def _find_items(self, instance, products):
        """Return the items from which prices of ``products`` may come, in order."""
        return self.env["bigcommerce.listing.item"].search(
            [
                ("instance_id", "=", instance.id),
                ("product_id", "in", products.ids),
                ("listing_id.active", "=", True),
                ("listing_id.is_excluded", "=", False),
            ],
            order="id",
        )

    @api.model
    def _describe_follower(self, item, leader):
        if read_price(item.price) == read_price(leader.price):
            return ""
        return self.env._(
            "“%s” stands for the same product, and its price counts in Odoo.",
            leader.name,
        )

    @api.model
    def _write_prices(self, instance, items):
        """Give the products of ``items`` the store's prices in its pricelist.

        :param items: one of each product
        :return: dict of item -> :class:`Blocked`, or a text that says why the pricelist
            still says something else
        """
        if problem := self._find_pricelist_problem(instance):
            return dict.fromkeys(items, problem)
        problems, prices = {}, {}
        for item in items:
            try:
                prices[item] = self._to_odoo(
                    instance, item.product_id, read_price(item.price)
                )
            except Blocked as problem:
                problems[item] = problem
        different = self._find_different(instance, prices, needs_rule=True)
        rules = self._find_rules(instance, [item.product_id.id for item in different])
        missing = []
        for item in different:
            price = float(prices[item])
            if rule := rules.get(item.product_id):
                rule.fixed_price = price
            else:
                missing.append(self._prepare_rule(instance, item.product_id, price))
        self.env["product.pricelist.item"].create(missing)
        for item, rule in self._find_different(
            instance, {item: prices[item] for item in different}
        ).items():
            problems[item] = self.env._(
                "The price was imported, but another rule of the pricelist comes "
                "first: %s",
                rule.display_name,
            )
        return problems

    @api.model
    def _find_different(self, instance, prices, needs_rule=False):
        """Return the items of which the pricelist does not say the price, in order.

        :param dict prices: item -> Decimal
        :param bool needs_rule: whether the product's sales price, where no rule is for
            it, does not count
        :return: dict of item -> the rule that decides
        """
        products = self.env["product.product"].browse(
            item.product_id.id for item in prices
        )
        computed = self._compute_pricelist(instance, products, fields.Datetime.now())
        return {
            item: computed[item.product_id][1]
            for item, price in prices.items()
            if read_price(computed[item.product_id][0]) != price
            or (needs_rule and not computed[item.product_id][1])
        }

    @api.model
    def _find_rules(self, instance, product_ids):
        """Return the rule that is a product's own fixed price, by product."""
        rules = self.env["product.pricelist.item"].search(
            [
                ("pricelist_id", "=", instance.pricelist_id.id),
                ("applied_on", "=", "0_product_variant"),
                ("product_id", "in", product_ids),
                ("compute_price", "=", "fixed"),
                ("min_quantity", "<=", 1),
                ("date_start", "=", False),
                ("date_end", "=", False),
            ],
            # The one that Odoo takes comes last.
            order="min_quantity, id",
        )
        return {rule.product_id: rule for rule in rules}

    @api.model
    def _prepare_rule(self, instance, product, price):
        return {
            "pricelist_id": instance.pricelist_id.id,
            "applied_on": "0_product_variant",
            "product_id": product.id,
            "product_tmpl_id": product.product_tmpl_id.id,
            "compute_price": "fixed",
            "fixed_price": price,
        }
