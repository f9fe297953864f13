"""The store, and the taxes that it takes."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property

from .amounts import CURRENCIES, FINEST, ZERO, rounded


class Rounding(Enum):
    """What the store rounds when it computes a tax."""

    PER_LINE = "each component on each line"
    PER_ORDER = "the order's total_tax, from four decimals on each line"
    PER_UNIT = "each component on one piece, times the quantity"


@dataclass(frozen=True)
class Component:
    name: str
    rate: Decimal
    priority: int = 0


@dataclass(frozen=True)
class TaxClass:
    id: int
    name: str
    components: tuple = ()

    @cached_property
    def weights(self):
        """Each component's tax on a net amount of 1, and the gross amount of it.

        Components of one priority add up, those of a later one are also taken on
        the taxes before it.
        """
        gross = Decimal(1)
        weights = []
        for priority in sorted({component.priority for component in self.components}):
            level = [
                gross * component.rate / 100
                for component in self.components
                if component.priority == priority
            ]
            weights += level
            gross += sum(level)
        return weights, gross


UNTAXED = TaxClass(1, "Non-Taxable Products")
# Each: the components of the default class and those of the reduced one.
SINGLE_TAXES = (
    ([("VAT", "19", 0)], [("VAT", "7", 0)]),
    ([("VAT", "20", 0)], [("VAT reduced", "5", 0)]),
    ([("Sales Tax", "8.25", 0)], [("Grocery Tax", "2.25", 0)]),
    ([("Sales Tax", "8.875", 0)], [("Sales Tax", "4.5", 0)]),
    ([("Consumption Tax", "10", 0)], [("Consumption Tax", "8", 0)]),
)
STACKED_TAXES = (
    (
        [("State Tax", "6.25", 0), ("County Tax", "1", 0), ("City Tax", "0.75", 0)],
        [("State Tax", "6.25", 0)],
    ),
    ([("GST", "5", 0), ("PST", "7", 0)], [("GST", "5", 0)]),
    (
        [("State Tax", "4.225", 0), ("City Tax", "3.1875", 0)],
        [("State Tax", "1.225", 0), ("City Tax", "3.1875", 0)],
    ),
)
COMPOUND_TAXES = (
    ([("GST", "5", 0), ("QST", "9.5", 1)], [("GST", "5", 0)]),
    (
        [("State Tax", "4", 0), ("County Tax", "1.5", 0), ("Levy", "3", 1)],
        [("State Tax", "2", 0), ("Levy", "3", 1)],
    ),
    ([("VAT", "12", 1), ("Surcharge", "2.5", 2)], [("VAT", "6", 1)]),
)


@dataclass(frozen=True)
class Store:
    currency: str
    inclusive: bool
    rounding: Rounding
    # Either each line's total is rounded to the unit, or the subtotal only.
    rounds_lines: bool
    automatic_tax: bool
    default: TaxClass
    reduced: TaxClass
    untaxed: TaxClass
    shipping: TaxClass
    handling: TaxClass
    wrapping: TaxClass

    @property
    def unit(self):
        return CURRENCIES[self.currency][0]

    def taxes(self, amount, tax_class, quantity=1):
        """Each component's tax on an amount as the store enters it."""
        weights, gross = tax_class.weights
        step = FINEST if self.rounding is Rounding.PER_ORDER else self.unit
        pieces = quantity if self.rounding is Rounding.PER_UNIT else 1
        # Divide once only: a product of rounded quotients could miss a tie.
        divisor = pieces * (gross if self.inclusive else 1)
        return [rounded(amount * weight / divisor, step) * pieces for weight in weights]

    def sides(self, amount, tax):
        """The amount without and with its tax."""
        return (amount - tax, amount) if self.inclusive else (amount, amount + tax)

    def in_tax(self, amount, tax_class, quantity=1):
        """The amount without tax, with tax, and the tax."""
        tax = sum(self.taxes(amount, tax_class, quantity), ZERO)
        return *self.sides(amount, tax), tax
