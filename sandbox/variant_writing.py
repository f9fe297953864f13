"""Changing many variants at once: bigcommerce-api.md §6.1, §6.4."""

from . import answers
from .answers import INVALID
from .batches import mistake, read_batch, refuse_each
from .catalog import SCOPE, present, variants_of
from .catalog_checks import INHERITED, wrong_change
from .catalog_saving import ECHOED, save, writable
from .columns import text
from .paths import ITEMS, PRODUCTS
from .routing import Routes
from .stock import DEFAULT_LOCATION, MAXIMUM, Place, set_on_hand
from .store import Record
from .variant_creation import create_variants

routes = Routes()
MAXIMUM_CHANGES = 50


@routes.put("/v3/catalog/variants", SCOPE)
def update_variants(call):
    """Up to 50 variants: all valid, or none is saved, and each that is wrong is named
    in ``batch_errors``. Those without an id are made."""
    changes = read_batch(call.body, MAXIMUM_CHANGES)
    if all(isinstance(change, dict) and "id" not in change for change in changes):
        return create_variants(call, changes)
    owners = _owners(call.store, changes)
    if mistakes := _find_mistakes(call.store, changes, owners):
        return refuse_each(mistakes)
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


def _find_mistakes(store, changes, owners):
    """What is wrong with the changes, one by one.

    :param owners: variant id -> product id
    """
    mistakes = []
    for change in changes:
        wrong = wrong_change(change, INHERITED)
        key = change.get("id") if isinstance(change, dict) else None
        if wrong:
            named = {
                name: f"{problem} (variant_id {key})" for name, problem in wrong.items()
            }
            mistakes.append(mistake(422, INVALID, named))
        elif key not in owners:
            mistakes.append(mistake(404, f"Variant with id {key} was not found", {}))
    return mistakes or _taken_skus(store, changes, owners)


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
            mistakes.append(mistake(409, "The SKU is a duplicate", {"sku": problem}))
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
