"""Prices of the store and of Odoo: conversions, differences, price breaks. Pure.

All arithmetic is exact. BigCommerce keeps four decimals of a price, Odoo all.
"""

from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO, HUNDRED = Decimal(0), Decimal(100)
# What BigCommerce keeps of a price, and the share of a percentage.
UNIT = Decimal("0.0001")


class NotExact(Exception):
    """A price has no exact counterpart on the other side of its taxes.

    :param nearest: what comes closest to it, None if nothing does
    """

    def __init__(self, nearest=None):
        super().__init__(nearest)
        self.nearest = nearest


class NotExportable(Exception):
    """The store cannot hold price breaks the way that Odoo has them."""


@dataclass(frozen=True, slots=True)
class SalesTax:
    """A tax on the sale of a product.

    ``percent`` is None for one that is no plain percentage of the price.
    """

    percent: Decimal | None
    is_included: bool


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """What a piece costs from ``quantity_min`` pieces on; ``quantity_max`` 0: no end.

    ``type`` "fixed": ``amount`` is the price; "percent": that share is taken off.
    """

    quantity_min: int
    quantity_max: int
    type: str
    amount: Decimal

    @classmethod
    def parse(cls, kept):
        """Read what :meth:`keep` gave, or a rule of the store."""
        return cls(
            int(kept["quantity_min"]),
            int(kept["quantity_max"]),
            kept["type"],
            read_price(Decimal(str(kept["amount"]))),
        )

    def keep(self):
        """Return it as JSON-like content."""
        return {**asdict(self), "amount": str(self.amount)}

    def is_large(self, base, percent):
        """Return whether it takes more than ``percent`` off a price of ``base``."""
        if self.type == "percent":
            return bool(percent) and self.amount * HUNDRED > percent
        return is_large(base, self.amount, percent)

    def is_free(self):
        """Return whether pieces are given away."""
        return self.amount == (1 if self.type == "percent" else 0)


def read_price(value):
    """Return a price as Decimal with four decimals at most.

    :param value: Decimal, or a float that may be off by what floats cannot hold
    """
    price = value if isinstance(value, Decimal) else Decimal(repr(value or 0))
    return price.quantize(UNIT, ROUND_HALF_UP).normalize() + ZERO


def to_store(price, taxes, is_with_tax):
    """Return what a price in Odoo is in the store.

    :param Decimal price: as the product's sales price is meant in Odoo
    :param taxes: :class:`SalesTax` of the product
    :param bool is_with_tax: whether the store's prices include taxes
    :raise NotExact: if there is no such price
    """
    return _convert(price, taxes, _is_odoo_with_tax(taxes, is_with_tax), is_with_tax)


def to_odoo(price, taxes, is_with_tax):
    """Return what a price of the store is in Odoo; see :func:`to_store`."""
    return _convert(price, taxes, is_with_tax, _is_odoo_with_tax(taxes, is_with_tax))


def _is_odoo_with_tax(taxes, is_with_tax):
    """Return whether Odoo's prices include taxes, like the store's if there are none.

    :raise NotExact: if they include some of them
    """
    sides = {tax.is_included for tax in taxes if tax.percent != 0}
    if len(sides) > 1:
        raise NotExact
    return sides.pop() if sides else is_with_tax


def _convert(price, taxes, is_with_tax, to_with_tax):
    """Return a price on the other side of its taxes, if that is exact both ways."""
    if is_with_tax == to_with_tax:
        return price
    if any(tax.percent is None for tax in taxes):
        raise NotExact
    factor = 1 + sum((tax.percent for tax in taxes), ZERO) / HUNDRED
    if factor <= 0:
        raise NotExact
    converted = read_price(price * factor if to_with_tax else price / factor)
    net, gross = (price, converted) if to_with_tax else (converted, price)
    if net * factor != gross:
        raise NotExact(converted)
    return converted


def get_change(former, price):
    """Return by how many percent a price changes; None if it was zero."""
    return (price - former) / former * HUNDRED if former else None


def is_large(former, price, percent):
    """Return whether a price changes by more than ``percent``; 0: none is large.

    From zero, any change is.
    """
    if not percent or former == price:
        return False
    change = get_change(former, price)
    return change is None or abs(change) > percent


def is_share_exceeded(count, base, share):
    """Return whether ``count`` is more than ``share`` percent of ``base``."""
    return count * HUNDRED > base * share


def format_price(price, digits=2):
    """Return a price for people: with ``digits`` decimals, or as many as it has."""
    exponent = -price.normalize().as_tuple().exponent
    return f"{price:.{max(digits, exponent)}f}"


def describe_change(former, price, digits, currency):
    """Return for people how a price changes: ``12.00 → 6.00 USD (−50 %)``."""
    text = f"{format_price(former, digits)} → {format_price(price, digits)} {currency}"
    change = get_change(former, price)
    if change is None:
        return text
    percent = f"{abs(change):.1f}".removesuffix(".0")
    return f"{text} ({'−' if change < 0 else '+'}{percent} %)"


def plan_breaks(prices, tiers):
    """Return the price breaks that a listing with these prices gets.

    One price for all items: each break is a price. Different ones: a percentage, if it
    is the same for all.

    :param list prices: of each item of the listing, for one piece
    :param dict tiers: quantity -> price of each item from that many pieces on
    :rtype: list[PriceBreak]
    :raise NotExportable: if BigCommerce cannot hold them
    """
    is_one_price = all(
        len(set(column)) == 1 for column in (prices, *tiers.values()) if column
    )
    steps, former = [], prices
    for quantity, column in sorted(tiers.items()):
        if column != former:
            steps.append((quantity, column))
            former = column
    breaks = []
    for number, (quantity, column) in enumerate(steps):
        if column == prices:
            continue
        end = steps[number + 1][0] - 1 if number + 1 < len(steps) else 0
        if 0 < end <= quantity or any(
            not 0 <= price <= base for base, price in zip(prices, column, strict=True)
        ):
            raise NotExportable
        kind, amount = (
            ("fixed", column[0])
            if is_one_price
            else ("percent", _get_common_share(prices, column))
        )
        breaks.append(PriceBreak(quantity, end, kind, amount))
    return breaks


def _get_common_share(prices, column):
    """Return which share of ``prices`` is taken off to give ``column``."""
    base, price = max(zip(prices, column, strict=True))
    share = read_price(1 - price / base)
    if any(
        read_price(base * (1 - share)) != price
        for base, price in zip(prices, column, strict=True)
    ):
        raise NotExportable
    return share
