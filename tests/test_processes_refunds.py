"""Workers that refund orders, here and there: each once, whatever happens."""

from odoo.tests import tagged

from ..sync.refund_reasons import get_reason
from .process_case import ProcessCase, dies

EXPORT = "bigcommerce.export.refunds"
IMPORT = "bigcommerce.import.refunds"
REFUNDS = r"payment_actions/refunds$"


class RefundProcessCase(ProcessCase):
    """An order of the store that is imported, invoiced and validated."""

    def setUp(self):
        super().setUp()
        (self.order_id,) = self.place_orders(1)
        self.line_id = int(self.order_id) * 100 + 1
        with self.transaction() as env:
            workflow = env["bigcommerce.workflow"].create(
                {
                    "name": "Invoice",
                    "confirm_order": True,
                    "create_invoice": True,
                    "validate_invoice": True,
                }
            )
            env["bigcommerce.workflow.line"].create(
                {"instance_id": self.instance_id, "workflow_id": workflow.id}
            )
            env["product.product"].search([]).invoice_policy = "order"
        self.start("import_orders")
        self.work_off(1)
        self.store.forget_requests()

    def get_record(self, env):
        return env["bigcommerce.order"].search([("bc_id", "=", self.order_id)])

    def work_later(self):
        """Let workers do what is due now, and what is due soon after."""
        self.work_off(1)
        self.let_minutes_pass(2)
        self.work_off(1)

    def assertOneRefund(self):
        """The store has one refund, Odoo one credit note that knows it."""
        self.assertEqual(len(self.get_writes(REFUNDS)), self.sent, self.describe())
        rows = self.store.control("GET", "v3/orders/payment_actions/refunds")
        self.assertEqual(len(rows), 1)
        with self.transaction() as env:
            (note,) = env["account.move"].search([("move_type", "=", "out_refund")])
            self.assertEqual(note.bigcommerce_refund_id, str(rows[0]["id"]))
            self.assertEqual(note.bigcommerce_refund_state, "done")
            self.assertEqual(note.state, "posted")
            # Taxes are Odoo's own.
            self.assertEqual(note.amount_untaxed, rows[0]["total_amount"])
        self.assertNothingLost()


@tagged("post_install", "-at_install")
class TestEachNoteIsRefundedOnce(RefundProcessCase):
    """A credit note that a person has agreed to refund in the store."""

    sent = 1

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            record = self.get_record(env)
            invoice = record.sale_order_id.invoice_ids
            self.assertEqual(invoice.state, "posted", self.describe())
            note = invoice._reverse_moves()
            note.invoice_line_ids.tax_ids = False
            note.action_post()
            total = self.store.control("GET", f"v2/orders/{self.order_id}")
            total = float(total["total_inc_tax"])
            self.assertEqual(note.amount_total, total)
            note._schedule_refund(
                record,
                {
                    "items": [
                        {
                            "item_type": "PRODUCT",
                            "item_id": self.line_id,
                            "quantity": 1,
                            "reason": get_reason("Broken", note.name),
                        }
                    ],
                    "method": [
                        {"provider_id": "braintree", "amount": total, "offline": False}
                    ],
                    "total": total,
                    "tax": 0,
                },
            )

    def assertOnceThoughKilled(self, *points):
        self.work_until_killed(*points)
        self.start("import_refunds")
        self.work_later()
        self.assertOneRefund()

    def test_though_the_worker_dies_before_the_request_leaves(self):
        self.assertOnceThoughKilled(dies("_send", EXPORT))

    def test_though_the_worker_dies_between_the_request_and_its_commit(self):
        self.assertOnceThoughKilled(dies("_send", EXPORT, after=True))

    def test_though_the_worker_dies_while_it_applies_the_answer(self):
        self.assertOnceThoughKilled(dies("_apply", EXPORT, after=True))

    def test_though_the_next_worker_dies_while_it_looks(self):
        self.work_until_killed(dies("_send", EXPORT, after=True))
        self.assertOnceThoughKilled(dies("_look", EXPORT, after=True))

    def test_though_the_server_fails_after_it_has_taken_effect(self):
        self.store.fault(REFUNDS, method="POST", status=503, after=True)
        self.work_later()
        self.assertOneRefund()

    def test_though_two_workers_import_it_meanwhile(self):
        self.start("import_refunds")
        self.work_off(2)
        self.start("import_refunds", ids=["1"])
        self.work_off(2)
        self.work_later()
        self.assertOneRefund()


@tagged("post_install", "-at_install")
class TestEachRefundIsCreditedOnce(RefundProcessCase):
    """A refund that somebody in the store has made."""

    sent = 0

    def setUp(self):
        super().setUp()
        self.store.refund(self.order_id, ("PRODUCT", self.line_id, 1))
        self.start("import_refunds")

    def assertOnceThoughKilled(self, *points):
        self.work_until_killed(*points)
        self.start("import_refunds", ids=["1"])
        self.work_later()
        self.assertOneRefund()

    def test_though_the_worker_dies_after_the_claim(self):
        self.assertOnceThoughKilled(dies("_claim_lines", after=True))

    def test_though_the_worker_dies_while_it_makes_the_note(self):
        self.assertOnceThoughKilled(dies("_apply", IMPORT, after=True))

    def test_though_the_worker_dies_after_the_commit(self):
        self.assertOnceThoughKilled(dies("_apply_lines", after=True))

    def test_though_several_workers_import_it(self):
        self.start("import_refunds", ids=["1"])
        self.start("import_refunds", orders=[self.order_id])
        self.work_off(3)
        self.work_later()
        self.assertOneRefund()
