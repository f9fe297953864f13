import json
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What was read longer ago is read again before a person's retry.
PAYLOAD_LIFETIME = timedelta(minutes=10)
# Settled lines are kept for so long.
DAYS_KEPT = 30
FAILURE_DAYS_KEPT = 180
PURGE_BATCH = 1000


class BigcommerceQueueLine(models.Model):
    """One thing to do in one run of an operation."""

    _name = "bigcommerce.queue.line"
    _description = "BigCommerce Queue Line"
    _order = "id desc"

    # A line waits for its turn or for a person, is in work, or is settled.
    _WAITING_STATES = ("pending", "retry", "blocked")
    _ACTIVE_STATES = ("running", "sending", "unknown")
    _OPEN_STATES = ("pending", "retry", *_ACTIVE_STATES)
    # Nobody has to see to it any more; one that failed may be retried.
    _SETTLED_STATES = ("done", "cancelled", "superseded")
    # One that a person has to see to has a cause, whatever its state.
    _PROBLEM_DOMAIN = [("cause_id.is_problem", "=", True)]
    # What makes a line wait as if it had never been tried.
    _FRESH_VALS = {
        "state": "pending",
        "details": False,
        "cause_id": False,
        "message": False,
        "traceback": False,
        "tries": 0,
        "not_before": False,
        "is_alone": False,
        "is_approved": False,
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
    lane = fields.Char(
        required=True,
        readonly=True,
        help="Lines of one lane are never worked on by two workers at once.",
    )
    name = fields.Char(required=True, readonly=True)
    payload = fields.Text(
        readonly=True,
        prefetch=False,
        groups="bigcommerce_connector.bigcommerce_group_user",
        help="What the list said. Erased when the line is done.",
    )
    read_on = fields.Datetime(readonly=True, help="When the payload was read.")
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
    cause_id = fields.Many2one(
        "bigcommerce.cause",
        readonly=True,
        ondelete="restrict",
        help="What a person has to settle before it can go on.",
    )
    cause_code = fields.Char(related="cause_id.code")
    advice = fields.Text(related="cause_id.advice")
    message = fields.Text(readonly=True)
    traceback = fields.Text(
        readonly=True,
        prefetch=False,
        groups="bigcommerce_connector.bigcommerce_group_user",
    )
    tries = fields.Integer(required=True, readonly=True, default=0, aggregator=None)
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
    is_approved = fields.Boolean(
        "Approved",
        required=True,
        readonly=True,
        default=False,
        help="A person has approved what the payload says.",
    )
    started_on = fields.Datetime(readonly=True)
    ended_on = fields.Datetime(readonly=True)
    res_model = fields.Char("Related Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Related ID", model_field="res_model", readonly=True
    )

    _claim_index = models.Index(
        "(instance_id, priority, id) WHERE state IN ('pending', 'retry', 'unknown')"
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
    _lane_index = models.Index(
        "(instance_id, operation, lane) "
        "WHERE state IN ('running', 'sending', 'unknown')"
    )
    _job_index = models.Index("(job_id, state)")
    _problem_index = models.Index(
        "(cause_id, instance_id, operation, id) WHERE cause_id IS NOT NULL"
    )
    _open_index = models.Index(
        "(id) WHERE state NOT IN ('done', 'cancelled', 'superseded')"
    )
    _ended_index = models.Index(
        "(ended_on) WHERE state IN ('done', 'failed', 'cancelled', 'superseded')"
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_work(self):
        """What is being sent must not be forgotten."""
        if any(line.state in self._ACTIVE_STATES for line in self):
            raise UserError(
                self.env._("This is being worked on. Delete it when it has ended.")
            )

    def action_retry(self):
        """Put lines that wait or have failed back in the queue, to be done now.

        What was read some time ago is read again: it may have changed in the store.
        What waits for approval is judged again.
        """
        self.check_access("read")
        lines = self.sudo().filtered(
            lambda line: line.state in ("failed", "blocked", "retry")
        )
        unknown = self.sudo().filtered(
            lambda line: line.state == "unknown" and not line.pump_id
        )
        stale_since = fields.Datetime.now() - PAYLOAD_LIFETIME
        stale = lines.filtered(
            lambda line: (
                not line.read_on or line.read_on < stale_since or line._needs_approval()
            )
        )
        stale._put_back({**self._FRESH_VALS, "payload": False})
        (lines - stale)._put_back(self._FRESH_VALS)
        # It is still not known whether it was sent; how to look for it is.
        for line in unknown:
            line.write(
                {**self._FRESH_VALS, "state": "unknown", "details": line.details}
            )
        (lines + unknown).job_id._reopen()

    def action_approve(self):
        """Let what waits for approval be sent, as its payload says.

        A brake has found what may be a mistake: that is for managers to say.
        """
        self.check_access("read")
        self.env["bigcommerce.instance"].check_access("write")
        lines = self.sudo().filtered(lambda line: line._needs_approval())
        lines._put_back({**self._FRESH_VALS, "is_approved": True})
        lines.job_id._reopen()

    def action_retry_alike(self):
        """Retry all that the same store, operation and cause keep from going on."""
        alike = Domain.OR(
            Domain("instance_id", "=", line.instance_id.id)
            & Domain("operation", "=", line.operation)
            & Domain("cause_id", "=", line.cause_id.id)
            for line in self.filtered("cause_id")
        )
        self.search(alike).action_retry()

    def action_fix(self):
        """Go where the cause is cured."""
        self.ensure_one()
        self.check_access("read")
        action = self.cause_id.action_fix()
        if self.cause_id.fix_action_id:
            operation = self.instance_id._get_operation(self.operation)
            if known := operation._prepare_fix_context(self):
                # Only what is still missing is asked for.
                action.update(context=known, views=[(False, "form")], target="new")
        return action

    def action_cancel(self):
        """Drop lines that wait; those in work end as they end."""
        self.check_access("read")
        lines = self.sudo().filtered(
            lambda line: (
                line.state in self._WAITING_STATES
                # A person has looked what became of it.
                or (line.state == "unknown" and line.cause_id)
            )
        )
        lines.write({**self._get_end_vals(), "state": "cancelled"})
        self.env["bigcommerce.engine"].sudo()._settle_cancelled(lines)

    def action_open_related_record(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).get_formview_action()

    def _needs_approval(self):
        self.ensure_one()
        return self.state == "blocked" and self.cause_code == "needs_approval"

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
    def _get_open_keys(self, instance, operation, keys, with_problems=True):
        """Return those of ``keys`` that the queue has something to do about.

        A run that has not been read to its end may be about any of them.

        :param bool with_problems: whether what a person has to see to counts
        :rtype: set[str]
        """
        own = Domain("instance_id", "=", instance.id)
        own &= Domain("operation", "=", operation)
        jobs = self.env["bigcommerce.queue.job"]
        unread = own & Domain("state", "in", jobs._UNREAD_STATES)
        if jobs.search_count(unread, limit=1):
            return {*keys}
        domain = own & Domain("key", "in", list(keys))
        domain &= Domain("state", "in", self._OPEN_STATES)
        if not with_problems:
            domain &= Domain("cause_id", "=", False)
        return {key for (key,) in self._read_group(domain, ["key"])}

    @api.model
    def _find_given_up(self, instance, operation, keys):
        """Return the lines about ``keys`` that were sent, and nobody knows what of it.

        The connector looks for their outcome no more: they wait for a person.
        """
        return self.search(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", operation),
                ("key", "in", list(keys)),
                ("state", "=", "unknown"),
                ("cause_id", "!=", False),
            ]
        )

    @api.model
    def _get_end_vals(self):
        """Return what is written to a line that needs nothing more."""
        return {
            "payload": False,
            "details": False,
            "cause_id": False,
            "traceback": False,
            "pump_id": False,
            "ended_on": fields.Datetime.now(),
        }

    def _put_back(self, vals):
        """Let lines wait again; one whose newer twin waits is superseded by it.

        :param dict vals: values, with a waiting state
        :return: the lines that wait
        """
        waiting = self._read_group(
            [
                ("instance_id", "in", self.instance_id.ids),
                ("key", "in", self.mapped("key")),
                ("state", "in", self._WAITING_STATES),
                ("id", "not in", self.ids),
            ],
            ["instance_id", "operation", "key"],
        )
        taken = set(waiting)
        kept_ids = []
        for line in self.sorted("id", reverse=True):
            identity = (line.instance_id, line.operation, line.key)
            if identity not in taken:
                taken.add(identity)
                kept_ids.append(line.id)
        kept = self.browse(kept_ids)
        (self - kept).write({**self._get_end_vals(), "state": "superseded"})
        kept.write(vals)
        return kept

    def _get_payload(self):
        """Return the payload, with what was read in addition."""
        self.ensure_one()
        payload = self._decode(self.payload)
        if self.details:
            payload |= self._decode(self.details)
        return payload

    @api.model
    def _encode(self, content):
        return json.dumps(content, default=str)

    @api.model
    def _decode(self, text):
        return json.loads(text, parse_float=Decimal)

    @api.autovacuum
    def _gc_settled_lines(self):
        """Delete lines that were settled long ago, failures last."""
        now = fields.Datetime.now()
        lines = self.search(
            Domain("state", "in", self._SETTLED_STATES)
            & Domain("ended_on", "<", now - timedelta(days=DAYS_KEPT))
            | Domain("state", "=", "failed")
            & Domain("ended_on", "<", now - timedelta(days=FAILURE_DAYS_KEPT)),
            order="id",
            limit=PURGE_BATCH,
        )
        lines.unlink()
        return len(lines), len(lines) == PURGE_BATCH
