"""Which way money goes back, of those that BigCommerce offers."""

from odoo.tests import BaseCase, tagged

from ..client.payloads.refund import RefundQuote
from ..sync.refund_methods import choose_method, find_method, prepare_payments


def pay(provider, amount, offline=False):
    return {"provider_id": provider, "amount": amount, "offline": offline}


@tagged("post_install", "-at_install")
class TestRefundMethods(BaseCase):
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
