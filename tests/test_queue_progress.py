"""A queue job says in words how far it has come."""

from datetime import timedelta

from odoo.tests import TransactionCase, tagged

from .common import OrderCase


@tagged("post_install", "-at_install")
class TestProgress(TransactionCase):
    def setUp(self):
        super().setUp()
        self.instance = self.env["bigcommerce.instance"].create(
            {"name": "Progress", "store_hash": "progress", "access_token": "token"}
        )
        self.job = self.env["bigcommerce.queue.job"].create(
            {"instance_id": self.instance.id, "operation": "import_orders"}
        )

    def add_lines(self, count, **vals):
        number = self.job.line_count
        self.env["bigcommerce.queue.line"].create(
            [
                {
                    "job_id": self.job.id,
                    "instance_id": self.instance.id,
                    "operation": "import_orders",
                    "key": str(key),
                    "lane": str(key),
                    "name": f"Order {key}",
                    **vals,
                }
                for key in range(number, number + count)
            ]
        )
        self.job.invalidate_recordset()

    def assertSays(self, text, **vals):
        self.job.write(vals)
        self.job.invalidate_recordset()
        self.assertEqual(self.job.progress_text, text)

    def test_it_says_that_it_waits_and_how_much_is_read(self):
        now = self.env.cr.now()
        self.assertSays("Waits for its turn")
        self.assertSays(
            "1,250 read so far", state="discovering", read_on=now, read_count=1250
        )
        self.add_lines(2, state="done")
        self.add_lines(3)
        self.assertSays("1,250 read so far, 2 of 5 done", state="pending")

    def test_it_says_how_long_the_rest_will_take(self):
        now = self.env.cr.now()
        self.add_lines(8)
        self.assertSays("0 of 8 done", state="running")
        # Long ago: it says nothing of how quickly the rest is done.
        self.add_lines(
            50,
            state="done",
            started_on=now - timedelta(hours=3),
            ended_on=now - timedelta(hours=2),
        )
        self.assertSays("50 of 58 done")
        self.add_lines(
            2, state="done", started_on=now - timedelta(minutes=1), ended_on=now
        )
        self.assertSays("52 of 60 done, about 4 minutes left")
        self.add_lines(
            40, state="done", started_on=now - timedelta(minutes=1), ended_on=now
        )
        self.assertSays("92 of 100 done, less than a minute left")

    def test_no_end_is_promised_while_the_store_has_asked_to_wait(self):
        now = self.env.cr.now()
        self.add_lines(2)
        self.add_lines(
            2, state="done", started_on=now - timedelta(minutes=1), ended_on=now
        )
        self.instance.not_before = now + timedelta(minutes=30)
        self.assertSays("2 of 4 done", state="running")

    def test_problems_are_counted_also_in_the_end(self):
        cause = self.env["bigcommerce.cause"]._get("unknown_sku")
        self.assertSays("There was nothing to do", state="done")
        self.add_lines(1, state="done")
        self.add_lines(1, state="blocked", cause_id=cause.id)
        self.assertSays("1 of 2 done, 1 problem", state="done")
        self.add_lines(1, state="failed", cause_id=cause.id)
        self.assertSays("1 of 3 done, 2 problems", state="done")


@tagged("post_install", "-at_install")
class TestReading(OrderCase):
    def test_what_lists_say_is_counted_whether_it_is_wanted_or_not(self):
        for status in (11, 2, 2):
            self.store.place_order(lines=[{"sku": "MUG-ENAMEL"}], status=status)
        job = self.import_orders()
        self.assertEqual((job.read_count, job.line_count), (3, 1))
