"""Requests for a thousand listings and orders, and what an idle run costs."""

from .bench_store import BenchStore

OWN_TABLES = (
    "bigcommerce_queue_",
    "bigcommerce_log",
    "bigcommerce_automatic_job",
    "ir_cron",
)


def measure(env, address, scale):
    store = BenchStore(env, address)
    figures = {
        f"requests_per_1000_{name}": store.run(f"import_{name}").request_count
        for name in ("listings", "orders")
    }
    imported = env["bigcommerce.order"].search_count([("state", "=", "imported")])
    assert imported == scale, imported
    before = rows_changed(env)
    figures["idle_sync_requests"] = store.run("import_orders").request_count
    after = rows_changed(env)
    figures["idle_sync_writes"] = sum(
        after[table] - before.get(table, 0) for table in after
    )
    store.run("import_listings", full=True)
    before = rows_changed(env)
    store.run("import_listings", full=True)
    after = rows_changed(env)
    figures["second_listing_import_writes"] = sum(
        after[table] - before.get(table, 0) for table in after
    )
    return figures


def rows_changed(env):
    """Return the rows changed so far by table, without those of queue, log and cron."""
    env.cr.commit()
    env.cr.execute("SELECT pg_stat_force_next_flush()")
    env.cr.commit()
    env.cr.execute("SELECT pg_stat_clear_snapshot()")
    env.cr.execute(
        "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables"
    )
    return {
        table: changed
        for table, changed in env.cr.fetchall()
        if not table.startswith(OWN_TABLES)
    }
