"""Which workflow and payment terms an order gets."""

from types import SimpleNamespace

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .workflow_case import MUG, WorkflowCase

STATUSES = (
    "authorized",
    "captured",
    "capture pending",
    "declined",
    "held for review",
    "paid",
    "partially refunded",
    "pending",
    "refunded",
    "void",
    "void pending",
)


class LineCase(WorkflowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line.unlink()
        cls.card, cls.bank = (
            cls.env["bigcommerce.payment.gateway"]
            ._find_or_create(cls.instance, [name])
            .popitem()[1]
            for name in ("Credit Card", "Bank Deposit")
        )

    def find(self, payment_method, payment_status):
        order = SimpleNamespace(
            id="1", payment_method=payment_method, payment_status=payment_status
        )
        lines = self.env["bigcommerce.workflow.line"]
        return lines._find_lines(self.instance, [order])["1"]


@tagged("post_install", "-at_install")
class TestPrecedence(LineCase):
    def test_the_line_that_says_most_decides(self):
        lines = {
            "exact": {"gateway_id": self.card.id, "payment_status": "captured"},
            "any status": {"gateway_id": self.card.id},
            "any gateway": {"payment_status": "captured"},
            "any": {},
        }
        made = {name: self.add_line(self.workflow, **lines[name]) for name in lines}
        orders = {
            "exact": ("Credit Card", "captured"),
            "any status": ("Credit Card", "pending"),
            "any gateway": ("Bank Deposit", "captured"),
            "any": ("Bank Deposit", "pending"),
        }
        # What is left when the lines that say more are gone, one after the other.
        expected = {
            "exact": ["exact", "any status", "any gateway", "any", None],
            "any status": ["any status", "any status", "any", "any", None],
            "any gateway": ["any gateway", "any gateway", "any gateway", "any", None],
            "any": ["any", "any", "any", "any", None],
        }
        for step, gone in enumerate([None, *lines]):
            if gone:
                made.pop(gone).unlink()
            for name, order in orders.items():
                with self.subTest(order=order, without=gone):
                    line = self.find(*order)
                    self.assertEqual(
                        line, made.get(expected[name][step], line.browse())
                    )

    def test_the_order_in_which_lines_are_made_does_not_matter(self):
        self.add_line(self.workflow)
        exact = self.add_line(
            self.workflow, gateway_id=self.card.id, payment_status="captured"
        )
        self.assertEqual(self.find("Credit Card", "captured"), exact)

    def test_every_status_of_bigcommerce_can_be_chosen(self):
        for status in STATUSES:
            with self.subTest(status):
                line = self.add_line(self.workflow, payment_status=status)
                for text in (status, status.title(), status.replace(" ", "_")):
                    self.assertEqual(self.find("Credit Card", text), line)

    def test_an_order_without_payment_status_has_a_line_of_its_own(self):
        line = self.add_line(self.workflow, payment_status="none")
        self.assertEqual(self.find("Credit Card", ""), line)
        self.assertFalse(self.find("Credit Card", "captured"))

    def test_a_status_that_nobody_knows_is_any(self):
        self.add_line(self.workflow, payment_status="none")
        self.assertFalse(self.find("Credit Card", "teleported"))
        self.assertFalse(self.find("Credit Card", "any"))
        line = self.add_line(self.workflow)
        self.assertEqual(self.find("Credit Card", "teleported"), line)

    def test_an_order_without_payment_method_has_any_gateway(self):
        self.add_line(self.workflow, gateway_id=self.card.id)
        self.assertFalse(self.find("", "captured"))
        line = self.add_line(self.workflow)
        self.assertEqual(self.find("", "captured"), line)

    def test_lines_of_another_store_do_not_count(self):
        other = self.create_instance(name="Other", store_hash="other")
        self.add_line(self.workflow, instance_id=other.id)
        self.assertFalse(self.find("Credit Card", "captured"))

    def test_a_hundred_orders_take_no_more_questions_than_one(self):
        self.add_line(self.workflow)
        orders = [
            SimpleNamespace(
                id=str(number), payment_method="Credit Card", payment_status="captured"
            )
            for number in range(100)
        ]
        lines = self.env["bigcommerce.workflow.line"]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            lines._find_lines(self.instance, orders)


@tagged("post_install", "-at_install")
class TestLines(LineCase):
    def test_two_lines_for_the_same_orders_are_refused(self):
        for vals in (
            {},
            {"gateway_id": self.card.id},
            {"payment_status": "captured"},
            {"gateway_id": self.card.id, "payment_status": "captured"},
        ):
            with self.subTest(vals):
                self.add_line(self.workflow, **vals)
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(UniqueViolation),
                    self.cr.savepoint(),
                ):
                    self.add_line(self.workflow, **vals)

    def test_a_gateway_of_another_store_is_refused(self):
        other = self.create_instance(name="Other", store_hash="other")
        gateway = self.env["bigcommerce.payment.gateway"]._find_or_create(
            other, ["Credit Card"]
        )["Credit Card"]
        with self.assertRaisesRegex(ValidationError, "another store"):
            self.add_line(self.workflow, gateway_id=gateway.id)

    def test_a_line_is_added_on_the_store_s_form(self):
        with Form(self.instance) as form, form.workflow_line_ids.new() as line:
            line.gateway_id = self.card
            line.payment_status = "captured"
            line.workflow_id = self.workflow
        self.assertEqual(
            self.find("Credit Card", "captured").workflow_id, self.workflow
        )

    def test_what_one_line_was_for_may_be_given_to_another(self):
        line = self.add_line(self.workflow)
        with Form(self.instance) as form:
            with form.workflow_line_ids.edit(0) as edited:
                edited.payment_status = "captured"
            with form.workflow_line_ids.new() as added:
                added.workflow_id = self.workflow
        self.assertEqual(self.find("Credit Card", "captured"), line)
        self.assertNotIn(self.find("Credit Card", "pending"), (line, line.browse()))

    def test_a_workflow_in_use_is_not_deleted(self):
        self.add_line(self.workflow)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "bigcommerce_workflow_line"),
            self.cr.savepoint(),
        ):
            self.workflow.unlink()


@tagged("post_install", "-at_install")
class TestOrdersWithoutLine(LineCase):
    def test_they_are_imported_and_wait(self):
        order = self.import_order(lines=[MUG], payment_status="captured")
        self.assertEqual(order.state, "imported")
        self.assertEqual(order.sale_order_id.state, "draft")
        message = self.assertStopped(order, "no_workflow_line")
        self.assertIn("“Credit Card”", message)
        self.assertIn("“captured”", message)

    def test_fix_opens_the_line_to_add(self):
        order = self.import_order(lines=[MUG], payment_status="captured")
        action = self.get_line(order).action_fix()
        self.assertEqual(action["res_model"], "bigcommerce.workflow.line")
        self.assertEqual(action["views"], [(False, "form")])
        line = (
            self.env["bigcommerce.workflow.line"]
            .with_context(**action["context"])
            .create({"workflow_id": self.workflow.id})
        )
        self.assertEqual(line.instance_id, self.instance)
        self.assertEqual(line.gateway_id, self.card)
        self.assertEqual(line.payment_status, "captured")
        self.drain()
        self.assertPaid(order)

    def test_fix_of_many_opens_the_list(self):
        order = self.import_order(lines=[MUG])
        action = self.get_line(order).cause_id.action_fix()
        self.assertEqual(action["res_model"], "bigcommerce.workflow.line")
        self.assertEqual(action["view_mode"].split(",")[0], "list")

    def test_they_go_on_when_a_line_is_changed(self):
        line = self.add_line(self.workflow, gateway_id=self.bank.id)
        order = self.import_order(lines=[MUG])
        self.assertStopped(order, "no_workflow_line")
        line.gateway_id = self.card
        self.drain()
        self.assertPaid(order)

    def test_a_line_for_other_orders_lets_them_wait(self):
        order = self.import_order(lines=[MUG])
        self.add_line(self.workflow, gateway_id=self.bank.id)
        self.drain()
        self.assertStopped(order, "no_workflow_line")
