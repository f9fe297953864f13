from odoo import api, fields, models

from ..sync.order_statuses import AWAITING_FULFILLMENT, PAID


class BigcommerceInstance(models.Model):
    """How a store is told of payments."""

    _inherit = "bigcommerce.instance"

    mark_order_as_paid = fields.Boolean(
        "Mark Order as Paid?",
        help="Once an order is invoiced and paid in Odoo, let BigCommerce capture its "
        "payment, so that it shows as paid there.",
    )
    paid_status_id = fields.Many2one(
        "bigcommerce.order.status",
        "Status of Paid Orders",
        copy=False,
        check_company=True,
        domain=lambda self: self._get_paid_status_domain(),
        help="Orders whose payment BigCommerce does not capture, such as bank "
        "transfers, go to this status instead. Never backwards. "
        "Empty: Awaiting Fulfillment.",
    )

    def _go_on(self):
        # What was paid while these stores were not open.
        waiting = self.env["bigcommerce.order"].search(
            [("instance_id", "in", self.ids), ("paid_state", "=", "scheduled")]
        )
        waiting.instance_id._start("export_payments")
        return super()._go_on()

    def _get_paid_status(self):
        """Return the status that orders get whose payment is not captured there."""
        self.ensure_one()
        if self.paid_status_id:
            return self.paid_status_id
        found = self.env["bigcommerce.order.status"]._find(self, [AWAITING_FULFILLMENT])
        return found.get(AWAITING_FULFILLMENT)

    @api.model
    def _get_paid_status_domain(self):
        ids = ", ".join(f"'{status}'" for status in PAID)
        return f"[('instance_id', '=', id), ('bc_id', 'in', [{ids}])]"
