"""What was changed in the store is found, shown, and made as Odoo has it."""

from odoo import fields
from odoo.tests import tagged

from ..sync import inventory_lists, scan
from .stock_case import MUG_SKU, StockCase

OPERATION = "compare_inventory"
MUGS = {"sku": MUG_SKU, "quantity": 10}


@tagged("post_install", "-at_install")
class TestCompare(StockCase):
    def get_found(self, item=None, location=None):
        return self.env["bigcommerce.stock.level"].search(
            [
                ("item_id", "=", (item or self.mug_item).id),
                ("location_id", "=", (location or self.location).id),
            ]
        )

    def get_logs(self):
        return self.env["bigcommerce.log"].search([("operation", "=", OPERATION)])

    def activate(self, operation):
        self.env["bigcommerce.automatic.job"]._get_job(
            self.instance, operation
        ).active = True

    def test_nothing_is_found_or_repaired_where_nothing_has_changed(self):
        job = self.compare()
        self.assertEqual((job.state, job.line_count), ("done", 0))
        self.assertEqual(self.get_writes(), [])
        self.assertFalse(self.get_found().found_on)
        self.assertFalse(self.get_logs())

    def test_what_was_changed_there_is_shown_and_repaired(self):
        self.set_level(self.mug_item, 40)
        self.compare()
        self.assertEqual(self.get_level(self.mug_item), 100)
        level = self.get_found()
        self.assertEqual((level.quantity, level.found_quantity), (100, 40))
        self.assertTrue(level.found_on)
        self.assertFalse(self.get_found(self.bowl_item).found_on)
        line = self.get_lines(OPERATION)
        self.assertEqual((line.state, line.res_id), ("done", self.mug_item.id))
        self.assertEqual(line.message, "Main warehouse: 40 instead of 100.")
        log = self.get_logs()
        self.assertEqual(log.level, "error")
        self.assertIn("1 levels have been changed", log.message)
        changed = self.env["bigcommerce.stock.level"].search(
            [("found_on", "!=", False)]
        )
        self.assertEqual(changed, level)

    def test_several_changes_are_one_entry_and_one_request(self):
        for item in (self.mug_item, self.bowl_item):
            self.set_level(item, 40)
        self.store.forget_requests()
        self.compare()
        self.assertEqual(len(self.get_logs()), 1)
        self.assertIn("2 levels", self.get_logs().message)
        self.assertEqual(len(self.get_writes()), 1)

    def test_a_second_comparison_finds_nothing_and_keeps_the_finding(self):
        self.set_level(self.mug_item, 40)
        self.compare()
        found_on = self.get_found().found_on
        self.assertEqual(self.compare().line_count, 0)
        self.assertEqual(self.get_found().found_on, found_on)
        self.assertEqual(len(self.get_logs()), 1)

    def test_what_an_order_has_taken_is_no_finding(self):
        self.import_order(lines=[MUGS])
        self.assertEqual(self.get_level(self.mug_item), 90)
        self.store.forget_requests()
        self.assertEqual(self.compare().line_count, 0)
        self.assertFalse(self.get_found().found_on)
        self.assertEqual(self.get_found().quantity, 90)
        self.assertEqual(self.get_writes(), [])
        self.export()
        self.assertEqual(self.get_writes(), [])

    def test_what_an_unread_order_has_taken_is_not_given_back(self):
        self.activate("import_orders")
        self.store.place_order(lines=[MUGS])
        self.compare()
        self.assertEqual(self.get_level(self.mug_item), 90)
        self.assertEqual(self.get_found().quantity, 90)

    def test_orders_are_not_imported_where_nobody_wants_them(self):
        bc_id = self.store.place_order(lines=[MUGS])
        self.compare()
        self.assertFalse(self.get_order(bc_id))

    def test_what_odoo_has_to_tell_is_told_and_no_finding(self):
        self.put(self.mug, -30)
        self.compare()
        self.assertEqual(self.get_level(self.mug_item), 70)
        self.assertFalse(self.get_found().found_on)
        self.assertEqual(self.get_lines(OPERATION).message, False)

    def test_what_odoo_never_told_is_read_and_no_finding(self):
        self.env["bigcommerce.stock.level"].search([]).unlink()
        self.set_level(self.mug_item, 40)
        self.compare()
        self.assertEqual(self.get_level(self.mug_item), 100)
        self.assertFalse(self.get_found().found_on)
        self.assertEqual(self.get_found(self.bowl_item).quantity, 100)

    def test_what_was_set_to_zero_there_is_filled_again(self):
        self.set_level(self.mug_item, 0)
        self.compare()
        self.assertEqual(self.get_level(self.mug_item), 100)
        self.assertEqual(self.get_found().found_quantity, 0)

    def test_a_repair_that_empties_too_much_waits(self):
        for product in (self.mug, self.bowl):
            self.put(product, -100)
        self.compare()
        self.assertEqual(self.get_level(self.mug_item), 100)
        lines = self.get_lines("export_inventory")
        self.assertEqual(set(lines.mapped("cause_id.code")), {"needs_approval"})

    def test_what_is_not_exported_is_not_compared(self):
        self.set_level(self.mug_item, 40)
        for record, vals in (
            (self.location, {"stock_direction": "import"}),
            (self.location, {"is_stock_enabled": False}),
            (self.mug_item.listing_id, {"is_excluded": True}),
            (self.mug_item, {"product_id": False}),
        ):
            with self.subTest(vals=vals), self.env.cr.savepoint() as savepoint:
                record.write(vals)
                self.assertEqual(self.compare().line_count, 0)
                self.assertEqual(self.get_level(self.mug_item), 40)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_listing_tracked_as_a_whole_is_left_alone(self):
        """Which of its items the store shows its level with is not documented."""
        item = self.get_item("GLOVES-S")
        item.listing_id.write({"inventory_tracking": "product", "is_excluded": False})
        self.assertEqual(self.compare().line_count, 0)

    def test_each_location_is_compared_on_its_own(self):
        second = self.add_location()
        self.instance.stock_brake_share = 100
        self.put(self.mug, 7, second.stock_location_id)
        self.export()
        self.set_level(self.mug_item, 3, location_id=2)
        self.compare()
        self.assertEqual(self.get_level(self.mug_item, 2), 7)
        self.assertEqual(self.get_found(location=second).found_quantity, 3)
        self.assertFalse(self.get_found().found_on)

    def test_pages_of_any_size_are_compared_whole(self):
        number = len(self.store.control("GET", "v3/inventory/items"))
        for size in (number + 1, number, number - 1, 10):
            with self.subTest(size=size):
                self.patch(inventory_lists, "ITEMS_PER_PAGE", size)
                self.set_level(self.mug_item, 40)
                self.store.forget_requests()
                self.compare()
                self.assertEqual(self.get_level(self.mug_item), 100)
                pages = -(-number // size)
                self.assertEqual(len(self.store.get_requests()), pages + 1)

    def test_a_long_list_goes_on_where_it_stopped(self):
        self.patch(inventory_lists, "ITEMS_PER_PAGE", 10)
        self.patch(scan, "PAGES_AT_A_TIME", 1)
        self.set_level(self.mug_item, 40)
        self.assertEqual(self.compare().state, "done")
        self.assertEqual(self.get_level(self.mug_item), 100)

    def test_a_retry_reads_again(self):
        """A line is read again after some time: the level may be another."""
        self.set_level(self.mug_item, 40)
        self.instance._start(OPERATION)
        with self.open_engine() as engine:
            engine._scan_next(engine.env["ir.cron"])
        line = self.get_lines(OPERATION)
        line.write({"state": "failed", "cause_id": False})
        line.read_on = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        self.set_level(self.mug_item, 100)
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(self.get_level(self.mug_item), 100)

    def test_the_button_repairs_what_was_changed_there(self):
        self.set_level(self.mug_item, 40)
        self.instance.action_compare_inventory()
        self.drain()
        self.assertEqual(self.get_level(self.mug_item), 100)
