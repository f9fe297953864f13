"""Odoo's products in the store: made once, and kept there as Odoo says."""

from odoo.fields import Command
from odoo.tests import tagged

from .product_export_case import PRODUCTS, ProductExportCase


@tagged("post_install", "-at_install")
class TestExportProducts(ProductExportCase):
    def test_a_product_is_made_with_what_odoo_knows(self):
        self.hat.write(
            {
                "standard_price": 8,
                "barcode": "4006381333931",
                "bigcommerce_mpn": "H-1",
                "bigcommerce_brand": "Millinery",
                "bigcommerce_width": 254,
                "description_sale": "Warm.",
            }
        )
        job = self.export(self.hat)
        self.assertEqual((job.state, job.done_count), ("done", 1))
        listing = self.get_listing(self.hat)
        product = self.read_product(listing)
        self.assertEqual(
            {name: product[name] for name in ("name", "sku", "price", "cost_price",
                "gtin", "mpn", "width", "is_visible", "inventory_tracking")},
            {"name": "Felt hat", "sku": "FELT", "price": 20, "cost_price": 8,
             "gtin": "4006381333931", "mpn": "H-1", "width": 10, "is_visible": False,
             "inventory_tracking": "none"},
        )  # fmt: skip
        self.assertIn("Warm.", product["description"])
        self.assertEqual(listing.brand_id.name, "Millinery")
        self.assertEqual(listing.category_ids.name, "Headgear")
        self.assertEqual(listing.category_ids.product_category_id, self.category)
        self.assertEqual(listing.item_ids.product_id, self.hat.product_variant_id)

    def test_exporting_twice_makes_one_product(self):
        self.export(self.hat)
        job = self.export(self.hat)
        self.assertEqual(job.done_count, 1)
        self.assertEqual(len(self.get_listing(self.hat)), 1)

    def test_variants_become_variants(self):
        shirts = self.make_shirts()
        self.export(shirts)
        listing = self.get_listing(shirts)
        self.assertEqual(
            {item.sku: item.product_id.default_code for item in listing.item_ids},
            {"LINEN-S": "LINEN-S", "LINEN-M": "LINEN-M"},
        )

    def test_an_import_afterwards_changes_nothing(self):
        self.export(self.hat | self.make_shirts())
        before = self.read_listings()
        job = self.run_operation(self.instance, "import_listings", full=True)
        self.assertFalse(set(job.line_ids.mapped("key")) & before.keys())
        self.assertEqual(self.read_listings(), before)

    def read_listings(self):
        """Return when each listing of ours, and each item, was written."""
        self.env.flush_all()
        items = self.env["bigcommerce.listing.item"].search(
            [("product_id.categ_id", "=", self.category.id)]
        )
        return {
            listing.bc_id: [listing.write_date, *own.mapped("write_date")]
            for listing, own in items.grouped("listing_id").items()
        }

    def test_a_category_lists_those_below_it_too(self):
        below = self.env["product.category"].create(
            {"name": "Felt", "parent_id": self.category.id}
        )
        self.hat.categ_id = below
        beret = self.make_product("Beret", "BERET")
        self.make_product("Not for sale", "NOSALE", sale_ok=False)
        self.export(categories=self.category.ids)
        self.assertEqual(
            set(self.get_listing(self.hat | beret).mapped("name")),
            {"Felt hat", "Beret"},
        )
        place = self.get_listing(self.hat).category_ids
        self.assertEqual((place.name, place.parent_id.name), ("Felt", "Headgear"))

    def test_a_category_is_made_once(self):
        self.export(self.hat | self.make_product("Beret", "BERET"))
        made = self.store.get_requests("trees/categories$")
        self.assertEqual([r["method"] for r in made].count("POST"), 1)

    def test_a_category_that_the_store_has_is_used(self):
        self.category.name = "Garden"
        self.export(self.hat)
        made = self.store.get_requests("trees/categories$")
        self.assertNotIn("POST", [r["method"] for r in made])
        self.assertEqual(self.get_listing(self.hat).category_ids.name, "Garden")

    def test_nothing_chosen_makes_nothing(self):
        job = self.export()
        self.assertEqual((job.state, job.line_count), ("done", 0))

    def test_published_products_are_visible_on_the_channels(self):
        self.export(self.hat, publish="publish", channels=["1"])
        listing = self.get_listing(self.hat)
        self.assertTrue(self.read_product(listing)["is_visible"])
        path = f"v3/catalog/products/{listing.bc_id}/channels"
        self.assertEqual(self.store.control("GET", path), [1])
        self.assertEqual(listing.channel_ids.mapped("bc_id"), ["1"])

    def test_stock_is_counted_and_sent_if_asked_for(self):
        self.hat.write({"type": "consu", "is_storable": True})
        self.instance.location_ids.filtered(
            lambda location: location.bc_id == "1"
        ).is_stock_enabled = True
        location = self.instance.warehouse_id.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(
            self.hat.product_variant_id, location, 7
        )
        self.export(self.hat, set_stock=True)
        listing = self.get_listing(self.hat)
        self.assertEqual(self.read_product(listing)["inventory_tracking"], "product")
        level = listing.item_ids.level_ids
        self.assertEqual((level.location_id.bc_id, level.quantity), ("1", 7))

    def test_variants_have_their_own_prices_where_they_differ(self):
        shirts = self.make_shirts()
        large = shirts.product_variant_ids[1]
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.instance.pricelist_id.id,
                "applied_on": "0_product_variant",
                "product_id": large.id,
                "compute_price": "fixed",
                "fixed_price": 25,
            }
        )
        self.export(shirts)
        product = self.read_product(self.get_listing(shirts))
        prices = {own["sku"]: own["price"] for own in product["variants"]}
        self.assertEqual(product["price"], 20)
        self.assertEqual(prices, {"LINEN-S": None, "LINEN-M": 25})

    def test_600_variants_are_made_and_601_are_not(self):
        attributes = [
            self.env["product.attribute"].create(
                {
                    "name": name,
                    "value_ids": [
                        Command.create({"name": f"{name} {number}"})
                        for number in range(count)
                    ],
                }
            )
            for name, count in (("Row", 25), ("Seat", 24))
        ]
        template = self.make_product(
            "Theatre",
            attribute_line_ids=[
                Command.create(
                    {
                        "attribute_id": attribute.id,
                        "value_ids": [Command.set(attribute.value_ids.ids)],
                    }
                )
                for attribute in attributes
            ],
        )
        for number, product in enumerate(template.product_variant_ids):
            product.default_code = f"SEAT-{number}"
        job = self.export(template)
        self.assertEqual((job.done_count, job.blocked_count), (1, 0))
        self.assertEqual(len(self.get_listing(template).item_ids), 600)
        other = template.copy()
        for number, product in enumerate(other.product_variant_ids):
            product.default_code = f"OTHER-{number}"
        row = self.env["product.attribute.value"].create(
            {"name": "Row 99", "attribute_id": attributes[0].id}
        )
        other.attribute_line_ids[0].value_ids |= row
        for number, product in enumerate(other.product_variant_ids):
            product.default_code = f"OTHER-{number}"
        self.store.forget_requests()
        job = self.export(other)
        self.assertEqual(job.line_ids.cause_id.code, "not_sendable")
        self.assertIn("624 variants", job.line_ids.message)
        self.assertFalse(self.get_sent("POST"))


@tagged("post_install", "-at_install")
class TestUpdateProducts(ProductExportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shirts = cls.make_shirts(("S", "M"))

    def setUp(self):
        super().setUp()
        self.run_operation(
            self.instance, "export_products", templates=(self.hat | self.shirts).ids
        )
        self.listing = self.get_listing(self.hat)
        self.shirt_listing = self.get_listing(self.shirts)
        self.store.forget_requests()

    def test_what_is_equal_is_not_sent(self):
        job = self.export()
        self.assertEqual((job.state, job.done_count), ("done", 2))
        self.assertFalse(self.get_sent())

    def test_prices_alone_are_sent_if_asked_for(self):
        self.hat.list_price = 22
        self.export(self.hat)
        self.assertFalse(self.get_sent())
        self.export(self.hat, set_price=True)
        self.assertEqual(self.read_product(self.listing)["price"], 22)

    def test_only_what_differs_is_sent(self):
        self.hat.name = "Felt bowler"
        self.export(self.hat)
        (changes,) = self.get_sent()
        self.assertEqual(
            changes, [{"id": int(self.listing.bc_id), "name": "Felt bowler"}]
        )
        self.assertEqual(self.listing.name, "Felt bowler")

    def test_what_the_stores_people_changed_stays_unless_it_belongs_to_odoo(self):
        for owner, name in (("created", "Theirs"), ("store", "Theirs")):
            with self.subTest(owner):
                self.own("name", owner)
                self.change_there(self.listing, name="Theirs")
                self.export(self.hat)
                self.assertEqual(self.read_product(self.listing)["name"], name)
        self.own("name", "odoo")
        self.export(self.hat)
        self.assertEqual(self.read_product(self.listing)["name"], "Felt hat")

    def test_what_odoo_knows_nothing_of_stays(self):
        self.change_there(
            self.listing, description="<p>Theirs</p>", mpn="M-9", brand_id=11, width=4
        )
        self.export(self.hat)
        product = self.read_product(self.listing)
        self.assertEqual(
            (product["description"], product["mpn"], product["brand_id"]),
            ("<p>Theirs</p>", "M-9", 11),
        )
        self.assertFalse(self.get_sent())

    def test_a_variant_without_reference_keeps_the_stores_sku(self):
        small = self.shirts.product_variant_ids[0]
        small.write({"default_code": False, "weight": 3})
        job = self.export(self.shirts)
        self.assertEqual((job.done_count, job.blocked_count), (1, 0), job.line_ids)
        (changes,) = self.get_sent()
        self.assertEqual([{*own} for own in changes], [{"id", "weight"}])

    def test_fields_of_variants_are_sent_to_variants(self):
        small = self.shirts.product_variant_ids[0]
        small.write({"default_code": "LINEN-XS", "weight": 0.1, "barcode": "96385074"})
        self.export(self.shirts)
        (changes,) = self.get_sent()
        self.assertEqual(len(changes), 1)
        self.assertEqual(
            {name: changes[0][name] for name in ("sku", "gtin")},
            {"sku": "LINEN-XS", "gtin": "96385074"},
        )
        item = small.bigcommerce_item_ids
        self.assertEqual((item.sku, item.gtin), ("LINEN-XS", "96385074"))

    def test_a_new_variant_is_added(self):
        attribute = self.shirts.attribute_line_ids.attribute_id
        large = self.env["product.attribute.value"].create(
            {"name": "L", "attribute_id": attribute.id}
        )
        self.shirts.attribute_line_ids.value_ids |= large
        new = self.shirts.product_variant_ids.filtered(
            lambda product: not product.default_code
        )
        new.default_code = "LINEN-L"
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.instance.pricelist_id.id,
                "applied_on": "0_product_variant",
                "product_id": new.id,
                "compute_price": "fixed",
                "fixed_price": 25,
            }
        )
        job = self.export(self.shirts)
        self.assertEqual((job.done_count, job.blocked_count), (1, 0), job.line_ids)
        labels = {
            own["sku"]: own["option_values"][0]["label"]
            for own in self.read_product(self.shirt_listing)["variants"]
        }
        self.assertEqual(labels, {"LINEN-S": "S", "LINEN-M": "M", "LINEN-L": "L"})
        self.assertEqual(new.bigcommerce_item_ids.listing_id, self.shirt_listing)
        self.assertEqual(new.bigcommerce_item_ids.price, 25)
        self.store.forget_requests()
        self.export(self.shirts)
        self.assertFalse(self.get_sent() + self.get_sent("POST"))

    def test_a_renamed_attribute_and_value_are_renamed_there(self):
        line = self.shirts.attribute_line_ids
        line.attribute_id.name = "Fit"
        line.value_ids[0].name = "Slim"
        self.export(self.shirts)
        variants = self.read_product(self.shirt_listing)["variants"]
        values = [own["option_values"][0] for own in variants]
        self.assertEqual({own["option_display_name"] for own in values}, {"Fit"})
        self.assertEqual({own["label"] for own in values}, {"Slim", "M"})

    def test_an_archived_variant_is_taken_off_sale_and_comes_back(self):
        small = self.shirts.product_variant_ids[0]
        item = small.bigcommerce_item_ids
        for active in (False, True):
            small.active = active
            self.export(listings=[self.shirt_listing.bc_id])
            variant = next(
                own
                for own in self.read_product(self.shirt_listing)["variants"]
                if str(own["id"]) == item.bc_id
            )
            self.assertEqual(variant["purchasing_disabled"], not active)
            self.assertEqual(item.is_disabled_by_odoo, not active)

    def test_a_deleted_variant_is_taken_off_sale_and_not_deleted(self):
        small = self.shirts.product_variant_ids[0]
        item = small.bigcommerce_item_ids
        small.unlink()
        self.assertTrue(item.is_product_deleted)
        self.export(listings=[self.shirt_listing.bc_id])
        variants = self.read_product(self.shirt_listing)["variants"]
        self.assertEqual(len(variants), 2)
        disabled = [str(own["id"]) for own in variants if own["purchasing_disabled"]]
        self.assertEqual(disabled, [item.bc_id])

    def test_other_options_are_asked_about(self):
        colour = self.env["product.attribute"].create(
            {
                "name": "Colour",
                "value_ids": [
                    Command.create({"name": "Red"}),
                    Command.create({"name": "Blue"}),
                ],
            }
        )
        self.shirts.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": colour.id,
                    "value_ids": [Command.set(colour.value_ids.ids)],
                }
            )
        ]
        job = self.export(listings=[self.shirt_listing.bc_id])
        self.assertEqual(job.line_ids.cause_id.code, "options_differ")
        self.assertFalse(self.get_sent())

    def test_an_archived_product_stays_visible_without_the_option(self):
        self.change_there(self.listing, is_visible=True)
        self.hat.active = False
        self.drain()
        self.assertTrue(self.read_product(self.listing)["is_visible"])
        self.export()
        self.assertTrue(self.read_product(self.listing)["is_visible"])

    def test_an_archived_product_is_hidden_with_the_option_and_comes_back(self):
        self.instance.hide_archived_products = True
        self.change_there(self.listing, is_visible=True)
        self.hat.active = False
        self.drain()
        self.assertFalse(self.read_product(self.listing)["is_visible"])
        self.hat.active = True
        self.drain()
        self.assertTrue(self.read_product(self.listing)["is_visible"])

    def test_a_product_that_was_hidden_by_others_is_not_shown(self):
        self.instance.hide_archived_products = True
        self.hat.active = False
        self.drain()
        self.hat.active = True
        self.drain()
        self.assertFalse(self.read_product(self.listing)["is_visible"])

    def test_what_others_showed_and_hid_again_stays_hidden(self):
        self.instance.hide_archived_products = True
        self.change_there(self.listing, is_visible=True)
        self.hat.active = False
        self.drain()
        self.change_there(self.listing, is_visible=True)
        self.hat.active = True
        self.drain()
        self.change_there(self.listing, is_visible=False)
        self.export(self.hat)
        self.assertFalse(self.read_product(self.listing)["is_visible"])

    def test_an_archived_product_that_a_person_hid_does_not_come_back(self):
        self.change_there(self.listing, is_visible=True)
        self.hat.active = False
        self.export(self.hat, publish="hide")
        self.hat.active = True
        self.export(self.hat)
        self.assertFalse(self.read_product(self.listing)["is_visible"])

    def test_a_variant_that_others_took_off_sale_later_stays_so(self):
        small = self.shirts.product_variant_ids[0]
        path = f"{PRODUCTS}/{self.shirt_listing.bc_id}/variants"
        path = f"{path}/{small.bigcommerce_item_ids.bc_id}"
        small.active = False
        self.export(self.shirts)
        self.store.patch(path, purchasing_disabled=False)
        small.active = True
        self.export(self.shirts)
        self.store.patch(path, purchasing_disabled=True)
        self.export(self.shirts)
        self.assertTrue(self.store.control("GET", path)["purchasing_disabled"])

    def test_a_deleted_product_is_hidden_with_the_option(self):
        for is_hiding in (False, True):
            with self.subTest(is_hiding=is_hiding):
                self.instance.hide_archived_products = is_hiding
                hat = self.make_product(f"Hat {is_hiding}", f"HAT-{is_hiding}")
                self.export(hat, publish="publish")
                listing = self.get_listing(hat)
                hat.unlink()
                self.drain()
                self.assertTrue(listing.item_ids.is_product_deleted)
                product = self.read_product(listing)
                self.assertEqual(product["is_visible"], not is_hiding)

    def test_categories_of_one_name_are_one_in_the_store(self):
        twin = self.category.copy({"name": self.category.name})
        self.hat.bigcommerce_categ_ids = twin
        self.export(self.hat)
        there = self.read_product(self.listing)["categories"]
        self.assertEqual(len(there), 1)

    def test_a_listing_that_is_not_synchronised_is_left_alone(self):
        self.listing.is_excluded = True
        self.hat.name = "Felt bowler"
        self.export(self.hat)
        self.assertEqual(self.read_product(self.listing)["name"], "Felt hat")

    def test_one_that_the_store_has_no_more_waits_for_a_person(self):
        self.store.delete(f"{PRODUCTS}/{self.listing.bc_id}")
        job = self.export(listings=[self.listing.bc_id])
        self.assertEqual(job.line_ids.cause_id.code, "not_found")


@tagged("post_install", "-at_install")
class TestRoundTrip(ProductExportCase):
    def test_an_import_and_an_export_send_nothing_whatever_is_odoos(self):
        self.instance.update_categories = True
        self.run_operation(self.instance, "import_listings", full=True)
        self.store.forget_requests()
        job = self.export()
        self.assertEqual(job.done_count, 40)
        writes = [
            request
            for request in self.store.get_requests()
            if request["method"] != "GET"
        ]
        self.assertFalse(writes)
