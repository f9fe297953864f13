"""Faults of delivery, as they come to who polls: rows 18 to 20, 22 and 24."""

from datetime import timedelta

from odoo.tests import tagged

from .fault_case import SOMEBODY, FaultCase
from .process_case import pauses

CREATION = "bigcommerce.order.creation"
ORDERS = "bigcommerce.import.orders"
ELSEWHERE = {**SOMEBODY, "street_1": "1 Other Lane", "city": "Elsewhere"}
CANCELLED = 5
LEVELS = "/inventory/adjustments/absolute$"


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
        """Row 20: an order that appears late, from before what was seen last."""
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
        """Row 18: two runs read it at the same time, one of them by number."""
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
        """Row 19: a page is late, and an order on it has changed meanwhile."""
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
        self.start_worker(pauses(*point, name="import"))
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
        """Row 22."""
        self.assertElsewhere(self.import_meanwhile("_apply", ORDERS, change=self.move))

    def test_when_it_is_written_it_is_made_of_what_it_is_now(self):
        """Row 22."""
        point = ("_create_sale_orders", CREATION)
        with self.transaction() as env:
            # Alone, or the pause would be another's.
            self.get_instance(env).queue_batch_limit = 1
        self.assertElsewhere(self.import_meanwhile(*point, change=self.move))

    def test_what_is_not_wanted_any_more_when_it_is_written_is_not_imported(self):
        """Row 22."""
        order_id = self.new_orders[0]
        self.start_worker(pauses("_apply", ORDERS, name="import"))
        self.wait_paused("import")
        self.store.patch(f"v2/orders/{order_id}", status_id=0, status="Incomplete")
        job_id = self.start("import_orders")
        self.start_worker()
        self.wait_until(
            lambda: self.get_values("bigcommerce.queue.job", job_id, "state") == "done",
            "the news is read",
        )
        self.let_go("import")
        self.wait_until(self.is_idle, "all is done")
        with self.transaction() as env:
            record = self.get_record(env, order_id)
            self.assertEqual(record.state, "not_selected")
            self.assertFalse(record.sale_order_id)
        self.check()


@tagged("post_install", "-at_install")
class TestEcho(PollingCase):
    """What Odoo has written to a store comes back from there as news."""

    _operations = (
        *FaultCase._operations,
        "import_customers",
        "import_listings",
        "compare_inventory",
    )

    def test_what_odoo_has_written_comes_back_and_is_not_written_again(self):
        """Row 24."""
        self.work()
        self.work_later()
        self.assertTrue(self.get_writes(LEVELS))
        self.assertTrue(self.get_writes("/shipments$"))
        self.start_all()
        self.drain()
        with self.transaction() as env:
            mark = self.get_invariants(env).mark()
        self.store.forget_requests()
        self.start_all()
        self.drain()
        self.assertEqual(self.get_writes(), [])
        self.assertTrue(self.store.get_requests("^/v3/catalog/products$"))
        with self.transaction() as env:
            self.get_invariants(env).check_g12(mark)
        self.check()
