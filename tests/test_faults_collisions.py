"""Transactions that collide, with each other and with people: rows 30 to 36."""

import threading
from functools import partial

from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged

from .fault_case import FaultCase
from .process_case import ENGINE, pauses, takes_notes

APPLY = "bigcommerce.apply.order.changes"
BRAND = "bigcommerce.brand"
CANCELLATIONS = "bigcommerce.order.cancellations"
CREATION = "bigcommerce.order.creation"
LEVEL = "bigcommerce.stock.level"
ORDER = "bigcommerce.order"
PROCESS = "bigcommerce.process.orders"
SHIPMENTS = "bigcommerce.export.shipments"
CANCELLED = 5
COLLISION = "could not serialize access"


class CollisionCase(FaultCase):
    def get_record(self, env, order_id):
        return env[ORDER].search(
            [("bc_id", "=", order_id), ("instance_id", "=", self.instance_id)]
        )

    def get_tries(self, operation, key=None):
        """Return how often lines that are done were tried, each."""
        lines = [
            line
            for line in self.get_lines(operation)
            if key is None or line["key"] == key
        ]
        self.assertEqual({line["state"] for line in lines}, {"done"}, self.describe())
        return {line["tries"] for line in lines}

    def read_log(self):
        with open(self.scene.log) as log:
            log.seek(self.log_start)
            return log.read()

    def is_any_waiting_for_a_lock(self):
        with self.transaction() as env:
            env.cr.execute("SELECT FROM pg_locks WHERE NOT granted")
            return bool(env.cr.rowcount)

    def let_go_and_wait(self, name):
        self.let_go(name)
        self.wait_until(self.is_idle, "all is done")


@tagged("post_install", "-at_install")
class TestTwoWorkers(CollisionCase):
    def test_two_pumps_on_one_queue_do_each_thing_once_and_do_not_wait(self):
        """Row 30: they claim at the same moment, one line at a time."""
        self.set_batch_limit(1)
        for _number in range(2):
            self.start_worker(
                pauses("_claim_lines", name="claim"),
                *takes_notes(ENGINE, "_fetch_details"),
            )
        self.wait_paused("claim", 2)
        self.let_go_and_wait("claim")
        workers = {}
        for note in self.get_journal():
            for line in note["lines"]:
                workers.setdefault(line["id"], set()).add(note["pid"])
        self.assertEqual({len(pids) for pids in workers.values()}, {1})
        self.assertEqual(len(set.union(*workers.values())), 2, "both worked")
        self.check()

    def test_two_workers_that_import_one_order_make_one(self):
        """Row 31: neither sees the other before it has made a sale order."""
        self.work()
        order_id = self.place_order()
        self.start("import_orders")
        self.start_worker(pauses("_create_sale_orders", CREATION, name="create"))
        self.wait_paused("create")
        with self.transaction() as env:
            # As if the first one were known to be dead.
            env.cr.execute(
                "UPDATE bigcommerce_queue_line SET state = 'retry', pump_id = NULL "
                "WHERE state = 'running'"
            )
        self.start_worker(pauses("_create_sale_orders", CREATION, name="create"))
        self.wait_paused("create", 2)
        self.let_go_and_wait("create")
        self.assertIn(COLLISION, self.read_log())
        with self.transaction() as env:
            sale_order = self.get_record(env, order_id).sale_order_id
            line_ids = sale_order.order_line.mapped("bigcommerce_line_id")
            found = env["sale.order.line"].search(
                [("bigcommerce_line_id", "in", [one for one in line_ids if one])]
            )
            self.assertEqual(found.order_id, sale_order)
        self.assertEqual(self.get_tries("import_orders", order_id), {2})
        self.check()

    def test_a_worker_that_the_database_has_cut_off_does_no_harm(self):
        """Row 31: it goes on while another one does its work."""
        self.work()
        order_id = self.place_order()
        self.start("import_orders")
        worker = self.start_worker(
            pauses("_create_sale_orders", CREATION, name="create")
        )
        self.wait_paused("create")
        with self.transaction() as env:
            env.cr.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = %s AND datname = current_database()",
                [f"odoo-{worker.pid}"],
            )
            self.assertTrue(env.cr.rowcount)
        self.start_worker()
        self.wait_until(
            lambda: self.get_states("import_orders")[order_id] == "done",
            "another one does it",
        )
        self.let_go_and_wait("create")
        self.assertEqual(self.get_tries("import_orders", order_id), {2})
        self.check()

    def test_a_collision_when_the_outcome_is_noted_sends_nothing_again(self):
        """Row 32: somebody writes the shipment that a worker writes, and is faster."""
        self.start_worker(pauses("_apply", SHIPMENTS, after=True, name="apply"))
        self.wait_paused("apply")
        with self.transaction() as env:
            env["bigcommerce.shipment"].search([]).message = "Somebody was here."
        self.let_go_and_wait("apply")
        self.assertIn(COLLISION, self.read_log())
        self.assertEqual(len(self.get_posts("/shipments$")), 1)
        self.assertEqual(self.get_tries("export_shipments"), {1})
        self.check()

    def get_posts(self, path):
        return [one for one in self.get_writes(path) if one["method"] == "POST"]

    def test_a_record_that_somebody_else_has_just_made_is_found_and_no_problem(self):
        """Row 34: an index stops the second one, and the work is done again."""
        self.work()
        self.store.put("v3/catalog/brands/77", {"id": 77, "name": "Brand of Now"})
        job_id = self.start("import_brands")
        self.start_worker(pauses("_upsert", BRAND, name="keep"))
        self.wait_paused("keep")
        with self.transaction() as env:
            vals = {"instance_id": self.instance_id, "bc_id": "77", "name": "Brand"}
            theirs = env[BRAND].create(vals)
        self.let_go_and_wait("keep")
        self.assertIn("bigcommerce_brand_instance_bc_id_unique", self.read_log())
        self.assertEqual(
            self.get_values("bigcommerce.queue.job", job_id, "state", "error_message"),
            ("done", False),
        )
        with self.transaction() as env:
            brands = env[BRAND]._find(self.get_instance(env), ["77"])
            self.assertEqual(brands["77"].id, theirs.id)
            self.assertEqual(brands["77"].name, "Brand of Now")
        self.assertEqual(self.get_tries("import_brands"), {1})
        self.check()


@tagged("post_install", "-at_install")
class TestStockAndOrders(CollisionCase):
    def test_levels_are_sent_while_an_order_is_being_confirmed(self):
        """Row 33: what it has reserved and not committed keeps nobody waiting."""
        self.start_worker(
            pauses("_confirm", PROCESS, after=True, name="confirm"),
        )
        self.wait_paused("confirm")
        self.start_worker()
        self.wait_until(
            lambda: "done" in self.get_states("export_inventory").values(),
            "the levels are sent",
        )
        self.assertFalse(self.is_any_waiting_for_a_lock())
        self.let_go_and_wait("confirm")
        self.assertEqual(self.get_tries("export_inventory"), {1})
        self.assertEqual(self.get_tries("process_orders"), {1})
        self.check()

    def test_a_deadlock_between_an_order_and_levels_being_sent_costs_no_try(self):
        """Row 33: both write the same two levels, in opposite order."""
        self.work()
        with self.transaction() as env:
            levels = env[LEVEL].search(
                [("instance_id", "=", self.instance_id), ("confirmed_on", "!=", False)],
                order="id",
            )
            first, *_others, last = levels
            for level in (first, last):
                env["stock.quant"]._update_available_quantity(
                    level.product_id, level.location_id.stock_location_id, 3
                )
        self.start("export_inventory")
        with self.registry.cursor() as cr:
            env = env(cr=cr)
            # As an order that comes in does: its items' levels are believed no more.
            last.with_env(env).confirmed_on = False
            env.flush_all()
            self.start_worker()
            self.wait_until(self.is_any_waiting_for_a_lock, "the levels are noted")
            first.with_env(env).confirmed_on = False
            env.flush_all()
        self.wait_until(self.is_idle, "both are done")
        self.assertIn("deadlock detected", self.read_log())
        self.assertEqual(self.get_tries("export_inventory"), {1})
        self.check()


@tagged("post_install", "-at_install")
class TestPeople(CollisionCase):
    """Somebody works on the order that a worker works on."""

    def test_an_order_that_is_cancelled_while_its_change_is_read_stays_cancelled(self):
        """Row 35."""
        self.work()
        order_id = self.new_orders[0]
        change = {f"{order_id}01": {"quantity": 3}}
        self.store.edit_order(order_id, lines=change)
        self.start("import_orders")
        self.start_worker(pauses("_compare_with_store", ORDER, name="compare"))
        self.wait_paused("compare")
        with self.transaction() as env:
            self.get_record(env, order_id).sale_order_id._action_cancel()
        self.let_go_and_wait("compare")
        with self.transaction() as env:
            record = self.get_record(env, order_id)
            self.assertEqual(record.sale_order_id.state, "cancel")
            self.assertIn("3", record.changes)
        self.check()

    def test_what_somebody_edits_while_changes_are_applied_is_kept(self):
        """Row 35."""
        # Its orders are not invoiced by themselves.
        self.instance_id, store = self.other_instance_id, self.other_store
        (order_id,) = self.other_orders
        self.work()
        store.edit_order(order_id, lines={f"{order_id}01": {"quantity": 3}})
        self.start("import_orders")
        self.work()
        with self.transaction() as env:
            self.get_record(env, order_id).action_apply_changes()
        self.start_worker(pauses("_prepare_vals", APPLY, name="apply"))
        self.wait_paused("apply")
        with self.transaction() as env:
            sale_order = self.get_record(env, order_id).sale_order_id
            sale_order.client_order_ref = "Ring twice"
            sale_order.order_line.filtered("product_id")[0].name = "As discussed"
        self.let_go_and_wait("apply")
        with self.transaction() as env:
            record = self.get_record(env, order_id)
            sale_order = record.sale_order_id
            self.assertEqual(sale_order.client_order_ref, "Ring twice")
            line = sale_order.order_line.filtered("product_id")[0]
            self.assertEqual((line.name, line.product_uom_qty), ("As discussed", 3))
            self.assertFalse(record.changes)
        self.assertEqual(self.get_tries("apply_order_changes"), {1})
        self.check()

    def test_what_is_delivered_while_the_store_cancels_it_is_not_taken_back(self):
        """Row 35."""
        self.work()
        order_id = self.new_orders[0]
        self.store.patch(
            f"v2/orders/{order_id}", status_id=CANCELLED, status="Cancelled"
        )
        self.start("import_orders")
        self.start_worker(pauses("_give_up", CANCELLATIONS, after=True, name="cancel"))
        self.wait_paused("cancel")
        with self.transaction() as env:
            picking = self.deliver(self.get_record(env, order_id).sale_order_id)
        self.let_go_and_wait("cancel")
        with self.transaction() as env:
            record = self.get_record(env, order_id)
            self.assertEqual(picking.with_env(env).state, "done")
            self.assertEqual(record.sale_order_id.state, "sale")
            self.assertEqual(record.store_cancellation, "asked")
            self.assertEqual(len(record.sale_order_id.activity_ids), 1)
        self.check()

    def test_a_pump_that_is_run_by_hand_while_it_works_says_so(self):
        """Row 36."""
        self.start_worker(pauses("_create_sale_orders", CREATION, name="create"))
        self.wait_paused("create")
        (pump_id,) = {
            line["pump_id"] for line in self.get_lines() if line["state"] == "running"
        }
        with (
            self.transaction() as env,
            self.assertRaisesRegex(UserError, "already executing"),
        ):
            env["ir.cron"].browse(pump_id).method_direct_trigger()
        self.let_go_and_wait("create")
        self.assertEqual(self.get_tries("import_orders"), {1})
        self.check()

    def test_two_people_who_run_a_job_at_the_same_moment_start_it_once(self):
        """Row 36."""
        self.work()
        with self.transaction() as env:
            before = self.count_jobs(env)
        answer = []
        with self.transaction() as env:
            self.run_now(env)
            env.flush_all()
            other = threading.Thread(
                target=lambda: answer.append(self.run_now_as_a_request())
            )
            other.start()
            self.wait_until(self.is_any_waiting_for_a_lock, "the other one waits")
        other.join()
        self.assertIn("has been started already", answer[0]["params"]["title"])
        with self.transaction() as env:
            self.assertEqual(self.count_jobs(env), before + 1)
        self.work()
        self.check()

    def count_jobs(self, env):
        return env["bigcommerce.queue.job"].search_count(
            [
                ("operation", "=", "import_orders"),
                ("instance_id", "=", self.instance_id),
            ]
        )

    def get_automatic_job(self, env):
        return env["bigcommerce.automatic.job"]._get_job(
            self.get_instance(env), "import_orders"
        )

    def run_now_as_a_request(self):
        with self.transaction() as env:
            return retrying(partial(self.run_now, env), env)

    def run_now(self, env):
        return self.get_automatic_job(env).action_run_now()
