"""The number of the Odoo order is written to the order of the store, once."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..client.errors import BigCommerceError
from ..sync import operation, scan
from .common import OrderCase

OPERATION = "export_order_numbers"
MODEL = "bigcommerce.export.order.numbers"
SETTLEMENT = "odoo.addons.bigcommerce_connector.sync.settlement"
MUG = {"sku": "MUG-ENAMEL"}


class NumbersCase(OrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.export_order_number = True
        cls.drain()

    def setUp(self):
        super().setUp()
        self.skip_backoff()

    def get_number(self, bc_id):
        return self.store.control("GET", f"v2/orders/{bc_id}")["external_order_id"]

    def get_writes(self):
        return [
            request
            for request in self.store.get_requests()
            if request["method"] != "GET"
        ]

    def import_unsent(self):
        """Return an imported order whose number has not been sent."""
        self.instance.export_order_number = False
        order = self.import_order(lines=[MUG])
        self.instance.export_order_number = True
        return order

    def fault_of_writes(self, **fault):
        self.store.fault("^/v2/orders/", method="PUT", **fault)

    def assertWritten(self, order):
        self.assertEqual(self.get_number(order.bc_id), order.sale_order_id.name)
        self.assertEqual(order.external_order_id, order.sale_order_id.name)


@tagged("post_install", "-at_install")
class TestOption(NumbersCase):
    def test_an_imported_order_has_its_number_there(self):
        order = self.import_order(lines=[MUG])
        self.assertWritten(order)
        (write,) = self.get_writes()
        self.assertEqual(write["method"], "PUT")
        self.assertEqual(write["path"], f"/v2/orders/{order.bc_id}")
        line = self.get_lines(OPERATION)
        self.assertEqual((line.state, line.res_id), ("done", order.id))
        self.assertQueueIsSound()

    def test_nothing_else_of_the_order_is_changed_there(self):
        bc_id = self.store.place_order(lines=[MUG], staff_notes="A friend.")
        before = self.store.control("GET", f"v2/orders/{bc_id}")
        self.import_orders()
        after = self.store.control("GET", f"v2/orders/{bc_id}")
        changed = {name for name in before if before[name] != after[name]}
        self.assertLessEqual(changed, {"external_order_id", "date_modified"})

    def test_without_the_option_nothing_is_written(self):
        self.instance.export_order_number = False
        order = self.import_order(lines=[MUG])
        self.assertTrue(order.sale_order_id)
        self.assertEqual(self.get_writes(), [])
        self.assertFalse(self.get_lines(OPERATION))

    def test_turning_it_on_writes_those_of_earlier_orders(self):
        order = self.import_unsent()
        self.drain()
        self.assertWritten(order)

    def test_turning_it_on_for_a_draft_writes_nothing(self):
        self.instance.export_order_number = False
        self.instance.action_reset_to_draft()
        self.instance.export_order_number = True
        self.drain()
        self.assertEqual(self.get_writes(), [])

    def test_an_order_that_is_not_imported_has_none(self):
        order = self.import_order(lines=[MUG], status=2)
        self.assertEqual(order.state, "not_selected")
        self.run_operation(self.instance, OPERATION)
        self.assertEqual(self.get_writes(), [])
        self.assertFalse(self.get_lines(OPERATION))

    def test_a_held_order_has_its_number_there_too(self):
        order = self.import_order(lines=[{**MUG, "quantity": 2}])
        self.assertTrue(order.sale_order_id)
        self.assertWritten(order)

    def test_the_number_of_another_system_is_kept(self):
        bc_id = self.store.place_order(lines=[MUG])
        self.store.patch(f"v2/orders/{bc_id}", external_order_id="ERP-1")
        self.import_orders()
        order = self.get_order(bc_id)
        self.assertTrue(order.sale_order_id)
        self.assertEqual(order.external_order_id, "ERP-1")
        self.assertEqual(self.get_number(bc_id), "ERP-1")
        self.assertEqual(self.get_writes(), [])

    def test_the_number_that_another_system_wrote_meanwhile_is_kept(self):
        """The order was read before the other system wrote."""
        order = self.import_unsent()
        self.store.patch(f"v2/orders/{order.bc_id}", external_order_id="ERP-1")
        self.drain()
        self.assertEqual(self.get_number(order.bc_id), "ERP-1")

    def test_what_an_earlier_scan_saw_is_no_news_for_the_next(self):
        """Our own write moves the order's date of change there."""
        order = self.import_order(lines=[MUG])
        self.store.forget_requests()
        for _time in range(2):
            self.import_orders()
        self.assertEqual(self.get_writes(), [])
        self.assertWritten(order)
        self.assertEqual(len(self.get_lines(OPERATION)), 1)

    def test_a_number_taken_out_by_hand_there_is_written_when_asked_for(self):
        order = self.import_order(lines=[MUG])
        self.store.control("PUT", "clock", {"advance": 60})
        self.store.patch(f"v2/orders/{order.bc_id}", external_order_id="")
        self.import_orders()
        self.assertFalse(order.external_order_id)
        self.run_operation(self.instance, OPERATION)
        self.assertWritten(order)

    def test_a_second_run_has_nothing_to_do(self):
        self.import_order(lines=[MUG])
        self.store.forget_requests()
        job = self.run_operation(self.instance, OPERATION)
        self.assertEqual((job.state, job.line_count), ("done", 0))
        self.assertEqual(self.store.get_requests(), [])

    def test_a_run_for_some_orders_is_for_these(self):
        self.instance.export_order_number = False
        first, second = (self.import_order(lines=[MUG]) for _time in range(2))
        self.run_operation(self.instance, OPERATION, ids=[first.bc_id])
        self.assertWritten(first)
        self.assertFalse(self.get_number(second.bc_id))

    def test_many_orders_are_found_page_by_page(self):
        self.instance.export_order_number = False
        for _time in range(5):
            self.store.place_order(lines=[MUG])
        self.import_orders()
        self.patch(operation, "PAGE_SIZE", 1)
        # Others have their turn in between.
        self.patch(scan, "PAGES_AT_A_TIME", 2)
        job = self.run_operation(self.instance, OPERATION)
        self.assertEqual((job.state, job.done_count), ("done", 5))

    def test_orders_of_another_store_are_not_concerned(self):
        order = self.import_unsent()
        other = self.create_instance(
            name="Other",
            state="confirmed",
            api_url=self.store.address.replace("127.0.0.1", "localhost"),
        )
        self.env["bigcommerce.queue.job"].search([]).action_cancel()
        job = self.run_operation(other, OPERATION)
        self.assertEqual((job.state, job.line_count), ("done", 0))
        self.assertFalse(self.get_number(order.bc_id))


@tagged("post_install", "-at_install")
class TestTrouble(NumbersCase):
    def test_each_answer_lost_after_the_effect_leaves_one_write(self):
        for fault in (
            {"kind": "reset"},
            {"status": 500},
            {"status": 502},
            {"status": 504},
        ):
            with self.subTest(fault=fault):
                self.store.heal()
                self.store.forget_requests()
                self.fault_of_writes(after=True, **fault)
                order = self.import_order(lines=[MUG])
                line = self.get_lines(OPERATION, key=order.bc_id)
                self.assertEqual(line.state, "unknown")
                self.assertFalse(order.external_order_id)
                self.come_back()
                self.assertEqual(line.state, "done")
                self.assertWritten(order)
                self.assertEqual(len(self.get_writes()), 1)

    def test_an_answer_lost_before_the_effect_is_made_up_for(self):
        self.fault_of_writes(kind="reset")
        order = self.import_order(lines=[MUG])
        self.assertFalse(self.get_number(order.bc_id))
        self.come_back()
        self.assertWritten(order)

    def test_a_kill_after_the_effect_leaves_one_write(self):
        self.store.place_order(lines=[MUG])
        send = self.registry[MODEL]._send

        def die(operation, client, lines):
            send(operation, client, lines)
            raise SystemExit

        self.instance._start("import_orders")
        self.patch(self.registry[MODEL], "_send", die)
        self.drain_until_killed()
        self.patch(self.registry[MODEL], "_send", send)
        line = self.get_lines(OPERATION)
        self.assertEqual(line.state, "sending")
        self.come_back()
        self.assertEqual(line.state, "done")
        self.assertWritten(self.get_order(line.key))
        self.assertEqual(len(self.get_writes()), 1)

    def test_another_number_found_while_looking_is_kept(self):
        self.fault_of_writes(kind="reset")
        order = self.import_order(lines=[MUG])
        self.store.patch(f"v2/orders/{order.bc_id}", external_order_id="ERP-1")
        self.come_back()
        self.assertEqual(self.get_number(order.bc_id), "ERP-1")
        self.assertEqual(order.external_order_id, "ERP-1")

    def test_the_number_of_an_order_that_is_gone_there_is_blocked(self):
        order = self.import_unsent()
        self.store.delete(f"v2/orders/{order.bc_id}")
        self.drain()
        line = self.get_lines(OPERATION)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "not_found"))
        self.assertTrue(order.sale_order_id)
        self.assertQueueIsSound()

    def test_no_number_is_written_of_an_order_that_is_gone_in_odoo(self):
        order = self.import_unsent()
        order.sale_order_id.unlink()
        self.drain()
        self.assertEqual(self.get_writes(), [])
        lines = self.get_lines(OPERATION)
        self.assertNotIn("failed", lines.mapped("state"))
        self.assertQueueIsSound()

    def test_an_order_gone_in_odoo_after_it_was_found_gets_no_number(self):
        order = self.import_unsent()
        with self.open_engine() as engine:
            while engine._scan_next(engine.env["ir.cron"]):
                pass
        line = self.get_lines(OPERATION)
        self.assertEqual(line.state, "pending")
        order.sale_order_id.unlink()
        self.drain()
        self.assertEqual(self.get_writes(), [])
        self.assertEqual(line.state, "done")
        self.assertFalse(order.external_order_id)
        self.assertQueueIsSound()

    @mute_logger(SETTLEMENT)
    def test_no_number_is_written_of_an_order_record_that_is_gone(self):
        order = self.import_unsent()
        with self.open_engine() as engine:
            while engine._scan_next(engine.env["ir.cron"]):
                pass
        order.unlink()
        self.drain()
        self.assertEqual(self.get_writes(), [])
        self.assertEqual(self.get_lines(OPERATION).state, "done")

    def test_a_number_that_changes_before_it_is_sent_is_sent_as_it_is_then(self):
        order = self.import_unsent()
        with self.open_engine() as engine:
            while engine._scan_next(engine.env["ir.cron"]):
                pass
        order.sale_order_id.name = "SO-NEW"
        self.drain()
        self.assertEqual(self.get_number(order.bc_id), "SO-NEW")

    def test_observe_mode_writes_none_and_goes_on_importing(self):
        self.instance.observe_mode = True
        order = self.import_order(lines=[MUG])
        self.assertTrue(order.sale_order_id)
        self.assertEqual(self.get_writes(), [])
        line = self.get_lines(OPERATION)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "read_only"))
        self.instance.observe_mode = False
        self.drain()
        self.assertWritten(order)

    def test_a_number_held_back_for_days_by_observe_mode_is_written_at_last(self):
        self.instance.observe_mode = True
        order = self.import_order(lines=[MUG])
        line = self.get_lines(OPERATION)
        line.read_on = fields.Datetime.now() - timedelta(days=3)
        self.instance.observe_mode = False
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertWritten(order)

    def test_a_copied_database_writes_none(self):
        self.env["ir.config_parameter"].set_param("database.uuid", "a copy")
        order = self.import_order(lines=[MUG])
        self.assertTrue(order.sale_order_id)
        self.assertEqual(self.get_writes(), [])
        self.assertFalse(self.get_number(order.bc_id))

    def test_a_missing_scope_leaves_the_import_alone(self):
        self.store.control(
            "PUT",
            "access",
            {"scopes": ["store_v2_orders_read_only", "store_v2_products_read_only"]},
        )
        order = self.import_order(lines=[MUG])
        self.assertTrue(order.sale_order_id)
        line = self.get_lines(OPERATION)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "missing_scope"))
        self.assertIn("Orders", line.message)
        self.assertNotIn("read-only", line.message)

    def test_retry_after_long_of_a_number_that_is_there_writes_nothing(self):
        self.fault_of_writes(status=422)
        order = self.import_order(lines=[MUG])
        line = self.get_lines(OPERATION)
        self.assertEqual(line.state, "blocked")
        self.store.patch(f"v2/orders/{order.bc_id}", external_order_id="ERP-1")
        self.import_orders()
        self.store.forget_requests()
        line.read_on = fields.Datetime.now() - timedelta(hours=1)
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertEqual(self.get_writes(), [])

    def test_a_broken_client_changes_no_sale_order(self):
        self.fault_of_writes(status=500, times=0)
        order = self.import_order(lines=[MUG])
        self.come_back(12)
        self.assertEqual(order.state, "imported")
        line = self.get_lines(OPERATION)
        self.assertEqual(
            (line.state, line.cause_id.code), ("unknown", "outcome_unknown")
        )

    def test_the_client_raises_its_own_errors_only(self):
        with (
            self.instance._connect() as client,
            self.assertRaises(BigCommerceError),
        ):
            client.update_order("999999", {"external_order_id": "S1"})
