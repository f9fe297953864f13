"""Mails that sum up what was done and what could not be: few, and never twice."""

import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_alerts import MANAGER, USER, missing
from .workflow_case import WorkflowCase

SUMMARY = "odoo.addons.bigcommerce_connector.models.bigcommerce_instance_summary"
# And what an action waits before it believes that all is committed.
HOUR = timedelta(minutes=63)
ZEBEDEE = {
    "first_name": "Zebedee",
    "last_name": "Quux",
    "email": "zebedee@example.com",
}
MUG = {"sku": "MUG-ENAMEL"}


@tagged("post_install", "-at_install")
class TestSummaryMail(WorkflowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.users = cls.env["res.users"]
        for login, lang in (("anna", "en_US"), ("ben", "en_US"), ("chloe", "fr_FR")):
            cls.users += new_test_user(
                cls.env, login, USER, lang=lang, email=f"{login}@example.com"
            )
        cls.instance.notification_user_ids = cls.users[0]
        # What ends in the second in which somebody is added is not told.
        cls.instance.notified_on -= timedelta(seconds=1)

    def setUp(self):
        super().setUp()
        self.skip_backoff()
        # What setting up has done is told already.
        self.env["bigcommerce.queue.line"].search([]).ended_on = "2020-01-01"

    def send(self):
        """Let the scheduled action send what is due; return the new mails."""
        before = self.env["mail.mail"].search([])
        with self.open_engine() as engine:
            engine.env["bigcommerce.instance"]._cron_send_summaries()
        return self.env["mail.mail"].search([]) - before

    def let_hour_pass(self):
        """Let all that is done be an hour old."""
        self.instance.notified_on -= HOUR
        for model in ("bigcommerce.queue.line", "bigcommerce.queue.job"):
            for record in self.env[model].search([("ended_on", "!=", False)]):
                record.ended_on -= HOUR

    def send_after_hour(self):
        self.let_hour_pass()
        return self.send()

    def get_text(self, mail):
        return " ".join(re.sub(r"<[^>]+>", " ", mail.body_html).split())

    def test_nothing_has_happened_and_none_is_sent(self):
        self.import_orders()
        self.assertFalse(self.send_after_hour())
        self.assertGreater(
            self.instance.notified_on, fields.Datetime.now() - timedelta(minutes=5)
        )

    def test_successes_alone_are_told(self):
        self.instance.company_id.email = "shop@example.com"
        self.import_order(lines=[MUG])
        mail = self.send_after_hour()
        self.assertEqual(len(mail), 1)
        self.assertIn("done, 0 with problems", mail.subject)
        self.assertIn("Import Orders 1 0", self.get_text(mail))
        self.assertEqual(mail.recipient_ids, self.users[0].partner_id)
        self.assertIn("<shop@example.com>", mail.email_from)
        self.assertEqual(mail.state, "outgoing")

    def test_who_wants_errors_only_is_spared_successes(self):
        self.instance.notification_outcome = "problem"
        self.import_order(lines=[MUG])
        self.assertFalse(self.send_after_hour())
        self.import_order(lines=[missing(1)])
        self.assertEqual(len(self.send_after_hour()), 1)

    def test_problems_are_told_by_cause_with_their_number_and_links(self):
        for number in (1, 2):
            self.place_order(lines=[missing(number)], billing=ZEBEDEE)
        job = self.import_orders()
        mail = self.send_after_hour()
        cause = job.line_ids.cause_id
        self.assertIn(f"Import Orders 0 2 {cause.name} 2", self.get_text(mail))
        base = self.instance.get_base_url()
        for link in (
            f"{base}/odoo/{cause.id}/bigcommerce-lines-of-cause",
            f"{base}/odoo/{self.instance.id}/bigcommerce-problems-of-store",
            f"{base}/mail/view?model=bigcommerce.queue.job&amp;res_id={job.id}",
        ):
            self.assertIn(f'href="{link}', mail.body_html)
        self.assertNotIn("Zebedee", mail.body_html)

    def test_a_run_that_failed_is_told(self):
        self.store.fault("^/v2/orders$", status=403, times=0)
        job = self.import_orders()
        mail = self.send_after_hour()
        self.assertIn("0 done, 1 with problems", mail.subject)
        self.assertIn(f"The run failed: {job.cause_id.name}", self.get_text(mail))

    def test_there_is_at_most_one_mail_in_an_hour_and_nothing_is_told_twice(self):
        self.import_order(lines=[MUG])
        self.assertFalse(self.send())
        self.assertEqual(len(self.send_after_hour()), 1)
        self.assertFalse(self.send())
        self.assertFalse(self.send_after_hour())

    def test_what_ends_at_this_moment_is_told_by_the_next(self):
        """It may be committed after the mail was made."""
        self.import_order(lines=[MUG])
        self.instance.notified_on -= timedelta(hours=2)
        self.assertFalse(self.send())
        self.assertEqual(len(self.send_after_hour()), 1)

    def test_each_recipient_gets_one_in_their_language(self):
        self.instance.notification_user_ids = self.users
        self.import_order(lines=[missing(1)])
        line = self.get_lines("import_orders", state="blocked")
        line.cause_id.with_context(lang="fr_FR").name = "SKU inconnu"
        mails = self.send_after_hour()
        self.assertEqual(mails.recipient_ids, self.users.partner_id)
        self.assertEqual(len(mails), 3)
        french = mails.filtered(
            lambda mail: mail.recipient_ids == self.users[2].partner_id
        )
        self.assertIn("SKU inconnu", french.body_html)
        self.assertIn('lang="fr_FR"', french.body_html)
        self.assertNotIn("SKU inconnu", (mails - french)[0].body_html)

    def test_without_recipients_nothing_is_made_or_kept(self):
        self.instance.notification_user_ids = False
        self.assertFalse(self.instance.notified_on)
        self.import_order(lines=[MUG])
        self.assertFalse(self.send())

    def test_who_has_lost_access_gets_none(self):
        self.instance.notification_user_ids = self.users[:2]
        self.users[0].group_ids -= self.env.ref(USER)
        self.users[1].email = False
        self.assertIn("no e-mail address", self.instance.notification_warning)
        self.import_order(lines=[MUG])
        self.assertFalse(self.send_after_hour())

    def test_what_an_action_that_dies_had_made_is_made_again(self):
        self.import_order(lines=[MUG])
        self.let_hour_pass()
        notified_on = self.instance.notified_on
        instances = self.registry["bigcommerce.instance"]
        send = instances._send_summary

        def die(instance, *args, **options):
            send(instance, *args, **options)
            raise LookupError("The server stops")

        with (
            patch.object(instances, "_send_summary", die),
            mute_logger(SUMMARY),
        ):
            self.assertFalse(self.send())
        self.assertEqual(self.instance.notified_on, notified_on)
        self.assertEqual(len(self.send()), 1)
        self.assertFalse(self.send())

    def test_a_store_whose_mail_cannot_be_made_leaves_those_of_others(self):
        other = self.create_instance(
            name="Other",
            state="confirmed",
            api_url=self.store.address.replace("127.0.0.1", "localhost"),
            notification_user_ids=self.users[1].ids,
        )
        other._start("import_brands")
        self.drain()
        self.import_order(lines=[MUG])
        instances = self.registry["bigcommerce.instance"]
        prepare = instances._prepare_summary_sections

        def fail_for_first(instance, figures):
            if instance.id == self.instance.id:
                raise LookupError("Nothing works")
            return prepare(instance, figures)

        self.let_hour_pass()
        other.notified_on -= 2 * HOUR
        with (
            patch.object(instances, "_prepare_summary_sections", fail_for_first),
            mute_logger(SUMMARY),
        ):
            mails = self.send()
        self.assertEqual(mails.recipient_ids, self.users[1].partner_id)

    def test_a_manager_sends_a_test_that_changes_nothing(self):
        notified_on = self.instance.notified_on
        before = self.env["mail.mail"].search([])
        with self.assertRaises(AccessError):
            self.instance.with_user(self.users[0]).action_send_test_mail()
        manager = new_test_user(self.env, "manager", MANAGER)
        self.instance.with_user(manager).action_send_test_mail()
        mail = self.env["mail.mail"].search([]) - before
        self.assertIn("Nothing has happened", self.get_text(mail))
        self.assertEqual(self.instance.notified_on, notified_on)
        self.instance.notification_user_ids = False
        with self.assertRaisesRegex(UserError, "recipients"):
            self.instance.action_send_test_mail()
