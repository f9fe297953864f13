"""A person at the screen: a credit note is refunded in the store."""

from odoo.tests import HttpCase, tagged

from .refund_case import RefundCase


@tagged("post_install", "-at_install")
class TestRefundsInBrowser(RefundCase, HttpCase):
    def test_a_credit_note_is_refunded_and_seen_with_its_order(self):
        record = self.order()
        note = self.credit(record, shipping=0, product=1)
        self.start_tour(
            f"/odoo/action-account.action_move_out_refund_type/{note.id}",
            "bigcommerce_refund_credit_note",
            login="admin",
        )
        self.drain()
        self.assertRefundedOnce(record, note, 3.83)
        action = "bigcommerce_connector.bigcommerce_order_action"
        self.start_tour(
            f"/odoo/action-{action}/{record.id}",
            "bigcommerce_see_refunds",
            login="admin",
        )
