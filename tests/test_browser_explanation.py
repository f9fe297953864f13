"""A person at the screen: an order that is missed, explained and brought in."""

from odoo.tests import HttpCase, tagged

from .common import OrderCase

MUG = {"sku": "MUG-ENAMEL"}


@tagged("post_install", "-at_install")
class TestExplanationInBrowser(OrderCase, HttpCase):
    def test_a_missed_order_is_explained_and_brought_in(self):
        self.store.place_order(lines=[MUG], number=117)
        self.store.place_order(lines=[MUG], number=118, status=2)
        self.import_orders()
        self.start_tour(
            "/odoo/bigcommerce-orders",
            "bigcommerce_explain_missing_order",
            login="admin",
        )
        self.assertFalse(self.get_order(118).sale_order_id)
        self.drain()
        self.assertTrue(self.get_order(118).sale_order_id)
        self.start_tour(
            f"/odoo/bigcommerce-instances/{self.instance.id}",
            "bigcommerce_explain_imported_order",
            login="admin",
        )
