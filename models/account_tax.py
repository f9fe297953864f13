from odoo import fields, models


class AccountTax(models.Model):
    """Taxes of Odoo that stand for those of a store."""

    _inherit = "account.tax"

    bigcommerce_name = fields.Char(
        "Name in BigCommerce",
        copy=False,
        help="Orders of BigCommerce with a tax of this name and rate get this tax, "
        "whatever it is called and does in Odoo.",
    )
    bigcommerce_rate = fields.Float(
        "Rate in BigCommerce", digits=(16, 4), copy=False, help="In percent."
    )
