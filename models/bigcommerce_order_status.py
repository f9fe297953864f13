from odoo import fields, models


class BigcommerceOrderStatus(models.Model):
    """A status of orders, as the store calls it."""

    _name = "bigcommerce.order.status"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Order Status"
    _order = "instance_id, sequence, id"

    sequence = fields.Integer(readonly=True)
    system_name = fields.Char(
        readonly=True, help="BigCommerce's own name, whatever label the store uses."
    )
