"""Every order seen has its record; those that are wanted become sale orders once."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OrderCase, SandboxStore

MUG = {"sku": "MUG-ENAMEL"}  # 12.50
BOWL = {"sku": "BOWL-STONE"}  # 18.40
CREATION = "odoo.addons.bigcommerce_connector.sync.order_creation"


@tagged("post_install", "-at_install")
class TestSelection(OrderCase):
    def assertPassedOver(self, order, reason):
        self.assertEqual((order.state, order.reason_code), ("not_selected", reason))
        self.assertFalse(order.sale_order_id)
        self.assertFalse(self.get_lines("import_orders", key=order.bc_id))

    def assertImported(self, order):
        self.assertEqual((order.state, order.reason_code), ("imported", False))
        self.assertEqual(len(order.sale_order_id), 1)
        self.assertEqual(order.sale_order_id.state, "draft")

    def test_an_order_awaiting_fulfillment_is_imported(self):
        self.assertImported(self.import_order(lines=[MUG]))

    def test_an_incomplete_order_is_passed_over(self):
        statuses = self.env["bigcommerce.order.status"].search([])
        self.instance.order_status_ids = statuses
        self.assertPassedOver(self.import_order(lines=[MUG], status=0), "incomplete")

    def test_an_archived_order_is_passed_over(self):
        order = self.import_order(lines=[MUG], is_deleted=True)
        self.assertPassedOver(order, "archived")

    def test_an_order_in_another_status_is_passed_over(self):
        order = self.import_order(lines=[MUG], status=2)
        self.assertPassedOver(order, "status")
        self.assertEqual(order.status_id.bc_id, "2")

    def test_an_order_in_a_status_that_nobody_knows_is_passed_over(self):
        bc_id = self.store.place_order(lines=[MUG])
        self.store.patch(f"v2/orders/{bc_id}", status_id=99, status="New one")
        self.import_orders()
        order = self.get_order(bc_id)
        self.assertPassedOver(order, "status")
        self.assertFalse(order.status_id)

    def test_without_any_status_selected_nothing_is_imported(self):
        self.instance.order_status_ids = False
        self.assertPassedOver(self.import_order(lines=[MUG]), "status")

    def test_orders_of_all_channels_arrive(self):
        for channel in (1, 2, 3, 4):
            order = self.import_order(lines=[MUG], channel_id=channel)
            self.assertImported(order)
            self.assertEqual(order.channel_id.bc_id or "4", str(channel))

    def test_channels_narrow_them(self):
        self.instance.channel_ids = self.env["bigcommerce.channel"].search(
            [("bc_id", "in", ("2", "3"))]
        )
        self.assertPassedOver(self.import_order(lines=[MUG]), "channel")
        self.assertImported(self.import_order(lines=[MUG], channel_id=2))

    def test_an_order_from_before_is_passed_over_when_it_is_seen(self):
        self.import_order(lines=[MUG])
        self.instance.import_orders_from = "2026-10-02"
        self.import_orders()
        old = self.import_order(lines=[MUG], created="2026-10-01T23:59:59Z")
        self.assertFalse(old, "older orders are not read")
        self.store.patch(
            f"v2/orders/{self.last_bc_id()}", date_modified=self.now_as_v2()
        )
        self.import_orders()
        self.assertPassedOver(self.get_order(self.last_bc_id()), "too_old")

    def last_bc_id(self):
        return self.store.control("GET", "v2/orders")[-1]["id"]

    def now_as_v2(self):
        return fields.Datetime.now().strftime("%a, %d %b %Y %H:%M:%S +0000")

    def test_the_first_order_of_history_is_imported(self):
        self.instance.import_orders_from = "2026-10-02 12:00:00"
        order = self.import_order(lines=[MUG], created="2026-10-02T12:00:00Z")
        self.assertImported(order)

    def test_a_run_for_no_orders_at_all_imports_none(self):
        self.store.place_order(lines=[MUG])
        self.import_orders(ids=[])
        self.assertFalse(self.env["bigcommerce.order"].search([]))

    def test_an_order_that_is_passed_over_is_imported_once_it_is_wanted(self):
        order = self.import_order(lines=[MUG], status=7)
        self.assertPassedOver(order, "status")
        self.store.patch(f"v2/orders/{order.bc_id}", status_id=11)
        self.import_orders()
        self.assertImported(order)

    def test_other_filters_bring_in_what_was_passed_over(self):
        shipped = self.import_order(lines=[MUG], status=2)
        self.assertPassedOver(shipped, "status")
        self.instance.order_status_ids |= self.env["bigcommerce.order.status"].search(
            [("bc_id", "=", "2")]
        )
        self.import_orders()
        self.assertImported(shipped)

    def test_an_earlier_beginning_of_history_brings_in_what_was_before(self):
        self.instance.import_orders_from = "2026-10-02"
        bc_id = self.store.place_order(lines=[MUG], created="2026-10-01T12:00:00Z")
        self.import_orders()
        self.assertFalse(self.get_order(bc_id))
        self.instance.import_orders_from = "2026-10-01"
        self.import_orders()
        self.assertImported(self.get_order(bc_id))

    def test_import_now_takes_an_order_whatever_the_filters_say(self):
        order = self.import_order(lines=[MUG], status=2)
        order.action_import_now()
        self.drain()
        self.assertImported(order)

    def test_import_now_never_takes_an_incomplete_or_archived_one(self):
        for cart, reason in (
            ({"status": 0}, "incomplete"),
            ({"is_deleted": True}, "archived"),
        ):
            with self.subTest(reason=reason):
                order = self.import_order(lines=[MUG], **cart)
                order.action_import_now()
                self.drain()
                self.assertPassedOver(order, reason)

    def test_an_order_that_says_little_is_still_recorded(self):
        bc_id = self.store.place_order(lines=[MUG])
        self.store.patch(
            f"v2/orders/{bc_id}",
            billing_address={},
            date_created=None,
            channel_id=None,
            payment_method=None,
            customer_id=None,
        )
        self.import_orders()
        order = self.get_order(bc_id)
        self.assertTrue(order)
        self.assertIn(order.state, ("imported", "blocked"))

    def test_an_unreadable_order_is_blocked_and_stops_no_other(self):
        bad = self.store.place_order(lines=[MUG])
        good = self.store.place_order(lines=[MUG])
        self.store.patch(f"v2/orders/{bad}", total_ex_tax="a lot")
        self.import_orders()
        order = self.get_order(bad)
        self.assertEqual((order.state, order.reason_code), ("blocked", "blocked"))
        self.assertIn("total_ex_tax", order.reason_message)
        self.assertEqual(
            self.get_lines("import_orders", key=bad).cause_id.code, "unreadable"
        )
        self.assertImported(self.get_order(good))


@tagged("post_install", "-at_install")
class TestRecord(OrderCase):
    def test_an_order_says_what_the_store_does(self):
        order = self.import_order(
            lines=[{**MUG, "quantity": 2, "wrapping": "3.50"}],
            billing={
                "first_name": "Sam",
                "last_name": "Shopper",
                "email": "sam@example.com",
            },
            taxes=[{"name": "Tax", "rate": "10"}],
            shipping=["8.50"],
            handling="2.00",
            fees=[["Protection", "1.95"]],
            discount="5.00",
            gift_certificate="3.00",
            store_credit="1.00",
            customer_id=7,
            channel_id=2,
            payment_method="PayPal",
            message="Please hurry.",
            staff_notes="A friend.",
            created="2026-10-05T10:00:00Z",
        )
        self.assertEqual(order.name, f"#{order.bc_id}")
        self.assertEqual(order.status_id.bc_id, "11")
        self.assertEqual(order.status, "Ready to pack")
        self.assertEqual(order.payment_status, "captured")
        self.assertEqual(order.payment_method, "PayPal")
        self.assertEqual(order.channel_id.bc_id, "2")
        self.assertEqual(order.customer_bc_id, "7")
        self.assertEqual(order.customer_name, "Sam Shopper")
        self.assertEqual(order.customer_message, "Please hurry.")
        self.assertEqual(order.staff_notes, "A friend.")
        self.assertEqual(str(order.date_created), "2026-10-05 10:00:00")
        self.assertEqual(order.currency_id.name, "USD")
        self.assertEqual(order.amount_subtotal, 25.0)
        self.assertEqual(order.amount_wrapping, 3.5)
        self.assertEqual(order.amount_shipping, 8.5)
        self.assertEqual(order.amount_handling, 2.0)
        self.assertEqual(order.amount_fees, 1.95)
        self.assertEqual(order.amount_discount, 5.0)
        self.assertEqual(order.amount_gift_certificate, 3.0)
        self.assertEqual(order.amount_store_credit, 1.0)
        self.assertEqual(order.amount_untaxed, 35.95)
        self.assertAlmostEqual(order.amount_total, 39.35, 2)
        self.assertEqual(
            order.admin_url,
            f"https://control.example.com/manage/orders/{order.bc_id}",
        )

    def test_the_status_there_is_followed_without_touching_the_sale_order(self):
        order = self.import_order(lines=[MUG])
        before = order.sale_order_id.write_date
        self.store.patch(f"v2/orders/{order.bc_id}", status_id=9, payment_status="void")
        self.import_orders()
        self.assertEqual(order.status_id.bc_id, "9")
        self.assertEqual(order.payment_status, "void")
        self.assertEqual(order.state, "imported")
        self.assertEqual(order.sale_order_id.write_date, before)


@tagged("post_install", "-at_install")
class TestOnce(OrderCase):
    def snapshot(self):
        models = ("bigcommerce.order", "sale.order", "sale.order.line", "res.partner")
        return {
            model: self.env[model]
            .search([])
            .mapped(lambda record: (record.id, record.write_date))
            for model in models
        }

    def test_a_second_import_changes_nothing(self):
        for status in (0, 2, 11, 11):
            self.store.place_order(lines=[MUG, BOWL], status=status)
        self.import_orders()
        before, lines = self.snapshot(), len(self.get_lines("import_orders"))
        for _ in range(2):
            job = self.import_orders()
            self.assertEqual(job.state, "done")
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(len(self.get_lines("import_orders")), lines)

    def test_reading_everything_again_changes_nothing(self):
        for status in (0, 2, 11, 11):
            self.store.place_order(lines=[MUG, BOWL], status=status)
        self.import_orders()
        before, lines = self.snapshot(), len(self.get_lines("import_orders"))
        self.instance.automatic_job_ids.watermark = False
        self.import_orders()
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(len(self.get_lines("import_orders")), lines)

    def test_a_second_import_of_a_blocked_order_does_not_try_it_again(self):
        order = self.import_order(
            lines=[{"name": "Gone", "price": "5", "product_id": 77, "sku": "GONE"}]
        )
        line = self.get_lines("import_orders", key=order.bc_id)
        tries = line.tries
        self.import_orders()
        self.assertEqual((line.state, line.tries), ("blocked", tries))

    @mute_logger("odoo.addons.bigcommerce_connector.sync.settlement")
    def test_an_order_whose_import_failed_says_so(self):
        bc_id = self.store.place_order(lines=[MUG])
        with patch(f"{CREATION}.plan_lines", side_effect=KeyError("surprise")):
            self.import_orders()
        order = self.get_order(bc_id)
        self.assertEqual(self.get_lines("import_orders", key=bc_id).state, "failed")
        self.assertEqual(order.state, "blocked")
        self.assertIn("surprise", order.reason_message)

    @mute_logger("odoo.addons.bigcommerce_connector.sync.settlement")
    def test_a_failed_order_is_not_tried_again_by_every_scan(self):
        self.store.place_order(lines=[MUG])
        with patch(f"{CREATION}.plan_lines", side_effect=KeyError("surprise")):
            for _ in range(3):
                self.import_orders()
        self.assertEqual(len(self.get_lines("import_orders")), 1)

    def test_the_same_order_in_two_runs_is_one_sale_order(self):
        bc_id = self.store.place_order(lines=[MUG])
        self.instance._start("import_orders")
        self.instance._start("import_orders", ids=[bc_id])
        self.drain()
        orders = self.env["sale.order"].search([("client_order_ref", "=", bc_id)])
        self.assertEqual(len(orders), 1)

    def test_an_order_imported_meanwhile_is_not_imported_again(self):
        order = self.import_order(lines=[MUG])
        order.action_import_now()
        self.drain()
        orders = self.env["sale.order"].search([("client_order_ref", "=", order.bc_id)])
        self.assertEqual(orders, order.sale_order_id)

    def test_a_line_that_comes_a_second_time_finds_the_order_done(self):
        order = self.import_order(lines=[MUG])
        payload = self.store.control("GET", f"v2/orders/{order.bc_id}")
        engine = self.env["bigcommerce.engine"]
        job = self.get_lines("import_orders").job_id.copy({"state": "running"})
        operation = self.env["bigcommerce.import.orders"]
        engine._enqueue_lines(job, [operation._found(self.instance, payload)])
        self.drain()
        self.assertEqual(job.line_ids.state, "done")
        self.assertEqual(
            (job.line_ids.res_model, job.line_ids.res_id), (order._name, order.id)
        )
        self.assertEqual(
            self.env["sale.order"].search_count(
                [("client_order_ref", "=", order.bc_id)]
            ),
            1,
        )

    @mute_logger("odoo.sql_db")
    def test_an_order_of_the_store_has_one_record(self):
        order = self.import_order(lines=[MUG])
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            order.copy()

    @mute_logger("odoo.sql_db")
    def test_a_sale_order_belongs_to_one_order_of_the_store(self):
        first = self.import_order(lines=[MUG])
        second = self.import_order(lines=[MUG])
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            second.sale_order_id = first.sale_order_id
            self.env.flush_all()

    def test_a_blocked_order_that_is_cancelled_there_is_no_longer_imported(self):
        order = self.import_order(
            lines=[{"name": "Gone", "price": "5", "product_id": 77, "sku": "GONE"}]
        )
        line = self.get_lines("import_orders", key=order.bc_id)
        self.assertEqual(line.state, "blocked")
        self.store.patch(f"v2/orders/{order.bc_id}", status_id=5, status="Cancelled")
        self.import_orders()
        self.assertEqual((order.state, order.reason_code), ("not_selected", "status"))
        self.env["product.product"].create({"name": "Gone", "default_code": "GONE"})
        line.action_retry()
        self.drain()
        self.assertFalse(order.sale_order_id)
        self.assertEqual(order.state, "not_selected")

    def test_a_blocked_order_that_goes_its_way_there_stays_wanted(self):
        gone = {"name": "Gone", "price": "5", "product_id": 77, "sku": "GONE"}
        order = self.import_order(lines=[gone])
        path = f"v2/orders/{order.bc_id}"
        for status_id, status in ((9, "Awaiting Shipment"), (2, "Shipped")):
            with self.subTest(status=status):
                self.store.patch(path, status_id=status_id, status=status)
                self.import_orders()
                self.assertEqual(order.state, "blocked")
                (line,) = self.get_lines("import_orders", key=order.bc_id).filtered(
                    lambda line: line.state == "blocked"
                )
        self.env["product.product"].create({"name": "Gone", "default_code": "GONE"})
        line.action_retry()
        self.drain()
        self.assertEqual(order.state, "imported", order.reason_message)

    @mute_logger("odoo.addons.bigcommerce_connector.sync.settlement")
    def test_a_failed_order_that_goes_its_way_there_is_imported(self):
        bc_id = self.store.place_order(lines=[MUG])
        with patch(f"{CREATION}.plan_lines", side_effect=KeyError("surprise")):
            self.import_orders()
        self.store.patch(f"v2/orders/{bc_id}", status_id=10, status="Completed")
        self.import_orders()
        self.assertEqual(self.get_order(bc_id).state, "imported")

    def test_a_blocked_order_that_is_archived_there_is_no_longer_imported(self):
        gone = {"name": "Gone", "price": "5", "product_id": 77, "sku": "GONE"}
        for reason, change in (
            ("archived", {"is_deleted": True}),
            ("incomplete", {"status_id": 0, "status": "Incomplete"}),
        ):
            with self.subTest(reason=reason):
                order = self.import_order(lines=[gone])
                self.store.patch(f"v2/orders/{order.bc_id}", **change)
                self.import_orders()
                self.assertEqual(
                    (order.state, order.reason_code), ("not_selected", reason)
                )

    def test_a_blocked_order_is_wanted_no_more_if_its_status_is_deselected(self):
        waiting = self.instance.order_status_ids._find(self.instance, ["7"])["7"]
        self.instance.order_status_ids += waiting
        order = self.import_order(
            lines=[{"name": "Gone", "price": "5", "product_id": 77, "sku": "GONE"}],
            status=7,
        )
        self.assertEqual(order.state, "blocked")
        self.instance.order_status_ids -= waiting
        self.assertEqual((order.state, order.reason_code), ("not_selected", "status"))
        self.assertFalse(
            self.get_lines("import_orders", key=order.bc_id, state="blocked")
        )

    def test_what_was_never_wanted_is_not_for_changing_its_status(self):
        order = self.import_order(lines=[MUG], status=1)
        self.store.patch(f"v2/orders/{order.bc_id}", status_id=2, status="Shipped")
        self.import_orders()
        self.assertEqual((order.state, order.reason_code), ("not_selected", "status"))

    def test_an_order_whose_line_was_cancelled_does_not_go_on_waiting(self):
        bc_id = self.store.place_order(lines=[MUG])
        self.patch(
            self.registry["bigcommerce.engine"], "_work_next", lambda *_arguments: 0
        )
        self.import_orders()
        order = self.get_order(bc_id)
        self.assertEqual(order.state, "waiting")
        self.get_lines("import_orders", key=bc_id).action_cancel()
        self.assertNotEqual(order.state, "waiting")
        self.assertTrue(order.reason_code)

    def test_two_stores_have_orders_of_their_own_under_the_same_ids(self):
        first = self.import_order(lines=[MUG], number=77)
        other_store = SandboxStore()
        self.addCleanup(other_store.stop)
        other_store.delete("v2/orders")
        other_store.place_order(lines=[BOWL], number=77)
        other = self.confirm_instance(name="Other", api_url=other_store.address)
        self.run_operation(other, "import_orders")
        second = self.env["bigcommerce.order"].search([("instance_id", "=", other.id)])
        self.assertEqual((first.bc_id, second.bc_id), ("77", "77"))
        self.assertNotEqual(first.sale_order_id, second.sale_order_id)
        self.assertEqual(second.sale_order_id.amount_untaxed, 18.4)
        self.assertEqual(
            second.sale_order_id.order_line.product_id,
            self.env["product.product"].search([("default_code", "=", "BOWL-STONE")]),
            "what one store made the other finds by its SKU",
        )

    def test_one_batch_or_many_give_the_same(self):
        for limit in (1, 2, 100):
            with self.subTest(limit=limit):
                self.instance.queue_batch_limit = limit
                bc_ids = [self.store.place_order(lines=[MUG]) for _ in range(3)]
                self.import_orders()
                for bc_id in bc_ids:
                    self.assertEqual(self.get_order(bc_id).state, "imported")

    @mute_logger("odoo.addons.bigcommerce_connector.sync.settlement")
    def test_one_order_that_odoo_refuses_stops_no_other(self):
        good = self.store.place_order(lines=[MUG])
        bad = self.store.place_order(lines=[{**MUG, "name": "Poison"}])
        also_good = self.store.place_order(lines=[MUG])
        create = self.registry["sale.order"].create

        def refuse(orders, vals_list):
            if any(vals["client_order_ref"] == bad for vals in vals_list):
                raise ValueError("Odoo refuses this one.")
            return create(orders, vals_list)

        self.patch(self.registry["sale.order"], "create", refuse)
        self.import_orders()
        self.assertEqual(self.get_order(good).state, "imported")
        self.assertEqual(self.get_order(also_good).state, "imported")
        line = self.get_lines("import_orders", key=bad)
        self.assertEqual(line.state, "failed")
        self.assertIn("Odoo refuses this one.", line.message)
        self.assertIn("ValueError", line.traceback)
        self.assertFalse(self.get_order(bad).sale_order_id)


@tagged("post_install", "-at_install")
class TestSaleOrder(OrderCase):
    def test_it_is_a_quotation_of_the_store(self):
        order = self.import_order(
            lines=[{**MUG, "quantity": 2}], created="2026-10-05T10:00:00Z"
        )
        sale = order.sale_order_id
        self.assertEqual(sale.state, "draft")
        self.assertEqual(sale.company_id, self.instance.company_id)
        self.assertEqual(sale.warehouse_id, self.instance.warehouse_id)
        self.assertEqual(sale.client_order_ref, order.bc_id)
        self.assertIn(order.bc_id, sale.origin)
        self.assertFalse(sale.user_id)
        self.assertEqual(sale.bigcommerce_order_id, order)
        self.assertEqual(sale.bigcommerce_state, "imported")
        found = self.env["sale.order"].search([("bigcommerce_order_id", "=", order.id)])
        self.assertEqual(found, sale)

    def test_the_date_of_the_order_is_kept(self):
        order = self.import_order(lines=[MUG], created="2026-10-05T23:30:00-05:00")
        self.assertEqual(str(order.sale_order_id.date_order), "2026-10-06 04:30:00")

    def test_the_date_of_the_order_is_kept_when_it_is_confirmed(self):
        sale = self.import_order(
            lines=[MUG], created="2026-10-05T10:00:00Z"
        ).sale_order_id
        own = self.env["sale.order"].create({"partner_id": sale.partner_id.id})
        own.date_order = "2026-10-05 10:00:00"
        (own | sale).action_confirm()
        self.assertEqual((own | sale).mapped("state"), ["sale", "sale"])
        self.assertEqual(str(sale.date_order), "2026-10-05 10:00:00")
        self.assertNotEqual(own.date_order, sale.date_order)

    def test_a_note_in_the_chatter_says_where_it_comes_from(self):
        sale = self.import_order(lines=[MUG]).sale_order_id
        notes = sale.message_ids.filtered("body")
        self.assertEqual(len(notes), 1)
        self.assertIn("Imported from Sandbox", notes.body)
        self.assertEqual(notes.message_type, "notification")

    def test_no_mail_goes_out_and_nobody_follows(self):
        before = self.env["mail.mail"].search([])
        self.import_order(
            lines=[MUG],
            billing={"first_name": "A", "last_name": "B", "email": "ab@example.com"},
        )
        sale = self.env["sale.order"].search([], limit=1, order="id desc")
        self.assertEqual(self.env["mail.mail"].search([]), before)
        self.assertFalse(sale.message_follower_ids)
        self.assertFalse(sale.message_ids.notification_ids)
        self.assertFalse(sale.partner_id.message_follower_ids)

    def test_a_confirmation_sends_no_mail_either(self):
        sale = self.import_order(lines=[MUG]).sale_order_id
        before = self.env["mail.mail"].search([])
        sale.action_confirm()
        self.assertEqual(self.env["mail.mail"].search([]), before)
        self.assertNotIn(sale.partner_id, sale.message_partner_ids)

    def test_a_quotation_template_of_the_company_is_not_for_it(self):
        """Odoo would write to the customer when the order is confirmed."""
        company = self.instance.company_id
        mail = self.env.ref("sale.mail_template_sale_confirmation")
        company.sale_order_template_id = self.env["sale.order.template"].create(
            {"name": "Welcome", "mail_template_id": mail.id, "number_of_days": 30}
        )
        sale = self.import_order(lines=[MUG]).sale_order_id
        self.assertFalse(sale.sale_order_template_id)
        before = self.env["mail.mail"].search([])
        sale.action_confirm()
        self.assertEqual(self.env["mail.mail"].search([]), before)
        self.assertFalse(sale.message_ids.filtered(lambda message: message.partner_ids))

    def test_a_line_says_which_part_of_the_order_it_is(self):
        order = self.import_order(
            lines=[MUG, {**BOWL, "address": 1}],
            addresses=[
                {"first_name": "A", "last_name": "B", "email": "a@example.com"},
                {"first_name": "C", "last_name": "D", "email": "c@example.com"},
            ],
            shipping=["8.50", "4.00"],
        )
        bc_id = int(order.bc_id)
        lines = order.sale_order_id.order_line
        self.assertEqual(
            lines.mapped("bigcommerce_part"),
            ["product", "product", "shipping", "shipping"],
        )
        self.assertEqual(
            [line.bigcommerce_line_id or "" for line in lines],
            [str(bc_id * 100 + 1), str(bc_id * 100 + 2), "", ""],
        )
        self.assertEqual(
            lines.mapped("bigcommerce_address_id"),
            [str(bc_id * 10), str(bc_id * 10 + 1)] * 2,
        )
        self.assertEqual(lines.mapped("price_subtotal"), [12.5, 18.4, 8.5, 4.0])

    def test_a_line_has_price_quantity_and_discount_of_the_order_and_odoos_tax(self):
        order = self.import_order(
            lines=[{**MUG, "quantity": 2, "discount": "2.50"}, BOWL],
            taxes=[{"name": "Tax", "rate": "8.25"}],
        )
        first, second = order.sale_order_id.order_line
        self.assertEqual(
            (first.product_uom_qty, first.price_unit, first.discount), (2, 12.5, 10)
        )
        self.assertEqual(second.price_unit, 18.4)
        tax = self.env.company.account_sale_tax_id
        self.assertEqual(first.tax_ids, tax)
        self.assertEqual(second.tax_ids, tax)

    def test_prices_survive_what_people_edit(self):
        order = self.import_order(
            lines=[{**MUG, "price": "10.00", "quantity": 3}, {**BOWL, "price": 0}]
        )
        first, second = order.sale_order_id.order_line
        first.product_uom_qty = 4
        second.product_uom_qty = 2
        self.assertEqual(first.price_unit, 10)
        self.assertEqual(second.price_unit, 0)

    def test_the_name_says_what_the_shopper_chose(self):
        order = self.import_order(
            lines=[
                {"sku": "SHIRT-M-MOS"},
                {"sku": "BOARD-OAK", "texts": [["Engraving", "For Mum"]]},
            ]
        )
        shirt, board = order.sale_order_id.order_line
        self.assertEqual(
            shirt.name.splitlines(), ["Work shirt", "Size: Medium", "Colour: Moss"]
        )
        self.assertEqual(
            board.name.splitlines(), ["Carving board", "Engraving: For Mum"]
        )

    def test_the_fiscal_position_of_the_customer_maps_the_taxes(self):
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Germany",
                "auto_apply": True,
                "country_id": self.env.ref("base.de").id,
            }
        )
        order = self.import_order(
            lines=[MUG],
            billing={
                "first_name": "A",
                "last_name": "B",
                "email": "a@example.com",
                "country_iso2": "DE",
                "state": "",
            },
        )
        self.assertEqual(order.sale_order_id.fiscal_position_id, position)
        home = self.import_order(lines=[MUG])
        self.assertFalse(home.sale_order_id.fiscal_position_id)

    def test_a_bundled_line_is_a_line(self):
        order = self.import_order(
            lines=[{"sku": "HAMPER"}, {**MUG, "price": "0", "parent": 0}]
        )
        self.assertEqual(
            order.sale_order_id.order_line.mapped("price_subtotal"), [120.0, 0.0]
        )

    def test_a_line_that_is_part_of_another_says_so(self):
        order = self.import_order(
            lines=[{"sku": "HAMPER"}, {**MUG, "price": "0", "parent": 0}, BOWL]
        )
        hamper, mug, bowl = order.sale_order_id.order_line
        self.assertEqual(mug.bigcommerce_parent_line_id, hamper.bigcommerce_line_id)
        words = mug.name.splitlines()
        self.assertIn(f"Part of: {hamper.name.splitlines()[0]}", words)
        for other in (hamper, bowl):
            self.assertFalse(other.bigcommerce_parent_line_id)
            self.assertNotIn("Part of", other.name)

    def test_an_order_of_many_lines_is_imported_with_all_of_them(self):
        order = self.import_order(lines=[MUG] * 60)
        self.assertEqual(len(order.sale_order_id.order_line), 60)
        self.assertEqual(order.sale_order_id.amount_untaxed, 750.0)

    def test_it_can_be_copied_and_the_copy_is_not_the_stores(self):
        sale = self.import_order(lines=[MUG]).sale_order_id
        copy = sale.copy()
        self.assertFalse(copy.bigcommerce_order_id)
        self.assertFalse(copy.order_line.bigcommerce_line_id)

    def test_what_a_person_deleted_comes_back_only_when_asked_for(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id.unlink()
        self.assertEqual((order.state, order.reason_code), ("not_selected", "deleted"))
        self.store.patch(f"v2/orders/{order.bc_id}", staff_notes="Changed")
        self.import_orders()
        self.assertFalse(order.sale_order_id)
        order.action_import_now()
        self.drain()
        self.assertTrue(order.sale_order_id)


@tagged("post_install", "-at_install")
class TestProducts(OrderCase):
    def get_product(self, **line):
        order = self.import_order(lines=[line])
        self.assertEqual(order.state, "imported", order.reason_message)
        return order.sale_order_id.order_line.product_id

    def make_product(self, sku):
        return self.env["product.product"].create({"name": sku, "default_code": sku})

    def assertBlocked(self, cause, *words, **line):
        """Try to import an order with a mug and this line; return its record."""
        order = self.import_order(lines=[MUG, line])
        self.assertEqual((order.state, order.reason_code), ("blocked", "blocked"))
        self.assertFalse(order.sale_order_id)
        queue_line = self.get_lines("import_orders", key=order.bc_id)
        self.assertEqual(
            (queue_line.state, queue_line.cause_id.code), ("blocked", cause)
        )
        self.assertEqual(queue_line.message, order.reason_message)
        for word in words:
            self.assertIn(word, order.reason_message)
        return order

    def get_item(self, sku):
        return self.env["bigcommerce.listing.item"].search([("sku", "=", sku)])

    def test_a_line_is_found_by_its_variant(self):
        mine = self.make_product("MINE")
        self.get_item("MUG-ENAMEL").product_id = mine
        self.assertEqual(self.get_product(sku="MUG-ENAMEL"), mine)

    def test_lines_that_orders_number_alike_are_not_mixed_up(self):
        skus = ("MUG-ENAMEL", "HOOD-M-CLA-ZIP")
        orders = {
            self.store.place_order(lines=[{"sku": sku, "quantity": 1}]): sku
            for sku in skus
        }
        for bc_id in orders:
            path = f"v2/orders/{bc_id}/products"
            (line,) = self.store.control("GET", path)
            self.store.put(path, [{**line, "id": 1}])
        self.run_operation(self.instance, "import_orders")
        for bc_id, sku in orders.items():
            product = self.get_order(bc_id).sale_order_id.order_line.product_id
            self.assertEqual(product.default_code, sku)

    def test_each_variant_is_its_own_product(self):
        product = self.get_product(sku="HOOD-M-CLA-ZIP")
        self.assertEqual(product.default_code, "HOOD-M-CLA-ZIP")

    def test_a_product_without_sku_is_found_by_its_variant(self):
        product = self.get_product(product_id=119)
        self.assertEqual(product, self.get_item(False).product_id)

    def test_a_variant_without_a_product_is_found_by_sku(self):
        self.get_item("MUG-ENAMEL").product_id = False
        mug = self.env["product.product"].search([("default_code", "=", "MUG-ENAMEL")])
        self.assertEqual(self.get_product(sku="MUG-ENAMEL"), mug)

    def test_a_product_that_was_deleted_there_later_is_still_found(self):
        mug = self.get_item("MUG-ENAMEL").product_id
        bc_id = self.store.place_order(lines=[MUG])
        self.store.delete("v3/catalog/products/101")
        self.import_orders()
        lines = self.get_order(bc_id).sale_order_id.order_line
        self.assertEqual(lines.product_id, mug)

    def test_a_product_that_was_deleted_there_is_found_by_sku(self):
        gone = self.make_product("GONE")
        line = {"name": "Gone", "price": "5", "product_id": 77, "variant_id": 7700}
        self.assertEqual(self.get_product(sku="GONE ", **line), gone)

    def test_a_product_that_nobody_knows_is_blocked(self):
        self.assertBlocked(
            "unknown_product",
            "Gone",
            name="Gone",
            price="5",
            product_id=77,
            variant_id=7700,
            sku="GONE",
        )

    def test_a_product_that_nobody_knows_and_that_has_no_sku_is_blocked(self):
        self.assertBlocked(
            "unknown_product", "Gone", name="Gone", price="5", product_id=77
        )

    def test_several_products_with_its_sku_are_blocked(self):
        self.make_product("GONE")
        self.make_product("GONE")
        self.assertBlocked(
            "ambiguous_sku", "Gone", name="Gone", price="5", product_id=77, sku="GONE"
        )

    def test_a_product_that_is_new_in_the_store_is_created(self):
        self.instance.unlink()
        self.instance = self.confirm_instance()
        self.assertFalse(self.env["bigcommerce.listing"].search([]))
        product = self.get_product(sku="MUG-ENAMEL")
        self.assertEqual(product.default_code, "MUG-ENAMEL")
        self.assertEqual(self.get_item("MUG-ENAMEL").product_id, product)

    def test_a_product_that_is_new_in_the_store_is_blocked_if_none_is_created(self):
        self.instance.unlink()
        self.env["product.product"].search(
            [("default_code", "=", "HAMPER")]
        ).default_code = False
        self.instance = self.confirm_instance(create_odoo_products=False)
        self.assertBlocked("unknown_sku", "HAMPER", sku="HAMPER")

    def test_a_variant_that_is_new_in_the_store_is_created(self):
        path = "v3/catalog/products/134/variants"
        variants = self.store.control("GET", path)
        new = {**variants[0], "id": 13477, "sku": "POT-15", "price": 31}
        self.store.put(path, [*variants, new])
        product = self.get_product(sku="POT-15")
        self.assertEqual(product.default_code, "POT-15")

    def test_new_products_of_a_batch_are_asked_for_together(self):
        self.env["bigcommerce.listing"].search([]).unlink()
        for sku in ("MUG-ENAMEL", "BOWL-STONE", "POT-9"):
            self.store.place_order(lines=[{"sku": sku}])
        self.store.forget_requests()
        self.import_orders()
        requests = self.store.get_requests("^/v3/catalog/products$")
        self.assertLessEqual(len(requests), 2)
        self.assertEqual(requests[0]["query"]["id:in"], "101,105,134")

    def test_known_products_are_not_asked_for(self):
        self.store.place_order(lines=[MUG, BOWL])
        self.store.forget_requests()
        self.import_orders()
        self.assertFalse(self.store.get_requests("^/v3/catalog/products$"))

    def test_a_custom_line_that_is_shipped_is_the_storable_custom_product(self):
        product = self.get_product(name="Shelf", price="240.00")
        self.assertEqual(product, self.instance.custom_storable_product_id)
        self.assertTrue(product.is_storable)

    def test_a_custom_line_that_is_not_shipped_is_the_custom_product(self):
        product = self.get_product(name="Advice", price="75.00", type="digital")
        self.assertEqual(product, self.instance.custom_product_id)
        self.assertFalse(product.is_storable)

    def test_a_custom_line_with_a_sku_of_ours_is_that_product(self):
        shelf = self.make_product("SHELF")
        self.assertEqual(
            self.get_product(name="Shelf", price="240.00", sku="SHELF"), shelf
        )

    def test_a_custom_line_keeps_its_name(self):
        order = self.import_order(lines=[{"name": "Shelf", "price": "240.00"}])
        self.assertEqual(order.sale_order_id.order_line.name, "Shelf")

    def test_a_product_of_our_own_choice_is_used_for_parts(self):
        mine = self.env["product.product"].create({"name": "Post", "type": "service"})
        self.instance.delivery_product_id = mine
        order = self.import_order(lines=[MUG], shipping=["8.50"])
        self.assertEqual(order.sale_order_id.order_line[1].product_id, mine)

    def test_products_for_parts_are_made_once(self):
        for _ in range(2):
            self.import_order(
                lines=[{**MUG, "wrapping": "3.50"}],
                shipping=["8.50"],
                handling="2.00",
                fees=[["Protection", "1.95"]],
            )
        products = self.env["product.product"].search(
            [("default_code", "like", "BC-%")]
        )
        self.assertEqual(len(products), len(set(products.mapped("default_code"))))
        self.assertEqual(set(products.mapped("type")), {"service"})
        self.assertEqual(products.company_id, self.instance.company_id)

    def test_a_certificate_sold_is_a_line_without_tax(self):
        order = self.import_order(
            lines=[
                {
                    "name": "$25 Gift Certificate",
                    "price": "25.00",
                    "type": "giftcertificate",
                    "taxed": False,
                    "gift_certificate_id": 51,
                }
            ],
            taxes=[{"name": "Tax", "rate": "8.25"}],
        )
        line = order.sale_order_id.order_line
        self.assertEqual(line.product_id, self.instance.gift_certificate_product_id)
        self.assertEqual(line.price_subtotal, 25)
        self.assertFalse(line.tax_ids)

    def test_a_blocked_order_is_imported_once_the_product_is_there(self):
        order = self.assertBlocked(
            "unknown_product", name="Gone", price="5", product_id=77, sku="GONE"
        )
        self.make_product("GONE")
        self.get_lines("import_orders", key=order.bc_id).action_retry()
        self.drain()
        self.assertEqual((order.state, order.reason_message), ("imported", False))


@tagged("post_install", "-at_install")
class TestAmounts(OrderCase):
    def test_certificate_and_credit_are_negative_lines_without_tax(self):
        order = self.import_order(
            lines=[{**MUG, "quantity": 4}],
            taxes=[{"name": "Tax", "rate": "8.25"}],
            gift_certificate="20.00",
            store_credit="5.25",
        )
        self.assertEqual(
            self.get_amounts(order),
            [("product", 50.0), ("gift_certificate", -20.0), ("store_credit", -5.25)],
        )
        payments = order.sale_order_id.order_line[1:]
        self.assertFalse(payments.tax_ids)
        self.assertEqual(
            payments.product_id,
            self.instance.gift_certificate_product_id
            | self.instance.store_credit_product_id,
        )
        self.assertEqual(order.state, "imported")

    def test_coupon_and_discount_come_off_once(self):
        order = self.import_order(
            lines=[{**MUG, "quantity": 2}, {**BOWL, "discount": "1.00"}],
            coupon={"code": "TEN", "name": "10%", "amount": "10", "type": 1},
            discount="3.00",
            shipping=["8.50"],
        )
        untaxed = 25 + 18.4 - 1 - 4.24 - 3 + 8.5
        self.assertAlmostEqual(order.sale_order_id.amount_untaxed, untaxed, 2)
        self.assertEqual(order.state, "imported")

    def test_parts_are_sold_as_their_products(self):
        order = self.import_order(
            lines=[{**MUG, "wrapping": "3.50"}],
            shipping=["8.50"],
            handling="2.00",
            fees=[["Protection", "1.95"]],
        )
        instance = self.instance
        self.assertEqual(
            self.get_amounts(order),
            [
                ("product", 12.5),
                ("shipping", 8.5),
                ("handling", 2.0),
                ("wrapping", 3.5),
                ("fee", 1.95),
            ],
        )
        self.assertEqual(
            order.sale_order_id.order_line[1:].mapped("product_id"),
            instance.delivery_product_id
            | instance.handling_product_id
            | instance.wrapping_product_id
            | instance.fee_product_id,
        )
        self.assertEqual(order.sale_order_id.order_line[-1].name, "Protection")
        # It is not the shipping method that it is named after.
        self.assertEqual(order.sale_order_id.order_line[2].name, "Handling")

    def test_a_certificate_that_pays_all_leaves_an_order_of_nothing(self):
        order = self.import_order(lines=[MUG], gift_certificate="12.50")
        self.assertEqual(order.state, "imported")
        self.assertEqual(order.sale_order_id.amount_untaxed, 0)


@tagged("post_install", "-at_install")
class TestCurrencies(OrderCase):
    def test_an_order_in_the_currency_of_the_store_has_its_pricelist(self):
        order = self.import_order(lines=[MUG])
        sale = order.sale_order_id
        self.assertEqual(sale.pricelist_id, self.instance.pricelist_id)
        self.assertEqual(sale.currency_id.name, "USD")

    def test_the_pricelist_of_the_instance_changes_no_price(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "currency_id": self.env.ref("base.USD").id,
                "item_ids": [
                    (0, 0, {"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        self.instance.pricelist_id = pricelist
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.pricelist_id, pricelist)
        self.assertEqual(order.sale_order_id.amount_untaxed, 12.5)

    def test_an_order_in_another_currency_is_in_that_currency(self):
        order = self.import_order(
            lines=[{**MUG, "price": "11.25"}], currency="EUR", shipping=["12.90"]
        )
        sale = order.sale_order_id
        self.assertEqual(sale.currency_id.name, "EUR")
        self.assertEqual(sale.pricelist_id.currency_id.name, "EUR")
        self.assertEqual(sale.amount_untaxed, 24.15)
        self.assertAlmostEqual(sale.currency_rate, 0.9)
        self.assertEqual(order.currency_id.name, "EUR")

    def test_a_pricelist_of_the_instance_in_that_currency_is_used(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": self.env.ref("base.EUR").id}
        )
        self.instance.pricelist_id = pricelist
        order = self.import_order(lines=[{**MUG, "price": "11.25"}], currency="EUR")
        self.assertEqual(order.sale_order_id.pricelist_id, pricelist)

    def test_without_a_rate_it_is_blocked_until_there_is_one(self):
        order = self.import_order(
            lines=[{**MUG, "price": "1900"}],
            currency="JPY",
            shipping=["1200"],
            created="2026-10-05T10:00:00Z",
        )
        line = self.get_lines("import_orders", key=order.bc_id)
        self.assertEqual(
            (line.state, line.cause_id.code), ("blocked", "no_exchange_rate")
        )
        self.assertIn("JPY", order.reason_message)
        rate = self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.JPY").id,
                "name": "2026-10-06",
                "rate": 150,
            }
        )
        line.action_retry()
        self.drain()
        self.assertEqual(
            line.cause_id.code, "no_exchange_rate", "the rate is too young"
        )
        rate.name = "2026-10-05"
        line.action_retry()
        self.drain()
        self.assertEqual((line.state, order.state), ("done", "imported"))
        sale = order.sale_order_id
        self.assertEqual((sale.currency_id.name, sale.amount_untaxed), ("JPY", 3100))
        self.assertAlmostEqual(sale.currency_rate, 150)

    def test_the_rate_of_another_company_does_not_count(self):
        company = self.env["res.company"].create({"name": "Second"})
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.JPY").id,
                "name": "2000-01-01",
                "rate": 150,
                "company_id": company.id,
            }
        )
        order = self.import_order(lines=[{**MUG, "price": "1900"}], currency="JPY")
        self.assertEqual(order.state, "blocked")

    def test_a_currency_without_pricelist_is_blocked(self):
        bc_id = self.store.place_order(lines=[MUG])
        self.store.patch(
            f"v2/orders/{bc_id}",
            default_currency_code="CHF",
            currency_code="CHF",
        )
        self.import_orders()
        line = self.get_lines("import_orders", key=bc_id)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "no_pricelist"))
        self.assertIn("CHF", line.message)

    def test_what_the_shopper_saw_is_not_what_was_paid(self):
        bc_id = self.store.place_order(lines=[MUG])
        self.store.patch(f"v2/orders/{bc_id}", currency_code="EUR", currency_id=2)
        self.import_orders()
        sale = self.get_order(bc_id).sale_order_id
        self.assertEqual((sale.currency_id.name, sale.amount_untaxed), ("USD", 12.5))


@tagged("post_install", "-at_install")
class TestRecordings(OrderCase):
    """Orders as somebody once recorded them: with fields missing or null."""

    def record(self, products, **order):
        payload = {
            "id": 519,
            "status_id": 11,
            "date_created": "Mon, 05 Oct 2026 10:00:00 +0000",
            "total_ex_tax": "25",
            "total_inc_tax": "25",
            "default_currency_code": "USD",
            **order,
        }
        self.store.put("v2/orders/519", payload)
        self.store.put("v2/orders/519/products", products)
        self.import_orders()
        return self.get_order(519)

    def test_the_least_of_an_order_is_imported(self):
        order = self.record(
            [
                {
                    "id": 1,
                    "product_id": 101,
                    "variant_id": 10100,
                    "quantity": 2,
                    "price_ex_tax": "12.5",
                    "total_ex_tax": "25",
                }
            ]
        )
        self.assertEqual(order.state, "imported", order.reason_message)
        self.assertEqual(self.get_amounts(order), [("product", 25.0)])
        self.assertTrue(order.sale_order_id.partner_id.name)

    def test_an_order_with_nulls_and_unknown_fields_is_imported(self):
        order = self.record(
            [
                {
                    "id": "1",
                    "product_id": "101",
                    "variant_id": "10100",
                    "name": None,
                    "sku": None,
                    "quantity": "2",
                    "price_ex_tax": 12.5,
                    "total_ex_tax": 25,
                    "applied_discounts": None,
                    "product_options": {},
                    "surprise": {"more": []},
                }
            ],
            billing_address={"first_name": None, "email": None, "form_fields": None},
            discount_amount=None,
            coupon_discount="",
            consignments=None,
            fees=None,
            customer_id=None,
            surprise=[1],
        )
        self.assertEqual(order.state, "imported", order.reason_message)
        line = order.sale_order_id.order_line
        self.assertEqual(line.price_subtotal, 25)
        self.assertEqual(line.name, line.product_id.name)


@tagged("post_install", "-at_install")
class TestDetails(OrderCase):
    """Orders whose lines the list does not bring along."""

    def place_without_lines(self, *lines, **cart):
        """Place an order of which the list gives only links to its lines."""
        bc_id = self.store.place_order(lines=list(lines), **cart)
        self.store.patch(
            f"v2/orders/{bc_id}",
            consignments={"shipping": [], "pickups": []},
            date_modified=self.store.control("GET", f"v2/orders/{bc_id}")[
                "date_modified"
            ],
        )
        return bc_id

    def setUp(self):
        super().setUp()
        self.skip_backoff()

    def test_they_are_read_one_by_one(self):
        bc_id = self.place_without_lines(MUG, BOWL, shipping=["8.50"])
        self.import_orders()
        order = self.get_order(bc_id)
        self.assertEqual(
            self.get_amounts(order),
            [("product", 12.5), ("product", 18.4), ("shipping", 8.5)],
        )
        self.assertEqual(order.state, "imported")

    def test_a_vanished_order_stops_no_other(self):
        bad = self.place_without_lines(MUG)
        good = self.store.place_order(lines=[MUG])
        also_good = self.place_without_lines(BOWL)
        self.store.fault(f"^/v2/orders/{bad}/products$", status=404, times=0)
        self.import_orders()
        self.assertEqual(self.get_order(good).state, "imported")
        self.assertEqual(self.get_order(also_good).state, "imported")
        line = self.get_lines("import_orders", key=bad)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "not_found"))

    def test_an_order_whose_lines_cannot_be_read_is_never_imported_without(self):
        bad = self.place_without_lines(MUG)
        good = self.store.place_order(lines=[MUG])
        self.store.fault(
            f"^/v2/orders/{bad}/products$", status=200, body="<html>", times=0
        )
        self.import_orders()
        self.assertEqual(self.get_order(good).state, "imported")
        order = self.get_order(bad)
        self.assertFalse(order.sale_order_id)
        self.assertEqual(self.get_lines("import_orders", key=bad).state, "retry")
        self.store.heal()
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.get_amounts(order), [("product", 12.5)])

    def test_an_order_whose_lines_are_something_else_is_blocked(self):
        bad = self.place_without_lines(MUG)
        good = self.store.place_order(lines=[MUG])
        self.store.fault(
            f"^/v2/orders/{bad}/products$", status=200, body={"no": "list"}, times=0
        )
        self.import_orders()
        self.assertEqual(self.get_order(good).state, "imported")
        order = self.get_order(bad)
        self.assertEqual((order.state, order.sale_order_id.ids), ("blocked", []))
        line = self.get_lines("import_orders", key=bad)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "unreadable"))

    def test_a_server_in_trouble_keeps_no_order_from_coming_later(self):
        bc_id = self.place_without_lines(MUG)
        self.store.fault("/products$", status=500, times=0)
        self.import_orders()
        line = self.get_lines("import_orders", key=bc_id)
        self.assertEqual(line.state, "retry")
        self.store.heal()
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.get_order(bc_id).state, "imported")

    def test_a_missing_scope_for_products_is_named(self):
        self.env["bigcommerce.listing"].search([]).unlink()
        self.store.control(
            "PUT",
            "access",
            {"scopes": ["store_v2_orders", "store_v2_information"]},
        )
        bc_id = self.store.place_order(lines=[MUG])
        self.import_orders()
        line = self.get_lines("import_orders", key=bc_id)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "missing_scope"))
        self.assertIn("Products", line.message)
        self.assertEqual(self.get_order(bc_id).state, "blocked")
