"""Every answer of the sandbox fits BigCommerce's OpenAPI files.

They lie beside the checkout (``openapi.py``); where they do not, ``make test`` leaves
this file out and says so.
"""

import copy

import requests

from odoo.tests import tagged

from ..sandbox.pictures import png
from . import openapi
from .sandbox_case import TOKEN, StoreCase

WITH_LINES = {
    "include": "consignments.line_items,fees",
    "consignment_structure": "object",
}
WITHOUT_LINES = {"include": "consignments", "consignment_structure": "object"}


TAKEN_NAME = {"id": 101, "name": "Garden twine"}
TOO_MANY = {"items": [{"location_id": 1, "product_id": 101, "quantity": 1}] * 2001}


def _changing(content):
    return {"method": "PUT", "json": content}


class ContractCase(StoreCase):
    """Asks a built-in store and checks each request and each answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = requests.Session()
        cls.addClassCleanup(cls.session.close)

    def ask(self, path, query=None, method="GET", headers=None, **options):
        """Return what the store answers, after both sides were checked.

        :return: status and parsed body
        """
        response = self.session.request(
            method,
            f"{self.store.address}/stores/sandbox{path}",
            params=query,
            headers={
                "Accept": "application/json",
                "X-Auth-Token": TOKEN,
                **(headers or {}),
            },
            timeout=10,
            **options,
        )
        status = response.status_code
        body = response.json() if response.content else None
        if status < 400:
            openapi.validate_request(method, path, query, options.get("json"))
        openapi.validate_response(method, path, query, status, body)
        return status, body

    def fetch(self, path, **query):
        """Return the body of an answer that is no error."""
        status, body = self.ask(path, query)
        self.assertLess(status, 300)
        return body


@tagged("post_install", "-at_install")
class TestSandboxContract(ContractCase):
    def put(self, path, content):
        """Return the status of a write, after both sides were checked."""
        return self.ask(path, method="PUT", json=content)[0]

    def test_the_store_and_its_settings_fit(self):
        for path in (
            "/v2/store",
            "/v2/time",
            "/v2/currencies",
            "/v2/currencies/2",
            "/v2/order_statuses",
            "/v2/order_statuses/11",
            "/v2/tax_classes",
            "/v2/tax_classes/1",
            "/v3/tax/settings",
            "/v3/settings/inventory",
            "/v3/channels",
            "/v3/inventory/locations",
        ):
            with self.subTest(path=path):
                self.assertTrue(self.fetch(path))

    def test_every_order_fits_with_each_include(self):
        for include in ({}, WITH_LINES, WITHOUT_LINES, {"include": "fees"}):
            with self.subTest(**include):
                orders = self.fetch("/v2/orders", limit="250", **include)
                self.assertEqual(len(orders), 90)
                for number in (118, 207):
                    self.fetch(f"/v2/orders/{number}", **include)

    def test_every_list_below_every_order_fits(self):
        for order in self.fetch("/v2/orders", limit="250"):
            path = f"/v2/orders/{order['id']}"
            for line in self.fetch(f"{path}/products", limit="250"):
                self.fetch(f"{path}/products/{line['id']}")
            for address in self.fetch(f"{path}/shipping_addresses") or ():
                self.fetch(f"{path}/shipping_addresses/{address['id']}")
            self.fetch(f"{path}/taxes")
            self.fetch(f"{path}/taxes", details="true")
            self.fetch(f"{path}/consignments")
            self.fetch(f"{path}/consignments", include="consignments.line_items")
            for name in ("coupons", "fees", "messages"):
                self.fetch(f"{path}/{name}")

    def test_counts_and_filters_fit(self):
        self.fetch("/v2/orders/count", status_id="11")
        self.fetch(
            "/v2/orders",
            min_id="120",
            max_id="200",
            min_total="10",
            max_total="900.5",
            customer_id="2",
            email="anna.lindqvist@example.com",
            min_date_created="2026-01-01T00:00:00+00:00",
            max_date_modified="Thu, 31 Dec 2026 11:32:00 +0000",
            channel_id="1",
            sort="date_modified:desc",
        )

    def test_an_order_that_is_updated_fits(self):
        change = {"status_id": 2, "external_order_id": "S00042", "staff_notes": "Sent"}
        _, order = self.ask("/v2/orders/118", method="PUT", json=change)
        self.assertEqual(order["status"], "Shipped")

    def test_the_transactions_of_every_order_fit(self):
        found = {}
        for order in self.fetch("/v2/orders", limit="250"):
            body = self.fetch(f"/v3/orders/{order['id']}/transactions")
            rows = body["data"] if body else []
            found.setdefault(order["payment_status"], []).append(len(rows))
        self.assertEqual(set(found[""]), {0})
        self.assertEqual(set(found["captured"]), {0, 1, 2, 3})
        self.assertEqual(set(found["void"]), {2})

    def test_captures_and_voids_fit(self):
        self.store.control("PUT", "payments", {"seconds": 0})
        for action, outcome in (("capture", "captured"), ("void", "void")):
            order = self.store.place_order(
                lines=[{"sku": "MUG-ENAMEL"}], payment_status="authorized"
            )
            path = f"/v3/orders/{order}/payment_actions/{action}"
            self.assertEqual(self.ask(path, method="POST"), (201, {}))
            body = self.fetch(f"/v2/orders/{order}")
            self.assertEqual(body["payment_status"], outcome)
            rows = self.fetch(f"/v3/orders/{order}/transactions")["data"]
            self.assertEqual(rows[1]["reference_transaction_id"], rows[0]["id"])
            self.assertEqual(self.ask(path, method="POST")[0], 422)

    def test_shipments_fit(self):
        number = self.store.place_order(lines=[{"sku": "MUG-ENAMEL", "quantity": 2}])
        path = f"/v2/orders/{number}/shipments"
        self.assertIsNone(self.fetch(path))
        (line,) = self.fetch(f"/v2/orders/{number}/products")
        content = {
            "order_address_id": line["order_address_id"],
            "items": [{"order_product_id": line["id"], "quantity": 1}],
        }
        tracking = {"tracking_number": "1Z", "shipping_provider": "ups"}
        for details in ({}, {**tracking, "comments": "WH/OUT/00001"}):
            body = {**content, **details}
            status, shipment = self.ask(path, method="POST", json=body)
            self.assertEqual(status, 201)
        own = f"{path}/{shipment['id']}"
        self.assertEqual(self.fetch(own), shipment)
        self.assertEqual(len(self.fetch(path, limit="250")), 2)
        self.assertEqual(self.fetch(f"{path}/count"), {"count": 2})
        change = {"tracking_link": "https://example.com/1Z"}
        self.assertEqual(self.ask(own, method="PUT", json=change)[0], 200)
        self.assertEqual(self.ask(path, method="POST", json=body)[0], 400)
        self.assertEqual(self.ask(own, method="DELETE")[0], 204)
        self.assertEqual(self.ask(path, method="DELETE")[0], 204)
        self.fetch(f"/v2/orders/{number}", **WITH_LINES)
        self.fetch(f"/v2/orders/{number}/products")

    def test_refunds_fit(self):
        order = self.store.place_order(
            lines=[{"sku": "MUG-ENAMEL", "quantity": 3, "wrapping": "2"}],
            shipping=["5"],
            handling="1",
            fees=[["Rush", "4"]],
            taxes=[{"name": "VAT", "rate": "15"}],
            customer_id=2,
        )
        path = f"/v3/orders/{order}/payment_actions"
        line, address = int(order) * 100 + 1, int(order) * 10
        item = self.store.get_refund_item
        adjustments = [{"amount": -0.5, "description": "Worn"}]
        for content in (
            {"items": [item("PRODUCT", line, 1, adjustments=adjustments)]},
            {"items": [item("PRODUCT", line, 1), item("GIFT_WRAPPING", line, 1)]},
            {"items": [item("SHIPPING", address, 2.5, reason="Late")]},
            {"items": [item("HANDLING", address, 1), item("FEE", address + 1, 4)]},
            {"items": [item("ORDER", order, 1)]},
            {"tax_adjustment_amount": 0.25},
        ):
            with self.subTest(content=content):
                quotes, refunds = f"{path}/refund_quotes", f"{path}/refunds"
                _, quote = self.ask(quotes, method="POST", json=content)
                methods = quote["data"]["refund_methods"]
                self.assertEqual(
                    [method[0]["provider_id"] for method in methods],
                    ["storecredit", "custom", "braintree"],
                )
                if "items" in content:
                    names = ("provider_id", "amount", "offline")
                    content["payments"] = [
                        {name: payment[name] for name in names}
                        for payment in methods[-1]
                    ]
                status, refund = self.ask(refunds, method="POST", json=content)
                self.assertEqual(status, 201)
                number = refund["data"]["id"]
                self.fetch(f"/v3/orders/payment_actions/refunds/{number}")
        self.assertEqual(len(self.fetch(f"{path}/refunds")["data"]), 6)
        feed = "/v3/orders/payment_actions/refunds"
        found = self.fetch(feed, **{"order_id:in": order, "id:in": "2,3"}, limit="1")
        self.assertEqual(found["meta"]["pagination"]["total"], 2)
        self.fetch(feed, **{"created:min": "2020-01-15T01:02:34-01:00"})
        content = {"items": [item("PRODUCT", line, 5)], "payments": []}
        status, _ = self.ask(f"{path}/refund_quotes", method="POST", json=content)
        self.assertEqual(status, 422)
        status, body = self.ask(f"{path}/refunds", method="POST", json=content)
        self.assertEqual((status, body["data"][0]["status"]), (422, 422))

    def test_every_product_fits_with_each_include(self):
        for include in (
            "",
            "variants,images,custom_fields,bulk_pricing_rules,channels",
            "options,modifiers",
            "primary_image,bulk_pricing_rules,channels,parent_relations,videos",
        ):
            query = {"include": include} if include else {}
            with self.subTest(include=include):
                products = self.fetch("/v3/catalog/products", limit="250", **query)
                for product in products["data"]:
                    self.fetch(f"/v3/catalog/products/{product['id']}", **query)

    def test_every_list_below_every_product_fits(self):
        for product in self.fetch("/v3/catalog/products", limit="250")["data"]:
            path = f"/v3/catalog/products/{product['id']}"
            for variant in self.fetch(f"{path}/variants")["data"]:
                self.fetch(f"{path}/variants/{variant['id']}")
            for name in ("images", "options", "modifiers", "custom-fields", "videos"):
                self.fetch(f"{path}/{name}")

    def test_the_rest_of_the_catalogue_and_the_stock_fit(self):
        self.fetch("/v3/catalog/trees")
        self.fetch("/v3/catalog/trees/categories", **{"tree_id:in": "1"})
        self.fetch("/v3/catalog/brands")
        self.fetch("/v3/catalog/summary")
        self.fetch("/v3/catalog/variants", limit="250")
        self.fetch("/v3/inventory/items", limit="1000", **{"location_id:in": "1,2"})
        self.fetch(
            "/v3/catalog/products",
            sort="date_modified",
            direction="desc",
            is_visible="true",
            **{"id:in": "101,102", "date_modified:min": "2026-01-01T00:00:00Z"},
        )

    def test_products_that_are_changed_fit(self):
        rules = [
            {"quantity_min": 2, "quantity_max": 9, "type": "price", "amount": 0.5},
            {"quantity_min": 10, "quantity_max": 0, "type": "fixed", "amount": 9},
        ]
        fields = {"price": 12.345, "cost_price": 5, "weight": 0.5, "sale_price": 0}
        changes = [
            {"id": 101, **fields, "bulk_pricing_rules": rules},
            {"id": 130, **fields, "custom_fields": [{"name": "a", "value": "b"}]},
        ]
        self.assertEqual(self.put("/v3/catalog/products", changes), 200)
        failing = [{"id": 101, "custom_url": {"url": "?"}}, {"id": 102, "price": 1}]
        self.assertEqual(self.put("/v3/catalog/products", failing), 207)
        for include in ("bulk_pricing_rules", "custom_fields", "variants"):
            self.fetch("/v3/catalog/products", limit="250", include=include)

    def test_variants_that_are_changed_fit(self):
        changes = [{"id": 13001, "price": 40}, {"id": 10100, "price": 12.345}]
        self.assertEqual(self.put("/v3/catalog/variants", changes), 200)
        wrong = [{"id": 13001, "price": -1}, {"id": 1, "price": 1}]
        self.assertEqual(self.put("/v3/catalog/variants", wrong), 422)
        self.fetch("/v3/catalog/variants", limit="250")

    def test_levels_that_are_set_fit(self):
        levels = [
            {"location_id": 1, "product_id": 101, "quantity": 0},
            {"location_id": 2, "variant_id": 13001, "quantity": 2_147_483_647},
            {"location_id": 3, "sku": "SHIRT-S-CLA", "quantity": 1},
        ]
        path = "/v3/inventory/adjustments/absolute"
        self.assertEqual(self.put(path, {"reason": "Count", "items": levels}), 200)
        levels[1]["quantity"] += 1
        self.assertEqual(self.put(path, {"reason": "Count", "items": levels}), 422)
        self.fetch("/v3/inventory/items", limit="1000")
        self.fetch("/v3/catalog/products", limit="250", include="variants")

    def test_what_orders_take_fits(self):
        self.store.place_order(lines=[{"sku": "MUG-ENAMEL", "quantity": 500}])
        self.fetch("/v3/inventory/items", limit="1000")
        self.fetch("/v3/catalog/products", limit="250", include="variants")

    def test_pictures_and_channels_that_are_sent_fit(self):
        path = "/v3/catalog/products/101/images"
        file = {"image_file": ("a.png", png("any", 8), "image/png")}
        form = {"is_thumbnail": "true", "sort_order": "3", "description": "A mug"}
        status, body = self.ask(path, method="POST", files=file, data=form)
        self.assertEqual((status, body["data"]["is_thumbnail"]), (200, True))
        own = f"{path}/{body['data']['id']}"
        content = {"image_url": "https://example.com/a.png"}
        self.assertEqual(self.ask(path, method="POST", json=content)[0], 200)
        for change in ({"sort_order": 5}, {"is_thumbnail": True}, content):
            self.assertEqual(self.ask(own, method="PUT", json=change)[0], 200)
        self.assertEqual(self.ask(own, method="PUT", files=file)[0], 200)
        self.assertEqual(len(self.fetch(path)["data"]), 4)
        self.assertEqual(self.ask(own, method="DELETE")[0], 204)
        self.assertEqual(self.ask(own, method="DELETE")[0], 404)
        self.assertEqual(self.ask(path, method="POST", json={})[0], 422)
        own = "/v3/catalog/products/130/variants/13001/image"
        for options in ({"files": file}, {"json": content}):
            status, body = self.ask(own, method="POST", **options)
            self.assertEqual((status, list(body["data"])), (200, ["image_url"]))
        product = self.fetch(
            "/v3/catalog/products/130", include="variants,images,channels"
        )["data"]
        self.assertIn(
            body["data"],
            [{"image_url": variant["image_url"]} for variant in product["variants"]],
        )
        path = "/v3/catalog/products/channel-assignments"
        for channel_id, expected in ((2, 204), (999, 422)):
            pair = {"product_id": 101, "channel_id": channel_id}
            self.assertEqual(self.ask(path, **_changing([pair]))[0], expected)

    def test_customers_and_their_addresses_fit(self):
        addresses = self.store.control("GET", "v3/customers/5/addresses")
        self.store.put(
            "v3/customers/5/addresses",
            [{**addresses[0], "id": 5000 + number} for number in range(12)],
        )
        customers = self.fetch("/v3/customers", include="addresses")["data"]
        self.assertEqual([one["id"] for one in customers], [*range(2, 11)])
        tom = customers[3]
        self.assertEqual((len(tom["addresses"]), tom["address_count"]), (10, 12))
        self.assertNotIn("addresses", self.fetch("/v3/customers")["data"][0])
        rows = self.fetch("/v3/customers/addresses", **{"customer_id:in": "2,5"})
        self.assertEqual(len(rows["data"]), 14)
        self.assertEqual(len(self.fetch("/v3/customers/addresses")["data"]), 22)
        (row,) = self.fetch("/v3/customers/addresses", **{"id:in": "5003"})["data"]
        self.assertEqual(row["customer_id"], 5)

    def test_pages_of_customers_follow_cursors_or_numbers(self):
        def ids(body):
            return [customer["id"] for customer in body["data"]]

        first = self.fetch("/v3/customers", limit="4")
        self.assertEqual(set(first["meta"]), {"pagination", "cursor_pagination"})
        self.assertEqual(ids(first), [2, 3, 4, 5])
        cursor = first["meta"]["cursor_pagination"]["end_cursor"]
        second = self.fetch("/v3/customers", limit="4", after=cursor)
        self.assertEqual(set(second["meta"]), {"cursor_pagination"})
        self.assertEqual(ids(second), [6, 7, 8, 9])
        cursor = second["meta"]["cursor_pagination"]["end_cursor"]
        last = self.fetch("/v3/customers", limit="4", after=cursor)
        self.assertEqual(ids(last), [10])
        self.assertNotIn("next", last["meta"]["cursor_pagination"]["links"])
        cursor = last["meta"]["cursor_pagination"]["start_cursor"]
        before = self.fetch("/v3/customers", limit="4", before=cursor)
        self.assertEqual(ids(before), [6, 7, 8, 9])
        numbered = self.fetch("/v3/customers", limit="4", page="2")
        self.assertEqual(set(numbered["meta"]), {"pagination"})
        self.assertEqual(ids(numbered), [6, 7, 8, 9])

    def test_filters_of_customers_fit(self):
        self.store.patch("v3/customers/7", date_modified="2026-12-01T00:00:00+00:00")
        for query, found in (
            ({"id:in": "2,4,99"}, [2, 4]),
            ({"email:in": "HEDDA@example.com,kenji@example.com"}, [8, 10]),
            ({"company:in": "Raman Interiors"}, [4]),
            ({"date_modified:min": "2026-11-01T00:00:00+00:00"}, [7]),
            ({"date_modified:max": "2020-01-01T00:00:00+00:00"}, []),
            ({"sort": "date_modified:desc", "limit": "1"}, [7]),
        ):
            with self.subTest(**query):
                body = self.fetch("/v3/customers", **query)
                self.assertEqual([one["id"] for one in body["data"]], found)

    def test_empty_lists_fit(self):
        self.assertIsNone(self.fetch("/v2/orders", min_id="9999"))
        self.assertIsNone(self.fetch("/v2/orders/118/coupons"))
        products = self.fetch("/v3/catalog/products", **{"id:min": "9999"})
        self.assertEqual(products["data"], [])
        self.store.delete("v3/inventory/locations")
        self.assertEqual(self.fetch("/v3/inventory/locations")["data"], [])

    def test_each_page_holds_as_many_as_were_asked_for(self):
        for path, whole in (("/v2/orders", 90), ("/v3/catalog/products", 40)):
            for limit in (1, 39, 40, 250):
                body = self.fetch(path, limit=str(limit))
                items = body if isinstance(body, list) else body["data"]
                self.assertEqual(len(items), min(limit, whole))

    def test_errors_fit(self):
        wrong = {"X-Auth-Token": "wrong"}
        for status, path, options in (
            (401, "/v2/store", {"headers": wrong}),
            (401, "/v3/catalog/products", {"headers": wrong}),
            (404, "/v2/orders/1", {}),
            (404, "/v3/catalog/products/1", {}),
            (404, "/v2/nothing", {}),
            (405, "/v2/store", {"method": "DELETE"}),
            (405, "/v3/channels", {"method": "POST", "json": {}}),
            (406, "/v2/store", {"headers": {"Accept": "text/html"}}),
            (413, "/v2/orders", {"query": {"limit": "251"}}),
            (413, "/v3/catalog/products", {"query": {"limit": "251"}}),
            (413, "/v3/inventory/items", {"query": {"limit": "1001"}}),
            (415, "/v2/orders/118", {"method": "PUT", "data": "status_id=2"}),
            (400, "/v2/orders", {"query": {"status_id": "paid"}}),
            (422, "/v3/catalog/products", {"query": {"id:in": "one"}}),
            (404, "/v3/catalog/products", _changing([{"id": 1}])),
            (409, "/v3/catalog/products", _changing([TAKEN_NAME])),
            (413, "/v3/catalog/products", _changing([{"id": 101}] * 11)),
            (422, "/v3/catalog/products", _changing([{"id": 101, "price": "1"}])),
            (413, "/v3/catalog/variants", _changing([{"id": 10100}] * 51)),
            (413, "/v3/inventory/adjustments/absolute", _changing(TOO_MANY)),
            (422, "/v3/inventory/adjustments/absolute", _changing({})),
            (413, "/v3/customers", {"query": {"limit": "251"}}),
            (422, "/v3/customers", {"query": {"sort": "id:asc"}}),
            (422, "/v3/customers", {"query": {"after": "?"}}),
            (422, "/v3/customers/addresses", {"query": {"customer_id:in": "x"}}),
            (404, "/v3/orders/1/transactions", {}),
            (404, "/v3/orders/1/payment_actions/capture", {"method": "POST"}),
            (422, "/v3/orders/118/payment_actions/capture", {"method": "POST"}),
            (422, "/v3/orders/118/payment_actions/void", {"method": "POST"}),
        ):
            with self.subTest(status=status, path=path):
                self.assertEqual(self.ask(path, **options)[0], status)

    def test_a_missing_scope_and_a_used_up_quota_fit(self):
        self.store.control("PUT", "access", {"scopes": ["store_v2_products_read_only"]})
        self.assertEqual(self.ask("/v2/orders")[0], 403)
        self.assertEqual(self.ask("/v3/channels")[0], 403)
        self.assertEqual(self.ask("/v3/catalog/brands")[0], 200)
        self.store.control("PUT", "quota", {"limit": 0})
        self.assertEqual(self.ask("/v2/store")[0], 429)
        self.assertEqual(self.ask("/v3/catalog/brands")[0], 429)


@tagged("post_install", "-at_install")
class TestContractItself(ContractCase):
    """The checks see what is wrong."""

    def setUp(self):
        super().setUp()
        self.orders = self.fetch("/v2/orders", limit="1", **WITH_LINES)

    def assertBreaks(self, change, path="/v2/orders", body=None):
        body = copy.deepcopy(self.orders if body is None else body)
        change(body)
        with self.assertRaises(openapi.ContractError):
            openapi.validate_response("GET", path, {}, 200, body)

    def test_a_wrong_answer_is_seen(self):
        self.assertBreaks(lambda orders: orders[0].update(id="118"))
        self.assertBreaks(lambda orders: orders[0].update(total_inc_tax=68.7))
        self.assertBreaks(lambda orders: orders[0].update(payment_status="unknown"))
        self.assertBreaks(lambda orders: orders[0].update(fees={}))
        self.assertBreaks(lambda orders: orders[0].update(consignments=[]))
        self.assertBreaks(lambda products: products.clear(), body={"data": 1})

    def test_a_wrong_line_deep_inside_is_seen(self):
        def lines(orders):
            return orders[0]["consignments"]["shipping"][0]["line_items"]

        self.assertBreaks(lambda orders: lines(orders)[0].update(quantity="2"))
        self.assertBreaks(lambda orders: lines(orders)[0].update(invented=1))

    def test_a_status_that_is_not_described_is_seen(self):
        with self.assertRaises(openapi.ContractError):
            openapi.validate_response("GET", "/v2/store", {}, 202, {})
        with self.assertRaises(openapi.ContractError):
            openapi.validate_response("GET", "/v2/store", {}, 404, {"status": 404})

    def test_batch_errors_are_seen_where_they_do_not_belong(self):
        errors = {"batch_errors": [{"status": 422, "title": "No", "errors": {}}]}
        variants, products = "/v3/catalog/variants", "/v3/catalog/products"
        openapi.validate_response("PUT", variants, {}, 422, errors)
        for path, body in (
            (products, errors),
            (variants, {"batch_errors": [{"status": "422"}]}),
            (variants, {"batch_errors": {}}),
        ):
            with self.assertRaises(openapi.ContractError):
                openapi.validate_response("PUT", path, {}, 422, body)

    def test_a_page_that_is_too_long_is_seen(self):
        with self.assertRaises(openapi.ContractError):
            openapi.validate_response(
                "GET", "/v2/orders", {"limit": "1"}, 200, self.orders * 2
            )

    def test_a_wrong_request_is_seen(self):
        for method, path, query, body in (
            ("GET", "/v2/nothing", {}, None),
            ("DELETE", "/v2/store", {}, None),
            ("GET", "/v2/orders", {"status_id:in": "1,2"}, None),
            ("GET", "/v2/orders", {"min_id": "one"}, None),
            ("GET", "/v2/orders", {"include": "lines"}, None),
            ("GET", "/v3/catalog/products", {"limit": "251"}, None),
            ("GET", "/v3/catalog/products", {"sort": "date"}, None),
            ("PUT", "/v2/orders/118", {}, {"status_id": "2"}),
            ("PUT", "/v3/catalog/products", {}, [{"id": 101, "price": "1"}]),
            ("PUT", "/v3/catalog/products", {}, {"id": 101}),
            (
                "PUT",
                "/v3/catalog/products",
                {},
                [{"id": 101, "bulk_pricing_rules": [{"quantity_min": 1}]}],
            ),
            ("PUT", "/v3/catalog/variants", {}, [{"id": "10100"}]),
            ("PUT", "/v3/inventory/adjustments/absolute", {}, {"reason": "x"}),
            (
                "PUT",
                "/v3/inventory/adjustments/absolute",
                {},
                {"items": [{"location_id": 1, "sku": "A", "quantity": "1"}]},
            ),
            ("GET", "/v2/orders", {}, {"status_id": 2}),
        ):
            with (
                self.subTest(path=path, query=query),
                self.assertRaises(openapi.ContractError),
            ):
                openapi.validate_request(method, path, query, body)
