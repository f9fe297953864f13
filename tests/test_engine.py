"""What the engine promises of the queue, whatever the operation does."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..client.errors import (
    AuthenticationError,
    Forbidden,
    InvalidRequest,
    NotFound,
    RateLimited,
    ServerError,
)
from ..sync.operation import Found
from ..sync.problems import Blocked
from .common import SandboxCase

ENGINE = "odoo.addons.bigcommerce_connector.sync"
OPERATION = "import_orders"
MODEL = "bigcommerce.import.orders"


class EngineCase(SandboxCase):
    """An instance, and an operation whose verbs do what the test tells them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()

    def setUp(self):
        super().setUp()
        self.batches = []
        self.outcomes = {}
        self.on_fetch = None
        self.patch(self.registry[MODEL], "_fetch", self._play_fetch)
        self.patch(self.registry[MODEL], "_apply", self._play_apply)

    def _play_fetch(self, _client, lines):
        if self.on_fetch:
            return self.on_fetch(lines) or {}
        return {}

    def _play_apply(self, lines):
        """Note the batch; do per line what ``outcomes`` says: raise, call, return."""
        self.batches.append(lines.mapped("key"))
        results = {}
        for line in lines:
            outcome = self.outcomes.get(line.key)
            if callable(outcome):
                outcome = outcome(line)
            if isinstance(outcome, Exception) and not isinstance(outcome, Blocked):
                raise outcome
            results[line] = outcome or line.instance_id
        return results

    @classmethod
    def enqueue(cls, *keys, instance=None, operation=OPERATION):
        """Return the lines of a run that has read its lists."""
        job = cls.env["bigcommerce.queue.job"].create(
            {
                "instance_id": (instance or cls.instance).id,
                "operation": operation,
                "state": "running",
            }
        )
        cls.env["bigcommerce.engine"]._enqueue_lines(
            job, [Found(str(key), f"Thing {key}", {"id": key}) for key in keys]
        )
        return job.line_ids.sorted("id")

    def enqueue_again(self, line):
        """Offer what ``line`` is about once more, as a later scan does."""
        found = Found(line.key, line.name, {"id": line.key, "is": "newer"})
        job = line.job_id.copy({"state": "running"})
        self.env["bigcommerce.engine"].with_env(line.env)._enqueue_lines(job, [found])

    def keep_in_work(self, line):
        """Let ``line`` be in work under a pump that is alive."""
        line.state = "running"
        self.patch(self.registry["bigcommerce.engine"], "_recover", lambda *_: None)

    def second_instance(self):
        return self.create_instance(
            name="Second", api_url="http://127.0.0.1:9", state="confirmed"
        )


@tagged("post_install", "-at_install")
class TestClaim(EngineCase):
    def test_an_empty_queue_asks_nobody(self):
        self.store.forget_requests()
        self.drain()
        self.assertEqual(self.batches, [])
        self.assertEqual(self.store.get_requests(), [])

    def test_a_batch_is_no_larger_than_the_limit(self):
        self.instance.queue_batch_limit = 3
        for count, sizes in ((1, [1]), (3, [3]), (4, [3, 1]), (7, [3, 3, 1])):
            with self.subTest(count=count):
                self.batches.clear()
                self.enqueue(*range(count))
                self.drain()
                self.assertEqual([len(batch) for batch in self.batches], sizes)

    def test_it_is_no_larger_whatever_plan_the_database_makes(self):
        """With a nested loop a sub-select may run, and lock, once for each row."""
        self.instance.queue_batch_limit = 2
        for kind in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            option = SQL.identifier(f"enable_{kind}")
            self.cr.execute(SQL("SET LOCAL %s = off", option))
        self.enqueue(*range(6))
        self.drain()
        self.assertEqual([len(batch) for batch in self.batches], [2, 2, 2])

    def test_lines_are_done_in_the_order_in_which_they_came(self):
        self.instance.queue_batch_limit = 1
        self.enqueue(3, 1, 2)
        self.drain()
        self.assertEqual(self.batches, [["3"], ["1"], ["2"]])

    def test_the_more_urgent_goes_first(self):
        self.instance.queue_batch_limit = 1
        lines = self.enqueue(1, 2, 3)
        lines[2].priority = 1
        self.drain()
        self.assertEqual(self.batches, [["3"], ["1"], ["2"]])

    def test_a_batch_is_of_one_store(self):
        second = self.second_instance()
        self.enqueue(1, 2)
        self.enqueue(1, 2, instance=second)
        self.drain()
        self.assertEqual(self.batches, [["1", "2"], ["1", "2"]])

    def test_what_is_not_due_yet_waits(self):
        lines = self.enqueue(1, 2)
        lines[0].write(
            {
                "state": "retry",
                "not_before": fields.Datetime.now() + timedelta(hours=1),
            }
        )
        self.drain()
        self.assertEqual(self.batches, [["2"]])
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.batches, [["2"], ["1"]])

    def test_the_lines_of_a_store_that_is_draft_archived_or_pausing_wait(self):
        soon = fields.Datetime.now() + timedelta(minutes=1)
        for change, back in (
            ({"state": "draft"}, {"state": "confirmed"}),
            ({"active": False}, {"active": True}),
            ({"not_before": soon}, {"not_before": False}),
        ):
            with self.subTest(change=change):
                self.batches.clear()
                self.instance.write(change)
                lines = self.enqueue(1)
                self.drain()
                self.assertEqual((self.batches, lines.state), ([], "pending"))
                self.instance.write(back)
                self.drain()
                self.assertEqual((self.batches, lines.state), ([["1"]], "done"))

    def test_a_store_that_pauses_does_not_keep_others_waiting(self):
        second = self.second_instance()
        self.enqueue(1)
        self.enqueue(2, instance=second)
        self.instance.not_before = fields.Datetime.now() + timedelta(minutes=1)
        self.drain()
        self.assertEqual(self.batches, [["2"]])

    def test_what_is_being_worked_on_is_not_claimed_a_second_time(self):
        line = self.enqueue(1)
        self.keep_in_work(line)
        self.enqueue_again(line)
        self.drain()
        self.assertEqual(self.batches, [])

    def test_a_line_that_has_to_wait_for_its_twin_does_not_hold_up_the_rest(self):
        line = self.enqueue(1)
        self.keep_in_work(line)
        self.enqueue_again(line)
        others = self.enqueue(2, 3)
        self.enqueue(4, instance=self.second_instance())
        self.drain()
        self.assertEqual(others.mapped("state"), ["done", "done"])
        self.assertIn(["4"], self.batches)

    def test_a_line_knows_by_whom_and_how_often_it_was_tried(self):
        line = self.enqueue(1)
        self.outcomes["1"] = lambda line: self.assertEqual(
            (line.state, line.tries), ("running", 1)
        )
        self.drain()
        self.assertEqual((line.state, line.tries), ("done", 1))
        self.assertFalse(line.pump_id)
        self.assertTrue(line.started_on and line.ended_on)


@tagged("post_install", "-at_install")
class TestKeys(EngineCase):
    def test_what_waits_gets_the_newer_payload_instead_of_a_second_line(self):
        line = self.enqueue(1)
        self.enqueue_again(line)
        self.assertEqual(self.get_lines(OPERATION), line)
        self.assertEqual(line._get_payload(), {"id": "1", "is": "newer"})

    def test_what_is_blocked_is_tried_again_with_the_newer_payload(self):
        line = self.enqueue(1)
        self.outcomes["1"] = Blocked("unknown_sku", "There is no such SKU.")
        self.drain()
        self.assertEqual(line.state, "blocked")
        self.outcomes.clear()
        self.enqueue_again(line)
        self.drain()
        self.assertEqual((line.state, line.cause_id.code), ("done", False))

    @mute_logger("odoo.sql_db")
    def test_a_key_cannot_wait_twice(self):
        line = self.enqueue(1)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            line.copy()

    @mute_logger("odoo.sql_db")
    def test_a_key_cannot_be_worked_on_twice(self):
        line = self.enqueue(1)
        line.state = "running"
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            line.copy({"state": "running"})

    def test_two_stores_have_keys_of_their_own(self):
        self.enqueue(1)
        self.enqueue(1, instance=self.second_instance())
        self.assertEqual(len(self.get_lines(OPERATION, key="1")), 2)

    def test_one_page_may_hold_a_key_twice(self):
        lines = self.enqueue(1, 1)
        self.assertEqual(lines.mapped("key"), ["1"])

    def test_what_comes_while_its_twin_is_in_work_is_done_afterwards(self):
        line = self.enqueue(1)
        self.outcomes["1"] = lambda line: (
            (
                self.outcomes.clear(),
                self.enqueue_again(line),
            )
            and line.instance_id
        )
        self.drain()
        lines = self.get_lines(OPERATION, key="1")
        self.assertEqual(lines.mapped("state"), ["done", "done"])
        self.assertEqual(self.batches, [["1"], ["1"]])
        self.assertEqual(line.state, "done")

    def _fetch_fails_while_newer_comes(self, error):
        def fetch(lines):
            self.on_fetch = None
            # As another transaction: it lasts, whatever becomes of the fetch.
            self.enqueue_again(lines)
            lines.env.cr.commit()
            raise error

        self.on_fetch = fetch
        line = self.enqueue(1)
        self.drain()
        self.let_time_pass()
        self.drain()
        newer = self.get_lines(OPERATION, key="1") - line
        self.assertEqual((line.state, newer.state), ("superseded", "done"))
        self.assertFalse(line.payload)

    def test_a_line_that_would_retry_gives_way_to_a_newer_one(self):
        self._fetch_fails_while_newer_comes(ServerError("Broken", status=500))

    def test_a_line_that_would_be_blocked_gives_way_to_a_newer_one(self):
        self._fetch_fails_while_newer_comes(NotFound("Gone", status=404))

    def test_a_line_that_would_wait_for_the_quota_gives_way_to_a_newer_one(self):
        retry_at = fields.Datetime.now().astimezone() + timedelta(minutes=1)
        self._fetch_fails_while_newer_comes(RateLimited("Stop", retry_at=retry_at))

    def test_a_line_that_its_operation_blocks_gives_way_to_a_newer_one(self):
        def block(line):
            self.outcomes.clear()
            self.enqueue_again(line)
            return Blocked("unknown_sku", "There is no such SKU.")

        line = self.enqueue(1)
        self.outcomes["1"] = block
        self.drain()
        newer = self.get_lines(OPERATION, key="1") - line
        self.assertEqual((line.state, newer.state), ("superseded", "done"))


@tagged("post_install", "-at_install")
class TestApply(EngineCase):
    @mute_logger(f"{ENGINE}.settlement")
    def test_one_bad_record_never_stops_another(self):
        lines = self.enqueue(1, 2, 3)
        self.outcomes["2"] = ZeroDivisionError("division by zero")
        self.drain()
        self.assertEqual(lines.mapped("state"), ["done", "failed", "done"])
        self.assertEqual(self.batches, [["1", "2", "3"], ["1"], ["2"], ["3"]])

    @mute_logger(f"{ENGINE}.settlement")
    def test_a_failure_says_what_happened(self):
        line = self.enqueue(1)
        self.outcomes["1"] = ZeroDivisionError("division by zero")
        self.drain()
        self.assertIn("division by zero", line.message)
        self.assertEqual(line.cause_id.code, "unexpected_error")
        self.assertIn("ZeroDivisionError", line.traceback)
        self.assertTrue(line.ended_on)
        self.assertFalse(line.pump_id)

    @mute_logger(f"{ENGINE}.settlement")
    def test_what_a_bad_record_wrote_is_undone_and_only_that(self):
        def write(line):
            line.env["res.partner"].create({"name": f"Made by {line.key}"})
            if line.key == "2":
                raise ValueError("too late")
            return line.instance_id

        self.outcomes = dict.fromkeys("123", write)
        self.enqueue(1, 2, 3)
        self.drain()
        made = self.env["res.partner"].search([("name", "like", "Made by ")])
        self.assertCountEqual(made.mapped("name"), ["Made by 1", "Made by 3"])

    @mute_logger("odoo.sql_db", f"{ENGINE}.settlement")
    def test_an_error_of_the_database_stops_no_other_record(self):
        def write(line):
            line.env.cr.execute("SELECT 1 FROM no_such_table")

        lines = self.enqueue(1, 2, 3)
        self.outcomes["2"] = write
        self.drain()
        self.assertEqual(lines.mapped("state"), ["done", "failed", "done"])

    def test_a_blocked_record_stops_no_other(self):
        lines = self.enqueue(1, 2, 3)
        self.outcomes["2"] = Blocked("unknown_sku", "There is no such SKU.")
        self.drain()
        self.assertEqual(lines.mapped("state"), ["done", "blocked", "done"])
        self.assertEqual(lines[1].cause_id.code, "unknown_sku")
        self.assertEqual(lines[1].message, "There is no such SKU.")
        self.assertEqual(self.batches, [["1", "2", "3"]])

    @mute_logger(f"{ENGINE}.settlement")
    def test_the_payload_is_erased_when_done_and_kept_while_needed(self):
        self.on_fetch = lambda lines: {line: {"more": 1} for line in lines}
        lines = self.enqueue(1, 2, 3)
        self.outcomes["2"] = Blocked("unknown_sku", "There is no such SKU.")
        self.outcomes["3"] = ValueError("no")
        self.drain()
        self.assertEqual((lines[0].payload, lines[0].details), (False, False))
        self.assertTrue(lines[1].payload)
        self.assertTrue(lines[2].payload)

    def test_what_was_read_in_addition_comes_with_the_payload(self):
        self.on_fetch = lambda lines: {line: {"more": "1.50"} for line in lines}
        payloads = []
        self.outcomes["1"] = lambda line: payloads.append(line._get_payload())
        self.enqueue(1)
        self.drain()
        self.assertEqual(payloads, [{"id": 1, "more": "1.50"}])

    def test_a_done_line_leads_to_its_record(self):
        line = self.enqueue(1)
        self.drain()
        self.assertEqual(
            (line.res_model, line.res_id), (self.instance._name, self.instance.id)
        )
        self.assertEqual(
            line.action_open_related_record()["res_model"], "bigcommerce.instance"
        )

    def test_a_pump_that_is_killed_leaves_nothing_half_done(self):
        def die(line):
            line.env["res.partner"].create({"name": "Half a contact"})
            raise SystemExit

        self.instance.queue_batch_limit = 1
        lines = self.enqueue(1, 2, 3)
        self.outcomes["2"] = die
        self.drain_until_killed()
        self.assertEqual(lines.mapped("state"), ["done", "running", "pending"])
        self.assertTrue(lines[1].payload)
        self.assertFalse(self.env["res.partner"].search([("name", "like", "Half a")]))

    def test_a_collision_with_another_transaction_is_tried_again(self):
        failures = [SerializationFailure(), SerializationFailure()]

        def collide(line):
            if failures:
                raise failures.pop()
            return line.instance_id

        lines = self.enqueue(1, 2)
        self.outcomes["2"] = collide
        with patch(f"{ENGINE}.transactions.time.sleep"):
            self.drain()
        self.assertEqual(self.batches, [["1", "2"]] * 3)
        self.assertEqual(lines.mapped("state"), ["done", "done"])
        self.assertEqual(lines.mapped("tries"), [1, 1])

    def test_a_collision_that_does_not_end_is_tried_again_later(self):
        line = self.enqueue(1)
        self.outcomes["1"] = SerializationFailure()
        with patch(f"{ENGINE}.transactions.time.sleep"):
            self.drain()
        self.assertEqual(line.state, "retry")
        self.assertGreater(line.not_before, fields.Datetime.now())
        self.outcomes.clear()
        self.let_time_pass()
        self.drain()
        self.assertEqual(line.state, "done")


@tagged("post_install", "-at_install")
class TestFetchErrors(EngineCase):
    def fail_to_fetch(self, error):
        """Let what the lines need be answered with an error; return two lines."""

        def fetch(_lines):
            raise error

        self.on_fetch = fetch
        lines = self.enqueue(1, 2)
        self.drain()
        return lines

    def test_a_server_in_trouble_is_asked_again_later_and_later(self):
        lines = self.fail_to_fetch(ServerError("Broken", status=500))
        for tries, minutes in ((1, 1), (2, 5)):
            self.assertEqual(set(lines.mapped("state")), {"retry"})
            self.assertEqual(set(lines.mapped("tries")), {tries})
            self.assertIn("500", lines[0].message)
            expected = fields.Datetime.now() + timedelta(minutes=minutes)
            for line in lines:
                self.assertAlmostEqual(
                    line.not_before, expected, delta=timedelta(seconds=5)
                )
            self.let_time_pass()
            self.drain()

    def test_what_fails_each_time_is_failed_and_says_what_to_do(self):
        line = self.enqueue(1)
        self.fail_to_fetch(ServerError("Broken", status=503))
        for _ in range(8):
            self.let_time_pass()
            self.drain()
        self.assertEqual(
            (line.state, line.tries, line.cause_id.code), ("failed", 5, "store_trouble")
        )
        self.assertEqual(self.batches, [])
        self.assertIn("Try again later", line.message)
        self.assertTrue(line.ended_on)

    def test_the_quota_costs_no_try_and_holds_the_store(self):
        retry_at = fields.Datetime.now() + timedelta(seconds=40)
        lines = self.fail_to_fetch(
            RateLimited(
                "Stop", retry_at=fields.Datetime.to_datetime(retry_at).astimezone()
            )
        )
        self.assertEqual(set(lines.mapped("state")), {"pending"})
        self.assertEqual(set(lines.mapped("tries")), {0})
        self.assertEqual(self.instance.not_before, retry_at)
        self.on_fetch = None
        self.let_time_pass()
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertEqual(set(lines.mapped("tries")), {1})

    def test_what_a_person_has_to_settle_is_blocked_with_its_cause(self):
        scope = "store_v2_products_read_only"
        for error, cause, words in (
            (Forbidden("No", status=403, scope=scope), "missing_scope", "Products"),
            (NotFound("Gone", status=404), "not_found", "store"),
            (InvalidRequest("Bad", status=422), "refused", "Bad"),
        ):
            with self.subTest(cause=cause):
                lines = self.fail_to_fetch(error)
                self.assertEqual(set(lines.mapped("state")), {"blocked"})
                self.assertEqual(set(lines.mapped("cause_id.code")), {cause})
                self.assertIn(words, lines[0].message)
                lines.action_cancel()

    def test_a_token_that_is_not_valid_any_more_pauses_the_store(self):
        lines = self.fail_to_fetch(AuthenticationError("No", status=401))
        self.assertTrue(self.instance.is_access_refused)
        self.assertEqual(set(lines.mapped("state")), {"pending"})
        self.assertEqual(set(lines.mapped("tries")), {0})
        self.assertEqual(self.batches, [])

    @mute_logger(f"{ENGINE}.settlement")
    def test_an_unexpected_error_of_one_line_stops_no_other(self):
        def fetch(lines):
            if "2" in lines.mapped("key"):
                raise KeyError("surprise")

        self.on_fetch = fetch
        lines = self.enqueue(1, 2, 3)
        self.drain()
        self.assertEqual(lines.mapped("state"), ["done", "failed", "done"])

    def test_what_concerns_one_object_stops_no_other(self):
        def fetch(lines):
            if "2" in lines.mapped("key"):
                raise NotFound("Gone", status=404)

        self.on_fetch = fetch
        lines = self.enqueue(1, 2, 3)
        self.drain()
        self.assertEqual(lines.mapped("state"), ["done", "blocked", "done"])

    def test_one_line_that_breaks_the_store_stops_no_other_for_long(self):
        def fetch(lines):
            if "2" in lines.mapped("key"):
                raise ServerError("Broken", status=500)

        self.on_fetch = fetch
        lines = self.enqueue(1, 2, 3)
        for _ in range(8):
            self.drain()
            self.let_time_pass()
        self.assertEqual(lines.mapped("state"), ["done", "failed", "done"])

    @mute_logger(f"{ENGINE}.settlement")
    def test_an_unexpected_error_ends_in_failed_lines_not_in_a_dead_pump(self):
        lines = self.fail_to_fetch(KeyError("surprise"))
        self.assertEqual(set(lines.mapped("state")), {"failed"})
        self.assertIn("KeyError", lines[0].traceback)


@tagged("post_install", "-at_install")
class TestJobs(EngineCase):
    def test_a_run_is_done_when_no_line_is_open(self):
        lines = self.enqueue(1, 2, 3, 4)
        self.outcomes["2"] = Blocked("unknown_sku", "There is no such SKU.")
        lines[3].write(
            {"state": "retry", "not_before": fields.Datetime.now() + timedelta(1)}
        )
        job = lines.job_id
        self.drain()
        self.assertEqual(job.state, "running")
        self.assertEqual(
            (job.line_count, job.done_count, job.blocked_count, job.open_count),
            (4, 2, 1, 1),
        )
        self.assertEqual(job.progress, 75)
        self.let_time_pass()
        self.drain()
        self.assertEqual((job.state, job.progress), ("done", 100))
        self.assertTrue(job.ended_on)

    def test_a_run_without_lines_has_no_progress_to_show_before_it_is_done(self):
        job = self.enqueue(1).job_id.copy({"state": "pending"})
        self.assertEqual(job.progress, 0)
        job.state = "done"
        job.invalidate_recordset()
        self.assertEqual(job.progress, 100)

    def test_a_run_whose_last_line_goes_over_to_a_newer_run_is_over(self):
        for state in ("blocked", "retry"):
            with self.subTest(state=state):
                line = self.enqueue(state)
                line.write(
                    {
                        "state": state,
                        "not_before": fields.Datetime.now() + timedelta(hours=1),
                    }
                )
                older = line.job_id
                self.enqueue_again(line)
                newer = line.job_id
                self.assertNotEqual(newer, older)
                self.drain()
                self.assertEqual(line.state, "done")
                self.assertEqual((older.state, newer.state), ("done", "done"))

    def test_retry_does_failed_blocked_and_waiting_lines_now(self):
        lines = self.enqueue(1, 2, 3, 4)
        later = fields.Datetime.now() + timedelta(hours=1)
        for line, state in zip(
            lines, ("failed", "blocked", "retry", "done"), strict=True
        ):
            line.write({"state": state, "tries": 3, "not_before": later})
        lines.job_id.state = "done"
        lines.action_retry()
        self.assertEqual(lines.mapped("state"), ["pending"] * 3 + ["done"])
        self.assertEqual(lines.mapped("tries"), [0, 0, 0, 3])
        self.assertEqual(lines.job_id.state, "running")
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertEqual(lines.job_id.state, "done")

    def test_retry_gives_way_to_a_newer_line(self):
        line = self.enqueue(1)
        line.state = "failed"
        self.enqueue_again(line)
        line.action_retry()
        self.assertEqual(line.state, "superseded")
        self.drain()
        self.assertEqual(len(self.batches), 1)

    def test_retry_of_two_failed_lines_about_the_same_does_the_newer_one(self):
        older = self.enqueue(1)
        older.state = "failed"
        self.enqueue_again(older)
        newer = self.get_lines(OPERATION, key="1") - older
        newer.state = "failed"
        (older | newer).action_retry()
        self.env.flush_all()
        self.assertEqual((older.state, newer.state), ("superseded", "pending"))

    def test_retry_of_a_run_starts_it_and_its_lines_again(self):
        lines = self.enqueue(1, 2)
        lines[0].state = "failed"
        lines[1].state = "blocked"
        lines.job_id.state = "done"
        lines.job_id.action_retry()
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertEqual(lines.job_id.state, "done")

    def test_cancel_drops_what_waits_and_nothing_else(self):
        lines = self.enqueue(1, 2, 3, 4, 5)
        for line, state in zip(
            lines, ("pending", "retry", "blocked", "done"), strict=False
        ):
            line.state = state
        self.keep_in_work(lines[4])
        lines.action_cancel()
        self.assertEqual(lines.mapped("state"), ["cancelled"] * 3 + ["done", "running"])
        self.drain()
        self.assertEqual(self.batches, [])

    def test_cancelled_lines_keep_nothing_of_a_customer(self):
        self.on_fetch = lambda lines: {line: {"more": "secret"} for line in lines}
        line = self.enqueue(1)
        self.outcomes["1"] = Blocked("unknown_sku", "There is no such SKU.")
        self.drain()
        line.action_cancel()
        self.assertEqual((line.payload, line.details), (False, False))

    def test_a_run_whose_last_lines_are_cancelled_is_over(self):
        lines = self.enqueue(1, 2)
        lines.action_cancel()
        self.drain()
        self.assertIn(lines.job_id.state, ("done", "cancelled"))

    def test_cancel_of_a_run_drops_its_waiting_lines(self):
        lines = self.enqueue(1, 2)
        lines.job_id.action_cancel()
        self.drain()
        self.assertEqual(lines.job_id.state, "cancelled")
        self.assertEqual(set(lines.mapped("state")), {"cancelled"})
        self.assertEqual(self.batches, [])

    def test_cancel_of_a_run_that_is_over_changes_nothing(self):
        job = self.enqueue(1).job_id
        self.drain()
        job.action_cancel()
        self.assertEqual(job.state, "done")

    def test_the_end_of_a_run_is_logged_at_level_all(self):
        self.instance.log_level = "all"
        lines = self.enqueue(1, 2)
        self.outcomes["2"] = Blocked("unknown_sku", "There is no such SKU.")
        self.drain()
        log = self.env["bigcommerce.log"].search(
            [("job_id", "=", lines.job_id.id), ("level", "=", "success")]
        )
        self.assertIn("1 done, 1 with problems", log.message)


@tagged("post_install", "-at_install")
class TestPump(EngineCase):
    def setUp(self):
        super().setUp()
        self.pumps = self.env["bigcommerce.engine"]._get_pumps()

    def capture(self):
        """Note the moments at which crons are to be woken."""
        self.calls = []
        self.patch(
            self.registry["ir.cron"],
            "_trigger",
            lambda crons, at=None: self.calls.append((crons, at)),
        )

    def test_starting_an_operation_wakes_the_pumps(self):
        self.capture()
        self.instance._start(OPERATION)
        self.assertEqual([call[0] for call in self.calls], list(self.pumps))

    def test_what_is_due_later_finds_pumps_that_look_every_minute(self):
        for pump in self.pumps:
            self.assertEqual((pump.interval_number, pump.interval_type), (1, "minutes"))

    def test_a_pump_whose_time_is_over_stops_and_wakes_itself(self):
        self.capture()
        self.instance.queue_batch_limit = 1
        lines = self.enqueue(1, 2)
        self.patch(
            self.registry["bigcommerce.engine"],
            "_commit_progress",
            lambda *_arguments: 0,
        )
        self.drain()
        self.assertEqual(lines.mapped("state"), ["done", "pending"])
        self.assertTrue(self.calls)

    def test_the_cron_works_on_the_queue(self):
        line = self.enqueue(1)
        with self.enter_registry_test_mode():
            self.env.ref("bigcommerce_connector.ir_cron_pump").method_direct_trigger()
        self.assertEqual(line.state, "done")


@tagged("post_install", "-at_install")
class TestScheduler(EngineCase):
    def setUp(self):
        super().setUp()
        self.job = self.instance.automatic_job_ids.filtered(
            lambda job: job.operation == OPERATION
        )
        self.job.write({"active": True, "next_call": fields.Datetime.now()})

    def start_due_jobs(self):
        """Return the queue jobs that the scheduler makes."""
        QueueJob = self.env["bigcommerce.queue.job"]
        before = QueueJob.search([])
        self.env["bigcommerce.automatic.job"]._cron_start_due_jobs()
        return QueueJob.search([]) - before

    def test_automatic_jobs_are_there_after_confirm_and_off(self):
        other = self.create_instance(company_id=self.env.company.id, store_hash="abc")
        other.api_url = "http://127.0.0.1:9"
        self.env["bigcommerce.automatic.job"]._ensure_jobs(other)
        jobs = other.automatic_job_ids
        self.assertIn(OPERATION, jobs.mapped("operation"))
        self.assertCountEqual(
            jobs.mapped("operation"),
            [
                operation._code
                for operation in self.env["bigcommerce.operation"]._get_operations()
                if operation._interval
            ],
        )
        self.assertFalse(any(jobs.mapped("active")))
        self.env["bigcommerce.automatic.job"]._ensure_jobs(other)
        self.assertEqual(other.automatic_job_ids, jobs)

    def test_what_is_due_is_started(self):
        started = self.start_due_jobs()
        self.assertEqual(started.operation, OPERATION)
        self.assertEqual(started.instance_id, self.instance)
        self.assertTrue(started.moves_watermark)

    def test_it_is_due_again_after_its_interval(self):
        self.job.write({"interval_number": 2, "interval_unit": "hours"})
        due = self.job.next_call
        self.start_due_jobs()
        self.assertEqual(self.job.next_call, due + timedelta(hours=2))
        self.assertFalse(self.start_due_jobs())

    def test_after_a_long_sleep_it_runs_once(self):
        self.job.next_call = fields.Datetime.now() - timedelta(days=3)
        self.assertEqual(len(self.start_due_jobs()), 1)
        self.assertGreater(self.job.next_call, fields.Datetime.now())

    def test_a_scan_that_still_waits_is_not_started_again(self):
        self.start_due_jobs()
        self.job.next_call = fields.Datetime.now()
        self.assertFalse(self.start_due_jobs())

    def test_inactive_jobs_and_stores_that_are_off_are_not_started(self):
        for record, change in (
            (self.job, {"active": False}),
            (self.instance, {"state": "draft"}),
            (self.instance, {"active": False}),
        ):
            with self.subTest(change=change), self.cr.savepoint() as savepoint:
                record.write(change)
                self.assertFalse(self.start_due_jobs())
                savepoint.rollback()
            self.env.invalidate_all()

    def test_last_processed_on_is_when_the_last_run_was_complete(self):
        self.assertFalse(self.job.last_processed_on)
        before = fields.Datetime.now()
        self.start_due_jobs()
        self.drain()
        self.assertGreaterEqual(self.job.last_processed_on, before)
