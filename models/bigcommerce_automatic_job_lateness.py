from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

# What is due, or should be complete, may take so long.
GRACE = timedelta(minutes=10)
INTERVALS_UNTIL_LATE = 2


class BigcommerceAutomaticJob(models.Model):
    """Whether an operation runs as often as it should, and if not, why."""

    _inherit = "bigcommerce.automatic.job"

    is_late = fields.Boolean(
        "Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="It has been due for more than ten minutes and was not started, or no run "
        "has been complete for two intervals and ten minutes. What is turned off, or "
        "belongs to a store that is archived or not confirmed, is not late.",
    )
    late_reason = fields.Char("Why It Is Late", compute="_compute_late_reason")
    stop_reason = fields.Char(
        "Why It Is Stopped", related="instance_id.jobs_stop_reason"
    )

    @api.depends(
        "active",
        "next_call",
        "interval_number",
        "interval_unit",
        "last_processed_on",
        "expected_since",
        "instance_id.active",
        "instance_id.state",
    )
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for job in self:
            job.is_late = job._is_expected() and (
                job._is_overdue(now) or job._is_behind(now)
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self.search([("active", "=", True)]).filtered("is_late")
        return [("id", "in" if True in value else "not in", late.ids)]

    @api.depends("is_late")
    def _compute_late_reason(self):
        self.late_reason = False
        late = self.filtered("is_late")
        if not late:
            return
        engine = self.env["bigcommerce.engine"].sudo()
        no_scheduler = engine._explain_standstill(engine._get_scheduler())
        no_pump = engine._explain_standstill(engine._get_all_pumps())
        now = fields.Datetime.now()
        for job in late:
            job.late_reason = (
                (job._is_overdue(now) and no_scheduler)
                or job._explain_pause()
                or no_pump
                or job._explain_backlog()
            )

    def _is_expected(self):
        """Return whether it is to run by itself."""
        self.ensure_one()
        return bool(
            self.active
            and self.next_call
            and self.interval_number > 0
            and self.instance_id._get_open()
            and self.operation in self.env["bigcommerce.operation"]._get_codes()
        )

    def _is_overdue(self, now):
        """Return whether it should have been started long ago."""
        return self.next_call + GRACE < now

    def _is_behind(self, now):
        """Return whether a run should have been complete long ago."""
        moments = [self.last_processed_on, self.expected_since]
        base = max(filter(None, moments), default=now)
        return base + INTERVALS_UNTIL_LATE * self._get_interval() + GRACE < now

    def _explain_backlog(self):
        """Return what is the matter where store and scheduled actions are all right."""
        run = self.last_run_id
        if run.state == "failed":
            return self.env._("Its last run has failed: %s", run.error_message)
        if run.state == "cancelled":
            return self.env._("Its last run was cancelled.")
        if run.state == "pending" and run.error_message:
            return self.env._(
                "Its run did not succeed yet, and is tried again: %s", run.error_message
            )
        if run.state in run._OPEN_STATES:
            return self.env._(
                "The run of %(moment)s still goes on: %(count)s lines of the store are "
                "open in the queue.",
                moment=format_datetime(self.env, run.create_date),
                count=self.instance_id.open_line_count,
            )
        return self.env._(
            "It should have started at %s.",
            format_datetime(self.env, self.next_call),
        )
