"""An order changed by the store's people is as consistent as a new one."""

from decimal import Decimal

from requests import HTTPError

from odoo.tests import tagged

from .sandbox_case import StoreCase

TAXES = [{"name": "Tax", "rate": "10"}]
MUG = {"sku": "MUG-ENAMEL", "price": "10", "name": "Mug"}


@tagged("post_install", "-at_install")
class TestEditing(StoreCase):
    def place(self, **cart):
        cart = {"lines": [MUG, {"sku": "BOWL-STONE"}], "taxes": TAXES, **cart}
        return self.store.place_order(**cart)

    def read_order(self, bc_id):
        order = self.fetch(
            f"/v2/orders/{bc_id}",
            include="consignments.line_items",
            consignment_structure="object",
        )
        [consignment] = order["consignments"]["shipping"]
        return order, consignment["line_items"]

    def get_level(self):
        [item] = self.fetch("/v3/inventory/items", **{"sku:in": "MUG-ENAMEL"})["data"]
        return item["locations"][0]["total_inventory_onhand"]

    def test_lines_keep_their_ids(self):
        bc_id = self.place()
        first, second = f"{bc_id}01", f"{bc_id}02"
        self.store.edit_order(bc_id, lines={first: None}, add=[MUG])
        self.store.edit_order(bc_id, lines={second: {"quantity": 4}}, add=[MUG])
        _order, lines = self.read_order(bc_id)
        self.assertEqual(
            [(str(line["id"]), line["quantity"]) for line in lines],
            [(second, 4), (f"{bc_id}03", 1), (f"{bc_id}04", 1)],
        )

    def test_totals_and_taxes_come_anew(self):
        bc_id = self.place(lines=[MUG], shipping=["5"])
        self.store.edit_order(
            bc_id, lines={f"{bc_id}01": {"quantity": 3}}, discount="4", handling="2"
        )
        order, [line] = self.read_order(bc_id)
        self.assertEqual(Decimal(order["total_ex_tax"]), 33)
        self.assertEqual(Decimal(order["total_inc_tax"]), Decimal("36.30"))
        self.assertEqual(order["items_total"], 3)
        self.assertEqual(Decimal(line["total_ex_tax"]), 30)
        taxes = self.fetch(f"/v2/orders/{bc_id}/taxes", details="true")
        self.assertEqual(
            sum(Decimal(row["line_amount"]) for row in taxes), Decimal("3.30")
        )

    def test_what_has_happened_to_it_stays(self):
        bc_id = self.place()
        self.store.patch(
            f"v2/orders/{bc_id}", status_id=3, status="Partially Shipped",
            external_order_id="S00042", payment_status="paid", staff_notes="Hi",
        )  # fmt: skip
        self.store.edit_order(bc_id, lines={f"{bc_id}01": {"quantity": 2}})
        order, _lines = self.read_order(bc_id)
        self.assertEqual(
            (order["status_id"], order["external_order_id"], order["staff_notes"]),
            (3, "S00042", "Hi"),
        )
        self.assertEqual(order["payment_status"], "paid")

    def test_it_is_modified_now(self):
        bc_id = self.place()
        before = self.read_order(bc_id)[0]["date_modified"]
        self.store.control("PUT", "clock", {"advance": 3600})
        self.store.edit_order(bc_id, staff_notes="x")
        self.assertNotEqual(self.read_order(bc_id)[0]["date_modified"], before)

    def test_an_order_of_the_built_in_store_is_changed(self):
        self.store.edit_order(118, add=[MUG])
        self.assertIn(
            "Mug", [line["name"] for line in self.fetch("/v2/orders/118/products")]
        )

    def test_the_stock_follows(self):
        self.store.take_stock_on("order_placed")
        bc_id = self.place(lines=[{"sku": "MUG-ENAMEL", "quantity": 2}])
        before = self.get_level()
        self.store.edit_order(bc_id, lines={f"{bc_id}01": {"quantity": 5}})
        self.assertEqual(self.get_level(), before - 3)

    def test_what_is_not_there_is_not_changed(self):
        bc_id = self.place()
        for change in ({"id": 999999}, {"id": bc_id, "lines": {"1": {"quantity": 2}}}):
            with self.assertRaisesRegex(HTTPError, "404"):
                self.store.control("PATCH", "orders", change)
