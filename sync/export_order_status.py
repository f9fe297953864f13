from odoo import api, models
from odoo.fields import Domain

from ..client.payloads.order import Order
from ..client.resources.scopes import ORDERS_WRITE
from .order_statuses import (
    COMPLETED,
    PAID,
    PARTIALLY_SHIPPED,
    SHIPPED,
    UNPAID,
    is_ahead,
)

# Statuses from which an order may still become shipped.
OPEN = tuple(status for status in (*UNPAID, *PAID) if is_ahead(SHIPPED, status))


class BigcommerceExportOrderStatus(models.AbstractModel):
    """Move the store's orders on as far as Odoo has delivered them.

    BigCommerce moves them itself when it gets a shipment; this is for where it has not.
    Forward only, and never out of what the store's people or their bank have decided:
    refunded in part or whole, cancelled, declined, to be verified, disputed.

    * Something is shipped, and something is still to come: Partially Shipped.
    * All is shipped: Shipped or Completed, as the instance says. *All* means that Odoo
      waits for nothing more: no delivery of the order is open, and the store knows of
      every one that is done. What was cancelled in Odoo is not waited for, although
      the store may count it as left; what comes back changes nothing.
    * There is nothing to ship (services, downloads, pickups): Completed, once
      invoices of all of it are posted and what is picked up has been.
    """

    _name = "bigcommerce.export.order.status"
    _inherit = "bigcommerce.order.operation"
    _description = "Export Order Status"

    _code = "export_order_status"
    _direction = "export"
    # After the shipments, which may move it by themselves.
    _priority = 50
    _choices = {"order_numbers": "ids"}
    _scopes = (ORDERS_WRITE,)

    @api.model
    def _get_label(self):
        return self.env._("Export Order Status")

    @api.model
    def _get_use(self, instance):
        """It follows the shipments."""
        return self.env["bigcommerce.export.shipments"]._get_use(instance)

    # Discover

    @api.model
    def _get_due_domain(self):
        """Return which orders a run for all looks at: few of those that are open.

        Not those that are shipped, which a changed setting would all complete.
        """
        return (
            Domain("state", "=", "imported")
            & Domain("status_id.bc_id", "in", OPEN)
            & Domain("sale_order_id.state", "=", "sale")
            & (
                Domain("shipment_ids", "!=", False)
                | Domain("sale_order_id.invoice_status", "=", "invoiced")
                | Domain(
                    "sale_order_id.picking_ids.bigcommerce_is_shipped_there", "=", True
                )
            )
        )

    @api.model
    def _select(self, records):
        return records.filtered(self._is_due)

    @api.model
    def _is_due(self, record):
        """Return whether an order is to be moved, as far as Odoo knows the store."""
        target = self._get_target(record)
        return bool(target) and self._may_move(record, target, record.status_id.bc_id)

    @api.model
    def _may_move(self, record, target, status):
        """Return whether an order in ``status`` is to be moved to ``target``."""
        return is_ahead(target, status) and record.exported_status != target

    @api.model
    def _get_target(self, record):
        """Return the status that an order should have by what Odoo knows, or None."""
        order = record.sale_order_id
        if order.state != "sale" or record.state != "imported" or record.is_deleted:
            return None
        moves = order.order_line.move_ids.filtered(
            lambda move: not move.origin_returned_move_id
        )
        goods = order.order_line.filtered(
            lambda line: (
                line._is_delivered_line()
                and line.product_id.type == "consu"
                and line.product_uom_qty > 0
            )
        )
        is_open = any(move.state not in ("done", "cancel") for move in moves) or any(
            # What is dropshipped has no move before its purchase is confirmed.
            not line.move_ids
            for line in goods
        )
        to_ship = (moves.sale_line_id | goods).filtered(
            lambda line: (
                line._is_delivered_line() and line.bigcommerce_fulfilment != "pickup"
            )
        )
        if not to_ship:
            is_invoiced = self._is_invoiced(order) and not is_open
            return COMPLETED if is_invoiced else None
        shipments = record.shipment_ids
        is_unsent = any(
            not shipment.bc_id and shipment.state != "done" for shipment in shipments
        )
        is_shipped_there = any(
            move.state == "done" and move.picking_id.bigcommerce_is_shipped_there
            for move in moves
        )
        if not (is_shipped_there or any(shipments.mapped("confirmed_on"))):
            return None
        if is_open or is_unsent:
            return PARTIALLY_SHIPPED
        return record.instance_id.shipped_status

    @api.model
    def _is_invoiced(self, order):
        invoices = order.invoice_ids
        return order.invoice_status == "invoiced" and (
            set(invoices.mapped("state")) & {"draft", "posted"} == {"posted"}
        )

    # Send

    @api.model
    def _send(self, client, lines):
        records = self._get_records(lines)
        results = {}
        for line in lines:
            record = records.get(line.key)
            if not record:
                # It has been deleted in Odoo.
                results[line] = {}
                continue
            order = Order.parse(client.get_order(record.bc_id))
            target = self._get_target(record)
            if target and self._is_wanted(record, target, order):
                raw = client.update_order(record.bc_id, {"status_id": target})
                results[line] = self._as_result(Order.parse(raw), moved_to=target)
            else:
                results[line] = self._as_result(order)
        return results

    @api.model
    def _is_wanted(self, record, target, order):
        """Return whether the store's order, as it is now, is to be moved."""
        if order.is_deleted or not self._may_move(record, target, order.status_id):
            return False
        is_shipped = order.items_shipped > 0 or any(
            line.quantity_shipped > 0 for line in order.lines
        )
        # Somebody may have deleted the shipments there.
        return is_shipped or not record.shipment_ids

    @api.model
    def _look(self, client, lines):
        records = self._get_records(lines)
        results = {}
        for line in lines.filtered(lambda line: line.key in records):
            order = Order.parse(client.get_order(line.key))
            target = self._get_target(records[line.key])
            if order.status_id == target:
                results[line] = self._as_result(order, moved_to=target)
        return results

    @api.model
    def _as_result(self, order, moved_to=None):
        return {
            "status_id": order.status_id,
            "status": order.custom_status or order.status,
            "moved_to": moved_to,
        }

    # Apply

    @api.model
    def _apply(self, lines):
        records = self._get_records(lines)
        outcomes = {line: records[line.key] for line in lines if line.key in records}
        for line, record in outcomes.items():
            payload = line._get_payload()
            record._take_over_status(payload["status_id"], payload["status"])
            if payload["moved_to"]:
                record.exported_status = payload["moved_to"]
                record.sale_order_id._message_log(
                    body=self.env._(
                        "The order in BigCommerce is now “%s”.", payload["status"]
                    )
                )
        return outcomes
