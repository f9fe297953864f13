"""The log tells what happened, to what, and what was said: and of nobody who it was."""

import base64
import io
import json
import zipfile
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models import bigcommerce_log
from .common import OrderCase, SandboxCase, load_few_orders
from .test_export_order_numbers import NumbersCase

MUG = {"sku": "MUG-ENAMEL"}
OPERATION = "export_order_numbers"
SETTLEMENT = "odoo.addons.bigcommerce_connector.sync.settlement"
USER = "bigcommerce_connector.bigcommerce_group_user"
MANAGER = "bigcommerce_connector.bigcommerce_group_manager"


class LogCase(NumbersCase):
    def setUp(self):
        super().setUp()
        self.env["bigcommerce.log"].search([]).unlink()

    def get_logs(self, operation=OPERATION, **vals):
        domain = [("operation", "=", operation)]
        domain += [(field, "=", value) for field, value in vals.items()]
        return self.env["bigcommerce.log"].search(domain)

    def refuse_number(self):
        """Let the store refuse the number of an order; return its record."""
        order = self.import_unsent()
        self.fault_of_writes(status=422, body={"title": "No such number"}, times=0)
        self.drain()
        return order


@tagged("post_install", "-at_install")
class TestErrors(LogCase):
    def test_a_line_that_is_blocked_is_told_with_record_request_and_answer(self):
        order = self.refuse_number()
        line = self.get_lines(OPERATION)
        self.assertEqual(line.state, "blocked")
        log = self.get_logs()
        self.assertEqual((log.level, log.operation), ("error", OPERATION))
        self.assertEqual((log.name, log.key), (line.name, order.bc_id))
        self.assertEqual((log.res_model, log.res_id), (order._name, order.id))
        self.assertEqual((log.line_ids, log.job_id), (line, line.job_id))
        self.assertIn("No such number", log.message)
        self.assertTrue(log.request.startswith(f"PUT /v2/orders/{order.bc_id}\n"))
        self.assertIn(order.sale_order_id.name, log.request)
        self.assertTrue(log.answer.startswith("HTTP 422\n"))
        self.assertIn("No such number", log.answer)
        self.assertEqual(line.log_count, 1)

    def test_what_fails_again_is_counted_and_not_repeated(self):
        self.refuse_number()
        self.get_logs().date = "2020-01-01"
        self.get_lines(OPERATION).action_retry()
        self.drain()
        log = self.get_logs()
        self.assertEqual(log.times, 2)
        self.assertGreater(log.date.year, 2020)

    def test_a_line_that_runs_out_of_tries_is_told_once(self):
        self.import_unsent()
        self.fault_of_writes(status=503, times=0)
        self.drain()
        self.assertFalse(self.get_logs())
        self.come_back(10)
        line = self.get_lines(OPERATION)
        self.assertTrue(line.cause_id)
        log = self.get_logs().filtered("line_ids")
        self.assertEqual((log.line_ids, log.level), (line, "error"))

    def test_many_lines_that_are_blocked_are_noted_in_one_go(self):
        for _number in range(3):
            self.store.place_order(lines=[MUG])
        create = type(self.env["bigcommerce.log"]).create
        batches = []

        def count(logs, vals_list):
            batches.append(len(vals_list))
            return create(logs, vals_list)

        with patch.object(type(self.env["bigcommerce.log"]), "create", count):
            self.import_orders()
        lines = self.get_lines("process_orders", state="blocked")
        self.assertEqual(len(lines), 3)
        logs = self.get_logs("process_orders", level="error")
        self.assertEqual(logs.line_ids, lines)
        self.assertEqual([size for size in batches if size], [3])

    def test_a_scan_that_fails_tells_which_request_did(self):
        self.store.fault("^/v2/orders$", status=403, body={"title": "No"}, times=0)
        job = self.instance._start("import_orders")
        self.drain()
        log = self.get_logs("import_orders")
        self.assertEqual((log.level, log.job_id), ("error", job))
        self.assertTrue(log.request.startswith("GET /v2/orders?"))
        self.assertTrue(log.answer.startswith("HTTP 403"))

    @mute_logger(SETTLEMENT)
    def test_a_log_that_cannot_be_written_does_not_stop_the_queue(self):
        def fail(*_arguments, **_options):
            raise ValueError("The log is broken.")

        self.patch(self.registry["bigcommerce.log"], "_keep", fail)
        self.refuse_number()
        self.assertEqual(self.get_lines(OPERATION).state, "blocked")
        self.assertQueueIsSound()

    def test_the_record_is_opened_only_for_those_who_may_see_it(self):
        order = self.refuse_number()
        user = new_test_user(self.env, "log_reader", USER)
        log = self.get_logs().with_user(user)
        action = log.action_open_related_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (order._name, order.id)
        )
        log.sudo().write({"res_model": "ir.cron", "res_id": 1})
        with self.assertRaises(AccessError):
            log.action_open_related_record()
        log.sudo().write({"res_model": order._name, "res_id": 0x7FFFFFFF})
        with self.assertRaisesRegex(UserError, "deleted"):
            log.action_open_related_record()


@tagged("post_install", "-at_install")
class TestLevels(LogCase):
    def test_success_tells_how_each_run_ended_and_no_problem(self):
        self.instance.log_level = "success"
        self.refuse_number()
        log = self.get_logs()
        self.assertEqual(log.level, "success")
        self.assertEqual(log.job_id, self.get_lines(OPERATION).job_id)
        self.assertIn("0 done, 1 with problems", log.message)
        self.assertFalse(log.request)

    def test_a_run_that_found_nothing_to_do_is_not_told(self):
        self.instance.log_level = "all"
        self.import_orders()
        self.assertFalse(self.env["bigcommerce.log"].search([]))

    def test_error_tells_nothing_of_what_goes_well(self):
        self.import_order(lines=[MUG])
        self.assertFalse(self.get_logs())

    def test_all_tells_each_change_of_the_store_and_what_came_back(self):
        self.instance.log_level = "all"
        order = self.import_order(lines=[MUG])
        log = self.get_logs(level="success").filtered("request")
        self.assertEqual(log.operation, OPERATION)
        self.assertIn(order.sale_order_id.name, log.request)
        self.assertTrue(log.answer.startswith("HTTP 200\n"))
        self.assertEqual((log.res_model, log.res_id), (order._name, order.id))
        self.assertFalse(self.get_logs(level="error"))

    def test_all_tells_of_an_answer_that_was_lost(self):
        self.instance.log_level = "all"
        self.fault_of_writes(kind="reset", after=True)
        order = self.import_order(lines=[MUG])
        log = self.get_logs(level="error")
        self.assertIn(f"PUT /v2/orders/{order.bc_id}", log.request)
        self.assertNotIn("HTTP", log.answer)
        self.come_back()
        self.assertWritten(order)

    def test_an_answer_that_is_lost_for_the_last_time_is_told_once(self):
        self.instance.log_level = "all"
        self.fault_of_writes(kind="reset", after=True)
        with patch(f"{SETTLEMENT}.MAX_TRIES", 1):
            self.import_order(lines=[MUG])
        self.assertEqual(self.get_lines(OPERATION).cause_code, "outcome_unknown")
        log = self.get_logs(level="error")
        self.assertEqual((len(log), log.times), (1, 1))

    def test_all_tells_of_a_change_before_the_request_that_failed(self):
        self.instance.log_level = "all"
        Operation = self.registry["bigcommerce.export.order.numbers"]
        send = Operation._send

        def send_and_fail(operation, client, lines):
            send(operation, client, lines)
            client.get_order("999999")

        self.patch(Operation, "_send", send_and_fail)
        order = self.import_order(lines=[MUG])
        self.assertEqual(self.get_lines(OPERATION).state, "blocked")
        log = self.get_logs(level="success").filtered("request")
        self.assertIn(f"PUT /v2/orders/{order.bc_id}", log.request)


@tagged("post_install", "-at_install")
class TestFailedClick(SandboxCase):
    load = staticmethod(load_few_orders)

    def test_a_failed_test_connection_or_confirm_stays_in_the_log(self):
        self.skip_backoff()
        instance = self.create_instance()
        self.store.fault("^/v2/store$", status=401, body={"title": "No"}, times=0)
        for action, title in (
            ("action_test_connection", "Test Connection"),
            ("action_confirm", "Confirm"),
        ):
            with self.subTest(action=action):
                self.env.flush_all()
                with self.enter_registry_test_mode():
                    try:
                        with self.registry.cursor() as cr:
                            getattr(instance.with_env(self.env(cr=cr)), action)()
                    except UserError as error:
                        message = str(error)
                log = self.env["bigcommerce.log"].search(
                    [("instance_id", "=", instance.id)], limit=1
                )
                self.assertEqual(log.level, "error")
                self.assertEqual(log.message, f"{title}: {message}")
                self.assertEqual(log.request, "GET /v2/store")
                self.assertTrue(log.answer.startswith("HTTP 401"))

    def test_nothing_is_kept_of_an_instance_that_was_never_saved(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            with self.assertRaises(UserError):
                with self.registry.cursor() as cr:
                    env = self.env(cr=cr)
                    vals = {"name": "New", "store_hash": "new", "access_token": "x"}
                    instance = env["bigcommerce.instance"].create(
                        {**vals, "api_url": "http://127.0.0.1:9"}
                    )
                    instance.action_test_connection()
        self.assertFalse(
            self.env["bigcommerce.log"].search([("message", "like", "New")])
        )


@tagged("post_install", "-at_install")
class TestRetention(SandboxCase):
    load = staticmethod(load_few_orders)

    def setUp(self):
        super().setUp()
        self.env["bigcommerce.log"].search([]).unlink()
        self.instance = self.create_instance(log_level="all")

    def make_log(self, days, instance=None):
        (instance or self.instance)._log("error", f"{days} days ago")
        log = self.env["bigcommerce.log"].search([], limit=1)
        log.date = fields.Datetime.now() - timedelta(days=days)
        return log

    def purge(self):
        return self.env["bigcommerce.log"]._gc_old_logs()

    def test_logs_are_kept_as_many_days_as_each_store_says(self):
        self.assertEqual(self.instance.log_days, 30)
        other = self.create_instance(store_hash="other", log_days=1, active=False)
        old, young = self.make_log(31), self.make_log(29)
        others_old, others_young = self.make_log(2, other), self.make_log(0, other)
        self.assertEqual(self.purge(), (2, False))
        self.assertFalse((old + others_old).exists())
        self.assertEqual((young + others_young).exists(), young + others_young)

    def test_many_go_in_batches(self):
        self.patch(bigcommerce_log, "PURGE_BATCH", 2)
        for _number in range(3):
            self.make_log(31)
        self.assertEqual(self.purge(), (2, True))
        self.assertEqual(self.purge(), (1, False))

    def test_odoo_does_it_every_day(self):
        self.assertTrue(self.registry["bigcommerce.log"]._gc_old_logs._autovacuum)

    @mute_logger("odoo.sql_db")
    def test_a_day_is_the_least(self):
        with self.assertRaises(psycopg2.errors.CheckViolation):
            self.instance.log_days = 0
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestNobodyIsInIt(OrderCase):
    """The token and the people of a store are in no log, whatever happens."""

    PEOPLE = (
        "Zebedee",
        "Quillfeather",
        "zebedee@example",
        "Nettlebed",
        "5550142",
        "PD7",
    )

    PERSON = {
        "first_name": "Zebedee",
        "last_name": "Quillfeather",
        "company": "Quillfeather Nettlebed Ltd",
        "email": "zebedee@example.com",
        "phone": "+44 20 5550142 77",
        "street_1": "7 Nettlebed Lane",
        "city": "Nettlebed",
        "zip": "PD7 0AA",
    }

    def test_the_log_of_a_busy_store_names_nobody(self):
        self.skip_backoff()
        self.instance.write({"log_level": "all", "export_order_number": True})
        self.drain()
        cart = {"lines": [MUG], "billing": self.PERSON}
        body = {
            "title": "Zebedee Quillfeather (zebedee@example.com) sandbox-token",
            "billing_address": self.PERSON,
            "customer": {"name": "Zebedee"},
        }
        self.import_order(**cart)
        for fault in (
            {"status": 422, "body": body},
            {"status": 503, "body": body, "times": 3},
            {"status": 200, "body": "Zebedee", "after": True},
            {"status": 404, "body": body},
        ):
            self.store.fault("^/v2/orders/", method="PUT", **fault)
            self.import_order(**cart)
            self.store.heal()
        self.instance.observe_mode = True
        self.import_order(**cart)
        self.let_time_pass()
        self.drain()
        self.env.flush_all()
        self.assertGreaterEqual(
            set(self.env["bigcommerce.log"].search([]).mapped("level")),
            {"success", "error", "observed"},
        )
        self.env.cr.execute("SELECT log::text FROM bigcommerce_log log")
        texts = "\n".join(text for (text,) in self.env.cr.fetchall())
        for word in (*self.PEOPLE, "sandbox-token"):
            with self.subTest(word=word):
                self.assertNotIn(word, texts)

    def let_odoo_refuse(self, operation):
        """Let Odoo name the customer where an operation writes."""
        message = "Zebedee Quillfeather of Nettlebed has no valid VAT."

        def refuse(*_arguments):
            raise UserError(message)

        self.patch(self.registry[operation], "_apply", refuse)

    def assertNamesNobody(self, operation):
        log = self.env["bigcommerce.log"].search(
            [("operation", "=", operation), ("message", "like", "has no valid VAT.")]
        )
        self.assertEqual(len(log), 1)
        bundle = self.env["bigcommerce.support.bundle"]
        texts = [log.message, str(bundle._read_tracebacks(self.instance))]
        self.assertIn("has no valid VAT.", texts[1])
        for word in ("Zebedee", "Quillfeather", "Nettlebed"):
            with self.subTest(word=word):
                self.assertNotIn(word, "\n".join(texts))

    def test_what_odoo_says_of_a_customer_names_nobody(self):
        self.let_odoo_refuse("bigcommerce.import.orders")
        self.store.place_order(lines=[MUG], billing=self.PERSON)
        self.import_orders()
        self.assertNamesNobody("import_orders")

    def test_it_names_nobody_either_where_the_line_holds_only_a_number(self):
        self.import_order(lines=[MUG], billing=self.PERSON)
        self.let_odoo_refuse("bigcommerce.process.orders")
        self.instance._start("process_orders")
        self.drain()
        self.assertNamesNobody("process_orders")


@tagged("post_install", "-at_install")
class TestSupportBundle(LogCase):
    def test_it_holds_what_helps_and_no_credentials(self):
        self.refuse_number()
        self.get_lines(OPERATION).traceback = "zoe@example.com\nsandbox-token"
        manager = new_test_user(self.env, "bundle_manager", MANAGER)
        instance = self.instance.with_user(manager)
        action = instance.action_support_bundle()
        self.assertEqual(action["type"], "ir.actions.act_url")
        bundle = self.env["bigcommerce.support.bundle"].search([], limit=1)
        self.assertIn(f"/{bundle.id}/content/{bundle.name}", action["url"])
        archive = io.BytesIO(base64.b64decode(bundle.content))
        with zipfile.ZipFile(archive) as files:
            texts = {name: files.read(name).decode() for name in files.namelist()}
        self.assertIn("19.0", json.loads(texts["versions.json"])["addon"])
        self.assertEqual(json.loads(texts["settings.json"])["store_hash"], "sandbox")
        self.assertIn("refused", texts["queue.json"])
        self.assertIn("No such number", texts["errors.json"])
        for text in texts.values():
            self.assertNotIn("sandbox-token", text)
            self.assertNotIn("zoe@", text)

    def test_it_is_for_managers(self):
        user = new_test_user(self.env, "bundle_user", USER)
        with self.assertRaises(AccessError):
            self.instance.with_user(user).action_support_bundle()
