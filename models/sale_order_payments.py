from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Marking orders as paid in the store."""

    _inherit = "sale.order"

    bigcommerce_paid_obstacle = fields.Text(
        "Mark as Paid",
        compute="_compute_bigcommerce_paid_obstacle",
        compute_sudo=True,
        groups="base.group_user",
        help="Why BigCommerce cannot be told that the order is paid. Empty: it can.",
    )
    bigcommerce_paid_state = fields.Selection(
        related="bigcommerce_order_id.paid_state", groups="base.group_user"
    )
    bigcommerce_paid_message = fields.Text(
        related="bigcommerce_order_id.paid_message", groups="base.group_user"
    )

    @api.depends(
        "bigcommerce_order_ids.paid_state",
        "bigcommerce_order_ids.payment_status",
        "bigcommerce_order_ids.status_id",
        "bigcommerce_order_ids.instance_id.mark_order_as_paid",
        "state",
        "invoice_status",
        "invoice_ids.state",
        "invoice_ids.payment_state",
    )
    def _compute_bigcommerce_paid_obstacle(self):
        for order in self:
            record = order.bigcommerce_order_id
            order.bigcommerce_paid_obstacle = (
                record._get_paid_obstacle() if record else False
            )

    def action_mark_bigcommerce_order_as_paid(self):
        """Tell the store that the order is paid, in the background."""
        self.ensure_one()
        self._check_may_mark_as_paid()
        record = self.sudo().bigcommerce_order_id
        if not record:
            raise UserError(self.env._("This is no order of BigCommerce."))
        if obstacle := record._get_paid_obstacle():
            raise UserError(obstacle)
        record._start_marking_as_paid()
        return record.instance_id._notification(
            self.env._("BigCommerce is being told"),
            self.env._("It runs in the background. The order says what came of it."),
        )

    def _check_may_mark_as_paid(self):
        """Refuse those who may neither register payments nor use the connector.

        :raise AccessError: if the user is none of these
        """
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            self.env["bigcommerce.instance"].check_access("read")

    def _mark_paid_orders(self):
        """Tell the stores of those orders that have come to be paid."""
        # Whoever registers a payment need not know of the connector.
        records = self.sudo().bigcommerce_order_ids.filtered(
            "instance_id.mark_order_as_paid"
        )
        payable = records.filtered(lambda record: not record._get_paid_obstacle())
        if payable:
            payable._start_marking_as_paid()
