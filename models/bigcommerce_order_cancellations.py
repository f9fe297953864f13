from odoo import fields, models

from ..sync.export_cancellations import CANCELLED, OPERATION, explain_refusal

# Payment statuses in which the store has money of the customer.
HOLDING_MONEY = ("captured", "paid", "partially refunded")


class BigcommerceOrder(models.Model):
    """How an order is cancelled there because of Odoo, here because of the store."""

    _inherit = "bigcommerce.order"

    store_cancellation = fields.Selection(
        [
            ("cancelled", "Cancelled in Odoo as Well"),
            ("asked", "Left to a Person"),
            ("taken_back", "Taken Back, Left to a Person"),
        ],
        "Given Up in BigCommerce",
        readonly=True,
        copy=False,
        help="What became of the sale order when BigCommerce cancelled, declined or "
        "archived the order.",
    )
    is_cancel_requested = fields.Boolean(
        "To Be Cancelled in BigCommerce",
        readonly=True,
        copy=False,
        help="The store has not confirmed it yet.",
    )
    is_refund_requested = fields.Boolean(
        "To Be Refunded",
        readonly=True,
        copy=False,
        help="All payments are refunded once the store has cancelled the order.",
    )
    cancel_reason = fields.Text(
        readonly=True,
        copy=False,
        help="It stays in Odoo: BigCommerce has no place for it.",
    )
    cancel_problem = fields.Text(
        readonly=True, copy=False, help="Why the store has not cancelled the order yet."
    )

    def _explain_no_cancellation(self):
        """Return why the order cannot be cancelled in BigCommerce now, "" if it can."""
        self.ensure_one()
        if self.sale_order_id.state != "cancel":
            return self.env._("Cancel the order in Odoo first.")
        if self.cancel_problem:
            return self.env._(
                "Not cancelled in BigCommerce yet. %s", self.cancel_problem
            )
        if self.is_cancel_requested:
            return self.env._("It is being cancelled in BigCommerce.")
        refusal = explain_refusal(
            self.env, self.status_id.bc_id, self.status, self.is_deleted
        )
        if refusal:
            return refusal
        instance = self.instance_id
        if not instance._get_open():
            return self.env._(
                "%s is not synchronised at the moment: cancel the order there by hand.",
                instance.name,
            )
        return ""

    def _may_refund(self):
        """Return whether cancelling the order may refund what the store has taken."""
        Line = self.env["bigcommerce.workflow.line"]
        status = Line._get_payment_status_key(self.payment_status)
        return status in HOLDING_MONEY

    def _request_cancellation(self, reason, with_refund):
        """Let the store cancel the order, in the background.

        :param str reason: why, for people here
        :param bool with_refund: whether all payments are refunded then
        """
        self.ensure_one()
        self.write(
            {
                "is_cancel_requested": True,
                "is_refund_requested": with_refund,
                "cancel_reason": reason,
                "cancel_problem": False,
            }
        )
        self.instance_id._start_open(OPERATION, ids=[self.bc_id])

    def _withdraw_cancellation(self):
        """Let the store leave alone what it has not been asked to cancel yet."""
        requested = self.filtered("is_cancel_requested")
        requested.write(
            {
                "is_cancel_requested": False,
                "is_refund_requested": False,
                "cancel_problem": False,
            }
        )
        for instance, orders in requested.grouped("instance_id").items():
            self.env["bigcommerce.queue.line"]._withdraw(
                instance, OPERATION, orders.mapped("bc_id")
            )

    def _set_cancelled(self, status_name):
        """Note that the store has cancelled the order because Odoo asked for it.

        :param str status_name: what the store calls that status
        """
        self.ensure_one()
        if self.sale_order_id:
            self.sale_order_id.message_post(
                body=self.env._(
                    "Cancelled in BigCommerce. %s", self.cancel_reason or ""
                )
            )
        with_refund = self.is_refund_requested
        self._take_over_status(CANCELLED, status_name)
        self.write(
            {
                "is_cancel_requested": False,
                "is_refund_requested": False,
                "cancel_problem": False,
            }
        )
        if with_refund and self._may_refund():
            self._start_full_refund(self.cancel_reason)

    def _answer_question(self, answer):
        """End what a person was asked about orders that the store had given up."""
        cancellations = self.env["bigcommerce.order.cancellations"]
        cancellations._close_question(self.sale_order_id, answer)
