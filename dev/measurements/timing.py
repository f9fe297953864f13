"""How the measurements take time."""

import gc
import statistics
import time


def start_clean(env):
    """Commit, and forget what was read so far: what comes next begins anew."""
    env.cr.commit()
    env.invalidate_all()
    gc.collect()


def take_medians(rounds):
    """Return the median of each column of equally long rounds.

    The first round is left out: it warms up what a running server holds warm.
    """
    return [statistics.median(column) for column in zip(*rounds[1:], strict=True)]


def measure_time(env, work):
    """Return the seconds that ``work()`` takes, with nothing read yet."""
    env.invalidate_all()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def get_seconds(job):
    """Return how long a run of the queue took, in whole seconds."""
    return round((job.ended_on - job.started_on).total_seconds())
