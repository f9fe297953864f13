"""Adding variants to a product: bigcommerce-api.md §6.1, §6.4."""

from . import answers
from .answers import INVALID, Refused, not_found
from .batches import mistake, refuse_each
from .catalog import present, variants_of
from .catalog_checks import INHERITED, wrong_fields
from .catalog_saving import save
from .paths import ITEMS, PRODUCTS
from .store import Record
from .variants import MAXIMUM_VARIANTS, keep_stock, new_variant, refuse_taken_skus


def create_variants(call, changes):
    """New variants of one product, all or none: the values of their options are there.

    :param changes: each with ``product_id``, ``sku`` and ``option_values``
    """
    product_ids = {change.get("product_id") for change in changes}
    record = call.store[PRODUCTS].get(next(iter(product_ids)))
    if len(product_ids) > 1 or record is None:
        raise not_found()
    options = {option["id"]: option for option in record.objects("options")}
    variants = variants_of(record)
    mistakes = _find_mistakes(changes, options, variants)
    if len(variants) + len(changes) > MAXIMUM_VARIANTS:
        raise Refused(422, f"At most {MAXIMUM_VARIANTS} variants are allowed")
    if mistakes:
        return refuse_each(mistakes)
    skus = [change["sku"] for change in changes]
    refuse_taken_skus(call.store, skus, "The SKU is a duplicate")
    product_id, first_id = record.body["id"], call.store[ITEMS].next_id()
    made = [
        new_variant(first_id + position, product_id, change, _choices(change, options))
        for position, change in enumerate(changes)
    ]
    # a product with variants to choose from has no base variant
    body = {**record.body, "base_variant_id": None}
    kept = [variant for variant in variants if variant["option_values"]]
    save(call.store, Record(body, record.parts), [*kept, *made])
    keep_stock(call.store, made)
    shown = present(call, call.store[PRODUCTS].get(product_id), ["variants"])
    ids = {variant["id"] for variant in made}
    return answers.v3([one for one in shown["variants"] if one["id"] in ids])


def _find_mistakes(changes, options, variants):
    """What is wrong with new variants, one by one.

    :param options: those of the product, by id
    :param variants: those that the product has
    """
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
            mistakes.append(mistake(422, INVALID, named))
    return mistakes


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


def _choices(change, options):
    """The options of the product with the values that a new variant names."""
    return [
        (options[named["option_id"]], value)
        for named in change["option_values"]
        for value in options[named["option_id"]]["option_values"]
        if value["id"] == named["id"]
    ]
