"""How the engine changes a store: each thing once, whatever becomes of the answer."""

from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..client.deadline import DeadlineAdapter
from ..sync.operation import Found
from ..sync.problems import Blocked, Unsettled
from ..sync.settlement import MAX_TRIES
from .common import SandboxCase, load_few_orders
from .process_operations import BigcommerceTestCount, BigcommerceTestNote

SETTLEMENT = "odoo.addons.bigcommerce_connector.sync.settlement"
NOTE = "test_note"
NOTE_MODEL = "bigcommerce.test.note"
BULK_NOTE = "test_bulk_note"
BULK_NOTE_MODEL = "bigcommerce.test.bulk.note"
ORDERS = "^/v2/orders/"
# The order in whose notes all things of a bulk request are noted.
BOOK = "118"
# What the answer to a write may be worth nothing in spite of its 2xx.
LOST_ANSWERS = {
    "reset": {"kind": "reset"},
    "server error": {"status": 500},
    "bad gateway": {"status": 502, "body": "<html>Bad gateway</html>"},
    "unavailable": {"status": 503},
    "gateway timeout": {"status": 504, "body": ""},
}


class BigcommerceTestBulkNote(BigcommerceTestNote):
    """Add the keys of up to ten lines to the notes of one order, in one request."""

    _module = None
    _name = BULK_NOTE_MODEL
    _inherit = [NOTE_MODEL]
    _description = "Note Together"

    _code = BULK_NOTE
    _send_size = 10

    @api.model
    def _send(self, client, lines):
        notes = self._read_book(client) + "".join(f"[{line.key}]" for line in lines)
        change = {"staff_notes": notes}
        if any("bad" in line.key for line in lines):
            # There is no such status: the store refuses all of it.
            change["status_id"] = 999
        client.update_order(BOOK, change)
        return {line: {"noted": True} for line in lines}

    @api.model
    def _look(self, client, lines):
        notes = self._read_book(client)
        return {line: {"noted": True} for line in lines if f"[{line.key}]" in notes}

    @api.model
    def _read_book(self, client):
        return client.get_order(BOOK)["staff_notes"] or ""


class SendingCase(SandboxCase):
    """A store, and an operation that writes to it what it must not write twice."""

    load = staticmethod(load_few_orders)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_operations(
            BigcommerceTestCount, BigcommerceTestNote, BigcommerceTestBulkNote
        )
        cls.instance = cls.confirm_instance()

    def setUp(self):
        super().setUp()
        self.skip_backoff()
        self.store.forget_requests()

    def enqueue(self, *keys, operation=NOTE):
        """Return lines that each note their key, which is the order's id if it can."""
        job = self.env["bigcommerce.queue.job"].create(
            {
                "instance_id": self.instance.id,
                "operation": operation,
                "state": "running",
            }
        )
        self.env["bigcommerce.engine"]._enqueue_lines(
            job,
            [Found(str(key), f"Note {key}", {"order": str(key)[:3]}) for key in keys],
        )
        return job.line_ids.sorted("id")

    def fault_of_writes(self, **fault):
        self.store.fault(ORDERS, method="PUT", **fault)

    def fault_of_looks(self, **fault):
        self.store.fault(ORDERS, method="GET", **fault)

    def get_notes(self, order):
        return self.store.control("GET", f"v2/orders/{order}")["staff_notes"] or ""

    def assertNoted(self, *keys, times=1, book=None):
        """What each line had to note is in the store, so many times."""
        for key in keys:
            with self.subTest(key=key):
                notes = self.get_notes(book or str(key)[:3])
                self.assertEqual(notes.count(f"[{key}]"), times)

    def get_writes(self):
        """Return the writes that the store was asked for, carried out or not."""
        return [
            request
            for request in self.store.get_requests()
            if request["method"] != "GET"
        ]

    @contextmanager
    def replaced(self, verb, replacement, model=NOTE_MODEL):
        """Let a verb be ``replacement``, which is given the original first."""
        Model = self.registry[model]
        original = getattr(Model, verb)

        def replace(operation, *arguments):
            return replacement(
                lambda *changed: original(operation, *(changed or arguments)),
                *arguments,
            )

        setattr(Model, verb, api.model(replace))
        try:
            yield
        finally:
            delattr(Model, verb)

    def change_and_send(self, change, at=1, sent=None):
        """Return a ``_send`` at whose call number ``at`` somebody changes the store.

        :param list sent: comes to hold the keys of each call
        """
        sent = [] if sent is None else sent

        def send(original, _client, lines):
            sent.append(lines.mapped("key"))
            if len(sent) == at:
                # As another transaction, while this is sent.
                lines.instance_id.sudo().write(change)
                lines.env.cr.commit()
            return original()

        return send

    def assertWaitsForAPerson(self, line):
        self.assertEqual(
            (line.state, line.cause_id.code), ("unknown", "outcome_unknown")
        )
        self.assertTrue(line.ended_on)
        self.assertTrue(line.message)
        self.assertFalse(line.pump_id)


@tagged("post_install", "-at_install")
class TestOutcomes(SendingCase):
    def test_what_goes_well_is_sent_once_and_done(self):
        lines = self.enqueue(118, 119, 120)
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertEqual(lines.mapped("tries"), [1, 1, 1])
        self.assertEqual(lines.job_id.state, "done")
        self.assertEqual(len(self.get_writes()), 3)
        self.assertNoted(118, 119, 120)
        self.assertQueueIsSound()

    def test_a_second_run_of_the_pump_sends_nothing(self):
        self.enqueue(118)
        self.drain()
        self.store.forget_requests()
        self.come_back(2)
        self.assertEqual(self.store.get_requests(), [])

    def test_what_there_is_no_time_for_is_sent_in_the_next_run(self):
        lines = self.enqueue(118, 119, 120)
        for sent in (1, 2, 3):
            with self.open_engine() as engine:
                # The time is over as soon as it begins.
                engine = engine.with_context(cron_end_time=0)
                self.assertEqual(engine._work_next(self.env["ir.cron"]), 4 - sent)
            self.assertEqual(len(self.get_writes()), sent)
            self.assertEqual(
                sorted(lines.mapped("state")),
                ["done"] * sent + ["pending"] * (3 - sent),
            )
            self.assertEqual(
                lines.mapped("tries"), [int(line.state == "done") for line in lines]
            )
        self.assertNoted(118, 119, 120)
        self.assertQueueIsSound()

    def test_sending_is_committed_before_the_request_leaves(self):
        states = []

        def send(original, _client, lines):
            # What is not committed is lost by this.
            lines.env.cr.rollback()
            states.append(lines.mapped("state"))
            return original()

        lines = self.enqueue(118, 119)
        with self.replaced("_send", send):
            self.drain()
        self.assertEqual(states, [["sending"], ["sending"]])
        self.assertEqual(set(lines.mapped("state")), {"done"})

    def test_the_outcome_is_committed_before_the_next_request_leaves(self):
        states = []
        lines = self.enqueue(118, 119, 120)

        def send(original, _client, own):
            own.env.cr.rollback()
            states.append(lines.with_env(own.env).mapped("state"))
            return original()

        with self.replaced("_send", send):
            self.drain()
        self.assertEqual(
            states,
            [
                ["sending", "running", "running"],
                ["done", "sending", "running"],
                ["done", "done", "sending"],
            ],
        )

    def test_what_the_store_confirmed_comes_to_apply_and_is_erased_then(self):
        payloads = []

        def apply(original, lines):
            payloads.extend(line._get_payload() for line in lines)
            return original()

        line = self.enqueue(118)
        with self.replaced("_apply", apply):
            self.drain()
        self.assertIn("[118]", payloads[0]["staff_notes"])
        self.assertEqual((line.payload, line.details), (False, False))

    def test_what_is_refused_waits_for_a_person_and_stops_no_other(self):
        for status, cause in (
            (400, "refused"),
            (404, "not_found"),
            (409, "refused"),
            (422, "refused"),
        ):
            with self.subTest(status=status):
                self.store.reset()
                self.fault_of_writes(status=status)
                lines = self.enqueue(118, 119)
                self.drain()
                self.assertEqual(lines.mapped("state"), ["blocked", "done"])
                self.assertEqual(lines[0].cause_id.code, cause)
                self.assertTrue(lines[0].message)
                self.assertNoted(118, times=0)
                self.assertNoted(119)
                self.assertEqual(lines.job_id.state, "done")
                self.assertEqual(lines.job_id.problem_count, 1)
                self.assertQueueIsSound()
                lines.action_cancel()

    def test_an_order_that_is_gone_from_the_store_is_blocked_alone(self):
        self.store.delete("v2/orders/118")
        lines = self.enqueue(118, 119)
        self.drain()
        self.assertEqual(lines.mapped("state"), ["blocked", "done"])
        self.assertEqual(lines[0].cause_id.code, "not_found")

    def test_what_the_operation_blocks_is_not_sent_and_stops_no_other(self):
        def send(original, _client, lines):
            if lines.key == "118":
                return {lines: Blocked("no_pricelist", "There is no pricelist.")}
            return original()

        lines = self.enqueue(118, 119)
        with self.replaced("_send", send):
            self.drain()
        self.assertEqual(lines.mapped("state"), ["blocked", "done"])
        self.assertEqual(lines[0].cause_id.code, "no_pricelist")
        self.assertEqual(lines[0].message, "There is no pricelist.")
        self.assertQueueIsSound()

    def test_the_quota_costs_no_try_and_nothing_is_sent_twice(self):
        self.fault_of_writes(
            status=429, nth=2, headers={"X-Rate-Limit-Time-Reset-Ms": "25000"}
        )
        lines = self.enqueue(118, 119, 120)
        self.drain()
        self.assertEqual(lines.mapped("state"), ["done", "pending", "pending"])
        self.assertEqual(lines.mapped("tries"), [1, 0, 0])
        self.assertGreater(self.instance.not_before, fields.Datetime.now())
        self.assertEqual(len(self.get_writes()), 2)
        self.come_back()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertNoted(118, 119, 120)

    def test_a_token_that_is_not_valid_any_more_costs_no_try(self):
        self.store.control("PUT", "access", {"access_token": "another"})
        lines = self.enqueue(118, 119)
        self.drain()
        self.assertTrue(self.instance.is_access_refused)
        self.assertEqual(lines.mapped("state"), ["pending", "pending"])
        self.assertEqual(lines.mapped("tries"), [0, 0])
        self.assertEqual(len(self.store.get_requests()), 1)
        self.come_back(3)
        self.assertEqual(len(self.store.get_requests()), 1)
        self.instance.access_token = "another"
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertNoted(118, 119)

    def test_what_surely_was_not_sent_is_sent_later(self):
        address = self.instance.api_url
        self.instance.api_url = "http://127.0.0.1:9"
        line = self.enqueue(118)
        self.drain()
        self.assertEqual((line.state, line.tries), ("retry", 1))
        self.assertIn("cannot be reached", line.message)
        self.instance.api_url = address
        self.come_back()
        self.assertEqual((line.state, line.tries), ("done", 2))
        self.assertNoted(118)

    def test_a_write_that_surely_was_not_sent_is_not_looked_for(self):
        def send(original, client, lines):
            client.transport.base_url = "http://127.0.0.1:9/stores/sandbox"
            return {line: client.update_order("118", {}) for line in lines}

        line = self.enqueue(118)
        with self.replaced("_send", send):
            self.drain()
        self.assertEqual(line.state, "retry")
        looks = []
        with self.replaced("_look", lambda original, *_: looks.append(1) or original()):
            self.come_back()
        self.assertEqual((line.state, looks), ("done", []))

    def test_what_surely_was_not_sent_each_time_is_failed(self):
        line = self.enqueue(118)
        self.instance.api_url = "http://127.0.0.1:9"
        for _time in range(10):
            self.come_back()
            # Otherwise only probes are sent.
            self.instance.failure_count = 0
        self.assertEqual(
            (line.state, line.tries, line.cause_id.code),
            ("failed", MAX_TRIES, "store_trouble"),
        )
        self.assertQueueIsSound()


@tagged("post_install", "-at_install")
class TestLostAnswers(SendingCase):
    def assertUnknown(self, line, tries=1):
        self.assertEqual((line.state, line.tries), ("unknown", tries))
        self.assertFalse(line.cause_id, "nobody has to see to it yet")
        self.assertFalse(line.pump_id)
        self.assertTrue(line.message)
        self.assertGreater(line.not_before, fields.Datetime.now())
        self.assertIn(line.job_id.state, ("pending", "running"))

    def test_what_took_effect_is_found_and_not_sent_again(self):
        for name, fault in LOST_ANSWERS.items():
            with self.subTest(name):
                self.store.reset()
                self.fault_of_writes(after=True, **fault)
                line = self.enqueue(118)
                self.drain()
                self.assertUnknown(line)
                self.drain()
                self.assertUnknown(line)
                self.come_back()
                self.assertEqual((line.state, line.tries), ("done", 2))
                self.assertEqual(line.job_id.state, "done")
                self.assertNoted(118)
                self.assertEqual(len(self.get_writes()), 1)
                self.assertQueueIsSound()

    def test_what_took_no_effect_is_looked_for_and_then_sent_once(self):
        for name, fault in LOST_ANSWERS.items():
            with self.subTest(name):
                self.store.reset()
                self.fault_of_writes(**fault)
                line = self.enqueue(118)
                self.drain()
                self.assertUnknown(line)
                self.store.forget_requests()
                self.come_back()
                self.assertEqual(line.state, "done")
                self.assertNoted(118)
                self.assertEqual(
                    [request["method"] for request in self.store.get_requests()],
                    ["GET", "GET", "PUT"],
                )

    def test_an_answer_that_breaks_off_is_looked_for(self):
        self.fault_of_writes(kind="truncate")
        line = self.enqueue(118)
        self.drain()
        self.assertUnknown(line)
        self.come_back()
        self.assertEqual(line.state, "done")
        self.assertNoted(118)

    def test_an_answer_that_does_not_come_in_time_is_looked_for(self):
        send = DeadlineAdapter.send

        def hurry(adapter, request, **options):
            return send(adapter, request, **{**options, "timeout": 0.5})

        self.patch(DeadlineAdapter, "send", hurry)
        for kind, writes in (("slow", 1), ("reset", 2)):
            with self.subTest(kind):
                self.store.reset()
                self.fault_of_writes(kind=kind, seconds=1)
                line = self.enqueue(118)
                self.drain()
                self.assertUnknown(line)
                self.come_back()
                self.assertEqual(line.state, "done")
                self.assertNoted(118)
                self.assertEqual(len(self.get_writes()), writes)

    def test_a_2xx_that_is_not_what_the_api_promises_is_a_lost_answer(self):
        for body in ("<html>Welcome</html>", "", [], None, 5):
            with self.subTest(body=body):
                self.store.reset()
                self.fault_of_writes(status=200, body=body, after=True)
                line = self.enqueue(118)
                self.drain()
                self.come_back()
                self.assertEqual(line.state, "done")
                self.assertNoted(118)
                self.assertEqual(len(self.get_writes()), 1)

    def test_an_odd_answer_to_one_concerns_no_other(self):
        for body in ("<html>Welcome</html>", "", []):
            with self.subTest(body=body):
                self.store.reset()
                self.fault_of_writes(status=200, body=body, after=True)
                lines = self.enqueue(118, 119, 120)
                self.drain()
                self.assertEqual(lines.mapped("state"), ["unknown", "done", "done"])
                self.assertFalse(lines.cause_id, "it is looked at without a person")
                self.come_back()
                self.assertEqual(set(lines.mapped("state")), {"done"})
                self.assertNoted(118, 119, 120)
                self.assertEqual(len(self.get_writes()), 3)

    def test_others_are_sent_all_the_same(self):
        self.fault_of_writes(kind="reset", after=True, nth=2)
        lines = self.enqueue(118, 119, 120)
        self.drain()
        self.assertEqual(lines.mapped("state"), ["done", "unknown", "done"])
        self.assertEqual(lines.job_id.state, "running")
        self.come_back()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertEqual(lines.job_id.state, "done")
        self.assertNoted(118, 119, 120)

    def test_a_look_that_fails_is_repeated_and_nothing_sent_before_it_succeeds(self):
        for fault in ({"status": 500}, {"kind": "reset"}, {"kind": "truncate"}):
            with self.subTest(fault=fault):
                self.store.reset()
                self.fault_of_writes(kind="reset", after=True)
                line = self.enqueue(118)
                self.drain()
                self.fault_of_looks(times=0, **fault)
                self.come_back()
                self.assertUnknown(line, tries=2)
                self.assertEqual(len(self.get_writes()), 1)
                self.store.heal()
                self.come_back()
                self.assertEqual(line.state, "done")
                self.assertNoted(118)

    def test_a_look_that_the_quota_refuses_costs_no_try(self):
        self.fault_of_writes(kind="reset", after=True)
        line = self.enqueue(118)
        self.drain()
        self.fault_of_looks(status=429, headers={"X-Rate-Limit-Time-Reset-Ms": "25000"})
        self.come_back()
        self.assertEqual((line.state, line.tries), ("unknown", 1))
        self.come_back()
        self.assertEqual((line.state, line.tries), ("done", 2))
        self.assertNoted(118)

    def test_a_look_with_a_refused_token_costs_no_try(self):
        self.fault_of_writes(kind="reset", after=True)
        line = self.enqueue(118)
        self.drain()
        self.store.control("PUT", "access", {"access_token": "another"})
        self.come_back(3)
        self.assertEqual((line.state, line.tries), ("unknown", 1))
        self.assertFalse(line.cause_id)
        self.instance.access_token = "another"
        self.come_back()
        self.assertEqual(line.state, "done")
        self.assertNoted(118)

    def test_what_is_gone_when_it_is_looked_for_waits_for_a_person(self):
        self.fault_of_writes(kind="reset", after=True)
        line = self.enqueue(118)
        self.drain()
        self.store.delete("v2/orders/118")
        self.come_back()
        self.assertEqual(line.cause_id.code, "not_found")
        self.come_back(2)
        self.assertEqual(len(self.get_writes()), 1)
        line.action_cancel()
        self.assertEqual(line.state, "cancelled")
        self.assertQueueIsSound()

    @mute_logger(SETTLEMENT)
    def test_a_bug_in_look_sends_nothing(self):
        def look(_original, _client, _lines):
            raise KeyError("surprise")

        self.fault_of_writes(kind="reset", after=True)
        line = self.enqueue(118)
        self.drain()
        with self.replaced("_look", look):
            self.come_back()
            self.assertUnknown(line, tries=2)
            self.assertIn("KeyError", line.traceback)
            self.come_back(MAX_TRIES)
        self.assertWaitsForAPerson(line)
        self.assertEqual(len(self.get_writes()), 1)

    def test_a_person_may_have_it_looked_at_at_once(self):
        self.fault_of_writes(kind="reset", after=True)
        line = self.enqueue(118)
        self.drain()
        line.action_retry()
        self.assertEqual(line.state, "unknown")
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertNoted(118)

    def test_nobody_cancels_what_is_still_to_be_looked_at(self):
        self.fault_of_writes(kind="reset", after=True)
        line = self.enqueue(118)
        self.drain()
        line.action_cancel()
        line.job_id.action_cancel()
        self.assertEqual(line.state, "unknown")
        self.come_back()
        self.assertEqual(line.state, "done")

    def test_an_unknown_line_keeps_newer_ones_of_its_key_waiting(self):
        self.fault_of_writes(kind="reset", after=True)
        line = self.enqueue(118)
        self.drain()
        newer, other = self.enqueue(118, 119)
        self.drain()
        self.assertEqual((newer.state, other.state), ("pending", "done"))
        self.assertNoted(118)
        self.come_back()
        self.assertEqual((line.state, newer.state), ("done", "done"))
        self.assertNoted(118, times=2)


@tagged("post_install", "-at_install")
class TestWaitingForAPerson(SendingCase):
    def setUp(self):
        super().setUp()
        self.fault_of_writes(kind="reset", times=0)
        self.line = self.enqueue(118)
        self.drain()
        # In between the store counts as not answering, and is probed.
        self.come_back(2 * MAX_TRIES)

    def test_after_the_last_try_a_person_has_to_look(self):
        self.assertWaitsForAPerson(self.line)
        self.assertEqual(self.line.tries, MAX_TRIES)
        self.assertEqual(len(self.get_writes()), MAX_TRIES)
        self.come_back(2)
        self.assertEqual(len(self.get_writes()), MAX_TRIES)

    def test_it_is_shown_as_a_problem(self):
        self.assertEqual(self.instance.problem_line_count, 1)
        self.assertEqual(self.line.job_id.problem_count, 1)
        self.assertEqual(self.line.cause_id.line_count, 1)
        self.assertIn("Retry", self.line.advice)

    def test_newer_lines_of_its_key_wait_and_others_do_not(self):
        newer, other = self.enqueue(118, 119)
        self.store.heal()
        self.come_back(2)
        self.assertEqual((newer.state, other.state), ("pending", "done"))
        self.assertNoted(118, times=0)
        self.assertWaitsForAPerson(self.line)

    def test_other_operations_on_the_same_object_go_on(self):
        self.store.heal()
        other = self.enqueue(118, operation=BULK_NOTE)
        self.drain()
        self.assertEqual(other.state, "done")

    def test_retry_looks_again_and_then_sends(self):
        newer = self.enqueue(118)
        self.store.heal()
        self.store.forget_requests()
        self.line.action_retry()
        self.assertEqual((self.line.state, self.line.tries), ("unknown", 0))
        self.assertFalse(self.line.cause_id)
        self.drain()
        self.assertEqual((self.line.state, newer.state), ("done", "done"))
        self.assertEqual(self.store.get_requests()[0]["method"], "GET")
        self.assertNoted(118, times=2)
        self.assertQueueIsSound()

    def test_retry_of_what_arrived_after_all_sends_nothing(self):
        self.store.heal()
        self.store.patch("v2/orders/118", staff_notes="[118]")
        self.store.forget_requests()
        self.line.action_retry()
        self.drain()
        self.assertEqual(self.line.state, "done")
        self.assertEqual(self.get_writes(), [])

    def test_retry_after_long_looks_again_too(self):
        self.store.heal()
        self.line.read_on = fields.Datetime.now() - timedelta(days=1)
        self.line.action_retry()
        self.drain()
        self.assertEqual(self.line.state, "done")
        self.assertNoted(118)

    def test_cancel_frees_the_key(self):
        newer = self.enqueue(118)
        self.store.heal()
        self.line.action_cancel()
        self.assertEqual((self.line.state, self.line.payload), ("cancelled", False))
        self.drain()
        self.assertEqual(newer.state, "done")
        self.assertNoted(118)
        self.assertQueueIsSound()

    def test_cancel_of_its_job_frees_the_key(self):
        self.line.job_id.action_cancel()
        self.assertEqual(self.line.state, "cancelled")

    def test_retry_alike_looks_again(self):
        self.store.heal()
        self.line.action_retry_alike()
        self.drain()
        self.assertEqual(self.line.state, "done")


@tagged("post_install", "-at_install")
class TestKills(SendingCase):
    """The pump that goes on is the one that died."""

    @classmethod
    def drain(cls):
        return super().drain(cls.env["bigcommerce.engine"]._get_pumps()[0])

    def test_a_kill_between_effect_and_outcome_sends_nothing_again(self):
        def send(original, *_arguments):
            original()
            raise SystemExit

        lines = self.enqueue(118, 119)
        with self.replaced("_send", send):
            self.drain_until_killed()
        self.assertEqual(lines.mapped("state"), ["sending", "running"])
        self.come_back()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertNoted(118, 119)
        self.assertEqual(len(self.get_writes()), 2)
        self.assertQueueIsSound()

    def test_a_kill_before_the_request_sends_it_once_later(self):
        def send(_original, *_arguments):
            raise SystemExit

        line = self.enqueue(118)
        with self.replaced("_send", send):
            self.drain_until_killed()
        self.assertEqual(line.state, "sending")
        self.store.forget_requests()
        self.come_back()
        self.assertEqual((line.state, line.tries), ("done", 2))
        self.assertEqual(
            [request["method"] for request in self.store.get_requests()],
            ["GET", "GET", "PUT"],
        )
        self.assertNoted(118)

    def test_a_kill_while_the_outcome_is_noted_sends_nothing_again(self):
        def apply(original, *_arguments):
            original()
            raise SystemExit

        line = self.enqueue(118)
        with self.replaced("_apply", apply):
            self.drain_until_killed()
        self.assertEqual(line.state, "sending")
        self.come_back()
        self.assertEqual(line.state, "done")
        self.assertNoted(118)
        self.assertEqual(len(self.get_writes()), 1)

    def test_a_kill_while_it_looks_leaves_it_to_be_looked_at_again(self):
        def look(_original, *_arguments):
            raise SystemExit

        self.fault_of_writes(kind="reset", after=True)
        line = self.enqueue(118)
        self.drain()
        self.let_time_pass()
        with self.replaced("_look", look):
            self.drain_until_killed()
        self.come_back()
        self.assertEqual(line.state, "done")
        self.assertNoted(118)

    def test_a_line_that_kills_each_time_waits_for_a_person_and_stops_no_other(self):
        def send(original, *_arguments):
            original()
            raise SystemExit

        killer = self.enqueue(118)
        other = self.enqueue(119)

        def look(_original, *_arguments):
            raise SystemExit

        with self.replaced("_send", send):
            self.drain_until_killed()
        with self.replaced("_look", look):
            for _time in range(MAX_TRIES - 1):
                self.drain_until_killed()
        self.assertEqual((killer.state, killer.tries), ("unknown", MAX_TRIES))
        self.come_back()
        self.assertWaitsForAPerson(killer)
        self.assertEqual(other.state, "done")
        self.assertNoted(118, 119)
        self.assertQueueIsSound()


@tagged("post_install", "-at_install")
class TestBugs(SendingCase):
    @mute_logger(SETTLEMENT)
    def test_what_was_sent_and_not_noted_is_looked_at_and_never_sent_again(self):
        def apply(_original, _lines):
            raise ZeroDivisionError("division by zero")

        lines = self.enqueue(118, 119)
        with self.replaced("_apply", apply):
            self.drain()
        self.assertEqual(set(lines.mapped("state")), {"unknown"})
        self.assertIn("ZeroDivisionError", lines[0].traceback)
        self.assertIn("division", lines[0].message)
        self.come_back()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertEqual(len(self.get_writes()), 2)
        self.assertNoted(118, 119)

    @mute_logger(SETTLEMENT)
    def test_what_can_never_be_noted_waits_for_a_person(self):
        def apply(_original, _lines):
            raise ZeroDivisionError("division by zero")

        line = self.enqueue(118)
        with self.replaced("_apply", apply):
            self.drain()
            self.come_back(MAX_TRIES + 1)
        self.assertWaitsForAPerson(line)
        self.assertEqual(len(self.get_writes()), 1)
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertNoted(118)

    @mute_logger(SETTLEMENT)
    def test_what_apply_wrote_before_it_failed_is_undone(self):
        def apply(_original, lines):
            lines.env["res.partner"].create({"name": "Half a contact"})
            raise ZeroDivisionError

        self.enqueue(118)
        with self.replaced("_apply", apply):
            self.drain()
        self.assertFalse(self.env["res.partner"].search([("name", "=like", "Half a%")]))

    @mute_logger(SETTLEMENT)
    def test_a_bug_in_send_stops_no_other_line_and_no_pump(self):
        def send(original, _client, lines):
            if lines.key == "119":
                raise KeyError("surprise")
            return original()

        lines = self.enqueue(118, 119, 120)
        with self.replaced("_send", send):
            self.drain()
            self.assertEqual(lines.mapped("state"), ["done", "unknown", "done"])
            self.assertIn("KeyError", lines[1].traceback)
            self.come_back(MAX_TRIES)
        self.assertWaitsForAPerson(lines[1])
        self.assertNoted(118, 120)
        self.assertNoted(119, times=0)
        self.assertQueueIsSound()

    @mute_logger(SETTLEMENT)
    def test_a_bug_after_the_effect_does_not_send_it_twice(self):
        def send(original, *_arguments):
            original()
            raise KeyError("surprise")

        line = self.enqueue(118)
        with self.replaced("_send", send):
            self.drain()
            self.come_back(MAX_TRIES)
        self.assertEqual(line.state, "done")
        self.assertNoted(118)

    @mute_logger(SETTLEMENT)
    def test_what_send_says_nothing_about_is_not_left_in_work(self):
        lines = self.enqueue(118, 119)

        def send(original, _client, own):
            return {} if own.key == "118" else original()

        with self.replaced("_send", send):
            self.drain()
        self.assertNotIn(lines[0].state, ("running", "sending"))
        self.assertFalse(lines[0].pump_id)
        self.assertEqual(lines[1].state, "done")

    @mute_logger(SETTLEMENT, "odoo.addons.base.models.ir_model")
    def test_a_cause_that_does_not_exist_stops_no_other_line_and_no_pump(self):
        def send(original, _client, own):
            if own.key == "118":
                return {own: Blocked("no_such_cause", "There is none.")}
            return original()

        lines = self.enqueue(118, 119)
        with self.replaced("_send", send):
            self.drain()
        self.assertEqual(lines[1].state, "done")

    def test_a_done_line_shows_no_traceback(self):
        def apply(_original, _lines):
            raise ZeroDivisionError

        line = self.enqueue(118)
        with self.replaced("_apply", apply), mute_logger(SETTLEMENT):
            self.drain()
        self.come_back()
        self.assertEqual((line.state, line.traceback), ("done", False))


@tagged("post_install", "-at_install")
class TestTogether(SendingCase):
    """Up to ten lines in one request."""

    def enqueue(self, *keys, operation=BULK_NOTE):
        return super().enqueue(*keys, operation=operation)

    def assertNoted(self, *keys, times=1, book=BOOK):
        return super().assertNoted(*keys, times=times, book=book)

    def test_ten_are_sent_in_one_request(self):
        for count, requests in ((1, 1), (10, 1), (11, 2), (25, 3)):
            with self.subTest(count=count):
                self.store.reset()
                keys = [f"{count}-{number}" for number in range(count)]
                lines = self.enqueue(*keys)
                self.drain()
                self.assertEqual(set(lines.mapped("state")), {"done"})
                self.assertEqual(len(self.get_writes()), requests)
                self.assertNoted(*keys)

    def test_of_ten_with_a_bad_one_nine_are_sent(self):
        keys = ["1", "2", "3", "bad", "5", "6", "7", "8", "9", "10"]
        lines = self.enqueue(*keys)
        self.drain()
        bad = lines.filtered(lambda line: line.key == "bad")
        self.assertEqual((bad.state, bad.cause_id.code), ("blocked", "refused"))
        self.assertEqual(set((lines - bad).mapped("state")), {"done"})
        # 10, 5 and 5, 2 and 3, 1 and 2 …
        self.assertLessEqual(len(self.get_writes()), 9)
        self.assertNoted(*(key for key in keys if key != "bad"))
        self.assertNoted("bad", times=0)
        self.assertQueueIsSound()

    def test_the_bad_one_of_a_later_ten_stops_no_other(self):
        keys = [*map(str, range(12)), "bad", *map(str, range(13, 25))]
        lines = self.enqueue(*keys)
        self.drain()
        self.assertEqual(len(lines.filtered(lambda line: line.state == "done")), 24)
        self.assertNoted(*(key for key in keys if key != "bad"))

    def test_a_lost_answer_makes_no_second_effect(self):
        keys = [str(number) for number in range(10)]
        self.fault_of_writes(kind="reset", after=True)
        lines = self.enqueue(*keys)
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"unknown"})
        self.come_back()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertNoted(*keys)
        self.assertEqual(len(self.get_writes()), 1)

    def test_what_took_effect_in_part_is_completed(self):
        keys = [str(number) for number in range(10)]
        self.fault_of_writes(kind="reset")
        lines = self.enqueue(*keys)
        self.drain()
        self.store.patch(f"v2/orders/{BOOK}", staff_notes="[3][4]")
        self.come_back()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertNoted(*keys)

    def test_unknown_ones_and_new_ones_go_together(self):
        self.fault_of_writes(kind="reset", after=True)
        self.enqueue("1", "2")
        self.drain()
        self.enqueue("3", "4")
        self.come_back()
        self.assertNoted("1", "2", "3", "4")
        self.assertFalse(self.get_lines(BULK_NOTE).filtered("cause_id"))
        self.assertEqual(set(self.get_lines(BULK_NOTE).mapped("state")), {"done"})

    def test_what_follows_a_refused_ten_is_not_sent_to_a_store_that_is_off(self):
        for change in ({"state": "draft"}, {"active": False}):
            with self.subTest(change=change):
                self.store.reset()
                sent = []
                self.enqueue("1", "2", "3", "bad")
                send = self.change_and_send(change, at=2, sent=sent)
                with self.replaced("_send", send, BULK_NOTE_MODEL):
                    self.drain()
                self.assertEqual(sent, [["1", "2", "3", "bad"], ["1", "2"]])
                self.instance.write({"state": "confirmed", "active": True})
                self.come_back()
                self.assertNoted("1", "2", "3")
                self.get_lines(BULK_NOTE).action_cancel()

    def test_a_connection_lost_after_a_refusal_leaves_the_others_known(self):
        """The store refused all: what was not sent since then surely was not."""
        self.fault_of_writes(kind="reset", after=True, nth=3)
        lines = self.enqueue("1", "2", "3", "4", "bad")
        self.drain()
        self.come_back()
        self.assertEqual(
            lines.mapped("state"), ["done", "done", "done", "done", "blocked"]
        )
        self.assertNoted("1", "2", "3", "4")

    @mute_logger(SETTLEMENT)
    def test_a_bug_about_one_stops_no_other_for_long(self):
        def send(original, _client, lines):
            if "3" in lines.mapped("key"):
                raise KeyError("surprise")
            return original()

        lines = self.enqueue(*map(str, range(10)))
        with self.replaced("_send", send, BULK_NOTE_MODEL):
            self.drain()
            self.come_back(2 * MAX_TRIES)
        self.assertEqual(len(lines.filtered(lambda line: line.state == "done")), 9)

    def test_one_that_breaks_the_store_stops_no_other_for_long(self):
        def send(original, client, lines):
            if "3" in lines.mapped("key"):
                return {line: client.update_order("119", {}) for line in lines}
            return original()

        self.store.fault("^/v2/orders/119$", method="PUT", status=500, times=0)
        lines = self.enqueue(*map(str, range(10)))
        with self.replaced("_send", send, BULK_NOTE_MODEL):
            self.drain()
            self.come_back(3 * MAX_TRIES)
        self.assertEqual(len(lines.filtered(lambda line: line.state == "done")), 9)

    @mute_logger(SETTLEMENT)
    def test_a_bug_in_apply_about_one_stops_no_other(self):
        def apply(original, lines):
            if "3" in lines.mapped("key"):
                raise KeyError("surprise")
            return original()

        lines = self.enqueue(*map(str, range(10)))
        with self.replaced("_apply", apply, BULK_NOTE_MODEL):
            self.drain()
        self.assertEqual([line.key for line in lines if line.state == "unknown"], ["3"])
        self.assertEqual(len(lines.filtered(lambda line: line.state == "done")), 9)
        self.come_back()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertNoted(*map(str, range(10)))
        self.assertEqual(len(self.get_writes()), 1)

    @mute_logger(SETTLEMENT)
    def test_a_bug_in_look_does_not_fail_what_was_never_sent(self):
        def look(_original, _client, _lines):
            raise KeyError("surprise")

        self.fault_of_writes(kind="reset", after=True)
        self.enqueue("1")
        self.drain()
        new = self.enqueue("2", "3")
        with self.replaced("_look", look, BULK_NOTE_MODEL):
            self.come_back(2 * MAX_TRIES)
        self.assertEqual(new.mapped("state"), ["done", "done"])


@tagged("post_install", "-at_install")
class TestReadOnly(SendingCase):
    def assertNothingSent(self, lines):
        self.assertEqual(self.get_writes(), [])
        self.assertEqual(set(lines.mapped("state")), {"blocked"})
        self.assertEqual(set(lines.cause_id.mapped("code")), {"read_only"})
        self.assertQueueIsSound()

    def test_observe_mode_sends_nothing_and_says_why(self):
        self.instance.observe_mode = True
        lines = self.enqueue(118, 119)
        self.drain()
        self.come_back(2)
        self.assertNothingSent(lines)
        self.assertIn("observe mode", lines[0].message)

    def test_after_observe_mode_they_go_by_themselves(self):
        self.instance.observe_mode = True
        lines = self.enqueue(118, 119)
        self.drain()
        self.instance.observe_mode = False
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertNoted(118, 119)

    def test_what_waited_long_goes_too(self):
        def discover(_original, _client, _instance, options, _resume):
            return [([], options)] and iter(())

        self.instance.observe_mode = True
        lines = self.enqueue(118)
        self.drain()
        lines.read_on = fields.Datetime.now() - timedelta(days=3)
        with self.replaced("_discover", discover):
            self.instance.observe_mode = False
            self.drain()
        # There was nothing left to do about it.
        self.assertEqual(lines.state, "done")
        self.assertEqual(self.get_writes(), [])

    def test_a_copied_database_sends_nothing_until_a_manager_allows_it(self):
        self.env["ir.config_parameter"].set_param("database.uuid", "a copy")
        lines = self.enqueue(118, 119)
        self.drain()
        self.assertNothingSent(lines)
        self.assertIn("copy", lines[0].message)
        self.instance.action_allow_this_database()
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertNoted(118, 119)

    def test_an_unknown_one_is_looked_at_which_changes_nothing(self):
        self.fault_of_writes(kind="reset", after=True)
        line = self.enqueue(118)
        self.drain()
        self.instance.observe_mode = True
        self.come_back()
        self.assertEqual(line.state, "done")
        self.assertNoted(118)
        self.assertEqual(len(self.get_writes()), 1)

    def test_an_unknown_one_that_did_not_arrive_is_not_sent(self):
        self.fault_of_writes(kind="reset")
        line = self.enqueue(118)
        self.drain()
        self.store.forget_requests()
        self.instance.observe_mode = True
        self.come_back()
        self.assertNothingSent(line)
        self.instance.observe_mode = False
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertNoted(118)

    def test_other_stores_are_not_concerned(self):
        other = self.create_instance(
            name="Other",
            state="confirmed",
            observe_mode=True,
            api_url=self.store.address.replace("127.0.0.1", "localhost"),
        )
        blocked = self.enqueue(118)
        blocked.instance_id = blocked.job_id.instance_id = other
        lines = self.enqueue(119)
        self.drain()
        self.assertEqual((blocked.state, lines.state), ("blocked", "done"))
        self.instance.observe_mode = False
        self.drain()
        self.assertEqual(blocked.state, "blocked")

    def test_what_blocks_for_another_cause_stays_blocked(self):
        self.fault_of_writes(status=422, times=0)
        line = self.enqueue(118)
        self.drain()
        self.store.forget_requests()
        self.instance.observe_mode = True
        self.instance.observe_mode = False
        self.drain()
        self.assertEqual((line.state, self.store.get_requests()), ("blocked", []))


@tagged("post_install", "-at_install")
class TestStoresThatAreTurnedOff(SendingCase):
    """While a batch is being sent."""

    def test_nothing_more_is_sent(self):
        soon = fields.Datetime.now() + timedelta(hours=1)
        back = {
            "active": True,
            "state": "confirmed",
            "not_before": False,
            "is_access_refused": False,
        }
        for change in (
            {"active": False},
            {"state": "draft"},
            {"not_before": soon},
            {"is_access_refused": True},
        ):
            with self.subTest(change=change):
                self.store.reset()
                lines = self.enqueue(118, 119, 120)
                with self.replaced("_send", self.change_and_send(change)):
                    self.drain()
                self.assertEqual(len(self.get_writes()), 1)
                self.assertEqual(lines.mapped("state"), ["done", "pending", "pending"])
                self.assertEqual(lines.mapped("tries"), [1, 0, 0])
                self.instance.write(back)
                self.come_back()
                self.assertEqual(set(lines.mapped("state")), {"done"})
                self.assertNoted(118, 119, 120)

    def test_a_store_whose_token_is_taken_away_is_sent_nothing_more(self):
        lines = self.enqueue(118, 119)
        with self.replaced("_send", self.change_and_send({"access_token": False})):
            self.drain()
        self.assertEqual(lines.mapped("state"), ["done", "pending"])

    def test_an_unknown_line_is_not_even_looked_at(self):
        self.fault_of_writes(kind="reset", after=True)
        line = self.enqueue(118)
        self.drain()
        self.instance.active = False
        self.store.forget_requests()
        self.come_back(2)
        self.assertEqual((line.state, line.tries), ("unknown", 1))
        self.assertEqual(self.store.get_requests(), [])
        self.instance.active = True
        self.come_back()
        self.assertEqual(line.state, "done")
        self.assertNoted(118)

    def test_what_is_turned_off_while_an_outcome_is_unknown_is_not_sent(self):
        self.fault_of_writes(kind="reset")
        line = self.enqueue(118)
        self.drain()

        def look(original, _client, lines):
            found = original()
            lines.instance_id.sudo().active = False
            lines.env.cr.commit()
            return found

        with self.replaced("_look", look):
            self.come_back()
        self.assertNoted(118, times=0)
        self.assertIn(line.state, ("pending", "unknown"))
        self.assertFalse(line.pump_id)
        self.instance.active = True
        self.come_back()
        self.assertEqual(line.state, "done")
        self.assertNoted(118)

    def test_a_store_of_which_something_is_sent_cannot_be_deleted(self):
        other = self.create_instance(
            name="Other",
            state="confirmed",
            api_url=self.store.address.replace("127.0.0.1", "localhost"),
        )
        lines = self.enqueue(118, 119)
        waiting = self.enqueue(120)
        waiting.write({"instance_id": other.id, "priority": 90})
        waiting.job_id.instance_id = other

        def send(original, _client, own):
            found = original()
            if own.key == "118":
                # As another transaction, while this is sent.
                with self.assertRaises(UserError):
                    own.instance_id.sudo().unlink()
            return found

        with self.replaced("_send", send):
            self.drain()
        self.assertEqual(set((lines + waiting).mapped("state")), {"done"})

    def test_lines_that_are_being_sent_cannot_be_deleted(self):
        lines = self.enqueue(118, 119, 120)

        def send(original, _client, own):
            found = original()
            if own.key == "118":
                # As a manager does, while this is sent.
                with self.assertRaises(UserError):
                    lines[0].with_env(own.env).sudo().unlink()
            return found

        with self.replaced("_send", send):
            self.drain()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertNoted(118, 119, 120)


@tagged("post_install", "-at_install")
class TestUnsettled(SendingCase):
    """What the store has accepted is looked at until it is settled, never resent."""

    def setUp(self):
        super().setUp()
        self.is_settled = False

    @contextmanager
    def settling_late(self):
        """Let the store say for a while that it has accepted, and no more."""

        def send(original, _client, _lines):
            return dict.fromkeys(original(), Unsettled("Accepted."))

        def look(original, _client, lines):
            if self.is_settled:
                return original()
            return dict.fromkeys(lines, Unsettled("Accepted."))

        with self.replaced("_send", send), self.replaced("_look", look):
            yield

    def test_it_is_unknown_and_has_a_next_try(self):
        with self.settling_late():
            lines = self.enqueue(118, 119)
            self.drain()
            self.assertEqual(set(lines.mapped("state")), {"unknown"})
            self.assertEqual(set(lines.mapped("message")), {"Accepted."})
            self.assertFalse(lines.cause_id)
            self.assertFalse(lines.pump_id)
            self.assertGreater(min(lines.mapped("not_before")), fields.Datetime.now())
            self.assertEqual(lines.job_id.state, "running")
            self.assertQueueIsSound()

    def test_it_is_looked_at_and_not_sent_until_it_is_settled(self):
        with self.settling_late():
            line = self.enqueue(118)
            self.drain()
            self.come_back(2)
            self.assertEqual((line.state, line.tries), ("unknown", 3))
            self.is_settled = True
            self.come_back()
        self.assertEqual(line.state, "done")
        self.assertNoted(118)
        self.assertEqual(len(self.get_writes()), 1)
        self.assertQueueIsSound()

    def test_after_the_last_try_a_person_has_to_look_who_can_retry(self):
        with self.settling_late():
            line = self.enqueue(118)
            self.drain()
            self.come_back(MAX_TRIES)
            self.assertWaitsForAPerson(line)
            self.assertEqual(line.message, "Accepted.")
            self.assertEqual(line.tries, MAX_TRIES)
            self.come_back()
            self.is_settled = True
            line.action_retry()
            self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(len(self.get_writes()), 1)

    def test_the_operation_is_told_what_is_not_settled(self):
        told = []

        def keep(_original, lines):
            told.extend((line.key, line.state, line.cause_code) for line in lines)

        with self.settling_late(), self.replaced("_keep_problems", keep):
            self.enqueue(118)
            self.drain()
            self.come_back(MAX_TRIES)
        self.assertEqual(told[0], ("118", "unknown", False))
        self.assertEqual(told[-1], ("118", "unknown", "outcome_unknown"))

    def test_what_a_look_finds_refused_waits_for_a_person_as_a_blocked_line(self):
        def look(_original, _client, lines):
            return dict.fromkeys(lines, Blocked("refused", "Declined."))

        with self.settling_late():
            line = self.enqueue(118)
            self.drain()
        with self.replaced("_look", look):
            self.come_back()
        self.assertEqual((line.state, line.cause_code), ("blocked", "refused"))
        self.assertEqual(line.message, "Declined.")
        self.assertEqual(len(self.get_writes()), 1)
        self.assertQueueIsSound()

    def test_a_newer_line_of_its_key_waits_for_it(self):
        with self.settling_late():
            line = self.enqueue(118)
            self.drain()
        newer = self.enqueue(118)
        self.drain()
        self.assertEqual((line.state, newer.state), ("unknown", "pending"))
        self.come_back()
        self.assertEqual((line.state, newer.state), ("done", "done"))
        self.assertNoted(118, times=2)
