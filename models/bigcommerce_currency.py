from odoo import fields, models


class BigcommerceCurrency(models.Model):
    """A transactional currency of the store, with the pricelist of its orders."""

    _name = "bigcommerce.currency"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Currency"

    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        required=True,
        check_company=True,
        domain="[('currency_id', '=', currency_id)]",
        help="Pricelist of the orders in this currency: "
        "Odoo takes the currency of an order from its pricelist.",
    )
    is_default = fields.Boolean("Store's Own Currency", readonly=True)
