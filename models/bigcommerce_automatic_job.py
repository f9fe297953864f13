import logging

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation
from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class BigcommerceAutomaticJob(models.Model):
    """When an operation runs by itself, and how far its last scan came."""

    _name = "bigcommerce.automatic.job"
    _description = "BigCommerce Automatic Job"
    _order = "instance_id, id"

    instance_id = fields.Many2one(
        "bigcommerce.instance", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="instance_id.company_id", store=True, index=True
    )
    operation = fields.Selection(
        selection=lambda self: self.env["bigcommerce.operation"]._selection_operation(),
        required=True,
        readonly=True,
    )
    interval_number = fields.Integer(required=True, default=15)
    interval_unit = fields.Selection(
        [
            ("minutes", "Minutes"),
            ("hours", "Hours"),
            ("days", "Days"),
            ("weeks", "Weeks"),
        ],
        required=True,
        default="minutes",
    )
    active = fields.Boolean(default=False)
    next_call = fields.Datetime(default=fields.Datetime.now)
    last_processed_on = fields.Datetime(
        readonly=True, help="When the last run was complete, by this server's clock."
    )
    watermark = fields.Datetime(
        readonly=True,
        help="Up to where the last complete scan saw the store, by the store's clock.",
    )

    _instance_operation_unique = models.UniqueIndex(
        "(instance_id, operation)", "This automatic job exists already."
    )
    _interval_number_positive = models.Constraint(
        "CHECK (interval_number > 0)", "The interval must be at least 1."
    )

    @api.depends("operation")
    def _compute_display_name(self):
        labels = dict(self.env["bigcommerce.operation"]._selection_operation())
        for job in self:
            job.display_name = labels.get(job.operation, job.operation)

    @api.model
    def _cron_start_due_jobs(self):
        """Enqueue what is due.

        A run that has not begun serves, so that none pile up while a store does not
        answer; one whose lines are still being worked on is followed by the next.
        """
        now = fields.Datetime.now()
        due = self.search(
            [
                ("next_call", "<=", now),
                ("instance_id.state", "=", "confirmed"),
                ("instance_id.active", "=", True),
                ("operation", "in", self.env["bigcommerce.operation"]._get_codes()),
            ]
        )
        waiting = due._get_waiting()
        for job in due:
            interval = relativedelta(**{job.interval_unit: job.interval_number})
            next_call = job.next_call + interval
            job.next_call = next_call if next_call > now else now + interval
            if job in waiting:
                continue
            try:
                with self.env.cr.savepoint():
                    job.instance_id._start(job.operation)
            except UniqueViolation:
                _logger.info("%s has just been started by hand", job.display_name)
            except TransactionRollbackError:
                raise
            except Exception:
                # The others are due as well.
                _logger.exception("%s could not be started", job.display_name)

    def _get_waiting(self):
        """Return those of which a whole run waits that has not begun."""
        runs = self.env["bigcommerce.queue.job"].search(
            [
                ("instance_id", "in", self.instance_id.ids),
                ("operation", "in", self.mapped("operation")),
                ("state", "=", "pending"),
                ("read_on", "=", False),
            ]
        )
        waiting = {(run.instance_id, run.operation) for run in runs if not run.options}
        return self.filtered(lambda job: (job.instance_id, job.operation) in waiting)

    @api.model
    def _ensure_jobs(self, instances):
        """Give ``instances`` the automatic jobs they do not have yet."""
        operations = self.env["bigcommerce.operation"]._get_operations()
        known = self.with_context(active_test=False).search(
            [("instance_id", "in", instances.ids)]
        )
        known_keys = {(job.instance_id, job.operation) for job in known}
        self.sudo().create(
            [
                {
                    "instance_id": instance.id,
                    "operation": operation._code,
                    "interval_number": operation._interval[0],
                    "interval_unit": operation._interval[1],
                }
                for instance in instances
                for operation in operations
                if operation._interval and (instance, operation._code) not in known_keys
            ]
        )

    @api.model
    def _get_job(self, instance, operation):
        """Return the automatic job of ``operation`` on ``instance``, active or not."""
        return self.with_context(active_test=False).search(
            [("instance_id", "=", instance.id), ("operation", "=", operation)]
        )
