"""What is in the cart."""

from dataclasses import dataclass, field
from decimal import Decimal

from .amounts import ZERO, rounded
from .store import Store, TaxClass


@dataclass(frozen=True)
class Discount:
    id: str
    name: str
    code: str | None
    target: str
    amount: Decimal


@dataclass(eq=False)
class Place:
    """Where things go: a shipping consignment or a pickup."""

    id: int
    address: dict
    is_pickup: bool = False
    shipping: Decimal = ZERO
    handling: Decimal = ZERO


@dataclass(eq=False)
class Line:
    id: int
    type: str
    good: tuple
    quantity: int
    price: Decimal
    total: Decimal
    tax_class: TaxClass
    gift_certificate_id: int | None = None
    parent: "Line | None" = None
    place: Place | None = None
    wrapping: Decimal = ZERO
    discounts: list = field(default_factory=list)

    @property
    def net(self):
        return self.total - sum(discount.amount for discount in self.discounts)

    @property
    def is_gift_certificate(self):
        return self.type == "giftcertificate"


@dataclass(frozen=True)
class Fee:
    id: int
    name: str
    amount: Decimal
    tax_class: TaxClass


@dataclass
class Cart:
    order_id: int
    store: Store
    customer: dict
    is_guest: bool
    lines: list
    places: list
    fees: list
    # Whole ones: of a discount on the order the lines hold the shares.
    discounts: list
    # Wrapping that the order names and no line does.
    loose_wrapping: Decimal
    # How the store writes it down.
    writes_shares: bool
    writes_discounted_totals: bool
    writes_fees_as_text: bool
    writes_fee_rows: bool
    rows_off: int
    # Of the total, and of what is then left.
    certificate_share: Decimal
    credit_share: Decimal

    @property
    def subtotal(self):
        return rounded(sum(line.total for line in self.lines), self.store.unit)

    @property
    def wrappings(self):
        """(amount, place) of each."""
        wrappings = [(line.wrapping, line.place) for line in self.lines]
        return [
            wrapped
            for wrapped in (*wrappings, (self.loose_wrapping, None))
            if wrapped[0]
        ]

    def lines_of(self, place):
        return [line for line in self.lines if line.place is place]
