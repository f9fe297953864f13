"""Listings come in once and stay in step; their items find products by SKU."""

from odoo.tests import tagged

from .listing_case import (
    LAMP_WITH_STRAY_SPACE,
    MUG,
    PAN,
    POT,
    SOAP_WITHOUT_SKU,
    ListingCase,
)


@tagged("post_install", "-at_install")
class TestListings(ListingCase):
    def test_every_product_and_variant_has_a_record(self):
        self.import_listings()
        self.assertEqual(self.env["bigcommerce.listing"].search_count([]), 40)
        variants = sum(
            len(self.store.control("GET", f"v3/catalog/products/{number}/variants"))
            for number in range(101, 141)
        )
        self.assertEqual(
            self.env["bigcommerce.listing.item"].search_count([]), variants
        )

    def test_a_listing_says_what_the_store_does(self):
        self.import_listings()
        mug = self.get_listing(MUG)
        self.assertEqual(mug.name, "Enamel mug")
        self.assertEqual(mug.sku, "MUG-ENAMEL")
        self.assertEqual(mug.type, "physical")
        self.assertEqual(mug.price, 12.5)
        self.assertEqual(mug.weight, 0.8)
        self.assertEqual(mug.inventory_tracking, "product")
        self.assertEqual(mug.brand_id.name, "Hearth & Co")
        self.assertEqual(mug.category_ids.mapped("name"), ["Kitchen"])
        self.assertTrue(mug.image_url)
        self.assertTrue(mug.is_visible)
        self.assertEqual(mug.item_ids.upc, "012345678905")
        self.assertEqual(
            mug.admin_url, "https://control.example.com/manage/products/edit/101"
        )
        self.assertFalse(self.get_listing("105").image_url)

    def test_categories_and_brands_are_there_even_right_after_confirm(self):
        self.instance.unlink()
        instance = self.create_instance(create_odoo_products=False)
        instance.action_confirm()
        self.run_operation(instance, "import_listings")
        mug = self.env["bigcommerce.listing"].search([("bc_id", "=", MUG)])
        self.assertEqual(mug.brand_id.name, "Hearth & Co")
        self.assertEqual(mug.category_ids.mapped("name"), ["Kitchen"])

    def test_items_have_their_own_price_or_the_listings(self):
        self.import_listings()
        pot = self.get_listing(POT)
        self.assertEqual(
            {item.sku: item.price for item in pot.item_ids},
            {"POT-6": 12.0, "POT-9": 18.0, "POT-12": 27.5},
        )
        self.assertIn("6 in", pot.item_ids.sorted("bc_id")[0].name)

    def test_an_empty_catalogue_is_no_problem(self):
        self.store.delete("v3/catalog/products")
        job = self.import_listings()
        self.assertEqual(job.state, "done")
        self.assertFalse(self.env["bigcommerce.listing"].search([]))

    def test_only_the_listings_asked_for(self):
        self.import_listings(ids=[MUG, PAN])
        self.assertEqual(
            set(self.env["bigcommerce.listing"].search([]).mapped("bc_id")), {MUG, PAN}
        )

    def test_a_variant_that_is_gone_is_archived_and_may_come_back(self):
        self.import_listings()
        path = f"v3/catalog/products/{POT}/variants"
        variants = self.store.control("GET", path)
        items = self.get_listing(POT).item_ids
        self.store.put(path, variants[:2])
        self.import_listings()
        self.assertEqual(
            items.mapped("active"),
            [item.bc_id != str(variants[2]["id"]) for item in items],
        )
        self.store.put(path, variants)
        self.import_listings()
        self.assertEqual(items.mapped("active"), [True] * 3)

    def test_a_product_without_variants_is_no_problem(self):
        product = self.store.control("GET", f"v3/catalog/products/{MUG}")
        answer = {"data": [{**product, "variants": []}], "meta": {}}
        self.store.fault("^/v3/catalog/products$", status=200, body=answer)
        self.import_listings(ids=[MUG])
        self.assertEqual(self.get_line(MUG).state, "done")
        self.assertFalse(self.get_listing(MUG).item_ids)

    def test_one_unreadable_product_does_not_stop_the_others(self):
        self.make_product("SKILLET-10")
        self.store.patch(f"v3/catalog/products/{MUG}", price="a lot")
        self.import_listings(ids=[MUG, PAN])
        self.assertEqual(self.get_line(MUG).cause_id.code, "unreadable")
        self.assertEqual(self.get_line(PAN).state, "done")


@tagged("post_install", "-at_install")
class TestSecondImport(ListingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.create_odoo_products = True
        cls.run_operation(cls.instance, "import_listings")

    def count_lines(self):
        return len(self.get_lines("import_listings"))

    def test_it_changes_nothing(self):
        for option in ("update_categories", "sync_listing_images"):
            self.instance[option] = True
        # Pictures at addresses that do not answer are tried once, and noted.
        self.import_listings()
        before, lines = self.count_writes(), self.count_lines()
        job = self.import_listings()
        self.assertEqual(job.state, "done")
        self.assertEqual(self.count_writes(), before)
        self.assertEqual(self.count_lines(), lines)

    def test_only_what_changed_there_is_done_again(self):
        lines = self.count_lines()
        path = f"v3/catalog/products/{MUG}/variants"
        (variant,) = self.store.control("GET", path)
        self.store.put(path, [variant | {"price": None}])
        self.store.patch(f"v3/catalog/products/{MUG}", price=13.5)
        self.import_listings()
        self.assertEqual(self.count_lines(), lines + 1)
        self.assertEqual(self.get_listing(MUG).price, 13.5)
        self.assertEqual(self.get_listing(MUG).item_ids.price, 13.5)

    def test_the_product_in_odoo_stays_as_people_made_it(self):
        product = self.get_listing(MUG).item_ids.product_id
        product.write({"name": "My mug", "list_price": 99, "default_code": "MINE"})
        self.store.patch(f"v3/catalog/products/{MUG}", price=13.5, name="Their mug")
        self.import_listings()
        self.assertEqual(self.get_listing(MUG).name, "Their mug")
        self.assertEqual(product.name, "My mug")
        self.assertEqual(product.list_price, 99)
        self.assertEqual(product.default_code, "MINE")

    def test_a_mapping_made_by_hand_stays(self):
        item = self.get_listing(MUG).item_ids
        mine = self.make_product("SOMETHING-ELSE")
        item.product_id = mine
        self.store.patch(f"v3/catalog/products/{MUG}", price=13.5)
        self.import_listings()
        self.assertEqual(item.product_id, mine)

    def test_an_archived_listing_that_is_still_there_comes_back(self):
        listing = self.get_listing(MUG)
        listing.action_archive()
        self.import_listings()
        self.assertTrue(listing.active)


@tagged("post_install", "-at_install")
class TestSkuMatching(ListingCase):
    """Exact after trimming, or blocked with a hint; never a guess."""

    def import_mug(self):
        """Import the listing with the SKU MUG-ENAMEL; return its item."""
        self.import_listings(ids=[MUG])
        return self.get_listing(MUG).item_ids

    def assertMapped(self, product):
        self.assertEqual(self.import_mug().product_id, product)
        self.assertEqual(self.get_line(MUG).state, "done")
        self.assertFalse(self.get_listing(MUG).item_ids.mapping_problem)
        self.assertEqual(self.get_listing(MUG).mapping_state, "mapped")

    def assertBlocked(self, cause, *words):
        item = self.import_mug()
        self.assertFalse(item.product_id)
        line = self.get_line(MUG)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", cause))
        self.assertEqual(item.mapping_problem, line.message)
        for word in words:
            self.assertIn(word, line.message)

    def test_the_product_with_the_same_sku_is_mapped(self):
        self.make_product("MUG-ENAMEL-2")
        self.assertMapped(self.make_product("MUG-ENAMEL"))

    def test_stray_spaces_in_odoo_do_not_matter(self):
        self.assertMapped(self.make_product(" MUG-ENAMEL "))

    def test_stray_spaces_in_the_store_do_not_matter(self):
        lamp = self.make_product("LAMP-DESK")
        self.import_listings(ids=[LAMP_WITH_STRAY_SPACE])
        item = self.get_listing(LAMP_WITH_STRAY_SPACE).item_ids
        self.assertEqual(item.product_id, lamp)

    def test_letters_beyond_ascii_are_letters(self):
        path = f"v3/catalog/products/{MUG}/variants"
        (variant,) = self.store.control("GET", path)
        for sku in ("TÄSSE-Ö", "КРУЖКА-1", "İSTANBUL-1", "STRASSE-ẞ"):
            with self.subTest(sku=sku):
                self.store.put(path, [{**variant, "sku": sku}])
                product = self.make_product(sku)
                self.assertMapped(product)
                self.get_listing(MUG).unlink()

    def test_a_pattern_is_no_sku(self):
        path = f"v3/catalog/products/{MUG}/variants"
        (variant,) = self.store.control("GET", path)
        self.store.put(path, [{**variant, "sku": "MUG%"}])
        self.make_product("MUG-ENAMEL")
        self.assertBlocked("unknown_sku", "MUG%")

    def test_a_sku_that_no_product_has_is_blocked(self):
        self.make_product("MUG")
        self.make_product(False)
        self.assertBlocked("unknown_sku", "MUG-ENAMEL")

    def test_an_empty_sku_matches_nothing(self):
        self.make_product(False)
        self.make_product("")
        self.make_product(" ")
        self.import_listings(ids=[SOAP_WITHOUT_SKU])
        item = self.get_listing(SOAP_WITHOUT_SKU).item_ids
        self.assertFalse(item.product_id)
        self.assertEqual(self.get_line(SOAP_WITHOUT_SKU).cause_id.code, "missing_sku")

    def test_several_products_with_the_sku_are_blocked(self):
        self.make_product("MUG-ENAMEL")
        self.make_product("MUG-ENAMEL")
        self.assertBlocked("ambiguous_sku", "2", "MUG-ENAMEL")

    def test_a_product_that_differs_in_case_is_blocked_with_a_hint(self):
        self.make_product("Mug-Enamel")
        self.assertBlocked("sku_case_differs", "MUG-ENAMEL", "Mug-Enamel")

    def test_the_exact_one_among_products_that_differ_in_case_is_mapped(self):
        self.make_product("Mug-Enamel")
        self.assertMapped(self.make_product("MUG-ENAMEL"))

    def test_an_archived_product_is_blocked_with_a_hint(self):
        self.make_product("MUG-ENAMEL").action_archive()
        self.assertBlocked("archived_product", "MUG-ENAMEL", "archive")

    def test_an_archived_template_is_blocked_with_a_hint(self):
        self.make_product("MUG-ENAMEL").product_tmpl_id.active = False
        self.assertBlocked("archived_product")

    def test_an_archived_product_is_no_rival_of_an_active_one(self):
        self.make_product("MUG-ENAMEL").action_archive()
        self.assertMapped(self.make_product("MUG-ENAMEL"))

    def test_a_product_of_the_company_is_mapped(self):
        self.assertMapped(
            self.make_product("MUG-ENAMEL", company_id=self.env.company.id)
        )

    def test_a_product_of_another_company_does_not_count(self):
        company = self.env["res.company"].create({"name": "Second"})
        self.make_product("MUG-ENAMEL", company_id=company.id)
        self.assertBlocked("unknown_sku")

    def test_a_product_of_another_company_is_no_rival(self):
        company = self.env["res.company"].create({"name": "Second"})
        self.make_product("MUG-ENAMEL", company_id=company.id)
        self.assertMapped(self.make_product("MUG-ENAMEL"))

    def test_one_item_that_is_not_mapped_does_not_keep_the_others_from_it(self):
        product = self.make_product("POT-9")
        self.import_listings(ids=[POT])
        listing = self.get_listing(POT)
        self.assertEqual(listing.mapping_state, "partly")
        self.assertEqual(listing.item_ids.product_id, product)
        self.assertEqual(listing.product_tmpl_id, product.product_tmpl_id)

    def test_two_items_may_stand_for_the_same_product(self):
        path = f"v3/catalog/products/{PAN}/variants"
        (variant,) = self.store.control("GET", path)
        self.store.put(path, [{**variant, "sku": "MUG-ENAMEL"}])
        product = self.make_product("MUG-ENAMEL")
        self.import_listings(ids=[MUG, PAN])
        self.assertEqual(self.get_listing(MUG).item_ids.product_id, product)
        self.assertEqual(self.get_listing(PAN).item_ids.product_id, product)

    def test_once_the_product_is_there_retry_maps_it(self):
        self.assertBlocked("unknown_sku")
        product = self.make_product("MUG-ENAMEL")
        self.get_line(MUG).action_retry()
        self.drain()
        self.assertEqual(self.get_listing(MUG).item_ids.product_id, product)
        self.assertEqual(self.get_line(MUG).state, "done")

    def test_once_the_product_is_there_the_next_import_maps_it(self):
        self.assertBlocked("unknown_sku")
        self.assertMapped(self.make_product("MUG-ENAMEL"))

    def test_a_listing_mapped_by_hand_meanwhile_is_settled(self):
        self.assertBlocked("unknown_sku")
        self.get_listing(MUG).item_ids.product_id = self.make_product("MINE")
        self.get_line(MUG).action_retry()
        self.drain()
        self.assertEqual(self.get_line(MUG).state, "done")
        self.assertFalse(self.get_listing(MUG).item_ids.mapping_problem)

    def test_an_item_mapped_by_hand_says_no_longer_that_it_is_not(self):
        self.assertBlocked("unknown_sku")
        item = self.get_listing(MUG).item_ids
        item.product_id = self.make_product("MINE")
        self.assertFalse(item.mapping_problem)
