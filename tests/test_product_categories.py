"""*Update Category in Odoo Products?*: products lie where the store has them."""

from odoo.tests import tagged

from .listing_case import MUG, PAN, POT, ListingCase

KITCHEN, GARDEN, APPAREL, SHIRTS, GIFTS = "23", "24", "25", "26", "27"
CATEGORIES = "v3/catalog/trees/categories"


@tagged("post_install", "-at_install")
class TestProductCategories(ListingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.write({"create_odoo_products": True, "update_categories": True})
        cls.drain()

    def place(self, bc_id, *categories):
        """Put a product of the store into categories."""
        self.store.patch(
            f"v3/catalog/products/{bc_id}", categories=list(map(int, categories))
        )

    def import_placed(self, bc_id, *categories):
        """Put a product into categories and import it; return its Odoo product."""
        self.place(bc_id, *categories)
        self.import_listings(ids=[bc_id])
        return self.get_listing(bc_id).item_ids.product_id

    def change_category(self, bc_id, **change):
        """Change a category of the store, and import everything."""
        raws = self.store.control("GET", CATEGORIES)
        self.store.put(
            CATEGORIES,
            [raw | change if str(raw["category_id"]) == bc_id else raw for raw in raws],
        )
        self.import_listings()

    def get_category(self, bc_id):
        return self.env["bigcommerce.category"].search(
            [("instance_id", "=", self.instance.id), ("bc_id", "=", bc_id)]
        )

    def get_name(self, product):
        return product.categ_id.complete_name

    def test_the_deepest_category_decides_and_the_oldest_of_several(self):
        for categories, name in (
            ([KITCHEN], "Sandbox / Kitchen"),
            ([KITCHEN, SHIRTS], "Sandbox / Apparel / Shirts"),
            ([SHIRTS, APPAREL], "Sandbox / Apparel / Shirts"),
            ([GIFTS, GARDEN], "Sandbox / Garden"),
            ([GARDEN, GIFTS], "Sandbox / Garden"),
        ):
            with self.subTest(categories=categories):
                product = self.import_placed(MUG, *categories)
                self.assertEqual(self.get_name(product), name)

    def test_without_any_category_it_stays_where_it_is(self):
        product = self.import_placed(MUG, KITCHEN)
        self.import_placed(MUG)
        self.assertEqual(self.get_name(product), "Sandbox / Kitchen")
        self.assertFalse(self.import_placed(PAN).categ_id)

    def test_categories_are_made_when_a_product_needs_them(self):
        before = self.env["product.category"].search([])
        self.import_placed(MUG, SHIRTS)
        made = self.env["product.category"].search([]) - before
        self.assertEqual(set(made.mapped("name")), {"Sandbox", "Apparel", "Shirts"})

    def test_all_variants_lie_in_one_category(self):
        products = self.import_placed(POT, GARDEN)
        self.assertEqual(len(products), 3)
        self.assertEqual(products.categ_id.mapped("name"), ["Garden"])

    def test_categories_are_matched_by_their_id_not_by_their_name(self):
        other = self.env["product.category"].create({"name": "Kitchen"})
        product = self.import_placed(MUG, KITCHEN)
        self.assertNotEqual(product.categ_id, other)
        self.change_category(GARDEN, name="Kitchen")
        pan = self.import_placed(PAN, GARDEN)
        self.assertEqual(pan.categ_id.name, "Kitchen")
        self.assertNotEqual(pan.categ_id, product.categ_id)

    def test_a_category_chosen_by_hand_is_used_and_left_as_it_is(self):
        mine = self.env["product.category"].create({"name": "Cooking"})
        self.get_category(KITCHEN).product_category_id = mine
        product = self.import_placed(MUG, KITCHEN)
        self.assertEqual(product.categ_id, mine)
        self.change_category(KITCHEN, name="Kitchenware", parent_id=int(GIFTS))
        self.assertEqual((mine.name, mine.parent_id), ("Cooking", mine.browse()))

    def test_the_place_below_which_they_are_made_can_be_chosen(self):
        shop = self.env["product.category"].create({"name": "Shop"})
        self.instance.product_category_id = shop
        product = self.import_placed(MUG, KITCHEN)
        self.assertEqual(self.get_name(product), "Shop / Kitchen")

    def test_one_that_the_connector_made_is_renamed_and_moved_like_the_stores(self):
        product = self.import_placed(MUG, SHIRTS)
        self.change_category(SHIRTS, name="Tops")
        self.assertEqual(self.get_name(product), "Sandbox / Apparel / Tops")
        self.change_category(SHIRTS, parent_id=int(KITCHEN))
        self.assertEqual(self.get_name(product), "Sandbox / Kitchen / Tops")
        self.change_category(SHIRTS, parent_id=0)
        self.assertEqual(self.get_name(product), "Sandbox / Tops")

    def test_what_somebody_named_it_stays_until_the_store_names_it_anew(self):
        product = self.import_placed(MUG, KITCHEN)
        product.categ_id.name = "Mine"
        self.import_listings()
        self.assertEqual(product.categ_id.name, "Mine")
        self.change_category(KITCHEN, name="Kitchenware")
        self.assertEqual(product.categ_id.name, "Kitchenware")

    def test_a_move_into_itself_is_not_made(self):
        product = self.import_placed(MUG, SHIRTS)
        inside = self.env["product.category"].create(
            {"name": "Inside", "parent_id": product.categ_id.id}
        )
        self.get_category(KITCHEN).product_category_id = inside
        self.change_category(SHIRTS, parent_id=int(KITCHEN))
        self.assertEqual(self.get_lines("import_categories")[:1].state, "done")
        self.assertEqual(product.categ_id.parent_id.name, "Apparel")

    def test_categories_that_go_round_in_a_circle_stop_nothing(self):
        raws = self.store.control("GET", CATEGORIES)
        circle = {KITCHEN: int(GARDEN), GARDEN: int(KITCHEN)}
        for raw in raws:
            raw["parent_id"] = circle.get(str(raw["category_id"]), raw["parent_id"])
        self.store.put(CATEGORIES, raws)
        self.place(MUG, KITCHEN)
        self.import_listings()
        self.assertEqual(self.get_line(MUG).state, "done")
        product = self.get_listing(MUG).item_ids.product_id
        self.assertEqual(product.categ_id.name, "Kitchen")

    def test_a_category_that_the_store_no_longer_has_does_not_count(self):
        product = self.import_placed(MUG, KITCHEN, SHIRTS)
        raws = self.store.control("GET", CATEGORIES)
        self.store.put(
            CATEGORIES, [raw for raw in raws if str(raw["category_id"]) != SHIRTS]
        )
        self.import_listings()
        self.assertEqual(product.categ_id.name, "Kitchen")

    def test_products_that_people_made_stay(self):
        mine = self.make_product("MUG-ENAMEL")
        self.assertEqual(self.import_placed(MUG, KITCHEN), mine)
        self.assertFalse(mine.categ_id)

    def test_products_whose_stock_has_moved_stay(self):
        product = self.import_placed(MUG, KITCHEN)
        untouched = self.import_placed(PAN, KITCHEN)
        self.env["stock.quant"]._update_available_quantity(
            product, self.instance.warehouse_id.lot_stock_id, 5
        )
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": 1,
                "location_id": self.instance.warehouse_id.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        move._action_confirm()
        move.write({"quantity": 1, "picked": True})
        move._action_done()
        self.place(MUG, GARDEN)
        self.place(PAN, GARDEN)
        self.import_listings()
        self.assertEqual(product.categ_id.name, "Kitchen")
        self.assertEqual(untouched.categ_id.name, "Garden")

    def test_a_listing_that_is_not_synchronised_leaves_its_product(self):
        product = self.import_placed(MUG, KITCHEN)
        self.get_listing(MUG).is_excluded = True
        self.import_placed(MUG, GARDEN)
        self.assertEqual(product.categ_id.name, "Kitchen")

    def test_while_the_option_is_off_nothing_is_touched(self):
        self.instance.update_categories = False
        before = self.env["product.category"].search_count([])
        self.assertFalse(self.import_placed(MUG, KITCHEN).categ_id)
        self.assertEqual(self.env["product.category"].search_count([]), before)

    def test_once_it_is_on_the_products_follow(self):
        self.instance.update_categories = False
        product = self.import_placed(MUG, KITCHEN)
        self.instance.update_categories = True
        self.drain()
        self.assertEqual(self.get_name(product), "Sandbox / Kitchen")
