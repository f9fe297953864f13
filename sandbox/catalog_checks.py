"""What the catalogue accepts in the fields of products and variants: §6.3, §6.5."""

from .paths import BRANDS, CATEGORIES, TAX_CLASSES

RULE_TYPES = ("price", "percent", "fixed")


def _is_number(value):
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and value >= 0


def _is_short(longest, shortest=0):
    return lambda value: isinstance(value, str) and shortest <= len(value) <= longest


def _is_one_of(*values):
    return lambda value: value in values


def _is_list(value):
    return isinstance(value, list)


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


# field -> test of its value, what is wrong if it fails
CHECKS = {
    **dict.fromkeys(
        ("price", "cost_price", "retail_price", "sale_price", "map_price", "weight",
         "width", "height", "depth", "fixed_cost_shipping_price"),
        (_is_number, "error.expected.jsnumber"),
    ),
    **dict.fromkeys(
        ("is_visible", "is_featured", "is_free_shipping", "purchasing_disabled"),
        (lambda value: isinstance(value, bool), "error.expected.jsboolean"),
    ),
    **dict.fromkeys(
        ("brand_id", "tax_class_id", "inventory_level", "inventory_warning_level"),
        (is_whole, "error.expected.jsnumber"),
    ),
    **dict.fromkeys(("upc", "gtin"), (_is_short(14), "error.maxLength")),
    "name": (_is_short(250, 1), "error.minLength"),
    "sku": (_is_short(255), "error.maxLength"),
    "mpn": (_is_short(255), "error.maxLength"),
    "brand_name": (_is_short(255), "error.maxLength"),
    "inventory_tracking": (_is_one_of("none", "product", "variant"), "error.enum"),
    "availability": (_is_one_of("available", "disabled", "preorder"), "error.enum"),
    "categories": (_is_list, "error.expected.jsarray"),
    "custom_fields": (_is_list, "error.expected.jsarray"),
    "bulk_pricing_rules": (_is_list, "error.expected.jsarray"),
}  # fmt: skip
# of a variant, null is inherited
INHERITED = ("price", "sale_price", "retail_price", "map_price", "cost_price", "weight",
             "width", "height", "depth", "fixed_cost_shipping_price", "upc", "gtin",
             "mpn", "inventory_level", "inventory_warning_level")  # fmt: skip


def wrong_fields(change, nullable=()):
    """Field -> what is wrong with it.

    :param nullable: fields that may be null
    """
    wrong = {}
    for name, value in change.items():
        test, problem = CHECKS.get(name, (None, ""))
        if test and not test(value) and not (value is None and name in nullable):
            wrong[name] = problem
    for position, rule in enumerate(change.get("bulk_pricing_rules") or ()):
        if not _is_rule(rule):
            wrong[f"bulk_pricing_rules[{position}]"] = "error.invalid"
    return wrong


def wrong_change(change, nullable=()):
    """Field -> what is wrong with it, of a change of something by its id.

    :param nullable: fields that may be null
    """
    if not isinstance(change, dict):
        return {"": "error.expected.jsobject"}
    missing = {} if is_whole(change.get("id")) else {"id": "error.path.missing"}
    return {**missing, **wrong_fields(change, nullable)}


def wrong_references(store, body):
    """Field -> what is wrong with it, of those that name what the store does not have.

    :param store: the store's content
    """
    wrong = {}
    for name, path in (("brand_id", BRANDS), ("tax_class_id", TAX_CLASSES)):
        if body.get(name) and body[name] not in store[path]:
            wrong[name] = "error.invalid"
    categories = store[CATEGORIES]
    if any(key not in categories for key in body.get("categories") or ()):
        wrong["categories"] = "error.invalid"
    return wrong


def _is_rule(rule):
    if not isinstance(rule, dict) or rule.get("type") not in RULE_TYPES:
        return False
    lowest, highest = rule.get("quantity_min"), rule.get("quantity_max")
    if not is_whole(lowest) or not is_whole(highest) or lowest < 0:
        return False
    if rule["type"] == "fixed" and lowest < 2:
        return False
    try:
        amount = float(rule.get("amount"))
    except (TypeError, ValueError):
        return False
    return amount >= 0 and (highest == 0 or highest > lowest)
