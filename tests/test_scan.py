"""How the engine reads a store's lists: whole, once, resumable, and never back."""

from datetime import datetime, timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sandbox.scale import Scale
from .common import FEW, SandboxCase, load_few_orders

SCAN = "odoo.addons.bigcommerce_connector.sync.scan"
ORDERS = "^/v2/orders$"
OVERLAP = timedelta(minutes=5)


class ScanCase(SandboxCase):
    """An instance that selects no order, so that scans alone are looked at."""

    load = staticmethod(load_few_orders)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()
        cls.instance.order_status_ids = cls.env["bigcommerce.order.status"].search(
            [("instance_id", "=", cls.instance.id), ("bc_id", "=", "2")]
        )
        cls.automatic_job = cls.instance.automatic_job_ids.filtered(
            lambda job: job.operation == "import_orders"
        )

    def setUp(self):
        super().setUp()
        self.skip_backoff()

    def scan(self, **options):
        return self.run_operation(self.instance, "import_orders", **options)

    def get_order_queries(self):
        return [
            request["query"]
            for request in self.store.get_requests(ORDERS)
            if request["status"] in (200, 204)
        ]

    def count_orders(self):
        return self.env["bigcommerce.order"].search_count([])


@tagged("post_install", "-at_install")
class TestPages(ScanCase):
    """A store with one order and one product more than a page holds."""

    load = staticmethod(Scale(251).load)

    def test_a_store_without_orders_is_no_problem(self):
        self.store.delete("v2/orders")
        job = self.scan()
        self.assertEqual((job.state, self.count_orders()), ("done", 0))
        self.assertFalse(job.error_message)

    def test_the_only_order_of_a_store_is_found(self):
        self.store.delete("v2/orders")
        self.store.place_order(lines=[{"name": "Shelf", "price": "5"}])
        self.scan()
        self.assertEqual(self.count_orders(), 1)

    def test_exactly_one_page_of_orders_is_read_whole(self):
        self.store.delete("v2/orders/251")
        self.scan()
        self.assertEqual(self.count_orders(), 250)
        self.assertEqual(
            [query["min_id"] for query in self.get_order_queries()], ["1", "250"]
        )

    def test_one_order_more_than_a_page_is_found(self):
        job = self.scan()
        self.assertEqual(self.count_orders(), 251)
        self.assertEqual(
            [query["min_id"] for query in self.get_order_queries()], ["1", "250", "251"]
        )
        self.assertEqual(job.request_count, 3)
        self.assertEqual(job.state, "done")

    def test_one_product_more_than_a_page_is_found(self):
        self.instance.create_odoo_products = False
        self.run_operation(self.instance, "import_listings")
        self.assertEqual(self.env["bigcommerce.listing"].search_count([]), 251)

    def test_exactly_one_page_of_products_is_read_whole(self):
        self.instance.create_odoo_products = False
        self.store.delete("v3/catalog/products/251")
        self.run_operation(self.instance, "import_listings")
        self.assertEqual(self.env["bigcommerce.listing"].search_count([]), 250)

    def test_a_scan_that_is_cut_off_goes_on_after_the_last_page_kept(self):
        self.store.fault(ORDERS, kind="reset", nth=2, times=0)
        job = self.scan()
        self.assertEqual((job.state, self.count_orders()), ("pending", 250))
        self.assertTrue(job.error_message)
        self.assertGreater(job.not_before, fields.Datetime.now())
        self.assertFalse(self.automatic_job.watermark)
        self.store.heal()
        self.store.forget_requests()
        self.drain()
        self.assertEqual(self.get_order_queries(), [], "not before its time")
        self.let_time_pass()
        self.drain()
        self.assertEqual((job.state, self.count_orders()), ("done", 251))
        self.assertEqual(
            [query["min_id"] for query in self.get_order_queries()], ["250", "251"]
        )
        self.assertTrue(self.automatic_job.watermark)
        self.assertFalse(job.error_message)

    def test_a_resumed_scan_asks_with_the_filters_with_which_it_began(self):
        self.automatic_job.watermark = "2026-10-01 12:00:00"
        self.store.fault(ORDERS, kind="reset", nth=2, times=0)
        self.scan()
        self.automatic_job.watermark = "2026-10-20 12:00:00"
        self.store.heal()
        self.let_time_pass()
        self.drain()
        self.assertEqual(
            {query["min_date_modified"] for query in self.get_order_queries()},
            {"2026-10-01T12:00:00+00:00"},
        )

    def test_a_page_that_fails_does_not_use_up_the_tries_of_the_next(self):
        self.store.fault(ORDERS, status=500, nth=2, times=0)
        job = self.scan()
        self.assertEqual((job.state, job.tries), ("pending", 1))

    def test_a_scan_whose_time_is_over_goes_on_next_time(self):
        pump = self.registry["bigcommerce.engine"]
        commit_progress = pump._commit_progress
        self.patch(
            pump,
            "_commit_progress",
            lambda engine, processed: commit_progress(engine, processed) and 0,
        )
        job = self.scan()
        self.assertEqual((job.state, self.count_orders()), ("pending", 250))
        self.drain()
        self.assertEqual((job.state, self.count_orders()), ("pending", 251))
        self.drain()
        self.assertEqual(job.state, "done")

    def test_a_pump_that_is_killed_keeps_no_page_by_halves(self):
        def die(*_arguments):
            raise SystemExit

        self.patch(self.registry["bigcommerce.engine"], "_enqueue_lines", die)
        job = self.instance._start("import_orders")
        self.drain_until_killed()
        self.assertEqual((self.count_orders(), job.resume_point), (0, False))

    @mute_logger("odoo.sql_db")
    def test_a_scan_that_collides_with_another_transaction_goes_on(self):
        engine = self.registry["bigcommerce.engine"]
        keep_page = engine._keep_page
        collisions = [SerializationFailure()]

        def collide(engine, job, page):
            if job.resume_point and collisions:
                raise collisions.pop()
            keep_page(engine, job, page)

        self.patch(engine, "_keep_page", collide)
        job = self.scan()
        self.assertEqual((job.state, self.count_orders()), ("done", 251))

    @mute_logger("odoo.sql_db")
    def test_a_scan_that_is_cancelled_meanwhile_stays_cancelled(self):
        def cancel(engine, job, page):
            # As another transaction does it, with which the page then collides.
            job.action_cancel()
            engine.env.cr.commit()
            raise SerializationFailure()

        self.patch(self.registry["bigcommerce.engine"], "_keep_page", cancel)
        job = self.scan()
        self.assertEqual((job.state, self.count_orders()), ("cancelled", 0))

    def test_a_cancelled_scan_reads_no_further(self):
        engine = self.registry["bigcommerce.engine"]
        keep_page = engine._keep_page

        def cancel(engine, job, page):
            keep_page(engine, job, page)
            job.action_cancel()

        self.patch(engine, "_keep_page", cancel)
        job = self.scan()
        self.assertEqual((job.state, self.count_orders()), ("cancelled", 250))
        self.assertFalse(self.automatic_job.watermark)


@tagged("post_install", "-at_install")
class TestWatermark(ScanCase):
    def test_the_first_scan_begins_where_history_does(self):
        self.instance.import_orders_from = "2026-10-01 00:00:00"
        self.scan()
        self.assertEqual(
            {query.get("min_date_created") for query in self.get_order_queries()},
            {"2026-10-01T00:00:00+00:00"},
        )

    def test_it_moves_to_the_newest_change_less_five_minutes(self):
        newest = max(
            self.env["bigcommerce.order"]
            .browse(self._scan_all())
            .mapped("date_modified")
        )
        self.assertEqual(self.automatic_job.watermark, newest - OVERLAP)

    def _scan_all(self):
        self.scan()
        return self.env["bigcommerce.order"].search([]).ids

    def test_it_never_lies_after_the_clock_of_the_store(self):
        self.store.control(
            "PUT", "clock", {"now": "2026-09-05T12:00:00Z", "frozen": True}
        )
        self.scan()
        self.assertEqual(
            self.automatic_job.watermark, datetime(2026, 9, 5, 12) - OVERLAP
        )

    def test_the_next_scan_asks_for_what_has_changed_since(self):
        self.scan()
        watermark = self.automatic_job.watermark
        self.store.forget_requests()
        self.scan()
        self.assertEqual(
            {query["min_date_modified"] for query in self.get_order_queries()},
            {f"{watermark.isoformat()}+00:00"},
        )
        self.assertLessEqual(len(self.get_order_queries()), 3)

    def test_it_never_goes_back(self):
        self.automatic_job.watermark = "2026-10-27 00:00:00"
        self.store.control(
            "PUT", "clock", {"now": "2026-09-05T12:00:00Z", "frozen": True}
        )
        self.scan()
        self.assertEqual(self.automatic_job.watermark, datetime(2026, 10, 27))

    def test_a_run_with_options_does_not_move_it(self):
        self.scan(ids=["118", "119"])
        self.assertEqual(self.count_orders(), 2)
        self.assertFalse(self.automatic_job.watermark)
        self.assertFalse(self.automatic_job.last_processed_on)

    def test_a_scan_that_failed_does_not_move_it(self):
        self.store.fault(ORDERS, status=403, nth=2, times=0)
        job = self.scan()
        self.assertEqual(job.state, "failed")
        self.assertFalse(self.automatic_job.watermark)
        self.assertFalse(self.automatic_job.last_processed_on)

    def test_a_scan_that_saw_nothing_does_not_move_it(self):
        self.store.delete("v2/orders")
        self.scan()
        self.assertFalse(self.automatic_job.watermark)
        self.assertTrue(self.automatic_job.last_processed_on)

    def test_other_filters_mean_that_all_orders_are_looked_at_again(self):
        statuses = self.env["bigcommerce.order.status"].search(
            [("instance_id", "=", self.instance.id)]
        )
        for change in (
            {"order_status_ids": [(6, 0, statuses.ids)]},
            {"channel_ids": [(6, 0, self.env["bigcommerce.channel"].search([]).ids)]},
            {"import_orders_from": "2026-09-05"},
        ):
            with self.subTest(change=change):
                self.automatic_job.watermark = "2026-10-27 00:00:00"
                self.instance.write(change)
                self.assertFalse(self.automatic_job.watermark)

    def test_other_filters_while_a_scan_is_open_leave_it_unmoved(self):
        job = self.instance._start("import_orders")
        self.instance.import_orders_from = "2026-09-05"
        self.drain()
        self.assertEqual(job.state, "done")
        self.assertFalse(self.automatic_job.watermark)
        self.scan()
        self.assertTrue(self.automatic_job.watermark)

    def test_a_failed_scan_retried_under_other_filters_leaves_it_unmoved(self):
        self.store.fault(ORDERS, status=403, nth=2, times=0)
        job = self.scan()
        self.assertEqual((job.state, self.count_orders()), ("failed", FEW))
        self.instance.import_orders_from = "2026-09-05"
        self.store.heal()
        job.action_retry()
        self.drain()
        self.assertEqual(job.state, "done")
        self.assertFalse(self.automatic_job.watermark)

    def test_of_several_open_scans_one_may_move_it(self):
        self.store.fault(ORDERS, status=403)
        older = self.scan()
        newer = self.instance._start("import_orders")
        older.action_retry()
        movers = (older | newer).filtered(
            lambda job: job.state == "pending" and job.moves_watermark
        )
        self.assertLessEqual(len(movers), 1)

    def test_confirming_again_leaves_it_where_it_is(self):
        self.scan()
        watermark = self.automatic_job.watermark
        self.instance.action_confirm()
        self.assertEqual(self.automatic_job.watermark, watermark)

    def test_what_changes_during_the_scan_is_seen_by_the_next(self):
        self.scan()
        self.store.control("PUT", "clock", {"now": "2026-10-28T12:00:00Z"})
        self.store.patch("v2/orders/118", status_id=5, status="Cancelled")
        self.scan()
        self.assertEqual(self.get_order(118).status_id.bc_id, "5")

    def test_one_scan_of_a_store_is_open_at_a_time(self):
        job = self.instance._start("import_orders")
        self.assertEqual(self.instance._start("import_orders"), job)
        self.assertNotEqual(self.instance._start("import_orders", ids=["118"]), job)
        self.assertNotEqual(self.instance._start("import_listings"), job)
        job.state = "discovering"
        self.assertEqual(self.instance._start("import_orders"), job)
        job.state = "running"
        self.assertNotEqual(self.instance._start("import_orders"), job)


@tagged("post_install", "-at_install")
class TestErrors(ScanCase):
    def test_a_token_that_is_not_accepted_pauses_the_store(self):
        self.store.control("PUT", "access", {"access_token": "another"})
        job = self.scan()
        self.assertEqual((job.state, job.tries, job.request_count), ("pending", 0, 1))
        self.assertTrue(self.instance.is_access_refused)
        self.assertIn("does not accept the access token", job.error_message)

    def test_a_run_waits_for_a_token(self):
        self.instance.access_token = False
        job = self.scan()
        self.assertEqual((job.state, job.tries), ("pending", 0))
        self.assertEqual(self.store.get_requests(ORDERS), [])
        self.instance.access_token = "sandbox-token"
        self.drain()
        self.assertEqual(job.state, "done")

    def test_a_missing_scope_ends_the_run_and_is_named(self):
        self.store.control("PUT", "access", {"scopes": ["store_v2_information"]})
        job = self.scan()
        self.assertEqual(job.state, "failed")
        self.assertIn("Orders", job.error_message)

    def test_a_store_that_is_gone_ends_the_run_in_words(self):
        self.store.fault(ORDERS, status=404, times=0)
        job = self.scan()
        self.assertEqual(job.state, "failed")
        self.assertIn("does not have this", job.error_message)

    def test_an_answer_that_is_no_api_is_asked_for_again_then_ends_in_words(self):
        self.store.fault(ORDERS, status=200, body="<html>Welcome</html>", times=0)
        job = self.scan()
        self.assertEqual(job.state, "pending")
        for _again in range(4):
            self.let_time_pass()
            self.drain()
        self.assertEqual(job.state, "failed")
        self.assertIn("not what BigCommerce's API promises", job.error_message)

    def test_a_failed_run_is_logged(self):
        self.store.fault(ORDERS, status=403, times=0)
        job = self.scan()
        log = self.env["bigcommerce.log"].search([("job_id", "=", job.id)])
        self.assertEqual((log.level, log.message), ("error", job.error_message))

    def test_a_failed_run_can_be_retried(self):
        self.store.fault(ORDERS, status=403)
        job = self.scan()
        job.action_retry()
        self.drain()
        self.assertEqual((job.state, self.count_orders()), ("done", FEW))
        self.assertFalse(job.error_message)

    def test_a_truncated_answer_is_asked_for_again(self):
        self.store.fault(ORDERS, kind="truncate")
        job = self.scan()
        self.assertEqual((job.state, self.count_orders()), ("done", FEW))

    def test_a_short_pause_for_the_quota_is_slept(self):
        self.store.fault(
            ORDERS, status=429, headers={"X-Rate-Limit-Time-Reset-Ms": "50"}
        )
        job = self.scan()
        self.assertEqual((job.state, self.count_orders()), ("done", FEW))
        self.assertFalse(self.instance.not_before)

    def test_a_long_pause_for_the_quota_holds_the_store_and_costs_no_try(self):
        self.store.fault(
            ORDERS, status=429, headers={"X-Rate-Limit-Time-Reset-Ms": "25000"}
        )
        before = fields.Datetime.now()
        job = self.scan()
        self.assertEqual((job.state, job.tries), ("pending", 0))
        self.assertAlmostEqual(
            self.instance.not_before,
            before + timedelta(seconds=26),
            delta=timedelta(seconds=3),
        )
        self.store.forget_requests()
        self.drain()
        self.assertEqual(self.store.get_requests(), [])
        self.let_time_pass()
        self.drain()
        self.assertEqual((job.state, self.count_orders()), ("done", FEW))

    def test_a_server_in_trouble_is_asked_again_later_and_at_last_given_up(self):
        self.store.fault(ORDERS, status=500, times=0)
        job = self.scan()
        for minutes in (1, 5, 15, 60):
            self.assertEqual(job.state, "pending")
            self.assertAlmostEqual(
                job.not_before,
                fields.Datetime.now() + timedelta(minutes=minutes),
                delta=timedelta(seconds=5),
            )
            self.let_time_pass()
            self.drain()
        self.assertEqual((job.state, job.tries), ("failed", 5))
        self.assertIn("problem of its own", job.error_message)

    def test_a_store_out_of_reach_is_asked_again_later(self):
        self.instance.api_url = "http://127.0.0.1:9"
        job = self.scan()
        self.assertEqual(job.state, "pending")
        self.assertIn("cannot be reached", job.error_message)
        self.assertTrue(job.not_before)

    @mute_logger(SCAN)
    def test_an_unexpected_error_ends_the_run_not_the_pump(self):
        def surprise(*_arguments):
            raise KeyError("surprise")

        self.patch(self.registry["bigcommerce.import.orders"], "_keep_found", surprise)
        job = self.scan()
        self.assertEqual(job.state, "failed")
        self.assertIn("surprise", job.error_message)

    def test_one_unreadable_order_does_not_stop_the_others(self):
        self.store.patch("v2/orders/120", total_ex_tax="a lot")
        job = self.scan()
        self.assertEqual((job.state, self.count_orders()), ("done", FEW))

    def test_orders_that_say_little_do_not_stop_the_others(self):
        for order, change in (
            (120, {"date_created": "", "status_id": 2}),
            (121, {"date_created": None, "date_modified": None, "status_id": 2}),
            (122, {"billing_address": None}),
            (123, {"default_currency_code": None, "currency_code": None}),
            (124, {"consignments": [], "fees": {}, "items_total": None}),
            (125, {"channel_id": None, "status_id": 99, "customer_id": None}),
        ):
            self.store.patch(f"v2/orders/{order}", **change)
        job = self.scan()
        self.assertEqual((job.state, self.count_orders()), ("done", FEW))

    def test_products_that_say_little_do_not_stop_the_others(self):
        for product, change in (
            (101, {"name": ""}),
            (102, {"name": None}),
            (103, {"price": None, "weight": None, "sku": None, "categories": None}),
        ):
            self.store.patch(f"v3/catalog/products/{product}", **change)
        product = self.store.control("GET", "v3/catalog/products/104")
        del product["name"]
        self.store.put("v3/catalog/products/104", product)
        job = self.run_operation(self.instance, "import_listings")
        self.assertEqual(job.state, "done")
        self.assertEqual(self.env["bigcommerce.listing"].search_count([]), 40)
        self.assertFalse(self.get_lines("import_listings", state="failed"))

    def test_one_vanished_order_does_not_stop_the_others_of_a_run(self):
        job = self.scan(ids=["118", "999999", "119"])
        self.assertEqual(self.count_orders(), 2)
        self.assertEqual(job.state, "done")
