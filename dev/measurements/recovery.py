"""How long the work of a killed process lies before somebody goes on with it."""

import os
import signal
import time

from . import bench_server
from .bench_store import BenchStore


def measure(env, address, scale):
    store = BenchStore(env, address)
    # Many batches, so that there is always one in work.
    store.instance.queue_batch_limit = 20
    lines = store.queue("import_orders")
    database = env.cr.dbname
    with bench_server.serving(database, "--workers", "1") as server:
        store.release(lines)
        victim = server.find_cron_processes()[0]
        # When both are at work it is one of them.
        crash = kill_at_work(store, 2, lambda: os.kill(victim, signal.SIGKILL))
        of_process = wait_for_claim(store, *crash)
        crash = kill_at_work(store, 1, server.kill)
    with bench_server.serving(database):
        of_server = wait_for_claim(store, *crash)
    return {
        "recovery_seconds": round(of_process, 1),
        "recovery_restart_seconds": round(of_server, 1),
    }


def kill_at_work(store, count, kill):
    """Call ``kill`` as soon as so many cron workers are at work.

    :return: the ids of the lines that are in work then, and the time
    """
    store.wait_for(
        "SELECT count(DISTINCT pump_id) >= %s FROM bigcommerce_queue_line "
        "WHERE state = 'running'",
        count,
    )
    store.env.cr.execute(
        "SELECT id FROM bigcommerce_queue_line WHERE state = 'running'"
    )
    line_ids = [line_id for (line_id,) in store.env.cr.fetchall()]
    killed = time.time()
    kill()
    return line_ids, killed


def wait_for_claim(store, line_ids, killed):
    """Return the seconds until one of the lines is claimed again."""
    claimed = store.wait_for(
        "SELECT extract(epoch FROM min(started_on) AT TIME ZONE 'UTC')::float "
        "FROM bigcommerce_queue_line "
        "WHERE id = ANY(%s) AND started_on > to_timestamp(%s) AT TIME ZONE 'UTC'",
        line_ids,
        killed,
    )
    return claimed - killed
