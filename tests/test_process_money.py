"""No workflow takes more than the store has taken, nor twice what it has taken."""

from odoo.fields import Command
from odoo.tests import tagged

from .workflow_case import MUG, WorkflowCase

BOWL = {"sku": "BOWL-STONE", "quantity": 2}


@tagged("post_install", "-at_install")
class TestMoney(WorkflowCase):
    def get_paid(self, order):
        payments = order.sale_order_id.invoice_ids.matched_payment_ids
        return sum(payments.mapped("amount"))

    def reverse(self, invoice):
        """Return the credit note that a person makes of an invoice."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        return wizard.new_move_ids

    def wait_for_line(self, **cart):
        """Import an order that waits for its workflow line."""
        self.line.unlink()
        return self.import_order(**cart)

    def go_on(self):
        self.add_line(self.workflow)
        self.drain()

    def test_what_was_credited_is_not_invoiced_and_paid_again(self):
        order = self.import_order(lines=[MUG, BOWL])
        paid = self.get_paid(order)
        invoice = order.sale_order_id.invoice_ids
        note = self.reverse(invoice)
        note.action_post()
        self.drain()
        self.process(order)
        self.assertEqual(order.sale_order_id.invoice_ids, invoice | note)
        self.assertEqual(self.get_paid(order), paid)

    def test_what_was_credited_in_part_is_not_invoiced_again(self):
        order = self.import_order(lines=[MUG, BOWL])
        invoice = order.sale_order_id.invoice_ids
        note = self.reverse(invoice)
        note.invoice_line_ids[0].unlink()
        note.action_post()
        self.drain()
        self.assertEqual(order.sale_order_id.invoice_ids, invoice | note)

    def test_an_order_with_a_down_payment_is_left_to_people(self):
        order = self.wait_for_line(lines=[MUG, BOWL])
        sale_order = order.sale_order_id
        sale_order.action_confirm()
        self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 10,
                "sale_order_ids": [Command.set(sale_order.ids)],
            }
        ).create_invoices()
        invoice = sale_order.invoice_ids
        invoice.action_post()
        self.go_on()
        self.assertDone(order)
        self.assertEqual(sale_order.invoice_ids, invoice)
        self.assertEqual(self.get_paid(order), invoice.amount_total)

    def test_what_was_added_after_confirmation_is_left_to_people(self):
        self.set_policy("delivery", "MUG-ENAMEL", "BOWL-STONE")
        order = self.import_order(lines=[MUG])
        sale_order = order.sale_order_id
        bowl = self.env["product.product"].search([("default_code", "=", "BOWL-STONE")])
        sale_order.order_line = [
            Command.create({"product_id": bowl.id, "product_uom_qty": 3})
        ]
        self.deliver(sale_order)
        self.drain()
        self.assertIn("without tax", self.assertStopped(order, "total_differs"))
        self.assertFalse(sale_order.invoice_ids)

    def test_what_was_changed_and_confirmed_by_hand_is_left_to_people(self):
        order = self.wait_for_line(lines=[MUG])
        order.sale_order_id.order_line[0].product_uom_qty = 4
        order.sale_order_id.action_confirm()
        self.go_on()
        self.assertStopped(order, "total_differs")
        self.assertFalse(order.sale_order_id.invoice_ids)

    def test_of_a_released_order_no_more_is_paid_than_the_store_has_taken(self):
        order = self.import_order(lines=[MUG, BOWL], unexplained="-5.00")
        order.action_release()
        self.drain()
        self.assertAlmostEqual(self.get_paid(order), order.amount_total)
        self.assertAlmostEqual(
            sum(order.sale_order_id.invoice_ids.mapped("amount_residual")),
            order.sale_order_id.amount_total - order.amount_total,
        )

    def test_an_invoice_of_more_than_was_ordered_stays_a_draft(self):
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[{**MUG, "quantity": 2}])
        self.deliver(order.sale_order_id, MUG_ENAMEL=3)
        self.drain()
        self.assertStopped(order, "total_differs")
        self.assertEqual(
            set(order.sale_order_id.invoice_ids.mapped("state")), {"draft"}
        )

    def test_certificate_and_store_credit_may_have_one_journal(self):
        journal = self.create_journal("Liabilities", "LIA")
        self.instance.write(
            {
                "certificates_as_payments": True,
                "gift_certificate_journal_id": journal.id,
                "store_credit_journal_id": journal.id,
            }
        )
        order = self.import_order(
            lines=[MUG, BOWL], gift_certificate="10.00", store_credit="15.00"
        )
        self.assertPaid(order)
        payments = order.sale_order_id.invoice_ids.matched_payment_ids
        own = payments.filtered(lambda payment: payment.journal_id == journal)
        self.assertEqual(sum(own.mapped("amount")), 25)

    def test_an_order_that_the_store_gives_up_while_it_waits_is_not_begun(self):
        for status_id, status, state in (
            (4, "Refunded", "draft"),
            (5, "Cancelled", "cancel"),
            (6, "Declined", "cancel"),
        ):
            with self.subTest(status=status):
                order = self.wait_for_line(lines=[MUG])
                self.store.patch(
                    f"v2/orders/{order.bc_id}", status_id=status_id, status=status
                )
                self.import_orders()
                self.line = self.add_line(self.workflow)
                self.drain()
                self.assertEqual(order.sale_order_id.state, state)

    def test_without_money_any_status_registers_no_payment(self):
        for status in ("void", "declined", "refunded"):
            with self.subTest(status=status):
                order = self.import_order(lines=[MUG], payment_status=status)
                self.assertEqual(
                    order.sale_order_id.invoice_ids.payment_state, "not_paid"
                )

    def test_a_line_for_just_that_status_registers_the_payment(self):
        self.add_line(self.workflow, payment_status="refunded")
        self.assertPaid(self.import_order(lines=[MUG], payment_status="refunded"))

    def test_an_archived_workflow_does_nothing(self):
        self.workflow.active = False
        order = self.import_order(lines=[MUG])
        self.assertStopped(order, "no_workflow_line")
        self.workflow.active = True
        self.drain()
        self.assertPaid(order)

    def test_a_payment_that_somebody_is_about_to_validate_counts(self):
        self.workflow.register_payment = False
        order = self.import_order(lines=[MUG])
        invoice = order.sale_order_id.invoice_ids
        payment = self.env["account.payment"].create(
            {
                "amount": invoice.amount_total,
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": invoice.partner_id.id,
                "journal_id": self.journal.id,
                "invoice_ids": [Command.set(invoice.ids)],
            }
        )
        self.workflow.register_payment = True
        self.process(order)
        self.assertEqual(invoice.matched_payment_ids, payment)

    def test_what_was_cancelled_of_a_delivery_starts_the_workflow(self):
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[{**MUG, "quantity": 2}])
        sale_order = order.sale_order_id
        self.deliver(sale_order, MUG_ENAMEL=1)
        self.drain()
        self.assertFalse(sale_order.invoice_ids)
        sale_order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ).action_cancel()
        self.drain()
        self.assertEqual(sale_order.invoice_ids.invoice_line_ids[0].quantity, 1)

    def test_what_a_certificate_has_paid_no_gateway_pays(self):
        """Odoo's own taxes may make the order worth more than the store's."""
        order = self.import_order(lines=[MUG], gift_certificate="12.50", taxes=[])
        self.assertDone(order)
        self.assertFalse(self.get_paid(order))
        self.assertOpen(order, 1.88)

    def assertOpen(self, order, amount):
        """So much of the invoices is open, and nothing besides."""
        invoices = order.sale_order_id.invoice_ids
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertAlmostEqual(sum(invoices.mapped("amount_residual")), amount)

    def test_tax_of_odoo_s_that_nobody_took_stays_open(self):
        order = self.import_order(lines=[MUG], taxes=[])
        self.assertDone(order)
        self.assertAlmostEqual(self.get_paid(order), 12.5)
        self.assertOpen(order, 1.88)
        self.process(order)
        self.assertAlmostEqual(self.get_paid(order), 12.5)

    def test_one_cent_of_it_stays_open_as_well(self):
        # 1.874 rather than 1.875
        order = self.import_order(
            lines=[MUG], taxes=[{"name": "Tax", "rate": "14.9920"}]
        )
        self.assertAlmostEqual(self.get_paid(order), 14.37)
        self.assertOpen(order, 0.01)

    def test_no_more_is_paid_than_the_invoice_where_odoo_s_tax_is_lower(self):
        order = self.import_order(lines=[MUG], taxes=[{"name": "Tax", "rate": "20"}])
        self.assertEqual(order.amount_total, 15)
        self.assertAlmostEqual(self.get_paid(order), 14.38)
        self.assertPaid(order)

    def test_of_parts_no_more_is_paid_than_was_taken(self):
        self.instance.single_invoice = False
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[{**MUG, "quantity": 2}], taxes=[])
        for _part in range(2):
            self.deliver(order.sale_order_id, MUG_ENAMEL=1)
            self.drain()
        invoices = order.sale_order_id.invoice_ids
        self.assertEqual(len(invoices), 2)
        self.assertAlmostEqual(self.get_paid(order), 25)
        self.assertOpen(order, sum(invoices.mapped("amount_total")) - 25)

    def test_a_certificate_for_more_tax_than_odoo_s_makes_no_credit_note(self):
        """The customer has paid the store's tax with it, and is owed nothing."""
        order = self.import_order(
            lines=[MUG], taxes=[{"name": "Tax", "rate": "20"}], gift_certificate="15.00"
        )
        self.assertEqual(order.state, "held")
        self.assertIn("0.62 more", order.reason_message)
        self.process(order)
        self.assertEqual(order.sale_order_id.state, "draft")
        order.sale_order_id.order_line[0].tax_ids = self.env["account.tax"].create(
            {"name": "Twenty", "amount": 20}
        )
        order.sale_order_id.action_confirm()
        self.drain()
        self.assertEqual(order.state, "imported")
        self.assertOpen(order, 0)
        self.assertNotIn(
            "out_refund", order.sale_order_id.invoice_ids.mapped("move_type")
        )

    def test_an_order_that_a_person_releases_makes_the_credit_note(self):
        order = self.import_order(
            lines=[MUG], taxes=[{"name": "Tax", "rate": "20"}], gift_certificate="15.00"
        )
        order.action_release()
        self.drain()
        note = order.sale_order_id.invoice_ids
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 0.62))

    def test_a_certificate_payment_that_somebody_takes_back_is_not_made_anew(self):
        journal = self.create_journal("Certificates", "CERT", type="cash")
        self.instance.write(
            {
                "certificates_as_payments": True,
                "gift_certificate_journal_id": journal.id,
            }
        )
        order = self.import_order(lines=[MUG, BOWL], gift_certificate="10.00")
        self.assertPaid(order)
        payments = order.sale_order_id.invoice_ids.matched_payment_ids
        own = payments.filtered(lambda payment: payment.journal_id == journal)
        own.action_cancel()
        self.drain()
        self.process(order)
        self.assertEqual(self.env["account.payment"].search([]), payments)
        self.assertOpen(order, 10)

    def test_an_order_that_is_done_needs_no_line(self):
        order = self.import_order(lines=[MUG])
        self.line.unlink()
        self.deliver(order.sale_order_id)
        self.drain()
        self.assertDone(order)

    def test_what_is_shipped_while_an_order_waits_is_not_shipped_again(self):
        order = self.wait_for_line(lines=[{**MUG, "quantity": 2}])
        path = f"v2/orders/{order.bc_id}"
        (line,) = self.store.control("GET", f"{path}/products")
        self.store.put(f"{path}/products", [{**line, "quantity_shipped": 2}])
        self.store.patch(path, items_shipped=2)
        self.import_orders()
        self.go_on()
        picking = order.sale_order_id.picking_ids
        self.assertEqual(picking.state, "done")
        self.assertTrue(picking.bigcommerce_is_shipped_there)

    def test_a_shipment_that_was_deleted_while_an_order_waits_is_not_delivered(self):
        order = self.wait_for_line(lines=[{**MUG, "quantity": 2}])
        path = f"v2/orders/{order.bc_id}"
        (line,) = self.store.control("GET", f"{path}/products")
        for quantity in (2, 0):
            self.store.put(f"{path}/products", [{**line, "quantity_shipped": quantity}])
            self.store.patch(path, items_shipped=quantity)
            self.import_orders()
        self.go_on()
        self.assertNotEqual(order.sale_order_id.picking_ids.state, "done")

    def test_what_happened_while_a_store_was_archived_is_made_up_for(self):
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[MUG])
        self.instance.active = False
        self.deliver(order.sale_order_id)
        self.drain()
        self.assertFalse(order.sale_order_id.invoice_ids)
        self.instance.active = True
        self.drain()
        self.assertPaid(order)

    def test_an_invoice_that_is_made_anew_is_not_paid_anew(self):
        """Odoo's *Reverse and Create Invoice*: the payment is there already."""
        order = self.import_order(lines=[MUG, BOWL])
        sale_order = order.sale_order_id
        paid = self.get_paid(order)
        invoice = sale_order.invoice_ids
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.modify_moves()
        drafts = sale_order.invoice_ids.filtered(lambda move: move.state == "draft")
        drafts.action_post()
        self.drain()
        self.assertEqual(self.get_paid(order), paid)

    def test_an_invoice_that_somebody_corrects_is_left_to_them(self):
        order = self.import_order(lines=[MUG])
        invoice = order.sale_order_id.invoice_ids
        invoice.button_draft()
        self.deliver(order.sale_order_id)
        self.drain()
        self.assertEqual(invoice.state, "draft")

    def test_a_payment_that_somebody_takes_back_is_not_made_anew(self):
        order = self.import_order(lines=[MUG])
        invoice = order.sale_order_id.invoice_ids
        payment = invoice.matched_payment_ids
        payment.action_cancel()
        self.deliver(order.sale_order_id)
        self.drain()
        self.assertEqual(invoice.matched_payment_ids | payment, payment)
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_a_payment_that_somebody_unreconciles_is_not_made_anew(self):
        order = self.import_order(lines=[MUG])
        invoice = order.sale_order_id.invoice_ids
        payment = invoice.matched_payment_ids
        invoice.line_ids.remove_move_reconcile()
        self.deliver(order.sale_order_id)
        self.drain()
        self.assertEqual(self.env["account.payment"].search([]), payment)

    def test_shipping_is_invoiced_whatever_policy_its_product_has(self):
        product = self.env["product.product"].create(
            {"name": "Ground", "type": "service", "invoice_policy": "delivery"}
        )
        self.env["delivery.carrier"].create(
            {"name": "Ground", "product_id": product.id, "delivery_type": "fixed"}
        )
        order = self.import_order(lines=[MUG], shipping=["5.00"])
        self.assertIn(product, order.sale_order_id.order_line.product_id)
        self.assertPaid(order)

    def test_the_terms_of_its_line_are_set_when_an_order_is_imported(self):
        term = self.env.ref("account.account_payment_term_30days")
        self.workflow.confirm_order = False
        self.line.payment_term_id = term
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.payment_term_id, term)
        self.line.payment_term_id = False
        other = self.env.ref("account.account_payment_term_15days")
        order.sale_order_id.partner_id.property_payment_term_id = other
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.payment_term_id, other)

    def test_the_terms_of_a_line_added_later_are_those_of_the_order(self):
        term = self.env.ref("account.account_payment_term_30days")
        self.workflow.register_payment = False
        order = self.wait_for_line(lines=[MUG])
        self.add_line(self.workflow, payment_term_id=term.id)
        self.drain()
        self.assertEqual(order.sale_order_id.payment_term_id, term)
        self.assertEqual(order.sale_order_id.invoice_ids.invoice_payment_term_id, term)
