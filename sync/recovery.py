"""What becomes of work whose worker has died."""

from odoo import api, fields, models
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
        self._commit()
        dead_pump_ids = self._lock_dead_pumps(pump)
        orphans = self.env["bigcommerce.queue.line"].search(
            [("state", "=", "running"), ("pump_id", "in", dead_pump_ids)]
        )
        spent = orphans.filtered(lambda line: line.tries >= MAX_TRIES)
        spent.write(
            {
                "state": "failed",
                "message": self.env._("The server stopped each time it worked on it."),
                "pump_id": False,
                "ended_on": fields.Datetime.now(),
            }
        )
        self._keep_problems(spent)
        orphans._put_back(
            {
                line: {"state": "retry", "pump_id": False, "is_alone": True}
                for line in orphans - spent
            }
        )
        self._settle_jobs(orphans.job_id)
        self.env["bigcommerce.queue.job"].search(
            [("state", "=", "discovering"), ("pump_id", "in", dead_pump_ids)]
        ).write({"state": "pending", "pump_id": False})
        self._commit()

    @api.model
    def _lock_dead_pumps(self, pump):
        """Return the ids of the pumps that do not run, and that of ``pump``."""
        self.env.cr.execute(
            SQL(
                """
                SELECT id
                  FROM ir_cron
                 WHERE id != %s AND id IN (
                       SELECT pump_id FROM bigcommerce_queue_line
                        WHERE state = 'running'
                        UNION
                       SELECT pump_id FROM bigcommerce_queue_job
                        WHERE state = 'discovering'
                       )
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                pump.id or 0,
            )
        )
        return [*pump.ids, *(pump_id for (pump_id,) in self.env.cr.fetchall())]
