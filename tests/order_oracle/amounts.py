"""Amounts of money, and how they are rounded."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
# The API's amounts have four decimals, whatever the currency.
FINEST = Decimal("0.0001")
# Currency: smallest amount, and what a thing for one dollar costs in it.
CURRENCIES = {
    "USD": (Decimal("0.01"), Decimal("1")),
    "EUR": (Decimal("0.01"), Decimal("1")),
    "JPY": (Decimal("1"), Decimal("100")),
    "KWD": (Decimal("0.001"), Decimal("0.3")),
}


def rounded(amount, unit):
    return amount.quantize(unit, ROUND_HALF_UP)


def cut(amount, unit):
    return amount.quantize(unit, ROUND_DOWN)


def amount_of(value):
    return Decimal(str(value))
