from odoo.tests import tagged

from ..client.client import BigCommerceClient
from ..client.errors import AuthenticationError, Forbidden, NotFound
from ..client.payloads.brand import Brand
from ..client.payloads.category import Category, CategoryTree
from ..client.payloads.inventory import InventoryItem
from ..client.payloads.order import Order
from ..client.payloads.product import Product
from ..client.payloads.store import (
    Channel,
    Currency,
    Location,
    OrderStatus,
    Store,
    TaxClass,
)
from .client_case import CALLS, ClientCase, call
from .common import SandboxStore


def collect(pages):
    return [row for page in pages for row in page.items]


@tagged("post_install", "-at_install")
class TestSandbox(ClientCase):
    """The client and the sandbox store, written apart, understand each other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = SandboxStore()
        cls.addClassCleanup(cls.store.stop)

    def setUp(self):
        super().setUp()
        self.store.reset()
        self.client = self.connect()

    def connect(self, store_hash="sandbox", access_token="sandbox-token"):
        client = BigCommerceClient.connect(
            store_hash,
            access_token,
            api_url=self.store.address,
            clock=self.clock,
            sleep=self.clock.sleep,
        )
        self.addCleanup(client.close)
        return client

    def test_everything_in_the_store_is_read(self):
        client = self.client
        trees = client.list_category_trees()
        tree_ids = [tree["id"] for tree in trees]
        read = {
            Currency: client.list_currencies(),
            OrderStatus: client.list_order_statuses(),
            TaxClass: client.list_tax_classes(),
            Channel: client.list_channels(),
            Location: client.list_locations(),
            CategoryTree: trees,
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
        self.assertIn("tax_entered_with_prices", client.get_tax_settings())

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
        for name in CALLS:
            with self.subTest(name):
                self.store.control("PUT", "access", {"scopes": []})
                with self.assertRaises(Forbidden) as caught:
                    call(self.client, name)
                scope = caught.exception.scope
                self.store.control("PUT", "access", {"scopes": [scope]})
                call(self.client, name)
