import json

from odoo.tests import tagged

from ..client import errors
from ..client.resources.products import VARIANTS_PER_REQUEST
from .client_case import CALLS, ClientCase, SandboxClientCase, call, collect
from .http_server import ScriptedServer, answer, reset

WRITES = (
    "create_product",
    "create_variants",
    "create_option_value",
    "create_category",
    "rename_option",
    "rename_option_value",
    "assign_channels",
)
HAT = {"name": "Felt hat", "type": "physical", "weight": 1, "price": 20}


def partly(failed):
    return {
        "status": 207,
        "title": "Some were not saved.",
        "type": "",
        "errors": failed,
    }


@tagged("post_install", "-at_install")
class TestCatalogueWrites(ClientCase):
    def make(self, status, body):
        return self.serve(answer(status, body)).create_product(HAT)

    def test_a_product_that_was_made_comes_as_it_is_now(self):
        saved = self.make(200, {"data": {"id": 77, "name": "Felt hat"}, "meta": {}})
        self.assertEqual((saved.raw["id"], saved.complaint), (77, ""))
        (request,) = self.server.requests
        self.assertEqual(request.method, "POST")
        self.assertEqual(request.path, "/stores/abc123/v3/catalog/products")
        self.assertEqual(json.loads(request.body), HAT)

    def test_a_product_that_was_partly_saved_is_there_and_says_what_is_not(self):
        failed = {"custom_url": "Taken", "inventory_level": "Too low"}
        for data in ({"id": 77}, [{"id": 77}]):
            with self.subTest(data):
                saved = self.make(207, {"data": data, "errors": partly(failed)})
                self.assertEqual(saved.raw, {"id": 77})
                self.assertEqual(
                    saved.complaint, "custom_url: Taken; inventory_level: Too low"
                )

    def test_a_complaint_without_fields_is_told_in_its_own_words(self):
        for said in (partly({}), "Some were not saved.", ["Some were not saved."]):
            with self.subTest(said):
                saved = self.make(207, {"data": {"id": 77}, "errors": said})
                self.assertIn("Some were not saved.", saved.complaint)

    def test_a_refusal_says_why_and_has_changed_nothing(self):
        said = {
            "status": 0,
            "title": "No",
            "type": "",
            "errors": {"name": "not unique"},
        }
        for status, kind in ((409, errors.Conflict), (422, errors.InvalidRequest)):
            for name in WRITES:
                with self.subTest(name, status=status):
                    client = self.serve(answer(status, said))
                    with self.assertRaises(kind) as caught:
                        call(client, name)
                    self.assertEqual(caught.exception.errors, {"name": "not unique"})
                    self.assertFalse(caught.exception.ambiguous)
                    self.assertEqual(len(self.server.requests), 1)

    def test_a_lost_answer_is_ambiguous_and_sent_once(self):
        for script in (reset, answer(500), answer(200, b'{"data": ', length=500)):
            for name in WRITES:
                with self.subTest(name, script=script):
                    client = self.serve(script)
                    with self.assertRaises(errors.BigCommerceError) as caught:
                        call(client, name)
                    self.assertTrue(caught.exception.ambiguous)
                    self.assertEqual(len(self.server.requests), 1)

    def test_what_was_made_in_odd_words_may_have_taken_effect(self):
        # what an answer says of channels is not asked for
        names = [name for name in WRITES if name != "assign_channels"]
        for body in ([], "x", None, b"<html>", {}, {"data": None}, {"data": "x"}):
            for name in names:
                with self.subTest(name, body=body):
                    client = self.serve(answer(200, body))
                    with self.assertRaises(errors.ProtocolError) as caught:
                        call(client, name)
                    self.assertTrue(caught.exception.ambiguous)

    def test_a_product_without_an_id_may_have_been_made(self):
        for data in ({}, {"id": None}, [], [{"id": 1}, {"id": 2}]):
            with self.subTest(data), self.assertRaises(errors.ProtocolError) as caught:
                self.make(200, {"data": data})
            self.assertTrue(caught.exception.ambiguous)

    def test_channels_are_assigned_without_an_answer(self):
        client = self.serve(answer(204))
        client.assign_channels([("101", "1")])
        (request,) = self.server.requests
        self.assertEqual(
            json.loads(request.body), [{"product_id": 101, "channel_id": 1}]
        )

    def test_as_many_variants_go_in_one_request_as_the_api_takes(self):
        for count in (1, VARIANTS_PER_REQUEST, VARIANTS_PER_REQUEST + 1):
            with self.subTest(count=count):
                client = self.serve(answer(body={"data": [], "meta": {}}))
                contents = [{"sku": str(number)} for number in range(count)]
                if count > VARIANTS_PER_REQUEST:
                    with self.assertRaisesRegex(errors.InvalidRequest, str(count)):
                        client.create_variants("77", contents)
                    self.assertFalse(self.server.requests)
                else:
                    client.create_variants("77", contents)
                    (request,) = self.server.requests
                    sent = json.loads(request.body)
                    self.assertEqual(len(sent), count)
                    self.assertEqual({row["product_id"] for row in sent}, {77})

    def test_an_id_that_is_none_is_not_sent(self):
        client = self.serve(answer(body={"data": [], "meta": {}}))
        for send in (
            lambda: client.create_variants("", [{}]),
            lambda: client.assign_channels([("x", 1)]),
            lambda: client.create_category("", "", "Hats"),
        ):
            with self.assertRaises(errors.InvalidRequest):
                send()
        self.assertFalse(self.server.requests)

    def test_writes_take_the_scope_to_write(self):
        for name in WRITES:
            with self.subTest(name):
                with self.assertRaises(errors.Forbidden) as caught:
                    call(self.serve(answer(403, {})), name)
                self.assertEqual(caught.exception.scope, "store_v2_products")

    def test_a_client_that_may_only_read_changes_nothing(self):
        self.server = self.start(ScriptedServer(answer(body={"data": []})))
        client = self.client(self.server.url, read_only="Observe only.")
        for name in WRITES:
            with self.subTest(name), self.assertRaises(errors.WriteRefused):
                call(client, name)
        self.assertFalse(self.server.requests)


@tagged("post_install", "-at_install")
class TestCatalogueInTheSandbox(SandboxClientCase):
    """What was lost on the way can be found again, and is there once."""

    def content(self):
        return dict(CALLS["create_product"]["content"])

    def lose(self, path):
        """Let the store do what it is asked, and never say so."""
        self.store.fault(path, kind="reset", after=True)

    def test_a_product_whose_answer_was_lost_is_found_by_name_and_by_sku(self):
        self.lose("^/v3/catalog/products$")
        content = {**HAT, "sku": "FELT"}
        with self.assertRaises(errors.BigCommerceError) as caught:
            self.client.create_product(content)
        self.assertTrue(caught.exception.ambiguous)
        (by_name,) = self.client.find_products(name="Felt hat")
        (by_sku,) = self.client.find_products(sku="FELT")
        self.assertEqual(by_name, by_sku)
        with self.assertRaises(errors.Conflict):
            self.client.create_product(content)

    def test_variants_whose_answer_was_lost_are_found_by_their_sku(self):
        content = self.content()
        product = self.client.create_product(content).raw
        (option,) = self.client.list_options(product["id"])
        value = self.client.create_option_value(product["id"], option["id"], "Blue", 1)
        new = {
            "sku": "HAT-BLUE",
            "option_values": [{"option_id": option["id"], "id": value["id"]}],
        }
        self.lose("^/v3/catalog/variants$")
        with self.assertRaises(errors.BigCommerceError) as caught:
            self.client.create_variants(product["id"], [new])
        self.assertTrue(caught.exception.ambiguous)
        (found,) = self.client.list_variants("HAT-BLUE")
        self.assertEqual(found["product_id"], product["id"])
        with self.assertRaises(errors.InvalidRequest):
            self.client.create_variants(product["id"], [new])

    def test_a_category_whose_answer_was_lost_is_found_by_its_name(self):
        self.lose("^/v3/catalog/trees/categories$")
        with self.assertRaises(errors.BigCommerceError) as caught:
            self.client.create_category("1", "", "Hats")
        self.assertTrue(caught.exception.ambiguous)
        (found,) = self.client.find_categories("1", "Hats")
        self.assertEqual(found["parent_id"], 0)

    def test_a_new_product_reads_the_same_in_lists_as_in_its_answer(self):
        made = self.client.create_product(self.content()).raw
        (listed,) = collect(self.client.iterate_products(product_ids=[made["id"]]))
        self.assertEqual(listed.pop("channels"), [])
        self.assertEqual(listed, {name: made[name] for name in listed})
        self.client.assign_channels([(made["id"], 1)])
        (again,) = self.client.find_products(name=made["name"])
        self.assertEqual(again["channels"], [1])

    def test_a_product_that_is_partly_saved_is_there(self):
        saved = self.client.create_product({**HAT, "custom_url": {"url": "bad"}})
        self.assertIn("custom_url", saved.complaint)
        (found,) = self.client.find_products(name="Felt hat")
        self.assertEqual(found["id"], saved.raw["id"])
