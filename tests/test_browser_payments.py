"""A person at the screen who marks an order as paid."""

from odoo.tests import HttpCase, tagged

from .payment_case import PaymentCase


@tagged("post_install", "-at_install")
class TestPaymentsInBrowser(PaymentCase, HttpCase):
    def test_an_order_is_marked_as_paid(self):
        self.instance.mark_order_as_paid = False
        self.start_tour(
            f"/odoo/bigcommerce-instances/{self.instance.id}",
            "bigcommerce_turn_on_mark_as_paid",
            login="admin",
        )
        self.assertTrue(self.instance.mark_order_as_paid)
        order = self.import_offline()
        form = f"/odoo/sales/{order.sale_order_id.id}"
        self.start_tour(form, "bigcommerce_see_why_not_paid", login="admin")
        self.instance.mark_order_as_paid = False
        self.pay_order(order)
        self.instance.mark_order_as_paid = True
        self.start_tour(form, "bigcommerce_mark_as_paid", login="admin")
        self.drain()
        self.assertMoved(order)
        self.start_tour(form, "bigcommerce_see_marked_as_paid", login="admin")
