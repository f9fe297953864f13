"""What becomes of work whose worker has died."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .settlement import MAX_TRIES


class BigcommerceRecovery(models.AbstractModel):
    """The part of the engine that gives back what dead pumps held."""

    _name = "bigcommerce.engine.recovery"
    _inherit = "bigcommerce.engine.settlement"
    _description = "BigCommerce Engine: Recovery"

    @api.model
    def _recover(self, pump):
        """Put the work of dead pumps back in the queue.

        Odoo holds the row of a running cron locked and frees it when its process
        dies. So what is in work under a pump that has just started, or whose row can
        be locked, belongs to nobody. From then on such a line is claimed alone: one
        that kills workers uses up only itself.

        :param pump: the pump that has just started
        """
        self._in_transaction(self._retire_unknown_operations)
        self._in_transaction(lambda: self._recover_orphans(pump))
        self._in_transaction(self._settle_finished_jobs)

    @api.model
    def _retire_unknown_operations(self):
        """End what belongs to an operation that an update has taken away."""
        codes = self.env["bigcommerce.operation"]._get_codes()
        message = self.env._("This operation does not exist any more.")
        gone = Domain("operation", "not in", codes)
        lines = self.env["bigcommerce.queue.line"]
        waiting = Domain("state", "=", "blocked") | (
            Domain("state", "in", lines._OPEN_STATES) & Domain("cause_id", "=", False)
        )
        self._settle_spent(lines.search(gone & waiting), "unexpected_error", message)
        jobs = self.env["bigcommerce.queue.job"]
        unread = Domain("state", "in", jobs._UNREAD_STATES)
        for job in jobs.search(gone & unread):
            self._settle_job_failed(job, message, "unexpected_error")

    @api.model
    def _recover_orphans(self, pump):
        dead_pump_ids = self._lock_dead_pumps(pump)
        lines = self._find_orphans(dead_pump_ids)
        # Whether what was being sent has arrived, nobody knows.
        lines.filtered(lambda line: line.state == "sending").state = "unknown"
        spent = lines.filtered(lambda line: line.tries >= MAX_TRIES)
        self._settle_spent(
            spent,
            "killed_worker",
            self.env._("The server stopped each time it worked on it."),
        )
        self._wait(lines - spent, {"state": "retry", "is_alone": True})
        jobs = self.env["bigcommerce.queue.job"].search(
            [("state", "=", "discovering"), ("pump_id", "in", dead_pump_ids)]
        )
        for job in jobs:
            if job.tries >= MAX_TRIES:
                self._settle_job_failed(
                    job,
                    self.env._("The server stopped each time it read the lists."),
                    "killed_worker",
                )
        jobs.filtered(lambda job: job.state == "discovering").write(
            {"state": "pending", "pump_id": False}
        )

    @api.model
    def _find_orphans(self, dead_pump_ids):
        """Return the lines in work under dead pumps."""
        return self.env["bigcommerce.queue.line"].search(
            Domain("pump_id", "in", dead_pump_ids)
            & (
                Domain("state", "in", ("running", "sending"))
                # An unknown one that is under no pump waits for its turn.
                | Domain("state", "=", "unknown") & Domain("pump_id", "!=", False)
            )
        )

    @api.model
    def _give_back(self, pump):
        """Put back what ``pump`` had in work when another transaction stopped it."""
        lines = self._find_orphans(pump.ids or [False])
        lines.filtered(lambda line: line.state == "sending").state = "unknown"
        self._settle_busy(lines)
        self.env["bigcommerce.queue.job"].search(
            [("state", "=", "discovering"), ("pump_id", "in", pump.ids or [False])]
        ).write({"state": "pending", "pump_id": False})

    @api.model
    def _settle_finished_jobs(self):
        """End the jobs whose last lines were ended by somebody who did not notice."""
        self._settle_jobs(
            self.env["bigcommerce.queue.job"].search([("state", "=", "running")])
        )

    @api.model
    def _lock_dead_pumps(self, pump):
        """Return the ids of the pumps that do not run, that of ``pump``, and none."""
        self.env.cr.execute(
            SQL(
                """
                SELECT id
                  FROM ir_cron
                 WHERE id != %s AND id IN (
                       SELECT pump_id FROM bigcommerce_queue_line
                        WHERE state IN ('running', 'sending', 'unknown')
                        UNION
                       SELECT pump_id FROM bigcommerce_queue_job
                        WHERE state = 'discovering'
                       )
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                pump.id or 0,
            )
        )
        return [False, *pump.ids, *(pump_id for (pump_id,) in self.env.cr.fetchall())]
