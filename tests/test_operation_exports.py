"""Exports of chosen listings, and of what Odoo believes to be the same."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .price_case import MUG, PAN, SHIRT, PriceCase
from .stock_case import StockCase
from .test_operations import OperationsCase


@tagged("post_install", "-at_install")
class TestStock(OperationsCase, StockCase):
    def choose(self, *items):
        listings = self.env["bigcommerce.listing"].concat(
            *(item.listing_id for item in items)
        )
        return {"listing_ids": [Command.set(listings.ids)]}

    def test_only_chosen_listings_are_exported(self):
        self.put(self.mug, -20)
        self.put(self.bowl, -30)
        self.process("export_inventory", **self.choose(self.bowl_item))
        self.assertEqual(self.get_level(self.mug_item), 100)
        self.assertEqual(self.get_level(self.bowl_item), 70)

    def test_what_odoo_believes_to_be_the_same_is_sent_if_somebody_wants_it(self):
        for item in (self.mug_item, self.bowl_item):
            self.set_level(item, 55)
        self.process("export_inventory")
        self.assertEqual(self.get_level(self.mug_item), 55)
        self.process("export_inventory", everything=True, **self.choose(self.mug_item))
        self.assertEqual(self.get_level(self.mug_item), 100)
        self.assertEqual(self.get_level(self.bowl_item), 55)
        self.process("export_inventory", everything=True)
        self.assertEqual(self.get_level(self.bowl_item), 100)

    def test_only_chosen_listings_are_compared_and_imported(self):
        self.instance.validate_inventory_adjustment = True
        for item in (self.mug_item, self.bowl_item):
            self.set_level(item, 60)
        self.process("compare_inventory", **self.choose(self.mug_item))
        self.assertEqual(self.get_level(self.mug_item), 100)
        self.assertEqual(self.get_level(self.bowl_item), 60)
        self.process("import_inventory", **self.choose(self.bowl_item))
        self.assertEqual(self.get_on_hand(self.mug), 100)
        self.assertEqual(self.get_on_hand(self.bowl), 60)

    def test_a_store_of_which_nothing_is_chosen_is_named(self):
        other = self.create_instance(
            name="Other", store_hash="other", state="confirmed"
        )
        self.patch(
            type(self.env["bigcommerce.location"]),
            "_check_in_use",
            lambda *arguments: None,
        )
        with self.assertRaisesRegex(UserError, "No listing of Other is chosen"):
            self.open(
                "export_inventory", self.instance + other, **self.choose(self.mug_item)
            ).action_process()


@tagged("post_install", "-at_install")
class TestPrices(OperationsCase, PriceCase):
    def choose(self, *ids):
        listings = self.env["bigcommerce.listing"].concat(*map(self.get_listing, ids))
        return {"listing_ids": [Command.set(listings.ids)]}

    def read_price(self, bc_id):
        return self.store.control("GET", f"v3/catalog/products/{bc_id}")["price"]

    def set_price_there(self, bc_id, price):
        """Let somebody change a price in the store, unseen by Odoo."""
        self.store.patch(f"v3/catalog/products/{bc_id}", price=price)

    def test_only_chosen_listings_are_exported(self):
        former = self.read_price(MUG)
        for bc_id in (MUG, PAN):
            self.set_price(self.get_item(bc_id), 50)
        self.process("export_prices", **self.choose(PAN))
        self.assertEqual((self.read_price(MUG), self.read_price(PAN)), (former, 50))

    def test_what_odoo_believes_to_be_the_same_is_sent_if_somebody_wants_it(self):
        former = {bc_id: self.read_price(bc_id) for bc_id in (MUG, PAN, SHIRT)}
        for bc_id in former:
            self.set_price_there(bc_id, 1.25)
        self.assertFalse(self.process("export_prices").line_count)
        self.process("export_prices", everything=True, **self.choose(MUG, SHIRT))
        self.assertEqual(self.read_price(PAN), 1.25)
        self.assertEqual(self.read_price(MUG), former[MUG])
        job = self.process("export_prices", everything=True)
        self.assertEqual(self.read_price(PAN), former[PAN])
        # It says the same of every listing once.
        self.assertGreaterEqual(job.line_count, len(self.items.listing_id))

    def test_prices_of_chosen_listings_are_taken_from_the_store(self):
        item, other = self.get_item(MUG), self.get_item(PAN)
        there = item.price
        for one in (item, other):
            self.set_price(one, 50)
        self.process("import_prices", **self.choose(MUG))
        self.assertEqual(float(self.get_odoo_price(item.product_id)), there)
        self.assertEqual(float(self.get_odoo_price(other.product_id)), 50)
