"""What the tests of automatic jobs stand on: a store that is never asked."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase

# When these tests take place. No minute of an hour is special about it.
NOW = datetime(2027, 3, 10, 8, 7, 0)


class JobsCase(TransactionCase):
    """A confirmed instance whose clock the test sets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock = patch.object(fields.Datetime, "now", lambda *args: cls.now)
        cls.now = NOW
        cls.clock.start()
        cls.addClassCleanup(cls.clock.stop)
        cls.instance = cls.create_instance("Harbour & Hill")

    def setUp(self):
        super().setUp()
        type(self).now = NOW
        self.set_actions_at_work()

    @classmethod
    def create_instance(cls, name, **vals):
        instance = cls.env["bigcommerce.instance"].create(
            {
                "name": name,
                "store_hash": name.lower().replace(" ", "")[:3],
                "access_token": "token",
                "state": "confirmed",
                **vals,
            }
        )
        cls.env["bigcommerce.automatic.job"]._ensure_jobs(instance)
        return instance

    @classmethod
    def get_job(cls, operation, instance=None):
        return cls.env["bigcommerce.automatic.job"]._get_job(
            instance or cls.instance, operation
        )

    def let_pass(self, **span):
        """Let time pass, in which the scheduled actions go on."""
        type(self).now += timedelta(**span)
        self.env.invalidate_all()
        self.set_actions_at_work()

    def set_actions_at_work(self, **vals):
        """Let the scheduled actions have worked a minute ago, or as ``vals`` say."""
        engine = self.env["bigcommerce.engine"]
        (engine._get_scheduler() + engine._get_all_pumps()).write(
            {
                "active": True,
                "failure_count": 0,
                "lastcall": self.now - timedelta(minutes=1),
                "nextcall": self.now,
                **vals,
            }
        )

    def start_due_jobs(self):
        """Return the operations that the scheduler starts."""
        QueueJob = self.env["bigcommerce.queue.job"]
        before = QueueJob.search([])
        self.env["bigcommerce.automatic.job"]._cron_start_due_jobs()
        self.env.invalidate_all()
        return (QueueJob.search([]) - before).mapped("operation")

    def create_run(self, operation, lines=(), instance=None, **vals):
        """Create a run of the queue, with lines of these values."""
        instance = instance or self.instance
        run = self.env["bigcommerce.queue.job"].create(
            {"instance_id": instance.id, "operation": operation, **vals}
        )
        self.env["bigcommerce.queue.line"].create(
            [
                {
                    "job_id": run.id,
                    "instance_id": instance.id,
                    "operation": operation,
                    "key": str(position),
                    "lane": str(position),
                    "name": f"Line {position}",
                    **line,
                }
                for position, line in enumerate(lines)
            ]
        )
        self.env.invalidate_all()
        return run
