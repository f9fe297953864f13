"""Workers that die by SIGKILL while they read lists or import."""

import signal

from odoo.tests import tagged

from .process_case import ProcessCase, dies

COUNT = "bigcommerce.test.count"
ORDERS = "bigcommerce.import.orders"
CREATION = "bigcommerce.order.creation"
ORDER_LISTS = "^/v2/orders$"


@tagged("post_install", "-at_install")
class TestEachOrderIsImportedOnce(ProcessCase):
    """Of six in work; another worker comes after."""

    def assertImportedThoughKilled(self, *points):
        order_ids = self.place_orders(6)
        self.start("import_orders")
        self.work_until_killed(*points)
        self.work_off(1)
        self.assertImported(order_ids)
        self.assertEqual(
            self.get_states("import_orders"), dict.fromkeys(order_ids, "done")
        )
        with self.transaction() as env:
            jobs = env["bigcommerce.queue.job"].search(
                [("operation", "=", "import_orders")]
            )
            self.assertEqual(jobs.mapped("state"), ["done"])
        return order_ids

    def test_though_the_worker_dies_after_the_claim(self):
        self.assertImportedThoughKilled(dies("_claim_lines", after=True))

    def test_though_the_worker_dies_after_it_has_read_the_details(self):
        self.assertImportedThoughKilled(dies("_fetch_details", after=True))

    def test_though_the_worker_dies_with_them_written_and_not_committed(self):
        self.assertImportedThoughKilled(
            dies("_create_sale_orders", CREATION, after=True)
        )

    def test_though_the_worker_dies_with_all_settled_and_not_committed(self):
        self.assertImportedThoughKilled(dies("_apply_together", after=True))
        self.assertEqual(
            {line["tries"] for line in self.get_lines("import_orders")}, {2}
        )

    def test_though_the_worker_dies_after_the_commit_before_the_job_ends(self):
        self.assertImportedThoughKilled(dies("_apply_lines", after=True))
        self.assertEqual(
            {line["tries"] for line in self.get_lines("import_orders")}, {1}
        )

    def test_though_the_next_worker_dies_while_it_gives_back_what_was_held(self):
        order_ids = self.place_orders(6)
        self.start("import_orders")
        self.work_until_killed(dies("_apply", ORDERS))
        self.work_until_killed(dies("_recover_orphans", after=True))
        self.work_off(1)
        self.assertImported(order_ids)

    def test_by_the_other_pump_if_one_dies(self):
        self.set_batch_limit(2)
        order_ids = self.place_orders(12)
        self.start("import_orders")
        other = self.start_worker()
        self.work_until_killed(dies("_apply", ORDERS))
        self.wait_until(
            lambda: (
                "running" not in self.get_states("import_orders").values()
                or self.wake()
            ),
            "what the dead one held is given back",
        )
        self.wait_until(self.is_idle, "all are done")
        self.assertEqual(other.stop(), 0)
        self.assertImported(order_ids)


@tagged("post_install", "-at_install")
class TestPoison(ProcessCase):
    def test_a_line_that_kills_each_worker_fails_and_its_99_neighbours_are_done(self):
        partner_ids = self.create_counters(100)
        poison = str(partner_ids[41])
        self.start_counting(partner_ids)
        deaths = 0
        while not self.is_idle():
            worker = self.start_worker(dies("_count", COUNT, key=poison))
            self.wait_until(
                lambda worker=worker: worker.wait(0.05) or self.is_idle(),
                "the worker dies, or has nothing left to do",
            )
            if worker.stop() == -signal.SIGKILL:
                deaths += 1
            # Odoo itself lets a scheduled action rest that has died three times.
            self.let_minutes_pass(1)
        self.assertEqual(deaths, 5)
        counts = dict(zip(partner_ids, self.get_counts(partner_ids), strict=True))
        self.assertEqual(counts.pop(int(poison)), 0)
        self.assertEqual(set(counts.values()), {1})
        states = self.get_states("test_count")
        self.assertEqual(states.pop(poison), "failed")
        self.assertEqual(set(states.values()), {"done"})
        with self.transaction() as env:
            line = env["bigcommerce.queue.line"].search(
                [("operation", "=", "test_count"), ("key", "=", poison)]
            )
            self.assertEqual(line.cause_id.code, "killed_worker")
            self.assertTrue(line.message)
            self.assertEqual(line.job_id.state, "done")
        self.assertNothingLost()


@tagged("post_install", "-at_install")
class TestAScanGoesOnWhereItWas(ProcessCase):
    """Of orders on pages of three; the watermark does not move before its end."""

    def get_watermark(self):
        with self.transaction() as env:
            return (
                env["bigcommerce.automatic.job"]
                ._get_job(self.get_instance(env), "import_orders")
                .watermark
            )

    def assertScannedThoughKilled(self, point, pages_kept):
        order_ids = self.place_orders(10)
        job_id = self.start("import_orders")
        self.work_until_killed(point, page_size=3)
        self.assertFalse(self.get_watermark())
        state, resume_point = self.get_values(
            "bigcommerce.queue.job", job_id, "state", "resume_point"
        )
        self.assertEqual(state, "discovering")
        # A page begins with the last order of the page before.
        last_id = int(order_ids[2 * pages_kept])
        self.assertEqual(resume_point["after_id"], last_id)
        self.store.forget_requests()
        self.work_off(1, page_size=3)
        first_request = self.store.get_requests(ORDER_LISTS)[0]
        self.assertEqual(int(first_request["query"]["min_id"]), last_id)
        self.assertTrue(self.get_watermark())
        self.assertImported(order_ids)
        self.assertCountEqual(
            [line["key"] for line in self.get_lines("import_orders")], order_ids
        )

    def test_though_the_worker_dies_with_a_page_written_and_not_committed(self):
        self.assertScannedThoughKilled(dies("_keep_page", nth=2, after=True), 1)

    def test_though_the_worker_dies_after_a_page_is_committed(self):
        self.assertScannedThoughKilled(dies("_keep_page", nth=3), 2)

    def test_though_the_worker_dies_with_the_watermark_not_committed(self):
        order_ids = self.place_orders(5)
        self.start("import_orders")
        self.work_until_killed(dies("_settle_scan", after=True), page_size=3)
        self.assertFalse(self.get_watermark())
        self.work_off(1, page_size=3)
        self.assertTrue(self.get_watermark())
        self.assertImported(order_ids)

    def test_unless_it_kills_each_worker_then_it_fails(self):
        self.place_orders(1)
        job_id = self.start("import_orders")
        for _death in range(5):
            self.work_until_killed(dies("_keep_page"))
            self.let_minutes_pass(1)
        self.work_off(1, dies("_keep_page"))
        state, message = self.get_values(
            "bigcommerce.queue.job", job_id, "state", "error_message"
        )
        self.assertEqual(state, "failed")
        self.assertTrue(message)
        self.assertFalse(self.get_watermark())
