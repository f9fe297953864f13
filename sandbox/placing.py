"""Orders placed through the control path: a cart written in JSON.

The keys are the fields of ``cart.py``: amounts are strings or numbers, dates are
texts, ``billing`` and ``addresses`` hold objects. A line names its product by
``sku`` or by ``product_id`` and ``variant_id`` and may change anything about it; a
line with neither is a custom one with ``name`` and ``price``. What is left out has
the default of ``cart.py``; number and time are the next ones.
"""

from dataclasses import fields
from decimal import Decimal

from . import cart
from .catalog import variants_of
from .checkout import check_out
from .dates import parse_moment
from .paths import LOCATIONS, ORDERS, PRODUCTS
from .stock_moves import follow_order

SOMEONE = cart.Address("Sam", "Shopper", "sam.shopper@example.com")


def place_order(store, description):
    """Make an order of a cart; it takes stock as the store's settings have it.

    :param description: the JSON object described above
    :return: the order
    """
    placed = placed_cart(store, description)
    store[ORDERS].put_record(check_out(placed, store.store_hash))
    store.carts[placed.number] = placed
    follow_order(store, placed.number)
    return store.get(f"{ORDERS}/{placed.number}")


def placed_cart(store, description):
    """Read a cart.

    :param description: the JSON object described above
    :return: a :class:`~.cart.Cart`
    :raises ValueError: it names something that is not there
    :raises TypeError: it has a key that a cart does not have
    """
    description = dict(description)
    billing = description.pop("billing", None)
    known = {
        "number": store[ORDERS].next_id(),
        "billing": _made(cart.Address, billing) if billing else SOMEONE,
        "lines": tuple(_line(store, line) for line in description.pop("lines", [])),
        "created": store.clock.now(),
        "currency": cart.CURRENCIES[description.pop("currency", cart.USD.code)],
    }
    nested = {"taxes": cart.Tax, "addresses": cart.Address}
    for name, kind in nested.items():
        items = description.pop(name, [])
        known[name] = tuple(_made(kind, item) for item in items)
    if coupon := description.pop("coupon", None):
        known["coupon"] = _made(cart.Coupon, coupon)
    if location := description.pop("pickup", None):
        known["pickup"] = store.get(f"{LOCATIONS}/{location}")
    known["shipping"] = tuple(map(_amount, description.pop("shipping", [])))
    known["fees"] = tuple(
        (name, _amount(amount)) for name, amount in description.pop("fees", [])
    )
    return _made(cart.Cart, description, known)


def read_line(description):
    """Some fields of a line, as :class:`~.cart.Line` has them."""
    return _values(cart.Line, description)


def _line(store, description):
    details = _values(cart.Line, description)
    sku, product_id = details.get("sku"), details.get("product_id")
    if not (sku or product_id) or "price" in details and "name" in details:
        return cart.Line(**details)
    record, variant = _variant(store, sku, product_id, details.get("variant_id"))
    for name in ("sku", "product_id", "variant_id"):
        details.pop(name, None)
    return cart.line_of(record, variant, **details)


def _variant(store, sku, product_id, variant_id):
    products = store[PRODUCTS]
    for number in [product_id] if product_id else products.find():
        record = products.get(number)
        for variant in variants_of(record) if record else []:
            if sku in (None, variant["sku"]) and variant_id in (None, variant["id"]):
                return record, variant
    raise ValueError(f"no variant {variant_id or sku or product_id} in the catalogue")


def _made(kind, description, known=None):
    return kind(**{**(known or {}), **_values(kind, description)})


def _values(kind, description):
    """JSON values as the fields of a dataclass have them."""
    types = {item.name: item.type for item in fields(kind)}
    values = {}
    for name, value in description.items():
        if types.get(name) is Decimal:
            value = _amount(value)
        elif name in ("created", "modified"):
            value = parse_moment(value)
        elif isinstance(value, list):
            value = tuple(value)
        values[name] = value
    return values


def _amount(value):
    return Decimal(str(value))
