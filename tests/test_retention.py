"""What is settled does not stay for ever, and nothing else goes."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models import bigcommerce_queue_job, bigcommerce_queue_line
from ..models.bigcommerce_queue_line import DAYS_KEPT, FAILURE_DAYS_KEPT
from .common import OrderCase
from .test_engine import EngineCase

BATCH = 4


class RetentionCase(EngineCase):
    def setUp(self):
        super().setUp()
        for module in (bigcommerce_queue_line, bigcommerce_queue_job):
            self.patch(module, "PURGE_BATCH", BATCH)
        self.env["bigcommerce.queue.line"].search([]).unlink()
        self.env["bigcommerce.queue.job"].search([]).unlink()

    def settle(self, lines, state, days):
        """Let lines have come to ``state`` so many days ago."""
        cause = self.env["bigcommerce.cause"]._get("unexpected_error")
        lines.write(
            {
                "state": state,
                "ended_on": fields.Datetime.now() - timedelta(days=days),
                "cause_id": cause.id if state in ("failed", "blocked") else False,
            }
        )
        return lines

    def purge_lines(self):
        return self.env["bigcommerce.queue.line"]._gc_settled_lines()

    def purge_jobs(self):
        return self.env["bigcommerce.queue.job"]._gc_ended_jobs()


@tagged("post_install", "-at_install")
class TestLines(RetentionCase):
    def test_odoo_does_it_every_day(self):
        for model, method in (
            ("queue.line", "_gc_settled_lines"),
            ("queue.job", "_gc_ended_jobs"),
        ):
            self.assertTrue(
                getattr(self.registry[f"bigcommerce.{model}"], method)._autovacuum
            )

    def test_settled_ones_go_after_their_days(self):
        for state in ("done", "cancelled", "superseded"):
            with self.subTest(state=state):
                old = self.settle(self.enqueue(f"{state} old"), state, DAYS_KEPT + 1)
                young = self.settle(self.enqueue(f"{state} new"), state, DAYS_KEPT - 1)
                self.assertEqual(self.purge_lines(), (1, False))
                self.assertFalse(old.exists())
                self.assertTrue(young.exists())

    def test_failures_are_kept_longer(self):
        self.assertGreaterEqual(FAILURE_DAYS_KEPT, 3 * DAYS_KEPT)
        old = self.settle(self.enqueue(1), "failed", FAILURE_DAYS_KEPT + 1)
        young = self.settle(self.enqueue(2), "failed", FAILURE_DAYS_KEPT - 1)
        self.assertEqual(self.purge_lines(), (1, False))
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())

    def test_what_is_open_or_waits_for_a_person_never_goes(self):
        states = ("pending", "running", "sending", "unknown", "retry", "blocked")
        lines = self.enqueue(*states)
        for line, state in zip(lines, states, strict=True):
            self.settle(line, state, 10 * FAILURE_DAYS_KEPT)
        self.assertEqual(self.purge_lines(), (0, False))
        self.assertEqual(lines.exists(), lines)

    def test_one_that_waits_for_a_person_to_look_never_goes(self):
        line = self.settle(self.enqueue(1), "unknown", 10 * FAILURE_DAYS_KEPT)
        line.cause_id = self.env["bigcommerce.cause"]._get("outcome_unknown")
        self.purge_lines()
        self.assertTrue(line.exists())

    def test_a_day_has_24_hours(self):
        line = self.enqueue(1)
        line.write(
            {
                "state": "done",
                "ended_on": fields.Datetime.now()
                - timedelta(days=DAYS_KEPT)
                + timedelta(minutes=5),
            }
        )
        self.purge_lines()
        self.assertTrue(line.exists())

    def test_many_go_in_batches_the_oldest_first(self):
        lines = self.settle(self.enqueue(*range(10)), "done", DAYS_KEPT + 1)
        self.assertEqual(self.purge_lines(), (BATCH, True))
        self.assertEqual(lines.exists(), lines[BATCH:])
        self.assertEqual(self.purge_lines(), (BATCH, True))
        self.assertEqual(self.purge_lines(), (2, False))
        self.assertFalse(lines.exists())
        self.assertEqual(self.purge_lines(), (0, False))

    def test_exactly_one_batch_is_purged_in_one_go(self):
        self.settle(self.enqueue(*range(BATCH)), "done", DAYS_KEPT + 1)
        self.assertEqual(self.purge_lines(), (BATCH, True))
        self.assertEqual(self.purge_lines(), (0, False))

    def test_failures_that_are_kept_are_no_batch_of_their_own(self):
        """They are older by number than what has to go."""
        kept = self.settle(self.enqueue(*range(10)), "failed", DAYS_KEPT + 1)
        gone = self.settle(self.enqueue(*range(10, 12)), "done", DAYS_KEPT + 1)
        self.assertEqual(self.purge_lines(), (2, False))
        self.assertFalse(gone.exists())
        self.assertEqual(kept.exists(), kept)

    def test_one_that_was_retried_is_young_again(self):
        line = self.settle(self.enqueue(1), "failed", FAILURE_DAYS_KEPT + 1)
        line.action_retry()
        self.purge_lines()
        self.assertTrue(line.exists())
        self.drain()
        self.assertEqual(line.state, "done")
        self.purge_lines()
        self.assertTrue(line.exists())


@tagged("post_install", "-at_install")
class TestJobs(RetentionCase):
    def make_job(self, state, days, **vals):
        return self.env["bigcommerce.queue.job"].create(
            {
                "instance_id": self.instance.id,
                "operation": "import_brands",
                "state": state,
                "ended_on": fields.Datetime.now() - timedelta(days=days),
                **vals,
            }
        )

    def test_those_without_lines_go_after_their_days(self):
        for state in ("done", "failed", "cancelled"):
            with self.subTest(state=state):
                old = self.make_job(state, DAYS_KEPT + 1)
                young = self.make_job(state, DAYS_KEPT - 1)
                self.assertEqual(self.purge_jobs(), (1, False))
                self.assertFalse(old.exists())
                self.assertTrue(young.exists())

    def test_those_with_lines_stay_with_them(self):
        line = self.settle(self.enqueue(1), "failed", DAYS_KEPT + 1)
        job = line.job_id
        job.write({"state": "done", "ended_on": line.ended_on})
        self.purge_lines()
        self.assertEqual(self.purge_jobs(), (0, False))
        self.assertTrue(job.exists())
        self.settle(line, "failed", FAILURE_DAYS_KEPT + 1)
        self.purge_lines()
        self.assertEqual(self.purge_jobs(), (1, False))
        self.assertFalse(job.exists())

    def test_open_ones_never_go(self):
        for state in ("pending", "discovering", "running"):
            with self.subTest(state=state):
                job = self.make_job(state, 10 * FAILURE_DAYS_KEPT)
                self.assertEqual(self.purge_jobs(), (0, False))
                self.assertTrue(job.exists())

    def test_many_go_in_batches(self):
        for _number in range(BATCH + 1):
            self.make_job("done", DAYS_KEPT + 1)
        self.assertEqual(self.purge_jobs(), (BATCH, True))
        self.assertEqual(self.purge_jobs(), (1, False))

    def test_the_log_of_a_purged_job_stays(self):
        self.instance.log_level = "all"
        job = self.make_job("done", DAYS_KEPT + 1)
        self.instance._log("error", "Something", job_id=job.id)
        log = self.env["bigcommerce.log"].search([], limit=1)
        self.purge_jobs()
        self.assertTrue(log.exists())
        self.assertFalse(log.job_id)


@tagged("post_install", "-at_install")
class TestWhatWasImported(OrderCase):
    def test_nothing_of_it_goes_and_nothing_is_imported_again(self):
        order = self.import_order(lines=[{"sku": "MUG-ENAMEL"}])
        sale_order = order.sale_order_id
        past = fields.Datetime.now() - timedelta(days=FAILURE_DAYS_KEPT + 1)
        self.env["bigcommerce.queue.line"].search([]).ended_on = past
        self.env["bigcommerce.queue.job"].search([]).ended_on = past
        self.env["bigcommerce.queue.line"]._gc_settled_lines()
        self.env["bigcommerce.queue.job"]._gc_ended_jobs()
        self.assertFalse(self.get_lines("import_orders"))
        jobs = self.env["bigcommerce.queue.job"]
        self.assertFalse(jobs.search([("operation", "=", "import_orders")]))
        automatic_job = self.env["bigcommerce.automatic.job"]._get_job(
            self.instance, "import_orders"
        )
        watermark = automatic_job.watermark
        self.assertTrue(watermark)
        self.import_orders()
        self.assertEqual(order.sale_order_id, sale_order)
        self.assertFalse(self.get_lines("import_orders"))
        self.assertGreaterEqual(automatic_job.watermark, watermark)

    def test_an_order_that_a_person_has_cancelled_stays_cancelled(self):
        order = self.import_order(
            lines=[{"name": "Gone", "price": "5", "product_id": 77, "sku": "GONE"}]
        )
        line = self.get_lines("import_orders", key=order.bc_id)
        line.action_cancel()
        line.ended_on = fields.Datetime.now() - timedelta(days=DAYS_KEPT + 1)
        self.env["bigcommerce.queue.line"]._gc_settled_lines()
        self.assertFalse(line.exists())
        self.import_orders()
        self.assertEqual(
            (order.state, order.reason_code), ("not_selected", "cancelled")
        )
        self.assertFalse(self.get_lines("import_orders", key=order.bc_id))

    def test_an_order_whose_import_failed_is_not_tried_again_when_its_line_goes(self):
        order = self.import_order(
            lines=[{"name": "Gone", "price": "5", "product_id": 77, "sku": "GONE"}]
        )
        line = self.get_lines("import_orders", key=order.bc_id)
        self.assertEqual(line.state, "blocked")
        line.ended_on = fields.Datetime.now() - timedelta(days=10 * FAILURE_DAYS_KEPT)
        self.env["bigcommerce.queue.line"]._gc_settled_lines()
        self.assertTrue(line.exists(), "a person has yet to see to it")
