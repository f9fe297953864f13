"""Listings on the forms of products, and who sees them."""

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .listing_case import HOOD, MUG, PAN, POT, ListingCase

MODULE = "bigcommerce_connector"
FILTERS = ("bigcommerce_listed", "bigcommerce_not_listed")


@tagged("post_install", "-at_install")
class TestProductListings(ListingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.create_odoo_products = True
        cls.run_operation(cls.instance, "import_listings", full=True)
        cls.unlisted = cls.env["product.product"].create({"name": "Unlisted"})
        groups = {
            "manager": f"{MODULE}.bigcommerce_group_manager",
            "user": f"{MODULE}.bigcommerce_group_user",
            "salesman": "sales_team.group_sale_manager,product.group_product_manager",
            "storeman": "stock.group_stock_manager,product.group_product_manager",
        }
        cls.users = {
            name: new_test_user(cls.env, f"listings_{name}", f"base.group_user,{group}")
            for name, group in groups.items()
        }
        cls.users["manager"].group_ids += cls.env.ref("sales_team.group_sale_manager")

    def test_a_product_counts_its_items(self):
        mug = self.get_listing(MUG).product_id
        pots = self.get_listing(POT).item_ids.product_id
        self.assertEqual(mug.bigcommerce_item_count, 1)
        self.assertEqual(mug.product_tmpl_id.bigcommerce_item_count, 1)
        self.assertEqual(pots.product_tmpl_id.bigcommerce_item_count, 3)
        self.assertEqual(self.unlisted.bigcommerce_item_count, 0)
        self.get_listing(PAN).product_id = mug
        self.env.invalidate_all()
        self.assertEqual(mug.bigcommerce_item_count, 2)

    def test_its_button_opens_them(self):
        pots = self.get_listing(POT).item_ids
        template = pots.product_id.product_tmpl_id
        for record, items in ((template, pots), (pots[0].product_id, pots[0])):
            action = record.action_view_bigcommerce_items()
            self.assertEqual(
                self.env[action["res_model"]].search(action["domain"]), items
            )

    def test_listed_and_not_listed_are_told_apart(self):
        for product in (self.unlisted, self.get_listing(MUG).product_id):
            for record in (product, product.product_tmpl_id):
                is_listed = product != self.unlisted
                with self.subTest(model=record._name, listed=is_listed):
                    self.assertEqual(record.is_bigcommerce_listed, is_listed)
                    domain = [("id", "=", record.id)]
                    listed = [("is_bigcommerce_listed", "=", True)]
                    unlisted = [("is_bigcommerce_listed", "=", False)]
                    self.assertEqual(bool(record.search(domain + listed)), is_listed)
                    self.assertEqual(
                        bool(record.search(domain + unlisted)), not is_listed
                    )

    def test_a_template_of_which_one_variant_is_listed_is_listed(self):
        hoods = self.get_listing(HOOD).item_ids
        hoods[1:].product_id = False
        template = hoods[0].product_id.product_tmpl_id
        self.assertTrue(template.is_bigcommerce_listed)
        self.assertEqual(
            template.search(
                [("id", "=", template.id), ("is_bigcommerce_listed", "=", True)]
            ),
            template,
        )
        last = template.product_variant_ids - hoods[0].product_id
        self.assertFalse(any(last.mapped("is_bigcommerce_listed")))

    def test_what_is_gone_from_the_store_is_not_listed(self):
        listing = self.get_listing(MUG)
        product = listing.product_id
        self.store.delete(f"v3/catalog/products/{MUG}")
        self.import_listings()
        self.assertFalse(product.is_bigcommerce_listed)

    def test_filters_are_offered_to_those_who_see_listings(self):
        for model in ("product.template", "product.product"):
            for name, is_offered in (
                ("manager", True),
                ("user", True),
                ("salesman", False),
                ("storeman", False),
            ):
                view = (
                    self.env[model]
                    .with_user(self.users[name])
                    .get_view(view_type="search")
                )
                for filter_name in FILTERS:
                    with self.subTest(model=model, user=name, filter=filter_name):
                        self.assertEqual(f'"{filter_name}"' in view["arch"], is_offered)

    def test_those_without_the_connector_work_on_products_as_before(self):
        product = self.get_listing(MUG).product_id
        for name in ("salesman", "storeman"):
            for record in (product, product.product_tmpl_id):
                with self.subTest(user=name, model=record._name):
                    form = Form(record.with_user(self.users[name]))
                    self.assertNotIn("bigcommerce_item_count", form._view["fields"])
        form = Form(product.product_tmpl_id.with_user(self.users["salesman"]))
        form.name = "Renamed"
        form.save()
        self.assertEqual(product.name, "Renamed")
        copy = product.product_tmpl_id.with_user(self.users["salesman"]).copy()
        self.assertFalse(copy.sudo().bigcommerce_listing_id)
        self.unlisted.with_user(self.users["storeman"]).name = "Renamed as well"
        product.with_user(self.users["salesman"]).unlink()
        self.assertFalse(self.get_listing(MUG).product_id)

    def test_users_of_the_connector_see_prices_and_stock_of_both_sides(self):
        item = self.get_listing(MUG).item_ids
        self.env["stock.quant"]._update_available_quantity(
            item.product_id, self.instance.warehouse_id.lot_stock_id, 7
        )
        own = item.with_user(self.users["user"])
        self.assertEqual((own.price, own.odoo_price), (12.5, 12.5))
        self.assertEqual(own.odoo_quantity, 7)
        rule = self.instance.pricelist_id.item_ids.filtered(
            lambda rule: rule.product_id == item.product_id
        )
        rule.fixed_price = 20
        self.env.invalidate_all()
        self.assertEqual(own.odoo_price, 20)
        self.instance.export_sale_price = True
        self.env.invalidate_all()
        self.assertEqual(own.odoo_price, 12.5)

    def test_stock_is_told_as_the_store_is_sent_it(self):
        item = self.get_listing(MUG).item_ids
        lot_stock = self.instance.warehouse_id.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(
            item.product_id, lot_stock, 7
        )
        self.env["stock.move"].create(
            {
                "product_id": item.product_id.id,
                "product_uom_qty": 3,
                "location_id": lot_stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            }
        )._action_confirm()._action_assign()
        for basis, quantity in (("free", 4), ("on_hand", 7), ("forecast", 4)):
            with self.subTest(basis=basis):
                self.instance.stock_basis = basis
                self.env.invalidate_all()
                self.assertEqual(item.odoo_quantity, quantity)

    def test_a_manager_maps_a_listing_and_takes_it_out(self):
        listing = self.get_listing(MUG)
        form = Form(listing.with_user(self.users["manager"]))
        form.product_id = self.unlisted
        form.is_excluded = True
        form.save()
        self.assertEqual(listing.item_ids.product_id, self.unlisted)
        self.assertTrue(listing.is_excluded)
        with self.assertRaises(AccessError):
            listing.with_user(self.users["user"]).is_excluded = False

    def test_a_manager_maps_items_of_a_listing_one_by_one(self):
        listing = self.get_listing(POT)
        with Form(listing.with_user(self.users["manager"])) as form:
            with form.item_ids.edit(0) as item:
                item.product_id = self.unlisted
        self.assertIn(self.unlisted, listing.item_ids.product_id)
        self.assertFalse(listing.product_id)
        self.assertEqual(listing.mapping_state, "mapped")
