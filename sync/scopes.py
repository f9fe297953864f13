"""What an API account has to be allowed to, probed by reading a little of it."""

from ..client.errors import Forbidden, NotFound

# The scopes as BigCommerce's control panel names them.
SCOPES = {
    "store_v2_information": "Information & Settings",
    "store_v2_orders": "Orders",
    "store_v2_products": "Products",
    "store_v2_customers": "Customers",
    "store_v2_transactions": "Order Transactions",
    "store_inventory": "Store Inventory",
    "store_locations": "Store Locations",
    "store_channel_settings": "Channel Settings",
}


def _probe_transactions(client):
    """Read the transactions of any order; a store without orders has none."""
    page = next(client.iterate_orders(limit=2), None)
    if page and page.items:
        client.list_order_transactions(page.items[0]["id"])


# What only one operation needs: nobody misses it who does not use that one.
PROBES_BY_OPERATION = {
    "export_payments": _probe_transactions,
    "import_customers": lambda client: next(client.iterate_customers(limit=1), None),
}


def find_missing_scopes(client, operations=()):
    """Return the scopes that the API account lacks, as the control panel names them.

    :param client: client of the store
    :param operations: codes of the operations in use
    :rtype: list[str]
    """
    probes = [
        client.get_time,
        client.list_channels,
        client.list_locations,
        lambda: next(client.iterate_orders(limit=2), None),
        lambda: next(client.iterate_products(limit=2), None),
        lambda: next(client.iterate_inventory_items(limit=1), None),
    ]
    probes += [
        lambda probe=probe: probe(client)
        for operation, probe in PROBES_BY_OPERATION.items()
        if operation in operations
    ]
    missing = []
    for probe in probes:
        try:
            probe()
        except Forbidden as error:
            missing.append(get_scope_name(error.scope))
        except NotFound:
            # Not every store has such things, for instance locations.
            continue
    return missing


def get_scope_name(scope):
    """Return a scope as the control panel words it: its name and the access."""
    name = SCOPES.get(scope.removesuffix("_read_only"), scope)
    if name == scope:
        return scope
    return f"{name}: {'read-only' if scope.endswith('_read_only') else 'modify'}"
