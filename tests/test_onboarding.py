"""The checklist says what is to be set up, and nothing that is not a fact."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .dashboard_case import DashboardCase
from .test_security import MANAGER, USER


@tagged("post_install", "-at_install")
class TestOnboarding(DashboardCase):
    def get_steps(self, instance=None, user=None):
        """Return the steps of a store by their codes, as one reads them."""
        instance = (instance or self.instance).with_user(user or self.env.user)
        self.env.flush_all()
        self.env.invalidate_all()
        return {step["code"]: step for step in instance.onboarding_steps or []}

    def assertStep(self, code, state, text="", instance=None):
        step = self.get_steps(instance)[code]
        self.assertEqual(
            (step["state"], bool(step["button"])), (state, state != "done")
        )
        self.assertIn(text, step["text"])

    def take(self, code, instance=None):
        return (instance or self.instance).action_take_onboarding_step(code)

    def assertOpensPage(self, action, page):
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        self.assertEqual(action["res_id"], self.instance.id)
        arch = etree.fromstring(self.instance.get_view(view.id, "form")["arch"])
        pages = arch.xpath("//page[@autofocus]")
        self.assertEqual([node.get("name") for node in pages], [page])

    def test_of_a_new_store_nothing_is_done_and_one_thing_is_next(self):
        new = self.create_instance(store_hash="new", access_token=False)
        steps = self.get_steps(new)
        self.assertEqual({step["state"] for step in steps.values()}, {"todo"})
        self.assertEqual(
            [step["code"] for step in steps.values() if step["button"]], ["connection"]
        )

    def test_the_first_step_goes_from_credentials_to_a_confirmed_store(self):
        self.instance.unlink()
        new = self.create_instance(access_token=False)
        self.assertStep("connection", "todo", "Enter", new)
        new.access_token = "wrong"
        self.assertStep("connection", "todo", "not answered", new)
        new.access_token = "sandbox-token"
        self.take("connection", new)
        self.assertStep("connection", "todo", "Confirm", new)
        self.take("connection", new)
        self.assertEqual(new.state, "confirmed")
        self.assertStep("connection", "done", instance=new)

    def test_what_is_wrong_with_the_connection_is_no_longer_done(self):
        self.assertStep("connection", "done")
        self.instance.access_token = "another"
        self.assertStep("connection", "todo", "not answered")
        self.instance.failure_count = 3
        self.assertStep("connection", "warning", "does not answer")
        self.instance.is_access_refused = True
        self.assertStep("connection", "warning", "refuses")
        self.assertOpensPage(self.take("connection"), "credentials")

    def test_scopes_are_done_once_they_were_looked_at_and_none_is_missing(self):
        self.instance.write({"scopes_checked_on": False, "missing_scopes": False})
        self.assertStep("scopes", "todo")
        self.instance.write(
            {"scopes_checked_on": "2026-11-01", "missing_scopes": "Orders: modify"}
        )
        self.assertStep("scopes", "warning", "Orders: modify")
        self.assertOpensPage(self.take("scopes"), "credentials")
        self.instance.missing_scopes = False
        self.assertStep("scopes", "done")

    def test_each_enabled_location_needs_a_warehouse(self):
        locations = self.instance.location_ids
        locations.warehouse_id = self.instance.warehouse_id
        self.assertStep("locations", "done")
        locations[:1].write({"warehouse_id": False, "is_enabled": True})
        self.assertStep("locations", "todo", locations[:1].name)
        self.assertOpensPage(self.take("locations"), "configuration")
        locations[:1].is_enabled = False
        self.assertStep("locations", "done")

    def test_each_gateway_that_orders_have_named_needs_a_workflow(self):
        self.assertStep("gateways", "todo")
        gateways = self.env["bigcommerce.payment.gateway"]._find_or_create(
            self.instance, ["Card", "Bank Transfer"]
        )
        workflow = self.env["bigcommerce.workflow"].create({"name": "Everything"})
        line = self.env["bigcommerce.workflow.line"].create(
            {
                "instance_id": self.instance.id,
                "workflow_id": workflow.id,
                "gateway_id": gateways["Card"].id,
            }
        )
        self.assertStep("gateways", "todo", "Bank Transfer")
        self.assertOpensPage(self.take("gateways"), "workflow")
        other = line.copy({"gateway_id": gateways["Bank Transfer"].id})
        self.assertStep("gateways", "done")
        other.unlink()
        line.gateway_id = False
        self.assertStep("gateways", "done")
        workflow.active = False
        self.assertStep("gateways", "todo")

    def test_taxes_are_done_when_nothing_speaks_against_them(self):
        tax = self.env["account.tax"].create(
            {"name": "15 %", "amount": 15, "company_id": self.env.company.id}
        )
        self.env.company.account_sale_tax_id = tax
        self.instance.prices_include_tax = tax.price_include
        self.assertStep("taxes", "done")
        self.instance.prices_include_tax = not tax.price_include
        self.assertStep("taxes", "warning")
        self.instance.tax_system = "marketplace"
        self.assertStep("taxes", "todo", "without a tax account")
        self.assertOpensPage(self.take("taxes"), "orders")
        self.instance.tax_account_id = self.env["account.account"].create(
            {"name": "Tax", "code": "TAX.BC", "account_type": "liability_current"}
        )
        self.assertStep("taxes", "done")
        self.create_order(
            self.instance, "2026-11-01", state="held", reason_code="total_differs"
        )
        self.assertStep("taxes", "warning", "differ: 1.")

    def test_listings_are_done_once_all_items_stand_for_products(self):
        items = self.env["bigcommerce.listing.item"].search(
            [("instance_id", "=", self.instance.id)]
        )
        items.filtered(lambda item: not item.product_id).listing_id.is_excluded = True
        self.assertStep("listings", "done")
        items[:1].product_id = False
        self.assertStep("listings", "warning", f"1 of {len(items)}")
        self.assertEqual(self.find(self.take("listings")), items[:1])
        self.instance.automatic_job_ids.last_processed_on = False
        job = self.instance._start("import_listings", full=True)
        self.assertStep("listings", "todo", "being imported")
        job.action_cancel()
        self.assertStep("listings", "todo", "not all listed")
        self.take("listings")
        self.assertStep("listings", "todo", "being imported")
        self.drain()
        self.assertStep("listings", "done")
        self.instance._start("import_listings", ids=["101"]).action_cancel()
        self.assertStep("listings", "done")

    def test_orders_are_done_once_they_were_read(self):
        self.assertStep("orders", "todo", "No order")
        self.take("orders")
        self.assertIn("being", self.get_steps()["orders"]["text"])
        self.drain()
        self.assertStep("orders", "done", "none to import")
        self.import_order(lines=[{"sku": "MUG-ENAMEL", "quantity": 1}])
        self.assertStep("orders", "done", "orders: 1.")

    def test_jobs_are_done_once_orders_come_in_by_themselves(self):
        jobs = self.instance.automatic_job_ids
        self.assertStep("jobs", "todo")
        self.assertOpensPage(self.take("jobs"), "automatic_jobs")
        jobs.filtered(lambda job: job.operation == "import_customers").active = True
        self.assertStep("jobs", "warning")
        jobs.filtered(lambda job: job.operation == "import_orders").active = True
        self.assertStep("jobs", "done", "on: 2.")

    def test_a_user_is_offered_only_what_users_do(self):
        user = new_test_user(self.env, "onboarding_user", USER)
        steps = self.get_steps(user=user)
        self.assertEqual(
            [step["code"] for step in steps.values() if step["button"]],
            ["listings", "orders"] if steps["listings"]["button"] else ["orders"],
        )
        self.instance.with_user(user).action_take_onboarding_step("orders")
        with self.assertRaises(AccessError):
            self.instance.with_user(user).action_hide_onboarding()

    def test_hidden_it_comes_back_only_through_the_menu(self):
        manager = new_test_user(self.env, "onboarding_manager", MANAGER)
        instance = self.instance.with_user(manager)
        self.assertTrue(instance.is_onboarding)
        instance.action_hide_onboarding()
        self.instance.access_token = "another"
        self.assertFalse(self.read_card()["is_onboarding"])
        self.assertFalse(self.get_steps())
        instance.action_show_onboarding()
        self.assertTrue(self.read_card()["is_onboarding"])
