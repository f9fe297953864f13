"""Who goes first, who waits for whom, and who waits for nobody."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tests import tagged
from odoo.tools import SQL

from ..sync.operation import Found, FoundPage
from ..sync.order_partners import get_customer_lane
from ..sync.scan import PAGES_AT_A_TIME
from .common import OrderCase, SandboxCase, load_few_orders

MUG = {"sku": "MUG-ENAMEL"}
SAM = {"first_name": "Sam", "last_name": "Shopper", "email": "sam@example.com"}
PAGES = "test_pages"
URGENT_PAGES = "test_urgent_pages"
EXCLUSIVE_PAGES = "test_exclusive_pages"
# What the operations below did, in their order.
NOTES = []


class BigcommerceTestPages(models.AbstractModel):
    """Read so many ``pages`` of one thing each, and take notes."""

    _module = None
    _name = "bigcommerce.test.pages"
    _inherit = ["bigcommerce.operation"]
    _description = "Pages"

    _code = PAGES

    @api.model
    def _get_label(self):
        return self._description

    @api.model
    def _discover(self, client, instance, options, resume):
        name = options["name"]
        for number in range(resume.get("number", 0), options["pages"]):
            NOTES.append(f"{name} page {number}")
            item = Found(f"{name}-{number}", "Thing", {}, options.get("lane", ""))
            yield FoundPage([item], {"number": number + 1})

    @api.model
    def _apply(self, lines):
        NOTES.extend(f"{line.key.partition('-')[0]} line" for line in lines)
        return {line: line.instance_id for line in lines}


class BigcommerceTestUrgentPages(models.AbstractModel):
    """The same, before everything else."""

    _module = None
    _name = "bigcommerce.test.urgent.pages"
    _inherit = ["bigcommerce.test.pages"]
    _description = "Urgent Pages"

    _code = URGENT_PAGES
    _priority = 5


class BigcommerceTestExclusivePages(models.AbstractModel):
    """The same, one batch at a time."""

    _module = None
    _name = "bigcommerce.test.exclusive.pages"
    _inherit = ["bigcommerce.test.pages"]
    _description = "Exclusive Pages"

    _code = EXCLUSIVE_PAGES
    _is_exclusive = True
    _batch_size = 3


class LaneCase(SandboxCase):
    load = staticmethod(load_few_orders)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_operations(
            BigcommerceTestPages,
            BigcommerceTestUrgentPages,
            BigcommerceTestExclusivePages,
        )
        cls.instance = cls.confirm_instance()
        cls.others = cls.env["bigcommerce.instance"].concat(
            *(
                cls.create_instance(
                    name=name, store_hash=name, state="confirmed", queue_batch_limit=1
                )
                for name in ("second", "third")
            )
        )
        cls.pumps = cls.env["bigcommerce.engine"]._get_pumps()

    def setUp(self):
        super().setUp()
        NOTES.clear()

    def enqueue(self, *keys, lane="", instance=None, operation=PAGES):
        """Return the lines of a job that has read its lists."""
        model = self.env["bigcommerce.operation"]._get_operation(operation)
        job = self.env["bigcommerce.queue.job"].create(
            {
                "instance_id": (instance or self.instance).id,
                "operation": operation,
                "priority": model._priority,
                "state": "running",
            }
        )
        self.env["bigcommerce.engine"]._enqueue_lines(
            job, [Found(str(key), f"Thing {key}", {}, lane) for key in keys]
        )
        return job.line_ids.sorted("id")

    def claim(self, position=0):
        """Let a pump claim what is next; return the keys of its lines."""
        with self.open_engine() as engine:
            pump = engine.env["ir.cron"].browse(self.pumps[position].id)
            return engine._claim_lines(pump).mapped("key")

    def settle(self, lines):
        lines.write({**lines._get_end_vals(), "state": "done"})

    def get_started(self, *notes):
        """Return the notes, repeated ones left out."""
        return [
            note
            for note, before in zip(notes, (None, *notes), strict=False)
            if note != before
        ]


@tagged("post_install", "-at_install")
class TestLanes(LaneCase):
    def test_a_thing_has_a_lane_of_its_own(self):
        lines = self.enqueue(1, 2)
        self.assertEqual(lines.mapped("lane"), ["1", "2"])
        self.assertEqual(self.claim(), ["1", "2"])

    def test_lines_of_a_lane_are_worked_on_by_one_pump(self):
        self.instance.queue_batch_limit = 1
        first, second = self.enqueue(1, 2, lane="same")
        self.assertEqual(self.claim(0), ["1"])
        self.assertEqual(self.claim(1), [])
        self.settle(first)
        self.assertEqual(self.claim(1), ["2"])
        self.assertEqual(second.state, "running")

    def test_one_pump_may_have_several_of_a_lane_at_once(self):
        self.enqueue(1, 2, 3, lane="same")
        self.assertEqual(self.claim(), ["1", "2", "3"])

    def test_what_waits_for_its_lane_holds_up_nothing_else(self):
        self.instance.queue_batch_limit = 2
        self.enqueue(1, 2, 3, lane="same")
        self.enqueue(4, 5, lane="another")
        self.enqueue(6)
        self.assertEqual(self.claim(0), ["1", "2"])
        self.assertEqual(self.claim(1), ["4", "5"])
        self.assertEqual(self.claim(1), ["6"])
        self.assertEqual(self.claim(1), [])

    def test_each_store_and_operation_has_lanes_of_its_own(self):
        self.enqueue(1, lane="same")
        self.claim(0)
        self.enqueue(2, lane="same", instance=self.others[0])
        self.assertEqual(self.claim(1), ["2"])
        self.enqueue(3, lane="same", operation=URGENT_PAGES)
        self.assertEqual(self.claim(1), ["3"])

    def test_a_lane_is_held_while_its_line_is_sent_or_looked_at(self):
        for state, pump, is_held in (
            ("running", self.pumps[0], True),
            ("sending", self.pumps[0], True),
            ("unknown", self.pumps[0], True),
            ("unknown", self.pumps.browse(), False),
            ("retry", self.pumps.browse(), False),
            ("blocked", self.pumps.browse(), False),
            ("done", self.pumps.browse(), False),
            ("failed", self.pumps.browse(), False),
        ):
            with self.subTest(state=state, pump=len(pump)):
                held = self.enqueue(f"held {state}{len(pump)}", lane="same")
                held.write(
                    {
                        "state": state,
                        "pump_id": pump.id,
                        "not_before": fields.Datetime.now() + timedelta(hours=1),
                    }
                )
                line = self.enqueue(f"next {state}{len(pump)}", lane="same")
                self.assertEqual(self.claim(1), [] if is_held else [line.key])
                self.settle(held | line)

    def test_an_unknown_line_does_not_overtake_its_lane(self):
        held, unknown = self.enqueue(1, 2, lane="same")
        held.write({"state": "running", "pump_id": self.pumps[0].id})
        unknown.state = "unknown"
        self.assertEqual(self.claim(1), [])
        self.settle(held)
        self.assertEqual(self.claim(1), ["2"])

    def test_a_line_that_goes_to_a_newer_job_keeps_to_the_newer_lane(self):
        line = self.enqueue(1, lane="old")
        self.enqueue(1, lane="new")
        self.assertEqual(self.get_lines(PAGES), line)
        self.assertEqual(line.lane, "new")

    def test_one_that_killed_a_worker_keeps_to_its_lane_too(self):
        killer, other = self.enqueue(1, 2, lane="same")
        killer.is_alone = True
        self.assertEqual(self.claim(0), ["1"])
        self.assertEqual(self.claim(1), [])
        self.settle(killer)
        self.assertEqual(self.claim(1), ["2"])
        self.assertEqual(other.state, "running")


@tagged("post_install", "-at_install")
class TestExclusive(LaneCase):
    def test_one_batch_of_a_store_is_in_work_at_a_time(self):
        lines = self.enqueue(*range(5), operation=EXCLUSIVE_PAGES, lane="own")
        self.assertEqual(self.claim(0), ["0", "1", "2"])
        self.assertEqual(self.claim(1), [])
        self.settle(lines[:2])
        self.assertEqual(self.claim(1), [])
        self.settle(lines[2])
        self.assertEqual(self.claim(1), ["3", "4"])

    def test_other_stores_and_operations_go_on(self):
        self.enqueue(1, 2, operation=EXCLUSIVE_PAGES)
        self.claim(0)
        self.enqueue(3, instance=self.others[0], operation=EXCLUSIVE_PAGES)
        self.enqueue(4)
        self.assertEqual({*self.claim(1), *self.claim(1)}, {"3", "4"})

    def test_one_that_killed_a_worker_is_alone(self):
        killer, other = self.enqueue(1, 2, operation=EXCLUSIVE_PAGES)
        killer.is_alone = True
        self.assertEqual(self.claim(0), ["1"])
        self.assertEqual(self.claim(1), [])
        self.settle(killer)
        self.assertEqual(self.claim(1), ["2"])
        self.assertEqual(other.state, "running")

    def test_all_of_it_gets_done(self):
        self.enqueue(*range(10), operation=EXCLUSIVE_PAGES)
        self.drain()
        self.assertEqual(set(self.get_lines(EXCLUSIVE_PAGES).mapped("state")), {"done"})
        self.assertQueueIsSound()


@tagged("post_install", "-at_install")
class TestPriorities(LaneCase):
    def start(self, name, pages, operation=PAGES, instance=None):
        instance = instance or self.instance
        return instance._start(operation, name=name, pages=pages)

    def step(self, count=1):
        """Let a pump do so many turns, a second apart."""
        with self.open_engine() as engine:
            for _turn in range(count):
                engine._work(engine.env["ir.cron"])
                # In a test, the clock of the database stands still.
                for table, column in (
                    ("bigcommerce_queue_job", "read_on"),
                    ("bigcommerce_queue_line", "started_on"),
                ):
                    column = SQL.identifier(column)
                    engine.env.cr.execute(
                        SQL(
                            "UPDATE %s SET %s = %s - interval '1 second'",
                            SQL.identifier(table),
                            column,
                            column,
                        )
                    )
                engine.env.invalidate_all()

    def get_pages(self):
        return self.get_started(
            *(note.partition(" page")[0] for note in NOTES if " page" in note)
        )

    def test_an_urgent_list_is_read_first_though_it_came_last(self):
        self.start("slow", 3)
        self.start("urgent", 3, URGENT_PAGES)
        self.drain()
        self.assertEqual(self.get_pages(), ["urgent", "slow"])

    def test_urgent_lines_are_done_first_though_they_came_last(self):
        self.instance.queue_batch_limit = 1
        self.enqueue("slow-1", "slow-2")
        self.enqueue("urgent-1", "urgent-2", operation=URGENT_PAGES)
        self.drain()
        self.assertEqual(self.get_started(*NOTES), ["urgent line", "slow line"])

    def test_urgent_lines_of_another_store_are_done_first(self):
        self.instance.queue_batch_limit = 1
        self.enqueue("slow-1", "slow-2")
        self.enqueue("urgent-1", operation=URGENT_PAGES, instance=self.others[1])
        self.drain()
        self.assertEqual(self.get_started(*NOTES), ["urgent line", "slow line"])

    def test_lines_have_the_priority_of_their_operation(self):
        self.start("urgent", 2, URGENT_PAGES)
        self.start("slow", 2)
        self.drain()
        self.assertEqual(set(self.get_lines(URGENT_PAGES).mapped("priority")), {5})
        self.assertEqual(set(self.get_lines(PAGES).mapped("priority")), {50})

    def test_long_lists_of_two_stores_are_read_by_turns(self):
        pages = 2 * PAGES_AT_A_TIME
        self.start("one", pages)
        self.start("two", pages, instance=self.others[0])
        self.step(6)
        self.assertEqual(self.get_pages(), ["one", "two", "one", "two"])
        first_turn = NOTES[: NOTES.index("two page 0")]
        pages_read = [note for note in first_turn if " page" in note]
        self.assertEqual(len(pages_read), PAGES_AT_A_TIME)

    def test_two_long_lists_of_one_store_are_read_by_turns(self):
        pages = PAGES_AT_A_TIME + 1
        self.start("one", pages)
        self.start("two", pages)
        self.step(4)
        self.assertEqual(self.get_pages(), ["one", "two", "one", "two"])

    def test_a_list_that_comes_later_does_not_wait_for_the_end_of_a_long_one(self):
        self.start("long", 5 * PAGES_AT_A_TIME)
        self.step()
        self.start("short", 1, instance=self.others[0])
        self.step(2)
        self.assertEqual(self.get_pages()[:2], ["long", "short"])

    def test_each_page_is_read_once(self):
        job = self.start("one", 3 * PAGES_AT_A_TIME)
        self.start("two", 2 * PAGES_AT_A_TIME)
        self.drain()
        read = [note for note in NOTES if " page" in note]
        self.assertEqual(len(read), 5 * PAGES_AT_A_TIME)
        self.assertEqual(len(set(read)), len(read))
        self.assertEqual((job.state, job.done_count), ("done", 3 * PAGES_AT_A_TIME))

    def test_lists_of_exactly_one_turn_end(self):
        for pages in (0, 1, PAGES_AT_A_TIME - 1, PAGES_AT_A_TIME, PAGES_AT_A_TIME + 1):
            with self.subTest(pages=pages):
                job = self.start(f"of {pages}", pages)
                self.drain()
                self.assertEqual((job.state, job.line_count), ("done", pages))

    def test_turns_use_up_no_tries(self):
        job = self.start("long", 12 * PAGES_AT_A_TIME)
        self.drain()
        self.assertEqual((job.state, job.error_message), ("done", False))

    def test_lines_do_not_wait_for_the_end_of_a_long_list(self):
        self.start("long", 5 * PAGES_AT_A_TIME)
        self.enqueue("line-1")
        self.step()
        self.assertIn("line line", NOTES)
        self.assertNotIn(f"long page {PAGES_AT_A_TIME}", NOTES)

    def test_a_store_that_is_off_in_the_middle_of_a_list_keeps_what_was_read(self):
        keep_page = self.registry["bigcommerce.engine"]._keep_page

        def keep(engine, job, page):
            keep_page(engine, job, page)
            if page.resume["number"] == 3:
                job.instance_id.active = False

        self.patch(self.registry["bigcommerce.engine"], "_keep_page", keep)
        job = self.start("long", 8)
        self.drain()
        self.assertEqual(job.state, "pending")
        self.assertEqual(NOTES, ["long page 0", "long page 1", "long page 2"])
        self.patch(self.registry["bigcommerce.engine"], "_keep_page", keep_page)
        self.instance.active = True
        self.drain()
        self.assertEqual(job.state, "done")
        self.assertEqual(job.line_count, 8)
        self.assertEqual(NOTES.count("long page 3"), 1)

    def test_stores_take_turns_whoever_has_more_to_do(self):
        self.instance.queue_batch_limit = 1
        self.enqueue("a-1", "a-2", "a-3", "a-4", "a-5", "a-6")
        self.enqueue("b-1", "b-2", instance=self.others[0])
        self.enqueue("c-1", instance=self.others[1])
        self.step(9)
        stores = [note[0] for note in NOTES]
        self.assertEqual(set(stores[:3]), {"a", "b", "c"})
        self.assertEqual(set(stores[3:5]), {"a", "b"})
        self.assertEqual(stores[5:], ["a"] * 4)

    def test_a_store_full_of_problems_keeps_no_other_waiting(self):
        lines = self.enqueue(*(f"bad-{number}" for number in range(200)))
        lines[:100].write(
            {
                "state": "failed",
                "cause_id": self.env["bigcommerce.cause"]._get("unexpected_error").id,
            }
        )
        lines[100:].write(
            {"state": "retry", "not_before": fields.Datetime.now() + timedelta(hours=1)}
        )
        self.enqueue("good-1", instance=self.others[0])
        self.step()
        self.assertEqual(NOTES, ["good line"])

    def test_a_store_that_pauses_keeps_no_list_of_another_waiting(self):
        self.start("one", 3)
        self.start("two", 3, instance=self.others[0])
        self.instance.not_before = fields.Datetime.now() + timedelta(hours=1)
        self.drain()
        self.assertEqual(self.get_pages(), ["two"])


@tagged("post_install", "-at_install")
class TestCustomers(OrderCase):
    def get_lane(self, **billing):
        return get_customer_lane({"id": 1, "billing_address": billing})

    def test_who_has_the_same_address_is_one_customer(self):
        lane = self.get_lane(email="sam@example.com", first_name="Sam")
        self.assertTrue(lane)
        for email in ("sam@example.com", "SAM@example.com", " sam@example.com "):
            with self.subTest(email=email):
                self.assertEqual(self.get_lane(email=email), lane)
        self.assertNotEqual(self.get_lane(email="pat@example.com"), lane)

    def test_it_tells_nothing_of_the_customer(self):
        lane = self.get_lane(email="sam@example.com", first_name="Sam")
        self.assertNotIn("sam", lane)
        self.assertRegex(lane, r"^[0-9a-f]{16}$")

    def test_who_has_no_address_goes_by_name(self):
        lane = self.get_lane(first_name="Sam", last_name="Shopper")
        self.assertEqual(self.get_lane(first_name="SAM", last_name="shopper"), lane)
        self.assertNotEqual(self.get_lane(first_name="Pat"), lane)

    def test_of_whom_nothing_is_known_shares_no_lane(self):
        for raw in (
            {"id": 1},
            {"id": 1, "billing_address": None},
            {"id": 1, "billing_address": {"email": None, "first_name": ""}},
            {"id": 1, "billing_address": {"email": "", "first_name": " "}},
        ):
            with self.subTest(raw=raw):
                self.assertEqual(get_customer_lane(raw), "")

    def test_odd_payloads_have_a_lane_all_the_same(self):
        for raw in (
            {"billing_address": {"email": "no address"}},
            {"billing_address": {"email": "a@b.com, c@d.com"}},
            {"billing_address": {"email": 5}},
            {"billing_address": {"first_name": 5, "company": ["x"]}},
        ):
            with self.subTest(raw=raw):
                self.assertIsInstance(get_customer_lane(raw), str)

    def test_an_address_that_is_no_object_stops_no_other_order(self):
        """The order cannot be read, and is recorded as such."""
        bad = self.store.place_order(lines=[MUG])
        good = self.store.place_order(lines=[MUG])
        self.store.patch(f"v2/orders/{bad}", billing_address=["odd"])
        job = self.import_orders()
        self.assertEqual(job.state, "done")
        self.assertEqual(self.get_order(good).state, "imported")
        self.assertEqual(self.get_order(bad).state, "blocked")

    def test_orders_of_one_customer_are_in_one_lane(self):
        for billing in (SAM, {**SAM, "email": "Sam@Example.com"}, SAM):
            self.store.place_order(lines=[MUG], billing=billing)
        self.store.place_order(lines=[MUG], billing={**SAM, "email": "pat@example.com"})
        self.import_orders()
        lanes = self.get_lines("import_orders").sorted("id").mapped("lane")
        self.assertEqual(len(set(lanes[:3])), 1)
        self.assertNotIn(lanes[3], lanes[:3])

    def test_one_order_in_two_jobs_keeps_its_lane(self):
        bc_id = self.store.place_order(lines=[MUG], billing=SAM)
        other = self.store.place_order(lines=[MUG], billing=SAM)
        self.import_orders(ids=[bc_id])
        self.import_orders()
        lines = self.get_lines("import_orders")
        self.assertEqual(len(set(lines.mapped("lane"))), 1)
        self.assertEqual(set(lines.mapped("key")), {bc_id, other})
