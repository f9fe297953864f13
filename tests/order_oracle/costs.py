"""What a cart costs, and what a bookkeeper expects to find."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from .amounts import ZERO, cut, rounded
from .cart import Line, Place
from .store import TaxClass

PARTS = (
    "product",
    "gift_certificate_sold",
    "shipping",
    "handling",
    "wrapping",
    "fee",
)


@dataclass(frozen=True)
class Expected:
    """What a bookkeeper finds when he adds the order up."""

    untaxed: Decimal
    tax: Decimal
    total: Decimal
    due: Decimal
    currency: str
    unit: Decimal
    tax_by_name: dict
    parts: dict


@dataclass(frozen=True)
class Charge:
    """Something the store takes tax on, as the tax rows see it."""

    type: str
    tax_class: TaxClass
    taxes: list
    place: Place | None = None
    line: Line | None = None

    @property
    def tax(self):
        return sum(self.taxes, ZERO)


def charges_of(cart):
    return [*_of_lines(cart), *_of_places(cart), *_of_wrapping(cart), *_of_fees(cart)]


def _of_lines(cart):
    for line in cart.lines:
        taxes = cart.store.taxes(line.net, line.tax_class, line.quantity)
        yield Charge("item", line.tax_class, taxes, line.place, line)


def _of_places(cart):
    store = cart.store
    for place in cart.places:
        if place.shipping:
            taxes = store.taxes(place.shipping, store.shipping)
            yield Charge("shipping", store.shipping, taxes, place)
        if place.handling:
            taxes = store.taxes(place.handling, store.handling)
            first = cart.lines_of(place)[0]
            yield Charge("handling", store.handling, taxes, place, first)


def _of_wrapping(cart):
    tax_class = cart.store.wrapping
    for amount, place in cart.wrappings:
        taxes = cart.store.taxes(amount, tax_class)
        yield Charge("gift-wrapping", tax_class, taxes, place)


def _of_fees(cart):
    for fee in cart.fees:
        taxes = cart.store.taxes(fee.amount, fee.tax_class)
        yield Charge("fee", fee.tax_class, taxes)


def parts_of(cart):
    """What each part adds to the total, on the side the store enters prices."""
    certificates = sum(
        (line.total for line in cart.lines if line.is_gift_certificate), ZERO
    )
    discount = sum((discount.amount for discount in cart.discounts), ZERO)
    return {
        "product": cart.subtotal - certificates - discount,
        "gift_certificate_sold": certificates,
        "shipping": sum((place.shipping for place in cart.places), ZERO),
        "handling": sum((place.handling for place in cart.places), ZERO),
        "wrapping": sum((amount for amount, _place in cart.wrappings), ZERO),
        "fee": sum((fee.amount for fee in cart.fees), ZERO),
    }


def expect(cart, charges, rows):
    store = cart.store
    parts = parts_of(cart)
    tax = rounded(sum((charge.tax for charge in charges), ZERO), store.unit)
    untaxed, total = store.sides(sum(parts.values()), tax)
    certificate, credit = redeemed(cart, total)
    tax_by_name = defaultdict(Decimal)
    for row in rows:
        tax_by_name[row["name"], Decimal(row["rate"])] += Decimal(row["line_amount"])
    return Expected(
        untaxed=untaxed,
        tax=tax,
        total=total,
        due=total - certificate - credit,
        currency=store.currency,
        unit=store.unit,
        tax_by_name=dict(tax_by_name),
        parts=parts,
    )


def redeemed(cart, total):
    certificate = cut(total * cart.certificate_share, cart.store.unit)
    credit = cut((total - certificate) * cart.credit_share, cart.store.unit)
    return certificate, credit
