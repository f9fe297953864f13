"""What is cancelled in Odoo is cancelled in the store, where a person asks it."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .test_order_cancellations import ARCHIVED, CANCELLED
from .test_order_holds import FULFILMENT, HoldCase
from .workflow_case import MUG

OPERATION = "export_cancellations"
MODEL = "bigcommerce.export.cancellations"
STATUSES = {
    0: "Incomplete",
    1: "Pending",
    2: "Shipped",
    3: "Partially Shipped",
    4: "Refunded",
    5: "Cancelled",
    6: "Declined",
    7: "Awaiting Payment",
    8: "Awaiting Pickup",
    9: "Awaiting Shipment",
    10: "Completed",
    12: "Manual Verification Required",
    13: "Disputed",
    14: "Partially Refunded",
}


class ExportCase(HoldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line.unlink()
        cls.salesman = new_test_user(
            cls.env, "plain_salesman", "sales_team.group_sale_salesman_all_leads"
        )

    def setUp(self):
        super().setUp()
        self.skip_backoff()

    def cancel_in_odoo(self, **cart):
        """Return an imported order whose sale order a salesman has cancelled."""
        order = self.import_order(**{"lines": [MUG], **cart})
        order.sale_order_id.with_user(self.salesman).action_cancel()
        self.store.forget_requests()
        return order

    def open_wizard(self, order, user=None):
        sale_order = order.sale_order_id.with_user(user or self.salesman)
        action = sale_order.action_cancel_in_bigcommerce()
        return Form(
            self.env[action["res_model"]]
            .with_user(user or self.salesman)
            .with_context(**action["context"])
        )

    def request(self, order, reason="Out of stock.", user=None, **vals):
        """Ask for the cancellation, as a person does."""
        wizard = self.open_wizard(order, user)
        wizard.reason = reason
        for name, value in vals.items():
            wizard[name] = value
        wizard.save().action_cancel_order()

    def get_raw(self, order):
        return self.store.control("GET", f"v2/orders/{order.bc_id}")

    def get_writes(self):
        return [
            request
            for request in self.store.get_requests()
            if request["method"] != "GET"
        ]

    def get_effects(self):
        return [write for write in self.get_writes() if write["took_effect"]]

    def get_notes(self, order):
        return " ".join(filter(None, order.sale_order_id.message_ids.mapped("body")))

    @contextmanager
    def refunds(self):
        """Give what refunds are asked for, instead of making them."""
        calls = []
        model = self.registry["bigcommerce.order"]

        def start(record, reason):
            calls.append((record.bc_id, reason))

        with patch.object(model, "_start_full_refund", start):
            yield calls

    def assertCancelledThere(self, order):
        self.assertEqual(self.get_raw(order)["status_id"], 5)
        self.assertEqual((order.status_id.bc_id, order.status), ("5", "Cancelled"))
        self.assertFalse(order.is_cancel_requested or order.cancel_problem)
        line = self.get_lines(OPERATION, key=order.bc_id)[:1]
        self.assertEqual((line.state, line.res_id), ("done", order.id))
        self.assertIn("Cancelled in BigCommerce", self.get_notes(order))


@tagged("post_install", "-at_install")
class TestCancelInStore(ExportCase):
    def test_it_is_cancelled_there_and_the_reason_is_kept(self):
        order = self.cancel_in_odoo()
        self.request(order)
        self.assertEqual(self.get_writes(), [])
        self.assertTrue(order.is_cancel_requested)
        self.drain()
        self.assertCancelledThere(order)
        self.assertEqual(order.cancel_reason, "Out of stock.")
        note = order.sale_order_id.message_ids.filtered(
            lambda message: "To be cancelled" in (message.body or "")
        )
        self.assertEqual(note.author_id, self.salesman.partner_id)
        self.assertIn("Out of stock.", note.body)
        self.assertQueueIsSound()

    def test_only_the_status_is_sent(self):
        order = self.cancel_in_odoo(staff_notes="A friend.")
        before = self.get_raw(order)
        self.request(order)
        self.drain()
        (write,) = self.get_writes()
        self.assertEqual(write["method"], "PUT")
        after = self.get_raw(order)
        changed = {name for name in before if before[name] != after[name]}
        self.assertLessEqual(
            changed, {"status_id", "status", "custom_status", "date_modified"}
        )

    def test_cancelling_in_odoo_sends_nothing_by_itself(self):
        order = self.cancel_in_odoo()
        self.drain()
        self.import_orders()
        self.assertEqual(self.get_writes(), [])
        self.assertTrue(order.sale_order_id.bigcommerce_may_cancel)
        self.assertFalse(self.get_lines(OPERATION))

    def test_it_is_cancelled_there_without_a_reason_too(self):
        order = self.cancel_in_odoo()
        self.request(order, reason=False)
        self.drain()
        self.assertCancelledThere(order)

    def test_the_next_imports_have_nothing_to_do_about_it(self):
        order = self.cancel_in_odoo()
        self.request(order)
        self.drain()
        lines = self.get_lines("process_orders")
        self.store.forget_requests()
        for _time in range(2):
            self.import_orders()
        self.assertEqual(self.get_writes(), [])
        self.assertEqual(self.get_lines("process_orders"), lines)
        self.assertEqual(order.sale_order_id.state, "cancel")
        self.assertFalse(order.store_cancellation)

    def test_what_was_cancelled_there_meanwhile_is_done(self):
        order = self.cancel_in_odoo()
        self.request(order)
        self.store.patch(f"v2/orders/{order.bc_id}", **CANCELLED)
        self.drain()
        self.assertCancelledThere(order)
        self.assertEqual(self.get_writes(), [])

    def test_what_has_moved_on_meanwhile_is_left_and_a_person_told(self):
        order = self.cancel_in_odoo()
        self.request(order)
        self.store.patch(
            f"v2/orders/{order.bc_id}",
            status_id=2,
            status="Shipped",
            custom_status="Shipped",
        )
        self.drain()
        line = self.get_lines(OPERATION)
        self.assertEqual(
            (line.state, line.cause_id.code), ("blocked", "not_cancellable")
        )
        self.assertIn("Shipped", line.message)
        self.assertEqual(self.get_writes(), [])
        sale_order = order.sale_order_id.with_user(self.salesman)
        self.assertFalse(sale_order.bigcommerce_may_cancel)
        self.assertIn("Shipped", sale_order.bigcommerce_cancel_hint)
        self.store.patch(f"v2/orders/{order.bc_id}", **FULFILMENT)
        line.action_retry()
        self.drain()
        self.assertCancelledThere(order)
        self.assertQueueIsSound()

    def test_a_line_taken_out_of_the_queue_is_an_intention_given_up(self):
        order = self.cancel_in_odoo()
        self.request(order)
        with self.open_engine() as engine:
            while engine._scan_next(engine.env["ir.cron"]):
                pass
        self.get_lines(OPERATION).action_cancel()
        self.assertFalse(order.is_cancel_requested)
        self.assertTrue(order.sale_order_id.bigcommerce_may_cancel)
        self.request(order)
        self.drain()
        self.assertEqual(self.get_raw(order)["status_id"], 5)

    def test_an_order_opened_again_in_odoo_is_not_cancelled_there(self):
        for is_scanned in (False, True):
            with self.subTest(is_scanned=is_scanned):
                order = self.cancel_in_odoo()
                self.request(order)
                if is_scanned:
                    with self.open_engine() as engine:
                        while engine._scan_next(engine.env["ir.cron"]):
                            pass
                order.sale_order_id.with_user(self.salesman).action_draft()
                self.drain()
                self.assertEqual(self.get_writes(), [])
                self.assertFalse(order.is_cancel_requested)
                self.assertQueueIsSound()

    def test_one_opened_again_too_late_is_cancelled_again_here(self):
        order = self.cancel_in_odoo()
        self.request(order)
        send = self.registry[MODEL]._send

        def send_and_open(operation, client, lines):
            results = send(operation, client, lines)
            record = operation.env["bigcommerce.order"].browse(order.id)
            record.sale_order_id.action_draft()
            return results

        self.patch(self.registry[MODEL], "_send", send_and_open)
        self.drain()
        self.assertEqual(self.get_raw(order)["status_id"], 5)
        self.assertEqual(order.sale_order_id.state, "cancel")

    def test_levels_that_it_may_have_moved_are_believed_no_more(self):
        order = self.cancel_in_odoo()
        forgotten = []

        def forget(levels, listings):
            forgotten.extend(listings.ids)

        self.patch(self.registry["bigcommerce.stock.level"], "_forget", forget)
        self.request(order)
        self.drain()
        self.assertTrue(forgotten)

    def test_a_deleted_quotation_is_cancelled_there_all_the_same(self):
        order = self.cancel_in_odoo()
        self.request(order)
        order.sale_order_id.unlink()
        self.drain()
        self.assertEqual(self.get_raw(order)["status_id"], 5)
        self.assertEqual(self.get_lines(OPERATION).state, "done")

    def test_several_at_once_are_each_cancelled_with_one_request(self):
        orders = [self.cancel_in_odoo() for _time in range(3)]
        self.store.forget_requests()
        for order in orders:
            self.request(order)
        self.drain()
        for order in orders:
            self.assertCancelledThere(order)
        self.assertEqual(len(self.get_writes()), 3)


@tagged("post_install", "-at_install")
class TestWhereItMakesSense(ExportCase):
    def test_the_order_says_why_it_is_not_offered(self):
        offered = set()
        order = self.cancel_in_odoo()
        for status_id, name in STATUSES.items():
            with self.subTest(name):
                order.write(
                    {
                        "status_id": order.status_id._find(
                            self.instance, [str(status_id)]
                        )[str(status_id)].id,
                        "status": name,
                    }
                )
                sale_order = order.sale_order_id.with_user(self.salesman)
                if sale_order.bigcommerce_may_cancel:
                    offered.add(status_id)
                    self.assertFalse(sale_order.bigcommerce_cancel_hint)
                    continue
                self.assertIn(name, sale_order.bigcommerce_cancel_hint)
                with self.assertRaises(UserError) as refusal:
                    sale_order.action_cancel_in_bigcommerce()
                self.assertIn(name, str(refusal.exception))
        self.assertEqual(offered, {1, 7, 8, 9, 14})

    def test_an_order_archived_there_cannot_be_cancelled(self):
        order = self.cancel_in_odoo()
        self.change(order, **ARCHIVED)
        self.assertIn("archived", order.sale_order_id.bigcommerce_cancel_hint)

    def test_an_order_cannot_be_cancelled_there_before_it_is_here(self):
        order = self.import_order(lines=[MUG])
        self.assertFalse(order.sale_order_id.bigcommerce_may_cancel)
        self.assertFalse(order.sale_order_id.bigcommerce_cancel_hint)
        with self.assertRaises(UserError):
            order.sale_order_id.action_cancel_in_bigcommerce()

    def test_an_order_that_the_store_cancelled_cannot_be_cancelled(self):
        order = self.import_order(lines=[MUG])
        self.change(order, **CANCELLED)
        self.assertEqual(order.sale_order_id.state, "cancel")
        self.assertFalse(order.sale_order_id.bigcommerce_may_cancel)

    def test_an_order_of_a_store_not_synchronised_cannot_be_cancelled_there(self):
        order = self.cancel_in_odoo()
        self.instance.action_reset_to_draft()
        self.assertIn(self.instance.name, order.sale_order_id.bigcommerce_cancel_hint)
        self.assertFalse(order.sale_order_id.bigcommerce_may_cancel)

    def test_an_order_of_no_store_cannot_be_cancelled_there(self):
        partner = self.env.user.partner_id
        order = self.env["sale.order"].create({"partner_id": partner.id})
        order.action_cancel()
        self.assertFalse(order.bigcommerce_may_cancel)
        self.assertFalse(order.bigcommerce_cancel_hint)
        order.action_draft()

    def test_an_order_is_not_cancelled_twice(self):
        order = self.cancel_in_odoo()
        first, second = (self.open_wizard(order).save() for _time in range(2))
        first.action_cancel_order()
        with self.assertRaises(UserError):
            second.action_cancel_order()
        self.drain()
        self.assertEqual(len(self.get_writes()), 1)


@tagged("post_install", "-at_install")
class TestRefund(ExportCase):
    def test_it_is_started_once_the_store_has_cancelled(self):
        with self.refunds() as calls:
            order = self.cancel_in_odoo(payment_status="captured")
            self.request(order, with_refund=True)
            self.assertEqual(calls, [])
            self.drain()
            self.assertCancelledThere(order)
            self.assertEqual(calls, [(order.bc_id, "Out of stock.")])
            self.assertFalse(order.is_refund_requested)

    def test_it_is_not_started_if_the_store_may_not_cancel(self):
        with self.refunds() as calls:
            order = self.cancel_in_odoo(payment_status="captured")
            self.request(order, with_refund=True)
            self.store.patch(f"v2/orders/{order.bc_id}", status_id=2, status="Shipped")
            self.drain()
            self.assertEqual(calls, [])

    def test_it_is_started_once_though_the_answer_was_lost(self):
        with self.refunds() as calls:
            order = self.cancel_in_odoo(payment_status="captured")
            self.request(order, with_refund=True)
            self.store.fault("^/v2/orders/", method="PUT", kind="reset", after=True)
            self.drain()
            self.assertEqual(calls, [])
            self.come_back()
            self.assertEqual(len(calls), 1)

    def test_it_is_offered_only_if_the_store_holds_money(self):
        with self.refunds():
            for status, is_offered in (
                ("captured", True),
                ("paid", True),
                ("partially refunded", True),
                ("authorized", False),
                ("refunded", False),
                ("", False),
            ):
                order = self.cancel_in_odoo(payment_status=status)
                with self.subTest(status):
                    wizard = self.open_wizard(order)
                    self.assertEqual(wizard.may_refund, is_offered)

    def test_it_is_not_started_unasked(self):
        with self.refunds() as calls:
            order = self.cancel_in_odoo(payment_status="captured")
            self.request(order)
            self.drain()
            self.assertCancelledThere(order)
            self.assertEqual(calls, [])


@tagged("post_install", "-at_install")
class TestTrouble(ExportCase):
    def lose(self, **fault):
        """Return an order whose cancellation has met with a fault."""
        self.store.heal()
        order = self.cancel_in_odoo()
        self.store.fault("^/v2/orders/", method="PUT", **fault)
        self.request(order)
        self.drain()
        return order

    def test_a_failure_before_the_effect_is_made_up_for_once(self):
        order = self.lose(status=503)
        self.come_back()
        self.assertCancelledThere(order)
        self.assertEqual(len(self.get_effects()), 1)

    def test_a_failure_after_the_effect_is_not_repeated(self):
        order = self.lose(status=503, after=True)
        self.assertNotEqual(order.status_id.bc_id, "5")
        self.come_back()
        self.assertCancelledThere(order)
        self.assertEqual(len(self.get_effects()), 1)

    def test_an_answer_lost_before_or_after_the_effect_cancels_once(self):
        for after in (False, True):
            with self.subTest(after=after):
                self.store.forget_requests()
                order = self.lose(kind="reset", after=after)
                self.come_back()
                self.assertCancelledThere(order)
                self.assertEqual(len(self.get_effects()), 1)

    def test_a_store_that_moved_on_after_a_lost_answer_is_left_so(self):
        order = self.lose(kind="reset")
        self.store.patch(
            f"v2/orders/{order.bc_id}",
            status_id=10,
            status="Completed",
            custom_status="Completed",
        )
        self.come_back()
        line = self.get_lines(OPERATION)
        self.assertEqual(
            (line.state, line.cause_id.code), ("blocked", "not_cancellable")
        )
        self.assertEqual(self.get_raw(order)["status_id"], 10)

    def test_a_kill_after_the_effect_cancels_once(self):
        order = self.cancel_in_odoo()
        self.request(order)
        send = self.registry[MODEL]._send

        def die(operation, client, lines):
            send(operation, client, lines)
            raise SystemExit

        self.patch(self.registry[MODEL], "_send", die)
        self.drain_until_killed()
        self.patch(self.registry[MODEL], "_send", send)
        self.assertEqual(self.get_lines(OPERATION).state, "sending")
        self.come_back()
        self.assertCancelledThere(order)
        self.assertEqual(len(self.get_effects()), 1)

    def test_a_cancellation_waits_for_the_end_of_observe_mode(self):
        self.instance.observe_mode = True
        order = self.cancel_in_odoo()
        self.request(order)
        self.drain()
        line = self.get_lines(OPERATION)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "read_only"))
        self.assertTrue(order.sale_order_id.bigcommerce_cancel_hint)
        self.instance.observe_mode = False
        self.drain()
        self.assertCancelledThere(order)

    def test_an_order_that_is_gone_there_is_blocked_and_says_so(self):
        order = self.cancel_in_odoo()
        self.request(order)
        self.store.delete(f"v2/orders/{order.bc_id}")
        self.drain()
        line = self.get_lines(OPERATION)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "not_found"))
        self.assertTrue(order.cancel_problem)

    def test_a_refusal_is_told_on_the_order(self):
        order = self.lose(status=422)
        line = self.get_lines(OPERATION)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "refused"))
        self.assertIn(line.message, order.sale_order_id.bigcommerce_cancel_hint)


@tagged("post_install", "-at_install")
class TestWhoMay(ExportCase):
    def test_a_salesman_of_own_orders_cancels_only_those(self):
        own = new_test_user(self.env, "own_orders", "sales_team.group_sale_salesman")
        other = self.cancel_in_odoo()
        other.sale_order_id.user_id = self.salesman
        with self.assertRaises(AccessError):
            other.sale_order_id.with_user(own).action_cancel_in_bigcommerce()
        other.sale_order_id.user_id = own
        self.request(other, user=own)
        self.drain()
        self.assertCancelledThere(other)

    def test_a_wizard_is_no_way_around(self):
        own = new_test_user(self.env, "own_orders", "sales_team.group_sale_salesman")
        order = self.cancel_in_odoo()
        order.sale_order_id.user_id = self.salesman
        with self.assertRaises(AccessError):
            wizard = (
                self.env["bigcommerce.cancel.order"]
                .with_user(own)
                .create({"sale_order_id": order.sale_order_id.id})
            )
            wizard.action_cancel_order()
        self.assertFalse(order.is_cancel_requested)

    def test_who_does_not_sell_cancels_nothing_there(self):
        keeper = new_test_user(self.env, "keeper", "stock.group_stock_user")
        order = self.cancel_in_odoo()
        with self.assertRaises(AccessError):
            order.sale_order_id.with_user(keeper).action_cancel_in_bigcommerce()

    def test_another_company_cancels_nothing_there(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = new_test_user(
            self.env,
            "elsewhere",
            "sales_team.group_sale_salesman_all_leads",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        order = self.cancel_in_odoo()
        with self.assertRaises(AccessError):
            order.sale_order_id.with_user(other).action_cancel_in_bigcommerce()

    def test_the_form_opens_for_plain_salesmen(self):
        order = self.cancel_in_odoo()
        form = Form(order.sale_order_id.with_user(self.salesman))
        self.assertTrue(form.bigcommerce_may_cancel)
        self.request(order)
        form = Form(order.sale_order_id.with_user(self.salesman))
        self.assertIn("being cancelled", form.bigcommerce_cancel_hint)

    def test_a_store_of_another_company_works_in_its_own(self):
        """Whoever asks works for several companies, the other one first."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        order = self.cancel_in_odoo()
        self.salesman.company_ids |= company
        sale_order = order.sale_order_id.with_user(self.salesman).with_context(
            allowed_company_ids=[company.id, self.instance.company_id.id]
        )
        sale_order._cancel_in_bigcommerce("Why not.", False)
        self.drain()
        self.assertCancelledThere(order)
