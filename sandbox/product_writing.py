"""Changing many products at once: bigcommerce-api.md §6.1, §6.5."""

from . import answers
from .answers import Refused, invalid, not_found, partly_saved
from .batches import read_batch
from .catalog import SCOPE, present, variants_of
from .catalog_checks import wrong_change, wrong_references
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
from .paths import ITEMS, PRODUCTS
from .routing import Routes
from .stock import DEFAULT_LOCATION, MAXIMUM, Place, set_on_hand, stock_keeper
from .store import Record

routes = Routes()
MAXIMUM_PRODUCTS = 10


@routes.put(PRODUCTS, SCOPE)
def update_products(call):
    """Up to 10 products: all valid, or none is saved. What is valid but cannot be
    carried out is told with 207, and everything else is saved."""
    changes = read_batch(call.body, MAXIMUM_PRODUCTS)
    wrong = {
        f"{position}.{name}": problem
        for position, change in enumerate(changes)
        for name, problem in wrong_change(change).items()
    }
    if wrong:
        raise invalid(wrong)
    for change in changes:
        if change["id"] not in call.store[PRODUCTS]:
            raise not_found()
    _check_conflicts(call.store, changes)
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
    if failed:
        return partly_saved("Some fields could not be saved.", data, failed)
    return answers.v3(data)


def _check_conflicts(store, changes):
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
