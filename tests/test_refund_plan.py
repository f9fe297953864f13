import random
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..client.payloads.refund import Refund
from ..sync.refund_plan import SoldLine, UnknownItem, plan_credit_lines

CENT = Decimal("0.01")


def sold(line_id, quantity, amount, tax=None, part="product", **vals):
    """Return a sold line; ``tax`` is None where taxes are Odoo's own."""
    quantity, amount = Decimal(quantity), Decimal(amount)
    taxes = None if tax is None else ((("tax",), Decimal(tax)),)
    return SoldLine(
        **{
            "part": part,
            "line_id": str(line_id),
            "address_id": "",
            "name": "Thing",
            "quantity": quantity,
            "amount": amount,
            "price_unit": amount / quantity,
            "taxes": taxes,
            "record": line_id,
            **vals,
        }
    )


def refund(total, tax, *items, **vals):
    """Return a refund; items are tuples of type, id, and quantity or amount."""
    rows = [
        {
            "item_type": kind,
            "item_id": item_id,
            "quantity" if kind == "PRODUCT" else "requested_amount": extent,
        }
        for kind, item_id, extent in items
    ]
    raw = {"id": 1, "order_id": 118, "total_amount": total, "total_tax": tax}
    return Refund.parse({**raw, "items": rows, **vals})


@tagged("post_install", "-at_install")
class TestRefundPlan(BaseCase):
    def assertSums(self, lines, total, tax, inclusive):
        amounts = sum(line.amount for line in lines)
        taxes = sum(part for line in lines for _tax, part in line.taxes)
        self.assertEqual(taxes, Decimal(tax))
        self.assertEqual(amounts + (0 if inclusive else taxes), Decimal(total))
        for line in lines:
            price = line.price_unit * line.quantity * (1 - line.discount / 100)
            self.assertAlmostEqual(price, line.amount, 4)

    def test_a_part_of_a_line_is_credited_on_that_line(self):
        lines = plan_credit_lines(
            refund("3.83", "0.50", ("PRODUCT", 1, 1)),
            [sold(1, 3, "9.99", "1.50"), sold(2, 1, "5", "0.75")],
            CENT,
            False,
        )
        self.assertEqual([line.sold.record for line in lines], [1])
        self.assertSums(lines, "3.83", "0.50", False)

    def test_the_refunds_own_figures_are_what_it_sums_to(self):
        for inclusive in (False, True):
            lines = plan_credit_lines(
                refund("7.00", "0.61", ("PRODUCT", 1, 1), ("PRODUCT", 2, 1)),
                [sold(1, 3, "9.99", "1.50"), sold(2, 1, "5", "0.75")],
                CENT,
                inclusive,
            )
            self.assertSums(lines, "7.00", "0.61", inclusive)

    def test_an_amount_of_the_order_stays_as_it_is(self):
        lines = plan_credit_lines(
            refund("5.83", "0.50", ("ORDER", 118, 2), ("PRODUCT", 1, 1)),
            [sold(1, 3, "9.99", "1.50")],
            CENT,
            False,
        )
        self.assertEqual([line.amount for line in lines], [2, Decimal("3.33")])
        self.assertEqual(lines[0].taxes, ())

    def test_a_tax_alone_becomes_a_line_of_tax(self):
        for inclusive in (False, True):
            (line,) = plan_credit_lines(
                refund("0.25", "0.25"), [sold(1, 3, "9.99", "1.50")], CENT, inclusive
            )
            self.assertTrue(line.is_tax)
            self.assertSums([line], "0.25", "0.25", inclusive)
        (line,) = plan_credit_lines(
            refund("0.25", "0.25"), [sold(1, 3, "9.99")], CENT, False
        )
        self.assertEqual((line.amount, line.taxes), (Decimal("0.25"), ()))

    def test_a_payment_that_was_declined_is_not_credited(self):
        payments = [
            {"provider_id": "a", "amount": 3, "is_declined": True},
            {"provider_id": "b", "amount": 3, "is_declined": False},
        ]
        lines = plan_credit_lines(
            refund("6", "0.5", ("PRODUCT", 1, 3), payments=payments),
            [sold(1, 3, "5.5", "0.5")],
            CENT,
            False,
        )
        self.assertSums(lines, "3", "0.25", False)

    def test_what_was_free_may_be_refunded_with_an_amount(self):
        lines = plan_credit_lines(
            refund("2", "0", ("PRODUCT", 1, 1)), [sold(1, 1, "0", "0")], CENT, False
        )
        self.assertSums(lines, "2", "0", False)

    def test_an_unknown_line_is_said(self):
        for item in (("PRODUCT", 9, 1), ("HANDLING", 1, 1), ("SURPRISE", 1, 1)):
            with self.assertRaises(UnknownItem):
                plan_credit_lines(
                    refund("1", "0", item), [sold(1, 1, "1", "0")], CENT, False
                )

    def test_random_refunds_are_exact(self):
        rng = random.Random(7)
        for number in range(500):
            unit = rng.choice([Decimal(1), CENT, Decimal("0.001")])
            inclusive = rng.random() < 0.5
            lines, items = [], []
            for line_id in range(1, rng.randint(2, 6)):
                quantity = rng.randint(1, 9)
                amount = rng.randint(0, 9999) * unit
                tax = (amount * Decimal("0.0825")).quantize(unit)
                lines.append(sold(line_id, quantity, amount, tax))
                if rng.random() < 0.7:
                    items.append(("PRODUCT", line_id, rng.randint(1, quantity)))
            if rng.random() < 0.2:
                items.append(("ORDER", 118, rng.randint(1, 5) * unit))
            tax = rng.randint(0, 500) * unit
            total = tax + rng.randint(1, 9999) * unit
            with self.subTest(number=number):
                planned = plan_credit_lines(
                    refund(str(total), str(tax), *items), lines, unit, inclusive
                )
                taxes = sum(part for line in planned for _tax, part in line.taxes)
                amounts = sum(line.amount for line in planned)
                self.assertEqual(taxes, tax)
                self.assertEqual(amounts + (0 if inclusive else tax), total)
