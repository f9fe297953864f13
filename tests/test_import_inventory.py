"""The store's stock becomes Odoo's, without taking what was sold a second time."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..sync import inventory_lists, scan
from .delivery_case import THERE
from .stock_case import BOWL_SKU, MUG_SKU, StockCase

OPERATION = "import_inventory"
MUGS = {"sku": MUG_SKU, "quantity": 10}
SHIPPED, CANCELLED, COMPLETED = 2, 5, 10
AWAITING_PAYMENT, AWAITING_FULFILLMENT = 7, 11


class ImportCase(StockCase):
    def setUp(self):
        super().setUp()
        self.instance.validate_inventory_adjustment = True
        self.let_store_take_stock_on("order_placed")

    def get_line(self, item):
        return self.get_lines(OPERATION, key=item.bc_id)

    def get_counted(self, product, place=None):
        """Return what was counted and not applied, None if nothing was."""
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "=", (place or self.stock_location).id),
            ]
        )
        return quant.inventory_quantity if quant.inventory_quantity_set else None


@tagged("post_install", "-at_install")
class TestAdjustments(ImportCase):
    def test_what_differs_becomes_an_adjustment(self):
        self.set_level(self.mug_item, 70)
        job = self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), 70)
        self.assertEqual(self.get_on_hand(self.bowl), 100)
        move = self.env["stock.move"].search(
            [("product_id", "=", self.mug.id), ("is_inventory", "=", True)]
        )
        self.assertEqual((move.state, move.quantity), ("done", 30))
        self.assertEqual(move.location_id, self.stock_location)
        self.assertEqual(move.inventory_name, "Stock of Sandbox")
        line = self.get_lines(OPERATION)
        self.assertEqual((line.key, line.state), (self.mug_item.bc_id, "done"))
        self.assertEqual((line.res_id, line.message), (self.mug_item.id, False))
        self.assertEqual((job.state, job.done_count), ("done", 1))
        self.assertEqual(self.get_confirmed(self.mug_item), 70)
        self.assertQueueIsSound()

    def test_a_second_import_writes_nothing(self):
        self.set_level(self.mug_item, 70)
        self.import_stock()
        moves = self.env["stock.move"].search_count([])
        self.assertEqual(self.import_stock().line_count, 0)
        self.assertEqual(self.env["stock.move"].search_count([]), moves)

    def test_what_is_equal_is_known_without_a_line(self):
        self.env["bigcommerce.stock.level"].search([]).unlink()
        self.assertEqual(self.import_stock().line_count, 0)
        self.assertEqual(self.get_confirmed(self.mug_item), 100)
        self.assertEqual(self.get_confirmed(self.bowl_item), 100)

    def test_what_odoo_had_nothing_of_gets_the_level_of_the_store(self):
        item = self.get_item("SKILLET-10")
        item.listing_id.is_excluded = False
        self.import_stock()
        self.assertEqual(self.get_on_hand(item.product_id), 30)
        self.set_level(item, 0)
        self.import_stock()
        self.assertEqual(self.get_on_hand(item.product_id), 0)

    def test_not_validated_it_waits_as_counted(self):
        self.instance.validate_inventory_adjustment = False
        self.set_level(self.mug_item, 70)
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), 100)
        self.assertEqual(self.get_counted(self.mug), 70)
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.mug.id),
                ("location_id", "=", self.stock_location.id),
            ]
        )
        self.assertFalse(quant.is_outdated)
        quant.action_apply_inventory()
        self.assertEqual(self.get_on_hand(self.mug), 70)

    def test_a_second_count_replaces_the_first(self):
        self.instance.validate_inventory_adjustment = False
        for level in (70, 60, 0):
            self.set_level(self.mug_item, level)
            self.import_stock()
            self.assertEqual(self.get_counted(self.mug), level)
        self.assertEqual(self.import_stock().line_count, 0)
        self.set_level(self.mug_item, 100)
        self.import_stock()
        self.assertIsNone(self.get_counted(self.mug))
        self.assertEqual(self.get_on_hand(self.mug), 100)

    def test_a_count_is_right_although_stock_moved_since(self):
        self.instance.validate_inventory_adjustment = False
        self.set_level(self.mug_item, 70)
        self.import_stock()
        self.put(self.mug, -20)
        self.instance.validate_inventory_adjustment = True
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), 70)
        self.assertIsNone(self.get_counted(self.mug))

    def test_what_somebody_counts_by_hand_is_left_where_nothing_differs(self):
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.mug.id),
                ("location_id", "=", self.stock_location.id),
            ]
        )
        someone = self.env.ref("base.user_admin")
        quant.write(
            {
                "inventory_quantity": 98,
                "inventory_quantity_set": True,
                "user_id": someone.id,
            }
        )
        self.import_stock()
        self.assertEqual(self.get_counted(self.mug), 98)

    def test_what_somebody_counts_by_hand_is_not_overwritten(self):
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.mug.id),
                ("location_id", "=", self.stock_location.id),
            ]
        )
        someone = self.env.ref("base.user_admin")
        quant.write(
            {
                "inventory_quantity": 98,
                "inventory_quantity_set": True,
                "user_id": someone.id,
            }
        )
        self.set_level(self.mug_item, 70)
        self.import_stock()
        self.assertEqual(self.get_counted(self.mug), 98)
        self.assertEqual(quant.user_id, someone)
        self.assertEqual(self.get_on_hand(self.mug), 100)
        self.assertIn(someone.name, self.get_line(self.mug_item).message)
        quant.action_clear_inventory_quantity()
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), 70)

    def test_several_places_hold_it_together(self):
        yard = self.add_place("Yard", self.warehouse.view_location_id)
        shelf = self.add_place("Shelf")
        self.put(self.mug, 20, yard)
        self.put(self.mug, 5, shelf)
        self.location.counted_location_ids = yard
        self.set_level(self.mug_item, 90)
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug, yard), 20)
        self.assertEqual(self.get_on_hand(self.mug, shelf), 5)
        self.assertEqual(self.get_on_hand(self.mug), 70)
        self.assertFalse(self.get_line(self.mug_item).message)

    def test_less_than_lies_in_other_places_is_said(self):
        yard = self.add_place("Yard", self.warehouse.view_location_id)
        self.put(self.mug, 20, yard)
        self.location.counted_location_ids = yard
        self.set_level(self.mug_item, 15)
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), 0)
        self.assertEqual(self.get_on_hand(self.mug, yard), 20)
        self.assertIn("-5.0", self.get_line(self.mug_item).message)

    def test_packages_and_owners_keep_theirs(self):
        owner = self.env["res.partner"].create({"name": "Owner"})
        package = self.env["stock.package"].create({})
        self.put(self.mug, 20, owner_id=owner)
        self.put(self.mug, 7, package_id=package)
        self.set_level(self.mug_item, 50)
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), 50)
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.mug.id),
                ("location_id", "=", self.stock_location.id),
            ]
        )
        self.assertEqual(sorted(quants.mapped("quantity")), [7, 20, 23])

    def test_each_location_is_counted_at_its_own_place(self):
        second = self.add_location()
        self.set_level(self.mug_item, 70)
        self.set_level(self.mug_item, 12, location_id=2)
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), 70)
        self.assertEqual(self.get_on_hand(self.mug, second.stock_location_id), 12)
        self.assertEqual(self.get_confirmed(self.mug_item, second), 12)
        self.assertEqual(len(self.get_line(self.mug_item)), 1)

    def test_a_location_that_is_off_or_for_export_only_is_not_imported(self):
        self.set_level(self.mug_item, 70)
        for vals in (
            {"is_stock_enabled": False},
            {"active": False},
            {"stock_direction": "export"},
        ):
            with self.subTest(vals=vals), self.env.cr.savepoint() as savepoint:
                self.location.write(vals)
                self.assertEqual(self.import_stock().line_count, 0)
                self.assertEqual(self.get_on_hand(self.mug), 100)
                savepoint.rollback()
            self.env.invalidate_all()
        self.location.stock_direction = "import"
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), 70)

    def test_nothing_is_written_to_the_store(self):
        self.set_level(self.mug_item, 70)
        self.import_stock()
        self.assertEqual(self.get_writes(), [])

    def test_the_button_imports_and_refuses_where_no_location_imports(self):
        self.set_level(self.mug_item, 70)
        self.instance.action_import_inventory()
        self.drain()
        self.assertEqual(self.get_on_hand(self.mug), 70)
        self.location.stock_direction = "export"
        with self.assertRaises(UserError):
            self.instance.action_import_inventory()

    def test_the_company_is_the_stores(self):
        self.set_level(self.mug_item, 70)
        self.import_stock()
        move = self.env["stock.move"].search(
            [("product_id", "=", self.mug.id), ("is_inventory", "=", True)]
        )
        self.assertEqual(move.company_id, self.instance.company_id)


@tagged("post_install", "-at_install")
class TestSkipped(ImportCase):
    def assertSkipped(self, item, words):
        before = self.get_on_hand(item.product_id)
        self.set_level(item, 33)
        self.import_stock()
        line = self.get_line(item)[:1]
        self.assertEqual((line.state, line.res_id), ("done", item.id))
        self.assertIn(words, line.message)
        self.assertEqual(self.get_on_hand(item.product_id), before)

    def test_what_the_store_does_not_track_is_skipped(self):
        self.mug_item.listing_id.inventory_tracking = "none"
        self.assertSkipped(self.mug_item, "does not track")

    def test_products_with_lots_or_serial_numbers_are_skipped(self):
        for tracking in ("lot", "serial"):
            item = self.get_item("SKILLET-10")
            item.listing_id.is_excluded = False
            item.product_id.tracking = tracking
            with self.subTest(tracking=tracking):
                self.assertSkipped(item, "lots or serial numbers")

    def test_what_odoo_does_not_track_is_skipped(self):
        item = self.get_item("SKILLET-10")
        item.listing_id.is_excluded = False
        item.product_id.is_storable = False
        self.assertSkipped(item, "Odoo does not track")

    def test_several_items_of_one_product_are_skipped(self):
        self.bowl_item.product_id = self.mug
        self.assertSkipped(self.mug_item, "Stoneware bowl")
        self.assertSkipped(self.bowl_item, "Enamel mug")

    def test_of_several_items_the_only_tracked_one_is_imported(self):
        self.bowl_item.product_id = self.mug
        self.bowl_item.listing_id.inventory_tracking = "none"
        self.set_level(self.mug_item, 33)
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), 33)
        self.assertIn("does not track", self.get_line(self.bowl_item).message)

    def test_a_listing_tracked_as_a_whole_with_several_items_is_skipped(self):
        item = self.get_item("GLOVES-S")
        item.listing_id.write({"inventory_tracking": "product", "is_excluded": False})
        self.assertSkipped(item, "as a whole")

    def test_nothing_is_said_of_what_is_not_synchronised(self):
        self.set_level(self.mug_item, 33)
        for record, vals in (
            (self.mug_item.listing_id, {"is_excluded": True}),
            (self.mug_item.listing_id, {"active": False}),
            (self.mug_item, {"active": False}),
            (self.mug_item, {"product_id": False}),
        ):
            with self.subTest(vals=vals), self.env.cr.savepoint() as savepoint:
                record.write(vals)
                self.assertEqual(self.import_stock().line_count, 0)
                self.assertEqual(self.get_on_hand(self.mug), 100)
                savepoint.rollback()
            self.env.invalidate_all()


class LifeCase(ImportCase):
    """An order's life, with the stock imported after each step.

    The goods that lie there are what Odoo says lies there.
    """

    event = "order_placed"

    def setUp(self):
        super().setUp()
        self.let_store_take_stock_on(self.event)

    def assertThere(self, quantity, place=None):
        """As many mugs are there before the stock is imported and afterwards."""
        self.assertEqual(self.get_on_hand(self.mug, place), quantity, "before")
        for _time in range(2):
            self.import_stock()
            self.assertEqual(self.get_on_hand(self.mug, place), quantity, "after")

    def set_status(self, order, status):
        """Let the store have another status of an order, and Odoo know of it."""
        self.store.patch(f"v2/orders/{order.bc_id}", status_id=status)
        self.import_orders()
        self.assertEqual(order.status_id.bc_id, str(status))

    def deliver(self, sale_order, quantity):
        """Deliver some of the mugs, the rest stays in a backorder."""
        picking = sale_order.picking_ids.filtered(lambda own: own.state == "assigned")
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self.assertEqual(picking.state, "done")

    def take_back(self, picking, quantity):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = quantity
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.quantity = quantity
        back.move_ids.picked = True
        back.with_context(skip_sms=True).button_validate()
        self.assertEqual(back.state, "done")

    def test_an_order_is_subtracted_when_it_is_delivered_and_not_before(self):
        order = self.import_order(lines=[MUGS])
        self.assertThere(100)
        order.sale_order_id.action_confirm()
        self.assertThere(100)
        self.validate(order.sale_order_id.picking_ids)
        self.assertThere(90)
        self.set_status(order, SHIPPED)
        self.assertEqual(self.get_level(self.mug_item), 90)
        self.assertThere(90)

    def test_an_order_that_is_not_imported_yet_is_not_subtracted(self):
        self.mug.active = False
        order = self.import_order(lines=[MUGS])
        self.assertEqual(order.state, "blocked")
        self.assertThere(100)
        self.mug.active = True
        order.action_import_now()
        self.drain()
        self.assertThere(100)

    def test_an_order_cancelled_before_its_delivery_takes_nothing(self):
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        self.set_status(order, CANCELLED)
        self.assertEqual(self.get_level(self.mug_item), 100)
        self.assertThere(100)
        order.sale_order_id._action_cancel()
        self.assertThere(100)

    def test_what_is_delivered_in_parts_is_subtracted_part_by_part(self):
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        self.deliver(order.sale_order_id, 4)
        self.assertThere(96)
        self.deliver(order.sale_order_id, 6)
        self.assertThere(90)
        self.set_status(order, COMPLETED)
        self.assertThere(90)

    def test_what_is_picked_out_of_the_location_is_subtracted_once(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        self.assertThere(100)
        pick = order.sale_order_id.picking_ids
        self.validate(pick)
        self.assertThere(90)
        self.validate(order.sale_order_id.picking_ids - pick)
        self.assertThere(90)

    def test_what_is_picked_within_the_location_is_subtracted_when_it_leaves(self):
        output = self.warehouse.wh_output_stock_loc_id
        self.warehouse.delivery_steps = "pick_ship"
        self.location.counted_location_ids = output
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        places = self.stock_location + output
        self.assertThere(100, places)
        pick = order.sale_order_id.picking_ids
        self.validate(pick)
        self.assertThere(100, places)
        self.validate(order.sale_order_id.picking_ids - pick)
        self.assertThere(90, places)

    def test_the_orders_of_another_store_do_not_count(self):
        """Its goods lie elsewhere, and only its own stock knows of them."""
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        other = self.create_instance(name="Other", store_hash="other")
        status = self.env["bigcommerce.order.status"].create(
            {"instance_id": other.id, "bc_id": "11", "name": "Awaiting"}
        )
        self.assertThere(100)
        order.write({"instance_id": other.id, "status_id": status.id})
        self.import_stock()
        level = self.get_level(self.mug_item)
        self.assertEqual(self.get_on_hand(self.mug), level)

    def test_what_goes_out_of_another_warehouse_does_not_count(self):
        second = self.add_location("3")
        self.put(self.mug, 50, second.stock_location_id)
        self.set_level(self.mug_item, 50, location_id=3)
        order = self.import_order(lines=[MUGS], pickup=3)
        order.sale_order_id.action_confirm()
        self.assertThere(100)
        self.assertThere(50, second.stock_location_id)
        self.validate(order.sale_order_id.picking_ids)
        self.assertThere(100)
        self.assertThere(40, second.stock_location_id)

    def test_deliveries_to_two_addresses_are_subtracted_one_by_one(self):
        order = self.import_order(
            lines=[MUGS, {**MUGS, "address": 1}], addresses=[THERE, THERE]
        )
        order.sale_order_id.action_confirm()
        self.assertThere(100)
        self.validate(order.sale_order_id.picking_ids[:1])
        self.assertThere(90)
        self.validate(order.sale_order_id.picking_ids[1:])
        self.assertThere(80)

    def test_other_deliveries_of_odoo_do_not_count(self):
        sale_order = self.env["sale.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "order_line": [
                    (0, 0, {"product_id": self.mug.id, "product_uom_qty": 9})
                ],
            }
        )
        sale_order.action_confirm()
        self.assertThere(100)


@tagged("post_install", "-at_install")
class TestLifeWhereStockIsTakenWhenOrdersArePlaced(LifeCase):
    def test_the_store_takes_stock_when_an_order_is_placed(self):
        self.import_order(lines=[MUGS])
        self.assertEqual(self.get_level(self.mug_item), 90)

    def test_what_an_open_order_not_selected_took_is_not_given_back(self):
        order = self.import_order(lines=[MUGS], status=AWAITING_PAYMENT)
        self.assertEqual(order.state, "not_selected")
        self.assertThere(100)
        self.store.forget_requests()
        self.export()
        self.assertFalse(self.get_writes())
        self.set_status(order, AWAITING_FULFILLMENT)
        self.assertEqual(order.state, "imported")
        order.sale_order_id.action_confirm()
        self.export()
        self.assertEqual(self.get_level(self.mug_item), 90)
        self.assertThere(100)

    def test_what_came_back_is_the_stores_to_say(self):
        """The store offers it again when somebody there puts it back."""
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        self.validate(order.sale_order_id.picking_ids)
        self.take_back(order.sale_order_id.picking_ids, 3)
        self.set_level(self.mug_item, 93)
        self.assertThere(93)


@tagged("post_install", "-at_install")
class TestLifeWhereStockIsTakenWhenOrdersAreShipped(LifeCase):
    event = "order_completed_or_shipped"

    def test_the_store_takes_stock_when_an_order_is_shipped(self):
        order = self.import_order(lines=[MUGS])
        self.assertEqual(self.get_level(self.mug_item), 100)
        self.set_status(order, SHIPPED)
        self.assertEqual(self.get_level(self.mug_item), 90)

    def test_what_came_back_is_counted_again(self):
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        self.validate(order.sale_order_id.picking_ids)
        self.assertThere(90)
        self.take_back(order.sale_order_id.picking_ids, 3)
        self.assertThere(93)

    def test_what_is_shipped_there_before_its_delivery_is_subtracted_once(self):
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        self.set_status(order, SHIPPED)
        self.assertThere(100)
        self.validate(order.sale_order_id.picking_ids)
        self.assertThere(90)


@tagged("post_install", "-at_install")
class TestPages(ImportCase):
    def test_pages_of_any_size_are_read_to_the_end(self):
        items = self.store.control("GET", "v3/inventory/items")
        for size in (len(items) + 1, len(items), len(items) - 1, 10):
            with self.subTest(size=size), self.env.cr.savepoint() as savepoint:
                self.patch(inventory_lists, "ITEMS_PER_PAGE", size)
                self.set_level(self.mug_item, 70)
                self.set_level(self.bowl_item, 60)
                self.store.forget_requests()
                self.import_stock()
                self.assertEqual(self.get_on_hand(self.mug), 70)
                self.assertEqual(self.get_on_hand(self.bowl), 60)
                pages = -(-len(items) // size)
                self.assertEqual(len(self.store.get_requests()), pages)
                savepoint.rollback()
            self.env.invalidate_all()
            self.store.reset()

    def test_a_store_without_items_is_no_problem(self):
        self.store.put("v3/inventory/items", [])
        self.assertEqual(self.import_stock().state, "done")
        self.assertEqual(self.get_on_hand(self.mug), 100)

    def test_a_long_list_goes_on_where_it_stopped(self):
        self.patch(inventory_lists, "ITEMS_PER_PAGE", 10)
        self.set_level(self.mug_item, 70)
        last = self.get_item("CARD-PRESS")
        last.listing_id.is_excluded = False
        self.set_level(last, 55)
        self.patch(scan, "PAGES_AT_A_TIME", 1)
        self.import_stock()
        self.assertEqual(self.get_on_hand(self.mug), 70)
        self.assertEqual(self.get_on_hand(last.product_id), 55)

    def test_many_items_take_hardly_more_queries_than_two(self):
        items = self.env["bigcommerce.listing.item"].search(
            [("listing_id.inventory_tracking", "in", ("product", "variant"))]
        )
        items.listing_id.is_excluded = False
        operation = self.instance._get_operation(OPERATION)
        levels = {item.bc_id: {"1": 5} for item in items}

        def count(keys):
            imported, _skipped = operation._sort_items(self.instance, keys)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            operation._count(self.instance, imported, levels)
            return self.cr.sql_log_count - before

        few = count([self.mug_item.bc_id, self.bowl_item.bc_id])
        self.assertGreater(len(items), 50)
        self.assertLessEqual(count(list(levels)), few + 3)
        self.assertLess(few, 40)
        self.assertIn(BOWL_SKU, items.mapped("sku"))
