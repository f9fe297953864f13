"""Which taxes lie on the lines of an order, and how much of each: pure."""

from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..client.payloads.order import Order
from ..sandbox.cart import Address, Cart, Line, Tax
from ..sandbox.checkout import check_out
from ..sandbox.consignments import compose
from ..sync.order_plan import plan_lines
from ..sync.tax_plan import TaxKey, plan_taxes

D = Decimal
CENT = D("0.01")
SOMEONE = Address("Sam", "Shopper", "sam@example.com")
ELSEWHERE = Address("Pat", "Shopper", "pat@example.com", street_1="2 Side Street")
STATE, CITY = Tax("State", D("6.25")), Tax("City", D("0.5"))


def get_payload(*lines, **cart):
    """Return the order of a cart, with its taxes, as the API answers it."""
    cart.setdefault("taxes", (STATE, CITY))
    record = check_out(Cart(118, SOMEONE, lines, **cart), "hash")
    return {
        **record.body,
        "consignments": compose(record, lambda line: line),
        "fees": record.part("fees"),
        "taxes": record.part("taxes"),
    }


def plan(payload, digits=0):
    order = Order.parse(payload)
    return plan_taxes(order, plan_lines(order, CENT), CENT, digits)


def get_taxes(planned):
    """Return part, name and amount of each tax of planned lines."""
    return [
        (line.part, tax.key.name, tax.amount) for line in planned for tax in line.taxes
    ]


def get_sum(planned):
    return sum(tax.amount for line in planned for tax in line.taxes)


@tagged("post_install", "-at_install")
class TestTaxPlan(BaseCase):
    def test_each_row_is_a_tax_of_its_line(self):
        planned = plan(get_payload(Line("Mug", D("10.00")), shipping=(D("8.00"),)))
        self.assertEqual(
            get_taxes(planned),
            [
                ("product", "State", D("0.63")),
                ("product", "City", D("0.05")),
                ("shipping", "State", D("0.50")),
                ("shipping", "City", D("0.04")),
            ],
        )

    def test_shipping_to_two_addresses_is_taxed_for_each(self):
        payload = get_payload(
            Line("Mug", D("10.00")),
            Line("Bowl", D("5.00"), address=1),
            addresses=(SOMEONE, ELSEWHERE),
            shipping=(D("8.00"), D("16.00")),
            taxes=(STATE,),
        )
        amounts = [amount for part, _name, amount in get_taxes(plan(payload))]
        self.assertEqual(amounts, [D("0.63"), D("0.31"), D("0.50"), D("1.00")])

    def test_without_addresses_in_the_rows_they_are_shared_by_what_they_are_on(self):
        payload = get_payload(
            Line("Mug", D("10.00")),
            Line("Bowl", D("5.00"), address=1),
            addresses=(SOMEONE, ELSEWHERE),
            shipping=(D("8.00"), D("16.00")),
            taxes=(STATE,),
        )
        for row in payload["taxes"]:
            del row["order_address_id"]
        shares = [
            amount
            for part, _name, amount in get_taxes(plan(payload))
            if part == "shipping"
        ]
        self.assertEqual(shares, [D("0.50"), D("1.00")])

    def test_rows_without_details_are_shared_by_the_stores_own_figures(self):
        payload = get_payload(
            Line("Mug", D("10.00")),
            Line("Book", D("5.00"), taxed=False),
            shipping=(D("8.00"),),
            taxes=(STATE,),
        )
        whole = sum(D(row["line_amount"]) for row in payload["taxes"])
        row = {**payload["taxes"][0], "line_amount": f"{whole:.4f}"}
        del row["line_item_type"], row["order_product_id"]
        payload["taxes"] = [row]
        self.assertEqual(
            get_taxes(plan(payload)),
            [("product", "State", D("0.63")), ("shipping", "State", D("0.50"))],
        )

    def test_without_rows_a_tax_without_a_name_bears_what_the_store_says(self):
        payload = get_payload(Line("Mug", D("10.00")), taxes=(STATE,))
        payload["taxes"] = []
        (line,) = plan(payload)
        self.assertEqual([tax.key for tax in line.taxes], [TaxKey()])
        self.assertEqual(get_sum([line]), D("0.63"))

    def test_a_taxed_fee_has_no_rows_and_gets_the_rates_of_the_others(self):
        payload = get_payload(Line("Mug", D("10.00")), fees=(("Packing", D("2.00")),))
        payload["fees"][0] |= {"cost_tax": "0.14", "cost_inc_tax": "2.14"}
        payload["total_tax"] = f"{D(payload['total_tax']) + D('0.14'):.4f}"
        fee = plan(payload)[-1]
        self.assertEqual(fee.part, "fee")
        self.assertEqual(get_sum([fee]), D("0.14"))
        self.assertEqual([tax.key.name for tax in fee.taxes], ["State", "City"])

    def test_what_the_store_rounds_once_is_spread(self):
        payload = get_payload(*[Line("Mug", D("0.33"))] * 7, taxes=(STATE,))
        for row in payload["taxes"]:
            row["line_amount"] = "0.0206"
        payload["total_tax"] = "0.1400"
        self.assertEqual(get_sum(plan(payload)), D("0.14"))

    def test_rows_that_do_not_add_up_give_way_to_the_figures_of_the_lines(self):
        payload = get_payload(Line("Mug", D("10.00")), shipping=(D("8.00"),))
        payload["taxes"][0]["line_amount"] = "9.0000"
        self.assertEqual(get_sum(plan(payload)), D("1.22"))

    def test_a_tax_that_nothing_explains_is_left_to_be_seen(self):
        payload = get_payload(Line("Mug", D("10.00")), taxes=(STATE,))
        payload["total_tax"] = "5.0000"
        self.assertEqual(get_sum(plan(payload)), D("0.63"))

    def test_a_rate_is_rounded_half_up_to_the_digits(self):
        payload = get_payload(
            Line("Mug", D("10.00")), taxes=(Tax("City", D("8.2550")),)
        )
        rates = {
            digits: plan(payload, digits)[0].taxes[0].key.rate for digits in range(7)
        }
        self.assertEqual(
            rates,
            {
                0: D("8.255"),
                1: D("8.3"),
                2: D("8.26"),
                3: D("8.255"),
                4: D("8.255"),
                5: D("8.255"),
                6: D("8.255"),
            },
        )

    def test_two_rates_that_are_rounded_to_one_are_one_tax(self):
        taxes = (Tax("City", D("8.251")), Tax("City", D("8.249")))
        (line,) = plan(get_payload(Line("Mug", D("10.00")), taxes=taxes), digits=2)
        self.assertEqual([tax.key for tax in line.taxes], [TaxKey("City", D("8.25"))])

    def test_a_free_line_keeps_its_taxes_at_nothing(self):
        payload = get_payload(Line("Mug", D("10.00")), Line("Gift", D(0)))
        payload["taxes"] += [
            {
                **row,
                "id": row["id"] + 100,
                "order_product_id": "11802",
                "line_amount": "0.0000",
            }
            for row in payload["taxes"]
        ]
        gift = next(line for line in plan(payload) if line.name == "Gift")
        self.assertEqual([tax.amount for tax in gift.taxes], [0, 0])

    def test_payments_bear_no_tax(self):
        planned = plan(get_payload(Line("Mug", D("10.00")), gift_certificate=D("5.00")))
        self.assertFalse(planned[-1].taxes)
        self.assertEqual(planned[-1].part, "gift_certificate")

    def test_the_order_of_the_rows_does_not_matter(self):
        payload = get_payload(
            Line("Mug", D("10.01"), 3), Line("Bowl", D("7.77")), shipping=(D("8.11"),)
        )
        one = get_taxes(plan(payload))
        payload["taxes"].reverse()
        self.assertCountEqual(get_taxes(plan(payload)), one)
