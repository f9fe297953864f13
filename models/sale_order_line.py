from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    bigcommerce_part = fields.Selection(
        [
            ("product", "Product"),
            ("shipping", "Shipping"),
            ("handling", "Handling"),
            ("wrapping", "Wrapping"),
            ("fee", "Fee"),
            ("discount", "Discount"),
            ("gift_certificate", "Gift Certificate"),
            ("store_credit", "Store Credit"),
            ("rounding", "Rounding"),
        ],
        "Part of the BigCommerce Order",
        readonly=True,
        copy=False,
    )
    bigcommerce_line_id = fields.Char("BigCommerce Line ID", readonly=True, copy=False)
    bigcommerce_address_id = fields.Char(
        "BigCommerce Address ID", readonly=True, copy=False
    )
