from contextlib import suppress

from odoo import api, models
from odoo.fields import Domain

from ..client.errors import BigCommerceError
from ..client.payloads.order import Order
from ..client.payloads.refund import Refund, RefundQuote
from ..client.resources.scopes import ORDERS_WRITE
from .import_refunds import ORDER_PREFIX, get_refund_lane
from .operation import Done, Found, FoundPage
from .problems import Blocked
from .refund_methods import choose_method, find_method, prepare_payments
from .refund_reasons import get_mark, get_reason


class BigcommerceExportRefunds(models.AbstractModel):
    """Refund in the store what credit notes say, or all that is left of an order.

    What is refunded is what a person has agreed to: if the store's quote is another by
    now nothing is sent. Each refund has a reference in its reason, by which it is
    known again. The key of a line is a credit note's id, or for all that is left of an
    order its lane.
    """

    _name = "bigcommerce.export.refunds"
    _inherit = "bigcommerce.operation"
    _description = "Export Refunds"

    _code = "export_refunds"
    _direction = "export"
    _priority = 25
    _scopes = (ORDERS_WRITE,)

    @api.model
    def _get_label(self):
        return self.env._("Refund in BigCommerce")

    # Discover

    @api.model
    def _discover(self, client, instance, options, resume):
        """Find the credit notes that are to be refunded, and whole orders."""
        keys = options.get("ids")
        notes = Domain("bigcommerce_refund_instance_id", "=", instance.id) & Domain(
            "bigcommerce_refund_state", "in", ("scheduled", "unknown", "failed")
        )
        orders = Domain("instance_id", "=", instance.id)
        if keys is not None:
            notes &= Domain("id", "in", [int(key) for key in keys if key.isdigit()])
            ids = [
                key.removeprefix(ORDER_PREFIX)
                for key in keys
                if key.startswith(ORDER_PREFIX)
            ]
            orders &= Domain("bc_id", "in", ids)
        items = [
            Found(
                str(note.id),
                note.name,
                {"id": note.id},
                get_refund_lane(note.bigcommerce_refund_order_id.bc_id),
            )
            for note in self.env["account.move"].search(notes, order="id")
        ]
        items += [
            Found(
                get_refund_lane(record.bc_id),
                self.env._("All of order %s", record.bc_id),
                {"id": record.bc_id},
                get_refund_lane(record.bc_id),
            )
            for record in self.env["bigcommerce.order"].search(orders, order="id")
            if record.refund_request
        ]
        yield FoundPage(items, {})

    # Send

    @api.model
    def _send(self, client, lines):
        results = {}
        for line in lines:
            note, record = self._get_subject(line)
            try:
                if not record:
                    raise Blocked(
                        "not_found", self.env._("The order has been deleted in Odoo.")
                    )
                request = self._get_request(note, record)
                refunds = self._read_refunds(client, record)
                raw = self._find_sent(note, refunds, request)
                if raw is None:
                    content = self._prepare(client, note, record, request, refunds)
                    raw = content and client.refund_order(record.bc_id, content)
            except Blocked as problem:
                results[line] = problem
            else:
                results[line] = self._confirm(client, record, raw)
        return results

    @api.model
    def _look(self, client, lines):
        """Return the refunds that bear the references of what was sent."""
        results = {}
        for line in lines:
            note, record = self._get_subject(line)
            request = self._find_request(note, record)
            if not request:
                continue
            refunds = self._read_refunds(client, record)
            raw = self._find_sent(note, refunds, request, also_declined=True)
            if raw is not None:
                results[line] = self._confirm(client, record, raw)
        return results

    @api.model
    def _confirm(self, client, record, raw):
        """Return what the store has confirmed, with the order as it is since."""
        confirmed = {"refund": raw or {}}
        # What was refunded must not be forgotten; the next import reads the rest.
        with suppress(BigCommerceError):
            confirmed["order"] = client.get_order(record.bc_id)
        return confirmed

    @api.model
    def _get_subject(self, line):
        """Return the credit note, none for a whole order, and the bigcommerce.order.

        Both are empty if it is not there any more.
        """
        note = self.env["account.move"]
        if line.key.isdigit():
            note = note.search([("id", "=", int(line.key))])
            return note, note.bigcommerce_refund_order_id
        Record = self.env["bigcommerce.order"]
        bc_id = line.key.removeprefix(ORDER_PREFIX)
        found = Record._find(line.instance_id, [bc_id])
        return note, found.get(bc_id, Record)

    @api.model
    def _find_request(self, note, record):
        if not note:
            return record.refund_request
        request = note.bigcommerce_refund_request
        return request and {**request, "reference": note._get_refund_reference()}

    @api.model
    def _get_request(self, note, record):
        """Return what a person has asked for.

        :raise Blocked: if it is not wanted any more
        """
        request = self._find_request(note, record)
        if not request or (note and note.state != "posted"):
            raise Blocked(
                "refund_changed",
                self.env._("The credit note is not validated any more."),
            )
        return request

    @api.model
    def _read_refunds(self, client, record):
        """Return pairs of raw refund and payloads.Refund of an order."""
        rows = client.list_order_refunds(record.bc_id)
        return [(raw, Refund.parse(raw)) for raw in rows]

    @api.model
    def _find_sent(self, note, refunds, request, also_declined=False):
        """Return the raw refund that was sent for a request, None if none was.

        What another credit note tells of was not sent for this one.

        :param note: the credit note, none for a whole order
        :param bool also_declined: whether one counts that was declined, unless that is
            known already
        """
        known = request.get("declined", [])
        told = note and self.env["bigcommerce.import.refunds"]._find_notes(
            note.bigcommerce_refund_instance_id,
            [refund.id for _raw, refund in refunds],
        )
        for raw, refund in refunds:
            if not refund.mentions(get_mark(request["reference"])):
                continue
            if note and told.get(refund.id, note) != note:
                continue
            if not refund.is_declined or (also_declined and refund.id not in known):
                return raw
        return None

    @api.model
    def _prepare(self, client, note, record, request, refunds):
        """Return what is sent, {} if there is nothing left to refund.

        :raise Blocked: if it is not what was agreed to
        """
        if note:
            return self._prepare_for_note(client, record, request)
        order = Order.parse(client.get_order(record.bc_id))
        reason = get_reason(request["reason"], request["reference"])
        items = self.env["bigcommerce.refund.items"]._prepare_rest(
            order, [refund for _raw, refund in refunds], reason
        )
        if not items:
            return {}
        quote = RefundQuote.parse(
            client.quote_order_refund(record.bc_id, {"items": items})
        )
        method = choose_method(quote.methods)
        if not method:
            raise Blocked(
                "refund_changed",
                self.env._("BigCommerce offers no way to refund this order."),
            )
        return {"items": items, "payments": prepare_payments(method)}

    @api.model
    def _prepare_for_note(self, client, record, request):
        items = request["items"]
        quote = RefundQuote.parse(
            client.quote_order_refund(record.bc_id, {"items": items})
        )
        currency = record.sale_order_id.currency_id
        is_other = any(
            currency.compare_amounts(float(now), agreed)
            for now, agreed in (
                (quote.total, request["total"]),
                (quote.tax, request["tax"]),
            )
        )
        method = find_method(quote.methods, request["method"])
        if is_other or not method:
            raise Blocked(
                "refund_changed",
                self.env._(
                    "BigCommerce's quote is another by now: %(now)s, tax %(tax)s, "
                    "instead of %(agreed)s, tax %(agreed_tax)s.",
                    now=currency.format(float(quote.total)),
                    tax=currency.format(float(quote.tax)),
                    agreed=currency.format(request["total"]),
                    agreed_tax=currency.format(request["tax"]),
                )
                if is_other
                else self.env._(
                    "BigCommerce does not offer any more to refund it that way."
                ),
            )
        content = {"items": items, "payments": prepare_payments(method)}
        if override := request.get("override"):
            content["merchant_calculated_override"] = override
            content["payments"][0]["amount"] = override["total_amount"]
        return content

    # Apply

    @api.model
    def _apply(self, lines):
        outcomes, done = {}, []
        for line in lines:
            note, record = self._get_subject(line)
            confirmed = line._get_payload()
            if raw_order := confirmed.get("order"):
                done.append((line.instance_id, raw_order))
            if not confirmed["refund"]:
                outcomes[line] = self._close_empty(record)
                continue
            refund = Refund.parse(confirmed["refund"])
            if refund.is_declined:
                outcomes[line] = self._note_declined(line, note, record, refund)
            elif note:
                note._set_refunded(record, refund)
                outcomes[line] = note
            else:
                outcomes[line] = self._note_order_refunded(record, refund)
        self._follow_orders(done)
        records = (self._get_subject(line)[1] for line in lines)
        self.env["bigcommerce.order"].concat(*records)._retry_refunds()
        return outcomes

    @api.model
    def _follow_orders(self, pairs):
        """Keep the orders as they are since they were refunded, like any import."""
        operation = self.env["bigcommerce.import.orders"]
        for instance, raw in pairs:
            item = operation._found(instance, raw)
            operation._keep_found(instance, {"again": True}, [item])

    @api.model
    def _close_empty(self, record):
        record.refund_request = False
        record._note_refund_problems()
        return Done(record, self.env._("There was nothing left to refund."))

    @api.model
    def _note_declined(self, line, note, record, refund):
        """Say that nothing was given back; a person may try again."""
        target, field = note, "bigcommerce_refund_request"
        if not note:
            target, field = record, "refund_request"
        request = target[field]
        declined = [*request.get("declined", []), refund.id]
        target[field] = {**request, "declined": declined}
        # What became of it is known now.
        line.state = "running"
        return Blocked(
            "refund_declined",
            self.env._(
                "The payment was declined: nothing was given back. %s",
                refund.declined_message,
            ),
        )

    @api.model
    def _note_order_refunded(self, record, refund):
        record.refund_request = False
        record._note_refund_problems()
        if record.sale_order_id:
            record.sale_order_id._message_log(
                body=self.env._(
                    "%(amount)s refunded in BigCommerce, refund %(id)s.",
                    amount=record.currency_id.format(float(refund.total)),
                    id=refund.id,
                )
            )
        record.instance_id._start_open("import_refunds", ids=[refund.id])
        return record

    @api.model
    def _keep_problems(self, lines):
        for line in lines:
            note, record = self._get_subject(line)
            if note and not note.bigcommerce_refund_id:
                note._note_not_refunded(line)
            elif not note and record:
                record._note_refund_problems()
                if line.state == "cancelled":
                    record.refund_request = False
            record._retry_refunds()

    @api.model
    def _find_subjects(self, lines):
        subjects = {}
        for line in lines:
            note, record = self._get_subject(line)
            subjects[line] = note or record
        return subjects
