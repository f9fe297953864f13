from odoo import models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _create_payments(self):
        """Tell the stores also of payments without an entry, which no hook sees."""
        payments = super()._create_payments()
        self.line_ids.move_id._mark_paid_orders()
        return payments
