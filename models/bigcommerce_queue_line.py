import json
from decimal import Decimal

from odoo import api, fields, models

from ..sync.problems import CAUSES


class BigcommerceQueueLine(models.Model):
    """One thing to do in one run of an operation."""

    _name = "bigcommerce.queue.line"
    _description = "BigCommerce Queue Line"
    _order = "id desc"

    # A line waits for its turn or for a person, is in work, or is settled.
    _WAITING_STATES = ("pending", "retry", "blocked")
    _ACTIVE_STATES = ("running", "sending", "unknown")
    _OPEN_STATES = ("pending", "retry", *_ACTIVE_STATES)
    # What makes a line wait as if it had never been tried.
    _FRESH_VALS = {
        "state": "pending",
        "details": False,
        "cause": False,
        "message": False,
        "traceback": False,
        "tries": 0,
        "not_before": False,
        "is_alone": False,
        "ended_on": False,
    }

    job_id = fields.Many2one(
        "bigcommerce.queue.job",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
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
    key = fields.Char(
        required=True, readonly=True, help="What the line is about, by its ID there."
    )
    name = fields.Char(required=True, readonly=True)
    payload = fields.Text(
        readonly=True,
        prefetch=False,
        groups="bigcommerce_connector.bigcommerce_group_user",
        help="What the store's list said. Erased when the line is done.",
    )
    details = fields.Text(
        readonly=True,
        prefetch=False,
        groups="bigcommerce_connector.bigcommerce_group_user",
        help="What was read in addition. Erased when the line is done.",
    )
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("running", "Running"),
            ("sending", "Sending"),
            ("unknown", "Outcome Unknown"),
            ("retry", "Will Retry"),
            ("blocked", "Blocked"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
            ("superseded", "Superseded"),
        ],
        required=True,
        readonly=True,
        default="pending",
    )
    cause = fields.Selection(
        CAUSES, readonly=True, help="What a person has to settle before it can go on."
    )
    message = fields.Text(readonly=True)
    traceback = fields.Text(
        readonly=True,
        prefetch=False,
        groups="bigcommerce_connector.bigcommerce_group_user",
    )
    tries = fields.Integer(required=True, readonly=True, default=0)
    not_before = fields.Datetime("Next Try", readonly=True)
    priority = fields.Integer(required=True, readonly=True, default=50)
    pump_id = fields.Many2one("ir.cron", readonly=True, ondelete="set null")
    is_alone = fields.Boolean(
        "Worked On Alone",
        required=True,
        readonly=True,
        default=False,
        help="A server stopped while it worked on this line.",
    )
    started_on = fields.Datetime(readonly=True)
    ended_on = fields.Datetime(readonly=True)
    res_model = fields.Char("Related Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Related ID", model_field="res_model", readonly=True
    )

    _claim_index = models.Index(
        "(instance_id, priority, id) WHERE state IN ('pending', 'retry')"
    )
    _started_index = models.Index("(instance_id, started_on)")
    _waiting_unique = models.UniqueIndex(
        "(instance_id, operation, key) WHERE state IN ('pending', 'retry', 'blocked')",
        "This waits already.",
    )
    _active_unique = models.UniqueIndex(
        "(instance_id, operation, key) "
        "WHERE state IN ('running', 'sending', 'unknown')",
        "This is being worked on already.",
    )
    _job_index = models.Index("(job_id, state)")
    _problem_index = models.Index(
        "(instance_id, cause) WHERE state IN ('blocked', 'failed')"
    )

    def action_retry(self):
        """Put failed, blocked and waiting lines back in the queue, to be done now."""
        lines = self.filtered(
            lambda line: line.state in ("failed", "blocked", "retry")
        ).sudo()
        lines._put_back(dict.fromkeys(lines, self._FRESH_VALS))
        lines.job_id.filtered(lambda job: job.state == "done").write(
            {"state": "running", "ended_on": False}
        )
        self.env["bigcommerce.engine"].sudo()._settle_jobs(lines.job_id)
        self.env["bigcommerce.engine"]._wake()

    def action_cancel(self):
        """Drop lines that wait; those in work end as they end."""
        lines = self.filtered(lambda line: line.state in self._WAITING_STATES).sudo()
        lines.write({**self._get_end_vals(), "state": "cancelled"})
        self.env["bigcommerce.engine"].sudo()._settle_cancelled(lines)

    def action_open_related_record(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).get_formview_action()

    @api.model
    def _withdraw(self, instance, operation, keys):
        """Cancel what waits to be done about ``keys``: it is not wanted any more."""
        self.search(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", operation),
                ("key", "in", keys),
                ("state", "in", self._WAITING_STATES),
            ]
        ).action_cancel()

    @api.model
    def _get_end_vals(self):
        """Return what is written to a line that needs nothing more."""
        return {
            "payload": False,
            "details": False,
            "cause": False,
            "pump_id": False,
            "ended_on": fields.Datetime.now(),
        }

    @api.model
    def _put_back(self, vals_by_line):
        """Let lines wait again; one whose newer twin waits is superseded by it.

        :param dict vals_by_line: queue line -> values, with a waiting state
        """
        lines = self.browse().concat(*vals_by_line)
        waiting = self.search(
            [
                ("instance_id", "in", lines.instance_id.ids),
                ("key", "in", lines.mapped("key")),
                ("state", "in", self._WAITING_STATES),
                ("id", "not in", lines.ids),
            ]
        )
        taken = {line._get_identity() for line in waiting}
        for line in lines.sorted("id", reverse=True):
            if line._get_identity() in taken:
                line.write({**self._get_end_vals(), "state": "superseded"})
            else:
                line.write(vals_by_line[line])
                taken.add(line._get_identity())

    def _get_payload(self):
        """Return the payload, with what was read in addition."""
        self.ensure_one()
        payload = json.loads(self.payload, parse_float=Decimal)
        if self.details:
            payload |= json.loads(self.details, parse_float=Decimal)
        return payload

    def _get_identity(self):
        self.ensure_one()
        return (self.instance_id, self.operation, self.key)
