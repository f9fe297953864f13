"""Whether a store may be asked: its quota, its token, and how it answered lately."""

from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..client.errors import (
    AuthenticationError,
    BigCommerceError,
    RateLimited,
    RequestTimeout,
    ServerError,
    Unreachable,
)
from .problems import explain
from .values import to_odoo

# The store as a whole does not answer.
OUTAGES = (RequestTimeout, ServerError, Unreachable)
# So many failures in a row are an outage: only a probe asks until one succeeds.
OUTAGE_FAILURES = 3
# Minutes until the first, second … probe.
PROBE_DELAYS = (1, 5, 15)
# Seconds that a probe may take, and how many a pump makes in a turn.
PROBE_TIMEOUT = 10
PROBES_AT_A_TIME = 3


class BigcommerceStoreCondition(models.AbstractModel):
    """The part of the engine that asks stores, and notes how they answer."""

    _name = "bigcommerce.engine.store.condition"
    _inherit = "bigcommerce.engine.transactions"
    _description = "BigCommerce Engine: Condition of Stores"

    @api.model
    def _sql_may_ask(self):
        """Return the condition on ``instance`` under which its store may be asked."""
        return SQL(
            """
            %s
            AND instance.access_token != '' AND instance.store_hash != ''
            AND instance.is_access_refused IS NOT TRUE
            AND instance.failure_count < %s
            AND (instance.not_before IS NULL
                 OR instance.not_before <= now() AT TIME ZONE 'UTC')
            """,
            self._sql_is_open(),
            OUTAGE_FAILURES,
        )

    @api.model
    def _sql_is_open(self):
        """Return the condition on ``instance`` under which anything is done for it."""
        return SQL("instance.active AND instance.state = 'confirmed'")

    @api.model
    def _sql_may_work(self, operation):
        """Return the condition on ``instance`` under which an operation may work.

        :param SQL operation: the code of the operation
        """
        return SQL(
            "(%s OR %s AND %s = ANY(%s))",
            self._sql_may_ask(),
            self._sql_is_open(),
            operation,
            self.env["bigcommerce.operation"]._get_codes_without_network(),
        )

    @api.model
    def _may_work(self, instance, operation):
        """Return whether it may go on now, whatever was so a moment ago.

        :param str operation: code of the operation
        """
        self._commit()
        self.env.cr.execute(
            SQL(
                "SELECT FROM bigcommerce_instance instance WHERE id = %s AND %s",
                instance.id,
                self._sql_may_work(SQL("%s", operation)),
            )
        )
        return bool(self.env.cr.rowcount)

    @contextmanager
    def _ask(self, job):
        """Give a client of the job's store, and note how the store answers it.

        An operation that does not ask the store gets none. What is written before an
        error is undone.
        """
        instance = job.instance_id
        if not instance._get_operation(job.operation)._asks_store:
            try:
                yield None
            except BaseException:
                self.env.cr.rollback()
                raise
            self._commit()
            return
        token = instance.sudo().access_token
        transport = failure = None
        try:
            with instance._connect() as client:
                transport = client.transport
                yield client
            self._commit()
        except BaseException as error:
            self.env.cr.rollback()
            failure = error
            raise
        finally:
            self._in_transaction(
                lambda: self._note_answers(job, transport, failure, token)
            )

    @api.model
    def _note_answers(self, job, transport, failure, token):
        """Keep what a conversation with the store says about it.

        :param transport: the client's, or None if there was no conversation
        :param failure: the exception that ended it, or None
        :param token: the access token that was used
        """
        instance = job.instance_id
        if transport and transport.request_count:
            job._note_conversation(transport)
        if transport and token == instance.sudo().access_token:
            instance._note_scopes(transport.scope_answers)
        is_answered = transport and transport.answer_count
        if isinstance(failure, OUTAGES):
            # Who asked before the outage was noticed says nothing new.
            if not instance.is_outage:
                if is_answered:
                    instance.failure_count = 0
                self._note_failure(instance, failure)
            return
        if is_answered:
            self._note_success(instance)
            # Somebody may have entered a new one meanwhile.
            if token == instance.sudo().access_token:
                instance._note_connected()
        if isinstance(failure, RateLimited):
            self._hold(instance, to_odoo(failure.retry_at))
        elif isinstance(failure, AuthenticationError):
            if token == instance.sudo().access_token:
                self._refuse_access(instance, failure)

    @api.model
    def _hold(self, instance, moment):
        """Let no worker ask the store before ``moment``."""
        if not instance.not_before or instance.not_before < moment:
            instance.not_before = moment

    @api.model
    def _refuse_access(self, instance, error):
        """Pause a store until somebody has seen to its token; say so once."""
        if not instance.is_access_refused:
            instance.is_access_refused = True
            instance._alert(
                self.env._("BigCommerce refuses the access token of %s", instance.name),
                explain(self.env, error),
                error.exchange,
            )

    @api.model
    def _note_failure(self, instance, error):
        """Count a failure; from the third in a row on only probes ask the store."""
        instance.failure_count += 1
        probes = instance.failure_count - OUTAGE_FAILURES
        if probes < 0:
            return
        minutes = PROBE_DELAYS[min(probes, len(PROBE_DELAYS) - 1)]
        self._hold(instance, fields.Datetime.now() + timedelta(minutes=minutes))
        if not probes:
            instance._alert(
                self.env._("%s does not answer", instance.name),
                explain(self.env, error),
                error.exchange,
            )

    @api.model
    def _note_success(self, instance):
        if instance.is_outage:
            instance._resume()
        elif instance.failure_count:
            instance.failure_count = 0

    @api.model
    def _probe_stores(self):
        """Ask stores that did not answer, once each, whether they do again."""
        for instance in self.env["bigcommerce.instance"].search(
            [
                ("failure_count", ">=", OUTAGE_FAILURES),
                ("state", "=", "confirmed"),
                ("not_before", "<=", fields.Datetime.now()),
            ],
            order="not_before, id",
            limit=PROBES_AT_A_TIME,
        ):
            with self._holding(f"probe {instance.id}", wait=False) as is_mine:
                is_due = (
                    instance.failure_count >= OUTAGE_FAILURES
                    and not instance.is_access_refused
                    and instance.not_before <= fields.Datetime.now()
                )
                if is_mine and is_due:
                    self._probe_store(instance)

    @api.model
    def _probe_store(self, instance):
        try:
            with instance._connect(timeout=PROBE_TIMEOUT) as client:
                client.get_time()
        except OUTAGES as error:
            failure = error
            self._in_transaction(lambda: self._note_failure(instance, failure))
        except BigCommerceError:
            # It answers; what is the matter will show when it is asked in earnest.
            self._in_transaction(instance._resume)
        else:
            self._in_transaction(instance._resume)
