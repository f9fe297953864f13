"""What the tests of shipments stand on."""

from ..client.client import BigCommerceClient
from .delivery_case import MUG, DeliveryCase

OPERATION = "export_shipments"
STATUS = "export_order_status"


def mugs(quantity, **details):
    return MUG | {"quantity": quantity} | details


class ShipmentCase(DeliveryCase):
    """A store that is told of deliveries by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.get_job(OPERATION)
        cls.job.active = True

    def setUp(self):
        super().setUp()
        self.skip_backoff()

    @classmethod
    def get_job(cls, operation):
        return cls.env["bigcommerce.automatic.job"]._get_job(cls.instance, operation)

    def order_there(self, sale_order):
        return self.store.control("GET", f"v2/orders/{self.get_bc_id(sale_order)}")

    def shipments_there(self, sale_order):
        """Return the store's shipments of an order, as it holds them."""
        with self.open_client() as client:
            return client.list_order_shipments(self.get_bc_id(sale_order))

    def get_bc_id(self, sale_order):
        return sale_order.bigcommerce_order_ids.bc_id

    def open_client(self):
        """Give a client of the store that is not ours: it may write at any time."""
        return BigCommerceClient.connect(
            "sandbox", "sandbox-token", api_url=self.store.address
        )

    def quantities(self, shipment):
        """Return how many of each SKU are in a shipment of the store."""
        names = {
            line["id"]: line["sku"]
            for line in self.store.control(
                "GET", f"v2/orders/{shipment['order_id']}/products"
            )
        }
        return {
            names[item["order_product_id"]]: item["quantity"]
            for item in shipment["items"]
        }

    def all_quantities(self, sale_order):
        return [self.quantities(one) for one in self.shipments_there(sale_order)]

    def ship_there(self, sale_order, quantity, sku="MUG-ENAMEL", **details):
        """Ship so many as somebody in the store would."""
        bc_id = self.get_bc_id(sale_order)
        (line,) = [
            line
            for line in self.store.control("GET", f"v2/orders/{bc_id}/products")
            if line["sku"] == sku
        ]
        shipment = {
            "order_address_id": line["order_address_id"],
            "items": [{"order_product_id": line["id"], "quantity": quantity}],
            **details,
        }
        with self.open_client() as client:
            raw = client.create_order_shipment(bc_id, shipment)
        self.store.forget_requests()
        return raw

    def get_writes(self):
        """Return method and end of the path of what changed the store, or tried to."""
        return [
            (request["method"], request["path"].rpartition("/")[2])
            for request in self.store.get_requests()
            if request["method"] != "GET"
        ]

    def get_posts(self):
        """Return the shipments that were made, those with a lost answer too."""
        return [
            request
            for request in self.store.get_requests("shipments$")
            if request["method"] == "POST" and request["took_effect"]
        ]

    def deliver(self, sale_order, **quantities):
        """Deliver so much of each SKU (``_`` for ``-``), all of it if none is named.

        Nothing is sent yet. Returns the delivery.
        """
        picking = sale_order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        for move in picking.move_ids:
            sku = move.product_id.default_code.replace("-", "_")
            move.quantity = quantities.get(
                sku, 0 if quantities else move.product_uom_qty
            )
            move.picked = bool(move.quantity)
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self.assertEqual(set(picking.mapped("state")), {"done"})
        return picking

    def ship(self, sale_order, **quantities):
        """Deliver and let the store know; return the delivery."""
        picking = self.deliver(sale_order, **quantities)
        self.drain()
        return picking

    def get_line(self, operation=OPERATION):
        return self.get_lines(operation)[:1]

    def assertSent(self, picking):
        """The delivery's shipments are there, and the record says what is there."""
        self.assertEqual(picking.bigcommerce_shipment_state, "done")
        for shipment in picking.bigcommerce_shipment_ids:
            (there,) = [
                one
                for one in self.shipments_there(picking.sale_id)
                if str(one["id"]) == shipment.bc_id
            ]
            for field in (
                "tracking_number",
                "shipping_provider",
                "tracking_carrier",
                "tracking_link",
            ):
                self.assertEqual(there[field], shipment[field] or "")
            self.assertEqual(
                {str(i["order_product_id"]): i["quantity"] for i in there["items"]},
                shipment.confirmed_items,
            )
