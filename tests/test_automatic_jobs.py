"""When automatic jobs run, and what they say of their last run."""

from datetime import timedelta
from itertools import combinations
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .jobs_case import NOW, JobsCase

USER = "bigcommerce_connector.bigcommerce_group_user"


@tagged("post_install", "-at_install")
class TestGaps(JobsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jobs = cls.instance.automatic_job_ids
        cls.orders = cls.get_job("import_orders")
        cls.refunds = cls.get_job("import_refunds")
        cls.prices = cls.get_job("export_prices")

    def get_starts(self, job, days=3):
        """Return the minutes in which a job starts from now on."""
        starts = set()
        moment = job.next_call
        while moment < NOW + timedelta(days=days):
            starts.add(moment.replace(second=0))
            moment += job._get_interval()
        return starts

    def assertNeverTogether(self, jobs):
        for one, other in combinations(jobs, 2):
            with self.subTest(one=one.operation, other=other.operation):
                self.assertFalse(self.get_starts(one) & self.get_starts(other))

    def test_the_jobs_of_the_page_are_there_with_sensible_intervals_and_off(self):
        self.assertFalse(any(self.jobs.mapped("active")))
        intervals = {
            job.operation: (job.interval_number, job.interval_unit) for job in self.jobs
        }
        self.assertLessEqual(
            {
                "import_orders": (15, "minutes"),
                "export_shipments": (25, "minutes"),
                "export_inventory": (30, "minutes"),
                "import_refunds": (1, "hours"),
                "import_inventory": (1, "days"),
                "compare_inventory": (1, "days"),
                "export_prices": (1, "days"),
            }.items(),
            intervals.items(),
        )

    def test_new_jobs_never_start_together(self):
        self.assertNeverTogether(self.jobs)

    def test_jobs_that_are_turned_on_long_after_never_start_together(self):
        self.let_pass(days=9, seconds=31)
        for job in self.jobs:
            job.active = True
            self.assertGreater(job.next_call, self.now)
            self.assertLessEqual(job.next_call, self.now + timedelta(hours=1))
        self.assertNeverTogether(self.jobs)
        self.assertFalse(self.instance.jobs_together_warning)

    def test_a_job_alone_starts_within_a_minute(self):
        self.let_pass(days=1)
        self.orders.active = True
        self.assertEqual(self.orders.next_call, self.now + timedelta(minutes=1))

    def test_a_moment_that_a_person_chooses_is_kept(self):
        moment = NOW + timedelta(days=5)
        self.orders.write({"active": True, "next_call": moment})
        self.refunds.write({"active": True, "next_call": moment})
        self.assertEqual(self.orders.next_call, moment)
        self.assertEqual(self.refunds.next_call, moment)

    def test_without_a_moment_one_is_found(self):
        self.orders.write({"active": True, "next_call": False})
        self.assertGreater(self.orders.next_call, NOW)

    def test_another_store_is_not_in_the_way(self):
        self.let_pass(days=1)
        other = self.get_job("import_orders", self.create_instance("Other"))
        self.orders.active = other.active = True
        self.assertEqual(self.orders.next_call, other.next_call)

    def test_the_form_warns_of_those_that_fall_together(self):
        for apart, warned in ((0, True), (59, True), (60, False), (15 * 60, True)):
            with self.subTest(apart=apart):
                self.orders.write({"active": True, "next_call": NOW})
                self.refunds.write(
                    {"active": True, "next_call": NOW + timedelta(seconds=apart)}
                )
                warning = self.instance.jobs_together_warning or ""
                self.assertEqual("Import Refunds" in warning, warned)

    def test_intervals_that_meet_now_and_then_are_no_reason_to_warn(self):
        self.orders.write({"active": True, "next_call": NOW})
        self.refunds.write({"active": True, "next_call": NOW, "interval_number": 7})
        self.refunds.interval_unit = "minutes"
        self.assertFalse(self.instance.jobs_together_warning)

    def test_what_is_off_falls_together_with_nothing(self):
        self.jobs.next_call = NOW
        self.orders.active = True
        self.orders.next_call = NOW
        self.assertFalse(self.instance.jobs_together_warning)

    def test_the_form_warns_before_it_is_saved_and_saves(self):
        self.orders.write({"active": True, "next_call": NOW})
        self.prices.write({"active": True, "next_call": NOW + timedelta(minutes=4)})
        with Form(self.instance) as form:
            position = self.instance.automatic_job_ids.ids.index(self.prices.id)
            with form.automatic_job_ids.edit(position) as job:
                job.next_call = NOW + timedelta(minutes=30)
            self.assertIn("Export Product's Price", form.jobs_together_warning)
        self.assertTrue(self.instance.jobs_together_warning)

    def test_spread_moves_what_falls_together_and_nothing_else(self):
        self.jobs.write({"active": True, "next_call": NOW + timedelta(hours=30)})
        self.orders.next_call = NOW + timedelta(minutes=3)
        self.instance.action_spread_jobs()
        self.assertFalse(self.instance.jobs_together_warning)
        self.assertNeverTogether(self.jobs)
        self.assertEqual(self.orders.next_call, NOW + timedelta(minutes=3))
        # Who wants prices to run at night does not find them run by day.
        self.assertLess(
            abs(self.prices.next_call - (NOW + timedelta(hours=30))), timedelta(hours=1)
        )
        before = self.jobs.mapped("next_call")
        self.instance.action_spread_jobs()
        self.assertEqual(self.jobs.mapped("next_call"), before)

    def test_spread_says_so_where_it_cannot_help(self):
        (self.orders + self.refunds).write(
            {"active": True, "interval_number": 1, "interval_unit": "minutes"}
        )
        answer = self.instance.action_spread_jobs()
        self.assertEqual(answer["params"]["type"], "warning")
        self.assertTrue(self.instance.jobs_together_warning)

    def test_after_a_standstill_of_the_server_those_apart_stay_apart(self):
        self.jobs.active = True
        self.let_pass(days=3, hours=7, seconds=13)
        self.assertLessEqual(
            set(self.jobs.mapped("operation")), set(self.start_due_jobs())
        )
        self.assertNeverTogether(self.jobs)
        for job in self.jobs:
            self.assertGreater(job.next_call, self.now)


@tagged("post_install", "-at_install")
class TestIntervals(JobsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.get_job("export_prices")

    def test_a_shorter_interval_applies_at_once(self):
        self.job.write({"active": True, "next_call": NOW})
        self.let_pass(minutes=2)
        self.assertIn("export_prices", self.start_due_jobs())
        self.assertGreater(self.job.next_call, self.now + timedelta(hours=23))
        self.job.write({"interval_number": 15, "interval_unit": "minutes"})
        self.assertGreater(self.job.next_call, self.now)
        self.assertLessEqual(self.job.next_call, self.now + timedelta(minutes=15))

    def test_a_shorter_interval_that_is_over_lets_it_start_now(self):
        self.job.write({"active": True, "next_call": NOW})
        self.let_pass(minutes=2)
        self.start_due_jobs()
        self.let_pass(hours=5)
        self.job.write({"interval_number": 2, "interval_unit": "hours"})
        self.assertEqual(self.job.next_call, self.now + timedelta(minutes=1))

    def test_a_longer_interval_counts_from_the_next_run(self):
        job = self.get_job("import_orders")
        job.active = True
        before = job.next_call
        job.write({"interval_number": 2, "interval_unit": "weeks"})
        self.assertEqual(job.next_call, before)
        self.let_pass(hours=1)
        self.start_due_jobs()
        self.assertEqual(job.next_call, before + timedelta(weeks=2))

    def test_no_interval_is_a_clear_error(self):
        for number in (0, -1):
            with (
                self.subTest(number=number),
                self.assertRaisesRegex(ValidationError, "Price must be at least 1"),
            ):
                self.job.interval_number = number

    def test_long_intervals_are_fine_and_absurd_ones_an_error(self):
        self.job.active = True
        self.job.write({"interval_number": 10 * 365, "interval_unit": "days"})
        self.let_pass(hours=1)
        self.assertIn("export_prices", self.start_due_jobs())
        self.assertEqual(self.job.next_call.year, 2037)
        self.assertFalse(self.job.is_late)
        with self.assertRaisesRegex(ValidationError, "ten years"):
            self.job.write({"interval_number": 2**31 - 1, "interval_unit": "weeks"})

    def test_a_daily_job_keeps_its_hour_in_utc_when_the_clocks_change(self):
        self.env.user.tz = "Europe/Berlin"
        self.job.write({"active": True, "next_call": "2027-03-27 02:00:00"})
        type(self).now = fields.Datetime.to_datetime("2027-03-27 02:00:10")
        self.start_due_jobs()
        self.assertEqual(str(self.job.next_call), "2027-03-28 02:00:00")


@tagged("post_install", "-at_install")
class TestStoppedStores(JobsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jobs = cls.instance.automatic_job_ids
        cls.jobs.active = True

    def test_archiving_and_resetting_stop_the_jobs_and_say_so(self):
        for change, words in (
            ({"active": False}, "Stopped: the instance is archived."),
            ({"state": "draft"}, "Stopped: the instance is not confirmed."),
        ):
            with self.subTest(words=words):
                self.instance.write(change)
                self.let_pass(days=4)
                self.assertFalse(self.start_due_jobs())
                self.assertEqual(self.instance.jobs_stop_reason, words)
                self.assertEqual(set(self.jobs.mapped("stop_reason")), {words})
                self.assertFalse(any(self.jobs.mapped("is_late")))
                with self.assertRaises(UserError):
                    self.jobs[:1].action_run_now()
                self.instance.write({"active": True, "state": "confirmed"})
                self.assertFalse(self.instance.jobs_stop_reason)

    def test_they_go_on_once_each_and_one_after_the_other(self):
        self.instance.active = False
        self.let_pass(days=4)
        self.instance.active = True
        self.assertFalse(any(self.jobs.mapped("is_late")))
        wanted = set(self.jobs.mapped("operation"))
        started = []
        for _minute in range(61):
            started.append(wanted.intersection(self.start_due_jobs()))
            self.let_pass(minutes=1)
        self.assertLessEqual(max(map(len, started)), 1)
        operations = [operation for minute in started for operation in minute]
        self.assertEqual(set(operations), wanted)
        self.assertEqual(operations.count("export_prices"), 1)

    def test_reading_the_store_again_moves_nothing(self):
        self.let_pass(minutes=3)
        before = self.jobs.mapped("next_call")
        self.instance.write({"state": "confirmed"})
        self.assertEqual(self.jobs.mapped("next_call"), before)


@tagged("post_install", "-at_install")
class TestRunNow(JobsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "jobs_user", USER)
        cls.job = cls.get_job("export_prices")

    def run_now(self, job=None):
        answer = (job or self.job).with_user(self.user).action_run_now()
        self.env.invalidate_all()
        return answer["params"]

    def get_runs(self, operation="export_prices"):
        return self.env["bigcommerce.queue.job"].search([("operation", "=", operation)])

    def test_a_user_starts_what_only_managers_may_change(self):
        with self.assertRaises(AccessError):
            self.job.with_user(self.user).active = True
        answer = self.run_now()
        self.assertIn("started", answer["title"])
        run = self.get_runs()
        self.assertFalse(run.options)
        self.assertEqual(self.job.last_run_id, run)
        self.assertEqual(self.job.last_started_on, NOW)

    def test_nobody_starts_by_it_what_they_may_not_start_otherwise(self):
        with self.assertRaises(AccessError):
            self.run_now(self.job + self.get_job("import_inventory"))
        self.assertFalse(self.get_runs("import_inventory") + self.get_runs())

    def test_twice_starts_one_run(self):
        for operation in ("export_prices", "import_orders", "process_orders"):
            with self.subTest(operation=operation):
                job = self.get_job(operation)
                self.run_now(job)
                answer = self.run_now(job)
                self.assertIn("started already", answer["title"])
                self.get_runs(operation).state = "discovering"
                self.run_now(job)
                self.assertEqual(len(self.get_runs(operation)), 1)
                self.get_runs(operation).state = "running"
                self.run_now(job)
                self.assertEqual(len(self.get_runs(operation)), 2)

    def test_a_run_that_has_begun_to_read_odoos_lists_does_not_serve(self):
        for operation, count in (("export_prices", 2), ("import_orders", 1)):
            with self.subTest(operation=operation):
                job = self.get_job(operation)
                self.run_now(job)
                self.get_runs(operation).write({"state": "discovering", "read_on": NOW})
                self.run_now(job)
                self.assertEqual(len(self.get_runs(operation)), count)

    def test_what_somebody_else_has_started_at_that_moment_is_no_error(self):
        with patch.object(
            self.registry["bigcommerce.queue.job"],
            "_enqueue",
            side_effect=UniqueViolation(),
        ):
            answer = self.run_now()
        self.assertIn("started already", answer["title"])

    def test_a_run_that_waits_for_its_next_try_is_tried_now(self):
        run = self.create_run("export_prices", not_before="2030-01-01 00:00:00")
        self.run_now()
        self.assertFalse(run.not_before)
        self.assertEqual(self.get_runs(), run)

    def test_a_run_of_a_few_records_is_no_run_of_all(self):
        few = self.create_run("export_prices", options={"ids": ["1"]})
        self.run_now()
        self.assertEqual(len(self.get_runs() - few), 1)

    def test_it_says_that_the_store_is_not_asked_at_the_moment(self):
        self.instance.is_access_refused = True
        self.assertIn("refuses the access token", self.run_now()["message"])
        answer = self.run_now(self.get_job("process_orders"))
        self.assertNotIn("refuses", answer["message"])

    def test_several_are_started_together(self):
        self.run_now(self.job + self.get_job("import_orders"))
        self.assertTrue(self.get_runs() and self.get_runs("import_orders"))

    def test_nobody_of_another_company_starts_it(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.user.write(
            {"company_id": company.id, "company_ids": [fields.Command.set(company.ids)]}
        )
        with self.assertRaises(AccessError):
            self.run_now()


@tagged("post_install", "-at_install")
class TestLastResult(JobsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.get_job("import_orders")

    def test_without_a_run_there_is_none(self):
        self.assertFalse(self.job.last_run_id)
        self.assertFalse(self.job.last_result)

    def test_it_says_what_came_of_the_last_whole_run(self):
        cause = self.env["bigcommerce.cause"]._get("unknown_sku").id
        blocked = {"state": "blocked", "cause_id": cause, "message": "No"}
        done, waiting = {"state": "done"}, {"state": "pending", "key": "w"}
        for vals, lines, words in (
            ({}, [], "Waiting"),
            ({"error_message": "No answer."}, [], "Will be tried again: No answer."),
            ({"state": "discovering"}, [], "Reading Lists"),
            ({"state": "running"}, [done, waiting], "1 open, 1 done"),
            ({"state": "done"}, [], "Nothing to do"),
            ({"state": "done"}, [done, done], "2 done"),
            (
                {"state": "done"},
                [done, {**blocked, "key": "b"}],
                "1 done, 1 with problems",
            ),
            ({"state": "failed", "error_message": "No."}, [], "Failed: No."),
            ({"state": "cancelled"}, [], "Cancelled"),
        ):
            with self.subTest(words=words):
                run = self.create_run("import_orders", lines, **vals)
                self.create_run("import_orders", options={"ids": ["7"]})
                self.create_run("export_prices")
                self.assertEqual(self.job.last_result, words)
                self.assertEqual(self.job.last_run_state, run.state)
                self.assertEqual(self.job.action_view_last_run()["res_id"], run.id)

    def test_all_jobs_are_counted_in_the_same_few_queries(self):
        def count_queries(instances):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            jobs = instances.automatic_job_ids
            for job in jobs:
                self.assertTrue(job.last_result)
                self.assertFalse(job.is_late)
            return self.cr.sql_log_count - before

        others = self.instance
        for name in ("Second", "Third", "Other"):
            others += self.create_instance(name)
        for instance in others:
            for job in instance.automatic_job_ids:
                self.create_run(
                    job.operation, [{"state": "done"}], instance, state="done"
                )
        count_queries(self.instance)
        self.assertLessEqual(count_queries(others), count_queries(self.instance))
