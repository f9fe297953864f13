from odoo import fields, models


class BigcommerceRefundMethod(models.TransientModel):
    """A way to give a refund back that BigCommerce offers."""

    _name = "bigcommerce.refund.method"
    _description = "BigCommerce Refund Method"

    wizard_id = fields.Many2one(
        "bigcommerce.refund", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(required=True, readonly=True)
    payments = fields.Json(readonly=True)
