from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sync.order_parts import PAYMENTS


class AccountMove(models.Model):
    """Credit notes that are refunds of a store, or are to become some."""

    _inherit = "account.move"

    bigcommerce_refund_order_id = fields.Many2one(
        "bigcommerce.order",
        "BigCommerce Order of the Refund",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    bigcommerce_refund_instance_id = fields.Many2one(
        "bigcommerce.instance", readonly=True, copy=False, ondelete="set null"
    )
    bigcommerce_refund_id = fields.Char(
        "BigCommerce Refund ID", readonly=True, copy=False
    )
    bigcommerce_refund_state = fields.Selection(
        [
            ("scheduled", "Refund Scheduled"),
            ("unknown", "Outcome Unknown"),
            ("done", "Refunded"),
            ("failed", "Refund Failed"),
        ],
        "BigCommerce Refund",
        readonly=True,
        copy=False,
    )
    # Customers may read their credit notes, not what is said about them.
    bigcommerce_refund_message = fields.Text(
        readonly=True, copy=False, groups="base.group_user"
    )
    bigcommerce_refund_request = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        groups="base.group_user",
        help="What a person has agreed to refund: items, amounts, the way back, and by "
        "what it is known again.",
    )
    bigcommerce_may_refund = fields.Boolean(
        compute="_compute_bigcommerce_refund_obstacle",
        compute_sudo=True,
        groups="base.group_user",
    )
    bigcommerce_refund_obstacle = fields.Char(
        compute="_compute_bigcommerce_refund_obstacle",
        compute_sudo=True,
        groups="base.group_user",
        help="Why it cannot be refunded in BigCommerce.",
    )

    _bigcommerce_refund_unique = models.UniqueIndex(
        "(bigcommerce_refund_instance_id, bigcommerce_refund_id) "
        "WHERE bigcommerce_refund_id IS NOT NULL",
        "There is a credit note of this BigCommerce refund already.",
    )

    @api.depends(
        "state",
        "move_type",
        "amount_total",
        "currency_id",
        "bigcommerce_refund_state",
        "invoice_line_ids.sale_line_ids",
        "reversed_entry_id",
    )
    def _compute_bigcommerce_refund_obstacle(self):
        for move in self:
            move.bigcommerce_refund_obstacle = False
            move.bigcommerce_may_refund = False
            if move.move_type != "out_refund" or move.state == "cancel":
                continue
            if move.bigcommerce_refund_state == "done" or move._is_being_refunded():
                continue
            orders = move._get_refunded_orders()
            if not orders.bigcommerce_order_ids:
                continue
            obstacle = move._explain_refund_obstacle(orders)
            move.bigcommerce_refund_obstacle = obstacle
            move.bigcommerce_may_refund = not obstacle

    def action_refund_in_bigcommerce(self):
        """Ask BigCommerce what it would refund, and a person whether that is right."""
        self.ensure_one()
        self.check_access("write")
        # The button may be older than what it says.
        if not self.bigcommerce_may_refund:
            raise UserError(
                self.bigcommerce_refund_obstacle
                or self.env._("It is refunded in BigCommerce already.")
            )
        wizard = self.env["bigcommerce.refund"]._create_quoted(self)
        return wizard._reopen()

    def _is_being_refunded(self):
        """Return whether BigCommerce refunds it, or nobody knows whether it has.

        What was scheduled and taken out of the queue is not.
        """
        self.ensure_one()
        if self.bigcommerce_refund_state == "scheduled":
            # Who keeps the books need not see stores or their queue.
            instance = self.sudo().bigcommerce_refund_instance_id
            return instance._is_refund_in_queue(str(self.id))
        return self.bigcommerce_refund_state == "unknown"

    def _get_refunded_orders(self):
        """Return the sale orders that a credit note is about."""
        self.ensure_one()
        lines = self.invoice_line_ids.sale_line_ids
        return (lines or self.reversed_entry_id.invoice_line_ids.sale_line_ids).order_id

    def _explain_refund_obstacle(self, orders):
        """Return why a credit note cannot be refunded in BigCommerce, False if it can.

        :param orders: the sale orders that it is about
        """
        self.ensure_one()
        if len(orders) > 1:
            return self.env._("It is about several orders: refund them one by one.")
        record = orders.bigcommerce_order_ids[:1]
        if self.state == "draft":
            return self.env._("Confirm the credit note first.")
        if not record.instance_id._get_open():
            return self.env._("The store is not open for synchronisation.")
        if self.currency_id != orders.currency_id:
            return self.env._("The order was paid in %s.", orders.currency_id.name)
        parts = self.invoice_line_ids.sale_line_ids.mapped("bigcommerce_part")
        if set(parts) & set(PAYMENTS):
            return self.env._(
                "It gives gift certificates or store credit back: refund the order in "
                "BigCommerce, and import the refund."
            )
        if self.amount_total <= 0:
            return self.env._("It is worth nothing.")
        if record.payment_status in ("refunded", "void", "declined"):
            return self.env._(
                "Nothing is left to refund: the payment status in BigCommerce is “%s”.",
                record.payment_status,
            )
        return False

    def _post(self, soft=True):
        """Let refunds go on that were waiting for these invoices."""
        posted = super()._post(soft)
        invoices = posted.sudo().filtered(lambda move: move.move_type == "out_invoice")
        records = invoices.line_ids.sale_line_ids.order_id.bigcommerce_order_ids
        records._retry_refunds()
        return posted

    def button_draft(self):
        """What BigCommerce has refunded, or is refunding, stays as it is."""
        dropped = self.browse()
        for move in self:
            if move.bigcommerce_refund_state == "scheduled":
                if not move._is_being_refunded():
                    dropped |= move
                    continue
                raise UserError(
                    self.env._(
                        "%s is being refunded in BigCommerce: wait for it.",
                        move.display_name,
                    )
                )
            if move.bigcommerce_refund_state == "unknown":
                raise UserError(
                    self.env._(
                        "It is not known whether BigCommerce has refunded %s: retry it "
                        "in the queue first.",
                        move.display_name,
                    )
                )
            # What the store began is corrected here if it has to be.
            if (
                move.bigcommerce_refund_state == "done"
                and move.sudo().bigcommerce_refund_request
            ):
                raise UserError(
                    self.env._(
                        "%s is refunded in BigCommerce: it stays as it is.",
                        move.display_name,
                    )
                )
        dropped.bigcommerce_refund_state = False
        return super().button_draft()

    def _get_refund_reference(self):
        """Return by what the refund of a credit note is known again in the store.

        What was sent once may be there, whatever the note's number has become since.
        """
        self.ensure_one()
        request = self.bigcommerce_refund_request or {}
        return request.get("reference") or self.name

    def _schedule_refund(self, record, request):
        """Have a credit note refunded in BigCommerce, in the background.

        :param record: the bigcommerce.order
        :param dict request: ``items``, ``method``, ``total``, ``tax`` and perhaps
            ``override``, as a person has agreed to them
        """
        self.ensure_one()
        former = self.bigcommerce_refund_request or {}
        self.write(
            {
                "bigcommerce_refund_order_id": record.id,
                "bigcommerce_refund_instance_id": record.instance_id.id,
                "bigcommerce_refund_state": "scheduled",
                "bigcommerce_refund_message": False,
                "bigcommerce_refund_request": {
                    **request,
                    "reference": self._get_refund_reference(),
                    "declined": former.get("declined", []),
                },
            }
        )
        # Who keeps the books need not see stores or their queue.
        record.instance_id.sudo()._start_open("export_refunds", ids=[str(self.id)])

    def _set_refunded(self, record, refund):
        """Note that the store has refunded a credit note.

        :param payloads.Refund refund: what it has confirmed
        """
        self.ensure_one()
        if self.bigcommerce_refund_id == refund.id:
            return
        self.write(
            {
                "bigcommerce_refund_order_id": record.id,
                "bigcommerce_refund_instance_id": record.instance_id.id,
                "bigcommerce_refund_id": refund.id,
                "bigcommerce_refund_state": "done",
                "bigcommerce_refund_message": refund.declined_message or False,
            }
        )
        body = self.env._(
            "%(amount)s refunded in %(store)s, refund %(id)s.",
            amount=self.currency_id.format(float(refund.total)),
            store=record.instance_id.name,
            id=refund.id,
        )
        if refund.declined_message:
            body += " " + self.env._("A part was declined: %s", refund.declined_message)
        self._message_log(body=body)

    def _note_not_refunded(self, line):
        """Note why a line about this credit note has come to a stop.

        One that is unknown may have been refunded: it is not to be sent again.
        """
        self.ensure_one()
        vals = {
            "bigcommerce_refund_state": "failed",
            "bigcommerce_refund_message": line.message,
        }
        if line.state == "cancelled":
            vals = dict.fromkeys(vals, False)
        elif line.state == "unknown":
            vals["bigcommerce_refund_state"] = "unknown"
        self.write(vals)
