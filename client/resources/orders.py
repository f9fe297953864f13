"""Orders and what is read along with them (§3)."""

from .. import codec, paging
from ..batches import as_number
from .resource import Resource, segment
from .scopes import ORDERS, ORDERS_WRITE

# without these an order is a handful of links (§3.3)
_ORDER_DETAILS = {
    "include": ("consignments.line_items", "fees"),
    "consignment_structure": "object",
}


class Orders(Resource):
    """Orders of the store."""

    def iterate_orders(
        self,
        *,
        after_id=None,
        min_date_modified=None,
        max_date_modified=None,
        min_date_created=None,
        max_date_created=None,
        status_id=None,
        channel_id=None,
        limit=250,
    ):
        """Yield pages of orders by ascending id, with consignments, lines and fees:
        ``GET /v2/orders`` with ``min_id`` and ``sort=id:asc`` (§3.2, §3.3).

        Incomplete orders (status 0) and perhaps archived ones (``is_deleted``) are
        among them. BigCommerce silently ignores a date that it does not understand:
        look at ``date_modified`` of what comes.

        :param after_id: only ids above; the last id seen resumes
        :param min_date_modified: aware datetime, as are the other dates; whether the
            bounds are inclusive is not documented, so let them overlap
        :param status_id: one status, not several
        :param channel_id: one channel
        :param limit: orders per page, 2 to 250
        :return: iterator of Page; the list ends with an empty answer
        """
        filters = {
            "min_date_modified": min_date_modified,
            "max_date_modified": max_date_modified,
            "min_date_created": min_date_created,
            "max_date_created": max_date_created,
            "status_id": status_id,
            "channel_id": channel_id,
            "limit": limit,
            "sort": "id:asc",
            **_ORDER_DETAILS,
        }

        def fetch(first_id):
            return self._get("/v2/orders", ORDERS, {"min_id": first_id, **filters})

        return paging.by_id(fetch, paging.read_list, int(after_id or 0))

    def get_order(self, order_id):
        """Return an order with consignments, lines and fees:
        ``GET /v2/orders/{id}`` (§3.3, §3.4).

        :raises NotFound: if there is no such order
        """
        path = f"/v2/orders/{segment(order_id)}"
        return self._get_object(path, ORDERS, _ORDER_DETAILS)

    def update_order(self, order_id, changes):
        """Change fields of an order and return it: ``PUT /v2/orders/{id}`` (§3.9).

        What is not named stays. Totals are calculated anew only if lines, costs,
        addresses or fees are named.

        :param dict changes: field -> value, e.g. ``external_order_id``, ``status_id``
            (text or number)
        :raises NotFound: if there is no such order
        :raises InvalidRequest: if BigCommerce does not accept a value
        """
        path = f"/v2/orders/{segment(order_id)}"
        if "status_id" in changes:
            status_id = as_number(changes["status_id"], "status_id")
            changes = {**changes, "status_id": status_id}
        return self._write_object("PUT", path, changes, ORDERS_WRITE)

    def list_order_products(self, order_id):
        """Return all lines of an order:
        ``GET /v2/orders/{id}/products``, 250 per page (§3.6).

        :raises NotFound: if there is no such order
        """
        return self._list_of_order(order_id, "products")

    def list_order_shipping_addresses(self, order_id):
        """Return the shipping addresses of an order:
        ``GET /v2/orders/{id}/shipping_addresses``, 250 per page (§3.1).

        :raises NotFound: if there is no such order
        """
        return self._list_of_order(order_id, "shipping_addresses")

    def list_order_taxes(self, order_id):
        """Return the taxes of an order, line by line:
        ``GET /v2/orders/{id}/taxes?details=true``, 250 per page (§3.7).

        :raises NotFound: if there is no such order
        """
        # an id names a tax, which comes once per line
        return self._list_of_order(
            order_id, "taxes", key=codec.encode, params={"details": "true"}
        )

    def _list_of_order(self, order_id, name, **options):
        path = f"/v2/orders/{segment(order_id)}/{name}"
        return self._list_numbered(
            path, ORDERS, limit=250, short_is_last=True, **options
        )
