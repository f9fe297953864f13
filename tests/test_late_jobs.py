"""Which automatic jobs are late, and why."""

from datetime import timedelta

from odoo.tests import new_test_user, tagged

from .jobs_case import NOW, JobsCase


@tagged("post_install", "-at_install")
class TestLateness(JobsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.get_job("import_orders")
        cls.job.active = True

    def assertLate(self, is_late):
        self.env.invalidate_all()
        self.assertIs(self.job.is_late, is_late)
        self.assertIs(bool(self.job.late_reason), is_late)

    def test_it_is_not_late_right_after_it_was_turned_on(self):
        self.let_pass(days=400)
        self.job.active = False
        self.assertLate(False)
        self.job.active = True
        self.assertLate(False)

    def test_it_is_late_when_it_was_due_for_more_than_ten_minutes(self):
        self.job.last_processed_on = NOW + timedelta(days=1)
        type(self).now = self.job.next_call + timedelta(minutes=10)
        self.assertLate(False)
        type(self).now += timedelta(seconds=1)
        self.assertLate(True)

    def test_it_is_late_two_intervals_and_ten_minutes_after_its_last_complete_run(self):
        self.job.last_processed_on = self.job.expected_since + timedelta(hours=2)
        self.job.write({"next_call": "2030-01-01 00:00:00", "last_started_on": NOW})
        type(self).now = self.job.last_processed_on + timedelta(minutes=40)
        self.assertLate(False)
        type(self).now += timedelta(seconds=1)
        self.assertLate(True)

    def test_the_first_run_counts_from_when_it_was_to_start(self):
        self.job.next_call = NOW + timedelta(days=6)
        type(self).now = NOW + timedelta(days=5)
        self.assertLate(False)
        self.job.write({"next_call": "2030-01-01 00:00:00", "last_started_on": NOW})
        type(self).now = NOW + timedelta(days=6, minutes=41)
        self.assertLate(True)

    def test_a_long_interval_is_waited_for(self):
        self.job.last_processed_on = NOW
        self.job.write({"interval_number": 4, "interval_unit": "weeks"})
        self.job.write({"next_call": "2030-01-01 00:00:00", "last_started_on": NOW})
        type(self).now = NOW + timedelta(weeks=8)
        self.assertLate(False)

    def test_a_change_of_the_interval_gives_it_time(self):
        self.job.last_processed_on = NOW
        self.job.write({"interval_number": 1, "interval_unit": "days"})
        self.job.write({"next_call": NOW + timedelta(days=1), "last_started_on": NOW})
        type(self).now = NOW + timedelta(hours=20)
        self.job.write({"interval_number": 15, "interval_unit": "minutes"})
        self.assertLate(False)

    def test_what_is_off_or_of_a_closed_store_is_not_late(self):
        self.let_pass(days=2)
        self.assertLate(True)
        for record, change in (
            (self.job, {"active": False}),
            (self.instance, {"active": False}),
            (self.instance, {"state": "draft"}),
        ):
            with self.subTest(change=change), self.cr.savepoint() as savepoint:
                record.write(change)
                self.assertLate(False)
                savepoint.rollback()

    def test_a_store_that_is_confirmed_again_starts_anew(self):
        self.job.last_processed_on = NOW
        self.instance.state = "draft"
        self.let_pass(days=30)
        self.instance.state = "confirmed"
        self.assertLate(False)

    def test_an_operation_that_is_gone_is_not_late(self):
        self.env.cr.execute(
            "UPDATE bigcommerce_automatic_job SET operation = 'gone' WHERE id = %s",
            [self.job.id],
        )
        self.let_pass(days=2)
        self.assertLate(False)

    def test_late_ones_are_found(self):
        self.get_job("export_prices").active = True
        jobs = self.env["bigcommerce.automatic.job"].with_context(active_test=False)
        self.let_pass(minutes=45)
        self.get_job("export_prices").next_call = self.now
        self.assertEqual(jobs.search([("is_late", "=", True)]), self.job)
        self.assertNotIn(self.job, jobs.search([("is_late", "=", False)]))
        self.assertEqual(
            len(jobs.search([("is_late", "!=", True)])), len(jobs.search([])) - 1
        )

    def test_the_store_counts_its_late_jobs_and_says_why(self):
        other = self.create_instance("Other")
        self.get_job("export_shipments").active = True
        self.let_pass(hours=2)
        self.instance.is_access_refused = True
        stores = self.instance + other
        self.assertEqual(stores.mapped("late_job_count"), [2, 0])
        self.assertIn("Import Orders", self.instance.late_job_warning)
        self.assertEqual(self.instance.late_job_warning.count("\n"), 0)
        self.assertFalse(other.late_job_warning)
        user = new_test_user(
            self.env, "late_user", "bigcommerce_connector.bigcommerce_group_user"
        )
        self.assertEqual(self.instance.with_user(user).late_job_count, 2)
        self.assertTrue(self.instance.with_user(user).late_job_warning)


@tagged("post_install", "-at_install")
class TestReasons(JobsCase):
    """Each of a job that is behind, although it is started."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.get_job("import_orders")
        cls.job.active = True

    def setUp(self):
        super().setUp()
        self.let_pass(hours=3)
        self.job.write({"next_call": self.now, "last_started_on": self.now})

    def assertReason(self, *words):
        self.env.invalidate_all()
        for text in words:
            self.assertIn(text, self.job.late_reason)

    def get_pumps(self):
        return self.env["bigcommerce.engine"]._get_pumps()

    def get_scheduler(self):
        return self.env["bigcommerce.engine"]._get_scheduler()

    def test_it_says_that_the_store_does_not_answer(self):
        self.instance.write({"failure_count": 3, "not_before": self.now})
        self.assertReason("does not answer")

    def test_it_says_that_the_store_has_asked_to_wait(self):
        self.instance.not_before = self.now + timedelta(minutes=5)
        self.assertReason("asked to wait")

    def test_it_says_that_the_access_token_is_refused(self):
        self.instance.is_access_refused = True
        self.assertReason("refuses the access token")

    def test_what_needs_no_store_does_not_blame_it(self):
        self.instance.is_access_refused = True
        job = self.get_job("process_orders")
        job.active = True
        self.let_pass(days=3)
        job.write({"next_call": self.now, "last_started_on": self.now})
        self.assertTrue(job.late_reason)
        self.assertNotIn("token", job.late_reason)

    def test_it_says_that_its_last_run_failed(self):
        self.create_run("import_orders", state="failed", error_message="No scope.")
        self.assertReason("has failed: No scope.")

    def test_it_says_that_its_run_is_tried_again(self):
        self.create_run("import_orders", error_message="No answer.")
        self.assertReason("tried again: No answer.")

    def test_it_says_that_its_run_still_goes_on(self):
        self.create_run(
            "import_orders",
            [{"state": "pending"}, {"state": "retry"}, {"state": "done"}],
            state="discovering",
        )
        self.assertReason("still goes on: 2 lines")

    def test_it_says_that_its_run_was_cancelled(self):
        self.create_run("import_orders", state="cancelled")
        self.assertReason("cancelled")

    def test_it_says_that_no_cron_worker_is_at_work(self):
        long_ago = self.now - timedelta(minutes=6)
        self.set_actions_at_work(nextcall=long_ago, lastcall=long_ago)
        self.assertReason("No cron worker", "Work on the Queue", "max_cron_threads")
        self.job.next_call = self.now - timedelta(minutes=11)
        self.assertReason("No cron worker", "Start Due Jobs")

    def test_one_worker_that_lives_is_enough(self):
        long_ago = self.now - timedelta(minutes=6)
        self.get_pumps()[:1].write({"nextcall": long_ago, "lastcall": long_ago})
        self.assertReason("should have started")

    def test_a_worker_on_a_long_queue_is_at_work(self):
        long_ago = self.now - timedelta(hours=2)
        self.set_actions_at_work(nextcall=long_ago, lastcall=long_ago)
        progress = self.env["ir.cron.progress"].create(
            {"cron_id": self.get_pumps()[:1].id}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_cron_progress SET write_date = %s WHERE id = %s",
            [self.now - timedelta(minutes=4), progress.id],
        )
        self.assertReason("should have started")

    def test_it_says_that_a_scheduled_action_is_off(self):
        self.get_pumps().active = False
        self.assertReason("Work on the Queue", "is off")
        self.get_scheduler().active = False
        self.job.next_call = self.now - timedelta(minutes=11)
        self.assertReason("Start Due Jobs", "is off")

    def test_it_says_that_a_scheduled_action_fails(self):
        self.get_pumps().failure_count = 3
        self.assertReason("Work on the Queue", "3 times in a row")
