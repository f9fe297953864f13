"""An amount of money, without tax, with tax, and the tax."""

from dataclasses import dataclass
from decimal import Decimal

from .values import read_optional_decimal


@dataclass(frozen=True, slots=True)
class Amounts:
    """``inc_tax`` is ``ex_tax`` and ``tax``, but see ``OrderLine.total``."""

    ex_tax: Decimal = Decimal(0)
    inc_tax: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)

    @classmethod
    def parse(cls, raw, name):
        """Read ``{name}_ex_tax``, ``{name}_inc_tax`` and ``{name}_tax`` of a record.

        One that is missing follows from the other two.
        """
        ex_tax = read_optional_decimal(raw, f"{name}_ex_tax")
        inc_tax = read_optional_decimal(raw, f"{name}_inc_tax")
        tax = read_optional_decimal(raw, f"{name}_tax")
        if ex_tax is None:
            ex_tax = Decimal(0) if inc_tax is None else inc_tax - (tax or 0)
        if inc_tax is None:
            inc_tax = ex_tax + (tax or 0)
        if tax is None:
            tax = inc_tax - ex_tax
        return cls(ex_tax, inc_tax, tax)

    def of(self, is_tax_inclusive):
        """Return the amount on the side on which the store enters its prices.

        That side is exact, the other one may be an estimate (§3.5).
        """
        return self.inc_tax if is_tax_inclusive else self.ex_tax
