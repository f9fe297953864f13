"""What the store had shipped before is delivered in Odoo, once, and nobody is told."""

from unittest.mock import patch

from odoo.tests import tagged

from .delivery_case import BOWL, HERE, MUG, THERE, DeliveryCase

PICKING = "odoo.addons.stock_delivery.models.stock_picking.StockPicking"


def mugs(quantity, shipped, **details):
    return MUG | {"quantity": quantity, "shipped": shipped} | details


@tagged("post_install", "-at_install")
class TestShippedOrders(DeliveryCase):
    def get_states(self, sale_order):
        """Return state, whether shipped there, and quantity by SKU of each delivery."""
        return [
            (
                picking.state,
                picking.bigcommerce_is_shipped_there,
                {
                    move.product_id.default_code: move.product_uom_qty
                    for move in picking.move_ids
                },
            )
            for picking in sale_order.picking_ids.sorted("id")
        ]

    def get_mugs(self, sale_order):
        return sale_order.order_line.filtered(
            lambda line: line.product_id.default_code == "MUG-ENAMEL"
        )

    def test_nothing_shipped_leaves_the_delivery_open(self):
        sale_order = self.confirm_order(lines=[mugs(3, 0)])
        self.assertEqual(
            self.get_states(sale_order), [("assigned", False, {"MUG-ENAMEL": 3})]
        )

    def test_all_of_it_shipped_is_all_delivered(self):
        sale_order = self.confirm_order(lines=[mugs(3, 3)])
        self.assertEqual(
            self.get_states(sale_order), [("done", True, {"MUG-ENAMEL": 3})]
        )
        self.assertEqual(self.get_mugs(sale_order).qty_delivered, 3)
        self.assertEqual(self.get_stock("MUG-ENAMEL"), 97)
        self.assertEqual(sale_order.delivery_status, "full")

    def test_what_is_left_stays_in_a_backorder(self):
        sale_order = self.confirm_order(lines=[mugs(3, 1)])
        self.assertEqual(
            self.get_states(sale_order),
            [("done", True, {"MUG-ENAMEL": 1}), ("assigned", False, {"MUG-ENAMEL": 2})],
        )
        backorder = sale_order.picking_ids.filtered("backorder_id")
        self.validate(backorder)
        self.assertEqual(self.get_mugs(sale_order).qty_delivered, 3)
        self.assertFalse(backorder.bigcommerce_is_shipped_there)

    def test_a_line_that_is_not_shipped_stays_in_a_backorder(self):
        sale_order = self.confirm_order(lines=[mugs(2, 2), BOWL])
        self.assertEqual(
            self.get_states(sale_order),
            [("done", True, {"MUG-ENAMEL": 2}), ("assigned", False, {"BOWL-STONE": 1})],
        )

    def test_where_backorders_are_never_made_what_is_left_is_not_cancelled(self):
        self.warehouse.out_type_id.create_backorder = "never"
        sale_order = self.confirm_order(lines=[mugs(3, 1), BOWL])
        self.assertEqual(
            self.get_states(sale_order),
            [
                ("done", True, {"MUG-ENAMEL": 1}),
                ("assigned", False, {"MUG-ENAMEL": 2, "BOWL-STONE": 1}),
            ],
        )

    def test_more_than_was_ordered_delivers_what_was_ordered(self):
        sale_order = self.confirm_order(lines=[mugs(2, 5)])
        self.assertEqual(
            self.get_states(sale_order), [("done", True, {"MUG-ENAMEL": 2})]
        )

    def test_a_second_time_delivers_nothing(self):
        sale_order = self.confirm_order(lines=[mugs(3, 1)])
        before = self.get_states(sale_order)
        sale_order._deliver_shipped()
        self.assertEqual(self.get_states(sale_order), before)

    def test_after_the_rest_was_delivered_or_returned_nothing_is_delivered(self):
        sale_order = self.confirm_order(lines=[mugs(3, 1)])
        rest = sale_order.picking_ids.filtered("backorder_id")
        self.validate(rest)
        wizard = self.env["stock.return.picking"].create({"picking_id": rest.id})
        wizard.product_return_moves.quantity = 2
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.validate(returned)
        before = self.get_states(sale_order)
        sale_order._deliver_shipped()
        self.assertEqual(self.get_states(sale_order), before)

    def test_what_a_person_has_delivered_counts(self):
        self.instance.deliver_shipped = False
        sale_order = self.confirm_order(lines=[mugs(3, 2)])
        self.assertEqual(
            self.get_states(sale_order), [("assigned", False, {"MUG-ENAMEL": 3})]
        )
        picking = sale_order.picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self.instance.deliver_shipped = True
        sale_order._deliver_shipped()
        self.assertEqual(
            self.get_states(sale_order),
            [
                ("done", False, {"MUG-ENAMEL": 1}),
                ("done", True, {"MUG-ENAMEL": 1}),
                ("assigned", False, {"MUG-ENAMEL": 1}),
            ],
        )

    def test_what_a_person_has_ticked_off_meanwhile_stays_open(self):
        self.instance.deliver_shipped = False
        sale_order = self.confirm_order(lines=[mugs(2, 2), BOWL])
        self.instance.deliver_shipped = True
        bowl = sale_order.picking_ids.move_ids.filtered(
            lambda move: move.product_id.default_code == "BOWL-STONE"
        )
        bowl.picked = True
        sale_order._deliver_shipped()
        self.assertEqual(bowl.state, "assigned")

    def test_the_option_of_the_instance_leaves_it_to_people(self):
        self.instance.deliver_shipped = False
        sale_order = self.confirm_order(lines=[mugs(3, 3)])
        self.assertEqual(
            self.get_states(sale_order), [("assigned", False, {"MUG-ENAMEL": 3})]
        )

    def test_an_order_that_is_not_confirmed_is_left_alone(self):
        sale_order = self.import_sale_order(lines=[mugs(1, 1)])
        sale_order._deliver_shipped()
        self.assertFalse(sale_order.picking_ids)

    def test_without_stock_the_goods_are_gone_all_the_same(self):
        self.stock("MUG-ENAMEL", -100)
        sale_order = self.confirm_order(lines=[mugs(3, 2)])
        self.assertEqual(self.get_mugs(sale_order).qty_delivered, 2)
        self.assertEqual(self.get_stock("MUG-ENAMEL"), -2)
        self.assertEqual(
            self.get_states(sale_order),
            [
                ("done", True, {"MUG-ENAMEL": 2}),
                ("confirmed", False, {"MUG-ENAMEL": 1}),
            ],
        )

    def test_stock_that_others_have_reserved_is_gone_as_well(self):
        self.stock("MUG-ENAMEL", -97)
        other = self.confirm_order(lines=[mugs(3, 0)])
        self.confirm_order(lines=[mugs(2, 2)])
        self.assertEqual(self.get_stock("MUG-ENAMEL"), 1)
        self.assertNotEqual(other.picking_ids.state, "done")

    def test_several_orders_at_once_are_each_delivered_as_shipped(self):
        ids = [
            self.store.place_order(lines=[mugs(3, shipped)]) for shipped in (0, 1, 3)
        ]
        self.import_orders()
        sale_orders = self.env["sale.order"].concat(
            *[self.get_order(bc_id).sale_order_id for bc_id in ids]
        )
        sale_orders.action_confirm()
        self.assertEqual(
            [self.get_mugs(sale_order).qty_delivered for sale_order in sale_orders],
            [0, 1, 3],
        )

    def test_of_two_addresses_only_the_shipped_one_is_delivered(self):
        sale_order = self.confirm_order(
            lines=[mugs(2, 0), mugs(2, 2, address=1)], addresses=[HERE, THERE]
        )
        states = {
            picking.partner_id.city: picking.state for picking in sale_order.picking_ids
        }
        self.assertEqual(states, {"Austin": "assigned", "Dallas": "done"})

    def test_the_status_of_the_store_says_what_is_delivered(self):
        self.instance.order_status_ids = self.env["bigcommerce.order.status"].search([])
        partly = self.confirm_order(lines=[MUG, BOWL], status=3)
        self.assertEqual(
            self.get_states(partly),
            [("done", True, {"MUG-ENAMEL": 1}), ("assigned", False, {"BOWL-STONE": 1})],
        )
        wholly = self.confirm_order(lines=[MUG, BOWL], status=2)
        self.assertEqual(wholly.delivery_status, "full")

    def test_every_step_of_a_warehouse_is_taken(self):
        for steps, count in (("pick_ship", 2), ("pick_pack_ship", 3)):
            with self.subTest(steps):
                self.warehouse.delivery_steps = steps
                sale_order = self.confirm_order(lines=[mugs(3, 1)])
                done = self.get_deliveries(sale_order, state="done")
                self.assertEqual(len(done), count)
                self.assertTrue(all(done.mapped("bigcommerce_is_shipped_there")))
                self.assertEqual(self.get_mugs(sale_order).qty_delivered, 1)
                rest = sale_order.picking_ids - done
                self.assertEqual(rest.picking_type_id, self.warehouse.pick_type_id)
                self.assertFalse(rest.bigcommerce_is_shipped_there)
                before = self.get_states(sale_order)
                sale_order._deliver_shipped()
                self.assertEqual(self.get_states(sale_order), before)
                self.validate(rest)
                last = sale_order.picking_ids - done - rest
                self.assertFalse(last.bigcommerce_is_shipped_there)

    def test_what_is_put_back_on_the_shelf_stays_for_people(self):
        self.warehouse.delivery_steps = "pick_ship"
        self.instance.deliver_shipped = False
        sale_order = self.confirm_order(lines=[mugs(3, 2)])
        pick = sale_order.picking_ids
        self.validate(pick)
        wizard = self.env["stock.return.picking"].create({"picking_id": pick.id})
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.instance.deliver_shipped = True
        sale_order._deliver_shipped()
        self.assertNotIn(returned.state, ("done", "cancel"))
        self.assertEqual(self.get_mugs(sale_order).qty_delivered, 2)

    def test_neither_the_customer_nor_a_carrier_is_told(self):
        company = self.instance.company_id
        company.stock_move_email_validation = True
        template = self.env["mail.template"].create(
            {
                "name": "Delivered",
                "model_id": self.env.ref("stock.model_stock_picking").id,
                "subject": "Delivered",
            }
        )
        company.stock_mail_confirmation_template_id = template
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Express",
                "product_id": self.env["product.product"]
                .create({"name": "Express", "type": "service"})
                .id,
            }
        )
        self.assertEqual(carrier.integration_level, "rate_and_ship")
        with patch(f"{PICKING}.send_to_shipper") as send:
            shipped = self.confirm_order(lines=[mugs(1, 1)], shipping_method="Express")
        send.assert_not_called()
        self.assertEqual(shipped.picking_ids.carrier_id, carrier)
        self.assertFalse(
            shipped.picking_ids.message_ids.filtered(
                lambda message: message.subject == "Delivered"
            )
        )

    def test_a_salesperson_without_access_to_stock_can_confirm(self):
        sale_order = self.import_sale_order(lines=[mugs(1, 1)])
        seller = self.env["res.users"].create(
            {
                "name": "Seller",
                "login": "seller",
                "group_ids": [
                    (4, self.env.ref("sales_team.group_sale_salesman_all_leads").id)
                ],
            }
        )
        sale_order.with_user(seller).action_confirm()
        self.assertEqual(sale_order.picking_ids.state, "done")

    def test_orders_of_odoos_own_stay_open(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Own"}).id,
                "order_line": [
                    (0, 0, {"product_id": self.get_product("MUG-ENAMEL").id})
                ],
            }
        )
        order.action_confirm()
        order._deliver_shipped()
        self.assertEqual(order.picking_ids.state, "assigned")


@tagged("post_install", "-at_install")
class TestGoodsWithLots(DeliveryCase):
    def setUp(self):
        super().setUp()
        self.mug = self.env["product.product"].create(
            {
                "name": "Numbered Mug",
                "default_code": "MUG-NUMBERED",
                "is_storable": True,
                "tracking": "lot",
            }
        )
        self.lot = self.env["stock.lot"].create(
            {"name": "A1", "product_id": self.mug.id}
        )
        self.stock("MUG-NUMBERED", 10, lot_id=self.lot)

    def numbered(self, quantity, shipped):
        """Return a line of a product that only Odoo knows, by its SKU."""
        return {
            "name": "Numbered Mug",
            "price": 20,
            "sku": "MUG-NUMBERED",
            "quantity": quantity,
            "shipped": shipped,
        }

    def get_notes(self, sale_order):
        return sale_order.message_ids.filtered(
            lambda message: "lots or serial numbers" in (message.body or "")
        )

    def test_they_wait_for_a_person_and_a_note_says_so_once(self):
        sale_order = self.confirm_order(lines=[self.numbered(2, 2)])
        picking = sale_order.picking_ids
        self.assertEqual(picking.state, "assigned")
        self.assertTrue(picking.bigcommerce_is_shipped_there)
        sale_order._deliver_shipped()
        note = self.get_notes(sale_order)
        self.assertEqual(len(note), 1)
        self.assertIn(picking.name, note.body)
        self.assertEqual(sale_order.picking_ids, picking)

    def test_when_they_are_delivered_nobody_is_told_either(self):
        sale_order = self.confirm_order(lines=[self.numbered(2, 2)])
        with patch(f"{PICKING}.send_to_shipper") as send:
            self.validate(sale_order.picking_ids)
        send.assert_not_called()
        self.assertEqual(sale_order.order_line[0].qty_delivered, 2)
        sale_order._deliver_shipped()
        self.assertEqual(len(sale_order.picking_ids), 1)

    def test_what_is_not_shipped_of_them_is_in_a_delivery_of_its_own(self):
        sale_order = self.confirm_order(lines=[self.numbered(5, 2)])
        quantities = {
            picking.bigcommerce_is_shipped_there: (
                picking.state,
                picking.move_ids.product_uom_qty,
                picking.move_ids.quantity,
            )
            for picking in sale_order.picking_ids
        }
        self.assertEqual(
            quantities, {True: ("assigned", 2, 2), False: ("assigned", 3, 3)}
        )
        self.assertEqual(len(self.get_notes(sale_order)), 1)
        sale_order._deliver_shipped()
        self.assertEqual(len(sale_order.picking_ids), 2)

    def test_other_goods_do_not_wait_for_them(self):
        sale_order = self.confirm_order(lines=[mugs(3, 1), BOWL, self.numbered(2, 2)])
        contents = {
            (picking.state, picking.bigcommerce_is_shipped_there): {
                move.product_id.default_code: move.product_uom_qty
                for move in picking.move_ids
            }
            for picking in sale_order.picking_ids
        }
        self.assertEqual(
            contents,
            {
                ("done", True): {"MUG-ENAMEL": 1},
                ("assigned", True): {"MUG-NUMBERED": 2},
                ("assigned", False): {"MUG-ENAMEL": 2, "BOWL-STONE": 1},
            },
        )

    def test_what_a_person_leaves_of_them_is_not_told_either(self):
        sale_order = self.confirm_order(lines=[self.numbered(3, 3)])
        picking = sale_order.picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self.assertTrue(picking.backorder_ids.bigcommerce_is_shipped_there)
        sale_order._deliver_shipped()
        self.assertEqual(len(sale_order.picking_ids), 2)
        self.assertEqual(len(self.get_notes(sale_order)), 1)

    def test_their_later_steps_are_not_told_either(self):
        self.warehouse.delivery_steps = "pick_ship"
        sale_order = self.confirm_order(lines=[self.numbered(5, 2)])
        picks = sale_order.picking_ids
        self.validate(picks)
        ships = sale_order.picking_ids - picks
        quantities = {
            picking.bigcommerce_is_shipped_there: picking.move_ids.product_uom_qty
            for picking in ships
        }
        self.assertEqual(quantities, {True: 2, False: 3})
