"""Listings are published on channels on which they are not."""

import json

from odoo.tests import tagged

from .listing_case import MUG, PAN, POT, ListingCase

PRODUCTS = "v3/catalog/products"
SHOP, OTHER = "1", "2"


@tagged("post_install", "-at_install")
class TestExportChannels(ListingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.create_odoo_products = True

    def setUp(self):
        super().setUp()
        self.skip_backoff()
        self.import_listings()
        self.store.forget_requests()

    def export(self, *listings, channels=(OTHER,)):
        return self.run_operation(
            self.instance,
            "export_channels",
            listings=list(listings),
            channels=list(channels),
        )

    def get_writes(self):
        return [
            json.loads(request["body"])
            for request in self.store.get_requests()
            if request["method"] != "GET"
        ]

    def get_channels(self, bc_id):
        return self.get_listing(bc_id).channel_ids.mapped("bc_id")

    def test_pairs_go_in_one_request(self):
        job = self.export(MUG, PAN, channels=(SHOP, OTHER))
        self.assertEqual((job.state, job.line_count), ("done", 2))
        self.assertEqual(
            self.get_writes(),
            [[{"product_id": int(one), "channel_id": 2} for one in (MUG, PAN)]],
        )
        self.assertEqual(set(self.get_channels(MUG)), {SHOP, OTHER})
        self.assertEqual(self.get_channels(POT), [SHOP])
        self.assertQueueIsSound()

    def test_what_is_there_costs_nothing(self):
        self.assertEqual(self.export(MUG, channels=(SHOP,)).line_count, 0)
        self.export(MUG)
        self.store.forget_requests()
        self.assertEqual(self.export(MUG).line_count, 0)
        self.assertFalse(self.store.get_requests())

    def test_nothing_chosen_is_nothing(self):
        self.assertEqual(self.export(MUG, channels=()).line_count, 0)
        self.assertEqual(self.export().line_count, 0)
        job = self.run_operation(self.instance, "export_channels")
        self.assertEqual((job.state, job.line_count), ("done", 0))

    def test_an_excluded_listing_is_skipped(self):
        self.get_listing(MUG).is_excluded = True
        self.assertEqual(self.export(MUG).line_count, 0)

    def test_an_import_afterwards_writes_when_they_were_changed_and_no_more(self):
        self.export(MUG, PAN)
        before = self.count_writes()
        self.assertEqual(self.import_listings().line_count, 0)
        after = self.count_writes()
        written = {name for name in after if after[name] != before[name]}
        self.assertEqual(written, {"bigcommerce_listing"})
        before = after
        self.assertEqual(self.import_listings().line_count, 0)
        self.assertEqual(self.count_writes(), before)

    def test_what_else_has_changed_comes_with_the_next_import(self):
        self.store.patch(f"{PRODUCTS}/{MUG}", name="Tin mug")
        self.export(MUG)
        self.import_listings()
        self.assertEqual(self.get_listing(MUG).name, "Tin mug")

    def test_one_that_is_refused_stops_no_other(self):
        self.store.delete(f"{PRODUCTS}/{PAN}")
        self.export(MUG, PAN, POT)
        line = self.get_lines("export_channels", state="blocked")
        self.assertEqual(line.key, f"{PAN}:{OTHER}")
        self.assertIn("There is no product_id 102", line.message)
        self.assertIn(OTHER, self.get_channels(MUG))
        self.assertIn(OTHER, self.get_channels(POT))
        self.assertQueueIsSound()

    def test_a_lost_answer_leaves_a_product_on_its_channels(self):
        self.store.fault("assignments", method="PUT", kind="reset", after=True)
        self.export(MUG)
        self.let_time_pass()
        self.drain()
        self.assertIn(OTHER, self.get_channels(MUG))
        self.assertEqual(
            self.store.control("GET", f"{PRODUCTS}/{MUG}/channels"), [1, 2]
        )
        self.assertQueueIsSound()
