from odoo import api, models

from ..client.payloads.refund import CUSTOM, GIFT_CERTIFICATE, STORE_CREDIT
from .order_payments import Payment


class BigcommerceRefundPayments(models.AbstractModel):
    """Payments to customers that a store has already made."""

    _name = "bigcommerce.refund.payments"
    _description = "BigCommerce: Payments of Refunds"

    @api.model
    def _pay_back(self, record, refund, note, workflow):
        """Register what went back of a credit note that no open invoice has taken.

        :return: what a person has left to do, as a list of sentences
        """
        if note.state != "posted":
            return [self.env._("It is a draft: validate it when you have looked.")]
        words = []
        for journal, amount, name in self._get_payments(record, refund, workflow):
            amount = min(amount, note.amount_residual)
            if note.currency_id.compare_amounts(amount, 0) <= 0:
                continue
            if not self._register_payment(note, journal, amount):
                words.append(
                    self.env._(
                        "%(amount)s went back by %(name)s: register the payment by "
                        "hand.",
                        amount=note.currency_id.format(amount),
                        name=name,
                    )
                )
        return words

    @api.model
    def _get_payments(self, record, refund, workflow):
        """Return journal (perhaps none), amount and name of each payment made."""
        instance = record.instance_id
        own = workflow.register_payment and workflow.payment_journal_id
        journals = {
            STORE_CREDIT: instance.store_credit_journal_id,
            GIFT_CERTIFICATE: instance.gift_certificate_journal_id,
            # Made outside of the store: Odoo will hear of it from the bank.
            CUSTOM: False,
        }
        for payment in refund.payments:
            is_other = payment.provider_id in journals
            if payment.is_declined or (
                is_other
                and payment.provider_id != CUSTOM
                and not record.are_certificates_payments
            ):
                continue
            journal = journals[payment.provider_id] if is_other else own
            yield journal, float(payment.amount), payment.provider_id

    @api.model
    def _register_payment(self, note, journal, amount):
        """Register a payment to the customer; return whether it could be."""
        if not journal or not journal.active:
            return False
        methods = journal._get_available_payment_method_lines("outbound")
        if not methods:
            return False
        self.env["bigcommerce.order.payments"]._pay_by_wizard(
            Payment(note, amount, methods[0], note.invoice_date, note.ref)
        )
        return True
