"""The v3 catalogue endpoints: bigcommerce-api.md §6."""

from . import answers
from .answers import Refused, not_found
from .columns import number
from .dates import parse_moment
from .filters import conditions
from .lookup import get_item, get_record
from .paging import v3_list, v3_page
from .paths import BRANDS, CATEGORIES, PRODUCTS, TREES
from .pictures import with_address
from .routing import Routes
from .stock import with_levels

routes = Routes()
SCOPE = "store_v2_products"

# value of include -> sub-path with the same content
INCLUDES = {
    "variants": "variants",
    "images": "images",
    "custom_fields": "custom-fields",
    "bulk_pricing_rules": "bulk-pricing-rules",
    "options": "options",
    "modifiers": "modifiers",
    "videos": "videos",
    "channels": "channels",
    "parent_relations": "parent-relations",
    "reviews": "reviews",
}
CAPPING = {"options", "modifiers"}
CAP = 10
PRODUCT_SORTS = (
    "id",
    "name",
    "sku",
    "price",
    "date_modified",
    "date_last_imported",
    "inventory_level",
    "is_visible",
    "total_sold",
    "calculated_price",
)
# BigCommerce keeps variants with ids of their own; a recorded product without
# its variants gets a base variant far from all of them
UNRECORDED_VARIANT = 1_000_000_000


def _includes(call):
    return [name for name in call.query.get("include", "").split(",") if name]


def present(call, record, includes):
    """A product as it is answered.

    :param includes: names of the lists that are in it
    """
    body, variants = with_levels(call.store, record.body, variants_of(record))
    product = dict(body)
    for name in includes:
        if name == "primary_image":
            product.update(_primary_image(call, record))
        elif name == "variants":
            product[name] = [with_address(item, call.address) for item in variants]
        elif name in INCLUDES:
            product[name] = _parts(call, record, INCLUDES[name])
    return _chosen_fields(call, product)


def _present(call, record):
    return present(call, record, _includes(call))


def _parts(call, record, part):
    """The content of a list below a product."""
    if part == "variants":
        items = with_levels(call.store, record.body, variants_of(record))[1]
    elif part == "images":
        items = record.objects(part)
    else:
        return record.part(part)
    return [with_address(item, call.address) for item in items]


def _primary_image(call, record):
    images = [
        item for item in _parts(call, record, "images") if item.get("is_thumbnail")
    ]
    return {"primary_image": images[0]} if images else {}


def variants_of(record):
    """The variants of a product; every product has at least its base variant.

    One that was recorded without its variants gets one.
    """
    variants = record.objects("variants")
    product = record.body
    if variants or "variants" in record.parts or "variants" in product:
        return variants
    product_id = product.get("id")
    unrecorded = UNRECORDED_VARIANT + int(number(product_id) or 0)
    base_id = product.get("base_variant_id") or unrecorded
    echoed = ("sku", "price", "weight", "upc", "mpn", "gtin", "inventory_level")
    return [
        {
            "id": base_id,
            "product_id": product_id,
            "sku_id": None,
            "option_values": [],
            **{name: product[name] for name in echoed if name in product},
        }
    ]


def _chosen_fields(call, item):
    """``include_fields`` and ``exclude_fields`` (§1.7); the id always stays."""
    wanted = call.query.get("include_fields")
    unwanted = call.query.get("exclude_fields", "").split(",")
    if wanted:
        kept = {"id", *wanted.split(","), *_includes(call)}
        item = {name: value for name, value in item.items() if name in kept}
    return {name: value for name, value in item.items() if name not in unwanted}


def _query_with_time(call):
    """A date without a time gets the current time of day (§6.2)."""
    query = call.query.copy()
    given = query.get("date_modified:min", "")
    if len(given) == len("2026-01-15") and parse_moment(given):
        query["date_modified:min"] = f"{given}T{call.store.clock.now():%H:%M:%S}Z"
    return query


@routes.get(PRODUCTS, SCOPE)
def list_products(call):
    """Filters, sorting and pages of §6.2; at most 10 with options or modifiers."""
    sort = call.query.get("sort", "id")
    direction = call.query.get("direction", "asc")
    if sort not in PRODUCT_SORTS or direction not in ("asc", "desc"):
        raise Refused(422, "The sort order is invalid.", {"sort": "error.invalid"})
    products = call.store[PRODUCTS]
    found = products.find(
        conditions(_query_with_time(call), products.columns),
        sort=sort,
        descending=direction == "desc",
    )
    return v3_page(
        call.query,
        found,
        lambda product_id: _present(call, products.get(product_id)),
        cap=None if CAPPING.isdisjoint(_includes(call)) else CAP,
    )


@routes.get(f"{PRODUCTS}/<int:product_id>", SCOPE)
def read_product(call, product_id):
    record = get_record(call.store, PRODUCTS, product_id)
    return answers.v3(_present(call, record))


@routes.get(f"{PRODUCTS}/<int:product_id>/<part>", SCOPE)
def list_product_parts(call, product_id, part):
    """Variants, images, options, custom fields … of one product."""
    record = get_record(call.store, PRODUCTS, product_id)
    if part not in INCLUDES.values():
        raise not_found()
    items = _parts(call, record, part)
    return v3_page(call.query, items, lambda item: _chosen_fields(call, item))


@routes.get(f"{PRODUCTS}/<int:product_id>/<part>/<int:item_id>", SCOPE)
def read_product_part(call, product_id, part, item_id):
    record = get_record(call.store, PRODUCTS, product_id)
    item = get_item(_parts(call, record, part), item_id)
    return answers.v3(_chosen_fields(call, item))


@routes.get("/v3/catalog/variants", SCOPE)
def list_variants(call):
    """The variants of all products, filtered by id, sku, upc and product_id:in."""
    products = call.store[PRODUCTS]
    wanted = call.query.get("product_id:in")
    product_ids = (
        [int(part) for part in wanted.split(",") if part.isdigit()]
        if wanted
        else products.find()
    )
    records = [products.get(product_id) for product_id in product_ids]
    variants = [
        variant
        for record in records
        if record
        for variant in _parts(call, record, "variants")
    ]
    for name in ("id", "sku", "upc"):
        if given := call.query.get(name):
            variants = [item for item in variants if str(item.get(name)) == given]
    return v3_page(call.query, variants, lambda item: _chosen_fields(call, item))


@routes.get(TREES, SCOPE)
def list_trees(call):
    return _list(call, TREES)


@routes.get(CATEGORIES, SCOPE)
def list_categories(call):
    return _list(call, CATEGORIES)


@routes.get(BRANDS, SCOPE)
def list_brands(call):
    return _list(call, BRANDS)


def _list(call, path):
    return v3_list(call, path, lambda item: _chosen_fields(call, item))


@routes.get("/v3/catalog/summary", SCOPE)
def read_summary(call):
    """Counts and prices over all variants."""
    products = call.store[PRODUCTS]
    prices, levels = [], []
    for product_id in products.find():
        record = products.get(product_id)
        for variant in _parts(call, record, "variants"):
            price = number(variant.get("price"))
            inherited = number(record.body.get("price")) or 0
            prices.append(float(inherited if price is None else price))
            levels.append(int(number(variant.get("inventory_level")) or 0))
    value = sum(price * level for price, level in zip(prices, levels, strict=True))
    prices = prices or [0.0]
    return answers.v3(
        {
            "inventory_count": sum(levels),
            "inventory_value": round(value, 4),
            "variant_count": len(levels),
            "highest_variant_price": max(prices),
            "average_variant_price": sum(prices) / len(prices),
            "lowest_variant_price": f"{min(prices):g}",
        }
    )
