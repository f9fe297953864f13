"""The orders of the built-in store: 90 over all 15 statuses.

48 are awaiting fulfilment, each for something that orders can have. What Odoo is
expected to hold or to block of them is listed in ``expected.json``.
"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal as D

from . import paths
from .cart import EUR, JPY, Address, Cart, Coupon, Line, Tax, line_of
from .checkout import check_out
from .customers import customer_record
from .demo_catalogue import MERCHANDISE
from .reference_data import LOCATIONS, ORDER_STATUSES
from .statuses import AWAITING_FULFILLMENT, AWAITING_PICKUP, CANCELLED

FIRST_NUMBER = 118
FIRST_ORDER_AT = datetime(2026, 9, 1, 9, 15, tzinfo=timezone.utc)
BETWEEN_ORDERS = timedelta(hours=15, minutes=7)

TEXAS = (Tax("Texas sales tax", D("8.25")),)
STACKED = (
    Tax("State tax", D("6.25")),
    Tax("County tax", D("1.25")),
    Tax("City tax", D("0.5")),
)
UNITED_KINGDOM = (Tax("VAT", D(20)),)
GERMANY = (Tax("MwSt", D(19)),)
JAPAN = (Tax("Consumption tax", D(10)),)

TEN_PERCENT = Coupon("HARVEST10", "10% off", D(10), type=1)
FIVE_OFF = Coupon("WELCOME5", "$5 off", D(5), type=2)

# registered customers by id
CUSTOMERS = {
    2: Address("Anna", "Lindqvist", "anna.lindqvist@example.com", phone="512-555-0111"),
    3: Address("Marcus", "Oyelaran", "marcus@example.com", street_1="9 Elm Court",
               city="Dallas", zip="75201"),
    4: Address("Priya", "Raman", "priya.raman@example.com", "Raman Interiors",
               "410 Market Street", "Suite 8", "Houston", "Texas", "77002"),
    5: Address("Tom", "Hale", "tom.hale@example.com", street_1="77 Ridge Road",
               city="Denver", state="Colorado", zip="80202"),
    6: Address("Sofía", "Núñez", "sofia@example.com", street_1="3 Plaza Mayor",
               city="San Antonio", zip="78205"),
    7: Address("Grace", "Whitfield", "grace@example.com", street_1="18 Orchard Way",
               city="Portland", state="Oregon", zip="97205"),
    8: Address("Hedda", "Krämer", "hedda@example.com", street_1="Lindenweg 4",
               city="Hamburg", state="Hamburg", zip="20095", country="Germany",
               country_iso2="DE"),
    9: Address("Oliver", "Pryce", "oliver@example.com", street_1="22 Mill Lane",
               city="Leeds", state="West Yorkshire", zip="LS1 4AP",
               country="United Kingdom", country_iso2="GB"),
    10: Address("Kenji", "Mori", "kenji@example.com", street_1="1-2-3 Sakura",
                city="Kyoto", state="Kyoto", zip="600-8001", country="Japan",
                country_iso2="JP"),
}  # fmt: skip
GUESTS = (
    Address("Dana", "Brook", "dana.brook@example.com", street_1="5 Creek Bend",
            zip="78702"),
    Address("Leo", "Marsh", "LEO.MARSH@example.com", street_1="640 Hill Avenue",
            city="El Paso", zip="79901", phone="915-555-0123"),
    Address("Ines", "Castell", "ines@example.com", "Café Castell", "88 Pier Street",
            city="Galveston", zip="77550"),
    # no state, no phone: entered by hand
    Address("Wu", "Chen", "wu.chen@example.com", street_1="12 Canal Road",
            city="Laredo", state="", zip="78040"),
)  # fmt: skip

_records = [goods.record() for goods in MERCHANDISE]
_variants = {
    variant["sku"].strip() or record.body["name"]: (record, variant)
    for record in _records
    for variant in record.part("variants")
}


def goods(sku, quantity=1, **details):
    """A line with the variant of this SKU, or with the product of this name."""
    return line_of(*_variants[sku], quantity, **details)


def custom(name, price, quantity=1, **details):
    """A line that is not in the catalogue."""
    return Line(name, D(price), quantity, **details)


def gift_certificate(amount, number):
    return Line(
        f"${amount} Gift Certificate",
        D(amount),
        type="giftcertificate",
        taxed=False,
        gift_certificate_id=number,
    )


def deleted(name, sku, price):
    """A product that was taken out of the catalogue after it was sold."""
    return Line(name, D(price), product_id=77, variant_id=7700, sku=sku)


def by_customer(number, *lines, **details):
    details = {"taxes": TEXAS, "shipping": (D("8.50"),), **details}
    return Cart(0, CUSTOMERS[number], lines, customer_id=number, **details)


def by_guest(position, *lines, **details):
    details = {"taxes": TEXAS, "shipping": (D("8.50"),), **details}
    return Cart(0, GUESTS[position], lines, **details)


WORKSHOP = Address(
    "Priya", "Raman", "priya.raman@example.com", "Raman Interiors",
    "2 Foundry Yard", city="Waco", zip="76701",
)  # fmt: skip
SISTER = Address("Elin", "Lindqvist", "elin@example.com", street_1="31 Lake View",
                 city="Plano", zip="75023")  # fmt: skip
NO_SHIPPING = {"shipping": (), "shipping_method": "None"}
FREE_SHIPPING = {"shipping": (D(0),), "shipping_method": "Free Shipping"}

TO_FULFIL = [
    # everyday orders
    by_customer(2, goods("MUG-ENAMEL", 2), goods("TOWEL-LINEN", 3)),
    by_customer(3, goods("SHIRT-M-MOS"), goods("SHIRT-L-CLA", 2),
                payment_method="PayPal", **FREE_SHIPPING),
    by_customer(3, goods("HOOD-M-CLA-ZIP"), goods("HOOD-S-MOS-PLN"), goods("SOCKS-M")),
    by_guest(1, goods("POT-9", 3), goods("POT-12"), goods("TROWEL"),
             message="Please leave it with the neighbour."),
    by_customer(7, goods("THROW-WOOL"), goods("CANDLE-BEES", 6), taxes=()),
    # taxes
    by_customer(4, goods("SKILLET-10", 3), goods("MILL-PEPPER", 7), taxes=STACKED),
    by_customer(5, goods("CAN-WATER"), goods("TRAY-SEED", 5), taxes=STACKED,
                coupon=TEN_PERCENT),
    by_guest(2, goods("NOTEBOOK", 3, taxed=False), goods("BOX-RECIPE")),
    # places: two addresses, a pickup, nothing to ship
    by_customer(4, goods("KETTLE-COPPER"), goods("BOARD-OAK", 2, address=1),
                goods("APRON-MOS", 4, address=1), addresses=(CUSTOMERS[4], WORKSHOP),
                shipping=(D("8.50"), D("14.25"))),
    by_customer(2, goods("HAMPER"), goods("BELL-BRASS", address=1),
                goods("SOAP-FIG", 3, address=1), addresses=(CUSTOMERS[2], SISTER),
                shipping=(D("19.00"), D("6.40"))),
    by_guest(0, goods("BASKET-PICNIC"), goods("TWINE", 2), pickup=LOCATIONS[2],
             **NO_SHIPPING),
    by_customer(6, goods("PATTERN-KNIT"), goods("PLANNER-PDF"), **NO_SHIPPING),
    by_customer(6, goods("COURSE-BREAD"), goods("KNIFE-BREAD"), goods("BOARD-OAK")),
    # discounts
    by_customer(3, goods("MUG-ENAMEL", 6), goods("BOWL-STONE", 6), coupon=TEN_PERCENT),
    by_customer(5, goods("SHEARS"), goods("TROWEL"), goods("MAT-KNEEL"),
                discount=D("7.77")),
    by_customer(6, goods("APRON-CLA", 2, discount=D("12.00")), goods("TOWEL-LINEN", 5)),
    by_guest(2, goods("THROW-WOOL", 2, discount=D("9.95")), goods("CANDLE-BEES", 3),
             coupon=TEN_PERCENT, discount=D("3.33")),
    by_customer(7, goods("NOTEBOOK", 2), goods("CARD-PRESS", discount=D("4.20"))),
    # paid with gift certificates and store credit; certificates sold
    by_customer(2, goods("KETTLE-COPPER"), gift_certificate=D("50.00")),
    by_customer(5, goods("SOCKS-L", 2), gift_certificate=D("37.78"),
                payment_method="Gift Certificate"),
    by_customer(4, goods("BELL-BRASS", 2), store_credit=D("15.25")),
    by_customer(3, goods("FEEDER-BIRD"), goods("BOX-RECIPE"),
                gift_certificate=D("20.00"), store_credit=D("12.60")),
    by_guest(0, gift_certificate(25, 51), **NO_SHIPPING),
    by_customer(7, goods("MUG-ENAMEL"), gift_certificate(100, 52)),
    # what comes on top
    by_guest(1, goods("CANDLE-BEES", 2), fees=(("Package protection", D("1.95")),)),
    by_customer(2, goods("BASKET-PICNIC", wrapping=D("6.00")),
                goods("SOAP-FIG", wrapping=D("3.50"))),
    by_guest(2, goods("HAMPER", wrapping=D("6.00")), handling=D("2.50"),
             fees=(("Carbon offset", D("0.80")), ("Rush packing", D("9.00"))),
             coupon=FIVE_OFF),
    # lines of other kinds
    by_customer(4, custom("Shelf made to measure", "240.00", weight=D(30)),
                goods("TROWEL"), source="manual", payment_method="Manual",
                staff_notes="Agreed on the phone."),
    by_customer(6, custom("Garden consultation", "75.00", type="digital"),
                **NO_SHIPPING),
    by_guest(0, goods("BOARD-OAK", texts=(("Engraving", "For Mum, with love"),)),
             goods("APRON-MOS", texts=(("Embroidery", "M. K."),))),
    by_customer(7, goods("HAMPER", texts=(("Choose a mug", "Enamel mug"),)),
                goods("MUG-ENAMEL", price=D(0), parent=0)),
    by_customer(3, goods("Gardener's hand soap", 3), goods("TRAY-SEED")),
    by_guest(3, goods("LAMP-DESK"), goods("PAPER-WRAP", 2)),
    by_customer(5, goods("LABEL-BRASS", 40), goods("TWINE", 3)),
    by_customer(4, *(line_of(record, record.part("variants")[0])
                     for record in [*_records, *_records[:14]]),
                channel_id=2, payment_method="Bank Deposit"),
    by_guest(1, goods("FEEDER-BIRD"), goods("CAN-WATER"), channel_id=3,
             source="amazon", payment_method="Amazon Pay"),
    # other currencies: the shopper saw, or paid in, another than the store's
    by_customer(8, goods("SHIRT-S-CLA"), taxes=(), shown_in=EUR),
    by_customer(8, goods("MUG-ENAMEL", 4, price=D("11.25")), currency=EUR,
                taxes=GERMANY, shipping=(D("12.90"),)),
    by_customer(8, goods("THROW-WOOL", price=D("80.55")), currency=EUR, taxes=GERMANY,
                coupon=TEN_PERCENT),
    by_guest(2, goods("KETTLE-COPPER", price=D("89.10")), goods("SOCKS-S", 2),
             currency=EUR, taxes=(), handling=D("3.00")),
]  # fmt: skip

# those that Odoo holds or blocks, each with its reason in expected.json
TO_BE_HELD = [
    by_customer(9, goods("MUG-ENAMEL", 2, price=D("15.00")), taxes=UNITED_KINGDOM,
                with_tax=True, shipping=(D("6.00"),)),
    by_customer(9, goods("HOOD-L-MOS-PLN", price=D("94.80")), goods("HAT-M-CLA"),
                taxes=UNITED_KINGDOM, with_tax=True, coupon=TEN_PERCENT),
    by_guest(0, goods("BOWL-STONE", 3, price=D("22.10")), taxes=UNITED_KINGDOM,
             with_tax=True, discount=D("5.00"), handling=D("1.80")),
    by_guest(3, goods("PLANNER-PDF", price=D("18.00")), taxes=UNITED_KINGDOM,
             with_tax=True, **NO_SHIPPING),
    by_customer(7, goods("CAN-WATER"), goods("TWINE", 2), unexplained=D("0.50")),
]  # fmt: skip
TO_BE_BLOCKED = [
    by_customer(3, deleted("Glass cloche", "CLOCHE-GLASS", "24.00")),
    by_guest(1, goods("TROWEL"), deleted("Glass cloche", "CLOCHE-GLASS", "24.00"),
             goods("GLOVES-S")),
    by_customer(10, goods("MUG-ENAMEL", 2, price=D(1900)), currency=JPY, taxes=JAPAN,
                shipping=(D(1200),)),
]  # fmt: skip


def _of_other_statuses():
    """Three orders for each of the other statuses; one of them is archived."""
    found = []
    for status, _, _ in ORDER_STATUSES:
        if status == AWAITING_FULFILLMENT:
            continue
        pickup = {}
        if status == AWAITING_PICKUP:
            pickup = {"pickup": LOCATIONS[2], **NO_SHIPPING}
        found += [
            by_customer(2 + status % 6, goods("MUG-ENAMEL", 1 + status % 4),
                        goods("SHIRT-S-MOS"), status=status, **pickup),
            by_guest(status % 4, goods("TOWEL-LINEN", 2), goods("SHEARS"),
                     status=status, is_deleted=status == CANCELLED, **pickup),
            by_customer(2 + (status + 3) % 6, goods("POT-6", 2), goods("CANDLE-BEES"),
                        status=status, coupon=FIVE_OFF, taxes=STACKED, **pickup),
        ]  # fmt: skip
    return found


def _mixed(first, second):
    """Spread the shorter list evenly among the longer one."""
    places = [(position + 0.5) / len(first) for position in range(len(first))]
    others = [(position + 0.5) / len(second) for position in range(len(second))]
    keyed = [*zip(places, first, strict=True), *zip(others, second, strict=True)]
    return [cart for _, cart in sorted(keyed, key=lambda pair: pair[0])]


def carts():
    """All orders in the sequence in which they were placed."""
    to_fulfil = [*TO_FULFIL, *TO_BE_HELD, *TO_BE_BLOCKED]
    placed = _mixed(to_fulfil, _of_other_statuses())
    return [
        replace(
            cart,
            number=FIRST_NUMBER + position,
            created=FIRST_ORDER_AT + position * BETWEEN_ORDERS,
            modified=FIRST_ORDER_AT + position * BETWEEN_ORDERS + timedelta(minutes=4),
        )
        for position, cart in enumerate(placed)
    ]


def load(store):
    """Put the customers and the orders into a store."""
    books = {2: (CUSTOMERS[2], SISTER), 4: (CUSTOMERS[4], WORKSHOP)}
    for number, person in CUSTOMERS.items():
        store[paths.CUSTOMERS].put_record(
            customer_record(
                number, person, books.get(number, (person,)), FIRST_ORDER_AT
            )
        )
    for cart in carts():
        store[paths.ORDERS].put_record(check_out(cart, store.store_hash))
        store.carts[cart.number] = cart
