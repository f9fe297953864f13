"""What stores have sold and Odoo does not know yet is not offered again."""

from odoo.tests import tagged

from .stock_case import BOWL_SKU, MUG_SKU, StockCase

MUGS = {"sku": MUG_SKU, "quantity": 10}
# Statuses in the store.
INCOMPLETE, SHIPPED, PARTIALLY_SHIPPED = 0, 2, 3
REFUNDED, CANCELLED, DECLINED, COMPLETED, AWAITING = 4, 5, 6, 10, 11


class FlightCase(StockCase):
    def setUp(self):
        super().setUp()
        self.let_store_take_stock_on("order_placed")

    def get_exported(self, item=None, location_id=1):
        """Export as if the store had never been told; return what it has then."""
        self.env["bigcommerce.stock.level"].search([]).unlink()
        self.export()
        return self.get_level(item or self.mug_item, location_id)


@tagged("post_install", "-at_install")
class TestWaitingOrders(FlightCase):
    def import_blocked(self, **cart):
        """Import an order that is blocked: its product is archived."""
        self.mug.active = False
        order = self.import_order(lines=[MUGS], **cart)
        self.mug.active = True
        self.assertEqual(order.state, "blocked")
        return order

    def test_a_blocked_order_has_taken_its_goods(self):
        self.import_blocked()
        self.export()
        self.assertEqual(self.get_level(self.mug_item), 90)
        self.assertEqual(self.get_confirmed(self.mug_item), 90)

    def test_each_basis_is_less_by_it(self):
        self.import_blocked()
        for basis in ("free", "on_hand", "forecast"):
            self.instance.stock_basis = basis
            self.assertEqual(self.get_exported(), 90, basis)

    def test_once_imported_and_confirmed_it_is_odoos(self):
        order = self.import_blocked()
        order.action_import_now()
        self.drain()
        self.assertEqual(order.state, "imported")
        self.assertEqual(self.get_exported(), 90)
        order.sale_order_id.action_confirm()
        self.assertEqual(self.get_exported(), 90)
        self.validate(order.sale_order_id.picking_ids)
        self.assertEqual(self.get_exported(), 90)

    def test_what_is_partly_shipped_is_delivered_in_odoo_as_a_whole(self):
        self.instance.order_status_ids |= self.env["bigcommerce.order.status"].search(
            [("bc_id", "=", "3"), ("instance_id", "=", self.instance.id)]
        )
        self.mug.active = False
        order = self.import_order(
            lines=[{**MUGS, "shipped": 4}], status=PARTIALLY_SHIPPED
        )
        self.mug.active = True
        self.assertEqual(order.state, "blocked")
        self.assertEqual(self.get_exported(), 90)

    def test_what_is_cancelled_or_refunded_has_been_given_back(self):
        order = self.import_blocked()
        for status in (INCOMPLETE, REFUNDED, CANCELLED, DECLINED):
            with self.subTest(status=status):
                self.store.patch(f"v2/orders/{order.bc_id}", status_id=status)
                self.import_orders()
                self.assertEqual(self.get_exported(), 100)

    def test_two_orders_take_twice(self):
        self.import_blocked()
        self.import_blocked()
        self.assertEqual(self.get_exported(), 80)

    def test_a_product_of_two_items_is_taken_from_both(self):
        self.bowl_item.product_id = self.mug
        self.import_blocked()
        self.assertEqual(self.get_exported(), 90)
        self.assertEqual(self.get_level(self.bowl_item), 90)

    def test_what_another_store_of_the_company_has_sold_is_gone_as_well(self):
        other = self.create_instance(name="Other", store_hash="other")
        other.state = "confirmed"
        self.import_blocked()
        location = self.location.copy(
            {"instance_id": other.id, "bc_id": "1", "is_stock_enabled": True}
        )
        listing = self.mug_item.listing_id.copy(
            {"instance_id": other.id, "is_excluded": False, "item_ids": []}
        )
        self.mug_item.copy({"instance_id": other.id, "listing_id": listing.id})
        targets = self.env["bigcommerce.stock.targets"]._get_targets(other)
        self.assertEqual(
            [(one.location, one.quantity) for one in targets], [(location, 90)]
        )

    def test_a_pickup_takes_from_its_location(self):
        self.instance.stock_brake_share = 100
        second = self.add_location("3")
        self.put(self.mug, 50, second.stock_location_id)
        self.import_blocked(pickup=3)
        self.assertEqual(self.get_exported(), 100)
        self.assertEqual(self.get_level(self.mug_item, 3), 40)

    def test_a_location_that_is_archived_is_still_where_its_orders_leave_from(self):
        second = self.add_location("3")
        self.put(self.mug, 50, second.stock_location_id)
        self.import_blocked(pickup=3)
        second.active = False
        self.assertEqual(self.get_exported(), 100)

    def test_a_location_without_a_place_takes_from_where_odoo_will(self):
        self.import_blocked(pickup=3)
        self.assertEqual(self.get_exported(), 90)


@tagged("post_install", "-at_install")
class TestQuotations(FlightCase):
    def test_a_quotation_reserves_nothing_and_is_subtracted(self):
        order = self.import_order(lines=[MUGS])
        self.assertEqual(order.sale_order_id.state, "draft")
        self.assertEqual(self.get_exported(), 90)
        order.sale_order_id.action_quotation_sent()
        self.assertEqual(self.get_exported(), 90)

    def test_a_cancelled_quotation_is_not_subtracted(self):
        order = self.import_order(lines=[MUGS])
        order.sale_order_id._action_cancel()
        self.assertEqual(self.get_exported(), 100)

    def test_a_held_order_is_subtracted_like_a_quotation(self):
        order = self.import_order(lines=[MUGS], unexplained="5")
        self.assertEqual(order.state, "held")
        self.assertEqual(self.get_exported(), 90)

    def test_what_is_confirmed_counts_once(self):
        order = self.import_order(lines=[MUGS])
        order.sale_order_id.action_confirm()
        self.assertEqual(self.get_exported(), 90)

    def test_another_quotation_of_odoo_does_not_count(self):
        self.env["sale.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "order_line": [
                    (0, 0, {"product_id": self.mug.id, "product_uom_qty": 9})
                ],
            }
        )
        self.assertEqual(self.get_exported(), 100)

    def test_downloads_and_shipping_take_nothing(self):
        self.import_order(lines=[{"sku": "PLANNER-PDF"}], shipping=["5.00"])
        self.assertEqual(self.get_exported(), 100)


@tagged("post_install", "-at_install")
class TestOrdersThatAreNotSelected(FlightCase):
    def import_other(self, status, **line):
        order = self.import_order(lines=[{**MUGS, **line}], status=status)
        self.assertEqual(order.state, "not_selected")
        return order

    def test_an_open_one_has_taken_what_is_not_shipped(self):
        self.import_other(PARTIALLY_SHIPPED, shipped=4)
        self.assertEqual(self.get_exported(), 94)

    def test_those_that_are_over_have_taken_nothing(self):
        for status in (INCOMPLETE, SHIPPED, REFUNDED, CANCELLED, DECLINED, COMPLETED):
            with self.subTest(status=status):
                self.import_other(status)
                self.assertEqual(self.get_exported(), 100)

    def test_an_archived_one_has_taken_nothing(self):
        order = self.import_other(PARTIALLY_SHIPPED, shipped=0)
        self.assertEqual(self.get_exported(), 90)
        self.store.patch(f"v2/orders/{order.bc_id}", is_deleted=True)
        self.import_orders()
        self.assertEqual(order.reason_code, "archived")
        self.assertEqual(self.get_exported(), 100)


@tagged("post_install", "-at_install")
class TestStoresThatTakeStockWhenTheyShip(FlightCase):
    def setUp(self):
        super().setUp()
        self.let_store_take_stock_on("order_completed_or_shipped")

    def test_an_open_order_has_taken_nothing(self):
        order = self.import_order(lines=[MUGS])
        self.assertTrue(order.sale_order_id)
        self.import_order(lines=[MUGS], status=PARTIALLY_SHIPPED)
        self.assertEqual(self.get_exported(), 100)

    def test_a_shipped_order_has_taken_its_goods(self):
        statuses = self.env["bigcommerce.order.status"].search(
            [("instance_id", "=", self.instance.id), ("bc_id", "in", ("2", "10"))]
        )
        self.instance.order_status_ids |= statuses
        self.import_order(lines=[{**MUGS, "shipped": 10}], status=SHIPPED)
        self.assertEqual(self.get_exported(), 90)
        self.import_order(lines=[MUGS], status=COMPLETED)
        self.assertEqual(self.get_exported(), 80)


@tagged("post_install", "-at_install")
class TestWhatIsKept(FlightCase):
    def get_quantities(self, **cart):
        return self.import_order(**cart).stock_quantities

    def test_what_is_ordered_and_still_to_be_shipped_is_kept_by_variant(self):
        self.assertEqual(
            self.get_quantities(
                lines=[{**MUGS, "shipped": 4}, MUGS, {"sku": BOWL_SKU, "shipped": 1}],
                status=PARTIALLY_SHIPPED,
            ),
            {
                "": {
                    self.mug_item.bc_id: [20.0, 16.0],
                    self.bowl_item.bc_id: [1.0, 0.0],
                }
            },
        )

    def test_nothing_is_kept_of_downloads_and_of_what_has_no_variant(self):
        self.assertFalse(
            self.get_quantities(
                lines=[{"sku": "PLANNER-PDF"}, {"name": "Tea", "price": "1"}]
            )
        )

    def test_it_follows_the_order(self):
        order = self.import_order(lines=[MUGS])
        self.assertEqual(order.stock_quantities[""][self.mug_item.bc_id], [10.0, 10.0])
        products = self.store.control("GET", f"v2/orders/{order.bc_id}/products")
        products[0]["quantity_shipped"] = 10
        self.store.put(f"v2/orders/{order.bc_id}/products", products)
        self.store.patch(f"v2/orders/{order.bc_id}", items_shipped=10)
        self.import_orders()
        order.invalidate_recordset()
        self.assertEqual(order.stock_quantities[""][self.mug_item.bc_id], [10.0, 0.0])
