from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_cancel(self):
        """Let refunds go on that waited for an invoice which will not come."""
        result = super()._action_cancel()
        self.sudo().bigcommerce_order_ids._retry_refunds()
        return result
