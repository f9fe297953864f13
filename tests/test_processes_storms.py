"""A store that asks two workers to wait, or that lets them in no more."""

from odoo.tests import tagged

from .process_case import ProcessCase, pauses, takes_notes

NOTES = "bigcommerce.test.note"
# Seconds that the store asks to wait: far more than a test waits for anything.
LONG = 600


class StoreCase(ProcessCase):
    """Eight orders of the store, each to be given a note, in batches of three."""

    def setUp(self):
        super().setUp()
        self.order_ids = self.place_orders(8)
        self.set_batch_limit(3)

    def start_noting(self):
        self.start(
            "test_note",
            items=[
                {"key": f"n{order_id}", "order": order_id}
                for order_id in self.order_ids
            ],
        )

    def assertNoted(self):
        """Each order has its note once."""
        self.assertEqual(set(self.get_states("test_note").values()), {"done"})
        for order_id in self.order_ids:
            order = self.store.control("GET", f"v2/orders/{order_id}")
            self.assertEqual(order["staff_notes"], f"[n{order_id}]")
        self.assertNothingLost()

    def get_condition(self, name):
        """Return what the instance knows of its store."""
        return self.get_values("bigcommerce.instance", self.instance_id, name)

    def is_any_in_work(self):
        return bool({"running", "sending"} & set(self.get_states().values()))

    def count_alerts(self):
        """Return how often a manager is told of the store."""
        with self.transaction() as env:
            return env["mail.activity"].search_count(
                [
                    ("res_model", "=", "bigcommerce.instance"),
                    ("res_id", "=", self.instance_id),
                ]
            )


@tagged("post_install", "-at_install")
class TestStorm(StoreCase):
    def assertHeldOff(self):
        """The store has to wait, and no line has used up a try."""
        for line in self.get_lines():
            if line["state"] != "done":
                self.assertEqual((line["state"], line["tries"]), ("pending", 0))
        self.assertGreater(self.get_condition("not_before"), self.now())

    def rage(self, headers):
        """Let every request be refused from now on."""
        self.store.fault("", status=429, times=0, headers=headers, quota_headers=False)

    def test_a_storm_of_429_over_two_workers_costs_time_and_nothing_else(self):
        self.start_noting()
        workers = [
            self.start_worker(pauses("_send", NOTES, name="send")) for _number in "ab"
        ]
        self.wait_paused("send", 2)
        self.rage({"X-Rate-Limit-Time-Reset-Ms": str(1000 * LONG)})
        self.let_go("send")
        self.wait_until(lambda: not self.is_any_in_work(), "both give up for now")
        self.assertHeldOff()
        # Minutes later it still rages: one of them asks, and hears so.
        for _round in range(3):
            self.store.forget_requests()
            self.let_minutes_pass(LONG / 60 + 1)
            self.wait_until(
                lambda: self.store.get_requests() and not self.is_any_in_work(),
                "they try again, and give up again",
            )
            self.wait_until(
                lambda: self.get_condition("not_before") > self.now(),
                "the store has to wait",
            )
            self.assertHeldOff()
            self.assertLessEqual(len(self.store.get_requests()), 2 * 3)
        self.store.heal()
        # Nobody does anything but wait.
        self.let_minutes_pass(LONG / 60 + 1)
        self.wait_until(self.is_idle, "it resumes alone")
        self.assertEqual([worker.stop() for worker in workers], [0, 0])
        self.assertNoted()
        self.assertEqual(self.get_condition("failure_count"), 0)

    def test_short_waits_are_slept_and_finished_in_the_same_run(self):
        self.start_noting()
        self.store.fault(
            r"^/v2/orders/\d+$",
            status=429,
            nth=3,
            headers={"X-Rate-Limit-Time-Reset-Ms": "200"},
            quota_headers=False,
        )
        self.work_off(2)
        self.assertNoted()
        self.assertEqual({line["tries"] for line in self.get_lines("test_note")}, {1})

    def test_a_quota_that_two_workers_use_up_together_is_never_overdrawn_for_long(self):
        self.store.control("PUT", "quota", {"limit": 10, "window_ms": 1000})
        self.start_noting()
        self.work_off(2)
        self.assertNoted()
        refused = [
            request for request in self.store.get_requests() if request["status"] == 429
        ]
        self.assertLess(len(refused), 12)
        self.assertEqual({line["tries"] for line in self.get_lines("test_note")}, {1})


@tagged("post_install", "-at_install")
class TestTokenRefused(StoreCase):
    def test_two_workers_that_are_refused_pause_the_store_once(self):
        self.start_noting()
        workers = [
            self.start_worker(
                pauses("_send", NOTES, name="send"),
                *takes_notes("bigcommerce.engine", "_claim_lines"),
            )
            for _number in "ab"
        ]
        self.wait_paused("send", 2)
        self.store.control("PUT", "access", {"access_token": "another-token"})
        self.let_go("send")
        self.wait_until(lambda: not self.is_any_in_work(), "both give up")
        self.assertTrue(self.get_condition("is_access_refused"))
        self.assertEqual(self.count_alerts(), 1)
        self.assertEqual(
            {(line["state"], line["tries"]) for line in self.get_lines("test_note")},
            {("pending", 0)},
        )
        self.store.forget_requests()
        looked = len(self.get_journal())
        self.let_minutes_pass(60)
        self.wait_until(
            lambda: len(self.get_journal()) >= looked + 4, "both look for more to do"
        )
        self.assertEqual(self.store.get_requests(), [], "nothing is asked any more")
        with self.transaction() as env:
            self.get_instance(env).access_token = "another-token"
        self.wait_until(self.is_idle, "it goes on")
        self.assertEqual([worker.stop() for worker in workers], [0, 0])
        self.assertNoted()
        self.assertEqual(self.count_alerts(), 0)


@tagged("post_install", "-at_install")
class TestOutage(StoreCase):
    def test_two_workers_that_get_no_answer_tell_once_and_only_probe_then(self):
        self.start_noting()
        self.store.fault("", status=503, times=0)
        workers = [self.start_worker() for _number in "ab"]
        self.wait_until(
            lambda: (
                self.get_condition("failure_count") >= 3 and not self.is_any_in_work()
            ),
            "both give up",
        )
        self.assertEqual(self.count_alerts(), 1)
        # Other stores are served.
        partner_ids = self.create_counters(3)
        self.start_counting(partner_ids, instance_id=self.create_other_store())
        self.wait_until(
            lambda: self.get_counts(partner_ids) == [1] * 3, "the other store"
        )
        failures = self.get_condition("failure_count")
        self.store.forget_requests()
        self.let_minutes_pass(2)
        self.wait_until(
            lambda: self.get_condition("failure_count") > failures, "it is probed"
        )
        self.assertEqual(
            {request["path"] for request in self.store.get_requests()}, {"/v2/time"}
        )
        self.store.heal()
        self.let_minutes_pass(60)
        self.wait_until(
            lambda: not self.get_condition("failure_count"), "it is found to answer"
        )
        self.let_minutes_pass(60)
        self.wait_until(self.is_idle, "it resumes alone")
        self.assertEqual([worker.stop() for worker in workers], [0, 0])
        self.assertNoted()
        self.assertEqual(self.count_alerts(), 0)
