"""Which levels a store should have, and which of its items Odoo knows the stock of."""

from typing import NamedTuple

from odoo import api, models

from .stock_quantities import MAXIMUM_LEVEL, get_whole_level

# How the store names what a level is of, by the way it tracks it.
IDENTITIES = {"product": "product_id", "variant": "variant_id"}


class TrackedStock(NamedTuple):
    """What the store keeps one level of at each location.

    ``items``: the items whose stock it is; the level is kept with the first.
    ``identity``: name and value of what the store knows it by.
    """

    items: models.Model
    identity: tuple[str, str]

    @property
    def item(self):
        return self.items[0]

    @property
    def name(self):
        is_whole = len(self.items) > 1
        return self.item.listing_id.name if is_whole else self.item.name

    def get_key(self, location):
        """Return what its level at ``location`` is called in the queue."""
        return ":".join((location.bc_id, *self.identity))


class Target(NamedTuple):
    """The level that something tracked should have at a location.

    ``confirmed``: what the store confirmed last, None if it never did.
    """

    stock: TrackedStock
    location: models.Model
    quantity: int
    confirmed: int | None

    @property
    def key(self):
        return self.stock.get_key(self.location)

    @property
    def is_out_of_range(self):
        return self.quantity > MAXIMUM_LEVEL

    @property
    def empties(self):
        """Whether the store would have nothing more of what it has."""
        before = self.confirmed
        if before is None:
            # As the listing was seen last.
            before = max(self.stock.items.mapped("inventory_level"))
        return self.quantity == 0 and before > 0


class BigcommerceStockTargets(models.AbstractModel):
    """Says for all tracked items of a store, or some, what their levels should be."""

    _name = "bigcommerce.stock.targets"
    _description = "BigCommerce Stock Targets"

    @api.model
    def _get_targets(self, instance, listing_ids=None):
        """Return the levels that the store should have, location by location.

        What of it store orders have taken and Odoo does not know of is subtracted.

        :param listing_ids: ids in the store of the listings meant; all if None
        :return: list of :class:`Target`
        """
        locations = self.env["bigcommerce.location"]._find_in_use(instance, "export")
        if not locations:
            return []
        tracked = self._find_tracked(instance, listing_ids)
        items = self.env["bigcommerce.listing.item"].concat(
            *(stock.items for stock in tracked)
        )
        quantities = self.env["bigcommerce.stock.quantities"]._get_quantities(
            instance, locations, items.product_id
        )
        in_flight = self.env["bigcommerce.stock.in.flight"]._get_in_flight(
            instance, locations
        )
        levels = self.env["bigcommerce.stock.level"]._find(instance, items, locations)

        def get_level(stock, location):
            # A product that several items share is there once.
            products = stock.items.product_id
            total = sum(
                quantities.get((location, product), 0)
                - in_flight.get((location, product), 0)
                for product in products
            )
            return get_whole_level(total, products[0].uom_id)

        def get_confirmed(stock, location):
            level = levels.get((stock.item, location))
            return level.quantity if level and level.confirmed_on else None

        return [
            Target(
                stock,
                location,
                get_level(stock, location),
                get_confirmed(stock, location),
            )
            for location in locations
            for stock in tracked
        ]

    @api.model
    def _find_tracked(self, instance, listing_ids=None):
        """Return what both sides keep stock of, as :class:`TrackedStock`, by item.

        A listing that the store tracks as a whole is left out as long as Odoo does not
        know the stock of each of its items: their sum would be too low.
        """
        tracked = []
        items = self._search_items(instance, listing_ids)
        # No more of thousands of records than is asked of them.
        items.fetch(["bc_id", "listing_id", "product_id"])
        items.listing_id.fetch(["bc_id", "inventory_tracking"])
        products = items.product_id
        products.fetch(["product_tmpl_id"])
        products.product_tmpl_id.fetch(["is_storable", "uom_id"])
        for listing, own in items.grouped("listing_id").items():
            mode = listing.inventory_tracking
            known = own.filtered(lambda item: item.product_id.is_storable)
            if mode == "variant":
                tracked += [
                    TrackedStock(item, (IDENTITIES[mode], item.bc_id)) for item in known
                ]
            elif known == own:
                tracked.append(TrackedStock(own, (IDENTITIES[mode], listing.bc_id)))
        return sorted(tracked, key=lambda stock: stock.item.id)

    @api.model
    def _search_items(self, instance, listing_ids=None):
        """Return the items of tracked listings, mapped or not, by id."""
        domain = self._get_tracked_domain(instance)
        if listing_ids is not None:
            domain.append(("listing_id.bc_id", "in", list(listing_ids)))
        return self.env["bigcommerce.listing.item"].search(domain, order="id")

    @api.model
    def _get_tracked_domain(self, instance):
        """Return the domain of the items whose stock the store tracks."""
        return [
            ("instance_id", "=", instance.id),
            ("listing_id.active", "=", True),
            ("listing_id.is_excluded", "=", False),
            ("listing_id.inventory_tracking", "in", list(IDENTITIES)),
        ]
