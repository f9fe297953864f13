"""Requests for a thousand orders whose taxes are the store's: one more for each."""

from .bench_store import BenchStore


def measure(env, address, scale):
    store = BenchStore(env, address)
    store.follow_taxes()
    store.run("import_listings")
    job = store.run("import_orders")
    orders = env["bigcommerce.order"].search([("state", "=", "imported")])
    assert len(orders) == scale, len(orders)
    assert all(order.sale_order_id.amount_tax for order in orders)
    return {
        "requests_per_1000_orders_marketplace_tax": job.request_count * 1000 // scale
    }
