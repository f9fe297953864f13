"""Making products and variants: bigcommerce-api.md §6.4, §6.5."""

from . import answers
from .answers import ERROR_TYPE, NOT_FOUND, Refused
from .catalog import PRODUCTS, SCOPE, present, variants_of
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
from .routing import Routes
from .stock import ITEMS, LOCATIONS, item_of
from .store import Record

routes = Routes()
REQUIRED = ("name", "type", "weight", "price")
MAXIMUM_VARIANTS = 600
LONGEST_LABEL = 255
SHOWN = ("variants", "images", "custom_fields", "bulk_pricing_rules", "options")
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


@routes.post("/v3/catalog/products", SCOPE)
def create_product(call):
    """A product with its variants and their options; it is on no channel."""
    body = call.body
    if not isinstance(body, dict):
        raise Refused(422, "JSON data is missing or invalid", {"": "error.path"})
    variants = body.get("variants") or []
    wrong = {name: "error.path.missing" for name in REQUIRED if name not in body}
    wrong |= wrong_fields(body)
    if not wrong.get("type") and body.get("type") not in ("physical", "digital"):
        wrong["type"] = "error.enum"
    wrong |= _wrong_variants(variants)
    if wrong:
        raise Refused(422, "JSON data is missing or invalid", wrong)
    if wrong := wrong_references(call.store, body):
        raise Refused(409, "The product refers to what is not there", wrong)
    _check_unique(call.store, body, variants)
    product_id = _make(call.store, body, variants)
    failed = without_bad_address(body)[1]
    data = present(call, call.store[PRODUCTS].get(product_id), SHOWN)
    if not failed:
        return answers.v3(data)
    errors = {
        "status": 207,
        "title": "The product was saved, but some fields were not.",
        "type": ERROR_TYPE,
        "errors": failed,
    }
    return answers.as_json({"data": [data], "errors": errors, "meta": {}}, 207)


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
    name = text(body["name"])
    if store[PRODUCTS].by("name").get(name):
        raise Refused(
            409,
            "The product name is a duplicate",
            {"name": f"{body['name']} is not unique"},
        )
    skus = [body.get("sku"), *(variant.get("sku") for variant in variants)]
    taken = store[PRODUCTS].by("sku"), store[ITEMS].by("sku")
    seen = set()
    for sku in filter(None, skus):
        if text(sku) in seen or any(text(sku) in holders for holders in taken):
            raise Refused(
                409, "The product sku is a duplicate", {"sku": f"{sku} is not unique"}
            )
        seen.add(text(sku))


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
    first_id = _next_variant_id(store)
    if variants:
        made = [
            _variant(first_id + position, product_id, content, options)
            for position, content in enumerate(variants)
        ]
    else:
        shared = {name: product[name] for name in ECHOED if name in product}
        made = [{**_variant(first_id, product_id, {}, []), **shared}]
        product["base_variant_id"] = first_id
    parts |= {"options": options, "images": [], "channels": []}
    store[PRODUCTS].put_record(Record(product, parts))
    save(store, Record(product, parts), made)
    _keep_stock(store, made)
    return product_id


def _next_variant_id(store):
    """An id above those of all variants."""
    return store[ITEMS].next_id()


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


def _variant(variant_id, product_id, content, options):
    """A variant, with the ids of the options' values that it names."""
    by_name = {option["display_name"]: option for option in options}
    values = []
    for value in content.get("option_values") or []:
        option = by_name[value["option_display_name"]]
        own = next(
            own for own in option["option_values"] if own["label"] == value["label"]
        )
        values.append(_value(option, own))
    return {
        **UNUSED_IN_VARIANTS,
        "sku": "",
        **writable(content),
        "id": variant_id,
        "product_id": product_id,
        "sku_id": variant_id + 1 if values else None,
        "option_values": values,
    }


def _value(option, value):
    return {
        "id": value["id"],
        "label": value["label"],
        "option_id": option["id"],
        "option_display_name": option["display_name"],
    }


def _keep_stock(store, variants):
    locations = store.get(LOCATIONS)
    for variant in variants:
        store[ITEMS].put(
            item_of(variant, locations, [0] * len(locations)), variant["id"]
        )


def create_variants(call, changes):
    """New variants of one product, all or none: the values of their options are there.

    :param changes: each with ``product_id``, ``sku`` and ``option_values``
    """
    product_ids = {change.get("product_id") for change in changes}
    record = call.store[PRODUCTS].get(next(iter(product_ids)))
    if len(product_ids) > 1 or record is None:
        raise Refused(404, NOT_FOUND)
    options = {option["id"]: option for option in record.objects("options")}
    variants = variants_of(record)
    taken = {_combination(variant["option_values"]) for variant in variants}
    mistakes = []
    for position, change in enumerate(changes):
        wrong = wrong_fields(change, INHERITED)
        if not change.get("sku"):
            wrong["sku"] = "error.path.missing"
        values = change.get("option_values") or []
        combination = _combination(values)
        if not _are_known(values, options) or len(values) != len(options):
            wrong["option_values"] = "error.invalid"
        elif combination in taken:
            wrong["option_values"] = "The combination is not unique"
        taken.add(combination)
        if wrong:
            named = {f"{position}.{name}": said for name, said in wrong.items()}
            mistakes.append({"status": 422, "title": "JSON data is missing or invalid",
                             "type": ERROR_TYPE, "errors": named})  # fmt: skip
    if len(variants) + len(changes) > MAXIMUM_VARIANTS:
        raise Refused(422, f"At most {MAXIMUM_VARIANTS} variants are allowed")
    if mistakes:
        return answers.as_json({"batch_errors": mistakes}, 422)
    _check_new_skus(call.store, changes)
    first_id = _next_variant_id(call.store)
    made = []
    for position, change in enumerate(changes):
        named = [
            _value(
                options[value["option_id"]],
                next(
                    own
                    for own in options[value["option_id"]]["option_values"]
                    if own["id"] == value["id"]
                ),
            )
            for value in change["option_values"]
        ]
        made.append(
            {
                **UNUSED_IN_VARIANTS,
                **writable(change),
                "id": first_id + position,
                "product_id": record.body["id"],
                "sku_id": first_id + position + 1,
                "option_values": named,
            }
        )
    body = {**record.body, "base_variant_id": None}
    kept = [variant for variant in variants if variant["option_values"]]
    save(call.store, Record(body, record.parts), [*kept, *made])
    _keep_stock(call.store, made)
    shown = present(call, call.store[PRODUCTS].get(body["id"]), ["variants"])
    ids = {variant["id"] for variant in made}
    return answers.v3([one for one in shown["variants"] if one["id"] in ids])


def _combination(values):
    return frozenset((value.get("option_id"), value.get("id")) for value in values)


def _are_known(values, options):
    return all(
        value.get("option_id") in options
        and any(
            own["id"] == value.get("id")
            for own in options[value["option_id"]]["option_values"]
        )
        for value in values
    )


def _check_new_skus(store, changes):
    taken = store[PRODUCTS].by("sku"), store[ITEMS].by("sku")
    seen = set()
    for change in changes:
        sku = text(change["sku"])
        if sku in seen or any(sku in holders for holders in taken):
            raise Refused(
                409,
                "The SKU is a duplicate",
                {"sku": f"{change['sku']} is not unique"},
            )
        seen.add(sku)
