from odoo import fields, models

from ..client.payloads.store import KILOGRAMS


class BigcommerceInstance(models.Model):
    """The stock of a store, and what is weighed there in which unit."""

    _inherit = "bigcommerce.instance"

    weight_unit = fields.Selection(
        [(unit, unit) for unit in KILOGRAMS],
        readonly=True,
        copy=False,
        help="Unit of the weights in the store, read on Confirm.",
    )
    stock_basis = fields.Selection(
        [
            ("free", "Free To Use Quantity"),
            ("on_hand", "Quantity On Hand"),
            ("forecast", "Forecasted Quantity"),
        ],
        "Stock Based On",
        required=True,
        default="free",
        help="What is exported. Free to use: on hand less what is reserved. "
        "Forecasted: on hand less outgoing plus incoming.",
    )
    validate_inventory_adjustment = fields.Boolean(
        "Validate Inventory Adjustment?",
        help="Apply the quantities that are imported from BigCommerce. Otherwise they "
        "wait as counted quantities for somebody to apply them.",
    )
    stock_taken_on = fields.Selection(
        [
            ("order_placed", "An order is placed"),
            ("order_completed_or_shipped", "An order is completed or shipped"),
        ],
        "The Store Takes Stock When",
        required=True,
        default="order_placed",
        readonly=True,
        copy=False,
        help="Setting of the store, read on Confirm.",
    )
    stock_brake_share = fields.Float(
        "Levels Set to Zero Allowed",
        required=True,
        default=20,
        help="An export that would set more than so many percent of the store's levels "
        "to zero waits for approval. 100: never.",
    )
    location_ids = fields.One2many(
        "bigcommerce.location", "instance_id", string="Locations", copy=False
    )

    _stock_brake_percentage = models.Constraint(
        "CHECK (stock_brake_share BETWEEN 0 AND 100)",
        "The share of levels that may be set to zero is a percentage: 0 to 100.",
    )
