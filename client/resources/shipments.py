"""What is sent to customers (§5)."""

from ..batches import as_number
from .resource import Resource, segment
from .scopes import ORDERS, ORDERS_WRITE


class Shipments(Resource):
    """Shipments of orders."""

    def list_order_shipments(self, order_id):
        """Return all shipments of an order, whoever made them:
        ``GET /v2/orders/{id}/shipments``, 250 per page (§5).

        :raises NotFound: if there is no such order
        """
        path = f"/v2/orders/{segment(order_id)}/shipments"
        return self._list_numbered(path, ORDERS, limit=250, short_is_last=True)

    def create_order_shipment(self, order_id, shipment):
        """Ship items of an order, and return the shipment:
        ``POST /v2/orders/{id}/shipments`` (§5).

        It may move the status of the order, and tell the customer. It is not
        idempotent: look at the shipments before it is repeated.

        :param dict shipment: ``order_address_id``, ``items`` (each with
            ``order_product_id`` and a whole ``quantity``), ``tracking_number`` (at most
            50 characters), ``shipping_provider``, ``tracking_carrier``,
            ``tracking_link`` (500), ``comments`` …
        :raises NotFound: if there is no such order
        :raises InvalidRequest: if BigCommerce does not accept a value, or less is left
        """
        content = {
            **shipment,
            "order_address_id": as_number(
                shipment["order_address_id"], "order_address_id"
            ),
            "items": [
                {
                    **item,
                    "order_product_id": as_number(
                        item["order_product_id"], "order_product_id"
                    ),
                }
                for item in shipment["items"]
            ],
        }
        path = f"/v2/orders/{segment(order_id)}/shipments"
        return self._write_object("POST", path, content, ORDERS_WRITE)

    def update_order_shipment(self, order_id, shipment_id, changes):
        """Change fields of a shipment and return it:
        ``PUT /v2/orders/{id}/shipments/{shipment_id}`` (§5).

        What is not named stays. Items cannot be changed.

        :param dict changes: field -> value, e.g. ``tracking_number``
        :raises NotFound: if there is no such order, or no such shipment
        :raises InvalidRequest: if BigCommerce does not accept a value
        """
        path = f"/v2/orders/{segment(order_id)}/shipments/{segment(shipment_id)}"
        return self._write_object("PUT", path, changes, ORDERS_WRITE)
