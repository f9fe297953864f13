"""A run whose lists cannot be read waits for a person, as a line does."""

from ast import literal_eval

from odoo.tests import tagged

from .test_scan import ORDERS, ScanCase


@tagged("post_install", "-at_install")
class TestFailedRuns(ScanCase):
    def fail_scan(self, **options):
        self.store.fault("^/v2/orders", status=403, times=0)
        job = self.scan(**options)
        self.store.heal()
        return job

    def test_it_has_a_cause_and_is_counted_there(self):
        cause = self.env["bigcommerce.cause"]._get("missing_scope")
        job = self.fail_scan()
        self.assertEqual((job.state, job.cause_id), ("failed", cause))
        self.assertEqual((cause.line_count, cause.job_count), (0, 1))
        self.assertEqual(cause.oldest_on, job.ended_on)
        action = self.env.ref("bigcommerce_connector.bigcommerce_cause_action")
        self.assertEqual(cause.search(literal_eval(action.domain)), cause)
        self.assertEqual(cause.action_view()["res_model"], job._name)

    def test_it_goes_on_after_a_new_token(self):
        job = self.fail_scan()
        self.instance.access_token = "sandbox-token "
        self.drain()
        self.assertEqual((job.state, job.cause_id.id), ("done", False))
        self.assertFalse(job.error_message)

    def test_it_goes_on_where_all_of_its_cause_are_retried(self):
        job = self.fail_scan()
        job.cause_id.action_retry()
        self.drain()
        self.assertEqual((job.state, job.cause_id.id), ("done", False))

    def test_one_that_fails_again_speaks_for_those_before(self):
        jobs = self.fail_scan() + self.fail_scan() + self.fail_scan()
        self.assertEqual(jobs.mapped("state"), ["failed"] * 3)
        self.assertEqual(jobs.filtered("cause_id"), jobs[2])
        self.assertEqual(self.instance.failed_job_count, 1)
        jobs.cause_id.action_retry()
        self.assertEqual(jobs.mapped("state"), ["failed", "failed", "pending"])

    def test_one_that_succeeds_settles_those_before(self):
        job = self.fail_scan()
        self.scan()
        self.assertEqual((job.state, job.cause_id.id), ("failed", False))
        self.assertEqual(self.instance.failed_job_count, 0)

    def test_a_whole_run_does_not_settle_one_of_certain_orders(self):
        job = self.fail_scan(ids=["101"])
        self.scan()
        self.assertEqual(job.cause_id.code, "missing_scope")

    def test_a_store_that_does_not_answer_is_a_cause_as_well(self):
        self.store.fault(ORDERS, status=200, body="<html>Welcome</html>", times=0)
        job = self.scan()
        for _time in range(5):
            self.let_time_pass()
            self.drain()
        self.assertEqual((job.state, job.cause_id.code), ("failed", "store_trouble"))
