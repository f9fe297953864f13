"""How much there is of each variant, and where: bigcommerce-api.md §9.

``/v3/inventory/items`` is the only place that knows. What the catalogue says of levels
is derived from it, and is about the default location. A recording may have products
without their stock: there the catalogue says what was recorded, until it is set.
"""

from dataclasses import dataclass

from .paths import ITEMS, LOCATIONS

DEFAULT_LOCATION = 1
# what one location holds at most (§9.4)
MAXIMUM = 2_147_483_647


@dataclass(frozen=True)
class Place:
    """Some of a variant at a location."""

    variant_id: int
    location_id: int


def _level_of(item, location_id=DEFAULT_LOCATION):
    """An item's entry for a location; ``None`` if it is not kept there."""
    for level in levels_of(item):
        if level.get("location_id") == location_id:
            return level
    return None


def levels_of(item):
    """An item's entries for its locations, whatever else was recorded."""
    levels = item.get("locations")
    if not isinstance(levels, list):
        return []
    return [level for level in levels if isinstance(level, dict)]


def on_hand(store, place):
    """How much there is; ``None`` if that is not known."""
    record = store[ITEMS].get(place.variant_id)
    level = _level_of(record.body, place.location_id) if record else None
    return level and (level.get("total_inventory_onhand") or 0)


def set_on_hand(store, place, quantity, variant=None):
    """Set how much there is.

    :param variant: the variant as the catalogue has it, for one that no list of the
        stock has
    """
    items = store[ITEMS]
    record = items.get(place.variant_id)
    if record is None:
        items.put(_new_item(store, variant))
    elif _level_of(record.body, place.location_id) is None:
        location = store[LOCATIONS].get(place.location_id)
        levels = [*levels_of(record.body), _new_level(location.body, 0)]
        items.put({**record.body, "locations": levels})
    items.set_on_hand(place.variant_id, place.location_id, quantity)


def _new_item(store, variant):
    """The entry of a variant of which only the catalogue was recorded."""
    locations = store.get(LOCATIONS)
    recorded = variant.get("inventory_level") or 0
    return item_of(
        variant,
        locations,
        [recorded if place["id"] == DEFAULT_LOCATION else 0 for place in locations],
    )


def with_levels(store, product, variants):
    """A product and its variants with the levels that the default location has.

    :param product: its body
    :param variants: all its variants, as recorded or made
    """
    items = store[ITEMS]
    if all(items.is_as_made(variant.get("id")) for variant in variants):
        return product, variants
    shown, levels = [], {}
    for variant in variants:
        key = variant.get("id")
        level = on_hand(store, Place(key, DEFAULT_LOCATION))
        if level is not None:
            levels[key] = level
            variant = {**variant, "inventory_level": level}
        shown.append(variant)
    if levels:
        key = stock_keeper(product, variants)
        by_product = product.get("inventory_tracking") == "product"
        each = (variant.get("inventory_level") for variant in shown)
        total = sum(level for level in each if isinstance(level, (int, float)))
        if by_product:
            total = levels.get(key, total)
        product = {**product, "inventory_level": total}
    return product, shown


def stock_keeper(product, variants):
    """The id of the variant that has the stock of a product tracked as a whole."""
    return product.get("base_variant_id") or min(
        (variant["id"] for variant in variants if "id" in variant), default=None
    )


def item_of(variant, locations, quantities):
    """A variant's entry of ``GET /v3/inventory/items`` (§9.1)."""
    identity = {
        "sku": variant.get("sku") or "",
        "variant_id": variant["id"],
        "product_id": variant.get("product_id"),
    }
    if variant.get("sku_id"):
        identity["sku_id"] = variant["sku_id"]
    return {
        "identity": identity,
        "locations": [
            _new_level(location, quantity)
            for location, quantity in zip(locations, quantities, strict=False)
        ],
    }


def _new_level(location, quantity):
    """An item's entry for one location."""
    return {
        "location_id": location["id"],
        "location_code": location["code"],
        "location_name": location["label"],
        "available_to_sell": quantity,
        "total_inventory_onhand": quantity,
        "location_enabled": location["enabled"],
        "settings": {
            "safety_stock": 0,
            "is_in_stock": quantity > 0,
            "warning_level": 0,
            "bin_picking_number": "",
        },
    }
