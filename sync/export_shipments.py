from odoo import api, fields, models

from ..client.errors import NotFound
from ..client.payloads.order import Order
from ..client.payloads.shipment import Shipment
from ..client.resources.scopes import ORDERS_WRITE
from .operation import Found, FoundPage
from .order_statuses import (
    CANCELLED,
    DECLINED,
    DISPUTED,
    INCOMPLETE,
    MANUAL_VERIFICATION,
    REFUNDED,
)
from .problems import Blocked
from .shipments_there import find_alike, find_own, get_left

# In which the store has called an order off, or holds it: a shipment would move it out
# of them.
NOT_TO_SHIP = (
    INCOMPLETE,
    REFUNDED,
    CANCELLED,
    DECLINED,
    MANUAL_VERIFICATION,
    DISPUTED,
)


class BigcommerceExportShipments(models.AbstractModel):
    """Tell stores what was delivered, and how it is tracked: each shipment once."""

    _name = "bigcommerce.export.shipments"
    _inherit = "bigcommerce.operation"
    _description = "Export Order Status / Tracking Information"

    _code = "export_shipments"
    _direction = "export"
    _priority = 40
    _interval = (25, "minutes")
    _choices = {"order_numbers": "orders"}
    _scopes = (ORDERS_WRITE,)

    @api.model
    def _get_label(self):
        return self.env._("Export Order Status / Tracking Information")

    @api.model
    def _get_companions(self, instance, options):
        return [] if options else ["export_order_status"]

    @api.model
    def _prepare_options(self, instance, choices):
        self.env["bigcommerce.order.operation"]._check_imported(
            instance, choices.get("order_numbers", ())
        )
        return super()._prepare_options(instance, choices)

    # Discover

    @api.model
    def _discover(self, client, instance, options, resume):
        """Find what is to be sent; what has failed waits for a person to say so."""
        domain = [("instance_id", "=", instance.id)]
        if "ids" in options:
            domain.append(("id", "in", [int(key) for key in options["ids"]]))
        elif "orders" in options:
            domain.append(("order_id.bc_id", "in", options["orders"]))
        else:
            domain.append(("state", "in", ("waiting", "scheduled")))
        for shipments, after in self._iterate_records(
            "bigcommerce.shipment", domain, resume
        ):
            due = shipments.filtered(lambda one: one.state != "done" or one._has_news())
            yield FoundPage([self._found(shipment) for shipment in due], after)

    @api.model
    def _found(self, shipment):
        return Found(
            str(shipment.id),
            self.env._(
                "%(shipment)s of order %(order)s",
                shipment=shipment.name,
                order=shipment.order_id.bc_id,
            ),
            {"id": str(shipment.id)},
            # What is left to ship is read before it is sent.
            f"order {shipment.order_id.bc_id}",
        )

    # Send

    @api.model
    def _send(self, client, lines):
        shipments = self._get_shipments(lines)
        results = {}
        for line in lines:
            shipment = shipments.get(line.key)
            if not shipment:
                results[line] = Blocked(
                    "not_found", self.env._("The shipment has been deleted in Odoo.")
                )
            elif shipment.bc_id:
                results[line] = self._update(client, shipment)
            else:
                results[line] = self._create(client, shipment)
        return results

    @api.model
    def _create(self, client, shipment):
        """Make a shipment in the store of what it has not shipped yet."""
        there = self._read_shipments(client, shipment.order_id)
        if own := self._find_own(shipment, there):
            return self._as_result(own)
        order = self._read_order(client, shipment.order_id)
        left = get_left(order, there)
        items = {
            line_id: min(quantity, left.get(line_id, 0))
            for line_id, quantity in shipment.items.items()
            if left.get(line_id, 0) > 0
        }
        if not items:
            return self._recognise(client, shipment, there)
        if order.status_id in NOT_TO_SHIP:
            return Blocked(
                "order_not_to_ship",
                self.env._(
                    "The order is “%s” in BigCommerce: a shipment would move it out of "
                    "that status. Change the status there, and send it again.",
                    order.custom_status or order.status,
                ),
            )
        addresses = {line.id: line.address_id for line in order.lines}
        tracking = shipment._prepare_tracking_vals()
        raw = client.create_order_shipment(
            order.id,
            {
                "order_address_id": addresses[next(iter(items))]
                or shipment.address_bc_id,
                "items": [
                    {"order_product_id": line_id, "quantity": quantity}
                    for line_id, quantity in items.items()
                ],
                "comments": shipment.name,
                **tracking,
            },
        )
        return self._as_result(Shipment.parse(raw), tracking)

    @api.model
    def _update(self, client, shipment):
        """Change how a shipment of the store is tracked, if that is news to it."""
        tracking = shipment._prepare_tracking_vals()
        if not shipment._has_news():
            return {"shipment": shipment.bc_id}
        try:
            raw = client.update_order_shipment(
                shipment.order_id.bc_id, shipment.bc_id, tracking
            )
        except NotFound:
            return Blocked(
                "not_found",
                self.env._(
                    "The shipment has been deleted in BigCommerce. Send Again makes "
                    "another one of what is left to ship there."
                ),
            )
        return self._as_result(Shipment.parse(raw), tracking)

    @api.model
    def _recognise(self, client, shipment, there):
        """Take a shipment that people of the store have made for this one.

        A tracking number is added if it has none.
        """
        siblings = shipment.order_id.shipment_ids
        found = find_alike(
            there, shipment.items, set(siblings.mapped("name")), self._known(shipment)
        )
        if not found:
            return {"shipment": False}
        result = {**self._as_result(found), "is_recognised": True}
        tracking = shipment._prepare_tracking_vals()
        if result["tracking"] == tracking:
            # Ours already, if an answer was lost.
            return result
        if found.tracking_number:
            return {**result, "is_tracking_theirs": True}
        if tracking["tracking_number"] or tracking["tracking_link"]:
            raw = client.update_order_shipment(
                shipment.order_id.bc_id, found.id, tracking
            )
            result |= self._as_result(Shipment.parse(raw), tracking)
        return result

    @api.model
    def _look(self, client, lines):
        """Find what was made, by its reference, and what was changed."""
        shipments = self._get_shipments(lines)
        results = {}
        for line in lines.filtered(lambda line: line.key in shipments):
            shipment = shipments[line.key]
            there = self._read_shipments(client, shipment.order_id)
            if not shipment.bc_id:
                if own := self._find_own(shipment, there):
                    results[line] = self._as_result(own)
                continue
            wanted = shipment._prepare_tracking_vals()
            for found in there:
                result = self._as_result(found)
                if found.id == shipment.bc_id and result["tracking"] == wanted:
                    results[line] = result
        return results

    @api.model
    def _read_order(self, client, record):
        raw = client.get_order(record.bc_id)
        order = Order.parse(raw)
        if order.has_lines:
            return order
        return Order.parse(
            {
                **raw,
                "products": client.list_order_products(record.bc_id),
                "shipping_addresses": client.list_order_shipping_addresses(
                    record.bc_id
                ),
            }
        )

    @api.model
    def _read_shipments(self, client, record):
        return list(map(Shipment.parse, client.list_order_shipments(record.bc_id)))

    @api.model
    def _find_own(self, shipment, there):
        return find_own(
            there,
            shipment.name,
            shipment.address_bc_id or "",
            self._known(shipment),
        )

    @api.model
    def _known(self, shipment):
        """Return the ids of the store's shipments that other deliveries are."""
        siblings = shipment.order_id.shipment_ids - shipment
        return set(siblings.filtered("bc_id").mapped("bc_id"))

    @api.model
    def _as_result(self, found, tracking=None):
        """Return what the store has confirmed.

        :param found: the payloads.Shipment that it answered
        :param dict tracking: what it was told; where nothing was, what it has counts
        """
        return {
            "shipment": found.id,
            "items": {item.line_id: item.quantity for item in found.items},
            "tracking": tracking
            or {
                "tracking_number": found.tracking_number,
                "shipping_provider": found.provider,
                "tracking_carrier": found.carrier,
                "tracking_link": found.link,
            },
            "generated_link": found.generated_link,
        }

    # Apply

    @api.model
    def _apply(self, lines):
        shipments = self._get_shipments(lines)
        outcomes = {
            line: shipments[line.key] for line in lines if line.key in shipments
        }
        for line, shipment in outcomes.items():
            self._note(shipment, line._get_payload())
        sent = self.env["bigcommerce.shipment"].concat(*outcomes.values())
        # It may have got a tracking number while it was being sent.
        sent._follow_tracking()
        orders = sent.order_id
        if orders:
            lines.instance_id._start_open(
                "export_order_status", ids=orders.mapped("bc_id")
            )
        return outcomes

    @api.model
    def _note(self, shipment, payload):
        is_new = not shipment.bc_id
        vals = {
            "state": "done",
            "message": False,
            "confirmed_on": fields.Datetime.now(),
        }
        if not payload["shipment"]:
            vals["message"] = self.env._(
                "BigCommerce had shipped all of it already, or has it no more."
            )
        if "items" in payload:
            vals |= {
                "bc_id": payload["shipment"],
                "confirmed_items": payload["items"],
                "generated_link": payload["generated_link"],
                **payload["tracking"],
            }
        for name in ("is_recognised", "is_tracking_theirs"):
            if payload.get(name):
                vals[name] = True
        shipment.write(vals)
        if not shipment.message and shipment.bc_id:
            shipment.message = shipment._explain_left_out()
        if is_new and shipment.bc_id:
            shipment.picking_id._message_log(body=self._describe(shipment))

    @api.model
    def _describe(self, shipment):
        values = {
            "number": shipment.bc_id,
            "order": shipment.order_id.bc_id,
            "contents": shipment.contents,
        }
        if shipment.is_recognised:
            return self.env._(
                "Shipment %(number)s of BigCommerce's order %(order)s is this "
                "delivery: %(contents)s",
                **values,
            )
        return self.env._(
            "Sent to BigCommerce: shipment %(number)s of order %(order)s: %(contents)s",
            **values,
        )

    @api.model
    def _keep_problems(self, lines):
        """Note with shipments why they are not sent."""
        shipments = self._get_shipments(lines)
        for line in lines.filtered(lambda line: line.key in shipments):
            shipment = shipments[line.key]
            cause = line.cause_code
            vals = {"state": "failed", "message": line.message}
            if line.state == "cancelled":
                vals["message"] = self.env._("It was cancelled in the queue.")
            elif cause == "read_only":
                vals["state"] = "waiting"
            elif cause == "not_found" and shipment.bc_id:
                # It is not there any more.
                vals |= {"bc_id": False, "confirmed_items": False}
            shipment.write(vals)

    @api.model
    def _get_shipments(self, lines):
        """Return the shipments that lines are about, by the lines' keys."""
        ids = [int(key) for key in lines.mapped("key")]
        shipments = self.env["bigcommerce.shipment"].browse(ids).exists()
        return {str(shipment.id): shipment for shipment in shipments}

    @api.model
    def _find_subjects(self, lines):
        shipments = self._get_shipments(lines)
        return {line: shipments[line.key] for line in lines if line.key in shipments}
