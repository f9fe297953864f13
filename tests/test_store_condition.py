"""Whether a store may be asked: its outages, its token, its scopes and its quota."""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..client.errors import (
    AuthenticationError,
    DamagedAnswer,
    Forbidden,
    InvalidRequest,
    NotFound,
    RateLimited,
    RequestTimeout,
    ServerError,
    Unreachable,
)
from .common import SandboxCase, load_few_orders
from .test_sending import SendingCase

EVERYTHING = "."
TIME = "^/v2/time$"
MINUTES = timedelta(minutes=1)
MANAGER = "bigcommerce_connector.bigcommerce_group_manager"


class ConditionCase(SandboxCase):
    load = staticmethod(load_few_orders)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()
        cls.other = cls.create_instance(
            name="Other",
            state="confirmed",
            api_url=cls.store.address.replace("127.0.0.1", "localhost"),
        )
        cls.job = cls.env["bigcommerce.queue.job"].create(
            {
                "instance_id": cls.instance.id,
                "operation": "import_orders",
                "state": "done",
                "ended_on": fields.Datetime.now(),
            }
        )

    def setUp(self):
        super().setUp()
        self.skip_backoff()
        self.store.forget_requests()

    def converse(self, failure=None, answers=None, before=lambda instance: None):
        """Ask the store so many times, and let the conversation end with ``failure``.

        :param int answers: 1 if nothing is to fail, else none
        :param before: what somebody else does to the instance before the failure
        """
        with self.open_engine() as engine:
            job = self.job.with_env(engine.env)
            try:
                with engine._ask(job) as client:
                    for _time in range(not failure if answers is None else answers):
                        client.get_time()
                    before(job.instance_id)
                    if failure:
                        raise failure
            except type(failure):
                return

    def fail_three_times(self):
        for _time in range(3):
            self.converse(ServerError("Broken", status=500))

    def get_errors(self, instance=None):
        return self.env["bigcommerce.log"].search(
            [("instance_id", "=", (instance or self.instance).id)]
        )

    def assertDueIn(self, minutes):
        self.assertAlmostEqual(
            self.instance.not_before,
            fields.Datetime.now() + minutes * MINUTES,
            delta=timedelta(seconds=10),
        )


@tagged("post_install", "-at_install")
class TestBreaker(ConditionCase):
    def test_it_opens_at_the_third_failure_in_a_row(self):
        for failure in (
            ServerError("Broken", status=503),
            Unreachable("Nobody there"),
            RequestTimeout("Too late"),
        ):
            with self.subTest(failure=type(failure).__name__):
                for count in (1, 2):
                    self.converse(failure)
                    self.assertEqual(self.instance.failure_count, count)
                    self.assertFalse(self.instance.is_outage)
                    self.assertFalse(self.instance.not_before)
                self.converse(failure)
                self.assertEqual(self.instance.failure_count, 3)
                self.assertTrue(self.instance.is_outage)
                self.assertDueIn(1)
                self.instance._resume()

    def test_a_success_in_between_begins_anew(self):
        error = ServerError("Broken", status=500)
        for failure in (error, error, None, error, error):
            self.converse(failure)
        self.assertEqual(self.instance.failure_count, 2)
        self.assertFalse(self.get_alerts(self.instance))

    def test_an_answer_that_is_no_good_news_is_an_answer_all_the_same(self):
        error = ServerError("Broken", status=500)
        for answer in (
            NotFound("Gone", status=404),
            InvalidRequest("Bad", status=422),
            Forbidden("No", status=403),
            DamagedAnswer("Half of it", status=200),
        ):
            with self.subTest(answer=type(answer).__name__):
                self.converse(error)
                self.converse(error)
                self.converse(answer, answers=1)
                self.assertEqual(self.instance.failure_count, 0)

    def test_a_bug_says_nothing_about_the_store(self):
        self.converse(ServerError("Broken", status=500))
        self.converse(KeyError("surprise"))
        self.assertEqual(self.instance.failure_count, 1)

    def test_what_was_answered_before_the_failure_counts_as_a_success(self):
        """A store that answers most requests is not out of order."""
        error = ServerError("Broken", status=500)
        for _time in range(4):
            self.converse(error, answers=5)
        self.assertFalse(self.instance.is_outage)

    def test_while_it_is_open_nothing_is_asked_before_the_probe_is_due(self):
        self.fail_three_times()
        self.store.forget_requests()
        job = self.instance._start("import_orders")
        listings = self.instance._start("import_listings")
        self.drain()
        self.assertEqual(self.store.get_requests(), [])
        self.assertEqual((job.state, listings.state), ("pending", "pending"))
        self.assertEqual((job.tries, listings.tries), (0, 0))

    def test_other_stores_are_not_concerned(self):
        self.fail_three_times()
        job = self.run_operation(self.other, "import_orders")
        self.assertEqual(job.state, "done")
        self.assertFalse(self.other.is_outage)

    def test_one_probe_asks_for_all_that_waits(self):
        self.fail_three_times()
        for operation in ("import_orders", "import_listings", "import_brands"):
            self.instance._start(operation)
        self.store.fault(EVERYTHING, status=500, times=0)
        self.store.forget_requests()
        self.let_time_pass()
        self.drain()
        paths = [request["path"] for request in self.store.get_requests()]
        # The transport repeats what may pass by itself.
        self.assertEqual(set(paths), {"/v2/time"})
        self.assertLessEqual(len(paths), 3)

    def test_one_pump_probes_at_a_time(self):
        self.fail_three_times()
        self.let_time_pass()
        self.store.forget_requests()
        with self.open_engine() as engine:
            hold = type(engine)._holding

            def be_late(engine, lock, wait=True):
                # The other has asked, and said so, before this one has the lock.
                engine.env["bigcommerce.instance"].browse(
                    self.instance.id
                ).not_before = fields.Datetime.now() + MINUTES
                return hold(engine, lock, wait)

            with patch.object(type(engine), "_holding", be_late):
                engine._probe_stores()
        self.assertEqual(self.store.get_requests(), [])

    def test_the_probes_come_after_1_5_15_and_15_minutes(self):
        self.store.fault(EVERYTHING, status=500, times=0)
        self.fail_three_times()
        for count, minutes in ((3, 1), (4, 5), (5, 15), (6, 15), (7, 15)):
            with self.subTest(count=count):
                self.assertEqual(self.instance.failure_count, count)
                self.assertDueIn(minutes)
                self.store.forget_requests()
                self.drain()
                self.assertEqual(self.store.get_requests(), [], "not before its time")
                self.let_time_pass()
                self.drain()
                self.assertTrue(self.store.get_requests(TIME))

    def test_failures_of_those_who_asked_before_do_not_put_off_the_probe(self):
        """Several workers ask at the same time, and all fail."""
        error = ServerError("Broken", status=500)
        for _worker in range(5):
            self.converse(error)
        self.assertTrue(self.instance.is_outage)
        self.assertLess(self.instance.not_before, fields.Datetime.now() + 2 * MINUTES)

    def test_who_was_answered_before_the_outage_does_not_end_it(self):
        """A worker's long conversation fails as well, after others saw the outage."""
        self.fail_three_times()
        alert = self.get_alerts(self.instance)
        self.converse(ServerError("Broken", status=500), answers=5)
        self.assertTrue(self.instance.is_outage)
        self.assertEqual(self.get_alerts(self.instance), alert)

    def test_a_manager_is_told_once(self):
        self.store.fault(EVERYTHING, status=500, times=0)
        self.instance._start("import_orders")
        self.instance._start("import_listings")
        for _time in range(12):
            self.let_time_pass()
            self.drain()
        self.assertGreater(self.instance.failure_count, 5)
        self.assertEqual(len(self.get_errors()), 1)
        alert = self.get_alerts(self.instance)
        self.assertEqual(len(alert), 1)
        self.assertIn("Sandbox", alert.summary)
        self.assertTrue(alert.note)
        self.assertTrue(alert.user_id.has_group(MANAGER))
        self.assertFalse(self.get_alerts(self.other))

    def test_the_next_outage_is_told_again(self):
        self.fail_three_times()
        self.converse()
        self.assertFalse(self.get_alerts(self.instance))
        self.fail_three_times()
        self.assertEqual(len(self.get_alerts(self.instance)), 1)
        self.assertEqual(len(self.get_errors()), 2)

    def test_it_closes_by_itself_and_all_goes_on(self):
        self.store.fault(EVERYTHING, status=503, times=0)
        job = self.instance._start("import_orders")
        for _time in range(5):
            self.let_time_pass()
            self.drain()
        self.assertTrue(self.instance.is_outage)
        self.store.heal()
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.instance.failure_count, 0)
        self.assertFalse(self.instance.not_before)
        self.assertFalse(self.get_alerts(self.instance))
        self.assertEqual(job.state, "done")
        self.assertEqual(self.env["bigcommerce.order"].search_count([]), 12)
        self.assertQueueIsSound()

    def test_a_store_that_refuses_the_probe_answers(self):
        self.fail_three_times()
        self.store.control("PUT", "access", {"access_token": "another"})
        self.instance._start("import_orders")
        self.let_time_pass()
        self.drain()
        self.assertFalse(self.instance.is_outage)
        self.assertTrue(self.instance.is_access_refused)
        self.assertEqual(len(self.get_alerts(self.instance)), 1)

    def test_a_store_that_is_off_is_not_probed(self):
        for change in ({"active": False}, {"state": "draft"}):
            with self.subTest(change=change):
                self.instance.write({"active": True, "state": "confirmed"})
                self.instance._resume()
                self.fail_three_times()
                self.instance.write(change)
                self.store.forget_requests()
                self.let_time_pass()
                self.drain()
                self.assertEqual(self.store.get_requests(), [])

    def test_a_store_whose_token_is_refused_is_not_probed(self):
        self.fail_three_times()
        self.instance.is_access_refused = True
        self.store.forget_requests()
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.store.get_requests(), [])

    def test_a_person_who_connects_successfully_closes_it(self):
        self.fail_three_times()
        self.instance.action_test_connection()
        self.assertFalse(self.instance.is_outage)
        self.assertFalse(self.get_alerts(self.instance))
        self.assertEqual(
            self.run_operation(self.instance, "import_brands").state, "done"
        )

    def test_a_person_who_fails_to_connect_leaves_it_open(self):
        self.fail_three_times()
        self.store.fault(EVERYTHING, status=500, times=0)
        with self.assertRaises(UserError):
            self.instance.action_test_connection()
        self.assertTrue(self.instance.is_outage)
        self.assertEqual(len(self.get_alerts(self.instance)), 1)

    def test_other_credentials_close_it(self):
        self.fail_three_times()
        self.instance.access_token = "another"
        self.assertFalse(self.instance.is_outage)

    def test_one_object_that_breaks_the_store_does_not_stop_it(self):
        """Its request fails each time, and all others succeed."""
        self.store.fault("^/v2/orders/118$", status=500, times=0)
        self.run_operation(self.instance, "import_orders", ids=["118"])
        for _time in range(6):
            job = self.run_operation(self.instance, "import_brands")
            self.assertEqual(job.state, "done")
            self.assertFalse(self.instance.is_outage)
            self.let_time_pass()
            self.drain()

    def test_no_line_uses_up_its_tries_while_the_store_is_out(self):
        self.run_operation(self.instance, "import_listings")
        self.instance._start("import_orders")
        with self.open_engine() as engine:
            while engine._scan_next(engine.env["ir.cron"]):
                pass
        self.store.fault(EVERYTHING, status=500, times=0)
        self.fail_three_times()
        for _time in range(6):
            self.let_time_pass()
            self.drain()
        lines = self.get_lines("import_orders")
        self.assertTrue(lines)
        self.assertEqual(set(lines.mapped("tries")), {0})


@tagged("post_install", "-at_install")
class TestToken(ConditionCase):
    def refuse(self):
        self.store.control("PUT", "access", {"access_token": "another"})
        jobs = self.instance._start("import_orders")
        jobs += self.instance._start("import_listings")
        self.drain()
        return jobs

    def test_it_is_refused_once(self):
        jobs = self.refuse()
        self.assertTrue(self.instance.is_access_refused)
        self.assertEqual(len(self.store.get_requests()), 1)
        self.assertEqual(set(jobs.mapped("state")), {"pending"})
        self.assertEqual(set(jobs.mapped("tries")), {0})
        for _time in range(3):
            self.let_time_pass()
            self.drain()
        self.assertEqual(len(self.store.get_requests()), 1)
        self.assertEqual(len(self.get_errors()), 1)
        alert = self.get_alerts(self.instance)
        self.assertEqual(len(alert), 1)
        self.assertIn("access token", alert.note)
        self.assertNotIn("sandbox-token", f"{alert.note} {alert.summary}")

    def test_several_who_are_refused_at_the_same_time_tell_it_once(self):
        for _worker in range(4):
            self.converse(AuthenticationError("No", status=401))
        self.assertEqual(len(self.get_alerts(self.instance)), 1)
        self.assertEqual(len(self.get_errors()), 1)

    def test_other_stores_are_not_concerned(self):
        self.converse(AuthenticationError("No", status=401))
        self.assertFalse(self.other.is_access_refused)
        self.assertEqual(self.run_operation(self.other, "import_orders").state, "done")

    def test_a_new_one_lets_all_go_on(self):
        jobs = self.refuse()
        self.instance.access_token = "another"
        self.assertFalse(self.instance.is_access_refused)
        self.assertFalse(self.get_alerts(self.instance))
        self.drain()
        self.assertEqual(set(jobs.mapped("state")), {"done"})
        self.assertQueueIsSound()

    def test_a_new_one_that_is_wrong_too_is_refused_and_told_again(self):
        self.refuse()
        self.instance.access_token = "still wrong"
        self.drain()
        self.assertTrue(self.instance.is_access_refused)
        self.assertEqual(len(self.get_alerts(self.instance)), 1)
        self.assertEqual(len(self.store.get_requests()), 2)

    def test_credentials_of_every_kind_let_it_be_tried_again(self):
        for change in (
            {"access_token": "another"},
            {"store_hash": "another"},
            {"api_url": "http://127.0.0.1:9"},
        ):
            with self.subTest(change=change):
                self.converse(AuthenticationError("No", status=401))
                self.assertTrue(self.instance.is_access_refused)
                self.instance.write(change)
                self.assertFalse(self.instance.is_access_refused)
                self.instance.write(
                    {
                        "access_token": "sandbox-token",
                        "store_hash": "sandbox",
                        "api_url": self.store.address,
                    }
                )

    def test_other_changes_leave_it_refused(self):
        self.converse(AuthenticationError("No", status=401))
        self.instance.write({"name": "Renamed", "queue_batch_limit": 50})
        self.assertTrue(self.instance.is_access_refused)
        self.assertEqual(len(self.get_alerts(self.instance)), 1)

    def test_a_manager_may_enter_it(self):
        manager = new_test_user(self.env, "enters_tokens", MANAGER)
        self.refuse()
        self.instance.with_user(manager).access_token = "another"
        self.assertFalse(self.instance.is_access_refused)
        self.assertFalse(self.get_alerts(self.instance))

    def test_who_still_asked_with_the_old_one_does_not_stop_the_new_one(self):
        def enter(instance):
            instance.sudo().access_token = "new-token"
            instance.env.cr.commit()

        self.converse(AuthenticationError("No", status=401), before=enter)
        self.assertFalse(self.instance.is_access_refused)
        self.assertFalse(self.get_alerts(self.instance))

    def test_connecting_successfully_lets_all_go_on(self):
        self.converse(AuthenticationError("No", status=401))
        self.instance.action_test_connection()
        self.assertFalse(self.instance.is_access_refused)
        self.assertFalse(self.get_alerts(self.instance))

    def test_failing_to_connect_leaves_it_refused(self):
        self.refuse()
        with self.assertRaises(UserError):
            self.instance.action_test_connection()
        self.assertTrue(self.instance.is_access_refused)

    def test_one_that_cannot_be_one_is_refused_like_a_wrong_one(self):
        self.instance.access_token = "tök€n"
        job = self.run_operation(self.instance, "import_orders")
        self.assertEqual((job.state, job.tries), ("pending", 0))
        self.assertTrue(self.instance.is_access_refused)
        self.assertEqual(len(self.get_alerts(self.instance)), 1)

    def test_a_store_without_a_token_waits_for_one(self):
        for token in (False, "", "  "):
            with self.subTest(token=token):
                self.instance.access_token = token
                job = self.run_operation(self.instance, "import_brands")
                self.assertEqual((job.state, job.tries), ("pending", 0))
                self.instance.access_token = "sandbox-token"
                self.drain()
                self.assertEqual(job.state, "done")

    def test_without_a_store_hash_nothing_is_asked(self):
        for store_hash in (False, ""):
            with self.subTest(store_hash=store_hash):
                self.instance.store_hash = store_hash
                self.store.forget_requests()
                job = self.run_operation(self.instance, "import_brands")
                self.assertEqual((job.state, job.tries), ("pending", 0))
                self.assertEqual(self.store.get_requests(), [])
                self.instance.store_hash = "sandbox"
                # It may be another store's.
                self.assertEqual(job.state, "cancelled")

    def test_other_activities_of_people_stay(self):
        self.instance.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=self.env.ref("base.user_admin").id,
        ).automated = False
        self.converse(AuthenticationError("No", status=401))
        self.assertEqual(len(self.get_alerts(self.instance)), 2)
        self.converse()
        self.instance.access_token = "another"
        self.assertEqual(len(self.get_alerts(self.instance)), 1)

    def test_without_any_manager_it_is_still_logged(self):
        group = self.env.ref(MANAGER)
        group.user_ids = [(5,)]
        group.implied_by_ids.user_ids = [(5,)]
        self.converse(AuthenticationError("No", status=401))
        self.assertTrue(self.instance.is_access_refused)
        self.assertEqual(len(self.get_errors()), 1)

    def test_a_manager_of_another_company_is_not_told(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        group = self.env.ref(MANAGER)
        group.user_ids = [(5,)]
        stranger = new_test_user(
            self.env,
            "stranger",
            MANAGER,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        own = new_test_user(self.env, "own_manager", MANAGER)
        self.converse(AuthenticationError("No", status=401))
        self.assertEqual(self.get_alerts(self.instance).user_id, own)
        self.assertNotEqual(self.get_alerts(self.instance).user_id, stranger)


@tagged("post_install", "-at_install")
class TestAnotherStore(ConditionCase):
    """The credentials change while something of the former store is under way."""

    def test_what_waits_of_the_former_one_is_not_imported_into_the_new_one(self):
        self.instance._start("import_listings")
        with self.open_engine() as engine:
            while engine._scan_next(engine.env["ir.cron"]):
                pass
        self.assertTrue(self.get_lines("import_listings", state="pending"))
        with suppress(UserError):
            # It may be refused as long as something is under way.
            self.instance.store_hash = "another"
        is_the_former = self.instance.store_hash == "sandbox"
        self.drain()
        self.assertEqual(
            bool(self.env["bigcommerce.listing"].search([])), is_the_former
        )

    def test_what_is_read_of_the_former_one_meanwhile_is_not_kept(self):
        keep_page = self.registry["bigcommerce.engine"]._keep_page

        def change(engine, job, page):
            # As another transaction, while the page was read.
            job.instance_id.sudo().store_hash = "another"
            engine.env.cr.commit()
            return keep_page(engine, job, page)

        self.patch(self.registry["bigcommerce.engine"], "_keep_page", change)
        self.run_operation(self.instance, "import_orders")
        self.assertFalse(self.env["bigcommerce.order"].search([]))

    def test_a_new_token_in_the_middle_of_a_scan_loses_nothing(self):
        keep_page = self.registry["bigcommerce.engine"]._keep_page

        def change(engine, job, page):
            if job.instance_id.sudo().access_token != "new-token":
                self.store.control("PUT", "access", {"access_token": "new-token"})
                job.instance_id.sudo().access_token = "new-token"
            return keep_page(engine, job, page)

        self.patch(self.registry["bigcommerce.engine"], "_keep_page", change)
        job = self.run_operation(self.instance, "import_orders")
        self.assertFalse(self.instance.is_access_refused)
        self.assertEqual(job.state, "done")
        self.assertEqual(self.env["bigcommerce.order"].search_count([]), 12)


@tagged("post_install", "-at_install")
class TestScopes(SendingCase):
    READ_ONLY = (
        "store_v2_information_read_only",
        "store_v2_orders_read_only",
        "store_v2_products_read_only",
    )

    def take_scopes(self):
        self.store.control("PUT", "access", {"scopes": list(self.READ_ONLY)})

    def test_a_missing_one_blocks_its_operation_and_no_other(self):
        self.take_scopes()
        lines = self.enqueue(118, 119)
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"blocked"})
        self.assertEqual(set(lines.cause_id.mapped("code")), {"missing_scope"})
        self.assertIn("Orders", lines[0].message)
        self.assertFalse(self.instance.is_access_refused)
        self.assertFalse(self.instance.is_outage)
        job = self.run_operation(self.instance, "import_orders")
        self.assertEqual(job.state, "done")
        self.assertNoted(118, 119, times=0)
        self.assertQueueIsSound()

    def test_it_is_not_asked_for_once_per_line(self):
        self.take_scopes()
        lines = self.enqueue(*range(118, 128))
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"blocked"})
        self.assertLessEqual(len(self.get_writes()), 2)

    def test_new_credentials_let_what_was_blocked_go_on(self):
        self.take_scopes()
        lines = self.enqueue(118, 119)
        self.drain()
        self.store.control("PUT", "access", {"scopes": None, "access_token": "new"})
        self.instance.access_token = "new"
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertNoted(118, 119)

    def test_new_credentials_without_it_block_again(self):
        self.take_scopes()
        lines = self.enqueue(118)
        self.drain()
        self.store.control("PUT", "access", {"access_token": "new"})
        self.instance.access_token = "new"
        self.drain()
        self.assertEqual(
            (lines.state, lines.cause_id.code), ("blocked", "missing_scope")
        )

    def test_new_credentials_of_another_store_leave_it_blocked(self):
        self.take_scopes()
        lines = self.enqueue(118)
        self.drain()
        other = self.create_instance(name="Other", store_hash="other")
        other.access_token = "new"
        self.assertEqual(lines.state, "blocked")

    def test_lists_that_may_not_be_read_do_not_stop_other_operations(self):
        self.store.control("PUT", "access", {"scopes": ["store_v2_products"]})
        orders = self.run_operation(self.instance, "import_orders")
        listings = self.run_operation(self.instance, "import_listings")
        self.assertEqual((orders.state, listings.state), ("failed", "done"))
        self.assertIn("Orders", orders.error_message)


@tagged("post_install", "-at_install")
class TestQuota(ConditionCase):
    def get_limit(self, minutes):
        moment = fields.Datetime.now() + minutes * MINUTES
        return moment, RateLimited("Stop", retry_at=moment.astimezone())

    def test_not_before_never_moves_back(self):
        late, far = self.get_limit(60)
        _soon, near = self.get_limit(1)
        self.converse(far)
        self.assertEqual(self.instance.not_before, late)
        self.converse(near)
        self.assertEqual(self.instance.not_before, late)

    def test_it_moves_forth(self):
        _soon, near = self.get_limit(1)
        late, far = self.get_limit(60)
        self.converse(near)
        self.converse(far)
        self.assertEqual(self.instance.not_before, late)

    def test_an_outage_does_not_move_it_back(self):
        late, far = self.get_limit(60)
        self.converse(far)
        self.fail_three_times()
        self.assertGreaterEqual(self.instance.not_before, late)

    def test_a_success_of_another_worker_does_not_move_it_back(self):
        late, far = self.get_limit(60)
        self.converse(ServerError("Broken", status=500))
        self.converse(far)
        self.converse()
        self.assertEqual(self.instance.not_before, late)

    def test_nobody_asks_before_and_everybody_afterwards(self):
        _late, limit = self.get_limit(1)
        self.converse(limit)
        jobs = self.instance._start("import_orders")
        jobs += self.instance._start("import_listings")
        self.store.forget_requests()
        self.drain()
        self.assertEqual(self.store.get_requests(), [])
        self.assertEqual(set(jobs.mapped("tries")), {0})
        self.let_time_pass()
        self.drain()
        self.assertEqual(set(jobs.mapped("state")), {"done"})

    def test_other_stores_are_asked(self):
        _late, limit = self.get_limit(1)
        self.converse(limit)
        self.assertEqual(self.run_operation(self.other, "import_orders").state, "done")

    def test_it_is_nobodys_failure(self):
        _late, limit = self.get_limit(1)
        for _time in range(5):
            self.converse(limit)
        self.assertEqual(self.instance.failure_count, 0)
        self.assertFalse(self.instance.is_outage)
        self.assertFalse(self.get_alerts(self.instance))
        self.assertTrue(self.instance.is_paused)

    def test_an_absurd_wait_does_not_hold_the_store_for_ever(self):
        for header in ("99999999999999", "-5", "soon", "", "1e400", "NaN"):
            with self.subTest(header=header):
                self.store.heal()
                self.store.fault(
                    EVERYTHING,
                    status=429,
                    times=3,
                    headers={"X-Rate-Limit-Time-Reset-Ms": header},
                )
                job = self.run_operation(self.instance, "import_brands")
                latest = fields.Datetime.now() + timedelta(hours=1)
                self.assertLess(self.instance.not_before or latest - MINUTES, latest)
                self.store.heal()
                self.let_time_pass()
                self.drain()
                self.assertEqual(job.state, "done")
                self.instance.not_before = False

    def test_a_storm_ends_with_everything_done(self):
        self.store.control("PUT", "quota", {"limit": 2, "window_ms": 60_000})
        jobs = self.instance._start("import_orders")
        jobs += self.instance._start("import_listings")
        for _time in range(30):
            self.store.control("PUT", "quota", {"limit": 2, "window_ms": 60_000})
            self.let_time_pass()
            self.drain()
        self.assertEqual(set(jobs.mapped("state")), {"done"})
        self.assertFalse(self.get_lines("import_orders", state="failed"))
        self.assertFalse(self.get_lines("import_listings", state="failed"))
        self.assertQueueIsSound()
