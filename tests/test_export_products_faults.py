"""Whatever goes wrong, each product is made once, and nobody's work is lost."""

from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..client.resources.products import Products
from ..models.bigcommerce_queue_line import PAYLOAD_LIFETIME
from .product_export_case import PRODUCTS, ProductExportCase

POST = "^/v3/catalog/products$"


@tagged("post_install", "-at_install")
class TestEachProductIsMadeOnce(ProductExportCase):
    def setUp(self):
        super().setUp()
        self.skip_backoff()

    def get_line(self, template):
        return self.get_lines("export_products", key=f"new:{template.id}")

    def find_there(self, name):
        """Return the store's products of that name."""
        ids = [
            row["id"]
            for row in self.store.control("GET", PRODUCTS)
            if row["name"] == name
        ]
        return ids

    def assertMadeOnce(self, template):
        self.assertEqual(len(self.find_there(template.name)), 1)
        listing = self.get_listing(template)
        self.assertEqual([listing.bc_id], [*map(str, self.find_there(template.name))])
        self.assertEqual(listing.item_ids.product_id, template.product_variant_ids)
        self.assertEqual(self.get_line(template).state, "done")
        self.assertQueueIsSound()

    def test_though_a_request_failed_before_it_took_effect(self):
        for number, fault in enumerate(({"status": 503}, {"kind": "reset"})):
            with self.subTest(**fault):
                hat = self.make_product(f"Hat {number}", f"HAT-{number}")
                self.store.fault(POST, method="POST", **fault)
                self.export(hat)
                self.come_back()
                self.assertMadeOnce(hat)

    def test_though_the_answer_was_lost(self):
        faults = ({"status": 503}, {"kind": "reset"}, {"kind": "truncate"})
        for number, fault in enumerate(faults):
            for sku in (f"HAT-{number}", False):
                with self.subTest(sku=sku, **fault):
                    hat = self.make_product(f"Hat {number} {sku}", sku)
                    self.store.fault(POST, method="POST", after=True, **fault)
                    self.export(hat)
                    self.assertEqual(self.get_line(hat).state, "unknown")
                    self.come_back()
                    self.assertMadeOnce(hat)

    def test_though_the_answer_about_its_variants_was_lost(self):
        shirts = self.make_shirts()
        self.store.fault(POST, method="POST", kind="reset", after=True)
        self.export(shirts)
        self.come_back()
        self.assertMadeOnce(shirts)

    def test_though_the_worker_was_killed_when_it_was_made(self):
        operation = self.registry["bigcommerce.export.products"]
        send = operation._send

        def die(operation, client, lines):
            send(operation, client, lines)
            raise SystemExit

        self.patch(operation, "_send", die)
        self.instance._start("export_products", templates=self.hat.ids)
        self.drain_until_killed()
        self.patch(operation, "_send", send)
        self.come_back()
        self.assertMadeOnce(self.hat)

    def test_though_two_runs_are_about_it(self):
        for _time in range(2):
            self.instance._start("export_products", templates=self.hat.ids)
        self.drain()
        self.assertMadeOnce(self.hat)

    def test_though_the_answer_about_its_category_was_lost(self):
        path = "^/v3/catalog/trees/categories$"
        self.store.fault(path, method="POST", kind="reset", after=True)
        self.export(self.hat)
        self.come_back()
        self.assertMadeOnce(self.hat)
        names = [
            row["name"]
            for row in self.store.control("GET", "v3/catalog/trees/categories")
        ]
        self.assertEqual(names.count("Headgear"), 1)

    def test_though_the_store_knows_its_sku_already(self):
        self.hat.default_code = "mug-enamel"
        self.export(self.hat)
        line = self.get_line(self.hat)
        self.assertEqual(line.cause_id.code, "exists_in_store")
        self.assertIn("is not unique", line.message)
        self.assertFalse(self.find_there("Felt hat"))

    def test_what_has_its_sku_but_another_name_is_not_taken_for_it(self):
        """The request was refused, and only that answer was lost."""
        self.hat.default_code = "MUG-ENAMEL"
        self.store.fault(POST, method="POST", kind="reset", after=True)
        self.export(self.hat)
        self.assertEqual(self.get_line(self.hat).state, "unknown")
        self.come_back()
        self.assertEqual(self.get_line(self.hat).cause_id.code, "exists_in_store")
        self.assertFalse(self.get_listing(self.hat))

    def test_what_would_be_sold_for_nothing_waits_for_approval(self):
        self.hat.list_price = 0
        self.export(self.hat, publish="publish")
        line = self.get_line(self.hat)
        self.assertEqual(line.cause_id.code, "needs_approval")
        self.assertFalse(self.find_there("Felt hat"))
        line.action_approve()
        self.drain()
        self.assertMadeOnce(self.hat)

    def test_what_is_published_later_is_not_sold_for_nothing_either(self):
        self.hat.list_price = 0
        self.export(self.hat)
        listing = self.get_listing(self.hat)
        self.export(self.hat, publish="publish")
        line = self.get_lines("export_products", key=listing.bc_id)
        self.assertEqual(line.cause_id.code, "needs_approval")
        self.assertFalse(self.read_product(listing)["is_visible"])
        line.action_approve()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertTrue(self.read_product(listing)["is_visible"])

    def test_a_name_that_a_listing_has_is_not_sent(self):
        self.run_operation(self.instance, "import_listings", full=True)
        other = self.make_product("enamel MUG", "ENAMEL-2")
        self.store.forget_requests()
        self.export(other)
        line = self.get_line(other)
        self.assertEqual(line.cause_id.code, "not_sendable")
        self.assertFalse(self.get_sent("POST"))

    def test_what_was_only_partly_saved_is_named_and_bound(self):
        answer = {
            "data": [{**self.prepare_answer(), "id": 900}],
            "errors": {"errors": {"custom_url": "The URL could not be saved"}},
            "meta": {},
        }
        self.store.fault(POST, method="POST", status=207, body=answer)
        self.export(self.hat)
        line = self.get_lines("export_products", key="900")
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "partly_saved"))
        self.assertIn("custom_url: The URL could not be saved", line.message)
        self.assertEqual(self.get_listing(self.hat).bc_id, "900")

    def prepare_answer(self):
        """Return a product as the store would answer it."""
        raw = self.store.control("GET", f"{PRODUCTS}/101")
        variants = self.store.control("GET", f"{PRODUCTS}/101/variants")
        return {
            **raw,
            "name": "Felt hat",
            "sku": "FELT",
            "variants": [{**variants[0], "id": 90001, "sku": "FELT"}],
            "images": [],
        }

    def make_without(self, field):
        """Let the store make the hat without a field, and say so."""

        def create_product(client, content):
            content = {name: value for name, value in content.items() if name != field}
            saved = create(client, content)
            return saved._replace(complaint=f"{field}: it could not be saved")

        create = Products.create_product
        with patch.object(Products, "create_product", create_product):
            self.export(self.hat)
        listing = self.get_listing(self.hat)
        line = self.get_lines("export_products", key=listing.bc_id)
        self.assertEqual(line.cause_id.code, "partly_saved")
        return listing, line

    def test_what_a_new_product_lacks_is_sent_by_a_retry(self):
        self.own("brand", "created")
        self.hat.bigcommerce_brand = "Hill"
        listing, line = self.make_without("brand_name")
        line.read_on = fields.Datetime.now() - 2 * PAYLOAD_LIFETIME
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(listing.brand_id.name, "Hill")
        self.assertEqual(len(self.find_there("Felt hat")), 1)
        # From now on it is the store's people's to say.
        self.change_there(listing, brand_id=0)
        self.store.forget_requests()
        self.export(self.hat)
        self.assertFalse(self.get_sent())

    def test_what_others_filled_in_of_a_new_product_stays(self):
        self.own("description", "created")
        self.hat.bigcommerce_description = "<p>Warm</p>"
        listing, line = self.make_without("description")
        self.change_there(listing, description="<p>Theirs</p>")
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        product = self.read_product(listing)
        self.assertEqual(product["description"], "<p>Theirs</p>")

    def test_a_refusal_names_the_field_and_retry_goes_on(self):
        answer = {
            "status": 422,
            "title": "JSON data is missing or invalid",
            "errors": {"upc": "error.maxLength"},
        }
        self.store.fault(POST, method="POST", status=422, body=answer)
        self.export(self.hat)
        line = self.get_line(self.hat)
        self.assertEqual(line.cause_id.code, "refused")
        self.assertIn("upc", line.message)
        line.action_retry()
        self.drain()
        self.assertMadeOnce(self.hat)

    def test_one_that_is_refused_stops_no_other(self):
        bad = self.make_product("x" * 251, "LONG")
        job = self.export(bad | self.hat)
        self.assertEqual((job.done_count, job.blocked_count), (1, 1))
        self.assertMadeOnce(self.hat)
        self.assertIn("251 characters", self.get_line(bad).message)

    def test_observe_mode_sends_nothing_and_says_what_it_would(self):
        self.instance.observe_mode = True
        self.category.name = "Garden"
        self.export(self.hat)
        line = self.get_line(self.hat)
        self.assertEqual(line.cause_id.code, "read_only")
        self.assertIn("POST /v3/catalog/products", line.message)
        writes = [r for r in self.store.get_requests() if r["method"] != "GET"]
        self.assertFalse(writes)
        self.instance.observe_mode = False
        self.drain()
        self.assertMadeOnce(self.hat)

    def test_though_it_was_renamed_before_it_was_looked_for(self):
        for sku in ("HAT-1", False):
            with self.subTest(sku=sku):
                hat = self.make_product(f"Hat {sku}", sku)
                self.store.fault(POST, method="POST", kind="reset", after=True)
                self.export(hat)
                hat.write({"name": f"Bowler {sku}", "default_code": "BOWLER"})
                self.come_back()
                (bc_id,) = self.find_there(f"Hat {sku}")
                self.assertFalse(self.find_there(f"Bowler {sku}"))
                self.assertEqual(self.get_listing(hat).bc_id, str(bc_id))
                self.assertEqual(self.get_line(hat).state, "done")
                hat.default_code = False

    def test_though_it_was_renamed_between_two_answers_that_were_lost(self):
        self.hat.default_code = False
        self.store.fault(POST, method="POST", status=503)
        self.export(self.hat)
        self.hat.name = "Bowler"
        self.store.fault(POST, method="POST", kind="reset", after=True)
        self.come_back()
        self.assertEqual(self.get_line(self.hat).state, "unknown")
        self.hat.name = "Trilby"
        self.come_back()
        (bc_id,) = self.find_there("Bowler")
        self.assertFalse(self.find_there("Felt hat") + self.find_there("Trilby"))
        self.assertEqual(self.get_listing(self.hat).bc_id, str(bc_id))

    def test_though_a_person_lets_it_be_looked_for_again(self):
        self.hat.default_code = False
        self.store.fault(POST, method="POST", kind="reset", after=True)
        self.export(self.hat)
        self.store.fault(POST, method="GET", status=503, times=0)
        line = self.get_line(self.hat)
        for _time in range(12):
            if line.cause_id:
                break
            self.come_back()
        self.assertEqual(line.cause_id.code, "outcome_unknown")
        self.store.heal()
        self.hat.name = "Bowler"
        line.action_retry()
        self.come_back()
        self.assertEqual(len(self.find_there("Felt hat")), 1)
        self.assertFalse(self.find_there("Bowler"))
        self.assertEqual(line.state, "done")

    def test_one_that_was_archived_before_it_was_looked_for_is_bound(self):
        for sku in ("HAT-1", False):
            with self.subTest(sku=sku):
                hat = self.make_product(f"Hat {sku}", sku)
                self.store.fault(POST, method="POST", kind="reset", after=True)
                self.export(hat)
                hat.active = False
                self.come_back()
                self.assertEqual(len(self.find_there(hat.name)), 1)
                self.assertEqual(self.get_line(hat).state, "done")
                listing = self.env["bigcommerce.listing"].search(
                    [("export_template_id", "=", hat.id)]
                )
                self.assertEqual(listing.item_ids.product_id.product_tmpl_id, hat)

    def test_a_late_retry_does_what_its_run_was_asked_to(self):
        self.hat.write({"list_price": 0, "is_storable": True})
        bad = self.make_product("x" * 251, "LONG")
        self.export(self.hat | bad, publish="publish", channels=["1"], set_stock=True)
        self.hat.list_price = 20
        bad.name = "Short"
        lines = self.get_line(self.hat) | self.get_line(bad)
        lines.read_on = fields.Datetime.now() - 2 * PAYLOAD_LIFETIME
        lines.action_retry()
        self.drain()
        for template in self.hat | bad:
            self.assertMadeOnce(template)
            product = self.read_product(self.get_listing(template))
            self.assertTrue(product["is_visible"])
        product = self.read_product(self.get_listing(self.hat))
        self.assertEqual(product["inventory_tracking"], "product")
        self.assertEqual(self.get_listing(self.hat).channel_ids.mapped("bc_id"), ["1"])

    def test_a_sku_that_a_listing_has_is_not_sent(self):
        self.run_operation(self.instance, "import_listings", full=True)
        other = self.make_product("Enamel mug of ours", "mug-ENAMEL")
        self.store.forget_requests()
        self.export(other)
        line = self.get_line(other)
        self.assertIn(line.cause_id.code, ("exists_in_store", "not_sendable"))
        self.assertIn("mug-ENAMEL", line.message)
        self.assertFalse(self.get_sent("POST"))
        other.default_code = "MUG-OURS"
        line.action_retry()
        self.drain()
        self.assertMadeOnce(other)

    def test_a_store_that_asks_to_wait_is_left_alone(self):
        self.instance.not_before = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self.store.forget_requests()
        self.export(self.hat)
        self.assertFalse(self.store.get_requests())
        self.come_back()
        self.assertMadeOnce(self.hat)

    def test_a_store_that_asks_to_wait_meanwhile_is_left_alone(self):
        self.store.fault(
            POST,
            method="POST",
            status=429,
            headers={"X-Rate-Limit-Time-Reset-Ms": "3600000"},
        )
        self.export(self.hat)
        self.assertNotEqual(self.get_line(self.hat).state, "done")
        self.come_back()
        self.assertMadeOnce(self.hat)

    def test_a_missing_scope_is_named(self):
        self.store.control("PUT", "access", {"scopes": ["store_v2_products_read_only"]})
        self.export(self.hat)
        self.assertEqual(self.get_line(self.hat).cause_id.code, "missing_scope")


@tagged("post_install", "-at_install")
class TestChangesSurvive(ProductExportCase):
    def setUp(self):
        super().setUp()
        self.skip_backoff()
        self.shirts = self.make_shirts()
        self.export(self.hat | self.shirts)
        self.listing = self.get_listing(self.hat)
        self.store.forget_requests()

    def test_a_change_whose_answer_is_lost_is_there_afterwards(self):
        for number, fault in enumerate(
            ({"status": 503}, {"kind": "reset"}, {"kind": "reset", "after": True})
        ):
            with self.subTest(**fault):
                self.store.fault(POST, method="PUT", **fault)
                self.hat.name = f"Bowler {number}"
                self.export(self.hat)
                self.come_back()
                product = self.read_product(self.listing)
                self.assertEqual(product["name"], f"Bowler {number}")
                self.assertQueueIsSound()

    def add_size(self):
        attribute = self.shirts.attribute_line_ids.attribute_id
        self.shirts.attribute_line_ids.value_ids |= self.env[
            "product.attribute.value"
        ].create({"name": "L", "attribute_id": attribute.id})
        new = self.shirts.product_variant_ids.filtered(
            lambda product: not product.default_code
        )
        new.default_code = "LINEN-L"
        return new

    def test_a_lost_answer_leaves_one_new_value_and_one_new_variant(self):
        new = self.add_size()
        for path, method in (("/values$", "POST"), ("^/v3/catalog/variants$", "PUT")):
            self.store.fault(path, method=method, kind="reset", after=True)
        self.export(self.shirts)
        for _time in range(3):
            self.come_back()
        listing = self.get_listing(self.shirts)
        skus = [own["sku"] for own in self.read_product(listing)["variants"]]
        self.assertEqual(sorted(skus), ["LINEN-L", "LINEN-M", "LINEN-S"])
        self.assertEqual(new.bigcommerce_item_ids.listing_id, listing)
        options = self.store.control("GET", f"{PRODUCTS}/{listing.bc_id}/options")
        labels = [value["label"] for value in options[0]["option_values"]]
        self.assertEqual(labels, ["S", "M", "L"])
        self.assertQueueIsSound()

    def test_a_change_that_was_only_partly_saved_is_named(self):
        product = self.read_product(self.listing)
        answer = {
            "data": [{**product, "mpn": ""}],
            "errors": {"errors": {"0.mpn": "It could not be saved"}},
            "meta": {},
        }
        self.hat.write({"name": "Bowler", "bigcommerce_mpn": "B-1"})
        self.store.fault(POST, method="PUT", status=207, body=answer)
        self.export(self.hat)
        line = self.get_lines("export_products", key=self.listing.bc_id)
        self.assertEqual(line.cause_id.code, "partly_saved")
        self.assertIn("mpn: It could not be saved", line.message)
        self.assertFalse(self.listing.mpn)
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(self.read_product(self.listing)["mpn"], "B-1")

    def test_a_name_or_sku_of_another_listing_is_not_sent(self):
        self.hat.name = "Linen SHIRT"
        self.shirts.product_variant_ids[0].default_code = "felt"
        job = self.export()
        self.assertEqual(set(job.line_ids.cause_id.mapped("code")), {"not_sendable"})
        self.assertEqual(job.blocked_count, 2)
        self.assertFalse(self.get_sent())

    def test_what_is_taken_or_too_long_but_not_sent_stops_nothing(self):
        self.own("name", "created")
        self.own("brand", "store")
        self.hat.write(
            {"name": "Linen shirt", "bigcommerce_brand": "x" * 256, "weight": 3}
        )
        self.export(self.hat)
        (changes,) = self.get_sent()
        self.assertEqual({*changes[0]}, {"id", "weight"})

    def test_a_later_run_that_asks_for_less_takes_nothing_away(self):
        hat = self.make_product("Boater", "BOATER")
        first = self.instance._start(
            "export_products", templates=hat.ids, publish="publish", channels=["1"]
        )
        second = self.instance._start("export_products", templates=hat.ids)
        engine = self.registry["bigcommerce.engine"]
        with patch.object(engine, "_work_next", lambda *_arguments: 0):
            self.drain()
        self.drain()
        self.assertEqual((first.done_count, second.line_count), (1, 0))
        listing = self.get_listing(hat)
        self.assertTrue(self.read_product(listing)["is_visible"])
        self.assertEqual(listing.channel_ids.mapped("bc_id"), ["1"])

    def test_a_name_that_another_product_has_there_stops_no_other(self):
        self.hat.name = "Enamel mug"
        self.shirts.name = "Linen blouse"
        self.export()
        line = self.get_lines("export_products", key=self.listing.bc_id)
        self.assertEqual(line.cause_id.code, "refused")
        listing = self.get_listing(self.shirts)
        self.assertEqual(self.read_product(listing)["name"], "Linen blouse")

    def test_what_follows_is_started_again_after_a_retry(self):
        bad = self.make_product("x" * 251, "LONG")
        self.export(bad, set_price=True)
        prices = [("operation", "=", "export_prices")]
        jobs = self.env["bigcommerce.queue.job"]
        self.assertFalse(jobs.search(prices))
        bad.name = "Short"
        line = self.get_lines("export_products", key=f"new:{bad.id}")
        line.action_retry()
        self.drain()
        self.assertEqual(
            jobs.search(prices).options, {"listings": [self.get_listing(bad).bc_id]}
        )

    def test_many_that_are_archived_at_once_are_one_run(self):
        self.instance.hide_archived_products = True
        (self.hat | self.shirts).action_archive()
        runs = self.env["bigcommerce.queue.job"].search(
            [("operation", "=", "export_products"), ("state", "=", "pending")]
        )
        self.assertEqual(len(runs), 1)

    def test_observe_mode_changes_nothing_and_says_what_it_would(self):
        self.instance.observe_mode = True
        self.hat.name = "Bowler"
        self.export(self.hat)
        line = self.get_lines("export_products", key=self.listing.bc_id)
        self.assertEqual(line.cause_id.code, "read_only")
        self.assertIn("PUT /v3/catalog/products", line.message)
        self.assertEqual(self.read_product(self.listing)["name"], "Felt hat")
        self.instance.observe_mode = False
        self.drain()
        self.assertEqual(self.read_product(self.listing)["name"], "Bowler")

    def test_it_is_published_hidden_or_left_as_it_is(self):
        for publish, is_visible in (
            (None, False),
            ("publish", True),
            (None, True),
            ("hide", False),
            ("hide", False),
        ):
            with self.subTest(publish=publish):
                self.export(self.hat, **({"publish": publish} if publish else {}))
                product = self.read_product(self.listing)
                self.assertEqual(product["is_visible"], is_visible)
        # One that a person has hidden does not come back by itself.
        self.instance.hide_archived_products = True
        for active in (False, True):
            self.hat.active = active
            self.drain()
        self.assertFalse(self.read_product(self.listing)["is_visible"])

    def get_jobs(self, operation):
        return self.env["bigcommerce.queue.job"].search(
            [("operation", "=", operation)], order="id"
        )

    def test_what_follows_is_started_once_for_each_end_of_a_run(self):
        codes = ("export_prices", "export_inventory", "export_channels")
        images = len(self.get_jobs("export_images"))
        bad = self.make_product("x" * 251, "LONG")
        wishes = {"set_price": True, "set_stock": True, "publish": "publish"}
        job = self.export(self.hat | bad, channels=["1"], **wishes)
        self.assertEqual(job.state, "done")
        known = self.listing.bc_id
        for code in codes:
            (own,) = self.get_jobs(code)
            self.assertEqual(own.options["listings"], [known])
        self.assertEqual(len(self.get_jobs("export_images")), images + 1)
        bad.name = "Short"
        self.get_lines("export_products", key=f"new:{bad.id}").action_retry()
        self.drain()
        made = self.get_listing(bad).bc_id
        for code in codes:
            _first, own = self.get_jobs(code)
            self.assertEqual(own.options["listings"], sorted([known, made], key=int))
        self.assertEqual(len(self.get_jobs("export_images")), images + 2)
