"""Disputed orders, and those to be verified, are held until somebody releases them."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .workflow_case import MUG, WorkflowCase

DISPUTED = {"status_id": 13, "status": "Disputed", "custom_status": "Disputed"}
VERIFICATION = {
    "status_id": 12,
    "status": "Manual Verification Required",
    "custom_status": "Manual Verification Required",
}
FULFILMENT = {
    "status_id": 11,
    "status": "Awaiting Fulfillment",
    "custom_status": "Awaiting Fulfillment",
}
USER = "bigcommerce_connector.bigcommerce_group_user"


class HoldCase(WorkflowCase):
    def select(self, *status_ids):
        """Let orders in these statuses be imported as well."""
        statuses = self.env["bigcommerce.order.status"]
        self.instance.order_status_ids |= statuses.concat(
            *statuses._find(self.instance, status_ids).values()
        )

    def change(self, order, **fields):
        """Let the store change an order, and take it over."""
        self.store.patch(f"v2/orders/{order.bc_id}", **fields)
        self.import_orders()

    def assertHeld(self, order, reason):
        self.assertEqual((order.state, order.reason_code), ("held", reason))
        self.assertTrue(order.reason_message)

    def assertFree(self, order):
        self.assertEqual(
            (order.state, order.reason_code, order.reason_message),
            ("imported", False, False),
        )


@tagged("post_install", "-at_install")
class TestHolds(HoldCase):
    def test_a_selected_order_in_such_a_status_is_imported_and_held(self):
        self.select("12", "13")
        for status, reason in ((12, "verification"), (13, "disputed")):
            with self.subTest(reason=reason):
                order = self.import_order(lines=[MUG], status=status)
                self.assertHeld(order, reason)
                self.assertEqual(order.sale_order_id.state, "draft")

    def test_one_that_is_not_selected_is_not_imported(self):
        order = self.import_order(lines=[MUG], status=13)
        self.assertEqual((order.state, order.reason_code), ("not_selected", "status"))

    def test_it_cannot_be_confirmed(self):
        self.select("12", "13")
        for status, word in ((12, "verified"), (13, "disputed")):
            order = self.import_order(lines=[MUG], status=status)
            with self.subTest(word), self.assertRaises(UserError) as refusal:
                order.sale_order_id.action_confirm()
            self.assertIn(word, str(refusal.exception))

    def test_it_goes_on_by_itself_once_the_store_moves_it_on(self):
        self.select("12")
        order = self.import_order(lines=[MUG], status=12)
        self.change(order, **FULFILMENT)
        self.assertFree(order)
        self.assertPaid(order)

    def test_a_quotation_that_comes_to_be_disputed_is_held(self):
        self.line.unlink()
        order = self.import_order(lines=[MUG])
        self.assertFree(order)
        self.change(order, **DISPUTED)
        self.assertHeld(order, "disputed")
        self.add_line(self.workflow)
        self.drain()
        self.assertEqual(order.sale_order_id.state, "draft")

    def test_the_later_steps_of_a_confirmed_order_wait(self):
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.state, "sale")
        self.change(order, **DISPUTED)
        self.assertHeld(order, "disputed")
        self.deliver(order.sale_order_id)
        self.drain()
        self.process(order)
        self.assertFalse(order.sale_order_id.invoice_ids)
        order.action_release()
        self.drain()
        self.assertPaid(order)

    def test_one_held_order_holds_no_other(self):
        first, second = (self.import_order(lines=[MUG]) for _time in range(2))
        self.change(first, **DISPUTED)
        self.assertHeld(first, "disputed")
        self.assertFree(second)

    def test_a_change_of_the_status_s_kind_is_a_new_hold(self):
        order = self.import_order(lines=[MUG])
        self.change(order, **VERIFICATION)
        self.assertHeld(order, "verification")
        self.change(order, **DISPUTED)
        self.assertHeld(order, "disputed")

    def test_a_cancelled_order_is_not_held_and_is_again_as_a_quotation(self):
        self.select("13")
        order = self.import_order(lines=[MUG], status=13)
        order.sale_order_id.action_cancel()
        self.assertFree(order)
        order.sale_order_id.action_draft()
        self.assertHeld(order, "disputed")

    def test_a_database_from_before_learns_of_it_when_the_order_comes_by(self):
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[MUG])
        order.write(
            {"status_id": order.status_id._find(self.instance, ["13"])["13"].id}
        )
        self.process(order)
        self.assertHeld(order, "disputed")


@tagged("post_install", "-at_install")
class TestReleaseOfStatus(HoldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env, "plain_salesman", "sales_team.group_sale_salesman_all_leads"
        )
        cls.connector_user = new_test_user(cls.env, "connector_user", USER)

    def setUp(self):
        super().setUp()
        self.select("12", "13")

    def test_it_lets_the_order_go_on_and_leaves_a_trace(self):
        order = self.import_order(lines=[MUG], status=13)
        order.with_user(self.connector_user).action_release()
        self.assertFree(order)
        note = order.sale_order_id.message_ids.filtered(
            lambda message: "Released" in (message.body or "")
        )
        self.assertIn("disputed", note.body)
        self.assertEqual(note.author_id, self.connector_user.partner_id)
        self.drain()
        self.assertPaid(order)
        self.assertEqual(order.status_released_by_id, self.connector_user)
        self.assertFalse(order.released_by_id)

    def test_a_salesman_releases_nothing(self):
        order = self.import_order(lines=[MUG], status=13)
        with self.assertRaises(AccessError):
            order.with_user(self.salesman).action_release()
        self.assertHeld(order, "disputed")

    def test_it_lasts_as_long_as_the_status(self):
        order = self.import_order(lines=[MUG], status=13)
        order.action_release()
        self.change(order, staff_notes="Somebody wrote something.")
        self.assertFree(order)
        self.change(order, **VERIFICATION)
        self.assertHeld(order, "verification")
        self.change(order, **DISPUTED)
        self.assertHeld(order, "disputed")
        order.action_release()
        self.change(order, **FULFILMENT)
        self.assertFalse(order.status_released_by_id)
        self.change(order, **DISPUTED)
        self.assertHeld(order, "disputed")

    def test_it_does_not_release_the_total(self):
        order = self.import_order(lines=[MUG], status=13, unexplained="0.50")
        self.assertHeld(order, "disputed")
        order.action_release()
        self.assertHeld(order, "total_differs")
        self.drain()
        self.assertEqual(order.sale_order_id.state, "draft")
        order.action_release()
        self.assertFree(order)
        self.drain()
        self.assertEqual(order.sale_order_id.state, "sale")

    def test_a_released_total_does_not_release_the_status(self):
        order = self.import_order(lines=[MUG], unexplained="0.50")
        order.action_release()
        self.change(order, **DISPUTED)
        self.assertHeld(order, "disputed")

    def test_many_are_released_each_from_what_holds_it(self):
        disputed = self.import_order(lines=[MUG], status=13)
        differing = self.import_order(lines=[MUG], unexplained="0.50")
        (disputed | differing).action_release()
        self.assertFree(disputed)
        self.assertFree(differing)
        self.assertFalse(disputed.released_by_id)
        self.assertFalse(differing.released_status_id)

    def test_what_is_not_held_cannot_be_released(self):
        order = self.import_order(lines=[MUG], status=13)
        order.action_release()
        with self.assertRaises(UserError):
            order.action_release()


@tagged("post_install", "-at_install")
class TestHeldOnScreen(HoldCase):
    def test_order_and_delivery_say_so_to_plain_users(self):
        order = self.import_order(lines=[MUG])
        salesman = self.create_user(
            "seller", "sales_team.group_sale_salesman_all_leads"
        )
        # Odoo's own form reads what takes the second group.
        keeper = self.create_user(
            "keeper", "stock.group_stock_user", "base.group_partner_manager"
        )
        picking = order.sale_order_id.picking_ids.with_user(keeper)
        self.assertFalse(picking.bigcommerce_hold)
        self.change(order, **DISPUTED)
        self.assertEqual(picking.bigcommerce_hold, "disputed")
        Form(picking)
        form = Form(order.sale_order_id.with_user(salesman))
        self.assertEqual(form.bigcommerce_hold, "disputed")

    def test_a_held_delivery_can_be_validated(self):
        """People decide."""
        order = self.import_order(lines=[MUG])
        self.change(order, **DISPUTED)
        self.deliver(order.sale_order_id)
        self.assertEqual(order.sale_order_id.picking_ids.state, "done")

    def test_held_orders_are_found_by_their_reason(self):
        order = self.import_order(lines=[MUG])
        self.change(order, **DISPUTED)
        self.assertEqual(
            self.env["bigcommerce.order"].search([("reason_code", "=", "disputed")]),
            order,
        )
