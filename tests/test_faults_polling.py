"""Faults of delivery, as they come to an addon that polls instead of being called."""

from datetime import timedelta

from odoo.tests import tagged

from .fault_case import SOMEBODY, FaultCase
from .process_case import pauses

CREATION = "bigcommerce.order.creation"
ORDERS = "bigcommerce.import.orders"
ELSEWHERE = {**SOMEBODY, "street_1": "1 Other Lane", "city": "Elsewhere"}
CANCELLED = 5


class PollingCase(FaultCase):
    def get_record(self, env, order_id):
        return env["bigcommerce.order"]._find(self.get_instance(env), [order_id])[
            order_id
        ]

    def get_automatic_job(self, env, operation="import_orders"):
        return env["bigcommerce.automatic.job"]._get_job(
            self.get_instance(env), operation
        )


@tagged("post_install", "-at_install")
class TestNews(PollingCase):
    """What a webhook would have told, and the next page of a list says."""

    def change_status(self, order_id, status_id, status):
        self.store.patch(f"v2/orders/{order_id}", status_id=status_id, status=status)

    def test_what_nobody_tells_is_found_by_the_next_poll_within_the_overlap(self):
        """An order that appears late, from before what was seen last."""
        self.work()
        with self.transaction() as env:
            job = self.get_automatic_job(env)
            watermark = job.watermark
            job.write({"active": True, "next_call": self.now() - timedelta(minutes=1)})
        latest = watermark + timedelta(minutes=5)
        order_id = self.place_order(
            created=f"{latest - timedelta(minutes=4, seconds=59):%Y-%m-%dT%H:%M:%SZ}"
        )
        self.wake_scheduler()
        self.work()
        with self.transaction() as env:
            self.assertTrue(self.get_record(env, order_id).sale_order_id)
            self.assertGreaterEqual(self.get_automatic_job(env).watermark, watermark)
            self.get_automatic_job(env).active = False
        self.check()

    def wake_scheduler(self):
        with self.transaction() as env:
            env["bigcommerce.engine"]._get_scheduler()._trigger()

    def test_the_same_news_twice_at_once_is_one_order(self):
        """Everything is read by two runs at the same time, one of them by number."""
        self.start("import_orders", ids=self.new_orders)
        for _number in range(2):
            self.start_worker(pauses("_keep_found", ORDERS, name="keep"))
        self.wait_paused("keep", 2)
        self.let_go("keep")
        self.wait_until(self.is_idle, "both are read")
        with self.transaction() as env:
            for order_id in self.new_orders:
                self.assertEqual(len(self.get_record(env, order_id).sale_order_id), 1)
        self.check()

    def test_what_was_read_first_and_comes_last_is_not_believed(self):
        """The second page of a list is late; the order on it has changed meanwhile."""
        self.work()
        order_id = self.new_orders[-1]
        for bc_id in self.new_orders:
            self.store.patch(f"v2/orders/{bc_id}", staff_notes="Older")
        self.store.forget_requests()
        self.add_fault("^/v2/orders$", kind="slow", seconds=4, nth=2)
        self.start("import_orders")
        self.start_worker(page_size=2)
        self.wait_until(
            lambda: len(self.store.get_requests("^/v2/orders$")) == 2,
            "the second page is asked for",
        )
        self.change_status(order_id, CANCELLED, "Cancelled")
        job_id = self.start("import_orders", ids=[order_id])
        self.start_worker()
        self.wait_until(
            lambda: self.get_values("bigcommerce.queue.job", job_id, "state") == "done",
            "a person has asked for it",
        )
        self.assertIsCancelled(order_id)
        self.wait_until(self.is_idle, "both are read")
        self.assertIsCancelled(order_id)
        self.check()

    def assertIsCancelled(self, order_id):
        with self.transaction() as env:
            record = self.get_record(env, order_id)
            self.assertEqual(record.status_id.bc_id, str(CANCELLED))


@tagged("post_install", "-at_install")
class TestChangedWhileItIsImported(PollingCase):
    """News of an order comes while the transaction that imports it is open."""

    def import_meanwhile(self, *point, change):
        """Let an order change while a worker stands at a point; return its id."""
        order_id = self.new_orders[0]
        self.start_worker(pauses(*point, name="import", key=order_id))
        self.wait_paused("import")
        change(order_id)
        self.start("import_orders", ids=[order_id])
        self.start_worker()
        self.wait_until(
            lambda: (
                [line["key"] for line in self.get_lines("import_orders")].count(
                    order_id
                )
                == 2
            ),
            "the news is read",
        )
        self.let_go("import")
        self.wait_until(self.is_idle, "both are done")
        return order_id

    def move(self, order_id):
        self.store.edit_order(order_id, billing=ELSEWHERE)

    def assertElsewhere(self, order_id):
        with self.transaction() as env:
            record = self.get_record(env, order_id)
            self.assertEqual(record.sale_order_id.partner_invoice_id.city, "Elsewhere")
            self.assertFalse(record.changes)
        self.check()

    def test_before_it_is_written_it_is_made_of_what_it_is_now(self):
        self.assertElsewhere(self.import_meanwhile("_apply", ORDERS, change=self.move))
