"""Which scopes a store needs, and which its API account has."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..client.resources import scopes as known_scopes
from ..sync.scopes import SCOPES
from .common import SandboxCase

READ = [f"{name}_read_only" for name in SCOPES]
USER = "bigcommerce_connector.bigcommerce_group_user"


class ScopeCase(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()

    def grant(self, *scopes):
        """Let the API account have these scopes, and no others."""
        self.store.control("PUT", "access", {"scopes": list(scopes)})

    def grant_all_but(self, *scopes):
        self.grant(*(scope for scope in READ if scope not in scopes))

    def schedule(self, *operations):
        """Let these run by themselves."""
        for operation in operations:
            jobs = self.env["bigcommerce.automatic.job"]
            jobs._get_job(self.instance, operation).active = True

    def get_states(self):
        """Return what is known of each scope."""
        names = [*SCOPES, *READ]
        return {name: self.instance._get_scope_state(name) for name in names}

    def forget(self):
        """Let nothing be known of the API account."""
        self.instance.scope_answers = False


@tagged("post_install", "-at_install")
class TestNeeds(ScopeCase):
    def test_every_operation_that_asks_the_store_says_what_it_takes(self):
        declared = {
            value for name, value in vars(known_scopes).items() if name.isupper()
        }
        for operation in self.env["bigcommerce.operation"]._get_operations():
            with self.subTest(operation=operation._code):
                self.assertLessEqual(set(operation._scopes), declared)
                # Images are nobody's secret.
                asks = operation._asks_store and operation._code != "import_images"
                self.assertEqual(bool(operation._scopes), asks)
                if operation._direction == "export":
                    self.assertTrue(set(operation._scopes) & SCOPES.keys())

    def test_what_every_operation_takes_has_a_name_in_the_control_panel(self):
        for operation in self.env["bigcommerce.operation"]._get_operations():
            for scope in operation._scopes:
                self.assertIn(scope.removesuffix("_read_only"), SCOPES)

    def test_a_store_that_does_nothing_by_itself_needs_little(self):
        self.assertEqual(
            self.instance._get_required_scopes(),
            [
                "store_channel_settings_read_only",
                "store_locations_read_only",
                "store_v2_information_read_only",
                "store_v2_orders_read_only",
                "store_v2_products_read_only",
            ],
        )

    def test_jobs_and_settings_need_more(self):
        self.schedule("export_inventory", "import_customers")
        self.instance.export_order_number = True
        required = self.instance._get_required_scopes()
        self.assertIn("store_inventory", required)
        self.assertIn("store_v2_customers_read_only", required)
        self.assertIn("store_v2_orders", required)
        self.assertNotIn("store_v2_orders_read_only", required)
        self.instance.mark_order_as_paid = True
        self.assertIn(
            "store_v2_transactions_read_only", self.instance._get_required_scopes()
        )

    def test_imports_need_no_more_than_they_say(self):
        for code in (
            "import_orders",
            "import_listings",
            "import_refunds",
            "import_customers",
            "compare_inventory",
        ):
            operation = self.env["bigcommerce.operation"]._get_operation(code)
            with self.subTest(operation=code):
                self.grant(*operation._scopes)
                self.assertEqual(self.run_operation(self.instance, code).state, "done")
                lines = self.get_lines(code)
                self.assertNotIn("missing_scope", lines.cause_id.mapped("code"))

    def test_the_table_says_what_needs_a_scope_and_what_is_known_of_it(self):
        self.schedule("import_customers")
        self.grant_all_but("store_v2_customers_read_only")
        self.instance.action_check_scopes()
        table = str(self.instance.scope_table)
        for text in ("Import Customers", "Automatic job", "Missing", "Not in use"):
            self.assertIn(text, table)
        self.assertIn("Order Transactions", table)


@tagged("post_install", "-at_install")
class TestCheck(ScopeCase):
    def test_each_scope_that_is_missing_is_found(self):
        self.store.place_order(lines=[{"sku": "MUG-ENAMEL"}])
        for scope in READ:
            with self.subTest(scope=scope):
                self.forget()
                self.grant_all_but(scope)
                self.instance.action_check_scopes()
                states = self.get_states()
                self.assertEqual(states.pop(scope), "missing")
                self.assertEqual(
                    states.pop(scope.removesuffix("_read_only")), "missing"
                )
                # An order is read before its transactions.
                if scope == "store_v2_orders_read_only":
                    states.pop("store_v2_transactions_read_only")
                    states.pop("store_v2_transactions")
                self.assertEqual(set(states.values()), {"granted", "readable"})

    def test_a_check_changes_nothing_and_says_nothing_of_what_may_be_changed(self):
        self.grant(*SCOPES)
        self.forget()
        self.store.forget_requests()
        notification = self.instance.action_check_scopes()
        self.assertEqual(notification["params"]["type"], "success")
        self.assertTrue(self.instance.scopes_checked_on)
        methods = {request["method"] for request in self.store.get_requests()}
        self.assertEqual(methods, {"GET"})
        states = self.get_states()
        self.assertEqual({states[scope] for scope in READ}, {"granted"})
        self.assertEqual({states[scope] for scope in SCOPES}, {"readable"})

    def test_what_is_not_in_use_is_not_missed(self):
        self.grant_all_but("store_v2_customers_read_only", "store_inventory_read_only")
        self.instance.action_check_scopes()
        self.assertFalse(self.instance.missing_scopes)
        self.schedule("import_customers")
        self.assertEqual(self.instance.missing_scopes, "Customers: read-only")
        self.schedule("export_inventory")
        self.assertEqual(
            self.instance.missing_scopes,
            "Store Inventory: modify\nCustomers: read-only",
        )

    def test_a_store_that_breaks_off_leaves_the_rest_open(self):
        self.forget()
        self.store.fault("^/v3/customers$", status=503, times=0)
        self.instance.action_check_scopes()
        states = self.get_states()
        self.assertEqual(states["store_v2_products_read_only"], "granted")
        self.assertEqual(states["store_v2_customers_read_only"], "unchecked")

    def test_a_refused_store_goes_on_though_a_scope_is_missing(self):
        self.instance.is_access_refused = True
        self.grant_all_but("store_locations_read_only")
        notification = self.instance.action_test_connection()
        self.assertEqual(notification["params"]["type"], "warning")
        self.assertTrue(notification["params"]["sticky"])
        self.assertIn("Store Locations: read-only", notification["params"]["message"])
        self.assertFalse(self.instance.is_access_refused)
        self.assertEqual(self.instance.missing_scopes, "Store Locations: read-only")

    def test_only_managers_check(self):
        user = new_test_user(self.env, "scope_user", USER)
        with self.assertRaises(AccessError):
            self.instance.with_user(user).action_check_scopes()
        self.assertIn("Store Data", self.instance.with_user(user).scope_table)


@tagged("post_install", "-at_install")
class TestAnswers(ScopeCase):
    """What the queue learns by the way."""

    def import_order(self):
        bc_id = self.store.place_order(lines=[{"sku": "MUG-ENAMEL"}])
        return self.run_operation(self.instance, "import_orders", ids=[bc_id])

    def test_a_refusal_is_noted_and_a_success_takes_it_back(self):
        self.grant("store_v2_orders")
        self.run_operation(self.instance, "import_listings")
        self.assertEqual(self.instance.missing_scopes, "Products: read-only")
        self.grant("store_v2_products")
        self.run_operation(self.instance, "import_listings")
        self.assertFalse(self.instance.missing_scopes)

    def test_a_refused_change_is_known_and_so_is_one_that_succeeds(self):
        self.instance.export_order_number = True
        self.grant(*READ)
        self.import_order()
        self.assertEqual(self.instance.missing_scopes, "Orders: modify")
        self.instance.action_check_scopes()
        self.assertEqual(self.instance.missing_scopes, "Orders: modify")
        self.grant("store_v2_orders", "store_v2_products")
        self.get_lines("export_order_numbers", state="blocked").action_retry()
        self.drain()
        self.assertFalse(self.instance.missing_scopes)
        self.assertEqual(self.instance._get_scope_state("store_v2_orders"), "granted")

    def test_what_a_person_asked_for_once_is_missed_until_the_next_check(self):
        self.grant_all_but("store_v2_customers_read_only")
        self.run_operation(self.instance, "import_customers")
        self.assertEqual(self.instance.missing_scopes, "Customers: read-only")
        self.instance.action_check_scopes()
        self.assertFalse(self.instance.missing_scopes)

    def test_nothing_is_written_while_nothing_changes(self):
        self.run_operation(self.instance, "import_listings")
        before = self.instance.write_date
        writes = []
        self.patch(
            type(self.instance), "write", lambda own, vals: writes.append(vals) or True
        )
        self.instance._note_scopes({"store_v2_products_read_only": True})
        self.assertEqual((writes, self.instance.write_date), ([], before))

    def test_another_token_starts_anew(self):
        self.grant_all_but("store_locations_read_only")
        self.instance.action_check_scopes()
        self.instance.access_token = "another"
        self.assertFalse(self.instance.missing_scopes)
        self.assertFalse(self.instance.scopes_checked_on)
        self.assertEqual(set(self.get_states().values()), {"unchecked"})
