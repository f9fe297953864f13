"""Transactions that collide: with people, and between two workers."""

from odoo.tests import tagged

from .process_case import ProcessCase, pauses

COUNT = "bigcommerce.test.count"
CREATION = "bigcommerce.order.creation"


@tagged("post_install", "-at_install")
class TestCollisions(ProcessCase):
    def assertAllDoneAtFirstTry(self, operation):
        for line in self.get_lines(operation):
            self.assertEqual((line["state"], line["tries"]), ("done", 1))
        self.assertNothingLost()

    def test_what_a_person_writes_meanwhile_is_kept_and_counted_on(self):
        self.set_batch_limit(1)
        partner_ids = self.create_counters(3)
        self.start_counting(partner_ids)
        self.start_worker(
            pauses("_count", COUNT, key=str(partner_ids[1]), name="count")
        )
        self.wait_paused("count")
        with self.transaction() as env:
            env["res.partner"].browse(partner_ids[1]).color = 100
        self.let_go("count")
        self.wait_until(self.is_idle, "all are done")
        self.assertEqual(self.get_counts(partner_ids), [1, 101, 1])
        self.assertAllDoneAtFirstTry("test_count")

    def test_orders_are_written_once_though_somebody_changes_their_lines(self):
        order_ids = self.place_orders(3)
        self.start("import_orders")
        self.start_worker(pauses("_create_sale_orders", CREATION, name="create"))
        self.wait_paused("create")
        with self.transaction() as env:
            env["bigcommerce.order"].search([]).write({"name": "Changed"})
            env["bigcommerce.queue.line"].search(
                [("operation", "=", "import_orders")]
            ).write({"name": "Changed"})
        self.let_go("create")
        self.wait_until(self.is_idle, "all are done")
        self.assertImported(order_ids)
        self.assertAllDoneAtFirstTry("import_orders")

    def test_two_workers_in_a_deadlock_both_finish(self):
        self.set_batch_limit(1)
        first, second = self.create_counters(2)
        self.start(
            "test_count",
            items=[
                {"key": "1", "partners": [first, second]},
                {"key": "2", "partners": [second, first]},
            ],
        )
        for _number in range(2):
            self.start_worker(pauses("_count", COUNT, nth=2, name="count"))
        self.wait_paused("count", 2)
        self.let_go("count")
        self.wait_until(self.is_idle, "both are done")
        self.assertEqual(self.get_counts([first, second]), [2, 2])
        self.assertAllDoneAtFirstTry("test_count")
        with open(self.scene.log) as log:
            log.seek(self.log_start)
            self.assertIn("deadlock detected", log.read(), "there was one")

    def test_lines_that_are_cancelled_while_they_are_in_work_end_as_they_end(self):
        partner_ids = self.create_counters(4)
        job_id = self.start_counting(partner_ids)
        self.set_batch_limit(2)
        self.start_worker(pauses("_apply", COUNT, name="apply"))
        self.wait_paused("apply")
        with self.transaction() as env:
            env["bigcommerce.queue.job"].browse(job_id).action_cancel()
        self.let_go("apply")
        self.wait_until(self.is_idle, "nothing is left")
        self.assertEqual(self.get_counts(partner_ids), [1, 1, 0, 0])
        self.assertEqual(
            list(self.get_states("test_count").values()),
            ["done", "done", "cancelled", "cancelled"],
        )
        self.assertNothingLost()
