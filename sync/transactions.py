"""How the engine shares the database with others: commits, collisions, locks."""

import random
import time
from contextlib import contextmanager

from psycopg2.errors import LockNotAvailable, UniqueViolation
from psycopg2.extensions import TransactionRollbackError

from odoo import api, models
from odoo.tools import SQL

# Nobody's mistake: another transaction was faster.
BUSY = (TransactionRollbackError, LockNotAvailable)
# What was to be done is done again, in a new transaction that sees what the other did.
COLLISIONS = (*BUSY, UniqueViolation)
# How often it is done again before it is given up for now.
MAX_COLLISIONS = 5


class BigcommerceTransactions(models.AbstractModel):
    """The part of the engine that knows when work is committed."""

    _name = "bigcommerce.engine.transactions"
    _description = "BigCommerce Engine: Transactions"

    @api.model
    def _commit(self):
        # The states of the queue have to survive what the work itself does.
        self.env.cr.commit()  # pylint: disable=invalid-commit

    @api.model
    def _commit_progress(self, processed):
        """Commit, and return the seconds that are left of this cron run."""
        return self.env["ir.cron"]._commit_progress(processed)

    @api.model
    def _in_transaction(self, work):
        """Call ``work`` in a transaction of its own, and commit it.

        :param work: function without arguments, called again after a collision
        :return: what ``work`` returns
        :raise Exception: what it raises; nothing that it wrote is left then
        """
        self._commit()
        for collision in range(1, MAX_COLLISIONS + 1):
            try:
                result = work()
                self._commit()
                return result
            except COLLISIONS:
                self.env.cr.rollback()
                if collision == MAX_COLLISIONS:
                    raise
                time.sleep(random.uniform(0.05, 0.1 * collision))
            except BaseException:
                self.env.cr.rollback()
                raise

    @contextmanager
    def _holding(self, lock, wait=True):
        """Hold a lock that one worker at a time can have; a worker's death frees it.

        It is held on a cursor of its own and taken before the transaction that relies
        on it begins: a transaction that waits for a lock does not see what happened
        meanwhile.

        :param str lock: name of the lock
        :param bool wait: whether to wait for another worker that holds it
        :return: whether the lock is held
        """
        take = SQL("pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock")
        self._commit()
        with self.pool.cursor() as holder:
            holder.execute(
                SQL("SELECT %s(hashtext(%s))", take, f"bigcommerce_connector {lock}")
            )
            (is_held,) = holder.fetchone()
            try:
                yield wait or is_held
                self._commit()
            except BaseException:
                self.env.cr.rollback()
                raise
