"""What the store no longer has is archived, and comes back with it."""

import json

from odoo.tests import tagged

from .listing_case import MUG, PAN, POT
from .test_listings_in_step import PRODUCTS, ListingsHereCase

LAST = "140"


@tagged("post_install", "-at_install")
class TestVanished(ListingsHereCase):
    def get_archived(self):
        return set(
            self.env["bigcommerce.listing"]
            .search([("active", "=", False), ("instance_id", "=", self.instance.id)])
            .mapped("bc_id")
        )

    def remove(self, *bc_ids):
        for bc_id in bc_ids:
            self.store.delete(f"{PRODUCTS}/{bc_id}")

    def test_of_any_number_of_products_that_are_gone_the_listings_are_archived(self):
        self.import_listings()
        self.assertEqual(self.get_archived(), set())
        for gone in ({MUG}, {PAN, POT}, {LAST}, {"138", "139"}):
            with self.subTest(gone=gone):
                before = self.get_archived()
                self.remove(*gone)
                self.import_listings()
                self.assertEqual(self.get_archived(), before | gone)
                self.assertQueueIsSound()

    def test_the_listings_of_an_emptied_store_are_all_archived(self):
        self.store.delete("v3/catalog/products")
        self.import_listings()
        self.assertEqual(len(self.get_archived()), 40)

    def test_a_list_that_was_cut_short_takes_nothing_for_gone(self):
        """Each missing product is asked for before its listing is archived."""
        self.import_listings()
        self.remove(MUG)
        self.store.fault(
            "^/v3/catalog/products$",
            status=200,
            body=json.dumps({"data": [], "meta": {}}),
        )
        self.import_listings()
        self.assertEqual(self.get_archived(), {MUG})

    def test_its_items_are_archived_and_its_product_stays(self):
        product = self.make_product("MUG-ENAMEL")
        self.import_listings()
        item = self.get_listing(MUG).item_ids
        self.remove(MUG)
        self.import_listings()
        self.assertFalse(item.active)
        self.assertTrue(product.active)
        self.assertEqual(item.product_id, product)
        self.assertEqual(self.get_line(MUG).state, "done")

    def test_it_comes_back_with_its_items_and_its_mapping(self):
        product = self.make_product("MUG-ENAMEL")
        self.import_listings()
        listing = self.get_listing(MUG)
        item = listing.item_ids
        raw = self.store.control("GET", f"{PRODUCTS}/{MUG}")
        variants = self.store.control("GET", f"{PRODUCTS}/{MUG}/variants")
        self.remove(MUG)
        self.import_listings()
        self.store.put(f"{PRODUCTS}/{MUG}", raw)
        self.store.put(f"{PRODUCTS}/{MUG}/variants", variants)
        self.import_listings()
        self.assertTrue(listing.active and item.active)
        self.assertEqual(item.product_id, product)

    def test_that_it_is_gone_is_found_once(self):
        self.remove(MUG)
        self.import_listings()
        lines = len(self.get_lines("import_listings", key=MUG))
        self.import_listings()
        self.assertEqual(len(self.get_lines("import_listings", key=MUG)), lines)

    def test_one_asked_for_and_not_there_is_gone_and_the_others_are_not(self):
        self.remove(MUG, PAN)
        self.import_listings(ids=[MUG, POT])
        self.assertEqual(self.get_archived(), {MUG})

    def test_one_asked_for_that_nobody_knows_is_named_and_not_kept(self):
        job = self.import_listings(ids=["777777"])
        self.assertEqual(job.state, "done")
        line = self.get_line("777777")
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "not_found"))
        self.assertFalse(self.get_listing("777777"))

    def test_a_line_that_waited_is_done_when_its_product_is_gone(self):
        line = self.get_line(MUG)
        self.assertEqual(line.state, "blocked")
        self.remove(MUG)
        line.payload = False
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(self.get_archived(), {MUG})

    def test_a_waiting_line_learns_from_the_scan_that_its_product_is_gone(self):
        self.assertEqual(self.get_line(MUG).state, "blocked")
        self.remove(MUG)
        self.import_listings()
        self.assertEqual(self.get_line(MUG).state, "done")

    def test_another_instance_of_the_store_keeps_its_listings(self):
        company = self.env["res.company"].create({"name": "Second"})
        other = self.env["bigcommerce.instance"].create(
            {
                "name": "Other",
                "store_hash": "sandbox",
                "access_token": "sandbox-token",
                "api_url": self.store.address,
                "company_id": company.id,
                "warehouse_id": self.env["stock.warehouse"]
                .search([("company_id", "=", company.id)], limit=1)
                .id,
            }
        )
        other.action_confirm()
        self.run_operation(other, "import_listings", full=True)
        self.remove(MUG)
        self.import_listings()
        own = self.env["bigcommerce.listing"].search([("instance_id", "=", other.id)])
        self.assertIn(MUG, own.mapped("bc_id"))


@tagged("post_install", "-at_install")
class TestDrift(ListingsHereCase):
    """The catalogue changes while its pages are read."""

    def scan(self, *steps, size=10):
        """Read pages of ``size`` products; do the next step after each of them."""
        operation = self.instance._get_operation("import_listings")
        seen, gone = [], []
        steps = iter(steps)
        with self.instance._connect() as client:
            whole = client.iterate_products
            self.patch(
                client,
                "iterate_products",
                lambda **options: whole(**options, limit=size),
            )
            for page in operation._discover(client, self.instance, {"full": True}, {}):
                for item in page.items:
                    (gone if "is_gone" in item.payload else seen).append(item.key)
                next(steps, bool)()
        return seen, gone

    def test_pages_of_any_size_see_everything_once(self):
        for size in (2, 3, 39, 40, 41, 250):
            with self.subTest(size=size):
                seen, gone = self.scan(size=size)
                self.assertEqual(len(seen), 40)
                self.assertEqual(len(set(seen)), 40)
                self.assertEqual(gone, [])

    def test_one_deleted_before_its_page_is_gone(self):
        seen, gone = self.scan(lambda: self.store.delete(f"{PRODUCTS}/115"))
        self.assertEqual(gone, ["115"])
        self.assertEqual(len(seen), 39)

    def test_one_deleted_after_its_page_was_there(self):
        seen, gone = self.scan(lambda: self.store.delete(f"{PRODUCTS}/{MUG}"))
        self.assertEqual(gone, [])
        self.assertEqual(len(seen), 40)

    def test_the_first_and_the_last_of_a_page_are_gone_like_any_other(self):
        for bc_id in ("111", "120", "121"):
            with self.subTest(product=bc_id):
                self.store.reset()
                _seen, gone = self.scan(
                    lambda bc_id=bc_id: self.store.delete(f"{PRODUCTS}/{bc_id}")
                )
                self.assertEqual(gone, [bc_id])

    def test_one_made_meanwhile_is_seen_and_nothing_is_taken_for_gone(self):
        raw = self.store.control("GET", f"{PRODUCTS}/{MUG}")

        def make():
            self.store.put(f"{PRODUCTS}/900", {**raw, "id": 900, "name": "New"})

        seen, gone = self.scan(bool, make)
        self.assertIn("900", seen)
        self.assertEqual(gone, [])

    def test_a_scan_that_goes_on_later_finds_what_is_gone_in_its_part(self):
        self.store.delete(f"{PRODUCTS}/{MUG}")
        self.store.delete(f"{PRODUCTS}/130")
        operation = self.instance._get_operation("import_listings")
        with self.instance._connect() as client:
            pages = operation._discover(
                client,
                self.instance,
                {"full": True},
                {"after_id": 120, "filters": {}},
            )
            keys = [
                item.key
                for page in pages
                for item in page.items
                if "is_gone" in item.payload
            ]
        self.assertEqual(keys, ["130"])
