"""Stock and its places: bigcommerce-api.md §9."""

from .filters import conditions
from .paging import v3_page
from .routing import Routes

routes = Routes()
MAXIMUM_LIMIT = 1000


@routes.get("/v3/inventory/locations", "store_locations")
def list_locations(call):
    locations = call.store["/v3/inventory/locations"]
    found = locations.find(conditions(call.query, locations.columns))
    return v3_page(
        call.query, found, lambda key: locations.get(key).body, MAXIMUM_LIMIT
    )


@routes.get("/v3/inventory/items", "store_inventory")
def list_items(call):
    """Stock of every variant at every location that is asked for (§9.1)."""
    items = call.store["/v3/inventory/items"]
    found = items.find(conditions(call.query, items.columns))
    return v3_page(
        call.query,
        found,
        lambda key: _at_locations(call, items.get(key).body),
        MAXIMUM_LIMIT,
    )


def _at_locations(call, item):
    levels = item.get("locations") or []
    for name in ("location_id", "location_code"):
        if given := call.query.get(f"{name}:in"):
            wanted = given.split(",")
            levels = [level for level in levels if str(level.get(name)) in wanted]
    return {**item, "locations": levels}
