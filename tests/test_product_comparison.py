"""What an export does to a product that the store has: variants, options, places."""

import itertools

from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..client.payloads.product import Product
from ..sync.option_renames import Rename, arrange_renames
from .product_export_case import ProductExportCase


class ComparisonCase(ProductExportCase):
    def get_sheet(self, template):
        # As an export reads products, archived ones too.
        template = template.with_context(active_test=False)
        return self.env["bigcommerce.product.sheets"]._prepare_sheets(
            self.instance, template
        )[template]

    def compare(self, listing, template=None, **there):
        """Return the change of a listing, as the store has it but for ``there``."""
        raw = {**self.read_product(listing), **there}
        sheet = self.get_sheet(template) if template else None
        product = Product.parse(raw)
        comparison = self.env["bigcommerce.product.comparison"]
        references = comparison._find_references(
            self.instance, [sheet] if sheet else [], [product]
        )
        return comparison._compare(
            self.instance, listing, sheet, product, {}, references
        )

    def make_attribute(self, name, labels, **vals):
        return self.env["product.attribute"].create(
            {
                "name": name,
                "value_ids": [Command.create({"name": label}) for label in labels],
                **vals,
            }
        )

    def add_attribute(self, template, attribute):
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]

    def read_labels(self, listing):
        """Return what the store's customers choose of, by SKU."""
        return {
            own["sku"]: {
                value["option_display_name"]: value["label"]
                for value in own["option_values"]
            }
            for own in self.read_product(listing)["variants"]
        }


@tagged("post_install", "-at_install")
class TestVariantsOfNewProducts(ComparisonCase):
    def test_an_archived_variant_is_not_made(self):
        shirts = self.make_shirts(("S", "M", "L"))
        shirts.product_variant_ids[0].active = False
        self.assertEqual(len(self.get_sheet(shirts).variants), 2)
        self.export(shirts)
        labels = self.read_labels(self.get_listing(shirts))
        self.assertEqual(set(labels), {"LINEN-M", "LINEN-L"})

    def test_an_archived_product_keeps_its_variants(self):
        shirts = self.make_shirts()
        shirts.active = False
        sheet = self.get_sheet(shirts)
        self.assertEqual((sheet.is_active, len(sheet.variants)), (False, 2))

    def test_an_attribute_of_one_value_is_no_option(self):
        shirts = self.make_shirts()
        self.add_attribute(shirts, self.make_attribute("Fabric", ["Linen"]))
        self.export(shirts)
        labels = self.read_labels(self.get_listing(shirts))
        self.assertEqual(labels["LINEN-S"], {"Size": "S"})
        self.store.forget_requests()
        self.export(shirts)
        self.assertFalse(self.get_sent())


@tagged("post_install", "-at_install")
class TestVariantsOfListings(ComparisonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shirts = cls.make_shirts(("S", "M", "L"))

    def setUp(self):
        super().setUp()
        self.run_operation(self.instance, "export_products", templates=self.shirts.ids)
        self.listing = self.get_listing(self.shirts)
        self.values = self.shirts.attribute_line_ids.value_ids
        self.store.forget_requests()

    def test_a_variant_archived_before_it_was_exported_is_not_added(self):
        new = self.env["product.attribute.value"].create(
            {"name": "XL", "attribute_id": self.values.attribute_id.id}
        )
        self.shirts.attribute_line_ids.value_ids |= new
        product = self.shirts.product_variant_ids.filtered(
            lambda own: not own.default_code
        )
        product.write({"default_code": "LINEN-XL", "active": False})
        self.assertTrue(self.compare(self.listing, self.shirts).is_empty)

    def test_what_is_archived_is_not_kept_in_step(self):
        small = self.shirts.product_variant_ids[0]
        small.write({"weight": 7, "active": False})
        change = self.compare(self.listing, self.shirts)
        (fields,) = change.variant_fields.values()
        self.assertEqual(fields, {"purchasing_disabled": True})

    def test_values_that_swap_their_names_do_so_in_the_store(self):
        small, medium, _large = self.values
        small.name = "?"
        medium.name, small.name = "S", "M"
        job = self.export(self.shirts)
        self.assertEqual((job.done_count, job.blocked_count), (1, 0), job.line_ids)
        labels = self.read_labels(self.listing)
        self.assertEqual(
            {sku: own["Size"] for sku, own in labels.items()},
            {"LINEN-S": "M", "LINEN-M": "S", "LINEN-L": "L"},
        )

    def test_values_that_follow_one_another_do_so_in_the_store(self):
        for value, name in zip(reversed(self.values), ("XL", "L", "M"), strict=True):
            value.name = name
        job = self.export(self.shirts)
        self.assertEqual((job.done_count, job.blocked_count), (1, 0), job.line_ids)
        labels = self.read_labels(self.listing)
        self.assertEqual(
            {sku: own["Size"] for sku, own in labels.items()},
            {"LINEN-S": "M", "LINEN-M": "L", "LINEN-L": "XL"},
        )

    def test_an_attribute_and_its_values_are_renamed_at_once(self):
        self.values.attribute_id.name = "Fit"
        for value, name in zip(self.values, ("Slim", "Loose", "Wide"), strict=True):
            value.name = name
        job = self.export(self.shirts)
        self.assertEqual((job.done_count, job.blocked_count), (1, 0), job.line_ids)
        self.assertEqual(
            self.read_labels(self.listing),
            {
                "LINEN-S": {"Fit": "Slim"},
                "LINEN-M": {"Fit": "Loose"},
                "LINEN-L": {"Fit": "Wide"},
            },
        )

    def test_a_variant_that_returns_is_the_one_that_was_taken_off_sale(self):
        product = self.shirts.product_variant_ids[0]
        item, sku = product.bigcommerce_item_ids, product.default_code
        value = product.product_template_attribute_value_ids
        value = value.product_attribute_value_id
        lines = self.shirts.attribute_line_ids
        product.unlink()
        lines.value_ids -= value
        self.export(listings=[self.listing.bc_id])
        lines.value_ids |= value
        new = self.shirts.product_variant_ids.filtered(lambda own: not own.default_code)
        new.default_code = sku
        for _again in range(2):
            self.export(listings=[self.listing.bc_id])
        self.assertEqual(item.product_id, new)
        variants = self.read_product(self.listing)["variants"]
        self.assertEqual(len(variants), 3)
        self.assertFalse(any(own["purchasing_disabled"] for own in variants))

    def test_names_of_the_store_stay_if_they_are_not_odoos(self):
        self.own("options", "created")
        self.values[0].name = "Tiny"
        change = self.compare(self.listing, self.shirts)
        self.assertTrue(change.is_empty)
        (field,) = change.fields
        self.assertEqual((field.there, field.here), ("S", "Tiny"))
        self.assertTrue(field.reason)

    def test_an_option_is_not_taken_for_an_attribute_that_it_is_not(self):
        """The store tells of a fabric, Odoo of a season; neither varies."""
        self.add_attribute(self.shirts, self.make_attribute("Season", ["Summer"]))
        raw = self.read_product(self.listing)
        for variant in raw["variants"]:
            variant["option_values"].append(
                {
                    "id": 9,
                    "option_id": 9,
                    "option_display_name": "Fabric",
                    "label": "Linen",
                }
            )
        change = self.compare(self.listing, self.shirts, variants=raw["variants"])
        self.assertFalse(change.problem)
        self.assertFalse(change.renames)

    def test_attributes_of_which_two_are_renamed_are_asked_about(self):
        self.add_attribute(self.shirts, self.make_attribute("Cut", ["Slim", "Wide"]))
        change = self.compare(self.listing, self.shirts)
        self.assertEqual(change.problem.cause, "options_differ")

    def test_variants_that_stand_for_one_product_keep_their_skus_and_names(self):
        small, medium, _large = self.listing.item_ids.sorted("bc_id")
        medium.product_id.unlink()
        medium.product_id = small.product_id
        small.product_id.weight = 3
        before = self.read_labels(self.listing)
        job = self.export(listings=[self.listing.bc_id])
        self.assertEqual((job.done_count, job.blocked_count), (1, 0), job.line_ids)
        self.assertEqual(self.read_labels(self.listing), before)
        (changes,) = self.get_sent()
        self.assertEqual(
            {str(own["id"]): {*own} for own in changes},
            {item.bc_id: {"id", "weight"} for item in small | medium},
        )

    def test_listings_that_stand_for_one_product_keep_their_names_and_skus(self):
        hats = self.hat | self.make_product("Beret", "BERET")
        self.export(hats)
        first, second = self.get_listing(hats).sorted("bc_id")
        second.item_ids.product_id = first.item_ids.product_id
        template = first._get_template()
        template.weight = 3
        self.store.forget_requests()
        job = self.export(template)
        self.assertEqual((job.done_count, job.blocked_count), (2, 0), job.line_ids)
        (changes,) = self.get_sent()
        self.assertEqual([{*own} for own in changes], 2 * [{"id", "weight"}])
        change = self.compare(second, template)
        self.assertEqual(
            {field.label: field.is_sent for field in change.fields},
            {"Name": False, "SKU": False},
        )
        self.assertIn("Several", change.fields[0].reason)

    def test_a_variant_that_another_listing_has_is_not_added(self):
        self.export(self.hat)
        other = self.get_listing(self.hat).item_ids
        item = self.listing.item_ids[0]
        other.product_id = item.product_id
        item.product_id = False
        change = self.compare(self.listing, self.shirts)
        self.assertFalse(change.new_variants)

    def test_values_that_would_be_called_the_same_are_asked_about(self):
        """A value that Odoo's product does not have any more keeps its name there."""
        small, medium, _large = self.values
        self.shirts.product_variant_ids.filtered(
            lambda own: own.default_code == "LINEN-S"
        ).active = False
        small.name = "?"
        medium.name = "S"
        job = self.export(self.shirts)
        self.assertEqual(job.line_ids.cause_id.code, "not_sendable")
        self.assertIn("“Size” would be called “S”", job.line_ids.message)
        self.assertFalse(self.get_sent())

    def test_options_that_are_not_odoos_stop_nothing(self):
        self.own("options", "store")
        self.add_attribute(self.shirts, self.make_attribute("Cut", ["Slim"]))
        self.values.attribute_id.name = "Fit"
        self.shirts.attribute_line_ids[1].attribute_id.name = "Size"
        self.shirts.product_variant_ids[0].weight = 3
        job = self.export(self.shirts)
        self.assertEqual((job.done_count, job.blocked_count), (1, 0), job.line_ids)
        (changes,) = self.get_sent()
        self.assertEqual([{*own} for own in changes], [{"id", "weight"}])

    def test_a_listing_of_several_products_is_left_alone(self):
        item = self.listing.item_ids[0]
        item.product_id = self.hat.product_variant_id
        self.assertFalse(self.listing._get_template())
        change = self.compare(self.listing)
        self.assertTrue(change.is_empty)
        self.assertFalse(change.problem)

    def test_a_variant_of_the_store_that_odoo_does_not_have_stays(self):
        self.listing.item_ids[0].product_id = False
        self.shirts.product_variant_ids[0].active = False
        self.assertTrue(self.compare(self.listing, self.shirts).is_empty)


@tagged("post_install", "-at_install")
class TestVariantsOfTwoOptions(ComparisonCase):
    def test_a_new_variant_has_the_values_that_the_store_calls_otherwise(self):
        shirts = self.make_shirts()
        self.add_attribute(shirts, self.make_attribute("Colour", ["Red", "Blue"]))
        for number, product in enumerate(shirts.product_variant_ids):
            product.default_code = f"SHIRT-{number}"
        last = shirts.product_variant_ids[-1]
        last.active = False
        self.export(shirts)
        listing = self.get_listing(shirts)
        self.assertEqual(len(listing.item_ids), 3)
        self.own("options", "created")
        shirts.attribute_line_ids[0].value_ids[0].name = "Small"
        shirts.attribute_line_ids[0].value_ids[1].name = "Medium"
        last.active = True
        job = self.export(shirts)
        self.assertEqual((job.done_count, job.blocked_count), (1, 0), job.line_ids)
        labels = self.read_labels(listing)
        self.assertEqual(len(labels), 4)
        self.assertEqual({own["Size"] for own in labels.values()}, {"S", "M"})


@tagged("post_install", "-at_install")
class TestPlacesOfListings(ComparisonCase):
    def setUp(self):
        super().setUp()
        self.run_operation(self.instance, "export_products", templates=self.hat.ids)
        self.listing = self.get_listing(self.hat)
        self.store.forget_requests()

    def test_a_category_that_the_store_cannot_have_stops_only_what_goes_there(self):
        self.hat.categ_id = self.env["product.category"].create({"name": "x" * 51})
        self.hat.default_code = "OTHER"
        job = self.export(self.hat)
        self.assertEqual(job.line_ids.cause_id.code, "not_sendable")
        self.own("categories", "created")
        job = self.export(self.hat)
        self.assertEqual((job.done_count, job.blocked_count), (1, 0), job.line_ids)
        self.assertEqual(self.read_product(self.listing)["sku"], "OTHER")

    def test_a_category_below_one_that_the_store_has_needs_none_above(self):
        top = self.env["product.category"].create({"name": "Unheard of"})
        self.category.parent_id = top
        self.hat.categ_id = self.env["product.category"].create(
            {"name": "Felt", "parent_id": self.category.id}
        )
        self.export(self.hat)
        made = self.env["bigcommerce.category"].search(
            [("instance_id", "=", self.instance.id), ("name", "=", "Felt")]
        )
        self.assertEqual(made.parent_id.name, "Headgear")
        self.assertFalse(
            self.env["bigcommerce.category"].search([("name", "=", top.name)])
        )

    def test_the_category_below_which_the_stores_are_kept_is_none_of_them(self):
        self.instance.product_category_id = self.category
        beret = self.make_product("Beret", "BERET")
        self.export(beret)
        listing = self.get_listing(beret)
        self.assertFalse(self.read_product(listing)["categories"])
        self.assertTrue(self.compare(listing, beret).is_empty)

    def test_a_product_stays_in_categories_that_odoo_does_not_know(self):
        there = self.read_product(self.listing)["categories"]
        change = self.compare(self.listing, self.hat, categories=[*there, 99])
        self.assertTrue(change.is_empty)
        change = self.compare(self.listing, self.hat, categories=[99])
        self.assertEqual(change.product_fields, {"categories": [99, *there]})


@tagged("post_install", "-at_install")
class TestAmountsOfListings(ComparisonCase):
    def setUp(self):
        super().setUp()
        self.run_operation(self.instance, "export_products", templates=self.hat.ids)
        self.listing = self.get_listing(self.hat)

    def test_weights_are_equal_as_far_as_odoo_knows(self):
        for unit, there, is_equal in (
            ("KGS", 0.5, True),
            ("KGS", 0.5004, True),
            ("KGS", 0.51, False),
            ("LBS", 1.1023, True),
            ("LBS", 0.5, False),
            ("Ounces", 17.637, True),
            ("Ounces", 0.5, False),
            (False, 99, True),
        ):
            with self.subTest(unit=unit, there=there):
                self.instance.weight_unit = unit
                change = self.compare_base(weight=there)
                self.assertEqual("weight" not in change.product_fields, is_equal)

    def test_lengths_are_equal_as_far_as_odoo_knows(self):
        self.hat.bigcommerce_width = 254
        for unit, there, is_equal in (
            ("Inches", 10, True),
            ("Inches", 10.0001, True),
            ("Inches", 10.01, False),
            ("Centimeters", 25.4, True),
            ("Centimeters", 25.5, False),
            (False, 99, True),
        ):
            with self.subTest(unit=unit, there=there):
                self.instance.dimension_unit = unit
                change = self.compare_base(width=there)
                self.assertEqual("width" not in change.product_fields, is_equal)

    def test_a_length_that_is_nothing_is_not_sent(self):
        self.instance.dimension_unit = "Inches"
        self.hat.bigcommerce_width = 0.001
        self.assertNotIn("width", self.compare_base(width=10).product_fields)

    def test_a_cost_without_exchange_rate_is_not_sent(self):
        self.instance.currency_id = self.make_currency()
        self.hat.standard_price = 8
        self.assertNotIn("cost_price", self.compare_base(cost_price=3).product_fields)

    def test_a_cost_is_in_the_stores_currency_and_rounded_as_the_store_does(self):
        currency = self.make_currency()
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2000-01-01", "rate": 1 / 3}
        )
        self.instance.currency_id = currency
        self.hat.standard_price = 8
        change = self.compare_base(cost_price=2.6667)
        self.assertNotIn("cost_price", change.product_fields)
        change = self.compare_base(cost_price=8)
        self.assertEqual(float(change.product_fields["cost_price"]), 2.6667)

    def make_currency(self):
        return self.env["res.currency"].create({"name": "XQZ", "symbol": "Q"})

    def compare_base(self, **there):
        """Compare a product without variants; its base variant says the same."""
        (variant,) = self.read_product(self.listing)["variants"]
        return self.compare(
            self.listing, self.hat, variants=[{**variant, **there}], **there
        )


@tagged("post_install", "-at_install")
class TestArrangedRenames(BaseCase):
    def arrange(self, labels, names):
        """Rename values of an option one by one; return what they are called then."""
        labels = {("1", value_id): label for value_id, label in labels.items()}
        renames = [Rename("1", value_id, name) for value_id, name in names.items()]
        for option_id, value_id, name in arrange_renames(renames, labels):
            self.assertNotIn(name, labels.values())
            labels[option_id, value_id] = name
        return {value_id: label for (_option_id, value_id), label in labels.items()}

    def test_no_two_values_are_ever_called_the_same(self):
        labels = {"1": "S", "2": "M", "3": "L", "4": "XL"}
        for names in itertools.permutations(labels.values()):
            wanted = dict(zip(labels, names, strict=True))
            due = {key: name for key, name in wanted.items() if name != labels[key]}
            with self.subTest(names):
                self.assertEqual(self.arrange(labels, due), wanted)

    def test_a_name_that_stays_taken_is_left_to_the_store_to_refuse(self):
        stays, *_others = renames = [
            Rename("1", "1", "M"),
            Rename("1", "3", "S"),
            Rename("1", "4", "M"),
        ]
        labels = {("1", "1"): "S", ("1", "2"): "M", ("1", "3"): "L", ("1", "4"): "XL"}
        found = list(arrange_renames(renames, labels))
        # None has got a name in between.
        self.assertEqual(found[0], stays)
        self.assertCountEqual(found, renames)

    def test_two_that_want_one_name_come_to_an_end(self):
        renames = [
            Rename("1", "1", "M"),
            Rename("1", "2", "L"),
            Rename("1", "3", "M"),
        ]
        labels = {("1", "1"): "S", ("1", "2"): "M", ("1", "3"): "L"}
        found = list(arrange_renames(renames, labels))
        self.assertEqual(len(found), 4)

    def test_options_are_renamed_and_names_of_other_options_are_free(self):
        renames = [Rename("1", "", "Fit"), Rename("1", "1", "M")]
        labels = {("1", "1"): "S", ("2", "2"): "M"}
        self.assertEqual(list(arrange_renames(renames, labels)), renames)
