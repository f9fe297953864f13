"""What Odoo can do alone is done while the store cannot be asked."""

from odoo import api
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sync.operation import Found, FoundPage
from ..sync.store_condition import OUTAGE_FAILURES
from .common import SandboxCase, load_few_orders
from .process_operations import BigcommerceTestCount
from .workflow_case import MUG, WorkflowCase

COUNT = "test_count_alone"
LONG = "2999-01-01"
CONDITIONS = {
    "paused": {"not_before": LONG},
    "refused": {"is_access_refused": True},
    "in an outage": {"failure_count": OUTAGE_FAILURES, "not_before": LONG},
    "without a token": {"access_token": False},
    "without a store hash": {"store_hash": False},
}


class BigcommerceTestCountAlone(BigcommerceTestCount):
    """Count on partners, without the store."""

    _module = None
    _name = "bigcommerce.test.count.alone"
    _inherit = ["bigcommerce.test.count"]
    _description = "Count Alone"

    _code = COUNT
    _asks_store = False

    @api.model
    def _discover(self, client, instance, options, resume):
        assert client is None
        for partner_id in options["ids"]:
            if options.get("is_broken"):
                self.env["res.partner"].browse(int(partner_id)).color = 7
                raise ValueError("broken")
            item = {"partners": [int(partner_id)]}
            yield FoundPage([Found(partner_id, partner_id, item)], {})

    @api.model
    def _fetch(self, client, lines):
        assert client is None
        return {}


@tagged("post_install", "-at_install")
class TestOperationsWithoutNetwork(SandboxCase):
    load = staticmethod(load_few_orders)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_operations(BigcommerceTestCount, BigcommerceTestCountAlone)
        cls.instance = cls.confirm_instance()

    def setUp(self):
        super().setUp()
        self.partner = self.env["res.partner"].create({"name": "Counted", "color": 0})
        self.store.forget_requests()

    def count(self, **options):
        ids = [str(self.partner.id)]
        return self.run_operation(self.instance, COUNT, ids=ids, **options)

    def test_they_work_whatever_keeps_the_store_from_being_asked(self):
        for number, (name, vals) in enumerate(CONDITIONS.items(), start=1):
            with self.subTest(name):
                before = {field: self.instance[field] for field in vals}
                self.instance.write(vals)
                kept = self.instance.read(["not_before", "failure_count"])
                job = self.count()
                self.assertEqual(self.partner.color, number)
                self.assertEqual((job.state, job.request_count), ("done", 0))
                self.assertEqual(self.store.get_requests(), [])
                self.assertEqual(
                    self.instance.read(["not_before", "failure_count"]), kept
                )
                self.assertQueueIsSound()
                self.instance.write(before)

    def test_operations_that_need_the_store_wait_meanwhile(self):
        for name, vals in CONDITIONS.items():
            with self.subTest(name):
                before = {field: self.instance[field] for field in vals}
                self.instance.write(vals)
                job = self.run_operation(self.instance, "import_orders", ids=["100"])
                self.count()
                self.assertEqual(job.state, "pending")
                self.assertEqual(self.store.get_requests(), [])
                job.action_cancel()
                self.instance.write(before)

    def test_lines_that_wait_for_the_store_keep_no_others_from_being_done(self):
        self.instance._start("import_orders", ids=["100", "101"])
        with self.open_engine() as engine:
            engine._scan_next(engine.env["ir.cron"])
        self.instance.not_before = LONG
        self.count()
        self.assertEqual(self.partner.color, 1)
        self.assertEqual(
            set(self.get_lines("import_orders").mapped("state")), {"pending"}
        )

    def test_nothing_is_done_for_a_store_that_is_not_open(self):
        for vals in ({"active": False}, {"state": "draft"}):
            with self.subTest(vals):
                before = {field: self.instance[field] for field in vals}
                job = self.instance._start(COUNT, ids=[str(self.partner.id)])
                self.instance.write(vals)
                self.drain()
                self.assertEqual((job.state, self.partner.color), ("pending", 0))
                job.action_cancel()
                self.instance.write(before)

    def test_what_waited_long_is_looked_at_again_without_the_store(self):
        self.instance.not_before = LONG
        job = self.count()
        line = job.line_ids
        line.write({"state": "failed", "payload": False, "read_on": False})
        line.action_retry()
        self.drain()
        self.assertEqual((line.state, self.partner.color), ("done", 2))

    def test_a_list_of_odoo_s_is_always_read_anew(self):
        jobs = [
            self.instance._start(COUNT, ids=[str(self.partner.id)]) for _time in "ab"
        ]
        self.assertNotEqual(*jobs)
        self.drain()
        self.assertEqual(self.partner.color, 2)

    @mute_logger("odoo.addons.bigcommerce_connector.sync.scan")
    def test_what_a_broken_list_has_written_is_undone(self):
        job = self.count(is_broken=True)
        self.assertEqual((job.state, self.partner.color), ("failed", 0))


@tagged("post_install", "-at_install")
class TestOrdersOfAStoreThatCannotBeAsked(WorkflowCase):
    def test_they_are_processed_without_asking_the_store(self):
        self.line.unlink()
        order = self.import_order(lines=[MUG])
        self.store.forget_requests()
        self.instance.write(CONDITIONS["in an outage"])
        self.add_line(self.workflow)
        self.drain()
        self.assertPaid(order)
        self.assertEqual(self.store.get_requests(), [])
        self.assertEqual(self.instance.failure_count, OUTAGE_FAILURES)
