from odoo import models


class BigcommerceBrand(models.Model):
    _name = "bigcommerce.brand"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Brand"
