from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .refund_case import EXPORT, IMPORT, MUGS, RefundCase

REFUNDS = r"payment_actions/refunds$"
QUOTES = r"payment_actions/refund_quotes$"


@tagged("post_install", "-at_install")
class TestRefundInBigcommerce(RefundCase):
    """What a credit note says is refunded in the store, once."""

    def test_a_credit_note_is_refunded(self):
        record = self.order()
        note = self.credit(record, product=1)
        wizard = self.open_wizard(note)
        self.assertEqual(
            (wizard.quote_total, wizard.quote_tax, wizard.difference),
            (note.amount_total, note.amount_tax, 0),
        )
        self.assertEqual(
            wizard.method_id.payments[0]["provider_id"], "braintree", "as it was paid"
        )
        wizard.description = "Broken"
        wizard.action_submit()
        self.assertEqual(note.bigcommerce_refund_state, "scheduled")
        self.assertFalse(note.bigcommerce_may_refund)
        self.assertEqual(self.get_refunds(record), [])
        self.drain()
        self.assertRefundedOnce(record, note, note.amount_total)
        (refund,) = self.get_refunds(record)
        self.assertEqual(refund["reason"], f"Broken [{note.name}]")
        self.assertEqual(record.payment_status, "partially refunded")
        self.assertIn("refund 1", note.message_ids[0].body)

    def test_all_of_an_order_is_refunded_to_the_cent(self):
        record = self.order(
            lines=[{**MUGS, "wrapping": "2"}], handling="1", fees=[["Rush", "4"]]
        )
        note = self.credit(record)
        self.submit(note)
        self.drain()
        self.assertRefundedOnce(record, note, record.amount_total)
        self.assertEqual(record.payment_status, "refunded")

    def test_amounts_with_tax_and_without_decimals_are_those_of_the_note(self):
        for cart in (
            {"with_tax": True},
            {"currency": "JPY", "lines": [{**MUGS, "price": "333"}]},
        ):
            with self.subTest(cart=cart):
                record = self.order(**cart)
                note = self.credit(record, product=2)
                self.submit(note)
                self.drain()
                (refund,) = self.get_refunds(record)
                self.assertAlmostEqual(refund["total_amount"], note.amount_total, 2)
                self.assertAlmostEqual(refund["total_tax"], note.amount_tax, 2)

    def test_a_part_of_shipping_alone_is_refunded(self):
        record = self.order()
        note = self.credit(record, product=0)
        note.button_draft()
        note.invoice_line_ids.price_unit = 2
        note.action_post()
        self.submit(note)
        self.drain()
        self.assertRefundedOnce(record, note, 2.3)
        self.assertEqual(
            self.get_refunds(record)[0]["items"][0]["item_type"], "SHIPPING"
        )

    def test_a_lower_price_is_an_amount_if_the_person_says_so(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        note.button_draft()
        note.invoice_line_ids.price_unit = 1
        note.action_post()
        wizard = self.open_wizard(note)
        self.assertIn("another price", wizard.items_problem)
        self.assertFalse(wizard.may_submit)
        with self.assertRaises(UserError):
            wizard.action_submit()
        wizard.mode = "amount"
        self.assertFalse(wizard.may_submit, "not quoted yet")
        wizard.action_quote()
        self.assertTrue(wizard.may_submit)
        wizard.action_submit()
        self.drain()
        self.assertRefundedOnce(record, note, 1.15)
        self.assertEqual(self.get_refunds(record)[0]["items"][0]["item_type"], "ORDER")

    def test_another_amount_than_the_notes_is_refused_unless_it_is_the_notes(self):
        self.instance.tax_system = "odoo"
        record = self.order(taxes=[{"name": "Other", "rate": "10"}])
        note = self.credit(record, shipping=0, product=1)
        wizard = self.open_wizard(note)
        self.assertTrue(wizard.is_different)
        with self.assertRaises(UserError):
            wizard.action_submit()
        wizard.is_overridden = True
        wizard.action_submit()
        self.drain()
        self.assertRefundedOnce(record, note, note.amount_total)
        (refund,) = self.get_refunds(record)
        self.assertTrue(refund["uses_merchant_override_values"])

    def test_another_tax_than_the_notes_is_refused_though_the_total_is_the_same(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        wizard = self.open_wizard(note)
        self.assertTrue(wizard.may_submit)
        wizard.quote_tax = note.amount_tax - 0.1
        self.assertFalse(wizard.difference)
        self.assertTrue(wizard.is_different)
        self.assertFalse(wizard.may_submit)
        wizard.is_overridden = True
        self.assertTrue(wizard.may_submit)

    def test_another_way_back_may_be_chosen(self):
        record = self.order(customer_id=2)
        note = self.credit(record, shipping=0, product=1)
        wizard = self.open_wizard(note)
        wizard.method_id = wizard.method_ids.filtered(
            lambda method: method.payments[0]["provider_id"] == "storecredit"
        )
        wizard.action_submit()
        self.drain()
        (payment,) = self.get_refunds(record)[0]["payments"]
        self.assertEqual(payment["provider_id"], "storecredit")

    def test_a_note_says_why_it_cannot_be_refunded(self):
        record = self.order()
        invoice = record.sale_order_id.invoice_ids
        self.assertFalse(invoice.bigcommerce_refund_obstacle)
        self.assertFalse(invoice.bigcommerce_may_refund)
        note = self.credit(record)
        self.assertTrue(note.bigcommerce_may_refund)
        note.button_draft()
        self.assertIn("Confirm", note.bigcommerce_refund_obstacle)
        note.action_post()
        self.instance.action_reset_to_draft()
        note.invalidate_recordset()
        self.assertIn("not open", note.bigcommerce_refund_obstacle)
        self.instance.state = "confirmed"
        record.payment_status = "refunded"
        note.invalidate_recordset()
        self.assertIn("Nothing is left", note.bigcommerce_refund_obstacle)
        with self.assertRaises(UserError):
            note.action_refund_in_bigcommerce()

    def test_a_note_that_gives_certificates_back_is_refunded_over_there(self):
        record = self.order(gift_certificate="5")
        note = self.credit(record)
        self.assertIn("gift certificates", note.bigcommerce_refund_obstacle)

    def test_what_the_store_does_not_accept_is_said(self):
        record = self.order()
        self.store.refund(record.bc_id, ("PRODUCT", self.line_of(record), 3))
        wizard = self.open_wizard(self.credit(record))
        self.assertTrue(wizard.quote_problem)
        self.assertIn("Refund 1", wizard.unknown_refunds)
        self.assertFalse(wizard.may_submit)

    def test_an_order_that_the_store_has_no_more_is_refused_in_words(self):
        record = self.order()
        note = self.credit(record)
        self.store.delete(f"v2/orders/{record.bc_id}")
        with self.assertRaisesRegex(UserError, "does not have this"):
            note.action_refund_in_bigcommerce()

    def test_a_quote_that_has_changed_is_not_sent(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=2)
        line = self.submit(note)
        self.assertFalse(line)
        self.store.refund(record.bc_id, ("PRODUCT", self.line_of(record), 2))
        self.drain()
        self.assertEqual(len(self.get_refunds(record)), 1)
        self.assertEqual(note.bigcommerce_refund_state, "failed")
        self.assertTrue(note.bigcommerce_refund_message)
        self.assertEqual(self.get_export_line(note).state, "blocked")

    def test_another_tax_is_another_quote(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=2)
        self.submit(note)
        path = f"v2/orders/{record.bc_id}/products/{self.line_of(record)}"
        self.store.patch(path, total_tax="1.2000")
        self.drain()
        line = self.get_export_line(note)
        self.assertEqual((line.state, line.cause_code), ("blocked", "refund_changed"))
        self.assertEqual(self.get_refunds(record), [])

    def test_a_declined_refund_may_be_tried_again(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        self.submit(note)
        self.store.decline_refunds()
        self.drain()
        line = self.get_export_line(note)
        self.assertEqual((line.state, line.cause_code), ("blocked", "refund_declined"))
        self.assertEqual(note.bigcommerce_refund_state, "failed")
        self.assertIn("expired", note.bigcommerce_refund_message)
        self.store.decline_refunds("")
        line.action_retry()
        self.drain()
        self.assertEqual(len(self.get_refunds(record)), 2)
        self.assertEqual(note.bigcommerce_refund_id, "2")
        self.assertEqual(note.bigcommerce_refund_state, "done")

    def test_a_lost_answer_of_a_declined_refund_ends_as_declined(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        self.submit(note)
        self.store.decline_refunds()
        self.store.fault(REFUNDS, method="POST", kind="reset", after=True)
        self.drain()
        self.let_time_pass()
        self.drain()
        line = self.get_export_line(note)
        self.assertEqual((line.state, line.cause_code), ("blocked", "refund_declined"))
        self.assertEqual(len(self.get_refunds(record)), 1)

    def test_nothing_is_sent_in_observe_mode_but_the_quote_is_read(self):
        record = self.order()
        self.instance.observe_mode = True
        note = self.credit(record, shipping=0, product=1)
        wizard = self.open_wizard(note)
        self.assertFalse(wizard.is_different)
        wizard.action_submit()
        self.drain()
        self.assertEqual(self.get_refunds(record), [])
        self.assertEqual(self.get_export_line(note).cause_code, "read_only")
        self.instance.observe_mode = False
        self.drain()
        self.assertRefundedOnce(record, note, note.amount_total)

    def test_two_notes_at_once_are_two_refunds(self):
        record = self.order()
        notes = [self.credit(record, shipping=0, product=1) for _note in range(2)]
        for note in notes:
            self.submit(note)
        self.drain()
        refunds = self.get_refunds(record)
        self.assertEqual(len(refunds), 2)
        self.assertEqual(
            {note.bigcommerce_refund_id for note in notes},
            {str(refund["id"]) for refund in refunds},
        )

    def test_a_bookkeeper_without_any_group_of_ours_may_refund(self):
        record = self.order()
        user = self.create_user(
            "bookkeeper", "account.group_account_invoice", "base.group_user"
        )
        note = self.credit(record, shipping=0, product=1).with_user(user)
        self.assertTrue(note.bigcommerce_may_refund)
        action = note.action_refund_in_bigcommerce()
        wizard = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        wizard.description = "Broken"
        wizard.action_submit()
        self.drain()
        self.assertRefundedOnce(record, note.sudo(), note.amount_total)

    def test_a_bookkeeper_who_sees_own_orders_only_refunds_those_of_others(self):
        record = self.order()
        record.sale_order_id.user_id = self.create_user(
            "colleague", "sales_team.group_sale_salesman"
        )
        user = self.create_user(
            "seller",
            "account.group_account_invoice",
            "sales_team.group_sale_salesman",
        )
        note = self.credit(record, shipping=0, product=1).with_user(user)
        self.env.invalidate_all()
        action = note.action_refund_in_bigcommerce()
        wizard = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        wizard.action_submit()
        self.drain()
        self.assertRefundedOnce(record, note.sudo(), note.amount_total)

    def test_customers_do_not_read_what_is_said_about_their_credit_notes(self):
        record = self.order()
        user = self.create_user("customer", "base.group_portal")
        note = self.credit(record, shipping=0, product=1)
        user.partner_id.parent_id = note.commercial_partner_id
        note = note.with_user(user)
        self.assertTrue(note.read(["amount_total"]))
        for name in ("message", "request", "obstacle"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                note.read([f"bigcommerce_refund_{name}"])
        with self.assertRaises(AccessError):
            note.read(["bigcommerce_may_refund"])

    def test_what_is_refunded_stays_as_it_is(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        self.submit(note)
        self.drain()
        for change in (note.button_draft, note.button_cancel):
            with self.assertRaisesRegex(UserError, "stays as it is"):
                change()
        self.assertEqual(note.state, "posted")

    def test_a_refund_of_another_note_is_not_taken_for_ones_own(self):
        record = self.order()
        first = self.credit(record, shipping=0, product=1)
        self.submit(first)
        self.drain()
        second = self.credit(record, shipping=0, product=1)
        self.submit(second)
        # As if it had its number from the first.
        second.bigcommerce_refund_request = {
            **second.bigcommerce_refund_request,
            "reference": first.bigcommerce_refund_request["reference"],
        }
        self.drain()
        self.assertEqual(len(self.get_refunds(record)), 2)
        self.assertEqual(second.bigcommerce_refund_id, "2")

    def test_what_was_taken_out_of_the_queue_may_be_asked_for_again(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        self.submit(note)
        with self.assertRaises(UserError):
            note.button_draft()
        self.env["bigcommerce.queue.job"].search(
            [("operation", "=", EXPORT)]
        ).action_cancel()
        note.invalidate_recordset()
        self.assertTrue(note.bigcommerce_may_refund)
        note.button_draft()
        self.assertFalse(note.bigcommerce_refund_state)
        note.action_post()
        self.submit(note)
        self.drain()
        self.assertRefundedOnce(record, note, note.amount_total)

    def test_nothing_is_invoiced_again_afterwards(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        self.submit(note)
        self.drain()
        order = record.sale_order_id
        self.assertEqual(order.invoice_status, "invoiced")
        self.process(record)
        self.assertEqual(len(order.invoice_ids), 2)

    def test_the_import_knows_what_odoo_has_sent(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        self.submit(note)
        self.drain()
        self.run_operation(self.instance, IMPORT, ids=["1"])
        self.assertEqual(record.refund_ids, note)

    def test_the_import_knows_it_by_its_reason_though_odoo_was_not_told(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        self.submit(note)
        self.store.fault(REFUNDS, method="POST", kind="reset", after=True)
        self.drain()
        self.assertEqual(self.get_export_line(note).state, "unknown")
        self.run_operation(self.instance, IMPORT)
        self.assertEqual(record.refund_ids, note)
        self.let_time_pass()
        self.drain()
        self.assertRefundedOnce(record, note, note.amount_total)

    def test_the_import_waits_while_odoo_does_not_know_what_it_has_sent(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        self.submit(note)
        self.store.fault(REFUNDS, method="POST", kind="reset", after=True)
        self.drain()
        # As a store that keeps no reasons.
        (refund,) = self.get_refunds(record)
        stripped = [{**item, "reason": ""} for item in refund["items"]]
        path = f"v3/orders/payment_actions/refunds/{refund['id']}"
        self.store.put(path, {**refund, "reason": "", "items": stripped})
        self.run_operation(self.instance, IMPORT)
        line = self.get_import_line()
        self.assertEqual((line.state, line.cause_code), ("blocked", "refund_in_work"))
        self.store.put(path, refund)
        self.let_time_pass()
        self.drain()
        self.assertRefundedOnce(record, note, note.amount_total)
        self.assertEqual(line.state, "done")
        self.assertEqual(record.refund_ids, note)


@tagged("post_install", "-at_install")
class TestUnknownOutcome(RefundCase):
    """What may have been refunded is neither called failed nor sent again."""

    def setUp(self):
        super().setUp()
        self.record = self.order()
        self.note = self.credit(self.record, shipping=0, product=1)

    def lose_the_answer(self):
        """Let a refund be sent, and nobody get to know until the last try."""
        self.skip_backoff()
        self.submit(self.note)
        self.store.fault(REFUNDS, method="POST", kind="reset", after=True)
        self.drain()
        self.store.fault(REFUNDS, method="GET", status=500, times=0)
        for _turn in range(12):
            self.let_time_pass()
            self.drain()
        self.store.heal()
        self.assertEqual(self.get_export_line(self.note).cause_code, "outcome_unknown")

    def test_it_is_called_unknown_and_stays_as_it_is(self):
        self.lose_the_answer()
        self.assertEqual(self.note.bigcommerce_refund_state, "unknown")
        self.assertTrue(self.note.bigcommerce_refund_message)
        self.assertFalse(self.note.bigcommerce_may_refund)
        with self.assertRaises(UserError):
            self.note.button_draft()

    def test_a_retry_looks_and_finds_it(self):
        self.lose_the_answer()
        self.get_export_line(self.note).action_retry()
        self.let_time_pass()
        self.drain()
        self.assertRefundedOnce(self.record, self.note, self.note.amount_total)

    def test_a_credit_note_keeps_its_reference_whatever_its_number_becomes(self):
        self.lose_the_answer()
        self.get_export_line(self.note).action_cancel()
        self.assertFalse(self.note.bigcommerce_refund_state)
        number = self.note.name
        self.note.button_draft()
        self.note.name = "OTHER/2026/00001"
        self.note.action_post()
        self.assertNotEqual(self.note.name, number)
        self.assertTrue(self.note.bigcommerce_may_refund)
        self.submit(self.note)
        self.drain()
        self.assertRefundedOnce(self.record, self.note, self.note.amount_total)


@tagged("post_install", "-at_install")
class TestFaults(RefundCase):
    """One refund in the store, whatever happens to the request that makes it."""

    def assertOnceThough(self, path, **fault):
        self.skip_backoff()
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        self.submit(note)
        self.store.fault(path, method="POST", **fault)
        for _turn in range(3):
            self.drain()
            self.let_time_pass()
        self.drain()
        self.assertRefundedOnce(record, note, note.amount_total)

    def test_a_failure_before_the_effect_leaves_one_refund(self):
        self.assertOnceThough(REFUNDS, status=503)

    def test_a_failure_after_the_effect_leaves_one_refund(self):
        self.assertOnceThough(REFUNDS, status=503, after=True)

    def test_a_lost_answer_leaves_one_refund(self):
        self.assertOnceThough(REFUNDS, kind="reset", after=True)

    def test_half_an_answer_leaves_one_refund(self):
        self.assertOnceThough(REFUNDS, kind="truncate")

    def test_a_quote_that_fails_is_asked_for_again(self):
        self.assertOnceThough(QUOTES, status=503)


@tagged("post_install", "-at_install")
class TestWholeOrders(RefundCase):
    """All that is left of an order is refunded, and comes back as a credit note."""

    def test_all_that_is_left_is_refunded_and_once(self):
        record = self.order(
            lines=[{**MUGS, "wrapping": "2"}],
            handling="1",
            fees=[["Rush", "4"]],
            customer_id=2,
        )
        self.refund(
            record,
            ("PRODUCT", self.line_of(record), 1),
            ("SHIPPING", self.address_of(record), 2),
        )
        record._start_full_refund("Cancelled")
        record._start_full_refund("Cancelled")
        self.drain()
        refunds = self.get_refunds(record)
        self.assertEqual(len(refunds), 2)
        self.assertEqual(refunds[1]["payments"][0]["provider_id"], "braintree")
        self.assertAlmostEqual(
            sum(refund["total_amount"] for refund in refunds), record.amount_total, 2
        )
        self.assertAlmostEqual(
            sum(record.refund_ids.mapped("amount_total")), record.amount_total, 2
        )
        self.assertEqual(record.payment_status, "refunded")
        self.assertFalse(record.refund_request)
        record._start_full_refund("Again")
        self.drain()
        self.assertEqual(len(self.get_refunds(record)), 2)
        self.assertIn("nothing left", self.get_lines(EXPORT)[:1].message)

    def test_an_order_cancelled_there_with_its_payments_is_refunded_whole(self):
        record = self.order()
        order = record.sale_order_id
        order._action_cancel()
        order._cancel_in_bigcommerce("Changed my mind", True)
        self.drain()
        (refund,) = self.get_refunds(record)
        self.assertAlmostEqual(refund["total_amount"], record.amount_total, 2)
        self.assertIn("Changed my mind", refund["reason"])
        self.assertAlmostEqual(record.refund_ids.amount_total, record.amount_total, 2)
        self.assertQueueIsSound()

    def test_one_that_was_taken_out_of_the_queue_is_asked_for_anew(self):
        record = self.order()
        record._start_full_refund("Cancelled")
        self.env["bigcommerce.queue.job"].search(
            [("operation", "=", EXPORT)]
        ).action_cancel()
        record._start_full_refund("Too late")
        self.drain()
        (refund,) = self.get_refunds(record)
        self.assertIn("Too late", refund["reason"])

    def test_one_of_unknown_outcome_is_looked_for(self):
        record = self.order()
        record._start_full_refund("Cancelled")
        self.store.fault(REFUNDS, method="POST", kind="reset", after=True)
        self.drain()
        line = self.get_lines(EXPORT)
        line.cause_id = self.env["bigcommerce.cause"]._get("outcome_unknown")
        record._start_full_refund("Cancelled")
        self.drain()
        self.assertEqual(self.get_lines(EXPORT), line)
        self.assertEqual(line.state, "done")
        self.assertEqual(len(self.get_refunds(record)), 1)

    def test_why_it_failed_is_said_though_another_refund_is_imported(self):
        record = self.order()
        self.store.decline_refunds()
        record._start_full_refund("Cancelled")
        self.drain()
        self.assertIn("declined", record.refund_message)
        self.store.decline_refunds("")
        self.refund(record, ("PRODUCT", self.line_of(record), 1))
        self.assertIn("declined", record.refund_message)
        self.get_lines(EXPORT).action_retry()
        self.drain()
        self.assertFalse(record.refund_message)

    def test_it_is_refunded_once_though_the_answer_is_lost(self):
        record = self.order()
        record._start_full_refund("Cancelled")
        self.store.fault(REFUNDS, method="POST", kind="reset", after=True)
        self.drain()
        self.run_operation(self.instance, IMPORT)
        self.assertFalse(record.refund_ids)
        self.let_time_pass()
        self.drain()
        self.assertEqual(len(self.get_refunds(record)), 1)
        self.assertEqual(len(record.refund_ids), 1)
        self.assertQueueIsSound()
