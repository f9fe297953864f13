from odoo import api, fields, models

from .price_plan import read_price
from .problems import Blocked


class BigcommercePricelistRules(models.AbstractModel):
    """Write the store's prices into its pricelist."""

    _name = "bigcommerce.pricelist.rules"
    _inherit = ["bigcommerce.store.prices"]
    _description = "BigCommerce Pricelist Rules"

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
        rules = self._find_rules(instance, [item.product_id.id for item in prices])
        said = self._find_said(instance, [item.product_id for item in prices], rules)
        missing = []
        for item, price in prices.items():
            if said.get(item.product_id) == price:
                continue
            own, others = None, []
            for rule in rules.get(item.product_id, ()):
                if rule.compute_price == "fixed" and not (
                    rule.date_start or rule.date_end
                ):
                    own, others = rule, []
                else:
                    others.append(rule)
            if own:
                own.fixed_price = float(price)
            else:
                missing.append(self._prepare_rule(instance, item.product_id, price))
                # The new one comes before those that are for no quantity either.
                others = [rule for rule in others if rule.min_quantity]
            if others:
                problems[item] = self.env._(
                    "The price was imported, but another rule of the pricelist comes "
                    "first: %s",
                    others[-1].display_name,
                )
        self.env["product.pricelist.item"].create(missing)
        return problems

    @api.model
    def _find_rules(self, instance, product_ids):
        """Return the rules of products for a piece today, by product.

        Of several the last one counts.
        """
        now = fields.Datetime.now()
        rules = self.env["product.pricelist.item"].search(
            [
                ("pricelist_id", "=", instance.pricelist_id.id),
                ("applied_on", "=", "0_product_variant"),
                ("product_id", "in", product_ids),
                ("min_quantity", "<=", 1),
                "|",
                ("date_start", "=", False),
                ("date_start", "<=", now),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", now),
            ],
            order="min_quantity, id",
        )
        return rules.grouped("product_id")

    @api.model
    def _find_said(self, instance, products, rules):
        """Return what rules of the pricelist say of products now.

        What no rule is for, and so costs its sales price, is left out.
        """
        has_wider = self.env["product.pricelist.item"].search_count(
            [
                ("pricelist_id", "=", instance.pricelist_id.id),
                ("applied_on", "!=", "0_product_variant"),
            ],
            limit=1,
        )
        said, unclear = {}, self.env["product.product"]
        for product in products:
            own = rules.get(product)
            if own and own[-1].compute_price == "fixed":
                said[product] = read_price(own[-1].fixed_price)
            elif own or has_wider:
                unclear += product
        computed = self._compute_pricelist(instance, unclear, fields.Datetime.now())
        return said | {
            product: read_price(price)
            for product, (price, rule) in computed.items()
            if rule
        }

    @api.model
    def _prepare_rule(self, instance, product, price):
        return {
            "pricelist_id": instance.pricelist_id.id,
            "applied_on": "0_product_variant",
            "product_id": product.id,
            "product_tmpl_id": product.product_tmpl_id.id,
            "compute_price": "fixed",
            "fixed_price": float(price),
        }
