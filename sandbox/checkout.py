"""From a cart to an order as BigCommerce answers it.

Lines show amounts before discounts but tax after them (bigcommerce-api.md §3.6). How
amounts are split and summed: ``pricing.py``; what is taken off: ``discounts.py``.
"""

from typing import NamedTuple

from . import statuses
from .cart import USD, ZERO
from .dates import rfc2822
from .discounts import applied_discounts, coupon_discount
from .links import link
from .pricing import Pricing, Split, money, summed
from .reference_data import CUSTOM_LABELS, ORDER_STATUSES
from .statuses import DELIVERED, PARTIALLY_SHIPPED, REFUNDED
from .store import Record

PARTS_PER_ORDER = 10

STATUS_NAMES = {number: name for number, name, _ in ORDER_STATUSES}
# statuses whose orders are not simply paid
PAYMENT_STATUSES = {
    statuses.INCOMPLETE: "",
    statuses.PENDING: "pending",
    statuses.REFUNDED: "refunded",
    statuses.CANCELLED: "void",
    statuses.DECLINED: "declined",
    statuses.AWAITING_PAYMENT: "pending",
    statuses.MANUAL_VERIFICATION: "held for review",
    statuses.PARTIALLY_REFUNDED: "partially refunded",
}
# what this store's lines never say
UNUSED_IN_LINES = {
    "refund_amount": money(ZERO),
    "return_id": 0,
    "width": money(ZERO),
    "height": money(ZERO),
    "depth": money(ZERO),
    "event_name": None,
    "event_date": None,
    "fixed_shipping_cost": money(ZERO),
    "ebay_item_id": "",
    "ebay_transaction_id": "",
    "option_set_id": None,
    "bin_picking_number": "",
    "external_id": None,
    "brand": "",
    "configurable_fields": [],
}


def check_out(cart, store_hash):
    """Make an order of a cart.

    :return: the :class:`~.store.Record` of the order with its lines, addresses,
        coupons, taxes (detailed), fees and pickup
    """
    return Checkout(cart, store_hash).record()


class CheckedLine(NamedTuple):
    """A line as it is answered, and what it adds to the order.

    :param total: before discounts
    :param net: after them
    :param wrapping: of its gift wrapping
    """

    body: dict
    total: Split
    net: Split
    wrapping: Split


class Checkout:
    """Turns one cart into the order and the lists below it."""

    def __init__(self, cart, store_hash):
        self.cart = cart
        self.store_hash = store_hash
        self.pricing = Pricing(cart)
        self.addresses = self._addresses()
        self.discounts = applied_discounts(cart)
        self.taxes = []
        self.lines = [self._line(*item) for item in enumerate(cart.lines)]
        self.shipping = self._shipping()
        self.handling = self._handling()
        self.fees = [self._fee(*item) for item in enumerate(cart.fees, start=1)]

    def record(self):
        """The order's body and parts, as the store keeps them."""
        parts = {
            "products": [line.body for line in self.lines],
            "shipping_addresses": [
                self._shipping_address(*item) for item in enumerate(self.addresses)
            ],
            "coupons": self._coupons(),
            "fees": [fee for fee, _ in self.fees],
            "taxes": self.taxes,
        }
        if self.cart.pickup:
            parts["pickups"] = [self._pickup()]
        return Record(self._body(), parts)

    # ids of what belongs to the order

    def _part_id(self, position):
        return self.cart.number * PARTS_PER_ORDER + position

    def _is_shipped(self, line):
        return line.type == "physical" and not self._is_fetched(line)

    def _is_fetched(self, line):
        return line.type == "physical" and bool(self.cart.pickup) and line.is_fetched

    def _addresses(self):
        if not any(self._is_shipped(line) for line in self.cart.lines):
            return ()
        return self.cart.addresses or (self.cart.billing,)

    # lines

    def _line(self, position, line):
        cart, pricing = self.cart, self.pricing
        applied = self.discounts[position]
        unit, total = pricing.estimate(line.price, line.quantity, line.taxed)
        gross = line.price * line.quantity
        net = pricing.split(gross - sum(amount for amount, _ in applied), line.taxed)
        wrapping = pricing.split(line.wrapping)
        address_id = self._part_id(line.address) if self._is_shipped(line) else 0
        self._tax("item", net, address_id, position)
        self._tax("gift-wrapping", wrapping, address_id)
        body = {
            "id": self.cart.line_id(position),
            "order_id": cart.number,
            "product_id": line.product_id,
            "order_pickup_method_id": self._pickup_id_of(line),
            "order_address_id": address_id,
            "name": line.name,
            "name_customer": line.name,
            "name_merchant": line.name,
            "sku": line.sku,
            "upc": line.upc,
            "type": line.type,
            "base_price": money(line.price),
            **unit.fields("price"),
            "base_total": money(gross),
            **total.fields("total"),
            "total_tax": money(net.tax),
            "quantity": line.quantity,
            "quantity_shipped": self._quantity_shipped(position, line),
            "is_refunded": cart.status == REFUNDED,
            "quantity_refunded": line.quantity if cart.status == REFUNDED else 0,
            "base_cost_price": money(line.cost_price),
            "cost_price_inc_tax": money(line.cost_price),
            "cost_price_ex_tax": money(line.cost_price),
            "cost_price_tax": money(ZERO),
            "weight": money(line.weight),
            "wrapping_id": 1 if line.wrapping else 0,
            "wrapping_name": "Gift box" if line.wrapping else "",
            "wrapping_message": "Enjoy!" if line.wrapping else "",
            "base_wrapping_cost": money(line.wrapping),
            **wrapping.fields("wrapping_cost"),
            "parent_order_product_id": self._parent_id(line),
            "is_bundled_product": line.parent is not None,
            "applied_discounts": [
                {**description, "amount": money(amount)}
                for amount, description in applied
            ],
            "product_options": self._options(position, line),
            "gift_certificate_id": line.gift_certificate_id,
            "discounted_total_inc_tax": money(net.inc_tax),
            **UNUSED_IN_LINES,
        }
        if line.variant_id:
            body["variant_id"] = line.variant_id
        return CheckedLine(body, total, net, wrapping)

    def _parent_id(self, line):
        return None if line.parent is None else self.cart.line_id(line.parent)

    def _pickup_id_of(self, line):
        return self._part_id(0) if self._is_fetched(line) else 0

    def _quantity_shipped(self, position, line):
        if line.shipped is not None:
            return line.shipped
        shipped = self.cart.status in DELIVERED or (
            self.cart.status == PARTIALLY_SHIPPED and position == 0
        )
        return line.quantity if shipped and line.type == "physical" else 0

    def _options(self, position, line):
        chosen = [
            ("Multiple choice", item["option_id"], item["option_display_name"],
             item["label"], str(item["id"]))
            for item in line.choices
        ] + [
            ("Text field", 900 + number, name, text, text)
            for number, (name, text) in enumerate(line.texts)
        ]  # fmt: skip
        line_id = self.cart.line_id(position)
        return [
            {
                "id": line_id * 10 + number,
                "option_id": option_id,
                "order_product_id": line_id,
                "product_option_id": option_id,
                "display_name": name,
                "display_name_customer": name,
                "display_name_merchant": name,
                "display_value": label,
                "display_value_customer": label,
                "display_value_merchant": label,
                "value": value,
                "type": kind,
                "name": name,
                "display_style": "",
            }
            for number, (kind, option_id, name, label, value) in enumerate(chosen)
        ]

    # what comes on top of the lines

    def _shipping(self):
        costs = [*self.cart.shipping, *[ZERO] * len(self.addresses)]
        found = []
        for position in range(len(self.addresses)):
            cost = self.pricing.split(costs[position])
            self._tax("shipping", cost, self._part_id(position))
            found.append(cost)
        return found

    def _handling(self):
        """Charged once, with the first address."""
        handling = self.pricing.split(self.cart.handling)
        self._tax("handling", handling, self._part_id(0), position=0)
        return handling

    def _shipping_address(self, position, address):
        cart = self.cart
        number = self._part_id(position)
        lines = [line.body for line in self.lines]
        here = [line for line in lines if line["order_address_id"] == number]
        handling = self.handling if position == 0 else self.pricing.split(ZERO)
        cost = self.shipping[position]
        quotes = f"/orders/{cart.number}/shippingaddresses/{number}/shippingquotes"
        own_handling = cart.handling if position == 0 else ZERO
        own_cost = cost.inc_tax if cart.with_tax else cost.ex_tax
        return {
            "id": number,
            "order_id": cart.number,
            **address.fields(),
            "items_total": sum(line["quantity"] for line in here),
            "items_shipped": sum(line["quantity_shipped"] for line in here),
            "shipping_method": self._shipping_method(position),
            "base_cost": money(own_cost),
            **cost.fields("cost"),
            "cost_tax_class_id": 2,
            "base_handling_cost": money(own_handling),
            **handling.fields("handling_cost"),
            "handling_cost_tax_class_id": 2,
            "shipping_zone_id": 1,
            "shipping_zone_name": address.country,
            "shipping_quotes": link(self.store_hash, quotes),
        }

    def _shipping_method(self, position):
        others = self.cart.other_shipping_methods
        if 0 < position <= len(others):
            return others[position - 1]
        return self.cart.shipping_method

    def _pickup(self):
        location = self.cart.pickup
        address = location["address"]
        return {
            "id": self._part_id(0),
            "pickup_method_id": 1,
            "pickup_method_display_name": f"Pick up: {location['label']}",
            "collection_instructions": "Bring your order confirmation.",
            "collection_time_description": "9am - 6pm",
            "location": {
                "id": location["id"],
                "name": location["label"],
                "code": location["code"],
                "address_line_1": address["address1"],
                "address_line_2": address["address2"],
                "city": address["city"],
                "state": address["state"],
                "postal_code": address["zip"],
                "country_alpha2": address["country_code"],
                "email": address["email"],
                "phone": address["phone"],
            },
        }

    def _fee(self, position, fee):
        name, amount = fee
        cost = self.pricing.split(amount, taxed=False)
        return {
            "id": self._part_id(position),
            "type": "custom_fee",
            "display_name_customer": name,
            "display_name_merchant": name,
            "source": "v2",
            "base_cost": money(amount),
            **cost.fields("cost"),
            "tax_class_id": None,
        }, cost

    def _coupons(self):
        coupon = self.cart.coupon
        if not coupon:
            return []
        return [
            {
                "id": self._part_id(1),
                "coupon_id": 1,
                "order_id": self.cart.number,
                "code": coupon.code,
                "amount": float(coupon.amount),
                "type": coupon.type,
                "discount": float(coupon_discount(self.cart)),
            }
        ]

    # taxes

    def _tax(self, kind, split, address_id, position=None):
        """Note the detailed rows of one taxed thing (§3.7)."""
        line_id = None if position is None else str(self.cart.line_id(position))
        for tax, amount in split.rows:
            if not split.ex_tax:
                continue
            self.taxes.append(
                {
                    "id": self.cart.number * 1000 + len(self.taxes),
                    "order_id": self.cart.number,
                    "order_address_id": address_id,
                    "tax_rate_id": self.cart.taxes.index(tax) + 1,
                    "sales_tax_id": "",
                    "tax_class_id": 0,
                    "name": tax.name,
                    "class": "Default Tax Class",
                    "rate": money(tax.rate),
                    "priority": 0,
                    "priority_amount": money(amount),
                    "line_amount": money(amount),
                    "order_pickup_method_id": 0,
                    "order_product_id": line_id,
                    "line_item_type": kind,
                }
            )

    # the order itself

    def _body(self):
        return {
            "id": self.cart.number,
            **self._state(),
            **self._amounts(),
            **self._currencies(),
            **self._payment(),
            **self._origin(),
            **self._links(),
        }

    def _state(self):
        cart = self.cart
        modified = cart.modified or cart.created
        lines = [line.body for line in self.lines]
        name = STATUS_NAMES[cart.status]
        return {
            "customer_id": cart.customer_id,
            "date_created": rfc2822(cart.created),
            "date_modified": rfc2822(modified),
            "date_shipped": rfc2822(modified) if cart.status in DELIVERED else "",
            "status_id": cart.status,
            "status": name,
            "custom_status": CUSTOM_LABELS.get(cart.status, name),
            "is_deleted": cart.is_deleted,
            "items_total": sum(line["quantity"] for line in lines),
            "items_shipped": sum(line["quantity_shipped"] for line in lines),
            "order_is_digital": all(line["type"] == "digital" for line in lines),
            "shipping_address_count": len(self.addresses),
            "staff_notes": cart.staff_notes,
            "customer_message": cart.message,
            "customer_locale": "en",
            "billing_address": cart.billing.fields(),
        }

    def _amounts(self):
        """§3.5: exact on the side on which prices are entered."""
        cart, with_tax = self.cart, self.cart.with_tax
        goods = summed(line.total for line in self.lines)
        nets = summed(line.net for line in self.lines)
        wrapping = summed(line.wrapping for line in self.lines)
        shipping = summed(self.shipping)
        fees = summed(cost for _, cost in self.fees)
        by_hand = cart.discount + sum(line.discount for line in cart.lines)
        coupon = coupon_discount(self.cart)
        parts = summed([goods, shipping, self.handling, wrapping, fees])
        own = parts.inc_tax if with_tax else parts.ex_tax
        tax = summed([nets, shipping, self.handling, wrapping, fees]).tax
        total = self.pricing.with_tax(own - by_hand - coupon + cart.unexplained, tax)
        return {
            **goods.fields("subtotal"),
            # as recorded in real orders: the tax after discounts
            "subtotal_tax": money(nets.tax),
            "base_shipping_cost": money(
                shipping.inc_tax if with_tax else shipping.ex_tax
            ),
            **shipping.fields("shipping_cost"),
            "shipping_cost_tax_class_id": 2,
            "base_handling_cost": money(cart.handling),
            **self.handling.fields("handling_cost"),
            "handling_cost_tax_class_id": 2,
            "base_wrapping_cost": money(
                wrapping.inc_tax if with_tax else wrapping.ex_tax
            ),
            **wrapping.fields("wrapping_cost"),
            "wrapping_cost_tax_class_id": 3,
            **total.fields("total"),
            "is_tax_inclusive_pricing": with_tax,
            "discount_amount": money(by_hand),
            "coupon_discount": money(coupon),
            "store_credit_amount": money(cart.store_credit),
            "gift_certificate_amount": money(cart.gift_certificate),
            "refunded_amount": money(ZERO),
        }

    def _currencies(self):
        """§3.4: *default* is the currency of all amounts, the other the one shown."""
        paid = self.cart.currency
        shown = self.cart.shown_in or paid
        return {
            "currency_id": shown.id,
            "currency_code": shown.code,
            "currency_exchange_rate": _rate(shown.rate / paid.rate),
            "default_currency_id": paid.id,
            "default_currency_code": paid.code,
            "store_default_currency_code": USD.code,
            "store_default_to_transactional_exchange_rate": _rate(paid.rate),
        }

    def _payment(self):
        cart = self.cart
        status = cart.payment_status
        if status is None:
            status = PAYMENT_STATUSES.get(cart.status, "captured")
        return {
            "payment_method": cart.payment_method,
            "payment_provider_id": f"pay_{cart.number}" if status == "captured" else "",
            "payment_status": status,
            "credit_card_type": None,
            "tax_provider_id": "BasicTaxProvider",
        }

    def _origin(self):
        cart = self.cart
        return {
            "channel_id": cart.channel_id,
            "order_source": cart.source,
            "cart_id": f"00000000-0000-4000-8000-{cart.number:012d}",
            "ip_address": "192.0.2.10",
            "ip_address_v6": "",
            "geoip_country": "United States",
            "geoip_country_iso2": "US",
            "is_email_opt_in": False,
            "ebay_order_id": "0",
            "external_id": None,
            "external_merchant_id": None,
            "external_source": None,
            "external_order_id": "",
        }

    def _links(self):
        path = f"/orders/{self.cart.number}"
        names = {
            "products": "products",
            "shipping_addresses": "shippingaddresses",
            "coupons": "coupons",
            "consignments": "consignments",
            "fees": "fees",
        }
        return {
            field: link(self.store_hash, f"{path}/{name}")
            for field, name in names.items()
        }


def _rate(value):
    return f"{value:.10f}"
