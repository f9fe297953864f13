from odoo import api, fields, models


class BigcommerceCancelOrder(models.TransientModel):
    """Ask why an order is to be cancelled in the store, and what about the money."""

    _name = "bigcommerce.cancel.order"
    _description = "Cancel in BigCommerce"

    sale_order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Text("Cancel Reason")
    may_refund = fields.Boolean(compute="_compute_may_refund", compute_sudo=True)
    with_refund = fields.Boolean(
        "Refund Payments",
        help="All that BigCommerce has taken for the order goes back the way it came.",
    )

    @api.depends("sale_order_id")
    def _compute_may_refund(self):
        for wizard in self:
            record = wizard.sale_order_id.bigcommerce_order_ids[:1]
            wizard.may_refund = bool(record) and record._may_refund()

    def action_cancel_order(self):
        """Let the store cancel the order, in the background."""
        self.ensure_one()
        self.sale_order_id._cancel_in_bigcommerce(
            self.reason, self.with_refund and self.may_refund
        )
        return {"type": "ir.actions.act_window_close"}
