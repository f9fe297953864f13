"""In observe mode, and in a copied database, one sees what would have been sent."""

from datetime import timedelta

from odoo.tests import tagged

from .stock_case import StockCase
from .test_export_order_numbers import OPERATION, NumbersCase


@tagged("post_install", "-at_install")
class TestHeldBack(NumbersCase):
    def observe(self):
        """Let an order wait whose number may not be sent; return its line."""
        self.instance.observe_mode = True
        self.order = self.import_unsent()
        self.drain()
        return self.get_lines(OPERATION)

    def get_observed(self):
        return self.env["bigcommerce.log"].search([("level", "=", "observed")])

    def test_the_line_shows_what_would_have_been_sent(self):
        line = self.observe()
        self.assertEqual((line.state, line.cause_code), ("blocked", "read_only"))
        path = f"PUT /v2/orders/{self.order.bc_id}"
        self.assertIn(f"Would have been sent: {path}", line.message)
        self.assertTrue(line.held_back.startswith(f"{path}\n"))
        self.assertIn(self.order.sale_order_id.name, line.held_back)
        self.assertEqual(self.get_writes(), [])
        self.assertQueueIsSound()

    def test_the_log_tells_it_at_every_level_and_not_as_an_error(self):
        self.instance.log_level = "error"
        line = self.observe()
        log = self.get_observed()
        self.assertEqual((log.line_ids, log.res_id), (line, self.order.id))
        self.assertEqual(log.request, line.held_back)
        self.assertFalse(log.answer)
        self.assertFalse(
            self.env["bigcommerce.log"].search(
                [("level", "=", "error"), ("operation", "=", OPERATION)]
            )
        )

    def test_what_is_held_back_on_purpose_is_nobodys_problem(self):
        self.instance.alert_user_id = self.env.ref("base.user_admin")
        line = self.observe()
        self.env["bigcommerce.job.alert"]._cron_update()
        self.assertFalse(line.job_id.activity_ids)
        self.assertEqual(line.job_id.problem_count, 0)
        causes = [cause["id"] for cause in self.instance.problem_causes]
        self.assertNotIn(line.cause_id.id, causes)
        period = (line.ended_on - timedelta(days=1), line.ended_on + timedelta(days=1))
        figures = self.instance._get_summary_figures(*period)
        self.assertFalse(figures.get(OPERATION, {}).get("problems"))

    def test_what_is_tried_again_shows_what_is_true_now_in_one_log(self):
        line = self.observe()
        self.order.sale_order_id.name = "SO-NEW"
        line.action_retry()
        self.drain()
        self.assertIn("SO-NEW", line.held_back)
        self.assertEqual(self.get_observed().times, 2)

    def test_when_it_is_turned_off_what_is_true_then_is_sent(self):
        line = self.observe()
        self.order.sale_order_id.name = "SO-NEWER"
        self.instance.observe_mode = False
        self.drain()
        self.assertEqual((line.state, line.held_back), ("done", False))
        self.assertEqual(self.get_number(self.order.bc_id), "SO-NEWER")

    def test_a_copied_database_shows_it_too(self):
        self.env["ir.config_parameter"].set_param("database.uuid", "another-database")
        self.env.invalidate_all()
        order = self.import_unsent()
        self.drain()
        line = self.get_lines(OPERATION)
        self.assertIn(order.sale_order_id.name, line.held_back)
        self.assertIn("copy", line.message)
        self.assertEqual(self.get_writes(), [])


@tagged("post_install", "-at_install")
class TestHeldBackTogether(StockCase):
    def test_lines_of_one_request_share_a_log_that_shows_all_of_it(self):
        self.instance.observe_mode = True
        self.put(self.mug, -30)
        self.put(self.bowl, -20)
        self.export()
        lines = self.get_lines("export_inventory", state="blocked")
        self.assertGreater(len(lines), 1)
        log = self.env["bigcommerce.log"].search([("level", "=", "observed")])
        self.assertEqual(log.line_ids, lines)
        for line in lines:
            self.assertEqual(line.held_back, log.request)
            self.assertIn(line.name, log.name)
        self.assertIn('"quantity": 70', log.request)
        self.assertTrue(log.request.startswith("PUT /v3/inventory/adjustments/"))
