"""A store with any number of products and orders, made when they are asked for."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from . import demo_catalogue, paths, reference_data
from .cart import Address, Cart, Coupon, Tax, line_of
from .checkout import check_out
from .customers import customer_record
from .dates import iso8601, rfc2822
from .merchandise import VARIANTS_PER_PRODUCT, Merchandise, Option
from .statuses import AWAITING_FULFILLMENT
from .store import Maker, Record

LINES = 3
TAXES = (Tax("Texas sales tax", Decimal("8.25")),)
COUPON = Coupon("HARVEST10", "10% off", Decimal(10), type=1)
LAST_ORDER_AT = datetime(2026, 10, 31, 18, tzinfo=timezone.utc)
BETWEEN_ORDERS = timedelta(minutes=5)
# a prime, so that orders take their products from all over the catalogue
STRIDE = 7919


class Products(Maker):
    """``count`` products; every fifth has three to six variants."""

    def __init__(self, count):
        self.ids = range(1, count + 1)

    def _merchandise(self, number):
        options = ()
        if number % 5 == 0:
            sizes = range(1, self._variants(number) + 1)
            labels = {f"Size {size}": str(size) for size in sizes}
            options = (Option("Size", labels),)
        return Merchandise(
            number,
            f"Article {number:05d}",
            f"ART-{number:05d}",
            price=5 + number % 200 + 0.5 * (number % 2),
            weight=0.5 + number % 7,
            brand_id=demo_catalogue.HEARTH,
            categories=(demo_catalogue.KITCHEN,),
            options=options,
            stock=(20 + number % 50, number % 9, 1),
            images=1,
        )

    @staticmethod
    def _variants(number):
        return 3 + number // 5 % 4

    def variant_ids(self):
        """The ids of all variants, in order."""
        for number in self.ids:
            first = number * VARIANTS_PER_PRODUCT
            if number % 5:
                yield first
            else:
                yield from range(first + 1, first + 1 + self._variants(number))

    def make(self, number):
        return self._merchandise(number).record()

    def outline(self, number):
        return {
            "id": number,
            "name": f"Article {number:05d}",
            "sku": f"ART-{number:05d}",
            "is_visible": True,
            "inventory_tracking": "product" if number % 5 else "variant",
            "date_modified": Merchandise.date,
        }

    def stock_item(self, variant_id, locations):
        goods = self._merchandise(variant_id // VARIANTS_PER_PRODUCT)
        variants = {variant["id"]: variant for variant in goods.variants()}
        return goods.stock_item(variants[variant_id], locations)


class Stock(Maker):
    """The stock of all variants of ``products``."""

    def __init__(self, products, locations):
        self.ids = list(products.variant_ids())
        self._products = products
        self._locations = locations

    def make(self, number):
        return Record(self._products.stock_item(number, self._locations))

    def outline(self, number):
        product_id, position = divmod(number, VARIANTS_PER_PRODUCT)
        sku = f"ART-{product_id:05d}" + (f"-{position}" if position else "")
        identity = {"sku": sku, "variant_id": number, "product_id": product_id}
        return {"identity": identity}


def address_of(number):
    """The one address of a customer."""
    return Address(
        f"Customer{number}",
        "Sample",
        f"customer{number}@example.com",
        street_1=f"{number} Main Street",
    )


class Customers(Maker):
    """Whoever ordered as a customer: nine of ten."""

    def __init__(self, count):
        self.ids = [number for number in range(1, count + 1) if number % 10]

    def make(self, number):
        address = address_of(number)
        return customer_record(number, address, (address,), LAST_ORDER_AT)

    def outline(self, number):
        moment = iso8601(LAST_ORDER_AT)
        return {
            "id": number,
            "email": f"customer{number}@example.com",
            "last_name": "Sample",
            "customer_group_id": 0,
            "date_created": moment,
            "date_modified": moment,
        }


class Orders(Maker):
    """``count`` orders awaiting fulfilment, each of another customer.

    Every tenth is a guest's; every fifth has a coupon.
    """

    def __init__(self, count, products, store_hash):
        self.ids = range(1, count + 1)
        self._products = products
        self._store_hash = store_hash

    def _created(self, number):
        return LAST_ORDER_AT - BETWEEN_ORDERS * (len(self.ids) - number)

    def _customer_id(self, number):
        return number if number % 10 else 0

    def _line(self, position):
        products = self._products
        record = products.make(position * STRIDE % len(products.ids) + 1)
        variants = record.part("variants")
        return line_of(record, variants[position % len(variants)], 1 + position % 3)

    def make(self, number):
        cart = Cart(
            number,
            address_of(number),
            tuple(self._line(number * LINES + position) for position in range(LINES)),
            customer_id=self._customer_id(number),
            shipping=(Decimal("8.50"),),
            coupon=None if number % 5 else COUPON,
            taxes=TAXES,
            created=self._created(number),
        )
        return check_out(cart, self._store_hash)

    def outline(self, number):
        created = rfc2822(self._created(number))
        return {
            "id": number,
            "customer_id": self._customer_id(number),
            "status_id": AWAITING_FULFILLMENT,
            "channel_id": 1,
            "date_created": created,
            "date_modified": created,
            "billing_address": {"email": f"customer{number}@example.com"},
        }


class Scale:
    """A store with ``count`` products and as many orders, and their customers."""

    def __init__(self, count):
        self._count = count

    def load(self, store):
        """Fill an empty :class:`~.store.Store`."""
        reference_data.load(store)
        demo_catalogue.load_shelves(store)
        products = Products(self._count)
        locations = store.get(paths.LOCATIONS)
        store[paths.PRODUCTS].put_maker(products)
        store[paths.ITEMS].put_maker(Stock(products, locations))
        store[paths.CUSTOMERS].put_maker(Customers(self._count))
        orders = Orders(self._count, products, store.store_hash)
        store[paths.ORDERS].put_maker(orders)
