"""Listings say on every run what the store says, and nothing else is written."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .listing_case import MUG, PAN, POT, SHIRT, ListingCase

PRODUCTS = "v3/catalog/products"


class ListingsHereCase(ListingCase):
    """A test with all listings imported."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_operation(cls.instance, "import_listings", full=True)

    def change(self, bc_id, **change):
        self.store.patch(f"{PRODUCTS}/{bc_id}", **change)


@tagged("post_install", "-at_install")
class TestInStep(ListingsHereCase):
    def test_every_field_follows_the_store(self):
        brand = self.env["bigcommerce.brand"].search([("bc_id", "=", "12")])
        tax_class = self.env["bigcommerce.tax.class"].search([], limit=1)
        for change, field, value in (
            ({"name": "Tin mug"}, "name", "Tin mug"),
            ({"description": "<p>Tin.</p>"}, "description", "<p>Tin.</p>"),
            ({"price": 13.1234}, "price", 13.1234),
            ({"cost_price": 4.5}, "cost_price", 4.5),
            ({"retail_price": 20}, "retail_price", 20),
            ({"sale_price": 9.99}, "sale_price", 9.99),
            ({"weight": 0.123456}, "weight", 0.123456),
            ({"is_visible": False}, "is_visible", False),
            ({"availability": "disabled"}, "availability", "disabled"),
            ({"brand_id": 12}, "brand_id", brand),
            ({"tax_class_id": int(tax_class.bc_id)}, "tax_class_id", tax_class),
            ({"upc": "111111111111"}, "upc", "111111111111"),
            ({"gtin": "22222222"}, "gtin", "22222222"),
            ({"mpn": "MPN-1"}, "mpn", "MPN-1"),
            ({"sku": "OTHER"}, "sku", "OTHER"),
            ({"type": "digital"}, "type", "digital"),
            ({"inventory_tracking": "none"}, "inventory_tracking", "none"),
        ):
            with self.subTest(field=field):
                self.change(MUG, **change)
                self.import_listings()
                self.assertEqual(self.get_listing(MUG)[field], value)

    def test_categories_and_channels_follow_the_store(self):
        listing = self.get_listing(MUG)
        for ids in ([], [23], [23, 24]):
            with self.subTest(ids=ids):
                self.change(MUG, categories=ids)
                self.import_listings()
                self.assertEqual(
                    set(listing.category_ids.mapped("bc_id")), set(map(str, ids))
                )
        for ids in ([], [1], [1, 2]):
            with self.subTest(channels=ids):
                self.store.put(f"{PRODUCTS}/{MUG}/channels", ids)
                self.import_listings()
                self.assertEqual(
                    set(listing.channel_ids.mapped("bc_id")), set(map(str, ids))
                )

    def test_a_category_or_brand_made_later_is_there_with_the_next_import(self):
        categories = self.store.control("GET", "v3/catalog/trees/categories")
        self.store.put(
            "v3/catalog/trees/categories",
            [*categories, {**categories[0], "category_id": 99, "name": "Mugs"}],
        )
        brands = self.store.control("GET", "v3/catalog/brands")
        self.store.put(
            "v3/catalog/brands", [*brands, {**brands[0], "id": 98, "name": "Tin & Co"}]
        )
        self.change(MUG, categories=[23, 99], brand_id=98)
        self.import_listings()
        mug = self.get_listing(MUG)
        self.assertEqual(set(mug.category_ids.mapped("name")), {"Kitchen", "Mugs"})
        self.assertEqual(mug.brand_id.name, "Tin & Co")

    def test_what_a_listing_named_before_odoo_knew_it_is_added_when_it_does(self):
        self.change(MUG, categories=[23, 99])
        self.import_listings(ids=[MUG])
        self.assertEqual(self.get_listing(MUG).category_ids.mapped("bc_id"), ["23"])
        category = self.env["bigcommerce.category"].create(
            {"instance_id": self.instance.id, "bc_id": "99", "name": "Mugs"}
        )
        self.import_listings(ids=[MUG])
        self.assertIn(category, self.get_listing(MUG).category_ids)

    def test_a_category_that_never_exists_is_no_reason_to_write_again(self):
        self.change(MUG, categories=[23, 99])
        self.instance.create_odoo_products = True
        self.import_listings()
        before = self.count_writes()
        self.import_listings()
        self.assertEqual(self.count_writes(), before)

    def test_an_item_says_what_its_variant_does(self):
        self.change_variants(
            POT,
            {"price": 1.2345, "weight": 0.5, "upc": "1", "gtin": "2", "mpn": "3"},
            {"price": None, "weight": None},
            {"price": 0},
        )
        self.change(POT, price=18.5, weight=2)
        self.import_listings()
        own, inherited, free = self.get_listing(POT).item_ids.sorted("bc_id")
        self.assertEqual((own.price, own.weight), (1.2345, 0.5))
        self.assertEqual((own.upc, own.gtin, own.mpn), ("1", "2", "3"))
        self.assertEqual((inherited.price, inherited.weight), (18.5, 2))
        self.assertEqual(free.price, 0)
        self.assertEqual(
            [item.has_own_price for item in (own, inherited, free)],
            [True, False, True],
        )
        self.assertEqual(own.options, "Diameter: 6 in")

    def test_a_base_variant_has_no_price_of_its_own(self):
        mug = self.get_listing(MUG).item_ids
        self.assertEqual((mug.price, mug.has_own_price, mug.options), (12.5, False, ""))

    def test_options_are_told_in_the_order_of_the_store(self):
        self.assertIn(
            "Size: Small, Colour: Moss",
            self.get_listing(SHIRT).item_ids.mapped("options"),
        )

    def test_what_moves_by_itself_is_kept_and_is_no_work(self):
        self.instance.create_odoo_products = True
        self.import_listings()
        lines = len(self.get_lines("import_listings"))
        before = self.count_writes()
        self.change(
            MUG, total_sold=7, view_count=8, reviews_count=2, reviews_rating_sum=9
        )
        self.store.patch(f"{PRODUCTS}/{MUG}", date_modified="2026-11-11T11:11:11Z")
        self.import_listings()
        self.assertEqual(len(self.get_lines("import_listings")), lines)
        mug = self.get_listing(MUG)
        self.assertEqual(str(mug.date_modified), "2026-11-11 11:11:11")
        changed = {
            table: count - before.get(table, 0)
            for table, count in self.count_writes().items()
            if count != before.get(table, 0)
        }
        self.assertEqual(changed, {"bigcommerce_listing": 1})

    def test_levels_are_kept_without_work(self):
        self.instance.create_odoo_products = True
        self.import_listings()
        lines = len(self.get_lines("import_listings"))
        self.store.place_order(lines=[{"sku": "MUG-ENAMEL", "quantity": 3}])
        mug = self.get_listing(MUG)
        before = mug.inventory_level
        self.import_listings()
        self.assertEqual(mug.inventory_level, before - 3)
        self.assertEqual(mug.item_ids.inventory_level, before - 3)
        self.assertEqual(len(self.get_lines("import_listings")), lines)

    def test_what_an_export_has_written_is_compared_with_the_store_again(self):
        listing = self.get_listing(MUG)
        listing.write({"price": 99, "payload_digest": False})
        listing.item_ids.write({"price": 99, "payload_digest": False})
        self.import_listings()
        self.assertEqual((listing.price, listing.item_ids.price), (12.5, 12.5))


@tagged("post_install", "-at_install")
class TestWatermark(ListingsHereCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.env["bigcommerce.automatic.job"]._get_job(
            cls.instance, "import_listings"
        )

    def get_filters(self):
        """Return what the last scan of the products was narrowed to."""
        (*_before, request) = self.store.get_requests("^/v3/catalog/products$")
        return request["query"].get("date_modified:min")

    def test_there_is_an_automatic_job_and_it_is_off(self):
        self.assertFalse(self.job.active)
        self.assertEqual(
            (self.job.interval_number, self.job.interval_unit), (1, "days")
        )

    def test_the_first_automatic_run_reads_everything(self):
        self.assertFalse(self.job.watermark)
        self.change(PAN, name="Skillet")
        self.import_changes()
        self.assertFalse(self.get_filters())
        self.assertEqual(self.get_listing(PAN).name, "Skillet")
        self.assertTrue(self.job.watermark)

    def test_the_next_one_reads_what_has_changed_since(self):
        self.import_changes()
        self.change(PAN, name="Skillet")
        self.store.forget_requests()
        self.import_changes()
        self.assertTrue(self.get_filters())
        self.assertEqual(self.get_listing(PAN).name, "Skillet")

    def test_a_run_of_what_has_changed_takes_nothing_for_gone(self):
        self.import_changes()
        self.change(PAN, name="Skillet")
        self.import_changes()
        self.assertTrue(self.get_listing(MUG).active)
        self.assertEqual(
            self.env["bigcommerce.listing"].search_count(
                [("instance_id", "=", self.instance.id)]
            ),
            40,
        )

    def test_the_button_reads_everything_and_leaves_the_watermark(self):
        self.import_changes()
        watermark = self.job.watermark
        self.change(PAN, name="Skillet")
        self.store.forget_requests()
        self.instance.action_import_listings()
        self.drain()
        self.assertFalse(self.get_filters())
        self.assertEqual(self.get_listing(PAN).name, "Skillet")
        self.assertEqual(self.job.watermark, watermark)

    def test_the_watermark_never_goes_back(self):
        self.job.watermark = later = fields.Datetime.now() + timedelta(days=365)
        self.import_changes()
        self.assertEqual(self.job.watermark, later)

    def test_a_run_for_some_listings_leaves_the_watermark(self):
        self.import_listings(ids=[MUG])
        self.assertFalse(self.job.watermark)


@tagged("post_install", "-at_install")
class TestExcluded(ListingsHereCase):
    def test_a_listing_that_is_not_synchronised_still_says_what_the_store_does(self):
        listing = self.get_listing(MUG)
        listing.is_excluded = True
        self.change(MUG, price=13.5)
        self.import_listings()
        self.assertEqual((listing.price, listing.is_excluded), (13.5, True))

    def test_no_product_is_made_or_found_for_it(self):
        self.get_listing(MUG).is_excluded = True
        self.instance.create_odoo_products = True
        self.change(MUG, price=13.5)
        self.import_listings()
        self.assertFalse(self.get_listing(MUG).item_ids.product_id)
        self.assertTrue(self.get_listing(PAN).item_ids.product_id)

    def test_that_it_has_no_product_is_nobodys_problem(self):
        self.get_listing(MUG).is_excluded = True
        self.import_listings(ids=[MUG])
        self.assertEqual(self.get_line(MUG).state, "cancelled")
        self.assertEqual(self.get_line(PAN).state, "blocked")

    def test_that_one_mapped_by_hand_had_no_product_is_nobodys_problem(self):
        self.get_listing(MUG).product_id = self.make_product("MINE")
        self.import_listings()
        self.assertEqual(self.get_line(MUG).state, "cancelled")
        self.assertEqual(self.get_line(PAN).state, "blocked")


@tagged("post_install", "-at_install")
class TestPricesHandedOver(ListingCase):
    """New prices of the store go into the pricelist with the listing."""

    def get_prices(self):
        """Return what the pricelist's rules say, by SKU."""
        return {
            rule.product_id.default_code: rule.fixed_price
            for rule in self.instance.pricelist_id.item_ids
        }

    def test_prices_of_new_listings_and_of_variants_come_along(self):
        self.instance.create_odoo_products = True
        self.import_listings(ids=[MUG, POT])
        self.assertEqual(
            self.get_prices(),
            {"MUG-ENAMEL": 12.5, "POT-6": 12.0, "POT-9": 18.0, "POT-12": 27.5},
        )

    def test_a_price_comes_when_its_item_finds_a_product(self):
        self.import_listings(ids=[MUG])
        self.assertEqual(self.get_prices(), {})
        self.make_product("MUG-ENAMEL")
        self.import_listings(ids=[MUG])
        self.assertEqual(self.get_prices(), {"MUG-ENAMEL": 12.5})

    def test_what_did_not_change_in_the_store_leaves_the_pricelist(self):
        self.make_product("MUG-ENAMEL")
        self.import_listings(ids=[MUG])
        self.instance.pricelist_id.item_ids.fixed_price = 99
        self.store.patch(f"{PRODUCTS}/{MUG}", name="Tin mug")
        self.import_listings(ids=[MUG])
        self.assertEqual(self.get_prices(), {"MUG-ENAMEL": 99})
        self.change_variants(MUG, {"price": None})
        self.store.patch(f"{PRODUCTS}/{MUG}", price=13.5)
        self.import_listings(ids=[MUG])
        self.assertEqual(self.get_prices(), {"MUG-ENAMEL": 13.5})

    def test_a_price_that_cannot_be_taken_is_told_until_it_can(self):
        self.make_product("MUG-ENAMEL")
        pricelist = self.instance.pricelist_id
        self.instance.pricelist_id = False
        self.import_listings(ids=[MUG])
        self.assertEqual(self.get_line(MUG).cause_id.code, "no_pricelist")
        self.import_listings(ids=[MUG])
        self.assertEqual(self.get_line(MUG).cause_id.code, "no_pricelist")
        self.instance.pricelist_id = pricelist
        self.get_line(MUG).action_retry()
        self.drain()
        self.assertEqual(self.get_line(MUG).state, "done")
        self.assertEqual(self.get_prices(), {"MUG-ENAMEL": 12.5})
