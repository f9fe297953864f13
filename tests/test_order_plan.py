"""From a store's order to the lines of a sale order: pure, no database needed."""

import random
from decimal import ROUND_HALF_UP, Decimal

from odoo.tests import BaseCase, tagged

from ..client.payloads.order import Order
from ..sandbox.cart import EUR, JPY, USD, Address, Cart, Coupon, Line, Tax
from ..sandbox.checkout import check_out
from ..sandbox.consignments import compose
from ..sync.order_plan import plan_lines, price_and_discount, spread

D = Decimal
CENT = D("0.01")
SOMEONE = Address("Sam", "Shopper", "sam@example.com")
ELSEWHERE = Address("Pat", "Shopper", "pat@example.com", street_1="2 Side Street")
PAYMENTS = ("gift_certificate", "store_credit")
TEN_PERCENT = Coupon("TEN", "10% off", D(10), type=1)


def get_payload(*lines, **cart):
    """Return the order of a cart as the API answers it."""
    record = check_out(Cart(118, SOMEONE, lines, **cart), "hash")
    return {
        **record.body,
        "consignments": compose(record, lambda line: line),
        "fees": record.part("fees"),
    }


def plan(*lines, unit=CENT, **cart):
    return plan_lines(Order.parse(get_payload(*lines, **cart)), unit)


def get_amounts(planned):
    return [(line.part, line.amount) for line in planned]


def get_odoo_amount(line, unit=CENT):
    """Return what Odoo makes of price, quantity and discount."""
    amount = line.price_unit * line.quantity * (1 - line.discount / 100)
    return amount.quantize(unit, ROUND_HALF_UP)


@tagged("post_install", "-at_install")
class TestSpread(BaseCase):
    def test_the_parts_sum_to_the_target(self):
        parts = spread(D("10.00"), [D("3.3333")] * 3, CENT)
        self.assertEqual(parts, [D("3.34"), D("3.33"), D("3.33")])

    def test_surplus_cents_are_taken_from_the_largest_rounding_error(self):
        parts = spread(D("1.00"), [D("0.335"), D("0.3349"), D("0.335")], CENT)
        self.assertEqual(sum(parts), D("1.00"))
        self.assertEqual(parts[1], D("0.33"))

    def test_a_weight_of_nothing_gets_nothing(self):
        parts = spread(D("0.01"), [D(0), D("0.004"), D("0.004")], CENT)
        self.assertEqual(parts[0], 0)
        self.assertEqual(sum(parts), D("0.01"))

    def test_no_weights_give_no_parts(self):
        self.assertEqual(spread(D(0), [], CENT), [])
        self.assertEqual(spread(D(5), [], CENT), [])

    def test_half_a_unit_per_weight_is_still_rounding(self):
        self.assertEqual(
            sum(spread(D("2.01"), [D("1.00"), D("1.00")], CENT)), D("2.01")
        )

    def test_more_than_rounding_is_left_to_be_seen(self):
        parts = spread(D("2.02"), [D("1.00"), D("1.00")], CENT)
        self.assertEqual(parts, [D("1.00"), D("1.00")])

    def test_negative_amounts_are_spread_as_well(self):
        parts = spread(D("-10.00"), [D("-3.3333")] * 3, CENT)
        self.assertEqual(sum(parts), D("-10.00"))

    def test_the_unit_may_be_a_whole_one_or_a_thousandth(self):
        self.assertEqual(spread(D(10), [D("3.3")] * 3, D(1)), [4, 3, 3])
        parts = spread(D("1.000"), [D("0.33333")] * 3, D("0.001"))
        self.assertEqual(parts, [D("0.334"), D("0.333"), D("0.333")])


@tagged("post_install", "-at_install")
class TestPriceAndDiscount(BaseCase):
    def assertPrice(self, arguments, price, discount):
        found = price_and_discount(*map(D, arguments))
        self.assertEqual(found, (D(price), D(discount)))

    def test_no_discount_keeps_the_list_price(self):
        self.assertPrice(("25.00", "12.50", "2"), "12.50", "0")

    def test_a_list_price_below_a_cent_is_kept(self):
        self.assertPrice(("5.00", "0.125", "40"), "0.125", "0")

    def test_a_percentage_that_is_exact_is_shown(self):
        self.assertPrice(("22.50", "12.50", "2"), "12.50", "10")

    def test_all_discounted_away_is_a_hundred_percent(self):
        self.assertPrice(("0", "12.50", "2"), "12.50", "100")

    def test_a_free_item_has_no_discount(self):
        self.assertPrice(("0", "0", "1"), "0", "0")

    def test_a_percentage_that_is_not_exact_becomes_a_net_price(self):
        self.assertPrice(("20.00", "33.33", "1"), "20", "0")

    def test_the_net_price_is_the_shortest_that_gives_the_amount(self):
        self.assertPrice(("10.00", "5.00", "3"), "3.33333", "0")

    def test_a_price_above_the_list_price_is_a_net_price(self):
        self.assertPrice(("25.01", "12.50", "2"), "12.505", "0")

    def test_a_negative_amount_is_a_net_price(self):
        self.assertPrice(("-5.00", "12.50", "1"), "-5", "0")


@tagged("post_install", "-at_install")
class TestPlan(BaseCase):
    def test_each_line_of_the_store_is_a_line(self):
        planned = plan(Line("Mug", D("12.50"), 2), Line("Bowl", D("18.40")))
        self.assertEqual(
            get_amounts(planned), [("product", D("25.00")), ("product", D("18.40"))]
        )
        self.assertEqual([line.name for line in planned], ["Mug", "Bowl"])
        self.assertEqual([line.line_id for line in planned], ["11801", "11802"])

    def test_the_amounts_are_those_of_the_side_on_which_prices_are_entered(self):
        cart = {"taxes": (Tax("VAT", D(20)),), "shipping": (D("6.00"),)}
        without = plan(Line("Mug", D("12.00")), **cart)
        self.assertEqual(
            get_amounts(without), [("product", D("12.00")), ("shipping", D("6.00"))]
        )
        included = plan(Line("Mug", D("12.00")), with_tax=True, **cart)
        self.assertEqual(
            get_amounts(included), [("product", D("12.00")), ("shipping", D("6.00"))]
        )

    def test_an_order_without_anything_has_no_lines(self):
        self.assertEqual(plan(), [])

    def test_what_costs_nothing_besides_products_has_no_line(self):
        planned = plan(Line("Gift", D(0)), shipping=(D(0),), handling=D(0))
        self.assertEqual(get_amounts(planned), [("product", D(0))])

    def test_shipping_handling_wrapping_and_fees_have_lines_of_their_own(self):
        planned = plan(
            Line("Mug", D("12.50"), wrapping=D("3.50")),
            shipping=(D("8.50"),),
            handling=D("2.00"),
            fees=(("Protection", D("1.95")), ("Rush", D("9.00"))),
        )
        self.assertEqual(
            get_amounts(planned),
            [
                ("product", D("12.50")),
                ("shipping", D("8.50")),
                ("handling", D("2.00")),
                ("wrapping", D("3.50")),
                ("fee", D("1.95")),
                ("fee", D("9.00")),
            ],
        )
        self.assertEqual([line.name for line in planned[-2:]], ["Protection", "Rush"])

    def test_each_address_has_its_own_shipping(self):
        planned = plan(
            Line("Mug", D("12.50")),
            Line("Bowl", D("18.40"), address=1),
            addresses=(SOMEONE, ELSEWHERE),
            shipping=(D("8.50"), D("4.00")),
        )
        self.assertEqual(
            [(line.part, line.amount, line.address_id) for line in planned],
            [
                ("product", D("12.50"), "1180"),
                ("product", D("18.40"), "1181"),
                ("shipping", D("8.50"), "1180"),
                ("shipping", D("4.00"), "1181"),
            ],
        )

    def test_shipping_that_no_address_explains_is_one_line(self):
        payload = get_payload(Line("Mug", D("12.50")), shipping=(D("8.50"),))
        payload["consignments"]["shipping"][0]["cost_ex_tax"] = "1.00"
        planned = plan_lines(Order.parse(payload), CENT)
        self.assertEqual(
            get_amounts(planned), [("product", D("12.50")), ("shipping", D("8.50"))]
        )

    def test_a_line_discount_is_a_percentage_of_its_list_price(self):
        (line,) = plan(Line("Mug", D("12.50"), 2, discount=D("2.50")))
        self.assertEqual((line.price_unit, line.discount), (D("12.50"), D(10)))

    def test_a_coupon_is_taken_off_once(self):
        planned = plan(
            Line("Mug", D("12.50"), 2), Line("Bowl", D("18.40")), coupon=TEN_PERCENT
        )
        self.assertEqual(
            get_amounts(planned), [("product", D("22.50")), ("product", D("16.56"))]
        )

    def test_a_discount_of_the_whole_order_is_taken_off_once(self):
        planned = plan(
            Line("Mug", D("10.00")),
            Line("Bowl", D("30.00")),
            discount=D("4.00"),
            shipping=(D("8.50"),),
        )
        self.assertEqual(
            get_amounts(planned),
            [
                ("product", D("9.00")),
                ("product", D("27.00")),
                ("shipping", D("8.50")),
            ],
        )

    def test_an_order_discount_that_no_line_shows_is_spread_over_the_products(self):
        payload = get_payload(
            Line("Mug", D("10.00")),
            Line("Bowl", D("30.00")),
            discount=D("4.00"),
            shipping=(D("8.50"),),
        )
        for line in payload["consignments"]["shipping"][0]["line_items"]:
            line["applied_discounts"] = []
        planned = plan_lines(Order.parse(payload), CENT)
        self.assertEqual(
            get_amounts(planned),
            [
                ("product", D("9.00")),
                ("product", D("27.00")),
                ("shipping", D("8.50")),
            ],
        )

    def test_a_coupon_that_no_line_shows_comes_on_top_of_shown_discounts(self):
        payload = get_payload(
            Line("Mug", D("10.00"), discount=D("2.00")),
            Line("Bowl", D("32.00")),
            coupon=TEN_PERCENT,
        )
        for line in payload["consignments"]["shipping"][0]["line_items"]:
            line["applied_discounts"] = [
                discount
                for discount in line["applied_discounts"]
                if discount["target"] == "product"
            ]
        planned = plan_lines(Order.parse(payload), CENT)
        self.assertEqual(
            get_amounts(planned), [("product", D("7.20")), ("product", D("28.80"))]
        )

    def test_a_difference_that_nothing_explains_goes_into_no_line(self):
        planned = plan(Line("Mug", D("12.50")), unexplained=D("0.50"))
        self.assertEqual(get_amounts(planned), [("product", D("12.50"))])

    def test_a_surplus_that_no_discount_explains_goes_into_no_line(self):
        planned = plan(Line("Mug", D("12.50")), unexplained=D("-0.50"))
        self.assertEqual(get_amounts(planned), [("product", D("12.50"))])

    def test_certificate_and_credit_are_negative_lines_at_the_end(self):
        planned = plan(
            Line("Mug", D("12.50")),
            gift_certificate=D("5.00"),
            store_credit=D("2.50"),
            shipping=(D("8.50"),),
        )
        self.assertEqual(
            get_amounts(planned),
            [
                ("product", D("12.50")),
                ("shipping", D("8.50")),
                ("gift_certificate", D("-5.00")),
                ("store_credit", D("-2.50")),
            ],
        )

    def test_a_certificate_that_pays_everything_leaves_nothing_due(self):
        planned = plan(Line("Mug", D("12.50")), gift_certificate=D("12.50"))
        self.assertEqual(sum(map(get_odoo_amount, planned)), 0)

    def test_a_certificate_sold_is_a_product_that_no_discount_lowers(self):
        planned = plan(
            Line("Certificate", D("25.00"), type="giftcertificate", taxed=False),
            Line("Mug", D("12.50")),
            coupon=TEN_PERCENT,
        )
        self.assertCountEqual(
            get_amounts(planned),
            [("gift_certificate_sold", D("25.00")), ("product", D("11.25"))],
        )

    def test_an_unshown_discount_does_not_lower_a_certificate_sold(self):
        payload = get_payload(
            Line("Certificate", D("25.00"), type="giftcertificate", taxed=False),
            Line("Mug", D("12.50")),
            coupon=TEN_PERCENT,
        )
        for consignment in payload["consignments"]["shipping"]:
            for line in consignment["line_items"]:
                line["applied_discounts"] = []
        planned = plan_lines(Order.parse(payload), CENT)
        self.assertCountEqual(
            get_amounts(planned),
            [("gift_certificate_sold", D("25.00")), ("product", D("11.25"))],
        )

    def test_lines_of_every_consignment_are_there(self):
        planned = plan(
            Line("Mug", D("12.50")),
            Line("Pattern", D("7.50"), type="digital"),
            Line("Certificate", D("25.00"), type="giftcertificate", taxed=False),
        )
        self.assertCountEqual(
            [line.name for line in planned], ["Mug", "Pattern", "Certificate"]
        )

    def test_a_line_of_quantity_zero_is_left_out(self):
        payload = get_payload(Line("Mug", D("12.50")), Line("Bowl", D("18.40")))
        line = payload["consignments"]["shipping"][0]["line_items"][1]
        line |= {"quantity": 0, "total_ex_tax": "0", "total_inc_tax": "0"}
        payload |= {"total_ex_tax": "12.5", "total_inc_tax": "12.5", "items_total": 1}
        planned = plan_lines(Order.parse(payload), CENT)
        self.assertEqual(get_amounts(planned), [("product", D("12.50"))])

    def test_amounts_are_in_the_smallest_unit_of_the_currency(self):
        planned = plan(
            Line("Mug", D("333.3333"), 3), currency=JPY, unit=D(1), shipping=(D(1200),)
        )
        self.assertEqual(
            get_amounts(planned), [("product", D(1000)), ("shipping", D(1200))]
        )

    def test_any_order_is_exact_to_the_cent(self):
        """500 random orders, as the store calculates them, in both of its modes."""
        dice = random.Random(20260901)
        for number in range(500):
            currency = dice.choice((USD, EUR, JPY))
            unit = D(1).scaleb(-currency.places)
            cart = _throw_cart(dice, currency, unit)
            order = Order.parse(get_payload(*cart.pop("lines"), **cart))
            with self.subTest(number=number):
                planned = plan_lines(order, unit)
                charged = [line for line in planned if line.part not in PAYMENTS]
                self.assertEqual(
                    sum(get_odoo_amount(line, unit) for line in charged),
                    order.total.of(order.is_tax_inclusive),
                )
                for line in planned:
                    self.assertEqual(line.amount, get_odoo_amount(line, unit))
                    self.assertEqual(line.discount, round(line.discount, 2))


def _throw_cart(dice, currency, unit):
    def amount(low, high, digits=4):
        return D(str(round(dice.uniform(low, high), digits)))

    lines = []
    for _ in range(dice.randint(1, 8)):
        price = amount(0.05, 200, dice.choice((2, 2, 4)))
        quantity = dice.randint(1, 24)
        discount = D(0)
        if dice.random() < 0.33:
            discount = (price * quantity * amount(0, 0.6)).quantize(unit)
        lines.append(
            Line(
                "Article",
                price,
                quantity,
                discount=discount,
                address=dice.choice((0, 1)),
            )
        )
    gross = sum(line.price * line.quantity - line.discount for line in lines)
    cart = {
        "lines": lines,
        "currency": currency,
        "with_tax": dice.random() < 0.5,
        "taxes": dice.choice(
            ((), (Tax("A", D("8.25")),), (Tax("A", D(5)), Tax("B", D("9.975"))))
        ),
        "addresses": (SOMEONE, ELSEWHERE),
        "shipping": (amount(0, 20, 2).quantize(unit), amount(0, 9, 2).quantize(unit)),
        "handling": dice.choice((D(0), D(2))),
        "coupon": dice.choice((None, TEN_PERCENT)),
        "discount": (gross * dice.choice((D(0), D("0.03")))).quantize(unit),
        "gift_certificate": dice.choice((D(0), D(5))),
    }
    total = Order.parse(
        get_payload(*lines, **{k: v for k, v in cart.items() if k != "lines"})
    ).total
    # the store charges whole units: what is left over is its own rounding
    surplus = total.of(cart["with_tax"])
    cart["unexplained"] = surplus.quantize(unit, ROUND_HALF_UP) - surplus
    return cart
