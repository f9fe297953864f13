"""An order becomes a delivery per address, from the warehouse that fulfils it."""

import runpy
from pathlib import Path

from odoo.tests import Form, tagged

from ..client.payloads.order import Order
from .delivery_case import (
    BOWL,
    HERE,
    MUG,
    PLANNER,
    THERE,
    YONDER,
    DeliveryCase,
)


@tagged("post_install", "-at_install")
class TestAddresses(DeliveryCase):
    def test_one_address_is_one_delivery(self):
        sale_order = self.confirm_order(lines=[MUG, BOWL], addresses=[HERE])
        self.assertEqual(
            self.get_contents(sale_order.picking_ids),
            [("Austin", {"MUG-ENAMEL": 1, "BOWL-STONE": 1})],
        )
        self.assertEqual(
            sale_order.picking_ids.partner_id, sale_order.partner_shipping_id
        )

    def test_without_another_address_a_delivery_goes_to_the_billing_address(self):
        sale_order = self.confirm_order(lines=[MUG])
        self.assertEqual(
            sale_order.picking_ids.partner_id, sale_order.partner_shipping_id
        )

    def test_three_addresses_are_three_deliveries(self):
        sale_order = self.confirm_order(
            lines=[
                MUG | {"quantity": 2},
                BOWL | {"address": 1},
                MUG | {"address": 2, "quantity": 3},
                BOWL | {"address": 2},
            ],
            addresses=[HERE, THERE, YONDER],
        )
        self.assertEqual(
            self.get_contents(sale_order.picking_ids),
            [
                ("Austin", {"MUG-ENAMEL": 2}),
                ("Dallas", {"BOWL-STONE": 1}),
                ("Houston", {"MUG-ENAMEL": 3, "BOWL-STONE": 1}),
            ],
        )
        ids = sale_order.picking_ids.mapped("bigcommerce_address_id")
        self.assertEqual(len(set(ids)), 3)
        self.assertTrue(all(ids))

    def test_the_same_product_to_two_addresses_stays_apart(self):
        sale_order = self.confirm_order(
            lines=[MUG | {"quantity": 2}, MUG | {"address": 1, "quantity": 3}],
            addresses=[HERE, THERE],
        )
        self.assertEqual(
            self.get_contents(sale_order.picking_ids),
            [("Austin", {"MUG-ENAMEL": 2}), ("Dallas", {"MUG-ENAMEL": 3})],
        )

    def test_twice_the_same_address_is_two_deliveries_as_in_the_store(self):
        sale_order = self.confirm_order(
            lines=[MUG, BOWL | {"address": 1}], addresses=[HERE, HERE]
        )
        self.assertEqual(len(sale_order.picking_ids), 2)
        self.assertEqual(
            sale_order.picking_ids.partner_id, sale_order.partner_shipping_id
        )

    def test_two_orders_at_once_are_not_mixed(self):
        ids = [
            self.store.place_order(
                lines=[MUG, BOWL | {"address": 1}], addresses=[HERE, THERE]
            )
            for _order in range(2)
        ]
        self.import_orders()
        sale_orders = self.env["sale.order"].concat(
            *[self.get_order(bc_id).sale_order_id for bc_id in ids]
        )
        sale_orders.action_confirm()
        for sale_order in sale_orders:
            self.assertEqual(
                self.get_contents(sale_order.picking_ids),
                [("Austin", {"MUG-ENAMEL": 1}), ("Dallas", {"BOWL-STONE": 1})],
            )
            self.assertEqual(sale_order.picking_ids.sale_id, sale_order)

    def test_a_backorder_goes_where_its_delivery_went(self):
        sale_order = self.confirm_order(
            lines=[MUG, MUG | {"address": 1, "quantity": 3}], addresses=[HERE, THERE]
        )
        delivery = self.get_there(sale_order)
        delivery.move_ids.quantity = 1
        delivery.move_ids.picked = True
        delivery.with_context(skip_backorder=True, skip_sms=True).button_validate()
        backorder = delivery.backorder_ids
        self.assertEqual(self.get_contents(backorder), [("Dallas", {"MUG-ENAMEL": 2})])
        self.assertEqual(
            backorder.bigcommerce_address_id, delivery.bigcommerce_address_id
        )
        self.assertEqual(backorder.carrier_id, delivery.carrier_id)
        self.validate(backorder)

    def get_there(self, sale_order):
        return sale_order.picking_ids.filtered(
            lambda picking: picking.partner_id.city == "Dallas"
        )

    def test_a_return_comes_from_where_the_delivery_went(self):
        sale_order = self.confirm_order(
            lines=[MUG, BOWL | {"address": 1}], addresses=[HERE, THERE]
        )
        self.validate(sale_order.picking_ids)
        delivery = self.get_there(sale_order)
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=delivery.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = 1
        action = wizard.action_create_exchanges()
        returned = self.env["stock.picking"].browse(action["res_id"])
        self.assertEqual(self.get_contents(returned), [("Dallas", {"BOWL-STONE": 1})])
        self.assertEqual(
            returned.bigcommerce_address_id, delivery.bigcommerce_address_id
        )
        exchanged = sale_order.picking_ids.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel")
                and picking.picking_type_code == "outgoing"
            )
        )
        self.assertEqual(self.get_contents(exchanged), [("Dallas", {"BOWL-STONE": 1})])

    def test_a_quantity_raised_later_joins_its_delivery(self):
        sale_order = self.confirm_order(
            lines=[MUG, MUG | {"address": 1}], addresses=[HERE, THERE]
        )
        sale_order.order_line.filtered(
            lambda line: line.bigcommerce_delivery_partner_id
        ).product_uom_qty = 5
        self.assertEqual(
            self.get_contents(sale_order.picking_ids),
            [("Austin", {"MUG-ENAMEL": 1}), ("Dallas", {"MUG-ENAMEL": 5})],
        )

    def test_a_quantity_lowered_later_leaves_the_other_delivery_alone(self):
        sale_order = self.confirm_order(
            lines=[MUG | {"quantity": 3}, MUG | {"address": 1, "quantity": 3}],
            addresses=[HERE, THERE],
        )
        sale_order.order_line.filtered(
            lambda line: line.bigcommerce_delivery_partner_id
        ).product_uom_qty = 1
        self.assertEqual(
            self.get_contents(sale_order.picking_ids),
            [("Austin", {"MUG-ENAMEL": 3}), ("Dallas", {"MUG-ENAMEL": 1})],
        )

    def test_a_line_added_in_odoo_goes_to_the_first_address(self):
        sale_order = self.import_sale_order(
            lines=[MUG, BOWL | {"address": 1}], addresses=[HERE, THERE]
        )
        self.add_line(sale_order)
        sale_order.action_confirm()
        self.add_line(sale_order)
        self.assertEqual(
            self.get_contents(sale_order.picking_ids),
            [
                ("Austin", {"MUG-ENAMEL": 1, "KETTLE-COPPER": 1}),
                ("Dallas", {"BOWL-STONE": 1}),
            ],
        )
        here = sale_order.picking_ids - self.get_there(sale_order)
        self.assertEqual(len(here.move_ids), 3)

    def add_line(self, sale_order):
        self.env["sale.order.line"].create(
            {
                "order_id": sale_order.id,
                "product_id": self.get_product("KETTLE-COPPER").id,
                # Another total would keep the order from being confirmed.
                "price_unit": 0,
            }
        )

    def test_another_delivery_address_chosen_in_odoo_is_taken(self):
        sale_order = self.import_sale_order(
            lines=[MUG, BOWL | {"address": 1}], addresses=[HERE, THERE]
        )
        other = self.env["res.partner"].create({"name": "Elsewhere", "city": "Waco"})
        sale_order.partner_shipping_id = other
        sale_order.action_confirm()
        self.assertEqual(
            self.get_contents(sale_order.picking_ids),
            [("Dallas", {"BOWL-STONE": 1}), ("Waco", {"MUG-ENAMEL": 1})],
        )

    def test_each_step_of_a_warehouse_keeps_them_apart(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        sale_order = self.confirm_order(
            lines=[MUG, BOWL | {"address": 1}], addresses=[HERE, THERE]
        )
        contents = [("Austin", {"MUG-ENAMEL": 1}), ("Dallas", {"BOWL-STONE": 1})]
        seen = self.env["stock.picking"]
        for step in ("pick_type_id", "pack_type_id", "out_type_id"):
            with self.subTest(step):
                pickings = sale_order.picking_ids - seen
                self.assertEqual(pickings.picking_type_id, self.warehouse[step])
                self.assertEqual(self.get_contents(pickings), contents)
                self.validate(pickings)
                seen += pickings
        self.assertEqual(
            sale_order.order_line.filtered(
                lambda line: line.bigcommerce_part == "product"
            ).mapped("qty_delivered"),
            [1, 1],
        )

    def test_orders_of_odoos_own_are_merged_as_ever(self):
        partner = self.env["res.partner"].create({"name": "Own"})
        mug, bowl = self.get_product("MUG-ENAMEL"), self.get_product("BOWL-STONE")
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": p.id}) for p in (mug, bowl, mug)],
            }
        )
        order.action_confirm()
        self.assertEqual(len(order.picking_ids), 1)
        self.assertFalse(order.picking_ids.bigcommerce_fulfilment)
        self.assertEqual(order.picking_ids.partner_id, partner)


@tagged("post_install", "-at_install")
class TestNothingToShip(DeliveryCase):
    def test_digital_goods_are_not_delivered_whatever_they_are_in_odoo(self):
        planner = self.get_product("PLANNER-PDF")
        planner.write({"type": "consu", "is_storable": True})
        sale_order = self.confirm_order(lines=[PLANNER])
        self.assertFalse(sale_order.picking_ids)
        self.assertFalse(sale_order.order_line.move_ids)

    def test_they_count_as_delivered_and_can_be_invoiced(self):
        planner = self.get_product("PLANNER-PDF")
        for product_type in ("consu", "service"):
            with self.subTest(product_type):
                planner.write({"type": product_type, "invoice_policy": "delivery"})
                sale_order = self.import_sale_order(lines=[PLANNER | {"quantity": 2}])
                line = sale_order.order_line
                self.assertEqual(line.qty_delivered, 0)
                sale_order.action_confirm()
                self.assertEqual(line.qty_delivered, 2)
                self.assertEqual(sale_order.invoice_status, "to invoice")
                sale_order._create_invoices()
                self.assertEqual(sale_order.invoice_ids.amount_untaxed, 30)

    def test_goods_in_the_same_order_are_delivered(self):
        self.get_product("PLANNER-PDF").type = "consu"
        sale_order = self.confirm_order(lines=[MUG, PLANNER])
        self.assertEqual(
            self.get_contents(sale_order.picking_ids), [("Austin", {"MUG-ENAMEL": 1})]
        )
        delivered = {
            line.product_id.default_code: line.qty_delivered
            for line in sale_order.order_line
            if line.bigcommerce_part == "product"
        }
        self.assertEqual(delivered, {"MUG-ENAMEL": 0, "PLANNER-PDF": 1})

    def test_a_pickup_is_handed_over_at_the_warehouse(self):
        sale_order = self.confirm_order(lines=[MUG, BOWL], pickup=2)
        picking = sale_order.picking_ids
        self.assertEqual(picking.bigcommerce_fulfilment, "pickup")
        self.assertEqual(picking.partner_id, sale_order.partner_id)
        self.assertFalse(picking.carrier_id)
        self.assertFalse(picking.bigcommerce_address_id)
        self.validate(picking)
        self.assertEqual(self.get_stock("MUG-ENAMEL"), 99)

    def test_a_pickup_has_no_carrier_though_the_order_got_one(self):
        sale_order = self.import_sale_order(lines=[MUG], pickup=2)
        sale_order.carrier_id = self.env["delivery.carrier"].search([], limit=1)
        self.assertTrue(sale_order.carrier_id)
        sale_order.action_confirm()
        self.assertFalse(sale_order.picking_ids.carrier_id)

    def test_what_is_picked_up_and_what_is_shipped_are_two_deliveries(self):
        sale_order = self.confirm_order(
            lines=[MUG, BOWL | {"is_fetched": False}], pickup=2, addresses=[THERE]
        )
        shipped = self.get_deliveries(sale_order, bigcommerce_fulfilment="shipping")
        fetched = self.get_deliveries(sale_order, bigcommerce_fulfilment="pickup")
        self.assertEqual(self.get_contents(shipped), [("Dallas", {"BOWL-STONE": 1})])
        self.assertEqual(shipped.carrier_id.name, "Ground")
        self.assertEqual(fetched.move_ids.product_id.default_code, "MUG-ENAMEL")
        self.assertEqual(fetched.partner_id, sale_order.partner_id)
        self.assertFalse(fetched.carrier_id)

    def test_a_backorder_of_a_pickup_is_a_pickup(self):
        sale_order = self.confirm_order(lines=[MUG | {"quantity": 2}], pickup=2)
        picking = sale_order.picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self.assertEqual(picking.backorder_ids.bigcommerce_fulfilment, "pickup")

    def test_locked_orders_are_no_exception(self):
        self.env.user.group_ids += self.env.ref("sale.group_auto_done_setting")
        self.get_product("PLANNER-PDF").type = "consu"
        sale_order = self.confirm_order(lines=[MUG | {"shipped": 1}, PLANNER])
        self.assertTrue(sale_order.locked)
        self.assertEqual(
            sale_order.order_line.filtered(
                lambda line: line.bigcommerce_part == "product"
            ).mapped("qty_delivered"),
            [1, 1],
        )

    def test_a_line_added_in_odoo_is_picked_up_as_well(self):
        sale_order = self.confirm_order(lines=[MUG], pickup=2)
        self.env["sale.order.line"].create(
            {
                "order_id": sale_order.id,
                "product_id": self.get_product("KETTLE-COPPER").id,
            }
        )
        self.assertEqual(len(sale_order.picking_ids), 1)
        self.assertEqual(len(sale_order.picking_ids.move_ids), 2)

    def test_services_are_not_delivered(self):
        self.get_product("MUG-ENAMEL").type = "service"
        sale_order = self.confirm_order(lines=[MUG])
        self.assertFalse(sale_order.picking_ids)


@tagged("post_install", "-at_install")
class TestWarehouses(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.showroom = cls.env["stock.warehouse"].create(
            {"name": "Showroom", "code": "SHOW"}
        )
        cls.depot = cls.env["stock.warehouse"].create({"name": "Depot", "code": "DEP"})
        locations = cls.env["bigcommerce.location"].search([])
        cls.locations = {location.bc_id: location for location in locations}

    def test_the_default_location_gets_the_instances_warehouse_on_confirm(self):
        self.assertGreater(len(self.locations), 1)
        self.assertTrue(self.locations["1"].is_default)
        self.assertEqual(self.locations["1"].warehouse_id, self.warehouse)
        for bc_id, location in self.locations.items():
            if bc_id != "1":
                self.assertFalse(location.is_default)
                self.assertFalse(location.warehouse_id)

    def test_a_warehouse_taken_away_does_not_come_back_on_confirm(self):
        self.locations["1"].warehouse_id = False
        self.instance.action_confirm()
        self.assertFalse(self.locations["1"].warehouse_id)

    def test_a_warehouse_that_is_chosen_is_kept_on_confirm(self):
        self.locations["1"].write(
            {
                "warehouse_id": self.depot.id,
                "is_default": False,
                "payload_digest": False,
            }
        )
        self.instance.action_confirm()
        self.assertTrue(self.locations["1"].is_default)
        self.assertEqual(self.locations["1"].warehouse_id, self.depot)

    def test_an_order_leaves_from_the_warehouse_of_the_default_location(self):
        self.locations["1"].warehouse_id = self.depot
        sale_order = self.confirm_order(lines=[MUG])
        self.assertEqual(sale_order.warehouse_id, self.depot)
        self.assertEqual(sale_order.picking_ids.picking_type_id, self.depot.out_type_id)

    def test_what_is_delivered_says_from_which_location(self):
        sale_order = self.import_sale_order(
            lines=[MUG, {"name": "Advice", "price": "20.00", "type": "digital"}],
            shipping=["5.00"],
        )
        goods, advice, shipping = sale_order.order_line
        self.assertEqual(goods.bigcommerce_location_id, self.locations["1"])
        self.assertFalse((advice | shipping).bigcommerce_location_id)

    def test_the_update_says_so_of_what_was_imported_before(self):
        sale_order = self.import_sale_order(
            lines=[MUG, {"name": "Advice", "price": "20.00", "type": "digital"}]
        )
        goods, advice = sale_order.order_line
        goods.bigcommerce_location_id = False
        self.env.flush_all()
        script = Path(__file__).parents[1] / "migrations/19.0.1.3.0/post-migration.py"
        runpy.run_path(str(script))["migrate"](self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.assertEqual(goods.bigcommerce_location_id, self.locations["1"])
        self.assertFalse(advice.bigcommerce_location_id)

    def test_without_one_there_the_instances_warehouse_serves(self):
        self.locations["1"].warehouse_id = False
        sale_order = self.import_sale_order(lines=[MUG])
        self.assertEqual(sale_order.warehouse_id, self.warehouse)

    def test_a_pickup_leaves_from_the_warehouse_of_its_location(self):
        self.locations["2"].warehouse_id = self.showroom
        sale_order = self.confirm_order(lines=[MUG], pickup=2)
        self.assertEqual(sale_order.warehouse_id, self.showroom)
        self.assertEqual(
            sale_order.picking_ids.picking_type_id, self.showroom.out_type_id
        )
        self.assertEqual(
            sale_order.order_line.bigcommerce_location_id, self.locations["2"]
        )

    def test_without_one_at_a_location_the_default_locations_serves(self):
        self.locations["1"].warehouse_id = self.depot
        sale_order = self.import_sale_order(lines=[MUG], pickup=2)
        self.assertEqual(sale_order.warehouse_id, self.depot)

    def test_an_archived_warehouse_is_passed_over(self):
        self.locations["2"].warehouse_id = self.showroom
        self.showroom.active = False
        sale_order = self.import_sale_order(lines=[MUG], pickup=2)
        self.assertEqual(sale_order.warehouse_id, self.warehouse)

    def test_each_location_of_an_order_delivers_its_own_part(self):
        self.locations["2"].warehouse_id = self.showroom
        self.locations["1"].warehouse_id = self.depot
        sale_order = self.confirm_order(
            lines=[MUG, BOWL | {"is_fetched": False}], pickup=2, addresses=[HERE]
        )
        self.assertEqual(sale_order.warehouse_id, self.depot)
        self.assertEqual(
            {
                picking.picking_type_id.warehouse_id: picking.bigcommerce_fulfilment
                for picking in sale_order.picking_ids
            },
            {self.showroom: "pickup", self.depot: "shipping"},
        )

    def test_another_warehouse_chosen_in_odoo_is_taken(self):
        self.locations["2"].warehouse_id = self.showroom
        sale_order = self.import_sale_order(lines=[MUG], pickup=2)
        sale_order.warehouse_id = self.depot
        sale_order.action_confirm()
        self.assertEqual(sale_order.picking_ids.picking_type_id, self.depot.out_type_id)

    def test_a_location_that_a_shipping_consignment_names_is_taken(self):
        self.locations["2"].warehouse_id = self.showroom
        self.locations["1"].warehouse_id = self.depot
        payload = {
            "id": 1,
            "consignments": {
                "shipping": [
                    {
                        "id": 10,
                        "location": {"id": 2},
                        "line_items": [{"id": 100, "type": "physical", "quantity": 1}],
                    },
                    {
                        "id": 11,
                        "line_items": [{"id": 101, "type": "physical", "quantity": 1}],
                    },
                ]
            },
        }
        order = Order.parse(payload)
        Deliveries = self.env["bigcommerce.order.deliveries"]
        find_location = self.env["bigcommerce.location"]._location_finder(self.instance)
        find_carrier = Deliveries._carrier_finder(self.instance, [order])
        find_warehouse = Deliveries._warehouse_finder(find_location)
        self.assertEqual(find_warehouse(order), self.showroom)
        get_vals = Deliveries._line_vals_finder(
            [order], {}, {}, find_location, find_carrier
        )
        first, second = map(lambda line: get_vals(order, line), order.lines)
        self.assertEqual(first["bigcommerce_location_id"], self.locations["2"].id)
        self.assertEqual(second["bigcommerce_location_id"], self.locations["1"].id)
        self.assertNotIn("bigcommerce_warehouse_id", first)
        self.assertEqual(second["bigcommerce_warehouse_id"], self.depot.id)

    def test_an_order_with_nothing_to_deliver_has_a_warehouse_all_the_same(self):
        sale_order = self.import_sale_order(lines=[PLANNER])
        self.assertEqual(sale_order.warehouse_id, self.warehouse)

    def test_only_managers_change_a_locations_warehouse(self):
        Location = self.env["bigcommerce.location"]
        for group, allowed in (("manager", True), ("user", False)):
            user = self.env["res.users"].create(
                {
                    "name": group,
                    "login": group,
                    "group_ids": [
                        (
                            4,
                            self.env.ref(
                                f"bigcommerce_connector.bigcommerce_group_{group}"
                            ).id,
                        )
                    ],
                }
            )
            self.assertEqual(Location.with_user(user).has_access("write"), allowed)


@tagged("post_install", "-at_install")
class TestAnotherCompany(DeliveryCase):
    def test_its_orders_are_delivered_from_there(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        self.env.user.company_ids += company
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        other = self.confirm_instance(
            name="Other",
            company_id=company.id,
            warehouse_id=warehouse.id,
            country_id=self.env.ref("base.us").id,
        )
        self.run_operation(other, "import_listings")
        bc_id = self.store.place_order(
            lines=[MUG | {"quantity": 2, "shipped": 1}, BOWL | {"address": 1}],
            addresses=[HERE, THERE],
        )
        self.run_operation(other, "import_orders")
        sale_order = (
            self.env["bigcommerce.order"]
            .search([("instance_id", "=", other.id), ("bc_id", "=", bc_id)])
            .sale_order_id
        )
        self.assertEqual(sale_order.company_id, company)
        self.assertEqual(sale_order.carrier_id.company_id, company)
        sale_order.action_confirm()
        self.assertEqual(sale_order.picking_ids.company_id, company)
        self.assertEqual(sale_order.picking_ids.picking_type_id, warehouse.out_type_id)
        self.assertEqual(
            sorted(sale_order.picking_ids.mapped("state")),
            ["confirmed", "confirmed", "done"],
        )
