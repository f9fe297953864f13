"""Workers that cancel orders in the store: each once, whatever happens on the way."""

from odoo.tests import tagged

from .process_case import dies
from .test_processes_sending import SendingCase

OPERATION = "export_cancellations"
CANCELLATIONS = "bigcommerce.export.cancellations"


@tagged("post_install", "-at_install")
class TestEachOrderIsCancelledOnce(SendingCase):
    def start_sending(self):
        with self.transaction() as env:
            instance = self.get_instance(env)
            partner = env.user.partner_id
            statuses = env["bigcommerce.order.status"]._find(instance, ["11"])
            for order_id in self.order_ids:
                sale_order = env["sale.order"].create({"partner_id": partner.id})
                sale_order.action_cancel()
                env["bigcommerce.order"].create(
                    {
                        "instance_id": instance.id,
                        "bc_id": order_id,
                        "name": f"#{order_id}",
                        "state": "imported",
                        "status_id": statuses["11"].id,
                        "sale_order_id": sale_order.id,
                    }
                )
                sale_order._cancel_in_bigcommerce("Out of stock.", False)

    def assertSent(self):
        self.assertEachSentOnce(OPERATION, 3)
        with self.transaction() as env:
            for order in env["bigcommerce.order"].search([]):
                raw = self.store.control("GET", f"v2/orders/{order.bc_id}")
                self.assertEqual(raw["status_id"], 5)
                self.assertEqual(order.status_id.bc_id, "5")
                self.assertFalse(order.is_cancel_requested)
                bodies = order.sale_order_id.message_ids.mapped("body")
                notes = [body for body in bodies if "Cancelled in" in (body or "")]
                self.assertEqual(len(notes), 1)

    def test_though_the_worker_dies_after_the_claim(self):
        self.assertSentThoughKilled(dies("_claim_lines", after=True))

    def test_though_the_worker_dies_before_the_request_leaves(self):
        self.assertSentThoughKilled(dies("_send", CANCELLATIONS))

    def test_though_the_worker_dies_between_the_request_and_its_commit(self):
        self.assertSentThoughKilled(dies("_send", CANCELLATIONS, after=True))

    def test_though_the_worker_dies_while_it_applies_the_answer(self):
        self.assertSentThoughKilled(dies("_apply", CANCELLATIONS, after=True))

    def test_though_the_worker_dies_after_the_commit(self):
        self.assertSentThoughKilled(dies("_apply_lines", after=True))

    def test_though_the_server_fails_after_it_has_taken_effect(self):
        self.assertSentThoughAnswerLost(status=503, after=True)

    def test_though_the_server_fails_before_it_takes_effect(self):
        self.assertSentThoughAnswerLost(status=503)

    def test_though_the_connection_breaks_after_it_has_taken_effect(self):
        self.assertSentThoughAnswerLost(kind="reset", after=True)
