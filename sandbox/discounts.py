"""What is taken off the lines of a cart: bigcommerce-api.md §3.6."""

from decimal import Decimal

from .cart import ZERO
from .pricing import currency_unit, rounded

SHARE = Decimal("0.0001")
BY_HAND = {"id": "manual-discount", "name": "Manual Discount", "code": None}
PERCENTAGE = 1


def coupon_discount(cart):
    """The money that the cart's coupon takes off, in the currency's unit."""
    coupon = cart.coupon
    if not coupon:
        return ZERO
    if coupon.type != PERCENTAGE:
        return coupon.amount
    by_hand = sum(line.discount for line in cart.lines)
    goods = sum(_bases(cart)) - by_hand
    return rounded(goods * coupon.amount / 100, currency_unit(cart.currency))


def applied_discounts(cart):
    """Per line of the cart its discounts, as pairs of an amount and a description.

    A discount of the whole order is spread by price, in parts of four decimals.
    """
    of_the_order = [(cart.discount, {**BY_HAND, "target": "order"})]
    if cart.coupon:
        name, code = cart.coupon.name, cart.coupon.code
        coupon = {"id": "total-coupon", "name": name, "code": code, "target": "order"}
        of_the_order.append((coupon_discount(cart), coupon))
    bases = _bases(cart)
    whole = sum(bases) or Decimal(1)
    found = []
    for line, base in zip(cart.lines, bases, strict=True):
        applied = [(line.discount, {**BY_HAND, "target": "product"})]
        for amount, description in of_the_order:
            applied.append((rounded(amount * base / whole, SHARE), description))
        found.append([(amount, text) for amount, text in applied if amount])
    return found


def _bases(cart):
    """The price of each line; nothing is taken off a gift certificate."""
    return [
        ZERO if line.type == "giftcertificate" else line.price * line.quantity
        for line in cart.lines
    ]
