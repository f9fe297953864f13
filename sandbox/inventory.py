"""Stock and its places: bigcommerce-api.md §9."""

import re
from functools import cached_property
from uuid import uuid4

from . import answers
from .answers import Refused
from .batches import read_batch
from .catalog import variants_of
from .columns import text
from .paging import v3_list
from .paths import ITEMS, LOCATIONS, PRODUCTS
from .routing import Routes
from .stock import MAXIMUM, Place, levels_of, set_on_hand, stock_keeper

routes = Routes()
MAXIMUM_LIMIT = 1000
MAXIMUM_ADJUSTMENTS = 2000
IDENTITIES = ("variant_id", "product_id", "sku")


@routes.get(LOCATIONS, "store_locations")
def list_locations(call):
    return v3_list(call, LOCATIONS, maximum=MAXIMUM_LIMIT)


@routes.get(ITEMS, "store_inventory")
def list_items(call):
    """Stock of every variant at every location that is asked for (§9.1)."""
    return v3_list(call, ITEMS, lambda item: _at_locations(call, item), MAXIMUM_LIMIT)


def _at_locations(call, item):
    locations = call.store[LOCATIONS]
    levels = [
        {**level, "location_enabled": locations.get(key).body.get("enabled", True)}
        if (key := level.get("location_id")) in locations
        else level
        for level in levels_of(item)
    ]
    for name in ("location_id", "location_code"):
        if given := call.query.get(f"{name}:in"):
            wanted = given.split(",")
            levels = [level for level in levels if str(level.get(name)) in wanted]
    return {**item, "locations": levels}


@routes.put("/v3/inventory/adjustments/absolute", "store_inventory")
def set_levels(call):
    """All levels or none (§9.2, §9.4). What is wrong is said in the title."""
    wanted = call.body.get("items") if isinstance(call.body, dict) else None
    try:
        set_all(call.store, read_batch(wanted, MAXIMUM_ADJUSTMENTS, "items"))
    except ValueError as mistakes:
        raise Refused(422, f"[{mistakes}]") from None
    return answers.as_json({"transaction_id": str(uuid4())})


def set_all(store, wanted):
    """Set levels, all or none.

    :param wanted: the items of an adjustment
    :raises ValueError: some are not valid; says all that is wrong
    """
    finder = Finder(store)
    levels, mistakes = [], []
    for item in wanted:
        try:
            levels.append(finder.level(item))
        except ValueError as mistake:
            mistakes.append(str(mistake))
    if mistakes:
        raise ValueError(", ".join(dict.fromkeys(mistakes)))
    for place, quantity, variant in levels:
        set_on_hand(store, place, quantity, variant)


def forget_stock(store, path):
    """Take out the stock of what is about to be taken out of the catalogue.

    :param path: of a product, of a variant, or of anything else
    """
    items = store[ITEMS]
    match = re.fullmatch(rf"{PRODUCTS}(?:/(\d+)(?:/variants/(\d+))?)?", path)
    if not match:
        return
    product_id, variant_id = match.groups()
    if variant_id:
        items.remove(int(variant_id))
    elif product_id:
        for key in items.by("product_id").get(int(product_id), ()):
            items.remove(key)
    else:
        items.clear()


class Finder:
    """Finds what adjustments name, for many of them in one go."""

    def __init__(self, store):
        self._store = store
        self._products = store[PRODUCTS]
        self._items = store[ITEMS]

    def level(self, item):
        """What an adjustment is about.

        :return: the :class:`~.stock.Place`, the quantity, and the variant if there is
            no record of its stock yet
        :raises ValueError: it is not valid; says why as BigCommerce does
        """
        if not isinstance(item, dict):
            raise ValueError("An item is an object")
        names = [name for name in IDENTITIES if item.get(name) is not None]
        if len(names) != 1:
            raise ValueError("One of sku, product_id, variant_id is required")
        identity = f"{names[0]} {item[names[0]]}"
        self._check_location(item.get("location_id"))
        variant = self._variant(names[0], item[names[0]], identity)
        quantity = item.get("quantity")
        if isinstance(quantity, bool) or not isinstance(quantity, int):
            raise ValueError(f"Item with {identity} needs a whole number as quantity")
        if quantity < 0:
            raise ValueError(f"Item with {identity} may not have a negative quantity")
        if quantity > MAXIMUM:
            raise ValueError(f"Item with {identity} exceeds the limit of {MAXIMUM}")
        return Place(variant["id"], item["location_id"]), quantity, variant

    def _check_location(self, location_id):
        location = self._store[LOCATIONS].get(location_id)
        if location is None:
            raise ValueError(f"Location with id {location_id} was not found")
        if not location.body.get("enabled", True):
            raise ValueError(f"Location with id {location_id} is disabled")

    def _variant(self, name, value, identity):
        variant = self._find(name, value)
        if variant is None:
            raise ValueError(f"Item with {identity} was not found")
        tracking = self._products.value("inventory_tracking", variant["product_id"])
        if tracking not in ("product", "variant"):
            raise ValueError(f"Item with {identity} is not tracked")
        if (tracking == "product") != (name == "product_id"):
            hint = "product id" if tracking == "product" else "variant id"
            raise ValueError(
                f"Item with {identity} is tracked by {tracking}, please update stock by"
                f" {hint}"
            )
        return variant

    def _find(self, name, value):
        """The variant that is named, or at least its id and product_id."""
        if name == "product_id":
            record = self._products.get(value)
            variants = variants_of(record) if record else []
            keeper = stock_keeper(record.body, variants) if variants else None
            found = {row.get("id"): row for row in variants}.get(keeper)
            return found and {**found, "product_id": value}
        if name == "sku":
            value = text(value)
            value = next(iter(self._keys_by_sku.get(value, ())), None)
        if value in self._items:
            product_id = self._items.value("product_id", value)
            known = product_id is not None and int(product_id) in self._products
            return {"id": value, "product_id": int(product_id)} if known else None
        return self._unlisted.get(value)

    @cached_property
    def _keys_by_sku(self):
        unlisted = {}
        for key, variant in self._unlisted.items():
            unlisted.setdefault(text(variant.get("sku")), []).append(key)
        return {**unlisted, **self._items.by("sku")}

    @cached_property
    def _unlisted(self):
        """The variants of products that were recorded without their stock."""
        return {
            variant["id"]: {**variant, "product_id": record.body["id"]}
            for record in self._products.records()
            for variant in variants_of(record)
            if "id" in variant and variant["id"] not in self._items
        }
