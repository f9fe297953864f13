from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """How a store's order is cancelled there, and what a person's decision ends."""

    _inherit = "sale.order"

    bigcommerce_may_cancel = fields.Boolean(
        compute="_compute_bigcommerce_may_cancel",
        compute_sudo=True,
        groups="base.group_user",
    )
    bigcommerce_cancel_hint = fields.Char(
        compute="_compute_bigcommerce_may_cancel",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends(
        "state",
        "bigcommerce_order_ids.status_id",
        "bigcommerce_order_ids.is_deleted",
        "bigcommerce_order_ids.is_cancel_requested",
        "bigcommerce_order_ids.cancel_problem",
        "bigcommerce_order_ids.instance_id.state",
        "bigcommerce_order_ids.instance_id.active",
    )
    def _compute_bigcommerce_may_cancel(self):
        for order in self:
            record = order.bigcommerce_order_ids[:1]
            hint = False
            if record and order.state == "cancel":
                hint = record._explain_no_cancellation()
            order.bigcommerce_may_cancel = hint == ""
            order.bigcommerce_cancel_hint = hint

    def action_cancel_in_bigcommerce(self):
        """Ask for what to say about it, and let the store cancel the order, too."""
        self.ensure_one()
        # Who keeps the stock may write orders, too.
        self.env["bigcommerce.cancel.order"].check_access("create")
        self._check_bigcommerce_may_cancel()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel in BigCommerce"),
            "res_model": "bigcommerce.cancel.order",
            "view_mode": "form",
            "target": "new",
            "context": {"default_sale_order_id": self.id},
        }

    def action_draft(self):
        """What goes on in Odoo is not cancelled in the store, unless it was already."""
        cancelled = self.filtered(lambda order: order.state == "cancel")
        result = super().action_draft()
        records = cancelled.sudo().bigcommerce_order_ids
        records._withdraw_cancellation()
        records._answer_question(self.env._("Set to quotation again."))
        cancellations = self.env["bigcommerce.order.cancellations"].sudo()
        # Somebody wants it all the same, whoever had cancelled it first.
        records.filtered(
            lambda record: (
                record.store_cancellation or cancellations._is_given_up(record)
            )
        ).store_cancellation = "asked"
        records._check_holds()
        return result

    def _check_bigcommerce_may_cancel(self):
        """Refuse where the store's order cannot be cancelled, or not by this user.

        :raise AccessError: if the user may not change the order
        :raise UserError: if it cannot be cancelled in BigCommerce
        """
        self.check_access("write")
        if not self.bigcommerce_may_cancel:
            raise UserError(
                self.bigcommerce_cancel_hint
                or self.env._("Only a cancelled order can be cancelled in BigCommerce.")
            )

    def _cancel_in_bigcommerce(self, reason, with_refund):
        """Let the store cancel its order, in the background; note who wants it, why.

        :param str reason: why, for people here
        :param bool with_refund: whether what the store has taken is refunded as well
        """
        self.ensure_one()
        self._check_bigcommerce_may_cancel()
        words = [self.env._("To be cancelled in BigCommerce.")]
        if with_refund:
            words.append(self.env._("All payments are to be refunded."))
        self.message_post(body=" ".join([*words, reason or ""]))
        # Salesmen only read the connector's orders.
        self.sudo().bigcommerce_order_id._request_cancellation(reason, with_refund)

    def _action_cancel(self):
        """What people were asked is answered, and nothing of it is held any more."""
        result = super()._action_cancel()
        records = self.sudo().bigcommerce_order_ids
        records._check_holds()
        records._answer_question(self.env._("Cancelled in Odoo."))
        return result
