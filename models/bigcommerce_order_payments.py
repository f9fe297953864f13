from odoo import fields, models

from ..sync.export_payments import GIVEN_BACK, TAKEN
from ..sync.order_statuses import PAID, UNPAID

OPERATION = "export_payments"


class BigcommerceOrder(models.Model):
    """Whether the store has been told that an order is paid."""

    _inherit = "bigcommerce.order"

    paid_state = fields.Selection(
        [
            ("scheduled", "Scheduled"),
            ("pending", "Capture Pending"),
            ("captured", "Captured"),
            ("moved", "Status Changed"),
            ("failed", "Failed"),
        ],
        "Marked as Paid",
        readonly=True,
        copy=False,
        help="Whether BigCommerce has been told that the order is paid in Odoo.",
    )
    paid_message = fields.Text("Marking as Paid", readonly=True, copy=False)

    def write(self, vals):
        """A capture that took too long is looked at again once it is settled."""
        settled = self.browse()
        if "payment_status" in vals:
            settled = self.filtered(
                lambda order: (
                    order.paid_state == "pending"
                    and order.payment_status != vals["payment_status"]
                )
            )
        result = super().write(vals)
        if settled:
            settled._find_given_up_lines().action_retry()
        return result

    def _get_paid_obstacle(self):
        """Return why the store cannot be told that this order is paid.

        :return: text for people; False if it can
        """
        self.ensure_one()
        return (
            self._explain_turned_off()
            or self._explain_nothing_to_tell()
            or self._explain_not_paid_in_odoo()
        )

    def _explain_turned_off(self):
        if self.instance_id.mark_order_as_paid:
            return False
        return self.env._("“Mark Order as Paid?” is off on %s.", self.instance_id.name)

    def _explain_nothing_to_tell(self):
        """Return why there is nothing to tell the store, as far as it is known."""
        operation = self.env["bigcommerce.export.payments"]
        Line = self.env["bigcommerce.workflow.line"]
        status = Line._get_payment_status_key(self.payment_status)
        status_id = self.status_id.bc_id
        if status in TAKEN:
            return self.env._("BigCommerce holds the order as paid.")
        if status in GIVEN_BACK:
            return self.env._("BigCommerce has refunded the payment, or part of it.")
        if self.paid_state == "moved" and status_id not in UNPAID:
            return self.paid_message
        if status == "capture pending" or (
            self.paid_state == "pending" and self._filter_being_marked()
        ):
            return self.env._("BigCommerce is capturing the payment.")
        if self.paid_state == "scheduled" and self._filter_being_marked():
            return self.env._("BigCommerce is being told.")
        if status_id in PAID and (not self.payment_status or not self._get_due_there()):
            return self.env._(
                "The order is “%s” in BigCommerce, which counts as paid.", self.status
            )
        return operation._explain_closed(
            status, status_id, self.status, self.is_deleted
        )

    def _get_due_there(self):
        """Return what the store wants to be paid for, certificates and credit aside."""
        return self.currency_id.round(
            self.amount_total - self.amount_gift_certificate - self.amount_store_credit
        )

    def _explain_not_paid_in_odoo(self):
        """Return why the order does not count as paid in Odoo, False if it does.

        All of it is invoiced and all invoices are paid. What was reversed is no invoice
        any more.
        """
        order = self.sale_order_id
        if order.state != "sale":
            return self.env._("The sale order is not confirmed.")
        invoices = order.invoice_ids.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state != "cancel"
                and move.payment_state != "reversed"
            )
        )
        if not invoices or order.invoice_status not in ("invoiced", "upselling"):
            return self.env._("The order is not fully invoiced.")
        if any(move.state != "posted" for move in invoices):
            return self.env._("An invoice of the order is not validated.")
        if any(move.payment_state not in ("paid", "in_payment") for move in invoices):
            return self.env._("An invoice of the order is not paid.")
        return False

    def _filter_being_marked(self):
        """Return those that the queue has something to do about, or to look for."""
        lines = self.env["bigcommerce.queue.line"]
        found = self.browse()
        for instance, own in self.grouped("instance_id").items():
            keys = lines._get_open_keys(
                instance, OPERATION, own.mapped("bc_id"), with_problems=False
            )
            found |= own.filtered(lambda order, keys=keys: order.bc_id in keys)
        return found

    def _start_marking_as_paid(self):
        """Tell the stores that these orders are paid, in the background.

        One of which nobody knows whether the store was told is looked at first.
        """
        unknown = self._find_given_up_lines()
        unknown.action_retry()
        # What the store has accepted is only looked at.
        accepted = self.filtered(lambda order: order.paid_state == "pending")
        accepted = accepted._filter_being_marked()
        (self - accepted).write({"paid_state": "scheduled", "paid_message": False})
        for instance, own in (self - accepted).grouped("instance_id").items():
            looked_at = unknown.filtered(
                lambda line, instance=instance: line.instance_id == instance
            )
            ids = sorted({*own.mapped("bc_id")} - {*looked_at.mapped("key")})
            if ids:
                instance._start_open(OPERATION, ids=ids)

    def _find_given_up_lines(self):
        """Return the lines of which the outcome is unknown, given up for now."""
        lines = self.env["bigcommerce.queue.line"].sudo()
        return lines.concat(
            *(
                lines._find_given_up(instance, OPERATION, own.mapped("bc_id"))
                for instance, own in self.grouped("instance_id").items()
            )
        )

    def _get_paying_payments(self):
        """Return the payments of the order, without certificates and store credit."""
        instance = self.instance_id
        credit = instance.gift_certificate_journal_id | instance.store_credit_journal_id
        payments = self.env["bigcommerce.order.payments"]._get_payments(
            self.sale_order_id
        )
        return payments.filtered(
            lambda payment: (
                payment.state in ("in_process", "paid")
                and not (
                    self.are_certificates_payments and payment.journal_id in credit
                )
            )
        ).sorted("id")

    def _note_paid(self, outcome, message, capture_id):
        """Note what the store has confirmed: once in the chatter of the sale order.

        :param str outcome: "captured", "moved", "settled" or "dropped"
        :param str message: what happened, for people
        :param str capture_id: id of the capture there, if it made one
        """
        self.ensure_one()
        if outcome in ("captured", "moved"):
            if (self.paid_state, self.paid_message) != (outcome, message):
                self.sale_order_id.message_post(body=message)
            self.write({"paid_state": outcome, "paid_message": message})
        elif self.paid_state not in ("captured", "moved"):
            self.write({"paid_state": False, "paid_message": message})
        if outcome == "captured" and capture_id:
            self._note_capture(capture_id)

    def _note_capture(self, capture_id):
        """Give the payment that a capture stands for the capture's id."""
        payments = self._get_paying_payments()
        own = [
            ("bigcommerce_instance_id", "=", self.instance_id.id),
            ("bigcommerce_capture_id", "=", capture_id),
        ]
        if payments and not payments.search_count(own, limit=1):
            payments[-1].write(
                {
                    "bigcommerce_instance_id": self.instance_id.id,
                    "bigcommerce_capture_id": capture_id,
                }
            )

    def _note_not_paid(self, line):
        """Note why a line about this order has come to a stop, or what it waits for."""
        self.ensure_one()
        vals = {"paid_state": "failed", "paid_message": line.message}
        if line.state == "cancelled":
            vals["paid_state"] = False
            vals["paid_message"] = self.env._("It was cancelled in the queue.")
        elif line.state == "unknown" and not line.cause_id:
            vals["paid_state"] = "pending"
        elif line.state == "unknown" and self.paid_state == "pending":
            # It was accepted: it is not asked for a second time.
            vals["paid_state"] = "pending"
        elif line.state == "unknown":
            vals["paid_message"] = self.env._(
                "It is not known whether BigCommerce was told. %s", line.message or ""
            )
        self.write(vals)
