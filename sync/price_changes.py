from collections import defaultdict
from decimal import Decimal
from math import ceil
from typing import NamedTuple

from odoo import api, models
from odoo.tools import split_every

from .price_plan import (
    NotExportable,
    PriceBreak,
    describe_change,
    format_price,
    is_large,
    plan_breaks,
    read_price,
)
from .problems import Blocked
from .store_prices import PRODUCTS_AT_A_TIME

PRODUCT, VARIANT = "p", "v"


def get_keys_of_price(item):
    """Return the keys of the lines that may change the price of an item."""
    keys = {f"{VARIANT}:{item.bc_id}"}
    if not item.has_own_price:
        keys.add(f"{PRODUCT}:{item.listing_id.bc_id}")
    return keys


class PriceChange(NamedTuple):
    """What is to become of the price of a product or variant of the store.

    ``record``: the listing or item that is changed; ``items``: whose price it is.
    ``former``, ``price``: None if the price stays.
    ``breaks``: the bulk prices of a product, as kept; None if they stay.
    ``base``: what a piece of the product costs that bulk prices make cheaper.
    ``note``: why it has none of them; None if that is as known.
    ``problem``: the :class:`Blocked` that keeps it from being sent.
    ``is_resent``: whether it is sent also if nothing differs.
    """

    record: models.BaseModel
    items: models.BaseModel
    former: Decimal | None = None
    price: Decimal | None = None
    breaks: list | None = None
    base: Decimal | None = None
    note: str | None = None
    problem: Blocked | None = None
    is_resent: bool = False

    @property
    def is_of_product(self):
        return self.record._name == "bigcommerce.listing"

    @property
    def listing(self):
        return self.record if self.is_of_product else self.record.listing_id

    @property
    def key(self):
        return f"{PRODUCT if self.is_of_product else VARIANT}:{self.record.bc_id}"

    @property
    def payload(self):
        return {
            "former": None if self.former is None else str(self.former),
            "price": None if self.price is None else str(self.price),
            "breaks": self.breaks,
            **({"is_resent": True} if self.is_resent else {}),
        }

    def is_to_zero(self):
        breaks = map(PriceBreak.parse, self.breaks or ())
        return self.price == 0 or any(one.is_free() for one in breaks)

    def is_large(self, percent):
        if self.price is not None and is_large(self.former, self.price, percent):
            return True
        base = self.base if self.price is None else self.price
        breaks = map(PriceBreak.parse, self.breaks or ())
        return any(one.is_large(base, percent) for one in breaks)


class BigcommercePriceChanges(models.AbstractModel):
    """Where the prices of a store are not what Odoo says."""

    _name = "bigcommerce.price.changes"
    _inherit = ["bigcommerce.store.prices"]
    _description = "BigCommerce Price Changes"

    @api.model
    def _find_changes(self, instance, listings, date, resent=()):
        """Compare the prices of listings with Odoo's.

        :param date: of rules and exchange rates
        :param resent: listings whose prices are sent also where they are equal
        :return: list of :class:`PriceChange`, and the number of items that have a price
        """
        prices = self._find_item_prices(instance, listings.item_ids, date)
        breaks = self._find_breaks(instance, listings, prices, date)
        changes = []
        for listing in listings:
            is_resent = listing in resent
            own = self._find_price_changes(listing, prices, is_resent)
            wanted, note = breaks.get(listing, ([], ""))
            if wanted == (listing.price_breaks or []) and not (wanted and is_resent):
                wanted = None
            if note == (listing.price_break_problem or "") or (wanted and not note):
                # What has come of sending them is noted then.
                note = None
            if wanted is not None or note is not None:
                if not (own and own[0].record == listing):
                    own.insert(0, PriceChange(listing, listing.item_ids))
                base = read_price(listing.item_ids[:1].price)
                own[0] = own[0]._replace(breaks=wanted, base=base, note=note)
            changes += [change._replace(is_resent=is_resent) for change in own]
        priced = sum(not isinstance(price, Blocked) for price in prices.values())
        return changes, priced

    @api.model
    def _find_item_prices(self, instance, items, date):
        """Return what mapped items are to cost: a Decimal or a :class:`Blocked`."""
        items = items.filtered("product_id.active")
        found = self._find_prices(instance, items.product_id, date)
        prices = {}
        for item in items:
            price, in_odoo = found[item.product_id]
            if item.price_problem and in_odoo == read_price(item.refusing_price):
                # The store's price could not be taken, and Odoo says nothing new.
                price = read_price(item.price)
            elif not isinstance(price, Blocked) and price < 0:
                price = Blocked(
                    "refused",
                    self.env._(
                        "“%(product)s” would cost %(price)s, and BigCommerce knows no "
                        "negative prices. Correct the price in Odoo.",
                        product=item.product_id.display_name,
                        price=self._format(instance, price),
                    ),
                )
            prices[item] = price
        return prices

    @api.model
    def _find_price_changes(self, listing, prices, is_resent):
        """Return the changes of prices of one listing.

        :param bool is_resent: whether what is equal counts as changed
        """
        items = listing.item_ids
        own = {item: prices[item] for item in items if item in prices}
        wanted = list(own.values())
        problems = [price for price in wanted if isinstance(price, Blocked)]
        is_one = len(own) == len(items) and not any(items.mapped("has_own_price"))
        if is_one and own and len(problems) == len(own):
            return [PriceChange(listing, items, problem=problems[0])]
        if is_one and own and not problems and len(set(wanted)) == 1:
            former = [read_price(item.price) for item in items]
            return (
                [PriceChange(listing, items, former[0], wanted[0])]
                if is_resent or set(former) != set(wanted)
                else []
            )
        return [
            PriceChange(item, item, problem=price)
            if isinstance(price, Blocked)
            else PriceChange(item, item, read_price(item.price), price)
            for item, price in own.items()
            if is_resent
            or isinstance(price, Blocked)
            or read_price(item.price) != price
        ]

    # Bulk prices

    @api.model
    def _find_breaks(self, instance, listings, prices, date):
        """Return the bulk prices of listings: as kept, and why there are none.

        :return: dict of listing -> pair, for those that have or may not lose any
        """
        quantities = self._find_quantities(instance, listings.item_ids.product_id, date)
        found, columns = {}, defaultdict(dict)
        whole = {
            listing: sorted(
                set().union(*(quantities[item.product_id] for item in listing.item_ids))
            )
            for listing in listings
        }
        for quantity in sorted(set().union(*whole.values())):
            products = self.env["product.product"].browse(
                product.id
                for product in listings.filtered(
                    lambda listing, quantity=quantity: quantity in whole[listing]
                ).item_ids.product_id
            )
            columns[quantity] = self._find_prices(instance, products, date, quantity)
        for listing in listings:
            items = listing.item_ids
            if any(isinstance(prices.get(item), Blocked) for item in items):
                found[listing] = (listing.price_breaks or [], "")
            elif whole[listing]:
                found[listing] = self._plan_breaks(
                    [prices.get(item) for item in items],
                    {
                        quantity: [
                            columns[quantity].get(item.product_id, (None,))[0]
                            for item in items
                        ]
                        for quantity in whole[listing]
                    },
                )
        return found

    @api.model
    def _plan_breaks(self, prices, tiers):
        """Return the bulk prices of one listing as kept, and why there are none."""
        if None in prices:
            return [], self.env._(
                "The pricelist has prices for larger quantities, but not all items are "
                "mapped to products."
            )
        for column in tiers.values():
            for price in column:
                if isinstance(price, Blocked):
                    return [], price.message
        try:
            return [one.keep() for one in plan_breaks(prices, tiers)], ""
        except NotExportable:
            return [], self.env._(
                "The pricelist's prices for larger quantities are not in the store: "
                "BigCommerce can only hold one reduced price, or one percentage off, "
                "for all items of a product."
            )

    @api.model
    def _find_quantities(self, instance, products, date):
        """Return from which quantities on products have other prices in the pricelist.

        In pieces: what begins at a part of one begins at the next whole one.
        """
        quantities = defaultdict(set)
        if instance.export_sale_price or self._find_pricelist_problem(instance):
            return quantities
        pricelists = self._find_pricelists(instance.pricelist_id)
        has_breaks = self.env["product.pricelist.item"].search_count(
            [("pricelist_id", "in", pricelists.ids), ("min_quantity", ">", 1)], limit=1
        )
        if not has_breaks:
            return quantities
        for batch in split_every(PRODUCTS_AT_A_TIME, products.ids, products.browse):
            for pricelist in pricelists:
                rules = pricelist._get_applicable_rules(batch, date).filtered(
                    lambda rule: rule.min_quantity > 1
                )
                for product in batch:
                    quantities[product] |= {
                        ceil(rule.min_quantity)
                        for rule in rules
                        if rule._is_applicable_for(product, rule.min_quantity)
                    }
        return quantities

    @api.model
    def _find_pricelists(self, pricelist):
        """Return a pricelist with those on which its rules are based."""
        pricelists = more = pricelist
        while more:
            rules = self.env["product.pricelist.item"]._read_group(
                [
                    ("pricelist_id", "in", more.ids),
                    ("base", "=", "pricelist"),
                    ("compute_price", "!=", "fixed"),
                ],
                ["base_pricelist_id"],
            )
            more = pricelist.concat(*(base for (base,) in rules)) - pricelists
            pricelists |= more
        return pricelists

    # For people

    @api.model
    def _describe(self, instance, change):
        """Return what a change does: ``12.00 → 6.00 USD (−50 %)``."""
        currency = instance.currency_id
        texts = []
        if change.price is not None:
            texts.append(
                describe_change(
                    change.former, change.price, currency.decimal_places, currency.name
                )
            )
        for one in map(PriceBreak.parse, change.breaks or ()):
            texts.append(
                self.env._(
                    "%(price)s from %(quantity)s on",
                    price=f"−{format_price(one.amount * 100, 0)} %"
                    if one.type == "percent"
                    else self._format(instance, one.amount),
                    quantity=one.quantity_min,
                )
            )
        return "; ".join(texts)

    @api.model
    def _format(self, instance, price):
        currency = instance.currency_id
        return f"{format_price(price, currency.decimal_places)} {currency.name}"
