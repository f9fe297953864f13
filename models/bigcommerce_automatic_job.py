import logging
from datetime import timedelta

from psycopg2.errors import UniqueViolation
from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models
from odoo.exceptions import ValidationError

_logger = logging.getLogger(__name__)

SECONDS = {"minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
LONGEST_INTERVAL = timedelta(days=3653)
# What people choose about when a job runs.
SCHEDULE_FIELDS = {"active", "interval_number", "interval_unit", "next_call"}


class BigcommerceAutomaticJob(models.Model):
    """When an operation runs by itself, and how far its last scan came.

    Intervals are exact spans of time: what runs daily keeps its hour in UTC.
    """

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
    next_call = fields.Datetime(
        "Next Run",
        default=fields.Datetime.now,
        help="When it starts next, while it is active and its store confirmed.",
    )
    last_started_on = fields.Datetime(
        readonly=True, help="When it was last started, by itself or by Run Now."
    )
    last_processed_on = fields.Datetime(
        readonly=True,
        help="When a run of the whole operation was last complete, by itself or by "
        "hand: all lists were read, and what there was to do was in the queue.",
    )
    expected_since = fields.Datetime(
        readonly=True,
        default=fields.Datetime.now,
        help="From when on it should run as it is set now.",
    )
    watermark = fields.Datetime(
        readonly=True,
        help="Up to where the last complete scan saw the store, by the store's clock.",
    )

    _instance_operation_unique = models.UniqueIndex(
        "(instance_id, operation)", "This automatic job exists already."
    )

    @api.depends("operation")
    def _compute_display_name(self):
        labels = dict(self.env["bigcommerce.operation"]._selection_operation())
        for job in self:
            job.display_name = labels.get(job.operation, job.operation)

    @api.constrains("interval_number", "interval_unit")
    def _check_interval(self):
        for job in self:
            if job.interval_number < 1:
                raise ValidationError(
                    self.env._(
                        "The interval of %s must be at least 1. Turn the job off if it "
                        "is not to run.",
                        job.display_name,
                    )
                )
            if job._get_seconds() > LONGEST_INTERVAL.total_seconds():
                raise ValidationError(
                    self.env._(
                        "The interval of %s is longer than ten years. Turn the job off "
                        "if it is not to run.",
                        job.display_name,
                    )
                )

    @api.constrains("active")
    def _check_stock_directions(self):
        self.instance_id.location_ids._check_directions()

    def write(self, vals):
        """Let what people change about the schedule apply at once, and apart."""
        starting = self.browse()
        if vals.get("active"):
            starting = self.filtered(lambda job: not job.active)
        result = super().write(vals)
        # The scheduler goes on to the next run: that changes no schedule.
        if not vals.keys() & SCHEDULE_FIELDS or "last_started_on" in vals:
            return result
        if not vals.get("next_call"):
            moved = starting | self.filtered(lambda job: not job.next_call)
            if vals.keys() & {"interval_number", "interval_unit"}:
                moved |= self._draw_near()
            moved._spread()
        self._expect()
        return result

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
            job.write({"next_call": job._get_call_after(now), "last_started_on": now})
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

    def _get_seconds(self):
        """Return the interval in seconds."""
        self.ensure_one()
        return self.interval_number * SECONDS[self.interval_unit]

    def _get_interval(self):
        return timedelta(seconds=self._get_seconds())

    def _get_call_after(self, moment):
        """Return the first run after ``moment``, in step with the next one.

        Also after a long pause: jobs that were apart stay apart.
        """
        interval = self._get_interval()
        missed = max(moment - self.next_call, timedelta()) // interval
        return self.next_call + (missed + 1) * interval

    def _draw_near(self):
        """Keep none waiting longer than its interval since it was last started.

        :return: those whose next run is nearer now
        """
        now = fields.Datetime.now()
        far = self.filtered(
            lambda job: job.next_call and job.next_call > now + job._get_interval()
        )
        for job in far:
            job.next_call = max(
                now, (job.last_started_on or job.create_date) + job._get_interval()
            )
        return far

    def _go_on(self):
        """Let those that are active run again after their store was closed.

        What has become due meanwhile runs once, one after the other.
        """
        active = self.filtered("active")
        active._spread()
        active._expect()

    def _expect(self):
        """Count from now, or from the next run, that these jobs should run."""
        now = fields.Datetime.now()
        for job in self:
            job.expected_since = max(job.next_call or now, now)

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
        created = self.sudo().create(
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
        created._spread()

    @api.model
    def _get_job(self, instance, operation):
        """Return the automatic job of ``operation`` on ``instance``, active or not."""
        return self.with_context(active_test=False).search(
            [("instance_id", "=", instance.id), ("operation", "=", operation)]
        )

    def _import_and_export_stock(self):
        """Return whether these jobs change stock on both sides."""
        active = set(self.filtered("active").mapped("operation"))
        return "import_inventory" in active and bool(
            active & {"export_inventory", "compare_inventory"}
        )
