"""Why lines cannot go on: each cause is a record that says what to do."""

import ast
from pathlib import Path

from psycopg2 import IntegrityError
from psycopg2.errors import LockNotAvailable, UniqueViolation

from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..client.errors import (
    AuthenticationError,
    BigCommerceError,
    Conflict,
    DamagedAnswer,
    Forbidden,
    InvalidRequest,
    NotFound,
    ProtocolError,
    RateLimited,
    RequestTimeout,
    ServerError,
    Unreachable,
    WriteRefused,
)
from ..sync import transactions
from ..sync.problems import Blocked, explain, get_cause
from .common import SandboxCase
from .test_engine import OPERATION, EngineCase

SYNC = Path(__file__).parents[1] / "sync"
SETTLEMENT = "odoo.addons.bigcommerce_connector.sync.settlement"
ENGINE_LOGGER = "odoo.addons.bigcommerce_connector.sync"
USER = "bigcommerce_connector.bigcommerce_group_user"


def get_codes_in_use():
    """Return the codes of causes that the files of ``sync`` name."""
    codes = set()
    for path in SYNC.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                position = {"Blocked": 0, "_settle_spent": 1}.get(name)
                if position is not None and len(node.args) > position:
                    codes |= _get_texts(node.args[position])
                if name == "_get" and "Cause" in ast.unparse(node.func):
                    codes |= _get_texts(node.args[0])
            if isinstance(node, ast.FunctionDef) and node.name == "get_cause":
                for statement in ast.walk(node):
                    if isinstance(statement, ast.Return) and statement.value:
                        codes |= _get_texts(statement.value)
    return codes


def _get_texts(node):
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


@tagged("post_install", "-at_install")
class TestRecords(TransactionCase):
    def test_every_code_in_use_is_found_by_this_test(self):
        self.assertLessEqual(
            {
                "unknown_sku",
                "not_found",
                "missing_scope",
                "read_only",
                "store_trouble",
                "outcome_unknown",
                "killed_worker",
                "unexpected_error",
            },
            get_codes_in_use(),
        )

    def test_every_code_in_use_has_a_record_and_every_record_is_in_use(self):
        records = set(self.env["bigcommerce.cause"].search([]).mapped("code"))
        self.assertEqual(get_codes_in_use(), records)

    def test_every_record_is_found_by_its_code(self):
        Cause = self.env["bigcommerce.cause"]
        for cause in Cause.search([]):
            with self.subTest(code=cause.code):
                self.assertEqual(Cause._get(cause.code), cause)

    def test_every_record_says_what_to_do(self):
        for cause in self.env["bigcommerce.cause"].search([]):
            with self.subTest(code=cause.code):
                self.assertGreater(len(cause.advice), 20)
                self.assertTrue(cause.advice.endswith("."))
                self.assertTrue(cause.name)
                self.assertFalse(cause.name.endswith("."))

    def test_names_and_places_differ(self):
        causes = self.env["bigcommerce.cause"].search([])
        for field in ("code", "name", "advice", "sequence"):
            self.assertEqual(len(set(causes.mapped(field))), len(causes), field)

    @mute_logger("odoo.sql_db")
    def test_a_code_exists_once(self):
        cause = self.env["bigcommerce.cause"].search([], limit=1)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            cause.copy({"code": cause.code})

    def test_every_fix_opens_for_a_user_of_the_connector(self):
        user = new_test_user(self.env, "fixes", USER)
        for cause in self.env["bigcommerce.cause"].with_user(user).search([]):
            with self.subTest(code=cause.code):
                action = cause.action_fix()
                self.assertEqual(action["type"], "ir.actions.act_window")
                self.assertIn(action["res_model"], self.env)

    def test_a_cause_without_a_place_leads_to_its_lines(self):
        cause = self.env["bigcommerce.cause"]._get("unreadable")
        self.assertFalse(cause.fix_action_id)
        action = cause.action_fix()
        self.assertEqual(action["res_model"], "bigcommerce.queue.line")
        self.assertEqual(action["domain"], [("cause_id", "=", cause.id)])


@tagged("post_install", "-at_install")
class TestErrors(TransactionCase):
    def test_every_error_of_the_client_is_passing_or_has_a_cause(self):
        causes = {
            AuthenticationError: None,
            BigCommerceError: None,
            Conflict: "refused",
            DamagedAnswer: None,
            Forbidden: "missing_scope",
            InvalidRequest: "refused",
            NotFound: "not_found",
            ProtocolError: "unreadable",
            RateLimited: None,
            RequestTimeout: None,
            ServerError: None,
            Unreachable: None,
            WriteRefused: "read_only",
        }
        known = {BigCommerceError}
        waiting = [BigCommerceError]
        while waiting:
            children = waiting.pop().__subclasses__()
            known.update(children)
            waiting += children
        self.assertEqual(set(causes), known)
        for kind, cause in causes.items():
            with self.subTest(kind=kind.__name__):
                self.assertEqual(get_cause(kind("Message")), cause)

    def test_every_error_is_explained_in_words(self):
        for kind in (
            AuthenticationError,
            BigCommerceError,
            Conflict,
            DamagedAnswer,
            Forbidden,
            InvalidRequest,
            NotFound,
            ProtocolError,
            RateLimited,
            RequestTimeout,
            ServerError,
            Unreachable,
            WriteRefused,
        ):
            with self.subTest(kind=kind.__name__):
                words = explain(self.env, kind("Its own words", status=418))
                self.assertGreater(len(words), 20)
                self.assertTrue(words[0].isupper())

    def test_a_scope_that_nobody_knows_is_explained_too(self):
        self.assertIn("unknown", explain(self.env, Forbidden("No", status=403)))
        self.assertIn(
            "new_scope", explain(self.env, Forbidden("No", scope="new_scope"))
        )


@tagged("post_install", "-at_install")
class TestLines(EngineCase):
    def test_blocked_and_failed_lines_have_one_and_others_do_not(self):
        self.outcomes["1"] = Blocked("unknown_sku", "There is no such SKU.")
        self.outcomes["2"] = ValueError("surprise")
        lines = self.enqueue(1, 2, 3)
        with mute_logger(SETTLEMENT):
            self.drain()
        self.assertEqual(
            lines.mapped(lambda line: line.cause_id.code),
            ["unknown_sku", "unexpected_error", False],
        )
        self.assertQueueIsSound()
        self.outcomes.clear()
        lines.action_retry()
        self.assertFalse(lines.cause_id)
        self.drain()
        self.assertFalse(lines.cause_id)
        self.assertQueueIsSound()

    def test_a_cause_counts_its_lines_and_since_when(self):
        self.outcomes = dict.fromkeys("12", Blocked("unknown_sku", "None."))
        lines = self.enqueue(1, 2, 3)
        self.drain()
        lines[0].ended_on = "2026-01-01 12:00:00"
        cause = lines[0].cause_id
        self.assertEqual(cause.line_count, 2)
        self.assertEqual(cause.oldest_on, lines[0].ended_on)
        self.assertEqual(cause.line_ids, lines[:2])
        nobody = self.env["bigcommerce.cause"]._get("killed_worker")
        self.assertEqual((nobody.line_count, nobody.oldest_on), (0, False))

    def test_a_line_says_what_to_do(self):
        self.outcomes["1"] = Blocked("unknown_sku", "There is no such SKU.")
        line = self.enqueue(1)
        self.drain()
        self.assertEqual(line.advice, line.cause_id.advice)
        self.assertEqual(line.action_fix()["res_model"], "bigcommerce.listing.item")

    def test_a_blocked_line_of_something_that_changed_waits_no_longer(self):
        self.outcomes["1"] = Blocked("unknown_sku", "There is no such SKU.")
        line = self.enqueue(1)
        self.drain()
        older = line.job_id
        self.outcomes.clear()
        self.enqueue_again(line)
        self.assertEqual(
            (line.state, line.cause_id.code, line.message, line.tries),
            ("pending", False, False, 0),
        )
        self.assertFalse(line.ended_on)
        self.assertNotEqual(line.job_id, older)
        self.assertEqual(line._get_payload()["is"], "newer")
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(len(self.get_lines(OPERATION)), 1)
        self.assertQueueIsSound()

    def test_a_failed_line_of_something_that_changed_is_kept_as_a_failure(self):
        self.outcomes["1"] = ValueError("surprise")
        line = self.enqueue(1)
        with mute_logger(SETTLEMENT):
            self.drain()
        self.outcomes.clear()
        self.enqueue_again(line)
        self.drain()
        newer = self.get_lines(OPERATION, key="1") - line
        self.assertEqual((line.state, newer.state), ("failed", "done"))
        self.assertQueueIsSound()

    def test_a_cause_in_use_cannot_be_deleted(self):
        self.outcomes["1"] = Blocked("unknown_sku", "There is no such SKU.")
        line = self.enqueue(1)
        self.drain()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            line.cause_id.unlink()

    def test_a_cause_that_does_not_exist_stops_no_other_line(self):
        self.outcomes["1"] = Blocked("no_such_cause", "There is none.")
        lines = self.enqueue(1, 2)
        self.drain()
        self.assertEqual(lines.mapped("state"), ["blocked", "done"])
        self.assertEqual(lines[0].cause_id.code, "unexpected_error")
        self.assertEqual(lines[0].message, "There is none.")
        self.assertQueueIsSound()

    def test_another_addon_may_add_a_cause(self):
        cause = self.env["bigcommerce.cause"].create(
            {"code": "no_moon", "name": "No Moon", "advice": "Wait for the moon."}
        )
        self.outcomes["1"] = Blocked("no_moon", "There is none.")
        line = self.enqueue(1)
        self.drain()
        self.assertEqual(line.cause_id, cause)

    def test_an_instance_with_problems_can_be_deleted(self):
        self.outcomes["1"] = Blocked("unknown_sku", "There is no such SKU.")
        lines = self.enqueue(1)
        self.drain()
        self.instance.unlink()
        self.assertFalse(lines.exists())

    @mute_logger(SETTLEMENT)
    def test_each_kind_of_failure_while_reading_leaves_a_sound_queue(self):
        for number, failure in enumerate(
            (
                Forbidden("No", status=403),
                NotFound("Gone", status=404),
                InvalidRequest("Bad", status=422),
                Conflict("Not now", status=409),
                ProtocolError("Odd", status=200),
                WriteRefused("Observe"),
                ServerError("Broken", status=500),
                KeyError("surprise"),
            )
        ):
            with self.subTest(failure=type(failure).__name__):

                def fetch(_lines, failure=failure):
                    raise failure

                self.on_fetch = fetch
                self.enqueue(f"{number}a", f"{number}b")
                self.drain()
                self.instance._resume()
                self.assertQueueIsSound()


@tagged("post_install", "-at_install")
class TestPumpsThatMustNotStop(EngineCase):
    """What goes wrong with one line is no reason for a pump to stop."""

    @mute_logger(ENGINE_LOGGER, SETTLEMENT)
    def test_problems_that_cannot_be_noted_stop_no_other_line(self):
        def surprise(_operation, _lines):
            raise KeyError("surprise")

        self.patch(
            self.registry["bigcommerce.import.orders"], "_keep_problems", surprise
        )
        self.outcomes["1"] = Blocked("unknown_sku", "There is no such SKU.")
        lines = self.enqueue(1)
        other = self.enqueue(2, instance=self.second_instance())
        self.drain()
        self.assertNotEqual(lines.state, "running")
        self.assertEqual(other.state, "done")

    @mute_logger(ENGINE_LOGGER, SETTLEMENT)
    def test_a_killed_workers_problems_that_cannot_be_noted_stop_no_other(self):
        def surprise(_operation, _lines):
            raise KeyError("surprise")

        self.patch(
            self.registry["bigcommerce.import.orders"], "_keep_problems", surprise
        )
        killer = self.enqueue(1)
        killer.write({"state": "running", "tries": 5})
        other = self.enqueue(2, instance=self.second_instance())
        self.drain()
        self.assertEqual(other.state, "done")

    @mute_logger(SETTLEMENT)
    def test_a_row_that_others_keep_locked_is_tried_again_later(self):
        line = self.enqueue(1)
        self.outcomes["1"] = LockNotAvailable()
        self.patch_sleep()
        self.drain()
        self.assertEqual(line.state, "retry")
        self.outcomes.clear()
        self.let_time_pass()
        self.drain()
        self.assertEqual(line.state, "done")

    @mute_logger(SETTLEMENT)
    def test_a_value_that_exists_already_each_time_fails_in_the_end(self):
        line = self.enqueue(1)
        self.outcomes["1"] = UniqueViolation()
        self.patch_sleep()
        for _time in range(8):
            self.drain()
            self.let_time_pass()
        self.assertEqual(line.state, "failed")
        self.assertQueueIsSound()

    @mute_logger(ENGINE_LOGGER, SETTLEMENT)
    def test_a_value_that_exists_already_while_reading_does_not_go_on_for_ever(self):
        rounds = []

        def fetch(lines):
            if lines.instance_id == line.instance_id:
                rounds.append(1)
                if len(rounds) > 50:
                    raise SystemExit
                raise UniqueViolation

        self.on_fetch = fetch
        line = self.enqueue(1)
        other = self.enqueue(2, instance=self.second_instance())
        self.patch_sleep()
        try:
            self.drain()
        except SystemExit:
            self.env.invalidate_all()
        self.assertLessEqual(len(rounds), 50)
        self.assertEqual(other.state, "done")
        self.assertIn(line.state, ("retry", "failed"))

    def patch_sleep(self):
        """Let nobody wait long for others."""
        self.patch(transactions, "MAX_COLLISIONS", 2)

    def test_lines_of_an_operation_that_is_gone_are_ended(self):
        lines = self.enqueue(1, 2, 3, 4, 5, 6)
        states = ("pending", "retry", "blocked", "unknown", "unknown", "done")
        cause = self.env["bigcommerce.cause"]._get
        for line, state in zip(lines, states, strict=True):
            line.state = state
        lines[2].cause_id = cause("unknown_sku")
        lines[4].write(
            {
                "cause_id": cause("outcome_unknown").id,
                "ended_on": fields.Datetime.now(),
            }
        )
        lines[5].write(lines._get_end_vals())
        other = self.enqueue(7)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE bigcommerce_queue_line SET operation = 'gone' WHERE id IN %s",
            [tuple(lines.ids)],
        )
        self.env.cr.execute(
            "UPDATE bigcommerce_queue_job SET operation = 'gone' WHERE id = %s",
            [lines.job_id.id],
        )
        self.env.invalidate_all()
        self.drain()
        self.assertEqual(other.state, "done")
        self.assertEqual(
            lines.mapped("state"),
            ["failed", "failed", "failed", "unknown", "unknown", "done"],
        )
        self.assertEqual(
            lines.mapped(lambda line: line.cause_id.code),
            [*["unexpected_error"] * 3, *["outcome_unknown"] * 2, False],
        )
        self.assertIn("does not exist", lines[0].message)
        self.drain()
        self.assertQueueIsSound()

    def test_a_job_of_an_operation_that_is_gone_is_ended(self):
        job = self.instance._start(OPERATION)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE bigcommerce_queue_job SET operation = 'gone' WHERE id = %s",
            [job.id],
        )
        self.env.invalidate_all()
        self.drain()
        self.assertEqual(job.state, "failed")
        self.assertIn("does not exist", job.error_message)

    def test_lines_of_an_operation_that_is_gone_can_be_retried_and_cancelled(self):
        lines = self.enqueue(1, 2)
        lines.write(
            {
                "state": "failed",
                "cause_id": self.env["bigcommerce.cause"]._get("unexpected_error").id,
                "ended_on": fields.Datetime.now(),
                "message": "This operation does not exist any more.",
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE bigcommerce_queue_line SET operation = 'gone' WHERE id IN %s",
            [tuple(lines.ids)],
        )
        self.env.invalidate_all()
        lines[0].action_retry()
        self.drain()
        self.assertEqual(lines[0].state, "failed")
        lines[1].action_retry()
        lines[1].action_cancel()
        self.assertEqual(lines[1].state, "cancelled")
        lines.job_id.action_cancel()
        self.drain()


@tagged("post_install", "-at_install")
class TestUnreadableLists(SandboxCase):
    def test_a_list_of_reference_data_that_makes_no_sense_says_so(self):
        instance = self.confirm_instance()
        self.store.put("v3/catalog/brands", [{"id": 5, "name": {"no": "text"}}])
        job = self.run_operation(instance, "import_brands")
        line = job.line_ids
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "unreadable"))
