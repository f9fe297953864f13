"""Odoo's sales report knows where orders came from, and how they were paid."""

from odoo.tests import new_test_user, tagged

from .common import OrderCase

MUG = {"sku": "MUG-ENAMEL"}
FIELDS = ("bigcommerce_store", "bigcommerce_channel", "bigcommerce_gateway")
SALESMAN = "sales_team.group_sale_salesman_all_leads"


@tagged("post_install", "-at_install")
class TestSalesReport(OrderCase):
    def place(self, **cart):
        return self.store.place_order(**{"lines": [MUG], **cart})

    def sum_by(self, field, **options):
        """Return what the report sums up, by what a field says."""
        self.env.flush_all()
        report = self.env["sale.report"].with_user(options.get("user", self.env.user))
        groups = report._read_group(
            [("bigcommerce_store", "!=", False)], [field], ["price_total:sum"]
        )
        return {value: round(total, 2) for value, total in groups}

    def sum_orders(self, records):
        return round(
            sum(
                line.price_total / line.order_id.currency_rate
                for record in records
                for line in record.sale_order_id.order_line
            ),
            2,
        )

    def test_sums_by_store_channel_and_gateway_are_those_of_the_orders(self):
        mug, many, eur = (
            self.place(payment_method="Cash  on Delivery"),
            self.place(
                lines=[{**MUG, "quantity": 7}, {"sku": "BOWL-STONE"}],
                payment_method="cash on delivery",
                shipping=["8.50"],
            ),
            self.place(payment_method="Card", currency="EUR"),
        )
        self.import_orders()
        records = [self.get_order(bc_id) for bc_id in (mug, many, eur)]
        self.env["sale.order"].create(
            {"partner_id": self.env["res.partner"].create({"name": "Own"}).id}
        )
        self.assertEqual(
            self.sum_by("bigcommerce_store"), {"Sandbox": self.sum_orders(records)}
        )
        (channel,) = self.sum_by("bigcommerce_channel").items()
        self.assertEqual(
            channel, (records[0].channel_id.name, self.sum_orders(records))
        )
        # Two spellings are one gateway.
        self.assertEqual(
            self.sum_by("bigcommerce_gateway"),
            {
                "Cash on Delivery": self.sum_orders(records[:2]),
                "Card": self.sum_orders(records[2:]),
            },
        )

    def test_a_merged_gateway_counts_as_the_one_that_stands_for_it(self):
        first, second = (
            self.place(payment_method="Card"),
            self.place(payment_method="Credit Card"),
        )
        self.import_orders()
        Gateway = self.env["bigcommerce.payment.gateway"]
        found = Gateway._find_or_create(self.instance, ["Card", "Credit Card"])
        found["Card"]._merge_into(found["Credit Card"])
        records = [self.get_order(first), self.get_order(second)]
        self.assertEqual(
            self.sum_by("bigcommerce_gateway"),
            {"Credit Card": self.sum_orders(records)},
        )

    def test_orders_of_ones_own_are_where_they_were(self):
        product = self.env["product.product"].search(
            [("default_code", "=", "MUG-ENAMEL")]
        )
        own = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Own"}).id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        self.env.flush_all()
        rows = self.env["sale.report"].search([("name", "=", own.name)])
        self.assertEqual(len(rows), 1)
        self.assertFalse(any(rows[field] for field in FIELDS))

    def test_a_plain_salesman_reads_it_and_another_company_does_not(self):
        self.place()
        self.import_orders()
        salesman = new_test_user(self.env, "reporter", SALESMAN)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            SALESMAN,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for field in FIELDS:
            self.assertTrue(self.sum_by(field, user=salesman))
            self.assertFalse(self.sum_by(field, user=stranger))
        report = self.env["sale.report"].with_user(salesman)
        for kind in ("search", "list", "pivot", "graph"):
            report.get_view(view_type=kind)
        rows = report.search([("bigcommerce_gateway", "ilike", "a")])
        rows.read(FIELDS)
