"""Changing many products or variants at once: bigcommerce-api.md §6.1, §6.5."""

from . import answers
from .answers import ERROR_TYPE, NOT_FOUND, Refused
from .catalog import PRODUCTS, SCOPE, present, variants_of
from .catalog_checks import INHERITED, is_whole, wrong_fields, wrong_references
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
from .product_creation import create_variants
from .routing import Routes
from .stock import (
    DEFAULT_LOCATION,
    ITEMS,
    MAXIMUM,
    Place,
    set_on_hand,
    stock_keeper,
)
from .store import Record

routes = Routes()
MAXIMUM_PRODUCTS = 10
MAXIMUM_VARIANTS = 50


def _batch(body, maximum):
    """The changes of a request.

    :raise Refused: it is no list of objects with ids, or too long
    """
    if not isinstance(body, list) or not body:
        raise Refused(422, "JSON data is missing or invalid", {"": "error.path"})
    if len(body) > maximum:
        raise Refused(
            413,
            "The request payload is too large. The maximum items allowed in the array"
            f" is {maximum}.",
        )
    return body


def _invalid(change, nullable=()):
    """Field -> what is wrong with it, of a change of something by its id."""
    if not isinstance(change, dict):
        return {"": "error.expected.jsobject"}
    missing = {} if is_whole(change.get("id")) else {"id": "error.path.missing"}
    return {**missing, **wrong_fields(change, nullable)}


def _overlap(rules):
    """Whether two rules are for the same quantity."""
    rules = sorted(rules, key=lambda rule: rule["quantity_min"])
    for rule, following in zip(rules, rules[1:], strict=False):
        if (
            not rule["quantity_max"]
            or rule["quantity_max"] >= following["quantity_min"]
        ):
            return True
    return False


# products


@routes.put("/v3/catalog/products", SCOPE)
def update_products(call):
    """Up to 10 products: all valid, or none is saved. What is valid but cannot be
    carried out is told with 207, and everything else is saved."""
    changes = _batch(call.body, MAXIMUM_PRODUCTS)
    wrong = {
        f"{position}.{name}": problem
        for position, change in enumerate(changes)
        for name, problem in _invalid(change).items()
    }
    if wrong:
        raise Refused(422, "JSON data is missing or invalid", wrong)
    for change in changes:
        if change["id"] not in call.store[PRODUCTS]:
            raise Refused(404, NOT_FOUND)
    check_conflicts(call.store, changes)
    failed = {}
    for position, change in enumerate(changes):
        for name, problem in _update_product(call.store, change).items():
            failed[f"{position}.{name}"] = problem
    data = [
        present(
            call,
            call.store[PRODUCTS].get(change["id"]),
            [name for name in LISTS if name in change],
        )
        for change in changes
    ]
    return partly_saved(data, failed) if failed else answers.v3(data)


def partly_saved(data, failed):
    """A 207: ``data`` was saved except for what failed, place -> text."""
    errors = {
        "status": 207,
        "title": "Some fields could not be saved.",
        "type": ERROR_TYPE,
        "errors": failed,
    }
    return answers.as_json({"data": data, "errors": errors, "meta": {}}, 207)


def check_conflicts(store, changes):
    """Refuse what contradicts something else in the store, or in the request."""
    products = store[PRODUCTS]
    for name in ("name", "sku"):
        if not any(name in change for change in changes):
            continue
        holders = products.by(name)
        for position, change in enumerate(changes):
            value = text(change.get(name))
            others = [key for key in holders.get(value, ()) if key != change.get("id")]
            if value and name == "sku":
                others += _variants_of_others(store, value, change.get("id"))
            others += [
                other
                for other in changes
                if other is not change and text(other.get(name)) == value
            ]
            if value and others:
                raise Refused(
                    409,
                    f"The product {name} is a duplicate",
                    {f"{position}.{name}": f"{change[name]} is not unique"},
                )
    for position, change in enumerate(changes):
        if wrong := wrong_references(store, change):
            wrong = {f"{position}.{name}": said for name, said in wrong.items()}
            raise Refused(409, "The product refers to what is not there", wrong)
        if _overlap(change.get("bulk_pricing_rules") or ()):
            where = f"{position}.bulk_pricing_rules"
            raise Refused(409, "Rules overlap", {where: "error.conflict"})


def _variants_of_others(store, sku, product_id):
    """The variants of other products that have a SKU."""
    items = store[ITEMS]
    return [
        key
        for key in items.by("sku").get(sku, ())
        if items.value("product_id", key) not in (product_id, None)
    ]


def _update_product(store, change):
    """Save what can be saved.

    :return: field -> why it could not be
    """
    record = store[PRODUCTS].get(change["id"])
    own = name_brand(store, writable(change))
    own, failed = without_bad_address(own)
    parts = {
        part: with_ids(change[name], change["id"])
        for name, part in LISTS.items()
        if name in change
    }
    shared = {name: own[name] for name in ECHOED if name in own}
    variants = [
        variant if variant.get("option_values") else {**variant, **shared}
        for variant in variants_of(record)
    ]
    # a recording may have the lists inside
    body = {
        name: value
        for name, value in record.body.items()
        if name not in LISTS or name not in change
    }
    save(store, Record({**body, **own}, {**record.parts, **parts}), variants)
    if "inventory_level" in change:
        failed |= _set_level(store, record.body, variants, change["inventory_level"])
    return failed


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


def _set_level(store, product, variants, quantity):
    """Set the stock at the default location, for the catalogue's own way to do it."""
    if quantity < 0:
        return {"inventory_level": "The stock may not become negative"}
    tracking = product.get("inventory_tracking")
    if tracking != "product":
        return {"inventory_level": f"The stock is not tracked by product: {tracking}"}
    key = stock_keeper(product, variants)
    variant = next(row for row in variants if row.get("id") == key)
    place = Place(key, DEFAULT_LOCATION)
    set_on_hand(store, place, min(quantity, MAXIMUM), variant)
    return {}


# variants


@routes.put("/v3/catalog/variants", SCOPE)
def update_variants(call):
    """Up to 50 variants: all valid, or none is saved, and each that is wrong is named
    in ``batch_errors``. Those without an id are made."""
    changes = _batch(call.body, MAXIMUM_VARIANTS)
    if all(isinstance(change, dict) and "id" not in change for change in changes):
        return create_variants(call, changes)
    owners = _owners(call.store, changes)
    mistakes = []
    for change in changes:
        wrong = _invalid(change, INHERITED)
        key = change.get("id") if isinstance(change, dict) else None
        if not wrong and key not in owners:
            mistakes.append(_mistake(404, f"Variant with id {key} was not found", {}))
        elif wrong:
            named = {name: f"{problem} (variant_id {key})"
                     for name, problem in wrong.items()}  # fmt: skip
            mistakes.append(_mistake(422, "JSON data is missing or invalid", named))
    if not mistakes:
        mistakes = _taken_skus(call.store, changes, owners)
    if mistakes:
        return answers.as_json({"batch_errors": mistakes}, 422)
    by_product = {}
    for change in changes:
        by_product.setdefault(owners[change["id"]], []).append(change)
    for product_id, own in by_product.items():
        _update_variants(call.store, product_id, own)
    saved = {
        variant["id"]: variant
        for product_id in by_product
        for variant in present(
            call, call.store[PRODUCTS].get(product_id), ["variants"]
        )["variants"]
        if "id" in variant
    }
    return answers.v3([saved[change["id"]] for change in changes])


def _mistake(status, title, errors):
    return {"status": status, "title": title, "type": ERROR_TYPE, "errors": errors}


def _owners(store, changes):
    """Variant id -> product id, of those that are there."""
    items, products = store[ITEMS], store[PRODUCTS]
    wanted = {change.get("id") for change in changes if isinstance(change, dict)}
    found = {}
    for key in wanted & set(items.find()):
        product_id = items.value("product_id", key)
        if product_id is not None and int(product_id) in products:
            found[key] = int(product_id)
    if wanted - found.keys():
        for record in products.records():
            for variant in variants_of(record):
                if variant.get("id") in wanted:
                    found[variant["id"]] = record.body["id"]
    return found


def _taken_skus(store, changes, owners):
    """A mistake for each SKU that another variant or another product has.

    :param owners: variant id -> product id
    """
    named = [change for change in changes if change.get("sku")]
    holders = store[ITEMS].by("sku") if named else {}
    products = store[PRODUCTS].by("sku") if named else {}
    mistakes = []
    for change in named:
        sku = text(change["sku"])
        others = {key for key in holders.get(sku, ()) if key != change["id"]}
        others |= {key for key in products.get(sku, ()) if key != owners[change["id"]]}
        others |= {
            other["id"]
            for other in named
            if other["id"] != change["id"] and text(other["sku"]) == sku
        }
        if others:
            problem = f"{change['sku']} is not unique (variant_id {change['id']})"
            mistakes.append(_mistake(409, "The SKU is a duplicate", {"sku": problem}))
    return mistakes


def _update_variants(store, product_id, changes):
    """Save the changes of some variants of one product."""
    record = store[PRODUCTS].get(product_id)
    by_id = {change["id"]: change for change in changes}
    body, variants = record.body, []
    for variant in variants_of(record):
        change = by_id.get(variant.get("id"), {})
        own = writable(change)
        if not variant.get("option_values"):
            # it cannot inherit: it follows its product, and its product follows it
            own = {
                name: value
                for name, value in own.items()
                if value is not None or name not in ECHOED
            }
            body = {**body, **{name: own[name] for name in ECHOED if name in own}}
        variant = {**variant, **own}
        level = change.get("inventory_level")
        if level is not None and body.get("inventory_tracking") == "variant":
            place = Place(variant["id"], DEFAULT_LOCATION)
            set_on_hand(store, place, min(level, MAXIMUM), variant)
        variants.append(variant)
    save(store, Record(body, record.parts), variants)
