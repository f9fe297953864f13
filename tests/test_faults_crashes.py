"""Workers that die, updates and copies: rows 25 to 29, 37 and 38 of the faults."""

import subprocess
import sys
from contextlib import contextmanager
from functools import partial

from odoo.exceptions import UserError
from odoo.modules.neutralize import neutralize_database
from odoo.tests import tagged

from .fault_case import FaultCase
from .process_case import dies

COUNT = "bigcommerce.test.count"
ORDERS = "bigcommerce.import.orders"
SHIPMENTS = "bigcommerce.export.shipments"
# Operation, its model, and the request that changes the store.
WRITES = {
    "export_shipments": (SHIPMENTS, "POST", "/shipments$"),
    "export_payments": (
        "bigcommerce.export.payments",
        "POST",
        "/payment_actions/capture$",
    ),
    "export_refunds": (
        "bigcommerce.export.refunds",
        "POST",
        "/payment_actions/refunds$",
    ),
    "export_inventory": (
        "bigcommerce.export.inventory",
        "PUT",
        "/inventory/adjustments/absolute$",
    ),
    "export_prices": (
        "bigcommerce.export.prices",
        "PUT",
        "/catalog/(products|variants)$",
    ),
}
# What may be sent again where it is not known to have arrived.
ABSOLUTE = ("export_inventory", "export_prices")


class CrashCase(FaultCase):
    def get_in_work(self):
        """Return the lines that a dead worker has left, by id."""
        return {
            line["id"]: line
            for line in self.get_lines()
            if line["state"] in ("running", "sending")
        }

    def get_effects(self, operation):
        """Return the requests by which an operation has changed the store."""
        _model, method, path = WRITES[operation]
        return [one for one in self.get_writes(path) if one["method"] == method]

    def assertDone(self, line_ids, tries):
        """Lines have come to their end, after so many tries."""
        found = {
            line["id"]: (line["state"], line["tries"])
            for line in self.get_lines()
            if line["id"] in line_ids
        }
        self.assertEqual(found, dict.fromkeys(line_ids, ("done", tries)))


@tagged("post_install", "-at_install")
class TestKilled(CrashCase):
    def test_a_worker_that_dies_after_the_claim_costs_its_lines_one_try(self):
        """Row 25."""
        self.work_until_killed(dies("_fetch_details"))
        left = self.get_in_work()
        self.assertTrue(left)
        self.assertEqual({line["tries"] for line in left.values()}, {1})
        self.work()
        self.assertDone(left, 2)
        self.check()

    def assertSentOnceThoughKilled(self, operation):
        """A worker dies between a request and its commit: the effect is there once."""
        self.work_until_killed(dies("_send", WRITES[operation][0], after=True))
        left = self.get_in_work()
        self.assertEqual({line["state"] for line in left.values()}, {"sending"})
        self.assertEqual(len(self.get_effects(operation)), 1)
        self.work()
        self.work_later()
        self.assertDone(left, 2)
        if operation not in ABSOLUTE:
            self.assertEqual(len(self.get_effects(operation)), 1, self.describe())
        self.check()

    def test_a_worker_that_dies_when_it_has_made_a_shipment_has_made_it_once(self):
        """Row 26."""
        self.assertSentOnceThoughKilled("export_shipments")

    def test_a_worker_that_dies_when_it_has_captured_a_payment_has_done_so_once(self):
        """Row 26."""
        self.assertSentOnceThoughKilled("export_payments")

    def test_a_worker_that_dies_when_it_has_refunded_has_done_so_once(self):
        """Row 26."""
        self.assertSentOnceThoughKilled("export_refunds")

    def test_a_worker_that_dies_when_it_has_written_levels_leaves_them_right(self):
        """Row 26."""
        self.assertSentOnceThoughKilled("export_inventory")

    def test_a_worker_that_dies_when_it_has_written_prices_leaves_them_right(self):
        """Row 26."""
        self.assertSentOnceThoughKilled("export_prices")

    def test_what_a_worker_has_committed_before_it_dies_is_not_done_again(self):
        """Row 27."""
        self.work()
        order_id = self.place_order()
        job_id = self.start("import_orders")
        self.work_until_killed(dies("_apply_lines", after=True))
        self.assertEqual(
            self.get_values("bigcommerce.queue.job", job_id, "state"), "running"
        )
        with self.transaction() as env:
            records = env["bigcommerce.order"]._find(self.get_instance(env), [order_id])
            sale_order_id = records[order_id].sale_order_id.id
            self.assertTrue(sale_order_id)
        self.store.forget_requests()
        self.work()
        self.assertEqual(self.store.get_requests("^/v2/orders"), [])
        (line,) = (
            one for one in self.get_lines("import_orders") if one["key"] == order_id
        )
        self.assertEqual((line["state"], line["tries"]), ("done", 1))
        self.assertEqual(
            self.get_values("bigcommerce.queue.job", job_id, "state"), "done"
        )
        with self.transaction() as env:
            records = env["bigcommerce.order"]._find(self.get_instance(env), [order_id])
            self.assertEqual(records[order_id].sale_order_id.id, sale_order_id)
        self.check()

    def test_a_worker_that_dies_between_the_last_page_and_the_watermark(self):
        """Row 28."""
        self.work()
        with self.transaction() as env:
            watermark = self.get_watermark(env)
        order_ids = [self.place_order() for _number in range(3)]
        job_id = self.start("import_orders")
        self.work_until_killed(dies("_settle_scan", after=True), page_size=2)
        with self.transaction() as env:
            self.assertEqual(self.get_watermark(env), watermark)
            job = env["bigcommerce.queue.job"].browse(job_id)
            self.assertEqual(job.state, "discovering")
            self.assertEqual(str(job.resume_point["after_id"]), order_ids[-1])
        self.store.forget_requests()
        self.work(page_size=2)
        lists = self.store.get_requests("^/v2/orders$")
        self.assertEqual(lists[0]["query"]["min_id"], order_ids[-1])
        with self.transaction() as env:
            self.assertGreaterEqual(self.get_watermark(env), watermark)
            records = env["bigcommerce.order"]._find(self.get_instance(env), order_ids)
            self.assertEqual(len(records), 3)
            self.assertTrue(all(one.sale_order_id for one in records.values()))
        self.check()

    def get_watermark(self, env):
        return (
            env["bigcommerce.automatic.job"]
            ._get_job(self.get_instance(env), "import_orders")
            .watermark
        )


@tagged("post_install", "-at_install")
class TestTimeLimit(CrashCase):
    """A worker that works longer than Odoo lets it is killed by Odoo."""

    @contextmanager
    def prefork_server(self, seconds):
        """Have a server whose cron worker is killed after so many seconds."""
        process = subprocess.Popen(
            [sys.executable, "-m", "odoo", "server", "--no-http", "--workers", "1"]
            + ["--database", self.scene.database.name, "--max-cron-threads", "1"]
            + ["--limit-time-real-cron", str(seconds)]
            + ["--logfile", str(self.scene.log)],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()

    def test_it_costs_one_try_and_the_next_one_looks_what_became_of_it(self):
        """Row 29."""
        self.work()
        self.add_fault("/shipments$", method="POST", kind="slow", seconds=15)
        with self.transaction() as env:
            records = env["bigcommerce.order"]._find(
                self.get_instance(env), self.new_orders[:1]
            )
            self.deliver(records[self.new_orders[0]].sale_order_id)
        with self.prefork_server(5):
            self.wait_until(self.is_told, "the delivery is told")
        with open(self.scene.log) as log:
            log.seek(self.log_start)
            self.assertIn("timeout after", log.read())
        _old, line = self.get_lines("export_shipments")
        self.assertEqual((line["state"], line["tries"]), ("done", 2))
        self.assertEqual(len(self.get_effects("export_shipments")), 2)
        self.check()

    def is_told(self):
        # A worker that Odoo has just made looks after a minute, or when it is woken.
        self.wake()
        lines = self.get_lines("export_shipments")
        return [line["state"] for line in lines] == ["done", "done"]

    def test_a_line_that_exceeds_it_each_time_fails_and_the_others_are_done(self):
        """Row 29, again and again."""
        partner_ids = self.create_counters(3)
        poison = str(partner_ids[1])
        self.start_counting(partner_ids)
        for _death in range(5):
            self.work_until_killed(dies("_count", COUNT, key=poison))
            self.let_minutes_pass(1)
        self.work()
        self.assertEqual(self.get_counts(partner_ids), [1, 0, 1])
        (line,) = (
            one
            for one in self.get_lines("test_count", "message")
            if one["key"] == poison
        )
        self.assertEqual((line["state"], line["tries"]), ("failed", 5))
        self.assertTrue(line["message"])
        self.check()


@tagged("post_install", "-at_install")
class TestUpdate(CrashCase):
    def update(self):
        """Update the addon, as an administrator does."""
        with self.transaction() as env:
            env.cr.execute("SELECT max(id) FROM orm_signaling_registry")
            (signal,) = env.cr.fetchone()
        subprocess.run(
            [sys.executable, "-m", "odoo", "server", "--no-http", "--stop-after-init"]
            + ["--database", self.scene.database.name]
            + ["--update", "bigcommerce_connector"]
            + ["--logfile", str(self.scene.log)],
            cwd=self.folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with self.transaction() as env:
            # Workers have loaded what it was updated to: they need not do so again.
            env.cr.execute("DELETE FROM orm_signaling_registry WHERE id > %s", [signal])

    def test_what_waits_survives_and_what_nobody_knows_any_more_says_so(self):
        """Row 37."""
        self.work_until_killed(dies("_send", SHIPMENTS, after=True))
        forgotten_id = self.start("test_note", items=[])
        with self.transaction() as env:
            # The operation of an earlier release.
            env["bigcommerce.queue.job"].browse(forgotten_id).operation = "forgotten"
        before = self.get_queue()
        self.update()
        self.assertEqual(self.get_queue(), before)
        self.work()
        self.work_later()
        self.assertEqual(len(self.get_effects("export_shipments")), 1)
        state, message = self.get_values(
            "bigcommerce.queue.job", forgotten_id, "state", "error_message"
        )
        self.assertEqual(state, "failed")
        self.assertIn("does not exist any more", message)
        self.check()

    def get_queue(self):
        """Return all that is in the queue, jobs and lines."""
        with self.transaction() as env:
            return [
                env[model].search([], order="id").read(load=None)
                for model in ("bigcommerce.queue.job", "bigcommerce.queue.line")
            ]


@tagged("post_install", "-at_install")
class TestCopies(CrashCase):
    def test_a_neutralized_copy_asks_nothing_of_any_store(self):
        """Row 38, neutralized."""
        self.work_until_killed(dies("_send", SHIPMENTS, after=True))
        for store in (self.store, self.other_store):
            store.forget_requests()
        with self.transaction() as env:
            neutralize_database(env.cr)
            # As somebody does who wants to try something.
            env["ir.cron"].with_context(active_test=False).search(
                [("model_id.model", "like", "bigcommerce.%")]
            ).active = True
        self.wake()
        self.let_minutes_pass(60)
        self.work()
        with self.transaction() as env:
            for instance in env["bigcommerce.instance"].search([]):
                for act in (
                    instance.action_import_orders,
                    partial(instance._start, "export_inventory"),
                    instance.action_test_connection,
                    instance.action_confirm,
                ):
                    with self.assertRaises(UserError):
                        act()
        for store in (self.store, self.other_store):
            self.assertEqual(store.get_requests(), [])
        self.check_invariants()

    def test_a_restored_copy_changes_no_store_before_somebody_says_so(self):
        """Row 38, restored."""
        with self.transaction() as env:
            env["ir.config_parameter"].set_param("database.uuid", "a-copy")
        self.work()
        written = {request["path"].split("/")[-1] for request in self.get_writes()}
        self.assertLessEqual(written, {"refund_quotes"}, "a question changes nothing")
        self.assertTrue(self.store.get_requests())
        with self.transaction() as env:
            env["bigcommerce.instance"].search([]).action_allow_this_database()
        self.work()
        self.assertEqual(len(self.get_effects("export_shipments")), 1)
        self.check()
