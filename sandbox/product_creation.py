"""Making products with their variants: bigcommerce-api.md §6.4, §6.5."""

from . import answers
from .answers import Refused, invalid, partly_saved
from .catalog import SCOPE, present
from .catalog_checks import INHERITED, wrong_fields, wrong_references
from .catalog_saving import (
    ECHOED,
    LISTS,
    name_brand,
    save,
    with_ids,
    without_bad_address,
    writable,
)
from .columns import text
from .dates import iso8601
from .merchandise import UNUSED_IN_PRODUCTS
from .options import MAXIMUM_VALUES, new_option
from .paths import ITEMS, PRODUCTS
from .routing import Routes
from .store import Record
from .variants import MAXIMUM_VARIANTS, keep_stock, new_variant, refuse_taken_skus

routes = Routes()
REQUIRED = ("name", "type", "weight", "price")
LONGEST_LABEL = 255
SHOWN = ("variants", "images", "custom_fields", "bulk_pricing_rules", "options")


@routes.post(PRODUCTS, SCOPE)
def create_product(call):
    """A product with its variants and their options; it is on no channel."""
    body = call.body
    if not isinstance(body, dict):
        raise invalid({"": "error.path"})
    variants = body.get("variants") or []
    wrong = {name: "error.path.missing" for name in REQUIRED if name not in body}
    wrong |= wrong_fields(body)
    if not wrong.get("type") and body.get("type") not in ("physical", "digital"):
        wrong["type"] = "error.enum"
    wrong |= _wrong_variants(variants)
    if wrong:
        raise invalid(wrong)
    if wrong := wrong_references(call.store, body):
        raise Refused(409, "The product refers to what is not there", wrong)
    _check_unique(call.store, body, variants)
    product_id = _make(call.store, body, variants)
    failed = without_bad_address(body)[1]
    data = present(call, call.store[PRODUCTS].get(product_id), SHOWN)
    if failed:
        title = "The product was saved, but some fields were not."
        return partly_saved(title, [data], failed)
    return answers.v3(data)


def _wrong_variants(variants):
    """Field -> what is wrong with the variants of a new product."""
    if not isinstance(variants, list):
        return {"variants": "error.expected.jsarray"}
    if len(variants) > MAXIMUM_VARIANTS:
        return {"variants": f"At most {MAXIMUM_VARIANTS} variants are allowed"}
    wrong, seen = {}, set()
    labels = {}
    for position, variant in enumerate(variants):
        place = f"variants[{position}]"
        if not _is_variant(variant):
            wrong[place] = "error.expected.jsobject"
            continue
        for name, problem in wrong_fields(variant, INHERITED).items():
            wrong[f"{place}.{name}"] = problem
        values = variant.get("option_values") or []
        combination = tuple(
            (value.get("option_display_name"), value.get("label")) for value in values
        )
        if not values or combination in seen:
            wrong[f"{place}.option_values"] = "error.invalid"
        seen.add(combination)
        for name, label in combination:
            labels.setdefault(name, set()).add(label)
            if not _is_label(name) or not _is_label(label):
                wrong[f"{place}.option_values"] = "error.minLength"
    if len({len(combination) for combination in seen}) > 1:
        wrong["variants"] = "All variants have the same options"
    for name, own in labels.items():
        if len(own) > MAXIMUM_VALUES:
            wrong["variants"] = f"{name} has more than {MAXIMUM_VALUES} values"
    return wrong


def _is_variant(value):
    """Whether it is an object, and what it has of options is a list of objects."""
    if not isinstance(value, dict):
        return False
    values = value.get("option_values") or []
    return isinstance(values, list) and all(isinstance(own, dict) for own in values)


def _is_label(value):
    return isinstance(value, str) and 0 < len(value) <= LONGEST_LABEL


def _check_unique(store, body, variants):
    """Refuse a name of another product, and a SKU of another product or variant."""
    if store[PRODUCTS].by("name").get(text(body["name"])):
        raise Refused(
            409,
            "The product name is a duplicate",
            {"name": f"{body['name']} is not unique"},
        )
    skus = [body.get("sku"), *(variant.get("sku") for variant in variants)]
    refuse_taken_skus(store, filter(None, skus), "The product sku is a duplicate")


def _make(store, body, variants):
    """Put a new product into the store, and return its id."""
    product_id = store[PRODUCTS].next_id()
    now = iso8601(store.clock.now())
    own = without_bad_address(name_brand(store, writable(body)))[0]
    product = {
        **UNUSED_IN_PRODUCTS,
        "sku": "",
        "description": "",
        "cost_price": 0,
        "sale_price": 0,
        "tax_class_id": 0,
        "categories": [],
        "brand_id": 0,
        "inventory_level": 0,
        "inventory_tracking": "none",
        "is_free_shipping": False,
        "is_visible": True,
        "upc": "",
        "availability": "available",
        "custom_url": {"url": f"/product-{product_id}/", "is_customized": False},
        "date_created": now,
        "base_variant_id": None,
        **own,
        "id": product_id,
    }
    parts = {
        part: with_ids(body[name], product_id)
        for name, part in LISTS.items()
        if name in body
    }
    options = _make_options(product_id, variants)
    first_id = store[ITEMS].next_id()
    if variants:
        made = [
            new_variant(
                first_id + position, product_id, content, _choices(content, options)
            )
            for position, content in enumerate(variants)
        ]
    else:
        shared = {name: product[name] for name in ECHOED if name in product}
        made = [{**new_variant(first_id, product_id, {}, ()), **shared}]
        product["base_variant_id"] = first_id
    parts |= {"options": options, "images": [], "channels": []}
    store[PRODUCTS].put_record(Record(product, parts))
    save(store, Record(product, parts), made)
    keep_stock(store, made)
    return product_id


def _make_options(product_id, variants):
    """The options that the variants of a new product name."""
    labels = {}
    for variant in variants:
        for value in variant["option_values"]:
            own = labels.setdefault(value["option_display_name"], {})
            own[value["label"]] = None
    return [
        new_option(product_id, number, name, list(own))
        for number, (name, own) in enumerate(labels.items())
    ]


def _choices(content, options):
    """The options of a new product with the values that a variant names."""
    by_name = {option["display_name"]: option for option in options}
    return [
        (by_name[named["option_display_name"]], value)
        for named in content["option_values"]
        for value in by_name[named["option_display_name"]]["option_values"]
        if value["label"] == named["label"]
    ]
