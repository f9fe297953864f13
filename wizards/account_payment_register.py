from odoo import models


class AccountPaymentRegister(models.TransientModel):
    """Payments that stores are told of together."""

    _inherit = "account.payment.register"

    def _create_payments(self):
        """Tell the stores of all payments together.

        Also of those without an entry, which no hook sees.
        """
        together = self.with_context(bigcommerce_told_together=True)
        payments = super(AccountPaymentRegister, together)._create_payments()
        self.line_ids.move_id._mark_paid_orders()
        return payments.with_env(self.env)
