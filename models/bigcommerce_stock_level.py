from odoo import fields, models


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
        help="What the last comparison found instead of the confirmed level.",
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
