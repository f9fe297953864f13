import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

# What stands for the run itself among the causes of its lines.
RUN = "run "


class BigcommerceJobAlert(models.Model):
    """What a person has been told of a queue job.

    A scheduled action compares what needs a person with what has been told, and makes,
    changes and closes activities. The pumps know nothing of it, so that no line can
    fail by it or wait for it. Lines that stop again in a later run take their alert
    with them.
    """

    _name = "bigcommerce.job.alert"
    _description = "BigCommerce Alert of a Queue Job"
    _order = "job_id"
    _rec_name = "job_id"

    job_id = fields.Many2one(
        "bigcommerce.queue.job", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="job_id.company_id", store=True, index=True)
    activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty, or done: a person has closed it.",
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    told = fields.Json(
        readonly=True,
        help="How many lines of which cause the person knows of.",
    )

    _job_unique = models.UniqueIndex("(job_id)", "This job has an alert already.")

    @api.model
    def _cron_update(self):
        """Tell people what needs them, store by store."""
        engine = self.env["bigcommerce.engine"]
        for instance in self.env["bigcommerce.instance"].search(
            [("state", "=", "confirmed")]
        ):
            try:
                engine._in_transaction(lambda own=instance: self._update(own))
            except Exception:
                # The other stores have people as well.
                _logger.exception("Alerts of %s could not be updated", instance.id)

    @api.model
    def _update(self, instance):
        """Make the activities of a store's queue jobs say what is so now."""
        alerts = self.search([("job_id.instance_id", "=", instance.id)])
        if not (alerts or instance.alert_since):
            return
        problems = self._find_problems(instance)
        busy = self._find_busy_operations(instance)
        alerts._take_along(problems)
        alerts += alerts._create_missing(instance, problems)
        waiting = alerts.filtered(lambda alert: alert.job_id in problems)
        waiting._tell(instance, problems, busy)
        settled = alerts - waiting
        settled.filtered(lambda alert: alert.job_id.operation not in busy)._close()

    @api.model
    def _find_problems(self, instance):
        """Return what needs a person: dict of job -> (counts by cause, last stop).

        The run itself is counted as ``RUN`` and the id of its cause.
        """
        problems = {}

        def keep(job, key, count, stopped_on):
            counts, last = problems.get(job, ({}, stopped_on))
            counts[key] = count
            problems[job] = (counts, max(last, stopped_on))

        lines = self.env["bigcommerce.queue.line"]
        groups = lines._read_group(
            [("instance_id", "=", instance.id), *lines._PROBLEM_DOMAIN],
            ["job_id", "cause_id"],
            ["__count", "ended_on:max"],
        )
        for job, cause, count, stopped_on in groups:
            keep(job, str(cause.id), count, stopped_on)
        failed = self.env["bigcommerce.queue.job"].search(
            [("instance_id", "=", instance.id), ("cause_id", "!=", False)]
        )
        for job in failed:
            keep(job, f"{RUN}{job.cause_id.id}", 1, job.ended_on)
        return problems

    @api.model
    def _find_busy_operations(self, instance):
        """Return the codes of the operations of which something is under way.

        What they come to may be what has been told before.
        """
        lines = self.env["bigcommerce.queue.line"]
        open_lines = lines._read_group(
            [
                ("instance_id", "=", instance.id),
                ("state", "in", lines._OPEN_STATES),
                ("cause_id", "=", False),
            ],
            ["operation"],
        )
        jobs = self.env["bigcommerce.queue.job"]
        open_scans = jobs._read_group(
            [
                ("instance_id", "=", instance.id),
                ("state", "in", jobs._UNREAD_STATES),
            ],
            ["operation"],
        )
        return {operation for (operation,) in open_lines + open_scans}

    def _take_along(self, problems):
        """Let alerts follow their lines into the jobs in which these stopped again."""
        told_jobs = self.job_id
        free = {}
        for alert in self.sorted(lambda alert: alert.job_id.id):
            if alert.job_id not in problems:
                free.setdefault(alert.job_id.operation, []).append(alert)
        for job in sorted(problems, key=lambda job: job.id):
            if job not in told_jobs and free.get(job.operation):
                alert = free[job.operation].pop()
                alert.job_id = job
                alert._get_open_activity().res_id = job.id

    def _create_missing(self, instance, problems):
        """Return new alerts for the jobs that have stopped and have none."""
        if not instance.alert_since:
            return self.browse()
        return self.create(
            [
                {"job_id": job.id}
                for job, (_counts, stopped_on) in problems.items()
                if job not in self.job_id and stopped_on >= instance.alert_since
            ]
        )

    def _tell(self, instance, problems, busy):
        """Make and change activities, where there is something new to say."""
        untold = self.browse()
        for alert in self:
            counts, _stopped_on = problems[alert.job_id]
            told = alert.told or {}
            if activity := alert._get_open_activity():
                if counts != told:
                    texts = alert._prepare_activity_texts(counts, activity.user_id)
                    activity.write(texts)
                    alert.told = counts
            elif any(count > told.get(key, 0) for key, count in counts.items()) or (
                # Odoo has deleted it with the access of whom it was for.
                not alert.user_id.active
            ):
                untold += alert
            elif alert.job_id.operation not in busy:
                alert.told = counts
        if instance.alert_since and untold:
            untold._create_activities(instance, problems)

    def _create_activities(self, instance, problems):
        user = instance._get_alert_user()
        if not user:
            return
        today = fields.Date.context_today(self.with_context(tz=user.tz))
        model = self.env["ir.model"]._get("bigcommerce.queue.job")
        # The summary mail tells as well: no mail for each.
        activities = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {
                        **alert._prepare_activity_texts(
                            problems[alert.job_id][0], user
                        ),
                        "activity_type_id": instance.alert_activity_type_id.id,
                        "automated": True,
                        "date_deadline": today + timedelta(days=instance.alert_days),
                        "res_model_id": model.id,
                        "res_id": alert.job_id.id,
                        "user_id": user.id,
                    }
                    for alert in self
                ]
            )
        )
        for alert, activity in zip(self, activities, strict=True):
            alert.write(
                {
                    "activity_id": activity.id,
                    "user_id": user.id,
                    "told": problems[alert.job_id][0],
                }
            )

    def _close(self):
        """Close the activities of jobs that need nobody any more."""
        for alert in self:
            if activity := alert._get_open_activity():
                own = alert.with_context(lang=activity.user_id.lang)
                activity.action_feedback(
                    feedback=own.env._("Nothing of this job needs anybody any more.")
                )
        self.unlink()

    def _get_open_activity(self):
        return self.activity_id.filtered("active")

    def _prepare_activity_texts(self, counts, user):
        """Return summary and note of an activity, in the language of its user.

        :param dict counts: as ``_find_problems`` gives them
        """
        self.ensure_one()
        env = self.with_context(lang=user.lang).env
        Cause = env["bigcommerce.cause"]
        of_lines = [
            (Cause.browse(int(key)), count)
            for key, count in counts.items()
            if not key.startswith(RUN)
        ]
        of_lines.sort(key=lambda pair: (-pair[1], pair[0].sequence))
        of_run = [
            Cause.browse(int(key.removeprefix(RUN)))
            for key in counts
            if key.startswith(RUN)
        ]
        sentences = [env._("The run failed: %s", cause.name) for cause in of_run]
        notes = [
            Markup("<p>%s</p><p>%s</p>")
            % (self.job_id.error_message or "", cause.advice)
            for cause in of_run
        ]
        if of_lines:
            total = sum(count for _cause, count in of_lines)
            causes = ", ".join(f"{cause.name} ({count})" for cause, count in of_lines)
            sentences.append(
                env._("1 line: %s", of_lines[0][0].name)
                if total == 1
                else env._("%(count)s lines: %(causes)s", count=total, causes=causes)
            )
            items = Markup().join(
                Markup("<li><b>%s</b> (%s): %s</li>")
                % (cause.name, count, cause.advice)
                for cause, count in of_lines
            )
            notes.append(Markup("<ul>%s</ul>") % items)
        return {"summary": ". ".join(sentences), "note": Markup().join(notes)}
