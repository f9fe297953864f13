from odoo import models


class AccountMove(models.Model):
    """Invoices that complete orders in the store of which nothing is shipped."""

    _inherit = "account.move"

    def _post(self, soft=True):
        """An order of which nothing is shipped is completed once it is invoiced."""
        posted = super()._post(soft)
        posted._start_status_export()
        return posted

    def _start_status_export(self):
        # Who keeps the books need not see sales orders.
        invoices = self.sudo().filtered(lambda move: move.move_type == "out_invoice")
        invoices.line_ids.sale_line_ids.order_id._start_status_export()
