"""An order that would not cost what the customer agreed to pay is held."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..sync.total_guard import explain_invoice_difference
from .common import OrderCase
from .test_order_taxes import TaxCase

MUG = {"sku": "MUG-ENAMEL"}  # 12.50


@tagged("post_install", "-at_install")
class TestTotalGuard(OrderCase):
    def assertHeld(self, order):
        self.assertEqual((order.state, order.reason_code), ("held", "total_differs"))
        self.assertEqual(order.sale_order_id.state, "draft")

    def assertImported(self, order):
        self.assertEqual((order.state, order.reason_message), ("imported", False))

    def include_taxes(self):
        self.env.company.account_sale_tax_id.price_include_override = "tax_included"

    def test_no_difference_is_none(self):
        self.assertImported(self.import_order(lines=[MUG], shipping=["8.50"]))

    def test_half_a_cent_per_line_is_rounding(self):
        order = self.import_order(
            lines=[{**MUG, "price": "3.3333", "quantity": 3}], unexplained="0.0001"
        )
        self.assertImported(order)
        self.assertEqual(order.sale_order_id.amount_untaxed, 10.0)

    def test_a_cent_too_much_or_too_little_is_held(self):
        for unexplained in ("0.01", "-0.01", "0.50", "-0.50", "100"):
            with self.subTest(unexplained=unexplained):
                order = self.import_order(
                    lines=[{**MUG, "quantity": 2}], unexplained=unexplained
                )
                self.assertHeld(order)
                self.assertEqual(order.sale_order_id.amount_untaxed, 25.0)

    def test_the_details_say_by_how_much_and_of_what_it_consists(self):
        order = self.import_order(
            lines=[MUG], shipping=["8.50"], handling="2.00", unexplained="0.50"
        )
        for words in (
            "without tax",
            "23.50",
            "23.00",
            "-0.50",
            "Product",
            "12.50",
            "Shipping",
            "8.50",
            "Handling",
            "2.00",
        ):
            self.assertIn(words, order.reason_message)

    def test_what_is_compared_is_what_is_due(self):
        order = self.import_order(
            lines=[{**MUG, "quantity": 2}], gift_certificate="5.00", store_credit="1.00"
        )
        self.assertImported(order)
        self.assertEqual(order.sale_order_id.amount_untaxed, 19.0)

    def test_taxes_of_a_store_without_tax_in_its_prices_are_odoos_own(self):
        order = self.import_order(lines=[MUG], taxes=[{"name": "Tax", "rate": "8.25"}])
        self.assertImported(order)
        self.assertEqual(order.sale_order_id.amount_untaxed, 12.5)

    def test_a_store_with_tax_in_its_prices_and_an_odoo_without_is_held(self):
        order = self.import_order(
            lines=[{**MUG, "price": "15.00"}],
            taxes=[{"name": "VAT", "rate": "20"}],
            with_tax=True,
        )
        self.assertHeld(order)
        self.assertIn("with tax", order.reason_message)
        self.assertIn("15.00", order.reason_message)

    def test_a_store_with_tax_in_its_prices_and_an_odoo_alike_is_exact(self):
        self.include_taxes()
        order = self.import_order(
            lines=[{**MUG, "price": "15.00", "quantity": 3}, MUG],
            taxes=[{"name": "VAT", "rate": "20"}],
            with_tax=True,
            shipping=["6.00"],
            coupon={"code": "TEN", "name": "10%", "amount": "10", "type": 1},
        )
        self.assertImported(order)
        self.assertAlmostEqual(order.sale_order_id.amount_total, order.amount_total, 2)

    def test_a_store_without_tax_in_its_prices_and_an_odoo_with_it_is_held(self):
        self.include_taxes()
        order = self.import_order(lines=[MUG], taxes=[{"name": "Tax", "rate": "8.25"}])
        self.assertHeld(order)

    def test_one_held_order_holds_no_other(self):
        held = self.store.place_order(lines=[MUG], unexplained="0.50")
        good = self.store.place_order(lines=[MUG])
        self.import_orders()
        self.assertHeld(self.get_order(held))
        self.assertImported(self.get_order(good))
        self.assertEqual(set(self.get_lines("import_orders").mapped("state")), {"done"})


@tagged("post_install", "-at_install")
class TestRelease(OrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env, "plain_salesman", "sales_team.group_sale_salesman_all_leads"
        )
        cls.connector_user = new_test_user(
            cls.env,
            "connector_user",
            "bigcommerce_connector.bigcommerce_group_user,"
            "sales_team.group_sale_salesman_all_leads",
        )

    def setUp(self):
        super().setUp()
        self.order = self.import_order(lines=[MUG], unexplained="0.50")
        self.sale = self.order.sale_order_id

    def test_a_held_order_cannot_be_confirmed(self):
        self.assertEqual(self.sale.bigcommerce_state, "held")
        with self.assertRaises(UserError) as refusal:
            self.sale.action_confirm()
        self.assertIn("held", str(refusal.exception))
        self.assertIn(self.sale.name, str(refusal.exception))
        self.assertEqual(self.sale.state, "draft")

    def test_nobody_confirms_a_held_order_without_seeing_the_connector(self):
        with self.assertRaises(UserError):
            self.sale.with_user(self.salesman).action_confirm()

    def test_a_held_order_cannot_be_confirmed_among_others(self):
        other = self.import_order(lines=[MUG]).sale_order_id
        with self.assertRaises(UserError):
            (other | self.sale).action_confirm()
        self.assertEqual(other.state, "draft")

    def test_release_lets_it_be_confirmed_and_leaves_a_trace(self):
        self.order.with_user(self.connector_user).action_release()
        self.assertEqual(
            (self.order.state, self.order.reason_code), ("imported", False)
        )
        self.assertEqual(self.order.released_by_id, self.connector_user)
        note = self.sale.message_ids.sorted("id")[-1]
        self.assertIn("Released", note.body)
        self.assertIn("0.50", note.body)
        self.assertEqual(note.author_id, self.connector_user.partner_id)
        self.sale.action_confirm()
        self.assertEqual(self.sale.state, "sale")

    def test_release_from_the_sale_order_does_the_same(self):
        self.sale.with_user(self.connector_user).action_release_bigcommerce_order()
        self.assertEqual(self.order.state, "imported")

    def test_release_sends_no_mail(self):
        before = self.env["mail.mail"].search([])
        self.order.action_release()
        self.assertEqual(self.env["mail.mail"].search([]), before)

    def test_a_corrected_order_can_be_confirmed(self):
        self.sale.order_line.price_unit = 13.0
        self.sale.action_confirm()
        self.assertEqual(self.sale.state, "sale")
        self.assertNotEqual(self.order.state, "held")

    def test_who_has_no_part_in_sales_may_release_as_well(self):
        user = new_test_user(
            self.env, "connector_only", "bigcommerce_connector.bigcommerce_group_user"
        )
        self.order.with_user(user).action_release()
        self.assertEqual(
            (self.order.state, self.order.released_by_id), ("imported", user)
        )

    def test_what_is_not_held_cannot_be_released(self):
        self.order.action_release()
        with self.assertRaises(UserError):
            self.order.action_release()

    def test_a_released_order_stays_released(self):
        self.order.action_release()
        self.instance.automatic_job_ids.watermark = False
        self.import_orders()
        self.assertEqual(self.order.state, "imported")

    def test_who_has_no_part_in_the_connector_releases_nothing(self):
        with self.assertRaises(AccessError):
            self.order.with_user(self.salesman).action_release()
        with self.assertRaises(AccessError):
            self.sale.with_user(self.salesman).action_release_bigcommerce_order()
        self.assertEqual(self.order.state, "held")


@tagged("post_install", "-at_install")
class TestGuardOfFollowedTaxes(TaxCase):
    """Where the store's taxes are followed, all three amounts are compared."""

    def get_raw(self, **cart):
        """Place an order; return it as the store has it."""
        bc_id = self.store.place_order(**cart)
        return self.store.control("GET", f"v2/orders/{bc_id}")

    def change(self, raw, **amounts):
        """Let the store have other amounts, and import the order."""
        self.store.patch(f"v2/orders/{raw['id']}", **amounts)
        self.import_orders()
        return self.get_order(raw["id"])

    def test_a_wrong_tax_is_held_though_the_total_is_right(self):
        raw = self.get_raw(
            lines=[{**MUG, "price": "12.00"}],
            taxes=[{"name": "VAT", "rate": "20"}],
            with_tax=True,
        )
        order = self.change(raw, total_tax="1.0000", total_ex_tax="11.0000")
        self.assertEqual(order.state, "held")
        self.assertEqual(order.sale_order_id.amount_total, 12.0)
        for words in ("Tax: BigCommerce", "1.00", "2.00", "without tax", "11.00"):
            self.assertIn(words, order.reason_message)

    def test_totals_that_contradict_themselves_are_held(self):
        raw = self.get_raw(lines=[MUG], taxes=[{"name": "VAT", "rate": "20"}])
        self.assertEqual(self.change(raw, total_inc_tax="15.0100").state, "held")

    def test_the_parts_of_both_sides_are_shown(self):
        raw = self.get_raw(
            lines=[{**MUG, "quantity": 2}],
            taxes=[{"name": "VAT", "rate": "20"}],
            shipping=["8.50"],
            handling="2.00",
            gift_certificate="5.00",
            unexplained="0.50",
        )
        order = self.change(raw)
        self.assertEqual(order.state, "held")
        for words in (
            "Product: $\xa025.00 | $\xa025.00",
            "Shipping: $\xa08.50 | $\xa08.50",
            "Handling: $\xa02.00 | $\xa02.00",
            "Gift Certificate: $\xa0-5.00 | $\xa0-5.00",
        ):
            self.assertIn(words, order.reason_message)

    def test_certificates_as_payments_leave_the_total_as_it_is(self):
        self.instance.certificates_as_payments = True
        order = self.import_order(
            lines=[{**MUG, "quantity": 2}], gift_certificate="5.00", store_credit="1.00"
        )
        self.assertEqual(order.state, "imported")
        self.assertEqual(order.sale_order_id.amount_total, 25.0)
        self.instance.certificates_as_payments = False
        order.sale_order_id.action_confirm()
        self.assertEqual(order.sale_order_id.state, "sale")

    def test_how_an_order_was_taxed_is_kept_when_the_instance_changes(self):
        order = self.import_order(lines=[MUG], taxes=[{"name": "VAT", "rate": "20"}])
        self.instance.tax_system = "odoo"
        order.sale_order_id.order_line.tax_ids = False
        order._check_holds()
        self.assertEqual(order.state, "held")

    def test_a_draft_that_somebody_changes_is_not_confirmed_by_the_workflow(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id.order_line.price_unit = 13
        workflow = self.env["bigcommerce.workflow"].create({"name": "Confirm"})
        self.env["bigcommerce.workflow.line"].create(
            {"instance_id": self.instance.id, "workflow_id": workflow.id}
        )
        self.drain()
        self.assertEqual(order.state, "held")
        self.assertEqual(order.sale_order_id.state, "draft")

    def test_a_held_order_that_somebody_corrects_can_be_confirmed(self):
        raw = self.get_raw(lines=[MUG], unexplained="0.50")
        order = self.change(raw)
        with self.assertRaises(UserError):
            order.sale_order_id.action_confirm()
        order.sale_order_id.order_line.price_unit = 13
        order.sale_order_id.action_confirm()
        self.assertEqual(order.state, "imported")

    def test_a_draft_whose_order_changes_in_the_store_is_looked_at_again(self):
        order = self.import_order(lines=[MUG])
        path = f"v2/orders/{order.bc_id}"
        self.store.patch(path, total_ex_tax="20.0000", total_inc_tax="20.0000")
        self.import_orders()
        self.assertEqual(order.state, "held")
        self.store.patch(path, total_ex_tax="12.5000", total_inc_tax="12.5000")
        self.import_orders()
        self.assertEqual(order.state, "imported")

    def test_a_released_order_stays_released(self):
        raw = self.get_raw(lines=[MUG], unexplained="0.50")
        order = self.change(raw)
        order.action_release()
        order.sale_order_id.action_confirm()
        self.assertEqual(order.sale_order_id.state, "sale")

    def test_a_confirmed_order_is_not_held_by_a_change_in_the_store(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id.action_confirm()
        self.store.patch(f"v2/orders/{order.bc_id}", total_ex_tax="20.0000")
        self.import_orders()
        self.assertEqual(order.state, "imported")


@tagged("post_install", "-at_install")
class TestGuardOfInvoices(TaxCase):
    def confirm(self):
        record = self.import_order(
            lines=[{**MUG, "quantity": 3}], taxes=[{"name": "VAT", "rate": "20"}]
        )
        order = record.sale_order_id
        order.order_line.product_id.invoice_policy = "order"
        order.action_confirm()
        return order

    def test_nothing_is_said_before_everything_is_invoiced(self):
        order = self.confirm()
        self.assertFalse(explain_invoice_difference(order))
        order._create_invoices().invoice_line_ids.quantity = 1
        self.assertFalse(explain_invoice_difference(order))

    def test_an_invoice_equal_to_its_order_is_right(self):
        order = self.confirm()
        self.invoice(order)
        self.assertFalse(explain_invoice_difference(order))

    def test_an_invoice_of_another_amount_is_explained(self):
        order = self.confirm()
        order._create_invoices().invoice_line_ids.price_unit = 12.51
        explanation = explain_invoice_difference(order)
        for words in (order.name, "37.50", "37.53"):
            self.assertIn(words, explanation)

    def test_a_credit_note_and_a_new_invoice_are_counted(self):
        order = self.confirm()
        self.invoice(order)._reverse_moves(cancel=True)
        self.assertFalse(explain_invoice_difference(order))
        self.invoice(order)
        self.assertFalse(explain_invoice_difference(order))
