"""What a second process brings to the import of orders, beside Odoo's own create.

The connector's processes do what a server's cron threads do; Odoo's take the same
batches from a common pile. What is compared is measured right after each other, each
round with other orders; the median of the rounds counts.
"""

import multiprocessing
import statistics

from .bench_store import BenchStore
from .odoo_orders import create_batch, read_batches
from .workers import open_env, work_off, work_together

ROUNDS = 3
BATCH = 100
WARM_UP = 2 * BATCH


def measure(env, address, scale):
    store = BenchStore(env, address)
    store.instance.queue_batch_limit = BATCH
    store.run("import_listings")
    lines = store.queue("import_orders")
    assert len(lines) == scale, len(lines)
    warm_up(store, lines[:WARM_UP])
    size = (scale - WARM_UP) // (2 * ROUNDS)
    rounds, start = [], WARM_UP
    for number in range(ROUNDS):
        seconds = {}
        for count in (1, 2) if number % 2 else (2, 1):
            due = lines[start : start + size]
            seconds[count] = measure_both(store, due, count)
            start += size
        rounds.append([*seconds[1], *seconds[2]])
    quotients = [
        (ours_one / ours_two) / (theirs_one / theirs_two)
        for ours_one, theirs_one, ours_two, theirs_two in rounds
    ]
    ours_one, theirs_one, ours_two, theirs_two = (
        statistics.median(column) for column in zip(*rounds, strict=True)
    )
    return {
        "two_worker_quotient": round(statistics.median(quotients), 2),
        "two_worker_speedup": round(ours_one / ours_two, 2),
        "odoo_two_worker_speedup": round(theirs_one / theirs_two, 2),
    }


def warm_up(store, lines):
    """Have this process, of which the others are copies, do once what they do."""
    store.release(lines)
    store.work()
    orders = store.find_orders(lines).sale_order_id
    for batch in read_batches(orders, BATCH):
        create_batch(store.get_operation_env(), batch)


def measure_both(store, lines, count):
    """Return the seconds that the connector and Odoo take, with ``count`` processes."""
    env = store.env
    database = env.cr.dbname
    records = store.find_orders(lines)
    env.cr.execute("ANALYZE sale_order, sale_order_line, res_partner")
    store.release(lines)
    ours = work_together(count, work_off, database)
    env.invalidate_all()
    assert set(records.mapped("state")) == {"imported"}, records.mapped("state")
    batches = read_batches(records.sale_order_id, BATCH)
    context = store.get_operation_env().context
    env.cr.commit()
    taken = multiprocessing.Value("i")
    theirs = work_together(count, create_batches, database, context, batches, taken)
    return ours, theirs


def create_batches(database, context, batches, taken):
    """Create batches with Odoo's own calls until none is left.

    :param taken: how many of them any process has taken
    """
    with open_env(database, context) as env:
        while True:
            with taken.get_lock():
                number = taken.value
                taken.value += 1
            if number >= len(batches):
                break
            create_batch(env, batches[number])
