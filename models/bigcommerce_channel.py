from odoo import fields, models


class BigcommerceChannel(models.Model):
    """Where a store sells: a storefront, a marketplace, a till."""

    _name = "bigcommerce.channel"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Channel"

    type = fields.Char(readonly=True)
    platform = fields.Char(readonly=True)
    status = fields.Char(readonly=True)
