from odoo.tests import tagged

from .sandbox_case import StoreCase

VAT = [{"name": "VAT", "rate": "15"}]
MUGS = [{"sku": "MUG-ENAMEL", "quantity": 3, "price": "3.33", "name": "Mug"}]


@tagged("post_install", "-at_install")
class TestSandboxRefunds(StoreCase):
    def place(self, **cart):
        """Place an order; its first line and address are kept as well."""
        self.order = self.store.place_order(
            **{"lines": MUGS, "taxes": VAT, "shipping": ["5"], **cart}
        )
        self.line, self.address = int(self.order) * 100 + 1, int(self.order) * 10
        return f"/v3/orders/{self.order}/payment_actions"

    def post(self, path, *items, **content):
        content["items"] = [self.store.get_refund_item(*item) for item in items]
        return self.ask(path, method="POST", json=content)

    def quote(self, *items, **content):
        path = f"/v3/orders/{self.order}/payment_actions/refund_quotes"
        return self.post(path, *items, **content)

    def amounts(self, *items):
        data = self.quote(*items).json()["data"]
        return data["total_refund_amount"], data["total_refund_tax_amount"]

    def test_parts_of_a_line_sum_to_the_line(self):
        for with_tax, amounts in (
            (False, [(3.83, 0.5), (3.83, 0.5), (3.83, 0.5)]),
            (True, [(3.33, 0.43), (3.33, 0.44), (3.33, 0.43)]),
        ):
            with self.subTest(with_tax=with_tax):
                self.place(with_tax=with_tax)
                found = []
                for _part in range(3):
                    found.append(self.amounts(("PRODUCT", self.line, 1)))
                    self.store.refund(self.order, ("PRODUCT", self.line, 1))
                self.assertEqual(found, amounts)
                self.assertEqual(self.quote(("PRODUCT", self.line, 1)).status_code, 422)

    def test_amounts_of_a_currency_without_decimals_are_whole(self):
        self.place(currency="JPY", lines=[{**MUGS[0], "price": "333"}])
        self.assertEqual(self.amounts(("PRODUCT", self.line, 2)), (766.0, 100.0))

    def test_what_is_refunded_changes_line_status_and_payment(self):
        self.place()
        path = f"/v2/orders/{self.order}"
        self.store.refund(self.order, ("PRODUCT", self.line, 2))
        order, (line,) = self.fetch(path), self.fetch(f"{path}/products")
        self.assertEqual(
            (order["status_id"], order["payment_status"], order["refunded_amount"]),
            (14, "partially refunded", "0.0000"),
        )
        self.assertEqual((line["quantity_refunded"], line["is_refunded"]), (2, False))
        self.store.refund(
            self.order, ("PRODUCT", self.line, 1), ("SHIPPING", self.address, 5)
        )
        order, (line,) = self.fetch(path), self.fetch(f"{path}/products")
        self.assertEqual((order["status_id"], order["payment_status"]), (4, "refunded"))
        self.assertEqual((line["quantity_refunded"], line["is_refunded"]), (3, True))
        rows = self.fetch(f"/v3/orders/{self.order}/transactions")["data"]
        self.assertEqual([row["event"] for row in rows], ["purchase", *["refund"] * 2])

    def test_more_than_is_left_is_refused(self):
        self.place()
        self.store.refund(self.order, ("SHIPPING", self.address, 3))
        for item in (
            ("PRODUCT", self.line, 4),
            ("PRODUCT", self.line, 0),
            ("PRODUCT", 1, 1),
            ("SHIPPING", self.address, 2.01),
            ("SHIPPING", self.address, -1),
            ("ORDER", self.order, 100),
            ("NOTHING", self.order, 1),
        ):
            with self.subTest(item=item):
                self.assertEqual(self.quote(item).status_code, 422)

    def test_payments_have_to_be_those_of_the_quote(self):
        path = self.place() + "/refunds"
        for provider, amount in (
            ("braintree", 3.82),
            ("storecredit", 3.83),
            ("paypal", 3.83),
        ):
            with self.subTest(provider=provider):
                payment = {"provider_id": provider, "amount": amount, "offline": False}
                answer = self.post(path, ("PRODUCT", self.line, 1), payments=[payment])
                self.assertEqual(answer.status_code, 422)
                self.assertIn("data", answer.json())
        self.assertEqual(self.fetch(path)["data"], [])

    def test_what_is_not_settled_is_not_refunded(self):
        for status, code in (("authorized", 422), ("declined", 422), ("paid", 201)):
            self.place(payment_status=status)
            answer = self.quote(("PRODUCT", self.line, 1))
            self.assertEqual(answer.status_code, code)

    def test_declined_refunds_change_nothing_of_the_order(self):
        self.place()
        self.store.decline_refunds()
        refund = self.store.refund(self.order, ("PRODUCT", self.line, 1))
        self.assertTrue(refund["payments"][0]["is_declined"])
        order = self.fetch(f"/v2/orders/{self.order}")
        self.assertEqual(order["payment_status"], "captured")
        self.assertEqual(self.amounts(("PRODUCT", self.line, 3))[0], 11.49)

    def test_a_split_payment_is_given_back_to_all_that_it_came_from(self):
        self.place(store_credit="10", customer_id=2)
        data = self.quote(("PRODUCT", self.line, 3)).json()["data"]
        methods = [
            [(one["provider_id"], one["amount"]) for one in method]
            for method in data["refund_methods"]
        ]
        self.assertEqual(
            methods,
            [
                [("storecredit", 11.49)],
                [("custom", 11.49)],
                [("braintree", 7.24), ("storecredit", 4.25)],
            ],
        )

    def test_the_merchant_may_say_the_amounts(self):
        path = self.place() + "/refunds"
        payment = {"provider_id": "braintree", "amount": 2, "offline": False}
        override = {"total_amount": 2, "total_tax": 0.2}
        answer = self.post(
            path,
            ("PRODUCT", self.line, 1),
            payments=[payment],
            merchant_calculated_override=override,
        )
        refund = answer.json()["data"]
        self.assertEqual((refund["total_amount"], refund["total_tax"]), (2, 0.2))
        self.assertTrue(refund["uses_merchant_override_values"])
