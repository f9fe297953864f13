"""What the tests of marking orders as paid stand on."""

from .workflow_case import MUG, WorkflowCase

OPERATION = "export_payments"
BANK = "Bank Deposit"
CAPTURE = "payment_actions/capture$"
AWAITING_PAYMENT, AWAITING_FULFILLMENT = 7, 11


class PaymentCase(WorkflowCase):
    """A store that is told of payments; its orders are invoiced, people pay them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        statuses = cls.env["bigcommerce.order.status"].search(
            [("instance_id", "=", cls.instance.id), ("bc_id", "in", (1, 7, 9, 11))]
        )
        cls.instance.write({"mark_order_as_paid": True, "order_status_ids": statuses})
        cls.workflow.register_payment = False
        cls.drain()

    def setUp(self):
        super().setUp()
        self.skip_backoff()

    def choose(self, **choices):
        """Let captures end as described (``sandbox/payments.py``)."""
        self.store.control("PUT", "payments", choices)

    def import_offline(self, **cart):
        """Import an order that waits for a bank transfer; return its record."""
        return self.import_order(
            **{
                "lines": [MUG],
                "status": AWAITING_PAYMENT,
                "payment_method": BANK,
                **cart,
            }
        )

    def import_authorized(self, **cart):
        """Import an order whose card was authorised; return its record."""
        return self.import_offline(
            payment_method="Credit Card", payment_status="authorized", **cart
        )

    def pay(self, invoices, user=None, **vals):
        """Register the payment of invoices as people do."""
        env = self.env(user=user) if user else self.env
        return (
            env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create({"journal_id": self.journal.id, **vals})
            ._create_payments()
        )

    def pay_order(self, order, **vals):
        """Pay an order's invoice, and let the queue be worked off."""
        payments = self.pay(order.sale_order_id.invoice_ids, **vals)
        self.drain()
        return payments

    def let_capture_settle(self):
        """Let the store's clock pass, and whatever waits come back."""
        self.store.control("PUT", "clock", {"advance": 120})
        self.come_back()

    def get_there(self, order):
        return self.store.control("GET", f"v2/orders/{order.bc_id}")

    def get_transactions(self, order):
        """Return the transactions that are kept of an order."""
        return self.store.control("GET", f"v3/orders/{order.bc_id}/transactions")

    def get_writes(self):
        """Return method and path of the writes that the store carried out."""
        return [
            (request["method"], request["path"])
            for request in self.store.get_requests()
            if request["method"] != "GET" and request["took_effect"]
        ]

    def get_captures(self):
        return [path for _method, path in self.get_writes() if "capture" in path]

    def get_export_line(self, order):
        return self.get_lines(OPERATION, key=order.bc_id)[:1]

    def get_notes_in_chatter(self, order, text):
        return order.sale_order_id.message_ids.filtered(
            lambda message: text in (message.body or "")
        )

    def assertStates(self, order, state, line_state="done"):
        """What the order says of it, and how its queue line ended."""
        line = self.get_export_line(order)
        self.assertEqual(
            (order.paid_state, line.state),
            (state, line_state),
            line.traceback or line.message,
        )

    def assertCaptured(self, order):
        self.assertStates(order, "captured")
        there = self.get_there(order)
        self.assertEqual(there["payment_status"], "captured")
        self.assertEqual(there["status_id"], AWAITING_FULFILLMENT)
        self.assertEqual(order.payment_status, "captured")
        self.assertEqual(order.status_id.bc_id, "11")
        self.assertEqual(len(self.get_captures()), 1)
        self.assertQueueIsSound()

    def assertMoved(self, order, status_id=AWAITING_FULFILLMENT):
        self.assertStates(order, "moved")
        there = self.get_there(order)
        self.assertEqual(there["status_id"], status_id)
        self.assertEqual(there["payment_status"], "pending")
        self.assertEqual(there["staff_notes"].count("Paid in Odoo"), 1)
        self.assertEqual(order.status_id.bc_id, str(status_id))
        self.assertEqual(len(self.get_writes()), 1)
        self.assertIn("stays as it is", order.paid_message)
        self.assertQueueIsSound()

    def assertNotTold(self, order):
        self.assertEqual(self.get_writes(), [])
        self.assertFalse(self.get_export_line(order))
        self.assertFalse(order.paid_state)
