from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..client.errors import Conflict, InvalidRequest, NotFound
from ..client.payloads.order import Order
from ..client.payloads.transaction import (
    Transaction,
    find_last_capture,
    is_authorized,
    sum_taken,
)
from ..client.resources.scopes import ORDERS_WRITE, TRANSACTIONS
from .operation import Done
from .order_statuses import PAID, UNPAID, is_ahead
from .problems import Blocked, Unsettled, explain

# Payment statuses in which BigCommerce has the money, or has had it.
TAKEN = ("captured", "paid")
GIVEN_BACK = ("refunded", "partially refunded")
# How much the staff notes of an order can hold (§3.4).
LONGEST_NOTES = 65_535
# Of what a request changes, what its answer says anew.
CHANGED = (
    "status_id",
    "status",
    "custom_status",
    "payment_status",
    "payment_provider_id",
    "staff_notes",
    "date_modified",
)


class PaymentThere(NamedTuple):
    """What the store says of an order and its payment.

    ``status``: its payment status, as workflow lines spell it.
    """

    raw: dict
    order: Order
    transactions: list
    status: str

    @property
    def is_taken(self):
        """Whether the store has all the money, whatever it says of the payment."""
        total = self.order.total.inc_tax
        return self.status in TAKEN or (
            total > 0 and sum_taken(self.transactions) >= total
        )

    @property
    def is_due(self):
        """Whether there is anything to be captured."""
        order = self.order
        paid = order.store_credit_amount + order.gift_certificate_amount
        return order.total.inc_tax > paid

    @property
    def is_held_by_gateway(self):
        """Whether a gateway is to be asked for money that it holds."""
        return self.status == "authorized" or is_authorized(self.transactions)

    @property
    def is_refused(self):
        """Whether the latest capture was refused by the gateway."""
        capture = find_last_capture(self.transactions)
        return self.status == "declined" or (capture is not None and not capture.is_ok)


class BigcommerceExportPayments(models.AbstractModel):
    """Mark orders as paid in the store that are paid in Odoo (§4.3).

    A capture is tried and followed until it is settled. Where BigCommerce knows none,
    as for payments outside of it, the order moves to a status that counts as paid.
    """

    _name = "bigcommerce.export.payments"
    _inherit = "bigcommerce.order.operation"
    _description = "Export Payments"

    _code = "export_payments"
    _direction = "export"
    _priority = 40
    _scopes = (ORDERS_WRITE, TRANSACTIONS)
    _setting = "mark_order_as_paid"

    @api.model
    def _get_label(self):
        return self.env._("Mark Orders as Paid")

    @api.model
    def _get_domain(self):
        return Domain("sale_order_id", "!=", False)

    @api.model
    def _get_due_domain(self):
        return self._get_domain() & Domain("paid_state", "=", "scheduled")

    # Send

    @api.model
    def _send(self, client, lines):
        records = self._get_records(lines)
        return {line: self._mark(client, records.get(line.key)) for line in lines}

    @api.model
    def _mark(self, client, record):
        """Mark one order as paid, as far as it is not."""
        if not (record and record.sale_order_id):
            reason = self.env._("The order has been deleted in Odoo.")
            return {"outcome": "dropped", "message": reason}
        if reason := record._explain_turned_off() or record._explain_not_paid_in_odoo():
            # It was otherwise when the line was made.
            return {"outcome": "dropped", "message": reason}
        there = self._read(client, record)
        result = self._judge(there)
        if result is not None:
            if isinstance(result, dict):
                result["outcome"] = "settled"
            return result
        if there.is_taken:
            return self._move(client, record, there, "captured")
        if there.is_due:
            try:
                client.capture_order_payment(record.bc_id)
            except (Conflict, InvalidRequest, NotFound) as error:
                if there.is_held_by_gateway:
                    return Blocked("refused", explain(self.env, error))
            else:
                return self._wait_for_capture()
        return self._move(client, record, there, "moved")

    @api.model
    def _move(self, client, record, there, outcome):
        """Move an order to a status that counts as paid, and say by which payment.

        Never backwards, and nothing that is there is overwritten.
        """
        status = record.instance_id._get_paid_status()
        is_unpaid = there.order.status_id in UNPAID
        if outcome == "moved" and is_unpaid and not status:
            return Blocked(
                "payment_not_open",
                self.env._(
                    "Choose the status of paid orders on %s.", record.instance_id.name
                ),
            )
        changes = {}
        if status and is_ahead(status.bc_id, there.order.status_id):
            changes["status_id"] = status.bc_id
        if outcome == "moved":
            changes |= self._prepare_reference(record, there)
        raw = there.raw
        if changes:
            answer = client.update_order(record.bc_id, changes)
            raw = raw | {name: answer[name] for name in CHANGED if name in answer}
        there = there._replace(raw=raw, order=Order.parse(raw))
        return self._prepare_result(there, outcome)

    @api.model
    def _prepare_reference(self, record, there):
        """Return the changes that say by which payment an order was paid."""
        payments = record._get_paying_payments()
        names = ", ".join(filter(None, payments.mapped("name")))
        changes = {}
        if names and not there.order.payment_provider_id:
            changes["payment_provider_id"] = names
        if not self._has_note(record, there):
            notes = there.raw.get("staff_notes") or ""
            note = ", ".join(filter(None, (self._get_note(record), names)))
            notes = f"{notes}\n{note}" if notes.strip() else note
            if len(notes) <= LONGEST_NOTES:
                changes["staff_notes"] = notes
        return changes

    @api.model
    def _get_note(self, record):
        """Return what begins the line of the staff notes that says of the payment."""
        return self.env._("Paid in Odoo: %s", record.sale_order_id.name)

    @api.model
    def _has_note(self, record, there):
        note = self._get_note(record)
        return any(
            line.strip() == note or line.startswith(f"{note},")
            for line in there.order.staff_notes.splitlines()
        )

    # Look

    @api.model
    def _look(self, client, lines):
        records = self._get_records(lines)
        results = {
            line: self._find_outcome(client, records[line.key])
            for line in lines
            if line.key in records
        }
        return {line: result for line, result in results.items() if result is not None}

    @api.model
    def _find_outcome(self, client, record):
        """Return what became of a capture or a move, None if it did not take effect."""
        there = self._read(client, record)
        result = self._judge(there)
        if result is None and record.paid_state == "pending":
            # It was accepted: it is not asked for a second time.
            if there.is_refused:
                return self._refuse(there)
            if not there.is_taken:
                return self._wait_for_capture()
        is_moved = there.order.status_id not in UNPAID and self._has_note(record, there)
        if result is None and not there.is_taken and is_moved:
            return self._prepare_result(there, "moved")
        return result

    # What the store says

    @api.model
    def _read(self, client, record):
        raw = client.get_order(record.bc_id)
        order = Order.parse(raw)
        try:
            rows = client.list_order_transactions(record.bc_id)
        except NotFound:
            # The order is there, only they are not.
            rows = []
        return PaymentThere(
            raw,
            order,
            [Transaction.parse(row) for row in rows],
            self.env["bigcommerce.workflow.line"]._get_payment_status_key(
                order.payment_status
            ),
        )

    @api.model
    def _judge(self, there):
        """Return the outcome for an order of which nothing is to be sent.

        :return: a result of ``_send``; None if there is something to be sent
        """
        order = there.order
        if there.status in GIVEN_BACK:
            return self._prepare_result(there, "settled")
        if there.status == "capture pending":
            return self._wait_for_capture()
        if there.status == "declined":
            return self._refuse(there)
        if order.status_id not in UNPAID and (there.is_taken or not there.is_due):
            return self._prepare_result(
                there, "captured" if there.is_taken else "settled"
            )
        if reason := self._explain_closed(
            there.status, order.status_id, order.status, order.is_deleted
        ):
            return Blocked("payment_not_open", reason)
        return None

    @api.model
    def _wait_for_capture(self):
        return Unsettled(
            self.env._(
                "BigCommerce has accepted the capture and asks the payment gateway."
            )
        )

    @api.model
    def _refuse(self, there):
        return Blocked(
            "capture_declined",
            self.env._(
                "The payment gateway has declined the capture. Ask the customer for "
                "another payment, or settle the payment in BigCommerce."
            ),
        )

    @api.model
    def _explain_closed(self, payment_status, status_id, status, is_deleted):
        """Return why an order cannot become paid in the store any more, or not yet.

        :param str payment_status: as workflow lines spell it
        :param str status_id: id of its status there, False if it is not known
        :param str status: name of its status there
        :return: text for people; False if it can
        """
        if is_deleted:
            return self.env._("The order is archived in BigCommerce.")
        if payment_status == "declined":
            return self.env._("The payment was declined in BigCommerce.")
        if payment_status in ("void", "void pending"):
            return self.env._("The payment was voided in BigCommerce.")
        if payment_status == "held for review":
            return self.env._(
                "BigCommerce holds the payment for review: accept or decline it there."
            )
        if status_id and status_id not in (*UNPAID, *PAID):
            return self.env._("The order is “%s” in BigCommerce.", status)
        return False

    @api.model
    def _prepare_result(self, there, outcome):
        """Return what is known of an order now, JSON-like."""
        capture = find_last_capture(there.transactions)
        return {
            "outcome": outcome,
            "order": there.raw,
            "capture_id": capture.id if capture and capture.is_ok else "",
        }

    # Apply

    @api.model
    def _apply(self, lines):
        records = self._get_records(lines)
        payloads = {line: line._get_payload() for line in lines if line.key in records}
        self._keep_orders(
            lines.instance_id,
            [payload["order"] for payload in payloads.values() if "order" in payload],
        )
        outcomes = {}
        for line, payload in payloads.items():
            record = records[line.key]
            message = payload.get("message") or self._explain_outcome(
                record, payload["outcome"]
            )
            record._note_paid(payload["outcome"], message, payload.get("capture_id"))
            outcomes[line] = Done(record, message)
        return outcomes

    @api.model
    def _keep_orders(self, instance, payloads):
        """Take over what the store said of orders, as an import does."""
        imports = self.env["bigcommerce.import.orders"]
        imports._keep_found(
            instance,
            {"again": True},
            [imports._found(instance, raw) for raw in payloads],
        )

    @api.model
    def _explain_outcome(self, record, outcome):
        """Return what happened, for people."""
        if outcome == "captured":
            return self.env._("BigCommerce has captured the payment.")
        if outcome == "moved":
            return self.env._(
                "BigCommerce does not capture this payment. The order is “%(status)s” "
                "there, which counts as paid; the payment column of the control panel "
                "stays as it is (%(payment)s).",
                status=record.status,
                payment=record.payment_status or self.env._("empty"),
            )
        if record.payment_status:
            return self.env._(
                "There was nothing to do: the payment is “%s” in BigCommerce.",
                record.payment_status,
            )
        return self.env._("There was nothing to do in BigCommerce.")

    @api.model
    def _keep_problems(self, lines):
        for line, record in self._find_subjects(lines).items():
            record._note_not_paid(line)
