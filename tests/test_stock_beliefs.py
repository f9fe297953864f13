"""What Odoo believes of the store's levels is what they are, also after orders."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .stock_case import MUG_SKU, StockCase

MUGS = {"sku": MUG_SKU, "quantity": 10}
CANCELLED = 5


@tagged("post_install", "-at_install")
class TestBeliefs(StockCase):
    def setUp(self):
        super().setUp()
        self.instance.stock_brake_share = 100
        self.instance.validate_inventory_adjustment = True
        self.let_store_take_stock_on("order_placed")

    def assertBothSides(self, quantity):
        """After an export both sides have so much to sell."""
        self.export()
        self.assertEqual(self.get_level(self.mug_item), quantity)

    def set_status(self, order, status):
        self.store.patch(f"v2/orders/{order.bc_id}", status_id=status)
        self.import_orders()

    def test_what_is_not_reserved_yet_is_not_offered(self):
        self.instance.warehouse_id.out_type_id.reservation_method = "manual"
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        for _time in range(3):
            self.import_stock()
            self.assertEqual(self.get_on_hand(self.mug), 100)
            self.assertBothSides(90)

    def test_import_and_export_do_not_wear_a_level_down(self):
        self.import_order(lines=[{**MUGS, "shipped": 4}], status=3)
        levels = set()
        for _time in range(3):
            self.import_stock()
            self.export()
            levels.add((self.get_on_hand(self.mug), self.get_level(self.mug_item)))
        self.assertEqual(len(levels), 1)

    def test_a_cancelled_order_gives_back_what_odoo_does_not_have(self):
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        self.assertBothSides(90)
        self.put(self.mug, -10)
        self.set_status(order, CANCELLED)
        order.sale_order_id._action_cancel()
        self.assertBothSides(90)

    def test_goods_that_come_with_an_order_are_offered(self):
        self.put(self.mug, 10)
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        self.assertBothSides(100)

    def test_what_changed_while_it_was_not_synchronised_is_corrected(self):
        listing = self.mug_item.listing_id
        listing.is_excluded = True
        self.set_level(self.mug_item, 3)
        listing.is_excluded = False
        self.assertBothSides(100)

    def test_what_is_held_in_vain_is_dropped(self):
        self.instance.stock_brake_share = 0
        self.put(self.mug, -100)
        self.export()
        line = self.get_lines("export_inventory").filtered("cause_id")
        self.assertEqual(line.cause_id.code, "needs_approval")
        self.put(self.mug, 100)
        self.export()
        self.assertEqual(line.state, "cancelled")

    def test_two_locations_do_not_count_the_same_stock(self):
        other = self.get_location("2")
        shelf = self.add_place("Shelf")
        for place in (self.stock_location, shelf, self.stock_location.location_id):
            with self.subTest(place=place.name), self.assertRaises(ValidationError):
                other.write({"stock_location_id": place.id, "is_stock_enabled": True})

    def test_many_items_asked_for_are_all_read_wherever_the_scan_stopped(self):
        operation = self.env["bigcommerce.import.inventory"]
        ids = [
            item.bc_id
            for item in self.env["bigcommerce.listing.item"].search([], limit=101)
        ]
        ids += ids[: 101 - len(ids)] if len(ids) < 101 else []
        with self.instance._connect() as client:
            pages = list(operation._discover(client, self.instance, {"ids": ids}, {}))
            rest = list(
                operation._discover(
                    client, self.instance, {"ids": ids}, pages[0].resume
                )
            )
        self.assertEqual(len(pages), 2)
        self.assertEqual(
            [item.key for item in rest[0].items], [item.key for item in pages[1].items]
        )
        self.assertTrue(pages[1].items)

    def test_a_level_that_makes_no_sense_stops_no_other(self):
        path = f"v3/inventory/items/{self.bowl_item.bc_id}"
        item = self.store.control("GET", path)
        item["locations"][0]["total_inventory_onhand"] = 3_000_000_000
        self.store.put(path, item)
        self.set_level(self.mug_item, 70)
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), 70)
        line = self.get_lines("import_inventory", key=self.bowl_item.bc_id)
        self.assertEqual(line.cause_id.code, "unreadable")

    def test_who_may_not_adjust_stock_may_not_import_it(self):
        user = new_test_user(
            self.env, "reads", "bigcommerce_connector.bigcommerce_group_user"
        )
        with self.assertRaises(AccessError):
            self.instance.with_user(user).action_import_inventory()
