"""What a refund of an order would amount to: bigcommerce-api.md §4.5.

Amounts of items are on the side, with or without tax, on which the store enters prices.
Parts of a line are differences of rounded sums, so that all of them sum to the line.
"""

from dataclasses import dataclass
from decimal import Decimal

from .answers import Refused
from .cart import CURRENCIES, ZERO
from .columns import number as as_number
from .orders import get_order
from .paths import REFUNDS
from .pricing import currency_unit, rounded
from .transactions import main_transaction

SETTLED = ("captured", "paid", "partially refunded", "refunded")
STORE_CREDIT, GIFT_CERTIFICATE, CUSTOM = "storecredit", "giftcertificate", "custom"
# what is refunded by amount: type -> name of its cost
COSTS = {"SHIPPING": "cost", "HANDLING": "handling_cost"}


@dataclass(frozen=True)
class Quote:
    """What a refund amounts to: with tax, its tax, and what of it is no item's.

    :param methods: ways to give it back, each a list of payments to make together
    """

    total: Decimal
    tax: Decimal
    order_level: Decimal
    methods: list


def make_quote(store, number, content):
    """What a refund amounts to.

    :param content: ``items`` or ``tax_adjustment_amount``
    :return: a :class:`Quote`
    :raises Refused: 422 for more than is left, or what cannot be refunded
    """
    record = get_order(store, number)
    if record.body.get("payment_status") not in SETTLED and not _is_offline(
        store, number
    ):
        raise Refused(422, "The payment of this order is not settled.")
    if not isinstance(content, dict):
        raise Refused(422, "The request body is invalid.")
    if "tax_adjustment_amount" in content:
        adjustment = to_amount(content["tax_adjustment_amount"])
        shares = [(ZERO, adjustment)]
        order_level = ZERO
    else:
        items = content.get("items")
        if not isinstance(items, list) or not items:
            raise Refused(422, "There are no items to refund.")
        shares = [
            _share(store, record, item, items[:i]) for i, item in enumerate(items)
        ]
        of_order = [item for item in items if item["item_type"] == "ORDER"]
        order_level = sum((to_amount(item["amount"]) for item in of_order), ZERO)
    tax = sum((tax for _, tax in shares), ZERO)
    total = sum((ex_tax for ex_tax, _ in shares), ZERO) + tax
    if total <= 0:
        raise Refused(422, "There is nothing to refund.")
    if total > money_left(store, record):
        raise Refused(422, "Refund amount is greater than remaining amount.")
    return Quote(total, tax, order_level, _methods(store, record, total))


def _share(store, record, item, others):
    """What an item amounts to: without tax, and its tax."""
    kind = item.get("item_type")
    if kind in ("PRODUCT", "GIFT_WRAPPING"):
        return _share_of_line(store, record, item, others)
    amount = to_amount(item.get("amount"))
    if amount <= 0:
        raise Refused(422, f"The amount of {kind} is invalid.")
    if kind == "ORDER":
        return amount, ZERO
    if kind == "TAX":
        return ZERO, amount
    if kind not in (*COSTS, "FEE"):
        raise Refused(422, f"{kind} is no item type.")
    part = "fees" if kind == "FEE" else "shipping_addresses"
    thing = _find(record.objects(part), item.get("item_id"))
    name = COSTS.get(kind, "cost")
    side = "inc_tax" if record.body["is_tax_inclusive_pricing"] else "ex_tax"
    whole = to_amount(thing[f"{name}_{side}"])
    before = sum(
        (
            to_amount(other.get("requested_amount", other.get("amount")))
            for other in [*_items_of(store, record), *others]
            if _is_same(other, item)
        ),
        ZERO,
    )
    if before + amount > whole:
        raise Refused(422, f"More than is left of {kind} is to be refunded.")
    tax = _part(record, to_amount(thing[f"{name}_tax"]), before, amount, whole)
    return (amount - tax if side == "inc_tax" else amount), tax


def _share_of_line(store, record, item, others):
    line = _find(record.objects("products"), item.get("item_id"))
    quantity, whole = item.get("quantity"), line["quantity"]
    before = sum(
        other.get("quantity", 0)
        for other in [*_items_of(store, record), *others]
        if _is_same(other, item)
    )
    if not isinstance(quantity, int) or not 0 < quantity <= whole - before:
        raise Refused(422, f"The quantity of line {line['id']} is invalid.")
    if item["item_type"] == "GIFT_WRAPPING":
        inc_tax = to_amount(line["wrapping_cost_inc_tax"])
        tax = to_amount(line["wrapping_cost_tax"])
    else:
        inc_tax = to_amount(line["discounted_total_inc_tax"])
        tax = to_amount(line["total_tax"])
    inc_tax, tax = (_part(record, a, before, quantity, whole) for a in (inc_tax, tax))
    deducted = sum(
        (to_amount(one["amount"]) for one in item.get("adjustments", [])), ZERO
    )
    if deducted > 0 or inc_tax + deducted < 0:
        raise Refused(422, "The adjustment is invalid.")
    # deducted on the side on which prices are entered, the tax with it
    with_tax = record.body["is_tax_inclusive_pricing"]
    base = inc_tax if with_tax else inc_tax - tax
    reduced = base + deducted
    if deducted and base:
        tax = rounded(tax * reduced / base, _unit(record))
    return (reduced - tax if with_tax else reduced), tax


def _part(record, amount, before, part, whole):
    """The part of an amount that comes after ``before``."""
    unit = _unit(record)
    until, since = (
        rounded(amount * number / whole, unit) for number in (before + part, before)
    )
    return until - since


def _unit(record):
    return currency_unit(CURRENCIES[record.body["default_currency_code"]])


def money_left(store, record):
    """What was paid, by whatever means, and not given back."""
    return to_amount(record.body["total_inc_tax"]) - _given_back(store, record)


def _given_back(store, record, provider=None):
    return sum(
        (
            to_amount(payment["amount"])
            for refund in refunds_of(store, record.body["id"])
            for payment in refund["payments"]
            if not payment["is_declined"] and provider in (None, payment["provider_id"])
        ),
        ZERO,
    )


def _methods(store, record, total):
    """The ways to give an amount back, each a list of payments."""
    methods = []
    if record.body.get("customer_id"):
        methods.append([_option(STORE_CREDIT, "Store Credit", total)])
    methods.append([_option(CUSTOM, "Custom", total, offline=True)])
    paid, missing = [], total
    for provider, description, amount, offline in _payments_of(store, record):
        share = min(amount - _given_back(store, record, provider), missing)
        if share > 0:
            paid.append(_option(provider, description, share, offline))
            missing -= share
    if not missing and [one["provider_id"] for one in paid] not in (
        [CUSTOM],
        [STORE_CREDIT],
    ):
        methods.append(paid)
    return methods


def _payments_of(store, record):
    """How an order was paid: provider, its name, amount, whether it is offline."""
    number = record.body["id"]
    main = main_transaction(store, number)
    if main:
        yield (
            main["gateway"],
            record.body["payment_method"],
            to_amount(main["amount"]),
            _is_offline(store, number),
        )
    names = (
        (STORE_CREDIT, "Store Credit", "store_credit_amount"),
        (GIFT_CERTIFICATE, "Gift Certificate", "gift_certificate_amount"),
    )
    for provider, description, field in names:
        yield provider, description, to_amount(record.body[field]), False


def _is_offline(store, number):
    main = main_transaction(store, number)
    return bool(main) and main["method"] in ("offline", "custom")


def _option(provider, description, amount, offline=False):
    return {
        "provider_id": provider,
        "provider_description": description,
        "amount": float(amount),
        "offline": offline,
        "offline_provider": offline,
        "offline_reason": "This payment was made outside of the store."
        if offline
        else "",
    }


def refunds_of(store, number):
    """The refunds of an order, as they are answered."""
    refunds = store[REFUNDS]
    found = refunds.find([("order_id", lambda value: value == number)])
    return [refunds.get(key).body for key in found]


def _items_of(store, record):
    """The items of an order that were given back."""
    return [
        item
        for refund in refunds_of(store, record.body["id"])
        if not all(payment["is_declined"] for payment in refund["payments"])
        for item in refund["items"]
    ]


def _is_same(item, other):
    return (item["item_type"], str(item["item_id"])) == (
        other["item_type"],
        str(other["item_id"]),
    )


def _find(things, wanted):
    for thing in things:
        if str(thing["id"]) == str(wanted):
            return thing
    raise Refused(422, f"The order has no item {wanted}.")


def to_amount(value):
    """:raises Refused: 422, it is no number"""
    amount = as_number(value)
    if amount is None:
        raise Refused(422, "An amount is invalid.")
    return amount
