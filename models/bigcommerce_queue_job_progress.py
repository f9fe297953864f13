from datetime import timedelta
from math import ceil

from odoo import fields, models

# What was done in the last minutes says how long the rest will take.
PACE_MINUTES = 5


class BigcommerceQueueJob(models.Model):
    """How far a run has come, in words."""

    _inherit = "bigcommerce.queue.job"

    progress_text = fields.Char(compute="_compute_progress_text")

    def _compute_progress_text(self):
        paces = self._get_paces()
        for job in self:
            parts = [job._describe_reading(), job._describe_lines()]
            if job.state == "running" and job.open_count and paces.get(job):
                parts.append(job._describe_rest(job.open_count / paces[job]))
            if job.problem_count == 1:
                parts.append(self.env._("1 problem"))
            elif job.problem_count:
                parts.append(self.env._("%s problems", f"{job.problem_count:,}"))
            job.progress_text = ", ".join(filter(None, parts)) or False

    def _describe_reading(self):
        if self.state not in self._UNREAD_STATES:
            return ""
        if not self.read_on:
            return self.env._("Waits for its turn")
        return self.env._("%s read so far", f"{self.read_count:,}")

    def _describe_lines(self):
        if not self.line_count:
            is_over = self.state == "done"
            return self.env._("There was nothing to do") if is_over else ""
        stopped = self.blocked_count + self.failed_count
        return self.env._(
            "%(done)s of %(total)s done",
            done=f"{self.line_count - self.open_count - stopped:,}",
            total=f"{self.line_count:,}",
        )

    def _describe_rest(self, seconds):
        minutes = ceil(seconds / 60)
        if minutes <= 1:
            return self.env._("less than a minute left")
        if minutes < 120:
            return self.env._("about %s minutes left", minutes)
        return self.env._("about %s hours left", round(minutes / 60))

    def _get_paces(self):
        """Return how many lines a second end, by run; for those that are at it now."""
        now = self.env.cr.now()
        since = now - timedelta(minutes=PACE_MINUTES)
        running = self.filtered(
            lambda job: job.state == "running" and not job.instance_id.is_paused
        )
        lines = self.env["bigcommerce.queue.line"]
        groups = lines._read_group(
            [
                ("job_id", "in", running.ids),
                ("state", "in", ("failed", *lines._SETTLED_STATES)),
                ("ended_on", ">=", since),
            ],
            ["job_id"],
            ["__count", "started_on:min"],
        )
        return {
            job: count / max((now - max(since, began)).total_seconds(), 1)
            for job, count, began in groups
            if began
        }
