from odoo import api, models

from ..client.payloads.order import Order
from .operation import Done, Found, FoundPage
from .problems import Blocked

OPERATION = "export_cancellations"
CANCELLED = 5
# Ids of the statuses in which an order may be cancelled: pending, awaiting payment,
# pickup, shipment or fulfilment, partially refunded.
CANCELLABLE = ("1", "7", "8", "9", "11", "14")


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
    advice = {
        "0": env._("Its customer has not placed it: there is nothing to cancel."),
        "2": env._("What was shipped can be refunded there, not cancelled."),
        "3": env._("What was shipped can be refunded there, not cancelled."),
        "4": env._("All is refunded: there is nothing to cancel."),
        "5": env._("There is nothing to cancel."),
        "6": env._("There is nothing to cancel."),
        "10": env._("What was shipped can be refunded there, not cancelled."),
        "12": env._("Verify it, or cancel it, in the control panel."),
        "13": env._("Settle the dispute in the control panel first."),
    }.get(status_id, env._("Cancel it in the control panel."))
    return env._(
        "BigCommerce: %(status)s. %(advice)s", status=status_name, advice=advice
    )


class BigcommerceExportCancellations(models.AbstractModel):
    """Cancel orders in the store that are cancelled in Odoo, where a person asks it."""

    _name = "bigcommerce.export.cancellations"
    _inherit = "bigcommerce.operation"
    _description = "Cancel Orders in BigCommerce"

    _code = OPERATION
    _direction = "export"
    _priority = 10

    @api.model
    def _get_label(self):
        return self.env._("Cancel Orders in BigCommerce")

    @api.model
    def _discover(self, client, instance, options, resume):
        domain = [
            ("instance_id", "=", instance.id),
            ("is_cancel_requested", "=", True),
        ]
        if "ids" in options:
            domain.append(("bc_id", "in", options["ids"]))
        for orders, after in self._iterate_records("bigcommerce.order", domain, resume):
            yield FoundPage(
                [
                    Found(order.bc_id, order.name, {"id": order.bc_id})
                    for order in orders
                ],
                after,
            )

    @api.model
    def _send(self, client, lines):
        records = self._get_records(lines)
        results = {}
        for line in lines:
            if line.key not in records:
                results[line] = Blocked(
                    "not_found", self.env._("The order has been deleted in Odoo.")
                )
            elif records[line.key].is_cancel_requested:
                results[line] = self._cancel(client, line.key)
            else:
                results[line] = {}
        return results

    @api.model
    def _cancel(self, client, bc_id):
        """Cancel an order that is not cancelled yet, if its status allows that."""
        order = Order.parse(client.get_order(bc_id))
        if order.status_id != CANCELLED:
            refusal = explain_refusal(
                self.env, str(order.status_id), self._get_name(order), order.is_deleted
            )
            if refusal:
                return Blocked("not_cancellable", refusal)
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
        imports = self.env["bigcommerce.import.orders"]
        instance, records = lines.instance_id, self._get_records(lines)
        former = {
            bc_id: imports._get_taken(record) for bc_id, record in records.items()
        }
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
        # The store may have put back what the orders had taken.
        imports._forget_levels(instance, records, former)
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
        for instance, own in lines.grouped("instance_id").items():
            records = self.env["bigcommerce.order"]._find(instance, own.mapped("key"))
            for line in own:
                record = records.get(line.key)
                if not (record and record.is_cancel_requested):
                    continue
                if line.state == "cancelled":
                    record._withdraw_cancellation()
                else:
                    record.cancel_problem = line.message

    @api.model
    def _get_records(self, lines):
        """Return the orders that lines are about, by their id there."""
        return self.env["bigcommerce.order"]._find(
            lines.instance_id, lines.mapped("key")
        )
