import json

from odoo.tests import BaseCase, tagged

from ..client.client import BigCommerceClient, extract_store_hash
from ..client.errors import (
    Forbidden,
    InvalidRequest,
    NotFound,
    ProtocolError,
    ServerError,
    WriteRefused,
)
from .client_case import MOMENT, TOKEN, ClientCase, collect
from .http_server import ScriptedServer, answer


@tagged("post_install", "-at_install")
class TestStoreHash(BaseCase):
    def test_it_is_found_in_whatever_people_copy(self):
        for text in (
            "abc123",
            "  abc123\n",
            "stores/abc123",
            "/stores/abc123/v3",
            "https://api.bigcommerce.com/stores/abc123/v3/",
            "https://api.bigcommerce.com/stores/abc123/v2/orders?page=1",
            "api.bigcommerce.com/stores/abc123",
            "https://store-abc123.mybigcommerce.com",
            "https://store-ABC123.mybigcommerce.com/manage/dashboard",
            "store-abc123.mybigcommerce.com",
            "https://store-abc123-2.mybigcommerce.com/",
        ):
            with self.subTest(text):
                self.assertEqual(extract_store_hash(text), "abc123")

    def test_there_is_none_elsewhere(self):
        for text in (
            "",
            " ",
            "stores/",
            "https://www.example.com/",
            "https://www.example.com/bookstores/abc123",
            "abc 123",
            "../abc123",
            "abc123.mybigcommerce.com",
            "store-abc123.mybigcommerce.com.example.com",
        ):
            with self.subTest(text):
                self.assertEqual(extract_store_hash(text), "")

    def test_without_one_there_is_no_client(self):
        with self.assertRaises(InvalidRequest):
            BigCommerceClient.connect("https://www.example.com/", TOKEN)

    def test_the_address_is_made_of_it(self):
        for api_url in ("http://127.0.0.1:1", "http://127.0.0.1:1/"):
            client = BigCommerceClient.connect(
                "/stores/abc123/v3", TOKEN, api_url=api_url
            )
            self.assertEqual(
                client.transport.base_url, "http://127.0.0.1:1/stores/abc123"
            )
            client.close()


@tagged("post_install", "-at_install")
class TestEndpoints(ClientCase):
    def test_a_picture_goes_as_a_form(self):
        client = self.serve(answer(body={"data": {"id": 5}}))
        self.assertEqual(
            client.create_image(
                101, file_name="a.jpg", content=b"\xff\xd8\xff0", sort_order=0
            ),
            {"id": 5},
        )
        (request,) = self.server.requests
        self.assertTrue(
            request.headers["content-type"].startswith("multipart/form-data; boundary=")
        )
        self.assertIn(b'name="image_file"; filename="a.jpg"', request.body)
        self.assertIn(b"image/jpeg\r\n\r\n\xff\xd8\xff0\r\n", request.body)
        self.assertIn(b'name="sort_order"\r\n\r\n0\r\n', request.body)
        self.assertNotIn(b"is_thumbnail", request.body)

    def test_channels_are_assigned_in_one_request_of_250_at_most(self):
        client = self.serve(answer(204))
        client.assign_channels([])
        client.assign_channels([("101", "2")] * 250)
        (request,) = self.server.requests
        self.assertEqual(
            json.loads(request.body), [{"product_id": 101, "channel_id": 2}] * 250
        )
        with self.assertRaises(InvalidRequest):
            client.assign_channels([("101", "2")] * 251)

    def test_orders_come_with_their_lines_by_ascending_id(self):
        client = self.serve(answer(204))
        filters = {
            "after_id": 7,
            "min_date_modified": MOMENT,
            "max_date_modified": MOMENT,
            "min_date_created": MOMENT,
            "max_date_created": MOMENT,
            "status_id": 0,
            "channel_id": 1,
            "limit": 10,
        }
        self.assertEqual(collect(client.iterate_orders(**filters)), [])
        (request,) = self.server.requests
        self.assertEqual(request.path, "/stores/abc123/v2/orders")
        self.assertEqual(
            request.query,
            {
                "min_id": "7",
                "min_date_modified": "2026-01-15T10:00:00+00:00",
                "max_date_modified": "2026-01-15T10:00:00+00:00",
                "min_date_created": "2026-01-15T10:00:00+00:00",
                "max_date_created": "2026-01-15T10:00:00+00:00",
                "status_id": "0",
                "channel_id": "1",
                "limit": "10",
                "sort": "id:asc",
                "include": "consignments.line_items,fees",
                "consignment_structure": "object",
            },
        )

    def test_a_single_order_comes_with_its_lines(self):
        client = self.serve(answer(body={"id": 5}))
        self.assertEqual(client.get_order(5), {"id": 5})
        (request,) = self.server.requests
        self.assertEqual(request.path, "/stores/abc123/v2/orders/5")
        self.assertEqual(request.query["include"], "consignments.line_items,fees")

    def test_an_id_cannot_lead_elsewhere(self):
        client = self.serve(answer(404, []))
        with self.assertRaises(NotFound):
            client.get_order("../store?x=")
        path = self.server.requests[0].path
        self.assertEqual(path, "/stores/abc123/v2/orders/..%2Fstore%3Fx%3D")

    def test_taxes_that_differ_only_by_line_all_come(self):
        rows = [{"id": 1, "order_product_id": str(line)} for line in range(60)]
        client = self.serve(answer(body=rows), answer(204))
        self.assertEqual(client.list_order_taxes(5), rows)
        self.assertEqual(self.server.requests[0].query["details"], "true")

    def test_transactions_come_all_at_once_or_not_at_all(self):
        rows = [{"id": 1, "event": "purchase"}]
        client = self.serve(answer(body={"data": rows, "meta": {}}), answer(204))
        self.assertEqual(client.list_order_transactions(5), rows)
        self.assertEqual(client.list_order_transactions(5), [])
        request = self.server.requests[0]
        self.assertEqual(request.path, "/stores/abc123/v3/orders/5/transactions")
        self.assertEqual(request.query, {})

    def test_a_capture_is_asked_for_once_and_says_nothing(self):
        for body in ({}, b""):
            with self.subTest(body=body):
                client = self.serve(answer(201, body))
                self.assertIsNone(client.capture_order_payment(5))
                (request,) = self.server.requests
                self.assertEqual(request.method, "POST")
                self.assertEqual(
                    request.path, "/stores/abc123/v3/orders/5/payment_actions/capture"
                )
                self.assertFalse(request.body)
                self.assertEqual(request.headers["content-type"], "application/json")

    def test_a_capture_whose_answer_is_lost_may_have_taken_effect(self):
        for status in (502, 503, 504):
            with self.subTest(status=status):
                client = self.serve(answer(status, {"title": "Gateway"}))
                with self.assertRaises(ServerError) as caught:
                    client.capture_order_payment(5)
                self.assertTrue(caught.exception.ambiguous)
                self.assertEqual(len(self.server.requests), 1)

    def test_payments_take_their_scopes(self):
        client = self.serve(answer(403, {}), answer(403, {}))
        with self.assertRaises(Forbidden) as caught:
            client.list_order_transactions(5)
        self.assertEqual(caught.exception.scope, "store_v2_transactions_read_only")
        with self.assertRaises(Forbidden) as caught:
            client.capture_order_payment(5)
        self.assertEqual(caught.exception.scope, "store_v2_orders")

    def test_products_are_asked_for_in_portions(self):
        def respond(request):
            wanted = [
                int(product_id) for product_id in request.query["id:in"].split(",")
            ]
            lowest = int(request.query["id:min"])
            found = [{"id": number} for number in wanted if number >= lowest]
            return answer(body={"data": found, "meta": {}})

        client = self.serve(respond=respond)
        wanted = list(range(1, 202))
        rows = collect(client.iterate_products(product_ids=map(str, wanted)))
        self.assertEqual([row["id"] for row in rows], wanted)
        query = self.server.requests[0].query
        self.assertEqual(
            query["include"],
            "variants,images,custom_fields,bulk_pricing_rules,channels",
        )
        self.assertEqual((query["sort"], query["direction"]), ("id", "asc"))

    def test_nothing_wanted_is_nothing_asked(self):
        client = self.serve(answer(body={"data": [{"id": 1}]}))
        for pages in (
            client.iterate_products(product_ids=[]),
            client.iterate_categories([]),
            client.iterate_inventory_items(variant_ids=[]),
            client.iterate_inventory_items(location_ids=[]),
            client.iterate_customers(customer_ids=[]),
            client.iterate_customer_addresses([]),
        ):
            self.assertEqual(list(pages), [])
        self.assertFalse(self.server.requests)

    def test_products_changed_since_are_asked_for_with_a_full_timestamp(self):
        client = self.serve(answer(body={"data": [], "meta": {}}))
        collect(client.iterate_products(min_date_modified=MOMENT, after_id=9))
        query = self.server.requests[0].query
        self.assertEqual(query["date_modified:min"], "2026-01-15T10:00:00+00:00")
        self.assertEqual(query["id:min"], "9")

    def test_customers_come_with_their_addresses_cursor_by_cursor(self):
        def page(number, **meta):
            meta["cursor_pagination"] = {"end_cursor": f"cursor {number}"}
            return answer(body={"data": [{"id": number}], "meta": meta})

        client = self.serve(page(1, pagination={"total": 2}), page(2))
        pages = client.iterate_customers(min_date_modified=MOMENT, limit=1)
        self.assertEqual(collect(pages), [{"id": 1}, {"id": 2}])
        first, second = (request.query for request in self.server.requests)
        filters = {
            "date_modified:min": "2026-01-15T10:00:00+00:00",
            "include": "addresses",
            "limit": "1",
        }
        self.assertEqual(first, filters)
        self.assertEqual(second, {**filters, "after": "cursor 1"})

    def test_a_list_of_customers_resumes_after_a_cursor(self):
        client = self.serve(answer(body={"data": [], "meta": {}}))
        self.assertEqual(collect(client.iterate_customers(after="one")), [])
        self.assertEqual(self.server.requests[0].query["after"], "one")

    def test_customers_are_asked_for_in_portions(self):
        client = self.serve(answer(body={"data": [], "meta": {}}))
        collect(client.iterate_customers(customer_ids=map(str, range(1, 202))))
        asked = [request.query["id:in"] for request in self.server.requests]
        self.assertEqual([len(ids.split(",")) for ids in asked], [100, 100, 1])
        self.server.requests.clear()
        collect(client.iterate_customer_addresses(list(range(1, 202))))
        asked = [request.query["customer_id:in"] for request in self.server.requests]
        self.assertEqual([len(ids.split(",")) for ids in asked], [100, 100, 1])

    def test_stock_of_a_variant_comes_once(self):
        rows = [
            {"identity": {"variant_id": number, "product_id": 1}, "locations": []}
            for number in (1, 2)
        ]
        body = {"data": rows, "meta": {"pagination": {"total": 2}}}
        client = self.serve(answer(body=body))
        pages = client.iterate_inventory_items(location_ids=[1, 2], variant_ids=[1, 2])
        self.assertEqual(collect(pages), rows)
        query = self.server.requests[0].query
        self.assertEqual((query["location_id:in"], query["limit"]), ("1,2", "1000"))

    def test_a_store_without_locations_has_none(self):
        client = self.serve(answer(body={"data": [], "meta": {}}))
        self.assertEqual(client.list_locations(), [])

    def test_a_list_where_an_object_is_due_is_refused(self):
        for body in ([], [{"id": 1}], "x", 5, None):
            for call in ("get_store", "get_time", "get_inventory_settings"):
                with self.subTest(call=call, body=body):
                    client = self.serve(answer(body=body))
                    with self.assertRaises(ProtocolError):
                        getattr(client, call)()

    def test_an_order_is_changed_as_told_and_not_otherwise(self):
        client = self.serve(answer(body={"id": 5, "external_order_id": "S00042"}))
        changes = {"external_order_id": "S00042", "staff_notes": None}
        self.assertEqual(
            client.update_order(5, changes), {"id": 5, "external_order_id": "S00042"}
        )
        (request,) = self.server.requests
        self.assertEqual(request.method, "PUT")
        self.assertEqual(request.path, "/stores/abc123/v2/orders/5")
        self.assertEqual(request.query, {})
        self.assertEqual(json.loads(request.body), changes)
        self.assertEqual(request.headers["content-type"], "application/json")

    def test_what_an_order_is_to_say_arrives_to_the_letter(self):
        client = self.serve(answer(body={"id": 5}))
        for text in (
            "",
            "S 42/2026",
            "Grüße 👋",
            "\u202eabc",
            '"quoted" \\ \n',
            "x" * 5000,
        ):
            with self.subTest(text=text[:20]):
                client.update_order(5, {"external_order_id": text})
                body = json.loads(self.server.requests[-1].body)
                self.assertEqual(body, {"external_order_id": text})

    def test_a_change_of_an_order_cannot_lead_elsewhere(self):
        client = self.serve(answer(404, []))
        with self.assertRaises(NotFound):
            client.update_order("../products/5?x=", {"name": "Mine"})
        path = self.server.requests[0].path
        self.assertEqual(path, "/stores/abc123/v2/orders/..%2Fproducts%2F5%3Fx%3D")

    def test_a_change_that_is_refused_is_told_once(self):
        refusal = [{"status": 400, "message": "The field 'status_id' is invalid."}]
        for status, kind in ((400, InvalidRequest), (422, InvalidRequest)):
            with self.subTest(status=status):
                client = self.serve(answer(status, refusal))
                with self.assertRaises(kind) as caught:
                    client.update_order(5, {"status_id": 999})
                self.assertIn("status_id", str(caught.exception))
                self.assertFalse(caught.exception.ambiguous)
                self.assertEqual(len(self.server.requests), 1)

    def test_a_change_takes_the_scope_to_write(self):
        client = self.serve(answer(403, []))
        with self.assertRaises(Forbidden) as caught:
            client.update_order(5, {})
        self.assertEqual(caught.exception.scope, "store_v2_orders")

    def test_a_client_that_may_only_read_changes_nothing(self):
        self.server = self.start(ScriptedServer(answer(body={"id": 5})))
        client = self.client(self.server.url, read_only="Observe only.")
        with self.assertRaises(WriteRefused) as caught:
            client.update_order(5, {"external_order_id": "S00042"})
        self.assertIn("Observe only.", str(caught.exception))
        self.assertEqual(self.server.requests, [])

    def test_a_change_that_was_accepted_in_odd_words_may_have_taken_effect(self):
        for body in ([], [{"id": 1}], "x", 5, None, b"", b"<html>", b'{"id": '):
            with self.subTest(body=body):
                client = self.serve(answer(body=body))
                with self.assertRaises(ProtocolError) as caught:
                    client.update_order(5, {})
                self.assertTrue(caught.exception.ambiguous)
                self.assertEqual(len(self.server.requests), 1)

    def test_an_odd_answer_to_a_question_has_no_effect_to_doubt(self):
        client = self.serve(answer(body=[]))
        with self.assertRaises(ProtocolError) as caught:
            client.get_order(5)
        self.assertFalse(caught.exception.ambiguous)
