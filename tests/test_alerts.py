"""An activity for whoever has to see to a queue job: one while it is open."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .. import uninstall_hook
from .workflow_case import WorkflowCase

ALERTS = "odoo.addons.bigcommerce_connector.models.bigcommerce_job_alert"
TYPE = "bigcommerce_connector.mail_activity_type_problem"
USER = "bigcommerce_connector.bigcommerce_group_user"
MANAGER = "bigcommerce_connector.bigcommerce_group_manager"
ORDERS = "^/v2/orders$"


def missing(number):
    """Return what to order of a product that neither side has."""
    return {
        "name": f"Gone {number}",
        "price": "5",
        "product_id": 700 + number,
        "sku": f"GONE-{number}",
    }


class AlertCase(WorkflowCase):
    """Somebody is responsible for a store; orders come that cannot be imported."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "responsible", USER, name="Rita")
        cls.instance.write({"alert_user_id": cls.user.id, "alert_days": 2})

    def setUp(self):
        super().setUp()
        self.skip_backoff()

    def tell(self):
        with self.open_engine() as engine:
            engine.env["bigcommerce.job.alert"]._cron_update()

    def get_activities(self, **options):
        return (
            self.env["mail.activity"]
            .with_context(**options)
            .search([("res_model", "=", "bigcommerce.queue.job")], order="id")
        )

    def stop_orders(self, count, start=1):
        """Place orders that cannot be imported, and import them; return the job."""
        for number in range(start, start + count):
            self.place_order(lines=[missing(number)])
        return self.import_orders()

    def stop_again(self, job):
        """Let another run stop with the lines of ``job``; return it."""
        return self.import_orders(ids=job.line_ids.mapped("key"))

    def supply(self, *numbers):
        """Have the products that were missing."""
        self.env["product.product"].create(
            [
                {"name": f"Gone {number}", "default_code": f"GONE-{number}"}
                for number in numbers
            ]
        )


@tagged("post_install", "-at_install")
class TestActivities(AlertCase):
    def test_there_is_none_while_nothing_needs_anybody(self):
        self.import_order(lines=[{"sku": "MUG-ENAMEL"}])
        self.tell()
        self.assertFalse(self.get_activities())

    def test_it_names_number_and_cause_and_is_due_as_configured(self):
        job = self.stop_orders(2)
        self.tell()
        activity = self.get_activities()
        self.assertEqual(job.activity_ids, activity)
        self.assertEqual(activity.user_id, self.user)
        self.assertEqual(activity.activity_type_id, self.env.ref(TYPE))
        cause = job.line_ids.cause_id
        self.assertEqual(activity.summary, f"2 lines: {cause.name} (2)")
        self.assertIn(cause.advice[:20], activity.note)
        self.assertEqual((activity.date_deadline - activity.create_date.date()).days, 2)
        self.assertFalse(
            self.env["mail.mail"].search([("res_id", "=", job.id)]), "no mail for each"
        )

    def test_a_single_line_is_told_in_the_singular(self):
        job = self.stop_orders(1)
        self.tell()
        cause = job.line_ids.cause_id
        self.assertEqual(self.get_activities().summary, f"1 line: {cause.name}")

    def test_what_is_told_is_not_told_again(self):
        self.stop_orders(1)
        self.tell()
        activity = self.get_activities()
        self.tell()
        self.assertEqual(self.get_activities(), activity)

    def test_the_same_lines_in_a_hundred_runs_are_one_activity(self):
        job = self.stop_orders(3)
        self.tell()
        activity = self.get_activities()
        for _run in range(3):
            job = self.stop_again(job)
            self.tell()
        self.assertEqual(len(job.line_ids), 3)
        self.assertEqual(self.get_activities(active_test=False), activity)
        self.assertEqual(job.activity_ids, activity)
        self.assertEqual(self.env["bigcommerce.job.alert"].search([]).job_id, job)

    def test_while_the_lines_are_tried_again_it_stays(self):
        job = self.stop_orders(1)
        self.tell()
        activity = self.get_activities()
        job.action_retry()
        self.tell()
        self.assertEqual(self.get_activities(), activity)

    def test_it_says_how_many_are_left_and_closes_after_the_last(self):
        job = self.stop_orders(2)
        self.tell()
        activity = self.get_activities()
        self.supply(1)
        job.action_retry()
        self.drain()
        self.tell()
        self.assertTrue(activity.summary.startswith("1 line:"))
        self.supply(2)
        job.action_retry()
        self.drain()
        self.tell()
        self.assertFalse(self.get_activities())
        self.assertIn("needs anybody any more", job.message_ids[0].body)
        self.assertFalse(self.env["bigcommerce.job.alert"].search([]))

    def test_who_has_closed_it_is_told_again_only_of_more(self):
        job = self.stop_orders(1)
        self.tell()
        self.get_activities().with_user(self.user).action_done()
        self.tell()
        job = self.stop_again(job)
        self.tell()
        self.assertFalse(self.get_activities())
        self.place_order(lines=[missing(2)])
        job = self.import_orders(
            ids=job.line_ids.mapped("key")
            + [str(int(max(job.line_ids.mapped("key"), key=int)) + 1)]
        )
        self.tell()
        self.assertTrue(self.get_activities().summary.startswith("2 lines:"))

    def test_each_run_with_other_lines_has_its_own(self):
        jobs = self.stop_orders(1) + self.stop_orders(1, start=2)
        self.tell()
        self.assertEqual(self.get_activities().mapped("res_id"), jobs.sorted("id").ids)

    def test_a_run_that_fails_again_and_again_is_one_activity(self):
        self.store.fault(ORDERS, status=403, times=0)
        for _run in range(3):
            job = self.import_orders()
            self.tell()
        activity = self.get_activities(active_test=False)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.res_id, job.id)
        self.assertEqual(activity.summary, f"The run failed: {job.cause_id.name}")
        self.assertIn("lacks the scope", activity.note)
        self.store.heal()
        self.import_orders()
        self.tell()
        self.assertFalse(self.get_activities())

    def test_what_had_stopped_before_somebody_was_responsible_is_not_told(self):
        self.instance.alert_user_id = False
        job = self.stop_orders(1)
        self.tell()
        self.assertFalse(self.get_activities())
        job.line_ids.ended_on = "2020-01-01"
        self.instance.alert_user_id = self.user
        self.tell()
        self.assertFalse(self.get_activities())

    def test_without_a_type_there_is_none(self):
        self.instance.alert_activity_type_id = False
        self.stop_orders(1)
        self.tell()
        self.assertFalse(self.get_activities())

    def test_when_the_responsible_leaves_a_manager_is_told(self):
        self.stop_orders(1)
        self.tell()
        self.user.action_archive()
        self.assertIn("archived", self.instance.alert_warning)
        self.tell()
        activity = self.get_activities()
        self.assertTrue(activity.user_id.has_group(MANAGER))
        self.tell()
        self.assertEqual(self.get_activities(), activity)

    def test_the_outage_of_a_store_is_for_the_responsible_as_well(self):
        theirs = self.instance.activity_schedule(
            "mail.mail_activity_data_warning", user_id=self.user.id
        )
        self.instance.write({"failure_count": 3})
        self.instance._alert("It does not answer", "At all.")
        alert = self.get_alerts(self.instance) - theirs
        self.assertEqual(alert.user_id, self.user)
        self.instance._resume()
        self.assertEqual(self.get_alerts(self.instance), theirs, "it is a person's own")

    def test_it_is_in_the_language_of_whom_it_is_for(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.user.lang = "fr_FR"
        job = self.stop_orders(1)
        job.line_ids.cause_id.with_context(lang="fr_FR").name = "SKU inconnu"
        self.tell()
        self.assertIn("SKU inconnu", self.get_activities().summary)

    def test_two_who_tell_at_once_make_one_activity(self):
        """Who comes second sees what the first has made, and begins again."""
        self.stop_orders(1)
        Alert = self.registry["bigcommerce.job.alert"]
        create = Alert._create_missing
        calls = []

        def create_late(alerts, instance, problems):
            calls.append(instance)
            if len(calls) == 1:
                # The other has been faster: what it made is not seen in this snapshot.
                create(alerts, instance, problems)
                alerts.env.flush_all()
            return create(alerts, instance, problems)

        with (
            patch.object(Alert, "_create_missing", create_late),
            mute_logger("odoo.sql_db"),
        ):
            self.tell()
        self.assertEqual(len(calls), 2)
        self.assertEqual(len(self.get_activities()), 1)

    def test_activities_stay_when_the_addon_goes(self):
        self.stop_orders(1)
        self.tell()
        activity = self.get_activities()
        uninstall_hook(self.env)
        self.assertEqual(
            activity.activity_type_id, self.env.ref("mail.mail_activity_data_todo")
        )

    def test_a_store_whose_alerts_fail_leaves_those_of_others(self):
        other = self.create_instance(
            name="Other",
            state="confirmed",
            api_url=self.store.address.replace("127.0.0.1", "localhost"),
        )
        self.stop_orders(1)
        update = self.registry["bigcommerce.job.alert"]._update

        def fail_for_other(alerts, instance):
            if instance.id == other.id:
                raise LookupError("Nothing works")
            return update(alerts, instance)

        with (
            patch.object(
                self.registry["bigcommerce.job.alert"], "_update", fail_for_other
            ),
            mute_logger(ALERTS),
        ):
            self.tell()
        self.assertEqual(len(self.get_activities()), 1)


@tagged("post_install", "-at_install")
class TestResponsible(AlertCase):
    def assertRefusedAs(self, reason, user):
        for field in ("alert_user_id", "notification_user_ids"):
            with (
                self.subTest(field=field),
                self.assertRaisesRegex(ValidationError, reason),
            ):
                self.instance[field] = user

    def test_who_cannot_see_the_connector_is_refused(self):
        user = new_test_user(self.env, "salesman", "sales_team.group_sale_salesman")
        self.assertRefusedAs("no access to the BigCommerce connector", user)

    def test_who_is_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env, "foreign", USER, company_id=company.id, company_ids=company.ids
        )
        self.assertRefusedAs("no access to", user)

    def test_who_is_archived_is_refused(self):
        user = new_test_user(self.env, "former", USER)
        user.action_archive()
        with self.assertRaisesRegex(ValidationError, "archived"):
            self.instance.alert_user_id = user

    def test_who_makes_an_instance_is_responsible(self):
        user = new_test_user(self.env, "maker", MANAGER)
        instance = (
            self.env["bigcommerce.instance"].with_user(user).create({"name": "New"})
        )
        self.assertEqual(instance.alert_user_id, user)
        self.assertEqual(instance.alert_activity_type_id, self.env.ref(TYPE))
        self.assertFalse(instance.notification_user_ids)
