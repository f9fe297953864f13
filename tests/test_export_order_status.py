"""The status of the store's orders follows what Odoo has delivered: only forward."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from .common import OrderCase
from .delivery_case import BOWL, PLANNER
from .shipment_case import OPERATION, STATUS, ShipmentCase, mugs


class StatusCase(ShipmentCase):
    """A store that does not move the status of its orders by itself."""

    def setUp(self):
        super().setUp()
        self.store.control("PUT", "shipping", {"moves_status": False})

    def get_status(self, sale_order):
        return self.order_there(sale_order)["status_id"]

    def get_puts(self, sale_order):
        """Return what was written to the order itself."""
        path = f"/orders/{self.get_bc_id(sale_order)}$"
        return [
            request
            for request in self.store.get_requests(path)
            if request["method"] == "PUT" and request["took_effect"]
        ]

    def set_status(self, sale_order, status):
        self.store.patch(f"v2/orders/{self.get_bc_id(sale_order)}", status_id=status)

    @contextmanager
    def change_before_status_is_read(self, sale_order, status):
        """Let somebody change the status once the shipment has arrived."""
        operation = self.registry["bigcommerce.export.order.status"]
        send = operation._send

        def change_and_send(operation, client, lines):
            self.set_status(sale_order, status)
            return send(operation, client, lines)

        with patch.object(operation, "_send", change_and_send):
            yield

    def invoice(self, sale_order):
        sale_order._create_invoices().action_post()
        self.drain()

    def assertStatus(self, sale_order, status):
        """It is so in the store, and the record says so."""
        self.assertEqual(self.get_status(sale_order), status)
        record = sale_order.bigcommerce_order_ids
        self.assertEqual(record.status_id.bc_id, str(status))


@tagged("post_install", "-at_install")
class TestStatus(StatusCase):
    def test_a_part_and_then_all_move_the_status_twice(self):
        sale_order = self.confirm_order(lines=[mugs(2)])
        self.ship(sale_order, MUG_ENAMEL=1)
        self.assertStatus(sale_order, 3)
        self.ship(sale_order)
        self.assertStatus(sale_order, 2)
        self.assertEqual(len(self.get_puts(sale_order)), 2)
        self.assertIn("Shipped", sale_order.message_ids[0].body)
        self.assertQueueIsSound()

    def test_nothing_but_the_status_is_changed(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        picking = self.deliver(sale_order)
        before = self.order_there(sale_order)
        self.drain()
        after = self.order_there(sale_order)
        self.assertLessEqual(
            {name for name in before if before[name] != after[name]},
            {"status_id", "status", "custom_status", "date_shipped", "date_modified",
             "items_shipped"},
        )  # fmt: skip
        self.assertSent(picking)

    def test_it_is_moved_to_completed_where_the_instance_says_so(self):
        self.instance.shipped_status = "10"
        for moves in (False, True):
            with self.subTest(moves=moves):
                self.store.control("PUT", "shipping", {"moves_status": moves})
                sale_order = self.confirm_order(lines=[mugs(1)])
                self.ship(sale_order)
                self.assertStatus(sale_order, 10)

    def test_the_setting_is_for_orders_to_come(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        self.ship(sale_order)
        self.instance.shipped_status = "10"
        self.run_operation(self.instance, OPERATION)
        self.assertStatus(sale_order, 2)

    def test_what_the_store_has_moved_itself_is_not_written(self):
        self.store.control("PUT", "shipping", {"moves_status": True})
        sale_order = self.confirm_order(lines=[mugs(2)])
        self.ship(sale_order, MUG_ENAMEL=1)
        self.ship(sale_order)
        self.assertStatus(sale_order, 2)
        self.assertEqual(self.get_puts(sale_order), [])

    def test_an_import_that_follows_has_nothing_to_do(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        self.ship(sale_order)
        self.store.forget_requests()
        self.import_orders()
        self.assertStatus(sale_order, 2)
        self.assertEqual(self.get_writes(), [])

    def test_open_statuses_are_moved_and_settled_ones_never(self):
        for status, after in (
            (1, 2),
            (7, 2),
            (8, 2),
            (9, 2),
            (11, 2),
            (3, 2),
            (10, 10),
            (4, 4),
            (5, 5),
            (6, 6),
            (12, 12),
            (13, 13),
            (14, 14),
        ):
            with self.subTest(status=status):
                sale_order = self.confirm_order(lines=[mugs(1)])
                picking = self.deliver(sale_order)
                # The shipment has arrived before the status was changed.
                with self.change_before_status_is_read(sale_order, status):
                    self.drain()
                self.assertSent(picking)
                self.assertStatus(sale_order, after)

    def test_what_somebody_has_put_back_stays_so(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        self.ship(sale_order)
        self.set_status(sale_order, 11)
        self.store.control("PUT", "clock", {"advance": 60})
        self.import_orders()
        self.run_operation(self.instance, OPERATION)
        self.run_operation(self.instance, STATUS)
        self.assertEqual(self.get_status(sale_order), 11)

    def test_what_is_not_sent_yet_is_not_shipped(self):
        sale_order = self.confirm_order(lines=[mugs(2)])
        self.ship(sale_order, MUG_ENAMEL=1)
        self.store.fault("/shipments", method="POST", status=422)
        self.ship(sale_order)
        self.assertStatus(sale_order, 3)
        self.run_operation(self.instance, STATUS)
        self.assertStatus(sale_order, 3)

    def test_a_run_for_all_finds_what_is_due(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        self.store.fault(
            f"/orders/{self.get_bc_id(sale_order)}$", method="PUT", status=422
        )
        self.ship(sale_order)
        self.assertEqual(self.get_status(sale_order), 11)
        self.run_operation(self.instance, OPERATION)
        self.assertStatus(sale_order, 2)
        self.store.forget_requests()
        self.run_operation(self.instance, OPERATION)
        self.assertEqual(self.store.get_requests(), [])

    def test_an_order_archived_there_is_left_alone(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        self.store.patch(f"v2/orders/{self.get_bc_id(sale_order)}", is_deleted=True)
        self.ship(sale_order)
        self.assertEqual(self.get_puts(sale_order), [])

    def test_levels_that_the_store_changes_with_it_are_not_believed(self):
        item = self.env["bigcommerce.listing.item"].search(
            [("sku", "=", "MUG-ENAMEL")], limit=1
        )
        location = self.env["bigcommerce.location"].search(
            [("instance_id", "=", self.instance.id), ("is_default", "=", True)]
        )
        sale_order = self.confirm_order(lines=[mugs(1)])
        level = self.env["bigcommerce.stock.level"]._confirm(
            self.instance, {(item, location): {"quantity": 5}}
        )[item, location]
        self.ship(sale_order)
        self.assertFalse(level.confirmed_on)


@tagged("post_install", "-at_install")
class TestNothingToShip(StatusCase):
    def test_a_download_is_completed_once_it_is_invoiced(self):
        sale_order = self.confirm_order(lines=[PLANNER])
        self.drain()
        self.run_operation(self.instance, OPERATION)
        self.assertEqual(self.get_status(sale_order), 11)
        self.invoice(sale_order)
        self.assertStatus(sale_order, 10)

    def test_a_draft_invoice_is_none(self):
        sale_order = self.confirm_order(lines=[PLANNER])
        sale_order._create_invoices()
        self.run_operation(self.instance, OPERATION)
        self.assertEqual(self.get_status(sale_order), 11)

    def test_a_pickup_is_completed_once_it_is_invoiced_and_collected(self):
        for first, second in (("invoice", "ship"), ("ship", "invoice")):
            with self.subTest(first=first):
                sale_order = self.confirm_order(lines=[mugs(1)], pickup=1)
                getattr(self, first)(sale_order)
                self.assertEqual(self.get_status(sale_order), 11)
                getattr(self, second)(sale_order)
                self.assertStatus(sale_order, 10)

    def test_without_the_automatic_job_it_waits(self):
        self.job.active = False
        sale_order = self.confirm_order(lines=[PLANNER])
        self.invoice(sale_order)
        self.assertEqual(self.get_status(sale_order), 11)
        self.instance.action_export_shipments()
        self.drain()
        self.assertStatus(sale_order, 10)

    def test_an_order_with_goods_is_not_completed_by_its_invoice(self):
        self.get_product("MUG-ENAMEL").invoice_policy = "order"
        sale_order = self.confirm_order(lines=[mugs(1)])
        self.invoice(sale_order)
        self.assertEqual(self.get_status(sale_order), 11)
        self.assertFalse(self.get_lines(STATUS))

    def test_goods_of_which_there_is_no_delivery_yet_are_waited_for(self):
        """As those that are dropshipped, before their purchase is confirmed."""
        self.get_product("MUG-ENAMEL").invoice_policy = "order"
        sale_order = self.confirm_order(lines=[mugs(1), BOWL])
        sale_order.picking_ids.move_ids.filtered(
            lambda move: move.product_id.default_code == "MUG-ENAMEL"
        ).write({"sale_line_id": False})
        self.invoice(sale_order)
        self.ship(sale_order, BOWL_STONE=1)
        self.assertStatus(sale_order, 3)
        for picking in sale_order.picking_ids.filtered(
            lambda picking: picking.state != "done"
        ):
            picking.action_cancel()
        self.run_operation(self.instance, OPERATION)
        self.assertStatus(sale_order, 3)

    def test_who_may_not_see_sales_orders_cancels_moves_of_them(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        user = new_test_user(self.env, "keeper", "stock.group_stock_user")
        own_documents = self.env.ref("sales_team.group_sale_salesman")
        user.group_ids += own_documents
        sale_order.picking_ids.with_user(user).move_ids._action_cancel()
        self.assertEqual(sale_order.picking_ids.state, "cancel")

    def test_a_bookkeeper_posts_without_a_part_in_it(self):
        bookkeeper = new_test_user(
            self.env, "bookkeeper", "account.group_account_invoice"
        )
        sale_order = self.confirm_order(lines=[PLANNER])
        sale_order._create_invoices().with_user(bookkeeper).action_post()
        self.drain()
        self.assertStatus(sale_order, 10)


@tagged("post_install", "-at_install")
class TestTrouble(StatusCase):
    def test_each_fault_leaves_one_effect_and_a_true_record(self):
        for fault in (
            {"status": 503},
            {"kind": "reset"},
            {"status": 503, "after": True},
            {"kind": "reset", "after": True},
        ):
            with self.subTest(**fault):
                sale_order = self.confirm_order(lines=[mugs(1), BOWL])
                path = f"/orders/{self.get_bc_id(sale_order)}$"
                self.store.fault(path, method="PUT", **fault)
                self.ship(sale_order)
                self.come_back()
                self.assertStatus(sale_order, 2)
                self.assertEqual(len(self.get_puts(sale_order)), 1)
                record = sale_order.bigcommerce_order_ids
                self.assertEqual(record.exported_status, "2")

    def test_a_kill_after_the_effect_leaves_one_write(self):
        operation = self.registry["bigcommerce.export.order.status"]
        send = operation._send

        def die(operation, client, lines):
            send(operation, client, lines)
            raise SystemExit

        sale_order = self.confirm_order(lines=[mugs(1)])
        self.deliver(sale_order)
        self.patch(operation, "_send", die)
        self.drain_until_killed()
        self.patch(operation, "_send", send)
        self.come_back()
        self.assertStatus(sale_order, 2)
        self.assertEqual(len(self.get_puts(sale_order)), 1)

    def test_an_order_that_is_gone_in_odoo_leaves_the_queue_sound(self):
        sale_order = self.confirm_order(lines=[mugs(1)])
        record = sale_order.bigcommerce_order_ids
        self.ship(sale_order)
        record.unlink()
        self.run_operation(self.instance, STATUS)
        self.assertQueueIsSound()


@tagged("post_install", "-at_install")
class TestTwoStores(OrderCase):
    def test_the_automatic_job_of_one_store_is_not_the_others(self):
        other = self.create_instance(
            name="Other",
            state="confirmed",
            api_url=self.store.address.replace("127.0.0.1", "localhost"),
        )
        self.env["bigcommerce.automatic.job"]._ensure_jobs(other)
        self.env["bigcommerce.automatic.job"]._get_job(other, OPERATION).active = True
        self.assertTrue(other._exports_shipments())
        self.assertFalse(self.instance._exports_shipments())
