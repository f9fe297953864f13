"""How the engine ends things: done, again later, blocked, failed."""

import logging
import traceback
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..client.errors import AuthenticationError, RateLimited
from .operation import Done
from .problems import Blocked, explain, get_cause
from .transactions import COLLISIONS

_logger = logging.getLogger(__name__)

MAX_TRIES = 5
# How often the store is asked about lines together before each is on its own.
TRIES_TOGETHER = 3
# Minutes to wait after the first, second … try of what failed in passing.
RETRY_DELAYS = (1, 5, 15, 60)


class BigcommerceSettlement(models.AbstractModel):
    """The part of the engine that ends lines and jobs."""

    _name = "bigcommerce.engine.settlement"
    _inherit = ["bigcommerce.engine.store.condition", "bigcommerce.engine.log"]
    _description = "BigCommerce Engine: Settlement"

    @api.model
    def _settle(self, lines, outcomes):
        """End the lines of a batch as their operation said."""
        blocked = {
            line: outcome
            for line, outcome in outcomes.items()
            if isinstance(outcome, Blocked)
        }
        self._settle_blocked(blocked)
        done = lines - lines.browse().concat(*blocked)
        self._settle_done(done)
        for line in done:
            if line in outcomes:
                outcome = outcomes[line]
                if isinstance(outcome, Done):
                    line.message = outcome.message
                    outcome = outcome.record
                line.write({"res_model": outcome._name, "res_id": outcome.id})

    @api.model
    def _settle_done(self, lines, message=False):
        lines.write({**lines._get_end_vals(), "state": "done", "message": message})

    @api.model
    def _settle_blocked(self, problems, exchange=None):
        """Let lines wait for a person.

        :param dict problems: line -> :class:`~.problems.Blocked`
        :param exchange: the client's Exchange that they failed at, if there was one
        """
        Cause = self.env["bigcommerce.cause"]
        lines = self.env["bigcommerce.queue.line"].concat(*problems)
        waiting = self._wait(
            lines, {"state": "blocked", "ended_on": fields.Datetime.now()}
        )
        for line in waiting:
            problem = problems[line]
            vals = {
                "cause_id": Cause._get(problem.cause).id,
                "message": problem.message,
            }
            if problem.payload is not None:
                vals |= {
                    "payload": line._encode(problem.payload),
                    "read_on": fields.Datetime.now(),
                }
            line.write(vals)
        self._keep_problems(lines, exchange)

    @api.model
    def _settle_error(self, lines, error):
        """End lines for which the store could not be asked, by the kind of failure."""
        message = explain(self.env, error)
        if isinstance(error, RateLimited | AuthenticationError):
            # Nobody's failure: the store as a whole has to wait.
            self._settle_untried(lines)
        elif cause := get_cause(error):
            problems = dict.fromkeys(lines, Blocked(cause, message))
            self._settle_blocked(problems, error.exchange)
        else:
            self._settle_retry(lines, message, error.exchange)

    @api.model
    def _settle_untried(self, lines, **vals):
        """Let lines wait as if this try had not been."""
        for tries, own in lines.grouped("tries").items():
            self._wait(own, {"state": "pending", "tries": max(tries - 1, 0), **vals})

    @api.model
    def _settle_busy(self, lines):
        """Let lines wait until others are done with the records they need."""
        self._settle_untried(
            lines,
            state="retry",
            message=self.env._("Others were working on the same records."),
            not_before=self._get_next_try(1),
        )

    @api.model
    def _settle_retry(self, lines, message, exchange=None):
        """Let lines wait for their next try, or end them after the last."""
        spent = lines.filtered(lambda line: line.tries >= MAX_TRIES)
        self._settle_spent(spent, "store_trouble", message, exchange)
        for tries, own in (lines - spent).grouped("tries").items():
            self._wait(
                own,
                {
                    "state": "retry",
                    "message": message,
                    "not_before": self._get_next_try(tries),
                },
            )

    @api.model
    def _settle_spent(self, lines, cause, message, exchange=None):
        """End lines after their last try; ``cause`` is the code of a cause.

        One of which nobody knows whether it was sent stays unknown: nothing else is
        sent about the same object before a person has looked.
        """
        unknown = lines.filtered(lambda line: line.state == "unknown")
        vals = {"message": message, "pump_id": False, "ended_on": fields.Datetime.now()}
        Cause = self.env["bigcommerce.cause"]
        unknown.write({**vals, "cause_id": Cause._get("outcome_unknown").id})
        (lines - unknown).write(
            {**vals, "state": "failed", "cause_id": Cause._get(cause).id}
        )
        self._keep_problems(lines, exchange)

    @api.model
    def _settle_failed(self, lines, error):
        """End lines whose work raised ``error``: the message for people first."""
        message = str(error)
        if not isinstance(error, UserError):
            _logger.error("Queue lines %s failed", lines.ids, exc_info=error)
            message = self.env._("Something unexpected happened: %s", repr(error))
        lines.write({"traceback": "".join(traceback.format_exception(error))})
        self._settle_spent(lines, "unexpected_error", message)

    @api.model
    def _settle_unapplied(self, lines, error):
        """Let lines be looked at that were, or may have been, sent, but not noted."""
        _logger.error("Queue lines %s were not noted", lines.ids, exc_info=error)
        lines.write(
            {
                "state": "unknown",
                "traceback": "".join(traceback.format_exception(error)),
            }
        )
        self._settle_retry(lines, str(error) or repr(error))

    @api.model
    def _settle_cancelled(self, lines):
        """Let everybody know of lines that a person has cancelled."""
        self._keep_problems(lines)
        self._settle_jobs(lines.job_id)

    @api.model
    def _wait(self, lines, vals):
        """Put lines back, to wait as ``vals`` say.

        One of which nobody knows whether it was sent stays unknown.

        :return: the lines without those that are superseded
        """
        vals = {**vals, "pump_id": False}
        unknown = lines.filtered(lambda line: line.state == "unknown")
        unknown.write({**vals, "state": "unknown"})
        return unknown + (lines - unknown)._put_back(vals)

    @api.model
    def _keep_problems(self, lines, exchange=None):
        """Let the operation of lines that have come to a stop note why, and the log.

        One that is unknown has been accepted by the store, or waits for a person.
        """
        stopped = lines.filtered(
            lambda line: line.state in ("blocked", "failed", "cancelled", "unknown")
        )
        codes = self.env["bigcommerce.operation"]._get_codes()
        alike = stopped.grouped(lambda line: (line.instance_id, line.operation))
        for (_instance, code), own in alike.items():
            if code not in codes:
                continue
            operation = self.env["bigcommerce.operation"]._get_operation(code)
            with self._noting(code):
                operation._keep_problems(own)
        # What is only observed is noted with what would have been sent.
        problems = stopped.filtered("cause_id.is_problem")
        if problems:
            with self._noting("The log"):
                self._log_problems(problems, exchange)

    @contextmanager
    def _noting(self, who):
        """Let nothing that fails in here stop the queue: lines say it themselves."""
        try:
            with self.env.cr.savepoint():
                yield
        except COLLISIONS:
            raise
        except Exception:
            _logger.exception("%s could not note what happened", who)

    @api.model
    def _settle_scan_error(self, job, error):
        """Read a job's lists again later, or end it, by the kind of failure."""
        message = explain(self.env, error)
        again = {"state": "pending", "pump_id": False, "error_message": message}
        if isinstance(error, RateLimited | AuthenticationError):
            job.write({**again, "tries": job.tries - 1})
        elif (cause := get_cause(error)) or job.tries >= MAX_TRIES:
            self._settle_job_failed(
                job, message, cause or "store_trouble", error.exchange
            )
        else:
            job.write({**again, "not_before": self._get_next_try(job.tries)})

    @api.model
    def _settle_job_failed(self, job, message, cause, exchange=None):
        """End a run whose lists could not be read.

        :param cause: code of a cause
        :param exchange: the client's Exchange that it is about, if there was one
        """
        job.write(
            {
                "state": "failed",
                "pump_id": False,
                "cause_id": self.env["bigcommerce.cause"]._get(cause).id,
                "error_message": message,
                "ended_on": fields.Datetime.now(),
            }
        )
        job._take_over_failed()
        job.instance_id._log(
            "error",
            message,
            exchanges=[exchange] if exchange else [],
            operation=job.operation,
            job_id=job.id,
        )

    @api.model
    def _settle_jobs(self, jobs):
        """End the jobs of which no line is open any more."""
        QueueLine = self.env["bigcommerce.queue.line"]
        groups = QueueLine._read_group(
            [("job_id", "in", jobs.ids), ("state", "in", QueueLine._OPEN_STATES)],
            ["job_id"],
        )
        unfinished = self.env["bigcommerce.queue.job"].concat(
            *(job for (job,) in groups)
        )
        for job in (jobs - unfinished).filtered(lambda job: job.state == "running"):
            job.write({"state": "done", "ended_on": fields.Datetime.now()})
            self._log_run(job)
            if job.operation in self.env["bigcommerce.operation"]._get_codes():
                job.instance_id._get_operation(job.operation)._conclude(job)

    @api.model
    def _get_next_try(self, tries):
        """Return when something is tried again that was tried ``tries`` times."""
        minutes = RETRY_DELAYS[min(tries, len(RETRY_DELAYS)) - 1]
        return fields.Datetime.now() + timedelta(minutes=minutes)
