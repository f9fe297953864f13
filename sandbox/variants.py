"""New variants, be their product new or not: bigcommerce-api.md §6.4."""

from .answers import Refused
from .catalog_saving import writable
from .columns import text
from .paths import ITEMS, LOCATIONS, PRODUCTS
from .stock import item_of

MAXIMUM_VARIANTS = 600
UNUSED_IN_VARIANTS = {
    **dict.fromkeys(
        ("price", "sale_price", "retail_price", "map_price", "cost_price", "weight",
         "width", "height", "depth", "fixed_cost_shipping_price")
    ),
    "is_free_shipping": False,
    "purchasing_disabled": False,
    "purchasing_disabled_message": "",
    "image_url": "",
    "upc": "",
    "mpn": "",
    "gtin": "",
    "inventory_level": 0,
    "inventory_warning_level": 0,
    "bin_picking_number": "",
}  # fmt: skip


def new_variant(variant_id, product_id, content, choices):
    """A variant.

    :param content: its fields, as a request names them
    :param choices: pairs of an option and one of its values
    """
    return {
        **UNUSED_IN_VARIANTS,
        "sku": "",
        **writable(content),
        "id": variant_id,
        "product_id": product_id,
        "sku_id": variant_id + 1 if choices else None,
        "option_values": [
            {
                "id": value["id"],
                "label": value["label"],
                "option_id": option["id"],
                "option_display_name": option["display_name"],
            }
            for option, value in choices
        ],
    }


def keep_stock(store, variants):
    """Give new variants their stock, which is nothing."""
    locations = store.get(LOCATIONS)
    for variant in variants:
        store[ITEMS].put(
            item_of(variant, locations, [0] * len(locations)), variant["id"]
        )


def refuse_taken_skus(store, skus, title):
    """Refuse a SKU that a product or a variant has, or that comes twice.

    :raises Refused: 409 with this title
    """
    taken = store[PRODUCTS].by("sku"), store[ITEMS].by("sku")
    seen = set()
    for sku in skus:
        if text(sku) in seen or any(text(sku) in holders for holders in taken):
            raise Refused(409, title, {"sku": f"{sku} is not unique"})
        seen.add(text(sku))
