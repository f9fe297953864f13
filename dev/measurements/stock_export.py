"""What an export of stock costs: requests, and time over one sum of the same stock."""

import statistics

from .bench_store import BenchStore
from .timing import measure_time

ROUNDS = 5


def measure(env, address, scale):
    store = BenchStore(env, address)
    instance = store.instance
    store.run("import_listings")
    location = instance.location_ids.filtered("is_default")
    location.is_stock_enabled = True
    items = keep_items(env, scale)
    fill(env, location.stock_location_id, items.product_id)
    figures = {"stock_export_requests_all": store.run("export_inventory").request_count}
    levels = env["bigcommerce.stock.level"].search_count([("quantity", ">", 0)])
    assert levels == scale, levels
    fill(env, location.stock_location_id, items[: scale // 100].product_id)
    job = store.run("export_inventory")
    assert job.done_count == scale // 100, job.done_count
    figures["stock_export_requests_1pct"] = job.request_count
    assert not store.run("export_inventory").line_count
    figures["stock_export_ratio"] = compare_time(store, location, items.product_id)
    return figures


def keep_items(env, count):
    """Let so many items be synchronised; return them."""
    items = env["bigcommerce.listing.item"].search(
        [("product_id", "!=", False)], order="listing_id, id"
    )
    kept = items[:count]
    items[count:].active = False
    env.cr.commit()
    assert len(kept) == count, len(kept)
    return kept


def fill(env, place, products):
    """Put five more of each product to a place."""
    env["stock.quant"].create(
        [
            {"product_id": product.id, "location_id": place.id, "quantity": 5}
            for product in products
        ]
    )
    env.cr.commit()
    env.cr.execute("ANALYZE stock_quant, bigcommerce_stock_level")
    env.cr.commit()


def compare_time(store, location, products):
    """Return the time of finding that nothing differs, over that of one sum."""
    env = store.get_operation_env()
    operation = env["bigcommerce.export.inventory"]
    products = products.with_env(env)

    def find():
        assert not list(operation._discover(None, store.instance, {}, {}))

    def add_up():
        groups = env["stock.quant"]._read_group(
            [
                ("location_id", "child_of", location.stock_location_id.ids),
                ("product_id", "in", products.ids),
            ],
            ["product_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        assert len(groups) == len(products), len(groups)

    seconds = [
        (measure_time(env, find), measure_time(env, add_up)) for _ in range(ROUNDS)
    ]
    own, floor = (statistics.median(column) for column in zip(*seconds, strict=True))
    return round(own / floor, 2)
