"""How products are kept with what follows from their fields."""

import re

from .catalog import variants_of
from .columns import text
from .dates import iso8601
from .paths import BRANDS, ITEMS, PRODUCTS
from .store import Record

LONGEST_URL = 255
READ_ONLY = ("id", "date_created", "date_modified", "calculated_price",
             "calculated_weight", "base_variant_id", "product_id", "sku_id",
             "option_values", "variants", "images", "videos")  # fmt: skip
# lists below a product, by their name in its body
LISTS = {"custom_fields": "custom-fields", "bulk_pricing_rules": "bulk-pricing-rules"}
# what a base variant has in common with its product
ECHOED = {"sku", "price", "cost_price", "weight", "width", "height", "depth", "upc",
          "mpn", "gtin"}  # fmt: skip


def save(store, record, variants, modified=None):
    """Put a product with what follows from its fields, and its stock's SKUs.

    :param modified: when it was modified, if not now
    """
    body = dict(record.body)
    body.pop("variants", None)
    body["calculated_price"] = body.get("sale_price") or body.get("price")
    body["date_modified"] = modified or iso8601(store.clock.now())
    variants = [_calculated(variant, body) for variant in variants]
    store[PRODUCTS].put_record(Record(body, {**record.parts, "variants": variants}))
    for variant in variants:
        item = store[ITEMS].get(variant.get("id"))
        if item and item.body["identity"].get("sku") != variant.get("sku"):
            identity = {**item.body["identity"], "sku": variant.get("sku")}
            store[ITEMS].put({**item.body, "identity": identity})


def follow(store, product_id, variant_id, change):
    """Let the base variant have what was changed in its product, or the reverse.

    :param variant_id: what was changed; ``None`` if it was the product itself
    :param change: field -> value
    """
    record = store[PRODUCTS].get(product_id)
    shared = {name: change[name] for name in ECHOED if change.get(name) is not None}
    body, variants = record.body, []
    for variant in variants_of(record):
        if not variant.get("option_values"):
            if variant_id is None:
                variant = {**variant, **shared}
            elif variant.get("id") == variant_id:
                body = {**body, **shared}
        variants.append(variant)
    save(store, Record(body, record.parts), variants, change.get("date_modified"))


def without_bad_address(body):
    """A product without an address that cannot be saved, and what is wrong with it."""
    if _is_address(body.get("custom_url")):
        return body, {}
    rest = {name: value for name, value in body.items() if name != "custom_url"}
    return rest, {"custom_url": "The URL could not be saved"}


def name_brand(store, body):
    """A product with the id of the brand that is named, made where there is none."""
    body = dict(body)
    name = body.pop("brand_name", None)
    if not name:
        return body
    brands = store[BRANDS]
    known = brands.by("name").get(text(name))
    if known:
        brand_id = known[0]
    else:
        brand_id = brands.next_id()
        brands.put({"id": brand_id, "name": name, "custom_url": None})
    return {**body, "brand_id": brand_id}


def writable(change):
    """What of a change may be written."""
    return {
        name: value
        for name, value in change.items()
        if name not in (*READ_ONLY, *LISTS, "inventory_level")
    }


def _is_address(custom_url):
    url = custom_url.get("url") if isinstance(custom_url, dict) else custom_url
    if url is None:
        return True
    return bool(re.fullmatch(r"/[\x21-\x7e]*", str(url))) and len(url) <= LONGEST_URL


def with_ids(rows, product_id):
    """The rows of a list below a product; new ones get an id."""
    used = [row["id"] for row in rows if row.get("id")]
    next_id = max(used, default=product_id * 10) + 1
    found = []
    for row in rows:
        if not row.get("id"):
            row, next_id = {**row, "id": next_id}, next_id + 1
        if "amount" in row:
            row = {**row, "amount": float(row["amount"])}
        found.append(row)
    return found


def _calculated(variant, product):
    """A variant with what follows from its own fields and the product's."""
    price = variant.get("price")
    sale_price = variant.get("sale_price") or (
        product.get("sale_price") if price is None else None
    )
    weight = variant.get("weight")
    return {
        **variant,
        "calculated_price": sale_price
        or (product.get("price") if price is None else price),
        "calculated_weight": product.get("weight") if weight is None else weight,
    }
