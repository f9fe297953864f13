from odoo.tests import tagged

from ..sync.settlement import MAX_TRIES
from .common import SandboxCase


@tagged("post_install", "-at_install")
class TestRecovery(SandboxCase):
    """What a worker held when it died."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()
        cls.pump = cls.env["bigcommerce.engine"]._get_pumps()[0]

    def setUp(self):
        super().setUp()
        self.instance._start("import_orders")
        self.engine = self.env["bigcommerce.engine"]

    def die(self, count, **vals):
        """Return lines that a pump has claimed and never ended."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            engine = self.env(cr=cr)["bigcommerce.engine"]
            while engine._scan_next(self.pump):
                pass
        lines = self.get_lines("import_orders", state="pending")[:count]
        lines.write({"state": "running", "pump_id": self.pump.id, "tries": 1, **vals})
        return lines

    def recover(self, pump_id=False):
        """Let a pump start that looks for what others have left."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr)
            env["bigcommerce.engine"]._recover(env["ir.cron"].browse(pump_id or ()))

    def test_a_pump_that_starts_again_gives_back_what_it_held(self):
        lines = self.die(3)
        with self.registry.cursor() as running:
            self.lock_pump(running)
            self.recover(self.pump.id)
        self.assertEqual(set(lines.mapped("state")), {"retry"})
        self.drain()
        self.assertFalse(set(lines.mapped("state")) - {"done", "blocked"})

    def test_any_pump_gives_back_what_one_held_that_runs_no_more(self):
        lines = self.die(3)
        self.recover()
        self.assertEqual(set(lines.mapped("state")), {"retry"})

    def test_what_a_pump_holds_that_still_runs_is_left_alone(self):
        lines = self.die(3)
        with self.registry.cursor() as running:
            self.lock_pump(running)
            self.recover()
        self.assertEqual(set(lines.mapped("state")), {"running"})

    def lock_pump(self, cr):
        """Hold the row of the pump as Odoo does while it runs."""
        cr.execute(
            "SELECT FROM ir_cron WHERE id = %s FOR NO KEY UPDATE", [self.pump.id]
        )

    def test_each_is_then_worked_on_alone(self):
        lines = self.die(3)
        self.recover()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            engine = self.env(cr=cr)["bigcommerce.engine"]
            sizes = []
            while claimed := engine._claim_lines(engine.env["ir.cron"]):
                sizes.append((len(claimed), bool(claimed & lines.with_env(engine.env))))
                engine._settle_done(claimed)
        self.assertEqual(sum(size for size, is_orphan in sizes if is_orphan), 3)
        self.assertEqual({size for size, is_orphan in sizes if is_orphan}, {1})

    def test_a_line_that_kills_workers_ends_as_failed_and_the_others_are_done(self):
        killer = self.die(1, tries=MAX_TRIES)
        others = self.get_lines("import_orders", state="pending")
        self.recover()
        self.drain()
        self.assertEqual(killer.state, "failed")
        self.assertIn("stopped", killer.message)
        self.assertEqual(self.get_order(killer.key).reason_code, "failed")
        self.assertFalse(set(others.mapped("state")) - {"done", "blocked"})

    def test_a_scan_goes_on_where_it_was(self):
        self.die(0)
        job = self.env["bigcommerce.queue.job"].search(
            [("operation", "=", "import_orders")], limit=1
        )
        job.write({"state": "discovering", "pump_id": self.pump.id})
        self.recover()
        self.assertEqual((job.state, job.pump_id.id), ("pending", False))
