"""Two pumps, in two processes, on one queue."""

from odoo.tests import tagged

from .process_case import ProcessCase, pauses, takes_notes

COUNT = "bigcommerce.test.count"
EXCLUSIVE = "bigcommerce.test.exclusive"
ORDERS = "bigcommerce.import.orders"


def get_spells(journal):
    """Return what was in work when: (start, end, pid, lines) per call of ``_apply``."""
    starts, spells = {}, []
    for note in journal:
        if note["method"] != "_apply":
            continue
        if note["after"]:
            start = starts.pop(note["pid"])
            spells.append((start, note["at"], note["pid"], note["lines"]))
        else:
            starts[note["pid"]] = note["at"]
    return spells


class PumpCase(ProcessCase):
    def assertNeverAtOnce(self, get_group):
        """No two processes had lines of one group in work at the same moment."""
        spells = get_spells(self.get_journal())
        self.assertTrue(spells)
        for start, end, pid, lines in spells:
            groups = set(map(get_group, lines))
            for other_start, other_end, other_pid, other_lines in spells:
                if pid != other_pid and start < other_end and other_start < end:
                    self.assertFalse(groups & set(map(get_group, other_lines)), spells)

    def get_claims(self):
        """Return the claims in the order in which they were made.

        Each is the operation and the instance of its lines.
        """
        with self.transaction() as env:
            env.cr.execute(
                "SELECT started_on, operation, instance_id FROM bigcommerce_queue_line "
                "WHERE operation LIKE 'test_%' ORDER BY started_on"
            )
            return list({claim[0]: claim[1:] for claim in env.cr.fetchall()}.values())

    def start_worker_that_reads(self, number):
        """Make a worker that reads the lists and stops before it claims lines.

        It is the worker of that number which waits there.
        """
        self.start_worker(pauses("_claim_lines", name="claim"))
        self.wait_paused("claim", number)


@tagged("post_install", "-at_install")
class TestSharing(PumpCase):
    def test_two_pumps_import_two_hundred_orders_and_each_exactly_once(self):
        self.set_batch_limit(20)
        order_ids = [
            order_id for _round in range(4) for order_id in self.place_orders(50)
        ]
        self.start("import_orders")
        self.work_off(2, *takes_notes(ORDERS, "_apply"))
        self.assertImported(order_ids)
        self.assertEqual(set(self.get_states("import_orders").values()), {"done"})
        applied = [
            (pid, line["id"])
            for _start, _end, pid, lines in get_spells(self.get_journal())
            for line in lines
        ]
        self.assertEqual(len({pid for pid, _line_id in applied}), 2, "both worked")
        self.assertCountEqual(
            [line["id"] for line in self.get_lines("import_orders")],
            {line_id for _pid, line_id in applied},
        )
        pids = {}
        for pid, line_id in applied:
            self.assertEqual(pids.setdefault(line_id, pid), pid, "one had it only")

    def test_orders_of_one_customer_make_one_contact_whoever_imports_them(self):
        self.set_batch_limit(5)
        for _round in range(8):
            self.place_orders(5)
        self.start("import_orders")
        self.work_off()
        with self.transaction() as env:
            names = (
                env["res.partner"]
                .search([("email", "like", "shopper.%"), ("parent_id", "=", False)])
                .mapped("name")
            )
        self.assertCountEqual(names, [f"Sam Shopper {number}" for number in range(5)])

    def test_a_job_ends_whose_last_two_batches_end_at_the_same_moment(self):
        self.set_batch_limit(1)
        job_id = self.start_counting(self.create_counters(2))
        for _number in range(2):
            self.start_worker(
                pauses("_apply", COUNT, name="apply"),
                pauses("_apply_lines", after=True, name="settle"),
            )
        for name in ("apply", "settle"):
            self.wait_paused(name, 2)
            self.let_go(name)
        self.wait_until(self.is_idle, "the job ends")
        self.assertEqual(
            self.get_values("bigcommerce.queue.job", job_id, "state", "done_count"),
            ("done", 2),
        )
        self.assertNothingLost()

    def test_many_small_jobs_end_whoever_does_their_last_line(self):
        self.set_batch_limit(1)
        partner_ids = self.create_counters(40)
        for position in range(0, 40, 2):
            self.start_counting(partner_ids[position : position + 2])
        self.work_off()
        self.assertEqual(self.get_counts(partner_ids), [1] * 40)
        with self.transaction() as env:
            jobs = env["bigcommerce.queue.job"].search(
                [("operation", "=", "test_count")]
            )
            self.assertEqual(jobs.mapped("state"), ["done"] * 20)


@tagged("post_install", "-at_install")
class TestNeverAtOnce(PumpCase):
    def let_other_look(self):
        """Let the other worker look for more to do, from the beginning."""
        looked = len(self.get_claim_notes())
        self.wait_until(
            lambda: self.wake() or len(self.get_claim_notes()) > looked + 1,
            "the other looks for more to do",
        )

    def get_claim_notes(self):
        return [
            note
            for note in self.get_journal()
            if note["method"] == "_claim_lines" and note["after"]
        ]

    def test_an_order_that_changes_while_it_is_in_work_is_not_in_work_twice(self):
        (order_id,) = self.place_orders(1)
        self.start("import_orders")
        notes = takes_notes(ORDERS, "_apply")
        self.start_worker(*notes, pauses("_apply", ORDERS, name="apply"))
        self.wait_paused("apply")
        self.store.patch(f"v2/orders/{order_id}", staff_notes="Call first")
        self.start("import_orders")
        self.start_worker(*notes, *takes_notes("bigcommerce.engine", "_claim_lines"))
        self.wait_until(lambda: len(self.get_lines("import_orders")) == 2, "it is read")
        self.let_other_look()
        self.assertEqual(
            [line["state"] for line in self.get_lines("import_orders")],
            ["running", "pending"],
        )
        self.let_go("apply")
        self.wait_until(self.is_idle, "both are done")
        self.assertEqual(
            [line["state"] for line in self.get_lines("import_orders")], ["done"] * 2
        )
        self.assertNeverAtOnce(lambda line: line["key"])
        self.assertImported([order_id])

    def test_lines_of_one_lane_are_not_in_work_in_two_processes(self):
        self.set_batch_limit(1)
        first, second, third, other = self.create_counters(4)
        self.start(
            "test_count",
            items=[
                {"key": "1", "lane": "same", "partners": [first]},
                {"key": "2", "lane": "same", "partners": [second]},
                {"key": "3", "lane": "same", "partners": [third]},
                {"key": "4", "lane": "other", "partners": [other]},
            ],
        )
        notes = takes_notes(COUNT, "_apply")
        self.start_worker(*notes, pauses("_apply", COUNT, key="1", name="apply"))
        self.wait_paused("apply")
        self.start_worker(*notes, *takes_notes("bigcommerce.engine", "_claim_lines"))
        self.wait_until(lambda: self.get_counts([other]) == [1], "the other lane")
        self.let_other_look()
        self.assertEqual(
            self.get_states("test_count"),
            {"1": "running", "2": "pending", "3": "pending", "4": "done"},
        )
        self.let_go("apply")
        self.wait_until(self.is_idle, "all are done")
        self.assertEqual(self.get_counts([first, second, third, other]), [1] * 4)
        self.assertNeverAtOnce(lambda line: line["lane"])

    def test_an_exclusive_operation_is_in_one_process_only_for_each_store(self):
        mine, theirs = self.create_counters(6), self.create_counters(6)
        other_store_id = self.create_other_store()
        self.start_counting(mine, "test_exclusive", instance_id=self.instance_id)
        self.start_counting(theirs, "test_exclusive", instance_id=other_store_id)
        notes = takes_notes(EXCLUSIVE, "_apply")
        self.start_worker(
            *notes, pauses("_apply", EXCLUSIVE, key=str(mine[0]), name="apply")
        )
        self.wait_paused("apply")
        self.start_worker(*notes, *takes_notes("bigcommerce.engine", "_claim_lines"))
        self.wait_until(lambda: self.get_counts(theirs) == [1] * 6, "the other store")
        self.let_other_look()
        self.assertEqual(self.get_counts(mine), [0] * 6)
        self.let_go("apply")
        self.wait_until(self.is_idle, "all are done")
        self.assertEqual(self.get_counts(mine), [1] * 6)
        self.assertNeverAtOnce(lambda line: line["instance_id"])

    def test_an_exclusive_operation_is_in_one_process_if_two_claim_at_once(self):
        partner_ids = self.create_counters(6)
        self.start_counting(partner_ids, "test_exclusive")
        points = [
            *takes_notes(EXCLUSIVE, "_apply"),
            *takes_notes("bigcommerce.engine", "_claim_lines"),
            pauses("_apply", EXCLUSIVE, name="apply"),
        ]
        self.start_worker(*points, pauses("_mark_lines", after=True, name="mark"))
        self.wait_paused("mark")
        self.start_worker(*points)
        self.wait_until(
            lambda: self.is_any_waiting_for_a_lock() or self.count_paused("apply"),
            "the other claims, or waits to do so",
        )
        self.let_go("mark")
        self.wait_paused("apply")
        self.let_other_look()
        self.assertEqual(self.count_paused("apply"), 1)
        self.let_go("apply")
        self.wait_until(self.is_idle, "all are done")
        self.assertEqual(self.get_counts(partner_ids), [1] * 6)
        self.assertNeverAtOnce(lambda line: line["instance_id"])

    def is_any_waiting_for_a_lock(self):
        with self.transaction() as env:
            env.cr.execute("SELECT FROM pg_locks WHERE NOT granted")
            return bool(env.cr.rowcount)


@tagged("post_install", "-at_install")
class TestOrder(PumpCase):
    def test_the_urgent_goes_first_though_it_was_found_last(self):
        self.set_batch_limit(5)
        ordinary, urgent = self.create_counters(30), self.create_counters(15)
        self.start_counting(ordinary)
        self.start_worker_that_reads(1)
        self.start_counting(urgent, "test_urgent")
        self.start_worker_that_reads(2)
        self.let_go("claim")
        self.wait_until(self.is_idle, "all are done")
        self.assertEqual(self.get_counts(ordinary + urgent), [1] * 45)
        operations = [operation for operation, _instance_id in self.get_claims()]
        self.assertEqual(operations, ["test_urgent"] * 3 + ["test_count"] * 6)

    def test_two_stores_take_turns(self):
        self.set_batch_limit(5)
        mine, theirs = self.create_counters(40), self.create_counters(10)
        other_store_id = self.create_other_store()
        self.set_batch_limit(5)
        self.start_counting(mine, instance_id=self.instance_id)
        self.start_worker_that_reads(1)
        self.start_counting(theirs, instance_id=other_store_id)
        self.start_worker_that_reads(2)
        self.let_go("claim")
        self.wait_until(self.is_idle, "all are done")
        self.assertEqual(self.get_counts(mine + theirs), [1] * 50)
        stores = [instance_id for _operation, instance_id in self.get_claims()]
        self.assertEqual(len(stores), 10)
        self.assertEqual(
            {stores.index(other_store_id), 9 - stores[::-1].index(other_store_id)}
            - {0, 1, 2, 3},
            set(),
            "the store with little to do is not behind the one with much",
        )
