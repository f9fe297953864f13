"""What an API account has to be allowed to, and how that is found out by reading."""

from typing import NamedTuple

from ..client.errors import BigCommerceError, Forbidden, NotFound
from ..client.resources.scopes import CHANNELS, INFORMATION, LOCATIONS, ORDERS

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
# What Confirm reads.
STORE_DATA_SCOPES = (INFORMATION, ORDERS, CHANNELS, LOCATIONS)
_READ_ONLY = "_read_only"


class ScopeNeed(NamedTuple):
    """The scopes that a feature takes.

    ``use``: what makes the store use it, for people; "" if nothing does.
    """

    feature: str
    scopes: tuple
    use: str


def _probe_orders(client):
    """Read orders, and the transactions of one; a store without orders has none."""
    page = next(client.iterate_orders(limit=2), None)
    if page and page.items:
        client.list_order_transactions(page.items[0]["id"])


# One read of each scope. Whether something may be changed no read can say.
_PROBES = (
    lambda client: client.get_time(),
    _probe_orders,
    lambda client: next(client.iterate_products(limit=2), None),
    lambda client: next(client.iterate_customers(limit=1), None),
    lambda client: next(client.iterate_inventory_items(limit=1), None),
    lambda client: client.list_locations(),
    lambda client: client.list_channels(),
)


def probe_scopes(client):
    """Read a little of everything.

    :param client: client of the store
    :return: scope -> whether it is granted; without those that the store left open
    """
    for probe in _PROBES:
        try:
            probe(client)
        except (Forbidden, NotFound):
            # Not every store has such things, for instance locations.
            continue
        except BigCommerceError:
            break
    return client.transport.scope_answers


def is_read_only(scope):
    return scope.endswith(_READ_ONLY)


def get_read_scope(scope):
    """Return the scope to read what ``scope`` is about."""
    return scope if is_read_only(scope) else f"{scope}{_READ_ONLY}"


def drop_covered(scopes):
    """Return scopes by name, without those to read what others let modify."""
    scopes = set(scopes)
    covered = {get_read_scope(scope) for scope in scopes if not is_read_only(scope)}
    return sorted(scopes - covered)


def get_scope_title(scope):
    """Return what a scope is about, as the control panel words it."""
    return SCOPES.get(scope.removesuffix(_READ_ONLY), scope)


def get_scope_name(scope):
    """Return a scope as the control panel words it: its title and the access."""
    title = get_scope_title(scope)
    if title == scope:
        return scope
    return f"{title}: {'read-only' if is_read_only(scope) else 'modify'}"
