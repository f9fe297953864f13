"""A person at the screen: who is told of problems, and what they find."""

from odoo.tests import HttpCase, tagged

from .test_alerts import AlertCase


@tagged("post_install", "-at_install")
class TestAlertsInBrowser(AlertCase, HttpCase):
    def test_a_test_mail_is_sent_and_an_activity_is_done(self):
        self.user.email = "rita@example.com"
        mails = self.env["mail.mail"].search([])
        action = "bigcommerce_connector.bigcommerce_instance_action"
        self.start_tour(
            f"/odoo/action-{action}/{self.instance.id}",
            "bigcommerce_choose_recipients",
            login="admin",
        )
        self.assertEqual(self.instance.notification_user_ids, self.user)
        self.assertEqual(len(self.env["mail.mail"].search([]) - mails), 1)
        job = self.stop_orders(1)
        self.tell()
        action = "bigcommerce_connector.bigcommerce_queue_job_action"
        self.start_tour(
            f"/odoo/action-{action}/{job.id}",
            "bigcommerce_be_done_with_activity",
            login="responsible",
        )
        self.assertFalse(self.get_activities())
