"""Random BigCommerce orders whose amounts are known beforehand.

A cart is drawn first: prices, discounts, consignments, fees, and how the store
rounds its taxes. The amounts follow from it, forward only, in plain decimal
arithmetic. From the same cart come the order as the API answers it, its tax rows,
and what a bookkeeper expects to find. Nothing here knows the connector.
"""

import copy
import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from email.utils import format_datetime
from enum import Enum
from functools import cached_property

from hypothesis import strategies as st

ZERO = Decimal(0)
# The API's amounts have four decimals, whatever the currency.
FINEST = Decimal("0.0001")
# Currency: smallest amount, and what a thing for one dollar costs in it.
CURRENCIES = {
    "USD": (Decimal("0.01"), Decimal("1")),
    "EUR": (Decimal("0.01"), Decimal("1")),
    "JPY": (Decimal("1"), Decimal("100")),
    "KWD": (Decimal("0.001"), Decimal("0.3")),
}
PARTS = (
    "product",
    "gift_certificate_sold",
    "shipping",
    "handling",
    "wrapping",
    "fee",
)
# What an order may have beyond one taxed product in dollars at a plain price.
EXTRAS = frozenset(
    {
        "automatic_tax",
        "bundles",
        "compound_taxes",
        "consignments",
        "coupons",
        "currencies",
        "custom_lines",
        "digital_lines",
        "fees",
        "fine_prices",
        "gift_certificates_sold",
        "handling",
        "inclusive_prices",
        "order_discounts",
        "pickups",
        "product_discounts",
        "redeemed",
        "reduced_rates",
        "rounding_methods",
        "rows_off",
        "stacked_taxes",
        "untaxed",
        "unwritten_shares",
        "wrapping",
        "zero_tax",
    }
)
# (product id, variant id, SKU, name)
GOODS = tuple(
    (1000 + number, 5000 + number, f"ORACLE-{number}", name)
    for number, name in enumerate(
        (
            "Enamel Mug",
            "Linen Towel",
            "Canvas Tote",
            "Trail Map (download)",
            "Beeswax Candle",
            "Oak Cutting Board",
            "Wool Blanket",
            "Knitting Pattern (download)",
            "Brass Bookmark",
            "Clay Planter",
        ),
        start=1,
    )
)


class Rounding(Enum):
    """What the store rounds when it computes a tax."""

    PER_LINE = "each component on each line"
    PER_ORDER = "the order's total_tax, from four decimals on each line"
    PER_UNIT = "each component on one piece, times the quantity"


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
class OracleOrder:
    raw: dict
    taxes: list
    expected: Expected
    rounding: Rounding


@dataclass(frozen=True)
class BrokenOrder:
    raw: dict
    taxes: list
    kind: str
    reason: str


@dataclass(frozen=True)
class Knobs:
    """How large and how rich a drawn order may become."""

    max_lines: int = 8
    max_quantity: int = 24
    extras: frozenset = EXTRAS


# ---------------------------------------------------------------------------
# The store and its taxes
# ---------------------------------------------------------------------------


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


def rounded(amount, unit):
    return amount.quantize(unit, ROUND_HALF_UP)


def cut(amount, unit):
    return amount.quantize(unit, ROUND_DOWN)


# ---------------------------------------------------------------------------
# What is in the cart
# ---------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------
# Drawing a cart
# ---------------------------------------------------------------------------


class Draw:
    """The dice, and what they may decide."""

    def __init__(self, seed, knobs):
        self.seed = seed
        self.knobs = knobs
        self.rng = random.Random(seed)

    def part(self, name):
        """Dice of its own, so that shrinking one part leaves the others alone."""
        return Draw(f"{self.seed}/{name}", self.knobs)

    def has(self, extra, chance):
        # Roll in any case: what follows stays the same without the extra.
        return self.maybe(chance) and extra in self.knobs.extras

    def maybe(self, chance):
        return self.rng.random() < chance

    def pick(self, choices):
        return self.rng.choice(choices)

    def money(self, currency, low, high, unit=None):
        """An amount worth so many dollars, in whole units."""
        smallest, scale = CURRENCIES[currency]
        unit = unit or smallest
        steps = [int(Decimal(str(dollars)) * scale / unit) for dollars in (low, high)]
        return max(unit * self.rng.randint(*steps), smallest)

    def quantity(self):
        most = self.knobs.max_quantity
        return self.rng.randint(1, min(4, most) if self.maybe(0.6) else most)


def draw_cart(draw, order_id, goods):
    store = draw_store(draw.part("store"))
    customer = draw.pick(CUSTOMERS)
    lines = draw_lines(draw, store, order_id, goods)
    places = draw_places(draw.part("places"), store, order_id, customer, lines)
    discounts = draw_discounts(draw.part("discounts"), store, lines)
    certificate_share, credit_share = draw_redemption(draw.part("redemption"))
    return Cart(
        order_id=order_id,
        store=store,
        customer=customer,
        is_guest=draw.maybe(0.2),
        lines=lines,
        places=places,
        fees=draw_fees(draw.part("fees"), store, order_id),
        discounts=discounts,
        loose_wrapping=draw_wrapping(draw.part("wrapping"), store, lines),
        writes_shares=not draw.has("unwritten_shares", 0.3),
        writes_discounted_totals=draw.maybe(0.85),
        writes_fees_as_text=draw.maybe(0.3),
        writes_fee_rows=draw.maybe(0.6),
        rows_off=draw.pick([-2, -1, 1, 2]) if draw.has("rows_off", 0.15) else 0,
        certificate_share=certificate_share,
        credit_share=credit_share,
    )


def draw_store(draw):
    currency = "USD"
    if draw.has("currencies", 0.6):
        currency = draw.pick([code for code in CURRENCIES if code != "USD"])
    rounding = Rounding.PER_LINE
    if draw.has("rounding_methods", 0.6):
        rounding = draw.pick([Rounding.PER_ORDER, Rounding.PER_UNIT])
    default, reduced, untaxed = draw_tax_classes(draw)

    def default_or_untaxed():
        return untaxed if draw.has("untaxed", 0.35) else default

    return Store(
        currency=currency,
        inclusive=draw.has("inclusive_prices", 0.5),
        rounding=rounding,
        rounds_lines=draw.maybe(0.6),
        automatic_tax=draw.has("automatic_tax", 0.2),
        default=default,
        reduced=reduced,
        untaxed=untaxed,
        shipping=default_or_untaxed(),
        handling=default_or_untaxed(),
        wrapping=default_or_untaxed(),
    )


def draw_tax_classes(draw):
    """The default class, the reduced one and the untaxed one."""
    untaxed = UNTAXED
    if draw.maybe(0.2):
        # Some stores write a row for nothing.
        untaxed = replace(UNTAXED, components=(Component("Exempt", ZERO),))
    if draw.has("zero_tax", 0.08):
        return untaxed, untaxed, untaxed
    default, reduced = draw_components(draw)
    return (
        TaxClass(0, "Default Tax Class", tuple(default)),
        TaxClass(5, "Reduced", tuple(reduced)),
        untaxed,
    )


def draw_components(draw):
    if draw.has("stacked_taxes", 0.25):
        taxes = draw.pick(STACKED_TAXES)
    elif draw.has("compound_taxes", 0.2):
        taxes = draw.pick(COMPOUND_TAXES)
    elif draw.maybe(0.25):
        rate = Decimal(draw.rng.randint(1000, 270000)) * FINEST
        taxes = [("Local Tax", rate, 0)], [("Local Tax", cut(rate / 2, FINEST), 0)]
    else:
        taxes = draw.pick(SINGLE_TAXES)
    return [
        [Component(name, Decimal(rate), priority) for name, rate, priority in side]
        for side in taxes
    ]


def draw_lines(draw, store, order_id, goods):
    lines = []
    count = draw.part("size").rng.randint(1, draw.knobs.max_lines)
    while len(lines) < count:
        dice = draw.part(f"line {len(lines)}")
        line = draw_line(dice, store, order_id * 100 + len(lines) + 1, goods)
        lines.append(line)
        is_kit = line.type == "physical" and line.good[0] and dice.has("bundles", 0.08)
        if is_kit and len(lines) < count:
            lines.append(picked_with(line, line.id + 1, dice.pick(physical(goods))))
    return lines


def draw_line(draw, store, line_id, goods):
    if draw.has("gift_certificates_sold", 0.06):
        return gift_certificate(draw, store, line_id)
    if draw.has("custom_lines", 0.08):
        kind = "digital" if draw.has("digital_lines", 0.2) else "physical"
        good = (0, draw.pick([0, None]), "", draw.pick(CUSTOM_NAMES))
    elif digital(goods) and draw.has("digital_lines", 0.12):
        kind, good = "digital", draw.pick(digital(goods))
    else:
        kind, good = "physical", draw.pick(physical(goods))
    quantity = draw.quantity()
    price = draw_price(draw, store)
    total = price * quantity
    return Line(
        id=line_id,
        type=kind,
        good=good,
        quantity=quantity,
        price=price,
        total=rounded(total, store.unit) if store.rounds_lines else total,
        tax_class=draw_line_class(draw, store),
    )


def draw_price(draw, store):
    if draw.has("fine_prices", 0.3):
        high = 1 if draw.maybe(0.3) else 150
        return draw.money(store.currency, "0.02", high, unit=FINEST)
    return draw.money(store.currency, "0.5", 150)


def draw_line_class(draw, store):
    if draw.has("untaxed", 0.1):
        return store.untaxed
    return store.reduced if draw.has("reduced_rates", 0.15) else store.default


def gift_certificate(draw, store, line_id):
    value = draw.pick([10, 25, 50]) * CURRENCIES[store.currency][1]
    return Line(
        id=line_id,
        type="giftcertificate",
        good=(0, None, "", "Gift Certificate"),
        quantity=1,
        price=value,
        total=value,
        tax_class=UNTAXED,
        gift_certificate_id=line_id,
    )


def picked_with(parent, line_id, good):
    """The product chosen from a pick list: its price is in the parent's."""
    return Line(
        id=line_id,
        type="physical",
        good=good,
        quantity=parent.quantity,
        price=ZERO,
        total=ZERO,
        tax_class=parent.tax_class,
        parent=parent,
    )


def digital(goods):
    """Every fourth good is a download, so that each keeps its type."""
    return goods[3::4]


def physical(goods):
    return [good for number, good in enumerate(goods) if number % 4 != 3]


def draw_places(draw, store, order_id, customer, lines):
    things = [line for line in lines if line.type == "physical" and not line.parent]
    draw.rng.shuffle(things)
    places = []
    if things and draw.has("pickups", 0.15):
        taken = draw.rng.randint(1, len(things))
        pickup = Place(order_id * 10 + 9, draw.pick(CUSTOMERS), is_pickup=True)
        places.append(pickup)
        for line in things[:taken]:
            line.place = pickup
        things = things[taken:]
    if things:
        places += draw_consignments(draw, store, order_id, customer, things)
    for line in lines:
        if line.parent:
            line.place = line.parent.place
    return places


def draw_consignments(draw, store, order_id, customer, things):
    most = 3 if draw.has("consignments", 0.3) else 1
    places = [
        Place(order_id * 10 + number, draw.pick(CUSTOMERS) if number else customer)
        for number in range(min(most, len(things)))
    ]
    for number, line in enumerate(things):
        line.place = places[number] if number < len(places) else draw.pick(places)
    has_handling = draw.has("handling", 0.25)
    for place in places:
        if draw.maybe(0.7):
            place.shipping = draw.money(store.currency, "2", 30)
        if has_handling:
            place.handling = draw.money(store.currency, "0.5", 8)
    return places


def draw_discounts(draw, store, lines):
    """Discounts of the order; the lines get theirs."""
    goods = [line for line in lines if line.total and not line.is_gift_certificate]
    discounts = []
    if draw.has("product_discounts", 0.25):
        for line in goods:
            if draw.maybe(0.5):
                discounts += discount_line(draw, store, line)
    if draw.has("order_discounts", 0.2):
        identity = draw.pick(
            [("manual-discount", "Manual Discount"), ("31", "Spring promotion")]
        )
        discounts += discount_order(draw, store, goods, *identity, None)
    if draw.has("coupons", 0.2):
        identity = draw.pick([("coupon", "10% off"), ("total-coupon", "$5 off")])
        discounts += discount_order(draw, store, goods, *identity, "S2549JM0Y")
    return discounts


def discount_line(draw, store, line):
    amount = draw_part_of(draw, line.net, store, chance_of_all=0.05)
    if not amount:
        return []
    identity = draw.pick([("17", "Buy more", None), ("coupon", "Mugs off", "MUGS")])
    discount = Discount(*identity, target="product", amount=amount)
    line.discounts.append(discount)
    return [discount]


def discount_order(draw, store, lines, identity, name, code):
    whole = sum((line.net for line in lines), ZERO)
    amount = draw_part_of(draw, whole, store, chance_of_all=0.25)
    if not amount:
        return []
    discount = Discount(identity, name, code, target="order", amount=amount)
    for line in lines:
        # To four decimals: the shares may miss the amount by a fraction of a cent.
        share = rounded(amount * line.net / whole, FINEST)
        line.discounts.append(replace(discount, amount=share))
    return [discount]


def draw_part_of(draw, amount, store, chance_of_all):
    percent = 100 if draw.maybe(chance_of_all) else draw.rng.randint(3, 50)
    return cut(amount * percent / 100, store.unit)


def draw_wrapping(draw, store, lines):
    """Wrap some lines; what the order alone names is returned."""
    things = [line for line in lines if line.type == "physical" and not line.parent]
    if not things or not draw.has("wrapping", 0.2):
        return ZERO
    if draw.maybe(0.25):
        return draw.money(store.currency, "1", 9)
    for line in draw.rng.sample(things, draw.rng.randint(1, len(things))):
        line.wrapping = draw.money(store.currency, "1", 5)
    return ZERO


def draw_fees(draw, store, order_id):
    if not draw.has("fees", 0.2):
        return []
    return [
        Fee(
            id=order_id * 10 + number,
            name=name,
            amount=draw.money(store.currency, "1", 20),
            tax_class=store.untaxed if draw.has("untaxed", 0.4) else store.default,
        )
        for number, name in enumerate(FEE_NAMES[: draw.pick([1, 1, 2])])
    ]


def draw_redemption(draw):
    """The share of a gift certificate, and of store credit in what it leaves."""
    if not draw.has("redeemed", 0.3):
        return ZERO, ZERO
    part = Decimal(draw.rng.randint(5, 95)) / 100
    return draw.pick(
        [
            (part, ZERO),
            (ZERO, part),
            (part, part),
            (Decimal(1), ZERO),
            (ZERO, Decimal(1)),
            (part, Decimal(1)),
        ]
    )


# ---------------------------------------------------------------------------
# What it costs
# ---------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------
# As the API writes it
# ---------------------------------------------------------------------------

CUSTOMERS = tuple(
    {
        "customer_id": number,
        "first_name": first_name,
        "last_name": last_name,
        "company": company,
        "street_1": street,
        "street_2": "",
        "city": city,
        "state": state,
        "zip": zip_code,
        "phone": f"555-010-{number:04}",
        "email": f"{first_name}.{last_name}@example.com".lower(),
    }
    for number, (first_name, last_name, company, street, city, state, zip_code) in (
        enumerate(
            (
                (
                    "Nora",
                    "Halvard",
                    "",
                    "418 Alder Street",
                    "Portland",
                    "Oregon",
                    97205,
                ),
                ("Miles", "Okafor", "", "77 Lake Road", "Madison", "Wisconsin", 53703),
                ("Ines", "Quill", "Quill Books", "9 Elm Row", "Austin", "Texas", 78701),
                ("Otto", "Brandt", "", "1203 Pine Avenue", "Boise", "Idaho", 83702),
                ("Ruth", "Tamsin", "", "56 Harbor Lane", "Portland", "Maine", "04101"),
                ("Gus", "Verlaine", "", "340 Mesa Drive", "Tucson", "Arizona", 85701),
            ),
            start=21,
        )
    )
)
ADDRESS_FIELDS = (
    "first_name",
    "last_name",
    "company",
    "street_1",
    "street_2",
    "city",
    "state",
    "phone",
    "email",
)
CUSTOM_NAMES = ("Engraving", "Custom framing", "Rush assembly")
FEE_NAMES = ("Package protection", "Oversize item")
FIRST_DAY = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)


def text(amount):
    return f"{amount:.4f}"


def json_number(amount):
    """As in JSON: 5, not 5.0."""
    return int(amount) if amount == int(amount) else float(amount)


def sided(prefix, amounts, write=text):
    ex_tax, inc_tax, tax = amounts
    return {
        f"{prefix}_ex_tax": write(ex_tax),
        f"{prefix}_inc_tax": write(inc_tax),
        f"{prefix}_tax": write(tax),
    }


def summed(amounts):
    """Several (without tax, with tax, tax) in one."""
    return tuple(
        sum(column, ZERO) for column in zip((ZERO,) * 3, *amounts, strict=True)
    )


def address(customer):
    return {
        **{name: customer[name] for name in ADDRESS_FIELDS},
        "zip": str(customer["zip"]),
        "country": "United States",
        "country_iso2": "US",
        "form_fields": [],
    }


def rows_of(cart, charges):
    rows = []
    for charge in charges:
        if charge.type == "fee" and not cart.writes_fee_rows:
            continue
        components = enumerate(charge.tax_class.components)
        for (position, component), amount in zip(components, charge.taxes, strict=True):
            row_id = cart.order_id * 100 + len(rows) + 1
            rows.append(tax_row(cart, row_id, charge, position, component, amount))
    set_rows_off(rows, cart)
    return rows


def tax_row(cart, row_id, charge, position, component, amount):
    automatic = cart.store.automatic_tax
    place = charge.place
    of_line = charge.type in ("item", "handling")
    row = {
        "id": row_id,
        "order_id": cart.order_id,
        "order_address_id": place.id if place and not place.is_pickup else 0,
        "tax_rate_id": 0 if automatic else charge.tax_class.id * 10 + position + 1,
        "sales_tax_id": component.name.lower().replace(" ", "-"),
        "tax_class_id": None if automatic else charge.tax_class.id,
        "name": component.name,
        "class": "Automatic Tax" if automatic else charge.tax_class.name,
        "rate": text(component.rate),
        "priority": component.priority,
        "priority_amount": text(amount),
        "line_amount": text(amount),
        "order_pickup_method_id": place.id if place and place.is_pickup else 0,
        "order_product_id": str(charge.line.id) if of_line else None,
        "line_item_type": charge.type,
    }
    if automatic:
        del row["order_id"], row["order_address_id"]
    return row


def set_rows_off(rows, cart):
    """Let the rows miss the order's tax by a unit or two."""
    off = cart.rows_off * cart.store.unit
    for row in rows:
        amount = Decimal(row["line_amount"])
        if amount and amount + off >= 0:
            row["line_amount"] = row["priority_amount"] = text(amount + off)
            return


def raw_line(cart, line, charge):
    store = cart.store
    product_id, variant_id, sku, name = line.good
    place = line.place
    _ex_tax, inc_tax = store.sides(line.net, charge.tax)
    price = store.in_tax(line.price, line.tax_class)
    total = store.in_tax(line.total, line.tax_class, line.quantity)
    wrapping = store.in_tax(line.wrapping, store.wrapping)
    raw = {
        "id": line.id,
        "order_id": cart.order_id,
        "product_id": product_id,
        "variant_id": variant_id,
        "order_pickup_method_id": place.id if place and place.is_pickup else 0,
        "order_address_id": place.id if place and not place.is_pickup else 0,
        "name": name,
        "name_customer": name,
        "name_merchant": name,
        "sku": sku,
        "upc": "",
        "type": line.type,
        "quantity": line.quantity,
        "quantity_shipped": 0,
        "quantity_refunded": 0,
        "is_refunded": False,
        "refund_amount": text(ZERO),
        "base_price": text(line.price),
        **sided("price", price),
        "base_total": text(line.total),
        **sided("total", total),
        # After discounts, unlike the two amounts before it.
        "total_tax": text(charge.tax),
        "discounted_total_inc_tax": text(inc_tax),
        "wrapping_id": 3 if line.wrapping else 0,
        "wrapping_name": "Gift paper" if line.wrapping else "",
        "wrapping_message": "",
        "base_wrapping_cost": text(line.wrapping),
        **sided("wrapping_cost", wrapping),
        "fixed_shipping_cost": text(ZERO),
        "parent_order_product_id": line.parent.id if line.parent else None,
        "is_bundled_product": bool(line.parent),
        "gift_certificate_id": line.gift_certificate_id,
        "applied_discounts": [
            raw_discount(discount)
            for discount in line.discounts
            if cart.writes_shares or discount.target == "product"
        ],
        "product_options": [],
        "configurable_fields": [],
        "external_id": None,
    }
    if not cart.writes_discounted_totals:
        del raw["discounted_total_inc_tax"]
    return raw


def raw_discount(discount):
    return {
        "id": discount.id,
        "amount": text(discount.amount),
        "name": discount.name,
        "code": discount.code,
        "target": discount.target,
    }


def raw_consignments(cart, raw_lines):
    def items(lines):
        return [raw_lines[line.id] for line in lines]

    nowhere = [line for line in cart.lines if not line.place]
    downloads = [line for line in nowhere if not line.is_gift_certificate]
    email = cart.customer["email"]
    return {
        "pickups": [
            raw_pickup(place, items(cart.lines_of(place)))
            for place in cart.places
            if place.is_pickup
        ],
        "shipping": [
            raw_shipping(cart.store, place, items(cart.lines_of(place)))
            for place in cart.places
            if not place.is_pickup
        ],
        "downloads": [{"recipient_email": email, "line_items": items(downloads)}]
        if downloads
        else [],
        "email": {
            "gift_certificates": [
                {"recipient_email": "friend@example.com", "line_items": items([line])}
                for line in nowhere
                if line.is_gift_certificate
            ]
        },
    }


def raw_pickup(place, line_items):
    return {
        "id": place.id,
        "pickup_method_id": 1,
        "pickup_method_display_name": "Pick up in store",
        "collection_instructions": "Bring your ID.",
        "collection_time_description": "9am - 6pm",
        "location": {
            "id": 1,
            "name": "Main Street shop",
            "code": "MAIN",
            "address_line_1": "12 Main Street",
            "address_line_2": "",
            "city": "Austin",
            "state": "Texas",
            "postal_code": "78701",
            "country_alpha2": "US",
            "email": "shop@example.com",
            "phone": "555-010-0001",
        },
        "line_items": line_items,
    }


def raw_shipping(store, place, line_items):
    return {
        "id": place.id,
        **address(place.address),
        "items_total": sum(line["quantity"] for line in line_items),
        "items_shipped": 0,
        "shipping_method": "Flat Rate" if place.shipping else "Free Shipping",
        "base_cost": json_number(place.shipping),
        **sided("cost", store.in_tax(place.shipping, store.shipping), json_number),
        "cost_tax_class_id": store.shipping.id,
        "base_handling_cost": json_number(place.handling),
        **sided(
            "handling_cost", store.in_tax(place.handling, store.handling), json_number
        ),
        "handling_cost_tax_class_id": store.handling.id,
        "shipping_zone_id": 1,
        "shipping_zone_name": "United States",
        "line_items": line_items,
    }


def raw_fee(cart, fee):
    write = text if cart.writes_fees_as_text else json_number
    return {
        "id": fee.id,
        "type": "custom_fee",
        "display_name_customer": fee.name,
        "display_name_merchant": fee.name,
        "source": "v2",
        "base_cost": write(fee.amount),
        **sided("cost", cart.store.in_tax(fee.amount, fee.tax_class), write),
        "tax_class_id": fee.tax_class.id,
    }


def raw_money(cart, charges, expected):
    store, parts = cart.store, expected.parts
    lines = summed(
        store.in_tax(line.total, line.tax_class, line.quantity) for line in cart.lines
    )
    subtotal = sided("subtotal", lines)
    # Of an order's figures only those on the side of the prices are exact.
    side = "inc" if store.inclusive else "ex"
    subtotal[f"subtotal_{side}_tax"] = text(cart.subtotal)
    subtotal["subtotal_tax"] = text(
        sum((charge.tax for charge in charges if charge.type == "item"), ZERO)
    )
    shipping = summed(
        store.in_tax(place.shipping, store.shipping) for place in cart.places
    )
    handling = summed(
        store.in_tax(place.handling, store.handling) for place in cart.places
    )
    wrapping = summed(
        store.in_tax(amount, store.wrapping) for amount, _place in cart.wrappings
    )
    certificate, credit = redeemed(cart, expected.total)
    return {
        **subtotal,
        "base_shipping_cost": text(parts["shipping"]),
        **sided("shipping_cost", shipping),
        "shipping_cost_tax_class_id": store.shipping.id,
        "base_handling_cost": text(parts["handling"]),
        **sided("handling_cost", handling),
        "handling_cost_tax_class_id": store.handling.id,
        "base_wrapping_cost": text(parts["wrapping"]),
        **sided("wrapping_cost", wrapping),
        "wrapping_cost_tax_class_id": store.wrapping.id,
        "discount_amount": text(discounted(cart, by_coupon=False)),
        "coupon_discount": text(discounted(cart, by_coupon=True)),
        **sided("total", (expected.untaxed, expected.total, expected.tax)),
        "gift_certificate_amount": text(certificate),
        "store_credit_amount": text(credit),
        "refunded_amount": text(ZERO),
        "is_tax_inclusive_pricing": store.inclusive,
        "tax_provider_id": (
            "AvaTaxProvider" if store.automatic_tax else "BasicTaxProvider"
        ),
        "currency_id": 1,
        "currency_code": store.currency,
        "currency_exchange_rate": "1.0000000000",
        "default_currency_id": 1,
        "default_currency_code": store.currency,
        "store_default_currency_code": store.currency,
        "store_default_to_transactional_exchange_rate": "1.0000000000",
    }


def discounted(cart, by_coupon):
    return sum(
        (
            discount.amount
            for discount in cart.discounts
            if bool(discount.code) == by_coupon
        ),
        ZERO,
    )


def payment_method(cart, expected):
    if expected.due:
        return "Credit Card"
    certificate, credit = redeemed(cart, expected.total)
    if credit:
        return "Store Credit"
    return "Gift Certificate" if certificate else ""


def raw_order(cart, charges, expected):
    raw_lines = {
        charge.line.id: raw_line(cart, charge.line, charge)
        for charge in charges
        if charge.type == "item"
    }
    created = format_datetime(FIRST_DAY + timedelta(minutes=cart.order_id % 500_000))
    return {
        "id": cart.order_id,
        "customer_id": 0 if cart.is_guest else cart.customer["customer_id"],
        "date_created": created,
        "date_modified": created,
        "date_shipped": "",
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "custom_status": "Awaiting Fulfillment",
        "is_deleted": False,
        "cart_id": None,
        "channel_id": 1,
        "order_source": "www",
        "external_source": "",
        "external_id": None,
        "external_order_id": "",
        "external_merchant_id": None,
        "ebay_order_id": "0",
        "customer_locale": "en",
        **raw_money(cart, charges, expected),
        "payment_method": payment_method(cart, expected),
        "payment_provider_id": "",
        "payment_status": "captured",
        "items_total": sum(line.quantity for line in cart.lines),
        "items_shipped": 0,
        "order_is_digital": not cart.places,
        "shipping_address_count": sum(not place.is_pickup for place in cart.places),
        "staff_notes": "",
        "customer_message": "",
        "is_email_opt_in": False,
        "ip_address": "192.0.2.10",
        "ip_address_v6": "",
        "geoip_country": "United States",
        "geoip_country_iso2": "US",
        "credit_card_type": None,
        "billing_address": address(cart.customer),
        "fees": [raw_fee(cart, fee) for fee in cart.fees],
        "consignments": raw_consignments(cart, raw_lines),
        **{
            name: {
                "url": f"https://api.bigcommerce.com/stores/oracle/v2{resource}",
                "resource": resource,
            }
            for name, resource in (
                ("products", f"/orders/{cart.order_id}/products"),
                ("shipping_addresses", f"/orders/{cart.order_id}/shippingaddresses"),
                ("coupons", f"/orders/{cart.order_id}/coupons"),
            )
        },
    }


# ---------------------------------------------------------------------------
# Whole orders
# ---------------------------------------------------------------------------


def order_from(rng, order_id, goods=GOODS, knobs=None):
    """One order out of the dice of `rng`."""
    draw = Draw(rng.getrandbits(64), knobs or Knobs())
    cart = draw_cart(draw, order_id, goods)
    charges = charges_of(cart)
    rows = rows_of(cart, charges)
    expected = expect(cart, charges, rows)
    raw = raw_order(cart, charges, expected)
    return OracleOrder(raw, rows, expected, cart.store.rounding)


def random_orders(seed, count, first_id=100_001, goods=GOODS, knobs=None):
    """The same orders for the same seed; the first ones, whatever their count."""
    return [
        order_from(random.Random(f"{seed}/{index}"), first_id + index, goods, knobs)
        for index in range(count)
    ]


def knob_settings():
    """Shrinks to one line of one piece, without any extra."""
    # Each on its own, so that it shrinks on its own; most of them are allowed.
    allowed = st.tuples(*(st.integers(0, 3) for _extra in EXTRAS))
    extras = allowed.map(
        lambda flags: frozenset(
            extra for extra, flag in zip(sorted(EXTRAS), flags, strict=True) if flag
        )
    )
    return st.builds(
        Knobs,
        max_lines=st.integers(1, 8),
        max_quantity=st.integers(1, 24),
        extras=extras,
    )


def orders(order_id=100_001, goods=GOODS):
    """A strategy of orders, all with the one id."""
    return order_lists(order_id, goods, min_size=1, max_size=1).map(lambda one: one[0])


def order_lists(first_id=100_001, goods=GOODS, min_size=1, max_size=5):
    """A strategy of lists of orders whose ids follow each other."""
    seeds = st.tuples(st.integers(0, 2**32 - 1), knob_settings())
    return st.lists(seeds, min_size=min_size, max_size=max_size).map(
        lambda drawn: [
            order_from(random.Random(seed), first_id + index, goods, knobs)
            for index, (seed, knobs) in enumerate(drawn)
        ]
    )


# ---------------------------------------------------------------------------
# What must hold in each of them
# ---------------------------------------------------------------------------


def amount_of(value):
    return Decimal(str(value))


def lines_of(raw):
    """Every line of the order, wherever it goes."""
    consignments = raw["consignments"]
    groups = (
        *consignments["pickups"],
        *consignments["shipping"],
        *consignments["downloads"],
        *consignments["email"]["gift_certificates"],
    )
    return [line for group in groups for line in group["line_items"]]


def entered_side(raw):
    return "inc_tax" if raw["is_tax_inclusive_pricing"] else "ex_tax"


def total_of_parts(raw):
    """The order's total as its parts say it, on the side of the prices."""
    side = entered_side(raw)
    parts = ("subtotal", "shipping_cost", "handling_cost", "wrapping_cost")
    return (
        sum(amount_of(raw[f"{part}_{side}"]) for part in parts)
        + sum(amount_of(fee[f"cost_{side}"]) for fee in raw["fees"])
        - amount_of(raw["discount_amount"])
        - amount_of(raw["coupon_discount"])
    )


def tax_of_parts(raw):
    parts = ("shipping_cost", "handling_cost", "wrapping_cost")
    return (
        sum(amount_of(line["total_tax"]) for line in lines_of(raw))
        + sum(amount_of(raw[f"{part}_tax"]) for part in parts)
        + sum(amount_of(fee["cost_tax"]) for fee in raw["fees"])
    )


def tax_of_rows(taxes):
    return sum((amount_of(row["line_amount"]) for row in taxes), ZERO)


def tax_of_rowless_fees(raw, taxes):
    """Some stores write rows for the taxes of all fees, the others for none."""
    if any(row["line_item_type"] == "fee" for row in taxes):
        return ZERO
    return sum((amount_of(fee["cost_tax"]) for fee in raw["fees"]), ZERO)


def slack_of(raw):
    """What the shares of the discounts, at four decimals, may miss."""
    return FINEST * (1 + 4 * len(lines_of(raw)))


def check(order):
    """Assert the identities of the order's amounts."""
    try:
        _check_totals(order)
        _check_redemption(order)
        _check_parts(order)
        _check_lines(order)
        _check_taxes(order)
    except AssertionError as error:
        raise AssertionError(f"order {order.raw['id']}: {error}") from error


def _check_totals(order):
    raw, expected = order.raw, order.expected
    untaxed, tax, total = (
        amount_of(raw[f"total_{name}"]) for name in ("ex_tax", "tax", "inc_tax")
    )
    assert total - tax == untaxed
    assert (untaxed, tax, total) == (expected.untaxed, expected.tax, expected.total)
    assert amount_of(raw[f"total_{entered_side(raw)}"]) == total_of_parts(raw)
    for amount in (untaxed, tax, total):
        assert amount >= 0
        assert amount % expected.unit == 0


def _check_redemption(order):
    raw, expected = order.raw, order.expected
    certificate = amount_of(raw["gift_certificate_amount"])
    credit = amount_of(raw["store_credit_amount"])
    assert expected.due == expected.total - certificate - credit
    assert certificate >= 0 and credit >= 0
    assert 0 <= expected.due <= expected.total
    assert expected.due % expected.unit == 0


def _check_parts(order):
    raw, parts = order.raw, order.expected.parts
    side = entered_side(raw)
    assert tuple(parts) == PARTS
    assert all(amount >= 0 for amount in parts.values())
    assert sum(parts.values()) == amount_of(raw[f"total_{side}"])
    for part in ("shipping", "handling", "wrapping"):
        assert parts[part] == amount_of(raw[f"{part}_cost_{side}"])
    for consignment_field, order_field in (
        ("cost", "shipping_cost"),
        ("handling_cost", "handling_cost"),
    ):
        assert amount_of(raw[f"{order_field}_{side}"]) == sum(
            amount_of(consignment[f"{consignment_field}_{side}"])
            for consignment in raw["consignments"]["shipping"]
        )


def _check_lines(order):
    raw, unit = order.raw, order.expected.unit
    lines = lines_of(raw)
    side = entered_side(raw)
    whole = sum(amount_of(line[f"total_{side}"]) for line in lines)
    assert abs(whole - amount_of(raw[f"subtotal_{side}"])) <= unit / 2
    assert len({line["id"] for line in lines}) == len(lines)
    for line in lines:
        shares = sum(amount_of(share["amount"]) for share in line["applied_discounts"])
        assert 0 <= shares <= amount_of(line[f"total_{side}"])
        paid = amount_of(line.get("discounted_total_inc_tax", 0))
        assert paid >= 0
    if all("discounted_total_inc_tax" in line for line in lines):
        _check_paid(order, lines)


def _check_paid(order, lines):
    """What the shopper paid for the lines and all else is the total."""
    raw, expected = order.raw, order.expected
    paid = sum(amount_of(line["discounted_total_inc_tax"]) for line in lines)
    paid += sum(amount_of(fee["cost_inc_tax"]) for fee in raw["fees"])
    for part in ("shipping", "handling", "wrapping"):
        paid += amount_of(raw[f"{part}_cost_inc_tax"])
    assert abs(paid - expected.total) <= expected.unit + slack_of(raw)


def _check_taxes(order):
    raw, expected = order.raw, order.expected
    assert rounded(tax_of_parts(raw), expected.unit) == expected.tax
    assert sum(expected.tax_by_name.values()) == tax_of_rows(order.taxes)
    explained = tax_of_rows(order.taxes) + tax_of_rowless_fees(raw, order.taxes)
    # Two units, and half a unit of rounding the order's total_tax.
    assert abs(explained - expected.tax) <= expected.unit * Decimal("2.5")
    ids = [row["id"] for row in order.taxes]
    assert len(set(ids)) == len(ids)


# ---------------------------------------------------------------------------
# Broken orders
# ---------------------------------------------------------------------------


def contradict_totals(rng, raw, taxes, gap):
    name, off = rng.choice(
        [
            ("total_inc_tax", gap),
            ("total_inc_tax", -gap),
            ("total_ex_tax", gap),
            ("total_ex_tax", -gap),
            ("total_tax", gap),
        ]
    )
    shift(raw, name, off)
    return "The total with tax is not the total without tax plus the tax."


def hide_discount(rng, raw, taxes, gap):
    shift(raw, "total_inc_tax", -gap)
    shift(raw, "total_ex_tax", -gap)
    return "The totals are lower than the parts, and no discount says why."


def hide_fee(rng, raw, taxes, gap):
    shift(raw, "total_inc_tax", gap)
    shift(raw, "total_ex_tax", gap)
    return "The totals are higher than the parts, and no fee says why."


def lose_fee(rng, raw, taxes, gap):
    raw["fees"] = []
    taxes[:] = [row for row in taxes if row["line_item_type"] != "fee"]
    return "A fee is in the totals and not among the fees."


def lose_discount(rng, raw, taxes, gap):
    raw["discount_amount"] = raw["coupon_discount"] = text(ZERO)
    for line in lines_of(raw):
        line["applied_discounts"] = []
        line.pop("discounted_total_inc_tax", None)
    return "A discount is in the totals and nowhere else."


def inflate_tax(rng, raw, taxes, gap):
    shift(raw, "total_tax", gap)
    if raw["is_tax_inclusive_pricing"]:
        shift(raw, "total_ex_tax", -gap)
    else:
        shift(raw, "total_inc_tax", gap)
    return "Neither the tax rows nor the taxes of the parts give the order's tax."


def scatter_taxes(rng, raw, taxes, gap):
    """As above, with rows that don't agree with the parts either."""
    reason = inflate_tax(rng, raw, taxes, gap)
    for row in taxes:
        tripled = amount_of(row["line_amount"]) * 3
        row["line_amount"] = row["priority_amount"] = text(tripled)
    # Tripled rows might just happen to give the new tax.
    if taxes and abs(tax_of_rows(taxes) - amount_of(raw["total_tax"])) < gap:
        shift(taxes[0], "line_amount", 2 * gap)
        taxes[0]["priority_amount"] = taxes[0]["line_amount"]
    return reason


def always(order, gap):
    return True


def has_lost_fee(order, gap):
    return order.expected.parts["fee"] >= gap


def has_lost_discount(order, gap):
    raw = order.raw
    return amount_of(raw["discount_amount"]) + amount_of(raw["coupon_discount"]) >= gap


def has_tax(order, gap):
    return order.expected.tax > 0


# Each way to break an order, and which orders it can break.
MUTATIONS = {
    contradict_totals: always,
    hide_discount: always,
    hide_fee: always,
    lose_fee: has_lost_fee,
    lose_discount: has_lost_discount,
    inflate_tax: has_tax,
    scatter_taxes: has_tax,
}


def shift(raw, name, amount):
    raw[name] = text(amount_of(raw[name]) + amount)


def least_gap(order):
    """More than any rounding of each piece could explain."""
    pieces = sum(line["quantity"] for line in lines_of(order.raw))
    return (100 + 2 * pieces) * order.expected.unit


def draw_gap(rng, order):
    """At least that, at most half of the order."""
    unit = order.expected.unit
    most = min(order.expected.total, order.expected.untaxed) / 2
    return unit * rng.randint(int(least_gap(order) / unit), int(most / unit))


def can_be_broken(order, mutation):
    gap = least_gap(order)
    least_total = min(order.expected.total, order.expected.untaxed)
    return least_total > 2 * gap and MUTATIONS[mutation](order, gap)


def broken_from(rng, order_id, goods=GOODS, knobs=None, mutation=None):
    """One broken order: the first of the dice's orders that can be broken so."""
    mutation = mutation or rng.choice(list(MUTATIONS))
    knobs = knobs or Knobs()
    # Certificates and credit would exceed a lowered total.
    extras = (knobs.extras | {"fees", "order_discounts"}) - {"redeemed"}
    knobs = replace(knobs, extras=extras)
    order = order_from(rng, order_id, goods, knobs)
    while not can_be_broken(order, mutation):
        order = order_from(rng, order_id, goods, knobs)
    raw, taxes = copy.deepcopy((order.raw, order.taxes))
    reason = mutation(rng, raw, taxes, draw_gap(rng, order))
    return BrokenOrder(raw, taxes, mutation.__name__, reason)


def random_mutations(seed, count, first_id=900_001, goods=GOODS, knobs=None):
    """Broken orders, the same for the same seed, each kind in its turn."""
    kinds = list(MUTATIONS)
    return [
        broken_from(
            random.Random(f"{seed}/{index}"),
            first_id + index,
            goods,
            knobs,
            kinds[index % len(kinds)],
        )
        for index in range(count)
    ]


def mutations(order_id=900_001, goods=GOODS):
    """A strategy of orders that a careful bookkeeper would not book."""
    return st.builds(
        lambda seed, knobs, mutation: broken_from(
            random.Random(seed), order_id, goods, knobs, mutation
        ),
        st.integers(0, 2**32 - 1),
        knob_settings(),
        st.sampled_from(list(MUTATIONS)),
    )
