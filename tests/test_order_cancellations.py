"""What the store cancels, declines or archives is cancelled in Odoo, or asked about."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..sync.order_cancellations import ACTIVITY
from .test_order_holds import FULFILMENT, HoldCase
from .workflow_case import MUG

CANCELLED = {"status_id": 5, "status": "Cancelled", "custom_status": "Cancelled"}
DECLINED = {"status_id": 6, "status": "Declined", "custom_status": "Declined"}
REFUNDED = {"status_id": 4, "status": "Refunded", "custom_status": "Refunded"}
COMPLETED = {"status_id": 10, "status": "Completed", "custom_status": "Completed"}
ARCHIVED = {"is_deleted": True}


class CancellationCase(HoldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Confirmed, and not invoiced before it is delivered.
        cls.env["product.product"].search(
            [("default_code", "=", "MUG-ENAMEL")]
        ).invoice_policy = "delivery"

    def confirm(self, **cart):
        order = self.import_order(**{"lines": [MUG], **cart})
        self.assertEqual(order.sale_order_id.state, "sale")
        return order

    def only_confirm(self):
        """Let people make the invoices."""
        self.workflow.write(
            {
                "create_invoice": False,
                "validate_invoice": False,
                "register_payment": False,
            }
        )

    def get_questions(self, order):
        """Return what people are asked about an order, also what they have answered."""
        return (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search(
                [
                    ("res_model", "=", "sale.order"),
                    ("res_id", "=", order.sale_order_id.id),
                    ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
                ]
            )
        )

    def get_notes(self, order):
        return " ".join(
            body for body in order.sale_order_id.message_ids.mapped("body") if body
        )

    def assertCancelled(self, order):
        self.assertDone(order)
        self.assertEqual(order.sale_order_id.state, "cancel")
        self.assertEqual(order.store_cancellation, "cancelled")
        self.assertFalse(self.get_questions(order))

    def assertAsked(self, order, *words):
        """One open question; nothing was done."""
        self.assertDone(order)
        question = self.get_questions(order)
        self.assertEqual(len(question), 1)
        self.assertTrue(question.active)
        self.assertNotEqual(order.sale_order_id.state, "cancel")
        self.assertEqual(order.store_cancellation, "asked")
        for word in words:
            self.assertIn(word, f"{question.summary} {question.note}")
        return question


@tagged("post_install", "-at_install")
class TestGivenUp(CancellationCase):
    def test_a_confirmed_order_is_cancelled_with_its_delivery(self):
        for change, word in (
            (CANCELLED, "Cancelled"),
            (DECLINED, "Declined"),
            (ARCHIVED, "Archived"),
        ):
            with self.subTest(word):
                order = self.confirm()
                self.change(order, **change)
                self.assertCancelled(order)
                self.assertEqual(order.sale_order_id.picking_ids.state, "cancel")
                self.assertIn(word, self.get_notes(order))

    def test_a_quotation_is_cancelled(self):
        self.line.unlink()
        order = self.import_order(lines=[MUG])
        self.change(order, **CANCELLED)
        self.assertCancelled(order)

    def test_a_held_order_is_cancelled_and_held_no_more(self):
        order = self.import_order(lines=[MUG], unexplained="0.50")
        self.assertEqual(order.state, "held")
        self.change(order, **CANCELLED)
        self.assertCancelled(order)
        self.assertFree(order)

    def test_several_at_once_are_each_cancelled_or_asked_about(self):
        first, second, third = (self.confirm() for _time in range(3))
        self.deliver(second.sale_order_id)
        for order in (first, second):
            self.store.patch(f"v2/orders/{order.bc_id}", **CANCELLED)
        self.import_orders()
        self.assertCancelled(first)
        self.assertAsked(second)
        self.assertEqual(third.sale_order_id.state, "sale")

    def test_it_needs_no_network_and_nothing_is_sent(self):
        order = self.confirm()
        self.change(order, **CANCELLED)
        self.assertCancelled(order)
        self.assertFalse(self.get_lines("export_cancellations"))
        self.assertNotIn(
            "PUT", {request["method"] for request in self.store.get_requests()}
        )
        self.assertFalse(order.sale_order_id.bigcommerce_may_cancel)

    def test_a_refunded_order_is_not_cancelled(self):
        order = self.confirm()
        self.change(order, **REFUNDED)
        self.assertEqual(order.sale_order_id.state, "sale")
        self.assertFalse(self.get_questions(order))

    def test_who_selects_such_a_status_wants_it_all_the_same(self):
        self.select("5")
        order = self.confirm()
        self.change(order, **CANCELLED)
        self.assertEqual(order.sale_order_id.state, "sale")
        self.assertFalse(self.get_questions(order))

    def test_a_draft_invoice_is_cancelled_as_odoo_does(self):
        self.set_policy("order", "MUG-ENAMEL")
        self.workflow.validate_invoice = False
        order = self.confirm()
        invoice = order.sale_order_id.invoice_ids
        self.assertEqual(invoice.state, "draft")
        self.change(order, **CANCELLED)
        self.assertCancelled(order)
        self.assertEqual(invoice.state, "cancel")

    def test_what_happened_while_the_store_was_not_open_is_made_up_for(self):
        order = self.confirm()
        order.write(
            {
                "status_id": self.env["bigcommerce.order.status"]
                ._find(self.instance, ["5"])["5"]
                .id,
                "status": "Cancelled",
            }
        )
        self.run_operation(self.instance, "process_orders")
        self.assertCancelled(order)

    def test_the_daily_run_leaves_settled_ones_alone(self):
        cancelled, asked, put_away, reopened = (self.confirm() for _time in range(4))
        self.deliver(asked.sale_order_id)
        self.change(cancelled, **CANCELLED)
        self.change(asked, **CANCELLED)
        self.change(put_away, **COMPLETED, **ARCHIVED)
        self.change(reopened, **CANCELLED)
        reopened.sale_order_id.action_draft()
        self.drain()
        cancellations = self.env["bigcommerce.order.cancellations"]
        self.assertFalse(
            self.env["bigcommerce.order"].search(cancellations._get_unsettled_domain())
        )

    def test_what_odoo_refuses_says_so_in_the_queue(self):
        order = self.confirm()

        def refuse(orders):
            raise UserError(self.env._("Never."))

        self.patch(self.registry["sale.order"], "action_cancel", refuse)
        self.change(order, **CANCELLED)
        message = self.assertStopped(order, "workflow_step_refused")
        self.assertEqual(message, "Cancel Order: Never.")
        self.assertFalse(order.store_cancellation)


@tagged("post_install", "-at_install")
class TestAsked(CancellationCase):
    def test_a_delivered_order_is_asked_about(self):
        order = self.confirm()
        self.deliver(order.sale_order_id)
        self.change(order, **CANCELLED)
        self.assertAsked(
            order,
            "Cancelled",
            order.sale_order_id.picking_ids.filtered(
                lambda picking: picking.state == "done"
            ).name,
        )

    def test_a_partly_delivered_order_is_asked_about(self):
        order = self.confirm(lines=[{**MUG, "quantity": 3}])
        self.deliver(order.sale_order_id, MUG_ENAMEL=1)
        self.change(order, **CANCELLED)
        self.assertAsked(order)
        self.assertIn(
            "assigned",
            [
                {"confirmed": "assigned"}.get(state, state)
                for state in order.sale_order_id.picking_ids.mapped("state")
            ],
        )

    def test_a_delivery_that_came_back_is_asked_about(self):
        order = self.confirm()
        self.deliver(order.sale_order_id)
        picking = order.sale_order_id.picking_ids
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.write({"quantity": 1, "picked": True})
        back.button_validate()
        self.assertEqual(order.sale_order_id.order_line.mapped("qty_delivered"), [0.0])
        self.change(order, **CANCELLED)
        self.assertAsked(order, "Transfers are done")

    def test_an_invoiced_order_is_asked_about(self):
        self.set_policy("order", "MUG-ENAMEL")
        order = self.confirm()
        self.assertPaid(order)
        self.change(order, **CANCELLED)
        self.assertAsked(order, order.sale_order_id.invoice_ids.name)

    def test_an_invoice_that_once_had_its_number_is_asked_about(self):
        self.set_policy("order", "MUG-ENAMEL")
        self.workflow.register_payment = False
        order = self.confirm()
        order.sale_order_id.invoice_ids.button_draft()
        self.change(order, **CANCELLED)
        self.assertAsked(order)
        self.assertEqual(order.sale_order_id.invoice_ids.state, "draft")

    def test_a_draft_invoice_of_several_orders_is_asked_about(self):
        self.only_confirm()
        self.set_policy("order", "MUG-ENAMEL")
        first, second = (self.confirm() for _time in range(2))
        second.sale_order_id.partner_invoice_id = first.sale_order_id.partner_invoice_id
        second.sale_order_id.partner_id = first.sale_order_id.partner_id
        invoice = (first.sale_order_id | second.sale_order_id)._create_invoices()
        self.assertEqual(len(invoice), 1)
        self.change(first, **CANCELLED)
        self.assertAsked(first)
        self.assertEqual(invoice.state, "draft")

    def test_a_down_payment_is_asked_about(self):
        self.only_confirm()
        order = self.confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": order.sale_order_id.ids,
                "advance_payment_method": "percentage",
                "amount": 50,
            }
        )
        wizard._create_invoices(order.sale_order_id).action_post()
        self.change(order, **CANCELLED)
        self.assertAsked(order)

    def test_a_locked_order_is_asked_about(self):
        order = self.confirm()
        order.sale_order_id.action_lock()
        self.change(order, **CANCELLED)
        self.assertAsked(order, "locked")

    def test_what_the_store_has_shipped_is_asked_about(self):
        order = self.confirm(lines=[{**MUG, "quantity": 2}])
        (line,) = self.store.control("GET", f"v2/orders/{order.bc_id}/products")
        self.store.patch(
            f"v2/orders/{order.bc_id}/products/{line['id']}", quantity_shipped=1
        )
        self.change(order, **CANCELLED)
        self.assertAsked(order, "shipped")

    def test_downloads_and_shipping_are_not_delivered_by_anybody(self):
        self.only_confirm()
        order = self.confirm(lines=[MUG, {"sku": "PLANNER-PDF"}], shipping=["5.00"])
        self.assertTrue(any(order.sale_order_id.order_line.mapped("qty_delivered")))
        self.change(order, **CANCELLED)
        self.assertCancelled(order)

    def test_what_a_person_says_is_delivered(self):
        self.only_confirm()
        mug = self.env["product.product"].search([("default_code", "=", "MUG-ENAMEL")])
        mug.type = "service"
        order = self.confirm()
        order.sale_order_id.order_line.qty_delivered = 1
        self.change(order, **CANCELLED)
        self.assertAsked(order, "delivered")

    def test_the_salesperson_is_asked(self):
        seller = self.create_user("seller", "sales_team.group_sale_salesman_all_leads")
        order = self.confirm()
        order.sale_order_id.user_id = seller
        self.deliver(order.sale_order_id)
        self.change(order, **CANCELLED)
        self.assertEqual(self.assertAsked(order).user_id, seller)

    def test_without_a_salesperson_the_store_s_or_a_manager_is_asked(self):
        seller = self.create_user("seller", "sales_team.group_sale_salesman_all_leads")
        gone = new_test_user(self.env, "gone", "base.group_user")
        order = self.confirm()
        order.sale_order_id.user_id = gone
        record = order
        person = self.env["bigcommerce.order.cancellations"]._find_person
        self.instance.user_id = seller
        self.assertEqual(person(record), seller)
        seller.active = False
        self.assertTrue(person(record).has_group("sales_team.group_sale_salesman"))
        self.assertEqual(person(record), self.instance._get_manager())

    def test_it_is_asked_once_and_the_question_follows_the_store(self):
        order = self.confirm()
        self.deliver(order.sale_order_id)
        self.change(order, **CANCELLED)
        question = self.assertAsked(order, "Cancelled")
        self.change(order, **DECLINED)
        self.assertEqual(self.assertAsked(order, "Declined"), question)
        self.change(order, staff_notes="Nothing of it.")
        self.process(order)
        self.assertEqual(self.assertAsked(order), question)

    def test_who_has_answered_is_not_asked_again(self):
        order = self.confirm()
        self.deliver(order.sale_order_id)
        self.change(order, **CANCELLED)
        self.assertAsked(order).action_feedback()
        self.change(order, **CANCELLED, **ARCHIVED)
        self.process(order)
        self.assertFalse(self.get_questions(order).filtered("active"))

    def test_what_is_asked_already_is_not_written_again(self):
        order = self.confirm()
        self.deliver(order.sale_order_id)
        self.change(order, **CANCELLED)
        self.assertAsked(order)
        written_on = order.write_date
        self.process(order)
        self.assertAsked(order)
        self.assertEqual(order.write_date, written_on)

    def test_it_ends_when_the_store_takes_it_back_and_comes_with_the_next_time(self):
        order = self.confirm()
        self.deliver(order.sale_order_id)
        self.only_confirm()
        self.change(order, **CANCELLED)
        self.assertAsked(order)
        self.change(order, **FULFILMENT)
        self.assertFalse(self.get_questions(order).filtered("active"))
        self.assertFalse(order.store_cancellation)
        self.assertIn("goes on", self.get_notes(order))
        self.change(order, **CANCELLED)
        self.assertEqual(len(self.get_questions(order).filtered("active")), 1)

    def test_it_ends_when_somebody_cancels_the_order(self):
        order = self.confirm()
        order.sale_order_id.action_lock()
        self.change(order, **CANCELLED)
        self.assertAsked(order)
        user = self.create_user("other", "sales_team.group_sale_salesman_all_leads")
        sale_order = order.sale_order_id.with_user(user)
        order.sale_order_id.action_unlock()
        sale_order.action_cancel()
        self.assertFalse(self.get_questions(order).filtered("active"))

    def test_what_is_asked_is_left_to_people(self):
        """Also when nothing would be in the way any more."""
        order = self.confirm()
        order.sale_order_id.action_lock()
        self.change(order, **CANCELLED)
        order.sale_order_id.action_unlock()
        self.process(order)
        self.assertEqual(order.sale_order_id.state, "sale")
        self.assertAsked(order)


@tagged("post_install", "-at_install")
class TestArchived(CancellationCase):
    def test_what_is_done_there_has_been_put_away(self):
        order = self.confirm()
        self.change(order, **COMPLETED, **ARCHIVED)
        self.assertEqual(order.sale_order_id.state, "sale")
        self.assertFalse(self.get_questions(order))
        self.deliver(order.sale_order_id)
        self.drain()
        self.assertPaid(order)

    def test_what_is_done_here_has_been_put_away(self):
        order = self.confirm()
        self.deliver(order.sale_order_id)
        self.drain()
        self.assertPaid(order)
        self.change(order, **ARCHIVED)
        self.assertFalse(self.get_questions(order))
        self.assertEqual(order.sale_order_id.state, "sale")

    def test_a_quotation_of_an_order_put_away_is_neither_begun_nor_cancelled(self):
        self.line.unlink()
        order = self.import_order(lines=[MUG])
        self.change(order, **COMPLETED, **ARCHIVED)
        self.add_line(self.workflow)
        self.drain()
        self.assertEqual(order.sale_order_id.state, "draft")

    def test_what_is_half_done_is_asked_about(self):
        order = self.confirm(lines=[{**MUG, "quantity": 2}])
        self.deliver(order.sale_order_id, MUG_ENAMEL=1)
        self.change(order, **ARCHIVED)
        self.assertAsked(order, "Archived")


@tagged("post_install", "-at_install")
class TestTakenBack(CancellationCase):
    def test_the_order_is_a_quotation_again_and_goes_on(self):
        order = self.confirm()
        self.change(order, **DECLINED)
        self.assertCancelled(order)
        self.change(order, **FULFILMENT)
        self.assertEqual(order.sale_order_id.state, "sale")
        self.assertFalse(order.store_cancellation)
        self.assertIn("goes on", self.get_notes(order))
        self.deliver(order.sale_order_id)
        self.drain()
        self.assertPaid(order)

    def test_an_order_that_was_archived_goes_on_too(self):
        order = self.confirm()
        self.change(order, **ARCHIVED)
        self.assertCancelled(order)
        self.change(order, is_deleted=False)
        self.assertEqual(order.sale_order_id.state, "sale")

    def test_where_nothing_confirms_it_somebody_is_asked(self):
        order = self.confirm()
        self.line.unlink()
        self.change(order, **CANCELLED)
        self.change(order, **FULFILMENT)
        self.assertEqual(order.sale_order_id.state, "draft")
        question = self.get_questions(order)
        self.assertIn("goes on", question.summary)
        self.change(order, **CANCELLED)
        self.assertEqual(order.sale_order_id.state, "cancel")
        self.assertFalse(self.get_questions(order).filtered("active"))

    def test_what_had_an_invoice_is_asked_about(self):
        self.set_policy("order", "MUG-ENAMEL")
        self.workflow.validate_invoice = False
        order = self.confirm()
        self.change(order, **CANCELLED)
        self.change(order, **FULFILMENT)
        self.assertEqual(order.sale_order_id.state, "cancel")
        self.assertEqual(order.store_cancellation, "taken_back")
        self.assertEqual(len(self.get_questions(order)), 1)
        self.process(order)
        self.assertEqual(len(self.get_questions(order)), 1)
        order.sale_order_id.action_draft()
        self.assertFalse(self.get_questions(order).filtered("active"))

    def test_to_a_doubtful_status_it_is_held(self):
        order = self.confirm()
        self.change(order, **CANCELLED)
        self.change(order, status_id=13, status="Disputed", custom_status="Disputed")
        self.assertEqual(order.sale_order_id.state, "draft")
        self.assertHeld(order, "disputed")

    def test_what_is_refunded_afterwards_stays_cancelled(self):
        order = self.confirm()
        self.change(order, **CANCELLED)
        self.change(order, **REFUNDED)
        self.assertCancelled(order)

    def test_what_is_refunded_in_part_afterwards_stays_cancelled(self):
        order = self.confirm()
        self.change(order, **CANCELLED)
        self.change(order, status_id=14, status="Partially Refunded")
        self.assertCancelled(order)

    def test_what_a_person_opens_again_that_both_had_cancelled_goes_on(self):
        order = self.confirm()
        order.sale_order_id.action_cancel()
        self.change(order, **CANCELLED)
        order.sale_order_id.action_draft()
        order.sale_order_id.action_confirm()
        self.run_operation(self.instance, "process_orders")
        self.assertEqual(order.sale_order_id.state, "sale")
        pickings = order.sale_order_id.picking_ids
        self.assertTrue(pickings.filtered(lambda picking: picking.state != "cancel"))

    def test_what_a_person_cancelled_stays_so_while_the_store_goes_on(self):
        order = self.confirm()
        order.sale_order_id.action_cancel()
        self.change(order, status_id=9, status="Awaiting Shipment")
        self.change(order, **CANCELLED)
        self.change(order, **FULFILMENT)
        self.assertEqual(order.sale_order_id.state, "cancel")
        self.assertFalse(order.store_cancellation)
        self.assertFalse(self.get_questions(order))

    def test_what_a_person_opened_again_is_not_cancelled_again(self):
        order = self.confirm()
        self.change(order, **CANCELLED)
        order.sale_order_id.action_draft()
        self.process(order)
        self.change(order, **DECLINED)
        self.assertEqual(order.sale_order_id.state, "draft")
        order.sale_order_id.action_cancel()
        self.change(order, **FULFILMENT)
        self.assertEqual(order.sale_order_id.state, "cancel")
        self.assertEqual(len(self.get_questions(order)), 1)
