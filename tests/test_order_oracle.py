"""The oracle's orders keep the API's identities, and none of their kinds gets lost."""

import unittest
from collections import Counter
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings

from .order_oracle.amounts import CURRENCIES, amount_of
from .order_oracle.broken import MUTATIONS, mutations, random_mutations
from .order_oracle.checks import (
    check,
    entered_side,
    lines_of,
    tax_of_parts,
    tax_of_rowless_fees,
    tax_of_rows,
    total_of_parts,
)
from .order_oracle.orders import order_lists, random_orders
from .order_oracle.payload import text
from .order_oracle.store import UNTAXED, Component, Rounding, Store, TaxClass

SEED = 20260302
ENOUGH = 20


def some_amount(raw, *names):
    return any(amount_of(raw[name]) for name in names)


def has_decimals(value, unit):
    return amount_of(value) % unit != 0


def currency_features(order):
    raw, expected = order.raw, order.expected
    yield f"in {expected.currency}"
    yield f"{order.rounding.name}, inclusive {raw['is_tax_inclusive_pricing']}"
    yield "tax-inclusive" if raw["is_tax_inclusive_pricing"] else "tax-exclusive"
    if expected.total == 0:
        yield "total of zero"


def line_features(order):
    raw, unit = order.raw, order.expected.unit
    lines = lines_of(raw)
    yield f"{len(lines)} lines"
    side = entered_side(raw)
    subtotal = amount_of(raw[f"subtotal_{side}"])
    if sum(amount_of(line[f"total_{side}"]) for line in lines) != subtotal:
        yield "lines that miss the subtotal by a rounding"
    for line in lines:
        yield f"{line['quantity']} pieces"
        yield "catalogue line" if line["product_id"] else "line without product"
        if line["type"] != "giftcertificate":
            custom = "custom " if not line["product_id"] else ""
            yield f"{custom}{line['type']} line"
        else:
            yield "gift certificate sold"
        if has_decimals(line["base_price"], unit):
            yield "price finer than the currency"
        if line["is_bundled_product"] and line["parent_order_product_id"]:
            yield "pick-list child"
        if line["wrapping_id"]:
            yield "wrapping on a line"
        if "discounted_total_inc_tax" not in line:
            yield "no discounted total"
    if raw["order_is_digital"]:
        yield "nothing to ship"


def discount_features(order):
    raw = order.raw
    shares = [share for line in lines_of(raw) for share in line["applied_discounts"]]
    for share in shares:
        by = "coupon" if share["code"] else "promotion"
        yield f"{by} on the {share['target']}"
        if has_decimals(share["amount"], order.expected.unit):
            yield "share finer than the currency"
    written = sum(amount_of(share["amount"]) for share in shares)
    given_away = sum(
        amount_of(raw[name]) for name in ("discount_amount", "coupon_discount")
    )
    missing = abs(given_away - written)
    if missing >= order.expected.unit:
        yield "shares not written"
        if shares:
            yield "shares not written beside discounted products"
    elif missing:
        yield "shares that miss the discount by a fraction"
    if len({(share["id"], share["target"]) for share in shares}) > 1:
        yield "several discounts"


def place_features(order):
    consignments = order.raw["consignments"]
    yield f"{len(consignments['shipping'])} consignments"
    for kind in ("pickups", "downloads"):
        if consignments[kind]:
            yield kind
            if consignments["shipping"]:
                yield f"{kind} beside consignments"
    with_handling = [
        place for place in consignments["shipping"] if place["handling_cost_ex_tax"]
    ]
    if len(with_handling) > 1:
        yield "handling on several consignments"


def cost_features(order):
    raw, parts = order.raw, order.expected.parts
    for part in ("shipping", "handling", "wrapping"):
        if parts[part]:
            taxed = some_amount(raw, f"{part}_cost_tax")
            yield f"{part} {'taxed' if taxed else 'untaxed'}"
    if parts["wrapping"] and not any(line["wrapping_id"] for line in lines_of(raw)):
        yield "wrapping on the order alone"
    for fee in raw["fees"]:
        taxed = amount_of(fee["cost_tax"])
        yield f"fee {'taxed' if taxed else 'untaxed'}"
    if tax_of_rowless_fees(raw, order.taxes):
        yield "fee's tax without a row"


def tax_features(order):
    raw, expected, taxes = order.raw, order.expected, order.taxes
    if not expected.tax:
        yield "zero tax"
        yield f"zero tax with{'' if taxes else 'out'} rows"
    for row in taxes:
        yield f"tax row of {row['line_item_type']}"
        yield f"tax class {row['class']}"
        if "order_address_id" not in row:
            yield "tax row without address"
    components = Counter(
        row["order_product_id"] for row in taxes if row["line_item_type"] == "item"
    )
    for count in components.values():
        yield f"{count} components on a line"
    priorities = {row["priority"] for row in taxes}
    if len(priorities) > 1:
        yield "compound taxes"
    if expected.tax and any(
        line["type"] != "giftcertificate"
        and amount_of(line["total_ex_tax"])
        and not amount_of(line["total_tax"])
        for line in lines_of(raw)
    ):
        yield "untaxed line among taxed ones"
    explained = tax_of_rows(taxes) + tax_of_rowless_fees(raw, taxes)
    units_off = round(abs(explained - expected.tax) / expected.unit)
    yield f"tax rows {units_off} units off"


def payment_features(order):
    raw, expected = order.raw, order.expected
    paid_by = [
        name
        for name in ("gift_certificate", "store_credit")
        if some_amount(raw, f"{name}_amount")
    ]
    if paid_by:
        whole = "" if expected.due else ", the whole total"
        yield f"paid by {' and '.join(paid_by)}{whole}"
    yield "guest" if not raw["customer_id"] else "customer"


def features(order):
    """What the order has, as read from the answers of the API."""
    readers = (
        currency_features,
        line_features,
        discount_features,
        place_features,
        cost_features,
        tax_features,
        payment_features,
    )
    return {feature for reader in readers for feature in reader(order)}


WANTED = {
    "tax-inclusive",
    "tax-exclusive",
    *(f"in {currency}" for currency in CURRENCIES),
    *(
        f"{rounding.name}, inclusive {inclusive}"
        for rounding in Rounding
        for inclusive in (True, False)
    ),
    *(f"{count} lines" for count in range(1, 9)),
    *(f"{count} pieces" for count in range(1, 25)),
    *(f"{count} consignments" for count in range(4)),
    *(f"{count} components on a line" for count in range(1, 4)),
    *(f"tax rows {count} units off" for count in range(3)),
    *(
        f"{part} {taxed}"
        for part in ("shipping", "handling", "wrapping", "fee")
        for taxed in ("taxed", "untaxed")
    ),
    *(
        f"{by} on the {target}"
        for by in ("coupon", "promotion")
        for target in ("order", "product")
    ),
    *(
        f"tax row of {kind}"
        for kind in ("item", "shipping", "handling", "gift-wrapping", "fee")
    ),
    *(
        f"paid by {what}{whole}"
        for what in (
            "gift_certificate",
            "store_credit",
            "gift_certificate and store_credit",
        )
        for whole in ("", ", the whole total")
    ),
    "catalogue line",
    "compound taxes",
    "custom digital line",
    "custom physical line",
    "customer",
    "digital line",
    "downloads",
    "downloads beside consignments",
    "fee's tax without a row",
    "gift certificate sold",
    "guest",
    "handling on several consignments",
    "line without product",
    "lines that miss the subtotal by a rounding",
    "no discounted total",
    "nothing to ship",
    "physical line",
    "pick-list child",
    "pickups",
    "pickups beside consignments",
    "price finer than the currency",
    "several discounts",
    "share finer than the currency",
    "shares not written",
    "shares not written beside discounted products",
    "shares that miss the discount by a fraction",
    "tax class Automatic Tax",
    "tax class Reduced",
    "tax row without address",
    "total of zero",
    "untaxed line among taxed ones",
    "wrapping on a line",
    "wrapping on the order alone",
    "zero tax",
    "zero tax with rows",
    "zero tax without rows",
}


def adds_up(raw, taxes, unit):
    """Whether the order's totals, parts and taxes explain each other."""
    untaxed, tax, total = (
        amount_of(raw[f"total_{name}"]) for name in ("ex_tax", "tax", "inc_tax")
    )
    entered = amount_of(raw[f"total_{entered_side(raw)}"])
    tolerance = 3 * unit
    tax_is_explained = any(
        abs(explained - tax) <= tolerance
        for explained in (tax_of_parts(raw), tax_of_rows(taxes))
    )
    return (
        total - tax == untaxed
        and abs(total_of_parts(raw) - entered) <= tolerance
        and tax_is_explained
    )


class TestOrderOracle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = random_orders(SEED, 3000)

    def test_every_order_keeps_the_identities(self):
        for order in self.orders:
            check(order)

    def test_every_feature_is_drawn_often(self):
        drawn = Counter(feature for order in self.orders for feature in features(order))
        rare = {name: drawn[name] for name in WANTED if drawn[name] < ENOUGH}
        self.assertFalse(rare, f"Drawn fewer than {ENOUGH} times in 3,000 orders")

    def test_the_same_seed_draws_the_same_orders(self):
        self.assertEqual(random_orders(SEED, 20), self.orders[:20])
        self.assertNotEqual(
            random_orders(SEED + 1, 1)[0].expected, self.orders[0].expected
        )

    def test_ids_are_unique_in_the_whole_list(self):
        order_ids = [order.raw["id"] for order in self.orders]
        self.assertEqual(order_ids, list(range(100_001, 103_001)))
        lines = [line["id"] for order in self.orders for line in lines_of(order.raw)]
        places = [
            place["id"]
            for order in self.orders
            for kind in ("shipping", "pickups")
            for place in order.raw["consignments"][kind]
        ]
        rows = [row["id"] for order in self.orders for row in order.taxes]
        for ids in (lines, places, rows):
            self.assertEqual(len(set(ids)), len(ids))

    def test_catalogue_lines_are_the_callers_goods(self):
        goods = [(7, 70, "SEVEN", "Seven"), (8, None, "EIGHT", "Eight")]
        known = {*goods}
        for order in random_orders(SEED, 50, first_id=40, goods=goods):
            for line in lines_of(order.raw):
                if line["product_id"]:
                    fields = ("product_id", "variant_id", "sku", "name")
                    self.assertIn(tuple(line[name] for name in fields), known)
                else:
                    self.assertEqual(line["sku"], "")

    def test_check_notices_an_amount_that_is_off(self):
        for order in self.orders[:100]:
            amount = amount_of(order.raw["total_inc_tax"])
            off = amount + order.expected.unit
            raw = {**order.raw, "total_inc_tax": text(off)}
            wrong = replace(order, raw=raw)
            with self.assertRaises(AssertionError):
                check(wrong)

    def test_sound_orders_add_up_and_broken_ones_do_not(self):
        for order in self.orders:
            self.assertTrue(adds_up(order.raw, order.taxes, order.expected.unit))
        kinds = Counter()
        for broken in random_mutations(SEED, 350):
            unit = CURRENCIES[broken.raw["default_currency_code"]][0]
            self.assertFalse(adds_up(broken.raw, broken.taxes, unit), broken.kind)
            self.assertTrue(broken.reason)
            kinds[broken.kind] += 1
        self.assertEqual(len(kinds), len(MUTATIONS))
        self.assertGreaterEqual(min(kinds.values()), ENOUGH)

    def test_a_stacked_tax_is_what_was_worked_out_by_hand(self):
        """Worked out by hand: 100 and 5 %, and 9.5 % on both."""
        gst_and_qst = TaxClass(
            0,
            "Compound",
            (
                Component("GST", Decimal("5"), 0),
                Component("QST", Decimal("9.5"), 1),
            ),
        )
        for inclusive, amount in ((False, "100"), (True, "114.975")):
            store = self.store(inclusive, Rounding.PER_ORDER)
            self.assertEqual(
                store.taxes(Decimal(amount), gst_and_qst),
                [Decimal("5"), Decimal("9.975")],
            )

    def test_the_roundings_differ(self):
        tax_class = TaxClass(0, "Default", (Component("Tax", Decimal("8.875")),))
        for rounding, tax in (
            # 3 x 0.99 = 2.97, 8.875 % of which are 0.2635875
            (Rounding.PER_LINE, "0.26"),
            (Rounding.PER_ORDER, "0.2636"),
            # 8.875 % of 0.99 are 0.0878625
            (Rounding.PER_UNIT, "0.27"),
        ):
            store = self.store(False, rounding)
            taxes = store.taxes(Decimal("2.97"), tax_class, quantity=3)
            self.assertEqual(taxes, [Decimal(tax)])

    def store(self, inclusive, rounding):
        untaxed = UNTAXED
        return Store(
            currency="USD",
            inclusive=inclusive,
            rounding=rounding,
            rounds_lines=True,
            automatic_tax=False,
            default=untaxed,
            reduced=untaxed,
            untaxed=untaxed,
            shipping=untaxed,
            handling=untaxed,
            wrapping=untaxed,
        )

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(order_lists())
    def test_the_strategy_draws_sound_orders(self, orders):
        ids = [order.raw["id"] for order in orders]
        self.assertEqual(ids, sorted(set(ids)))
        for order in orders:
            check(order)

    @settings(
        max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(mutations())
    def test_the_strategy_draws_broken_orders(self, broken):
        unit = CURRENCIES[broken.raw["default_currency_code"]][0]
        self.assertFalse(adds_up(broken.raw, broken.taxes, unit))
