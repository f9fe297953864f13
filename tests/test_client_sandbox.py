from decimal import Decimal

from odoo.tests import tagged

from ..client.errors import (
    AuthenticationError,
    BigCommerceError,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
)
from ..client.images import download
from ..client.payloads.brand import Brand
from ..client.payloads.category import Category
from ..client.payloads.inventory import InventoryItem
from ..client.payloads.order import Order
from ..client.payloads.product import Product, Variant
from ..client.payloads.store import (
    Channel,
    Currency,
    Location,
    OrderStatus,
    Store,
    TaxClass,
)
from .client_case import CALLS, SandboxClientCase, call, collect


@tagged("post_install", "-at_install")
class TestSandbox(SandboxClientCase):
    """The client and the sandbox store, written apart, understand each other."""

    def read_products(self, *product_ids):
        return [
            Product.parse(row)
            for row in collect(self.client.iterate_products(product_ids=product_ids))
        ]

    def read_levels(self, variant_id):
        """Return what is on hand of a variant: location -> quantity."""
        (row,) = collect(self.client.iterate_inventory_items(variant_ids=[variant_id]))
        return {
            level.location_id: level.on_hand
            for level in InventoryItem.parse(row).levels
        }

    def test_everything_in_the_store_is_read(self):
        client = self.client
        tree_ids = [tree["id"] for tree in client.list_category_trees()]
        read = {
            Currency: client.list_currencies(),
            OrderStatus: client.list_order_statuses(),
            TaxClass: client.list_tax_classes(),
            Channel: client.list_channels(),
            Location: client.list_locations(),
            Category: collect(client.iterate_categories(tree_ids)),
            Brand: collect(client.iterate_brands()),
            Product: collect(client.iterate_products(limit=7)),
            InventoryItem: collect(client.iterate_inventory_items(limit=10)),
            Order: collect(client.iterate_orders(limit=7)),
        }
        for payload, rows in read.items():
            with self.subTest(payload.__name__):
                parsed = [payload.parse(row) for row in rows]
                self.assertTrue(parsed)
                self.assertEqual(len(set(map(str, parsed))), len(parsed))
        self.assertEqual(len(read[Product]), 40)
        self.assertEqual(len(read[Order]), 90)
        self.assertEqual(Store.parse(client.get_store()).id, "sandbox")
        self.assertIsInstance(client.get_time()["time"], int)

    def test_an_order_is_the_same_whole_or_in_parts(self):
        for raw in collect(self.client.iterate_orders()):
            whole = Order.parse(raw)
            parts = {
                "consignments": {"url": "", "resource": ""},
                "products": self.client.list_order_products(whole.id),
                "shipping_addresses": self.client.list_order_shipping_addresses(
                    whole.id
                ),
            }
            fetched = Order.parse({**raw, **parts})
            with self.subTest(order=whole.id):
                self.assertTrue(whole.has_lines)
                self.assertCountEqual(whole.lines, fetched.lines)
                self.assertEqual(
                    *(
                        [
                            (part.kind, part.id, part.shipping, part.handling)
                            for part in order.consignments
                            if part.kind == "shipping"
                        ]
                        for order in (whole, fetched)
                    )
                )

    def test_a_fault_on_the_way_changes_nothing(self):
        expected = collect(self.client.iterate_orders(limit=40))
        for fault in (
            {"status": 500},
            {"status": 503, "content_type": "text/html", "body": "x"},
            {"status": 429, "headers": {"X-Rate-Limit-Time-Reset-Ms": "900"}},
            {"kind": "reset"},
            {"kind": "reset", "after": True},
            {"kind": "truncate"},
        ):
            with self.subTest(**fault):
                self.store.forget_requests()
                self.store.fault("^/v2/orders$", nth=2, **fault)
                got = collect(self.client.iterate_orders(limit=40))
                self.assertEqual(got, expected)
                # 90 orders are three pages and an empty one, and one of them came twice
                self.assertEqual(len(self.store.get_requests()), 5)
                self.store.heal()

    def test_levels_that_are_set_are_read_again(self):
        levels = [
            {"location_id": "1", "product_id": "101", "quantity": 5},
            {"location_id": "3", "variant_id": "13001", "quantity": 0},
            {"location_id": "2", "sku": "SHIRT-S-MOS", "quantity": 2_147_483_647},
        ]
        self.assertTrue(self.client.set_inventory_levels(levels, "Stock of Odoo"))
        self.assertEqual(self.read_levels("10100"), {"1": 5, "2": 40, "3": 6})
        self.assertEqual(
            self.read_levels("13001"), {"1": 30, "2": 2_147_483_647, "3": 0}
        )
        (request,) = self.store.get_requests("absolute")
        self.assertIn('"reason":"Stock of Odoo"', request["body"])
        mug, shirt = self.read_products("101", "130")
        self.assertEqual((mug.inventory_level, shirt.inventory_level), (5, 180))

    def test_one_bad_level_refuses_all_and_is_named(self):
        levels = [
            {"location_id": 1, "product_id": 101, "quantity": 5},
            {"location_id": 1, "variant_id": 10200, "quantity": 5},
        ]
        with self.assertRaises(InvalidRequest) as caught:
            self.client.set_inventory_levels(levels, "Count")
        self.assertIn("variant_id 10200 is tracked by product", str(caught.exception))
        self.assertFalse(caught.exception.ambiguous)
        self.assertEqual(self.read_levels("10100")["1"], 120)

    def test_prices_that_are_set_are_read_again(self):
        rule = {"quantity_min": 10, "quantity_max": 0, "type": "fixed"}
        change = {
            "price": Decimal("13.1255"),
            "bulk_pricing_rules": [{**rule, "amount": Decimal("11.1234")}],
        }
        answer = self.client.update_products(
            [{"id": "101", **change}, {"id": "131", "price": Decimal("75")}]
        )
        self.assertEqual(set(answer.saved), {"101", "131"})
        self.assertFalse(answer.errors or answer.message)
        self.assertEqual(Product.parse(answer.saved["131"]).price, 75)
        mug, hood = self.read_products("101", "131")
        self.assertEqual(mug.price, Decimal("13.1255"))
        self.assertEqual(mug.variants[0].price, Decimal("13.1255"))
        self.assertEqual(mug.bulk_pricing_rules[0].amount, Decimal("11.1234"))
        self.assertEqual(mug.channel_ids, ("1",))
        self.assertEqual(
            [variant.price for variant in hood.variants[:2]], [Decimal("84"), None]
        )
        answer = self.client.update_variants(
            [{"id": "13101", "price": None}, {"id": "13102", "price": Decimal("70.5")}]
        )
        self.assertEqual(Variant.parse(answer.saved["13102"]).price, Decimal("70.5"))
        (hood,) = self.read_products("131")
        self.assertEqual(
            [variant.price for variant in hood.variants[:2]], [None, Decimal("70.5")]
        )

    def test_a_part_that_fails_is_told_of_its_product(self):
        answer = self.client.update_products(
            [{"id": 101, "price": 1}, {"id": 102, "price": 2, "inventory_level": -1}]
        )
        self.assertEqual(set(answer.saved), {"101", "102"})
        self.assertEqual(set(answer.errors), {"102"})
        self.assertIn("negative", answer.errors["102"])
        self.assertEqual([item.price for item in self.read_products(101, 102)], [1, 2])

    def test_variants_that_are_wrong_are_told_one_by_one(self):
        answer = self.client.update_variants(
            [
                {"id": 13101, "price": 1},
                {"id": 13102, "price": -1},
                {"id": 5, "price": 1},
                {"id": 13103, "sku": "SHIRT-S-MOS"},
            ]
        )
        self.assertEqual(set(answer.errors), {"13102", "5"})
        self.assertFalse(answer.saved)
        answer = self.client.update_variants([{"id": 13103, "sku": "SHIRT-S-MOS"}])
        self.assertIn("not unique", answer.errors["13103"])
        (hood,) = self.read_products("131")
        self.assertEqual(hood.variants[0].price, 84)

    def test_products_that_are_wrong_are_refused_together(self):
        for change, kind in (
            ({"price": -1}, InvalidRequest),
            ({"name": "Cast iron pan"}, Conflict),
        ):
            changes = [{"id": 101, **change}, {"id": 103, "price": 1}]
            with self.assertRaises(kind) as caught:
                self.client.update_products(changes)
            self.assertFalse(caught.exception.ambiguous)
        with self.assertRaises(NotFound):
            self.client.update_products([{"id": 9}, {"id": 103, "price": 1}])
        self.assertEqual(self.read_products("103")[0].price, Decimal("38.75"))

    def test_a_write_whose_answer_is_lost_may_have_taken_effect(self):
        level = {"location_id": 1, "product_id": 101, "quantity": 1}
        for path, write in (
            ("absolute", lambda: self.client.set_inventory_levels([level], "Count")),
            ("products", lambda: self.client.update_products([{"id": 101}])),
            ("variants", lambda: self.client.update_variants([{"id": 10100}])),
        ):
            for fault in ({"kind": "reset"}, {"kind": "truncate"}, {"status": 502}):
                with self.subTest(path=path, **fault):
                    self.store.forget_requests()
                    self.store.fault(path, method="PUT", after=True, **fault)
                    with self.assertRaises(BigCommerceError) as caught:
                        write()
                    self.assertTrue(caught.exception.ambiguous)
                    (request,) = self.store.get_requests(path)
                    self.assertTrue(request["took_effect"])
                    self.store.heal()
        self.assertEqual(self.read_levels("10100")["1"], 1)

    def test_when_the_store_takes_stock_is_read(self):
        for event in ("order_completed_or_shipped", "order_placed"):
            self.store.take_stock_on(event)
            settings = self.client.get_inventory_settings()
            self.assertEqual(settings["update_stock_behavior"], event)

    def test_pictures_of_products_and_variants_are_downloaded(self):
        mug, shirt = self.read_products("101", "130")
        first, second = (download(image.url_zoom) for image in mug.images)
        self.assertNotEqual(first, second)
        own = [item.image_url for item in shirt.variants if item.image_url]
        self.assertEqual(len({download(url) for url in own}), 3)
        for entry in self.store.get_picture_requests():
            self.assertFalse(entry["has_token"])

    def test_what_is_refused_is_told(self):
        with self.assertRaises(NotFound):
            self.client.get_order(1)
        with self.assertRaises(AuthenticationError):
            self.connect(access_token="wrong").get_time()
        self.store.control("PUT", "access", {"scopes": ["store_v2_orders_read_only"]})
        self.client.get_order(118)
        with self.assertRaises(Forbidden) as caught:
            self.client.list_locations()
        self.assertEqual(caught.exception.scope, "store_locations_read_only")

    def test_the_scope_that_is_named_is_the_one_it_takes(self):
        self.store.patch("v2/orders/119", payment_status="authorized")
        for name in CALLS:
            with self.subTest(name):
                self.store.control("PUT", "access", {"scopes": []})
                with self.assertRaises(Forbidden) as caught:
                    call(self.client, name)
                scope = caught.exception.scope
                self.store.control("PUT", "access", {"scopes": [scope]})
                call(self.client, name)
