from odoo import api, fields, models
from odoo.tools import format_list


class BigcommerceInstance(models.Model):
    """What of a store runs by itself, and whether it does."""

    _inherit = "bigcommerce.instance"

    late_job_count = fields.Integer("Late Jobs", compute="_compute_late_jobs")
    late_job_warning = fields.Text(
        compute="_compute_late_jobs", help="Which jobs are late and why, one per line."
    )
    jobs_together_warning = fields.Char(compute="_compute_jobs_together_warning")
    jobs_stop_reason = fields.Char(compute="_compute_jobs_stop_reason")

    def _compute_late_jobs(self):
        jobs = self.env["bigcommerce.automatic.job"].search(
            [("instance_id", "in", self.ids)]
        )
        late = jobs.filtered("is_late").grouped("instance_id")
        for instance in self:
            own = late.get(instance._origin, jobs.browse())
            instance.late_job_count = len(own)
            instance.late_job_warning = "\n".join(
                self.env._(
                    "%(jobs)s: %(reason)s",
                    jobs=format_list(self.env, alike.mapped("display_name")),
                    reason=reason,
                )
                for reason, alike in own.grouped("late_reason").items()
            )

    @api.depends(
        "automatic_job_ids.active",
        "automatic_job_ids.next_call",
        "automatic_job_ids.interval_number",
        "automatic_job_ids.interval_unit",
    )
    def _compute_jobs_together_warning(self):
        for instance in self:
            together = instance.automatic_job_ids._get_together()
            instance.jobs_together_warning = (
                self.env._(
                    "%s start in the same minute: each time the rarer ones run, the "
                    "others do as well. Leave a gap between them.",
                    format_list(self.env, together.mapped("display_name")),
                )
                if together
                else False
            )

    @api.depends("active", "state")
    def _compute_jobs_stop_reason(self):
        for instance in self:
            if not instance.active:
                reason = self.env._("Stopped: the instance is archived.")
            elif instance.state != "confirmed":
                reason = self.env._("Stopped: the instance is not confirmed.")
            else:
                reason = False
            instance.jobs_stop_reason = reason

    def action_spread_jobs(self):
        """Move the next runs of the active jobs apart."""
        self.ensure_one()
        self.check_access("write")
        self.automatic_job_ids.filtered("active")._spread()
        if self.jobs_together_warning:
            return self._notification(
                self.env._("Some jobs run too often to be kept apart"),
                self.env._("Give them longer intervals."),
                kind="warning",
            )
        return self._notification(
            self.env._("The jobs are spread"),
            self.env._("None starts in the same minute as another."),
        )

    def action_view_jobs(self):
        return self._open(
            "bigcommerce_connector.bigcommerce_automatic_job_action",
            active_test=False,
            search_default_late=bool(self.late_job_count),
        )

    def _go_on(self):
        self.automatic_job_ids._go_on()
        return super()._go_on()
