from odoo import fields, models


class BigcommerceTaxClass(models.Model):
    """A tax class of the store, and the sales taxes that it means."""

    _name = "bigcommerce.tax.class"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Tax Class"

    tax_ids = fields.Many2many(
        "account.tax",
        "bigcommerce_tax_class_tax_rel",
        string="Sales Taxes in Odoo",
        check_company=True,
        domain=[("type_tax_use", "=", "sale")],
        help="Products with one of these taxes are exported with this class.",
    )
