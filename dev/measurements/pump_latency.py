"""How long an idle server takes to begin with what is enqueued."""

import statistics
import time

from . import bench_server
from .bench_store import BenchStore

SAMPLES = 10
# Seconds for the cron workers to wait again after their last work.
REST = 0.5


def measure(env, address, scale):
    store = BenchStore(env, address)
    with bench_server.serving(env.cr.dbname):
        # The first is slower: the server loads what it needs.
        seconds = [measure_start(store) for _sample in range(1 + SAMPLES)][1:]
    return {
        "pump_latency_ms": round(1000 * statistics.median(seconds)),
        "pump_latency_max_ms": round(1000 * max(seconds)),
    }


def measure_start(store):
    """Return the seconds from when a job is enqueued until a pump begins with it."""
    job = store.instance._start("import_brands")
    enqueued = time.time()
    store.env.cr.commit()
    started = store.wait_for(
        "SELECT extract(epoch FROM started_on AT TIME ZONE 'UTC')::float "
        "FROM bigcommerce_queue_job WHERE id = %s",
        job.id,
    )
    # A trigger is there until the run that it caused has ended.
    store.wait_for(
        "SELECT NOT EXISTS (SELECT FROM ir_cron_trigger "
        "WHERE cron_id IN (SELECT id FROM ir_cron WHERE active))"
    )
    time.sleep(REST)
    return started - enqueued
