from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .bigcommerce_queue_line import DAYS_KEPT, PURGE_BATCH


class BigcommerceQueueJob(models.Model):
    """One run of one operation on one instance."""

    _name = "bigcommerce.queue.job"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "BigCommerce Queue Job"
    _order = "id desc"
    _rec_name = "operation"
    # Its lists have not been read to their end.
    _UNREAD_STATES = ("pending", "discovering")
    _OPEN_STATES = (*_UNREAD_STATES, "running")
    # Who sees it may write a note, and be done with an activity.
    _mail_post_access = "read"

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
    options = fields.Json(readonly=True)
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("discovering", "Reading Lists"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="pending",
    )
    priority = fields.Integer(readonly=True, required=True, default=50)
    pump_id = fields.Many2one("ir.cron", readonly=True, ondelete="set null")
    tries = fields.Integer(required=True, readonly=True, default=0)
    not_before = fields.Datetime("Next Try", readonly=True)
    cause_id = fields.Many2one(
        "bigcommerce.cause",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="What a person has to settle before its lists can be read.",
    )
    advice = fields.Text(related="cause_id.advice")
    fix_action_id = fields.Many2one(related="cause_id.fix_action_id")
    error_message = fields.Text("Error", readonly=True)
    request_count = fields.Integer("Requests", required=True, readonly=True, default=0)
    started_on = fields.Datetime(readonly=True)
    ended_on = fields.Datetime(readonly=True)

    # The scan: where to go on, and what the watermark may become.
    resume_point = fields.Json(readonly=True)
    read_count = fields.Integer(
        "Read",
        required=True,
        readonly=True,
        default=0,
        help="How much the lists have said so far, whether there is work to do or not.",
    )
    read_on = fields.Datetime(
        readonly=True, help="When its lists were last read from, by turns with others."
    )
    moves_watermark = fields.Boolean(readonly=True)
    scan_started_on = fields.Datetime(
        readonly=True, help="When the scan began, by the store's clock."
    )
    newest_change = fields.Datetime(
        readonly=True, help="Newest change seen by the scan, by the store's clock."
    )

    line_ids = fields.One2many("bigcommerce.queue.line", "job_id", readonly=True)
    line_count = fields.Integer("Lines", compute="_compute_counts")
    done_count = fields.Integer("Done", compute="_compute_counts")
    open_count = fields.Integer("Open", compute="_compute_counts")
    blocked_count = fields.Integer("Blocked", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    problem_count = fields.Integer("Problems", compute="_compute_counts")
    approval_count = fields.Integer("To Approve", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")

    _open_index = models.Index(
        "(priority, id) WHERE state IN ('pending', 'discovering', 'running')"
    )
    _instance_index = models.Index("(instance_id, operation, id)")
    _whole_index = models.Index("(instance_id, operation, id) WHERE options IS NULL")
    _watermark_unique = models.UniqueIndex(
        "(instance_id, operation) "
        "WHERE moves_watermark AND state IN ('pending', 'discovering')",
        "This has just been started.",
    )
    _ended_index = models.Index("(ended_on)")
    _problem_index = models.Index(
        "(cause_id, instance_id, operation) WHERE cause_id IS NOT NULL"
    )

    @api.depends("operation", "instance_id.name")
    def _compute_display_name(self):
        labels = dict(self.env["bigcommerce.operation"]._selection_operation())
        for job in self:
            label = labels.get(job.operation, job.operation)
            job.display_name = f"{label}: {job.instance_id.name}"

    def _compute_counts(self):
        QueueLine = self.env["bigcommerce.queue.line"]
        problems = dict(
            QueueLine._read_group(
                [("job_id", "in", self.ids), *QueueLine._PROBLEM_DOMAIN],
                ["job_id"],
                ["__count"],
            )
        )
        approvals = dict(
            QueueLine._read_group(
                [
                    ("job_id", "in", self.ids),
                    ("state", "=", "blocked"),
                    ("cause_id.code", "=", "needs_approval"),
                ],
                ["job_id"],
                ["__count"],
            )
        )
        counts = {}
        groups = QueueLine._read_group(
            [("job_id", "in", self.ids)], ["job_id", "state"], ["__count"]
        )
        for job, state, count in groups:
            counts.setdefault(job, {})[state] = count
        for job in self:
            by_state = counts.get(job, {})
            job.line_count = sum(by_state.values())
            job.open_count = sum(
                by_state.get(state, 0) for state in QueueLine._OPEN_STATES
            )
            job.done_count = by_state.get("done", 0)
            job.blocked_count = by_state.get("blocked", 0)
            job.failed_count = by_state.get("failed", 0)
            job.problem_count = problems.get(job, 0)
            job.approval_count = approvals.get(job, 0)
            job.progress = (
                100 * (job.line_count - job.open_count) / job.line_count
                if job.line_count
                else 100 * (job.state == "done")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_work(self):
        """The database deletes the lines with it, and does not ask them."""
        lines = self.env["bigcommerce.queue.line"].search(
            [
                ("job_id", "in", self.ids),
                ("state", "in", self.env["bigcommerce.queue.line"]._ACTIVE_STATES),
            ],
            limit=1,
        )
        if lines or any(job.state == "discovering" for job in self):
            raise UserError(self.env._("Cancel the job first, or wait until it ends."))

    def action_cancel(self):
        """Stop the run. Lines being worked on end as they end."""
        self.check_access("read")
        open_jobs = self.filtered(lambda job: job.state in self._OPEN_STATES)
        open_jobs.sudo().write(
            {"state": "cancelled", "ended_on": fields.Datetime.now(), "pump_id": False}
        )
        self._search_open_lines().action_cancel()

    def action_retry(self):
        """Start a failed run again, and its failed and blocked lines."""
        self._restart()
        self._search_open_lines().action_retry()

    def action_fix(self):
        """Go where the cause is cured."""
        self.ensure_one()
        return self.cause_id.action_fix()

    def action_approve(self):
        """Let the lines of these runs be sent that wait for approval."""
        self.check_access("read")
        self._search_open_lines().action_approve()

    def action_view_lines(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bigcommerce_connector.bigcommerce_queue_line_action"
        )
        action["domain"] = [("job_id", "=", self.id)]
        action["context"] = {
            key: value
            for key, value in self.env.context.items()
            if key.startswith("search_default_")
        }
        return action

    def _restart(self):
        """Let failed runs read their lists again."""
        self.check_access("read")
        failed = self.filtered(lambda job: job.state == "failed").sudo()
        open_scans = self.sudo().search(
            [
                ("instance_id", "in", failed.instance_id.ids),
                ("state", "in", self._UNREAD_STATES),
                ("moves_watermark", "=", True),
            ]
        )
        movers = {(job.instance_id, job.operation) for job in open_scans}
        for job in failed:
            key = (job.instance_id, job.operation)
            job.write(
                {
                    "state": "pending",
                    "cause_id": False,
                    "tries": 0,
                    "not_before": False,
                    "ended_on": False,
                    # One open scan at a time may move it.
                    "moves_watermark": job.moves_watermark and key not in movers,
                }
            )
            if job.moves_watermark:
                movers.add(key)
        self.env["bigcommerce.engine"]._wake()

    def _take_over_failed(self):
        """Let earlier runs that have failed wait for nobody: this one says the same.

        It has read all that they were to read, or has failed like them.
        """
        self.ensure_one()
        self.search(
            [
                ("instance_id", "=", self.instance_id.id),
                ("operation", "=", self.operation),
                ("cause_id", "!=", False),
                ("id", "!=", self.id),
            ]
        ).filtered(
            lambda job: (job.options or False) == (self.options or False)
        ).cause_id = False

    def _reopen(self):
        """Let runs go on whose lines have been put back."""
        self.filtered(lambda job: job.state == "done").write(
            {"state": "running", "ended_on": False}
        )
        self.env["bigcommerce.engine"].sudo()._settle_jobs(self)
        self.env["bigcommerce.engine"]._wake()

    def _search_open_lines(self):
        """Return the lines that are not settled, or have failed."""
        lines = self.env["bigcommerce.queue.line"]
        return lines.search(
            [("job_id", "in", self.ids), ("state", "not in", lines._SETTLED_STATES)]
        )

    @api.model
    def _enqueue(self, instances, operation, options):
        """Return one job per instance; a scan that is still to end serves.

        What it does not see of the store, the next one will. One that reads Odoo's
        lists is always made anew: they may have been read before the change that asks
        for it.
        Only a run without options sees everything, so only such a run may move
        the watermark, and only one of them is open at a time.
        """
        options = options or False
        is_scan = operation._is_scan()
        scans = self.browse()
        if is_scan:
            scans = self.search(
                [
                    ("instance_id", "in", instances.ids),
                    ("operation", "=", operation._code),
                    ("state", "in", self._UNREAD_STATES),
                ]
            ).filtered(lambda job: (job.options or False) == options)
        missing = instances - scans.instance_id
        self.env["bigcommerce.engine"]._wake()
        # Runs come by the thousand: none of them needs a note that it was made.
        return scans + self.with_context(tracking_disable=True).create(
            [
                {
                    "instance_id": instance.id,
                    "operation": operation._code,
                    "options": options,
                    "priority": operation._priority,
                    "moves_watermark": is_scan and not options,
                }
                for instance in missing
            ]
        )

    def _serves(self):
        """Return whether what this run is still to read does for one from now.

        Odoo's lists may have been read before the change that somebody wants sent.
        """
        self.ensure_one()
        operation = self.env["bigcommerce.operation"]._get_operation(self.operation)
        return self.state in self._UNREAD_STATES and (
            operation._is_scan() or not self.read_on
        )

    @api.autovacuum
    def _gc_ended_jobs(self):
        """Delete runs that ended long ago and of which no line is left."""
        jobs = self.search(
            [
                ("ended_on", "<", fields.Datetime.now() - timedelta(days=DAYS_KEPT)),
                ("state", "not in", self._OPEN_STATES),
                ("line_ids", "=", False),
            ],
            order="id",
            limit=PURGE_BATCH,
        )
        jobs.unlink()
        return len(jobs), len(jobs) == PURGE_BATCH
