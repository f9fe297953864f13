"""What Odoo says of a product, in the store's terms, and who may say it."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .product_export_case import ProductExportCase


@tagged("post_install", "-at_install")
class TestProductFields(ProductExportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.values = {
            "description": ("bigcommerce_description", "<p>Warm</p>", "description"),
            "cost_price": ("standard_price", 8, "cost_price"),
            "brand": ("bigcommerce_brand", "Hill", "brand_id"),
            "barcode": ("barcode", "012345678905", "upc"),
            "mpn": ("bigcommerce_mpn", "H-1", "mpn"),
            "dimensions": ("bigcommerce_width", 254, "width"),
        }

    def get_sheet(self, template):
        sheets = self.env["bigcommerce.product.sheets"]._prepare_sheets(
            self.instance, template
        )
        return sheets[template]

    def test_an_owner_decides_what_a_new_product_has(self):
        for owner, is_sent in (("odoo", True), ("created", True), ("store", False)):
            hat = self.make_product(f"Hat {owner}", f"HAT-{owner}")
            for field, (name, value, _there) in self.values.items():
                self.own(field, owner)
                if field != "barcode":
                    hat[name] = value
            # Each barcode is there once.
            hat.barcode = {"odoo": "012345678905", "created": "012345678912"}.get(
                owner, "012345678929"
            )
            self.own("categories", owner)
            self.export(hat)
            product = self.read_product(self.get_listing(hat))
            for field, (_name, _value, there) in self.values.items():
                with self.subTest(owner=owner, field=field):
                    self.assertEqual(bool(product[there]), is_sent)
            self.assertEqual(bool(product["categories"]), is_sent)
            self.assertEqual((product["name"], product["weight"] > 0), (hat.name, True))

    def test_an_owner_decides_what_is_changed(self):
        for owner, is_sent in (("odoo", True), ("created", False), ("store", False)):
            hat = self.make_product(f"Cap {owner}", f"CAP-{owner}")
            self.export(hat)
            listing = self.get_listing(hat)
            hat.default_code = f"NEW-{owner}"
            hat.weight = 3
            hat.bigcommerce_brand = "Other"
            for field in ("sku", "weight", "brand"):
                self.own(field, owner)
            before = self.read_product(listing)
            self.export(hat)
            after = self.read_product(listing)
            for name in ("sku", "weight", "brand_id"):
                with self.subTest(owner=owner, name=name):
                    self.assertEqual(after[name] != before[name], is_sent)

    def test_an_owner_decides_what_is_changed_of_what_others_see(self):
        """Name, categories, tax class and options, of a product with variants."""
        classes = self.env["bigcommerce.tax.class"].search(
            [("instance_id", "=", self.instance.id), ("bc_id", "!=", "0")], limit=1
        )
        classes.tax_ids = self.env["account.tax"].create({"name": "Low", "amount": 7})
        shirts = self.make_shirts()
        self.export(shirts)
        listing = self.get_listing(shirts)
        value = shirts.attribute_line_ids.value_ids[0]
        for number, owner in enumerate(("store", "created", "odoo")):
            for field in ("name", "categories", "tax_class", "options"):
                self.own(field, owner)
            place = self.env["product.category"].create({"name": f"Place {number}"})
            shirts.write(
                {
                    "name": f"Shirt {number}",
                    "taxes_id": classes.tax_ids.ids,
                    "categ_id": place.id,
                }
            )
            value.name = f"Tiny {number}"
            before = self.read_seen(listing)
            self.export(shirts)
            after = self.read_seen(listing)
            for name, there in before.items():
                with self.subTest(owner=owner, name=name):
                    self.assertEqual(after[name] != there, owner == "odoo")
        self.assertEqual(after["name"], "Shirt 2")
        self.assertEqual(after["tax_class_id"], int(classes.bc_id))
        self.assertIn("Tiny 2", after["labels"])
        self.assertEqual(len(after["categories"]), len(before["categories"]) + 1)

    def read_seen(self, listing):
        """Return what the store's customers see of a product."""
        product = self.read_product(listing)
        return {
            **{name: product[name] for name in ("name", "categories", "tax_class_id")},
            "labels": [
                value["label"]
                for variant in product["variants"]
                for value in variant["option_values"]
            ],
        }

    def test_a_barcode_is_a_upc_or_a_gtin_by_its_length(self):
        for barcode, expected in (
            ("96385074", ("", "96385074")),
            ("012345678905", ("012345678905", "")),
            ("4006381333931", ("", "4006381333931")),
            ("10012345678902", ("", "10012345678902")),
            ("123456789", ("", "")),
            ("ABCDEFGHIJKL", ("", "")),
            ("٠١٢٣٤٥٦٧٨٩٠٥", ("", "")),
        ):
            with self.subTest(barcode):
                self.hat.barcode = barcode
                (own,) = self.get_sheet(self.hat).variants
                self.assertEqual((own.upc, own.gtin), expected)

    def test_a_description_is_the_stores_else_the_customers(self):
        self.hat.description_sale = "Warm.\nSoft."
        self.assertIn("Warm.<br", self.get_sheet(self.hat).description)
        self.hat.bigcommerce_description = "<p>Of wool</p>"
        self.assertEqual(self.get_sheet(self.hat).description, "<p>Of wool</p>")
        self.hat.write({"bigcommerce_description": "<p><br></p>"})
        self.hat.description_sale = False
        self.assertEqual(self.get_sheet(self.hat).description, "")

    def test_names_are_in_the_stores_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.hat.with_context(lang="fr_FR").name = "Chapeau"
        self.instance.language_id = self.env["res.lang"]._lang_get("fr_FR")
        self.assertEqual(self.get_sheet(self.hat).name, "Chapeau")

    def test_a_html_that_is_written_otherwise_is_the_same(self):
        self.hat.bigcommerce_description = "<p>Warm</p><p>Soft</p>"
        self.export(self.hat)
        listing = self.get_listing(self.hat)
        self.change_there(listing, description="<p>Warm</p>\n<p>Soft</p>\n")
        self.store.forget_requests()
        self.export(self.hat)
        self.assertFalse(self.get_sent())
        self.change_there(listing, description="<p>Wa rm</p><p>Soft</p>")
        self.export(self.hat)
        self.assertTrue(self.get_sent())

    def test_what_a_description_shows_of_odoos_site_is_found_from_elsewhere(self):
        self.hat.bigcommerce_description = '<p>Warm<img src="/web/image/1"></p>'
        site = self.env["ir.config_parameter"].get_param("web.base.url")
        self.assertIn(f'src="{site}/web/image/1"', self.get_sheet(self.hat).description)

    def test_a_tax_class_is_that_of_the_products_taxes(self):
        tax = self.env["account.tax"].create({"name": "Reduced", "amount": 7})
        tax_class = self.env["bigcommerce.tax.class"].search(
            [("instance_id", "=", self.instance.id), ("bc_id", "!=", "0")], limit=1
        )
        tax_class.tax_ids = tax
        self.hat.taxes_id = tax
        self.assertEqual(self.get_sheet(self.hat).tax_class_id, tax_class.bc_id)
        self.hat.taxes_id = False
        self.assertEqual(self.get_sheet(self.hat).tax_class_id, "")

    def test_lengths_are_converted_and_unknown_units_send_none(self):
        dimensions = self.env["bigcommerce.dimensions"]
        for unit, expected in (("Inches", 10), ("Centimeters", 25.4), (False, None)):
            self.instance.dimension_unit = unit
            found = dimensions._to_store(self.instance, 254)
            self.assertEqual(found and float(found), expected)
        self.env["ir.config_parameter"].set_param("product.volume_in_cubic_feet", "1")
        self.instance.dimension_unit = "Inches"
        self.assertEqual(float(dimensions._to_store(self.instance, 2)), 24)

    def test_attributes_without_variants_are_no_options(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Engraving",
                "create_variant": "no_variant",
                "value_ids": [
                    Command.create({"name": "Yes"}),
                    Command.create({"name": "No"}),
                ],
            }
        )
        self.hat.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]
        (own,) = self.get_sheet(self.hat).variants
        self.assertEqual(own.options, ())

    def test_categories_have_up_to_50_characters_and_8_levels(self):
        places = self.env["bigcommerce.category.creation"]

        def find(category):
            return places._find_problem(self.instance, category.ids)

        category = self.env["product.category"].create({"name": "x" * 50})
        self.assertFalse(find(category))
        category.name = "x" * 51
        self.assertIn("50 characters", find(category).message)
        category.name = "1"
        for level in range(2, 9):
            category = category.create({"name": str(level), "parent_id": category.id})
        self.assertFalse(find(category))
        category = category.create({"name": "9", "parent_id": category.id})
        self.assertIn("9 levels", find(category).message)
        self.instance.product_category_id = category.parent_id.parent_id
        self.assertFalse(find(category))

    def test_names_that_look_like_patterns_match_themselves_only(self):
        self.run_operation(self.instance, "import_listings", full=True)
        sheets = self.env["bigcommerce.product.sheets"]
        for name in ("Enamel%", "Enamel_mug", "Enamel\\mug"):
            with self.subTest(name):
                self.hat.name = name
                sheet = self.get_sheet(self.hat)
                clashes = sheets._find_clashes(self.instance, [sheet], {})
                self.assertEqual(clashes, {self.hat.id: {}})
        self.hat.name = "ENAMEL mug"
        sheet = self.get_sheet(self.hat)
        clashes = sheets._find_clashes(self.instance, [sheet], {})
        self.assertEqual([*clashes[self.hat.id]], ["name"])

    def test_a_product_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.hat.company_id = other
        wizard = self.env["bigcommerce.operations"].create(
            {
                "instance_ids": self.instance.ids,
                "direction": "export",
                "export_operation": "export_products",
                "template_ids": self.hat.ids,
            }
        )
        with self.assertRaisesRegex(UserError, "another company"):
            wizard.action_process()
