"""A salesperson at the screen: an order that was changed in the store."""

from odoo.tests import HttpCase, new_test_user, tagged

from .changes_case import ChangesCase
from .delivery_case import MUG


@tagged("post_install", "-at_install")
class TestChangesInBrowser(ChangesCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.user = new_test_user(
            self.env, "seller", groups="sales_team.group_sale_salesman"
        )

    def import_order(self, **cart):
        order = super().import_order(**cart)
        order.sale_order_id.user_id = self.user
        order.sale_order_id.action_confirm()
        return order

    def tour(self, order, name):
        self.start_tour(f"/odoo/orders/{order.sale_order_id.id}", name, login="seller")

    def test_changes_are_seen_and_applied(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, quantity=3)
        self.tour(order, "bigcommerce_apply_changes")
        self.drain()
        self.assertApplied(order)
        self.tour(order, "bigcommerce_see_applied_changes")

    def test_changes_that_cannot_be_applied_are_ignored(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id.action_lock()
        self.edit(order, quantity=3)
        self.tour(order, "bigcommerce_ignore_changes")
        self.assertFalse(order.changes)
