"""What is paid in Odoo is marked as paid in the store, once."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .payment_case import CAPTURE, OPERATION, PaymentCase
from .workflow_case import MUG

SETTLEMENT = "odoo.addons.bigcommerce_connector.sync.settlement"
BOWL = {"sku": "BOWL-STONE", "quantity": 2}
LOST_ANSWERS = {
    "reset": {"kind": "reset"},
    "unavailable": {"status": 503},
    "bad gateway": {"status": 502, "body": "<html>Bad gateway</html>"},
}


@tagged("post_install", "-at_install")
class TestCapture(PaymentCase):
    def test_an_authorised_payment_is_captured_and_followed_until_it_is_settled(self):
        order = self.import_authorized()
        payment = self.pay_order(order)
        self.assertStates(order, "pending", "unknown")
        self.assertFalse(self.get_export_line(order).cause_id)
        self.come_back()
        self.assertStates(order, "pending", "unknown")
        self.let_capture_settle()
        self.assertCaptured(order)
        capture = self.get_transactions(order)[-1]
        self.assertEqual(capture["event"], "capture")
        self.assertEqual(payment.bigcommerce_capture_id, str(capture["id"]))
        self.assertEqual(payment.bigcommerce_instance_id, self.instance)
        self.assertEqual(len(self.get_notes_in_chatter(order, "captured")), 1)

    def test_a_second_run_captures_nothing(self):
        order = self.import_authorized()
        self.pay_order(order)
        self.let_capture_settle()
        self.store.forget_requests()
        self.run_operation(self.instance, OPERATION, ids=[order.bc_id])
        self.come_back(2)
        self.assertEqual(self.get_writes(), [])
        self.assertEqual(order.payment_status, "captured")

    def test_a_declined_capture_waits_for_a_person_and_is_not_asked_for_again(self):
        self.choose(outcome="declined")
        order = self.import_authorized()
        self.pay_order(order)
        self.let_capture_settle()
        self.assertStates(order, "failed", "blocked")
        line = self.get_export_line(order)
        self.assertEqual(line.cause_id.code, "capture_declined")
        self.assertIn("another payment", order.paid_message)
        line.action_retry()
        self.come_back(2)
        self.assertStates(order, "failed", "blocked")
        self.assertEqual(len(self.get_captures()), 1)
        self.assertEqual(self.get_there(order)["status_id"], 7)
        self.assertQueueIsSound()

    def test_a_capture_that_takes_long_waits_for_a_person_and_is_looked_at_again(self):
        self.choose(seconds=100_000)
        order = self.import_authorized()
        self.pay_order(order)
        self.come_back(10)
        line = self.get_export_line(order)
        self.assertEqual((line.state, line.cause_id.code),
                         ("unknown", "outcome_unknown"))  # fmt: skip
        self.assertEqual(order.paid_state, "pending")
        line.action_retry()
        self.drain()
        self.assertEqual(order.paid_state, "pending")
        self.store.control("PUT", "clock", {"advance": 200_000})
        self.come_back()
        self.assertCaptured(order)

    def test_one_accepted_after_much_trouble_is_followed_as_long_as_any(self):
        order = self.import_authorized()
        self.store.fault(f"/orders/{order.bc_id}", method="GET", status=503, times=0)
        self.pay_order(order)
        line = self.get_export_line(order)
        line.tries = 4
        self.store.heal()
        self.come_back()
        self.assertStates(order, "pending", "unknown")
        self.assertFalse(line.cause_id)
        self.let_capture_settle()
        self.assertCaptured(order)

    def test_who_clicks_while_a_capture_is_followed_captures_nothing(self):
        self.choose(seconds=100_000)
        order = self.import_authorized()
        self.pay_order(order)
        # As a store that says nothing of what it does.
        self.store.patch(f"v2/orders/{order.bc_id}", payment_status="authorized")
        self.import_orders()
        self.assertIn("is capturing", order._get_paid_obstacle())
        order._start_marking_as_paid()
        self.come_back(3)
        self.assertEqual(order.paid_state, "pending")
        self.assertEqual(order.payment_status, "authorized")
        self.assertEqual(len(self.get_captures()), 1)

    def test_a_capture_that_took_long_is_noticed_by_the_next_import(self):
        self.choose(seconds=100_000)
        order = self.import_authorized()
        self.pay_order(order)
        self.come_back(10)
        self.store.control("PUT", "clock", {"advance": 200_000})
        self.import_orders()
        self.assertCaptured(order)

    def test_a_refused_capture_of_a_card_moves_nothing(self):
        order = self.import_authorized()
        self.store.fault(CAPTURE, method="POST", status=422)
        self.pay_order(order)
        self.assertStates(order, "failed", "blocked")
        self.assertEqual(self.get_export_line(order).cause_id.code, "refused")
        self.assertEqual(self.get_writes(), [])

    def test_where_the_store_leaves_the_status_it_is_moved_after_the_capture(self):
        self.choose(seconds=0)
        order = self.import_authorized()
        self.pay_order(order)
        self.store.patch(f"v2/orders/{order.bc_id}", status_id=7)
        self.come_back()
        self.assertCaptured(order)
        self.assertNotIn("Paid in Odoo", self.get_there(order)["staff_notes"])

    def test_what_was_captured_meanwhile_is_not_captured_again(self):
        order = self.import_authorized()
        self.store.patch(f"v2/orders/{order.bc_id}", payment_status="captured")
        self.store.patch(f"v2/orders/{order.bc_id}", status_id=11)
        self.pay_order(order)
        self.assertEqual(self.get_writes(), [])
        self.assertStates(order, False)
        self.assertIn("nothing to do", order.paid_message)
        self.assertEqual(order.payment_status, "captured")

    def test_what_only_the_transactions_say_is_believed(self):
        order = self.import_authorized()
        path = f"v3/orders/{order.bc_id}/transactions"
        row = {"id": 1, "order_id": order.bc_id, "event": "capture", "status": "ok",
               "amount": order.amount_total, "method": "credit_card",
               "currency": "USD", "gateway": "braintree"}  # fmt: skip
        self.store.put(path, [row])
        self.pay_order(order)
        self.assertEqual(self.get_captures(), [])
        self.assertEqual(self.get_there(order)["status_id"], 11)


@tagged("post_install", "-at_install")
class TestOffline(PaymentCase):
    def test_where_offline_captures_are_refused_the_order_moves_with_the_reference(
        self,
    ):
        order = self.import_offline(staff_notes="Call first.")
        payment = self.pay_order(order)
        self.assertMoved(order)
        there = self.get_there(order)
        notes = there["staff_notes"].splitlines()
        self.assertEqual(notes[0], "Call first.")
        self.assertIn(order.sale_order_id.name, notes[1])
        self.assertIn(payment.name, notes[1])
        self.assertEqual(there["payment_provider_id"], payment.name)
        self.assertEqual(len(self.get_notes_in_chatter(order, "stays as it is")), 1)

    def test_where_offline_captures_are_accepted_the_payment_is_captured(self):
        self.choose(captures_offline=True)
        order = self.import_offline()
        self.pay_order(order)
        self.assertStates(order, "pending", "unknown")
        self.let_capture_settle()
        self.assertCaptured(order)
        self.assertEqual(self.get_there(order)["staff_notes"], "")

    def test_each_answer_that_refuses_lets_the_order_move(self):
        for status in (400, 404, 409, 422):
            with self.subTest(status=status):
                self.store.forget_requests()
                order = self.import_offline()
                self.store.fault(CAPTURE, method="POST", status=status)
                self.pay_order(order)
                self.assertMoved(order)

    def test_a_second_run_writes_nothing(self):
        order = self.import_offline()
        self.pay_order(order)
        self.store.forget_requests()
        self.run_operation(self.instance, OPERATION, ids=[order.bc_id])
        self.assertEqual(self.get_writes(), [])
        self.assertEqual(self.get_there(order)["staff_notes"].count("Paid in"), 1)
        self.assertEqual(order.paid_state, "moved")
        self.assertEqual(len(self.get_notes_in_chatter(order, "stays as it is")), 1)

    def test_the_order_goes_to_the_chosen_status(self):
        status = self.env["bigcommerce.order.status"]._find(self.instance, ["9"])["9"]
        self.instance.paid_status_id = status
        order = self.import_offline()
        self.pay_order(order)
        self.assertMoved(order, status_id=9)

    def test_without_a_chosen_status_it_goes_to_awaiting_fulfilment(self):
        self.assertEqual(self.instance.paid_status_id.bc_id, "11")
        self.instance.paid_status_id = False
        order = self.import_offline()
        self.pay_order(order)
        self.assertMoved(order)

    def test_an_order_that_is_further_stays_there(self):
        for status in (2, 3, 8, 9, 10):
            with self.subTest(status=status):
                self.store.forget_requests()
                order = self.import_offline()
                self.store.patch(f"v2/orders/{order.bc_id}", status_id=status)
                self.pay_order(order)
                self.assertMoved(order, status_id=status)

    def test_an_order_that_was_given_up_stays_so(self):
        for status in (0, 4, 5, 6, 12, 13, 14):
            with self.subTest(status=status):
                order = self.import_offline()
                self.store.patch(f"v2/orders/{order.bc_id}", status_id=status)
                self.pay_order(order)
                self.assertStates(order, "failed", "blocked")
                self.assertEqual(
                    self.get_export_line(order).cause_id.code, "payment_not_open"
                )
                self.assertEqual(self.get_writes(), [])

    def test_the_id_of_another_payment_is_kept(self):
        order = self.import_offline()
        self.store.patch(f"v2/orders/{order.bc_id}", payment_provider_id="abc")
        self.pay_order(order)
        self.assertMoved(order)
        self.assertEqual(self.get_there(order)["payment_provider_id"], "abc")

    def test_notes_that_are_full_are_left_alone(self):
        order = self.import_offline(staff_notes="x" * 65_530)
        self.pay_order(order)
        self.assertStates(order, "moved")
        self.assertEqual(self.get_there(order)["staff_notes"], "x" * 65_530)
        self.assertEqual(self.get_there(order)["status_id"], 11)

    def test_an_order_that_costs_nothing_is_moved_without_a_capture(self):
        sample = {"name": "Sample", "price": "0", "type": "digital"}
        order = self.import_offline(lines=[sample], payment_status="")
        self.assertEqual(order.sale_order_id.invoice_ids.payment_state, "paid")
        self.assertStates(order, "moved")
        self.assertEqual(self.get_there(order)["status_id"], 11)
        asked = [request["path"] for request in self.store.get_requests("capture")]
        self.assertEqual(asked, [])

    def test_an_order_that_costs_nothing_and_counts_as_paid_is_left_alone(self):
        sample = {"name": "Sample", "price": "0", "type": "digital"}
        order = self.import_offline(lines=[sample], status=11)
        self.assertEqual(order.sale_order_id.invoice_ids.payment_state, "paid")
        self.assertNotTold(order)

    def test_what_certificates_pay_for_is_no_reason_to_capture(self):
        sample = {"name": "Card", "price": "10", "type": "digital"}
        order = self.import_offline(lines=[sample], taxes=[], gift_certificate="10")
        self.instance._start(OPERATION, ids=[order.bc_id])
        self.drain()
        self.assertFalse(self.store.get_requests("capture"))

    def test_an_order_that_was_put_back_there_can_be_marked_again(self):
        order = self.import_offline()
        self.pay_order(order)
        self.assertTrue(order.sale_order_id.bigcommerce_paid_obstacle)
        self.store.patch(f"v2/orders/{order.bc_id}", status_id=7)
        self.import_orders()
        self.assertFalse(order.sale_order_id.bigcommerce_paid_obstacle)
        order.sale_order_id.action_mark_bigcommerce_order_as_paid()
        self.drain()
        there = self.get_there(order)
        self.assertEqual(there["status_id"], 11)
        self.assertEqual(there["staff_notes"].count("Paid in Odoo"), 1)


@tagged("post_install", "-at_install")
class TestLostAnswers(PaymentCase):
    def test_a_capture_that_took_effect_is_found_and_not_repeated(self):
        for name, fault in LOST_ANSWERS.items():
            with self.subTest(name):
                self.store.forget_requests()
                order = self.import_authorized()
                self.store.fault(CAPTURE, method="POST", after=True, **fault)
                self.pay_order(order)
                self.assertStates(order, "scheduled", "unknown")
                self.let_capture_settle()
                self.let_capture_settle()
                self.assertCaptured(order)

    def test_a_capture_that_took_no_effect_is_sent_once_more(self):
        for name, fault in LOST_ANSWERS.items():
            with self.subTest(name):
                self.store.forget_requests()
                order = self.import_authorized()
                self.store.fault(CAPTURE, method="POST", **fault)
                self.pay_order(order)
                self.assertStates(order, "scheduled", "unknown")
                self.come_back()
                self.assertStates(order, "pending", "unknown")
                self.let_capture_settle()
                self.assertCaptured(order)

    def test_a_move_that_took_effect_is_found_and_not_repeated(self):
        for name, fault in LOST_ANSWERS.items():
            with self.subTest(name):
                self.store.forget_requests()
                order = self.import_offline()
                self.store.fault("^/v2/orders/", method="PUT", after=True, **fault)
                self.pay_order(order)
                self.assertStates(order, "scheduled", "unknown")
                self.come_back()
                self.assertMoved(order)

    def test_a_move_that_took_no_effect_is_sent_once_more(self):
        for name, fault in LOST_ANSWERS.items():
            with self.subTest(name):
                self.store.forget_requests()
                order = self.import_offline()
                self.store.fault("^/v2/orders/", method="PUT", **fault)
                self.pay_order(order)
                self.come_back()
                self.assertMoved(order)

    def test_without_the_transactions_nothing_is_captured(self):
        order = self.import_authorized()
        self.store.fault("/transactions$", status=503, times=20)
        self.pay_order(order)
        self.assertEqual(self.get_writes(), [])
        self.assertStates(order, "scheduled", "retry")
        self.store.heal()
        self.come_back()
        self.let_capture_settle()
        self.assertCaptured(order)

    def test_a_missing_scope_is_named(self):
        order = self.import_authorized()
        self.store.control(
            "PUT", "access", {"scopes": ["store_v2_orders", "store_v2_products"]}
        )
        self.pay_order(order)
        self.assertStates(order, "failed", "blocked")
        self.assertIn("Order Transactions: read-only", order.paid_message)
        self.assertEqual(self.get_writes(), [])

    def test_odoo_failing_after_the_capture_finds_it_again(self):
        order = self.import_authorized()
        self.choose(seconds=0)
        Model = self.registry["bigcommerce.order"]
        original, calls = Model._note_paid, []

        def fail_once(record, *arguments):
            calls.append(record.bc_id)
            if len(calls) == 1:
                raise ValueError("no")
            return original(record, *arguments)

        self.patch(Model, "_note_paid", fail_once)
        with mute_logger(SETTLEMENT):
            self.pay_order(order)
            self.come_back()
        self.come_back()
        self.assertCaptured(order)


@tagged("post_install", "-at_install")
class TestAvailability(PaymentCase):
    def get_obstacle(self, order):
        self.env.invalidate_all()
        return order.sale_order_id.bigcommerce_paid_obstacle

    def mark(self, order):
        return order.sale_order_id.action_mark_bigcommerce_order_as_paid()

    def pay_without_hook(self, order):
        """Pay an order while the option is off."""
        self.instance.mark_order_as_paid = False
        self.pay_order(order)
        self.instance.mark_order_as_paid = True
        self.drain()
        self.assertNotTold(order)

    def test_the_button_marks_what_was_paid_before_the_option_was_on(self):
        order = self.import_offline()
        self.pay_without_hook(order)
        self.assertFalse(self.get_obstacle(order))
        self.mark(order)
        self.assertEqual(self.get_obstacle(order), "BigCommerce is being told.")
        self.drain()
        self.assertMoved(order)
        self.assertIn("stays as it is", self.get_obstacle(order))

    def test_clicking_while_it_runs_does_nothing_more(self):
        order = self.import_authorized()
        self.pay_without_hook(order)
        self.mark(order)
        with self.assertRaisesRegex(UserError, "being told"):
            self.mark(order)
        self.drain()
        with self.assertRaisesRegex(UserError, "capturing"):
            self.mark(order)
        self.let_capture_settle()
        with self.assertRaisesRegex(UserError, "holds the order as paid"):
            self.mark(order)
        self.assertCaptured(order)

    def test_two_jobs_for_one_order_capture_it_once(self):
        order = self.import_authorized()
        self.pay_order(order)
        for _time in range(2):
            self.instance._start(OPERATION, ids=[order.bc_id])
        self.drain()
        self.let_capture_settle()
        self.come_back()
        self.assertEqual(len(self.get_captures()), 1)
        self.assertEqual(order.payment_status, "captured")
        self.assertEqual(order.paid_state, "captured")

    def test_a_job_that_was_cancelled_lets_it_be_started_again(self):
        order = self.import_offline()
        self.pay_without_hook(order)
        self.mark(order)
        self.env["bigcommerce.queue.job"].search(
            [("operation", "=", OPERATION)]
        ).action_cancel()
        self.assertFalse(self.get_obstacle(order))
        self.mark(order)
        self.drain()
        self.assertMoved(order)

    def test_each_obstacle_is_said(self):
        order = self.import_offline()
        sale_order = order.sale_order_id
        self.assertIn("not paid", self.get_obstacle(order))
        self.pay_without_hook(order)
        self.assertFalse(self.get_obstacle(order))
        for change, text in (
            ({"payment_status": "captured"}, "as paid"),
            ({"payment_status": "paid"}, "as paid"),
            ({"payment_status": "refunded"}, "refunded"),
            ({"payment_status": "partially refunded"}, "refunded"),
            ({"payment_status": "void"}, "voided"),
            ({"payment_status": "void pending"}, "voided"),
            ({"payment_status": "declined"}, "declined"),
            ({"payment_status": "held for review"}, "review"),
            ({"payment_status": "capture pending"}, "is capturing"),
            ({"is_deleted": True}, "archived"),
            ({"status_id": self.get_status("5").id, "status": "Cancelled"}, "Cancel"),
            ({"status_id": self.get_status("13").id, "status": "Disputed"}, "Dispute"),
            ({"status_id": self.get_status("11").id, "payment_status": ""}, "counts"),
        ):
            with self.subTest(**change):
                before = order.read(list(change), load=None)[0]
                order.write(change)
                self.assertIn(text, self.get_obstacle(order))
                with self.assertRaises(UserError):
                    self.mark(order)
                before.pop("id")
                order.write(before)
        self.instance.mark_order_as_paid = False
        self.assertIn("is off", self.get_obstacle(order))
        self.instance.mark_order_as_paid = True
        sale_order.order_line[0].product_uom_qty += 1
        self.assertIn("fully invoiced", self.get_obstacle(order))
        self.assertEqual(self.get_writes(), [])

    def get_status(self, bc_id):
        return self.env["bigcommerce.order.status"]._find(self.instance, [bc_id])[bc_id]

    def test_an_order_of_odoo_alone_has_none_of_it(self):
        sale_order = self.env["sale.order"].create(
            {"partner_id": self.env.user.partner_id.id}
        )
        self.assertFalse(sale_order.bigcommerce_paid_obstacle)
        with self.assertRaises(UserError):
            sale_order.action_mark_bigcommerce_order_as_paid()

    def test_a_cancelled_or_unconfirmed_order_is_not_marked(self):
        self.line.unlink()
        order = self.import_offline()
        self.assertIn("not confirmed", self.get_obstacle(order))
        order.sale_order_id.action_cancel()
        self.assertIn("not confirmed", self.get_obstacle(order))

    def test_a_part_payment_tells_nothing_and_the_rest_does(self):
        order = self.import_offline()
        invoice = order.sale_order_id.invoice_ids
        self.pay_order(order, amount=1)
        self.assertNotTold(order)
        self.assertEqual(invoice.payment_state, "partial")
        self.pay_order(order)
        self.assertMoved(order)

    def test_of_several_invoices_the_last_that_is_paid_tells(self):
        self.set_policy("delivery", "MUG-ENAMEL", "BOWL-STONE")
        self.instance.single_invoice = False
        order = self.import_offline(lines=[MUG, BOWL])
        sale_order = order.sale_order_id
        self.deliver(sale_order, MUG_ENAMEL=1)
        self.drain()
        first = sale_order.invoice_ids
        self.pay_order(order)
        self.assertNotTold(order)
        self.deliver(sale_order)
        self.drain()
        second = sale_order.invoice_ids - first
        self.assertTrue(second)
        self.assertNotTold(order)
        self.pay(second)
        self.drain()
        self.assertMoved(order)

    def test_a_payment_that_was_taken_back_meanwhile_is_not_told(self):
        order = self.import_offline()
        payment = self.pay(order.sale_order_id.invoice_ids)
        payment.move_id.line_ids.remove_move_reconcile()
        self.drain()
        self.assertEqual(self.get_writes(), [])
        self.assertFalse(order.paid_state)
        self.assertIn("not paid", order.paid_message)

    def test_nothing_is_told_once_the_option_is_off(self):
        order = self.import_offline()
        self.pay(order.sale_order_id.invoice_ids)
        self.instance.mark_order_as_paid = False
        self.drain()
        self.assertEqual(self.get_writes(), [])
        self.assertFalse(order.paid_state)
        self.assertIn("is off", order.paid_message)

    def test_a_credit_note_is_no_payment(self):
        order = self.import_offline()
        invoice = order.sale_order_id.invoice_ids
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        wizard.new_move_ids.action_post()
        self.assertEqual(invoice.payment_state, "reversed")
        self.drain()
        self.assertNotTold(order)
        self.assertTrue(self.get_obstacle(order))

    def test_the_payment_of_a_workflow_tells_too(self):
        self.workflow.register_payment = True
        order = self.import_offline()
        self.assertMoved(order)

    def test_the_payment_of_a_workflow_for_what_the_store_has_taken_makes_no_line(
        self,
    ):
        self.workflow.register_payment = True
        order = self.import_order(lines=[MUG])
        self.assertPaid(order)
        self.assertNotTold(order)

    def test_without_the_option_nothing_is_told(self):
        self.instance.mark_order_as_paid = False
        order = self.import_authorized()
        self.pay_order(order)
        self.assertNotTold(order)

    def test_several_orders_are_told_of_in_one_run(self):
        orders = [self.import_offline() for _number in range(3)]
        self.choose(captures_offline=True, seconds=0)
        invoices = self.env["account.move"].concat(
            *(order.sale_order_id.invoice_ids for order in orders)
        )
        self.pay(invoices, group_payment=False)
        self.drain()
        jobs = self.env["bigcommerce.queue.job"].search([("operation", "=", OPERATION)])
        self.assertEqual(len(jobs), 1)
        self.come_back()
        self.assertEqual([order.paid_state for order in orders], ["captured"] * 3)
        self.assertEqual(len(self.get_captures()), 3)

    def test_in_observe_mode_it_waits(self):
        self.instance.observe_mode = True
        order = self.import_offline()
        self.pay_order(order)
        self.assertStates(order, "failed", "blocked")
        self.assertEqual(self.get_export_line(order).cause_id.code, "read_only")
        self.assertEqual(self.get_writes(), [])
        self.instance.observe_mode = False
        self.drain()
        self.assertMoved(order)

    def test_a_store_that_is_not_open_is_told_when_it_is(self):
        order = self.import_offline()
        self.instance.action_reset_to_draft()
        self.pay_order(order)
        self.assertEqual(order.paid_state, "scheduled")
        self.assertEqual(self.get_writes(), [])
        self.instance.action_confirm()
        self.drain()
        self.assertMoved(order)

    def test_an_order_that_is_gone_from_odoo_is_not_marked(self):
        order = self.import_offline()
        self.pay(order.sale_order_id.invoice_ids)
        self.instance._start(OPERATION, ids=[order.bc_id])
        with self.open_engine() as engine:
            engine._scan_next(self.env["ir.cron"])
            engine._scan_next(self.env["ir.cron"])
        order.sale_order_id = False
        self.drain()
        self.assertStates(order, False)
        self.assertEqual(self.get_writes(), [])

    def test_a_line_that_is_cancelled_lets_the_order_be_marked_again(self):
        order = self.import_authorized()
        self.store.fault(CAPTURE, method="POST", status=422)
        self.pay_order(order)
        self.get_export_line(order).action_cancel()
        self.assertFalse(order.paid_state)
        self.assertFalse(self.get_obstacle(order))


@tagged("post_install", "-at_install")
class TestAccess(PaymentCase):
    def test_a_bookkeeper_registers_a_payment_and_the_store_is_told(self):
        bookkeeper = new_test_user(
            self.env, "bookkeeper", "account.group_account_invoice"
        )
        order = self.import_offline()
        self.pay(order.sale_order_id.invoice_ids, user=bookkeeper)
        self.drain()
        self.assertMoved(order)

    def test_a_bookkeeper_may_mark_an_order_as_paid(self):
        bookkeeper = new_test_user(
            self.env, "bookkeeper", "account.group_account_invoice"
        )
        order = self.import_offline()
        self.instance.mark_order_as_paid = False
        self.pay_order(order)
        self.instance.mark_order_as_paid = True
        sale_order = order.sale_order_id.with_user(bookkeeper)
        self.assertFalse(sale_order.bigcommerce_paid_obstacle)
        sale_order.action_mark_bigcommerce_order_as_paid()
        self.drain()
        self.assertMoved(order)

    def test_a_salesman_sees_why_and_may_not_click(self):
        salesman = new_test_user(
            self.env, "salesman", "sales_team.group_sale_salesman_all_leads"
        )
        order = self.import_offline()
        sale_order = order.sale_order_id.with_user(salesman)
        self.assertIn("not paid", sale_order.bigcommerce_paid_obstacle)
        with self.assertRaises(AccessError):
            sale_order.action_mark_bigcommerce_order_as_paid()

    def test_a_user_of_another_company_marks_nothing_as_paid(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "account.group_account_invoice",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        order = self.import_offline()
        with self.assertRaises(AccessError):
            order.sale_order_id.with_user(
                stranger
            ).action_mark_bigcommerce_order_as_paid()

    def test_the_scope_is_missed_only_where_it_is_needed(self):
        self.store.place_order(lines=[MUG])
        scopes = [
            "store_v2_information", "store_v2_orders", "store_v2_products",
            "store_inventory", "store_locations", "store_channel_settings",
            "store_v2_customers",
        ]  # fmt: skip
        self.store.control("PUT", "access", {"scopes": scopes})
        self.instance.action_test_connection()
        self.assertEqual(self.instance.missing_scopes, "Order Transactions: read-only")
        self.instance.mark_order_as_paid = False
        self.assertFalse(self.instance.missing_scopes)

    def test_a_capture_is_of_one_payment_only(self):
        order = self.import_authorized()
        payment = self.pay_order(order)
        self.let_capture_settle()
        self.assertTrue(payment.bigcommerce_capture_id)
        other = payment.copy()
        self.assertFalse(other.bigcommerce_capture_id)
        own = ("bigcommerce_instance_id", "bigcommerce_capture_id")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            other.write({name: payment.read(own, load=None)[0][name] for name in own})
            other.flush_recordset()
