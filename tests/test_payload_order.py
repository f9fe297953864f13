import contextlib
from copy import deepcopy
from datetime import datetime, timezone
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..client.errors import ProtocolError
from ..client.payloads.order import Order

LINK = {"url": "https://x/v2/orders/519/y", "resource": "/orders/519/y"}


def line(line_id, **fields):
    return {
        "id": line_id,
        "order_id": 519,
        "product_id": 77,
        "variant_id": 80,
        "order_address_id": 64,
        "order_pickup_method_id": 0,
        "name": "Towel",
        "sku": "TOWEL",
        "type": "physical",
        "quantity": 2,
        "quantity_shipped": 0,
        "quantity_refunded": 0,
        "price_ex_tax": "50.0000",
        "price_inc_tax": "54.0000",
        "price_tax": "4.0000",
        "total_ex_tax": "100.0000",
        "total_inc_tax": "108.0000",
        "total_tax": "7.2000",
        "discounted_total_inc_tax": "97.2000",
        "applied_discounts": [
            {
                "id": "coupon",
                "amount": 10,
                "name": "Ten",
                "code": "X",
                "target": "order",
            }
        ],
        "product_options": [
            {"display_name": "Size", "display_value": "S", "type": "Multiple choice"},
            {"display_name_customer": "Text", "value": "Hi", "type": "Text field"},
        ],
        "wrapping_name": None,
        "wrapping_cost_ex_tax": "0.0000",
        "weight": 1,
        **fields,
    }


def order(**fields):
    return {
        "id": 519,
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "custom_status": "To pack",
        "customer_id": 0,
        "date_created": "Tue, 28 Apr 2026 13:06:44 +0000",
        "date_modified": "Tue, 28 Apr 2026 13:07:00 +0000",
        "date_shipped": "",
        "subtotal_ex_tax": "100.0000",
        "subtotal_inc_tax": "108.0000",
        "subtotal_tax": "8.0000",
        "total_ex_tax": "95.0000",
        "total_inc_tax": "102.2000",
        "total_tax": "7.2000",
        "currency_code": "EUR",
        "currency_exchange_rate": "0.9000000000",
        "default_currency_code": "USD",
        "store_default_currency_code": "GBP",
        "store_default_to_transactional_exchange_rate": "1.2500000000",
        "items_total": 2,
        "items_shipped": 0,
        "is_deleted": False,
        "is_tax_inclusive_pricing": False,
        "payment_method": "Cash",
        "payment_status": "",
        "payment_provider_id": {},
        "external_id": None,
        "external_order_id": "SO1",
        "channel_id": 1,
        "order_source": "www",
        "discount_amount": "0.0000",
        "coupon_discount": "10.0000",
        "store_credit_amount": "1.0000",
        "gift_certificate_amount": "2.0000",
        "billing_address": {
            "first_name": "Jane",
            "country": "United States",
            "country_iso2": "us",
            "email": "jane@example.com",
        },
        "consignments": {
            "pickups": [],
            "shipping": [
                {
                    "id": 64,
                    "first_name": "Jim",
                    "country_iso2": "US",
                    "shipping_method": "Ground",
                    "cost_ex_tax": 5,
                    "cost_inc_tax": 5,
                    "cost_tax": 0,
                    "handling_cost_ex_tax": 0.1,
                    "line_items": [line(1)],
                }
            ],
            "downloads": [],
            "email": {"gift_certificates": []},
        },
        "products": LINK,
        "shipping_addresses": LINK,
        "coupons": LINK,
        "fees": [
            {
                "id": 3,
                "type": "custom_fee",
                "display_name_merchant": "Insurance",
                "cost_inc_tax": "10.0000",
                "cost_tax": "1.5000",
            }
        ],
        **fields,
    }


@tagged("post_install", "-at_install")
class TestOrder(BaseCase):
    def test_an_order_is_read_as_a_whole(self):
        parsed = Order.parse(order())
        self.assertEqual((parsed.id, parsed.status_id), ("519", "11"))
        self.assertEqual(parsed.customer_id, "")
        self.assertEqual(
            parsed.date_created, datetime(2026, 4, 28, 13, 6, 44, tzinfo=timezone.utc)
        )
        self.assertEqual(parsed.total.of(False), Decimal(95))
        self.assertEqual(parsed.total.of(True), Decimal("102.2"))
        self.assertEqual(parsed.payment_provider_id, "")
        self.assertEqual(parsed.billing_address.country_code, "US")
        self.assertEqual(parsed.fees[0].amount.ex_tax, Decimal("8.5"))
        self.assertEqual(parsed.fees[0].name, "Insurance")
        (consignment,) = parsed.consignments
        self.assertEqual((consignment.kind, consignment.id), ("shipping", "64"))
        self.assertEqual(consignment.address.first_name, "Jim")
        self.assertEqual(consignment.shipping.inc_tax, 5)
        self.assertEqual(consignment.handling.inc_tax, Decimal("0.1"))
        (read,) = parsed.lines
        self.assertTrue(parsed.has_lines)
        self.assertEqual((read.product_id, read.variant_id), ("77", "80"))
        self.assertEqual(read.discounts, (10,))
        self.assertEqual(
            [(option.name, option.value) for option in read.options],
            [("Size", "S"), ("Text", "Hi")],
        )

    def test_the_currency_is_the_one_paid_in(self):
        parsed = Order.parse(order())
        self.assertEqual(parsed.currency_code, "USD")
        old = order(default_currency_code="", store_default_currency_code="")
        self.assertEqual(Order.parse(old).currency_code, "EUR")

    def test_a_custom_line_is_read_without_what_it_lacks(self):
        raw = line(1, product_id=0, variant_id=None, order_address_id=0, upc=None)
        for name in ("applied_discounts", "product_options"):
            del raw[name]
        raw["wrapping_name"] = {}
        consignments = {
            "downloads": [{"recipient_email": "a@b.c", "line_items": [raw]}]
        }
        parsed = Order.parse(order(consignments=consignments))
        self.assertEqual(parsed.consignments[0].kind, "download")
        (read,) = parsed.lines
        self.assertEqual((read.product_id, read.variant_id, read.address_id), ("",) * 3)
        self.assertEqual((read.discounts, read.options), ((), ()))

    def test_every_kind_of_consignment_is_read(self):
        consignments = {
            "pickups": [
                {
                    "id": 9,
                    "pickup_method_display_name": "Pick up",
                    "location": {"id": 2, "code": "L2"},
                    "line_items": [line(2)],
                }
            ],
            "shipping": [{"id": 64, "line_items": [line(1)]}],
            "downloads": [{"recipient_email": "a@b.c", "line_items": [line(3)]}],
            "email": {"gift_certificates": [{"line_items": [line(4)]}]},
        }
        parsed = Order.parse(order(consignments=consignments, items_total=8))
        self.assertEqual(
            [part.kind for part in parsed.consignments],
            ["shipping", "pickup", "download", "email"],
        )
        self.assertEqual([read.id for read in parsed.lines], ["1", "2", "3", "4"])
        pickup = parsed.consignments[1]
        self.assertEqual((pickup.location_id, pickup.address), ("2", None))
        self.assertEqual(pickup.shipping_method, "Pick up")

    def test_links_are_no_lines(self):
        shipping = order()["consignments"]["shipping"][0]
        for consignments in (
            LINK,
            None,
            [],
            [{"shipping": [shipping]}],
            {"shipping": [{**shipping, "line_items": [LINK]}]},
            {"shipping": [{**shipping, "line_items": LINK}]},
        ):
            with self.subTest(consignments=consignments):
                parsed = Order.parse(order(consignments=consignments))
                self.assertFalse(parsed.has_lines)
                self.assertFalse(parsed.lines)

    def test_fewer_lines_than_the_order_has_are_not_all(self):
        self.assertFalse(Order.parse(order(items_total=3)).has_lines)
        self.assertTrue(Order.parse(order(items_total=None)).has_lines)

    def test_an_order_without_lines_has_them_all(self):
        empty = {"pickups": [], "shipping": [], "downloads": [], "email": {}}
        parsed = Order.parse(order(consignments=empty, items_total=0))
        self.assertTrue(parsed.has_lines)
        self.assertFalse(parsed.lines)

    def test_fetched_products_and_addresses_take_the_place_of_links(self):
        address = {
            "id": 64,
            "first_name": "Jim",
            "cost_ex_tax": "5.0000",
            "cost_inc_tax": "5.5000",
            "shipping_method": "Ground",
        }
        details = {
            "products": [
                line(1),
                line(2, order_address_id=0, order_pickup_method_id=4),
                line(3, order_address_id=0, type="digital"),
                line(4, order_address_id=0, type="giftcertificate", product_id=0),
                line(5, order_address_id=0, product_id=0),
                line(6, order_address_id=99),
                line(7),
            ],
            "shipping_addresses": [address, {**address, "id": 65}],
        }
        for consignments in (LINK, {"shipping": [{**address, "line_items": [LINK]}]}):
            parsed = Order.parse(order(consignments=consignments, **details))
            self.assertTrue(parsed.has_lines)
            self.assertEqual(
                [
                    (part.kind, part.id, [read.id for read in part.lines])
                    for part in parsed.consignments
                ],
                [
                    ("shipping", "64", ["1", "7"]),
                    ("shipping", "65", []),
                    ("pickup", "", ["2"]),
                    ("download", "", ["3"]),
                    ("email", "", ["4"]),
                    ("shipping", "", ["5"]),
                    ("shipping", "99", ["6"]),
                ],
            )
            first = parsed.consignments[0]
            self.assertEqual(first.shipping.tax, Decimal("0.5"))
            self.assertEqual(first.address.first_name, "Jim")

    def test_fetched_products_know_the_place_of_a_pickup(self):
        pickup = {"id": 9, "location": {"id": 2}, "line_items": [LINK]}
        products = [line(1, order_address_id=0, order_pickup_method_id=4)]
        parsed = Order.parse(
            order(consignments={"pickups": [pickup]}, products=products)
        )
        (consignment,) = parsed.consignments
        self.assertEqual((consignment.kind, consignment.location_id), ("pickup", "2"))
        self.assertEqual(len(consignment.lines), 1)

    def test_tax_rows_are_read_where_they_were_fetched(self):
        self.assertFalse(Order.parse(order()).taxes)
        row = {
            "id": 1,
            "order_id": 519,
            "order_address_id": 64,
            "tax_class_id": 0,
            "name": "State Tax",
            "class": "Default",
            "rate": "8.0000",
            "priority": 1,
            "priority_amount": "1.5200",
            "line_amount": "1.5200",
            "order_product_id": "1",
            "line_item_type": "item",
        }
        (tax,) = Order.parse(order(taxes=[row])).taxes
        self.assertEqual((tax.line_id, tax.tax_class), ("1", "Default"))
        self.assertEqual((tax.rate, tax.line_amount), (8, Decimal("1.52")))

    def test_unknown_fields_and_values_are_tolerated(self):
        raw = order(status_id=99, payment_status="on the moon", brand_new={"a": [1]})
        parsed = Order.parse(raw)
        self.assertEqual(
            (parsed.status_id, parsed.payment_status), ("99", "on the moon")
        )

    def test_an_order_of_nothing_but_an_id_is_read(self):
        parsed = Order.parse({"id": "519"})
        self.assertEqual(parsed.id, "519")
        self.assertFalse(parsed.has_lines)

    def test_an_amount_that_is_none_is_named(self):
        raw = order()
        raw["consignments"]["shipping"][0]["line_items"][0]["price_ex_tax"] = "free"
        with self.assertRaisesRegex(ProtocolError, "price_ex_tax"):
            Order.parse(raw)
        for raw in (None, {}, [], "x", {"status_id": 1}):
            with self.assertRaises(ProtocolError):
                Order.parse(raw)

    def test_people_do_not_show_in_a_log(self):
        raw = order(customer_message="Call me", staff_notes="Jane is nice")
        shown = repr(Order.parse(raw))
        for text in ("Jane", "Jim", "Call me", "jane@example.com"):
            self.assertNotIn(text, shown)

    @settings(max_examples=300, deadline=None)
    @given(st.data())
    def test_a_spoilt_order_is_read_or_refused(self, data):
        raw = deepcopy(
            order(
                products=[line(8)], shipping_addresses=[{"id": 64}], taxes=[{"id": 1}]
            )
        )
        junk = st.sampled_from(
            [None, "", [], {}, "x", "1.5", -1, 10**40, 1.5, True, [1], [[]], [{}],
             {"a": 1}, LINK, [LINK], {"pickups": 5}, {"email": []},
             {"email": {"a": 1}}]
        )  # fmt: skip
        for _spot in range(data.draw(st.integers(1, 3))):
            spot = raw
            while True:
                keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
                key = data.draw(st.sampled_from(keys))
                deeper = isinstance(spot[key], (dict, list)) and spot[key]
                if not deeper or data.draw(st.booleans()):
                    spot[key] = deepcopy(data.draw(junk))
                    break
                spot = spot[key]
        with contextlib.suppress(ProtocolError):
            Order.parse(raw)
