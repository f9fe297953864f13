"""The payments of imported orders: by certificate, by store credit, by gateway."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Command

from .order_parts import PAYMENTS
from .problems import Blocked
from .statistics import refresh_statistics


class Payment(NamedTuple):
    """A payment to register, of an invoice or a credit note."""

    invoice: models.Model
    amount: float
    method_line: models.Model
    date: object
    memo: str


class BigcommerceOrderPayments(models.AbstractModel):
    """The steps of a workflow that register payments.

    ``workflows`` is a dict of sale order -> workflow everywhere; a step returns a dict
    of sale order -> :class:`~.problems.Blocked` of those that cannot go on.
    """

    _name = "bigcommerce.order.payments"
    _description = "BigCommerce: Payments of Orders"

    @api.model
    def _register_certificates(self, workflows):
        """Register what was paid by certificate and store credit, where that is asked.

        It was taken when the order was placed, whatever the gateway does.
        """
        problems, by_journal = {}, {}
        for order in workflows:
            record = order.bigcommerce_order_id
            if record.are_certificates_payments:
                for journal, amount in self._get_certificates(record):
                    by_journal.setdefault(journal, {})[order] = amount
        # What one journal pays is less for the next.
        for journal, amounts in by_journal.items():
            payments = []
            for order, amount in amounts.items():
                missing = amount - self._get_paid(order, journal)
                is_due = order.currency_id.compare_amounts(missing, 0) > 0
                if order in problems or not (is_due and self._get_open_invoices(order)):
                    continue
                if method_line := self._get_method_line(journal):
                    payments += self._prepare_payments(
                        order, workflows[order], method_line, missing
                    )
                else:
                    problems[order] = Blocked(
                        "no_payment_journal",
                        self.env._(
                            "Choose journals with an incoming payment method for gift "
                            "certificates and store credit on %s.",
                            order.bigcommerce_order_id.instance_id.name,
                        ),
                    )
            self._pay(payments)
        return problems

    @api.model
    def _get_certificates(self, record):
        """Return pairs of journal and amount of an order, each journal once."""
        instance = record.instance_id
        amounts = {}
        for journal, amount in (
            (instance.gift_certificate_journal_id, record.amount_gift_certificate),
            (instance.store_credit_journal_id, record.amount_store_credit),
        ):
            amounts[journal] = amounts.get(journal, 0) + amount
        return amounts.items()

    @api.model
    def _get_payments(self, order):
        """Return the payments of an order, also those made or taken back by hand."""
        moves = order.invoice_ids
        payments = moves.matched_payment_ids | moves.reconciled_payment_ids
        return payments.filtered(lambda payment: payment.payment_type == "inbound")

    @api.model
    def _convert(self, order, payment, amount):
        """Return an amount of a payment in the currency of its order."""
        return payment.currency_id._convert(
            amount, order.currency_id, order.company_id, payment.date
        )

    @api.model
    def _get_paid(self, order, journal):
        """Return what was paid for an order in a journal.

        What somebody took back counts as well: it is theirs to make it anew.
        """
        return sum(
            self._convert(order, payment, payment.amount)
            for payment in self._get_payments(order)
            if payment.journal_id == journal
        )

    @api.model
    def _register_due(self, workflows):
        """Register the payment of what is open on the invoices of orders."""
        problems, payments = {}, []
        for order, workflow in workflows.items():
            if not (workflow.register_payment and self._get_open_invoices(order)):
                continue
            method_line = self._get_method_line(
                workflow.payment_journal_id, workflow.payment_method_line_id
            )
            if method_line:
                payments += self._prepare_payments(order, workflow, method_line)
            else:
                problems[order] = Blocked(
                    "no_payment_journal",
                    self.env._(
                        "“%s” registers payments: give it a payment journal that is "
                        "not archived and has an incoming payment method.",
                        workflow.name,
                    ),
                )
        self._pay(payments)
        return problems

    @api.model
    def _get_method_line(self, journal, chosen=None):
        """Return the method of a journal by which money comes in, perhaps empty."""
        available = journal._get_available_payment_method_lines("inbound")
        if not journal.active:
            return available.browse()
        return chosen & available if chosen else available[:1]

    @api.model
    def _get_open_invoices(self, order):
        """Return the invoices of which something is to be paid, first made first.

        One of several orders is left to the person who made it.
        """
        return order.invoice_ids.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and move.payment_state in ("not_paid", "partial")
                and move.line_ids.sale_line_ids.order_id == order
            )
        ).sorted("id")

    @api.model
    def _prepare_payments(self, order, workflow, method_line, amount=None):
        """Return the payments of an order's open invoices.

        :param float amount: what is to be paid; all if left out
        """
        record = order.bigcommerce_order_id
        date = fields.Date.context_today(self)
        if workflow.force_invoice_date:
            date = self.env["bigcommerce.order.invoices"]._get_order_day(order)
        payments, currency = [], order.currency_id
        invoices = self._get_open_invoices(order)
        due = sum(map(self._get_due, invoices)) - self._get_deduction_to_come(order)
        left = self._get_due_in_store(order) if amount is None else amount
        if currency.compare_amounts(due - left, self._get_inexactness(order)) <= 0:
            left = due
        for invoice in invoices:
            part = min(left, self._get_due(invoice))
            if currency.compare_amounts(part, 0) > 0:
                left -= part
                memo = record.payment_reference or record.bc_id
                payments.append(Payment(invoice, part, method_line, date, memo))
        return payments

    @api.model
    def _get_due_in_store(self, order):
        """Return what the gateway has taken of an order and no payment tells of.

        With Odoo's own taxes an order may be worth more than in the store: what nobody
        has taken stays open. A payment that somebody took back counts as well: it is
        theirs to make it anew.
        """
        record = order.bigcommerce_order_id
        return order.currency_id.round(
            record.amount_total
            - record._get_deduction()
            - sum(
                self._convert(order, payment, payment.amount)
                for payment in self._get_payments(order)
            )
        )

    @api.model
    def _get_inexactness(self, order):
        """Return by how much rounding alone may part what is open and what was taken.

        Odoo rounds a payment in the payment's currency.
        """
        return sum(
            self._convert(order, payment, payment.currency_id.rounding)
            for payment in self._get_payments(order)
            if payment.currency_id != order.currency_id
        )

    @api.model
    def _get_due(self, invoice):
        """Return what of an invoice no payment is on its way for.

        Also a draft is on its way: somebody is about to validate it.
        """
        on_their_way = invoice.matched_payment_ids.filtered(
            lambda payment: (
                payment.state in ("draft", "in_process") and not payment.is_reconciled
            )
        )
        return invoice.amount_residual - sum(on_their_way.mapped("amount"))

    @api.model
    def _get_deduction_to_come(self, order):
        """Return by how much certificates lower an order that are not yet invoiced."""
        to_come = order.order_line.filtered(
            lambda line: line.product_uom_qty > line.qty_invoiced
        )
        if not any(line.bigcommerce_part in PAYMENTS for line in to_come):
            return 0
        return -min(
            sum(
                line.price_reduce_taxinc * (line.product_uom_qty - line.qty_invoiced)
                for line in to_come
            ),
            0,
        )

    # Registering

    @api.model
    def _pay(self, payments):
        """Register payments: the plain ones at once, others by Odoo's own wizard."""
        plain = []
        for payment in payments:
            if self._is_plain(payment):
                plain.append(payment)
            else:
                self._pay_by_wizard(payment)
        if plain:
            self._pay_at_once(plain)

    @api.model
    def _get_receivables(self, invoice):
        """Return the journal items of an invoice that are to be paid."""
        return invoice.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable" and not item.reconciled
        )

    @api.model
    def _is_plain(self, payment):
        """Return whether it pays all of one instalment, in the invoice's currency."""
        invoice, journal = payment.invoice, payment.method_line.journal_id
        receivables = self._get_receivables(invoice)
        return (
            len(receivables) == 1
            and not invoice.currency_id.compare_amounts(
                payment.amount, receivables.amount_residual_currency
            )
            and journal.currency_id
            in (invoice.currency_id.browse(), invoice.currency_id)
            and not invoice.invoice_payment_term_id.early_discount
        )

    @api.model
    def _pay_by_wizard(self, payment):
        """Register one payment; what it leaves open stays open."""
        invoice, journal = payment.invoice, payment.method_line.journal_id
        currency = journal.currency_id or invoice.currency_id
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(
            {
                "payment_date": payment.date,
                "journal_id": journal.id,
                "payment_method_line_id": payment.method_line.id,
                "currency_id": currency.id,
                "amount": invoice.currency_id._convert(
                    payment.amount, currency, invoice.company_id, payment.date
                ),
                "communication": payment.memo,
                "payment_difference_handling": "open",
            }
        )._create_payments()

    @api.model
    def _pay_at_once(self, payments):
        """Do what the wizard does for each, for all together."""
        refresh_statistics(self.env)
        Payment = self.env["account.payment"]
        receivables = [self._get_receivables(payment.invoice) for payment in payments]
        get_outstanding_account = self._outstanding_account_finder()
        made = Payment.with_context(skip_invoice_sync=True).create(
            [
                {
                    "date": payment.date,
                    "amount": payment.amount,
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "memo": payment.memo,
                    "journal_id": payment.method_line.journal_id.id,
                    "company_id": payment.invoice.company_id.id,
                    "currency_id": payment.invoice.currency_id.id,
                    "partner_id": receivable.partner_id.id,
                    "payment_method_line_id": payment.method_line.id,
                    "destination_account_id": receivable.account_id.id,
                    "outstanding_account_id": get_outstanding_account(payment).id,
                    "invoice_ids": [Command.set(payment.invoice.ids)],
                }
                for payment, receivable in zip(payments, receivables, strict=True)
            ]
        )
        made.with_context(skip_sale_auto_invoice_send=True).action_post()
        self.env["account.move.line"]._reconcile_plan(
            [
                receivable | self._get_receivables(payment.move_id)
                for payment, receivable in zip(made, receivables, strict=True)
                if payment.move_id
            ]
        )
        made.invoice_ids._mark_paid_orders()

    @api.model
    def _outstanding_account_finder(self):
        """Return a function of payments that says where the money is meanwhile.

        Without the accounting app a payment always has an entry of its own.
        """
        Move, Payment = self.env["account.move"], self.env["account.payment"]
        if Move._get_invoice_in_payment_state() == "in_payment":
            fallback = self.env["account.account"]
        else:
            fallback = Payment.new(
                {"company_id": self.env.company.id}
            )._get_outstanding_account("inbound")
        return lambda payment: payment.method_line.payment_account_id or fallback
