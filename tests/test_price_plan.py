"""Conversions of prices, differences and price breaks: pure arithmetic."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..sync.price_plan import (
    UNIT,
    NotExact,
    NotExportable,
    PriceBreak,
    SalesTax,
    describe_change,
    format_price,
    get_change,
    is_large,
    is_share_exceeded,
    plan_breaks,
    read_price,
    to_odoo,
    to_store,
)

D = Decimal
PRICES = st.decimals("0", "1000000", places=4)
PERCENTS = st.sampled_from(["0", "2.5", "5", "7", "8.875", "19", "20", "21", "25"])
TAXES = st.lists(st.builds(SalesTax, PERCENTS.map(D), st.booleans()), max_size=3)
ONE_SIDED = st.tuples(st.lists(PERCENTS.map(D), max_size=3), st.booleans()).map(
    lambda drawn: [SalesTax(percent, drawn[1]) for percent in drawn[0]]
)
FEW = settings(max_examples=300, deadline=None, derandomize=True, database=None)


def net(percent):
    return SalesTax(percent and D(percent), False)


def gross(percent):
    return SalesTax(percent and D(percent), True)


@tagged("post_install", "-at_install")
class TestTaxSides(BaseCase):
    def test_on_the_same_side_a_price_stays_whatever_its_taxes_are(self):
        for taxes, is_with_tax in (
            ([], True),
            ([], False),
            ([net("20")], False),
            ([gross("20")], True),
            ([net(None)], False),
            ([gross(None), gross("5")], True),
            ([net("0")], True),
            ([net("0"), gross("20")], True),
        ):
            with self.subTest(taxes=taxes, is_with_tax=is_with_tax):
                for convert in (to_store, to_odoo):
                    self.assertEqual(
                        convert(D("9.9999"), taxes, is_with_tax), D("9.9999")
                    )

    def test_on_the_other_side_it_is_converted_where_that_is_exact(self):
        self.assertEqual(to_store(D("20"), [net("20")], True), D("24"))
        self.assertEqual(to_odoo(D("24"), [net("20")], True), D("20"))
        self.assertEqual(to_store(D("24"), [gross("20")], False), D("20"))
        self.assertEqual(to_odoo(D("20"), [gross("20")], False), D("24"))
        self.assertEqual(to_odoo(D("9.99"), [net("20")], True), D("8.325"))
        self.assertEqual(to_odoo(D("23"), [net("10"), net("5")], True), D("20"))
        self.assertEqual(to_store(D("0"), [net("19")], True), 0)

    def test_what_is_not_exact_is_refused(self):
        for convert, price, taxes, is_with_tax in (
            (to_odoo, "9.99", [net("19")], True),
            (to_store, "9.99", [gross("19")], False),
            (to_store, "9.9999", [net("20")], True),
            (to_store, "20", [net(None)], True),
            (to_store, "20", [net("20"), net(None)], True),
            (to_store, "20", [net("20"), gross("5")], True),
            (to_store, "20", [net("20"), gross("5")], False),
            (to_store, "20", [net("-100")], True),
        ):
            with self.subTest(price=price, taxes=taxes), self.assertRaises(NotExact):
                convert(D(price), taxes, is_with_tax)

    @FEW
    @given(PRICES, TAXES, st.booleans())
    def test_there_and_back_is_the_same_or_refused(self, price, taxes, is_with_tax):
        for one, other in ((to_store, to_odoo), (to_odoo, to_store)):
            try:
                converted = one(price, taxes, is_with_tax)
            except NotExact:
                continue
            self.assertEqual(converted, read_price(converted))
            self.assertEqual(other(converted, taxes, is_with_tax), price)

    @FEW
    @given(st.decimals("0", "1000000", places=2), ONE_SIDED)
    def test_whole_cents_with_whole_percents_always_get_their_tax(self, price, taxes):
        taxes = [tax for tax in taxes if tax.percent == int(tax.percent)]
        if not any(tax.percent and tax.is_included for tax in taxes):
            factor = 1 + sum((tax.percent for tax in taxes), D(0)) / 100
            self.assertEqual(to_store(price, taxes, True), price * factor)


@tagged("post_install", "-at_install")
class TestPrices(BaseCase):
    def test_a_price_has_four_decimals_at_most(self):
        for value, expected in (
            (12.5, "12.5"),
            (17.990999999999996, "17.991"),
            (1.00005, "1.0001"),
            (0.1 + 0.2, "0.3"),
            (0, "0"),
            (None, "0"),
            (-0.0, "0"),
            (1000.0, "1000"),
            (123456789.1234, "123456789.1234"),
            (D("12.50"), "12.5"),
        ):
            with self.subTest(value=value):
                self.assertEqual(str(read_price(value)), expected)

    @FEW
    @given(PRICES)
    def test_a_price_survives_odoos_floats(self, price):
        self.assertEqual(read_price(float(price)), price)
        self.assertEqual(
            read_price(price), price.quantize(UNIT, rounding=ROUND_HALF_UP)
        )

    def test_a_change_is_told_in_words(self):
        for former, price, digits, expected in (
            ("12", "6", 2, "12.00 → 6.00 USD (−50 %)"),
            ("6", "12", 2, "6.00 → 12.00 USD (+100 %)"),
            ("3", "4", 2, "3.00 → 4.00 USD (+33.3 %)"),
            ("0", "4", 2, "0.00 → 4.00 USD"),
            ("4", "0", 0, "4 → 0 USD (−100 %)"),
            ("1.2345", "1.5", 2, "1.2345 → 1.50 USD (+21.5 %)"),
        ):
            with self.subTest(expected=expected):
                self.assertEqual(
                    describe_change(D(former), D(price), digits, "USD"), expected
                )
        self.assertEqual(format_price(D("1.2345"), 3), "1.2345")
        self.assertEqual(format_price(D("1E+3"), 0), "1000")

    def test_a_change_is_large_beyond_the_percentage_and_from_zero(self):
        for former, price, percent, expected in (
            ("10", "13", 30, False),
            ("10", "13.0001", 30, True),
            ("10", "7", 30, False),
            ("10", "6.9999", 30, True),
            ("10", "100", 0, False),
            ("0", "1", 30, True),
            ("0", "1", 0, False),
            ("0", "0", 30, False),
            ("10", "10", 30, False),
        ):
            with self.subTest(former=former, price=price, percent=percent):
                self.assertEqual(is_large(D(former), D(price), D(percent)), expected)
        self.assertEqual(get_change(D(10), D(5)), -50)
        self.assertIsNone(get_change(D(0), D(5)))

    def test_a_share_is_exceeded_by_one_more(self):
        self.assertFalse(is_share_exceeded(20, 100, D(20)))
        self.assertTrue(is_share_exceeded(21, 100, D(20)))
        self.assertTrue(is_share_exceeded(1, 100, D(0)))
        self.assertFalse(is_share_exceeded(100, 100, D(100)))
        self.assertFalse(is_share_exceeded(0, 0, D(0)))


@tagged("post_install", "-at_install")
class TestPriceBreaks(BaseCase):
    def plan(self, prices, tiers):
        """Return the breaks of prices given as texts."""
        return [
            (one.quantity_min, one.quantity_max, one.type, str(one.amount))
            for one in plan_breaks(
                [D(price) for price in prices],
                {
                    quantity: [D(price) for price in column]
                    for quantity, column in tiers.items()
                },
            )
        ]

    def test_without_tiers_there_are_none(self):
        self.assertEqual(self.plan(["10"], {}), [])
        self.assertEqual(self.plan([], {}), [])
        self.assertEqual(self.plan(["10"], {5: ["10"]}), [])

    def test_one_price_is_a_fixed_price_from_each_quantity_on(self):
        self.assertEqual(
            self.plan(["10", "10"], {10: ["8", "8"], 5: ["9", "9"]}),
            [(5, 9, "fixed", "9"), (10, 0, "fixed", "8")],
        )

    def test_a_tier_that_changes_nothing_is_left_out(self):
        self.assertEqual(
            self.plan(["10"], {5: ["9"], 7: ["9"], 10: ["8"]}),
            [(5, 9, "fixed", "9"), (10, 0, "fixed", "8")],
        )

    def test_back_to_the_price_ends_the_break(self):
        self.assertEqual(
            self.plan(["10"], {5: ["9"], 10: ["10"]}), [(5, 9, "fixed", "9")]
        )

    def test_different_prices_with_one_percentage_become_that_percentage(self):
        self.assertEqual(
            self.plan(["10", "19.99"], {5: ["9", "17.991"], 10: ["7.5", "14.9925"]}),
            [(5, 9, "percent", "0.1"), (10, 0, "percent", "0.25")],
        )
        self.assertEqual(
            self.plan(["0", "10"], {5: ["0", "5"]}), [(5, 0, "percent", "0.5")]
        )

    def test_what_the_store_cannot_hold_is_refused(self):
        for prices, tiers in (
            (["10", "20"], {5: ["9", "19"]}),
            (["10", "10"], {5: ["9", "8"]}),
            (["10"], {5: ["11"]}),
            (["10", "20"], {5: ["11", "22"]}),
            (["10"], {5: ["-1"]}),
            # A break of a single quantity: the store's end after they begin.
            (["10"], {5: ["9"], 6: ["8"]}),
        ):
            with (
                self.subTest(prices=prices, tiers=tiers),
                self.assertRaises(NotExportable),
            ):
                self.plan(prices, tiers)

    @FEW
    @given(
        st.lists(PRICES, min_size=1, max_size=4),
        st.dictionaries(
            st.integers(2, 50),
            st.integers(0, 9_999).map(lambda number: D(number) / 10_000),
            max_size=4,
        ),
    )
    def test_the_store_charges_what_odoo_does_at_every_quantity(self, prices, shares):
        tiers = {
            quantity: [read_price(price * (1 - share)) for price in prices]
            for quantity, share in shares.items()
        }
        try:
            breaks = plan_breaks(prices, tiers)
        except NotExportable:
            return
        for quantity in range(1, 60):
            due = [own for own in tiers if own <= quantity]
            expected = tiers[max(due)] if due else prices
            self.assertEqual(self.charge(prices, breaks, quantity), expected)

    def charge(self, prices, breaks, quantity):
        """Return what BigCommerce charges for a piece, by the rules of its API."""
        for one in breaks:
            if one.quantity_min <= quantity and (
                not one.quantity_max or quantity <= one.quantity_max
            ):
                return [
                    one.amount
                    if one.type == "fixed"
                    else read_price(price * (1 - one.amount))
                    for price in prices
                ]
        return prices

    @FEW
    @given(st.integers(2, 99), st.integers(1, 9_999))
    def test_a_percentage_of_different_prices_is_always_found(self, quantity, number):
        share = D(number) / 10_000
        prices = [D(10_000), D(20_000)]
        tiers = {quantity: [price * (1 - share) for price in prices]}
        self.assertEqual(
            plan_breaks(prices, tiers), [PriceBreak(quantity, 0, "percent", share)]
        )
