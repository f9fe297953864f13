from odoo import models


class AccountMove(models.Model):
    """Invoices by which the workflows of orders go on."""

    _inherit = "account.move"

    def _post(self, soft=True):
        """Let the workflow of an order go on whose invoice a person has validated."""
        posted = super()._post(soft)
        posted._start_workflows()
        return posted

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._start_workflows()
        return result

    def _start_workflows(self):
        """Let the workflows of the orders go on that these are invoices of."""
        if self.env.context.get("bigcommerce_is_processing"):
            return
        # Who keeps the books need not see sales orders.
        invoices = self.sudo().filtered(lambda move: move.is_sale_document())
        invoices.line_ids.sale_line_ids.order_id._start_workflows()
