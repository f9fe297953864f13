"""The scheduled actions that work on the queue, and the one that fills it."""

from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..sync.pumps import MAX_PUMPS
from .common import SandboxCase, load_few_orders

MODULE = "bigcommerce_connector"
SCHEDULER = "odoo.addons.bigcommerce_connector.models.bigcommerce_automatic_job"


class PumpCase(TransactionCase):
    def setUp(self):
        super().setUp()
        self.engine = self.env["bigcommerce.engine"]

    def get_xml_ids(self):
        """Return the xml ids of all pumps, those that are off included."""
        return self.env["ir.model.data"].search(
            [
                ("module", "=", MODULE),
                ("name", "=like", "ir_cron_pump%"),
                ("model", "=", "ir.cron"),
            ]
        )

    @contextmanager
    def captured(self):
        """Give the list of the crons that are woken."""
        woken = []
        self.patch(
            self.registry["ir.cron"],
            "_trigger",
            lambda crons, at=None: woken.extend(crons),
        )
        yield woken


@tagged("post_install", "-at_install")
class TestPumpCount(PumpCase):
    def test_there_are_two_to_begin_with(self):
        pumps = self.engine._get_pumps()
        self.assertEqual(
            pumps,
            self.env.ref(f"{MODULE}.ir_cron_pump")
            + self.env.ref(f"{MODULE}.ir_cron_pump_2"),
        )

    def test_each_count_up_and_down(self):
        up, down = range(1, MAX_PUMPS + 1), range(MAX_PUMPS, 0, -1)
        for count in (*up, *down, 5, 2, 8, 3):
            with self.subTest(count=count):
                self.engine._set_pump_count(count)
                self.assertEqual(len(self.engine._get_pumps()), count)

    def test_what_is_there_is_used_again(self):
        self.engine._set_pump_count(MAX_PUMPS)
        pumps = self.engine._get_all_pumps()
        self.engine._set_pump_count(1)
        self.engine._set_pump_count(MAX_PUMPS)
        self.assertEqual(self.engine._get_all_pumps(), pumps)
        self.assertEqual(len(self.get_xml_ids()), MAX_PUMPS)

    def test_the_same_count_changes_nothing(self):
        self.engine._set_pump_count(4)
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.engine._set_pump_count(4)
            self.env.flush_all()

    def test_each_belongs_to_the_addon_and_survives_its_update(self):
        self.engine._set_pump_count(MAX_PUMPS)
        self.engine._set_pump_count(1)
        xml_ids = self.get_xml_ids()
        self.assertEqual(
            sorted(xml_ids.mapped("name")),
            [
                "ir_cron_pump",
                *(f"ir_cron_pump_{number}" for number in range(2, MAX_PUMPS + 1)),
            ],
        )
        self.assertEqual(set(xml_ids.mapped("noupdate")), {True})
        self.assertCountEqual(
            xml_ids.mapped("res_id"), self.engine._get_all_pumps().ids
        )

    def test_each_is_called_alike_and_does_the_same(self):
        self.engine._set_pump_count(MAX_PUMPS)
        pumps = self.engine._get_pumps()
        self.assertEqual(len(set(pumps.mapped("name"))), 1, pumps.mapped("name"))
        for field in (
            "code",
            "model_id",
            "user_id",
            "priority",
            "interval_number",
            "interval_type",
        ):
            with self.subTest(field=field):
                self.assertEqual(len(set(pumps.mapped(field))), 1)

    def test_a_new_one_begins_without_the_past_of_the_first(self):
        first = self.engine._get_pumps()[0]
        first.write(
            {
                "failure_count": 4,
                "first_failure_date": fields.Datetime.now() - timedelta(days=6),
            }
        )
        self.engine._set_pump_count(3)
        newest = self.engine._get_pumps()[-1]
        self.assertEqual((newest.failure_count, newest.first_failure_date), (0, False))
        self.assertLessEqual(
            newest.nextcall, fields.Datetime.now() + timedelta(minutes=1)
        )

    @mute_logger("odoo.sql_db")
    def test_a_deleted_one_is_made_anew(self):
        self.engine._set_pump_count(4)
        for position in (1, 0, 3):
            with self.subTest(position=position), self.cr.savepoint() as savepoint:
                self.engine._get_all_pumps()[position].unlink()
                self.assertEqual(len(self.engine._get_all_pumps()), 3)
                self.engine._set_pump_count(4)
                self.assertEqual(len(self.engine._get_pumps()), 4)
                self.assertEqual(len(self.get_xml_ids()), 4)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_a_deleted_one_had_in_work_is_nobodys(self):
        instance = self.env["bigcommerce.instance"].create({"name": "Store"})
        pump = self.engine._get_pumps()[1]
        job = self.env["bigcommerce.queue.job"].create(
            {
                "instance_id": instance.id,
                "operation": "import_orders",
                "pump_id": pump.id,
                "state": "discovering",
            }
        )
        self.env.flush_all()
        pump.unlink()
        self.assertFalse(job.pump_id)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            engine = self.env(cr=cr)["bigcommerce.engine"]
            engine._recover(engine.env["ir.cron"])
        self.env.invalidate_all()
        self.assertEqual(job.state, "pending")

    def test_other_scheduled_actions_are_not_concerned(self):
        other = self.env.ref(f"{MODULE}.ir_cron_start_due_jobs")
        own = self.engine._get_pumps()[0].copy({"code": "model._recover(None)"})
        crons = self.env["ir.cron"].with_context(active_test=False).search([])
        before = {cron: cron.active for cron in crons if cron.code != own.code}
        self.engine._set_pump_count(1)
        self.engine._set_pump_count(2)
        self.assertTrue(other.active)
        self.assertTrue(own.active)
        self.assertEqual({cron: cron.active for cron in before}, before)

    def test_the_addon_is_gone_with_all_of_them(self):
        self.engine._set_pump_count(5)
        pumps = self.engine._get_all_pumps()
        data = self.get_xml_ids()
        self.assertEqual(len(data), 5)
        # As the removal of the addon does with what belongs to it.
        for record in data:
            self.env[record.model].browse(record.res_id).unlink()
        self.assertFalse(pumps.exists())
        self.assertFalse(data.exists())
        self.engine._wake()


@tagged("post_install", "-at_install")
class TestWake(PumpCase):
    def test_those_that_are_on_are_woken_once_each(self):
        self.engine._set_pump_count(4)
        self.engine._set_pump_count(3)
        with self.captured() as woken:
            self.engine._wake()
        self.assertEqual(woken, list(self.engine._get_pumps()))
        self.assertEqual(len(woken), 3)

    def test_with_all_of_them_off_nobody_is_woken(self):
        self.engine._get_pumps().active = False
        with self.captured() as woken:
            self.engine._wake()
        self.assertEqual(woken, [])

    def test_anybody_may_wake_them(self):
        user = self.env["res.users"].create({"name": "Somebody", "login": "somebody"})
        with self.captured() as woken:
            self.env["bigcommerce.engine"].with_user(user)._wake()
        self.assertTrue(woken)


@tagged("post_install", "-at_install")
class TestSettings(PumpCase):
    def save(self, **vals):
        self.env["res.config.settings"].create(vals).execute()

    def test_they_show_and_set_the_count(self):
        self.assertEqual(
            self.env["res.config.settings"].create({}).bigcommerce_pump_count, 2
        )
        self.save(bigcommerce_pump_count=5)
        self.assertEqual(len(self.engine._get_pumps()), 5)
        self.assertEqual(
            self.env["res.config.settings"].create({}).bigcommerce_pump_count, 5
        )
        self.save(bigcommerce_pump_count=1)
        self.assertEqual(len(self.engine._get_pumps()), 1)

    def test_other_settings_leave_them_alone(self):
        self.engine._set_pump_count(3)
        pumps = self.engine._get_pumps()
        self.patch(
            self.registry["bigcommerce.engine"],
            "_set_pump_count",
            lambda *_arguments: self.assertFalse("called"),
        )
        self.save(company_name="Renamed")
        self.assertEqual(self.engine._get_pumps(), pumps)

    def test_less_than_one_and_more_than_eight_are_refused(self):
        for count in (-1, 0, MAX_PUMPS + 1):
            with self.subTest(count=count), self.assertRaises(UserError):
                self.save(bigcommerce_pump_count=count)
        self.assertEqual(len(self.engine._get_pumps()), 2)


@tagged("post_install", "-at_install")
class TestSchedulerRaces(SandboxCase):
    """Two sources start the same at the same time."""

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
        cls.env["bigcommerce.automatic.job"]._ensure_jobs(cls.other)
        # Those of the other store come first.
        cls.automatic_jobs = (
            cls.env["bigcommerce.automatic.job"]
            .with_context(active_test=False)
            .search([("operation", "=", "import_orders")])
        )

    def setUp(self):
        super().setUp()
        self.due = fields.Datetime.now() - timedelta(seconds=30)
        self.automatic_jobs.write({"active": True, "next_call": self.due})

    def get_jobs(self):
        return self.env["bigcommerce.queue.job"].search(
            [("operation", "=", "import_orders")]
        )

    def start_due_jobs(self):
        self.env["bigcommerce.automatic.job"]._cron_start_due_jobs()

    def do_not_see(self, hidden):
        """Let ``hidden`` be made by a transaction that this one does not see yet."""
        search = self.registry["bigcommerce.queue.job"].search

        def look(jobs, domain, *arguments, **options):
            return search(jobs, domain, *arguments, **options) - hidden

        self.patch(self.registry["bigcommerce.queue.job"], "search", look)

    @mute_logger("odoo.sql_db")
    def test_what_a_person_has_just_started_is_not_started_twice(self):
        started = self.instance._start("import_orders")
        self.do_not_see(started)
        self.start_due_jobs()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT instance_id, count(*) FROM bigcommerce_queue_job"
            " WHERE operation = 'import_orders' GROUP BY instance_id"
        )
        self.assertEqual(
            dict(self.env.cr.fetchall()), {self.instance.id: 1, self.other.id: 1}
        )

    @mute_logger("odoo.sql_db")
    def test_it_is_due_again_after_its_interval_all_the_same(self):
        self.do_not_see(self.instance._start("import_orders"))
        self.start_due_jobs()
        self.assertEqual(
            set(self.automatic_jobs.mapped("next_call")),
            {self.due + timedelta(minutes=15)},
        )

    def test_two_runs_of_the_scheduler_start_each_once(self):
        self.start_due_jobs()
        self.automatic_jobs.next_call = self.due
        self.start_due_jobs()
        self.assertEqual(len(self.get_jobs()), 2)

    def test_runs_do_not_pile_up_while_a_store_does_not_answer(self):
        schedule = self.env["bigcommerce.automatic.job"]._get_job(
            self.instance, "process_orders"
        )
        runs = []
        for _time in range(3):
            schedule.write({"active": True, "next_call": self.due})
            self.start_due_jobs()
            runs.append(
                self.env["bigcommerce.queue.job"].search_count(
                    [("operation", "=", "process_orders")]
                )
            )
        self.assertEqual(runs, [1, 1, 1])
        # One that has begun to read may have passed what is new.
        self.env["bigcommerce.queue.job"].search(
            [("operation", "=", "process_orders")]
        ).read_on = self.due
        schedule.next_call = self.due
        self.start_due_jobs()
        self.assertEqual(
            self.env["bigcommerce.queue.job"].search_count(
                [("operation", "=", "process_orders")]
            ),
            2,
        )

    def test_all_that_is_due_is_started(self):
        self.start_due_jobs()
        self.assertEqual(self.get_jobs().instance_id, self.instance + self.other)

    def test_one_that_cannot_be_started_does_not_keep_others(self):
        enqueue = self.registry["bigcommerce.queue.job"]._enqueue

        def fail_for_one(jobs, instances, operation, options):
            if instances == self.other:
                raise ValueError("surprise")
            return enqueue(jobs, instances, operation, options)

        self.patch(self.registry["bigcommerce.queue.job"], "_enqueue", fail_for_one)
        with mute_logger(SCHEDULER):
            self.start_due_jobs()
        self.assertEqual(self.get_jobs().instance_id, self.instance)

    def test_the_automatic_job_of_an_operation_that_is_gone_does_not_keep_others(self):
        self.env.cr.execute(
            "UPDATE bigcommerce_automatic_job SET operation = 'gone'"
            " WHERE instance_id = %s AND operation = 'import_orders'",
            [self.other.id],
        )
        self.env.invalidate_all()
        with mute_logger(SCHEDULER):
            self.start_due_jobs()
        self.assertEqual(self.get_jobs().instance_id, self.instance)

    def test_after_a_reset_of_the_clock_it_does_not_run_all_the_time(self):
        self.automatic_jobs.next_call = fields.Datetime.now() - timedelta(days=400)
        self.start_due_jobs()
        for job in self.automatic_jobs:
            self.assertGreater(job.next_call, fields.Datetime.now())
