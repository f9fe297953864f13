from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..client.errors import ProtocolError
from ..client.payloads.transaction import (
    Transaction,
    find_last_capture,
    is_authorized,
    sum_taken,
)


def make(event, amount="10", number=1, status="ok", **raw):
    return Transaction.parse(
        {"id": number, "event": event, "amount": amount, "status": status, **raw}
    )


@tagged("post_install", "-at_install")
class TestTransaction(BaseCase):
    def test_a_transaction_is_read(self):
        transaction = Transaction.parse(
            {
                "id": 12,
                "order_id": "5",
                "event": "capture",
                "method": "credit_card",
                "amount": 12.5,
                "currency": "usd",
                "gateway": "stripe",
                "status": "ok",
                "reference_transaction_id": 11,
                "offline": None,
                "date_created": "2026-01-01T00:00:00+00:00",
            }
        )
        self.assertEqual((transaction.id, transaction.event), ("12", "capture"))
        self.assertEqual(transaction.amount, Decimal("12.5"))
        self.assertTrue(transaction.is_ok)

    def test_what_is_not_said_is_nothing(self):
        transaction = Transaction.parse({"id": 1, "event": "pending"})
        self.assertEqual(transaction.amount, 0)
        self.assertTrue(transaction.is_ok)

    def test_one_without_an_id_is_none(self):
        for raw in ({}, {"event": "capture"}, [], "x"):
            with self.subTest(raw=raw), self.assertRaises(ProtocolError):
                Transaction.parse(raw)

    def test_only_money_that_came_and_stayed_is_taken(self):
        self.assertEqual(sum_taken([]), 0)
        rows = [
            make("authorization", "99"),
            make("pending", "99"),
            make("capture", "60"),
            make("purchase", "40.10"),
            make("capture", "7", status="error"),
            make("refund", "20"),
            make("refund", "3", status="error"),
        ]
        self.assertEqual(sum_taken(rows), Decimal("80.10"))

    def test_the_last_capture_is_the_one_with_the_highest_id(self):
        self.assertIsNone(find_last_capture([make("purchase")]))
        rows = [make("capture", number=n) for n in (9, 10, 2)]
        self.assertEqual(find_last_capture(rows).id, "10")

    def test_money_is_held_until_it_is_voided(self):
        authorization = make("authorization")
        self.assertTrue(is_authorized([authorization]))
        self.assertTrue(is_authorized([authorization, make("void", status="error")]))
        self.assertFalse(is_authorized([authorization, make("void")]))
        self.assertFalse(is_authorized([make("authorization", status="error")]))
        self.assertFalse(is_authorized([make("pending")]))
