import json

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..client import codec, errors
from ..client.batches import Batch, BatchAnswer
from ..client.complaint import Complaint
from ..client.resources.inventory import LEVELS_PER_REQUEST
from ..client.resources.products import PRODUCTS_PER_REQUEST, VARIANTS_PER_REQUEST
from ..client.transport import Answer
from .client_case import ClientCase
from .http_server import ScriptedServer, answer, reset

LIMITS = {
    "update_products": PRODUCTS_PER_REQUEST,
    "update_variants": VARIANTS_PER_REQUEST,
}
IDS = [101, 102, 103]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 200) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["title", "errors", "batch_errors", "data", "id", "sku", "1.price"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


def rows(ids, **fields):
    return [{"id": id_, **fields} for id_ in ids]


def multi_status(failed, title="Some fields could not be saved."):
    return {"status": 207, "title": title, "type": "", "errors": failed}


@tagged("post_install", "-at_install")
class TestBatches(ClientCase):
    def update(self, script, changes=None, method="update_products"):
        """Return the BatchAnswer to changes that are answered as told."""
        client = self.serve(script)
        return getattr(client, method)(rows(IDS) if changes is None else changes)

    def test_what_was_saved_comes_by_its_id(self):
        got = self.update(answer(body={"data": rows(IDS, price=1.5), "meta": {}}))
        self.assertEqual(list(got.saved), ["101", "102", "103"])
        self.assertEqual(got.saved["102"]["id"], 102)
        self.assertEqual((got.errors, got.message), ({}, ""))

    def test_as_many_go_in_one_request_as_the_api_takes(self):
        for method, limit in LIMITS.items():
            for count in (1, limit, limit + 1):
                with self.subTest(method, count=count):
                    ids = list(range(1, count + 1))
                    client = self.serve(answer(body={"data": rows(ids)}))
                    if count > limit:
                        with self.assertRaisesRegex(
                            errors.InvalidRequest, f"At most {limit} .* {count}"
                        ):
                            getattr(client, method)(rows(ids))
                        self.assertFalse(self.server.requests)
                    else:
                        got = getattr(client, method)(rows(ids))
                        self.assertEqual(len(got.saved), count)
                        self.assertEqual(len(self.server.requests), 1)

    def test_nothing_to_change_is_nothing_sent(self):
        client = self.serve(answer(500))
        self.assertEqual(client.update_products([]), BatchAnswer())
        self.assertEqual(client.update_variants([]), BatchAnswer())
        self.assertEqual(client.set_inventory_levels([], "Count"), "")
        self.assertFalse(self.server.requests)

    def test_ids_are_numbers_whatever_odoo_calls_them(self):
        client = self.serve(answer(body={"data": []}))
        client.update_variants([{"id": "101", "price": None}])
        self.assertEqual(
            json.loads(self.server.requests[0].body), [{"id": 101, "price": None}]
        )
        for wrong in ("", "x", None, True, -1, 1.5, "1 2", "²"):
            with self.subTest(id=wrong), self.assertRaises(errors.InvalidRequest):
                client.update_variants([{"id": wrong}])
        with self.assertRaises(errors.InvalidRequest):
            client.update_variants([{"price": 1}])
        with self.assertRaises(errors.InvalidRequest):
            client.update_variants([{"id": 1}, {"id": "1"}])
        self.assertEqual(len(self.server.requests), 1)

    def test_what_is_left_out_is_neither_saved_nor_explained(self):
        got = self.update(answer(207, {"data": rows([101])}))
        self.assertEqual((list(got.saved), got.errors), (["101"], {}))
        got = self.update(answer(body={"data": rows([7, 101])}))
        self.assertEqual(list(got.saved), ["101"])

    def test_a_part_that_failed_is_told_of_what_it_names(self):
        for failed in (
            {"1.inventory_level": "negative"},
            {"[1].inventory_level": "negative"},
            {"products[1].inventory_level": "negative"},
            {"102": "negative"},
            {"102.inventory_level": "negative"},
            {"inventory_level": "negative for id 102"},
            {"inventory_level": "Item with product_id 102 is negative"},
            {"inventory_level": "product_id: 102 is negative"},
        ):
            with self.subTest(failed=failed):
                body = {"data": rows(IDS), "errors": multi_status(failed)}
                got = self.update(answer(207, body))
                self.assertEqual(list(got.errors), ["102"])
                self.assertIn("negative", got.errors["102"])
                self.assertEqual(list(got.saved), ["101", "102", "103"])

    def test_a_title_that_names_several_is_told_of_each(self):
        title = "[Item with id 101 is wrong, Item with id 103 is wrong]"
        body = {"data": rows([102]), "errors": multi_status({}, title)}
        got = self.update(answer(207, body))
        self.assertEqual(got.errors, {"101": title, "103": title})

    def test_a_sku_names_what_has_it(self):
        changes = [{"id": 101, "sku": "MUG-1"}, {"id": 102, "sku": "MUG-10"}]
        body = {"data": [], "errors": multi_status({"sku": "MUG-1 is taken"})}
        got = self.update(answer(207, body), changes)
        self.assertEqual(got.errors, {"101": "sku: MUG-1 is taken"})

    def test_what_names_nobody_is_told_of_nobody(self):
        for failed in (
            {"inventory_level": "negative"},
            {"7.inventory_level": "negative"},
            {"inventory_level": "negative for id 1015"},
            {"inventory_level": "negative for variant_id 102"},
        ):
            with self.subTest(failed=failed):
                body = {"data": rows(IDS), "errors": multi_status(failed)}
                got = self.update(answer(207, body))
                self.assertEqual(got.errors, {})
                self.assertIn("negative", got.message)

    def test_an_id_that_is_also_a_position_names_nobody(self):
        changes = rows([1, 2, 3])
        body = {"data": [], "errors": multi_status({"2.price": "wrong"})}
        self.assertEqual(self.update(answer(207, body), changes).errors, {})
        body = {"data": [], "errors": multi_status({"0.price": "wrong"})}
        got = self.update(answer(207, body), changes)
        self.assertEqual(list(got.errors), ["1"])

    def test_all_that_is_said_is_heard_wherever_it_stands(self):
        body = {
            "data": rows([103]),
            "errors": multi_status({"0.price": "wrong"}),
            "batch_errors": [{"id": 102, "title": "Gone"}],
        }
        got = self.update(answer(207, body))
        self.assertEqual(got.errors, {"101": "0.price: wrong", "102": "Gone"})
        for said in ([{"id": 102, "title": "Gone"}], {"102": "Gone"}):
            got = self.update(answer(207, {"data": [], "errors": said}))
            self.assertEqual(list(got.errors), ["102"])
            self.assertIn("Gone", got.errors["102"])

    def test_of_one_change_all_that_is_said_is_about_it(self):
        body = {"data": rows([101]), "errors": multi_status({"url": "taken"})}
        got = self.update(answer(207, body), rows([101]))
        self.assertIn("url: taken", got.errors["101"])
        self.assertEqual(got.message, "")

    def test_batch_errors_are_told_one_by_one(self):
        wrong = {"status": 422, "title": "Wrong", "type": ""}
        for entries in (
            [{**wrong, "id": 101}, {**wrong, "id": 103}],
            [{**wrong, "variant_id": "101"}, {**wrong, "data": {"variant_id": 103}}],
            [
                {**wrong, "errors": {"price": "wrong, variant_id 101"}},
                {**wrong, "errors": {"2.price": "wrong"}},
            ],
            [{**wrong, "errors": {"0.price": "wrong", "2.price": "wrong"}}],
        ):
            for status in (422, 409, 200, 207):
                with self.subTest(entries=entries, status=status):
                    body = {"data": [], "batch_errors": entries}
                    got = self.update(answer(status, body), method="update_variants")
                    self.assertEqual(list(got.errors), ["101", "103"])
                    self.assertEqual((got.saved, got.message), ({}, ""))

    def test_fields_of_other_variants_name_the_only_one_of_their_product(self):
        changes = [{"id": 1, "product_id": 9}, {"id": 2, "product_id": 8}]
        for entry in ({"product_id": 8}, {"data": {"product_id": 8}}):
            body = {"batch_errors": [{"title": "Wrong", **entry}]}
            got = self.update(answer(422, body), changes, "update_variants")
            self.assertEqual(got.errors, {"2": "Wrong"})
        changes[1]["product_id"] = 9
        body = {"batch_errors": [{"title": "Wrong", "product_id": 9}]}
        with self.assertRaises(errors.InvalidRequest):
            self.update(answer(422, body), changes, "update_variants")

    def test_a_refusal_that_leaves_one_unnamed_is_one_of_all(self):
        named = {"id": 101, "title": "Wrong"}
        body = {"batch_errors": [named, {"title": "Something else is wrong"}]}
        with self.assertRaises(errors.InvalidRequest) as caught:
            self.update(answer(422, body), method="update_variants")
        self.assertFalse(caught.exception.ambiguous)
        self.assertEqual(len(caught.exception.item_errors), 2)
        for text in ("Wrong", "Something else is wrong"):
            self.assertIn(text, str(caught.exception))

    def test_a_request_that_is_refused_as_a_whole_raises(self):
        for status, kind in (
            (422, errors.InvalidRequest),
            (413, errors.InvalidRequest),
            (409, errors.Conflict),
            (404, errors.NotFound),
            (403, errors.Forbidden),
            (500, errors.ServerError),
        ):
            for body in (b"", {"title": "No", "errors": {"0.price": "wrong"}}):
                with self.subTest(status=status, body=body):
                    with self.assertRaises(kind) as caught:
                        self.update(answer(status, body))
                    self.assertEqual(caught.exception.ambiguous, status == 500)
                    self.assertEqual(len(self.server.requests), 1)

    def test_what_was_accepted_in_odd_words_may_have_taken_effect(self):
        level = {"location_id": 1, "product_id": 1, "quantity": 1}
        bodies = ([], [{"id": 101}], "x", 5, None, b"", b"<html>", b'{"data": ')
        in_batches = ({}, {"data": None}, {"data": {"id": 101}}, {"data": [1]},
                      {"data": [{}]}, {"data": [{"id": None}]})  # fmt: skip
        for method, odd in {
            "update_products": bodies + in_batches,
            "update_variants": bodies + in_batches,
            "set_inventory_levels": bodies,
        }.items():
            for body in odd:
                for status in (200, 207):
                    with self.subTest(method, body=body, status=status):
                        client = self.serve(answer(status, body))
                        arguments = (
                            ([level], "Count") if "levels" in method else (rows(IDS),)
                        )
                        with self.assertRaises(errors.ProtocolError) as caught:
                            getattr(client, method)(*arguments)
                        self.assertTrue(caught.exception.ambiguous)
                        self.assertEqual(len(self.server.requests), 1)

    def test_a_lost_answer_is_ambiguous_and_sent_once(self):
        client = self.serve(reset)
        for call in (
            lambda: client.update_products(rows(IDS)),
            lambda: client.update_variants(rows(IDS)),
            lambda: client.set_inventory_levels(
                [{"location_id": 1, "product_id": 1, "quantity": 1}], "Count"
            ),
        ):
            self.server.requests.clear()
            with self.assertRaises(errors.BigCommerceError) as caught:
                call()
            self.assertTrue(caught.exception.ambiguous)
            self.assertEqual(len(self.server.requests), 1)

    def test_a_very_long_answer_is_read(self):
        text = "long " * 20_000
        failed = {f"{position}.price": text for position in range(3)}
        body = {"data": rows(IDS, note=text), "errors": multi_status(failed)}
        got = self.update(answer(207, body))
        self.assertEqual(list(got.errors), ["101", "102", "103"])
        self.assertLess(max(map(len, got.errors.values())), 400)

    def test_people_are_taken_out_of_what_is_said(self):
        failed = {"0.name": "jane.doe@example.com called +1 512-555-0147"}
        body = {"data": [], "errors": multi_status(failed)}
        got = self.update(answer(207, body))
        self.assertNotIn("jane", got.errors["101"])
        self.assertNotIn("0147", got.errors["101"])

    @settings(max_examples=200, deadline=None)
    @given(JSON)
    def test_whatever_else_is_said_what_was_saved_is_known(self, value):
        body = {"data": rows(IDS), "errors": value, "batch_errors": value}
        batch = Batch(rows(IDS), ("id", "product_id"), 10)
        transport = self.transport("http://127.0.0.1:1")
        got = batch.parse(Answer(207, {}, body, None), transport)
        self.assertEqual(list(got.saved), ["101", "102", "103"])
        self.assertLessEqual(set(got.errors), set(got.saved))
        self.assertTrue(all(got.errors.values()))


@tagged("post_install", "-at_install")
class TestLevels(ClientCase):
    def levels(self, count):
        return [
            {"location_id": "1", "variant_id": str(number), "quantity": number}
            for number in range(1, count + 1)
        ]

    def test_levels_go_with_a_reason_and_bring_a_transaction(self):
        client = self.serve(answer(body={"transaction_id": "t-1"}))
        items = [
            {"location_id": "1", "product_id": "77", "quantity": 0},
            {"location_id": 2, "variant_id": 80, "quantity": 2_147_483_647},
            {"location_id": 3, "sku": "0012", "quantity": 3},
        ]
        self.assertEqual(client.set_inventory_levels(items, "Count"), "t-1")
        (request,) = self.server.requests
        self.assertEqual(request.method, "PUT")
        self.assertEqual(
            request.path, "/stores/abc123/v3/inventory/adjustments/absolute"
        )
        self.assertEqual(
            json.loads(request.body),
            {
                "reason": "Count",
                "items": [
                    {"location_id": 1, "product_id": 77, "quantity": 0},
                    items[1],
                    items[2],
                ],
            },
        )

    def test_as_many_go_in_one_request_as_the_api_takes(self):
        for count in (1, LEVELS_PER_REQUEST, LEVELS_PER_REQUEST + 1):
            with self.subTest(count=count):
                client = self.serve(answer(body={"transaction_id": "t-1"}))
                if count > LEVELS_PER_REQUEST:
                    with self.assertRaisesRegex(errors.InvalidRequest, "2001"):
                        client.set_inventory_levels(self.levels(count), "Count")
                    self.assertFalse(self.server.requests)
                else:
                    client.set_inventory_levels(self.levels(count), "Count")
                    (request,) = self.server.requests
                    self.assertEqual(len(json.loads(request.body)["items"]), count)

    def test_a_transaction_without_a_name_took_place_all_the_same(self):
        for body in ({}, {"transaction_id": None}, {"transaction_id": ""}):
            client = self.serve(answer(body=body))
            self.assertEqual(client.set_inventory_levels(self.levels(1), "x"), "")

    def test_a_refusal_says_what_is_wrong(self):
        title = "[Item with variant_id 106 is tracked by product]"
        client = self.serve(answer(422, {"status": 422, "title": title, "errors": {}}))
        with self.assertRaises(errors.InvalidRequest) as caught:
            client.set_inventory_levels(self.levels(2), "Count")
        self.assertIn("variant_id 106", str(caught.exception))
        self.assertFalse(caught.exception.ambiguous)

    def test_writes_take_the_scopes_to_write(self):
        client = self.serve(answer(403, {}))
        for scope, call in {
            "store_inventory": lambda: client.set_inventory_levels(
                self.levels(1), "Count"
            ),
            "store_v2_products": lambda: client.update_products(rows([1])),
        }.items():
            with self.assertRaises(errors.Forbidden) as caught:
                call()
            self.assertEqual(caught.exception.scope, scope)

    def test_a_client_that_may_only_read_changes_nothing(self):
        self.server = self.start(ScriptedServer(answer(body={"data": []})))
        client = self.client(self.server.url, read_only="Observe only.")
        for call in (
            lambda: client.set_inventory_levels(self.levels(1), "Count"),
            lambda: client.update_products(rows([1])),
            lambda: client.update_variants(rows([1])),
        ):
            with self.assertRaisesRegex(errors.WriteRefused, "Observe only"):
                call()
        self.assertEqual(self.server.requests, [])


@tagged("post_install", "-at_install")
class TestItemisedComplaint(BaseCase):
    def test_entries_keep_what_names_them_and_the_whole_stays_whole(self):
        body = {
            "batch_errors": [
                {"title": "One", "errors": {"price": "a"}, "data": {"sku": "A-1"}},
                {"title": "Two", "field_errors": {"weight": "b"}, "variant_id": 7},
                "Three",
            ]
        }
        complaint = Complaint.parse(codec.encode(body).encode())
        self.assertEqual(complaint.errors, {"price": "a", "weight": "b"})
        self.assertEqual(
            [(item.identity, item.errors) for item in complaint.items],
            [
                ({"sku": "A-1"}, {"price": "a"}),
                ({"variant_id": "7"}, {"weight": "b"}),
                ({}, {}),
            ],
        )
