from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..client.errors import ProtocolError
from ..client.payloads.refund import Refund, RefundQuote
from ..sync.refund_methods import choose_method, find_method, prepare_payments

RAW = {
    "id": 12,
    "order_id": 180,
    "created": "2026-06-16T16:44:15+00:00",
    "reason": "Too small [RINV/7]",
    "total_amount": 50,
    "total_tax": 5,
    "items": [
        {
            "item_type": "PRODUCT",
            "item_id": 87,
            "quantity": 1,
            "requested_amount": None,
        },
        {"item_type": "SHIPPING", "item_id": 3, "requested_amount": "10.50"},
    ],
    "payments": [
        {
            "provider_id": "a",
            "amount": 30,
            "is_declined": True,
            "declined_message": "No",
        },
        {"provider_id": "b", "amount": 20, "is_declined": False},
    ],
}


def pay(provider, amount, offline=False):
    return {"provider_id": provider, "amount": amount, "offline": offline}


@tagged("post_install", "-at_install")
class TestRefundPayload(BaseCase):
    def test_a_refund_is_read(self):
        refund = Refund.parse(RAW)
        self.assertEqual((refund.id, refund.order_id), ("12", "180"))
        self.assertEqual((refund.total, refund.tax), (50, 5))
        self.assertEqual(refund.items[1].amount, Decimal("10.50"))
        self.assertFalse(refund.is_declined)
        self.assertEqual(refund.declined_message, "No")
        self.assertTrue(refund.mentions("[RINV/7]"))
        self.assertFalse(refund.mentions("[RINV/70]"))

    def test_one_of_which_everything_was_declined(self):
        refund = Refund.parse({**RAW, "payments": RAW["payments"][:1]})
        self.assertTrue(refund.is_declined)
        self.assertFalse(Refund.parse({**RAW, "payments": []}).is_declined)

    def test_what_is_no_refund_is_refused(self):
        for raw in ({}, {"id": 1}, {"id": 1, "order_id": 2, "items": 3}, []):
            with self.assertRaises(ProtocolError):
                Refund.parse(raw)

    def test_what_is_paid_is_what_a_quote_amounts_to(self):
        quote = RefundQuote.parse(
            {
                "total_refund_amount": 45,
                "total_refund_tax_amount": 5,
                "tax_inclusive": False,
                "refund_methods": [[pay("a", 30), pay("storecredit", 20)]],
            }
        )
        self.assertEqual((quote.total, quote.tax), (50, 5))
        self.assertEqual(RefundQuote.parse({"total_refund_amount": 4}).total, 4)

    def test_ways_to_pay_that_are_no_list_are_refused_by_name(self):
        for methods in (5, 1.5, True, "a", {"a": []}):
            with self.assertRaisesRegex(
                ProtocolError, "'refund_methods' is not a list"
            ):
                RefundQuote.parse({"refund_methods": methods})

    def test_the_way_it_was_paid_is_meant_if_nobody_says_otherwise(self):
        def choose(*methods):
            quote = RefundQuote.parse({"refund_methods": list(methods)})
            return [one.provider_id for one in choose_method(quote.methods)]

        credit, custom = [pay("storecredit", 5)], [pay("custom", 5, True)]
        split = [pay("stripe", 3), pay("storecredit", 2)]
        self.assertEqual(choose(credit, custom, split), ["stripe", "storecredit"])
        self.assertEqual(choose(credit, custom), ["custom"])
        self.assertEqual(choose(credit), ["storecredit"])
        self.assertEqual(choose(), [])

    def test_a_method_is_found_again_by_its_payments(self):
        quote = RefundQuote.parse(
            {"refund_methods": [[pay("a", 5)], [pay("a", 3), pay("b", 2)]]}
        )
        for method in quote.methods:
            payments = prepare_payments(method)
            self.assertEqual(find_method(quote.methods, payments), method)
        self.assertIsNone(find_method(quote.methods, [pay("a", 4)]))
