from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..client.client import BigCommerceClient
from ..client.errors import BigCommerceError, Forbidden
from ..client.payloads.store import Store
from ..sync.problems import explain, explain_connection
from ..sync.store_condition import OUTAGE_FAILURES

# Buttons wait for the store; people should not.
BUTTON_TIMEOUT = 10


class BigcommerceInstance(models.Model):
    """How a store is reached, and whether it answers."""

    _inherit = "bigcommerce.instance"

    not_before = fields.Datetime(
        "Requests Resume At",
        readonly=True,
        copy=False,
        help="No request is sent before: the store asked to wait, or did not answer.",
    )
    failure_count = fields.Integer(
        "Failures in a Row",
        required=True,
        readonly=True,
        default=0,
        copy=False,
        help="How often the store has not answered since it last did.",
    )
    is_outage = fields.Boolean(compute="_compute_is_outage")
    is_access_refused = fields.Boolean(
        "Access Refused",
        readonly=True,
        copy=False,
        help="BigCommerce refused the access token. Nothing is asked before there are "
        "other credentials, or Test Connection succeeds.",
    )
    is_paused = fields.Boolean(compute="_compute_is_paused")

    @api.depends("not_before")
    def _compute_is_paused(self):
        now = fields.Datetime.now()
        for instance in self:
            instance.is_paused = instance.not_before and instance.not_before > now

    @api.depends("failure_count")
    def _compute_is_outage(self):
        for instance in self:
            instance.is_outage = instance.failure_count >= OUTAGE_FAILURES

    def action_test_connection(self):
        """Say whether store hash and access token reach the store.

        Missing scopes are a warning: what can do without them goes on.
        """
        self.ensure_one()
        self.check_access("write")
        title = self.env._("Test Connection")
        with (
            self._logging_failure(title),
            self._ask_now(explain_connection) as client,
        ):
            name = self._read_store_name(client)
            self._resume()
            self._check_scopes(client)
            self._log(
                "success",
                self.env._("The connection to %s works.", name),
                request_count=client.transport.request_count,
            )
        title = self.env._("Connected to %s", name)
        if self.missing_scopes:
            return self._notify_missing_scopes(title)
        return self._notification(
            title, self.env._("Store hash and access token are valid.")
        )

    def _read_store_name(self, client):
        try:
            return Store.parse(client.get_store()).name
        except Forbidden:
            # The token is valid; what it lacks will be named.
            return self.name

    def _connect(self, **transport_options):
        """Return a client of this store, to be used as a context manager."""
        self.ensure_one()
        credentials = self.sudo()
        if not (credentials.store_hash and credentials.access_token):
            raise UserError(
                self.env._(
                    "Enter the store hash and the access token of %s.", self.name
                )
            )
        read_only = ""
        if credentials.observe_mode:
            read_only = self.env._("%s is in observe mode.", self.name)
        elif credentials.is_foreign_database:
            read_only = self.env._(
                "This database is a copy. A manager may allow %s to write to the "
                "store from here.",
                self.name,
            )
        return BigCommerceClient.connect(
            credentials.store_hash,
            credentials.access_token,
            api_url=credentials.api_url,
            read_only=read_only,
            **transport_options,
        )

    @contextmanager
    def _ask_now(self, explain=explain, **transport_options):
        """Give a client to a person's click: quick, and with errors in words.

        :param explain: function that says them
        :param transport_options: of the client's transport, e.g. ``patience``
        """
        try:
            with self._connect(timeout=BUTTON_TIMEOUT, **transport_options) as client:
                yield client
        except BigCommerceError as error:
            raise UserError(explain(self.env, error)) from error

    def _explain_pause(self):
        """Return why the store is asked nothing at the moment, "" if it may be asked.

        In words what ``_sql_may_ask`` goes by.
        """
        self.ensure_one()
        credentials = self.sudo()
        if not self.active:
            return self.env._("%s is archived.", self.name)
        if self.state != "confirmed":
            return self.env._("%s is not confirmed.", self.name)
        if not (credentials.store_hash and credentials.access_token):
            return self.env._("%s has no access token.", self.name)
        if self.is_access_refused:
            return self.env._(
                "BigCommerce refuses the access token of %s. A manager has to enter "
                "another one, or test the connection.",
                self.name,
            )
        if self.is_outage:
            return self.env._(
                "%(store)s does not answer. It is tried again at %(moment)s.",
                store=self.name,
                moment=format_datetime(self.env, self.not_before),
            )
        if self.is_paused:
            return self.env._(
                "%(store)s has asked to wait until %(moment)s.",
                store=self.name,
                moment=format_datetime(self.env, self.not_before),
            )
        return ""

    def _resume(self):
        """Let synchronisation go on: the store answers, or may answer now."""
        paused = self.sudo().filtered(
            lambda instance: instance.is_access_refused or instance.failure_count
        )
        paused.write(
            {"is_access_refused": False, "failure_count": 0, "not_before": False}
        )
        paused._close_alerts(self.env._("Synchronisation goes on."))
        self.env["bigcommerce.engine"]._wake()
