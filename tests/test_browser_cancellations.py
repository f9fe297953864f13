"""A person at the screen: a held order is released, a cancelled one cancelled there."""

from odoo.tests import HttpCase, tagged

from .test_order_holds import DISPUTED, HoldCase
from .workflow_case import MUG


@tagged("post_install", "-at_install")
class TestCancellationsInBrowser(HoldCase, HttpCase):
    def start_on(self, order, tour):
        self.start_tour(f"/odoo/orders/{order.sale_order_id.id}", tour, login="admin")

    def test_a_disputed_order_is_released(self):
        self.line.unlink()
        order = self.import_order(lines=[MUG])
        self.change(order, **DISPUTED)
        self.start_on(order, "bigcommerce_see_and_release_held_order")
        self.assertFree(order)

    def test_an_order_is_cancelled_here_and_there(self):
        self.line.unlink()
        order = self.import_order(lines=[MUG])
        self.start_on(order, "bigcommerce_cancel_there")
        self.drain()
        raw = self.store.control("GET", f"v2/orders/{order.bc_id}")
        self.assertEqual(raw["status_id"], 5)
        self.start_on(order, "bigcommerce_see_cancelled_there")
