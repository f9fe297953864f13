from odoo import fields, models


class SaleOrder(models.Model):
    """What is to be seen to about the refunds of an order."""

    _inherit = "sale.order"

    bigcommerce_refund_message = fields.Text(
        related="bigcommerce_order_id.refund_message", groups="base.group_user"
    )

    def _action_cancel(self):
        """Let refunds go on that waited for an invoice which will not come."""
        result = super()._action_cancel()
        self.sudo().bigcommerce_order_ids._retry_refunds()
        return result
