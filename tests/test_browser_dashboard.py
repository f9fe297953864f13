"""A person at the dashboard: from a card to what it speaks of."""

from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestDashboardInBrowser(HttpCase):
    def test_a_card_leads_to_its_problems_and_to_what_is_to_be_set_up(self):
        instance = self.env["bigcommerce.instance"].create(
            {"name": "Harbour & Hill", "store_hash": "tour"}
        )
        job = self.env["bigcommerce.queue.job"].create(
            {
                "instance_id": instance.id,
                "operation": "import_orders",
                "state": "running",
            }
        )
        causes = ("unknown_sku", "unknown_sku", "no_exchange_rate")
        self.env["bigcommerce.queue.line"].create(
            [
                {
                    "job_id": job.id,
                    "instance_id": instance.id,
                    "operation": "import_orders",
                    "key": str(number),
                    "lane": str(number),
                    "name": f"Order {number}",
                    "state": "blocked",
                    "cause_id": self.env["bigcommerce.cause"]._get(code).id,
                    "message": "No product has the SKU ABC.",
                }
                for number, code in enumerate(causes)
            ]
        )
        self.start_tour("/odoo", "bigcommerce_follow_dashboard", login="admin")
        self.assertTrue(instance.is_onboarding_hidden)
