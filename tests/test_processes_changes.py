"""A store that changes while its lists are read."""

from odoo.tests import tagged

from .process_case import ProcessCase, pauses

INCOMPLETE, AWAITING_FULFILMENT = 0, 11


@tagged("post_install", "-at_install")
class TestChanges(ProcessCase):
    """Pages of three orders; something happens between the first and the second.

    The store's clock is an hour behind.
    """

    def setUp(self):
        super().setUp()
        self.store.control("PUT", "clock", {"advance": -3600})

    def pause_between_pages(self):
        """Let a worker read the first page of a run."""
        self.start("import_orders")
        self.start_worker(pauses("_keep_page", after=True, name="between"), page_size=3)
        self.wait_paused("between")

    def go_on(self):
        """Let the worker read to the end, and the next regular run begin and end."""
        self.let_go("between")
        self.wait_until(self.is_idle, "the first run is over")
        self.assertNothingLost()

    def run_again(self):
        self.start("import_orders")
        self.wait_until(self.is_idle, "the next run is over")

    def test_orders_placed_meanwhile_are_imported_once(self):
        order_ids = self.place_orders(7)
        self.pause_between_pages()
        order_ids += self.place_orders(3)
        self.go_on()
        self.assertImported(order_ids)
        self.run_again()
        self.assertImported(order_ids)

    def test_an_order_that_changes_after_its_page_was_read_is_seen_by_the_next_run(
        self,
    ):
        early_id, *order_ids = self.place_orders(1, status=INCOMPLETE)
        order_ids += self.place_orders(6)
        self.pause_between_pages()
        self.store.patch(
            f"v2/orders/{early_id}", status_id=AWAITING_FULFILMENT, status="Awaiting"
        )
        self.store.control("PUT", "clock", {"advance": 600})
        order_ids += self.place_orders(1)
        self.go_on()
        self.assertImported(order_ids)
        self.run_again()
        self.assertImported([early_id, *order_ids])

    def test_an_order_that_changes_before_its_page_is_read_comes_as_it_is_then(self):
        order_ids = self.place_orders(6)
        late_id = self.store.place_order(
            lines=[{"sku": "MUG-ENAMEL", "quantity": 1}], status=INCOMPLETE
        )
        self.pause_between_pages()
        self.store.patch(
            f"v2/orders/{late_id}", status_id=AWAITING_FULFILMENT, status="Awaiting"
        )
        self.go_on()
        self.assertImported([*order_ids, late_id])

    def test_pages_that_drift_both_ways_lose_and_double_nothing(self):
        older_id, *order_ids = self.place_orders(10)
        self.store.delete(f"v2/orders/{older_id}")
        self.pause_between_pages()
        # Two of the page read are gone, so that the rest moves up; one is there again
        # that was not, so that it moves down; and one is gone that was not read yet.
        for order_id in (order_ids[0], order_ids[2], order_ids[5]):
            self.store.delete(f"v2/orders/{order_id}")
        self.place_orders(1, number=int(older_id))
        placed = self.place_orders(2)
        self.go_on()
        seen = [order_id for order_id in order_ids if order_id != order_ids[5]]
        self.assertImported([*seen, *placed])
        self.run_again()
        self.assertImported([*seen, *placed, older_id])
