"""Retry: what it does again, with what, for whom."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.bigcommerce_queue_line import PAYLOAD_LIFETIME
from ..sync.problems import Blocked
from .common import OrderCase
from .test_engine import OPERATION, EngineCase

MUG = {"sku": "MUG-ENAMEL"}
GONE = {"name": "Gone", "price": "5", "product_id": 77, "sku": "GONE"}
USER = "bigcommerce_connector.bigcommerce_group_user"
MANAGER = "bigcommerce_connector.bigcommerce_group_manager"


@tagged("post_install", "-at_install")
class TestOldPayloads(OrderCase):
    """An order waits for a product; meanwhile something happens to it in the store."""

    def setUp(self):
        super().setUp()
        self.skip_backoff()
        self.order = self.import_order(lines=[GONE])
        self.line = self.get_lines("import_orders", key=self.order.bc_id)
        self.path = f"v2/orders/{self.order.bc_id}"
        self.env["product.product"].create({"name": "Gone", "default_code": "GONE"})
        self.store.forget_requests()

    def change_quantity(self):
        (line,) = self.store.control("GET", f"{self.path}/products")
        self.store.put(f"{self.path}/products", [{**line, "quantity": 3}])

    def retry(self, age):
        """Retry the line, whose payload was read so long ago."""
        self.line.read_on = fields.Datetime.now() - age
        self.line.action_retry()
        self.drain()

    def retry_old(self):
        self.retry(PAYLOAD_LIFETIME + timedelta(seconds=10))

    def get_reads(self):
        return self.store.get_requests(f"^/{self.path}$")

    def test_a_line_knows_when_it_was_read(self):
        self.assertAlmostEqual(
            self.line.read_on, fields.Datetime.now(), delta=timedelta(minutes=2)
        )

    def test_an_old_one_is_read_again(self):
        self.change_quantity()
        self.retry_old()
        self.assertEqual(self.line.state, "done")
        self.assertEqual(len(self.get_reads()), 1)
        self.assertEqual(self.order.sale_order_id.order_line.product_uom_qty, 3)
        self.assertQueueIsSound()

    def test_a_young_one_is_believed(self):
        self.change_quantity()
        self.retry(PAYLOAD_LIFETIME - timedelta(seconds=10))
        self.assertEqual(self.line.state, "done")
        self.assertEqual(self.get_reads(), [])
        self.assertEqual(self.order.sale_order_id.order_line.product_uom_qty, 1)

    def test_one_of_which_nobody_knows_when_it_was_read_is_read_again(self):
        self.line.read_on = False
        self.line.action_retry()
        self.drain()
        self.assertEqual(self.line.state, "done")
        self.assertEqual(len(self.get_reads()), 1)

    def test_what_is_read_again_is_young_again(self):
        self.env["product.product"].search([("default_code", "=", "GONE")]).unlink()
        self.retry_old()
        self.assertEqual(self.line.state, "blocked")
        self.assertTrue(self.line.payload)
        self.assertAlmostEqual(
            self.line.read_on, fields.Datetime.now(), delta=timedelta(minutes=2)
        )
        self.store.forget_requests()
        self.line.action_retry()
        self.drain()
        self.assertEqual(self.get_reads(), [])

    def test_an_order_that_is_not_selected_any_more_is_not_imported(self):
        self.store.patch(self.path, status_id=5, status="Cancelled")
        self.retry_old()
        self.assertFalse(self.order.sale_order_id)
        self.assertEqual(
            (self.order.state, self.order.reason_code), ("not_selected", "status")
        )
        self.assertEqual(self.line.state, "done")
        self.assertTrue(self.line.message)
        self.assertFalse(self.line.cause_id or self.line.payload)
        self.assertQueueIsSound()

    def test_filters_that_have_changed_meanwhile_count(self):
        self.instance.order_status_ids = self.env["bigcommerce.order.status"].search(
            [("bc_id", "=", "2")]
        )
        self.retry_old()
        self.assertFalse(self.order.sale_order_id)
        self.assertEqual(self.order.state, "not_selected")

    def test_an_order_that_is_gone_says_so(self):
        self.store.delete(self.path)
        self.retry_old()
        self.assertEqual(
            (self.line.state, self.line.cause_id.code), ("blocked", "not_found")
        )
        self.assertFalse(self.order.sale_order_id)
        self.assertEqual(self.order.state, "blocked")
        self.assertIn(self.order.bc_id, self.order.reason_message)

    def test_an_order_that_was_asked_for_stays_asked_for(self):
        for cart in ({"status": 2}, {"created": "1999-01-01T00:00:00Z"}):
            with self.subTest(cart=cart):
                bc_id = self.store.place_order(
                    lines=[{**GONE, "sku": "RARE", "product_id": 78}], **cart
                )
                job = self.run_operation(self.instance, "import_orders", ids=[bc_id])
                self.line = job.line_ids
                self.assertEqual(self.line.state, "blocked")
                rare = self.env["product.product"].create(
                    {"name": "Rare", "default_code": "RARE"}
                )
                self.retry_old()
                self.assertEqual(self.line.state, "done")
                self.assertTrue(self.get_order(bc_id).sale_order_id)
                rare.active = False
                rare.default_code = False

    def test_one_that_was_asked_for_and_then_changes_stays_asked_for(self):
        bc_id = self.store.place_order(
            lines=[{**GONE, "sku": "RARE", "product_id": 78}], status=2
        )
        job = self.run_operation(self.instance, "import_orders", ids=[bc_id])
        self.assertEqual(job.line_ids.state, "blocked")
        self.store.control("PUT", "clock", {"advance": 60})
        self.store.patch(f"v2/orders/{bc_id}", staff_notes="A friend.")
        self.import_orders()
        self.assertEqual(self.get_order(bc_id).state, "blocked")
        self.env["product.product"].create({"name": "Rare", "default_code": "RARE"})
        self.get_lines("import_orders", key=bc_id).action_retry()
        self.drain()
        self.assertTrue(self.get_order(bc_id).sale_order_id)

    def test_one_asked_for_and_one_not_are_each_read_by_their_own_rules(self):
        """Both are read again together, each under the rules of its own job."""
        asked = self.store.place_order(lines=[MUG], status=2)
        job = self.run_operation(self.instance, "import_orders", ids=[asked])
        self.assertTrue(self.get_order(asked).sale_order_id)
        unasked = self.store.place_order(lines=[{**GONE, "sku": "RARE"}], status=11)
        self.import_orders()
        line = self.get_lines("import_orders", key=unasked)
        self.assertEqual(line.state, "blocked")
        self.store.patch(f"v2/orders/{unasked}", status_id=5)
        again = self.store.place_order(lines=[{**GONE, "sku": "RARE"}], status=2)
        job = self.run_operation(self.instance, "import_orders", ids=[again])
        lines = line | job.line_ids
        self.assertEqual(set(lines.mapped("state")), {"blocked"})
        self.env["product.product"].create({"name": "Rare", "default_code": "RARE"})
        lines.read_on = fields.Datetime.now() - timedelta(hours=1)
        lines.action_retry()
        self.drain()
        self.assertFalse(self.get_order(unasked).sale_order_id)
        self.assertTrue(self.get_order(again).sale_order_id)

    def test_an_archived_order_is_not_imported(self):
        self.store.patch(self.path, is_deleted=True)
        self.retry_old()
        self.assertFalse(self.order.sale_order_id)
        self.assertEqual(self.order.reason_code, "archived")

    def test_one_imported_meanwhile_is_not_imported_twice(self):
        other = self.import_order(lines=[MUG]).sale_order_id.copy()
        self.order.sale_order_id = other
        self.retry_old()
        self.assertEqual(self.line.state, "done")
        self.assertEqual(self.order.sale_order_id, other)

    def test_a_store_in_trouble_is_asked_later(self):
        self.store.fault(f"^/{self.path}$", status=500, times=3)
        self.retry_old()
        self.assertEqual((self.line.state, self.line.tries), ("retry", 1))
        self.assertFalse(self.line.payload)
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.line.state, "done")
        self.assertTrue(self.order.sale_order_id)

    def test_the_quota_costs_no_try(self):
        self.store.fault(
            f"^/{self.path}$",
            status=429,
            headers={"X-Rate-Limit-Time-Reset-Ms": "25000"},
        )
        self.retry_old()
        self.assertEqual((self.line.state, self.line.tries), ("pending", 0))
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.line.state, "done")

    def test_of_several_one_that_cannot_be_read_stops_no_other(self):
        other = self.import_order(lines=[GONE | {"sku": "GONE2", "product_id": 79}])
        self.env["product.product"].create({"name": "G", "default_code": "GONE2"})
        self.store.fault(f"^/{self.path}$", status=422, times=0)
        self.line |= self.get_lines("import_orders", key=other.bc_id)
        self.retry_old()
        self.assertTrue(other.sale_order_id)
        line = self.get_lines("import_orders", key=self.order.bc_id)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "refused"))
        self.assertQueueIsSound()

    def test_a_listing_is_read_again(self):
        self.instance.create_odoo_products = False
        listing = self.env["bigcommerce.listing"].search([("bc_id", "=", "101")])
        items = listing.with_context(active_test=False).item_ids
        items.product_id = False
        products = self.env["product.product"].search(
            [("default_code", "in", items.mapped("sku"))]
        )
        products.default_code = False
        self.run_operation(self.instance, "import_listings")
        self.line = self.get_lines("import_listings", key="101", state="blocked")
        self.assertTrue(self.line)
        self.store.patch("v3/catalog/products/101", name="Renamed")
        for item, product in zip(items, products, strict=False):
            product.default_code = item.sku
        self.retry_old()
        self.assertEqual(self.line.state, "done")
        self.assertEqual(listing.name, "Renamed")

    def test_a_listing_that_is_gone_has_nothing_left_to_do(self):
        self.line.action_cancel()
        self.line = self.line.copy(
            {
                "operation": "import_listings",
                "key": "999999",
                "state": "failed",
                "cause_id": self.env["bigcommerce.cause"]._get("unexpected_error").id,
            }
        )
        self.retry_old()
        self.assertEqual(self.line.state, "done")
        self.assertQueueIsSound()

    def test_a_killed_worker_leaves_it_to_be_read_again(self):
        def die(*_arguments):
            raise SystemExit

        self.line.read_on = False
        self.line.action_retry()
        with patch.object(self.registry["bigcommerce.import.orders"], "_fetch", die):
            self.drain_until_killed()
        self.assertEqual(self.line.state, "running")
        self.drain()
        self.assertEqual(self.line.state, "done")
        self.assertTrue(self.order.sale_order_id)


@tagged("post_install", "-at_install")
class TestRetryAlike(EngineCase):
    """All that the same store, operation and cause keep from going on."""

    def setUp(self):
        super().setUp()
        self.second = self.second_instance()

    def block(self, *keys, cause="unknown_sku", **options):
        lines = self.enqueue(*keys, **options)
        lines.write(
            {
                "state": "blocked",
                "cause_id": self.env["bigcommerce.cause"]._get(cause).id,
                "message": "There is something missing.",
                "ended_on": fields.Datetime.now(),
            }
        )
        return lines

    def test_only_the_same_store_operation_and_cause_are_retried(self):
        alike = self.block(1, 2, 3)
        unlike = (
            self.block(1, instance=self.second)
            | self.block(4, operation="import_listings")
            | self.block(5, cause="missing_sku")
        )
        alike[0].action_retry_alike()
        self.assertEqual(set(alike.mapped("state")), {"pending"})
        self.assertEqual(set(unlike.mapped("state")), {"blocked"})

    def test_failed_ones_are_retried_too(self):
        lines = self.block(1, 2, cause="unexpected_error")
        lines[1].state = "failed"
        lines[0].action_retry_alike()
        self.assertEqual(lines.mapped("state"), ["pending", "pending"])

    def test_those_of_several_chosen_lines_are_retried(self):
        own = self.block(1, 2)
        others = self.block(3, 4, cause="missing_sku")
        (own[0] | others[0]).action_retry_alike()
        self.assertEqual(set((own | others).mapped("state")), {"pending"})

    def test_lines_without_a_problem_retry_nothing(self):
        problem = self.block(1)
        healthy = self.enqueue(2)
        healthy.action_retry_alike()
        self.assertEqual((problem.state, healthy.state), ("blocked", "pending"))
        self.env["bigcommerce.queue.line"].action_retry_alike()
        self.assertEqual(problem.state, "blocked")

    def test_their_jobs_run_again_and_end(self):
        lines = self.block(1) | self.block(2)
        lines.job_id.write({"state": "done", "ended_on": fields.Datetime.now()})
        lines[0].action_retry_alike()
        self.assertEqual(set(lines.job_id.mapped("state")), {"running"})
        self.drain()
        self.assertEqual(set(lines.job_id.mapped("state")), {"done"})
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertQueueIsSound()

    def test_the_button_of_a_cause_retries_all_stores_and_operations(self):
        lines = self.block(1) | self.block(1, instance=self.second)
        other = self.block(2, cause="missing_sku")
        lines.cause_id.action_retry()
        self.assertEqual(set(lines.mapped("state")), {"pending"})
        self.assertEqual(other.state, "blocked")

    def test_the_pumps_are_woken(self):
        woken = []
        self.patch(
            self.registry["ir.cron"],
            "_trigger",
            lambda crons, at=None: woken.append(crons),
        )
        self.block(1).action_retry_alike()
        self.assertTrue(woken)

    def test_a_user_of_the_connector_may_retry_alike(self):
        user = new_test_user(self.env, "retries", USER)
        lines = self.block(1, 2)
        lines[0].with_user(user).action_retry_alike()
        self.assertEqual(set(lines.mapped("state")), {"pending"})

    def test_a_user_of_the_connector_may_retry_by_cause(self):
        user = new_test_user(self.env, "retries", USER)
        lines = self.block(1, 2)
        lines.cause_id.with_user(user).action_retry()
        self.assertEqual(set(lines.mapped("state")), {"pending"})

    def test_what_others_waiting_for_a_person_have_is_left_alone(self):
        waiting = self.block(1, cause="outcome_unknown")
        waiting.state = "unknown"
        self.block(2).action_retry_alike()
        self.assertEqual(waiting.cause_id.code, "outcome_unknown")


@tagged("post_install", "-at_install")
class TestRights(EngineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.stranger = new_test_user(
            cls.env,
            "user_elsewhere",
            MANAGER,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.salesman = new_test_user(
            cls.env, "salesman", "sales_team.group_sale_salesman_all_leads"
        )
        cls.employee = new_test_user(cls.env, "employee", "base.group_user")

    def setUp(self):
        super().setUp()
        self.lines = self.enqueue(1, 2, 3)
        self.lines[0].write(
            {
                "state": "blocked",
                "cause_id": self.env["bigcommerce.cause"]._get("unknown_sku").id,
            }
        )
        self.lines[1].write(
            {
                "state": "failed",
                "cause_id": self.env["bigcommerce.cause"]._get("unexpected_error").id,
            }
        )
        self.before = self.get_states()

    def get_states(self):
        self.env.invalidate_all()
        return (self.lines.mapped("state"), self.lines.job_id.state)

    def press(self, user, records, button):
        """Call a button as the web client does."""
        records = self.env(user=user)[records._name].browse(records.ids)
        return getattr(records, button)()

    def test_who_has_no_part_in_the_connector_presses_no_button(self):
        for user in (self.salesman, self.employee):
            for records, buttons in (
                (
                    self.lines,
                    ("action_retry", "action_retry_alike", "action_cancel"),
                ),
                (self.lines[0], ("action_fix",)),
                (self.lines.job_id, ("action_retry", "action_cancel")),
                (self.lines.cause_id[0], ("action_retry",)),
            ):
                for button in buttons:
                    with (
                        self.subTest(user=user.login, button=button),
                        self.cr.savepoint(),
                    ):
                        with self.assertRaises(AccessError):
                            self.press(user, records, button)
                        self.assertEqual(self.get_states(), self.before)

    def test_what_belongs_to_another_company_is_left_alone(self):
        for records, buttons in (
            (self.lines, ("action_retry", "action_retry_alike", "action_cancel")),
            (self.lines[0], ("action_fix",)),
            (self.lines.job_id, ("action_retry", "action_cancel")),
        ):
            for button in buttons:
                with self.subTest(button=button), self.cr.savepoint():
                    with self.assertRaises(AccessError):
                        self.press(self.stranger, records, button)
                    self.assertEqual(self.get_states(), self.before)

    def test_a_cause_retries_only_what_its_user_may_see(self):
        for cause in self.lines.cause_id:
            self.press(self.stranger, cause, "action_retry")
        self.assertEqual(self.get_states(), self.before)

    def test_a_cause_counts_only_what_its_user_may_see(self):
        cause = self.lines[0].cause_id
        self.assertEqual(cause.with_user(self.stranger).line_count, 0)
        self.assertFalse(cause.with_user(self.stranger).oldest_on)
        self.env.invalidate_all()
        self.assertEqual(cause.line_count, 1)

    def test_nobody_can_change_causes(self):
        manager = new_test_user(self.env, "changes_causes", MANAGER)
        cause = self.lines[0].cause_id.with_user(manager)
        for change in (
            lambda: cause.write({"name": "Mine"}),
            lambda: cause.copy({"code": "mine"}),
            lambda: cause.unlink(),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_a_user_may_press_every_button(self):
        user = new_test_user(self.env, "presses_buttons", USER)
        for records, button in (
            (self.lines[0], "action_fix"),
            (self.lines, "action_retry"),
            (self.lines, "action_retry_alike"),
            (self.lines.job_id, "action_retry"),
            (self.lines, "action_cancel"),
            (self.lines.job_id, "action_cancel"),
        ):
            with self.subTest(button=button):
                self.press(user, records, button)


@tagged("post_install", "-at_install")
class TestRetryOfJobs(EngineCase):
    def test_a_job_retries_all_its_problems(self):
        lines = self.enqueue(1, 2, 3)
        self.outcomes["1"] = Blocked("unknown_sku", "There is no such SKU.")
        self.drain()
        self.outcomes.clear()
        lines.job_id.action_retry()
        self.drain()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        self.assertQueueIsSound()

    def test_a_failed_scan_that_moves_the_watermark_gives_way_to_an_open_one(self):
        job = self.instance._start(OPERATION)
        job.write({"state": "failed", "ended_on": fields.Datetime.now()})
        newer = self.instance._start(OPERATION)
        self.assertNotEqual(job, newer)
        job.action_retry()
        self.env.flush_all()
        self.assertEqual((job.state, job.moves_watermark), ("pending", False))
        self.assertTrue(newer.moves_watermark)

    def test_two_failed_scans_retried_together(self):
        jobs = self.instance._start(OPERATION)
        jobs.write({"state": "failed", "ended_on": fields.Datetime.now()})
        jobs += self.instance._start(OPERATION)
        jobs.write({"state": "failed", "ended_on": fields.Datetime.now()})
        jobs.action_retry()
        self.env.flush_all()
        self.assertEqual(set(jobs.mapped("state")), {"pending"})
        self.assertEqual(sorted(jobs.mapped("moves_watermark")), [False, True])

    def test_retry_of_a_failed_line_of_a_cancelled_job(self):
        line = self.enqueue(1)
        line.write(
            {
                "state": "failed",
                "cause_id": self.env["bigcommerce.cause"]._get("unexpected_error").id,
            }
        )
        line.job_id.action_cancel()
        self.assertEqual(line.state, "failed")
        line.action_retry()
        self.drain()
        self.assertEqual(line.state, "done")
        self.assertQueueIsSound()
