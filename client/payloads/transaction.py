"""What happened to the payment of an order (§4.1)."""

from dataclasses import dataclass
from decimal import Decimal

from .values import read_decimal, read_record, read_required_id, read_text

_TAKES = ("purchase", "capture")


@dataclass(frozen=True, slots=True)
class Transaction:
    """One step of one payment; an order may have several payments.

    ``event`` is "purchase", "authorization", "capture", "refund", "void", "pending" or
    "settled". ``is_ok`` is false for what a gateway refused.
    """

    id: str
    event: str
    amount: Decimal
    is_ok: bool

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "transaction")
        return cls(
            id=read_required_id(raw, "id"),
            event=read_text(raw, "event"),
            amount=read_decimal(raw, "amount"),
            is_ok=read_text(raw, "status") in ("ok", ""),
        )


def sum_taken(transactions):
    """Return how much was taken so far and not given back.

    What is authorised only, or waits for a payment outside of the store, is no money.
    """
    events = [item for item in transactions if item.is_ok]
    taken = sum(item.amount for item in events if item.event in _TAKES)
    given_back = sum(abs(item.amount) for item in events if item.event == "refund")
    return taken - given_back


def find_last_capture(transactions):
    """Return the latest capture, done or refused, None if there was none."""
    captures = [item for item in transactions if item.event == "capture"]
    return max(captures, key=lambda item: (len(item.id), item.id), default=None)


def is_authorized(transactions):
    """Return whether a gateway holds money of the customer to be captured."""
    return any(
        item.event == "authorization" and item.is_ok for item in transactions
    ) and not any(item.event == "void" and item.is_ok for item in transactions)
