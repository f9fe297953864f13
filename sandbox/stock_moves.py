"""When the store moves stock by itself, because of orders: bigcommerce-api.md §9.6."""

from collections import Counter

from .catalog import variants_of
from .information import inventory_settings
from .paths import ORDERS, PRODUCTS
from .statuses import DELIVERED, GIVING_BACK, INCOMPLETE
from .stock import DEFAULT_LOCATION, Place, on_hand, set_on_hand, stock_keeper


def follow_order(store, number, status_before=None):
    """Take what an order needs, or give back what it took, as its status has it now.

    No location ever has less than nothing, and an order gives back what it took.

    :param number: of the order
    :param status_before: its status before the change; ``None`` for a new order
    """
    record = store[ORDERS].get(number)
    status, settings = record.body.get("status_id"), inventory_settings(store)
    taken = store.taken.get(number)
    if taken is None and status_before is not None and _takes(settings, status_before):
        # it is older than the store's levels, which are without what it took
        taken = _needed(store, record)
    if status in GIVING_BACK:
        if taken and settings["refund_order_stock_adjustment"]:
            for place, quantity in taken.items():
                _move(store, place, quantity)
            taken = {}
    elif not taken and _takes(settings, status):
        needed = _needed(store, record)
        taken = {place: -_move(store, place, -needed[place]) for place in needed}
    if taken is not None:
        store.taken[number] = taken


def follow_edit(store, number):
    """Let an order that was edited take what it needs now, instead of what it took."""
    if taken := store.taken.get(number):
        for place, quantity in taken.items():
            _move(store, place, quantity)
        store.taken[number] = {}
        follow_order(store, number)


def _takes(settings, status):
    """Whether the stock of an order of this status is taken."""
    if settings["update_stock_behavior"] == "order_placed":
        return status not in (INCOMPLETE, *GIVING_BACK)
    return status in DELIVERED


def _needed(store, record):
    """Quantities by :class:`~.stock.Place` of all that is tracked in an order."""
    needed = Counter()
    products = store[PRODUCTS]
    for line in record.objects("products"):
        product = products.get(line.get("product_id"))
        tracking = product and product.body.get("inventory_tracking")
        if tracking not in ("product", "variant") or not line.get("variant_id"):
            continue
        key = line["variant_id"]
        if tracking == "product":
            key = stock_keeper(product.body, variants_of(product))
        needed[Place(key, _location_of(record, line))] += line.get("quantity") or 0
    return needed


def _location_of(record, line):
    """The location that fulfils a line: where it is picked up, else the default."""
    for pickup in record.objects("pickups"):
        if pickup.get("id") == line.get("order_pickup_method_id"):
            return pickup["location"]["id"]
    return DEFAULT_LOCATION


def _move(store, place, quantity):
    """Change how much there is, though not below nothing.

    :return: by how much it was changed
    """
    before = on_hand(store, place)
    if before is None:
        return 0
    after = max(before + quantity, min(before, 0))
    set_on_hand(store, place, after)
    return after - before
