"""What becomes of an imported order by its workflow."""

from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..sync import operation, order_invoices, scan
from ..sync.settlement import MAX_TRIES
from .process_case import ProcessCase, dies
from .workflow_case import MUG, WorkflowCase

BOWL = {"sku": "BOWL-STONE", "quantity": 2}
TOWEL = {"sku": "TOWEL-LINEN"}
INVOICES = "bigcommerce.order.invoices"
PAYMENTS = "bigcommerce.order.payments"
PROCESS = "bigcommerce.process.orders"


@tagged("post_install", "-at_install")
class TestSteps(WorkflowCase):
    def test_an_order_goes_all_the_way(self):
        order = self.import_order(lines=[MUG], shipping=[5])
        self.assertEqual(order.sale_order_id.state, "sale")
        self.assertPaid(order)
        invoice = order.sale_order_id.invoice_ids
        self.assertEqual(invoice.amount_total, order.sale_order_id.amount_total)
        payment = invoice.matched_payment_ids
        self.assertEqual(payment.journal_id, self.journal)
        self.assertEqual(payment.amount, invoice.amount_total)

    def test_nothing_happens_twice(self):
        order = self.import_order(lines=[MUG])
        self.process(order)
        self.process(order)
        self.assertEqual(len(order.sale_order_id.invoice_ids), 1)
        self.assertEqual(len(order.sale_order_id.invoice_ids.matched_payment_ids), 1)

    def test_without_confirmation_the_order_stays_a_quotation(self):
        self.workflow.confirm_order = False
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.state, "draft")
        self.assertFalse(order.sale_order_id.invoice_ids)
        self.assertDone(order)

    def test_confirmation_alone_makes_no_invoice(self):
        self.workflow.write({"validate_invoice": False, "create_invoice": False})
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.state, "sale")
        self.assertFalse(order.sale_order_id.invoice_ids)
        self.assertDone(order)

    def test_without_validation_the_invoice_stays_a_draft(self):
        self.workflow.validate_invoice = False
        order = self.import_order(lines=[MUG])
        invoice = order.sale_order_id.invoice_ids
        self.assertEqual(invoice.state, "draft")
        self.assertFalse(invoice.matched_payment_ids)
        self.assertDone(order)

    def test_without_payment_the_invoice_stays_open(self):
        self.workflow.register_payment = False
        order = self.import_order(lines=[MUG])
        invoice = order.sale_order_id.invoice_ids
        self.assertEqual((invoice.state, invoice.payment_state), ("posted", "not_paid"))
        self.assertDone(order)

    def test_a_step_that_is_turned_on_later_is_done_for_those_started_again(self):
        self.workflow.write({"register_payment": False, "validate_invoice": False})
        order = self.import_order(lines=[MUG])
        self.workflow.write({"register_payment": True, "validate_invoice": True})
        self.process(order)
        self.assertPaid(order)

    def test_without_ids_all_orders_are_looked_at_that_are_not_finished(self):
        self.workflow.confirm_order = False
        quotation = self.import_order(lines=[MUG])
        self.workflow.write({"confirm_order": True, "register_payment": False})
        unpaid = self.import_order(lines=[MUG])
        self.workflow.register_payment = True
        paid = self.import_order(lines=[MUG])
        lines = self.get_lines("process_orders")
        self.run_operation(self.instance, "process_orders")
        started = self.get_lines("process_orders") - lines
        self.assertEqual(set(started.mapped("key")), {quotation.bc_id, unpaid.bc_id})
        for order in (quotation, unpaid, paid):
            self.assertPaid(order)

    def test_validation_without_creation_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Create Invoice"):
            self.workflow.create_invoice = False

    def test_each_order_of_a_customer_gets_an_invoice_of_its_own(self):
        first = self.place_order(lines=[MUG])
        second = self.place_order(lines=[MUG])
        self.import_orders()
        invoices = [
            self.get_order(bc_id).sale_order_id.invoice_ids for bc_id in (first, second)
        ]
        self.assertEqual([len(invoice) for invoice in invoices], [1, 1])
        self.assertNotEqual(*invoices)

    def test_the_shipping_policy_is_the_workflow_s(self):
        self.workflow.picking_policy = "one"
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.picking_policy, "one")
        self.assertEqual(order.sale_order_id.picking_ids.move_type, "one")

    def test_the_invoice_is_in_the_workflow_s_journal(self):
        journal = self.env["account.journal"].create(
            {"name": "Web Sales", "code": "WEB", "type": "sale"}
        )
        self.workflow.sale_journal_id = journal
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.invoice_ids.journal_id, journal)
        self.assertPaid(order)

    def test_the_order_keeps_its_date(self):
        order = self.import_order(lines=[MUG], created="2026-10-03T12:00:00+00:00")
        self.assertEqual(str(order.sale_order_id.date_order), "2026-10-03 12:00:00")

    def test_orders_of_several_workflows_are_done_together(self):
        other = self.workflow.copy({"register_payment": False})
        self.add_line(other, payment_status="pending")
        paid = self.place_order(lines=[MUG], payment_status="captured")
        unpaid = self.place_order(lines=[MUG], payment_status="pending")
        self.import_orders()
        self.assertPaid(self.get_order(paid))
        invoice = self.get_order(unpaid).sale_order_id.invoice_ids
        self.assertEqual((invoice.state, invoice.payment_state), ("posted", "not_paid"))

    def test_a_held_order_is_left_alone(self):
        order = self.import_order(lines=[MUG], unexplained="1.00")
        self.assertEqual(order.state, "held")
        self.process(order)
        self.assertEqual(order.sale_order_id.state, "draft")

    def test_an_order_cancelled_in_odoo_is_left_alone(self):
        self.workflow.confirm_order = False
        order = self.import_order(lines=[MUG])
        order.sale_order_id.action_cancel()
        self.workflow.confirm_order = True
        self.process(order)
        self.assertEqual(order.sale_order_id.state, "cancel")
        self.assertFalse(order.sale_order_id.invoice_ids)

    def test_the_line_of_an_order_deleted_in_odoo_ends(self):
        self.line.unlink()
        order = self.import_order(lines=[MUG])
        line = self.get_line(order)
        order.sale_order_id.unlink()
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")

    def test_all_orders_are_looked_at_also_over_several_pages(self):
        self.workflow.confirm_order = False
        orders = [self.import_order(lines=[MUG]) for _time in range(3)]
        self.workflow.confirm_order = True
        self.patch(operation, "PAGE_SIZE", 1)
        self.patch(scan, "PAGES_AT_A_TIME", 2)
        self.instance.action_process_orders()
        self.drain()
        for order in orders:
            self.assertPaid(order)

    def test_a_distribution_of_the_books_is_kept(self):
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        account = self.env["account.analytic.account"].create(
            {"name": "Web", "plan_id": plan.id}
        )
        distribution = {str(account.id): 100.0}
        for applies in (False, True):
            if applies:
                self.env["account.analytic.distribution.model"].create(
                    {"analytic_distribution": distribution}
                )
            order = self.import_order(lines=[MUG])
            line = order.sale_order_id.invoice_ids.invoice_line_ids
            self.assertEqual(
                line.analytic_distribution or False, applies and distribution
            )


@tagged("post_install", "-at_install")
class TestNotes(WorkflowCase):
    def test_people_find_the_notes_that_odoo_writes(self):
        order = self.import_order(lines=[MUG])
        sale_order = order.sale_order_id
        invoice = sale_order.invoice_ids
        self.assertIn(
            f"Invoice {invoice.name} paid",
            " ".join(sale_order.message_ids.mapped("body")),
        )
        for record in (sale_order.picking_ids, invoice):
            bodies = " ".join(record.message_ids.mapped("body"))
            self.assertIn("has been created from", bodies)
            self.assertIn(sale_order.name, bodies)
        self.assertEqual(
            set(sale_order.message_ids.subtype_id), {self.env.ref("mail.mt_note")}
        )

    def test_a_step_that_is_undone_leaves_none(self):
        def refuse(moves, soft=True):
            raise UserError(self.env._("Never."))

        self.patch(self.registry["account.move"], "_post", refuse)
        order = self.import_order(lines=[MUG])
        self.assertStopped(order, "workflow_step_refused")
        bodies = " ".join(order.sale_order_id.message_ids.mapped("body"))
        self.assertNotIn("paid", bodies)
        self.assertEqual(len(order.sale_order_id.invoice_ids.message_ids), 1)

    def test_elsewhere_odoo_writes_as_ever(self):
        self.line.unlink()
        order = self.import_order(lines=[MUG])
        message = order.sale_order_id.message_post(body="Hello")
        self.assertEqual(message, order.sale_order_id.message_ids[:1])


@tagged("post_install", "-at_install")
class TestInvoiceDate(WorkflowCase):
    def setUp(self):
        super().setUp()
        self.workflow.force_invoice_date = True
        self.instance.timezone = "America/Chicago"

    def import_at(self, moment):
        order = self.import_order(lines=[MUG], created=moment)
        self.assertPaid(order)
        return order.sale_order_id.invoice_ids

    def test_it_is_the_day_on_which_the_order_was_placed(self):
        invoice = self.import_at("2026-10-03T18:00:00+00:00")
        self.assertEqual(invoice.invoice_date, date(2026, 10, 3))
        self.assertEqual(invoice.date, date(2026, 10, 3))
        self.assertEqual(invoice.matched_payment_ids.date, date(2026, 10, 3))

    def test_it_is_the_day_in_the_store_s_time_zone(self):
        invoice = self.import_at("2026-10-03T03:30:00+00:00")
        self.assertEqual(invoice.invoice_date, date(2026, 10, 2))
        self.instance.timezone = "Australia/Sydney"
        invoice = self.import_at("2026-10-03T20:30:00+00:00")
        self.assertEqual(invoice.invoice_date, date(2026, 10, 4))

    def test_without_it_it_is_today_in_the_store(self):
        self.workflow.force_invoice_date = False
        for timezone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", False):
            with self.subTest(timezone):
                self.instance.timezone = timezone
                invoice = self.import_at("2026-10-03T03:30:00+00:00")
                today = self.env["bigcommerce.operation"]._with_store(self.instance)
                today = today.env["account.move"].with_context(tz=timezone or "UTC")
                expected = invoice._fields["invoice_date"].context_today(today)
                self.assertEqual(invoice.invoice_date, expected)
                self.assertEqual(invoice.matched_payment_ids.date, expected)

    def test_an_invoice_made_by_hand_is_dated_as_ever(self):
        self.workflow.write({"create_invoice": False, "validate_invoice": False})
        order = self.import_order(lines=[MUG], created="2026-10-03T18:00:00+00:00")
        invoice = order.sale_order_id._create_invoices()
        self.assertFalse(invoice.invoice_date)

    def test_a_locked_day_moves_the_entry_and_not_the_invoice(self):
        self.env.company.fiscalyear_lock_date = "2026-10-31"
        order = self.import_order(
            lines=[{"sku": "PATTERN-KNIT"}], created="2026-10-03T18:00:00+00:00"
        )
        self.assertPaid(order)
        invoice = order.sale_order_id.invoice_ids
        self.assertEqual(invoice.invoice_date, date(2026, 10, 3))
        self.assertGreater(invoice.date, date(2026, 10, 31))
        self.assertGreater(invoice.matched_payment_ids.move_id.date, date(2026, 10, 31))

    def test_a_delivery_in_a_locked_period_is_refused_in_odoo_s_words(self):
        self.env.company.fiscalyear_lock_date = "2026-10-31"
        order = self.import_order(lines=[MUG], created="2026-10-03T18:00:00+00:00")
        message = self.assertStopped(order, "workflow_step_refused")
        self.assertRegex(message, "^Confirm Order: .*locked fiscal period")


@tagged("post_install", "-at_install")
class TestSingleInvoice(WorkflowCase):
    def setUp(self):
        super().setUp()
        self.set_policy("delivery", "MUG-ENAMEL", "BOWL-STONE")

    def test_nothing_is_invoiced_before_all_can_be(self):
        order = self.import_order(lines=[MUG, BOWL, TOWEL], shipping=[5])
        sale_order = order.sale_order_id
        self.assertDone(order)
        self.assertFalse(sale_order.invoice_ids)
        self.deliver(sale_order, MUG_ENAMEL=1)
        self.drain()
        self.assertFalse(sale_order.invoice_ids)
        self.deliver(sale_order, BOWL_STONE=1)
        self.drain()
        self.assertFalse(sale_order.invoice_ids)
        self.deliver(sale_order)
        self.drain()
        self.assertEqual(len(sale_order.invoice_ids), 1)
        self.assertEqual(sale_order.invoice_ids.amount_total, sale_order.amount_total)
        self.assertPaid(order)

    def test_in_parts_each_is_invoiced_and_paid_as_it_is_ready(self):
        self.instance.single_invoice = False
        order = self.import_order(lines=[MUG, BOWL, TOWEL], shipping=[5])
        sale_order = order.sale_order_id
        self.assertEqual(len(sale_order.invoice_ids), 1)
        self.assertEqual(sale_order.invoice_ids.payment_state, "paid")
        self.deliver(sale_order, BOWL_STONE=1)
        self.drain()
        self.assertEqual(len(sale_order.invoice_ids), 2)
        self.deliver(sale_order)
        self.drain()
        self.assertEqual(len(sale_order.invoice_ids), 3)
        self.assertAlmostEqual(
            sum(sale_order.invoice_ids.mapped("amount_untaxed")),
            sale_order.amount_untaxed,
        )
        self.assertPaid(order)

    def test_parts_of_a_discounted_line_sum_to_it_with_odoos_taxes(self):
        """A third of 37.42 is no whole number of cents."""
        self.instance.single_invoice = False
        self.workflow.register_payment = False
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[{**MUG, "quantity": 3, "discount": "0.08"}])
        sale_order = order.sale_order_id
        for number in (1, 2, 3):
            self.deliver(sale_order, MUG_ENAMEL=1)
            self.drain()
            self.assertEqual(len(sale_order.invoice_ids), number)
        self.assertDone(order)
        self.assertEqual(set(sale_order.invoice_ids.mapped("state")), {"posted"})
        self.assertAlmostEqual(
            sum(sale_order.invoice_ids.mapped("amount_untaxed")), 37.42
        )

    def test_what_was_cancelled_at_the_delivery_is_not_waited_for(self):
        order = self.import_order(lines=[MUG, BOWL])
        sale_order = order.sale_order_id
        self.deliver(sale_order, BOWL_STONE=1, MUG_ENAMEL=1)
        sale_order.picking_ids.filtered(
            lambda picking: picking.state != "done"
        ).action_cancel()
        self.process(order)
        self.assertEqual(len(sale_order.invoice_ids), 1)
        self.assertEqual(sale_order.invoice_ids.payment_state, "paid")

    def test_the_rest_is_invoiced_after_a_part_that_a_person_invoiced(self):
        self.set_policy("order", "BOWL-STONE")
        order = self.import_order(lines=[MUG, BOWL])
        sale_order = order.sale_order_id
        by_hand = sale_order._create_invoices()
        by_hand.action_post()
        self.drain()
        self.deliver(sale_order)
        self.drain()
        self.assertEqual(len(sale_order.invoice_ids), 2)
        self.assertPaid(order)


@tagged("post_install", "-at_install")
class TestCertificates(WorkflowCase):
    """As lines of the order; as payments see test_order_payments."""

    def test_one_invoice_is_worth_what_is_due(self):
        order = self.import_order(
            lines=[BOWL], gift_certificate="20.00", store_credit="5.25"
        )
        self.assertPaid(order)
        invoice = order.sale_order_id.invoice_ids
        self.assertEqual(invoice.amount_total, order.sale_order_id.amount_total)

    def test_an_order_wholly_paid_by_certificate_needs_no_payment(self):
        total = self.import_order(lines=[BOWL]).amount_total
        order = self.import_order(lines=[BOWL], gift_certificate=str(total))
        invoices = order.sale_order_id.invoice_ids
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertFalse(any(invoices.mapped("amount_residual")))

    def test_in_parts_they_come_last(self):
        self.instance.single_invoice = False
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[MUG, BOWL], gift_certificate="5.00")
        sale_order = order.sale_order_id
        first = sale_order.invoice_ids
        self.assertEqual(first.invoice_line_ids.product_id.default_code, "BOWL-STONE")
        self.assertEqual(first.payment_state, "paid")
        self.deliver(sale_order)
        self.drain()
        last = sale_order.invoice_ids - first
        self.assertEqual(len(last.invoice_line_ids), 2)
        self.assertPaid(order)

    def test_a_last_part_below_zero_is_a_credit_note_for_the_others(self):
        self.instance.single_invoice = False
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[MUG, BOWL], gift_certificate="30.00")
        sale_order = order.sale_order_id
        first = sale_order.invoice_ids
        self.assertEqual(first.payment_state, "partial")
        self.assertEqual(
            first.matched_payment_ids.amount, round(sale_order.amount_total, 2)
        )
        self.deliver(sale_order)
        self.drain()
        last = sale_order.invoice_ids - first
        self.assertEqual(last.move_type, "out_refund")
        self.assertPaid(order)
        self.assertEqual(len(first.matched_payment_ids), 1)

    def test_a_first_part_below_zero_waits(self):
        self.instance.single_invoice = False
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[MUG], gift_certificate="2.00")
        self.assertFalse(order.sale_order_id.invoice_ids)
        self.assertDone(order)
        self.deliver(order.sale_order_id)
        self.drain()
        self.assertPaid(order)


@tagged("post_install", "-at_install")
class TestStartedAgain(WorkflowCase):
    def test_by_a_changed_payment_status(self):
        self.line.payment_status = "captured"
        waits = self.workflow.copy(
            {
                "create_invoice": False,
                "validate_invoice": False,
                "register_payment": False,
            }
        )
        self.add_line(waits)
        order = self.import_order(lines=[MUG], payment_status="pending")
        self.assertEqual(order.sale_order_id.state, "sale")
        self.assertFalse(order.sale_order_id.invoice_ids)
        self.store.patch(f"v2/orders/{order.bc_id}", payment_status="captured")
        self.import_orders()
        self.assertPaid(order)

    def wait(self):
        """Let orders wait that nobody has a line for."""
        self.line.unlink()

    def test_by_a_changed_payment_method(self):
        self.wait()
        waiting = self.import_order(lines=[MUG], payment_method="Test Gateway")
        gateway = self.env["bigcommerce.payment.gateway"]._find_or_create(
            self.instance, ["PayPal"]
        )["PayPal"]
        self.add_line(self.workflow, gateway_id=gateway.id)
        self.drain()
        self.assertEqual(waiting.sale_order_id.state, "draft")
        self.store.patch(f"v2/orders/{waiting.bc_id}", payment_method="PayPal")
        self.import_orders()
        self.assertPaid(waiting)

    def test_by_a_status_that_wants_it_again(self):
        self.wait()
        order = self.import_order(lines=[MUG])
        path = f"v2/orders/{order.bc_id}"
        self.store.patch(path, status_id=5, status="Cancelled")
        self.import_orders()
        self.add_line(self.workflow)
        self.drain()
        self.assertDone(order)
        self.assertEqual(order.sale_order_id.state, "cancel")
        self.store.patch(path, status_id=11, status="Awaiting Fulfillment")
        self.import_orders()
        self.assertPaid(order)

    def test_by_an_order_that_is_no_longer_archived(self):
        self.wait()
        order = self.import_order(lines=[MUG])
        path = f"v2/orders/{order.bc_id}"
        self.store.patch(path, is_deleted=True)
        self.import_orders()
        self.add_line(self.workflow)
        self.drain()
        self.assertDone(order)
        self.assertEqual(order.sale_order_id.state, "cancel")
        self.store.patch(path, is_deleted=False)
        self.import_orders()
        self.assertPaid(order)

    def test_by_a_delivered_quantity_that_somebody_enters(self):
        mug = self.env["product.product"].search([("default_code", "=", "MUG-ENAMEL")])
        mug.write({"type": "service", "invoice_policy": "delivery"})
        order = self.import_order(lines=[MUG])
        self.assertFalse(order.sale_order_id.invoice_ids)
        order.sale_order_id.order_line.qty_delivered = 1
        self.drain()
        self.assertPaid(order)

    def test_by_a_delivery_that_is_done(self):
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[MUG])
        user = self.create_user("keeper", "stock.group_stock_user")
        self.deliver(order.sale_order_id.with_user(user).sudo())
        self.drain()
        self.assertPaid(order)

    def test_by_an_invoice_that_a_person_validates(self):
        self.workflow.validate_invoice = False
        order = self.import_order(lines=[MUG])
        user = self.create_user("keeper", "account.group_account_invoice")
        order.sale_order_id.invoice_ids.with_user(user).action_post()
        self.drain()
        self.assertPaid(order)

    def test_by_an_invoice_paid_by_hand(self):
        self.workflow.register_payment = False
        order = self.import_order(lines=[MUG])
        before = self.get_lines("process_orders")
        invoice = order.sale_order_id.invoice_ids
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.drain()
        self.assertTrue(self.get_lines("process_orders") - before)
        self.assertPaid(order)

    def test_by_a_release(self):
        order = self.import_order(lines=[MUG], unexplained="-1.00")
        order.action_release()
        self.drain()
        self.assertDone(order)
        payments = order.sale_order_id.invoice_ids.matched_payment_ids
        self.assertEqual(payments.amount, order.amount_total)

    def test_by_a_confirmation_by_hand_of_a_corrected_order(self):
        taxes = [{"name": "More", "rate": "20"}]
        order = self.import_order(lines=[MUG], unexplained="1.00", taxes=taxes)
        order.sale_order_id.order_line[0].price_unit += 1
        order.sale_order_id.action_confirm()
        self.drain()
        self.assertEqual(order.state, "imported")
        self.assertPaid(order)

    def test_by_a_new_line(self):
        self.line.unlink()
        order = self.import_order(lines=[MUG])
        self.assertStopped(order, "no_workflow_line")
        self.add_line(self.workflow)
        self.drain()
        self.assertPaid(order)

    def test_by_a_payment_journal(self):
        self.workflow.payment_journal_id = False
        order = self.import_order(lines=[MUG])
        message = self.assertStopped(order, "no_payment_journal")
        self.assertIn(self.workflow.name, message)
        self.workflow.payment_journal_id = self.journal
        self.drain()
        self.assertPaid(order)

    def test_by_nothing_that_it_does_itself(self):
        self.import_order(lines=[MUG])
        self.assertEqual(len(self.get_lines("process_orders")), 1)
        self.assertEqual(
            self.env["bigcommerce.queue.job"].search_count(
                [("operation", "=", "process_orders")]
            ),
            1,
        )

    def test_not_by_orders_of_others(self):
        sale_order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Other"}).id,
                "order_line": [
                    (0, 0, {"product_id": self.instance.custom_product_id.id})
                    if self.instance.custom_product_id
                    else (0, 0, {"name": "Note", "display_type": "line_note"})
                ],
            }
        )
        sale_order.action_confirm()
        self.assertFalse(
            self.env["bigcommerce.queue.job"].search(
                [("operation", "=", "process_orders")]
            )
        )


@tagged("post_install", "-at_install")
class TestByHand(WorkflowCase):
    """What a person has done meanwhile is respected."""

    def setUp(self):
        super().setUp()
        self.line.unlink()
        self.order = self.import_order(lines=[MUG, BOWL])
        self.sale_order = self.order.sale_order_id
        self.user = self.create_user(
            "anybody", "sales_team.group_sale_manager", "account.group_account_invoice"
        )

    def go_on(self):
        self.add_line(self.workflow)
        self.drain()

    def test_an_order_confirmed_by_hand_goes_on_to_its_payment(self):
        self.sale_order.with_user(self.user).action_confirm()
        self.go_on()
        self.assertPaid(self.order)

    def test_an_invoice_in_draft_is_left_to_who_made_it(self):
        self.sale_order.action_confirm()
        invoice = self.sale_order.with_user(self.user)._create_invoices()
        self.go_on()
        self.assertDone(self.order)
        self.assertEqual(self.sale_order.invoice_ids, invoice.sudo())
        if invoice.create_uid == self.user:
            self.assertEqual(invoice.state, "draft")

    def test_a_validated_invoice_is_paid(self):
        self.sale_order.action_confirm()
        invoice = self.sale_order.with_user(self.user)._create_invoices()
        invoice.action_post()
        self.go_on()
        self.assertEqual(self.sale_order.invoice_ids, invoice.sudo())
        self.assertPaid(self.order)

    def test_a_payment_made_by_hand_is_not_made_again(self):
        self.sale_order.action_confirm()
        invoice = self.sale_order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.go_on()
        self.assertPaid(self.order)
        self.assertEqual(len(invoice.matched_payment_ids), 1)

    def test_the_rest_of_a_payment_made_by_hand_is_paid(self):
        self.sale_order.action_confirm()
        invoice = self.sale_order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": 10})._create_payments()
        self.go_on()
        self.assertPaid(self.order)
        self.assertEqual(
            sum(invoice.matched_payment_ids.mapped("amount")), invoice.amount_total
        )

    def test_an_invoice_of_several_orders_is_left_to_who_made_it(self):
        other = self.import_order(lines=[MUG])
        orders = self.sale_order | other.sale_order_id
        orders.action_confirm()
        invoice = orders._create_invoices()
        self.assertEqual(len(invoice), 1)
        invoice.action_post()
        self.go_on()
        self.assertDone(self.order)
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(orders.invoice_ids, invoice)

    def test_a_cancelled_invoice_is_not_made_anew(self):
        self.go_on()
        invoice = self.sale_order.invoice_ids
        invoice.matched_payment_ids.action_cancel()
        invoice.button_draft()
        invoice.button_cancel()
        self.drain()
        self.process(self.order)
        self.assertEqual(self.sale_order.invoice_ids, invoice)


@tagged("post_install", "-at_install")
class TestTrouble(WorkflowCase):
    def import_three(self):
        ids = [self.place_order(lines=[MUG]) for _time in range(3)]
        self.import_orders()
        return [self.get_order(bc_id) for bc_id in ids]

    def refuse(self, model, method, *orders):
        """Let a method of Odoo's refuse these sale orders."""
        original = getattr(self.registry[model], method)

        def refusing(records, *args, **options):
            theirs = getattr(records, "order_id", records)
            if theirs & self.env["sale.order"].browse([o.id for o in orders]):
                raise ValidationError(self.env._("Never."))
            return original(records, *args, **options)

        self.patch(self.registry[model], method, refusing)

    def test_one_that_odoo_refuses_stops_no_other(self):
        self.line.unlink()
        orders = self.import_three()
        self.refuse("sale.order", "_create_invoices", orders[1].sale_order_id)
        self.add_line(self.workflow)
        self.drain()
        self.assertPaid(orders[0])
        self.assertPaid(orders[2])
        message = self.assertStopped(orders[1], "workflow_step_refused")
        self.assertEqual(message, "Create Invoice: Never.")
        # What was done before stays done.
        self.assertEqual(orders[1].sale_order_id.state, "sale")

    def test_an_invoice_that_does_not_sum_to_its_order_stays_a_draft(self):
        self.patch(
            order_invoices, "explain_invoice_difference", lambda order: "One cent."
        )
        order = self.import_order(lines=[MUG])
        self.assertEqual(self.assertStopped(order, "total_differs"), "One cent.")
        self.assertEqual(order.sale_order_id.invoice_ids.state, "draft")

    def test_an_archived_sales_journal_stops_the_order_until_it_is_back(self):
        journal = self.env["account.journal"].create(
            {"name": "Web Sales", "code": "WEB", "type": "sale"}
        )
        self.workflow.sale_journal_id = journal
        journal.active = False
        order = self.import_order(lines=[MUG])
        message = self.assertStopped(order, "workflow_step_refused")
        self.assertIn("archived journal", message)
        journal.active = True
        self.get_line(order).action_retry()
        self.drain()
        self.assertPaid(order)

    def test_an_archived_payment_journal_stops_the_order_with_its_cause(self):
        self.journal.active = False
        order = self.import_order(lines=[MUG])
        self.assertStopped(order, "no_payment_journal")
        self.assertEqual(order.sale_order_id.invoice_ids.state, "posted")

    def test_a_journal_without_incoming_payments_stops_the_order(self):
        self.journal.inbound_payment_method_line_ids.unlink()
        order = self.import_order(lines=[MUG])
        self.assertStopped(order, "no_payment_journal")

    def test_an_archived_account_stops_the_order_in_odoos_words(self):
        account = (
            self.env["product.product"]
            .search([("default_code", "=", "MUG-ENAMEL")])
            ._get_product_accounts()["income"]
        )
        self.line.unlink()
        order = self.import_order(lines=[MUG])
        account.active = False
        self.add_line(self.workflow)
        self.drain()
        self.assertIn("is archived", self.assertStopped(order, "workflow_step_refused"))
        self.assertEqual(order.sale_order_id.invoice_ids.state, "draft")
        account.active = True
        self.get_line(order).action_retry()
        self.drain()
        self.assertPaid(order)

    def test_a_journal_of_another_company_cannot_be_chosen(self):
        company = self.env["res.company"].create({"name": "Other"})
        journal = self.env["account.journal"].create(
            {"name": "Other", "code": "OTH", "type": "bank", "company_id": company.id}
        )
        with self.assertRaisesRegex(UserError, "compan"):
            self.workflow.payment_journal_id = journal
            self.env.flush_all()

    def test_a_method_of_another_journal_cannot_be_chosen(self):
        other = self.create_journal("Other", "OTHR")
        with self.assertRaisesRegex(ValidationError, "no incoming payment method"):
            self.workflow.payment_method_line_id = (
                other.inbound_payment_method_line_ids[0]
            )

    def test_a_manager_of_the_connector_sets_up_a_workflow(self):
        manager = self.create_user(
            "manager", "bigcommerce_connector.bigcommerce_group_manager"
        )
        journals = self.env["account.journal"].with_user(manager)
        found = journals.name_search("Gateway")
        self.assertIn(self.journal.id, [journal_id for journal_id, _name in found])
        with Form(self.env["bigcommerce.workflow"].with_user(manager)) as form:
            form.name = "Paid"
            form.create_invoice = True
            form.validate_invoice = True
            form.register_payment = True
            form.payment_journal_id = journals.browse(self.journal.id)
            form.payment_method_line_id = (
                form.payment_journal_id.inbound_payment_method_line_ids[0]
            )

    def test_the_form_forgets_the_method_of_the_former_journal(self):
        self.workflow.payment_method_line_id = (
            self.journal.inbound_payment_method_line_ids[0]
        )
        other = self.create_journal("Other", "OTHR")
        with Form(self.workflow) as form:
            form.payment_journal_id = other
        self.assertFalse(self.workflow.payment_method_line_id)


@tagged("post_install", "-at_install")
class TestKilled(WorkflowCase):
    """A worker that dies anywhere leaves nothing half done, nor to be done twice."""

    STEPS = (
        (PROCESS, "_confirm"),
        (INVOICES, "_create_due"),
        (INVOICES, "_validate_due"),
        (PAYMENTS, "_register_certificates"),
        (PAYMENTS, "_register_due"),
    )

    def kill_after(self, model, method):
        original = getattr(self.registry[model], method)
        deaths = []

        def killing(records, *args, **options):
            result = original(records, *args, **options)
            if not deaths:
                deaths.append(method)
                raise SystemExit
            return result

        self.patch(self.registry[model], method, killing)

    def test_a_worker_killed_after_any_step_leaves_one_invoice_and_payment(self):
        for model, method in self.STEPS:
            with self.subTest(method):
                bc_id = self.place_order(lines=[MUG])
                self.kill_after(model, method)
                self.instance._start("import_orders")
                self.drain_until_killed()
                order = self.get_order(bc_id)
                self.assertEqual(order.sale_order_id.state, "draft")
                self.let_time_pass()
                self.drain()
                self.assertPaid(order)
                self.assertEqual(len(order.sale_order_id.invoice_ids), 1)
                self.assertEqual(
                    len(order.sale_order_id.invoice_ids.matched_payment_ids), 1
                )
                self.assertLess(self.get_line(order).tries, MAX_TRIES)
                self.assertQueueIsSound()


@tagged("post_install", "-at_install")
class TestKilledProcesses(ProcessCase):
    """The same with real processes and real commits."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            # Odoo's own would leave open what the store has not taken.
            env["product.template"].search([("taxes_id", "!=", False)]).taxes_id = False
            env["res.company"].search([]).account_sale_tax_id = False
            journal = env["account.journal"].create(
                {"name": "Gateway", "code": "GATE", "type": "bank"}
            )
            workflow = env["bigcommerce.workflow"].create(
                {
                    "name": "Everything",
                    "create_invoice": True,
                    "validate_invoice": True,
                    "register_payment": True,
                    "payment_journal_id": journal.id,
                }
            )
            env["bigcommerce.workflow.line"].create(
                {"instance_id": self.instance_id, "workflow_id": workflow.id}
            )

    def test_each_order_has_one_invoice_and_one_payment(self):
        order_ids = self.place_orders(4)
        self.start("import_orders")
        for place in (
            dies("_create_due", INVOICES, after=True),
            dies("_register_due", PAYMENTS, after=True),
            dies("_apply_together", after=True, nth=2),
        ):
            self.work_until_killed(place)
        self.work_off(2)
        self.assertImported(order_ids)
        self.assertEqual(set(self.get_states("process_orders").values()), {"done"})
        with self.transaction() as env:
            for sale_order in env["sale.order"].search(
                [("client_order_ref", "in", order_ids)]
            ):
                invoice = sale_order.invoice_ids
                self.assertEqual(len(invoice), 1)
                self.assertEqual(invoice.payment_state, "paid")
                self.assertEqual(len(invoice.matched_payment_ids), 1)
