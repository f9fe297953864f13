"""What a shopper, or a merchant by hand, puts into an order."""

from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from decimal import Decimal

from .statuses import AWAITING_FULFILLMENT

ZERO = Decimal(0)
# ids say where they belong: line 11802 is the second of order 118
LINES_PER_ORDER = 100


@dataclass(frozen=True)
class Address:
    """An address in the words of v2 orders; ``state`` is a name, not a code."""

    first_name: str
    last_name: str
    email: str
    company: str = ""
    street_1: str = "100 Main Street"
    street_2: str = ""
    city: str = "Austin"
    state: str = "Texas"
    zip: str = "78701"
    country: str = "United States"
    country_iso2: str = "US"
    phone: str = ""

    def fields(self):
        return {**asdict(self), "form_fields": []}


@dataclass(frozen=True)
class Tax:
    """One component of the tax; ``rate`` in percent."""

    name: str
    rate: Decimal


@dataclass(frozen=True)
class Coupon:
    """A coupon on the whole order.

    :param amount: the face value, in percent or in money
    :param type: 1 is a percentage, 2 an amount off the total (§3.8)
    """

    code: str
    name: str
    amount: Decimal
    type: int


@dataclass(frozen=True)
class Currency:
    """A currency of the store; ``rate`` is units of it for one of the store's."""

    id: int
    code: str
    rate: Decimal = Decimal(1)
    places: int = 2


USD = Currency(1, "USD")
EUR = Currency(2, "EUR", Decimal("0.9"))
JPY = Currency(3, "JPY", Decimal(150), places=0)
KWD = Currency(4, "KWD", Decimal("0.3"), places=3)
CURRENCIES = {currency.code: currency for currency in (USD, EUR, JPY, KWD)}


@dataclass(frozen=True)
class Line:
    """One line of the cart.

    :param price: of one, on the side on which the store enters prices
    :param product_id: 0 for a custom line and for a gift certificate
    :param choices: the variant's ``option_values``
    :param texts: what the shopper wrote: name of the modifier -> text
    :param discount: taken off this line by hand
    :param wrapping: what its gift wrapping costs
    :param address: position of its address in the cart
    :param is_fetched: whether it is picked up, where the cart has a pickup
    :param shipped: how many are shipped; as the order's status has it, if left out
    :param parent: position of the line whose pick list it was chosen from
    :param gift_certificate_id: of the certificate that is sold
    :param place: by which it has its id; its position, if left out
    """

    name: str
    price: Decimal
    quantity: int = 1
    product_id: int = 0
    variant_id: int = None
    sku: str = ""
    type: str = "physical"
    weight: Decimal = ZERO
    cost_price: Decimal = ZERO
    upc: str = ""
    choices: tuple = ()
    texts: tuple = ()
    discount: Decimal = ZERO
    wrapping: Decimal = ZERO
    taxed: bool = True
    address: int = 0
    is_fetched: bool = True
    shipped: int = None
    parent: int = None
    gift_certificate_id: int = None
    place: int = None


@dataclass(frozen=True)
class Cart:
    """All that is needed to make an order of it.

    :param number: id of the order
    :param billing: of the customer
    :param customer_id: 0 for a guest
    :param addresses: where to ship; the billing address if there are none
    :param shipping: cost of shipping to each address
    :param shipping_method: to the first address, and wherever nothing else is said
    :param other_shipping_methods: to the addresses after the first
    :param pickup: the location where the customer fetches it, instead
    :param discount: taken off the whole order by hand
    :param fees: pairs of a name and an amount
    :param gift_certificate: what was paid with a gift certificate
    :param store_credit: what was paid with store credit
    :param with_tax: whether prices are entered with tax
    :param currency: in which the shopper pays
    :param shown_in: the currency of which the shopper saw the prices
    :param payment_status: as the order's status has it, if left out
    :param unexplained: an amount in the total that no part of it explains
    """

    number: int
    billing: Address
    lines: tuple
    status: int = AWAITING_FULFILLMENT
    customer_id: int = 0
    addresses: tuple = ()
    shipping: tuple = ()
    shipping_method: str = "Ground"
    other_shipping_methods: tuple = ()
    handling: Decimal = ZERO
    pickup: dict = None
    discount: Decimal = ZERO
    coupon: Coupon = None
    fees: tuple = ()
    gift_certificate: Decimal = ZERO
    store_credit: Decimal = ZERO
    taxes: tuple = ()
    with_tax: bool = False
    currency: Currency = USD
    shown_in: Currency = None
    unexplained: Decimal = ZERO
    channel_id: int = 1
    source: str = "www"
    payment_method: str = "Credit Card"
    payment_status: str = None
    message: str = ""
    staff_notes: str = ""
    is_deleted: bool = False
    created: datetime = datetime(2026, 10, 1, 12, tzinfo=timezone.utc)
    modified: datetime = None

    def line_id(self, position):
        """The id that the line at a position has in the order."""
        places = [line.place for line in self.lines[position : position + 1]]
        if places in ([], [None]):
            places = [position]
        return self.number * LINES_PER_ORDER + 1 + places[0]


def line_of(record, variant, quantity=1, **details):
    """A line with a product of the catalogue.

    :param record: the product's :class:`~.store.Record`
    :param variant: one of its variants
    :param details: further fields of :class:`Line`
    """
    product = record.body
    own_price = variant.get("price")
    inherited = product.get("calculated_price", product["price"])
    known = {
        "name": product["name"],
        "price": Decimal(str(inherited if own_price is None else own_price)),
        "product_id": product["id"],
        "variant_id": variant["id"],
        "sku": variant["sku"],
        "type": product["type"],
        "weight": Decimal(str(product["weight"])),
        "cost_price": Decimal(str(product["cost_price"])),
        "upc": product["upc"],
        "choices": tuple(variant["option_values"]),
    }
    return Line(quantity=quantity, **{**known, **details})
