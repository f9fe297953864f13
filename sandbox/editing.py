"""Orders changed by the store's people in the control panel.

Totals, discounts and taxes come anew, as a checkout has them; what has happened to the
order meanwhile, such as its status and what is shipped, stays as it is.
"""

from dataclasses import replace

from .checkout import check_out
from .dates import rfc2822
from .paths import ORDERS
from .placing import placed_cart, read_line
from .stock_moves import follow_edit
from .store import Missing, Record

# what an edit changes of an order itself
EDITED = (
    "base_",
    "billing_address",
    "coupon_",
    "discount_",
    "gift_certificate_",
    "handling_",
    "items_total",
    "order_is_digital",
    "shipping_",
    "store_credit_",
    "subtotal_",
    "total_",
    "wrapping_",
)
# what has happened to a line
KEPT_OF_LINES = ("quantity_shipped", "quantity_refunded", "is_refunded")


def edit_order(store, description):
    """Change an order.

    :param description: ``id``; ``lines``: by id of a line its new fields, or null to
        take it out; ``add``: lines that are added; anything else is a field of a cart
        (``placing.py``)
    :return: the order
    """
    description = dict(description)
    number = int(description.pop("id"))
    record, cart = store[ORDERS].get(number), store.carts.get(number)
    if record is None or cart is None:
        raise Missing(f"{ORDERS}/{number}")
    lines = _edited_lines(
        store, cart, description.pop("lines", {}), description.pop("add", [])
    )
    changed = placed_cart(store, description) if description else cart
    fields = {name: getattr(changed, name) for name in description}
    cart = replace(cart, lines=tuple(lines), **fields)
    edited = check_out(cart, store.store_hash)
    known = {line["id"]: line for line in record.objects("products")}
    for line in edited.parts["products"]:
        before = known.get(line["id"], {})
        line |= {name: before[name] for name in KEPT_OF_LINES if name in before}
    body = {
        name: edited.body[name] if name.startswith(EDITED) else value
        for name, value in record.body.items()
    }
    body["date_modified"] = rfc2822(store.clock.now())
    store[ORDERS].put_record(Record(body, {**record.parts, **edited.parts}))
    store.carts[number] = cart
    follow_edit(store, number)
    return body


def _edited_lines(store, cart, changes, additions):
    """Lines keep their ids; a new one gets the next that no line has had yet."""
    changes = {int(line_id): change for line_id, change in changes.items()}
    lines, last = [], 0
    for position, line in enumerate(cart.lines):
        place = position if line.place is None else line.place
        last = max(last, place)
        line_id = cart.line_id(position)
        change = changes.pop(line_id, {})
        if change is not None:
            lines.append(replace(line, place=place, **read_line(change)))
    if changes:
        raise Missing(f"lines {sorted(changes)}")
    for offset, addition in enumerate(additions, start=1):
        [line] = placed_cart(store, {"lines": [addition]}).lines
        lines.append(replace(line, place=last + offset))
    return lines
