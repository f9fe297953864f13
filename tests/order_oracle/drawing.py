"""Drawing a cart at random."""

import random
from dataclasses import dataclass, replace
from decimal import Decimal

from .amounts import CURRENCIES, FINEST, ZERO, cut, rounded
from .cart import Cart, Discount, Fee, Line, Place
from .store import (
    COMPOUND_TAXES,
    SINGLE_TAXES,
    STACKED_TAXES,
    UNTAXED,
    Component,
    Rounding,
    Store,
    TaxClass,
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


@dataclass(frozen=True)
class Knobs:
    """How large and how rich a drawn order may become."""

    max_lines: int = 8
    max_quantity: int = 24
    extras: frozenset = EXTRAS


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
CUSTOM_NAMES = ("Engraving", "Custom framing", "Rush assembly")
FEE_NAMES = ("Package protection", "Oversize item")
