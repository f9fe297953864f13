"""Faults of delivery, as they come to an addon that polls instead of being called."""

from odoo.tests import tagged

from .fault_case import FaultCase
from .process_case import pauses

BILLING = {"first_name": "Sam", "last_name": "Shopper 0", "email": "shopper.0@example.com"}
CANCELLED, AWAITING_FULFILMENT = 5, 11


@tagged("post_install", "-at_install")
class TestNews(FaultCase):
    """Of orders: what a webhook would have said, and a page of a list says."""

    def change_status(self, order_id, status_id, status):
        self.store.patch(f"v2/orders/{order_id}", status_id=status_id, status=status)

    def get_status(self, order_id):
        with self.transaction() as env:
            records = env["bigcommerce.order"]._find(self.get_instance(env), [order_id])
            return records[order_id].status_id.bc_id

    def pause_import(self, point):
        (order_id,) = self.place_orders(1, shipping=["5"])
        self.start("import_orders")
        self.start_worker(point)
        self.wait_paused("import")
        self.store.edit_order(order_id, billing={**BILLING, "city": "Elsewhere", "street_1": "7 New Lane"})
        self.start("import_orders", ids=[order_id])
        self.start_worker()
        self.wait_until(
            lambda: len(self.get_lines("import_orders")) == 2, "x"
        )
        self.let_go("import")
        self.wait_until(self.is_idle, "both are read")
        self.start("import_orders")
        self.wait_until(self.is_idle, "both are read")
        with self.transaction() as env:
            order = env["bigcommerce.order"].search([])
            print(order.sale_order_id.partner_invoice_id.city, order.changes, order.state)
            city = order.sale_order_id.partner_invoice_id.city
            self.assertTrue(city == "Elsewhere" or order.changes)

    def test_1(self):
        self.pause_import(pauses("_apply", "bigcommerce.import.orders", name="import"))

    def test_2(self):
        self.pause_import(pauses("_create_sale_orders", "bigcommerce.order.creation", name="import"))

    def test_3(self):
        self.pause_import(pauses("_fetch_details", name="import", after=True))
