"""Processes that work on one database beside each other."""

import contextlib
import gc
import multiprocessing
import time

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry

from odoo.addons.base.models.ir_cron import IrCron

# Seconds after which something must be wrong.
PATIENCE = 600


def work_together(count, work, database, *arguments):
    """Call ``work(database, *arguments)`` in ``count`` processes at once.

    They are copies of this one, as warm as it is, with connections of their own.

    :return: the seconds from when all were ready until the last was done
    """
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(count + 1)
    processes = [
        context.Process(
            target=_work, args=(barrier, work, database, arguments), daemon=True
        )
        for _number in range(count)
    ]
    gc.collect()
    # What is collected in a copy would have to be copied first.
    gc.freeze()
    for process in processes:
        process.start()
    gc.unfreeze()
    barrier.wait(PATIENCE)
    start = time.perf_counter()
    barrier.wait(PATIENCE)
    seconds = time.perf_counter() - start
    for process in processes:
        process.join()
    return seconds


def _work(barrier, work, database, arguments):
    try:
        # The parent's connections stay the parent's.
        sql_db._Pool = None
        Registry(database)._db = sql_db.db_connect(database)
        with open_env(database) as env:
            env.cr.execute("SELECT")
        barrier.wait(PATIENCE)
        work(database, *arguments)
        barrier.wait(PATIENCE)
    except BaseException:
        barrier.abort()
        raise


@contextlib.contextmanager
def open_env(database, context=None):
    """Give an environment of a transaction, committed at the end."""
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, context or {})


def work_off(database):
    """Do what a server's cron thread does until the queue is empty."""
    while _is_work_left(database):
        IrCron._process_jobs(database)
        time.sleep(0.01)


def _is_work_left(database):
    with open_env(database) as env:
        env.cr.execute(
            """
            SELECT FROM bigcommerce_queue_line
             WHERE state IN ('pending', 'running')
               AND (not_before IS NULL OR not_before <= now() AT TIME ZONE 'UTC')
             LIMIT 1
            """
        )
        return bool(env.cr.rowcount)
