"""The two tax systems that follow the marketplace, on orders and their invoices."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import OrderCase

STACKED = [
    {"name": "State tax", "rate": "6.25"},
    {"name": "County tax", "rate": "1.25"},
    {"name": "City tax", "rate": "0.5"},
]
VAT = [{"name": "VAT", "rate": "20"}]


def custom(name="Shelf", price="10.00", **details):
    return {"name": name, "price": price, **details}


class TaxCase(OrderCase):
    """A store whose taxes Odoo follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax_account = cls.env["account.account"].create(
            {
                "name": "Sales Tax Payable",
                "code": "225001",
                "account_type": "liability_current",
            }
        )
        cls.refund_tax_account = cls.tax_account.copy({"code": "225002"})
        cls.instance.write(
            {
                "tax_system": "marketplace",
                "tax_account_id": cls.tax_account.id,
                "refund_tax_account_id": cls.refund_tax_account.id,
            }
        )

    @classmethod
    def add_currency(cls, code, rate):
        """Let the store take orders in a currency of which Odoo has a rate."""
        currency = cls.env.ref(f"base.{code}")
        currency.active = True
        cls.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2000-01-01", "rate": rate}
        )
        if not cls.env["bigcommerce.currency"].search(
            [
                ("instance_id", "=", cls.instance.id),
                ("currency_id", "=", currency.id),
            ]
        ):
            pricelist = cls.env["product.pricelist"].create(
                {"name": code, "currency_id": currency.id}
            )
            cls.env["bigcommerce.currency"].create(
                {
                    "instance_id": cls.instance.id,
                    "bc_id": code,
                    "name": code,
                    "currency_id": currency.id,
                    "pricelist_id": pricelist.id,
                }
            )

    def assertExact(self, record, state="imported"):
        """Order and record have the same amounts, to the last unit."""
        self.assertEqual(record.state, state, record.reason_message)
        order = record.sale_order_id
        paid = record.amount_gift_certificate + record.amount_store_credit
        self.assertAmounts(
            order,
            record.amount_untaxed - paid,
            record.amount_tax,
            record.amount_total - paid,
        )

    def assertAmounts(self, document, untaxed, tax, total):
        currency = document.currency_id
        for field, amount in (
            ("amount_untaxed", untaxed),
            ("amount_tax", tax),
            ("amount_total", total),
        ):
            self.assertFalse(
                currency.compare_amounts(document[field], amount),
                f"{document.display_name} {field}: {document[field]} != {amount}",
            )

    def get_taxes(self, record):
        return record.sale_order_id.order_line.tax_ids

    def invoice(self, order):
        invoices = order._create_invoices(grouped=True)
        invoices.action_post()
        return invoices

    def deliver(self, line, quantity):
        """Invoice ``line`` on what is delivered, and deliver ``quantity`` of it."""
        line.qty_delivered_method = "manual"
        line.qty_delivered = quantity


@tagged("post_install", "-at_install")
class TestMarketplaceTaxes(TaxCase):
    def test_the_taxes_of_the_store_are_made_with_their_accounts(self):
        record = self.import_order(lines=[custom()], taxes=[STACKED[0]])
        tax = self.get_taxes(record)
        self.assertEqual(tax.name, "State tax 6.25%")
        self.assertEqual(tax.amount, 6.25)
        self.assertEqual(tax.amount_type, "percent")
        self.assertEqual(tax.type_tax_use, "sale")
        self.assertFalse(tax.price_include)
        self.assertEqual(tax.company_id, self.instance.company_id)
        self.assertEqual(
            tax.country_id, self.instance.company_id.account_fiscal_country_id
        )
        self.assertEqual(tax.tax_group_id.name, "State tax")
        of_tax = "repartition_type", "=", "tax"
        self.assertEqual(
            tax.invoice_repartition_line_ids.filtered_domain([of_tax]).account_id,
            self.tax_account,
        )
        self.assertEqual(
            tax.refund_repartition_line_ids.filtered_domain([of_tax]).account_id,
            self.refund_tax_account,
        )

    def test_without_an_account_for_credit_notes_the_tax_account_serves(self):
        self.instance.refund_tax_account_id = False
        record = self.import_order(lines=[custom()], taxes=VAT)
        tax = self.get_taxes(record)
        self.assertEqual(tax.refund_repartition_line_ids.account_id, self.tax_account)

    def test_the_same_tax_is_made_once(self):
        lines = [custom(), custom("Board", "7.77")]
        one = self.import_order(lines=lines, taxes=STACKED)
        other = self.import_order(lines=lines, taxes=STACKED)
        self.assertEqual(len(self.get_taxes(one)), 3)
        self.assertEqual(self.get_taxes(one), self.get_taxes(other))

    def test_a_tax_that_exists_by_name_and_rate_is_used(self):
        own = self.env["account.tax"].create(
            {"name": "VAT", "amount": 20, "price_include_override": "tax_excluded"}
        )
        record = self.import_order(lines=[custom()], taxes=VAT)
        self.assertEqual(self.get_taxes(record), own)

    def test_a_tax_of_another_rate_purchase_or_inclusion_is_not_used(self):
        Tax = self.env["account.tax"]
        others = Tax.create(
            [
                {"name": "VAT", "amount": 19},
                {"name": "VAT", "amount": 20, "type_tax_use": "purchase"},
            ]
        )
        record = self.import_order(lines=[custom()], taxes=VAT)
        self.assertFalse(self.get_taxes(record) & others)
        self.assertExact(record)

    def test_what_a_bookkeeper_changes_on_a_tax_is_kept(self):
        one = self.import_order(lines=[custom()], taxes=VAT)
        tax = self.get_taxes(one)
        account = self.tax_account.copy({"code": "225003"})
        tax.write({"name": "UK VAT standard", "invoice_label": "20 %"})
        tax.invoice_repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = account
        other = self.import_order(lines=[custom("Board")], taxes=VAT)
        self.assertEqual(self.get_taxes(other), tax)
        self.assertEqual(tax.name, "UK VAT standard")
        self.assertEqual(tax.invoice_repartition_line_ids.account_id, account)

    def test_a_tax_whose_computation_a_bookkeeper_changes_is_not_made_anew(self):
        for change in ("division", "fixed", "group"):
            with self.subTest(change=change):
                taxes = [{"name": f"VAT by {change}", "rate": "20"}]
                tax = self.get_taxes(self.import_order(lines=[custom()], taxes=taxes))
                vals = {"amount_type": change}
                if change == "group":
                    children = self.env["account.tax"].create(
                        [{"name": f"Part {rate}", "amount": rate} for rate in (5, 15)]
                    )
                    vals["children_tax_ids"] = [Command.set(children.ids)]
                tax.write(vals)
                record = self.import_order(lines=[custom("Board", "7.77")], taxes=taxes)
                used = children if change == "group" else tax
                self.assertEqual(self.get_taxes(record), used)
                self.assertExact(record)

    def test_a_tax_that_a_bookkeeper_archives_is_neither_used_nor_made_anew(self):
        tax = self.get_taxes(self.import_order(lines=[custom()], taxes=VAT))
        tax.active = False
        record = self.import_order(lines=[custom()], taxes=VAT)
        self.assertEqual(record.state, "blocked")
        line = self.get_lines("import_orders", key=record.bc_id)
        self.assertEqual(line.cause_id.code, "archived_tax")
        self.assertIn(tax.name, line.message)
        count = self.env["account.tax"].with_context(active_test=False).search_count
        self.assertEqual(count([("bigcommerce_name", "=", "VAT")]), 1)
        tax.active = True
        line.action_retry()
        self.drain()
        self.assertEqual(self.get_taxes(record), tax)

    def test_another_tax_of_that_name_stands_for_an_archived_one(self):
        self.get_taxes(self.import_order(lines=[custom()], taxes=VAT)).active = False
        own = self.env["account.tax"].create(
            {"name": "VAT", "amount": 20, "price_include_override": "tax_excluded"}
        )
        record = self.import_order(lines=[custom()], taxes=VAT)
        self.assertEqual(self.get_taxes(record), own)

    def test_the_name_of_a_changed_tax_means_another_tax_of_the_store(self):
        one = self.import_order(lines=[custom()], taxes=[STACKED[0]])
        self.get_taxes(one).name = "Renamed"
        taxes = [STACKED[0], {"name": "Renamed", "rate": "6.25"}]
        other = self.import_order(lines=[custom()], taxes=taxes)
        self.assertEqual(len(self.get_taxes(other)), 2)
        self.assertExact(other)

    def test_a_name_that_is_taken_gets_a_number(self):
        self.env["account.tax"].create({"name": "VAT 20%", "amount": 5})
        record = self.import_order(lines=[custom()], taxes=VAT)
        self.assertEqual(self.get_taxes(record).name, "VAT 20% (2)")

    def test_taxes_included_in_prices_are_taxes_of_their_own(self):
        exclusive = self.import_order(lines=[custom()], taxes=VAT)
        inclusive = self.import_order(lines=[custom()], taxes=VAT, with_tax=True)
        self.assertTrue(self.get_taxes(inclusive).price_include)
        self.assertFalse(self.get_taxes(inclusive) & self.get_taxes(exclusive))
        self.assertExact(inclusive)

    def test_rates_are_rounded_before_they_are_looked_up(self):
        self.instance.tax_rounding = 2
        taxes = [{"name": "City", "rate": "8.2549"}]
        self.assertEqual(
            self.get_taxes(self.import_order(lines=[custom()], taxes=taxes)).amount,
            8.25,
        )

    def test_without_rounding_a_rate_is_taken_as_it_comes(self):
        taxes = [{"name": "City", "rate": "8.8755"}]
        self.assertEqual(
            self.get_taxes(self.import_order(lines=[custom()], taxes=taxes)).amount,
            8.8755,
        )

    def test_shipping_handling_and_wrapping_are_taxed_as_in_the_store(self):
        record = self.import_order(
            lines=[custom(wrapping="3.33")],
            taxes=STACKED,
            shipping=["8.47"],
            handling="2.51",
            fees=[["Carbon offset", "0.80"]],
        )
        self.assertExact(record)
        taxes = {
            line.bigcommerce_part: len(line.tax_ids)
            for line in record.sale_order_id.order_line
        }
        self.assertEqual(
            taxes,
            {"product": 3, "shipping": 3, "handling": 3, "wrapping": 3, "fee": 0},
        )

    def test_a_line_that_the_store_does_not_tax_bears_no_tax(self):
        record = self.import_order(
            lines=[custom(), custom("Book", "5.00", taxed=False)], taxes=VAT
        )
        book = record.sale_order_id.order_line[1]
        self.assertFalse(book.tax_ids)
        self.assertExact(record)

    def test_a_tax_of_nothing_is_on_the_lines_that_the_store_says(self):
        zero = [{"name": "VAT zero-rated", "rate": "0"}]
        record = self.import_order(
            lines=[custom(quantity=3), custom("Book", "5.00", taxed=False)],
            taxes=zero,
            shipping=["8.47"],
        )
        shelf, book, shipping = record.sale_order_id.order_line
        self.assertEqual(shelf.tax_ids.mapped("amount"), [0.0])
        self.assertEqual(shelf.tax_ids.bigcommerce_name, "VAT zero-rated")
        self.assertEqual(shipping.tax_ids, shelf.tax_ids)
        self.assertFalse(book.tax_ids)
        self.assertExact(record)
        record.sale_order_id.action_confirm()
        for line in record.sale_order_id.order_line:
            self.deliver(line, line.product_uom_qty)
        invoice = self.invoice(record.sale_order_id)
        self.assertEqual(invoice.amount_tax, 0)
        self.assertIn(shelf.tax_ids, invoice.invoice_line_ids.tax_ids)

    def test_an_order_of_nothing_asks_for_no_taxes(self):
        self.store.forget_requests()
        record = self.import_order(lines=[custom(price="0.00")])
        self.assertExact(record)
        self.assertFalse(self.store.get_requests("/taxes"))

    def test_the_taxes_of_an_order_are_one_request(self):
        self.store.forget_requests()
        self.import_order(lines=[custom(), custom("Board")], taxes=STACKED)
        self.assertEqual(len(self.store.get_requests("/taxes")), 1)

    def test_products_with_taxes_of_their_own_get_the_stores(self):
        own = self.env["account.tax"].create({"name": "Own", "amount": 33})
        product = self.env["product.product"].search(
            [("default_code", "=", "MUG-ENAMEL")]
        )
        product.taxes_id = own
        record = self.import_order(lines=[{"sku": "MUG-ENAMEL"}], taxes=VAT)
        self.assertNotIn(own, self.get_taxes(record))
        self.assertExact(record)

    def test_discounts_of_lines_and_orders_and_coupons_are_taken_once(self):
        record = self.import_order(
            lines=[
                custom(price="19.99", quantity=3, discount="4.21"),
                custom("Board", "7.77", quantity=7),
                custom("Lamp", "0.99", quantity=11),
            ],
            taxes=STACKED,
            shipping=["8.47"],
            discount="3.33",
            coupon={"code": "TEN", "name": "10%", "amount": "10", "type": 1},
        )
        self.assertExact(record)

    def test_an_order_in_yen_has_no_decimals_anywhere(self):
        self.add_currency("JPY", 150)
        record = self.import_order(
            lines=[custom(price="1999", quantity=3)],
            currency="JPY",
            taxes=[{"name": "Consumption tax", "rate": "10"}],
            with_tax=True,
        )
        self.assertEqual(record.sale_order_id.currency_id.name, "JPY")
        self.assertExact(record)

    def test_a_dinar_has_three_decimals(self):
        self.add_currency("KWD", 0.3)
        record = self.import_order(
            lines=[custom(price="19.995", quantity=3)],
            currency="KWD",
            taxes=[{"name": "VAT", "rate": "8.255"}],
        )
        self.assertExact(record)
        self.assertEqual(record.amount_total, record.sale_order_id.amount_total)
        self.assertAlmostEqual(record.sale_order_id.amount_untaxed, 59.985, 4)


@tagged("post_install", "-at_install")
class TestMissingTaxAccount(TaxCase):
    def test_an_order_waits_until_the_tax_account_is_there(self):
        self.instance.tax_account_id = False
        record = self.import_order(lines=[custom()], taxes=VAT)
        self.assertEqual(record.state, "blocked")
        line = self.get_lines("import_orders", state="blocked")
        self.assertEqual(line.cause_id.code, "missing_tax_account")
        self.assertIn("VAT", line.message)
        self.instance.tax_account_id = self.tax_account
        line.action_retry()
        self.drain()
        self.assertExact(record)

    def test_a_tax_that_exists_needs_no_account(self):
        self.env["account.tax"].create(
            {"name": "VAT", "amount": 20, "price_include_override": "tax_excluded"}
        )
        self.instance.tax_account_id = False
        record = self.import_order(lines=[custom()], taxes=VAT)
        self.assertExact(record)

    def test_orders_without_tax_go_on(self):
        self.instance.tax_account_id = False
        self.assertExact(self.import_order(lines=[custom()]))


@tagged("post_install", "-at_install")
class TestFiscalPositions(TaxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.tax_system = "marketplace_mapped"
        cls.position = cls.env["account.fiscal.position"].create(
            {
                "name": "United States",
                "auto_apply": True,
                "country_id": cls.env.ref("base.us").id,
            }
        )

    def map_to(self, *taxes):
        """Let the fiscal position replace VAT by other taxes."""
        self.import_order(lines=[custom()], taxes=VAT)
        vat = self.env["account.tax"].search([("bigcommerce_name", "=", "VAT")])
        own = self.env["account.tax"].create(
            [
                {
                    "name": name,
                    "amount": amount,
                    "price_include_override": "tax_excluded",
                    "fiscal_position_ids": [Command.link(self.position.id)],
                    "original_tax_ids": [Command.link(vat.id)],
                }
                for name, amount in taxes
            ]
        )
        self.env.invalidate_all()
        return own

    def test_the_mapped_tax_bears_the_amount_of_the_store(self):
        own = self.map_to(("Federal", 19.5))
        record = self.import_order(lines=[custom(price="9.99")], taxes=VAT)
        self.assertEqual(record.sale_order_id.fiscal_position_id, self.position)
        self.assertEqual(self.get_taxes(record), own)
        self.assertExact(record)

    def test_several_taxes_in_place_of_one_share_its_amount(self):
        own = self.map_to(("Federal", 15), ("Local", 5))
        record = self.import_order(lines=[custom(price="9.99")], taxes=VAT)
        self.assertEqual(self.get_taxes(record), own)
        self.assertExact(record)

    def test_an_order_whose_tax_is_mapped_away_is_held(self):
        self.map_to(("Federal", 15))
        self.position.tax_ids = [Command.clear()]
        record = self.import_order(lines=[custom()], taxes=VAT)
        self.assertFalse(self.get_taxes(record))
        self.assertEqual(record.state, "held")
        self.assertIn("Tax:", record.reason_message)

    def test_without_mapping_the_fiscal_position_changes_nothing(self):
        own = self.map_to(("Federal", 15))
        self.instance.tax_system = "marketplace"
        record = self.import_order(lines=[custom()], taxes=VAT)
        self.assertFalse(self.get_taxes(record) & own)
        self.assertExact(record)


@tagged("post_install", "-at_install")
class TestInvoicesOfForcedTaxes(TaxCase):
    lines = [
        custom(price="3.3333", quantity=3),
        custom("Board", "7.77", quantity=7, discount="4.21"),
        custom("Book", "1.11", quantity=3, taxed=False, discount="0.34"),
    ]

    def confirm(self, **cart):
        record = self.import_order(
            **{"lines": self.lines, "taxes": STACKED, "shipping": ["8.47"], **cart}
        )
        self.assertExact(record)
        record.sale_order_id.action_confirm()
        return record

    def test_the_invoice_and_its_credit_note_are_exact(self):
        for inclusive in (False, True):
            with self.subTest(inclusive=inclusive):
                record = self.confirm(with_tax=inclusive)
                order = record.sale_order_id
                for line in order.order_line:
                    self.deliver(line, line.product_uom_qty)
                invoice = self.invoice(order)
                amounts = (
                    record.amount_untaxed,
                    record.amount_tax,
                    record.amount_total,
                )
                self.assertAmounts(invoice, *amounts)
                note = invoice._reverse_moves(cancel=True)
                self.assertAmounts(note, *amounts)
                self.assertEqual(invoice.payment_state, "reversed")

    def test_invoices_of_parts_sum_to_the_order(self):
        for inclusive in (False, True):
            with self.subTest(inclusive=inclusive):
                record = self.confirm(with_tax=inclusive)
                order = record.sale_order_id
                order.order_line.product_id.invoice_policy = "delivery"
                invoices = self.env["account.move"]
                for part in (1, 2, 3):
                    for line in order.order_line:
                        self.deliver(
                            line,
                            min(
                                part * (line.product_uom_qty // 3 or 1),
                                line.product_uom_qty,
                            )
                            if part < 3
                            else line.product_uom_qty,
                        )
                    invoices += self.invoice(order)
                self.assertEqual(len(invoices), 3)
                self.assertAlmostEqual(
                    sum(invoices.mapped("amount_untaxed")), record.amount_untaxed, 4
                )
                self.assertAlmostEqual(
                    sum(invoices.mapped("amount_tax")), record.amount_tax, 4
                )
                rows = {}
                for tax_line in invoices.line_ids.filtered("tax_line_id"):
                    name = tax_line.tax_line_id.bigcommerce_name
                    rows[name] = rows.get(name, 0) - tax_line.amount_currency
                stored = self.get_rows(record)
                self.assertEqual(rows.keys(), stored.keys())
                for name, amount in stored.items():
                    self.assertAlmostEqual(rows[name], amount, 4)

    def get_rows(self, record):
        """Return the amounts of the store's taxes by name."""
        with self.instance._connect() as client:
            raw_rows = client.list_order_taxes(record.bc_id)
        rows = {}
        for raw in raw_rows:
            rows[raw["name"]] = rows.get(raw["name"], 0) + float(raw["line_amount"])
        return rows

    def test_a_line_that_somebody_changes_is_computed_afresh(self):
        record = self.import_order(
            lines=[custom(price="3.33", quantity=3, taxed=False)]
        )
        line = record.sale_order_id.order_line
        line.price_unit = 5
        record.action_release() if record.state == "held" else None
        record.sale_order_id.order_line.product_id.invoice_policy = "delivery"
        record.sale_order_id.bigcommerce_order_ids.released_by_id = self.env.user
        record.sale_order_id.action_confirm()
        self.deliver(line, 1)
        invoice = self.invoice(record.sale_order_id)
        self.assertEqual(invoice.amount_untaxed, 5)
