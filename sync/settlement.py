"""How the engine ends things: done, again later, blocked, failed."""

import logging
import traceback
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..client.errors import AuthenticationError, RateLimited
from .problems import Blocked, explain, get_cause
from .values import to_odoo

_logger = logging.getLogger(__name__)

MAX_TRIES = 5
# Minutes to wait after the first, second … try of what failed in passing.
RETRY_DELAYS = (1, 5, 15, 60)


class BigcommerceSettlement(models.AbstractModel):
    """The part of the engine that ends lines and jobs."""

    _name = "bigcommerce.engine.settlement"
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
        done.write({**lines._get_end_vals(), "state": "done", "message": False})
        for line in done:
            if line in outcomes:
                record = outcomes[line]
                line.write({"res_model": record._name, "res_id": record.id})

    @api.model
    def _settle_blocked(self, problems):
        """Let lines wait for a person.

        :param dict problems: line -> :class:`~.problems.Blocked`
        """
        self.env["bigcommerce.queue.line"]._put_back(
            {
                line: {
                    "state": "blocked",
                    "cause": problem.cause,
                    "message": problem.message,
                    "pump_id": False,
                    "ended_on": fields.Datetime.now(),
                }
                for line, problem in problems.items()
            }
        )
        self._keep_problems(problems)

    @api.model
    def _settle_client_error(self, lines, error):
        """End lines whose details could not be read, by the kind of failure."""
        message = explain(self.env, error)
        if isinstance(error, RateLimited):
            self._hold_store(lines.instance_id, error)
            # The quota is nobody's failure: the try does not count.
            lines._put_back(
                {
                    line: {
                        "state": "pending",
                        "pump_id": False,
                        "tries": line.tries - 1,
                    }
                    for line in lines
                }
            )
        elif cause := get_cause(error):
            self._settle_blocked(dict.fromkeys(lines, Blocked(cause, message)))
        else:
            self._settle_retry(lines, message)

    @api.model
    def _settle_retry(self, lines, message):
        """Let lines wait for their next try, or end them after the last."""
        vals = {"message": message, "pump_id": False}
        spent = lines.filtered(lambda line: line.tries >= MAX_TRIES)
        spent.write({**vals, "state": "failed", "ended_on": fields.Datetime.now()})
        self._keep_problems(spent)
        lines._put_back(
            {
                line: {
                    **vals,
                    "state": "retry",
                    "not_before": self._get_next_try(line.tries),
                }
                for line in lines - spent
            }
        )

    @api.model
    def _settle_failed(self, lines, error):
        """End lines whose work raised ``error``: the message for people first."""
        if not isinstance(error, UserError):
            _logger.error("Queue lines %s failed", lines.ids, exc_info=error)
        lines.write(
            {
                "state": "failed",
                "message": str(error) or repr(error),
                "traceback": "".join(traceback.format_exception(error)),
                "pump_id": False,
                "ended_on": fields.Datetime.now(),
            }
        )
        self._keep_problems(lines)

    @api.model
    def _settle_cancelled(self, lines):
        """Let everybody know of lines that a person has cancelled."""
        self._keep_problems(lines)
        self._settle_jobs(lines.job_id)

    @api.model
    def _keep_problems(self, lines):
        """Let the operation of lines that have come to a stop note why."""
        stopped = self.env["bigcommerce.queue.line"].concat(
            *(
                line
                for line in lines
                if line.state in ("blocked", "failed", "cancelled")
            )
        )
        for code, own in stopped.grouped("operation").items():
            self.env["bigcommerce.operation"]._get_operation(code)._keep_problems(own)

    @api.model
    def _settle_scan_error(self, job, error):
        """Read a job's lists again later, or end it, by the kind of failure."""
        message = explain(self.env, error)
        again = {"state": "pending", "pump_id": False, "error_message": message}
        if isinstance(error, RateLimited):
            self._hold_store(job.instance_id, error)
            job.write({**again, "tries": job.tries - 1})
        elif (
            get_cause(error)
            or isinstance(error, AuthenticationError)
            or job.tries >= MAX_TRIES
        ):
            self._settle_job_failed(job, message)
        else:
            job.write({**again, "not_before": self._get_next_try(job.tries)})

    @api.model
    def _settle_job_failed(self, job, message):
        job.write(
            {
                "state": "failed",
                "pump_id": False,
                "error_message": message,
                "ended_on": fields.Datetime.now(),
            }
        )
        job.instance_id._log("error", message, operation=job.operation, job_id=job.id)

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
            job.instance_id._log(
                "success",
                self.env._(
                    "%(operation)s: %(done)s done, %(problems)s with problems.",
                    operation=job.display_name,
                    done=job.done_count,
                    problems=job.blocked_count + job.failed_count,
                ),
                operation=job.operation,
                job_id=job.id,
            )

    @api.model
    def _hold_store(self, instance, error):
        """Make all workers wait until the store has requests left again."""
        retry_at = to_odoo(error.retry_at)
        instance.not_before = retry_at
        self._wake(at=retry_at)

    @api.model
    def _get_next_try(self, tries):
        """Return when something is tried again that was tried ``tries`` times."""
        minutes = RETRY_DELAYS[min(tries, len(RETRY_DELAYS)) - 1]
        next_try = fields.Datetime.now() + timedelta(minutes=minutes)
        self._wake(at=next_try)
        return next_try
