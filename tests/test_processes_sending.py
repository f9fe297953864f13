"""Workers that change the store: each thing once, whatever happens on the way."""

from odoo.tests import tagged

from .process_case import ENGINE, ProcessCase, dies, pauses, takes_notes

NOTES = "bigcommerce.test.note"
NUMBERS = "bigcommerce.export.order.numbers"
AN_ORDER = r"^/v2/orders/\d+$"


class SendingCase(ProcessCase):
    """Three orders of the store, and something to write to them.

    A case starts it (``start_sending``) and says how it ends (``assertSent``).
    """

    def setUp(self):
        super().setUp()
        self.order_ids = self.place_orders(3)

    def assertSentThoughKilled(self, *points):
        """A worker dies at one of the points, others come after."""
        self.start_sending()
        self.work_until_killed(*points)
        self.work_later()
        self.assertSent()

    def assertSentThoughAnswerLost(self, **fault):
        """The first request that changes an order has no good answer."""
        self.start_sending()
        self.store.fault(AN_ORDER, method="PUT", **fault)
        self.work_later()
        self.assertSent()

    def work_later(self):
        """Let workers do what is due now, and what is due soon after."""
        self.work_off(1)
        self.let_minutes_pass(2)
        self.work_off(1)

    def assertEachSentOnce(self, operation, count):
        """Everything is done, with one effect per line in the store."""
        states = self.get_states(operation)
        self.assertEqual(list(states.values()), ["done"] * count, self.describe())
        self.assertEqual(len(self.get_writes()), count)
        self.assertNothingLost()


@tagged("post_install", "-at_install")
class TestEachNoteIsMadeOnce(SendingCase):
    """Of an operation that is not idempotent: two on one order, one on another."""

    def start_sending(self):
        self.start(
            "test_note",
            items=[
                {"key": key, "order": order_id, "lane": order_id}
                for key, order_id in zip(
                    "abc", self.order_ids[:1] + self.order_ids[:2], strict=True
                )
            ],
        )

    def assertSent(self):
        self.assertEachSentOnce("test_note", 3)
        notes = [
            self.store.control("GET", f"v2/orders/{order_id}")["staff_notes"] or ""
            for order_id in self.order_ids
        ]
        self.assertIn(notes[0], ("[a][b]", "[b][a]"))
        self.assertEqual(notes[1:], ["[c]", ""])

    def test_though_the_worker_dies_after_the_claim(self):
        self.assertSentThoughKilled(dies("_claim_lines", after=True))

    def test_though_the_worker_dies_after_it_has_read_the_details(self):
        self.assertSentThoughKilled(dies("_fetch_details", after=True))

    def test_though_the_worker_dies_before_the_request_leaves(self):
        self.assertSentThoughKilled(dies("_send", NOTES))

    def test_though_the_worker_dies_between_the_request_and_its_commit(self):
        self.assertSentThoughKilled(dies("_send", NOTES, after=True))

    def test_though_the_worker_dies_between_the_second_request_and_its_commit(self):
        self.assertSentThoughKilled(dies("_send", NOTES, after=True, nth=2))

    def test_though_the_worker_dies_while_it_applies_the_answer(self):
        self.assertSentThoughKilled(dies("_apply", NOTES, after=True))

    def test_though_the_worker_dies_after_the_commit(self):
        self.assertSentThoughKilled(dies("_apply_lines", after=True))

    def test_though_the_next_worker_dies_while_it_looks(self):
        self.start_sending()
        self.work_until_killed(dies("_send", NOTES, after=True))
        self.work_until_killed(dies("_look", NOTES, after=True))
        self.work_later()
        self.assertSent()

    def test_though_the_server_fails_after_it_has_taken_effect(self):
        self.assertSentThoughAnswerLost(status=503, after=True)

    def test_though_the_server_fails_before_it_takes_effect(self):
        self.assertSentThoughAnswerLost(status=503)

    def test_though_the_connection_breaks_after_it_has_taken_effect(self):
        self.assertSentThoughAnswerLost(kind="reset", after=True)

    def test_though_two_answers_are_lost_and_a_worker_dies(self):
        self.start_sending()
        self.store.fault(AN_ORDER, method="PUT", status=502, after=True, times=2)
        self.work_off(1)
        self.let_minutes_pass(2)
        self.work_until_killed(dies("_look", NOTES, after=True))
        self.work_later()
        self.let_minutes_pass(6)
        self.work_later()
        self.assertSent()


class NumbersCase(SendingCase):
    """The numbers of Odoo's orders, to be written to the store's."""

    def start_sending(self):
        with self.transaction() as env:
            env["bigcommerce.order"].create(
                [
                    {
                        "instance_id": self.instance_id,
                        "bc_id": order_id,
                        "name": f"#{order_id}",
                        "sale_order_id": env["sale.order"]
                        .create({"partner_id": env.user.partner_id.id})
                        .id,
                    }
                    for order_id in self.order_ids
                ]
            )
            self.get_instance(env).export_order_number = True

    def assertSent(self):
        self.assertEachSentOnce("export_order_numbers", 3)
        with self.transaction() as env:
            for order in env["bigcommerce.order"].search([]):
                raw = self.store.control("GET", f"v2/orders/{order.bc_id}")
                self.assertEqual(raw["external_order_id"], order.sale_order_id.name)
                self.assertEqual(order.external_order_id, order.sale_order_id.name)


@tagged("post_install", "-at_install")
class TestEachNumberIsWrittenOnce(NumbersCase):
    def test_though_the_worker_dies_after_the_claim(self):
        self.assertSentThoughKilled(dies("_claim_lines", after=True))

    def test_though_the_worker_dies_between_the_request_and_its_commit(self):
        self.assertSentThoughKilled(dies("_send", NUMBERS, after=True))

    def test_though_the_worker_dies_after_the_commit(self):
        self.assertSentThoughKilled(dies("_apply_lines", after=True))

    def test_though_the_server_fails_after_it_has_taken_effect(self):
        self.assertSentThoughAnswerLost(status=503, after=True)


@tagged("post_install", "-at_install")
class TestArchived(NumbersCase):
    def test_nothing_is_written_to_a_store_that_is_archived_in_mid_run(self):
        self.start_sending()
        worker = self.start_worker(pauses("_send", NUMBERS, nth=2, name="send"))
        self.wait_paused("send")
        with self.transaction() as env:
            self.get_instance(env).active = False
        # The request that is on its way cannot be called back.
        self.let_go("send")
        self.assertEqual(worker.stop(), 0)
        self.assertEqual(len(self.get_writes()), 2)
        self.assertCountEqual(
            self.get_states("export_order_numbers").values(),
            ["done", "done", "pending"],
        )
        self.let_minutes_pass(60)
        self.store.forget_requests()
        self.wake()
        self.work_off(
            2,
            *takes_notes(ENGINE, "_claim_lines"),
            until=lambda: len(self.get_journal()) >= 4,
        )
        self.assertEqual(self.store.get_requests(), [])
        with self.transaction() as env:
            self.get_instance(env).active = True
        self.work_off(2)
        self.assertEqual(len(self.get_writes()), 1)
        self.assertEqual(
            list(self.get_states("export_order_numbers").values()), ["done"] * 3
        )
        self.assertNothingLost()
