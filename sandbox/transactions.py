"""What happened to the payment of an order: bigcommerce-api.md §4.1 to §4.4.

An order has the transactions that its payment status implies until something happens
to its payment: from then on they are kept.
"""

from datetime import timedelta

from . import answers
from .answers import Refused
from .columns import number as as_number
from .dates import iso8601, parse_moment
from .orders import change_order, get_order
from .paths import ORDERS
from .routing import Routes
from .statuses import AWAITING_FULFILLMENT, AWAITING_PAYMENT

routes = Routes()
OF_ORDER = "/v3/orders/<int:number>"
TRANSACTIONS = "store_v2_transactions"
# either allows to capture and to void
ACTIONS = ("store_v2_orders", TRANSACTIONS)

# payment method of an order -> gateway of its transactions
OFFLINE_GATEWAYS = {
    "bank deposit": "bankdeposit",
    "cash on delivery": "cod",
    "check": "cheque",
    "cheque": "cheque",
    "money order": "moneyorder",
    "pay in store": "instore",
}
MANUAL = "manual"
CARD_GATEWAY = "braintree"
# methods of which there are never transactions (§4.1)
WITHOUT_TRANSACTIONS = ("amazon pay",)
# what there has been of a card's payment, by its status
CARD_EVENTS = {
    "authorized": ["authorization"],
    "capture pending": ["authorization"],
    "captured": ["purchase"],
    "declined": ["purchase"],
    "held for review": ["authorization"],
    "paid": ["purchase"],
    "partially refunded": ["purchase"],
    "refunded": ["purchase"],
    "void": ["authorization", "void"],
    "void pending": ["authorization"],
}
# what waits for a payment outside of the store
OFFLINE_EVENTS = {**CARD_EVENTS, "pending": ["pending"], "authorized": ["pending"]}
# whether rows of these can be acted upon
OPEN_EVENTS = ("authorization", "pending")
ROWS_PER_ORDER = 100


@routes.get(f"{OF_ORDER}/transactions", TRANSACTIONS)
def list_transactions(call, number):
    """All of them at once; an empty list is a 204."""
    get_order(call.store, number)
    rows = transactions_of(call.store, number)
    if not rows:
        return answers.v2([])
    return answers.v3(rows)


@routes.post(f"{OF_ORDER}/payment_actions/capture", ACTIONS)
def capture(call, number):
    """Take what was authorised: scheduled, and carried out some time later (§4.3)."""
    status = get_order(call.store, number).body.get("payment_status")
    is_offline = status in ("pending", "") and _is_offline(call.store, number)
    accepts = call.store.payments.captures_offline if is_offline else False
    if status != "authorized" and not accepts:
        raise Refused(422, "The payment of this order cannot be captured.")
    _schedule(call.store, number, "capture pending", call.store.payments.outcome)
    return answers.as_json({}, 201)


@routes.post(f"{OF_ORDER}/payment_actions/void", ACTIONS)
def void(call, number):
    """Give up what was authorised, some time later (§4.4)."""
    if get_order(call.store, number).body.get("payment_status") != "authorized":
        raise Refused(422, "The payment of this order cannot be voided.")
    _schedule(call.store, number, "void pending", "void")
    return answers.as_json({}, 201)


def add_transaction(store, number, **row):
    """Add a row to the transactions of an order, and return it.

    :param store: the :class:`~.store.Store`
    :param number: of the order
    :param row: fields that are not those of the order's main payment, such as
        ``event``, ``amount`` (a number) and ``reference_transaction_id``
    """
    rows = transactions_of(store, number)
    row = _row(store.get(f"{ORDERS}/{number}"), len(rows), row)
    if "date_created" not in row:
        row["date_created"] = iso8601(store.clock.now())
    store.put(_path(number), [*rows, row])
    return row


def transactions_of(store, number):
    """The transactions of an order: as kept, else as its payment status implies."""
    kept = store.get(_path(number))
    return _implied(store.get(f"{ORDERS}/{number}")) if kept is None else kept


def main_transaction(store, number):
    """The row that captures, voids and refunds of an order refer to, or ``None``."""
    return next(
        (
            row
            for row in transactions_of(store, number)
            if row["event"] in (*OPEN_EVENTS, "purchase")
            and row["gateway"] not in ("storecredit", "giftcertificate")
        ),
        None,
    )


def carry_out_due(store):
    """Carry out what was scheduled until now."""
    scheduled = store.payments.scheduled
    for number, (moment, status) in list(scheduled.items()):
        if moment > store.clock.now():
            continue
        del scheduled[number]
        if store[ORDERS].get(number) is None:
            continue
        parent = main_transaction(store, number)
        add_transaction(
            store,
            number,
            event="void" if status == "void" else "capture",
            status="error" if status == "declined" else "ok",
            **{"reference_transaction_id": parent["id"]} if parent else {},
        )
        _settle(store, number, status)


def _settle(store, number, status):
    """Let an order have the payment status that was scheduled."""
    change = {"payment_status": status}
    body = store.get(f"{ORDERS}/{number}")
    if status == "captured" and body.get("status_id") == AWAITING_PAYMENT:
        change["status_id"] = AWAITING_FULFILLMENT
    change_order(store, number, change)


def _schedule(store, number, status, outcome):
    # what is implied by the status before it changes is kept
    store.put(_path(number), transactions_of(store, number))
    change_order(store, number, {"payment_status": status})
    moment = store.clock.now() + timedelta(seconds=store.payments.seconds)
    store.payments.scheduled[number] = (moment, outcome)


def _path(number):
    return f"/v3/orders/{number}/transactions"


def _is_offline(store, number):
    """Whether an order is paid outside of the store."""
    return _gateway_of(store.get(f"{ORDERS}/{number}")) != CARD_GATEWAY


def _gateway_of(order):
    method = str(order.get("payment_method") or "").strip().casefold()
    if method == MANUAL:
        return "custom"
    return OFFLINE_GATEWAYS.get(method, CARD_GATEWAY)


def _implied(order):
    """The rows of an order to the payment of which nothing has happened here."""
    status = order.get("payment_status")
    method = str(order.get("payment_method") or "").strip().casefold()
    if not status or method in WITHOUT_TRANSACTIONS:
        return []
    rows = [
        {"event": "purchase", "method": method, "gateway": gateway, **details}
        for method, gateway, amount, details in _shares_of(order)
        if amount
    ]
    events = CARD_EVENTS if _gateway_of(order) == CARD_GATEWAY else OFFLINE_EVENTS
    if _main_amount(order):
        rows += [{"event": event} for event in events.get(status, ())]
    found = []
    for position, row in enumerate(rows):
        row["date_created"] = iso8601(parse_moment(order["date_created"]))
        if row["event"] == "void":
            row["reference_transaction_id"] = found[-1]["id"]
        found.append(_row(order, position, row))
    return found


def _shares_of(order):
    """What was paid with store credit and gift certificates."""
    credit = as_number(order.get("store_credit_amount")) or 0
    certificate = as_number(order.get("gift_certificate_amount")) or 0
    left = {"remaining_balance": 0.0}
    amounts = {"original_balance": float(certificate)}
    balance = {"starting_balance": float(certificate), **left, "status": "active"}
    yield (
        "store_credit",
        "storecredit",
        credit,
        {"amount": float(credit), "store_credit": left},
    )
    yield (
        "gift_certificate",
        "giftcertificate",
        certificate,
        {
            "amount": float(certificate),
            "gift_certificate": {"code": f"GC-{order['id']}", **amounts, **balance},
        },
    )


def _main_amount(order):
    """What is left for the order's payment method to pay."""
    names = ("store_credit_amount", "gift_certificate_amount")
    paid = sum(as_number(order.get(name)) or 0 for name in names)
    return max((as_number(order.get("total_inc_tax")) or 0) - paid, 0)


def _row(order, position, row):
    """A transaction with all its fields: those of the main payment unless said."""
    gateway = _gateway_of(order)
    status = order.get("payment_status")
    whole = {
        "id": order["id"] * ROWS_PER_ORDER + position + 1,
        "order_id": str(order["id"]),
        "event": "purchase",
        "method": "credit_card",
        "amount": float(_main_amount(order)),
        "currency": order.get("default_currency_code") or "USD",
        "gateway": gateway,
        "gateway_transaction_id": "",
        "payment_method_id": f"{gateway}.card",
        "status": "error" if status == "declined" else "ok",
        "test": False,
        "fraud_review": status == "held for review",
    }
    if row.get("method") in ("store_credit", "gift_certificate"):
        whole |= {"payment_method_id": row["gateway"], "status": "ok"}
    elif gateway == CARD_GATEWAY:
        whole["gateway_transaction_id"] = f"pay_{order['id']}_{position + 1}"
        whole["credit_card"] = {
            "card_type": "visa",
            "card_iin": "411111",
            "card_last4": "1111",
            "card_expiry_month": 12,
            "card_expiry_year": 2030,
        }
    elif gateway == "custom":
        whole["method"] = whole["payment_method_id"] = "custom"
        whole["custom"] = {"payment_method": order.get("payment_method")}
    else:
        whole["method"] = "offline"
        whole["payment_method_id"] = gateway
        whole["offline"] = {"display_name": order.get("payment_method")}
    return {**whole, **row}
