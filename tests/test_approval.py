"""What would change too much waits for a person, and is sent as that person saw it."""

from datetime import timedelta

from odoo import api, fields
from odoo.tests import tagged

from ..sync.brakes import hold
from ..sync.operation import FoundPage
from .common import SandboxCase, load_few_orders
from .process_operations import BigcommerceTestCount, BigcommerceTestNote

RISKY = "test_risky_note"
ORDERS = ("118", "119", "120")


class BigcommerceTestRiskyNote(BigcommerceTestNote):
    """Note the keys of lines; what ``is_much`` waits for approval."""

    _module = None
    _name = "bigcommerce.test.risky.note"
    _inherit = ["bigcommerce.test.note"]
    _description = "Note With Care"

    _code = RISKY
    # How much each of the orders would be changed.
    sizes = {}

    @api.model
    def _discover(self, client, instance, options, resume):
        items = [
            {"key": order, "order": order, "size": self.sizes.get(order, 0)}
            for order in options.get("ids", ORDERS)
        ]
        for page in super()._discover(client, instance, {"items": items}, resume):
            found = [
                hold(one, f"Much of {one.key}.") if one.payload["size"] else one
                for one in page.items
            ]
            yield FoundPage(found, page.resume)


@tagged("post_install", "-at_install")
class TestApproval(SandboxCase):
    load = staticmethod(load_few_orders)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_operations(
            BigcommerceTestCount, BigcommerceTestNote, BigcommerceTestRiskyNote
        )
        cls.instance = cls.confirm_instance()

    def setUp(self):
        super().setUp()
        self.store.forget_requests()
        self.set_sizes({"119": 1})

    def set_sizes(self, sizes):
        self.patch(type(self.env["bigcommerce.test.risky.note"]), "sizes", sizes)

    def run_risky(self):
        job = self.run_operation(self.instance, RISKY)
        return job, {line.key: line for line in self.get_lines(RISKY)}

    def get_written(self):
        return [
            request["path"].rpartition("/")[2]
            for request in self.store.get_requests("^/v2/orders/")
            if request["method"] == "PUT"
        ]

    def test_what_is_much_is_not_sent_and_the_rest_is(self):
        job, lines = self.run_risky()
        self.assertEqual(self.get_written(), ["118", "120"])
        self.assertEqual(lines["119"].state, "blocked")
        self.assertEqual(lines["119"].cause_id.code, "needs_approval")
        self.assertEqual(lines["119"].message, "Much of 119.")
        self.assertEqual((job.state, job.approval_count), ("done", 1))

    def test_approved_it_is_sent_once_as_it_was_seen(self):
        job, lines = self.run_risky()
        # However long the person took.
        lines["119"].read_on = fields.Datetime.now() - timedelta(days=3)
        payload = lines["119"].payload
        job.action_approve()
        self.assertEqual(lines["119"].payload, payload)
        self.drain()
        self.assertEqual(self.get_written(), ["118", "120", "119"])
        self.assertEqual((lines["119"].state, job.approval_count), ("done", 0))

    def test_retry_is_no_approval(self):
        job, lines = self.run_risky()
        for retry in (
            job.action_retry,
            lines["119"].action_retry,
            lines["119"].action_retry_alike,
            lines["119"].cause_id.action_retry,
        ):
            with self.subTest(retry=retry.__name__):
                retry()
                self.drain()
                self.assertEqual(lines["119"].state, "blocked")
                self.assertEqual(lines["119"].cause_id.code, "needs_approval")
        self.assertNotIn("119", self.get_written())

    def test_retry_sends_what_is_not_much_any_more(self):
        _job, lines = self.run_risky()
        self.set_sizes({})
        lines["119"].action_retry()
        self.drain()
        self.assertEqual(lines["119"].state, "done")

    def test_approval_of_others_does_nothing(self):
        self.store.fault("^/v2/orders/118$", method="PUT", status=422)
        _job, lines = self.run_risky()
        self.assertEqual(lines["118"].state, "blocked")
        lines["118"].action_approve()
        self.assertEqual(lines["118"].state, "blocked")
        self.assertFalse(lines["118"].is_approved)

    def test_a_later_run_asks_again_for_what_is_not_approved(self):
        self.run_risky()
        _job, lines = self.run_risky()
        self.assertEqual(lines["119"].cause_id.code, "needs_approval")
        self.assertNotIn("119", self.get_written())

    def test_a_later_run_leaves_what_is_approved(self):
        _job, lines = self.run_risky()
        self.instance.not_before = fields.Datetime.now() + timedelta(minutes=10)
        lines["119"].action_approve()
        for size, is_approved in ((1, True), (2, False)):
            self.set_sizes({"119": size})
            job = self.instance._start(RISKY)
            for page in self.env["bigcommerce.test.risky.note"]._discover(
                None, self.instance, {}, {}
            ):
                self.env["bigcommerce.engine"]._enqueue_lines(job, page.items)
            self.assertEqual(lines["119"].is_approved, is_approved)
            expected = "pending" if is_approved else "blocked"
            self.assertEqual(lines["119"].state, expected)

    def test_cancelled_it_is_dropped(self):
        _job, lines = self.run_risky()
        lines["119"].action_cancel()
        self.drain()
        self.assertEqual(lines["119"].state, "cancelled")
        self.assertNotIn("119", self.get_written())
