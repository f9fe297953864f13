"""Refunds of orders, and what they would amount to: bigcommerce-api.md §4.5.

Amounts of items are on the side, with or without tax, on which the store enters prices.
Parts of a line are differences of rounded sums, so that all of them sum to the line.
"""

from dataclasses import dataclass
from decimal import Decimal

from . import answers
from .answers import NOT_FOUND, Refused
from .cart import ZERO
from .columns import number as as_number
from .dates import iso8601, rfc2822
from .filters import conditions
from .orders import ORDERS
from .paging import v3_page
from .placing import CURRENCIES
from .pricing import currency_unit, rounded
from .routing import Routes
from .stock_moves import follow_order
from .transactions import ACTIONS, add_transaction, main_transaction

routes = Routes()
REFUNDS = "/v3/orders/payment_actions/refunds"
REFUNDED, PARTIALLY_REFUNDED = 4, 14
SETTLED = ("captured", "paid", "partially refunded", "refunded")
STORE_CREDIT, GIFT_CERTIFICATE, CUSTOM = "storecredit", "giftcertificate", "custom"
# what is refunded by amount: type -> name of its cost
COSTS = {"SHIPPING": "cost", "HANDLING": "handling_cost"}
# types that an answer never names
UNNAMED = ("TAX",)


@dataclass(frozen=True)
class Quote:
    """What a refund amounts to: with tax, its tax, and what of it is no item's.

    :param methods: ways to give it back, each a list of payments to make together
    """

    total: Decimal
    tax: Decimal
    order_level: Decimal
    methods: list


@routes.post("/v3/orders/<int:number>/payment_actions/refund_quotes", ACTIONS)
def quote_refund(call, number):
    """What a refund would amount to; it changes nothing."""
    quote = make_quote(call.store, number, call.body)
    data = {
        "order_id": number,
        "total_refund_amount": float(quote.total),
        "total_refund_tax_amount": float(quote.tax),
        "order_level_refund_amount": float(quote.order_level),
        "rounding": 0,
        "adjustment": 0,
        "tax_inclusive": True,
        "refund_methods": quote.methods,
    }
    return answers.as_json({"data": data, "meta": {}}, 201)


@routes.post("/v3/orders/<int:number>/payment_actions/refunds", ACTIONS)
def create_refund(call, number):
    """Give money back. What is wrong with it is said inside a list (§1.4)."""
    try:
        refund = refund_order(call.store, number, call.body)
    except Refused as refused:
        if refused.status != 422:
            raise
        complaint = {
            "status": refused.status,
            "title": refused.message,
            "type": answers.ERROR_TYPE,
        }
        return answers.as_json({"data": [complaint]}, 422)
    return answers.as_json({"data": refund, "meta": {}}, 201)


@routes.get("/v3/orders/<int:number>/payment_actions/refunds", ACTIONS)
def list_order_refunds(call, number):
    _order(call.store, number)
    return answers.v3(_refunds_of(call.store, number))


@routes.get(f"{REFUNDS}/<int:refund_id>", ACTIONS)
def read_refund(call, refund_id):
    record = call.store[REFUNDS].get(refund_id)
    if record is None:
        raise Refused(404, NOT_FOUND)
    # here, and only here, amounts of items are texts
    items = [
        {**item, "requested_amount": f"{item['requested_amount']:.2f}"}
        if "requested_amount" in item
        else item
        for item in record.body["items"]
    ]
    return answers.v3({**record.body, "items": items})


@routes.get(REFUNDS, ACTIONS)
def list_refunds(call):
    """By ascending id, with the filters of §4.5."""
    refunds = call.store[REFUNDS]
    found = refunds.find(conditions(call.query, refunds.columns))
    return v3_page(call.query, found, lambda number: refunds.get(number).body)


# quoting


def make_quote(store, number, content):
    """What a refund amounts to.

    :param content: ``items`` or ``tax_adjustment_amount``
    :return: a :class:`Quote`
    :raise Refused: 422 for more than is left, or what cannot be refunded
    """
    record = _order(store, number)
    if record.body.get("payment_status") not in SETTLED and not _is_offline(
        store, number
    ):
        raise Refused(422, "The payment of this order is not settled.")
    if not isinstance(content, dict):
        raise Refused(422, "The request body is invalid.")
    if "tax_adjustment_amount" in content:
        adjustment = _amount(content["tax_adjustment_amount"])
        shares = [(ZERO, adjustment)]
        order_level = ZERO
    else:
        items = content.get("items")
        if not isinstance(items, list) or not items:
            raise Refused(422, "There are no items to refund.")
        shares = [
            _share(store, record, item, items[:i]) for i, item in enumerate(items)
        ]
        order_level = sum(
            (_amount(item["amount"]) for item in items if item["item_type"] == "ORDER"),
            ZERO,
        )
    tax = sum((tax for _, tax in shares), ZERO)
    total = sum((ex_tax for ex_tax, _ in shares), ZERO) + tax
    if total <= 0:
        raise Refused(422, "There is nothing to refund.")
    if total > _money_left(store, record):
        raise Refused(422, "Refund amount is greater than remaining amount.")
    return Quote(total, tax, order_level, _methods(store, record, total))


def _share(store, record, item, others):
    """What an item amounts to: without tax, and its tax."""
    kind, amount = item.get("item_type"), None
    if kind in ("PRODUCT", "GIFT_WRAPPING"):
        return _share_of_line(store, record, item, others)
    amount = _amount(item.get("amount"))
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
    whole = _amount(thing[f"{name}_{side}"])
    before = sum(
        (
            _amount(other.get("requested_amount", other.get("amount")))
            for other in [*_items_of(store, record), *others]
            if _is_same(other, item)
        ),
        ZERO,
    )
    if before + amount > whole:
        raise Refused(422, f"More than is left of {kind} is to be refunded.")
    tax = _part(record, _amount(thing[f"{name}_tax"]), before, amount, whole)
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
        inc_tax, tax = (_amount(line[f"wrapping_cost_{s}"]) for s in ("inc_tax", "tax"))
    else:
        inc_tax = _amount(line["discounted_total_inc_tax"])
        tax = _amount(line["total_tax"])
    inc_tax, tax = (_part(record, a, before, quantity, whole) for a in (inc_tax, tax))
    deducted = sum(
        (_amount(one["amount"]) for one in item.get("adjustments", [])), ZERO
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


def _money_left(store, record):
    """What was paid, by whatever means, and not given back."""
    return _amount(record.body["total_inc_tax"]) - _given_back(store, record)


def _given_back(store, record, provider=None):
    return sum(
        (
            _amount(payment["amount"])
            for refund in _refunds_of(store, record.body["id"])
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
            _amount(main["amount"]),
            _is_offline(store, number),
        )
    names = (
        (STORE_CREDIT, "Store Credit", "store_credit_amount"),
        (GIFT_CERTIFICATE, "Gift Certificate", "gift_certificate_amount"),
    )
    for provider, description, field in names:
        yield provider, description, _amount(record.body[field]), False


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


# refunding


def refund_order(store, number, content, user_id=0):
    """Give money back, with all that follows for the order.

    :param content: as the API takes it; without ``payments`` by the last of the methods
    :return: the refund as answered
    :raise Refused: 422, as for a quote, and for payments that are not the quote's
    """
    quote = make_quote(store, number, content)
    override = content.get("merchant_calculated_override")
    total, tax = quote.total, quote.tax
    if override:
        total, tax = (_amount(override[name]) for name in ("total_amount", "total_tax"))
        if total > _money_left(store, store[ORDERS].get(number)):
            raise Refused(422, "Refund amount is greater than remaining amount.")
    payments = _checked_payments(quote, content, total, bool(override))
    declined = store.refunds["declined"]
    refunds = store[REFUNDS]
    items = content.get("items", [])
    reasons = [item["reason"] for item in items if item.get("reason")]
    refund = {
        "id": refunds.next_id(),
        "order_id": number,
        "user_id": user_id,
        "created": iso8601(store.clock.now()),
        "reason": reasons[0] if reasons else "",
        "total_amount": float(total),
        "total_tax": float(tax),
        "uses_merchant_override_values": bool(override),
        "items": [_named(item) for item in items if item["item_type"] not in UNNAMED],
        "payments": [
            {
                "id": refunds.next_id() * 10 + position,
                "provider_id": payment["provider_id"],
                "amount": payment["amount"],
                "offline": payment["offline"],
                "is_declined": bool(declined) and not payment["offline"],
                "declined_message": "" if payment["offline"] else declined,
                "transaction_id": "",
            }
            for position, payment in enumerate(payments)
        ],
    }
    for payment in refund["payments"]:
        payment["transaction_id"] = _note_payment(store, number, payment)
    refunds.put(refund)
    if not all(payment["is_declined"] for payment in refund["payments"]):
        _follow(store, number, refund)
    return refund


def _checked_payments(quote, content, total, is_overridden):
    """The payments, which have to be those of the quote."""
    if "payments" not in content:
        method = quote.methods[-1]
        share = total if len(method) == 1 else None
        return [
            {**one, "amount": float(share)} if share is not None else one
            for one in method
        ]
    payments = [
        {
            "provider_id": payment.get("provider_id"),
            "amount": float(_amount(payment.get("amount"))),
            "offline": bool(payment.get("offline")),
        }
        for payment in content["payments"]
    ]
    providers = {one["provider_id"] for method in quote.methods for one in method}
    names = {payment["provider_id"] for payment in payments}
    if STORE_CREDIT in names - providers:
        raise Refused(422, "Unable to provide store credit for a guest customer.")
    if names - providers or not names:
        raise Refused(422, "The payment provider is invalid.")
    wanted = sorted((one["provider_id"], one["amount"]) for one in payments)
    offered = [
        sorted((one["provider_id"], one["amount"]) for one in method)
        for method in quote.methods
    ]
    paid = sum(_amount(amount) for _, amount in wanted)
    if paid != total or (wanted not in offered and not is_overridden):
        raise Refused(422, "The payments do not equal the amount of the refund.")
    return payments


def _named(item):
    """An item as it is answered."""
    named = {
        "item_type": item["item_type"],
        "item_id": item["item_id"],
        "reason": item.get("reason", ""),
    }
    if "quantity" in item:
        adjustments = item.get("adjustments", [])
        return {**named, "quantity": item["quantity"], "adjustments": adjustments}
    return {**named, "requested_amount": float(_amount(item["amount"]))}


def _note_payment(store, number, payment):
    """Add a refund to the order's transactions; its id as text."""
    main = main_transaction(store, number)
    row = {
        "event": "refund",
        "amount": payment["amount"],
        "gateway": payment["provider_id"],
        "status": "error" if payment["is_declined"] else "ok",
    }
    if main:
        row["reference_transaction_id"] = main["id"]
    return str(add_transaction(store, number, **row)["id"])


def _follow(store, number, refund):
    """What a refund changes of its order."""
    for item in refund["items"]:
        if item["item_type"] != "PRODUCT":
            continue
        path = f"{ORDERS}/{number}/products/{item['item_id']}"
        line = store.get(path)
        count = line["quantity_refunded"] + item["quantity"]
        store.put(
            path,
            {
                **line,
                "quantity_refunded": count,
                "is_refunded": count >= line["quantity"],
            },
        )
    record = store[ORDERS].get(number)
    is_whole = not _money_left(store, record)
    status = store["/v2/order_statuses"].get(
        REFUNDED if is_whole else PARTIALLY_REFUNDED
    )
    change = {
        "payment_status": "refunded" if is_whole else "partially refunded",
        "status_id": status.body["id"],
        "status": status.body["name"],
        "custom_status": status.body["custom_label"],
        "date_modified": rfc2822(store.clock.now()),
    }
    store.put(f"{ORDERS}/{number}", {**record.body, **change})
    follow_order(store, number, record.body.get("status_id"))


# finding


def _order(store, number):
    record = store[ORDERS].get(number)
    if record is None:
        raise Refused(404, NOT_FOUND)
    return record


def _refunds_of(store, number):
    refunds = store[REFUNDS]
    found = refunds.find([("order_id", lambda value: value == number)])
    return [refunds.get(key).body for key in found]


def _items_of(store, record):
    """The items of an order that were given back."""
    return [
        item
        for refund in _refunds_of(store, record.body["id"])
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


def _amount(value):
    amount = as_number(value)
    if amount is None:
        raise Refused(422, "An amount is invalid.")
    return amount
