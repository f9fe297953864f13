"""The store itself and the lists that belong to it (§2, §10, §11)."""

from .. import paging
from .resource import Resource
from .scopes import CHANNELS, INFORMATION, ORDERS


class Store(Resource):
    """The store's own data and settings."""

    def get_store(self):
        """Return the store's own data: ``GET /v2/store`` (§2).

        :raises NotFound: if there is no store of that hash
        """
        return self._get_object("/v2/store", INFORMATION)

    def get_time(self):
        """Return ``{"time": seconds since 1970}``: ``GET /v2/time`` (§1.1).

        The cheapest way to try the credentials.
        """
        return self._get_object("/v2/time", INFORMATION)

    def list_currencies(self):
        """Return all currencies: ``GET /v2/currencies``, 50 per page (§2)."""
        return self._list_numbered("/v2/currencies", INFORMATION)

    def list_order_statuses(self):
        """Return the 15 order statuses: ``GET /v2/order_statuses``, unpaged (§3.10)."""
        return paging.read_list(self._get("/v2/order_statuses", ORDERS))

    def list_tax_classes(self):
        """Return all tax classes: ``GET /v2/tax_classes``, 250 per page (§11)."""
        return self._list_numbered("/v2/tax_classes", INFORMATION, limit=250)

    def list_channels(self):
        """Return all channels, the closed ones as well, because old orders name them:
        ``GET /v3/channels``, 50 per page (§10).
        """
        return self._list_by_total("/v3/channels", CHANNELS, limit=50)
