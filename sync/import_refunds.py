from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain

from ..client.payloads.order import Order
from ..client.payloads.refund import Refund
from ..client.payloads.values import read_moment
from ..client.resources.scopes import ORDERS
from .operation import Done, Found, FoundPage
from .order_plan import ZERO
from .problems import Blocked
from .refund_reasons import get_mark
from .values import parse_utc

# Types of items of which the refund itself does not say enough.
TYPES_OF_ORDER = ("GIFT_WRAPPING", "FEE")
# Causes that go away with what Odoo does.
SETTLED_BY_ODOO = ("no_invoice_yet", "refund_in_work")
# What stands before an order's id where a line is about the order as a whole.
ORDER_PREFIX = "order "


def get_refund_lane(order_id):
    """Return the lane of what has to do with the refunds of an order."""
    return f"{ORDER_PREFIX}{order_id}"


class BigcommerceImportRefunds(models.AbstractModel):
    """Turn refunds of the store into credit notes, each once."""

    _name = "bigcommerce.import.refunds"
    _inherit = "bigcommerce.operation"
    _description = "Import Refunds"

    _code = "import_refunds"
    _priority = 40
    _interval = (1, "hours")
    _choices = {"since": "since", "order_numbers": "orders"}
    _scopes = (ORDERS,)

    @api.model
    def _get_label(self):
        return self.env._("Import Refunds")

    # Discover

    @api.model
    def _discover(self, client, instance, options, resume):
        """Read the list of refunds: new ones are always at its end."""
        if "ids" in options or "orders" in options:
            pages = client.iterate_refunds(
                refund_ids=options.get("ids"), order_ids=options.get("orders")
            )
            for page in pages:
                yield FoundPage([self._found(raw) for raw in page.items], {})
            return
        since = resume.get("since") or options.get("since") or self._get_start(instance)
        number = resume.get("page", 1)
        pages = client.iterate_refunds(
            min_created=since and parse_utc(since), first_page=number
        )
        for page in pages:
            number = page.number + 1
            created = (read_moment(raw, "created") for raw in page.items)
            yield FoundPage(
                [self._found(raw) for raw in page.items],
                {"page": number, "since": since},
                page.date,
                max(filter(None, created), default=None),
            )
        # The end of the list, also of one with nothing new.
        yield FoundPage([], {"page": number, "since": since})

    @api.model
    def _get_start(self, instance):
        """Return since when refunds matter, as a text without a zone."""
        filters = self._get_change_filters(instance)
        since = filters.get("min_date_modified")
        if not since and instance.import_orders_from:
            since = instance.import_orders_from.isoformat()
        return since

    @api.model
    def _found(self, raw):
        order_id = raw.get("order_id")
        return Found(
            str(raw["id"]),
            self.env._(
                "Refund %(id)s of order %(order)s", id=raw["id"], order=order_id
            ),
            raw,
            # Two notes of one order would both lower what is due of its invoices.
            get_refund_lane(order_id),
        )

    @api.model
    def _keep_found(self, instance, options, items):
        """Leave out what Odoo knows already, unless it waits in the queue.

        A run for all, at its end, lets those go on that wait for Odoo itself: one that
        stopped while another transaction posted the invoice was not seen by that.
        """
        if options.get("again"):
            return items
        if not (items or "ids" in options or "orders" in options):
            for code in SETTLED_BY_ODOO:
                instance._retry_cause(code)
        notes = self._find_notes(instance, [item.key for item in items])
        return [item for item in items if item.key not in notes]

    @api.model
    def _find_notes(self, instance, refund_ids):
        """Return the credit notes of refunds, by the ids of these."""
        notes = self.env["account.move"].search(
            [
                ("bigcommerce_refund_instance_id", "=", instance.id),
                ("bigcommerce_refund_id", "in", list(refund_ids)),
            ]
        )
        return {note.bigcommerce_refund_id: note for note in notes}

    # Fetch

    @api.model
    def _fetch(self, client, lines):
        """Read the orders of which fees or wrappings were refunded."""
        details = {}
        for line in lines:
            refund = Refund.parse(line._get_payload())
            if any(item.item_type in TYPES_OF_ORDER for item in refund.items):
                details[line] = {"order": client.get_order(refund.order_id)}
        return details

    # Apply

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        payloads = {line: line._get_payload() for line in lines}
        refunds = {line: Refund.parse(payloads[line]) for line in lines}
        records = self.env["bigcommerce.order"]._find(
            instance, {refund.order_id for refund in refunds.values()}
        )
        notes = self._find_notes(instance, lines.mapped("key"))
        outcomes = {}
        for line, refund in refunds.items():
            if refund.id in notes:
                outcomes[line] = notes[refund.id]
                continue
            raw_order = payloads[line].get("order")
            try:
                outcomes[line] = self._import_refund(
                    line,
                    refund,
                    records.get(refund.order_id),
                    raw_order and Order.parse(raw_order),
                )
            except Blocked as problem:
                outcomes[line] = problem
        # What goes on waiting is noted as it was, once its line says so again.
        waiting = {
            refund.order_id
            for line, refund in refunds.items()
            if isinstance(outcomes[line], Blocked)
        }
        self.env["bigcommerce.order"].concat(
            *(record for bc_id, record in records.items() if bc_id not in waiting)
        )._note_refund_problems()
        return outcomes

    @api.model
    def _import_refund(self, line, refund, record, order):
        """Return what a refund has come to be in Odoo, or a :class:`Done`.

        :raise Blocked: if a person has to see to something first
        """
        if not (record and record.sale_order_id):
            return Done(
                record or line.instance_id,
                self.env._(
                    "Order %s is not in Odoo: there is nothing to credit.",
                    refund.order_id,
                ),
            )
        if refund.is_declined:
            return Done(
                record,
                self.env._(
                    "Nothing was given back: the payment was declined. %s",
                    refund.declined_message,
                ),
            )
        if note := self._find_own_note(record, refund):
            note._set_refunded(record, refund)
            return note
        self._check_in_work(record)
        if outcome := self._check_invoiced(record, refund):
            return outcome
        if not line.is_approved:
            self._check_others(record)
        return self.env["bigcommerce.refund.notes"]._create_note(record, refund, order)

    @api.model
    def _find_own_note(self, record, refund):
        """Return the credit note that Odoo sent this refund for, perhaps none."""
        sent = self.env["account.move"].search(
            [
                ("bigcommerce_refund_order_id", "=", record.id),
                ("bigcommerce_refund_id", "=", False),
                ("bigcommerce_refund_request", "!=", False),
            ]
        )
        return sent.filtered(
            lambda note: refund.mentions(get_mark(note._get_refund_reference()))
        )[:1]

    @api.model
    def _check_in_work(self, record):
        """Wait while Odoo itself refunds the order: this may be what it has sent."""
        QueueLine = self.env["bigcommerce.queue.line"]
        if QueueLine.search_count(
            Domain("instance_id", "=", record.instance_id.id)
            & Domain("operation", "=", "export_refunds")
            & Domain("lane", "=", get_refund_lane(record.bc_id))
            & Domain("state", "in", QueueLine._ACTIVE_STATES),
            limit=1,
        ):
            raise Blocked(
                "refund_in_work",
                self.env._(
                    "Odoo is refunding %s itself; what becomes of that has to be known "
                    "first.",
                    record.sale_order_id.name,
                ),
            )

    @api.model
    def _check_invoiced(self, record, refund):
        """Wait for an invoice of all that was refunded; one that is cancelled has none.

        :return: a :class:`Done` if there will never be one, else None
        """
        order = record.sale_order_id
        if order.state == "cancel" and all(
            move.state == "cancel" for move in order.invoice_ids
        ):
            return Done(
                record,
                self.env._(
                    "%s was cancelled before it was invoiced: there is nothing to "
                    "credit.",
                    order.name,
                ),
            )
        invoices = record._get_posted_invoices()
        if not invoices or not self._is_covered(order, invoices, refund):
            raise Blocked(
                "no_invoice_yet",
                self.env._(
                    "Refund %(id)s of %(amount)s waits for a validated invoice of "
                    "%(order)s.",
                    id=refund.id,
                    amount=order.currency_id.format(float(refund.total)),
                    order=order.name,
                ),
            )
        return None

    @api.model
    def _is_covered(self, order, invoices, refund):
        """Return whether as much is invoiced of each line as has been refunded."""
        for item in refund.items:
            if item.item_type != "PRODUCT":
                continue
            line = order.order_line.filtered(
                lambda line, item=item: line.bigcommerce_line_id == item.item_id
            )[:1]
            invoiced = sum(
                line.invoice_lines.filtered(
                    lambda item: item.move_id in invoices
                ).mapped("quantity")
            )
            refunded = line._get_refunded_quantity() if line else 0
            if line and Decimal(str(invoiced - refunded)) - item.quantity < ZERO:
                return False
        return True

    @api.model
    def _check_others(self, record):
        """Ask a person whether a credit note that he made says the same."""
        others = record.sale_order_id.invoice_ids.filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.state != "cancel"
                and move.bigcommerce_refund_state != "done"
                and not move._is_being_refunded()
            )
        )
        if others:
            raise Blocked(
                "needs_approval",
                self.env._(
                    "There is a credit note already that is not known to be a refund "
                    "of BigCommerce: %s. If it is this one, cancel this line. If not, "
                    "approve it: a credit note of its own is made.",
                    ", ".join(others.mapped("display_name")),
                ),
            )

    # What people are told

    @api.model
    def _keep_problems(self, lines):
        records = self._find_subjects(lines).values()
        self.env["bigcommerce.order"].union(*records)._note_refund_problems()

    @api.model
    def _find_subjects(self, lines):
        order_ids = {line: line.lane.removeprefix(ORDER_PREFIX) for line in lines}
        records = self.env["bigcommerce.order"]._find(
            lines.instance_id, set(order_ids.values())
        )
        return {
            line: records[bc_id]
            for line, bc_id in order_ids.items()
            if bc_id in records
        }
