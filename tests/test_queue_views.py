"""The screens people work off the queue with: by cause, line by line, and settings."""

from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import SandboxCase

MODULE = "bigcommerce_connector"
USER = f"{MODULE}.bigcommerce_group_user"
MANAGER = f"{MODULE}.bigcommerce_group_manager"


class QueueViewCase(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.create_instance()
        cls.job = cls.create_job(cls.instance)
        cls.user = new_test_user(cls.env, "queue_user", USER)

    @classmethod
    def create_job(cls, instance, **vals):
        return cls.env["bigcommerce.queue.job"].create(
            {
                "instance_id": instance.id,
                "operation": "import_orders",
                "state": "running",
                **vals,
            }
        )

    @classmethod
    def create_line(cls, key, state, cause=None, job=None, **vals):
        job = job or cls.job
        return cls.env["bigcommerce.queue.line"].create(
            {
                "job_id": job.id,
                "instance_id": job.instance_id.id,
                "operation": job.operation,
                "key": key,
                "lane": key,
                "name": f"Order {key}",
                "state": state,
                "cause_id": cause and cls.env["bigcommerce.cause"]._get(cause).id,
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestByCause(QueueViewCase):
    def find_causes(self, **context):
        """Return what *By Cause* shows to a user."""
        action = self.env.ref(f"{MODULE}.bigcommerce_cause_action")
        causes = self.env["bigcommerce.cause"].with_user(self.user)
        return causes.with_context(**context).search(safe_eval(action.domain))

    def test_only_causes_that_lines_have_are_listed_with_their_numbers(self):
        self.assertFalse(self.find_causes())
        self.create_line("1", "blocked", "unknown_sku", ended_on="2026-01-02")
        self.create_line("2", "failed", "unknown_sku", ended_on="2026-01-01")
        self.create_line("3", "unknown", "outcome_unknown", ended_on="2026-01-03")
        self.create_line("4", "pending")
        self.assertEqual(
            [
                (cause.code, cause.line_count, str(cause.oldest_on.date()))
                for cause in self.find_causes()
            ],
            [("unknown_sku", 2, "2026-01-01"), ("outcome_unknown", 1, "2026-01-03")],
        )

    def test_problems_of_a_company_are_listed_for_those_who_work_in_it(self):
        company = self.env["res.company"].create({"name": "Another"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        instance = self.create_instance(
            company_id=company.id, warehouse_id=warehouse.id
        )
        self.create_line("1", "blocked", "unknown_sku", self.create_job(instance))
        self.assertFalse(self.find_causes())
        self.user.company_ids += company
        causes = self.find_causes(allowed_company_ids=self.user.company_ids.ids)
        self.assertEqual(causes.line_count, 1)

    def test_every_fix_leads_to_a_screen_that_a_user_of_the_connector_may_see(self):
        seller = new_test_user(
            self.env,
            "queue_seller",
            f"{USER},sales_team.group_sale_manager",
        )
        causes = self.env["bigcommerce.cause"].with_user(seller).search([])
        fixable = causes.filtered("fix_action_id")
        self.assertGreater(len(fixable), 5)
        for cause in fixable:
            with self.subTest(cause=cause.code):
                action = cause.action_fix()
                model = self.env[action["res_model"]].with_user(seller)
                self.assertTrue(model.get_views(action["views"])["views"])
                filters = [
                    key.removeprefix("search_default_")
                    for key in safe_eval(action["context"])
                    if key.startswith("search_default_")
                ]
                search = etree.fromstring(model.get_view(view_type="search")["arch"])
                for name in filters:
                    self.assertTrue(search.findall(f".//filter[@name='{name}']"), name)

    def test_all_lines_of_a_cause_are_seen_and_retried(self):
        alike = self.create_line("1", "blocked", "unknown_sku")
        alike += self.create_line("2", "failed", "unknown_sku")
        other = self.create_line("3", "blocked", "missing_sku")
        cause = alike.cause_id.with_user(self.user)
        action = cause.action_view_lines()
        self.assertEqual(alike.search(action["domain"]), alike.sorted())
        cause.action_retry()
        self.assertEqual(set(alike.mapped("state")), {"pending"})
        self.assertEqual(other.state, "blocked")
        self.assertEqual(self.find_causes(), other.cause_id)


@tagged("post_install", "-at_install")
class TestQueueLines(QueueViewCase):
    def evaluate_filter(self, model, name):
        arch = self.env[model].get_view(view_type="search")["arch"]
        (found,) = etree.fromstring(arch).findall(f".//filter[@name='{name}']")
        return safe_eval(found.get("domain"))

    def test_lines_are_listed_that_are_open_or_wait_for_a_person(self):
        line = self.env["bigcommerce.queue.line"]
        causes = {"blocked": "unknown_sku", "failed": "refused"}
        for number, (state, _label) in enumerate(line._fields["state"].selection):
            line += self.create_line(str(number), state, causes.get(state))
        action = self.env.ref(f"{MODULE}.bigcommerce_queue_line_action")
        defaults = [
            name.removeprefix("search_default_") for name in safe_eval(action.context)
        ]
        shown = line.search(
            Domain.OR(self.evaluate_filter(line._name, name) for name in defaults)
        )
        self.assertEqual(
            set((line - shown).mapped("state")), {"done", "cancelled", "superseded"}
        )
        self.assertEqual(
            set(
                line.search(self.evaluate_filter(line._name, "problem")).mapped("state")
            ),
            {"blocked", "failed"},
        )

    def test_jobs_with_problems_are_those_that_failed_or_have_lines_with_a_cause(self):
        cause = self.env["bigcommerce.cause"]._get("missing_scope")
        jobs = self.create_job(self.instance, state="failed", cause_id=cause.id)
        for number, (state, cause) in enumerate(
            (
                ("blocked", "unknown_sku"),
                ("failed", "refused"),
                ("unknown", "outcome_unknown"),
            )
        ):
            jobs += self.create_job(self.instance)
            self.create_line(f"1{number}", state, cause, jobs[-1])
            self.create_line(f"2{number}", "done", job=jobs[-1])
        self.create_line("30", "unknown")
        self.create_line("31", "done")
        found = jobs.search(self.evaluate_filter(jobs._name, "problem"))
        self.assertEqual(found, jobs.sorted())

    def get_buttons(self, line):
        """Return {label: confirmation} of the buttons on the form of a line."""
        arch = etree.fromstring(
            line.with_user(self.user).get_view(view_type="form")["arch"]
        )
        values = {
            name: line[name].id if line._fields[name].relational else line[name]
            for name in ("state", "cause_id", "cause_code")
        }
        return {
            button.get("string"): button.get("confirm", "")
            for button in arch.findall(".//header/button")
            if not safe_eval(button.get("invisible", "False"), dict(values))
        }

    def test_a_line_that_waits_for_a_person_offers_all_that_a_person_may_do(self):
        for number, state in enumerate(("blocked", "failed")):
            line = self.create_line(str(number), state, "unknown_sku")
            with self.subTest(state=state):
                offered = {"Fix", "Retry", "Retry All Like This"}
                self.assertEqual(set(self.get_buttons(line)) - {"Cancel"}, offered)

    def test_what_is_being_sent_or_looked_up_offers_nothing(self):
        for number, state in enumerate(("running", "sending", "unknown")):
            line = self.create_line(str(number), state)
            with self.subTest(state=state):
                self.assertFalse(self.get_buttons(line))

    def test_an_unknown_outcome_is_dropped_only_after_a_look_into_the_store(self):
        line = self.create_line("1", "unknown", "outcome_unknown")
        self.assertIn("looked in the store", self.get_buttons(line)["Cancel"])
        waiting = self.create_line("2", "blocked", "unknown_sku")
        self.assertNotIn("store", self.get_buttons(waiting)["Cancel"])


@tagged("post_install", "-at_install")
class TestSettings(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = cls.env["bigcommerce.engine"]

    def save(self, **values):
        form = Form(self.env["res.config.settings"])
        for name, value in values.items():
            form[name] = value
        form.save().execute()

    def test_the_number_of_workers_is_shown_and_changed(self):
        settings = Form(self.env["res.config.settings"])
        self.assertEqual(settings.bigcommerce_pump_count, 2)
        for count in (3, 1):
            self.save(bigcommerce_pump_count=count)
            self.assertEqual(len(self.engine._get_pumps()), count)
            settings = Form(self.env["res.config.settings"])
            self.assertEqual(settings.bigcommerce_pump_count, count)

    def test_a_number_that_makes_no_sense_is_refused(self):
        for count in (0, 9, -1):
            with (
                self.subTest(count=count),
                self.assertRaisesRegex(UserError, "1 to 8"),
            ):
                self.save(bigcommerce_pump_count=count)
        self.assertEqual(len(self.engine._get_pumps()), 2)

    def test_other_settings_are_saved_while_pumps_work(self):
        with patch.object(type(self.engine), "_set_pump_count") as set_pump_count:
            self.save()
        set_pump_count.assert_not_called()

    def test_other_settings_are_saved_where_all_pumps_are_off(self):
        self.engine._get_pumps().active = False
        self.save()
        self.assertFalse(self.engine._get_pumps())

    def test_only_managers_of_the_connector_see_the_setting(self):
        for group, shown in ((MANAGER, True), (USER, False)):
            user = new_test_user(
                self.env, f"settings_{shown}", f"base.group_system,{group}"
            )
            view = (
                self.env["res.config.settings"]
                .with_user(user)
                .get_view(self.env.ref("base.res_config_settings_view_form").id)
            )
            with self.subTest(group=group):
                self.assertEqual("bigcommerce_pump_count" in view["arch"], shown)
