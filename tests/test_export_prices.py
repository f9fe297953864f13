"""Odoo's prices go to the store: those that differ, in few requests, once."""

import json
from decimal import Decimal

from requests import HTTPError

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..sync.price_plan import read_price
from .price_case import MUG, PAN, POT, SHIRT, PriceCase

SENDING = "odoo.addons.bigcommerce_connector.sync.settlement"
PRODUCTS, VARIANTS = "/v3/catalog/products", "/v3/catalog/variants"


class ExportCase(PriceCase):
    """All prices are imported; nothing is large unless a test says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.take_prices()
        cls.instance.price_brake_percent = 0

    def setUp(self):
        super().setUp()
        self.skip_backoff()
        self.store.forget_requests()

    def export(self, **options):
        return self.run_operation(self.instance, "export_prices", **options)

    def get_writes(self):
        """Return path and body of each request that changed the store, or should."""
        return [
            (request["path"], json.loads(request["body"]))
            for request in self.store.get_requests()
            if request["method"] != "GET"
        ]

    def get_line(self, key):
        return self.get_lines("export_prices", key=key)[:1]

    def read_price(self, item):
        """Return what a variant costs in the store."""
        own = self.read_own_price(item)
        path = f"v3/catalog/products/{item.listing_id.bc_id}"
        return self.store.control("GET", path)["price"] if own is None else own

    def make_variants(self, count, price=None, bc_id=SHIRT):
        """Give a product of the store so many variants, and import them."""
        path = f"v3/catalog/products/{bc_id}/variants"
        first = self.store.control("GET", path)[0]
        self.store.put(
            path,
            [
                {
                    **first,
                    "id": 900_000 + number,
                    "sku": f"MANY-{number}",
                    "price": price,
                    "option_values": [
                        {
                            "id": 5000 + number,
                            "label": f"Size {number}",
                            "option_id": 77,
                            "option_display_name": "Number",
                        }
                    ],
                }
                for number in range(count)
            ],
        )
        self.run_operation(self.instance, "import_listings", ids=[bc_id])
        items = self.get_listing(bc_id).item_ids.sorted("id")
        self.assertEqual(len(items), count)
        items.product_id.taxes_id = False
        self.assertEqual(set(items.mapped("has_own_price")), {price is not None})
        self.take_prices(items)
        self.store.forget_requests()
        return items

    def make_simple(self, count):
        """Return items of so many listings without options."""
        items = self.items.filtered(
            lambda item: len(item.listing_id.item_ids) == 1
        ).sorted("id")[:count]
        self.assertEqual(len(items), count)
        return items


@tagged("post_install", "-at_install")
class TestExportPrices(ExportCase):
    def test_after_an_import_there_is_nothing_to_send(self):
        job = self.export()
        self.assertEqual((job.state, job.line_count), ("done", 0))
        self.assertFalse(self.store.get_requests())

    def test_what_differs_is_sent_and_nothing_else(self):
        item = self.get_item(MUG)
        self.set_price(item, 13.75)
        job = self.export()
        self.assertEqual(
            self.get_writes(), [(PRODUCTS, [{"price": 13.75, "id": int(MUG)}])]
        )
        self.assertEqual((job.state, job.line_count), ("done", 1))
        self.assertEqual((item.price, item.listing_id.price), (13.75, 13.75))
        self.assertFalse(item.payload_digest or item.listing_id.payload_digest)
        self.assertEqual(self.read_price(item), 13.75)
        self.assertQueueIsSound()

    def test_a_second_time_nothing_is_sent(self):
        self.set_price(self.get_item(MUG), 13.75)
        self.export()
        self.store.forget_requests()
        self.assertEqual(self.export().line_count, 0)
        self.assertFalse(self.get_writes())

    def test_what_was_exported_changes_nothing_when_it_is_imported(self):
        item = self.get_item(MUG)
        self.make_rule(item.product_id, 13.75, date_start="2020-01-01", min_quantity=1)
        self.export()
        self.assertEqual(self.read_price(item), 13.75)
        prices = {one: self.get_odoo_price(one.product_id) for one in self.items}
        rules = self.pricelist.item_ids
        self.run_operation(self.instance, "import_listings")
        for one in self.items:
            self.assertEqual(self.get_odoo_price(one.product_id), prices[one])
        self.assertEqual(self.pricelist.item_ids, rules)

    def test_the_sale_price_stays(self):
        path = f"v3/catalog/products/{MUG}"
        self.store.patch(path, sale_price=9.5)
        self.set_price(self.get_item(MUG), 13.75)
        self.export()
        self.assertEqual(self.store.control("GET", path)["sale_price"], 9.5)

    def test_ten_products_go_in_one_request(self):
        for count, requests in ((1, 1), (10, 1), (11, 2)):
            with self.subTest(count=count):
                self.store.forget_requests()
                items = self.make_simple(count)
                for item in items:
                    self.set_price(item, item.price + 1)
                self.export()
                self.assertEqual(
                    [path for path, _body in self.get_writes()], [PRODUCTS] * requests
                )
                for item in items:
                    self.assertEqual(self.read_price(item), item.price)

    def test_fifty_variants_go_in_one_request(self):
        for count, requests in ((50, 1), (51, 2)):
            with self.subTest(count=count):
                items = self.make_variants(count, price=20)
                for item in items:
                    self.set_price(item, 21)
                self.export()
                writes = self.get_writes()
                self.assertEqual([path for path, _ in writes], [VARIANTS] * requests)
                self.assertEqual(
                    {row["id"] for _path, body in writes for row in body},
                    {int(item.bc_id) for item in items},
                )
                self.assertEqual(set(map(self.read_own_price, items)), {21})
                self.assertEqual(set(items.mapped("price")), {21})

    def test_variants_that_follow_their_product_are_one_product(self):
        items = self.make_variants(3)
        for item in items:
            self.set_price(item, 33)
        self.export()
        self.assertEqual(
            self.get_writes(), [(PRODUCTS, [{"price": 33, "id": int(SHIRT)}])]
        )
        self.assertEqual(set(items.mapped("price")), {33})
        self.assertFalse(any(items.mapped("has_own_price")))
        self.assertEqual(set(map(self.read_price, items)), {33})

    def test_one_of_them_that_costs_more_gets_a_price_of_its_own(self):
        items = self.make_variants(3)
        self.set_price(items[1], 33)
        self.export()
        self.assertEqual(
            self.get_writes(), [(VARIANTS, [{"price": 33, "id": int(items[1].bc_id)}])]
        )
        self.assertEqual(items.mapped("has_own_price"), [False, True, False])
        for item in items:
            self.set_price(item, 34)
        self.store.forget_requests()
        self.export()
        self.assertEqual([path for path, _body in self.get_writes()], [VARIANTS])
        self.assertEqual(set(map(self.read_price, items)), {34})

    def test_an_unmapped_variant_keeps_its_price(self):
        items = self.make_variants(3)
        former = items[0].price
        items[0].product_id = False
        for item in items[1:]:
            self.set_price(item, 33)
        self.export()
        self.assertEqual([path for path, _body in self.get_writes()], [VARIANTS])
        self.assertEqual(self.read_price(items[0]), former)
        self.assertEqual(set(map(self.read_price, items[1:])), {33})

    def test_products_go_before_variants(self):
        items = self.make_variants(2, price=20)
        for item in (*items, self.get_item(MUG)):
            self.set_price(item, 21)
        self.export()
        self.assertEqual([path for path, _ in self.get_writes()], [PRODUCTS, VARIANTS])

    def test_excluded_archived_and_unmapped_listings_are_left_alone(self):
        excluded, archived, unmapped, other = self.make_simple(4)
        for item in (excluded, archived, unmapped, other):
            self.set_price(item, 50)
        excluded.listing_id.is_excluded = True
        archived.listing_id.active = False
        unmapped.product_id = False
        self.export()
        self.assertEqual(self.get_lines("export_prices").mapped("name"), [other.name])

    def test_an_archived_product_is_left_alone(self):
        item = self.get_item(MUG)
        self.set_price(item, 50)
        item.product_id.active = False
        self.assertEqual(self.export().line_count, 0)

    def test_only_the_prices_asked_for_are_sent(self):
        mug, pan = self.get_item(MUG), self.get_item(PAN)
        self.set_price(mug, 50)
        self.set_price(pan, 50)
        self.export(ids=[f"p:{PAN}"])
        self.assertEqual(self.get_writes(), [(PRODUCTS, [{"price": 50, "id": 102}])])

    def test_a_price_is_sent_with_four_decimals_and_no_more(self):
        item = self.get_item(MUG)
        self.set_price(item, 13.12344)
        self.export()
        self.assertEqual(self.read_price(item), 13.1234)
        self.assertEqual(item.price, 13.1234)
        self.store.forget_requests()
        self.export()
        self.assertFalse(self.get_writes())

    def test_a_formula_is_computed(self):
        item = self.get_item(MUG)
        self.get_rules(item.product_id).unlink()
        item.product_id.list_price = 19.99
        self.make_rule(
            applied_on="1_product",
            product_tmpl_id=item.product_id.product_tmpl_id.id,
            compute_price="percentage",
            percent_price=10,
        )
        self.export()
        self.assertEqual(self.read_price(item), 17.991)

    def test_a_rule_of_another_day_does_not_count(self):
        item = self.get_item(MUG)
        tomorrow = fields.Datetime.add(fields.Datetime.now(), days=1)
        self.make_rule(item.product_id, 1, date_start=tomorrow, min_quantity=1)
        self.assertEqual(self.export().line_count, 0)

    def test_a_negative_price_is_not_sent(self):
        self.set_price(self.get_item(MUG), -1)
        self.export()
        line = self.get_line(f"p:{MUG}")
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "refused"))
        self.assertFalse(self.get_writes())

    def test_what_becomes_equal_before_it_is_sent_is_not_sent(self):
        item = self.get_item(MUG)
        former = item.price
        self.set_price(item, 50)
        self.instance._start("export_prices")
        with self.open_engine() as engine:
            engine._scan_next(self.env["ir.cron"])
        self.set_price(item, former)
        self.drain()
        self.assertEqual(self.get_line(f"p:{MUG}").state, "done")
        self.assertFalse(self.get_writes())

    def test_what_changes_before_it_is_sent_is_sent_as_it_is_now(self):
        items = self.make_variants(2)
        for item in items:
            self.set_price(item, 50)
        self.set_price(self.get_item(MUG), 50)
        self.instance._start("export_prices")
        with self.open_engine() as engine:
            engine._scan_next(self.env["ir.cron"])
        self.set_price(self.get_item(MUG), 51)
        self.set_price(items[0], 52)
        self.drain()
        self.assertEqual(self.read_price(self.get_item(MUG)), 51)
        self.assertEqual([self.read_price(item) for item in items], [52, 50])
        self.assertQueueIsSound()

    def test_observe_mode_sends_nothing(self):
        self.instance.observe_mode = True
        self.set_price(self.get_item(MUG), 50)
        self.export()
        self.assertEqual(self.get_line(f"p:{MUG}").cause_id.code, "read_only")
        self.assertFalse(self.get_writes())

    def test_it_is_an_automatic_job_that_is_off_at_first(self):
        job = self.env["bigcommerce.automatic.job"]._get_job(
            self.instance, "export_prices"
        )
        self.assertEqual((job.interval_number, job.interval_unit), (1, "days"))
        self.assertFalse(job.active)

    def test_a_user_of_the_connector_may_start_it(self):
        user = new_test_user(
            self.env, "pricer", "bigcommerce_connector.bigcommerce_group_user"
        )
        self.set_price(self.get_item(MUG), 50)
        self.instance.with_user(user).action_export_prices()
        self.instance.with_user(user).action_import_prices()
        self.drain()
        self.assertEqual(
            set(self.instance.env["bigcommerce.queue.job"].search([]).mapped("state")),
            {"done"},
        )


@tagged("post_install", "-at_install")
class TestSalePrices(ExportCase):
    """*Export Odoo Product's Sale Price?* sends the products' sales prices."""

    def setUp(self):
        super().setUp()
        self.instance.export_sale_price = True
        for item in self.items:
            self.env.cr.execute(
                "UPDATE bigcommerce_listing_item SET price = %s WHERE id = %s",
                [item.product_id.lst_price, item.id],
            )
        self.env.invalidate_all()

    def test_the_pricelist_does_not_matter(self):
        item = self.get_item(MUG)
        self.set_price(item, 50)
        item.product_id.list_price = 60
        self.export()
        self.assertEqual(self.get_writes(), [(PRODUCTS, [{"price": 60, "id": 101}])])

    def test_it_works_without_a_pricelist(self):
        self.instance.pricelist_id = False
        self.get_item(MUG).product_id.list_price = 60
        self.export()
        self.assertEqual(self.read_price(self.get_item(MUG)), 60)

    def set_currency(self, code, rate=None):
        """Let the store have another currency than the company."""
        currency = self.env.ref(f"base.{code}")
        currency.active = True
        self.env["res.currency.rate"].search(
            [("currency_id", "=", currency.id)]
        ).unlink()
        if rate:
            self.env["res.currency.rate"].create(
                {"currency_id": currency.id, "name": "2020-01-01", "rate": rate}
            )
        self.instance.currency_id = currency
        return currency

    def test_it_is_converted_into_the_stores_currency_and_rounded_as_odoo_does(self):
        item = self.get_item(MUG)
        self.items.filtered(lambda one: one != item).active = False
        item.product_id.list_price = 9.99
        for code, rate, expected in (
            ("EUR", 0.9, 8.99),
            ("JPY", 150.123, 1500),
            ("KWD", 0.30777, 3.075),
        ):
            with self.subTest(code=code):
                self.set_currency(code, rate)
                self.export()
                self.assertEqual(self.read_price(item), expected)

    def test_without_a_rate_nothing_is_sent(self):
        self.set_currency("JPY")
        item = self.get_item(MUG)
        self.export()
        line = self.get_line(f"p:{MUG}")
        self.assertEqual(line.cause_id.code, "no_exchange_rate")
        for part in ("JPY", item.product_id.name):
            self.assertIn(part, line.message)
        self.assertFalse(self.get_writes())
        self.set_currency("JPY", 100)
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(self.read_price(item), item.product_id.lst_price * 100)


@tagged("post_install", "-at_install")
class TestPricelistCurrencies(ExportCase):
    def test_a_pricelist_in_another_currency_is_not_exported(self):
        self.instance.pricelist_id = self.env["product.pricelist"].create(
            {"name": "Euros", "currency_id": self.env.ref("base.EUR").id}
        )
        self.export()
        lines = self.get_lines("export_prices")
        self.assertEqual(lines.cause_id.code, "no_pricelist")
        self.assertIn("Euros", lines[0].message)
        self.assertFalse(self.get_writes())
        self.instance.pricelist_id = self.pricelist
        lines.action_retry()
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertFalse(self.get_writes())

    def test_a_formula_over_currencies_needs_a_rate(self):
        item = self.get_item(MUG)
        euro = self.env.ref("base.EUR")
        base = self.env["product.pricelist"].create(
            {"name": "Base", "currency_id": euro.id}
        )
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": base.id,
                "compute_price": "fixed",
                "fixed_price": 9,
            }
        )
        self.get_rules(item.product_id).unlink()
        self.make_rule(
            applied_on="0_product_variant",
            product_id=item.product_id.id,
            compute_price="formula",
            base="pricelist",
            base_pricelist_id=base.id,
        )
        self.export()
        self.assertEqual(self.read_price(item), 10)
        self.env["res.currency.rate"].search([("currency_id", "=", euro.id)]).unlink()
        self.env.invalidate_all()
        self.export()
        line = self.get_line(f"p:{MUG}")
        self.assertEqual(line.cause_id.code, "no_exchange_rate")


@tagged("post_install", "-at_install")
class TestTaxes(ExportCase):
    def test_a_store_with_tax_gets_the_tax_added_that_odoo_leaves_out(self):
        self.instance.prices_include_tax = True
        item = self.get_item(MUG)
        item.product_id.taxes_id = self.make_tax(20)
        self.set_price(item, 20)
        self.export()
        self.assertEqual(self.read_price(item), 24)
        self.store.forget_requests()
        self.assertEqual(self.export().line_count, 0)

    def test_a_store_without_tax_gets_the_tax_taken_off(self):
        item = self.get_item(MUG)
        item.product_id.taxes_id = self.make_tax(20, is_included=True)
        self.set_price(item, 24)
        self.export()
        self.assertEqual(self.read_price(item), 20)

    def test_what_cannot_be_converted_is_blocked_until_it_can(self):
        item = self.get_item(MUG)
        item.product_id.taxes_id = self.make_tax(19, is_included=True)
        self.set_price(item, 9.99)
        self.set_price(self.get_item(PAN), 50)
        self.export()
        line = self.get_line(f"p:{MUG}")
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "price_tax"))
        for part in (item.product_id.name, "9.99", "19", "not included"):
            self.assertIn(part, line.message)
        self.assertEqual(self.read_price(self.get_item(PAN)), 50)
        self.set_price(item, 11.9)
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(self.read_price(item), 10)

    def test_a_price_that_could_not_be_imported_is_not_overwritten(self):
        self.instance.prices_include_tax = True
        item = self.get_item(MUG)
        item.product_id.taxes_id = self.make_tax(19)
        for is_sale_price in (False, True):
            with self.subTest(is_sale_price=is_sale_price):
                self.instance.export_sale_price = is_sale_price
                item.product_id.list_price = 20
                self.set_price(item, 20)
                self.store.patch(f"v3/catalog/products/{MUG}", price=9.99)
                item.price = item.listing_id.price = 9.99
                self.take_prices(item)
                self.assertTrue(item.price_problem)
                self.export(ids=[f"p:{MUG}"])
                self.assertFalse(self.get_line(f"p:{MUG}"))
                self.take_prices(item, item.price)
                # Somebody enters a price.
                item.product_id.list_price = 10
                self.set_price(item, 10)
                # An import that comes first changes nothing about it.
                self.take_prices(item, item.price)
                self.export(ids=[f"p:{MUG}"])
                self.assertEqual(self.read_price(item), 11.9)
                self.assertFalse(item.price_problem)
                self.get_line(f"p:{MUG}").unlink()

    def test_two_prices_of_one_product_stay_until_odoo_says_another(self):
        mug, pan = self.get_item(MUG), self.get_item(PAN)
        pan.product_id = mug.product_id
        self.take_prices(mug | pan)
        self.assertTrue(pan.price_problem)
        self.assertEqual(self.export().line_count, 0)
        self.store.patch(f"v3/catalog/products/{MUG}", price=15)
        self.run_operation(self.instance, "import_listings")
        self.assertEqual(self.export().line_count, 0)
        self.set_price(mug, 16)
        self.export()
        self.assertEqual([self.read_price(one) for one in (mug, pan)], [16, 16])
        self.assertFalse(pan.price_problem)

    def test_a_blocked_line_goes_when_there_is_nothing_to_do_any_more(self):
        item = self.get_item(MUG)
        former = item.price
        item.product_id.taxes_id = self.make_tax(19, is_included=True)
        self.set_price(item, 9.99)
        self.export()
        line = self.get_line(f"p:{MUG}")
        item.product_id.taxes_id = False
        self.set_price(item, former)
        self.export()
        self.assertEqual(line.state, "cancelled")
        self.assertQueueIsSound()


@tagged("post_install", "-at_install")
class TestAnswers(ExportCase):
    """What the store refuses, saves in part, or does not answer."""

    def test_one_product_that_is_refused_does_not_stop_the_others(self):
        items = self.make_simple(10)
        for item in items:
            self.set_price(item, 50)
        gone = items[3]
        self.store.delete(f"v3/catalog/products/{gone.listing_id.bc_id}")
        self.export()
        line = self.get_line(f"p:{gone.listing_id.bc_id}")
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "not_found"))
        for item in items - gone:
            self.assertEqual(self.read_price(item), 50)
            self.assertEqual(item.price, 50)
        self.assertNotEqual(gone.price, 50)
        self.assertQueueIsSound()

    def test_one_variant_that_is_refused_does_not_stop_the_others(self):
        items = self.make_variants(12, price=20)
        for item in items:
            self.set_price(item, 21)
        path = f"v3/catalog/products/{SHIRT}/variants"
        variants = self.store.control("GET", path)
        self.store.put(path, [one for one in variants if one["sku"] != "MANY-5"])
        with mute_logger(SENDING):
            self.export()
        gone = items.filtered(lambda item: item.sku == "MANY-5")
        line = self.get_line(f"v:{gone.bc_id}")
        self.assertEqual(line.state, "blocked")
        self.assertIn(line.cause_id.code, ("refused", "not_found"))
        self.assertEqual(set(map(self.read_price, items - gone)), {21})
        self.assertEqual(set((items - gone).mapped("price")), {21})
        self.assertEqual(gone.price, 20)

    def test_a_product_saved_in_part_is_confirmed_as_far_as_it_was_saved(self):
        mug, pan = self.get_item(MUG), self.get_item(PAN)
        self.set_price(mug, 50)
        self.set_price(pan, 50)
        path = f"v3/catalog/products/{MUG}"
        product = self.store.control("GET", path)
        answer = {
            "data": [
                {**product, "price": 50},
                {**self.store.control("GET", f"v3/catalog/products/{PAN}")},
            ],
            "errors": {
                "status": 207,
                "title": "Some fields could not be saved.",
                "errors": {"1.price": "The price could not be saved"},
            },
            "meta": {},
        }
        self.store.fault(f"^{PRODUCTS}$", method="PUT", status=207, body=answer)
        self.export()
        self.assertEqual(self.get_line(f"p:{MUG}").state, "done")
        self.assertEqual(mug.price, 50)
        line = self.get_line(f"p:{PAN}")
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "refused"))
        self.assertIn("could not be saved", line.message)
        self.assertNotEqual(pan.price, 50)

    def test_a_lost_answer_is_sent_again(self):
        item = self.get_item(MUG)
        self.set_price(item, 50)
        self.store.fault(
            f"^{PRODUCTS}$", method="PUT", kind="reset", after=True, times=9
        )
        self.export()
        line = self.get_line(f"p:{MUG}")
        self.assertEqual(line.state, "unknown")
        self.assertNotEqual(item.price, 50)
        self.store.heal()
        self.let_time_pass()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual((item.price, self.read_price(item)), (50, 50))
        self.assertQueueIsSound()

    def test_an_answer_lost_for_variants_is_sent_again(self):
        items = self.make_variants(3, price=20)
        for item in items:
            self.set_price(item, 21)
        self.store.fault(f"^{VARIANTS}$", method="PUT", kind="truncate", times=9)
        self.export()
        self.assertEqual(set(items.mapped("price")), {20})
        self.store.heal()
        self.let_time_pass()
        self.drain()
        self.assertEqual(set(items.mapped("price")), {21})
        self.assertEqual(set(self.get_lines("export_prices").mapped("state")), {"done"})

    def test_a_store_price_changed_meanwhile_is_imported_first(self):
        item = self.get_item(MUG)
        self.store.patch(f"v3/catalog/products/{MUG}", price=15)
        self.run_operation(self.instance, "import_listings")
        self.assertEqual(self.get_odoo_price(item.product_id), Decimal(15))
        self.assertEqual(self.export().line_count, 0)

    def test_a_store_price_that_was_set_back_after_an_export_is_noticed(self):
        item = self.get_item(MUG)
        former = item.price
        self.set_price(item, 50)
        self.export()
        self.store.patch(f"v3/catalog/products/{MUG}", price=former)
        self.run_operation(self.instance, "import_listings")
        self.assertEqual(read_price(former), self.get_odoo_price(item.product_id))


@tagged("post_install", "-at_install")
class TestBrake(ExportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.write({"price_brake_percent": 30, "price_brake_share": 20})

    def change(self, count, factor):
        """Change the prices of so many simple products; return the items."""
        items = self.make_simple(count)
        for item in items:
            self.set_price(item, item.price * factor)
        return items

    def get_limit(self):
        """Return how many prices may change by much."""
        return len(self.items) * 20 // 100

    def test_a_few_large_changes_are_sent(self):
        self.change(self.get_limit(), 2)
        job = self.export()
        self.assertEqual(job.approval_count, 0)
        self.assertEqual(job.done_count, self.get_limit())

    def test_one_more_and_all_large_changes_wait(self):
        items = self.change(self.get_limit() + 1, 0.5)
        small = self.make_simple(self.get_limit() + 2) - items
        self.set_price(small, small.price * 1.3)
        items[0].price = 12
        self.set_price(items[0], 6)
        job = self.export()
        self.assertEqual(job.approval_count, len(items))
        self.assertEqual(job.done_count, 1)
        self.assertEqual(len(self.get_writes()), 1)
        line = self.get_line(f"p:{items[0].listing_id.bc_id}")
        self.assertEqual(line.message, "12.00 → 6.00 USD (−50 %)")

    def test_approved_they_are_sent_as_they_were_seen(self):
        items = self.change(self.get_limit() + 1, 0.5)
        former = items.mapped("price")
        job = self.export()
        job.action_approve()
        self.drain()
        self.assertEqual(job.approval_count, 0)
        self.assertEqual(
            items.mapped("price"), [round(price * 0.5, 4) for price in former]
        )
        self.assertEqual(job.state, "done")

    def test_another_price_than_the_approved_one_waits_again(self):
        items = self.change(self.get_limit() + 1, 0.5)
        job = self.export()
        self.set_price(items[0], items[0].price * 0.4)
        job.action_approve()
        self.drain()
        line = self.get_line(f"p:{items[0].listing_id.bc_id}")
        self.assertEqual(line.cause_id.code, "needs_approval")
        self.assertIn("−60 %", line.message)
        self.assertEqual(job.approval_count, 1)
        line.action_approve()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(self.read_price(items[0]), items[0].price)

    def test_approved_or_not_a_price_that_became_equal_is_not_sent(self):
        items = self.change(self.get_limit() + 1, 0.5)
        job = self.export()
        self.set_price(items[0], items[0].price)
        job.action_approve()
        self.drain()
        self.assertEqual(len(self.get_written_ids()), len(items) - 1)

    def get_written_ids(self):
        return {row["id"] for _path, body in self.get_writes() for row in body}

    def test_any_price_of_zero_waits_even_without_a_brake(self):
        self.instance.price_brake_percent = 0
        item = self.get_item(MUG)
        self.set_price(item, 0)
        self.set_price(self.get_item(PAN), 500)
        job = self.export()
        line = self.get_line(f"p:{MUG}")
        self.assertEqual(line.cause_id.code, "needs_approval")
        self.assertIn("→ 0.00 USD (−100 %)", line.message)
        self.assertEqual(self.read_price(self.get_item(PAN)), 500)
        job.action_approve()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(self.read_price(item), 0)

    def test_without_a_brake_everything_else_is_sent(self):
        self.instance.price_brake_percent = 0
        self.change(self.get_limit() + 1, 3)
        self.assertEqual(self.export().approval_count, 0)

    def test_from_zero_any_change_is_large(self):
        self.instance.price_brake_share = 0
        item = self.get_item(MUG)
        item.price = item.listing_id.price = 0
        self.set_price(item, 5)
        job = self.export()
        self.assertEqual(job.approval_count, 1)
        self.assertEqual(self.get_line(f"p:{MUG}").message, "0.00 → 5.00 USD")

    def test_a_retry_of_one_is_judged_with_all(self):
        items = self.change(self.get_limit() + 1, 0.5)
        self.export()
        line = self.get_line(f"p:{items[0].listing_id.bc_id}")
        line.action_retry()
        self.drain()
        self.assertEqual(line.cause_id.code, "needs_approval")
        self.set_price(items[-1], items[-1].price)
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")

    def test_a_later_run_releases_what_is_not_much_any_more(self):
        items = self.change(self.get_limit() + 1, 0.5)
        self.export()
        for item in items[1:]:
            self.set_price(item, item.price)
        job = self.export()
        self.assertEqual(job.approval_count, 0)
        states = self.get_lines("export_prices").mapped("state")
        self.assertEqual(states.count("done"), 1)
        self.assertEqual(states.count("cancelled"), len(items) - 1)

    def test_what_becomes_large_after_the_brake_has_looked_waits(self):
        item = self.get_item(MUG)
        self.set_price(item, item.price * 1.1)
        self.instance._start("export_prices")
        with self.open_engine() as engine:
            engine._scan_next(self.env["ir.cron"])
        self.set_price(item, item.price * 10)
        self.drain()
        line = self.get_line(f"p:{MUG}")
        self.assertEqual(line.cause_id.code, "needs_approval")
        self.assertFalse(self.get_writes())
        line.action_approve()
        self.drain()
        self.assertEqual(self.read_price(item), item.price)
        self.assertEqual(line.state, "done")

    def test_variants_that_follow_a_product_count_each(self):
        items = self.make_variants(self.get_limit() + 4)
        for item in items:
            self.set_price(item, item.price * 2)
        self.assertEqual(self.export().approval_count, 1)


@tagged("post_install", "-at_install")
class TestBulkPrices(ExportCase):
    def read_rules(self, bc_id=MUG):
        """Return the bulk prices that the store has, without their ids."""
        product = self.store.control("GET", f"v3/catalog/products/{bc_id}")
        try:
            path = f"v3/catalog/products/{bc_id}/bulk-pricing-rules"
            rules = self.store.control("GET", path)
        except HTTPError:
            # It has never had any.
            rules = product.get("bulk_pricing_rules", [])
        return [
            (
                rule["quantity_min"],
                rule["quantity_max"],
                rule["type"],
                float(rule["amount"]),
            )
            for rule in rules
        ]

    def put_rules(self, *rules):
        self.store.put(
            f"v3/catalog/products/{MUG}/bulk-pricing-rules",
            [
                {
                    "id": number,
                    "quantity_min": lowest,
                    "quantity_max": highest,
                    "type": kind,
                    "amount": amount,
                }
                for number, (lowest, highest, kind, amount) in enumerate(rules, 1)
            ],
        )

    def test_one_price_gets_fixed_prices(self):
        item = self.get_item(MUG)
        price = item.price
        self.make_rule(item.product_id, 9, min_quantity=10)
        self.make_rule(item.product_id, 11, min_quantity=5)
        self.export()
        self.assertEqual(
            self.read_rules(), [(5, 9, "fixed", 11.0), (10, 0, "fixed", 9.0)]
        )
        self.assertEqual(self.read_price(item), price)
        (_path, body) = self.get_writes()[0]
        self.assertNotIn("price", body[0])
        self.store.forget_requests()
        self.assertEqual(self.export().line_count, 0)

    def test_price_and_bulk_prices_go_together(self):
        item = self.get_item(MUG)
        self.set_price(item, 20)
        self.make_rule(item.product_id, 18, min_quantity=5)
        self.export()
        self.assertEqual(len(self.get_writes()), 1)
        self.assertEqual(self.read_price(item), 20)
        self.assertEqual(self.read_rules(), [(5, 0, "fixed", 18.0)])

    def test_a_percentage_for_all_variants_is_one(self):
        items = self.get_listing(POT).item_ids
        self.get_rules(items.product_id).unlink()
        for item in items:
            self.make_rule(item.product_id, item.price, min_quantity=1)
            self.make_rule(item.product_id, round(item.price * 0.9, 4), min_quantity=6)
        self.assertEqual(len(set(items.mapped("price"))), 3)
        self.export()
        self.assertEqual(self.read_rules(POT), [(6, 0, "percent", 0.1)])
        self.store.forget_requests()
        self.assertEqual(self.export().line_count, 0)

    def test_removed_rules_go_and_the_stores_own_stay(self):
        item = self.get_item(MUG)
        rule = self.make_rule(item.product_id, 9, min_quantity=10)
        self.export()
        self.assertEqual(self.read_rules(), [(10, 0, "fixed", 9.0)])
        self.put_rules((10, 0, "fixed", 9.0), (3, 5, "price", 1.0))
        rule.unlink()
        self.export()
        self.assertEqual(self.read_rules(), [(3, 5, "price", 1.0)])
        self.assertFalse(item.listing_id.price_breaks)

    def test_the_stores_own_rules_are_never_replaced(self):
        item = self.get_item(MUG)
        self.put_rules((3, 5, "price", 1.0))
        self.make_rule(item.product_id, 9, min_quantity=10)
        self.set_price(item, 20)
        for _time in range(2):
            self.export()
            self.assertEqual(self.read_rules(), [(3, 5, "price", 1.0)])
            self.assertIn("of its own", item.listing_id.price_break_problem)
            self.assertEqual(self.read_price(item), 20)
        self.put_rules()
        self.export()
        self.assertEqual(self.read_rules(), [(10, 0, "fixed", 9.0)])
        self.assertFalse(item.listing_id.price_break_problem)

    def test_a_lost_answer_leaves_no_doubt_whose_rules_they_are(self):
        item = self.get_item(MUG)
        self.make_rule(item.product_id, 9, min_quantity=10)
        self.store.fault(
            f"^{PRODUCTS}$", method="PUT", kind="reset", after=True, times=9
        )
        self.export()
        self.assertEqual(self.get_line(f"p:{MUG}").state, "unknown")
        self.store.heal()
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.get_line(f"p:{MUG}").state, "done")
        self.assertEqual(self.read_rules(), [(10, 0, "fixed", 9.0)])
        self.assertEqual(len(item.listing_id.price_breaks), 1)

    def test_what_the_store_cannot_hold_is_noted_and_not_sent(self):
        items = self.get_listing(POT).item_ids
        self.make_rule(items[0].product_id, 1, min_quantity=6)
        self.export()
        self.assertEqual(self.read_rules(POT), [])
        self.assertIn("larger quantities", items.listing_id.price_break_problem)
        self.assertEqual(self.export().line_count, 0)
        self.get_rules(items[0].product_id).filtered("min_quantity").unlink()
        self.export()
        self.assertFalse(items.listing_id.price_break_problem)

    def test_part_of_a_piece_is_the_next_whole_one(self):
        item = self.get_item(MUG)
        self.make_rule(item.product_id, 9, min_quantity=2.5)
        self.export()
        self.assertEqual(self.read_rules(), [(3, 0, "fixed", 9.0)])

    def test_bulk_prices_are_on_the_stores_side_of_taxes(self):
        self.instance.prices_include_tax = True
        item = self.get_item(MUG)
        item.product_id.taxes_id = self.make_tax(20)
        self.set_price(item, 20)
        self.make_rule(item.product_id, 10, min_quantity=5)
        self.export()
        self.assertEqual(self.read_rules(), [(5, 0, "fixed", 12.0)])

    def test_giving_many_away_waits_for_approval(self):
        item = self.get_item(MUG)
        self.make_rule(item.product_id, 0, min_quantity=5)
        job = self.export()
        self.assertEqual(job.approval_count, 1)
        self.assertIn("0.00 USD from 5 on", self.get_line(f"p:{MUG}").message)
        self.assertEqual(self.read_rules(), [])
        job.action_approve()
        self.drain()
        self.assertEqual(self.read_rules(), [(5, 0, "fixed", 0.0)])

    def test_the_sale_price_has_no_bulk_prices(self):
        item = self.get_item(MUG)
        self.make_rule(item.product_id, 9, min_quantity=5)
        self.export()
        self.instance.export_sale_price = True
        item.product_id.list_price = item.price
        self.export(ids=[f"p:{MUG}"])
        self.assertEqual(self.read_rules(), [])


@tagged("post_install", "-at_install")
class TestBothWays(PriceCase):
    """Whoever changes a price last, on whichever side, is not overruled unseen."""

    def setUp(self):
        super().setUp()
        self.instance.write({"price_brake_percent": 30, "price_brake_share": 0})
        self.mug = self.get_item(MUG)

    def import_all(self):
        self.run_operation(self.instance, "import_listings", full=True)

    def get_store_price(self):
        return self.store.control("GET", f"v3/catalog/products/{MUG}")["price"]

    def test_what_is_set_while_an_answer_is_lost_is_not_lost(self):
        self.skip_backoff()
        self.set_price(self.mug, 13)
        self.store.fault(f"^{PRODUCTS}$", method="PUT", kind="reset", after=True)
        self.run_operation(self.instance, "export_prices")
        self.set_price(self.mug, 14)
        self.import_all()
        self.assertEqual(self.get_odoo_price(self.mug.product_id), 14)
        self.let_time_pass()
        self.drain()
        self.run_operation(self.instance, "export_prices")
        self.assertEqual(self.get_store_price(), 14)

    def test_a_page_read_before_an_export_brings_no_old_price(self):
        self.store.patch(f"v3/catalog/products/{MUG}", name="Fine mug")
        self.instance._start("import_listings", full=True)
        engine = self.env["bigcommerce.engine"]
        page = next(
            page
            for page in self.env["bigcommerce.import.listings"]._discover(
                self.instance._connect(), self.instance, {"full": True}, {}
            )
            if any(item.key == MUG for item in page.items)
        )
        job = self.env["bigcommerce.queue.job"].search([], limit=1)
        engine._enqueue_lines(job, [one for one in page.items if one.key == MUG])
        line = self.get_lines("import_listings", key=MUG, state="pending")
        line.not_before = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self.set_price(self.mug, 13)
        self.run_operation(self.instance, "export_prices")
        line.not_before = False
        self.drain()
        self.assertEqual(self.get_odoo_price(self.mug.product_id), 13)
        self.assertEqual((self.mug.price, self.get_store_price()), (13, 13))

    def test_what_changed_there_while_it_was_not_synchronised_comes_afterwards(self):
        self.mug.listing_id.is_excluded = True
        self.store.patch(f"v3/catalog/products/{MUG}", price=13.5)
        self.import_all()
        self.mug.listing_id.is_excluded = False
        self.drain()
        self.assertEqual(self.get_odoo_price(self.mug.product_id), Decimal("13.5"))
        self.run_operation(self.instance, "export_prices")
        self.assertEqual(self.get_store_price(), 13.5)

    def test_another_pricelist_gets_the_stores_prices(self):
        self.mug.product_id.list_price = 15
        self.instance.pricelist_id = self.pricelist.copy({"item_ids": False})
        self.drain()
        self.run_operation(self.instance, "export_prices")
        self.assertEqual(self.get_store_price(), 12.5)

    def test_large_bulk_prices_wait_for_approval(self):
        self.make_rule(self.mug.product_id, 1, min_quantity=2)
        self.run_operation(self.instance, "export_prices")
        line = self.get_lines("export_prices", key=f"p:{MUG}")
        self.assertEqual(line.cause_id.code, "needs_approval")

    def test_the_price_here_is_shown_in_another_currency_too(self):
        self.instance.currency_id = self.env.ref("base.EUR")
        self.instance.export_sale_price = True
        self.mug.product_id.list_price = 10
        self.mug.invalidate_recordset()
        self.assertEqual(self.mug.odoo_price, 9)
