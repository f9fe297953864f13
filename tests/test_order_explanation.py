"""Whoever asks why an order is not here gets all reasons, and nothing is changed."""

from html import unescape
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .common import OrderCase, SandboxStore

MUG = {"sku": "MUG-ENAMEL"}
GONE = {"name": "Gone", "price": "5", "product_id": 77, "sku": "GONE"}
ORDERS = "^/v2/orders"
CANCELLED = {"status_id": 5, "custom_status": "Cancelled"}
CREATION = "odoo.addons.bigcommerce_connector.sync.order_creation"
USER = "bigcommerce_connector.bigcommerce_group_user"


class ExplanationCase(OrderCase):
    """A store whose orders have a workflow without any steps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        workflow = cls.env["bigcommerce.workflow"].create(
            {"name": "Nothing", "confirm_order": False}
        )
        cls.env["bigcommerce.workflow.line"].create(
            {"instance_id": cls.instance.id, "workflow_id": workflow.id}
        )

    def explain(self, number, instance=None):
        """Ask the wizard as a person would; return it."""
        wizard = self.env["bigcommerce.order.explanation"].create(
            {"instance_id": (instance or self.instance).id, "number": number}
        )
        action = wizard.action_explain()
        self.assertEqual((action["res_id"], action["target"]), (wizard.id, "new"))
        return wizard

    def assertVerdict(self, wizard, verdict, *words, can_import=None):
        parts = (wizard.title, unescape(wizard.reasons or ""), wizard.advice)
        text = "\n".join(filter(None, parts))
        self.assertEqual(wizard.verdict, verdict, text)
        for word in words:
            self.assertIn(word, text)
        if can_import is not None:
            self.assertEqual(wizard.can_import, can_import)

    def select(self, **fields_by_ids):
        """Select statuses or channels by their ids in the store."""
        for model, ids in fields_by_ids.items():
            records = self.env[f"bigcommerce.{model.replace('_', '.')}"]
            found = records._find(self.instance, ids).values()
            field = {"order_status": "order_status_ids", "channel": "channel_ids"}
            self.instance[field[model]] = records.concat(*found)

    def stop_work(self):
        """Let lines stay in the queue."""
        self.patch(
            self.registry["bigcommerce.engine"], "_work_next", lambda *_arguments: 0
        )

    def get_reads(self):
        return self.store.get_requests(ORDERS)


@tagged("post_install", "-at_install")
class TestInOdoo(ExplanationCase):
    def test_an_imported_order_is_shown_without_asking_the_store(self):
        order = self.import_order(lines=[MUG])
        self.store.forget_requests()
        wizard = self.explain(order.bc_id)
        self.assertVerdict(
            wizard, "imported", order.sale_order_id.name, can_import=False
        )
        self.assertEqual(wizard.sale_order_id, order.sale_order_id)
        self.assertEqual(wizard.status, "Ready to pack")
        self.assertEqual(wizard.admin_url, order.admin_url)
        self.assertFalse(self.get_reads())
        action = wizard.action_view_sale_order()
        self.assertEqual(action["res_id"], order.sale_order_id.id)

    def test_a_held_order_says_why_and_can_be_released(self):
        order = self.import_order(lines=[MUG], taxes=[{"name": "Tax", "rate": "10"}])
        order._set_state("held", "total_differs", "The tax differs by 1.00.")
        wizard = self.explain(order.bc_id)
        self.assertVerdict(
            wizard, "held", "Total Differs: The tax differs by 1.00.", "release"
        )
        wizard.action_release()
        self.assertVerdict(wizard, "imported")
        self.assertEqual(order.released_by_id, self.env.user)

    def test_an_order_cancelled_in_odoo_says_so(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id._action_cancel()
        self.assertVerdict(
            self.explain(order.bc_id), "cancelled_in_odoo", order.sale_order_id.name
        )
        self.call_off(order)
        self.assertVerdict(
            self.explain(order.bc_id),
            "cancelled_in_odoo",
            "Both sides have given it up",
        )

    def call_off(self, order):
        """Let the record say what the store may, before anything follows of it."""
        status = self.env["bigcommerce.order.status"]._find(self.instance, ["5"])["5"]
        order.write({"status_id": status.id, "status": status.name})
        return status.name

    def test_an_order_that_the_store_called_off_says_so(self):
        order = self.import_order(lines=[MUG])
        status = self.call_off(order)
        self.assertVerdict(self.explain(order.bc_id), "called_off", status)

    def test_an_order_archived_before_it_was_confirmed_says_so(self):
        order = self.import_order(lines=[MUG])
        order.is_deleted = True
        self.assertVerdict(self.explain(order.bc_id), "called_off", "archived")

    def test_an_order_whose_workflow_has_come_to_a_stop_says_so(self):
        self.instance.workflow_line_ids.unlink()
        order = self.import_order(lines=[MUG])
        wizard = self.explain(order.bc_id)
        self.assertVerdict(wizard, "stopped", "No Workflow Line", "Add a workflow line")
        self.assertEqual(wizard.cause_id.code, "no_workflow_line")
        self.assertEqual(wizard.action_fix()["res_model"], "bigcommerce.workflow.line")

    def test_all_that_is_the_matter_with_an_imported_order_is_said(self):
        order = self.import_order(lines=[MUG])
        self.call_off(order)
        order.sale_order_id._action_cancel()
        self.assertVerdict(
            self.explain(order.bc_id),
            "cancelled_in_odoo",
            "is cancelled.",
            "Its status in BigCommerce is",
        )


@tagged("post_install", "-at_install")
class TestPassedOver(ExplanationCase):
    def test_a_status_that_is_not_selected_is_named_and_those_that_are(self):
        order = self.import_order(lines=[MUG], status=2)
        wizard = self.explain(order.bc_id)
        self.assertVerdict(
            wizard, "status", "Shipped", "Ready to pack", "Import Now", can_import=True
        )
        self.assertEqual(wizard.status, "Shipped")

    def test_without_any_status_selected_it_says_so(self):
        self.instance.order_status_ids = False
        order = self.import_order(lines=[MUG])
        self.assertVerdict(self.explain(order.bc_id), "status", "No status is selected")

    def test_a_channel_that_is_not_selected_is_named_and_those_that_are(self):
        self.select(channel=["2", "3"])
        names = self.instance.channel_ids.mapped("name")
        order = self.import_order(lines=[MUG], channel_id=1)
        wizard = self.explain(order.bc_id)
        self.assertVerdict(wizard, "channel", order.channel_id.name, *names)
        self.assertEqual(wizard.channel, order.channel_id.name)

    def test_a_channel_that_odoo_does_not_know_is_named_by_its_id(self):
        self.select(channel=["2"])
        order = self.import_order(lines=[MUG], channel_id=4)
        self.assertFalse(order.channel_id)
        self.assertVerdict(self.explain(order.bc_id), "channel", "Its channel, 4,")

    def test_an_order_from_before_says_from_when_orders_are_imported(self):
        self.instance.import_orders_from = "2026-10-02 12:00:00"
        bc_id = self.store.place_order(lines=[MUG], created="2026-10-01T12:00:00Z")
        self.import_orders()
        self.assertFalse(self.get_order(bc_id))
        wizard = self.explain(bc_id)
        self.assertVerdict(
            wizard, "too_old", "10/01/2026", "10/02/2026", can_import=True
        )
        self.assertEqual(
            wizard.date_created, fields.Datetime.to_datetime("2026-10-01 12:00:00")
        )

    def test_an_incomplete_order_cannot_be_imported(self):
        order = self.import_order(lines=[MUG], status=0)
        self.assertVerdict(
            self.explain(order.bc_id),
            "incomplete",
            "not completed the checkout",
            "cannot be imported",
            can_import=False,
        )

    def test_an_archived_order_cannot_be_imported(self):
        order = self.import_order(lines=[MUG], is_deleted=True)
        self.assertVerdict(
            self.explain(order.bc_id),
            "archived",
            "cannot be imported while it is archived",
            can_import=False,
        )

    def test_every_reason_is_given_not_only_the_first(self):
        self.select(channel=["2"])
        self.instance.import_orders_from = "2026-10-02"
        bc_id = self.store.place_order(
            lines=[MUG],
            status=2,
            channel_id=1,
            is_deleted=True,
            created="2026-10-01T12:00:00Z",
        )
        wizard = self.explain(bc_id)
        self.assertVerdict(
            wizard, "archived", "archived", "Its status", "Its channel", "was placed on"
        )
        self.assertEqual(str(wizard.reasons).count("<li>"), 4)

    def test_the_verdict_is_what_the_import_decides(self):
        """For orders of all kinds, and in the order in which the import judges."""
        self.select(channel=["2"])
        self.instance.import_orders_from = "2026-10-02"
        for status in (0, 2, 11):
            for channel_id in (1, 2):
                for is_deleted in (False, True):
                    for created in ("2026-10-01T12:00:00Z", "2026-10-03T12:00:00Z"):
                        bc_id = self.store.place_order(
                            lines=[MUG],
                            status=status,
                            channel_id=channel_id,
                            is_deleted=is_deleted,
                            created=created,
                        )
                        verdict = self.explain(bc_id).verdict
                        self.instance._start("import_orders", again=True)
                        payload = self.store.control("GET", f"v2/orders/{bc_id}")
                        importer = self.env["bigcommerce.import.orders"]
                        item = importer._found(self.instance, payload)
                        importer._keep_found(self.instance, {}, [item])
                        reason = self.get_order(bc_id).reason_code
                        with self.subTest(bc_id=bc_id, reason=reason):
                            self.assertEqual(verdict, reason or "not_seen")

    def test_what_is_selected_now_counts_not_what_was_when_it_was_read(self):
        order = self.import_order(lines=[MUG], status=2)
        self.select(order_status=["2"])
        self.assertEqual(order.reason_code, "status")
        self.assertVerdict(self.explain(order.bc_id), "due", can_import=True)

    def test_what_the_store_says_now_counts_not_what_it_said(self):
        order = self.import_order(lines=[MUG], status=2)
        self.store.patch(
            f"v2/orders/{order.bc_id}", status_id=0, custom_status="Incomplete"
        )
        wizard = self.explain(order.bc_id)
        self.assertVerdict(wizard, "incomplete", can_import=False)
        self.assertEqual(wizard.status, "Incomplete")
        self.assertEqual(order.status, "Shipped")

    def test_an_order_that_a_person_deleted_says_so(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id.unlink()
        self.assertVerdict(
            self.explain(order.bc_id), "deleted", "deleted in Odoo", can_import=True
        )

    def test_an_order_that_a_person_took_out_of_the_queue_says_so(self):
        order = self.import_order(lines=[GONE])
        self.get_lines("import_orders", key=order.bc_id).action_cancel()
        wizard = self.explain(order.bc_id)
        self.assertVerdict(wizard, "cancelled", "out of the queue", can_import=True)
        self.assertNotIn("changed in the store", str(wizard.reasons))
        self.store.patch(
            f"v2/orders/{order.bc_id}", date_modified="Tue, 01 Jan 2030 00:00:00 +0000"
        )
        self.assertVerdict(
            self.explain(order.bc_id), "cancelled", "changed in the store since"
        )


@tagged("post_install", "-at_install")
class TestInQueue(ExplanationCase):
    def test_an_order_that_waits_says_since_when(self):
        self.stop_work()
        order = self.import_order(lines=[MUG])
        wizard = self.explain(order.bc_id)
        self.assertVerdict(wizard, "waiting", "in the queue since", can_import=False)
        self.assertEqual(wizard.queue_line_id.key, order.bc_id)

    def test_an_order_that_waits_says_what_it_waits_for(self):
        self.stop_work()
        order = self.import_order(lines=[MUG])
        later = fields.Datetime.add(fields.Datetime.now(), hours=1)
        for vals, word in (
            ({"not_before": later}, "has asked to wait until"),
            ({"not_before": later, "failure_count": 3}, "does not answer"),
            ({"is_access_refused": True}, "refuses the access token"),
            ({"active": False}, "is archived"),
            ({"state": "draft"}, "is not confirmed"),
        ):
            with self.subTest(word), self.cr.savepoint() as savepoint:
                self.instance.write(vals)
                self.store.forget_requests()
                wizard = self.explain(order.bc_id)
                self.assertVerdict(wizard, "waiting", word)
                self.assertFalse(self.get_reads(), "it was asked not to be asked")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_an_order_that_is_tried_again_says_when_and_may_be_at_once(self):
        self.stop_work()
        order = self.import_order(lines=[MUG])
        self.get_lines("import_orders", key=order.bc_id).write(
            {
                "state": "retry",
                "message": "The store did not answer in time.",
                "not_before": "2099-01-01",
            }
        )
        self.assertVerdict(
            self.explain(order.bc_id),
            "waiting",
            "did not answer in time. Next try: 01/01/2099",
            can_import=True,
        )

    def test_an_order_that_is_being_imported_says_so(self):
        self.stop_work()
        order = self.import_order(lines=[MUG])
        self.get_lines("import_orders", key=order.bc_id).state = "running"
        self.assertVerdict(
            self.explain(order.bc_id), "waiting", "right now", can_import=False
        )

    def test_a_blocked_order_says_the_cause_and_where_it_is_cured(self):
        order = self.import_order(lines=[GONE])
        wizard = self.explain(order.bc_id)
        line = self.get_lines("import_orders", key=order.bc_id)
        self.assertVerdict(
            wizard, "blocked", line.cause_id.name, "GONE", line.advice, can_import=True
        )
        self.assertEqual(wizard.cause_id, line.cause_id)
        self.assertEqual(wizard.action_fix()["res_model"], "product.product")

    def test_once_the_cause_is_cured_import_now_imports_it(self):
        order = self.import_order(lines=[GONE])
        wizard = self.explain(order.bc_id)
        self.env["product.product"].create({"name": "Gone", "default_code": "GONE"})
        wizard.action_import_now()
        self.assertVerdict(wizard, "waiting", "Import Now was asked for")
        self.drain()
        wizard.action_explain()
        self.assertVerdict(wizard, "imported")
        self.assertTrue(order.sale_order_id)

    def test_a_blocked_order_given_up_in_the_store_says_both(self):
        order = self.import_order(lines=[GONE])
        self.store.patch(f"v2/orders/{order.bc_id}", **CANCELLED)
        self.assertVerdict(
            self.explain(order.bc_id), "status", "Cancelled", "GONE", can_import=True
        )

    def test_a_blocked_order_that_went_its_way_there_stays_blocked(self):
        order = self.import_order(lines=[GONE])
        self.store.patch(f"v2/orders/{order.bc_id}", status_id=2, status="Shipped")
        wizard = self.explain(order.bc_id)
        self.assertVerdict(wizard, "blocked")
        self.assertNotIn("is not selected", str(wizard.reasons))

    @mute_logger("odoo.addons.bigcommerce_connector.sync.settlement")
    def test_an_order_whose_import_failed_says_so(self):
        bc_id = self.store.place_order(lines=[MUG])
        with patch(f"{CREATION}.plan_lines", side_effect=KeyError("surprise")):
            self.import_orders()
        self.assertVerdict(self.explain(bc_id), "failed", "surprise", can_import=True)

    def test_a_problem_is_told_when_its_line_is_long_gone(self):
        order = self.import_order(lines=[GONE])
        self.get_lines("import_orders", key=order.bc_id).unlink()
        self.assertVerdict(
            self.explain(order.bc_id), "blocked", "GONE", can_import=True
        )

    def test_an_order_that_cannot_be_read_says_what_is_wrong(self):
        bc_id = self.store.place_order(lines=[MUG])
        self.store.patch(f"v2/orders/{bc_id}", total_ex_tax="a lot")
        wizard = self.explain(bc_id)
        self.assertVerdict(wizard, "blocked", "total_ex_tax")
        self.import_orders()
        wizard.action_explain()
        self.assertVerdict(wizard, "blocked", "total_ex_tax")
        self.assertEqual(str(wizard.reasons).count("total_ex_tax"), 1)


@tagged("post_install", "-at_install")
class TestUnseen(ExplanationCase):
    def test_an_order_no_run_has_seen_is_read_from_the_store_now(self):
        self.import_orders()
        bc_id = self.store.place_order(lines=[MUG])
        self.store.forget_requests()
        wizard = self.explain(bc_id)
        self.assertVerdict(
            wizard,
            "not_seen",
            "no run has seen it",
            "All orders were read last on",
            "not active",
            can_import=True,
        )
        self.assertEqual(wizard.status, "Ready to pack")
        self.assertFalse(wizard.order_id)
        (request,) = self.get_reads()
        self.assertEqual(request["method"], "GET")

    def test_it_says_when_orders_are_read_next(self):
        bc_id = self.store.place_order(lines=[MUG])
        job = self.env["bigcommerce.automatic.job"]._get_job(
            self.instance, "import_orders"
        )
        job.write({"active": True, "next_call": "2099-01-01"})
        self.assertVerdict(
            self.explain(bc_id), "not_seen", "No run of Import Orders", "01/01/2099"
        )

    def test_it_says_that_a_run_is_on_its_way_or_has_failed(self):
        bc_id = self.store.place_order(lines=[MUG])
        run = self.instance._start("import_orders")
        self.assertVerdict(self.explain(bc_id), "not_seen", "A run is reading")
        run.write({"state": "failed", "error_message": "Out of order."})
        self.assertVerdict(
            self.explain(bc_id), "not_seen", "The last run has failed: Out of order."
        )

    def test_import_now_brings_it_in(self):
        bc_id = self.store.place_order(lines=[MUG], status=2)
        wizard = self.explain(bc_id)
        self.assertVerdict(wizard, "status", can_import=True)
        wizard.action_import_now()
        self.assertVerdict(
            wizard, "waiting", "Import Now was asked for", can_import=False
        )
        self.assertEqual(wizard.status, "Shipped", "what is known of it stays")
        wizard.action_import_now()
        jobs = self.env["bigcommerce.queue.job"].search(
            [("operation", "=", "import_orders"), ("state", "=", "pending")]
        )
        self.assertEqual(len(jobs), 1, "twice is once")
        self.drain()
        wizard.action_explain()
        self.assertVerdict(wizard, "imported")
        self.assertEqual(wizard.sale_order_id, self.get_order(bc_id).sale_order_id)

    def test_import_now_sends_nothing_and_reads_nothing_itself(self):
        bc_id = self.store.place_order(lines=[MUG], status=2)
        wizard = self.explain(bc_id)
        self.store.forget_requests()
        wizard.action_import_now()
        self.assertFalse(self.store.get_requests())

    def test_an_order_that_is_not_in_the_store_says_so(self):
        wizard = self.explain("4711")
        self.assertVerdict(
            wizard, "not_found", "Sandbox has no order #4711", can_import=False
        )

    def test_an_order_that_is_in_the_store_no_more_says_so(self):
        order = self.import_order(lines=[MUG], status=2)
        self.store.delete(f"v2/orders/{order.bc_id}")
        self.assertVerdict(
            self.explain(order.bc_id), "not_found", "was there", can_import=False
        )

    def test_a_store_that_does_not_answer_leaves_what_is_known(self):
        seen = self.import_order(lines=[MUG], status=2)
        unseen = self.store.place_order(lines=[MUG])
        self.skip_backoff()
        self.store.fault(ORDERS, status=503, times=0)
        self.assertVerdict(
            self.explain(seen.bc_id),
            "status",
            "Shipped",
            "the store cannot be asked",
            can_import=True,
        )
        self.assertVerdict(
            self.explain(unseen), "unknown", "cannot be asked", "(503)", can_import=True
        )
        self.assertFalse(self.instance.failure_count)

    def test_a_store_that_is_slow_keeps_nobody_for_longer_than_ten_seconds(self):
        bc_id = self.store.place_order(lines=[MUG])
        timeouts = []
        instance_class = self.registry["bigcommerce.instance"]
        connect = instance_class._connect

        def note_timeout(instance, **options):
            timeouts.append(options.get("timeout"))
            return connect(instance, **options)

        self.patch(instance_class, "_connect", note_timeout)
        self.explain(bc_id)
        self.assertEqual(timeouts, [10])

    def test_a_missing_scope_or_a_refused_token_is_named(self):
        bc_id = self.store.place_order(lines=[MUG])
        for status, word in ((401, "access token"), (403, "Orders: read-only")):
            with self.subTest(status=status):
                self.store.fault(ORDERS, status=status)
                self.assertVerdict(self.explain(bc_id), "unknown", word)
        self.assertFalse(self.instance.is_access_refused, "nothing is noted")

    def test_a_store_without_credentials_is_not_asked(self):
        self.instance.access_token = False
        self.assertVerdict(self.explain("118"), "unknown", "no access token")

    def test_a_draft_or_archived_store_offers_no_import(self):
        for vals in ({"state": "draft"}, {"active": False}):
            with self.subTest(vals), self.cr.savepoint() as savepoint:
                self.instance.write(vals)
                wizard = self.explain("118")
                self.assertVerdict(wizard, "unknown", can_import=False)
                with self.assertRaises(UserError):
                    wizard.action_import_now()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_the_words_for_a_pause_are_for_what_keeps_the_engine_from_asking(self):
        now = fields.Datetime.now()
        later = fields.Datetime.add(now, hours=1)
        past = fields.Datetime.subtract(now, hours=1)
        engine = self.env["bigcommerce.engine"]
        for vals in (
            {},
            {"not_before": past},
            {"not_before": later},
            {"failure_count": 2},
            {"failure_count": 3, "not_before": past},
            {"is_access_refused": True},
            {"access_token": False},
            {"state": "draft"},
            {"active": False},
        ):
            with self.subTest(vals), self.cr.savepoint() as savepoint:
                self.instance.write(vals)
                self.env.flush_all()
                rows = self.env.execute_query(
                    SQL(
                        "SELECT id FROM bigcommerce_instance instance "
                        "WHERE id = %s AND %s",
                        self.instance.id,
                        engine._sql_may_ask(),
                    )
                )
                self.assertEqual(bool(rows), not self.instance._explain_pause())
                savepoint.rollback()
                self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestInput(ExplanationCase):
    def test_a_number_is_understood_as_people_write_it(self):
        order = self.import_order(lines=[MUG])
        for number in (
            "{}",
            "#{}",
            "  {} ",
            "Order {}",
            "order #{}",
            "Order no. {}",
            "Order Number: {}",
            "00{}",
            "\N{NO-BREAK SPACE}{}\t",
        ):
            number = number.format(order.bc_id)
            with self.subTest(number):
                wizard = self.explain(number)
                self.assertEqual((wizard.bc_id, wizard.order_id), (order.bc_id, order))

    def test_the_name_of_the_sales_order_finds_it(self):
        order = self.import_order(lines=[MUG])
        name = order.sale_order_id.name
        for number in (name, name.lower(), f" {name} "):
            with self.subTest(number):
                self.assertEqual(self.explain(number).order_id, order)

    def test_the_stores_number_with_our_prefix_finds_it_imported_or_not(self):
        self.instance.write({"use_marketplace_sequence": True, "order_prefix": "BC-"})
        order = self.import_order(lines=[MUG])
        passed_over = self.import_order(lines=[MUG], status=2)
        self.assertEqual(self.explain(f"BC-{order.bc_id}").order_id, order)
        wizard = self.explain(f"BC-{passed_over.bc_id}")
        self.assertVerdict(wizard, "status")
        self.assertEqual(wizard.order_id, passed_over)

    def test_what_is_no_number_is_no_number(self):
        own = self.env["sale.order"].create(
            {"partner_id": self.env["res.partner"].create({"name": "Own"}).id}
        )
        self.import_order(lines=[MUG])
        self.store.forget_requests()
        for number in (
            "",
            "0",
            "#",
            "abc",
            "12a",
            "1.5",
            "-3",
            "9" * 11,
            "%",
            own.name,
        ):
            with self.subTest(number):
                wizard = self.env["bigcommerce.order.explanation"].create(
                    {"instance_id": self.instance.id, "number": number or " "}
                )
                wizard.action_explain()
                self.assertVerdict(
                    wizard, "bad_input", "is not an order number", can_import=False
                )
        self.assertFalse(self.store.get_requests())

    def test_what_a_store_says_is_shown_as_it_stands(self):
        order = self.import_order(lines=[{**GONE, "name": "<b>Gone</b>"}])
        self.assertIn("&lt;b&gt;Gone&lt;/b&gt;", self.explain(order.bc_id).reasons)

    def test_a_single_store_is_chosen_by_itself(self):
        Explanation = self.env["bigcommerce.order.explanation"]
        self.env["bigcommerce.instance"].search([]).active = False
        self.instance.active = True
        self.assertEqual(Form(Explanation).instance_id, self.instance)
        self.create_instance(name="Other", store_hash="other")
        self.assertFalse(Form(Explanation).instance_id)

    def test_nothing_is_imported_on_the_answer_to_another_question(self):
        first = self.import_order(lines=[MUG], status=2)
        second = self.import_order(lines=[MUG], status=7)
        wizard = self.explain(first.bc_id)
        wizard.number = second.bc_id
        wizard.action_import_now()
        self.assertVerdict(wizard, "status", f"#{second.bc_id}", can_import=True)
        wizard.action_import_now()
        self.assertVerdict(wizard, "waiting", f"#{second.bc_id}")
        self.drain()
        self.assertFalse(first.sale_order_id)
        self.assertTrue(second.sale_order_id)

    def test_an_order_of_another_store_is_pointed_to(self):
        other_store = SandboxStore()
        self.addCleanup(other_store.stop)
        other_store.delete("v2/orders")
        other_store.place_order(lines=[MUG], number=4711)
        other = self.confirm_instance(name="Other", api_url=other_store.address)
        self.run_operation(other, "import_orders")
        order = self.env["bigcommerce.order"].search([("instance_id", "=", other.id)])
        by_number = self.explain("4711")
        self.assertVerdict(by_number, "not_found")
        by_name = self.explain(order.sale_order_id.name)
        self.assertVerdict(by_name, "other_store", "#4711 of Other")
        for wizard in (by_number, by_name):
            self.assertEqual(wizard.other_instance_id, other)
            wizard.action_explain_other()
            self.assertEqual((wizard.instance_id, wizard.order_id), (other, order))
            self.assertFalse(wizard.other_order_id)

    def test_an_order_from_elsewhere_leaves_nothing_behind_in_the_answer(self):
        order = self.import_order(lines=[MUG])
        wizard = self.explain(order.bc_id)
        wizard.number = "nonsense"
        wizard.action_explain()
        self.assertFalse(wizard.sale_order_id or wizard.status or wizard.admin_url)
        self.assertFalse(wizard.reasons)


@tagged("post_install", "-at_install")
class TestHarmless(ExplanationCase):
    def snapshot(self):
        """Return all rows of our tables and of sales orders, as they stand."""
        self.env.flush_all()
        tables = sorted(
            model._table
            for name, model in self.env.items()
            if (name.startswith("bigcommerce.") or name in ("sale.order", "ir.cron"))
            and model._auto
            and not model._abstract
            and not model._transient
        )
        rows = {}
        for table in tables:
            self.cr.execute(f'SELECT * FROM "{table}" ORDER BY id')
            rows[table] = self.cr.fetchall()
        return rows

    def test_explaining_writes_nothing_and_changes_nothing_in_the_store(self):
        numbers = ["4711", "nonsense"]
        numbers += [
            self.import_order(**cart).bc_id
            for cart in (
                {"lines": [MUG]},
                {"lines": [GONE]},
                {"lines": [MUG], "status": 2},
                {"lines": [MUG], "status": 0},
                {"lines": [MUG], "is_deleted": True},
            )
        ]
        self.store.patch(f"v2/orders/{numbers[-3]}", status_id=11)
        numbers.append(
            self.store.place_order(lines=[MUG], payment_method="Never Seen Before")
        )
        before = self.snapshot()
        self.store.forget_requests()
        for number in numbers:
            self.explain(number)
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(
            {request["method"] for request in self.store.get_requests()}, {"GET"}
        )
        self.assertLessEqual(len(self.store.get_requests()), len(numbers))

    def test_a_user_of_the_connector_without_other_rights_may_ask(self):
        user = new_test_user(self.env, "asker", USER)
        order = self.import_order(lines=[MUG])
        passed_over = self.import_order(lines=[MUG], status=2)
        Explanation = self.env["bigcommerce.order.explanation"].with_user(user)
        for number, verdict in (
            (order.bc_id, "imported"),
            (order.sale_order_id.name, "imported"),
            (passed_over.bc_id, "status"),
            ("4711", "not_found"),
        ):
            wizard = Explanation.create(
                {"instance_id": self.instance.id, "number": number}
            )
            wizard.action_explain()
            self.assertVerdict(wizard, verdict)
            Form(wizard)
        wizard = Explanation.create(
            {"instance_id": self.instance.id, "number": passed_over.bc_id}
        )
        wizard.action_explain()
        wizard.action_import_now()
        self.drain()
        self.assertTrue(passed_over.sale_order_id)

    def test_who_has_no_part_in_the_connector_neither_sees_nor_uses_it(self):
        salesman = new_test_user(
            self.env, "salesman", "sales_team.group_sale_salesman_all_leads"
        )
        menu = self.env.ref("bigcommerce_connector.bigcommerce_order_explanation_menu")
        self.assertIn(menu.id, self.env["ir.ui.menu"]._visible_menu_ids())
        visible = self.env["ir.ui.menu"].with_user(salesman)._visible_menu_ids()
        self.assertNotIn(menu.id, visible)
        with self.assertRaises(AccessError):
            self.env["bigcommerce.order.explanation"].with_user(salesman).create(
                {"instance_id": self.instance.id, "number": "118"}
            )

    def test_a_store_of_another_company_is_not_asked(self):
        company = self.env["res.company"].create({"name": "Second"})
        user = new_test_user(
            self.env,
            "second_asker",
            USER,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        order = self.import_order(lines=[MUG])
        self.store.forget_requests()
        Explanation = self.env["bigcommerce.order.explanation"].with_user(user)
        for number in ("4711", order.sale_order_id.name):
            with self.assertRaises(AccessError):
                Explanation.create(
                    {"instance_id": self.instance.id, "number": number}
                ).action_explain()
        own = self.create_instance(
            name="Own",
            company_id=company.id,
            warehouse_id=self.env["stock.warehouse"]
            .search([("company_id", "=", company.id)], limit=1)
            .id,
            country_id=self.env.ref("base.us").id,
        )
        wizard = Explanation.create(
            {"instance_id": own.id, "number": order.sale_order_id.name}
        )
        wizard.action_explain()
        self.assertVerdict(wizard, "bad_input")
        self.assertFalse(self.store.get_requests())
