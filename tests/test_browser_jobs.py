"""A person at the screen: automatic jobs are spread, started, and found late."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from .jobs_case import JobsCase


@tagged("post_install", "-at_install")
class TestJobsInBrowser(JobsCase, HttpCase):
    def setUp(self):
        super().setUp()
        # A browser goes by the real clock.
        self.clock.stop()
        self.addCleanup(self.clock.start)
        self.jobs = self.get_job("import_orders") + self.get_job("import_refunds")
        moment = fields.Datetime.add(fields.Datetime.now(), hours=3)
        self.jobs.write({"active": True, "next_call": moment})

    def test_jobs_that_fall_together_are_spread_and_one_is_started(self):
        self.start_tour(
            f"/odoo/bigcommerce-instances/{self.instance.id}",
            "bigcommerce_spread_and_run_jobs",
            login="admin",
        )
        self.env.invalidate_all()
        self.assertEqual(len(set(self.jobs.mapped("next_call"))), 2)
        runs = self.env["bigcommerce.queue.job"].search([])
        self.assertEqual(runs.mapped("operation"), ["import_refunds"])

    def test_late_jobs_are_found_with_their_reason(self):
        self.instance.is_access_refused = True
        self.jobs[:1].write({"next_call": "2020-01-01 00:00:00"})
        self.start_tour(
            "/odoo/bigcommerce-automatic-jobs",
            "bigcommerce_see_late_jobs",
            login="admin",
        )
