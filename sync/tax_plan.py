"""Which taxes the lines of an order bear, and how much of each. Pure.

The store's rows say how much of which tax lies on what; their amounts are weights, the
order's tax is their sum. The method is described in the README ("How amounts become
exact").
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from .order_parts import GOODS, TAX_ROWS
from .order_plan import ZERO, is_rounding, spread

# What Odoo keeps of the rate of a tax.
RATE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class TaxKey:
    """What makes a tax of the store the same: its name, and its rate in percent.

    The key without a name is the tax of which the store does not say what it is.
    """

    name: str = ""
    rate: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class PlannedTax:
    """A tax on a line of the sale order, its amount in units of the currency."""

    key: TaxKey
    amount: Decimal


def plan_taxes(order, planned_lines, unit, digits=0):
    """Return ``planned_lines`` with their taxes, which sum to the order's tax.

    A difference that is no rounding is left to be seen.

    :param payloads.Order order: the store's order, with the rows of its taxes
    :param planned_lines: what :func:`~.order_plan.plan_lines` returned
    :param Decimal unit: smallest amount of the order's currency
    :param int digits: to which the store's rates are rounded; 0: as they come
    :rtype: list[PlannedLine]
    """
    weights = _weigh(order, planned_lines, unit, digits)
    places = [(index, key) for index, of_line in enumerate(weights) for key in of_line]
    target = order.total.tax.quantize(unit, ROUND_HALF_UP)
    amounts = spread(target, [weights[index][key] for index, key in places], unit)
    taxes = defaultdict(list)
    for (index, key), amount in zip(places, amounts, strict=True):
        taxes[index].append(PlannedTax(key, amount))
    return [
        replace(line, taxes=tuple(taxes[index]))
        for index, line in enumerate(planned_lines)
    ]


def _weigh(order, planned_lines, unit, digits):
    """Return, for each line, what lies on it of each tax: dicts of key -> amount.

    The rows say so; where they do not add up to the order's tax, but the store's own
    figures for the lines do, these are split in the proportion of the rows.
    """
    by_rows = _weigh_rows(order, planned_lines, digits)
    by_lines = [
        _scale(of_line if _sum(of_line) else _get_rates(of_line), line.tax)
        for of_line, line in zip(by_rows, planned_lines, strict=True)
    ]
    for weights in (by_rows, by_lines):
        amounts = [amount for of_line in weights for amount in of_line.values()]
        if is_rounding(order.total.tax, amounts, unit):
            return weights
    return by_rows


def _weigh_rows(order, planned_lines, digits):
    weights = [{} for _line in planned_lines]
    for row in order.taxes:
        key = _get_key(row, digits)
        for index, share in _share(row, planned_lines).items():
            weights[index][key] = weights[index].get(key, ZERO) + share
    rates = _get_rates(key for of_line in weights for key in of_line if key.rate)
    for of_line, line in zip(weights, planned_lines, strict=True):
        if line.tax and not of_line:
            # Fees have no rows, and some providers give none for other things.
            of_line |= _scale(rates or {TaxKey(): Decimal(1)}, line.tax)
    return weights


def _get_rates(keys):
    return {key: key.rate for key in keys}


def _get_key(row, digits):
    unit = Decimal(1).scaleb(-min(digits or RATE_DIGITS, RATE_DIGITS))
    rate = row.rate.quantize(unit, ROUND_HALF_UP).normalize()
    return TaxKey(row.name or row.tax_class, rate)


def _share(row, planned_lines):
    """Return how much of a row lies on which of the lines, by their index.

    A row may be about several things: one without details about all of a rate and an
    address, one of a tax provider about all addresses.
    """
    found = {
        index: line for index, line in enumerate(planned_lines) if _is_on(row, line)
    }
    of_address = {
        index: line
        for index, line in found.items()
        if row.address_id and line.address_id == row.address_id
    }
    found = of_address or found
    proportions = {index: line.tax for index, line in found.items()}
    if not any(proportions.values()):
        proportions = {index: line.amount for index, line in found.items()}
    if not any(proportions.values()):
        proportions = dict.fromkeys(found, Decimal(1))
    return _scale(proportions, row.line_amount)


def _is_on(row, line):
    """Return whether a row may be about a line."""
    if not row.line_type:
        return bool(line.tax)
    if row.line_type in TAX_ROWS:
        return line.part == TAX_ROWS[row.line_type]
    if row.line_id:
        return line.line_id == row.line_id
    return line.part in GOODS and bool(line.tax)


def _scale(amounts, total):
    """Return ``amounts``, a dict, in proportion, such that they sum to ``total``."""
    whole = _sum(amounts)
    if not whole:
        return amounts
    return {key: amount * total / whole for key, amount in amounts.items()}


def _sum(amounts):
    return sum(amounts.values(), ZERO)
