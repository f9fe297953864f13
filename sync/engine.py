"""The engine claims lines and works on them; the same for every operation.

How lines come to be is in :mod:`scan`, how they are written to Odoo in :mod:`applying`,
how the store is changed in :mod:`sending`, how lines end in :mod:`settlement`, and what
becomes of them when a worker dies in :mod:`recovery`.
"""

from odoo import api, models
from odoo.tools import SQL

from .transactions import COLLISIONS


class BigcommerceEngine(models.AbstractModel):
    """All parts of the engine, and the part that claims lines."""

    _name = "bigcommerce.engine"
    _inherit = [
        "bigcommerce.engine.pumps",
        "bigcommerce.engine.scan",
        "bigcommerce.engine.sending",
        "bigcommerce.engine.recovery",
    ]
    _description = "BigCommerce Engine"

    @api.model
    def _cron_pump(self):
        """Work until the queue is empty or the time of a cron run is over."""
        pump = self.env["ir.cron"].browse(self.env.context.get("cron_id"))
        self._recover(pump)
        self._probe_stores()
        while processed := self._work(pump):
            if not self._commit_progress(processed):
                # A cron that is merely not finished sleeps for most of a minute.
                self._wake()
                break

    @api.model
    def _work(self, pump):
        """Read some of one job's lists and do one batch of lines.

        :return: how much was done; 0 if nothing is due
        """
        try:
            return self._scan_next(pump) + self._work_next(pump)
        except COLLISIONS:
            self.env.cr.rollback()
            self._in_transaction(lambda: self._give_back(pump))
            return 1

    @api.model
    def _work_next(self, pump):
        """Do one batch of lines of one store and one operation.

        :return: the number of lines; 0 if none is due
        """
        lines = self._claim_lines(pump)
        if not lines:
            return 0
        jobs = lines.job_id
        operation = lines.instance_id._get_operation(lines[0].operation)
        ready = self._fetch_details(operation, lines.with_env(operation.env))
        if operation._direction == "export":
            self._send_lines(operation, ready)
        else:
            self._apply_lines(operation, ready)
        self._in_transaction(lambda: self._settle_jobs(jobs))
        return len(lines)

    @api.model
    def _claim_lines(self, pump):
        """Mark the next due lines as being worked on by ``pump``, and return them.

        One pump claims at a time, so that each sees what the others have in work.
        """
        with self._holding("claim"):
            if claim := self._choose_lines():
                return self._mark_lines(pump, *claim)
            return self.env["bigcommerce.queue.line"]

    @api.model
    def _choose_lines(self):
        """Return what is next: instance id, operation, and whether a line is alone.

        The most urgent goes first, then the store that has waited longest.
        """
        # To compile it takes a hundred times as long, which the database cannot know:
        # it may believe in a queue as large as there once was.
        self.env.cr.execute("SET LOCAL jit = off")
        self.env.cr.execute(
            SQL(
                """
                  SELECT instance.id, line.operation, line.is_alone
                    FROM bigcommerce_instance instance
              CROSS JOIN LATERAL (
                          SELECT priority, operation, is_alone
                            FROM bigcommerce_queue_line line
                           WHERE instance_id = instance.id AND %(may_claim)s
                             AND %(may_work)s
                        ORDER BY priority, id
                           LIMIT 1
                         ) line
              CROSS JOIN LATERAL (
                          SELECT max(started_on) AS started_on
                            FROM bigcommerce_queue_line
                           WHERE instance_id = instance.id
                         ) latest
                ORDER BY line.priority, latest.started_on NULLS FIRST, instance.id
                   LIMIT 1
                """,
                may_claim=self._sql_may_claim(),
                may_work=self._sql_may_work(SQL("line.operation")),
            )
        )
        return self.env.cr.fetchone()

    @api.model
    def _mark_lines(self, pump, instance_id, code, is_alone):
        instance = self.env["bigcommerce.instance"].browse(instance_id)
        operation = self.env["bigcommerce.operation"]._get_operation(code)
        size = operation._batch_size or instance.queue_batch_limit
        self.env.cr.execute(
            SQL(
                """
                UPDATE bigcommerce_queue_line
                   SET state = CASE state WHEN 'unknown' THEN state ELSE 'running' END,
                       pump_id = %(pump)s, tries = tries + 1,
                       started_on = now() AT TIME ZONE 'UTC'
                 WHERE id = ANY(ARRAY(
                      SELECT id
                        FROM bigcommerce_queue_line line
                       WHERE instance_id = %(instance)s AND operation = %(operation)s
                         AND is_alone = %(is_alone)s AND %(may_claim)s
                    ORDER BY priority, id
                       LIMIT %(limit)s
                  FOR UPDATE SKIP LOCKED
                 ))
             RETURNING id
                """,
                pump=pump.id or None,
                instance=instance_id,
                operation=code,
                may_claim=self._sql_may_claim(),
                is_alone=is_alone,
                limit=1 if is_alone else size,
            )
        )
        line_ids = sorted(line_id for (line_id,) in self.env.cr.fetchall())
        return self.env["bigcommerce.queue.line"].browse(line_ids)

    @api.model
    def _sql_is_due(self, table):
        """Return the condition on which a waiting row of ``table`` is due."""
        not_before = SQL.identifier(table, "not_before")
        return SQL(
            "(%s IS NULL OR %s <= now() AT TIME ZONE 'UTC')", not_before, not_before
        )

    @api.model
    def _sql_may_claim(self):
        """Return the condition on ``line``: it waits, is due, its lane is free.

        An unknown line waits unless a pump is looking or a person has to. It keeps its
        own key from being sent, but not the rest of its lane.

        The sub-queries do not depend on the line, so that they run once, whatever the
        database believes of the size of the queue.
        """
        return SQL(
            """
            line.state IN ('pending', 'retry', 'unknown') AND %s
            AND line.operation = ANY(%s)
            AND (line.state != 'unknown'
                 OR line.pump_id IS NULL AND line.cause_id IS NULL)
            AND (line.instance_id, line.operation, line.lane) NOT IN (
                SELECT instance_id, operation, lane
                  FROM bigcommerce_queue_line
                 WHERE state IN ('running', 'sending', 'unknown')
                   AND (state != 'unknown' OR pump_id IS NOT NULL)
            )
            AND (line.state = 'unknown'
                 OR (line.instance_id, line.operation, line.key) NOT IN (
                    SELECT instance_id, operation, key
                      FROM bigcommerce_queue_line
                     WHERE state = 'unknown'
                 ))
            """,
            self._sql_is_due("line"),
            self.env["bigcommerce.operation"]._get_codes(),
        )
