from odoo import api, models
from odoo.fields import Domain

from ..client.payloads.order import Order
from ..client.resources.scopes import ORDERS_WRITE
from .operation import Done
from .order_statuses import (
    AWAITING_FULFILLMENT,
    AWAITING_PAYMENT,
    AWAITING_PICKUP,
    AWAITING_SHIPMENT,
    CANCELLED,
    COMPLETED,
    DECLINED,
    DISPUTED,
    INCOMPLETE,
    MANUAL_VERIFICATION,
    PARTIALLY_REFUNDED,
    PARTIALLY_SHIPPED,
    PENDING,
    REFUNDED,
    SHIPPED,
)
from .problems import Blocked

OPERATION = "export_cancellations"
CANCELLABLE = (
    PENDING,
    AWAITING_PAYMENT,
    AWAITING_FULFILLMENT,
    AWAITING_PICKUP,
    AWAITING_SHIPMENT,
    PARTIALLY_REFUNDED,
)


def explain_shipped(env):
    """Return why what was shipped is not cancelled."""
    return env._("What was shipped can be refunded there, not cancelled.")


def explain_refusal(env, status_id, status_name, is_deleted):
    """Return why an order in such a status is not cancelled in BigCommerce.

    :param env: environment of the texts
    :param str status_id: id of the status there
    :param str status_name: what the store calls it
    :param bool is_deleted: whether it is archived there
    :return: "" if it may be cancelled
    """
    if is_deleted:
        return env._("It is archived in BigCommerce.")
    if status_id in CANCELLABLE:
        return ""
    shipped = explain_shipped(env)
    advice = {
        INCOMPLETE: env._(
            "Its customer has not placed it: there is nothing to cancel."
        ),
        SHIPPED: shipped,
        PARTIALLY_SHIPPED: shipped,
        REFUNDED: env._("All is refunded: there is nothing to cancel."),
        CANCELLED: env._("There is nothing to cancel."),
        DECLINED: env._("There is nothing to cancel."),
        COMPLETED: shipped,
        MANUAL_VERIFICATION: env._("Verify it, or cancel it, in the control panel."),
        DISPUTED: env._("Settle the dispute in the control panel first."),
    }.get(status_id, env._("Cancel it in the control panel."))
    return env._(
        "BigCommerce: %(status)s. %(advice)s", status=status_name, advice=advice
    )


class BigcommerceExportCancellations(models.AbstractModel):
    """Cancel orders in the store that are cancelled in Odoo, where a person asks it."""

    _name = "bigcommerce.export.cancellations"
    _inherit = "bigcommerce.order.operation"
    _description = "Cancel Orders in BigCommerce"

    _code = OPERATION
    _direction = "export"
    _priority = 10
    _scopes = (ORDERS_WRITE,)

    @api.model
    def _get_label(self):
        return self.env._("Cancel Orders in BigCommerce")

    @api.model
    def _get_domain(self):
        return Domain("is_cancel_requested", "=", True)

    @api.model
    def _send(self, client, lines):
        records = self._get_records(lines)
        results = {}
        for line in lines:
            record = records.get(line.key)
            is_wanted = record and record.is_cancel_requested
            results[line] = self._cancel(client, line.key) if is_wanted else {}
        return results

    @api.model
    def _cancel(self, client, bc_id):
        """Cancel an order that is not cancelled yet, if its status allows that."""
        order = Order.parse(client.get_order(bc_id))
        if order.status_id != CANCELLED:
            refusal = explain_refusal(
                self.env, order.status_id, self._get_name(order), order.is_deleted
            )
            if refusal:
                return Blocked("not_cancellable", refusal)
            if order.items_shipped > 0:
                return Blocked("not_cancellable", explain_shipped(self.env))
            order = Order.parse(client.update_order(bc_id, {"status_id": CANCELLED}))
        return {"status": self._get_name(order)}

    @api.model
    def _look(self, client, lines):
        results = {}
        for line in lines:
            order = Order.parse(client.get_order(line.key))
            if order.status_id == CANCELLED:
                results[line] = {"status": self._get_name(order)}
        return results

    @api.model
    def _get_name(self, order):
        """Return what the store calls an order's status."""
        return order.custom_status or order.status

    @api.model
    def _apply(self, lines):
        instance, records = lines.instance_id, self._get_records(lines)
        outcomes = {}
        for line in lines:
            record = records.get(line.key)
            if not record:
                continue
            payload = line._get_payload()
            if "status" in payload:
                record._set_cancelled(payload["status"])
                outcomes[line] = record
            else:
                outcomes[line] = Done(
                    record, self.env._("Nobody wants it to be cancelled any more.")
                )
        # Somebody may have opened one again while it was on its way.
        if resumed := [
            record.bc_id
            for record in records.values()
            if record.sale_order_id.state not in (False, "cancel")
        ]:
            instance._start_open("process_orders", ids=resumed)
        return outcomes

    @api.model
    def _keep_problems(self, lines):
        for line, record in self._find_subjects(lines).items():
            if not record.is_cancel_requested:
                continue
            if line.state == "cancelled":
                record._withdraw_cancellation()
            else:
                record.cancel_problem = line.message
