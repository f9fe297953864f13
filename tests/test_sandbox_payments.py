"""The sandbox's payments: what is implied, scheduled and carried out."""

import requests

from odoo.tests import tagged

from ..sandbox.application import Sandbox
from ..sandbox.built_in import load
from ..sandbox.transactions import add_transaction, transactions_of
from .sandbox_case import StoreCase

MUG = [{"sku": "MUG-ENAMEL"}]


@tagged("post_install", "-at_install")
class TestSandboxPayments(StoreCase):
    def act(self, order, action):
        path = f"/v3/orders/{order}/payment_actions/{action}"
        return self.ask(path, method="POST")

    def place(self, **cart):
        return self.store.place_order(
            **{"lines": MUG, "status": 7, "payment_status": "authorized", **cart}
        )

    def get(self, order):
        body = self.fetch(f"/v2/orders/{order}")
        return body["payment_status"], body["status_id"]

    def get_rows(self, order):
        return self.fetch(f"/v3/orders/{order}/transactions")["data"]

    def choose(self, **choices):
        return self.store.control("PUT", "payments", choices)

    def test_a_capture_is_pending_until_its_time_has_come(self):
        self.choose(seconds=60)
        order = self.place()
        self.assertEqual(self.act(order, "capture").status_code, 201)
        self.assertEqual(self.get(order), ("capture pending", 7))
        self.store.control("PUT", "clock", {"advance": 59})
        self.assertEqual(self.get(order)[0], "capture pending")
        self.store.control("PUT", "clock", {"advance": 2})
        self.assertEqual(self.get(order), ("captured", 11))
        authorization, capture = self.get_rows(order)
        self.assertEqual(capture["event"], "capture")
        self.assertEqual(capture["reference_transaction_id"], authorization["id"])
        self.assertEqual(capture["amount"], authorization["amount"])

    def test_a_capture_moves_no_other_status_than_awaiting_payment(self):
        self.choose(seconds=0)
        order = self.place(status=9)
        self.act(order, "capture")
        self.assertEqual(self.get(order), ("captured", 9))

    def test_a_capture_can_end_declined(self):
        self.choose(seconds=0, outcome="declined")
        order = self.place()
        self.act(order, "capture")
        self.assertEqual(self.get(order), ("declined", 7))
        self.assertEqual(self.get_rows(order)[-1]["status"], "error")

    def test_what_was_authorised_can_be_voided(self):
        self.choose(seconds=60)
        order = self.place()
        self.assertEqual(self.act(order, "void").status_code, 201)
        self.assertEqual(self.get(order)[0], "void pending")
        self.store.control("PUT", "clock", {"advance": 61})
        self.assertEqual(self.get(order)[0], "void")
        self.assertEqual(self.act(order, "capture").status_code, 422)

    def test_an_offline_payment_is_captured_only_where_that_is_chosen(self):
        for method, gateway in (
            ("Bank Deposit", "bankdeposit"),
            ("Cash on Delivery", "cod"),
            ("Check", "cheque"),
            ("Money Order", "moneyorder"),
            ("Manual", "custom"),
        ):
            with self.subTest(method):
                self.choose(seconds=0)
                order = self.place(payment_method=method, payment_status="pending")
                (row,) = self.get_rows(order)
                self.assertEqual((row["event"], row["gateway"]), ("pending", gateway))
                self.assertEqual(self.act(order, "capture").status_code, 422)
                self.assertEqual(self.get(order), ("pending", 7))
                self.choose(seconds=0, captures_offline=True)
                self.assertEqual(self.act(order, "capture").status_code, 201)
                self.assertEqual(self.get(order), ("captured", 11))

    def test_what_is_captured_already_is_not_captured_again(self):
        self.choose(captures_offline=True)
        for status in ("captured", "paid", "capture pending", "refunded", "void"):
            with self.subTest(status):
                order = self.place(payment_status=status)
                self.assertEqual(self.act(order, "capture").status_code, 422)

    def test_certificates_and_credit_have_rows_of_their_own(self):
        order = self.place(
            gift_certificate="5", store_credit="2", payment_status="captured"
        )
        rows = self.get_rows(order)
        self.assertEqual(
            [(row["method"], row["amount"]) for row in rows[:2]],
            [("store_credit", 2), ("gift_certificate", 5)],
        )
        total = self.fetch(f"/v2/orders/{order}")["total_inc_tax"]
        self.assertAlmostEqual(sum(row["amount"] for row in rows), float(total))

    def test_either_scope_allows_to_capture_and_only_one_to_read(self):
        for scope, capture, read in (
            ("store_v2_orders", 201, 403),
            ("store_v2_transactions", 201, 200),
            ("store_v2_transactions_read_only", 403, 200),
            ("store_v2_products", 403, 403),
        ):
            with self.subTest(scope):
                order = self.place()
                self.store.control("PUT", "access", {"scopes": [scope]})
                self.assertEqual(self.act(order, "capture").status_code, capture)
                path = f"/v3/orders/{order}/transactions"
                self.assertEqual(self.ask(path).status_code, read)

    def test_there_is_no_other_outcome(self):
        with self.assertRaises(requests.HTTPError):
            self.choose(outcome="lost")

    def test_rows_that_are_added_come_after_what_is_implied(self):
        store = Sandbox(load).store
        number = store["/v2/orders"].find()[0]
        (purchase,) = transactions_of(store, number)
        row = add_transaction(
            store,
            number,
            event="refund",
            amount=1.5,
            reference_transaction_id=purchase["id"],
        )
        self.assertEqual(transactions_of(store, number), [purchase, row])
        self.assertEqual(row["id"], purchase["id"] + 1)
        self.assertEqual((row["amount"], row["gateway"]), (1.5, purchase["gateway"]))
