"""A person at the screen: from an empty list of instances to an imported order."""

from odoo.tests import HttpCase, tagged

from .common import SandboxCase


@tagged("post_install", "-at_install")
class TestBrowser(SandboxCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The form's API URL is for developers; everyone else gets the default.
        cls.env["ir.default"].set("bigcommerce.instance", "api_url", cls.store.address)

    def test_a_store_is_connected_and_its_orders_are_imported_and_opened(self):
        self.start_tour(
            "/odoo/bigcommerce-instances", "bigcommerce_connect_store", login="admin"
        )
        instance = self.env["bigcommerce.instance"].search(
            [("api_url", "=", self.store.address)]
        )
        self.assertEqual(
            (instance.state, instance.store_hash), ("confirmed", "sandbox")
        )

        self.env["bigcommerce.workflow"].create({"name": "Confirm by Itself"})
        form = f"/odoo/bigcommerce-instances/{instance.id}"
        self.start_tour(form, "bigcommerce_choose_workflow", login="admin")
        self.start_tour(form, "bigcommerce_start_imports", login="admin")
        self.drain()
        jobs = self.env["bigcommerce.queue.job"].search(
            [("instance_id", "=", instance.id)]
        )
        self.assertEqual(
            {(job.operation, job.state) for job in jobs},
            {
                ("import_categories", "done"),
                ("import_brands", "done"),
                ("import_listings", "done"),
                ("import_orders", "done"),
                ("process_orders", "done"),
            },
        )

        orders = self.env["bigcommerce.order"].search([("state", "=", "imported")])
        self.assertEqual(set(orders.sale_order_id.mapped("state")), {"sale"})

        self.start_tour(form, "bigcommerce_open_imported_order", login="admin")


@tagged("post_install", "-at_install")
class TestQueueInBrowser(HttpCase):
    def setUp(self):
        super().setUp()
        self.instance = self.env["bigcommerce.instance"].create(
            {"name": "Harbour & Hill", "store_hash": "tour", "access_token": "token"}
        )
        self.job = self.env["bigcommerce.queue.job"].create(
            {
                "instance_id": self.instance.id,
                "operation": "import_orders",
                "state": "running",
            }
        )

    def create_lines(self, *keys, cause=None, **vals):
        if cause:
            vals["cause_id"] = self.env["bigcommerce.cause"]._get(cause).id
        return self.env["bigcommerce.queue.line"].create(
            [
                {
                    "job_id": self.job.id,
                    "instance_id": self.instance.id,
                    "operation": "import_orders",
                    "key": key,
                    "lane": key,
                    "name": f"Order {key}",
                    **vals,
                }
                for key in keys
            ]
        )

    def test_a_job_is_followed_without_reloading_the_page(self):
        self.create_lines("1", "2", "3")
        self.start_tour(
            f"/odoo/bigcommerce-queue-jobs/{self.job.id}",
            "bigcommerce_follow_job",
            login="admin",
        )
        self.assertEqual(self.job.state, "done")

    def test_jobs_are_followed_in_their_list_without_reloading_the_page(self):
        self.create_lines("1", "2", "3")
        self.start_tour(
            "/odoo/bigcommerce-queue-jobs", "bigcommerce_follow_jobs", login="admin"
        )

    def test_problems_are_worked_off_by_their_cause(self):
        alike = self.create_lines(
            "4",
            "5",
            state="blocked",
            cause="unknown_sku",
            message="No product has the SKU ABC.",
        )
        self.create_lines("6", state="unknown", cause="outcome_unknown")
        self.start_tour(
            "/odoo/bigcommerce-causes", "bigcommerce_work_off_problems", login="admin"
        )
        self.assertEqual(set(alike.mapped("state")), {"pending"})
