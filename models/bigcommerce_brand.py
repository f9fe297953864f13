from odoo import models


class BigcommerceBrand(models.Model):
    """A brand of the store, to which listings refer."""

    _name = "bigcommerce.brand"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Brand"
