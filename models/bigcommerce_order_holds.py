from odoo import fields, models
from odoo.exceptions import UserError

from ..sync.holds import find_hold


class BigcommerceOrder(models.Model):
    """What keeps an imported order from going on until a person has looked at it."""

    _inherit = "bigcommerce.order"

    released_by_id = fields.Many2one(
        "res.users",
        "Total Released By",
        readonly=True,
        copy=False,
        help="Who lets the order go on although its total differs.",
    )
    released_status_id = fields.Many2one(
        "bigcommerce.order.status",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Status in which the order may go on, until the store gives it another.",
    )
    status_released_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        help="Who lets the order go on although it is disputed or to be verified.",
    )

    def action_release(self):
        """Let held orders go on in spite of what holds them.

        What else holds an order goes on doing so. It takes a user of the connector; a
        salesman may correct the order instead.
        """
        self._check_connector_user()
        held = self.filtered(lambda order: order.state == "held")
        if not held:
            raise UserError(self.env._("Only a held order can be released."))
        for order in held:
            order.sale_order_id.sudo().message_post(
                author_id=self.env.user.partner_id.id, body=order._explain_release()
            )
            order.sudo().write(order._prepare_release_vals())
        held.sudo()._check_holds()

    def _explain_release(self):
        """Return what is noted of the release of the reason that holds the order."""
        reason = {
            "disputed": self.env._("Released although it is disputed in BigCommerce."),
            "verification": self.env._(
                "Released although BigCommerce wants it to be verified."
            ),
        }.get(
            self.reason_code,
            self.env._("Released although the total differs from BigCommerce's."),
        )
        return f"{reason} {self.reason_message or ''}"

    def _prepare_release_vals(self):
        """Return the values by which the reason that holds the order holds no more."""
        if self.reason_code == "total_differs":
            return {"released_by_id": self.env.uid}
        return {
            "released_status_id": self.status_id.id,
            "status_released_by_id": self.env.uid,
        }

    def _check_holds(self):
        """Hold imported orders that a person has to look at; let the others go on."""
        for order in self.filtered("sale_order_id"):
            released = order.released_status_id
            if released and released != order.status_id:
                order.write(
                    {"released_status_id": False, "status_released_by_id": False}
                )
            if hold := find_hold(order):
                order._set_state("held", *hold)
                continue
            was_held = order.state == "held"
            order._set_state("imported", False, False)
            if was_held:
                order.sale_order_id._start_workflows()
