"""A card per store: what matters today, and where each number leads."""

import json
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .dashboard_case import DashboardCase
from .test_security import MANAGER, USER


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCase):
    def create_another(self, **vals):
        """Return another confirmed store, which nobody asks anything."""
        another = self.create_instance(store_hash="another", name="Another", **vals)
        another.write({"state": "confirmed", "timezone": "UTC"})
        return another

    # What it counts

    def test_each_number_opens_exactly_the_records_that_it_counts(self):
        another = self.create_another()
        now = fields.Datetime.now()
        for instance, times in ((self.instance, 1), (another, 2)):
            self.create_lines(
                instance,
                times * ["pending", "retry", "running", "sending", "unknown", "done"],
            )
            self.create_lines(instance, times * ["blocked"], "unknown_sku")
            self.create_lines(instance, times * ["failed", "blocked"], "refused")
            self.env["bigcommerce.queue.job"].create(
                {
                    "instance_id": instance.id,
                    "operation": "import_listings",
                    "state": "failed",
                    "cause_id": self.env["bigcommerce.cause"]._get("store_trouble").id,
                }
            )
        status = self.env["bigcommerce.order.status"]._find(self.instance, ["11"])["11"]
        status.copy({"instance_id": another.id, "bc_id": "11"})
        for state in ("imported", "held", "held"):
            self.create_order(self.instance, now, state=state)
        self.create_order(another, now, state="held")
        card = self.read_card()
        for name, action, count in (
            ("today_order_count", self.instance.action_view_today_orders(), 3),
            ("held_order_count", self.instance.action_view_held_orders(), 2),
            ("open_line_count", self.instance.action_view_queue(), 5),
            ("problem_line_count", self.instance.action_view_problems(), 3),
            ("failed_job_count", self.instance.action_view_failed_jobs(), 1),
            (
                "unsent_shipment_count",
                self.instance.action_view_unsent_shipments(),
                0,
            ),
            ("late_job_count", self.instance.action_view_late_jobs(), 0),
        ):
            with self.subTest(number=name):
                self.assertEqual(card[name], count)
                found = self.find(action)
                self.assertEqual(len(found), count)
                self.assertLessEqual(found.instance_id, self.instance)
        self.assertEqual(
            [(cause["name"], cause["count"]) for cause in card["problem_causes"]],
            [("Refused by BigCommerce", 2), ("Unknown SKU", 1)],
        )
        for cause in card["problem_causes"]:
            found = self.find(self.instance.action_view_cause(cause["id"]))
            self.assertEqual(len(found), cause["count"])

    def test_the_causes_with_most_lines_are_named(self):
        causes = ("missing_sku", "unknown_sku", "archived_product", "archived_tax")
        for count, cause in enumerate(causes, 1):
            self.create_lines(self.instance, count * ["blocked"], cause)
        card = self.read_card()
        self.assertEqual(
            [cause["count"] for cause in card["problem_causes"]], [4, 3, 2]
        )
        self.assertEqual(card["problem_line_count"], 10)

    # Sales

    def test_today_is_the_day_of_the_store(self):
        self.instance.timezone = "America/New_York"
        # The night in which their clocks go back: their day lasts 25 hours.
        for moment in ("2026-11-01 03:59:59", "2026-11-01 04:00:00"):
            self.create_order(self.instance, moment)
        self.create_order(self.instance, "2026-11-02 04:59:59")
        self.create_order(self.instance, "2026-11-02 05:00:00")
        with freeze_time("2026-11-02 04:30:00"):
            card = self.read_card()
            found = self.find(self.instance.action_view_today_orders())
        self.assertEqual((card["today_order_count"], card["today_revenue"]), (2, 20))
        self.assertEqual(len(found), 2)
        self.assertAlmostEqual(card["daily_revenue"], 10 / 7, 2)
        values = json.loads(card["kanban_dashboard_graph"])[0]["values"]
        self.assertEqual([value["value"] for value in values], [0] * 6 + [10, 20])
        self.assertEqual(values[-1]["label"], "Sun 1")

    def test_a_time_zone_that_nobody_knows_is_taken_for_utc(self):
        self.instance.timezone = "Somewhere/Else"
        _day, start, _end = self.instance._get_days()[-1]
        self.assertEqual(start.time(), datetime.min.time())

    def test_orders_that_came_to_nothing_are_no_sales(self):
        now = fields.Datetime.now()
        for status_id in ("0", "4", "5", "6", "7", "10", "14"):
            self.create_order(self.instance, now, status_id)
        card = self.read_card()
        self.assertEqual((card["today_order_count"], card["today_revenue"]), (3, 30))

    def test_a_store_without_orders_has_no_graph(self):
        card = self.read_card()
        self.assertFalse(card["kanban_dashboard_graph"] or card["sales_note"])

    def test_other_currencies_are_converted_or_said_to_be_left_out(self):
        now = fields.Datetime.now()
        euro, pound = self.env.ref("base.EUR"), self.env.ref("base.GBP")
        pound.rate_ids.unlink()
        self.create_order(self.instance, now)
        self.create_order(self.instance, now, currency_id=euro.id, amount_total=9)
        self.create_order(self.instance, now, currency_id=pound.id)
        self.create_order(self.instance, now, currency_id=False)
        card = self.read_card()
        self.assertEqual((card["today_order_count"], card["today_revenue"]), (4, 20))
        self.assertIn("sums: 2.", card["sales_note"])

    # Connection

    def test_the_quota_left_is_that_of_the_last_answer(self):
        job = self.run_operation(self.instance, "import_orders")
        card = self.read_card()
        self.assertEqual(card["answered_on"], job.answered_on)
        self.assertGreater(card["quota_limit"], card["quota_left"])
        self.assertEqual(card["quota_left"], job.quota_left)
        left = job.quota_left
        with self.subTest("what was not answered says nothing"):
            self.skip_backoff()
            self.store.fault(".", status=503, times=0)
            with mute_logger("odoo.addons.bigcommerce_connector"):
                job = self.run_operation(self.instance, "import_orders")
            self.assertFalse(job.answered_on)
            self.assertEqual(self.read_card()["quota_left"], left)

    def test_an_idle_run_does_not_touch_the_instance(self):
        self.run_operation(self.instance, "import_orders")
        self.env.flush_all()
        self.instance.invalidate_recordset()
        before = self.instance.read(["write_date", "connected_on"])
        self.env.cr.execute(
            "SELECT xmin FROM bigcommerce_instance WHERE id = %s", self.instance.ids
        )
        row = self.env.cr.fetchone()
        self.run_operation(self.instance, "import_orders")
        self.assertEqual(self.instance.read(["write_date", "connected_on"]), before)
        self.env.cr.execute(
            "SELECT xmin FROM bigcommerce_instance WHERE id = %s", self.instance.ids
        )
        self.assertEqual(self.env.cr.fetchone(), row)

    def test_the_card_says_how_the_connection_is(self):
        future = fields.Datetime.now() + timedelta(minutes=5)
        for vals, state, has_message in (
            ({}, "works", False),
            ({"not_before": future}, "paused", True),
            ({"failure_count": 3}, "outage", True),
            ({"is_access_refused": True}, "refused", True),
        ):
            with self.subTest(state=state):
                self.instance.write(vals)
                card = self.read_card()
                self.assertEqual(card["connection_state"], state)
                self.assertEqual(bool(card["connection_message"]), has_message)

    def test_new_credentials_count_as_untested_until_the_store_answers(self):
        self.assertTrue(self.instance.connected_on)
        self.instance.access_token = "another"
        self.assertEqual(self.read_card()["connection_state"], "untested")
        self.instance.access_token = "sandbox-token"
        self.run_operation(self.instance, "import_orders")
        self.assertEqual(self.read_card()["connection_state"], "works")

    # Who sees what

    def test_a_user_sees_the_cards_of_their_companies_and_no_credentials(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        another = self.create_another(company_id=company.id, warehouse_id=warehouse.id)
        self.create_lines(another, ["blocked"], "unknown_sku")
        self.create_lines(self.instance, ["blocked"], "unknown_sku")
        for group in (USER, MANAGER):
            for own, instance in (
                (self.env.company, self.instance),
                (company, another),
            ):
                user = new_test_user(
                    self.env,
                    f"dashboard_{group[-4:]}_{own.id}",
                    group,
                    company_id=own.id,
                    company_ids=[own.id],
                )
                with self.subTest(user=user.login):
                    cards = self.read_cards(user)
                    self.assertEqual(list(cards), instance.ids)
                    card = cards[instance.id]
                    self.assertEqual(card["problem_line_count"], 1)
                    self.assertEqual(card["problem_causes"][0]["count"], 1)
                    self.assertNotIn("sandbox-token", json.dumps(card, default=str))

    def test_without_a_store_a_manager_gets_a_button_and_a_user_a_hint(self):
        action = self.env.ref("bigcommerce_connector.bigcommerce_dashboard_action")
        for group, has_button in ((MANAGER, True), (USER, False)):
            user = new_test_user(self.env, f"empty_{group[-4:]}", group)
            with self.subTest(user=user.login):
                shown = action.sudo().with_env(
                    self.env(user=user, su=True, context={"lang": "en_US"})
                )
                help_message = shown._get_action_dict()["help"]
                self.assertEqual("instances/new" in help_message, has_button)

    # What it costs

    def test_queries_do_not_grow_with_stores_or_lines(self):
        user = new_test_user(self.env, "dashboard_manager", MANAGER)
        now = fields.Datetime.now()
        self.create_lines(self.instance, ["pending", "blocked"], "unknown_sku")
        self.create_order(self.instance, now, state="held")
        self.read_cards(user)
        few = self.count_queries(user)
        for number in range(3):
            another = self.create_instance(store_hash=f"other{number}")
            another.write({"state": "confirmed", "currency_id": 1})
            for cause in ("missing_sku", "unknown_sku", "archived_product"):
                self.create_lines(another, 10 * ["pending", "blocked"], cause)
        self.assertLessEqual(self.count_queries(user), few)

    def count_queries(self, user):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.read_cards(user)
        return self.env.cr.sql_log_count - before
