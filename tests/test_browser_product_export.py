"""A person at the screen: products go into the store, field by field as agreed."""

from odoo.tests import HttpCase, tagged

from .product_export_case import ProductExportCase


@tagged("post_install", "-at_install")
class TestProductExportInBrowser(ProductExportCase, HttpCase):
    def test_products_are_chosen_looked_at_and_exported_as_their_fields_are_owned(self):
        straw = self.make_product("Straw hat", "STRAW")
        (self.hat | straw).is_favorite = True
        products = self.env.ref("product.product_template_action_all")
        self.start_tour(
            f"/odoo/action-{products.id}?view_type=list",
            "bigcommerce_export_products",
            login="admin",
        )
        self.assertFalse(self.get_listing(self.hat))
        self.drain()
        listing = self.get_listing(self.hat)
        self.assertEqual((listing.name, listing.is_visible), ("Felt hat", True))
        self.assertEqual(self.get_listing(straw).name, "Straw hat")

        self.hat.name = "Woollen hat"
        listings = self.env.ref("bigcommerce_connector.bigcommerce_listing_action")
        path = f"/odoo/action-{listings.id}?view_type=list"
        self.start_tour(path, "bigcommerce_export_a_new_name", login="admin")

        self.start_tour(
            f"/odoo/bigcommerce-instances/{self.instance.id}",
            "bigcommerce_give_a_name_to_the_store",
            login="admin",
        )
        owners = self.instance.field_owner_ids
        name = owners.filtered(lambda owner: owner.field == "name")
        self.assertEqual(name.owner, "store")
        self.start_tour(path, "bigcommerce_export_keeps_a_name", login="admin")
        self.export(self.hat)
        self.assertEqual(self.read_product(listing)["name"], "Felt hat")
