from odoo import models


class StockMove(models.Model):
    """Moves whose end may let a store's order become shipped."""

    _inherit = "stock.move"

    def _action_cancel(self):
        """What is not waited for any more may have been the last of an order."""
        result = super()._action_cancel()
        # Who buys, or keeps the stock, need not see sales orders.
        self.sudo().sale_line_id.order_id._start_status_export()
        return result
