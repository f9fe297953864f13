"""What a refund of the store is in Odoo: the lines of a credit note. Pure.

The refund says its total and its tax, and what it is about: quantities of lines, or
amounts. What each line is worth follows from the sale order; the refund's own figures
are what it all sums to, to the smallest unit of the currency.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from .order_parts import GOODS
from .order_plan import ZERO, price_and_discount, spread

# Types of items that are of one part of an order each.
PARTS_BY_TYPE = {
    "GIFT_WRAPPING": "wrapping",
    "SHIPPING": "shipping",
    "HANDLING": "handling",
    "FEE": "fee",
}


class UnknownItem(LookupError):
    """The sale order has no line for an item; the item is the argument."""


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of the sale order, as far as it matters for a refund.

    ``amount`` is what it is worth on the side (with or without tax) on which the store
    enters prices, ``taxes`` are pairs of a tax and its amount, None where they are
    Odoo's own. ``record`` is whatever the caller knows it by.
    """

    part: str
    line_id: str
    address_id: str
    name: str
    quantity: Decimal
    amount: Decimal
    price_unit: Decimal
    taxes: tuple | None
    record: object


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A line of a credit note: ``amount`` on the store's side of prices.

    ``sold`` is None for what is refunded of the order as a whole, and for a tax that is
    refunded by itself (``is_tax``).
    """

    sold: SoldLine | None
    quantity: Decimal
    amount: Decimal
    taxes: tuple = ()
    is_tax: bool = False
    price_unit: Decimal = ZERO
    discount: Decimal = ZERO


def get_amounts(refund, unit):
    """Return what was given back, with tax, and what of it is tax.

    A payment that was declined gave nothing back.
    """
    declined = sum((one.amount for one in refund.payments if one.is_declined), ZERO)
    total, tax = refund.total, refund.tax
    if declined and total:
        tax = (tax * (total - declined) / total).quantize(unit, ROUND_HALF_UP)
        total -= declined
    return total.quantize(unit, ROUND_HALF_UP), tax.quantize(unit, ROUND_HALF_UP)


def plan_credit_lines(refund, sold_lines, unit, is_tax_inclusive, order=None):
    """Return the lines of the credit note of a refund.

    :param payloads.Refund refund: the refund
    :param list sold_lines: :class:`SoldLine` of the sale order
    :param Decimal unit: smallest amount of the currency
    :param bool is_tax_inclusive: on which side the store enters prices
    :param payloads.Order order: the store's order, for its fees and wrappings
    :rtype: list[CreditLine]
    :raise UnknownItem: if the sale order has no such line
    """
    total, tax = get_amounts(refund, unit)
    lines = [
        _plan_item(item, sold_lines, is_tax_inclusive, order) for item in refund.items
    ]
    target = total if is_tax_inclusive else total - tax
    follows_store = any(line.taxes is not None for line in sold_lines)
    weights = [amount for line in lines for _tax, amount in line.taxes]
    if not lines or (follows_store and tax and not any(weights)):
        # There is nothing that the tax could lie on.
        taxes = _get_taxes(sold_lines)
        amount = target if taxes else total
        if lines:
            amount = tax if is_tax_inclusive or not taxes else ZERO
        taxed = CreditLine(None, Decimal(1), amount, taxes, is_tax=True)
        lines = [*_sum_up(lines, target - amount, unit), taxed]
    else:
        lines = _sum_up(lines, target, unit)
    return [_price(line) for line in _spread_tax(lines, tax, unit)]


def _plan_item(item, sold_lines, is_tax_inclusive, order):
    """Return what an item is worth by the sale order, not rounded yet."""
    if item.item_type == "ORDER":
        return CreditLine(None, Decimal(1), item.amount)
    sold = _find_sold(item, sold_lines, order)
    if item.item_type == "PRODUCT":
        share = item.quantity / sold.quantity if sold.quantity else Decimal(1)
        amount, quantity = sold.amount * share + item.adjustment, item.quantity
    else:
        quantity, amount = Decimal(1), item.amount
        if item.item_type == "GIFT_WRAPPING":
            amount = _get_wrapping(item, order, is_tax_inclusive) or sold.amount
    share = amount / sold.amount if sold.amount else ZERO
    taxes = tuple((tax, part * share) for tax, part in sold.taxes or ())
    return CreditLine(sold, quantity, amount, taxes)


def _find_sold(item, sold_lines, order):
    if item.item_type == "PRODUCT":
        found = [
            line
            for line in sold_lines
            if line.part in GOODS and line.line_id == item.item_id
        ]
    else:
        part = PARTS_BY_TYPE.get(item.item_type)
        found = [line for line in sold_lines if line.part == part]
        if item.item_type in ("SHIPPING", "HANDLING"):
            found = [
                line for line in found if line.address_id in ("", item.item_id)
            ] or found[:1]
        elif item.item_type == "FEE":
            fees = order.fees if order else ()
            names = [fee.name for fee in fees if fee.id == item.item_id]
            found = [line for line in found if line.name in names] or found
            found.sort(key=lambda line: line.amount != item.amount)
    if not found:
        raise UnknownItem(item)
    return found[0]


def _get_wrapping(item, order, is_tax_inclusive):
    """Return what the wrapping of so many of a line costs, 0 if nobody says."""
    for line in order.lines if order else ():
        if line.id == item.item_id and line.quantity:
            whole = line.wrapping.of(is_tax_inclusive)
            return whole * item.quantity / line.quantity
    return ZERO


def _get_taxes(sold_lines):
    """Return the taxes of an order, each once, and how much of each there is."""
    amounts = {}
    for line in sold_lines:
        for tax, amount in line.taxes or ():
            amounts[tax] = amounts.get(tax, ZERO) + amount
    return tuple(amounts.items())


def _sum_up(lines, target, unit):
    """Return lines with whole amounts that sum to ``target``.

    What is refunded of the order as a whole is known to the unit, unless there is
    nothing else that could give way.
    """
    known = sum((line.amount for line in lines if line.sold is None), ZERO)
    others = [line for line in lines if line.sold]
    if not others or known > target:
        others, known = lines, ZERO
    weights = _scale([line.amount for line in others], target - known)
    amounts = spread(target - known, weights, unit)
    priced = dict(zip(map(id, others), amounts, strict=True))
    return [replace(line, amount=priced.get(id(line), line.amount)) for line in lines]


def _spread_tax(lines, tax, unit):
    """Return lines with whole taxes that sum to ``tax``."""
    weights = [amount for line in lines for _tax, amount in line.taxes]
    amounts = iter(spread(tax, _scale(weights, tax), unit))
    return [
        replace(line, taxes=tuple((one, next(amounts)) for one, _ in line.taxes))
        for line in lines
    ]


def _scale(weights, target):
    """Return ``weights`` in proportion, such that they sum to ``target``."""
    whole = sum(weights, ZERO)
    if whole:
        return [weight * target / whole for weight in weights]
    return [target, *weights[1:]] if weights else []


def _price(line):
    listed = line.sold.price_unit if line.sold else line.amount
    price, discount = price_and_discount(line.amount, listed, line.quantity)
    return replace(line, price_unit=price, discount=discount)
