"""From a store's order to the lines of a sale order, in whole cents. Pure.

The method is described in the README ("How amounts become exact").
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
# Amounts closer than this are the same to BigCommerce, which keeps four decimals.
EPSILON = Decimal("0.00005")


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line of the sale order: which part of the store's order it is, and its price.

    ``amount`` is the net amount of the line on the side (with or without tax) on
    which the store enters prices; in the end in whole units of the currency.
    ``tax`` is what the store says of the tax on it, ``taxes`` what comes of it (see
    :mod:`tax_plan`). ``source`` is the store's line (``order_line``), for products.
    """

    part: str
    amount: Decimal
    quantity: Decimal = Decimal(1)
    price_unit: Decimal = ZERO
    discount: Decimal = ZERO
    name: str = ""
    line_id: str = ""
    address_id: str = ""
    tax: Decimal = ZERO
    taxes: tuple = ()
    source: object = None


def spread(target, weights, unit):
    """Return whole units that sum to ``target``, in proportion to ``weights``.

    The missing or surplus units go to the weights with the largest rounding error;
    a weight of 0 gets nothing. A difference of more than half a unit per weight is no
    rounding difference: the weights are then rounded, and their sum is left to differ.

    :param Decimal target: what the parts should sum to, in whole units
    :param list weights: amounts as Decimal
    :param Decimal unit: smallest amount of the currency
    """
    parts = [weight.quantize(unit, ROUND_HALF_UP) for weight in weights]
    if not is_rounding(target, weights, unit):
        return parts
    takers = [index for index, weight in enumerate(weights) if weight]
    missing = int((target - sum(parts, ZERO)) / unit)
    sign = 1 if missing > 0 else -1
    takers.sort(key=lambda index: sign * (weights[index] - parts[index]), reverse=True)
    for index in takers[: abs(missing)]:
        parts[index] += sign * unit
    return parts


def is_rounding(target, weights, unit):
    """Return whether ``weights`` miss ``target`` by no more than rounding explains.

    That is half a unit for each weight that is not 0.
    """
    tolerance = sum(map(bool, weights)) * unit / 2
    return abs(target - sum(weights, ZERO)) <= tolerance


def price_and_discount(amount, list_price, quantity):
    """Return the price and discount (in %) that give ``amount`` for ``quantity``.

    List price and percentage where they give it exactly, so that people see them;
    else the shortest net price that does.
    """
    gross = list_price * quantity
    if abs(gross - amount) <= EPSILON:
        return list_price, ZERO
    if not amount:
        return list_price, Decimal(100)
    if gross > amount > 0:
        discount = ((gross - amount) / gross * 100).quantize(Decimal("0.01"))
        if abs(gross * (1 - discount / 100) - amount) <= EPSILON:
            return list_price, discount
    price = amount / quantity
    for decimals in range(12):
        rounded = round(price, decimals)
        if abs(rounded * quantity - amount) <= EPSILON:
            return rounded, ZERO
    return price, ZERO


def plan_lines(order, unit, with_payments=True):
    """Return the lines of the sale order of ``order``.

    :param payloads.Order order: the store's order
    :param Decimal unit: smallest amount of the order's currency
    :param bool with_payments: whether gift certificates and store credit that pay for
        the order are lines of it
    :rtype: list[PlannedLine]
    """
    inclusive = order.is_tax_inclusive
    lines = _plan_products(order, inclusive) + _plan_charges(order, inclusive)
    target = order.total.of(inclusive).quantize(unit, ROUND_HALF_UP)
    lines = _spread_order_discount(order, lines, target, unit)
    amounts = spread(target, [line.amount for line in lines], unit)
    priced = [_price(line, amount) for line, amount in zip(lines, amounts, strict=True)]
    return priced + (_plan_payments(order) if with_payments else [])


def _price(line, amount):
    price, discount = price_and_discount(amount, line.price_unit, line.quantity)
    return replace(line, amount=amount, price_unit=price, discount=discount)


def _plan_products(order, inclusive):
    return [
        PlannedLine(
            part=(
                "gift_certificate_sold"
                if order_line.type == "giftcertificate"
                else "product"
            ),
            amount=order_line.total.of(inclusive) - sum(order_line.discounts, ZERO),
            price_unit=order_line.price.of(inclusive),
            quantity=order_line.quantity,
            name=order_line.name,
            line_id=order_line.id,
            address_id=order_line.address_id,
            tax=order_line.total.tax,
            source=order_line,
        )
        for order_line in order.lines
        if order_line.quantity
    ]


def _plan_charges(order, inclusive):
    """Return shipping and handling per consignment, wrapping, and the fees."""
    charges = []
    for part in ("shipping", "handling"):
        total = getattr(order, part)
        by_consignment = [
            (consignment, getattr(consignment, part))
            for consignment in order.consignments
            if getattr(consignment, part).of(inclusive)
        ]
        found = (amounts.of(inclusive) for _consignment, amounts in by_consignment)
        if sum(found, ZERO) == total.of(inclusive):
            charges += [
                (
                    part,
                    amounts,
                    consignment.shipping_method if part == "shipping" else "",
                    consignment.id,
                )
                for consignment, amounts in by_consignment
            ]
        else:
            charges.append((part, total, "", ""))
    charges.append(("wrapping", order.wrapping, "", ""))
    charges += [("fee", fee.amount, fee.name, "") for fee in order.fees]
    return [
        PlannedLine(
            part=part,
            amount=amounts.of(inclusive),
            price_unit=amounts.of(inclusive),
            name=name,
            address_id=address_id,
            tax=amounts.tax,
        )
        for part, amounts, name, address_id in charges
        if amounts.of(inclusive)
    ]


def _spread_order_discount(order, planned_lines, target, unit):
    """Give products their shares of order discounts that their lines do not show.

    The store usually writes each line's share with the line. Where it does not, the
    order's total tells that the discount is missing.
    """
    rounding = len(planned_lines) * unit / 2
    surplus = (
        sum((planned_line.amount for planned_line in planned_lines), ZERO) - target
    )
    shown = sum(
        (discount for order_line in order.lines for discount in order_line.discounts),
        ZERO,
    )
    unshown = order.discount_amount + order.coupon_discount - shown
    discountable = sum(
        (
            planned_line.amount
            for planned_line in planned_lines
            if _is_discountable(planned_line)
        ),
        ZERO,
    )
    if surplus <= rounding or abs(unshown - surplus) > rounding or discountable <= 0:
        return planned_lines
    rest = 1 - surplus / discountable
    return [
        replace(planned_line, amount=planned_line.amount * rest)
        if _is_discountable(planned_line)
        else planned_line
        for planned_line in planned_lines
    ]


def _is_discountable(planned_line):
    """Return whether the store's discounts lower a line: no gift certificate's."""
    return planned_line.part == "product"


def _plan_payments(order):
    """Return gift certificate and store credit: means of payment, so negative."""
    return [
        PlannedLine(part=part, amount=-amount, price_unit=-amount)
        for part, amount in (
            ("gift_certificate", order.gift_certificate_amount),
            ("store_credit", order.store_credit_amount),
        )
        if amount
    ]
