import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

_logger = logging.getLogger(__name__)

INTERVALS = {
    "quarter": timedelta(minutes=15),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
# What ends now may be committed a little later, and must not be missed by then.
SETTLING_TIME = timedelta(minutes=2)
TEST_PERIOD = timedelta(days=1)


class BigcommerceInstance(models.Model):
    """Mails that sum up what was done, and what could not be."""

    _inherit = "bigcommerce.instance"

    notification_user_ids = fields.Many2many(
        "res.users",
        "bigcommerce_instance_notification_user_rel",
        string="Recipients",
        domain=lambda self: self._get_reader_domain(),
        copy=False,
        help="Each gets the mail in their own language. Empty: no mails.",
    )
    notification_outcome = fields.Selection(
        [("all", "Successes and Errors"), ("problem", "Errors Only")],
        "Send When There Are",
        required=True,
        default="all",
        help="When nothing has happened, no mail is sent.",
    )
    notification_interval = fields.Selection(
        [("quarter", "15 Minutes"), ("hour", "Hour"), ("day", "Day")],
        "At Most One Mail Per",
        required=True,
        default="hour",
    )
    notified_on = fields.Datetime(
        "Summed Up Until",
        compute="_compute_notified_on",
        store=True,
        copy=False,
        help="What has ended since is in the next mail.",
    )
    notification_warning = fields.Char(compute="_compute_notification_warning")

    @api.depends("notification_user_ids")
    def _compute_notified_on(self):
        for instance in self:
            instance.notified_on = instance.notification_user_ids and (
                instance.notified_on or fields.Datetime.now()
            )

    @api.depends("notification_user_ids")
    def _compute_notification_warning(self):
        for instance in self:
            reasons = [
                self._explain_no_recipient(user, instance.company_id)
                for user in instance.notification_user_ids.sudo()
            ]
            instance.notification_warning = " ".join(filter(None, reasons))

    @api.constrains("notification_user_ids", "company_id")
    def _check_notification_users(self):
        for instance in self:
            self._check_reader(instance.notification_user_ids, instance.company_id)

    def action_send_test_mail(self):
        """Send what the last day would have been told, to all recipients."""
        self.ensure_one()
        self.check_access("write")
        recipients = self._get_recipients()
        if not recipients:
            raise UserError(
                self.notification_warning or self.env._("Add recipients first.")
            )
        now = fields.Datetime.now()
        self._send_summary(recipients, now - TEST_PERIOD, now, is_test=True)
        return self._notification(
            self.env._("Test mail sent"),
            self.env._(
                "It sums up the last 24 hours, and goes to %s.",
                ", ".join(recipients.mapped("email")),
            ),
        )

    @api.model
    def _explain_no_recipient(self, user, company):
        """Return why ``user`` gets no mail about the stores of ``company``, or ""."""
        if reason := self._explain_no_reader(user, company):
            return reason
        if not user.email:
            return self.env._("%s has no e-mail address.", user.name)
        return ""

    def _get_recipients(self):
        """Return who gets mails: who may see the store, and has an address."""
        self.ensure_one()
        return self.sudo().notification_user_ids.filtered(
            lambda user: not self._explain_no_recipient(user, self.company_id)
        )

    @api.model
    def _cron_send_summaries(self):
        """Send the mails that are due, store by store."""
        engine = self.env["bigcommerce.engine"]
        for instance in self.search(
            [("notified_on", "!=", False), ("state", "=", "confirmed")]
        ):
            try:
                engine._in_transaction(instance._send_due_summary)
            except Exception:
                # The other stores have recipients as well.
                _logger.exception("No summary mail was made of %s", instance.id)

    def _send_due_summary(self):
        """Make the mails of a store if it is time, and note until when they tell.

        Both are one transaction: nothing is told twice or never.
        """
        self.ensure_one()
        until = fields.Datetime.now() - SETTLING_TIME
        since = self.notified_on
        if not since or until - since < INTERVALS[self.notification_interval]:
            return
        if recipients := self._get_recipients():
            self._send_summary(recipients, since, until)
        self.notified_on = until

    def _send_summary(self, recipients, since, until, is_test=False):
        """Make a mail for each recipient of what has ended after ``since``.

        None where nothing has happened, or nothing that is to be told.
        """
        self.ensure_one()
        figures = self._get_summary_figures(since, until)
        has_problems = any(own["problems"] or own["failed"] for own in figures.values())
        wanted = figures if self.notification_outcome == "all" else has_problems
        if not (wanted or is_test):
            return
        self.env["mail.mail"].sudo().create(
            [
                self._prepare_summary_mail_vals(user, figures, since, until, is_test)
                for user in recipients
            ]
        )
        # Odoo's own would not look before its next turn.
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _get_summary_figures(self, since, until):
        """Return what has ended in a period: dict of operation -> figures.

        ``done``: lines; ``problems``: cause -> lines that wait for a person;
        ``failed``: cause -> a run that failed by it; ``job``: the latest run.
        """
        figures = {}

        def get(operation):
            return figures.setdefault(
                operation, {"done": 0, "problems": {}, "failed": {}, "job_id": 0}
            )

        lines = self.env["bigcommerce.queue.line"]
        period = (
            Domain("instance_id", "=", self.id)
            & Domain("ended_on", ">", since)
            & Domain("ended_on", "<=", until)
        )
        done = lines._read_group(
            period & Domain("state", "=", "done"),
            ["operation"],
            ["__count", "job_id:max"],
        )
        for operation, count, job_id in done:
            get(operation).update(done=count, job_id=job_id)
        stopped = lines._read_group(
            period & Domain(lines._PROBLEM_DOMAIN),
            ["operation", "cause_id"],
            ["__count", "job_id:max"],
        )
        for operation, cause, count, job_id in stopped:
            own = get(operation)
            own["problems"][cause] = count
            own["job_id"] = max(own["job_id"], job_id)
        failed = self.env["bigcommerce.queue.job"].search(
            period & Domain("cause_id", "!=", False), order="id"
        )
        for job in failed:
            own = get(job.operation)
            own["failed"][job.cause_id] = job
            own["job_id"] = max(own["job_id"], job.id)
        return figures

    def _prepare_summary_mail_vals(self, user, figures, since, until, is_test):
        """Return the values of a mail in the language of ``user``.

        It names operations, causes and numbers; nothing of the store's customers.
        """
        own = self.with_context(lang=user.lang, tz=user.tz).with_company(
            self.company_id
        )
        env = own.env
        sections = own._prepare_summary_sections(figures)
        done = sum(section["done"] for section in sections)
        problems = sum(section["problem_count"] for section in sections)
        subject = env._(
            "%(store)s: %(done)s done, %(problems)s with problems",
            store=own.name,
            done=done,
            problems=problems,
        )
        if is_test:
            subject = env._("Test: %s", subject)
        body = env["ir.qweb"]._render(
            "bigcommerce_connector.bigcommerce_summary_mail",
            {
                "instance": own,
                "instance_url": own._notify_get_action_link("view"),
                "problem_url": own._get_summary_url(
                    own.id, "bigcommerce-problems-of-store"
                ),
                "sections": sections,
                "since": format_datetime(env, since, dt_format="short"),
                "until": format_datetime(env, until, dt_format="short"),
                "pause": own._explain_pause(),
                "is_test": is_test,
                "user": user,
            },
            minimal_qcontext=True,
        )
        return {
            "subject": subject,
            "body_html": body,
            "email_from": self.company_id.email_formatted
            or self.env.user.email_formatted,
            "author_id": self.env.user.partner_id.id,
            "recipient_ids": user.partner_id.ids,
            "auto_delete": True,
            "headers": {"X-Auto-Response-Suppress": "OOF"},
        }

    def _prepare_summary_sections(self, figures):
        """Return what the mail says of each operation, by name."""
        labels = dict(self.env["bigcommerce.operation"]._selection_operation())
        jobs = self.env["bigcommerce.queue.job"]
        sections = []
        for operation, own in figures.items():
            problems = sorted(
                own["problems"].items(), key=lambda pair: (-pair[1], pair[0].sequence)
            )
            sections.append(
                {
                    "label": labels.get(operation, operation),
                    "url": jobs.browse(own["job_id"])._notify_get_action_link("view"),
                    "done": own["done"],
                    "problem_count": sum(own["problems"].values()) + len(own["failed"]),
                    "problems": [
                        {
                            "name": cause.with_env(self.env).name,
                            "count": count,
                            "url": self._get_summary_url(
                                cause.id, "bigcommerce-lines-of-cause"
                            ),
                        }
                        for cause, count in problems
                    ],
                    "failed": [
                        {
                            "name": cause.with_env(self.env).name,
                            "url": job._notify_get_action_link("view"),
                        }
                        for cause, job in own["failed"].items()
                    ],
                }
            )
        return sorted(sections, key=lambda section: section["label"])

    def _get_summary_url(self, active_id, path):
        """Return the address of an action that shows what is of one record.

        With the app's menu around it.
        """
        menu = self.env.ref("bigcommerce_connector.bigcommerce_menu_root")
        return f"{self.get_base_url()}/odoo/{active_id}/{path}?menu_id={menu.id}"
