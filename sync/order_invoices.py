"""The invoices of imported orders: whole or in parts, never twice."""

from enum import Enum

from odoo import api, fields, models

from .order_parts import PAYMENTS
from .problems import Blocked
from .statistics import refresh_statistics
from .total_guard import explain_invoice_difference


class Extent(Enum):
    """How much of an order can be invoiced."""

    NOTHING = "nothing"
    # Some of it, and more later.
    PART = "part"
    # All that was not invoiced yet.
    REST = "rest"
    # The same, and more is deducted than charged.
    CREDIT = "credit"


class BigcommerceOrderInvoices(models.AbstractModel):
    """The steps of a workflow that make invoices.

    ``workflows`` is a dict of sale order -> workflow everywhere; a step returns a dict
    of sale order -> :class:`~.problems.Blocked` of those that cannot go on.
    """

    _name = "bigcommerce.order.invoices"
    _description = "BigCommerce: Invoices of Orders"

    @api.model
    def _create_due(self, workflows):
        """Invoice what can be invoiced, an invoice per order, all in one call."""
        due = self.env["sale.order"].concat(
            *(
                order
                for order, workflow in workflows.items()
                if workflow.create_invoice and order.state == "sale"
            )
        )
        dates = {
            order.id: self._get_order_day(order)
            for order in due
            if workflows[order].force_invoice_date
        }
        # A batch in one language reads its records once.
        due = due.sorted(lambda order: order.partner_invoice_id.lang or "")
        for extent, orders in due.grouped(self._choose_extent).items():
            if extent is Extent.NOTHING:
                continue
            self._set_journals(orders, workflows)
            orders.with_context(
                bigcommerce_invoice_dates=dates,
                bigcommerce_payments_come_last=extent is Extent.PART,
                raise_if_nothing_to_invoice=False,
            )._create_invoices(grouped=True, final=extent is Extent.CREDIT)
            refresh_statistics(self.env)
        return {}

    @api.model
    def _get_order_day(self, order):
        """Return the calendar day, in the store's time zone, of an order."""
        return fields.Datetime.context_timestamp(self, order.date_order).date()

    @api.model
    def _set_journals(self, orders, workflows):
        """Let orders be invoiced in their workflow's journal, also by hand."""
        for workflow, own in orders.grouped(workflows.get).items():
            if journal := workflow.sale_journal_id:
                own.filtered(
                    lambda order, journal=journal: order.journal_id != journal
                ).journal_id = journal

    @api.model
    def _choose_extent(self, order):
        """Say what of an order is invoiced now.

        Certificates and store credit that pay for it come last: a part could be worth
        less than they are.
        """
        lines = order.order_line.filtered(lambda line: not line.display_type)
        if self._is_left_to_people(order):
            return Extent.NOTHING
        ready = lines.filtered(lambda line: line.qty_to_invoice > 0)
        if not ready:
            return Extent.NOTHING
        if all(map(self._is_complete, lines)):
            return Extent.REST if self._get_amount(ready) >= 0 else Extent.CREDIT
        ready = ready.filtered(lambda line: line.bigcommerce_part not in PAYMENTS)
        is_single = order.bigcommerce_order_id.instance_id.single_invoice
        if is_single or not ready or self._get_amount(ready) < 0:
            return Extent.NOTHING
        return Extent.PART

    @api.model
    def _is_left_to_people(self, order):
        """Return whether somebody took back an invoice, or made one in advance.

        To Odoo the order is to be invoiced again then, and it would be paid again. Not
        so where the store has refunded it: that changes nothing of what was invoiced.
        """
        return any(order.order_line.mapped("is_downpayment")) or any(
            move.state == "cancel" or move.move_type == "out_refund"
            for move in order.invoice_ids.filtered(
                lambda move: not move.bigcommerce_refund_id
            )
        )

    @api.model
    def _is_complete(self, line):
        """Return whether a line can be invoiced as far as it ever will be."""
        uom = line.product_uom_id
        invoiceable = line.qty_invoiced + line.qty_to_invoice
        if uom.compare(invoiceable, line.product_uom_qty) >= 0:
            return True
        # What was cancelled at the delivery does not come any more.
        return line.move_ids and all(
            move.state in ("done", "cancel") for move in line.move_ids
        )

    @api.model
    def _get_amount(self, lines):
        """Return what an invoice of ``lines`` would be worth, to the cent or so."""
        amount = sum(line.price_reduce_taxinc * line.qty_to_invoice for line in lines)
        return lines.currency_id.round(amount)

    @api.model
    def _validate_due(self, workflows):
        """Validate the invoices that the workflow made, if they sum to the order."""
        problems, drafts = {}, self.env["account.move"]
        for order, workflow in workflows.items():
            own = order.invoice_ids.filtered(self._is_own_draft)
            if not (own and workflow.validate_invoice):
                continue
            if difference := explain_invoice_difference(order):
                problems[order] = Blocked("total_differs", difference)
            else:
                drafts |= own
        if drafts:
            drafts.action_post()
        for credit_note in drafts.filtered(lambda move: move.move_type == "out_refund"):
            self._deduct(credit_note)
        return problems

    @api.model
    def _is_own_draft(self, move):
        """Return whether a draft is the connector's, and no person's in any way."""
        return (
            move.state == "draft"
            and not move.posted_before
            and move.is_sale_document()
            and not move.bigcommerce_refund_id
            and move.create_uid == self.env.user
        )

    @api.model
    def _deduct(self, credit_note):
        """Let a credit note lower what is due of the invoices of the same order."""
        moves = credit_note.line_ids.sale_line_ids.order_id.invoice_ids
        open_items = moves.line_ids.filtered(
            lambda item: (
                item.parent_state == "posted"
                and item.account_type == "asset_receivable"
                and not item.reconciled
            )
        )
        for items in open_items.grouped("account_id").values():
            if len(items.move_id) > 1:
                items.reconcile()
