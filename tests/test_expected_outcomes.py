"""The built-in store: what ``sandbox/expected.json`` says becomes of its orders."""

import json

from odoo.tests import tagged
from odoo.tools import file_open

from .common import SandboxCase

AWAITING_FULFILLMENT = 11
# In Odoo both show as a total that differs.
HELD = {"tax_inclusive": "total_differs", "total_differs": "total_differs"}


@tagged("post_install", "-at_install")
class TestExpectedOutcomes(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open("bigcommerce_connector/sandbox/expected.json") as file:
            cls.expected = json.load(file)
        cls.instance = cls.confirm_instance()
        cls.run_operation(cls.instance, "import_listings")
        cls.run_operation(cls.instance, "import_orders")
        cls.orders = {
            order.bc_id: order for order in cls.env["bigcommerce.order"].search([])
        }
        cls.payloads = {
            str(payload["id"]): payload
            for payload in cls.store.control("GET", "v2/orders")
        }

    def get_states(self, state):
        return {
            bc_id: order for bc_id, order in self.orders.items() if order.state == state
        }

    def test_every_order_is_recorded(self):
        self.assertEqual(self.orders.keys(), self.payloads.keys())
        self.assertEqual(len(self.orders), 90)

    def test_exactly_the_expected_ones_are_held(self):
        self.assertEqual(
            {
                bc_id: order.reason_code
                for bc_id, order in self.get_states("held").items()
            },
            {bc_id: HELD[reason] for bc_id, reason in self.expected["held"].items()},
        )

    def test_exactly_the_expected_ones_are_blocked_for_that_reason(self):
        causes = {
            line.key: line.cause_id.code
            for line in self.get_lines("import_orders", state="blocked")
        }
        self.assertEqual(causes, self.expected["blocked"])
        self.assertEqual(self.get_states("blocked").keys(), causes.keys())

    def test_all_others_awaiting_fulfillment_are_imported(self):
        exceptions = self.expected["held"] | self.expected["blocked"]
        self.assertEqual(
            set(self.get_states("imported")),
            {
                bc_id
                for bc_id, payload in self.payloads.items()
                if payload["status_id"] == AWAITING_FULFILLMENT
                and bc_id not in exceptions
            },
        )

    def test_all_others_are_passed_over_with_a_reason(self):
        for bc_id, order in self.get_states("not_selected").items():
            payload = self.payloads[bc_id]
            if payload["status_id"] == 0:
                reason = "incomplete"
            else:
                reason = "archived" if payload["is_deleted"] else "status"
            with self.subTest(order=bc_id):
                self.assertEqual(order.reason_code, reason)
                self.assertFalse(order.sale_order_id)
        self.assertFalse(self.get_states("waiting"))

    def test_the_imported_ones_cost_what_they_cost_there(self):
        for bc_id, order in self.get_states("imported").items():
            payload = self.payloads[bc_id]
            paid = float(payload["gift_certificate_amount"]) + float(
                payload["store_credit_amount"]
            )
            sale = order.sale_order_id
            inclusive = payload["is_tax_inclusive_pricing"]
            with self.subTest(order=bc_id):
                actual = sale.amount_total if inclusive else sale.amount_untaxed
                side = "inc" if inclusive else "ex"
                expected = float(payload[f"total_{side}_tax"]) - paid
                self.assertEqual(f"{actual:.2f}", f"{expected:.2f}")
                self.assertEqual(
                    sale.currency_id.name, payload["default_currency_code"]
                )

    def test_every_line_of_the_store_is_a_line_here(self):
        for bc_id, order in self.get_states("imported").items():
            lines = self.store.control("GET", f"v2/orders/{bc_id}/products")
            sold = order.sale_order_id.order_line.filtered(
                lambda line: (
                    line.bigcommerce_part in ("product", "gift_certificate_sold")
                )
            )
            with self.subTest(order=bc_id):
                self.assertEqual(
                    sorted(sold.mapped("bigcommerce_line_id")),
                    sorted(str(line["id"]) for line in lines),
                )

    def test_no_contact_is_made_twice(self):
        partners = [
            order.sale_order_id.partner_id
            for order in self.orders.values()
            if order.sale_order_id
        ]
        keys = {partner: (partner.email, partner.name) for partner in partners}
        self.assertEqual(len(set(keys.values())), len(keys))

    def test_importing_again_changes_nothing(self):
        count = len(self.get_lines("import_orders"))
        self.instance.automatic_job_ids.watermark = False
        self.run_operation(self.instance, "import_orders")
        self.assertEqual(len(self.get_lines("import_orders")), count)
