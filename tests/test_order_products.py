"""What is sold as what: the products that stand for the parts of an order."""

from odoo.tests import tagged

from .common import OrderCase

MUG = {"sku": "MUG-ENAMEL"}  # 12.50
EVERYTHING = {
    "lines": [
        {**MUG, "wrapping": "3.00", "quantity": 4},
        {"name": "Shelf", "price": "40.00"},
        {"name": "Advice", "price": "20.00", "type": "digital"},
        {
            "name": "Certificate",
            "price": "25.00",
            "type": "giftcertificate",
            "taxed": False,
            "gift_certificate_id": 7,
        },
    ],
    "shipping": ["8.50"],
    "handling": "2.00",
    "fees": [["Rush packing", "9.00"]],
    "gift_certificate": "30.00",
    "store_credit": "10.00",
}
FIELDS = {
    "custom_storable_product_id": "BC-CUSTOM-STORABLE",
    "custom_product_id": "BC-CUSTOM",
    "gift_certificate_product_id": "BC-GIFT-CERTIFICATE",
    "store_credit_product_id": "BC-STORE-CREDIT",
    "handling_product_id": "BC-HANDLING",
    "wrapping_product_id": "BC-WRAPPING",
    "fee_product_id": "BC-FEE",
    "delivery_product_id": "BC-DELIVERY",
}


@tagged("post_install", "-at_install")
class TestPartProducts(OrderCase):
    def get_line(self, order, part):
        return order.sale_order_id.order_line.filtered(
            lambda line: line.bigcommerce_part == part
        )

    def test_they_are_made_on_first_use_and_used_ever_after(self):
        self.assertFalse(self.instance.custom_product_id)
        self.import_order(**EVERYTHING)
        made = {field: self.instance[field] for field in FIELDS}
        self.assertEqual(
            {field: product.default_code for field, product in made.items()}, FIELDS
        )
        self.import_order(**EVERYTHING)
        self.assertEqual({field: self.instance[field] for field in FIELDS}, made)
        self.assertEqual(
            self.env["product.product"].search_count(
                [("default_code", "in", list(FIELDS.values()))]
            ),
            len(FIELDS),
        )

    def test_they_belong_to_the_company_and_bear_no_tax_but_for_delivery(self):
        self.env.company.account_sale_tax_id = self.env["account.tax"].create(
            {"name": "Fifteen", "amount": 15}
        )
        self.import_order(**EVERYTHING)
        for field in FIELDS:
            product = self.instance[field]
            with self.subTest(product=product.name):
                self.assertEqual(product.company_id, self.instance.company_id)
                taxes = product.taxes_id
                self.assertEqual(bool(taxes), field == "delivery_product_id")

    def test_a_second_store_of_the_company_uses_the_same_ones(self):
        self.import_order(**EVERYTHING)
        other = self.create_instance(store_hash="other")
        Products = other._get_operation("import_orders").env[
            "bigcommerce.order.products"
        ]
        for part, field in (("fee", "fee_product_id"), ("custom", "custom_product_id")):
            product = Products._find_or_create_part_product(other, part)
            self.assertEqual(product, self.instance[field])

    def test_those_chosen_on_the_instance_are_used(self):
        service = self.env["product.product"].create(
            {"name": "My service", "type": "service", "taxes_id": False}
        )
        self.instance.write(dict.fromkeys(FIELDS, service.id))
        order = self.import_order(
            **{
                **EVERYTHING,
                "shipping_method": "None",
                "lines": EVERYTHING["lines"][1:],
            }
        )
        self.assertEqual(order.sale_order_id.order_line.product_id, service)

    def test_certificates_and_store_credit_bear_no_tax_of_a_chosen_product(self):
        for inclusive in (False, True):
            with self.subTest(inclusive=inclusive):
                tax = self.env["account.tax"].create(
                    {
                        "name": f"Fifteen {inclusive}",
                        "amount": 15,
                        "price_include_override": "tax_included"
                        if inclusive
                        else "tax_excluded",
                    }
                )
                taxed = self.env["product.product"].create(
                    {"name": "Voucher", "type": "service", "taxes_id": tax.ids}
                )
                self.instance.write(
                    {
                        "gift_certificate_product_id": taxed.id,
                        "store_credit_product_id": taxed.id,
                    }
                )
                order = self.import_order(**EVERYTHING)
                self.assertEqual(order.state, "imported", order.reason_message)
                for part in ("gift_certificate", "store_credit"):
                    self.assertFalse(self.get_line(order, part).tax_ids)
                sold = self.get_line(order, "gift_certificate_sold")
                self.assertEqual(sold.product_id, taxed)
                self.assertFalse(sold.tax_ids)

    def test_a_custom_line_is_a_storable_if_it_is_shipped(self):
        order = self.import_order(**EVERYTHING)
        products = self.get_line(order, "product").product_id
        self.assertIn(self.instance.custom_storable_product_id, products)
        self.assertTrue(self.instance.custom_storable_product_id.is_storable)
        self.assertIn(self.instance.custom_product_id, products)
        self.assertFalse(self.instance.custom_product_id.is_storable)

    def test_a_custom_line_with_a_known_sku_is_that_product(self):
        mug = self.env["product.product"].search([("default_code", "=", "MUG-ENAMEL")])
        order = self.import_order(
            lines=[{"name": "Mug by hand", "price": "11.00", "sku": "MUG-ENAMEL"}]
        )
        self.assertEqual(order.sale_order_id.order_line.product_id, mug)

    def test_a_product_that_was_archived_blocks_the_order(self):
        mug = self.env["product.product"].search([("default_code", "=", "MUG-ENAMEL")])
        mug.action_archive()
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.state, "blocked")
        (line,) = self.get_lines("import_orders", state="blocked")
        self.assertEqual(line.cause_id.code, "archived_product")
        mug.action_unarchive()
        line.action_retry()
        self.drain()
        self.assertEqual(order.state, "imported")

    def test_certificates_and_store_credit_are_liabilities(self):
        order = self.import_order(**EVERYTHING)
        accounts = {
            field: self.instance[field]
            .with_company(self.instance.company_id)
            .property_account_income_id
            for field in ("gift_certificate_product_id", "store_credit_product_id")
        }
        self.assertEqual(len(set(accounts.values())), 2)
        for account in accounts.values():
            self.assertEqual(account.account_type, "liability_current")
            self.assertEqual(account.company_ids, self.instance.company_id)
        sale_order = order.sale_order_id
        sale_order.action_confirm()
        sale_order.order_line.product_id.invoice_policy = "order"
        invoice = sale_order._create_invoices()
        balances = {
            field: sum(
                invoice.line_ids.filtered(
                    lambda item, account=account: item.account_id == account
                ).mapped("balance")
            )
            for field, account in accounts.items()
        }
        # A certificate of 25 is sold, one is redeemed for 30.
        self.assertEqual(
            balances,
            {"gift_certificate_product_id": 5.0, "store_credit_product_id": 10.0},
        )

    def test_each_part_is_marked_on_its_line(self):
        order = self.import_order(**EVERYTHING)
        self.assertEqual(
            sorted(order.sale_order_id.order_line.mapped("bigcommerce_part")),
            sorted(
                [
                    "product",
                    "product",
                    "product",
                    "gift_certificate_sold",
                    "shipping",
                    "handling",
                    "wrapping",
                    "fee",
                    "gift_certificate",
                    "store_credit",
                ]
            ),
        )
