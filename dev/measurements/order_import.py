"""The connector's import of queued orders beside Odoo's own batch create.

Both make the same customers and orders, in batches of the same size, with the same
context and a commit per batch, alternating; the records are compared field by field.
"""

import time

from .bench_store import BenchStore
from .odoo_orders import create_batch, read_batches
from .timing import start_clean, take_medians

ROUNDS = 3
BATCH = 100

# What cannot be the same for two records, or says when it was made and for whom.
OWN_FIELDS = set(
    "id name create_date write_date create_uid write_uid access_token reference "
    "order_id order_partner_id partner_id partner_invoice_id partner_shipping_id "
    "commercial_partner_id parent_id complete_name bigcommerce_store "
    "bigcommerce_channel".split()
)


def measure(env, address, scale):
    store = BenchStore(env, address)
    store.instance.queue_batch_limit = BATCH
    store.run("import_listings")
    lines = store.queue("import_orders")
    assert len(lines) == scale, len(lines)
    # One round more, see take_medians.
    size = scale // (ROUNDS + 1)
    seconds = []
    for start in range(0, scale, size):
        due = lines[start : start + size]
        store.release(due)
        records = store.find_orders(due)
        start_clean(env)
        ours = store.time_pump()
        assert set(records.mapped("state")) == {"imported"}, records.mapped("state")
        batches = read_batches(records.sale_order_id, BATCH)
        start_clean(env)
        theirs, orders, partners = run_odoo(store, batches)
        compare(records.sale_order_id, orders)
        compare_fields(partners)
        seconds.append((ours, theirs))
        env.cr.execute("ANALYZE sale_order, sale_order_line, res_partner")
    ours, theirs = take_medians(seconds)
    return {
        "order_import_ratio": round(ours / theirs, 2),
        "order_import_ms": round(1000 * ours / size, 1),
        "odoo_create_ms": round(1000 * theirs / size, 1),
    }


def run_odoo(store, batches):
    """Create everything with Odoo's own calls.

    :return: seconds, the orders, and the pairs of (partner, its copy)
    """
    env = store.get_operation_env()
    copies, orders = {}, env["sale.order"]
    start = time.perf_counter()
    for batch in batches:
        made, partners = create_batch(env, batch)
        orders += made
        copies |= partners
    seconds = time.perf_counter() - start
    Partner = env["res.partner"]
    pairs = [
        (Partner.browse(one), Partner.browse(copy)) for one, copy in copies.items()
    ]
    return seconds, orders, pairs


def compare(ours, theirs):
    """Assert that two lists of orders and their lines are alike, field by field."""
    compare_fields(zip(ours, theirs, strict=True))
    for mine, other in zip(ours, theirs, strict=True):
        compare_fields(zip(mine.order_line, other.order_line, strict=True))


def compare_fields(pairs):
    """Assert that the records of each pair are alike in every stored field."""
    for mine, other in pairs:
        for name, field in mine._fields.items():
            if (
                field.store
                and field.type not in ("one2many", "binary")
                and name not in OWN_FIELDS
                and not name.startswith("message_")
            ):
                assert mine[name] == other[name], (mine, name, mine[name], other[name])
