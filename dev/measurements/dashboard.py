"""What it takes to read the dashboard of three stores with many queue lines."""

import statistics
import time
from datetime import timedelta

from lxml import etree

from odoo import fields

from .bench_store import BenchStore

STORES = 3
LINES = 100_000
ORDERS = 10_000
RUNS = 1_000
# By which the runs that are made here are known.
QUOTA = 150
ROUNDS = 7
# Of a hundred lines; what is not here is done.
STATES = {"pending": 30, "retry": 2, "unknown": 1, "blocked": 10, "failed": 2}


def measure(env, address, scale):
    store = BenchStore(env, address)
    stores = store.instance + env["bigcommerce.instance"].create(
        [
            {"name": f"Bench {number}", "store_hash": f"bench{number}"}
            for number in range(1, STORES)
        ]
    )
    (stores - store.instance).write(
        {"state": "confirmed", "currency_id": store.instance.currency_id.id}
    )
    env.flush_all()
    fill(env, stores)
    # What a user sees, whom access rules concern.
    dashboard = env["bigcommerce.instance"].with_user(env.ref("base.user_admin"))
    specification = get_specification(dashboard)
    seconds = []
    for _round in range(ROUNDS):
        env.invalidate_all()
        queries = env.cr.sql_log_count
        start = time.perf_counter()
        cards = dashboard.web_search_read([], specification)["records"]
        seconds.append(time.perf_counter() - start)
        queries = env.cr.sql_log_count - queries
    assert len(cards) == STORES, len(cards)
    assert sum(card["open_line_count"] for card in cards) == LINES * 33 // 100
    assert sum(card["problem_line_count"] for card in cards) == LINES * 12 // 100
    assert sum(card["held_order_count"] for card in cards) == ORDERS // 100
    return {
        f"dashboard_queries_{LINES}": queries,
        # The first round warms up what a running server holds warm.
        "dashboard_ms": round(1000 * statistics.median(seconds[1:]), 1),
    }


def get_specification(dashboard):
    """Return what the web client asks for to show the cards."""
    arch = etree.fromstring(dashboard.get_view(view_type="kanban")["arch"])
    names = {node.get("name") for node in arch.iter("field")}
    return {
        name: {"fields": {"display_name": {}}}
        if dashboard._fields[name].type == "many2one"
        else {}
        for name in names
    }


def fill(env, stores):
    """Give the stores runs, queue lines and orders, to each as many."""
    create_runs(env, stores)
    insert_lines(env)
    insert_orders(env, stores)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()


def create_runs(env, stores):
    now = fields.Datetime.now()
    env["bigcommerce.queue.job"].create(
        [
            {
                "instance_id": stores[number % len(stores)].id,
                "operation": "import_orders",
                "state": "done",
                "answered_on": now - timedelta(minutes=number),
                "quota_left": 140,
                "quota_limit": QUOTA,
            }
            for number in range(RUNS)
        ]
    )
    env.flush_all()


def insert_lines(env):
    """Give each of these runs as many lines, in states as they are in life."""
    states = [state for state, share in STATES.items() for _ in range(share)]
    states += ["done"] * (100 - len(states))
    env.cr.execute(
        """
        INSERT INTO bigcommerce_queue_line
               (job_id, instance_id, company_id, operation, key, lane, name, state,
                cause_id, message, tries, priority, is_alone, is_approved, create_date)
        SELECT job.id, job.instance_id, job.company_id, job.operation, n, n, 'Order',
               of_line.state,
               CASE WHEN of_line.state IN ('blocked', 'failed')
                    THEN (%(causes)s)[1 + n %% array_length(%(causes)s, 1)] END,
               'As it is.', 0, 50, FALSE, FALSE, now() AT TIME ZONE 'UTC'
          FROM generate_series(0, %(lines)s - 1) n
          JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS number
                  FROM bigcommerce_queue_job WHERE quota_limit = %(quota)s) job
            ON job.number = n / 100 %% %(runs)s
         CROSS JOIN LATERAL (SELECT (%(states)s)[1 + n %% 100] AS state) of_line
        """,
        {
            "causes": env["bigcommerce.cause"].search([]).ids,
            "lines": LINES,
            "quota": QUOTA,
            "runs": RUNS,
            "states": states,
        },
    )


def insert_orders(env, stores):
    """Give the stores orders, one of a hundred held."""
    env.cr.execute(
        """
        INSERT INTO bigcommerce_order
               (instance_id, company_id, bc_id, name, active, state, currency_id,
                amount_total, date_created)
        SELECT (%(stores)s)[1 + n / 100 %% %(store_count)s], %(company)s, n, n, TRUE,
               CASE WHEN n %% 100 = 0 THEN 'held' ELSE 'imported' END, %(currency)s,
               100, now() AT TIME ZONE 'UTC' - n * interval '5 minutes'
          FROM generate_series(1, %(orders)s) n
        """,
        {
            "stores": stores.ids,
            "store_count": len(stores),
            "company": stores.company_id.id,
            "currency": stores.currency_id.id,
            "orders": ORDERS,
        },
    )
