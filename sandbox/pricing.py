"""How amounts are split into tax and the rest: bigcommerce-api.md §3.5.

On the side on which prices are entered the parts add up to the total exactly; on
the other side a price before discounts is an estimate with four decimals.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .cart import ZERO

ESTIMATE = Decimal("0.0001")


def money(amount):
    """As v2 writes amounts: a string with four decimals."""
    return f"{amount:.4f}"


def rounded(amount, unit):
    return amount.quantize(unit, ROUND_HALF_UP)


def currency_unit(currency):
    """The smallest amount of a currency, such as a cent."""
    return Decimal(1).scaleb(-currency.places)


@dataclass(frozen=True)
class Split:
    """An amount without tax, with it, and the tax by component."""

    ex_tax: Decimal
    inc_tax: Decimal
    rows: tuple

    @property
    def tax(self):
        return self.inc_tax - self.ex_tax

    def fields(self, name):
        """``name_ex_tax``, ``name_inc_tax`` and ``name_tax``."""
        return {
            f"{name}_ex_tax": money(self.ex_tax),
            f"{name}_inc_tax": money(self.inc_tax),
            f"{name}_tax": money(self.tax),
        }


def summed(splits):
    splits = list(splits)
    return Split(
        sum((split.ex_tax for split in splits), ZERO),
        sum((split.inc_tax for split in splits), ZERO),
        (),
    )


class Pricing:
    """How the taxes of a cart split its amounts."""

    def __init__(self, cart):
        self._with_tax = cart.with_tax
        self._taxes = cart.taxes
        self._rate = sum((tax.rate for tax in cart.taxes), ZERO)
        self._unit = currency_unit(cart.currency)

    def split(self, amount, taxed=True):
        """Split an amount of the side on which prices are entered.

        Each component is rounded to the currency's unit (``RATE_ROUNDING``).
        """
        base = 100 + self._rate if self._with_tax else 100
        rows = tuple(
            (tax, rounded(amount * tax.rate / base, self._unit))
            for tax in (self._taxes if taxed else ())
        )
        return self.with_tax(amount, sum((share for _, share in rows), ZERO), rows)

    def estimate(self, price, quantity, taxed):
        """A unit price and a line's total before discounts; the side on which
        prices are not entered has four decimals and is an estimate."""
        rate = self._rate if taxed else ZERO
        base = 100 + rate if self._with_tax else 100
        tax = rounded(price * rate / base, ESTIMATE)
        return (
            self.with_tax(price, tax),
            self.with_tax(price * quantity, tax * quantity),
        )

    def with_tax(self, amount, tax, rows=()):
        """An amount of the side on which prices are entered, and its tax."""
        if self._with_tax:
            return Split(amount - tax, amount, rows)
        return Split(amount, amount + tax, rows)
