"""A person at the screen: looks at what an import would do, and lets it do that."""

from odoo.tests import HttpCase, tagged

from .common import OrderCase

MUG = {"sku": "MUG-ENAMEL"}


@tagged("post_install", "-at_install")
class TestPreviewInBrowser(OrderCase, HttpCase):
    def test_what_was_looked_at_is_imported(self):
        self.store.place_order(lines=[MUG], number=117)
        self.store.place_order(lines=[MUG], number=118, status=2)
        action = self.env.ref("bigcommerce_connector.bigcommerce_preview_action")
        self.start_tour(
            f"/odoo/action-{action.id}", "bigcommerce_preview_orders", login="admin"
        )
        self.assertFalse(self.get_order(117))
        self.drain()
        self.assertTrue(self.get_order(117).sale_order_id)
        self.assertFalse(self.get_order(118))
