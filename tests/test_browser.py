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

        form = f"/odoo/bigcommerce-instances/{instance.id}"
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
            },
        )

        self.start_tour(form, "bigcommerce_open_imported_order", login="admin")
