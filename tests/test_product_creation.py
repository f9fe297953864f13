"""With *Create Odoo Products?* on, listings become products: exactly the store's."""

from odoo.tests import tagged

from .listing_case import (
    HOOD,
    LAMP_WITH_STRAY_SPACE,
    MUG,
    POT,
    SOAP_WITHOUT_SKU,
    ListingCase,
)

KNITTING_PATTERN = "127"
SHIRT = "130"


@tagged("post_install", "-at_install")
class TestProductCreation(ListingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.create_odoo_products = True

    def create_products(self, *bc_ids):
        """Import listings; return the products of their items."""
        self.import_listings(ids=list(bc_ids))
        for bc_id in bc_ids:
            self.assertEqual(self.get_line(bc_id).state, "done")
        listings = self.env["bigcommerce.listing"].search([("bc_id", "in", bc_ids)])
        return listings.item_ids.product_id

    def get_variants(self, bc_id):
        return self.store.control("GET", f"v3/catalog/products/{bc_id}/variants")

    def get_combinations(self, products):
        return {
            product.default_code: tuple(
                product.product_template_attribute_value_ids.sorted(
                    lambda value: value.attribute_id.name
                ).mapped("name")
            )
            for product in products
        }

    def test_products_are_shared_unless_they_are_kept_in_the_company(self):
        self.assertFalse(self.create_products(MUG).company_id)
        self.instance.keep_in_company = True
        for product in self.create_products(KNITTING_PATTERN, SHIRT):
            self.assertEqual(product.company_id, self.instance.company_id)

    def test_its_sales_price_is_on_odoos_side_of_the_tax(self):
        """Exported as it is, it is the store's again, or is not exported."""
        tax = self.instance.company_id.account_sale_tax_id
        self.instance.prices_include_tax = True
        for bc_id, percent, included, price in (
            ("101", 25, "tax_excluded", 10),
            ("102", 15, "tax_excluded", 42.6087),
            ("103", 15, "tax_included", 38.75),
        ):
            with self.subTest(percent=percent, included=included):
                tax.write({"amount": percent, "price_include_override": included})
                self.import_listings(ids=[bc_id])
                items = self.env["bigcommerce.listing.item"].search(
                    [("listing_id.bc_id", "=", bc_id)]
                )
                self.assertEqual(items.product_id.list_price, price)

    def test_a_simple_product_has_what_the_store_says(self):
        mug = self.create_products(MUG)
        self.assertEqual(mug.name, "Enamel mug")
        self.assertEqual(mug.default_code, "MUG-ENAMEL")
        self.assertEqual(mug.list_price, 12.5)
        self.assertEqual(mug.type, "consu")
        self.assertTrue(mug.is_storable)
        self.assertTrue(mug.sale_ok)
        self.assertFalse(mug.attribute_line_ids)

    def test_the_weight_is_in_the_unit_of_odoo(self):
        self.assertAlmostEqual(self.create_products(MUG).weight, 0.36, places=2)
        self.env["ir.config_parameter"].set_param("product.weight_in_lbs", "1")
        self.assertAlmostEqual(
            self.create_products(LAMP_WITH_STRAY_SPACE).weight, 4.4, places=2
        )

    def test_a_digital_product_is_not_shipped(self):
        pattern = self.create_products(KNITTING_PATTERN)
        self.assertEqual(pattern.type, "service")
        self.assertFalse(pattern.is_storable)

    def test_a_product_without_sku_has_no_internal_reference(self):
        soap = self.create_products(SOAP_WITHOUT_SKU)
        self.assertEqual(len(soap), 1)
        self.assertFalse(soap.default_code)
        self.import_listings(ids=[SOAP_WITHOUT_SKU])
        self.assertEqual(
            len(self.env["product.product"].search([("name", "=", soap.name)])), 1
        )

    def test_a_sku_loses_its_stray_spaces(self):
        lamp = self.create_products(LAMP_WITH_STRAY_SPACE)
        self.assertEqual(lamp.default_code, "LAMP-DESK")

    def test_variants_are_exactly_those_of_the_store(self):
        pots = self.create_products(POT)
        self.assertEqual(
            self.get_combinations(pots),
            {"POT-6": ("6 in",), "POT-9": ("9 in",), "POT-12": ("12 in",)},
        )
        template = pots.product_tmpl_id
        self.assertEqual(len(template), 1)
        self.assertEqual(template.product_variant_ids, pots)
        self.assertEqual(template.name, "Terracotta pot")

    def test_three_options_become_three_attributes(self):
        hoods = self.create_products(HOOD)
        self.assertEqual(len(hoods), 12)
        template = hoods.product_tmpl_id
        self.assertEqual(
            set(template.attribute_line_ids.attribute_id.mapped("name")),
            {"Size", "Colour", "Zip"},
        )
        self.assertEqual(
            self.get_combinations(hoods)["HOOD-M-CLA-ZIP"],
            ("Clay", "Medium", "With zip"),
        )

    def test_attributes_are_dynamic_so_that_odoo_adds_no_variant(self):
        template = self.create_products(HOOD).product_tmpl_id
        attributes = template.attribute_line_ids.attribute_id
        self.assertEqual(set(attributes.mapped("create_variant")), {"dynamic"})
        template.write({"name": "Renamed"})
        template._create_variant_ids()
        self.assertEqual(len(template.product_variant_ids), 12)

    def test_combinations_that_the_store_does_not_sell_are_not_made(self):
        variants = self.get_variants(HOOD)
        kept = [variants[0], variants[5], variants[11]]
        self.store.put(f"v3/catalog/products/{HOOD}/variants", kept)
        hoods = self.create_products(HOOD)
        self.assertEqual(
            set(hoods.mapped("default_code")), {variant["sku"] for variant in kept}
        )
        self.assertEqual(hoods.product_tmpl_id.product_variant_ids, hoods)

    def test_listings_with_the_same_options_share_their_attributes(self):
        shirts, hoods = self.create_products(SHIRT), self.create_products(HOOD)
        for name in ("Size", "Colour"):
            attributes = self.env["product.attribute"].search(
                [("name", "=", name), ("create_variant", "=", "dynamic")]
            )
            self.assertEqual(len(attributes), 1)
        values = (shirts | hoods).product_template_attribute_value_ids
        sizes = values.product_attribute_value_id.filtered(
            lambda value: value.attribute_id.name == "Size"
        )
        self.assertEqual(len(sizes), 3)

    def test_an_attribute_that_makes_every_combination_is_not_used(self):
        always = self.env["product.attribute"].create(
            {"name": "Size", "create_variant": "always"}
        )
        shirts = self.create_products(SHIRT)
        self.assertNotIn(always, shirts.attribute_line_ids.attribute_id)

    def test_a_variant_that_odoo_knows_keeps_its_product(self):
        mine = self.make_product("POT-9")
        pots = self.create_products(POT)
        self.assertEqual(len(pots), 3)
        self.assertIn(mine, pots)
        self.assertFalse(mine.attribute_line_ids)

    def test_a_variant_that_comes_later_becomes_a_product_of_its_own(self):
        variants = self.get_variants(POT)
        path = f"v3/catalog/products/{POT}/variants"
        self.store.put(path, variants[:2])
        first = self.create_products(POT)
        self.store.put(path, variants)
        later = self.create_products(POT) - first
        self.assertEqual(later.default_code, "POT-12")
        self.assertEqual(later.list_price, 27.5)
        self.assertEqual(first.product_tmpl_id.product_variant_ids, first)

    def test_variants_that_share_a_sku_share_a_product(self):
        self.change_variants(POT, {"sku": "POT"}, {"sku": "POT"}, {"sku": "POT"})
        pots = self.create_products(POT)
        self.assertEqual(pots.mapped("default_code"), ["POT"])
        self.assertEqual(len(self.get_listing(POT).item_ids), 3)

    def test_listings_that_share_a_sku_share_a_product(self):
        self.change_variants(LAMP_WITH_STRAY_SPACE, {"sku": "MUG-ENAMEL"})
        products = self.create_products(MUG, LAMP_WITH_STRAY_SPACE)
        self.assertEqual(products.mapped("default_code"), ["MUG-ENAMEL"])

    def test_a_sku_that_could_mean_several_products_makes_no_further_one(self):
        self.make_product("MUG-ENAMEL")
        self.make_product("MUG-ENAMEL")
        self.import_listings(ids=[MUG])
        self.assertEqual(self.get_line(MUG).cause_id.code, "ambiguous_sku")
        found = self.env["product.product"].search(
            [("default_code", "=", "MUG-ENAMEL")]
        )
        self.assertEqual(len(found), 2)

    def test_an_archived_product_or_another_case_makes_no_further_one(self):
        self.make_product("MUG-ENAMEL").action_archive()
        self.make_product("lamp-desk")
        self.import_listings(ids=[MUG, LAMP_WITH_STRAY_SPACE])
        self.assertEqual(self.get_line(MUG).cause_id.code, "archived_product")
        self.assertEqual(
            self.get_line(LAMP_WITH_STRAY_SPACE).cause_id.code, "sku_case_differs"
        )

    def test_nothing_is_created_while_the_option_is_off(self):
        self.instance.create_odoo_products = False
        before = self.env["product.product"].search_count([])
        self.import_listings()
        self.assertEqual(self.env["product.product"].search_count([]), before)

    def test_a_product_whose_options_lack_a_label_stops_no_other(self):
        variants = self.get_variants(POT)
        for variant in variants:
            variant["option_values"][0]["label"] = ""
        self.store.put(f"v3/catalog/products/{POT}/variants", variants)
        self.import_listings(ids=[POT, MUG])
        self.assertEqual(self.get_line(MUG).state, "done")

    def test_variants_of_which_one_lacks_an_option_stop_no_other(self):
        variants = self.get_variants(HOOD)
        variants[0]["option_values"] = variants[0]["option_values"][:2]
        self.store.put(f"v3/catalog/products/{HOOD}/variants", variants)
        self.import_listings(ids=[HOOD, MUG])
        self.assertEqual(self.get_line(MUG).state, "done")

    def test_labels_that_differ_in_case_only_are_different_values(self):
        variants = self.get_variants(POT)
        for variant, label in zip(variants, ("small", "Small", "SMALL"), strict=True):
            variant["option_values"][0]["label"] = label
        self.store.put(f"v3/catalog/products/{POT}/variants", variants)
        self.assertEqual(len(self.create_products(POT)), 3)

    def test_an_option_of_a_single_value_is_kept(self):
        self.store.put(
            f"v3/catalog/products/{POT}/variants", self.get_variants(POT)[:1]
        )
        pot = self.create_products(POT)
        self.assertEqual(self.get_combinations(pot), {"POT-6": ("6 in",)})
        self.assertEqual(pot.product_tmpl_id.product_variant_ids, pot)

    def test_a_variant_deleted_and_made_again_is_found_by_its_sku(self):
        pots = self.create_products(POT)
        variants = self.get_variants(POT)
        for variant in variants:
            variant["id"] += 50
        self.store.put(f"v3/catalog/products/{POT}/variants", variants)
        self.assertEqual(self.create_products(POT), pots)

    def test_prices_are_in_the_currency_of_the_company(self):
        self.store.patch("v2/store", currency="EUR")
        self.instance.action_confirm()
        self.assertAlmostEqual(self.create_products(MUG).list_price, 12.5 / 0.9, 2)

    def test_names_are_in_the_language_of_the_instance(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.instance.language_id = self.env["res.lang"]._lang_get("fr_FR")
        mug = self.create_products(MUG)
        self.assertEqual(mug.with_context(lang="fr_FR").name, "Enamel mug")
