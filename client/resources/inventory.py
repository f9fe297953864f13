"""Stock, and where it is kept (§9)."""

from .. import codec, paging
from ..batches import as_number, refuse_too_many
from .resource import Resource, portions
from .scopes import INFORMATION, INVENTORY, INVENTORY_WRITE, LOCATIONS

#: how many BigCommerce takes in one request (§9.2)
LEVELS_PER_REQUEST = 2000


class Inventory(Resource):
    """Stock, location by location."""

    def list_locations(self):
        """Return all stock locations, [] for a store without any:
        ``GET /v3/inventory/locations``, 1000 per page (§9.5).
        """
        return self._list_by_total("/v3/inventory/locations", LOCATIONS, limit=1000)

    def iterate_inventory_items(
        self, *, location_ids=None, variant_ids=None, limit=1000, first_page=1
    ):
        """Yield pages of variants with their stock at each location:
        ``GET /v3/inventory/items`` (§9.1).

        :param location_ids: the stock of these only; none if it is empty
        :param variant_ids: only these, asked for 100 at a time; none if it is empty
        :param limit: items per page, 1000 at most
        :param first_page: number of the page to begin with, to resume; only where
            neither filter is asked for in portions
        :return: iterator of Page
        """
        for locations in portions(location_ids):
            for variants in portions(variant_ids):
                yield from self._pages_by_total(
                    "/v3/inventory/items",
                    INVENTORY,
                    {
                        "location_id:in": locations,
                        "variant_id:in": variants,
                        "limit": limit,
                    },
                    key=_inventory_key,
                    first_page=first_page,
                )

    def get_inventory_settings(self):
        """Return when the store takes stock by itself and what it does without any:
        ``GET /v3/settings/inventory`` (§9.6).

        ``update_stock_behavior`` …, without the envelope.
        """
        return paging.read_data_object(self._get("/v3/settings/inventory", INFORMATION))

    def set_inventory_levels(self, items, reason):
        """Set how much is on hand: ``PUT /v3/inventory/adjustments/absolute``, 2,000
        levels at most (§9.2, §9.4).

        What is tracked by product is named by ``product_id``, what is tracked by
        variant by ``variant_id`` or ``sku``. All are set or none. A read straight
        after it may still show the old levels.

        :param items: list of dicts ``{location_id, variant_id | product_id | sku,
            quantity}``; quantities are whole numbers from 0 to 2,147,483,647
        :param reason: what the store's history of the stock says
        :return: BigCommerce's id of the change, "" if it names none, or if there were
            no items and nothing was sent
        :raises InvalidRequest: if BigCommerce does not accept one of them, which it may
            name in its words; or if there are more than 2,000
        """
        refuse_too_many(items, LEVELS_PER_REQUEST)
        if not items:
            return ""
        content = {"reason": reason, "items": [_level(item) for item in items]}
        path = "/v3/inventory/adjustments/absolute"
        answer = self._write_object("PUT", path, content, INVENTORY_WRITE)
        return str(answer.get("transaction_id") or "")


def _level(item):
    """Return a level as BigCommerce wants it, its ids as numbers."""
    ids = ("location_id", "variant_id", "product_id")
    return {
        name: as_number(value, name) if name in ids else value
        for name, value in item.items()
    }


def _inventory_key(item):
    return codec.encode(item.get("identity"))
