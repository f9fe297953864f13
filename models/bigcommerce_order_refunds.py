from datetime import datetime, timezone

from odoo import fields, models
from odoo.fields import Domain

from ..sync.import_refunds import SETTLED_BY_ODOO, get_refund_lane


class BigcommerceOrder(models.Model):
    """What was refunded of an order, there and here."""

    _inherit = "bigcommerce.order"

    refund_ids = fields.One2many(
        "account.move",
        "bigcommerce_refund_order_id",
        "Credit Notes of Refunds",
        readonly=True,
        groups="account.group_account_invoice",
    )
    refund_message = fields.Text(
        "Refunds to See To",
        readonly=True,
        copy=False,
        help="Why a refund is not in Odoo, or not in BigCommerce, yet.",
    )
    refund_request = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        help="That all that is left of the order is to be refunded in BigCommerce: the "
        "reason, and by what it is known again.",
    )

    def action_import_refunds(self):
        """Read the refunds of these orders now."""
        self._check_connector_user()
        for instance, orders in self.grouped("instance_id").items():
            instance._start("import_refunds", orders=orders.mapped("bc_id"))
        return self.instance_id[:1]._notify_started(
            self.env._("Import of refunds started")
        )

    def _get_posted_invoices(self):
        """Return the validated invoices of an order, without credit notes."""
        self.ensure_one()
        return self.sale_order_id.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )

    def _start_full_refund(self, reason):
        """Refund all that is left of these orders in BigCommerce, in the background.

        What comes of it is imported as a credit note. One that is on its way serves;
        one of which nobody knows whether it was sent is looked for.

        :param str reason: what the customer is told
        """
        # Two of one second are two.
        now = datetime.now(timezone.utc)
        for record in self:
            key, instance = get_refund_lane(record.bc_id), record.instance_id
            request = record.refund_request
            if not (request and instance._is_refund_in_queue(key)):
                reference = f"{record.sale_order_id.name} {now:%Y-%m-%d %H:%M:%S.%f}"
                record.refund_request = {
                    "reference": reference,
                    **(request or {}),
                    "reason": reason or "",
                }
            if unknown := instance._find_unknown_refund(key):
                unknown.action_retry()
            else:
                instance._start_open("export_refunds", ids=[key])

    def _note_refund_problems(self):
        """Say what the queue waits for of the refunds of these orders, if anything.

        What keeps a credit note from being refunded the note says itself.
        """
        for instance, own in self.grouped("instance_id").items():
            lanes = [get_refund_lane(bc_id) for bc_id in own.mapped("bc_id")]
            lines = self.env["bigcommerce.queue.line"].search(
                Domain("instance_id", "=", instance.id)
                & Domain("lane", "in", lanes)
                & Domain("cause_id", "!=", False)
                & (
                    Domain("operation", "=", "import_refunds")
                    | Domain("operation", "=", "export_refunds")
                    & Domain("key", "in", lanes)
                ),
                order="id",
            )
            by_lane = lines.grouped("lane")
            for record in own:
                waiting = by_lane.get(get_refund_lane(record.bc_id), lines.browse())
                messages = dict.fromkeys(filter(None, waiting.mapped("message")))
                message = "\n".join(messages) or False
                if record.refund_message != message:
                    record.refund_message = message

    def _retry_refunds(self):
        """Try the imports of refunds again that may go on now."""
        if not self:
            return
        Line, Cause = self.env["bigcommerce.queue.line"], self.env["bigcommerce.cause"]
        causes = [Cause._get(code).id for code in SETTLED_BY_ODOO]
        for instance, own in self.grouped("instance_id").items():
            Line.search(
                Domain("instance_id", "=", instance.id)
                & Domain("operation", "=", "import_refunds")
                & Domain("lane", "in", [*map(get_refund_lane, own.mapped("bc_id"))])
                & Domain("cause_id", "in", causes)
            ).action_retry()
