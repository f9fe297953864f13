"""What is delivered becomes a shipment in the store, once, and is followed there."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .delivery_case import BOWL, HERE, PLANNER, THERE
from .shipment_case import OPERATION, ShipmentCase, mugs

SETTLEMENT = "odoo.addons.bigcommerce_connector.sync.settlement"


@tagged("post_install", "-at_install")
class TestShipments(ShipmentCase):
    def test_a_delivery_becomes_a_shipment_and_the_order_is_shipped(self):
        sale_order = self.confirm_order(lines=[mugs(3), BOWL])
        picking = self.ship(sale_order)
        self.assertEqual(
            self.all_quantities(sale_order), [{"MUG-ENAMEL": 3, "BOWL-STONE": 1}]
        )
        self.assertSent(picking)
        (there,) = self.shipments_there(sale_order)
        self.assertEqual(there["comments"], picking.name)
        self.assertEqual(there["shipping_provider"], "")
        self.assertEqual(self.order_there(sale_order)["status_id"], 2)
        record = sale_order.bigcommerce_order_ids
        self.assertEqual(record.status_id.bc_id, "2")
        self.assertEqual(record.status, "Shipped")
        self.assertIn(record.bc_id, picking.message_ids[0].body)
        self.assertQueueIsSound()

    def test_a_second_run_has_nothing_to_do(self):
        self.ship(self.confirm_order(lines=[mugs(3)]))
        self.store.forget_requests()
        self.run_operation(self.instance, OPERATION)
        self.assertEqual(self.store.get_requests(), [])

    def test_of_a_part_the_order_is_partially_shipped(self):
        sale_order = self.confirm_order(lines=[mugs(3), BOWL])
        first = self.ship(sale_order, MUG_ENAMEL=2)
        self.assertEqual(self.order_there(sale_order)["status_id"], 3)
        self.assertEqual(sale_order.bigcommerce_order_ids.status_id.bc_id, "3")
        second = self.ship(sale_order)
        self.assertEqual(
            self.all_quantities(sale_order),
            [{"MUG-ENAMEL": 2}, {"MUG-ENAMEL": 1, "BOWL-STONE": 1}],
        )
        self.assertSent(first)
        self.assertSent(second)
        self.assertEqual(self.order_there(sale_order)["status_id"], 2)

    def test_two_deliveries_at_once_are_a_shipment_each(self):
        sale_orders = [self.confirm_order(lines=[mugs(2)]) for _time in range(2)]
        for sale_order in sale_orders:
            self.deliver(sale_order)
        self.drain()
        for sale_order in sale_orders:
            self.assertEqual(self.all_quantities(sale_order), [{"MUG-ENAMEL": 2}])

    def test_two_deliveries_of_one_order_at_once_are_two_shipments(self):
        sale_order = self.confirm_order(lines=[mugs(3)])
        self.deliver(sale_order, MUG_ENAMEL=1)
        self.deliver(sale_order)
        self.drain()
        self.assertEqual(
            self.all_quantities(sale_order), [{"MUG-ENAMEL": 1}, {"MUG-ENAMEL": 2}]
        )

    def test_each_address_is_a_shipment(self):
        sale_order = self.confirm_order(
            lines=[mugs(2), mugs(1, address=1)], addresses=[HERE, THERE]
        )
        for picking in sale_order.picking_ids:
            self.validate(picking)
        self.drain()
        self.assertEqual(
            {
                one["shipping_address"]["city"]: self.quantities(one)
                for one in self.shipments_there(sale_order)
            },
            {"Austin": {"MUG-ENAMEL": 2}, "Dallas": {"MUG-ENAMEL": 1}},
        )
        self.assertEqual(self.order_there(sale_order)["status_id"], 2)

    def test_several_addresses_of_one_delivery_are_several_shipments(self):
        sale_order = self.confirm_order(
            lines=[mugs(2), mugs(1, address=1)], addresses=[HERE, THERE]
        )
        here, there = sale_order.picking_ids.sorted("id")
        there.move_ids.picking_id = here
        self.validate(here)
        self.drain()
        self.assertEqual(len(here.bigcommerce_shipment_ids), 2)
        self.assertEqual(
            self.all_quantities(sale_order), [{"MUG-ENAMEL": 2}, {"MUG-ENAMEL": 1}]
        )
        self.assertSent(here)

    def pack(self, sale_order, *contents):
        """Put the open delivery into packages, each with so many mugs."""
        move = sale_order.picking_ids.move_ids
        move.move_line_ids.unlink()
        for number, quantity in enumerate(contents):
            self.env["stock.move.line"].create(
                {
                    "move_id": move.id,
                    "picking_id": move.picking_id.id,
                    "product_id": move.product_id.id,
                    "quantity": quantity,
                    "picked": True,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "result_package_id": self.env["stock.package"]
                    .create({"name": f"BOX-{number}"})
                    .id,
                }
            )
        move.picking_id.with_context(skip_sms=True).button_validate()
        self.assertEqual(move.picking_id.state, "done")
        return move.picking_id

    def test_each_package_is_a_shipment_with_its_number(self):
        sale_order = self.confirm_order(lines=[mugs(3)])
        sale_order.picking_ids.carrier_tracking_ref = "1ZA, 1ZB"
        picking = self.pack(sale_order, 2, 1)
        self.drain()
        self.assertEqual(
            self.all_quantities(sale_order), [{"MUG-ENAMEL": 2}, {"MUG-ENAMEL": 1}]
        )
        self.assertEqual(
            [
                (one["comments"], one["tracking_number"])
                for one in self.shipments_there(sale_order)
            ],
            [(f"{picking.name} BOX-0", "1ZA"), (f"{picking.name} BOX-1", "1ZB")],
        )
        self.assertSent(picking)
        self.assertEqual(self.order_there(sale_order)["status_id"], 2)

    def test_every_step_of_a_warehouse_but_the_last_is_none(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        sale_order = self.confirm_order(lines=[mugs(1)])
        for _step in range(3):
            self.assertEqual(self.shipments_there(sale_order), [])
            self.ship(sale_order)
        self.assertEqual(self.all_quantities(sale_order), [{"MUG-ENAMEL": 1}])
        self.assertEqual(self.order_there(sale_order)["status_id"], 2)

    def test_a_delivery_of_odoos_own_is_none(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Own"}).id,
                "order_line": [
                    (0, 0, {"product_id": self.get_product("MUG-ENAMEL").id})
                ],
            }
        )
        order.action_confirm()
        self.validate(order.picking_ids)
        self.assertFalse(order.picking_ids.bigcommerce_shipment_ids)
        self.assertFalse(order.picking_ids.bigcommerce_shipment_state)

    def test_what_the_store_has_shipped_before_is_not_told_it(self):
        sale_order = self.confirm_order(lines=[mugs(3, shipped=1)])
        there = self.get_deliveries(sale_order, state="done")
        self.assertTrue(there.bigcommerce_is_shipped_there)
        self.assertFalse(there.bigcommerce_shipment_ids)
        self.drain()
        self.ship(sale_order)
        self.assertEqual(self.all_quantities(sale_order), [{"MUG-ENAMEL": 2}])
        self.assertEqual(self.order_there(sale_order)["status_id"], 2)

    def test_what_a_person_delivers_that_was_shipped_before_counts_once(self):
        self.instance.deliver_shipped = False
        sale_order = self.confirm_order(lines=[mugs(3, shipped=1)])
        picking = self.ship(sale_order)
        self.assertEqual(self.all_quantities(sale_order), [{"MUG-ENAMEL": 2}])
        self.assertSent(picking)

    def test_a_pickup_and_a_download_are_none(self):
        sale_order = self.confirm_order(lines=[mugs(1)], pickup=1)
        picking = self.ship(sale_order)
        self.assertEqual(picking.bigcommerce_fulfilment, "pickup")
        self.assertFalse(picking.bigcommerce_shipment_ids)
        sale_order = self.confirm_order(lines=[mugs(1), PLANNER])
        self.ship(sale_order)
        self.assertEqual(self.all_quantities(sale_order), [{"MUG-ENAMEL": 1}])
        self.assertEqual(self.order_there(sale_order)["status_id"], 2)

    def test_a_line_added_in_odoo_is_no_item(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        self.env["sale.order.line"].create(
            {"order_id": sale_order.id, "product_id": self.get_product("BOWL-STONE").id}
        )
        self.ship(sale_order)
        self.assertEqual(self.all_quantities(sale_order), [{"MUG-ENAMEL": 1}])

    def test_more_than_was_ordered_is_not_told(self):
        sale_order = self.confirm_order(lines=[mugs(2)])
        sale_order.order_line.filtered("bigcommerce_line_id")[0].product_uom_qty = 5
        picking = self.ship(sale_order)
        self.assertEqual(self.all_quantities(sale_order), [{"MUG-ENAMEL": 2}])
        self.assertSent(picking)

    def test_a_delivery_in_another_unit_counts_in_that_of_the_order(self):
        sale_order = self.confirm_order(lines=[mugs(12)])
        move = sale_order.picking_ids.move_ids
        move.product_uom = self.env.ref("uom.product_uom_dozen")
        move.product_uom_qty = 1
        self.ship(sale_order)
        self.assertEqual(self.all_quantities(sale_order), [{"MUG-ENAMEL": 12}])

    def test_less_than_one_counts_once_it_has_become_one(self):
        sale_order = self.confirm_order(lines=[mugs(2)])
        first = self.ship(sale_order, MUG_ENAMEL=0.6)
        self.assertFalse(first.bigcommerce_shipment_ids)
        self.ship(sale_order, MUG_ENAMEL=0.6)
        self.ship(sale_order)
        self.assertEqual(
            self.all_quantities(sale_order), [{"MUG-ENAMEL": 1}, {"MUG-ENAMEL": 1}]
        )

    def test_a_kit_is_shipped_when_it_is_complete(self):
        """As with a kit, the moves are those of other products."""
        sale_order = self.confirm_order(lines=[mugs(1)])
        line = sale_order.order_line.filtered("bigcommerce_line_id")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET product_id = %s WHERE id = %s",
            [self.get_product("BOWL-STONE").id, line.id],
        )
        self.env.invalidate_all()
        line.qty_delivered_method = "manual"
        line.qty_delivered = 0
        first = self.ship(sale_order)
        self.assertFalse(first.bigcommerce_shipment_ids)
        line.qty_delivered = 1
        self.env["bigcommerce.shipment.creation"]._create_shipments(first)
        self.drain()
        self.assertEqual(self.all_quantities(sale_order), [{"MUG-ENAMEL": 1}])

    def send_back(self, picking, quantity):
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = quantity
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.validate(returned)
        self.drain()
        return returned

    def test_what_comes_back_and_goes_again_changes_nothing(self):
        sale_order = self.confirm_order(lines=[mugs(3)])
        picking = self.ship(sale_order)
        self.store.forget_requests()
        returned = self.send_back(picking, 2)
        again = self.send_back(returned, 2)
        self.assertEqual(again.location_dest_id.usage, "customer")
        self.assertFalse((returned + again).bigcommerce_shipment_ids)
        self.assertEqual(self.get_writes(), [])

    def test_what_was_cancelled_is_not_waited_for(self):
        sale_order = self.confirm_order(lines=[mugs(3)])
        self.ship(sale_order, MUG_ENAMEL=2)
        self.assertEqual(self.order_there(sale_order)["status_id"], 3)
        sale_order.picking_ids.filtered(
            lambda picking: picking.state == "assigned"
        ).action_cancel()
        self.drain()
        self.assertEqual(self.order_there(sale_order)["status_id"], 2)


@tagged("post_install", "-at_install")
class TestWhen(ShipmentCase):
    def test_without_the_automatic_job_it_waits_for_somebody(self):
        self.job.active = False
        sale_order = self.confirm_order(lines=[mugs(1)])
        picking = self.ship(sale_order)
        self.assertEqual(picking.bigcommerce_shipment_state, "waiting")
        self.assertFalse(self.get_lines(OPERATION))
        self.assertEqual(self.get_writes(), [])
        picking.action_send_to_bigcommerce()
        self.assertEqual(picking.bigcommerce_shipment_state, "scheduled")
        self.drain()
        self.assertSent(picking)
        self.assertEqual(self.order_there(sale_order)["status_id"], 2)

    def test_the_button_of_the_instance_sends_what_waits(self):
        self.job.active = False
        picking = self.ship(self.confirm_order(lines=[mugs(1)]))
        self.assertEqual(self.instance.unsent_shipment_count, 1)
        self.instance.action_export_shipments()
        self.drain()
        self.assertSent(picking)
        self.instance.invalidate_recordset()
        self.assertEqual(self.instance.unsent_shipment_count, 0)

    def test_nothing_is_sent_in_the_transaction_of_the_delivery(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        self.store.forget_requests()
        picking = self.deliver(sale_order)
        self.assertEqual(self.store.get_requests(), [])
        self.assertEqual(picking.bigcommerce_shipment_state, "scheduled")

    def test_observe_mode_lets_it_wait(self):
        self.instance.observe_mode = True
        sale_order = self.confirm_order(lines=[mugs(1)])
        picking = self.ship(sale_order)
        self.assertEqual(picking.bigcommerce_shipment_state, "waiting")
        self.assertIn("observe", picking.bigcommerce_shipment_message.lower())
        self.assertEqual(self.get_writes(), [])
        self.instance.observe_mode = False
        self.drain()
        self.assertSent(picking)
        self.assertFalse(picking.bigcommerce_shipment_message)

    def test_a_draft_or_archived_instance_loses_nothing(self):
        for closed, opened in (
            ({"state": "draft"}, {"state": "confirmed"}),
            ({"active": False}, {"active": True}),
        ):
            with self.subTest(**closed):
                sale_order = self.confirm_order(lines=[mugs(1)])
                self.instance.write(closed)
                picking = self.ship(sale_order)
                self.assertEqual(picking.bigcommerce_shipment_state, "waiting")
                self.instance.write(opened)
                self.run_operation(self.instance, OPERATION)
                self.assertSent(picking)

    def test_what_was_cancelled_in_the_queue_is_left_to_people(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        picking = self.deliver(sale_order)
        with self.open_engine() as engine:
            while engine._scan_next(engine.env["ir.cron"]):
                pass
        self.get_line().action_cancel()
        self.assertEqual(picking.bigcommerce_shipment_state, "failed")
        self.run_operation(self.instance, OPERATION)
        self.assertEqual(self.shipments_there(sale_order), [])
        picking.action_send_to_bigcommerce()
        self.drain()
        self.assertSent(picking)

    def test_deliveries_that_are_not_sent_are_found(self):
        self.job.active = False
        sale_order = self.confirm_order(lines=[mugs(2)])
        picking = self.deliver(sale_order, MUG_ENAMEL=1)

        def find(*states):
            return self.env["stock.picking"].search(
                [
                    ("bigcommerce_shipment_state", "in", states),
                    ("id", "in", sale_order.picking_ids.ids),
                ]
            )

        self.assertEqual(find("waiting", "failed"), picking)
        self.assertFalse(find("done"))
        self.assertEqual(find(False), sale_order.picking_ids - picking)
        self.assertEqual(
            self.env["stock.picking"].search(
                [
                    ("bigcommerce_shipment_state", "=", False),
                    ("id", "in", sale_order.picking_ids.ids),
                ]
            ),
            sale_order.picking_ids - picking,
        )


@tagged("post_install", "-at_install")
class TestTracking(ShipmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "Parcel",
                "product_id": cls.env["product.product"]
                .create({"name": "Parcel", "type": "service"})
                .id,
                "integration_level": "rate",
                "tracking_url": "https://example.com/<shipmenttrackingnumber>",
            }
        )

    def deliver_with(self, number, carrier=None):
        sale_order = self.confirm_order(lines=[mugs(1)])
        sale_order.picking_ids.write(
            {
                "carrier_id": (carrier or self.carrier).id,
                "carrier_tracking_ref": number,
            }
        )
        return self.ship(sale_order)

    def get_tracking(self, picking):
        (there,) = self.shipments_there(picking.sale_id)
        return (
            there["tracking_number"],
            there["shipping_provider"],
            there["tracking_carrier"],
            there["tracking_link"],
        )

    def test_without_a_mapping_odoos_link_is_sent(self):
        picking = self.deliver_with("1Z")
        self.assertEqual(
            self.get_tracking(picking), ("1Z", "", "", "https://example.com/1Z")
        )
        self.assertSent(picking)

    def test_a_provider_makes_the_stores_link(self):
        self.carrier.bigcommerce_shipping_provider = "ups"
        picking = self.deliver_with("1Z")
        self.assertEqual(self.get_tracking(picking), ("1Z", "ups", "", ""))
        self.assertIn("ups/1Z", picking.bigcommerce_shipment_ids.generated_link)
        self.assertSent(picking)

    def test_a_courier_makes_the_stores_link(self):
        self.carrier.bigcommerce_tracking_carrier = "dhl"
        picking = self.deliver_with("1Z")
        self.assertEqual(self.get_tracking(picking), ("1Z", "", "dhl", ""))

    def test_what_is_too_long_is_left_out_and_said(self):
        picking = self.deliver_with("1" * 51)
        self.assertEqual(self.get_tracking(picking)[0], "")
        self.assertEqual(picking.bigcommerce_shipment_state, "done")
        self.assertIn("1" * 51, picking.bigcommerce_shipment_message)
        self.carrier.tracking_url = f"https://example.com/{'2' * 500}"
        picking = self.deliver_with("1Z")
        self.assertEqual(self.get_tracking(picking), ("1Z", "", "", ""))
        self.assertIn("500", picking.bigcommerce_shipment_message)

    def test_a_number_that_comes_later_is_sent_alone(self):
        picking = self.deliver_with(False)
        self.assertEqual(self.get_tracking(picking), ("", "", "", ""))
        self.store.forget_requests()
        picking.carrier_tracking_ref = "1Z"
        self.assertEqual(picking.bigcommerce_shipment_state, "scheduled")
        self.drain()
        self.assertEqual(self.get_tracking(picking)[0], "1Z")
        ((method, _path),) = self.get_writes()
        self.assertEqual(method, "PUT")
        self.assertSent(picking)

    def test_nothing_is_sent_that_has_not_changed(self):
        picking = self.deliver_with("1Z")
        self.store.forget_requests()
        picking.carrier_tracking_ref = "1Z"
        picking.carrier_id = self.carrier
        self.assertEqual(picking.bigcommerce_shipment_state, "done")
        self.drain()
        self.assertEqual(self.store.get_requests(), [])

    def test_a_number_that_is_taken_away_is_taken_away_there(self):
        picking = self.deliver_with("1Z")
        picking.carrier_tracking_ref = False
        self.drain()
        self.assertEqual(self.get_tracking(picking), ("", "", "", ""))
        self.assertSent(picking)

    def test_another_carrier_is_told(self):
        picking = self.deliver_with("1Z")
        other = self.carrier.copy(
            {"name": "Other", "bigcommerce_shipping_provider": "usps"}
        )
        picking.carrier_id = other
        self.drain()
        self.assertEqual(self.get_tracking(picking), ("1Z", "usps", "", ""))

    def test_without_the_automatic_job_the_number_waits(self):
        picking = self.deliver_with(False)
        self.job.active = False
        picking.carrier_tracking_ref = "1Z"
        self.assertEqual(picking.bigcommerce_shipment_state, "waiting")
        self.run_operation(self.instance, OPERATION)
        self.assertEqual(self.get_tracking(picking)[0], "1Z")

    def test_a_number_that_comes_while_it_is_sent_is_not_lost(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        picking = self.deliver(sale_order)
        operation = self.registry["bigcommerce.export.shipments"]
        send = operation._send

        def send_and_change(self, client, lines):
            result = send(self, client, lines)
            delivery = self.env["stock.picking"].browse(picking.id)
            if not delivery.carrier_tracking_ref:
                delivery.carrier_tracking_ref = "1Z"
            return result

        self.patch(operation, "_send", send_and_change)
        self.drain()
        self.assertEqual(self.get_tracking(picking)[0], "1Z")
        self.assertEqual(len(self.get_posts()), 1)
        self.assertSent(picking)


@tagged("post_install", "-at_install")
class TestWhatTheStoreDid(ShipmentCase):
    def test_what_it_has_shipped_meanwhile_is_not_shipped_again(self):
        sale_order = self.confirm_order(lines=[mugs(3), BOWL])
        self.ship_there(sale_order, 2)
        picking = self.ship(sale_order)
        self.assertEqual(
            self.all_quantities(sale_order),
            [{"MUG-ENAMEL": 2}, {"MUG-ENAMEL": 1, "BOWL-STONE": 1}],
        )
        self.assertSent(picking)

    def test_a_shipment_of_all_of_it_is_recognised(self):
        sale_order = self.confirm_order(lines=[mugs(3)])
        there = self.ship_there(sale_order, 3, tracking_number="THEIRS")
        sale_order.picking_ids.carrier_tracking_ref = "OURS"
        picking = self.ship(sale_order)
        shipment = picking.bigcommerce_shipment_ids
        self.assertEqual(shipment.bc_id, str(there["id"]))
        self.assertTrue(shipment.is_recognised)
        self.assertEqual(shipment.tracking_number, "THEIRS")
        self.assertNotIn("POST", [method for method, _path in self.get_writes()])
        picking.carrier_tracking_ref = "OURS-2"
        self.drain()
        (there,) = self.shipments_there(sale_order)
        self.assertEqual(there["tracking_number"], "THEIRS")
        self.assertEqual(picking.bigcommerce_shipment_state, "done")

    def test_a_recognised_shipment_without_number_gets_ours(self):
        sale_order = self.confirm_order(lines=[mugs(3)])
        self.ship_there(sale_order, 3)
        picking = self.ship(sale_order)
        picking.carrier_tracking_ref = "OURS"
        self.drain()
        (there,) = self.shipments_there(sale_order)
        self.assertEqual(there["tracking_number"], "OURS")
        picking.carrier_tracking_ref = "OURS-2"
        self.drain()
        (there,) = self.shipments_there(sale_order)
        self.assertEqual(there["tracking_number"], "OURS-2")

    def test_a_recognised_shipment_gets_a_number_at_once(self):
        sale_order = self.confirm_order(lines=[mugs(3)])
        self.ship_there(sale_order, 3)
        sale_order.picking_ids.carrier_tracking_ref = "OURS"
        picking = self.ship(sale_order)
        (there,) = self.shipments_there(sale_order)
        self.assertEqual(there["tracking_number"], "OURS")
        self.assertSent(picking)

    def test_a_number_whose_answer_was_lost_is_still_ours(self):
        sale_order = self.confirm_order(lines=[mugs(3)])
        self.ship_there(sale_order, 3)
        sale_order.picking_ids.carrier_tracking_ref = "OURS"
        self.store.fault("/shipments/", method="PUT", kind="reset", after=True)
        picking = self.ship(sale_order)
        self.let_time_pass()
        self.drain()
        shipment = picking.bigcommerce_shipment_ids
        self.assertEqual(shipment.state, "done")
        self.assertFalse(shipment.is_tracking_theirs)
        picking.carrier_tracking_ref = "OURS-2"
        self.drain()
        (there,) = self.shipments_there(sale_order)
        self.assertEqual(there["tracking_number"], "OURS-2")

    def test_one_shipment_for_two_deliveries_belongs_to_the_first(self):
        sale_order = self.confirm_order(lines=[mugs(3)])
        self.ship_there(sale_order, 3)
        first = self.ship(sale_order, MUG_ENAMEL=1)
        second = self.ship(sale_order)
        self.assertTrue(first.bigcommerce_shipment_ids.bc_id)
        self.assertFalse(second.bigcommerce_shipment_ids.bc_id)
        self.assertEqual(second.bigcommerce_shipment_state, "done")
        self.assertIn("already", second.bigcommerce_shipment_message)
        self.assertEqual(len(self.shipments_there(sale_order)), 1)

    def test_an_order_that_is_called_off_there_is_not_moved(self):
        for status in (4, 5, 6, 12, 13):
            with self.subTest(status=status):
                sale_order = self.confirm_order(lines=[mugs(1)])
                bc_id = self.get_bc_id(sale_order)
                self.store.patch(f"v2/orders/{bc_id}", status_id=status)
                self.store.forget_requests()
                picking = self.ship(sale_order)
                line = self.get_line()
                self.assertEqual(line.cause_id.code, "order_not_to_ship")
                self.assertEqual(picking.bigcommerce_shipment_state, "failed")
                self.assertTrue(picking.bigcommerce_shipment_message)
                self.assertEqual(self.get_writes(), [])
                self.run_operation(self.instance, OPERATION)
                self.assertEqual(self.get_writes(), [])
                self.store.patch(f"v2/orders/{bc_id}", status_id=11)
                picking.action_send_to_bigcommerce()
                self.drain()
                self.assertSent(picking)

    def test_a_shipment_deleted_there_is_made_again_when_asked_for(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        picking = self.ship(sale_order)
        with self.open_client() as client:
            path = f"/v2/orders/{self.get_bc_id(sale_order)}/shipments"
            client.transport.exchange("DELETE", path)
        picking.carrier_tracking_ref = "1Z"
        self.drain()
        self.assertEqual(picking.bigcommerce_shipment_state, "failed")
        self.assertIn("deleted", picking.bigcommerce_shipment_message)
        self.assertEqual(self.shipments_there(sale_order), [])
        picking.action_send_to_bigcommerce()
        self.drain()
        self.assertSent(picking)

    def test_a_shipment_of_an_order_that_is_gone_there_fails(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        self.store.delete(f"v2/orders/{self.get_bc_id(sale_order)}")
        picking = self.ship(sale_order)
        self.assertEqual(self.get_line().cause_id.code, "not_found")
        self.assertEqual(picking.bigcommerce_shipment_state, "failed")
        self.assertQueueIsSound()

    def test_a_shipment_that_is_gone_in_odoo_is_not_sent(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        picking = self.deliver(sale_order)
        with self.open_engine() as engine:
            while engine._scan_next(engine.env["ir.cron"]):
                pass
        picking.bigcommerce_shipment_ids.unlink()
        self.drain()
        self.assertEqual(self.get_writes(), [])
        self.assertEqual(self.get_line().cause_id.code, "not_found")


@tagged("post_install", "-at_install")
class TestTrouble(ShipmentCase):
    def fault(self, method, **fault):
        self.store.fault("/shipments", method=method, **fault)

    def test_a_failure_before_a_shipment_is_made_leaves_one_shipment(self):
        for fault in ({"status": 503}, {"kind": "reset"}):
            with self.subTest(**fault):
                self.store.forget_requests()
                self.fault("POST", **fault)
                sale_order = self.confirm_order(lines=[mugs(1)])
                picking = self.ship(sale_order)
                self.assertEqual(picking.bigcommerce_shipment_state, "scheduled")
                self.come_back()
                self.assertSent(picking)
                self.assertEqual(len(self.get_posts()), 1)

    def test_each_answer_lost_after_a_shipment_is_made_leaves_one(self):
        for fault in ({"status": 503}, {"kind": "reset"}, {"kind": "truncate"}):
            with self.subTest(**fault):
                self.store.forget_requests()
                self.fault("POST", after=True, **fault)
                sale_order = self.confirm_order(lines=[mugs(1)])
                sale_order.picking_ids.carrier_tracking_ref = "1Z"
                picking = self.ship(sale_order)
                self.assertEqual(self.get_line().state, "unknown")
                self.assertFalse(picking.bigcommerce_shipment_ids.bc_id)
                self.come_back()
                self.assertSent(picking)
                self.assertEqual(len(self.get_posts()), 1)
                self.assertEqual(len(self.shipments_there(sale_order)), 1)
                self.assertEqual(self.order_there(sale_order)["status_id"], 2)

    def test_a_kill_after_a_shipment_is_made_leaves_one_shipment(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        picking = self.deliver(sale_order)
        operation = self.registry["bigcommerce.export.shipments"]
        send = operation._send

        def die(operation, client, lines):
            send(operation, client, lines)
            raise SystemExit

        self.patch(operation, "_send", die)
        self.drain_until_killed()
        self.patch(operation, "_send", send)
        self.come_back()
        self.assertSent(picking)
        self.assertEqual(len(self.get_posts()), 1)

    def test_a_lost_answer_to_a_tracking_number_leaves_one_write(self):
        for fault in (
            {"status": 503},
            {"kind": "reset"},
            {"status": 503, "after": True},
            {"kind": "reset", "after": True},
        ):
            with self.subTest(**fault):
                sale_order = self.confirm_order(lines=[mugs(1)])
                picking = self.ship(sale_order)
                self.store.forget_requests()
                self.fault("PUT", **fault)
                picking.carrier_tracking_ref = "1Z"
                self.drain()
                self.come_back()
                self.assertSent(picking)
                self.assertEqual(picking.bigcommerce_shipment_ids.tracking_number, "1Z")
                puts = [
                    request
                    for request in self.store.get_requests("shipments/")
                    if request["method"] == "PUT" and request["took_effect"]
                ]
                self.assertEqual(len(puts), 1)

    def test_a_refusal_is_told_and_sent_again_when_asked_for(self):
        self.fault("POST", status=422)
        sale_order = self.confirm_order(lines=[mugs(1)])
        picking = self.ship(sale_order)
        self.assertEqual(picking.bigcommerce_shipment_state, "failed")
        self.assertTrue(picking.bigcommerce_shipment_message)
        self.assertEqual(self.get_line().cause_id.code, "refused")
        picking.action_send_to_bigcommerce()
        self.drain()
        self.assertSent(picking)
        self.assertQueueIsSound()

    @mute_logger(SETTLEMENT)
    def test_an_outcome_that_stays_unknown_is_told(self):
        self.fault("POST", kind="reset", times=0)
        sale_order = self.confirm_order(lines=[mugs(1)])
        picking = self.ship(sale_order)
        self.come_back(12)
        self.assertEqual(self.get_line().state, "unknown")
        self.assertEqual(picking.bigcommerce_shipment_state, "failed")
        self.store.heal()
        self.get_line().action_retry()
        self.come_back()
        self.assertSent(picking)

    def test_a_missing_scope_is_named_and_the_shipment_has_failed(self):
        self.confirm = self.confirm_order(lines=[mugs(1)])
        self.store.control("PUT", "access", {"scopes": ["store_v2_orders_read_only"]})
        picking = self.ship(self.confirm)
        self.assertEqual(self.get_line().cause_id.code, "missing_scope")
        self.assertEqual(picking.bigcommerce_shipment_state, "failed")


@tagged("post_install", "-at_install")
class TestColleagues(ShipmentCase):
    """People who work with deliveries and have no part in the connector."""

    def test_a_storekeeper_delivers_sees_the_badge_and_sends_again(self):
        storekeeper = new_test_user(self.env, "storekeeper", "stock.group_stock_user")
        sale_order = self.confirm_order(lines=[mugs(1)])
        picking = sale_order.picking_ids.with_user(storekeeper)
        picking.carrier_tracking_ref = "1Z"
        picking.move_ids.quantity = 1
        self.store.fault("/shipments", method="POST", status=422)
        picking.with_context(skip_sms=True).button_validate()
        self.assertEqual(picking.bigcommerce_shipment_state, "scheduled")
        self.drain()
        self.assertEqual(picking.bigcommerce_shipment_state, "failed")
        self.assertTrue(picking.bigcommerce_shipment_message)
        for view_type in ("form", "list"):
            view = picking.get_view(view_type=view_type)
            names = {
                name
                for name in view["models"]["stock.picking"]
                if name.startswith("bigcommerce_") and name in picking.fields_get()
            }
            self.assertIn("bigcommerce_shipment_state", names)
            picking.invalidate_recordset()
            picking.read(names)
        found = picking.search(
            [("bigcommerce_shipment_state", "in", ["failed", "waiting", "scheduled"])]
        )
        self.assertIn(picking, found)
        picking.action_send_to_bigcommerce()
        self.drain()
        self.assertEqual(picking.bigcommerce_shipment_state, "done")
        picking.carrier_tracking_ref = "2Z"
        self.drain()
        (there,) = self.shipments_there(sale_order)
        self.assertEqual(there["tracking_number"], "2Z")

    def test_a_salesman_sees_what_was_shipped(self):
        salesman = new_test_user(
            self.env, "salesman", "sales_team.group_sale_salesman_all_leads"
        )
        sale_order = self.confirm_order(lines=[mugs(1)])
        self.ship(sale_order)
        shipments = sale_order.with_user(salesman).bigcommerce_shipment_ids
        self.assertIn("1 × ", shipments.contents)
        shipments.read(["name", "contents", "tracking_number", "bc_id", "state"])

    def test_a_bookkeeper_invoices_what_was_shipped(self):
        bookkeeper = new_test_user(
            self.env, "bookkeeper", "account.group_account_invoice"
        )
        sale_order = self.confirm_order(lines=[mugs(1)])
        self.ship(sale_order)
        sale_order.with_user(bookkeeper)._create_invoices().action_post()

    def test_people_of_another_company_see_none_of_it(self):
        self.ship(self.confirm_order(lines=[mugs(1)]))
        company = self.env["res.company"].create({"name": "Second"})
        others = new_test_user(
            self.env,
            "others",
            "bigcommerce_connector.bigcommerce_group_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        shipments = self.env["bigcommerce.shipment"]
        self.assertTrue(shipments.search([]))
        self.assertFalse(shipments.with_user(others).search([]))

    def test_a_user_of_the_connector_sends_without_a_part_in_stock(self):
        user = new_test_user(
            self.env, "user", "bigcommerce_connector.bigcommerce_group_user"
        )
        self.job.active = False
        picking = self.ship(self.confirm_order(lines=[mugs(1)]))
        picking.bigcommerce_shipment_ids.with_user(user).action_send()
        self.drain()
        self.assertSent(picking)

    def test_an_employee_sends_nothing(self):
        employee = new_test_user(self.env, "employee", "base.group_user")
        self.job.active = False
        picking = self.ship(self.confirm_order(lines=[mugs(1)]))
        with self.assertRaises(AccessError):
            picking.bigcommerce_shipment_ids.with_user(employee).action_send()
        with self.assertRaises(AccessError):
            picking.with_user(employee).action_send_to_bigcommerce()
