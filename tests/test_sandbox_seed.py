"""The sandbox serves a folder of recorded payloads."""

import subprocess
import sys
from pathlib import Path

from odoo.tests import tagged

from ..sandbox.seed import Seed, SeedError
from .sandbox_case import SeedCase

CHECKOUT = Path(__file__).resolve().parents[1]
WITH_LINES = {
    "include": "consignments.line_items,fees",
    "consignment_structure": "object",
}

# an order as it may have been recorded: links, nulls, unknown and missing fields
ORDER = {
    "id": 519,
    "status_id": 2,
    "date_modified": "Tue, 28 Apr 2026 13:06:44 +0000",
    "total_inc_tax": "2400.0000",
    "shipping_cost_inc_tax": "12.0000",
    "billing_address": {"first_name": "Jo", "email": "jo@example.com"},
    "credit_card_type": {},
    "external_id": None,
    "a_field_of_tomorrow": {"deep": [1]},
    "consignments": {"url": "https://example.com", "resource": "/orders/519"},
}
LINE = {
    "id": 537,
    "product_id": 77,
    "order_address_id": 420,
    "type": "physical",
    "quantity": 10,
}
ADDRESS = {"id": 420, "order_id": 519, "city": "Nice", "base_cost": "12.0000"}
PRODUCT = {"id": 77, "name": "Recorded", "sku": "REC", "base_variant_id": 88}
DETAIL = {"order_product_id": "537", "line_item_type": "item"}


@tagged("post_install", "-at_install")
class TestSandboxSeed(SeedCase):
    def test_payloads_are_served_as_they_are(self):
        odd = {"id": "520", "status_id": "11", "date_created": "2026-05-01T10:00:00Z"}
        self.serve({"v2/orders.json": [ORDER, odd, {"id": 521, "status_id": None}]})
        orders = self.fetch("/v2/orders")
        self.assertEqual(orders, [ORDER, odd, {"id": 521, "status_id": None}])
        self.assertEqual(self.fetch("/v2/orders/520"), odd)

    def test_they_are_filtered_and_paged_as_other_content(self):
        orders = [{**ORDER, "id": number} for number in range(1, 8)]
        orders[3]["status_id"] = "11"
        self.serve({"v2/orders.json": orders})
        self.assertEqual(self.fetch("/v2/orders", status_id=11), [orders[3]])
        self.assertEqual(self.fetch("/v2/orders", min_id=3, limit=2), orders[2:4])
        self.assertEqual(
            len(self.fetch("/v2/orders", min_date_modified="2026-04-28T13:06:44Z")), 7
        )
        self.assertIsNone(
            self.fetch("/v2/orders", min_date_modified="2026-04-28T13:06:45Z")
        )

    def test_what_is_unknown_is_not_hidden_by_a_range(self):
        self.serve({"v2/orders.json": [{"id": 1}, {"id": 2, "date_modified": ""}]})
        found = self.fetch("/v2/orders", min_date_modified="2026-01-01T00:00:00Z")
        self.assertEqual(len(found), 2)

    def test_consignments_are_composed_of_lines_addresses_and_fees(self):
        digital = {"id": 538, "type": "digital", "order_address_id": 0}
        fee = {"id": 1, "cost_inc_tax": "1.0000"}
        self.serve(
            {
                "v2/orders/519.json": ORDER,
                "v2/orders/519/products.json": [LINE, digital],
                "v2/orders/519/shipping_addresses.json": [ADDRESS],
                "v2/orders/519/fees.json": {"fees": [fee]},
            }
        )
        order = self.fetch("/v2/orders", **WITH_LINES)[0]
        address = {"id": 420, "city": "Nice", "base_cost": 12.0, "line_items": [LINE]}
        self.assertEqual(order["fees"], [fee])
        self.assertEqual(
            order["consignments"],
            {
                "pickups": [],
                "shipping": [address],
                "downloads": [
                    {"recipient_email": "jo@example.com", "line_items": [digital]}
                ],
                "email": {"gift_certificates": []},
            },
        )
        self.assertEqual(self.fetch("/v2/orders/519"), ORDER)

    def test_no_line_is_lost_without_addresses(self):
        self.serve({"v2/orders/519.json": ORDER, "v2/orders/519/products.json": [LINE]})
        consignments = self.fetch("/v2/orders/519", **WITH_LINES)["consignments"]
        self.assertEqual(
            consignments["shipping"],
            [
                {
                    "first_name": "Jo",
                    "email": "jo@example.com",
                    "cost_inc_tax": 12.0,
                    "line_items": [LINE],
                }
            ],
        )

    def test_lists_inside_an_order_are_found_below_it(self):
        self.serve({"v2/orders.json": [{"id": 1, "products": [LINE]}]})
        self.assertEqual(self.fetch("/v2/orders/1/products"), [LINE])

    def test_recorded_consignments_get_their_lines(self):
        line_link = {
            "url": "https://example.com",
            "resource": "/orders/519/products/537",
        }
        recorded = {"shipping": [{"id": 420, "line_items": [line_link]}]}
        self.serve(
            {
                "v2/orders/519.json": ORDER,
                "v2/orders/519/products.json": [LINE],
                "v2/orders/519/consignments.json": recorded,
            }
        )
        self.assertEqual(self.fetch("/v2/orders/519/consignments"), recorded)
        order = self.fetch("/v2/orders/519", **WITH_LINES)
        self.assertEqual(order["consignments"]["shipping"][0]["line_items"], [LINE])

    def test_detailed_taxes_are_added_up_on_demand(self):
        row = {"id": 1, "name": "VAT", "rate": "20.0000", "line_amount": "0.4000"}
        detailed = [{**row, **DETAIL}, {**row, **DETAIL, "line_amount": "0.1000"}]
        self.serve(
            {
                "v2/orders.json": [{"id": 1}, {"id": 2}],
                "v2/orders/1/taxes.json": detailed,
                "v2/orders/2/taxes.json": [row],
            }
        )
        self.assertEqual(self.fetch("/v2/orders/1/taxes", details="true"), detailed)
        self.assertEqual(
            self.fetch("/v2/orders/1/taxes"),
            [{**row, "line_amount": "0.5000", "priority_amount": "0.5000"}],
        )
        self.assertEqual(self.fetch("/v2/orders/2/taxes", details="true"), [row])

    def test_an_envelope_makes_no_difference(self):
        products = [PRODUCT]
        for payload in (products, {"data": products, "meta": {"pagination": {}}}):
            self.serve(
                {
                    "v3/catalog/products.json": payload,
                    "v3/catalog/products/77/images.json": {"data": [{"id": 5}]},
                }
            )
            body = self.fetch("/v3/catalog/products", include="images")
            self.assertEqual(body["data"], [{**PRODUCT, "images": [{"id": 5}]}])
            self.assertEqual(body["meta"]["pagination"]["total"], 1)

    def test_a_product_has_at_least_its_base_variant(self):
        optional = {"id": 78, "base_variant_id": None}
        variant = {"id": 7900, "sku": "V"}
        self.serve(
            {
                "v3/catalog/products.json": [PRODUCT, optional, {"id": 79}],
                "v3/catalog/products/79/variants.json": [variant],
            }
        )
        with_options, without, recorded = (
            self.fetch(f"/v3/catalog/products/{number}/variants")["data"]
            for number in (78, 77, 79)
        )
        self.assertEqual([row["option_values"] for row in with_options], [[]])
        self.assertEqual((without[0]["id"], without[0]["sku"]), (88, "REC"))
        self.assertEqual(recorded, [variant])

    def test_what_is_not_given_has_an_empty_answer(self):
        self.serve({"v2/store.json": {"id": "abc", "currency": "EUR"}})
        self.assertEqual(self.fetch("/v2/store"), {"id": "abc", "currency": "EUR"})
        self.assertEqual(self.fetch("/v2/currencies")[0]["currency_code"], "EUR")
        self.assertEqual(len(self.fetch("/v2/order_statuses")), 15)
        self.assertIsNone(self.fetch("/v2/orders"))
        self.assertTrue(self.fetch("/v2/tax_classes"))
        self.assertEqual(self.fetch("/v3/channels")["data"][0]["id"], 1)
        for path in (
            "/v3/catalog/products",
            "/v3/catalog/brands",
            "/v3/catalog/trees",
            "/v3/catalog/trees/categories",
            "/v3/inventory/locations",
            "/v3/inventory/items",
        ):
            self.assertEqual(self.fetch(path)["data"], [], path)

    def test_paths_without_an_endpoint_are_served_all_the_same(self):
        self.serve(
            {
                "v2/banners.json": "",
                "v2/customers/7.json": {"id": 7},
                "v3/pricelists.json": [{"id": 1}, {"id": 2}],
            }
        )
        self.assertIsNone(self.fetch("/v2/banners"))
        self.assertEqual(self.fetch("/v2/customers/7"), {"id": 7})
        self.assertEqual(self.fetch("/v3/pricelists", limit=1)["data"], [{"id": 1}])

    def test_what_cannot_be_used_is_one_line_each(self):
        seed = self.serve(
            {
                "notes/foo.json": {},
                "v2/orders/9/products.json": [LINE],
                "v2/tax_classes.json": [1],
            }
        )
        self.assertEqual(len(seed.remarks), 3)
        for remark in seed.remarks:
            self.assertRegex(remark, r"^[\w/]+\.json is left out: .+\.$")

    def test_a_broken_file_is_one_sentence_that_names_it(self):
        folder = self.seed({"v2/orders.json": '[{"id": 1,'})
        with self.assertRaisesRegex(SeedError, r"orders\.json cannot be read as JSON"):
            Seed(folder)
        process = subprocess.run(
            [sys.executable, "-m", "sandbox", "--seed", str(folder)],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        self.assertEqual((process.returncode, process.stdout), (1, ""))
        self.assertRegex(process.stderr, r"^.+orders\.json cannot be read.+\n$")
