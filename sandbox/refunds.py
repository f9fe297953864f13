"""Refunds of orders: bigcommerce-api.md §4.5.

What they amount to: ``refund_quotes.py``.
"""

from . import answers
from .answers import Refused
from .dates import iso8601
from .lookup import get_record
from .orders import change_order, get_order
from .paging import v3_list
from .paths import ORDERS, REFUNDS
from .refund_quotes import STORE_CREDIT, make_quote, money_left, refunds_of, to_amount
from .routing import Routes
from .statuses import PARTIALLY_REFUNDED, REFUNDED
from .transactions import ACTIONS, OF_ORDER, add_transaction, main_transaction

routes = Routes()
# types that an answer never names
UNNAMED = ("TAX",)


@routes.post(f"{OF_ORDER}/payment_actions/refund_quotes", ACTIONS)
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


@routes.post(f"{OF_ORDER}/payment_actions/refunds", ACTIONS)
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


@routes.get(f"{OF_ORDER}/payment_actions/refunds", ACTIONS)
def list_order_refunds(call, number):
    get_order(call.store, number)
    return answers.v3(refunds_of(call.store, number))


@routes.get(f"{REFUNDS}/<int:refund_id>", ACTIONS)
def read_refund(call, refund_id):
    record = get_record(call.store, REFUNDS, refund_id)
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
    return v3_list(call, REFUNDS)


def refund_order(store, number, content, user_id=0):
    """Give money back, with all that follows for the order.

    :param content: as the API takes it; without ``payments`` by the last of the methods
    :return: the refund as answered
    :raises Refused: 422, as for a quote, and for payments that are not the quote's
    """
    quote = make_quote(store, number, content)
    override = content.get("merchant_calculated_override")
    total, tax = quote.total, quote.tax
    if override:
        total = to_amount(override["total_amount"])
        tax = to_amount(override["total_tax"])
        if total > money_left(store, get_order(store, number)):
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
            "amount": float(to_amount(payment.get("amount"))),
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
    paid = sum(to_amount(amount) for _, amount in wanted)
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
    return {**named, "requested_amount": float(to_amount(item["amount"]))}


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
    is_whole = not money_left(store, get_order(store, number))
    change_order(
        store,
        number,
        {
            "payment_status": "refunded" if is_whole else "partially refunded",
            "status_id": REFUNDED if is_whole else PARTIALLY_REFUNDED,
        },
    )
