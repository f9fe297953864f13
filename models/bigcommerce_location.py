from odoo import fields, models


class BigcommerceLocation(models.Model):
    _name = "bigcommerce.location"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Location"

    code = fields.Char(readonly=True)
    is_enabled = fields.Boolean("Enabled in BigCommerce", readonly=True)
