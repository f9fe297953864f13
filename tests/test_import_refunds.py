from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from .refund_case import IMPORT, MUGS, VAT, RefundCase


@tagged("post_install", "-at_install")
class TestCreditNotes(RefundCase):
    """What a store refunds becomes a credit note, to the cent, once."""

    def assertNote(self, note, total, tax):
        self.assertEqual(len(note), 1)
        self.assertEqual(note.move_type, "out_refund")
        self.assertAlmostEqual(note.amount_total, total, 2)
        self.assertAlmostEqual(note.amount_tax, tax, 2)

    def test_a_part_of_a_line_is_credited_on_its_invoice(self):
        record = self.order()
        invoice = record.sale_order_id.invoice_ids
        note = self.refund(record, ("PRODUCT", self.line_of(record), 1))
        self.assertNote(note, 3.83, 0.5)
        line = note.invoice_line_ids
        self.assertEqual(line.quantity, 1)
        self.assertEqual(line.product_id.default_code, "MUG-ENAMEL")
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertEqual(note.state, "posted")
        self.assertEqual(note.bigcommerce_refund_order_id, record)
        self.assertEqual(record.refund_ids, note)
        self.assertQueueIsSound()

    def test_the_tax_lies_on_the_account_for_credit_notes(self):
        record = self.order()
        note = self.refund(record, ("PRODUCT", self.line_of(record), 1))
        tax = note.line_ids.filtered("tax_line_id")
        self.assertEqual(tax.account_id, self.instance.refund_tax_account_id)
        self.assertAlmostEqual(tax.debit, 0.5, 2)

    def test_it_is_paid_back_where_the_invoice_was_paid(self):
        record = self.order()
        note = self.refund(record, ("PRODUCT", self.line_of(record), 1))
        self.assertFalse(note.amount_residual)
        payment = note.matched_payment_ids
        self.assertEqual(payment.journal_id, self.journal)
        self.assertEqual(payment.payment_type, "outbound")
        self.assertAlmostEqual(payment.amount, 3.83, 2)

    def test_it_lowers_what_is_due_of_an_invoice_that_is_open(self):
        self.workflow.register_payment = False
        record = self.order()
        invoice = record.sale_order_id.invoice_ids
        note = self.refund(record, ("PRODUCT", self.line_of(record), 1))
        self.assertFalse(note.amount_residual)
        self.assertAlmostEqual(invoice.amount_residual, 17.24 - 3.83, 2)
        self.assertFalse(note.matched_payment_ids)

    def test_it_is_a_draft_where_the_workflow_validates_nothing(self):
        record = self.order()
        self.workflow.write({"validate_invoice": False, "register_payment": False})
        note = self.refund(record, ("PRODUCT", self.line_of(record), 1))
        self.assertEqual(note.state, "draft")

    def test_every_kind_of_item_is_credited_to_the_cent(self):
        record = self.order(
            lines=[{**MUGS, "wrapping": "2"}], handling="1", fees=[["Rush", "4"]]
        )
        number, line, address = record.bc_id, self.line_of(record), None
        address = self.address_of(record)
        for items, total, tax, product in (
            ([("GIFT_WRAPPING", line, 1)], 0.77, 0.1, "BC-WRAPPING"),
            ([("SHIPPING", address, 2.5)], 2.88, 0.38, "BC-DELIVERY"),
            ([("HANDLING", address, 1)], 1.15, 0.15, "BC-HANDLING"),
            ([("FEE", address + 1, 4)], 4, 0, "BC-FEE"),
            ([("ORDER", number, 0.5)], 0.5, 0, "BC-REFUND"),
        ):
            with self.subTest(items=items):
                note = self.refund(record, *items)
                self.assertNote(note, total, tax)
                self.assertEqual(note.invoice_line_ids.product_id.default_code, product)
        several = self.refund(
            record, ("PRODUCT", line, 2), ("SHIPPING", address, 1), ("ORDER", number, 1)
        )
        self.assertNote(several, 7.66 + 1.15 + 1, 1 + 0.15)
        self.assertQueueIsSound()

    def test_a_tax_that_is_refunded_alone_is_credited_alone(self):
        for with_tax in (False, True):
            with self.subTest(with_tax=with_tax):
                record = self.order(with_tax=with_tax)
                note = self.refund(record, tax_adjustment_amount=0.25)
                self.assertNote(note, 0.25, 0.25)

    def test_an_amount_that_the_merchant_has_set_is_credited(self):
        record = self.order()
        note = self.refund(
            record,
            ("PRODUCT", self.line_of(record), 2),
            merchant_calculated_override={"total_amount": 5, "total_tax": 0.4},
        )
        self.assertNote(note, 5, 0.4)

    def test_the_tax_that_the_merchant_says_is_in_an_amount_is_credited(self):
        record = self.order()
        note = self.refund(
            record,
            ("ORDER", record.bc_id, 5),
            merchant_calculated_override={"total_amount": 5, "total_tax": 0.4},
        )
        self.assertNote(note, 5, 0.4)

    def test_what_is_kept_back_of_a_line_is_not_credited(self):
        record = self.order()
        item = self.store.get_refund_item(
            "PRODUCT",
            self.line_of(record),
            2,
            adjustments=[{"amount": -1, "description": "Worn"}],
        )
        note = self.refund(record, items=[item])
        self.assertNote(note, 6.51, 0.85)

    def test_all_parts_of_an_order_sum_to_it(self):
        for cart in (
            {},
            {"with_tax": True},
            {"currency": "JPY", "lines": [{**MUGS, "price": "333"}], "shipping": []},
            {"currency": "EUR", "discount": "1"},
            {"lines": [MUGS, {**MUGS, "quantity": 7, "price": "0.49"}]},
        ):
            with self.subTest(cart=cart):
                record = self.order(**cart)
                notes = self.env["account.move"]
                for _part in range(3):
                    notes |= self.refund(record, ("PRODUCT", self.line_of(record), 1))
                if len(cart.get("lines", ())) > 1:
                    for count in (2, 5):
                        item = ("PRODUCT", self.line_of(record, 2), count)
                        notes |= self.refund(record, item)
                if cart.get("shipping", ["5"]):
                    item = ("SHIPPING", self.address_of(record), 5)
                    notes |= self.refund(record, item)
                self.assertEqual(notes.currency_id, record.currency_id)
                self.assertAlmostEqual(
                    sum(notes.mapped("amount_total")), record.amount_total, 2
                )
                self.assertAlmostEqual(
                    sum(notes.mapped("amount_tax")), record.amount_tax, 2
                )
                self.assertFalse(any(notes.mapped("amount_residual")))

    def test_odoos_own_taxes_are_compared_on_the_side_of_the_prices(self):
        self.instance.tax_system = "odoo"
        record = self.order(taxes=[{"name": "Other", "rate": "10"}])
        note = self.refund(record, ("PRODUCT", self.line_of(record), 1))
        self.assertAlmostEqual(note.amount_untaxed, 3.33, 2)
        self.assertAlmostEqual(note.amount_total, 3.83, 2)
        self.assertIn("3.66", note.message_ids[0].body)

    def test_store_credit_is_owed_to_the_customer_and_not_money(self):
        record = self.order(customer_id=2)
        payment = {"provider_id": "storecredit", "amount": 3.83, "offline": False}
        note = self.refund(
            record, ("PRODUCT", self.line_of(record), 1), payments=[payment]
        )
        self.assertEqual(note.amount_total, 0)
        credit = note.invoice_line_ids.filtered(lambda line: line.price_total < 0)
        self.assertEqual(credit.product_id.default_code, "BC-STORE-CREDIT")
        self.assertEqual(credit.account_id.account_type, "liability_current")


@tagged("post_install", "-at_install")
class TestEachRefundOnce(RefundCase):
    def test_a_second_import_makes_no_second_note(self):
        record = self.order()
        note = self.refund(record, ("PRODUCT", self.line_of(record), 1))
        for options in ({}, {"ids": ["1"]}, {"orders": [record.bc_id]}):
            self.run_operation(self.instance, IMPORT, **options)
            self.assertEqual(record.refund_ids, note)
        self.instance._start(IMPORT)
        record.action_import_refunds()
        self.drain()
        self.assertEqual(record.refund_ids, note)
        self.assertQueueIsSound()

    def test_the_next_run_asks_for_what_is_new_only(self):
        record = self.order()
        self.refund(record, ("PRODUCT", self.line_of(record), 1))
        self.store.forget_requests()
        self.run_operation(self.instance, IMPORT)
        (request,) = self.store.get_requests()
        self.assertIn("created:min", request["query"])

    def test_what_was_declined_is_no_refund(self):
        record = self.order()
        self.store.decline_refunds()
        self.assertFalse(self.refund(record, ("PRODUCT", self.line_of(record), 1)))
        line = self.get_import_line()
        self.assertEqual(line.state, "done")
        self.assertIn("expired", line.message)

    def test_an_order_that_is_not_in_odoo_is_left_alone(self):
        bc_id = self.place_order(lines=[MUGS])
        self.store.refund(bc_id, ("ORDER", bc_id, 1))
        self.run_operation(self.instance, IMPORT)
        line = self.get_import_line()
        self.assertEqual(line.state, "done")
        self.assertIn("not in Odoo", line.message)

    def test_it_waits_for_the_invoice_and_then_goes_on_by_itself(self):
        self.workflow.write(
            {
                "create_invoice": False,
                "validate_invoice": False,
                "register_payment": False,
            }
        )
        record = self.order()
        self.assertFalse(self.refund(record, ("PRODUCT", self.line_of(record), 1)))
        line = self.get_import_line()
        self.assertEqual((line.state, line.cause_code), ("blocked", "no_invoice_yet"))
        self.assertIn("waits for a validated invoice", record.refund_message)
        invoice = record.sale_order_id._create_invoices()
        self.drain()
        self.assertEqual(line.state, "blocked")
        invoice.action_post()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(len(record.refund_ids), 1)
        self.assertFalse(record.refund_message)

    def test_the_next_run_wakes_what_nobody_has_told_of_the_invoice(self):
        self.workflow.write(
            {
                "create_invoice": False,
                "validate_invoice": False,
                "register_payment": False,
            }
        )
        record = self.order()
        for _time in range(2):
            self.refund(record, ("PRODUCT", self.line_of(record), 1))
        lines = self.get_lines(IMPORT)
        lines[0].cause_id = self.env["bigcommerce.cause"]._get("refund_in_work")
        orders = self.registry["bigcommerce.order"]
        with patch.object(orders, "_retry_refunds", lambda self: None):
            record.sale_order_id._create_invoices().action_post()
            self.drain()
        self.assertEqual(lines.mapped("state"), ["blocked", "blocked"])
        # Nothing new is there.
        job = self.env["bigcommerce.automatic.job"]._get_job(self.instance, IMPORT)
        job.watermark = self.env.cr.now() + timedelta(days=30)
        self.run_operation(self.instance, IMPORT)
        self.assertEqual(
            lines.mapped("state"), ["done", "done"], lines.mapped("message")
        )
        self.assertEqual(len(record.refund_ids), 2)

    def test_what_goes_on_waiting_leaves_its_order_alone(self):
        self.workflow.write(
            {
                "create_invoice": False,
                "validate_invoice": False,
                "register_payment": False,
            }
        )
        record = self.order()
        self.refund(record, ("PRODUCT", self.line_of(record), 1))
        message, written_on = record.refund_message, record.write_date
        self.assertIn("waits for a validated invoice", message)
        self.run_operation(self.instance, IMPORT)
        self.assertEqual(self.get_import_line().state, "blocked")
        self.assertEqual(
            (record.refund_message, record.write_date), (message, written_on)
        )

    def test_the_order_says_what_still_waits_when_another_refund_is_done(self):
        record = self.order()
        self.credit(record, shipping=0, product=1)
        self.refund(record, ("PRODUCT", self.line_of(record), 1))
        self.assertIn("There is a credit note", record.refund_message)
        self.store.decline_refunds()
        self.refund(record, ("PRODUCT", self.line_of(record), 1))
        self.assertIn("There is a credit note", record.refund_message)
        self.assertEqual(
            record.sale_order_id.bigcommerce_refund_message, record.refund_message
        )
        self.get_import_line().action_cancel()
        self.assertFalse(record.refund_message)

    def test_what_was_cancelled_before_it_was_invoiced_needs_no_note(self):
        self.workflow.write(
            {
                "create_invoice": False,
                "validate_invoice": False,
                "register_payment": False,
            }
        )
        record = self.order()
        self.refund(record, ("PRODUCT", self.line_of(record), 3))
        record.sale_order_id._action_cancel()
        self.drain()
        self.assertEqual(self.get_import_line().state, "done")
        self.assertFalse(record.refund_ids)

    def test_a_note_that_somebody_made_may_say_the_same(self):
        record = self.order()
        own = self.credit(record, shipping=0, product=1)
        self.refund(record, ("PRODUCT", self.line_of(record), 1))
        line = self.get_import_line()
        self.assertEqual((line.state, line.cause_code), ("blocked", "needs_approval"))
        self.assertIn(own.name, line.message)
        line.action_approve()
        self.drain()
        self.assertEqual(len(record.refund_ids), 1)

    def test_an_order_that_comes_later_brings_its_refunds(self):
        job = self.env["bigcommerce.automatic.job"]._get_job(self.instance, IMPORT)
        job.active = True
        bc_id = self.place_order(lines=[MUGS], taxes=VAT)
        self.store.refund(bc_id, ("ORDER", bc_id, 1))
        self.run_operation(self.instance, IMPORT)
        self.assertFalse(self.find_note(1))
        self.instance.order_status_ids |= self.env["bigcommerce.order.status"].search(
            [("instance_id", "=", self.instance.id), ("bc_id", "=", "14")]
        )
        self.import_orders()
        self.assertEqual(len(self.find_note(1)), 1)

    def test_a_refund_that_came_before_its_order_comes_with_the_next_change(self):
        job = self.env["bigcommerce.automatic.job"]._get_job(self.instance, IMPORT)
        job.active = True
        record = self.order()
        order, record.sale_order_id = record.sale_order_id, False
        self.refund(record, ("PRODUCT", self.line_of(record), 1))
        self.assertEqual(self.get_import_line().state, "done")
        # The order's payload was older than the refund.
        record.sale_order_id = order
        self.import_orders()
        self.assertEqual(len(self.find_note(1)), 1)

    def test_a_refund_of_a_line_that_the_order_does_not_have_is_blocked(self):
        record = self.order()
        record.sale_order_id.order_line.bigcommerce_line_id = False
        self.refund(record, ("PRODUCT", self.line_of(record), 1))
        line = self.get_import_line()
        self.assertEqual(line.cause_code, "refund_unknown_item")


@tagged("post_install", "-at_install")
class TestInvoicingGoesOn(RefundCase):
    """Credit notes of refunds neither stop an order nor make it due again."""

    def test_what_was_refunded_is_not_invoiced_again(self):
        record = self.order()
        self.refund(record, ("PRODUCT", self.line_of(record), 1))
        order = record.sale_order_id
        self.assertEqual(order.invoice_status, "invoiced")
        self.process(record)
        self.assertEqual(len(order.invoice_ids), 2)
        self.assertEqual(len(order.invoice_ids.matched_payment_ids), 2)

    def test_what_is_still_to_be_invoiced_is_invoiced(self):
        self.set_policy("delivery", "MUG-ENAMEL", "TWINE")
        self.instance.single_invoice = False
        record = self.order(lines=[MUGS, {"sku": "SHIRT-S-CLA", "price": "7"}])
        order = record.sale_order_id
        self.deliver(order, MUG_ENAMEL=2)
        self.drain()
        self.refund(record, ("PRODUCT", self.line_of(record), 1))
        self.assertEqual(len(record.refund_ids), 1)
        self.deliver(order)
        self.drain()
        self.process(record)
        invoices = order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )
        self.assertAlmostEqual(
            sum(invoices.mapped("amount_total")), record.amount_total, 2
        )
        self.assertEqual(order.invoice_status, "invoiced")

    def test_what_came_back_and_is_refunded_is_not_credited_again(self):
        self.set_policy("delivery", "MUG-ENAMEL")
        record = self.order()
        order = record.sale_order_id
        self.deliver(order)
        self.drain()
        self.refund(record, ("PRODUCT", self.line_of(record), 1))
        line = order.order_line.filtered(
            lambda line: line.bigcommerce_part == "product"
        )
        self.assertEqual(line.qty_to_invoice, 0)
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": order.picking_ids.id}
        )
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.button_validate()
        self.assertEqual(line.qty_delivered, 2)
        self.assertEqual(line.qty_to_invoice, 0)
