"""Workers that mark orders as paid: once, whatever happens on the way."""

from odoo.tests import tagged

from .process_case import ProcessCase, dies, pauses

PAYMENTS = "bigcommerce.export.payments"
OPERATION = "export_payments"
CAPTURE = "payment_actions/capture$"
AN_ORDER = r"^/v2/orders/\d+$"


class PaymentsCase(ProcessCase):
    """Orders of the store that come to be paid in Odoo.

    A case says how they are paid (``_cart``) and how it ends (``assertTold``).
    """

    _cart = {}

    def setUp(self):
        super().setUp()
        self.store.control("PUT", "payments", {"seconds": 0})
        self.order_ids = self.place_orders(3, status=7, **self._cart)
        with self.transaction() as env:
            instance = self.get_instance(env)
            instance.order_status_ids = env["bigcommerce.order.status"].search(
                [("instance_id", "=", instance.id), ("bc_id", "in", ("7", "11"))]
            )
            workflow = env["bigcommerce.workflow"].create(
                {
                    "name": "Everything but the payment",
                    "confirm_order": True,
                    "create_invoice": True,
                    "validate_invoice": True,
                }
            )
            env["bigcommerce.workflow.line"].create(
                {"instance_id": instance.id, "workflow_id": workflow.id}
            )
        self.start("import_orders")
        self.work_off(1)
        self.store.forget_requests()

    def start_sending(self):
        """Pay all orders, as a person does."""
        with self.transaction() as env:
            self.get_instance(env).mark_order_as_paid = True
            orders = env["bigcommerce.order"].search([])
            invoices = orders.sale_order_id.invoice_ids
            self.assertEqual(len(invoices), 3)
            account = env["account.account"].create(
                {
                    "name": "Outstanding",
                    "code": "OUT.1",
                    "account_type": "asset_current",
                    "reconcile": True,
                }
            )
            journal = env["account.journal"].create(
                {"name": "Bank of Tests", "code": "BOT", "type": "bank"}
            )
            journal.inbound_payment_method_line_ids.payment_account_id = account
            env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoices.ids
            ).create(
                {"journal_id": journal.id, "group_payment": False}
            )._create_payments()

    def work_later(self):
        """Let workers do what is due now, and what is due soon after."""
        for minutes in (2, 6, 16):
            self.work_off(1)
            self.let_minutes_pass(minutes)
        self.work_off(1)

    def assertToldThoughKilled(self, *points):
        """A worker dies at one of the points, others come after."""
        self.start_sending()
        self.work_until_killed(*points)
        self.work_later()
        self.assertTold()

    def assertToldThoughAnswerLost(self, path, method, **fault):
        """The first request of that kind has no good answer."""
        self.start_sending()
        self.store.fault(path, method=method, **fault)
        self.work_later()
        self.assertTold()

    def assertEachToldOnce(self, state, path):
        """Everything is done, with one effect per order in the store."""
        states = self.get_states(OPERATION)
        self.assertEqual(list(states.values()), ["done"] * 3, self.describe())
        self.assertEqual(
            sorted(request["path"] for request in self.get_writes()),
            sorted(path.format(order_id) for order_id in self.order_ids),
        )
        with self.transaction() as env:
            for order in env["bigcommerce.order"].search([]):
                self.assertEqual(order.paid_state, state)
                self.assertEqual(order.status_id.bc_id, "11")
        self.assertNothingLost()


class CapturesCase(PaymentsCase):
    _cart = {"payment_status": "authorized"}

    def assertTold(self):
        self.assertEachToldOnce("captured", "/v3/orders/{}/payment_actions/capture")
        with self.transaction() as env:
            payments = env["account.payment"].search(
                [("bigcommerce_capture_id", "!=", False)]
            )
            self.assertEqual(len(set(payments.mapped("bigcommerce_capture_id"))), 3)
        for order_id in self.order_ids:
            rows = self.store.control("GET", f"v3/orders/{order_id}/transactions")
            self.assertEqual(
                [row["event"] for row in rows], ["authorization", "capture"]
            )


@tagged("post_install", "-at_install")
class TestEachPaymentIsCapturedOnce(CapturesCase):
    def test_though_the_worker_dies_after_the_claim(self):
        self.assertToldThoughKilled(dies("_claim_lines", after=True))

    def test_though_the_worker_dies_before_the_request_leaves(self):
        self.assertToldThoughKilled(dies("_send", PAYMENTS))

    def test_though_the_worker_dies_between_the_request_and_its_commit(self):
        self.assertToldThoughKilled(dies("_send", PAYMENTS, after=True))

    def test_though_the_worker_dies_between_the_second_request_and_its_commit(self):
        self.assertToldThoughKilled(dies("_send", PAYMENTS, after=True, nth=2))

    def test_though_the_worker_dies_while_it_notes_the_outcome(self):
        self.start_sending()
        self.work_off(1)
        self.let_minutes_pass(2)
        self.work_until_killed(dies("_apply", PAYMENTS, after=True))
        self.work_later()
        self.assertTold()

    def test_though_the_next_worker_dies_while_it_looks(self):
        self.start_sending()
        self.work_until_killed(dies("_send", PAYMENTS, after=True))
        self.work_until_killed(dies("_look", PAYMENTS, after=True))
        self.work_later()
        self.assertTold()

    def test_though_the_server_fails_after_it_has_taken_effect(self):
        self.assertToldThoughAnswerLost(CAPTURE, "POST", status=503, after=True)

    def test_though_the_server_fails_before_it_takes_effect(self):
        self.assertToldThoughAnswerLost(CAPTURE, "POST", status=503)

    def test_though_the_connection_breaks_after_it_has_taken_effect(self):
        self.assertToldThoughAnswerLost(CAPTURE, "POST", kind="reset", after=True)

    def test_though_two_workers_go_at_it(self):
        self.start_sending()
        self.work_off(2)
        for _time in range(2):
            self.let_minutes_pass(2)
            self.work_off(2)
        self.assertTold()

    def test_though_somebody_starts_it_again_while_it_is_sent(self):
        self.start_sending()
        worker = self.start_worker(pauses("_send", PAYMENTS, name="send"))
        self.wait_paused("send")
        self.start(OPERATION, ids=self.order_ids)
        self.let_go("send")
        # The lines of the second start wait for those whose outcome is not known.
        self.wait_until(
            lambda: (
                sorted(line["state"] for line in self.get_lines(OPERATION))
                == ["pending"] * 3 + ["unknown"] * 3
            ),
            "all captures are accepted",
        )
        self.assertEqual(worker.stop(), 0)
        self.let_minutes_pass(2)
        self.work_off(1)
        self.let_minutes_pass(2)
        self.work_off(1)
        self.assertEqual(len(self.get_writes()), 3)
        with self.transaction() as env:
            states = env["bigcommerce.order"].search([]).mapped("paid_state")
        self.assertEqual(states, ["captured"] * 3)


@tagged("post_install", "-at_install")
class TestEachOrderIsMovedOnce(PaymentsCase):
    _cart = {"payment_method": "Bank Deposit"}

    def assertTold(self):
        self.assertEachToldOnce("moved", "/v2/orders/{}")
        for order_id in self.order_ids:
            notes = self.store.control("GET", f"v2/orders/{order_id}")["staff_notes"]
            self.assertEqual(notes.count("Paid in Odoo"), 1)

    def test_though_the_worker_dies_between_the_request_and_its_commit(self):
        self.assertToldThoughKilled(dies("_send", PAYMENTS, after=True))

    def test_though_the_server_fails_after_it_has_taken_effect(self):
        self.assertToldThoughAnswerLost(AN_ORDER, "PUT", status=503, after=True)

    def test_though_the_server_fails_before_it_takes_effect(self):
        self.assertToldThoughAnswerLost(AN_ORDER, "PUT", status=503)

    def test_though_the_connection_breaks_after_it_has_taken_effect(self):
        self.assertToldThoughAnswerLost(AN_ORDER, "PUT", kind="reset", after=True)
