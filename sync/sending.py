"""How the engine changes a store: each thing once, even when an answer is lost."""

import time
from collections import deque

from odoo import api, models

from ..client.errors import BigCommerceError, WriteRefused
from .problems import Blocked, Unsettled, concerns_one_object, explain, get_cause
from .settlement import TRIES_TOGETHER
from .transactions import COLLISIONS


class BigcommerceSending(models.AbstractModel):
    """The part of the engine that sends.

    *Sending* is committed before a request leaves, so that nobody repeats it who does
    not know of it. Where the outcome is *unknown* the store is looked at before
    anything is sent again.
    """

    _name = "bigcommerce.engine.sending"
    _inherit = "bigcommerce.engine.applying"
    _description = "BigCommerce Engine: Sending"

    @api.model
    def _send_lines(self, operation, lines):
        """Send lines, one request's worth of them at a time.

        What there is no time for in this cron run waits for the next one: a worker that
        takes too long is killed.
        """
        groups = deque(self._group_lines(operation, lines))
        if not groups:
            return
        try:
            with self._ask(lines.job_id[:1]) as client:
                while groups and self._may_work(lines.instance_id, operation._code):
                    again = self._do_group(operation, client, groups[0])
                    groups.popleft()
                    groups.extendleft(reversed(again))
                    if self._is_time_over():
                        break
        except BigCommerceError as error:
            unsent, failure = groups.popleft(), error
            if get_cause(error) and not error.ambiguous:
                # The same would be said of all.
                unsent = unsent.concat(*groups)
                groups.clear()
            self._in_transaction(lambda: self._settle_unsent(unsent, failure))
        if groups:
            left = lines.browse().concat(*groups)
            self._in_transaction(lambda: self._settle_untried(left))

    @api.model
    def _is_time_over(self):
        """Return whether this cron run should come to its end."""
        end = self.env.context.get("cron_end_time")
        return end is not None and time.monotonic() >= end

    @api.model
    def _group_lines(self, operation, lines):
        """Return the lines of each request: what fails again and again goes alone."""
        stubborn = lines.filtered(lambda line: line.tries >= TRIES_TOGETHER)
        unknown = (lines - stubborn).filtered(lambda line: line.state == "unknown")
        together = (unknown, lines - stubborn - unknown)
        return [
            *stubborn,
            *(group for own in together for group in operation._group_for_sending(own)),
        ]

    @api.model
    def _do_group(self, operation, client, lines):
        """Look at lines or send them, and note in Odoo what the store confirmed.

        :return: list of lines that are to be looked at or sent next
        :raise BigCommerceError: if the store is not to be asked any more for now
        """
        is_look = lines[0].state == "unknown"
        client.transport.take_exchanges()
        try:
            if is_look:
                results = operation._look(client, lines)
            else:
                if not client.transport.read_only:
                    self._in_transaction(lambda: lines.write({"state": "sending"}))
                results = self._send_group(operation, client, lines)
        except WriteRefused as error:
            refusal = error
            self._in_transaction(lambda: self._settle_held_back(lines, refusal))
            return []
        except BigCommerceError as error:
            if error.ambiguous or not concerns_one_object(error):
                raise
            if len(lines) > 1:
                # Halves find one bad line among thousands in few requests.
                middle = len(lines) // 2
                return [lines[:middle], lines[middle:]]
            failure = error
            self._in_transaction(lambda: self._settle_unsent(lines, failure))
            return []
        except COLLISIONS:
            raise
        except Exception as error:
            failure = error
            self._in_transaction(lambda: self._settle_unapplied(lines, failure))
            return []
        exchanges = client.transport.take_exchanges()
        self._keep_results(operation, results, exchanges)
        others = lines.filtered(lambda line: line not in results)
        if not others:
            return []
        if is_look:
            # They did not take effect.
            self._in_transaction(lambda: others.write({"state": "running"}))
            return [others]
        silence = LookupError(f"{operation._code} says nothing of {others}")
        self._in_transaction(lambda: self._settle_unapplied(others, silence))
        return []

    @api.model
    def _send_group(self, operation, client, lines):
        """Send lines; what the store accepted before it failed is noted as well."""
        try:
            return operation._send(client, lines)
        except BigCommerceError:
            accepted = [
                exchange
                for exchange in client.transport.take_exchanges()
                if exchange.is_write and not exchange.is_failed
            ]
            if accepted:
                self._in_transaction(lambda: self._note_writes(lines, accepted))
            raise

    @api.model
    def _keep_results(self, operation, results, exchanges):
        """Note in Odoo what the store confirmed, and end what it refused.

        :param exchanges: the client's Exchanges that it took, writes and failures
        """
        blocked, unsettled, confirmed = {}, {}, {}
        for line, result in results.items():
            if isinstance(result, Blocked):
                blocked[line] = result
            elif isinstance(result, Unsettled):
                unsettled[line] = result
            else:
                confirmed[line] = result
        writes = [exchange for exchange in exchanges if exchange.is_write]
        last = writes[-1] if writes else None
        self._in_transaction(lambda: self._settle_refused(blocked, last))
        self._in_transaction(lambda: self._settle_unsettled(unsettled))
        lines = self.env["bigcommerce.queue.line"].concat(*confirmed)
        self._apply_lines(operation, lines, confirmed)
        # What has blocked a line is in the log as such.
        noted = [last] if blocked and last and last.is_failed else []
        sent = self.env["bigcommerce.queue.line"].concat(*results)
        rest = [exchange for exchange in writes if exchange not in noted]
        if sent and rest:
            self._in_transaction(lambda: self._note_writes(sent, rest))

    @api.model
    def _note_writes(self, lines, writes):
        """Note what was sent, where the log is to tell all."""
        if lines.instance_id._keeps_log("all"):
            with self._noting("The log"):
                self._log_writes(lines, writes)

    @api.model
    def _settle_held_back(self, lines, refusal):
        """Let lines wait that may not be sent, and say what would have been.

        :param refusal: the WriteRefused
        """
        message = self.env._(
            "%(reason)s Would have been sent: %(request)s",
            reason=refusal,
            request=f"{refusal.exchange.method} {refusal.exchange.path}",
        )
        problem = Blocked("read_only", message)
        self._settle_blocked(dict.fromkeys(lines, problem))
        with self._noting("The log"):
            self._log_held_back(lines, refusal.exchange)

    @api.model
    def _settle_refused(self, problems, exchange):
        """Let lines wait for a person of which the outcome is known.

        :param dict problems: line -> :class:`~.problems.Blocked`
        :param exchange: the client's Exchange that is to blame, None if there is none
        """
        lines = self.env["bigcommerce.queue.line"].concat(*problems)
        lines.filtered(lambda line: line.state == "unknown").state = "running"
        self._settle_blocked(problems, exchange)

    @api.model
    def _settle_unsettled(self, outcomes):
        """Let lines be looked at later that the store has accepted.

        :param dict outcomes: line -> :class:`~.problems.Unsettled`
        """
        for line, outcome in outcomes.items():
            if line.state == "sending":
                # What failed before it was accepted does not shorten the waiting.
                line.tries = 1
            line.write({"state": "unknown", "message": outcome.message})
        # As long as none has a cause: they are accepted, and not given up.
        self._keep_problems(self.env["bigcommerce.queue.line"].concat(*outcomes))
        for line, outcome in outcomes.items():
            self._settle_retry(line, outcome.message)

    @api.model
    def _settle_unsent(self, lines, error):
        """Put back lines that the store was asked about in vain."""
        if error.ambiguous:
            lines.state = "unknown"
            self._settle_retry(lines, explain(self.env, error), error.exchange)
            # Of lines that have come to their end the log tells it already.
            going_on = lines.filtered(lambda line: not line.cause_id)
            if going_on and error.exchange:
                self._note_writes(going_on, [error.exchange])
        else:
            self._settle_error(lines, error)
