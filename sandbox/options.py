"""The options of a product and their values: bigcommerce-api.md §6.1, §6.4."""

from . import answers
from .answers import Refused, invalid
from .catalog import SCOPE
from .dates import iso8601
from .lookup import get_item, get_record
from .paths import PRODUCTS
from .routing import Routes
from .store import Record

routes = Routes()
MAXIMUM_VALUES = 250
LONGEST_NAME = 255
PATH = f"{PRODUCTS}/<int:product_id>/options"


def new_option(product_id, number, name, labels):
    """An option with its values.

    :param number: how many options of the product come before it
    """
    option_id = product_id * 100 + number
    return {
        "id": option_id,
        "product_id": product_id,
        "name": f"{name}{option_id}",
        "display_name": name,
        "type": "rectangles",
        "sort_order": number,
        "config": {},
        "option_values": [
            _value(option_id * 1000 + position, label, position)
            for position, label in enumerate(labels)
        ],
    }


def _value(value_id, label, sort_order):
    return {
        "id": value_id,
        "label": label,
        "sort_order": sort_order,
        "value_data": {},
        "is_default": False,
    }


@routes.put(f"{PATH}/<int:option_id>", SCOPE)
def update_option(call, product_id, option_id):
    record, option = _find(call, product_id, option_id)
    changed = {**option, **_named(call.body, "display_name")}
    _keep(call.store, record, changed)
    return answers.v3(changed)


@routes.post(f"{PATH}/<int:option_id>/values", SCOPE)
def create_value(call, product_id, option_id):
    record, option = _find(call, product_id, option_id)
    values = option["option_values"]
    body = _value_of(call.body, values)
    if len(values) >= MAXIMUM_VALUES:
        raise Refused(422, f"At most {MAXIMUM_VALUES} values are allowed")
    value_id = max((own["id"] for own in values), default=option_id * 1000) + 1
    made = {**_value(value_id, "", 0), **body}
    _keep(call.store, record, {**option, "option_values": [*values, made]})
    return answers.v3(made)


@routes.put(f"{PATH}/<int:option_id>/values/<int:value_id>", SCOPE)
def update_value(call, product_id, option_id, value_id):
    record, option = _find(call, product_id, option_id)
    values = option["option_values"]
    known = get_item(values, value_id)
    others = [own for own in values if own is not known]
    changed = {**known, **_value_of(call.body, others)}
    values = [changed if own is known else own for own in values]
    _keep(call.store, record, {**option, "option_values": values})
    return answers.v3(changed)


def _find(call, product_id, option_id):
    record = get_record(call.store, PRODUCTS, product_id)
    return record, get_item(record.objects("options"), option_id)


def _named(body, name):
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
        raise invalid({name: "error.minLength"})
    return {name: value}


def _value_of(body, others):
    named = _named(body, "label")
    if not isinstance(body.get("sort_order"), int):
        raise invalid({"sort_order": "error.path.missing"})
    if any(own["label"] == named["label"] for own in others):
        raise Refused(422, "The label is not unique", {"label": "error.unique"})
    return {**named, "sort_order": body["sort_order"]}


def _keep(store, record, option):
    """Put a changed option back, and its names into the variants that have them."""
    options = [
        option if own["id"] == option["id"] else own
        for own in record.objects("options")
    ]
    labels = {own["id"]: own["label"] for own in option["option_values"]}
    variants = [
        {**variant, "option_values": [
            {**value, "label": labels[value["id"]],
             "option_display_name": option["display_name"]}
            if value.get("option_id") == option["id"] else value
            for value in variant.get("option_values") or []
        ]}
        for variant in record.objects("variants")
    ]  # fmt: skip
    body = {**record.body, "date_modified": iso8601(store.clock.now())}
    parts = {**record.parts, "options": options, "variants": variants}
    store[PRODUCTS].put_record(Record(body, parts))
