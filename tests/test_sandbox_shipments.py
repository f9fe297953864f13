"""Shipments of the sandbox are as bigcommerce-api.md §5 says."""

from odoo.tests import tagged

from .sandbox_case import StoreCase

LINES = [
    {"sku": "MUG-ENAMEL", "quantity": 3},
    {"sku": "BOWL-STONE"},
    {"sku": "PLANNER-PDF"},
]


@tagged("post_install", "-at_install")
class TestShipments(StoreCase):
    def setUp(self):
        super().setUp()
        self.number = self.store.place_order(lines=LINES)
        self.path = f"/v2/orders/{self.number}/shipments"
        lines = self.fetch(f"/v2/orders/{self.number}/products")
        self.mug, self.bowl, self.pdf = (line["id"] for line in lines)
        self.address = lines[0]["order_address_id"]

    def ship(self, *items, status=201, **details):
        answer = self.ask(
            self.path,
            method="POST",
            json={
                "order_address_id": self.address,
                "items": [
                    {"order_product_id": line_id, "quantity": quantity}
                    for line_id, quantity in items
                ],
                **details,
            },
        )
        self.assertEqual(answer.status_code, status, answer.text)
        return answer.json()

    def order(self):
        return self.fetch(f"/v2/orders/{self.number}")

    def shipped(self):
        return [
            line["quantity_shipped"]
            for line in self.fetch(f"/v2/orders/{self.number}/products")
        ]

    def stock(self):
        (item,) = self.fetch("/v3/inventory/items", **{"sku:in": "MUG-ENAMEL"})["data"]
        return item["locations"][0]["total_inventory_onhand"]

    def test_an_order_has_none_at_first(self):
        self.assertEqual(self.ask(self.path).status_code, 204)
        self.assertEqual(self.fetch(f"{self.path}/count"), {"count": 0})
        self.assertEqual(self.ask(f"{self.path}/1").status_code, 404)
        self.assertEqual(self.ask("/v2/orders/9/shipments").status_code, 404)

    def test_a_part_makes_the_order_partially_shipped(self):
        shipment = self.ship((self.mug, 2))
        order = self.order()
        self.assertEqual((order["status_id"], order["items_shipped"]), (3, 2))
        self.assertEqual(order["date_shipped"], "")
        self.assertEqual(self.shipped(), [2, 0, 0])
        self.assertEqual(self.fetch(self.path), [shipment])
        self.assertEqual(self.fetch(f"{self.path}/{shipment['id']}"), shipment)
        self.assertEqual(self.fetch(f"{self.path}/count"), {"count": 1})
        (address,) = self.fetch(f"/v2/orders/{self.number}/shipping_addresses")
        self.assertEqual(address["items_shipped"], 2)

    def test_all_that_is_not_digital_makes_it_shipped(self):
        self.ship((self.mug, 2))
        self.ship((self.mug, 1), (self.bowl, 1))
        order = self.order()
        self.assertEqual((order["status_id"], order["items_shipped"]), (2, 4))
        self.assertTrue(order["date_shipped"])

    def test_what_is_shipped_or_completed_stays_so(self):
        for status in (2, 10):
            self.store.patch(f"v2/orders/{self.number}", status_id=status)
            self.ship((self.mug, 1))
            self.assertEqual(self.order()["status_id"], status)

    def test_the_status_stays_where_the_store_says_so(self):
        self.store.control("PUT", "shipping", {"moves_status": False})
        self.ship((self.mug, 3), (self.bowl, 1))
        self.assertEqual((self.order()["status_id"], self.shipped()), (11, [3, 1, 0]))
        self.store.reset()
        self.assertTrue(self.store.control("GET", "shipping")["moves_status"])

    def test_stock_is_taken_once_all_is_shipped_where_the_store_waits_for_it(self):
        self.store.take_stock_on("order_completed_or_shipped")
        number = self.store.place_order(lines=[{"sku": "MUG-ENAMEL", "quantity": 2}])
        self.number, self.path = number, f"/v2/orders/{number}/shipments"
        (line,) = self.fetch(f"/v2/orders/{number}/products")
        self.address = line["order_address_id"]
        before = self.stock()
        self.ship((line["id"], 1))
        self.assertEqual(self.stock(), before)
        self.ship((line["id"], 1))
        self.assertEqual(self.stock(), before - 2)

    def test_what_cannot_be_shipped_is_refused(self):
        self.ship((self.mug, 2))
        for items in (
            [(self.mug, 2)],
            [(self.mug, 1), (self.mug, 1)],
            [(self.mug, 0)],
            [(self.mug, "1")],
            [(self.pdf, 1)],
            [(1, 1)],
            [],
        ):
            with self.subTest(items=items):
                self.ship(*items, status=400)
        for details in (
            {"order_address_id": 0},
            {"order_address_id": 1},
            {"tracking_number": "1" * 51},
            {"tracking_link": "https://example.com/" + "1" * 500},
            {"tracking_number": 5},
        ):
            with self.subTest(**details):
                self.ship((self.mug, 1), status=400, **details)
        self.assertEqual(self.shipped(), [2, 0, 0])

    def test_links_are_made_of_provider_or_carrier_and_number(self):
        for details, name, link in (
            ({"shipping_provider": "ups"}, "UPS", "https://track.example.com/ups/1Z"),
            (
                {"tracking_carrier": "dhl", "shipping_provider": ""},
                "Other",
                "https://track.example.com/dhl/1Z",
            ),
            ({"tracking_link": "https://example.com/1Z"}, "Other", ""),
        ):
            with self.subTest(**details):
                shipment = self.ship((self.mug, 1), tracking_number="1Z", **details)
                self.assertEqual(shipment["shipping_provider_display_name"], name)
                self.assertEqual(shipment["generated_tracking_link"], link)

    def test_a_change_leaves_the_items_alone(self):
        shipment = self.ship((self.mug, 2))
        path = f"{self.path}/{shipment['id']}"
        change = {"tracking_number": "1Z", "shipping_provider": "ups", "items": []}
        answer = self.ask(path, method="PUT", json=change)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json()["items"], shipment["items"])
        self.assertEqual(answer.json()["tracking_number"], "1Z")
        self.assertEqual(self.fetch(path), answer.json())
        self.assertEqual(self.shipped(), [2, 0, 0])
        wrong = {"tracking_number": "1" * 51}
        self.assertEqual(self.ask(path, method="PUT", json=wrong).status_code, 400)
        gone = self.ask(f"{self.path}/99", method="PUT", json=change)
        self.assertEqual(gone.status_code, 404)

    def test_what_is_deleted_is_left_to_ship_and_the_status_stays(self):
        shipment = self.ship((self.mug, 3), (self.bowl, 1))
        path = f"{self.path}/{shipment['id']}"
        self.assertEqual(self.ask(path, method="DELETE").status_code, 204)
        order = self.order()
        self.assertEqual((order["status_id"], order["items_shipped"]), (2, 0))
        self.assertEqual(self.shipped(), [0, 0, 0])
        self.ship((self.mug, 1))
        self.ship((self.mug, 1))
        self.assertEqual(self.ask(self.path, method="DELETE").status_code, 204)
        self.assertEqual(self.ask(self.path).status_code, 204)
        self.assertEqual(self.shipped(), [0, 0, 0])
