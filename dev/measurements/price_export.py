"""Requests that change the price of everything in the store, over the fewest possible.

Each simple product gets another price, and each variant one of its own.
"""

import time
from math import ceil

from .bench_store import BenchStore
from .timing import get_seconds


def measure(env, address, scale):
    store = BenchStore(env, address)
    store.instance.price_brake_percent = 0
    store.run("import_listings")
    listings = env["bigcommerce.listing"].search([])
    assert len(listings) == scale, len(listings)
    simple = listings.filtered(lambda listing: len(listing.item_ids) == 1)
    variants = (listings - simple).item_ids
    set_prices(store, simple.item_ids | variants)
    job = store.run("export_prices")
    assert job.done_count == len(simple) + len(variants), job.done_count
    start = time.perf_counter()
    again = store.run("export_prices")
    seconds = time.perf_counter() - start
    assert not (again.line_count or again.request_count), again.request_count
    fewest = ceil(len(simple) / 10) + ceil(len(variants) / 50)
    return {
        "price_export_calls_over_minimum": round(job.request_count / fewest, 4),
        "price_export_seconds": get_seconds(job),
        "idle_price_export_seconds": round(seconds, 1),
    }


def set_prices(store, items):
    """Let the pricelist say another price of each item."""
    rules = store.env["product.pricelist.item"]
    rules.search([("pricelist_id", "=", store.instance.pricelist_id.id)]).unlink()
    rules.create(
        [
            {
                "pricelist_id": store.instance.pricelist_id.id,
                "applied_on": "0_product_variant",
                "product_id": item.product_id.id,
                "compute_price": "fixed",
                "fixed_price": item.price + 1 + number % 7 / 10,
            }
            for number, item in enumerate(items)
        ]
    )
