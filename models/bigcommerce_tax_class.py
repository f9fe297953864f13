from odoo import models


class BigcommerceTaxClass(models.Model):
    _name = "bigcommerce.tax.class"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Tax Class"
