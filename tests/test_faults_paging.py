"""Faults of lists that move while they are read, and of clocks and dates."""

import requests

from odoo import fields
from odoo.tests import tagged

from .fault_case import TOKEN
from .process_case import pauses
from .test_faults_data import ORDERS, DataCase

PRODUCTS = "/v3/catalog/products"
INCOMPLETE = 0
PAGE = 3


@tagged("post_install", "-at_install")
class TestLists(DataCase):
    def setUp(self):
        super().setUp()
        self.work()

    def get_products(self):
        """Return the products as the store answers them to the connector."""
        answer = requests.get(
            f"{self.store.address}/stores/sandbox{PRODUCTS}",
            params={
                "include": "variants,images,bulk_pricing_rules,channels",
                "limit": 250,
            },
            headers={"X-Auth-Token": TOKEN, "Accept": "application/json"},
            timeout=10,
        )
        return answer.json()["data"]

    def answer_pages(self, *pages):
        """Let the next requests for products be answered so: rows and pagination."""
        for number, (rows, pagination) in enumerate(pages, start=1):
            self.add_fault(
                f"^{PRODUCTS}$",
                nth=number,
                status=200,
                content_type="application/json",
                body={"data": rows, "meta": {"pagination": pagination}},
            )

    def get_recorded(self):
        """Return the ids of the orders that Odoo has noted of the first store."""
        with self.transaction() as env:
            records = env["bigcommerce.order"].search(
                [("instance_id", "=", self.instance_id)]
            )
            return sorted(map(int, records.mapped("bc_id")))

    def get_listings(self):
        with self.transaction() as env:
            listings = env["bigcommerce.listing"].search(
                [("instance_id", "=", self.instance_id)]
            )
            return sorted(listings.mapped("bc_id"))

    # 53
    def test_orders_that_come_and_go_between_two_pages_are_neither_missed_nor_twice(
        self,
    ):
        orders = [self.place_order() for _number in range(2 * PAGE + 1)]
        self.start(ORDERS)
        worker = self.start_worker(
            pauses("_keep_page", nth=3, name="page"), page_size=PAGE
        )
        self.wait_paused("page")
        unread = orders[-2]
        for order_id in (self.get_recorded()[-1], unread):
            self.store.delete(f"v2/orders/{order_id}")
        orders += [self.place_order() for _number in range(2)]
        self.let_go("page")
        self.wait_until(self.is_idle, "all pages are read")
        worker.stop()
        self.reimport()
        orders.remove(unread)
        self.assertOrdersAre("imported", orders)
        self.assertNotIn(int(unread), self.get_recorded())
        self.check()

    # 54
    def test_a_list_that_miscounts_itself_is_read_to_its_end(self):
        rows = self.get_products()
        listings = sorted(str(row["id"]) for row in rows)
        ten, twenty = rows[:10], rows[10:20]
        # What the list says of itself, and what it then has.
        for pages in (
            [(rows, {"total": len(rows), "total_pages": 99})],
            [(rows, {"total": len(rows) + 1, "total_pages": 1})],
            # a limit that the server has lowered
            [(rows[n : n + 10], {"total": len(rows), "total_pages": 1, "per_page": 10})
             for n in range(0, len(rows), 10)],
            # a list that has become shorter
            [(ten, {"total": len(rows) + 5}), (twenty, {"total": len(rows)})],
        ):  # fmt: skip
            self.store.heal()
            self.answer_pages(*pages)
            self.store.forget_requests()
            self.start("import_listings", full=True)
            self.work()
            self.assertEqual(self.get_listings(), listings)
            self.assertLess(len(self.store.get_requests(f"^{PRODUCTS}$")), 10)
        self.check()

    # 55
    def test_of_many_orders_changed_in_the_same_second_none_is_missed(self):
        orders = [self.place_order(status=INCOMPLETE) for _n in range(2 * PAGE + 1)]
        self.start(ORDERS)
        self.work(page_size=PAGE)
        now = self.store.control("GET", "clock")["now"]
        for order_id in orders:
            self.store.patch(
                f"v2/orders/{order_id}",
                status_id=11,
                status="Awaiting Fulfillment",
                date_modified=now,
            )
        self.start(ORDERS)
        self.work(page_size=PAGE)
        self.assertOrdersAre("imported", orders)
        self.check()


@tagged("post_install", "-at_install")
class TestClocks(DataCase):
    def get_watermark(self):
        with self.transaction() as env:
            job = env["bigcommerce.automatic.job"]._get_job(
                self.get_instance(env), ORDERS
            )
            return job.watermark

    # 56
    def test_clocks_that_differ_or_jump_lose_nothing_and_hold_nothing_up(self):
        self.work()
        # It has always been behind ours, and is ahead later.
        self._advance("bigcommerce_automatic_job", "watermark", 15)
        for seconds in (-900, 1800):
            self.store.control("PUT", "clock", {"advance": seconds})
            order_id = self.place_order()
            self.store.patch(f"v2/orders/{order_id}", staff_notes=f"{seconds}")
            self.reimport()
            self.assertOrdersAre("imported", [order_id])
            now = self.store.control("GET", "clock")["now"]
            self.assertLess(
                self.get_watermark(),
                fields.Datetime.to_datetime(now[:19].replace("T", " ")),
            )
        # Ours is set back while everything waits for a store in trouble.
        self.add_fault("", status=503, times=0)
        self.start(ORDERS)
        self.work()
        self.let_minutes_pass(-30)
        self.store.heal()
        late = self.place_order()
        self.work_later(45)
        self.work_later(45)
        self.assertOrdersAre("imported", [late])
        self.check()

    # 57
    def test_a_date_of_any_spelling_is_that_moment_and_another_text_waits(self):
        spellings = {
            "Tue, 28 Apr 2026 13:06:44 +0000": "2026-04-28 13:06:44",
            "Tue, 28 Apr 2026 08:06:44 -0500": "2026-04-28 13:06:44",
            "2026-04-28T13:06:44Z": "2026-04-28 13:06:44",
            "2026-04-28T13:06:44": "2026-04-28 13:06:44",
            "2026-04-28 13:06:44.000000": "2026-04-28 13:06:44",
            "Tue, 30 Jun 2026 23:59:60 +0000": "2026-07-01 00:00:00",
            "": None,
            "0000-00-00 00:00:00": None,
            "yesterday": "unreadable",
        }
        orders = {self.place_order(): text for text in spellings}
        for order_id, text in orders.items():
            self.rewrite(order_id, lambda raw, text=text: raw.update(date_created=text))
        self.reimport()
        *readable, unreadable = orders
        self.assertEqual(self.get_causes(ORDERS), {unreadable: "unreadable"})
        self.assertOrdersAre("imported", readable)
        with self.transaction() as env:
            for order_id in readable:
                if expected := spellings[orders[order_id]]:
                    order = self.get_record(env, order_id).sale_order_id
                    self.assertEqual(str(order.date_order), expected)
        self.check()
