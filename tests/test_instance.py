"""The instance: what it takes, what it refuses, what its buttons say."""

import logging
import socket

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..client.errors import WriteRefused
from .common import SandboxCase, load_few_orders

CANARY = "canary4tokenzzq9"
STORE = "^/v2/store$"


@tagged("post_install", "-at_install")
class TestFields(SandboxCase):
    def test_it_begins_as_a_draft_with_sensible_values(self):
        instance = self.env["bigcommerce.instance"].create(
            {"name": "Shop", "store_hash": "abc123", "access_token": "token"}
        )
        company = self.env.company
        self.assertEqual(instance.state, "draft")
        self.assertEqual(instance.marketplace, "bigcommerce")
        self.assertEqual(instance.company_id, company)
        self.assertEqual(instance.warehouse_id.company_id, company)
        self.assertEqual(instance.country_id, company.country_id)
        self.assertEqual(instance.language_id.code, "en_US")
        self.assertEqual(instance.log_level, "error")
        self.assertEqual(instance.queue_batch_limit, 100)
        self.assertEqual(instance.api_url, "https://api.bigcommerce.com")
        self.assertFalse(instance.create_odoo_products)
        self.assertFalse(instance.observe_mode)

    def test_the_store_hash_may_be_pasted_as_an_api_path(self):
        for pasted in (
            "abc123",
            "  abc123 ",
            "https://api.bigcommerce.com/stores/abc123/v3/",
            "https://api.bigcommerce.com/stores/abc123/v2",
            "stores/abc123",
            "/stores/abc123/v3",
        ):
            with self.subTest(pasted=pasted):
                instance = self.create_instance(store_hash=pasted)
                self.assertEqual(instance.store_hash, "abc123")
                instance.store_hash = "other"
                instance.write({"store_hash": pasted})
                self.assertEqual(instance.store_hash, "abc123")
                instance.unlink()

    def test_what_is_no_store_hash_is_refused(self):
        for typed in ("https://shop.example.com/", "not a hash", "a/b"):
            with self.subTest(typed=typed), self.assertRaises(ValidationError):
                self.create_instance(store_hash=typed)

    def test_the_token_and_the_api_url_are_taken_without_stray_spaces(self):
        instance = self.create_instance(
            access_token=f" {CANARY}\n", api_url=" http://127.0.0.1:9/ "
        )
        self.assertEqual(instance.access_token, CANARY)
        self.assertEqual(instance.api_url, "http://127.0.0.1:9")

    @mute_logger("odoo.sql_db")
    def test_a_second_instance_of_a_store_is_refused(self):
        self.create_instance()
        path = f"{self.store.address}/stores/sandbox/v3/"
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.create_instance(name="Again", store_hash=path)

    @mute_logger("odoo.sql_db")
    def test_an_archived_instance_still_owns_its_store(self):
        self.create_instance(active=False)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.create_instance(name="Again")

    @mute_logger("odoo.sql_db")
    def test_the_batch_limit_lies_between_1_and_1000(self):
        for limit in (0, -1, 1001):
            with (
                self.subTest(limit=limit),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.create_instance(
                    store_hash=f"h{limit + 1}", queue_batch_limit=limit
                )
        self.create_instance(store_hash="least", queue_batch_limit=1)
        self.create_instance(store_hash="most", queue_batch_limit=1000)

    def test_it_says_whether_there_are_products_already(self):
        self.env["product.product"].search([]).default_code = False
        instance = self.create_instance()
        self.assertFalse(instance.has_products)
        self.env["product.product"].create({"name": "Mug", "default_code": "MUG"})
        instance.invalidate_recordset()
        self.assertTrue(instance.has_products)

    def test_a_copy_takes_over_the_configuration_only(self):
        instance = self.confirm_instance(observe_mode=True, queue_batch_limit=7)
        copy = instance.copy({"store_hash": "another", "access_token": "another"})
        self.assertEqual(copy.queue_batch_limit, 7)
        self.assertTrue(copy.observe_mode)
        self.assertEqual(copy.state, "draft")
        self.assertNotEqual(copy.name, instance.name)
        self.assertNotEqual(copy.api_url, self.store.address)
        for field in (
            "pricelist_id",
            "database_uuid",
            "currency_id",
            "weight_unit",
            "timezone",
            "import_orders_from",
            "order_status_ids",
            "channel_ids",
            "currency_ids",
            "location_ids",
            "automatic_job_ids",
            "delivery_product_id",
        ):
            with self.subTest(field=field):
                self.assertFalse(copy[field])

    def test_a_copy_never_takes_over_the_credentials(self):
        instance = self.create_instance()
        (vals,) = instance.copy_data()
        self.assertNotIn("access_token", vals)
        self.assertNotIn("store_hash", vals)

    @mute_logger("odoo.sql_db")
    def test_duplicating_is_possible_or_said_in_words_to_be_not(self):
        instance = self.create_instance()
        try:
            copy = instance.copy()
            self.env.flush_all()
        except UserError:
            return
        self.assertFalse(copy.access_token)


@tagged("post_install", "-at_install")
class TestCompany(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {"name": "Second", "country_id": cls.env.ref("base.de").id}
        )

    def test_the_company_of_a_draft_may_change(self):
        instance = self.create_instance()
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        instance.write({"company_id": self.company.id, "warehouse_id": warehouse.id})
        self.assertEqual(instance.company_id, self.company)

    def test_the_company_is_fixed_once_confirmed(self):
        instance = self.confirm_instance()
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        change = {"company_id": self.company.id, "warehouse_id": warehouse.id}
        with self.assertRaises(ValidationError):
            instance.write(change)
        instance.action_reset_to_draft()
        with self.assertRaises(ValidationError):
            instance.write(change)

    def test_a_warehouse_of_another_company_is_refused(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        with self.assertRaises(UserError):
            self.create_instance(warehouse_id=warehouse.id)

    def test_defaults_are_those_of_the_current_company(self):
        instance = (
            self.env["bigcommerce.instance"]
            .with_company(self.company)
            .create({"name": "Shop", "store_hash": "abc", "access_token": "token"})
        )
        self.assertEqual(instance.company_id, self.company)
        self.assertEqual(instance.warehouse_id.company_id, self.company)
        self.assertEqual(instance.country_id.code, "DE")


@tagged("post_install", "-at_install")
class TestStoreIsFixed(SandboxCase):
    """Ids of two stores must never mix."""

    load = staticmethod(load_few_orders)

    def assertFixed(self, instance):
        with self.assertRaisesRegex(ValidationError, "instance of its own"):
            instance.store_hash = "another"
        with self.assertRaisesRegex(ValidationError, "instance of its own"):
            instance.store_hash = False
        self.assertEqual(instance.store_hash, "sandbox")

    def test_the_store_may_change_while_nothing_of_it_is_kept(self):
        instance = self.confirm_instance()
        instance.store_hash = "another"
        self.assertEqual(instance.store_hash, "another")

    def test_the_store_is_fixed_once_an_order_is_kept(self):
        instance = self.confirm_instance()
        instance.order_status_ids = False
        self.run_operation(instance, "import_orders")
        self.assertFalse(self.env["bigcommerce.order"].search([]).sale_order_id)
        self.assertFixed(instance)
        instance.action_reset_to_draft()
        self.assertFixed(instance)

    def test_the_store_is_fixed_once_a_listing_is_kept(self):
        instance = self.confirm_instance()
        self.run_operation(instance, "import_listings")
        self.env["bigcommerce.listing"].search([]).action_archive()
        self.assertFixed(instance)

    def test_the_same_store_may_be_entered_again_and_through_a_proxy(self):
        instance = self.confirm_instance()
        self.run_operation(instance, "import_listings")
        instance.write({"store_hash": "stores/sandbox/v3", "access_token": "new"})
        instance.api_url = "https://proxy.example.com"
        self.assertEqual(instance.store_hash, "sandbox")

    def test_instances_without_anything_of_a_store_are_not_held_back(self):
        other = self.create_instance(store_hash="other")
        self.run_operation(self.confirm_instance(), "import_listings")
        other.store_hash = "another"
        self.assertEqual(other.store_hash, "another")


@tagged("post_install", "-at_install")
class TestConnection(SandboxCase):
    def setUp(self):
        super().setUp()
        self.skip_backoff()
        self.instance = self.create_instance()

    def assertRefused(self, *words):
        with self.assertRaises(UserError) as refusal:
            self.instance.action_test_connection()
        message = str(refusal.exception)
        for word in words:
            self.assertIn(word, message)
        self.assertNotIn("Traceback", message)
        self.assertNotIn("sandbox-token", message)
        self.assertEqual(self.instance.state, "draft")

    def test_a_working_connection_is_said_in_a_banner(self):
        banner = self.instance.action_test_connection()
        self.assertEqual(banner["tag"], "display_notification")
        self.assertEqual(banner["params"]["type"], "success")
        self.assertIn("Harbour & Hill", banner["params"]["title"])

    def test_it_reads_and_changes_nothing(self):
        self.store.forget_requests()
        self.instance.action_test_connection()
        self.assertEqual(
            {request["method"] for request in self.store.get_requests()}, {"GET"}
        )
        self.assertEqual(self.instance.state, "draft")
        self.assertFalse(self.instance.currency_id)

    def test_a_wrong_store_hash_is_said_in_words(self):
        self.instance.store_hash = "wrong"
        self.assertRefused("Check the store hash")

    def test_a_wrong_token_is_said_in_words(self):
        self.instance.access_token = "wrong"
        self.assertRefused("does not accept the access token")

    def test_a_token_that_cannot_be_one_is_said_in_words(self):
        self.instance.access_token = "tökèn"
        self.assertRefused("does not accept the access token")

    def test_a_missing_scope_is_named(self):
        self.store.control("PUT", "access", {"scopes": ["store_v2_orders"]})
        notification = self.instance.action_test_connection()
        self.assertIn("Information & Settings", notification["params"]["message"])

    def test_all_missing_scopes_are_named_at_once(self):
        self.store.control(
            "PUT", "access", {"scopes": ["store_v2_information", "store_v2_orders"]}
        )
        self.instance.action_test_connection()
        self.assertEqual(
            self.instance.missing_scopes.splitlines(),
            [
                "Channel Settings: read-only",
                "Store Locations: read-only",
                "Products: read-only",
            ],
        )

    def test_a_store_without_locations_is_connected_all_the_same(self):
        self.store.fault("^/v3/inventory/locations$", status=404, times=0)
        notification = self.instance.action_test_connection()
        self.assertEqual(notification["params"]["type"], "success")

    def test_an_address_that_is_none_is_refused(self):
        for address in ("nonsense", "file:///etc/passwd", "https://", "https://a b"):
            with self.subTest(address=address), self.assertRaises(ValidationError):
                self.instance.api_url = address

    def test_a_run_that_failed_is_seen_on_the_instance(self):
        self.instance.action_confirm()
        self.drain()
        self.assertEqual(self.instance.failed_job_count, 0)
        self.store.fault("^/v2/orders$", status=403, times=0)
        self.instance._start("import_orders")
        self.drain()
        self.instance.invalidate_recordset()
        self.assertEqual(self.instance.failed_job_count, 1)
        action = self.instance.action_view_failed_jobs()
        self.assertEqual(action["res_model"], "bigcommerce.queue.job")

    def test_a_store_out_of_reach_is_said_in_words(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        self.instance.api_url = f"http://127.0.0.1:{port}"
        self.assertRefused("cannot be reached", f"127.0.0.1:{port}")

    def test_a_page_that_is_no_api_is_said_in_words(self):
        self.store.fault(STORE, status=200, body="<html>Welcome</html>", times=0)
        self.assertRefused("not what BigCommerce's API promises")

    def test_a_redirect_is_said_in_words(self):
        self.store.fault(
            STORE, status=301, headers={"Location": "http://127.0.0.1/"}, times=0
        )
        self.assertRefused("not what BigCommerce's API promises")

    def test_a_server_in_trouble_is_said_in_words(self):
        self.store.fault(STORE, status=503, times=0)
        self.assertRefused("problem of its own", "503")

    def test_a_used_up_quota_is_said_in_words(self):
        self.store.fault(
            STORE, status=429, headers={"X-Rate-Limit-Time-Reset-Ms": "25000"}
        )
        self.assertRefused("used up its requests")

    def test_a_store_that_confirm_could_not_read_is_said_in_words(self):
        self.store.patch("v2/store", is_price_entered_with_tax="perhaps")
        self.assertRefused(
            "not what BigCommerce's API promises", "is_price_entered_with_tax"
        )

    def test_an_answer_that_is_no_store_is_said_in_words(self):
        self.store.fault(STORE, status=200, body=["a", "list"], times=0)
        self.assertRefused("not what BigCommerce's API promises")


@tagged("post_install", "-at_install")
class TestButtons(SandboxCase):
    def test_nothing_is_imported_into_a_draft(self):
        instance = self.create_instance()
        for button in ("action_import_listings", "action_import_orders"):
            with self.subTest(button=button), self.assertRaises(UserError):
                getattr(instance, button)()
        self.assertFalse(self.env["bigcommerce.queue.job"].search([]))

    def test_import_buttons_say_that_it_has_begun(self):
        instance = self.confirm_instance()
        for button, operation in (
            ("action_import_listings", "import_listings"),
            ("action_import_orders", "import_orders"),
        ):
            with self.subTest(button=button):
                banner = getattr(instance, button)()
                self.assertEqual(banner["params"]["type"], "success")
                job = self.env["bigcommerce.queue.job"].search([], limit=1)
                self.assertEqual((job.operation, job.state), (operation, "pending"))

    def test_a_button_asks_the_store_nothing(self):
        instance = self.confirm_instance()
        self.store.forget_requests()
        instance.action_import_orders()
        instance.action_import_listings()
        self.assertEqual(self.store.get_requests(), [])

    def test_smart_buttons_lead_to_what_belongs_to_the_instance(self):
        instance = self.confirm_instance()
        for button, model in (
            ("action_view_orders", "bigcommerce.order"),
            ("action_view_listings", "bigcommerce.listing"),
            ("action_view_queue", "bigcommerce.queue.line"),
            ("action_view_problems", "bigcommerce.queue.line"),
        ):
            with self.subTest(button=button):
                action = getattr(instance, button)()
                self.assertEqual(action["res_model"], model)
                self.assertEqual(action["domain"], [("instance_id", "=", instance.id)])

    def test_reset_to_draft_keeps_what_was_configured(self):
        instance = self.confirm_instance()
        statuses, pricelist = instance.order_status_ids, instance.pricelist_id
        instance.action_reset_to_draft()
        self.assertEqual(instance.state, "draft")
        self.assertEqual(instance.order_status_ids, statuses)
        self.assertEqual(instance.pricelist_id, pricelist)
        instance.action_confirm()
        self.assertEqual(instance.state, "confirmed")
        self.assertEqual(instance.order_status_ids, statuses)
        self.assertEqual(instance.pricelist_id, pricelist)

    def test_counts_are_those_of_the_instance(self):
        instance = self.confirm_instance()
        other = self.create_instance(store_hash="other")
        self.run_operation(instance, "import_orders")
        self.assertEqual((instance.order_count, other.order_count), (90, 0))
        self.assertEqual((instance.listing_count, other.listing_count), (40, 0))
        self.assertEqual(instance.open_line_count, 0)
        self.assertEqual(
            instance.problem_line_count,
            len(self.env["bigcommerce.queue.line"].search([("state", "=", "blocked")])),
        )

    def test_an_instance_can_be_deleted_with_all_that_belongs_to_it(self):
        instance = self.confirm_instance(import_orders_from="2999-01-01")
        self.run_operation(instance, "import_listings")
        instance.unlink()
        self.assertFalse(self.env["bigcommerce.listing"].search([]))
        self.assertTrue(
            self.env["product.product"].search([("default_code", "=", "MUG-ENAMEL")])
        )

    def test_an_instance_with_imported_orders_can_only_be_archived(self):
        instance = self.confirm_instance()
        self.run_operation(instance, "import_orders")
        with self.assertRaisesRegex(UserError, "Archive it"):
            instance.unlink()
        instance.action_archive()
        self.assertTrue(self.env["bigcommerce.order"].search([]))


@tagged("post_install", "-at_install")
class TestReadOnly(SandboxCase):
    load = staticmethod(load_few_orders)

    def assertOnlyReads(self, instance, *words):
        self.store.forget_requests()
        with instance._connect() as client:
            for method in ("POST", "PUT", "DELETE", "PATCH"):
                with self.assertRaises(WriteRefused) as refusal:
                    client.transport.exchange(method, "/v2/orders/118", json={})
            self.assertTrue(client.get_store())
        for word in words:
            self.assertIn(word, str(refusal.exception))
        self.assertEqual(len(self.store.get_requests()), 1)

    def assertMayWrite(self, instance):
        with instance._connect() as client:
            client.transport.exchange("PUT", "/v2/orders/118", json={"status_id": 2})
        self.assertEqual(self.store.control("GET", "v2/orders/118")["status_id"], 2)

    def test_a_confirmed_instance_may_write(self):
        self.assertMayWrite(self.confirm_instance())

    def test_observe_mode_refuses_every_write_and_goes_on_reading(self):
        instance = self.confirm_instance(observe_mode=True)
        self.assertOnlyReads(instance, "observe mode")
        self.run_operation(instance, "import_orders")
        self.assertTrue(self.env["bigcommerce.order"].search_count([]))

    def test_a_copied_database_refuses_every_write_until_a_manager_allows_it(self):
        instance = self.confirm_instance()
        self.assertFalse(instance.is_foreign_database)
        self.env["ir.config_parameter"].set_param("database.uuid", "another-database")
        instance.invalidate_recordset()
        self.assertTrue(instance.is_foreign_database)
        self.assertOnlyReads(instance, "copy")
        instance.action_allow_this_database()
        self.assertFalse(instance.is_foreign_database)
        self.assertMayWrite(instance)

    def test_reading_store_data_again_leaves_a_copied_database_protected(self):
        instance = self.confirm_instance()
        self.copy_database()
        instance.action_confirm()
        self.assertTrue(instance.is_foreign_database)
        self.assertOnlyReads(instance, "copy")

    def test_confirming_anew_leaves_a_copied_database_protected(self):
        instance = self.confirm_instance()
        self.copy_database()
        instance.action_reset_to_draft()
        self.assertOnlyReads(instance, "copy")
        instance.action_confirm()
        self.assertEqual(instance.state, "confirmed")
        self.assertOnlyReads(instance, "copy")

    def test_an_instance_made_in_a_copied_database_may_write_from_there(self):
        self.copy_database()
        self.assertMayWrite(self.confirm_instance())

    def copy_database(self):
        """Let the database be a copy of the one in which instances were confirmed."""
        self.env["ir.config_parameter"].set_param("database.uuid", "another-database")
        self.env.invalidate_all()

    def test_a_draft_in_a_new_database_is_no_copy(self):
        self.assertFalse(self.create_instance().is_foreign_database)


@tagged("post_install", "-at_install")
class TestNeutralize(SandboxCase):
    """What Odoo runs on a copy that shall reach nobody outside."""

    load = staticmethod(load_few_orders)

    def neutralize(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["bigcommerce_connector"]):
            self.cr.execute(query)
        self.env.invalidate_all()

    def test_it_can_change_no_store_even_with_a_new_token(self):
        instance = self.confirm_instance()
        self.neutralize()
        self.assertEqual(instance.state, "draft")
        self.assertTrue(instance.observe_mode)
        instance.access_token = "sandbox-token"
        instance.action_confirm()
        for _switch in ("observe mode", "copy"):
            with (
                instance._connect() as client,
                self.assertRaises(WriteRefused),
            ):
                client.update_order("118", {"staff_notes": "x"})
            instance.observe_mode = False
        self.assertTrue(instance.is_foreign_database)
        instance.action_allow_this_database()
        with instance._connect() as client:
            client.update_order("118", {"staff_notes": "x"})

    def test_nothing_runs_by_itself_and_nothing_waits_to_be_sent(self):
        instance = self.confirm_instance()
        instance.automatic_job_ids.active = True
        self.run_operation(instance, "import_orders")
        done = self.env["bigcommerce.queue.line"].search([("state", "=", "done")])
        job = instance._start("import_orders")
        lines = self.env["bigcommerce.queue.line"].create(
            [
                {
                    "job_id": job.id,
                    "instance_id": instance.id,
                    "operation": "export_order_numbers",
                    "key": state,
                    "lane": state,
                    "name": state,
                    "payload": "{}",
                    "state": state,
                }
                for state in ("pending", "retry", "blocked", "sending", "unknown")
            ]
        )
        for _twice in range(2):
            self.neutralize()
            self.assertEqual(set(lines.mapped("state")), {"cancelled"})
            self.assertEqual(job.state, "cancelled")
            self.assertEqual(set(done.mapped("state")), {"done"})
            self.assertFalse(any(instance.automatic_job_ids.mapped("active")))
            self.assertQueueIsSound()

    def test_the_form_says_so(self):
        instance = self.confirm_instance()
        self.assertFalse(instance.is_neutralized or instance.is_foreign_database)
        self.neutralize()
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        self.env.invalidate_all()
        self.assertTrue(instance.is_neutralized and instance.is_foreign_database)

    def test_no_instance_can_be_connected(self):
        instances = (
            self.confirm_instance()
            | self.create_instance(store_hash="draft")
            | self.create_instance(store_hash="archived", active=False)
        )
        self.neutralize()
        for instance in instances:
            with (
                self.subTest(store_hash=instance.store_hash),
                self.assertRaisesRegex(UserError, "access token"),
            ):
                instance._connect()

    def test_nothing_is_started_and_nothing_asked(self):
        instance = self.confirm_instance()
        instance.action_import_orders()
        self.neutralize()
        self.store.forget_requests()
        self.drain()
        with self.assertRaisesRegex(UserError, "Confirm Sandbox first"):
            instance.action_import_orders()
        self.assertEqual(self.store.get_requests(), [])

    def test_what_was_imported_stays(self):
        instance = self.confirm_instance()
        self.run_operation(instance, "import_orders")
        orders = self.env["bigcommerce.order"].search([])
        self.neutralize()
        self.assertTrue(orders)
        self.assertEqual(self.env["bigcommerce.order"].search([]), orders)


@tagged("post_install", "-at_install")
class TestLog(SandboxCase):
    def get_levels(self, log_level):
        self.env["bigcommerce.log"].search([]).unlink()
        instance = self.create_instance(log_level=log_level, store_hash=f"h{log_level}")
        instance._log("success", "It works.")
        instance._log("error", "It does not.")
        return self.env["bigcommerce.log"].search([]).mapped("level")

    def test_each_level_keeps_what_it_says(self):
        self.assertCountEqual(self.get_levels("all"), ["success", "error"])
        self.assertCountEqual(self.get_levels("success"), ["success"])
        self.assertCountEqual(self.get_levels("error"), ["error"])

    def test_a_log_tells_how_many_requests_it_took(self):
        instance = self.create_instance(log_level="all")
        instance.action_test_connection()
        log = self.env["bigcommerce.log"].search([("instance_id", "=", instance.id)])
        # The store, and one read of each scope: orders take two.
        self.assertEqual((log.level, log.request_count), ("success", 9))
        self.assertIn("Harbour & Hill", log.message)


class Records(logging.Handler):
    """Keeps what is logged, down to the last level."""

    def __init__(self):
        super().__init__(logging.NOTSET)
        self.texts = []

    def emit(self, record):
        self.texts.append(self.format(record))


@tagged("post_install", "-at_install")
class TestTokenIsASecret(SandboxCase):
    """Whatever happens, the token is nowhere but in its field."""

    load = staticmethod(load_few_orders)

    def setUp(self):
        super().setUp()
        self.skip_backoff()
        self.store.control("PUT", "access", {"access_token": CANARY})
        self.records = Records()
        loggers = [
            logging.getLogger(name)
            for name in ("odoo.addons.bigcommerce_connector", "urllib3", "requests")
        ]
        for logger in loggers:
            self.addCleanup(logger.setLevel, logger.level)
            self.addCleanup(logger.removeHandler, self.records)
            logger.setLevel(logging.DEBUG)
            logger.addHandler(self.records)
        self.instance = self.confirm_instance(access_token=CANARY, log_level="all")

    def assertKept(self):
        self.assertTrue(self.records.texts)
        self.assertNotIn(CANARY, "\n".join(self.records.texts))
        self.env.flush_all()
        for model in (
            "bigcommerce.log",
            "bigcommerce.queue.job",
            "bigcommerce.queue.line",
            "bigcommerce.order",
            "bigcommerce.listing",
            "mail.message",
            "mail.tracking.value",
        ):
            records = self.env[model].search([])
            fields = [
                name
                for name, field in records._fields.items()
                if field.store and field.type in ("char", "text", "html", "json")
            ]
            self.assertNotIn(CANARY, str(records.read(fields)), model)

    def test_when_all_goes_well(self):
        self.instance.action_test_connection()
        self.run_operation(self.instance, "import_listings")
        self.run_operation(self.instance, "import_orders")
        self.assertKept()

    def test_when_the_store_repeats_it_in_an_error(self):
        for status in (400, 401, 404, 422, 500):
            self.store.fault(
                "^/v2/orders$", status=status, body={"title": f"No {CANARY}"}, times=0
            )
            self.run_operation(self.instance, "import_orders")
            self.store.heal()
            self.store.fault(STORE, status=status, body=f"<p>{CANARY}</p>", times=0)
            with self.assertRaises(UserError) as refusal:
                self.instance.action_test_connection()
            self.assertNotIn(CANARY, str(refusal.exception))
            self.store.heal()
        self.assertKept()

    def test_when_an_operation_fails_unexpectedly(self):
        def surprise(operation, client, *_arguments):
            raise ValueError(f"{client} {client.transport} {vars(operation)}")

        self.patch(self.registry["bigcommerce.import.orders"], "_discover", surprise)
        self.run_operation(self.instance, "import_orders")
        self.assertKept()

    def test_when_the_store_cannot_be_reached(self):
        self.instance.api_url = "http://127.0.0.1:9"
        self.run_operation(self.instance, "import_orders")
        with self.assertRaises(UserError) as refusal:
            self.instance.action_test_connection()
        self.assertNotIn(CANARY, str(refusal.exception))
        self.assertKept()

    def test_when_it_is_changed(self):
        self.instance.access_token = f"{CANARY}new"
        self.cr.precommit.run()
        self.assertKept()
