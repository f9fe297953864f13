"""What the tests of the client have in common: a clock, and servers to talk to."""

from collections.abc import Iterator
from datetime import datetime, timezone
from decimal import Decimal

from odoo.tests import BaseCase

from ..client.client import BigCommerceClient
from ..client.transport import Transport
from .http_server import ScriptedServer
from .sandbox_case import TOKEN as SANDBOX_TOKEN
from .sandbox_case import StoreCase

TOKEN = "canary4tokenzzq9"
STORE_HASH = "abc123"
START = 1_800_000_000
MOMENT = datetime(2026, 1, 15, 10, tzinfo=timezone.utc)
# every endpoint of the client with every argument, for the sandbox's built-in store
CALLS = {
    "get_store": {},
    "get_time": {},
    "list_currencies": {},
    "list_order_statuses": {},
    "list_tax_classes": {},
    "list_channels": {},
    "list_locations": {},
    "iterate_orders": {
        "after_id": 117,
        "min_date_modified": MOMENT,
        "max_date_modified": MOMENT,
        "min_date_created": MOMENT,
        "max_date_created": MOMENT,
        "status_id": 11,
        "channel_id": 1,
        "limit": 250,
    },
    "get_order": {"order_id": "118"},
    "update_order": {
        "order_id": "118",
        "changes": {"external_order_id": "S00042", "staff_notes": "Fragile."},
    },
    "list_order_shipments": {"order_id": "118"},
    "create_order_shipment": {
        "order_id": "118",
        "shipment": {
            "order_address_id": "1180",
            "items": [{"order_product_id": "11801", "quantity": 1}],
            "tracking_number": "1Z999",
            "shipping_provider": "ups",
            "tracking_carrier": "",
            "tracking_link": "",
            "comments": "WH/OUT/00001",
        },
    },
    "update_order_shipment": {
        "order_id": "118",
        "shipment_id": "1",
        "changes": {"tracking_number": "1Z000", "shipping_provider": "ups"},
    },
    "list_order_products": {"order_id": "118"},
    "list_order_shipping_addresses": {"order_id": "118"},
    "list_order_taxes": {"order_id": "118"},
    "list_order_transactions": {"order_id": "118"},
    "capture_order_payment": {"order_id": "119"},
    "quote_order_refund": {
        "order_id": "118",
        "content": {
            "items": [
                {"item_type": "PRODUCT", "item_id": 11801, "quantity": 1},
                {"item_type": "SHIPPING", "item_id": 1180, "amount": Decimal("2.5")},
            ]
        },
    },
    "refund_order": {
        "order_id": "118",
        "content": {
            "items": [
                {
                    "item_type": "ORDER",
                    "item_id": 118,
                    "amount": 1,
                    "reason": "Scratched",
                }
            ],
            "payments": [{"provider_id": "braintree", "amount": 1, "offline": False}],
        },
    },
    "list_order_refunds": {"order_id": "118"},
    "iterate_refunds": {
        "order_ids": ["118"],
        "refund_ids": ["1", "2"],
        "min_created": MOMENT,
        "limit": 250,
        "first_page": 1,
    },
    "iterate_products": {
        "product_ids": ["101", "102"],
        "min_date_modified": MOMENT,
        "after_id": 100,
        "limit": 250,
    },
    "list_variants": {"sku": "MUG-ENAMEL"},
    "list_category_trees": {},
    "iterate_categories": {"tree_ids": [1, 2]},
    "iterate_brands": {},
    "iterate_customers": {
        "customer_ids": ["2", "4"],
        "min_date_modified": MOMENT,
        "after": "aWQ6Mg",
        "limit": 250,
    },
    "iterate_customer_addresses": {"customer_ids": ["2", "4"], "limit": 250},
    "iterate_inventory_items": {
        "first_page": 1,
        "location_ids": [1, 2],
        "variant_ids": ["10100", "10200"],
        "limit": 1000,
    },
    "update_products": {
        "changes": [
            {
                "id": "101",
                "price": Decimal("13.75"),
                "bulk_pricing_rules": [
                    {
                        "quantity_min": 10,
                        "quantity_max": 0,
                        "type": "fixed",
                        "amount": Decimal("11.5"),
                    }
                ],
            },
            {"id": 102, "sale_price": 0},
        ]
    },
    "update_variants": {
        "changes": [{"id": "13001", "price": 47}, {"id": 13002, "price": 0.125}]
    },
    "find_products": {"name": "Enamel mug", "sku": "MUG-ENAMEL"},
    "create_product": {
        "content": {
            "name": "Felt hat",
            "type": "physical",
            "price": Decimal("35.5"),
            "weight": Decimal("0.25"),
            "width": 30,
            "categories": [25],
            "brand_name": "Northfold",
            "is_visible": False,
            "inventory_tracking": "variant",
            "variants": [
                {
                    "sku": "HAT-GREY",
                    "price": Decimal(36),
                    "mpn": "H-1",
                    "option_values": [
                        {"option_display_name": "Colour", "label": "Grey"}
                    ],
                }
            ],
        }
    },
    "assign_channels": {"pairs": [("101", "1"), (102, 2)]},
    "update_image": {
        "product_id": "101",
        "image_id": "1010",
        "changes": {"sort_order": 2, "is_thumbnail": True, "description": "Mug"},
    },
    "delete_image": {"product_id": "101", "image_id": "1010"},
    "list_options": {"product_id": "130"},
    "rename_option": {"product_id": "130", "option_id": "1300", "name": "Size"},
    "create_option_value": {
        "product_id": "134",
        "option_id": "1340",
        "label": "15 in",
        "sort_order": 3,
    },
    "create_variants": {
        "product_id": "134",
        "contents": [
            {
                "sku": "POT-15",
                "weight": Decimal("4.5"),
                "option_values": [{"option_id": 1340, "id": 134003}],
            }
        ],
    },
    "rename_option_value": {
        "product_id": "130",
        "option_id": "1300",
        "value_id": "130000",
        "label": "Small",
        "sort_order": 0,
    },
    "find_categories": {"tree_id": "1", "name": "Hats"},
    "create_category": {"tree_id": "1", "parent_id": "25", "name": "Hats"},
    "get_inventory_settings": {},
    "set_inventory_levels": {
        "items": [
            {"location_id": "1", "product_id": "101", "quantity": 5},
            {"location_id": 2, "variant_id": 13001, "quantity": 0},
            {"location_id": 2, "sku": "SHIRT-S-CLA", "quantity": 7},
        ],
        "reason": "Stock of Odoo",
    },
}


def collect(pages):
    """Return the items of all pages."""
    return [item for page in pages for item in page.items]


def call(client, name):
    """Call an endpoint as ``CALLS`` says, and read all that it returns."""
    result = getattr(client, name)(**CALLS[name])
    return list(result) if isinstance(result, Iterator) else result


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.now = START
        self.sleeps = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.sleeps.append(seconds)
        self.now += seconds


class ClientCase(BaseCase):
    """A test with a clock, and with what the client is made of."""

    def setUp(self):
        super().setUp()
        self.clock = Clock()

    def transport(self, url, **options):
        """Return a Transport that never really waits and never throws dice."""
        options = {
            "clock": self.clock,
            "sleep": self.clock.sleep,
            "rng": lambda: 1,
            **options,
        }
        transport = Transport(f"{url}/stores/{STORE_HASH}", TOKEN, **options)
        self.addCleanup(transport.close)
        return transport

    def client(self, url, **options):
        return BigCommerceClient(self.transport(url, **options))

    def start(self, server):
        """Start a server that stops with the test, and return it."""
        return self.enterContext(server)

    def serve(self, *scripts, **options):
        """Start ``self.server``, which answers as told, and return a client of it."""
        self.server = self.start(ScriptedServer(*scripts, **options))
        return self.client(self.server.url)

    def assertSlept(self, *seconds):
        self.assertEqual(len(self.clock.sleeps), len(seconds), self.clock.sleeps)
        for slept, expected in zip(self.clock.sleeps, seconds, strict=True):
            self.assertAlmostEqual(slept, expected)


class SandboxClientCase(StoreCase):
    """A test with a client of the sandbox store, which never really waits."""

    def setUp(self):
        super().setUp()
        self.clock = Clock()
        self.client = self.connect()

    def connect(self, access_token=SANDBOX_TOKEN):
        client = BigCommerceClient.connect(
            "sandbox",
            access_token,
            api_url=self.store.address,
            clock=self.clock,
            sleep=self.clock.sleep,
        )
        self.addCleanup(client.close)
        return client
