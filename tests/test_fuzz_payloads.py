"""Mutated payloads are read with the amounts that they hold, or refused by name."""

import json
from contextlib import ExitStack
from dataclasses import fields
from decimal import Decimal
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from odoo.tests import BaseCase, tagged

from ..client import codec
from ..client.errors import ProtocolError
from ..client.payloads.amounts import Amounts
from ..client.payloads.brand import Brand
from ..client.payloads.category import Category
from ..client.payloads.customer import Customer
from ..client.payloads.inventory import InventoryItem, InventoryLevel
from ..client.payloads.order import Fee, Order, OrderLine, TaxRow
from ..client.payloads.product import BulkPricingRule, Product, Variant
from ..client.payloads.refund import Refund, RefundItem, RefundPayment, RefundQuote
from ..client.payloads.shipment import Shipment, ShipmentItem
from ..client.payloads.store import (
    Channel,
    Currency,
    Location,
    OrderStatus,
    Store,
    TaxClass,
)
from ..client.payloads.transaction import Transaction
from ..sandbox import built_in
from ..sandbox.application import Sandbox
from .mutations import mutated, write

WITH_LINES = "include=consignments.line_items,fees&consignment_structure=object"
WITH_ALL = "include=variants,images,bulk_pricing_rules,channels"
REFUND = {
    "id": 12, "order_id": 180, "created": "2026-06-16T16:44:15+00:00",
    "total_amount": 50, "total_tax": 5.25,
    "items": [
        {"item_type": "PRODUCT", "item_id": 87, "quantity": 1, "requested_amount": None,
         "adjustments": [{"amount": -1.1}, {"amount": "-0.2000"}]},
        {"item_type": "SHIPPING", "item_id": 3, "requested_amount": "10.50"},
    ],
    "payments": [{"provider_id": "a", "amount": 30, "is_declined": True}],
}  # fmt: skip
QUOTE = {
    "total_refund_amount": 69.7, "total_refund_tax_amount": 3.25, "tax_inclusive": True,
    "refund_methods": [
        [{"provider_id": "a", "amount": 60.7}, {"provider_id": "b", "amount": 9}],
        [{"provider_id": "custom", "amount": 69.7, "offline": True}],
    ],
}  # fmt: skip
SHIPMENT = {
    "id": 11, "order_address_id": 131, "tracking_number": "1Z", "tracking_link": None,
    "items": [{"order_product_id": 5, "product_id": 0, "quantity": "2"}],
}  # fmt: skip
# What the parser reads an amount from, where that bears another name.
NAMES = {
    (InventoryLevel, "on_hand"): "total_inventory_onhand",
    (RefundItem, "amount"): "requested_amount",
    (Refund, "total"): "total_amount",
    (Refund, "tax"): "total_tax",
    (RefundQuote, "total"): "total_refund_amount",
    (RefundQuote, "tax"): "total_refund_tax_amount",
}
READ_ONE_BY_ONE = (
    OrderLine, Fee, TaxRow, Variant, BulkPricingRule, RefundItem, RefundPayment,
    ShipmentItem, InventoryLevel,
)  # fmt: skip


def collect_payloads():
    """Return pairs of a class and a payload that the sandbox has of it."""
    client = Client(Sandbox(built_in.load))

    def ask(path):
        answer = client.get(
            f"/stores/sandbox{path}",
            headers={"X-Auth-Token": "sandbox-token", "Accept": "application/json"},
        )
        body = json.loads(answer.get_data())
        return body["data"] if path.startswith("/v3") else body

    found = {
        Brand: ask("/v3/catalog/brands"),
        Category: ask("/v3/catalog/trees/categories"),
        Channel: ask("/v3/channels"),
        Currency: ask("/v2/currencies"),
        Customer: ask("/v3/customers?include=addresses"),
        InventoryItem: ask("/v3/inventory/items"),
        Location: ask("/v3/inventory/locations"),
        Order: ask(f"/v2/orders?{WITH_LINES}"),
        OrderStatus: ask("/v2/order_statuses"),
        Product: ask(f"/v3/catalog/products?{WITH_ALL}"),
        Refund: [REFUND],
        RefundQuote: [QUOTE],
        Shipment: [SHIPMENT],
        Store: [ask("/v2/store")],
        TaxClass: ask("/v2/tax_classes"),
        Transaction: ask("/v3/orders/118/transactions"),
    }
    for order in found[Order][:10]:
        path = f"/v2/orders/{order['id']}"
        parts = {
            part: ask(f"{path}/{part}") for part in ("products", "shipping_addresses")
        }
        taxes = (
            ask(f"{path}/taxes?details=true") if order["total_tax"] != "0.0000" else []
        )
        order["taxes"] = taxes
        # as where the lines have to be asked for
        found[Order].append({**order, **parts, "consignments": {"url": "x"}})
    return found


PAYLOADS = collect_payloads()
OTHERS = [
    (cls, payload)
    for cls, payloads in PAYLOADS.items()
    if cls not in (Order, Product)
    for payload in payloads[:2]
]
FUZZ = settings(max_examples=300, deadline=None, derandomize=True, database=None)


@tagged("post_install", "-at_install")
class TestFuzzPayloads(BaseCase):
    @FUZZ
    @given(mutated(PAYLOADS[Order]))
    def test_an_order_is_read_to_the_digit_or_refused(self, payload):
        self.check(Order, write(payload))

    @FUZZ
    @given(mutated(PAYLOADS[Product]))
    def test_a_product_is_read_to_the_digit_or_refused(self, payload):
        self.check(Product, write(payload))

    @FUZZ
    @given(
        st.sampled_from(OTHERS).flatmap(
            lambda other: st.tuples(st.just(other[0]), mutated([other[1]]))
        )
    )
    def test_anything_else_is_read_to_the_digit_or_refused(self, pair):
        self.check(pair[0], write(pair[1]))

    def check(self, cls, text):
        """Whatever the text says, the class reads just that, or names the field."""
        try:
            raw = codec.decode(text)
        except ValueError:
            # No JSON: the transport says so.
            return
        read = []
        with ExitStack() as stack:
            for one in {cls, *READ_ONE_BY_ONE, Amounts}:
                stack.enter_context(patch.object(one, "parse", note(one.parse, read)))
            try:
                cls.parse(raw)
            except ProtocolError as error:
                self.assertRegex(str(error), r"^'.*' is .+$")
                return
        for found, record, *name in read:
            if isinstance(found, Amounts):
                self.assertAmounts(found, record, *name)
            else:
                self.assertNumbers(found, record)

    def assertNumbers(self, found, raw):
        for field in fields(found):
            value = getattr(found, field.name)
            name = NAMES.get((type(found), field.name), field.name)
            if (type(found), field.name) == (RefundItem, "adjustment"):
                rows = raw.get("adjustments") or []
                amounts = [number(row.get("amount")) or 0 for row in rows if row]
                self.assertEqual(value, sum(amounts))
            elif name == "address_count" or getattr(found, "methods", ()):
                # made of several things
                continue
            elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
                self.assertEqual(value, number(raw.get(name)) or 0, field.name)
            elif value is None and "Decimal" in str(field.type):
                self.assertIsNone(number(raw.get(name)), field.name)

    def assertAmounts(self, found, raw, name):
        ex_tax, inc_tax, tax = (
            number(raw.get(f"{name}_{side}")) for side in ("ex_tax", "inc_tax", "tax")
        )
        if ex_tax is None:
            ex_tax = 0 if inc_tax is None else inc_tax - (tax or 0)
        if inc_tax is None:
            inc_tax = ex_tax + (tax or 0)
        if tax is None:
            tax = inc_tax - ex_tax
        self.assertEqual(
            (found.ex_tax, found.inc_tax, found.tax), (ex_tax, inc_tax, tax)
        )


def note(parse, read):
    """Return the function of a parser that also notes what it has read of what."""

    def noting(*arguments, **options):
        found = parse(*arguments, **options)
        read.append((found, *arguments))
        return found

    return noting


def number(value):
    """Return the number that the payload gives, None for nothing."""
    if value in (None, "", [], {}) or isinstance(value, str) and not value.strip():
        return None
    return Decimal(value)
