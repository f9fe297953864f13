"""The engine claims lines and works on them; the same for every operation.

How lines come to be is in :mod:`scan`, how they end in :mod:`settlement`, and what
becomes of them when a worker dies in :mod:`recovery`.
"""

import json
import random
import time
from contextlib import contextmanager

from psycopg2.errors import UniqueViolation
from psycopg2.extensions import TransactionRollbackError

from odoo import api, models
from odoo.tools import SQL

from ..client.errors import BigCommerceError
from .problems import concerns_one_object

# How often a batch is tried again because another transaction was faster.
MAX_COLLISIONS = 5
# How often the details of a batch are read together before its lines are on their own.
TRIES_TOGETHER = 3


class BigcommerceEngine(models.AbstractModel):
    _name = "bigcommerce.engine"
    _inherit = ["bigcommerce.engine.scan", "bigcommerce.engine.recovery"]
    _description = "BigCommerce Engine"

    @api.model
    def _get_pumps(self):
        return self.env.ref("bigcommerce_connector.ir_cron_pump").sudo()

    @api.model
    def _wake(self, at=None):
        """Let the pumps look at the queue once this transaction is committed.

        :param datetime at: not before this moment, in UTC
        """
        for pump in self._get_pumps():
            pump._trigger(at=at)

    @api.model
    def _cron_pump(self):
        """Work until the queue is empty or the time of a cron run is over."""
        pump = self.env["ir.cron"].browse(self.env.context.get("cron_id"))
        self._recover(pump)
        while processed := self._work(pump):
            if not self._commit_progress(processed):
                # A cron that is merely not finished sleeps for most of a minute.
                self._wake()
                break

    @api.model
    def _work(self, pump):
        """Read one job's lists or do one batch of lines.

        :return: how much was done; 0 if nothing is due
        """
        try:
            return self._scan_next(pump) or self._work_next(pump)
        except TransactionRollbackError:
            # Somebody changed a job or a line while it was about to end.
            self.env.cr.rollback()
            self._recover(pump)
            return 1

    @api.model
    def _commit_progress(self, processed):
        """Commit, and return the seconds that are left of this cron run."""
        return self.env["ir.cron"]._commit_progress(processed)

    @api.model
    def _commit(self):
        # The states of the queue have to survive what the work itself does.
        self.env.cr.commit()  # pylint: disable=invalid-commit

    @api.model
    def _sql_may_ask(self):
        """Return the condition on ``instance`` under which its store may be asked."""
        return SQL(
            """
            instance.active AND instance.state = 'confirmed'
            AND (instance.not_before IS NULL
                 OR instance.not_before <= now() AT TIME ZONE 'UTC')
            """
        )

    @api.model
    def _sql_is_due(self, table):
        """Return the condition under which a waiting row of ``table`` is due."""
        not_before = SQL.identifier(table, "not_before")
        return SQL(
            "(%s IS NULL OR %s <= now() AT TIME ZONE 'UTC')", not_before, not_before
        )

    @api.model
    def _work_next(self, pump):
        """Do one batch of lines of one store and one operation.

        :return: the number of lines; 0 if none is due
        """
        lines = self._claim_lines(pump)
        if not lines:
            return 0
        operation = (
            self.env["bigcommerce.operation"]
            ._get_operation(lines[0].operation)
            ._with_store(lines.instance_id)
        )
        lines = lines.with_env(operation.env)
        jobs = lines.job_id
        if ready := self._fetch_details(operation, lines):
            self._apply_lines(operation, ready)
        self._settle_jobs(jobs)
        self._commit()
        return len(lines)

    @api.model
    def _claim_lines(self, pump):
        """Mark the next due lines as running under ``pump``, and return them."""
        # A cron's transaction may have begun long ago; the claim needs to see now.
        self._commit()
        self.env.cr.execute(
            SQL(
                """
                  SELECT instance.id, line.operation, line.is_alone,
                         instance.queue_batch_limit
                    FROM bigcommerce_instance instance
              CROSS JOIN LATERAL (
                          SELECT priority, operation, is_alone
                            FROM bigcommerce_queue_line line
                           WHERE instance_id = instance.id AND %(may_claim)s
                        ORDER BY priority, id
                           LIMIT 1
                         ) line
              CROSS JOIN LATERAL (
                          SELECT max(started_on) AS started_on
                            FROM bigcommerce_queue_line
                           WHERE instance_id = instance.id
                         ) latest
                   WHERE %(may_ask)s
                ORDER BY line.priority, latest.started_on NULLS FIRST, instance.id
                   LIMIT 1
                """,
                may_claim=self._sql_may_claim(),
                may_ask=self._sql_may_ask(),
            )
        )
        row = self.env.cr.fetchone()
        if not row:
            return self.env["bigcommerce.queue.line"]
        instance_id, operation, is_alone, limit = row
        self.env.cr.execute(
            SQL(
                """
                UPDATE bigcommerce_queue_line
                   SET state = 'running', pump_id = %(pump)s, tries = tries + 1,
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
                operation=operation,
                may_claim=self._sql_may_claim(),
                is_alone=is_alone,
                limit=1 if is_alone else limit,
            )
        )
        line_ids = sorted(line_id for (line_id,) in self.env.cr.fetchall())
        self._commit()
        return self.env["bigcommerce.queue.line"].browse(line_ids)

    @api.model
    def _sql_may_claim(self):
        """Return the condition on ``line``: it waits, is due, no twin is in work."""
        return SQL(
            """
            line.state IN ('pending', 'retry') AND %s
            AND NOT EXISTS (
                SELECT FROM bigcommerce_queue_line active
                 WHERE active.instance_id = line.instance_id
                   AND active.operation = line.operation
                   AND active.key = line.key
                   AND active.state IN ('running', 'sending', 'unknown')
            )
            """,
            self._sql_is_due("line"),
        )

    @api.model
    def _fetch_details(self, operation, lines):
        """Read what the lines need in addition, and return those that are ready."""
        try:
            with self._ask(lines.job_id[:1]) as client:
                details = operation._fetch(client, lines)
        except BigCommerceError as error:
            self._commit()
            # What fails again and again may be the fault of a single line.
            is_stubborn = max(lines.mapped("tries")) >= TRIES_TOGETHER
            if len(lines) > 1 and (concerns_one_object(error) or is_stubborn):
                ready = [self._fetch_details(operation, line) for line in lines]
                return lines.browse().concat(*ready)
            self._settle_client_error(lines, error)
            self._commit()
            return lines.browse()
        except TransactionRollbackError:
            raise
        except Exception as error:
            self.env.cr.rollback()
            self._settle_failed(lines, error)
            self._commit()
            return lines.browse()
        for line, found in details.items():
            line.details = json.dumps(found, default=str)
        self._commit()
        return lines

    @contextmanager
    def _ask(self, job):
        """Give a client of the job's store, and count its requests with the job.

        What is written before an error is undone.
        """
        client = job.instance_id._connect()
        try:
            with client:
                yield client
        except BaseException:
            self.env.cr.rollback()
            raise
        finally:
            # While the store was asked, somebody may have cancelled the job.
            self._commit()
            if client.transport.request_count:
                job.request_count += client.transport.request_count
                self._commit()

    @api.model
    def _apply_lines(self, operation, lines):
        """Write a batch; if that fails, write its lines one by one.

        A collision with another transaction is nobody's mistake: the same lines
        are tried again in a new transaction.
        """
        for collision in range(1, MAX_COLLISIONS + 1):
            try:
                with self.env.cr.savepoint():
                    self._settle(lines, operation._apply(lines))
                self._commit()
                return
            except (TransactionRollbackError, UniqueViolation) as error:
                self.env.cr.rollback()
                failure = error
                time.sleep(random.uniform(0.05, 0.1 * collision))
            except Exception as error:
                self.env.cr.rollback()
                failure = error
                break
        if len(lines) > 1:
            for line in lines:
                self._apply_lines(operation, line)
        elif isinstance(failure, TransactionRollbackError):
            self._settle_retry(
                lines, self.env._("Others were working on the same records.")
            )
        else:
            self._settle_failed(lines, failure)
        self._commit()
