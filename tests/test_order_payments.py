"""Payments of imported orders: the same as by Odoo's wizard, in one go."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .workflow_case import MUG, WorkflowCase

BOWL = {"sku": "BOWL-STONE", "quantity": 2}
# What cannot be the same for two records, or says when it was made and for whom.
OWN_FIELDS = set(
    "id name create_date write_date create_uid write_uid access_token move_id memo ref "
    "sequence_number sequence_prefix move_name origin_payment_id full_reconcile_id "
    "matching_number partner_id commercial_partner_id partner_shipping_id "
    "payment_reference invoice_origin reconciled_lines_ids invoice_ids sale_line_ids "
    "matched_payment_ids activity_ids payment_id is_manually_modified".split()
)


class PaymentCase(WorkflowCase):
    def get_invoice(self, order):
        self.assertDone(order)
        return order.sale_order_id.invoice_ids

    def pay_by_wizard(self, invoice, **vals):
        """Register a payment as a person does, in the workflow's journal."""
        # With the same company, language and notes as an operation.
        env = self.env["bigcommerce.operation"]._with_store(self.instance).env
        return (
            env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": self.journal.id, **vals})
            ._create_payments()
        )

    def refuse_the_wizard(self):
        """Nothing may be registered one by one."""

        def refuse(wizard):
            raise AssertionError("This is no case for the wizard.")

        self.patch(
            self.registry["account.payment.register"], "_create_payments", refuse
        )

    def assertAlike(self, mine, other):
        """Every stored field of two records is the same, but for their own."""
        self.assertEqual(len(mine), len(other))
        for one, another in zip(mine, other, strict=True):
            for name, field in one._fields.items():
                if name in OWN_FIELDS or not field.store or field.type == "one2many":
                    continue
                with self.subTest(model=one._name, field=name):
                    self.assertEqual(one[name], another[name])

    def assertLikeByWizard(self, **cart):
        """An order is paid as one that was paid by hand."""
        self.workflow.register_payment = False
        by_hand = self.get_invoice(self.import_order(lines=[MUG, BOWL], **cart))
        theirs = self.pay_by_wizard(by_hand)
        self.workflow.register_payment = True
        self.refuse_the_wizard()
        invoice = self.get_invoice(self.import_order(lines=[MUG, BOWL], **cart))
        mine = invoice.matched_payment_ids
        self.assertAlike(mine, theirs)
        self.assertAlike(invoice, by_hand)
        self.assertAlike(mine.move_id, theirs.move_id)
        for ours, others in ((mine.move_id, theirs.move_id), (invoice, by_hand)):
            self.assertAlike(
                ours.line_ids.sorted(lambda item: (item.balance, item.id)),
                others.line_ids.sorted(lambda item: (item.balance, item.id)),
            )
        for ours, others in ((mine, theirs), (invoice, by_hand)):
            for name in ("reconciled_invoice_ids", "reconciled_payment_ids"):
                if name in ours._fields:
                    self.assertEqual(len(ours[name]), len(others[name]))
            self.assertEqual(len(ours.message_ids), len(others.message_ids))
        return invoice


@tagged("post_install", "-at_install")
class TestLikeTheWizard(PaymentCase):
    def test_a_payment_with_an_outstanding_account_is_the_wizards(self):
        invoice = self.assertLikeByWizard()
        self.assertEqual(invoice.payment_state, "paid")

    def test_a_payment_without_an_outstanding_account_is_the_wizards(self):
        self.journal.inbound_payment_method_line_ids.payment_account_id = False
        invoice = self.assertLikeByWizard()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertTrue(invoice.matched_payment_ids.move_id)

    def test_a_payment_with_the_bank_account_itself_is_the_wizards(self):
        self.journal.inbound_payment_method_line_ids.payment_account_id = (
            self.journal.default_account_id
        )
        invoice = self.assertLikeByWizard()
        self.assertEqual(invoice.matched_payment_ids.state, "paid")

    def test_a_payment_that_needs_no_entry_is_the_wizards(self):
        """As with the accounting app: the bank statement books it."""
        self.patch(
            self.registry["account.move"],
            "_get_invoice_in_payment_state",
            lambda moves: "in_payment",
        )
        self.journal.inbound_payment_method_line_ids.payment_account_id = False
        invoice = self.assertLikeByWizard()
        self.assertEqual(invoice.payment_state, "in_payment")
        self.assertFalse(invoice.matched_payment_ids.move_id)
        order = invoice.line_ids.sale_line_ids.order_id.bigcommerce_order_id
        self.process(order)
        self.assertEqual(len(invoice.matched_payment_ids), 1)

    def test_a_payment_in_another_currency_is_the_wizards(self):
        invoice = self.assertLikeByWizard(currency="EUR")
        self.assertEqual(invoice.currency_id.name, "EUR")
        self.assertEqual(invoice.matched_payment_ids.currency_id.name, "EUR")

    def test_a_payment_in_a_currency_without_decimals_is_the_wizards(self):
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.JPY").id,
                "name": "2000-01-01",
                "rate": 150,
            }
        )
        invoice = self.assertLikeByWizard(currency="JPY")
        self.assertEqual(invoice.currency_id.name, "JPY")

    def test_an_invoice_in_a_currency_whose_rate_has_changed_is_paid(self):
        self.workflow.force_invoice_date = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.EUR").id,
                "name": "2026-10-15",
                "rate": 0.8,
            }
        )
        order = self.import_order(
            lines=[MUG], currency="EUR", created="2026-10-03T18:00:00+00:00"
        )
        invoice = self.get_invoice(order)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.amount_residual, 0)

    def test_an_invoice_with_a_date_of_its_own_is_paid(self):
        self.workflow.force_invoice_date = True
        order = self.import_order(lines=[MUG], created="2026-10-03T18:00:00+00:00")
        self.assertPaid(order)


@tagged("post_install", "-at_install")
class TestManyAtOnce(PaymentCase):
    def test_each_invoice_has_its_own_payment(self):
        self.refuse_the_wizard()
        skus = ("MUG-ENAMEL", "BOWL-STONE", "TOWEL-LINEN", "TWINE")
        ids = [
            self.place_order(lines=[{"sku": sku, "quantity": number + 1}])
            for number in range(3)
            for sku in skus
        ]
        self.import_orders()
        payments = self.env["account.payment"]
        for bc_id in ids:
            order = self.get_order(bc_id)
            self.assertPaid(order)
            invoice = order.sale_order_id.invoice_ids
            self.assertEqual(invoice.matched_payment_ids.amount, invoice.amount_total)
            self.assertFalse(payments & invoice.matched_payment_ids)
            payments |= invoice.matched_payment_ids
        self.assertEqual(len(payments), len(ids))


@tagged("post_install", "-at_install")
class TestReference(PaymentCase):
    def test_it_is_that_of_the_gateway(self):
        order = self.import_order(lines=[MUG])
        order.payment_reference = "ch_123"
        self.assertEqual(
            self.get_invoice(order).matched_payment_ids.memo,
            order.payment_reference and f"pay_{order.bc_id}",
        )

    def test_without_one_it_is_the_store_s_number(self):
        self.line.unlink()
        order = self.import_order(lines=[MUG])
        order.payment_reference = False
        self.add_line(self.workflow)
        self.drain()
        self.assertEqual(self.get_invoice(order).matched_payment_ids.memo, order.bc_id)

    def test_the_method_is_the_workflow_s(self):
        method = self.journal.inbound_payment_method_line_ids[0].copy(
            {"name": "By Gateway"}
        )
        self.workflow.payment_method_line_id = method
        order = self.import_order(lines=[MUG])
        payment = self.get_invoice(order).matched_payment_ids
        self.assertEqual(payment.payment_method_line_id, method)


@tagged("post_install", "-at_install")
class TestLeftToTheWizard(PaymentCase):
    def import_with_term(self, **vals):
        term = self.env["account.payment.term"].create({"name": "Term", **vals})
        self.line.unlink()
        order = self.import_order(lines=[MUG, BOWL])
        order.sale_order_id.payment_term_id = term
        self.add_line(self.workflow)
        self.drain()
        return self.get_invoice(order)

    def test_instalments_are_all_paid(self):
        invoice = self.import_with_term(
            line_ids=[
                Command.create({"value": "percent", "value_amount": 40}),
                Command.create({"value": "percent", "value_amount": 60, "nb_days": 30}),
            ]
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.matched_payment_ids.amount, invoice.amount_total)

    def test_an_early_payment_discount_is_not_taken(self):
        invoice = self.import_with_term(
            early_discount=True, discount_percentage=10, discount_days=10
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.matched_payment_ids.amount, invoice.amount_total)

    def test_a_journal_in_another_currency_pays_in_its_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.workflow.payment_journal_id = self.create_journal(
            "Euro", "EURO", currency_id=euro.id
        )
        order = self.import_order(lines=[MUG])
        invoice = self.get_invoice(order)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.matched_payment_ids.currency_id, euro)


@tagged("post_install", "-at_install")
class TestCertificatesAsPayments(PaymentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificates = cls.create_journal("Certificates", "CERT", type="cash")
        cls.credit = cls.create_journal("Store Credit", "CRED", type="cash")
        cls.instance.write(
            {
                "certificates_as_payments": True,
                "gift_certificate_journal_id": cls.certificates.id,
                "store_credit_journal_id": cls.credit.id,
            }
        )

    def get_paid(self, *invoices):
        """Return what was paid in each journal."""
        payments = self.env["account.payment"].concat(
            *(invoice.matched_payment_ids for invoice in invoices)
        )
        return {
            journal.code: round(sum(own.mapped("amount")), 2)
            for journal, own in payments.grouped("journal_id").items()
        }

    def test_they_pay_first_and_the_gateway_the_rest(self):
        order = self.import_order(
            lines=[BOWL], gift_certificate="20.00", store_credit="5.25"
        )
        self.assertPaid(order)
        invoice = order.sale_order_id.invoice_ids
        self.assertEqual(
            self.get_paid(invoice),
            {
                "CERT": 20.0,
                "CRED": 5.25,
                "GATE": round(invoice.amount_total - 25.25, 2),
            },
        )
        self.process(order)
        self.assertEqual(len(invoice.matched_payment_ids), 3)

    def test_those_of_a_batch_are_registered_together(self):
        self.refuse_the_wizard()
        calls = []
        pay = self.registry["bigcommerce.order.payments"]._pay

        def count(payments_step, payments):
            calls.append(len(payments))
            return pay(payments_step, payments)

        self.patch(self.registry["bigcommerce.order.payments"], "_pay", count)
        self.workflow.register_payment = False
        for number in (1, 2):
            self.place_order(lines=[MUG], gift_certificate="14.38", number=500 + number)
        self.import_orders()
        for number in (1, 2):
            self.assertPaid(self.get_order(500 + number))
        self.assertIn(2, calls)

    def test_certificates_pay_though_the_gateway_s_payment_is_not_made(self):
        self.workflow.register_payment = False
        order = self.import_order(lines=[BOWL], gift_certificate="20.00")
        invoice = self.get_invoice(order)
        self.assertEqual(self.get_paid(invoice), {"CERT": 20.0})
        self.assertEqual(invoice.payment_state, "partial")

    def test_one_that_a_person_has_registered_is_not_registered_again(self):
        self.workflow.write({"validate_invoice": False, "register_payment": False})
        order = self.import_order(lines=[BOWL], gift_certificate="20.00")
        invoice = self.get_invoice(order)
        invoice.action_post()
        self.pay_by_wizard(invoice, journal_id=self.certificates.id, amount=20)
        self.workflow.register_payment = True
        self.drain()
        self.process(order)
        paid = self.get_paid(invoice)
        self.assertEqual(paid["CERT"], 20.0)
        self.assertPaid(order)

    def test_parts_are_paid_as_they_are_invoiced(self):
        self.instance.single_invoice = False
        self.set_policy("delivery", "MUG-ENAMEL")
        order = self.import_order(lines=[BOWL, MUG], gift_certificate="45.00")
        sale_order = order.sale_order_id
        first = sale_order.invoice_ids
        self.assertEqual(first.payment_state, "paid")
        self.deliver(sale_order)
        self.drain()
        self.assertPaid(order)
        paid = self.get_paid(*sale_order.invoice_ids)
        self.assertEqual(paid["CERT"], 45.0)
        self.assertEqual(
            round(sum(paid.values()), 2),
            round(sum(sale_order.invoice_ids.mapped("amount_total")), 2),
        )

    def test_without_a_journal_the_order_waits_after_its_invoice(self):
        self.instance.gift_certificate_journal_id = False
        order = self.import_order(lines=[BOWL], gift_certificate="20.00")
        self.assertStopped(order, "no_payment_journal")
        self.assertEqual(order.sale_order_id.invoice_ids.state, "posted")
        self.instance.gift_certificate_journal_id = self.certificates
        self.drain()
        self.assertPaid(order)

    def test_an_order_imported_with_lines_keeps_them(self):
        self.instance.certificates_as_payments = False
        order = self.import_order(lines=[BOWL], gift_certificate="20.00")
        self.instance.certificates_as_payments = True
        self.process(order)
        self.assertPaid(order)
        self.assertNotIn("CERT", self.get_paid(*order.sale_order_id.invoice_ids))

    def test_they_pay_on_the_day_of_the_others(self):
        order = self.import_order(lines=[BOWL], gift_certificate="20.00")
        invoice = self.get_invoice(order)
        self.assertEqual(
            set(invoice.matched_payment_ids.mapped("date")),
            {
                fields.Date.context_today(
                    self.env.user.with_context(tz=self.instance.timezone)
                )
            },
        )
