"""Payment methods as orders name them."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .workflow_case import MUG, WorkflowCase


@tagged("post_install", "-at_install")
class TestGateways(WorkflowCase):
    def setUp(self):
        super().setUp()
        self.gateways = self.env["bigcommerce.payment.gateway"]

    def get(self, *names):
        found = self.gateways._find_or_create(self.instance, names)
        return self.gateways.concat(*(found[name] for name in names))

    def merge(self, gateways, target):
        """Merge by the wizard, as people do."""
        wizard = (
            self.env["bigcommerce.payment.gateway.merge"]
            .with_context(active_ids=gateways.ids)
            .create({"target_id": target.id})
        )
        wizard.action_merge()

    def test_the_first_order_that_names_one_makes_it(self):
        self.import_order(lines=[MUG], payment_method="PayPal Express")
        gateway = self.gateways.search([("name", "=", "PayPal Express")])
        self.assertEqual(gateway.instance_id, self.instance)
        self.import_order(lines=[MUG], payment_method="PayPal Express")
        self.assertEqual(
            self.gateways.search_count([("name", "=", "PayPal Express")]), 1
        )

    def test_an_order_that_is_blocked_makes_it_too(self):
        gone = {"name": "Gone", "price": "5", "product_id": 77, "sku": "GONE"}
        order = self.import_order(lines=[gone], payment_method="PayPal Express")
        self.assertEqual(order.state, "blocked")
        self.assertTrue(self.gateways.search([("name", "=", "PayPal Express")]))

    def test_case_and_spaces_make_no_other_one(self):
        names = ("PayPal Express", "paypal express", " PAYPAL  Express ")
        self.assertEqual(len(set(self.get(*names))), 1)
        self.assertEqual(self.get("paypal express").name, "PayPal Express")

    def test_no_name_is_no_gateway(self):
        found = self.gateways._find_or_create(self.instance, ["", False, " ", None])
        self.assertFalse(any(found.values()))

    def test_every_store_has_its_own(self):
        other = self.create_instance(name="Other", store_hash="other")
        theirs = self.gateways._find_or_create(other, ["PayPal"])["PayPal"]
        self.assertNotEqual(self.get("PayPal"), theirs)

    def test_a_merged_one_is_the_other_ever_after(self):
        old, new = self.get("PayPal", "PayPal Commerce")
        self.merge(old | new, new)
        self.assertEqual(self.get("paypal"), new)
        self.assertFalse(old.active)
        self.assertEqual(new.merged_ids, old)

    def test_its_orders_get_the_other_s_workflow(self):
        self.line.unlink()
        order = self.import_order(lines=[MUG], payment_method="PayPal")
        old, new = self.get("PayPal", "PayPal Commerce")
        self.add_line(self.workflow, gateway_id=new.id)
        self.drain()
        self.assertStopped(order, "no_workflow_line")
        self.merge(old | new, new)
        self.drain()
        self.assertPaid(order)

    def test_its_workflow_lines_follow(self):
        old, new = self.get("PayPal", "PayPal Commerce")
        line = self.add_line(
            self.workflow, gateway_id=old.id, payment_status="captured"
        )
        self.merge(old | new, new)
        self.assertEqual(line.gateway_id, new)

    def test_of_two_lines_for_one_status_that_of_the_target_stays(self):
        old, new = self.get("PayPal", "PayPal Commerce")
        workflow = self.workflow.copy()
        gone = self.add_line(self.workflow, gateway_id=old.id)
        self.add_line(workflow, gateway_id=new.id)
        self.merge(old | new, new)
        self.assertFalse(gone.exists())
        self.assertEqual(new.workflow_line_ids.workflow_id, workflow)

    def test_what_was_merged_before_follows(self):
        first, second, third = self.get("One", "Two", "Three")
        self.merge(first | second, second)
        self.merge(second | third, third)
        self.assertEqual(self.get("One"), third)
        self.assertEqual(self.get("Two"), third)

    def test_no_circle_comes_to_be(self):
        first, second = self.get("One", "Two")
        self.merge(first | second, second)
        with self.assertRaisesRegex(UserError, "choose that one"):
            second._merge_into(first)
        self.assertEqual(self.get("One"), second)
        self.assertEqual(self.get("Two"), second)

    def test_gateways_of_two_stores_are_not_merged(self):
        other = self.create_instance(name="Other", store_hash="other")
        theirs = self.gateways._find_or_create(other, ["PayPal"])["PayPal"]
        for target in (theirs, self.get("PayPal")):
            with self.assertRaises(UserError):
                self.merge(self.get("PayPal") | theirs, target)
            with self.assertRaises(UserError):
                (self.get("PayPal") | theirs)._merge_into(target)

    def test_one_alone_is_not_merged(self):
        gateway = self.get("PayPal")
        with self.assertRaisesRegex(UserError, "two or more"):
            self.merge(gateway, gateway)

    def test_a_merged_one_is_not_chosen_for_a_line(self):
        old, new = self.get("PayPal", "PayPal Commerce")
        self.merge(old | new, new)
        with self.assertRaisesRegex(UserError, "choose that one"):
            self.add_line(self.workflow, gateway_id=old.id)
