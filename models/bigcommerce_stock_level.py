from odoo import api, fields, models


class BigcommerceStockLevel(models.Model):
    """What a location of a store has of an item, as far as the store confirmed it."""

    _name = "bigcommerce.stock.level"
    _description = "BigCommerce Stock Level"
    _order = "item_id, location_id"
    _rec_name = "item_id"

    instance_id = fields.Many2one(
        "bigcommerce.instance", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="instance_id.company_id", store=True, index=True
    )
    item_id = fields.Many2one(
        "bigcommerce.listing.item", required=True, readonly=True, ondelete="cascade"
    )
    location_id = fields.Many2one(
        "bigcommerce.location",
        "Store Location",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(related="item_id.product_id")
    quantity = fields.Integer(
        "In the Store", readonly=True, help="The level that the store confirmed last."
    )
    confirmed_on = fields.Datetime(readonly=True)
    found_quantity = fields.Integer(
        "Found There",
        readonly=True,
        help="What a comparison found instead of the level confirmed until then.",
    )
    found_on = fields.Datetime(
        "Change Found On",
        readonly=True,
        help="When a comparison found that the level had been changed in the store.",
    )

    _item_location_unique = models.UniqueIndex(
        "(item_id, location_id)", "This level is there already."
    )
    _instance_index = models.Index("(instance_id, location_id)")

    @api.model
    def _find(self, instance, items, locations):
        """Return the levels of ``items`` at ``locations``, by item and location."""
        levels = self.search_fetch(
            [
                ("instance_id", "=", instance.id),
                ("location_id", "in", locations.ids),
                ("item_id", "in", items.ids),
            ],
            ["item_id", "location_id", "quantity", "confirmed_on", "found_on"],
        )
        return {(level.item_id, level.location_id): level for level in levels}

    @api.model
    def _confirm(self, instance, vals_by_place):
        """Keep what the store says of levels; what it said before is not written.

        :param dict vals_by_place: (item, location) -> values, with ``quantity``
        :return: the levels, by item and location
        """
        Item = self.env["bigcommerce.listing.item"]
        Location = self.env["bigcommerce.location"]
        known = self._find(
            instance,
            Item.concat(*(item for item, _location in vals_by_place)),
            Location.concat(*{location for _item, location in vals_by_place}),
        )
        now = fields.Datetime.now()
        missing = []
        for (item, location), vals in vals_by_place.items():
            level = known.get((item, location))
            if not level:
                missing.append(
                    {
                        "instance_id": instance.id,
                        "item_id": item.id,
                        "location_id": location.id,
                        "confirmed_on": now,
                        **vals,
                    }
                )
            elif not level.confirmed_on or any(
                level[field] != value for field, value in vals.items()
            ):
                level.write({"confirmed_on": now, **vals})
        for level in self.create(missing):
            known[level.item_id, level.location_id] = level
        return known

    @api.model
    def _forget(self, listings):
        """Believe no more what the store confirmed of the items of ``listings``.

        Something has changed their levels there since.
        """
        self.search(
            [
                ("item_id.listing_id", "in", listings.ids),
                ("confirmed_on", "!=", False),
            ]
        ).confirmed_on = False
