from contextlib import contextmanager

from odoo import api, fields, models


class BigcommerceInstance(models.Model):
    """Whether a store answers, since when, and what it said of its quota."""

    _inherit = "bigcommerce.instance"

    connected_on = fields.Datetime(
        "Connected Since",
        readonly=True,
        copy=False,
        help="When the store first answered these credentials. Empty: it has not yet.",
    )
    connection_state = fields.Selection(
        [
            ("untested", "Never Tested"),
            ("refused", "Access Refused"),
            ("outage", "Does Not Answer"),
            ("paused", "Waiting"),
            ("works", "Connected"),
        ],
        "Connection",
        compute="_compute_connection",
        compute_sudo=True,
    )
    connection_message = fields.Char(
        compute="_compute_connection",
        compute_sudo=True,
        help="Why the store is asked nothing at the moment.",
    )
    answered_on = fields.Datetime("Last Answer", compute="_compute_last_answer")
    quota_left = fields.Integer(
        "Requests Left",
        compute="_compute_last_answer",
        help="Requests that the store's quota allowed after its last answer.",
    )
    quota_limit = fields.Integer("Request Quota", compute="_compute_last_answer")

    def _compute_connection(self):
        for instance in self:
            if instance.is_access_refused:
                state = "refused"
            elif instance.is_outage:
                state = "outage"
            elif not instance.connected_on:
                state = "untested"
            elif instance.is_paused:
                state = "paused"
            else:
                state = "works"
            instance.connection_state = state
            # That a new store is not confirmed its checklist says.
            instance.connection_message = (
                instance.state == "confirmed" and instance._explain_pause()
            )

    def _compute_last_answer(self):
        answers = self.env["bigcommerce.queue.job"]._find_last_answers(self._origin)
        for instance in self:
            instance.answered_on, instance.quota_left, instance.quota_limit = (
                answers.get(instance._origin, (False, 0, 0))
            )

    @contextmanager
    def _ask_now(self, *arguments, **options):
        with super()._ask_now(*arguments, **options) as client:
            yield client
        self._note_connected()

    def _note_connected(self):
        """Note that the store answers these credentials, the first time only."""
        self.sudo().filtered(
            lambda instance: not instance.connected_on
        ).connected_on = fields.Datetime.now()

    @api.model
    def _prepare_unknown_account_vals(self):
        return {**super()._prepare_unknown_account_vals(), "connected_on": False}
