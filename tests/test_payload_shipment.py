from odoo.tests import BaseCase, tagged

from ..client.errors import ProtocolError
from ..client.payloads.shipment import Shipment, ShipmentItem


@tagged("post_install", "-at_install")
class TestShipment(BaseCase):
    def test_all_of_it_is_read(self):
        shipment = Shipment.parse(
            {
                "id": 11,
                "order_address_id": 131,
                "tracking_number": " 1Z ",
                "shipping_provider": "usps",
                "tracking_carrier": "",
                "tracking_link": None,
                "generated_tracking_link": "https://example.com/1Z",
                "comments": "WH/OUT/00001",
                "items": [{"order_product_id": 5, "product_id": 0, "quantity": "2"}],
            }
        )
        self.assertEqual(
            shipment,
            Shipment(
                id="11",
                address_id="131",
                items=(ShipmentItem("5", 2),),
                tracking_number="1Z",
                provider="usps",
                carrier="",
                link="",
                generated_link="https://example.com/1Z",
                comments="WH/OUT/00001",
            ),
        )

    def test_little_is_enough(self):
        shipment = Shipment.parse({"id": "3"})
        self.assertEqual((shipment.id, shipment.items), ("3", ()))

    def test_nonsense_is_refused(self):
        for raw in (
            {},
            {"id": 1, "items": 5},
            {"id": 1, "items": [{"quantity": 1}]},
            {"id": 1, "items": [{"order_product_id": 1, "quantity": "1.5"}]},
        ):
            with self.subTest(raw=raw), self.assertRaises(ProtocolError):
                Shipment.parse(raw)
