from odoo import models


class AccountMove(models.Model):
    """Invoices whose payment the store is told of."""

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        if not self.env.context.get("bigcommerce_told_together"):
            self._mark_paid_orders()
        return result

    def _mark_paid_orders(self):
        """Tell the stores of the orders that are paid with these invoices.

        Also where a workflow has registered the payment.
        """
        instances = self.env["bigcommerce.instance"].sudo()
        if not instances.search_count([("mark_order_as_paid", "=", True)], limit=1):
            return
        invoices = self.sudo().filtered(lambda move: move.is_sale_document())
        invoices.line_ids.sale_line_ids.order_id._mark_paid_orders()
