"""The store's prices go into its pricelist, each once, and into nothing else."""

import random
from decimal import Decimal

from odoo import fields
from odoo.tests import new_test_user, tagged

from .price_case import MUG, PAN, POT, SHIRT, PriceCase


@tagged("post_install", "-at_install")
class TestPriceImport(PriceCase):
    def setUp(self):
        super().setUp()
        self.env["product.pricelist.item"].search(
            [("pricelist_id", "=", self.pricelist.id)]
        ).unlink()

    def test_each_product_gets_one_fixed_rule_with_the_stores_price(self):
        self.assertEqual(self.take_prices(), {})
        for item in self.items:
            rule = self.get_rules(item.product_id)
            self.assertEqual(len(rule), 1)
            self.assertEqual(rule.applied_on, "0_product_variant")
            self.assertEqual(rule.compute_price, "fixed")
            self.assertEqual(rule.min_quantity, 0)
            self.assertFalse(rule.date_start or rule.date_end)
            self.assertEqual(rule.fixed_price, item.price)

    def test_no_item_is_no_problem(self):
        self.assertEqual(self.take_prices(self.items.browse()), {})
        self.assertFalse(self.pricelist.item_ids)

    def test_a_second_time_writes_nothing(self):
        self.take_prices()
        rules = self.pricelist.item_ids
        before = rules.mapped("write_date")
        self.env.cr.execute("UPDATE product_pricelist_item SET write_date = now()")
        with self.assertQueryCount(100):
            self.take_prices()
        self.env.flush_all()
        self.assertEqual(self.pricelist.item_ids, rules)
        self.assertEqual(rules.mapped("write_date"), before)

    def test_what_is_unchanged_in_the_store_leaves_the_pricelist_alone(self):
        item = self.get_item(MUG)
        self.make_rule(item.product_id, 99)
        self.take_prices(item, former=item.price)
        self.assertEqual(self.get_odoo_price(item.product_id), 99)
        self.take_prices(item, former=item.price + 0.00004)
        self.assertEqual(self.get_odoo_price(item.product_id), 99)

    def test_a_changed_price_changes_the_rule_that_is_there(self):
        item = self.get_item(MUG)
        rule = self.make_rule(item.product_id, 99)
        self.take_prices(item, former=11)
        self.assertEqual(rule.fixed_price, item.price)
        self.assertEqual(self.get_rules(item.product_id), rule)

    def test_four_decimals_are_kept(self):
        item = self.get_item(MUG)
        item.price = 12.3457
        self.take_prices(item)
        self.assertEqual(self.get_odoo_price(item.product_id), Decimal("12.3457"))

    def test_a_price_of_zero_is_a_price(self):
        item = self.get_item(MUG)
        item.price = 0
        self.take_prices(item)
        self.assertEqual(self.get_rules(item.product_id).fixed_price, 0)

    def test_the_sales_price_of_the_product_stays(self):
        item = self.get_item(MUG)
        item.product_id.list_price = 77
        self.take_prices(item)
        self.assertEqual(item.product_id.list_price, 77)

    def test_a_formula_that_says_the_same_stays_a_formula(self):
        item = self.get_item(MUG)
        item.product_id.list_price = item.price * 2
        self.make_rule(compute_price="percentage", percent_price=50)
        self.take_prices(item)
        self.assertFalse(self.get_rules(item.product_id))
        item.price += 1
        self.take_prices(item)
        self.assertEqual(self.get_rules(item.product_id).fixed_price, item.price)

    def test_a_dated_rule_comes_first_and_the_item_says_so(self):
        item = self.get_item(MUG)
        today = fields.Datetime.now()
        self.make_rule(item.product_id, 5, date_start=today, min_quantity=1)
        self.assertEqual(self.take_prices(item), {})
        self.assertEqual(len(self.get_rules(item.product_id)), 2)
        self.assertIn("another rule", item.price_problem)

    def test_unmapped_archived_and_excluded_items_are_left_alone(self):
        unmapped, archived, excluded, other = map(self.get_item, (POT, PAN, SHIRT, MUG))
        product = unmapped.product_id
        unmapped.product_id = False
        archived.active = False
        excluded.listing_id.is_excluded = True
        self.assertEqual(self.take_prices(unmapped | archived | excluded), {})
        self.assertFalse(self.get_rules(product | archived.product_id))
        self.assertFalse(self.get_rules(excluded.product_id))
        self.take_prices(other)
        self.assertTrue(self.get_rules(other.product_id))

    def test_of_several_items_of_a_product_the_first_decides(self):
        first, second = self.get_item(MUG), self.get_item(PAN)
        second.product_id = first.product_id
        self.assertEqual(self.take_prices(first | second), {})
        rule = self.get_rules(first.product_id)
        self.assertEqual(rule.fixed_price, first.price)
        self.assertFalse(first.price_problem)
        self.assertIn(first.name, second.price_problem)
        second.price = 1
        self.take_prices(second, former=2)
        self.assertEqual(rule.fixed_price, first.price)
        second.price = first.price
        self.take_prices(second, former=1)
        self.assertFalse(second.price_problem)

    def test_a_pricelist_in_another_currency_is_not_written_to(self):
        self.instance.pricelist_id = self.env["product.pricelist"].create(
            {"name": "Euros", "currency_id": self.env.ref("base.EUR").id}
        )
        item = self.get_item(MUG)
        problems = self.take_prices(item)
        self.assertEqual(problems[item].cause, "no_pricelist")
        self.assertIn("Euros", item.price_problem)
        self.assertFalse(self.instance.pricelist_id.item_ids)
        self.instance.pricelist_id = self.pricelist
        self.assertEqual(self.take_prices(item), {})
        self.assertFalse(item.price_problem)

    def test_without_a_pricelist_the_items_say_so(self):
        self.instance.pricelist_id = False
        item = self.get_item(MUG)
        self.assertEqual(self.take_prices(item)[item].cause, "no_pricelist")

    def test_a_price_with_tax_comes_without_it_or_says_why_it_cannot(self):
        item, other = self.get_item(MUG), self.get_item(PAN)
        self.instance.prices_include_tax = True
        tax = self.make_tax(20)
        (item | other).product_id.taxes_id = tax
        item.price, other.price = 24, 9.9999
        problems = self.take_prices(item | other)
        self.assertEqual(self.get_odoo_price(item.product_id), 20)
        self.assertEqual(list(problems), [other])
        self.assertEqual(problems[other].cause, "price_tax")
        for part in (other.product_id.name, "9.9999", tax.name, "included in"):
            self.assertIn(part, other.price_problem)
        self.assertFalse(self.get_rules(other.product_id))

    def test_a_price_without_tax_comes_with_it(self):
        item = self.get_item(MUG)
        item.product_id.taxes_id = self.make_tax(20, is_included=True)
        item.price = 20
        self.take_prices(item)
        self.assertEqual(self.get_odoo_price(item.product_id), 24)

    def test_taxes_of_other_companies_do_not_count(self):
        item = self.get_item(MUG)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["account.chart.template"].try_loading("generic_coa", company)
        foreign = self.make_tax(20, is_included=True, company_id=company.id)
        item.product_id.sudo().taxes_id = foreign
        item.price = 20
        self.take_prices(item)
        self.assertEqual(self.get_odoo_price(item.product_id), 20)

    def test_other_taxes_are_not_guessed(self):
        item = self.get_item(MUG)
        item.price = 24
        self.instance.prices_include_tax = True
        group = self.make_tax(
            0,
            amount_type="group",
            children_tax_ids=[
                fields.Command.set((self.make_tax(12) | self.make_tax(8)).ids)
            ],
        )
        compound = self.make_tax(10, include_base_amount=True, sequence=1)
        for taxes, price in (
            (self.make_tax(1, amount_type="fixed"), None),
            (self.make_tax(20) | self.make_tax(5, is_included=True), None),
            (compound | self.make_tax(10, sequence=2), None),
            (group, 20),
            (self.make_tax(0), 24),
            (self.make_tax(20, is_included=True), 24),
            (self.make_tax(1, is_included=True, amount_type="fixed"), 24),
        ):
            with self.subTest(taxes=taxes.mapped("name")):
                self.get_rules(item.product_id).unlink()
                item.product_id.taxes_id = taxes
                problems = self.take_prices(item)
                self.assertEqual(bool(problems), price is None)
                if price:
                    self.assertEqual(self.get_odoo_price(item.product_id), price)

    def test_many_are_taken_in_few_queries(self):
        self.take_prices(self.items[:1])
        with self.assertQueryCount(60):
            self.take_prices()
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestImportListingsWithPrices(PriceCase):
    """An import of listings brings the store's prices with it."""

    def import_listings(self, *bc_ids):
        return self.run_operation(
            self.instance, "import_listings", **({"ids": bc_ids} if bc_ids else {})
        )

    def test_the_first_import_fills_the_pricelist(self):
        for item in self.items:
            self.assertEqual(self.get_rules(item.product_id).fixed_price, item.price)
            self.assertFalse(item.price_problem)

    def test_a_change_in_the_store_comes_and_the_rest_stays(self):
        mug, pan = self.get_item(MUG), self.get_item(PAN)
        self.set_price(pan, 77)
        self.store.patch(f"v3/catalog/products/{MUG}", price=15.4321)
        self.import_listings()
        self.assertEqual(self.get_odoo_price(mug.product_id), Decimal("15.4321"))
        self.assertEqual(self.get_odoo_price(pan.product_id), 77)

    def test_a_reduced_price_is_not_imported(self):
        item = self.get_item(MUG)
        former = self.get_odoo_price(item.product_id)
        self.store.patch(f"v3/catalog/products/{MUG}", sale_price=1)
        self.import_listings()
        self.assertEqual(self.get_odoo_price(item.product_id), former)

    def test_variants_have_their_own_price_or_the_products(self):
        path = f"v3/catalog/products/{POT}"
        self.store.patch(path, price=14)
        variants = self.store.control("GET", f"{path}/variants")
        self.store.put(
            f"{path}/variants", [{**variants[0], "price": None}, *variants[1:]]
        )
        self.import_listings(POT)
        self.assertEqual(
            [
                self.get_odoo_price(self.get_item(POT, number).product_id)
                for number in range(3)
            ],
            [14, 18, Decimal("27.5")],
        )

    def test_a_problem_is_blocked_and_taken_once_it_is_cured(self):
        item = self.get_item(MUG)
        self.instance.prices_include_tax = True
        item.product_id.taxes_id = self.make_tax(19)
        self.store.patch(f"v3/catalog/products/{MUG}", price=9.99)
        self.store.patch(f"v3/catalog/products/{PAN}", price=8)
        self.import_listings()
        line = self.get_lines("import_listings", key=MUG)[:1]
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "price_tax"))
        self.assertEqual(item.price, 9.99)
        self.assertEqual(self.get_odoo_price(self.get_item(PAN).product_id), 8)
        item.product_id.taxes_id = self.make_tax(19, is_included=True)
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertFalse(item.price_problem)
        self.assertEqual(self.get_odoo_price(item.product_id), Decimal("9.99"))

    def test_what_is_imported_is_never_sent_back(self):
        """Whatever prices and taxes are; some of them do not convert."""
        drawn = random.Random(6)
        taxes = [
            self.make_tax(amount, is_included)
            for amount in (5, 8.875, 19, 20)
            for is_included in (False, True)
        ]
        for is_with_tax in (False, True):
            self.instance.prices_include_tax = is_with_tax
            for item in self.items:
                item.price = drawn.choice(
                    (
                        drawn.randrange(10_000) / 100,
                        drawn.randrange(10_000_000) / 10_000,
                        drawn.randrange(100) * 1.2,
                    )
                )
                item.listing_id.price = item.price
                tax = drawn.choice([None, *taxes])
                item.product_id.taxes_id = tax and tax.ids or False
            problems = self.take_prices()
            self.assertLess(len(problems), len(self.items) / 2)
            self.assertTrue(problems)
            changes, _count = self.env["bigcommerce.price.changes"]._find_changes(
                self.instance, self.items.listing_id, fields.Datetime.now()
            )
            self.assertEqual(changes, [])


@tagged("post_install", "-at_install")
class TestImportPrices(PriceCase):
    def run_import(self, **options):
        return self.run_operation(self.instance, "import_prices", **options)

    def test_all_prices_are_taken_at_once(self):
        self.pricelist.item_ids.unlink()
        job = self.run_import()
        self.assertEqual(job.state, "done")
        self.assertFalse(job.problem_count)
        for item in self.items:
            self.assertEqual(self.get_rules(item.product_id).fixed_price, item.price)

    def test_only_the_listings_asked_for(self):
        self.pricelist.item_ids.unlink()
        self.run_import(ids=[MUG])
        self.assertEqual(
            self.pricelist.item_ids.product_id, self.get_item(MUG).product_id
        )

    def test_what_cannot_be_taken_is_blocked_and_taken_once_it_is_cured(self):
        item = self.get_item(MUG)
        self.instance.prices_include_tax = True
        item.product_id.taxes_id = self.make_tax(19)
        self.run_import(ids=[MUG, PAN])
        line = self.get_lines("import_prices", key=MUG)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "price_tax"))
        self.assertEqual(self.get_lines("import_prices", key=PAN).state, "done")
        item.product_id.taxes_id = False
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertFalse(item.price_problem)
        self.assertEqual(self.get_rules(item.product_id).fixed_price, item.price)

    def test_nothing_is_asked_of_the_store(self):
        self.store.forget_requests()
        self.run_import()
        self.assertFalse(self.store.get_requests())

    def test_a_listing_deleted_meanwhile_is_no_problem(self):
        self.instance._start("import_prices", ids=[MUG])
        with self.open_engine() as engine:
            engine._scan_next(self.env["ir.cron"])
        self.get_listing(MUG).unlink()
        self.drain()
        self.assertEqual(self.get_lines("import_prices", key=MUG).state, "done")

    def test_mapping_by_hand_brings_the_price(self):
        item = self.get_item(MUG)
        product = self.env["product.product"].create({"name": "Another mug"})
        user = new_test_user(
            self.env, "maps", "bigcommerce_connector.bigcommerce_group_manager"
        )
        item.with_user(user).product_id = product
        self.drain()
        self.assertEqual(self.get_rules(product).fixed_price, item.price)
