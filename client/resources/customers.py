"""Customers and their addresses (§8)."""

from .. import paging
from .resource import Resource, portions
from .scopes import CUSTOMERS


class Customers(Resource):
    """Registered customers."""

    def iterate_customers(
        self, *, customer_ids=None, min_date_modified=None, after="", limit=250
    ):
        """Yield pages of registered customers with the first 10 of their addresses:
        ``GET /v3/customers``, by cursors, which follow the ids (§1.6, §8).

        ``address_count`` says how many addresses there are.

        :param customer_ids: only these, asked for 100 at a time; none if it is empty
        :param min_date_modified: aware datetime; a change of an address alone may not
            count as one of the customer
        :param after: cursor of the last page seen, to resume
        :param limit: customers per page, 250 at most
        :return: iterator of Page
        """
        filters = {
            "date_modified:min": min_date_modified,
            "include": "addresses",
            "limit": limit,
        }
        for ids in portions(customer_ids):

            def fetch(cursor, ids=ids):
                params = {"id:in": ids, **filters}
                if cursor:
                    params["after"] = cursor
                return self._get("/v3/customers", CUSTOMERS, params)

            yield from paging.by_cursor(fetch, after)

    def iterate_customer_addresses(self, customer_ids, *, limit=250):
        """Yield pages of all addresses of some customers:
        ``GET /v3/customers/addresses`` (§8).

        :param customer_ids: asked for 100 at a time; no addresses if it is empty
        :param limit: addresses per page, 250 at most
        :return: iterator of Page
        """
        for ids in portions(customer_ids):
            yield from self._pages_by_total(
                "/v3/customers/addresses",
                CUSTOMERS,
                {"customer_id:in": ids, "limit": limit},
            )
