"""What people change of an order in the store is shown in Odoo."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, new_test_user, tagged

from ..client.payloads.order import Order
from ..sandbox.cart import ZERO, Cart, Line
from ..sandbox.checkout import check_out
from ..sandbox.placing import SOMEONE
from ..sync.order_changes import compare, get_moved, take_snapshot
from .changes_case import ChangesCase
from .delivery_case import BOWL, HERE, MUG, THERE


@tagged("post_install", "-at_install")
class TestFollowed(ChangesCase):
    """Status, payment and notes are the store's, whatever is selected for import."""

    CHANGE = {
        "status_id": 10,
        "status": "Completed",
        "custom_status": "All done",
        "payment_status": "refunded",
        "payment_method": "Bank Deposit",
        "payment_provider_id": "pay_new",
        "customer_message": "Ring twice.",
        "staff_notes": "Called on Monday.",
    }

    def assertFollowed(self, order):
        self.store.patch(f"v2/orders/{order.bc_id}", **self.CHANGE)
        self.import_orders()
        self.assertEqual(order.status_id.bc_id, "10")
        self.assertEqual(order.status, "All done")
        self.assertEqual(order.payment_status, "refunded")
        self.assertEqual(order.payment_method, "Bank Deposit")
        self.assertEqual(order.payment_reference, "pay_new")
        self.assertEqual(order.customer_message, "Ring twice.")
        self.assertEqual(order.staff_notes, "Called on Monday.")
        self.assertFalse(order.changes)

    def test_an_order_is_followed_in_a_status_that_is_not_selected(self):
        order = self.import_order(lines=[MUG])
        self.assertNotIn("10", self.instance.order_status_ids.mapped("bc_id"))
        self.assertFollowed(order)

    def test_an_order_is_followed_though_no_status_is_selected_any_more(self):
        order = self.import_order(lines=[MUG])
        self.instance.order_status_ids = False
        self.assertFollowed(order)

    def test_an_order_is_followed_in_a_channel_no_longer_selected(self):
        order = self.import_order(lines=[MUG])
        self.instance.channel_ids = self.instance.channel_ids.search(
            [("bc_id", "=", "2"), ("instance_id", "=", self.instance.id)]
        )
        self.assertFollowed(order)

    def test_an_order_from_before_is_followed(self):
        order = self.import_order(lines=[MUG], created="2026-01-05T10:00:00Z")
        self.import_orders()
        self.assertTrue(self.get_watermark())
        self.env.cr.execute(
            "UPDATE bigcommerce_instance SET import_orders_from = '2026-06-01'"
        )
        self.instance.invalidate_recordset()
        self.assertFollowed(order)

    def get_watermark(self):
        job = self.env["bigcommerce.automatic.job"]
        return job._get_job(self.instance, "import_orders").watermark

    def test_an_order_archived_there_is_followed(self):
        order = self.import_order(lines=[MUG])
        self.store.patch(f"v2/orders/{order.bc_id}", is_deleted=True)
        self.assertFollowed(order)
        self.assertTrue(order.is_deleted)

    def test_an_order_cancelled_in_odoo_is_followed(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id._action_cancel()
        self.assertFollowed(order)
        self.assertEqual(order.sale_order_id.state, "cancel")

    def test_an_order_locked_in_odoo_is_followed(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id.action_confirm()
        order.sale_order_id.action_lock()
        self.assertFollowed(order)


@tagged("post_install", "-at_install")
class TestSnapshots(BaseCase):
    """The comparison itself, without Odoo."""

    def snap(self, has_lines=True, **cart):
        lines = cart.pop("lines", (Line("Mug", ZERO + 10, 2, sku="MUG"),))
        record = check_out(Cart(118, SOMEONE, lines, **cart), "hash")
        raw = dict(record.body)
        if has_lines:
            raw |= {
                "products": record.parts["products"],
                "shipping_addresses": record.parts["shipping_addresses"],
            }
        return take_snapshot(Order.parse(raw))

    def test_an_order_does_not_differ_from_itself(self):
        self.assertFalse(compare(self.snap(), self.snap()))

    def test_what_happens_to_an_order_is_no_change(self):
        other = self.snap(
            status=10, payment_status="refunded", message="Hi", staff_notes="x"
        )
        self.assertFalse(compare(self.snap(), other))

    def test_a_refund_is_no_change(self):
        self.assertFalse(compare(self.snap(), self.snap(status=4)))

    def test_an_order_without_its_lines_says_nothing_of_them(self):
        self.assertFalse(compare(self.snap(), self.snap(has_lines=False)))
        other = self.snap(has_lines=False, discount=ZERO + 1)
        self.assertEqual(compare(self.snap(), other).amounts["total"], ("20", "19"))

    def test_what_a_later_release_looks_at_as_well_is_no_change(self):
        older = self.snap()
        del older["amounts"], older["consignments"]
        self.assertFalse(compare(older, self.snap()))

    def test_no_address_is_kept(self):
        self.assertNotIn("Shopper", str(self.snap()))
        self.assertNotIn("Main Street", str(self.snap()))

    def test_an_address_with_another_id_is_the_same(self):
        before, after = self.snap(), self.snap()
        [(_key, content)] = after["consignments"].items()
        after["consignments"] = {"77": content}
        self.assertEqual(get_moved(before, after), ("1180", "77"))
        self.assertFalse(compare(before, after))

    def test_numbers_are_equal_however_they_are_written(self):
        lines = (Line("Mug", ZERO + 10, 2, sku="MUG"),)
        self.assertEqual(self.snap(lines=lines)["lines"]["11801"]["quantity"], "2")
        self.assertEqual(self.snap(lines=lines)["lines"]["11801"]["amount"], "20")


@tagged("post_install", "-at_install")
class TestDifference(ChangesCase):
    def assertChanges(self, order, *lines):
        self.assertEqual((order.changes or "").split("\n"), list(lines))

    def test_an_order_that_nobody_changes_has_no_changes(self):
        order = self.import_order(lines=[MUG], shipping=["5"])
        self.assertTrue(order.snapshot)
        self.store.patch(f"v2/orders/{order.bc_id}", staff_notes="Hello")
        self.import_orders()
        self.assertFalse(order.changes)
        self.assertEqual(order.staff_notes, "Hello")

    def test_a_quantity_is_told_with_amount_and_total(self):
        order = self.import_order(lines=[{**MUG, "quantity": 2}], taxes=[])
        self.edit(order, quantity=3)
        self.assertChanges(
            order,
            "Line “Enamel mug” (MUG-ENAMEL): quantity 2 → 3, "
            "amount $\xa025.00 → $\xa037.50",
            "Total: $\xa025.00 → $\xa037.50",
        )

    def test_a_line_added_and_one_removed_are_told(self):
        order = self.import_order(lines=[MUG], taxes=[])
        self.edit(
            order,
            lines={self.get_line_id(order): None},
            add=[{**BOWL, "quantity": 2, "price": "9"}],
        )
        words = order.changes.split("\n")
        self.assertIn("Line “Enamel mug” (MUG-ENAMEL): removed", words)
        self.assertIn("(BOWL-STONE): added, 2 for $\xa018.00", order.changes)

    def test_a_changed_name_and_sku_are_told(self):
        order = self.import_order(lines=[MUG])
        line = {"name": "Blue Mug", "sku": "MUG-BLUE"}
        self.edit(order, lines={self.get_line_id(order): line})
        self.assertChanges(
            order,
            "Line “Enamel mug” (MUG-ENAMEL): name Enamel mug → Blue Mug, "
            "SKU MUG-ENAMEL → MUG-BLUE",
        )

    def test_a_changed_engraving_is_told(self):
        order = self.import_order(lines=[{**MUG, "texts": [["Engraving", "Bob"]]}])
        line = {"texts": [["Engraving", "Rob"]]}
        self.edit(order, lines={self.get_line_id(order): line})
        self.assertChanges(
            order,
            "Line “Enamel mug” (MUG-ENAMEL): other options or gift wrapping",
        )

    def test_changed_shipping_handling_fees_and_discount_are_told(self):
        order = self.import_order(lines=[MUG], taxes=[], shipping=["5"])
        self.edit(
            order,
            shipping=["7.50"],
            handling="1",
            fees=[["Protection", "2"]],
            discount="0.50",
        )
        self.assertChanges(
            order,
            "Line “Enamel mug” (MUG-ENAMEL): amount $\xa012.50 → $\xa012.00",
            "Shipping: $\xa05.00 → $\xa07.50",
            "Handling: $\xa00.00 → $\xa01.00",
            "Fees: $\xa00.00 → $\xa02.00",
            "Discounts: $\xa00.00 → $\xa00.50",
            "Total: $\xa017.50 → $\xa022.50",
        )

    def test_a_changed_shipping_address_is_told(self):
        order = self.import_order(lines=[MUG], addresses=[HERE])
        self.edit(order, addresses=[THERE])
        self.assertChanges(
            order,
            "Shipping address: Hanna Here, 1 Austin Road, Austin, Texas 78701, "
            "United States, hanna@example.com → Theo There, 1 Dallas Road, Dallas, "
            "Texas 78701, United States, theo@example.com",
        )

    def test_a_billing_address_with_another_street_is_told(self):
        order = self.import_order(lines=[MUG], addresses=[HERE])
        self.edit(order, billing={**HERE, "street_1": "9 Pier"})
        self.assertChanges(
            order,
            "Billing address: Hanna Here, 1 Austin Road, Austin, Texas 78701, "
            "United States → Hanna Here, 9 Pier, Austin, Texas 78701, United States",
        )

    def test_a_changed_shipping_method_is_told(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, shipping_method="Express")
        self.assertChanges(order, "Shipping method: Ground → Express")

    def test_a_further_address_is_told_as_added(self):
        order = self.import_order(lines=[MUG, BOWL], addresses=[HERE])
        self.edit(
            order,
            addresses=[HERE, THERE],
            lines={self.get_line_id(order, 2): {"address": 1}},
        )
        self.assertIn("Shipping address: added, Theo There, 1 Dallas", order.changes)

    def test_it_is_noted_in_the_chatter_once_escaped(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, lines={self.get_line_id(order): {"name": "<b>Mug</b>"}})
        self.store.patch(f"v2/orders/{order.bc_id}", staff_notes="Once more")
        self.import_orders()
        [note] = self.get_notes(order, "was changed")
        self.assertIn("&lt;b&gt;Mug", note)

    def test_changed_again_it_says_both(self):
        order = self.import_order(lines=[MUG], taxes=[])
        self.edit(order, quantity=2)
        self.edit(order, shipping=["4"])
        self.assertIn("quantity 1 → 2", order.changes)
        self.assertIn("Shipping: $\xa00.00 → $\xa04.00", order.changes)
        self.assertEqual(len(self.get_notes(order, "was changed")), 2)

    def test_changed_back_it_says_nothing(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, quantity=2)
        self.assertTrue(order.changes)
        self.edit(order, quantity=1)
        self.assertFalse(order.changes or order.changed_snapshot)
        self.assertEqual(len(self.get_notes(order, "undone")), 1)

    def test_an_import_of_what_is_not_changed_writes_nothing(self):
        changed = self.import_order(lines=[MUG])
        self.import_order(lines=[BOWL])
        self.edit(changed, quantity=2)
        records = self.env["bigcommerce.order"].search([])
        before = records.mapped("write_date")
        self.env.cr.execute("SELECT xmin::text FROM bigcommerce_order ORDER BY id")
        versions = self.env.cr.fetchall()
        self.instance.automatic_job_ids.watermark = False
        self.import_orders()
        self.env.cr.execute("SELECT xmin::text FROM bigcommerce_order ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), versions)
        self.assertEqual(records.mapped("write_date"), before)

    def test_an_order_from_before_gets_its_snapshot_without_a_difference(self):
        order = self.import_order(lines=[MUG])
        order.snapshot = False
        self.instance.automatic_job_ids.watermark = False
        self.import_orders()
        self.assertTrue(order.snapshot)
        order.snapshot = False
        self.edit(order, quantity=2)
        self.assertTrue(order.snapshot)
        self.assertFalse(order.changes)
        self.edit(order, quantity=3)
        self.assertIn("quantity 2 → 3", order.changes)

    def test_an_order_that_is_not_imported_has_none(self):
        order = self.import_order(lines=[MUG], status=7)
        self.edit(order, quantity=2)
        self.assertFalse(order.snapshot or order.changes)

    def test_an_order_deleted_in_odoo_has_none_any_more(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, quantity=2)
        order.sale_order_id.unlink()
        self.assertFalse(order.changes or order.changed_snapshot)

    def test_it_is_found_by_a_filter(self):
        order = self.import_order(lines=[MUG])
        other = self.import_order(lines=[MUG])
        self.edit(order, quantity=2)
        found = self.env["sale.order"].search(
            [("bigcommerce_order_ids.changes", "!=", False)]
        )
        self.assertIn(order.sale_order_id, found)
        self.assertNotIn(other.sale_order_id, found)

    def test_what_the_connector_writes_there_is_no_change(self):
        self.instance.export_order_number = True
        order = self.import_order(lines=[MUG])
        self.drain()
        self.import_orders()
        self.assertTrue(order.external_order_id)
        self.assertFalse(order.changes)


@tagged("post_install", "-at_install")
class TestIgnore(ChangesCase):
    def setUp(self):
        super().setUp()
        self.order = self.import_order(lines=[MUG])
        self.edit(self.order, quantity=2)

    def test_the_order_stays_as_it_is_and_leaves_a_trace(self):
        self.order.sale_order_id.action_ignore_bigcommerce_changes()
        self.assertFalse(self.order.changes or self.order.changed_snapshot)
        self.assertEqual(self.order.sale_order_id.order_line.product_uom_qty, 1)
        [note] = self.get_notes(self.order, "ignored")
        self.assertIn("quantity 1 → 2", note)

    def test_the_next_import_does_not_say_it_again(self):
        self.order.sale_order_id.action_ignore_bigcommerce_changes()
        self.instance.automatic_job_ids.watermark = False
        self.import_orders()
        self.assertFalse(self.order.changes)

    def test_the_next_change_is_one_to_what_was_ignored(self):
        self.order.sale_order_id.action_ignore_bigcommerce_changes()
        self.edit(self.order, quantity=3)
        self.assertIn("quantity 2 → 3", self.order.changes)

    def test_it_is_ignored_from_the_store_s_order_as_well(self):
        self.order.action_ignore_changes()
        self.assertFalse(self.order.changes)

    def test_what_is_ignored_cannot_be_ignored_again(self):
        self.order.sale_order_id.action_ignore_bigcommerce_changes()
        with self.assertRaises(UserError):
            self.order.sale_order_id.action_ignore_bigcommerce_changes()

    def test_what_could_not_be_applied_does_not_wait_any_more(self):
        self.order.sale_order_id.action_lock()
        self.order.sale_order_id.action_apply_bigcommerce_changes()
        self.drain()
        line = self.get_lines("apply_order_changes")
        self.assertEqual(line.state, "blocked")
        self.order.sale_order_id.action_ignore_bigcommerce_changes()
        self.assertEqual(line.state, "cancelled")
        self.assertFalse(self.order.changes_problem)


@tagged("post_install", "-at_install")
class TestAccess(ChangesCase):
    def setUp(self):
        super().setUp()
        self.order = self.import_order(lines=[MUG])
        self.edit(self.order, quantity=2)
        self.user = new_test_user(
            self.env, "seller", groups="sales_team.group_sale_salesman"
        )
        self.order.sale_order_id.user_id = self.user
        self.sale_order = self.order.sale_order_id.with_user(self.user)

    def test_a_salesman_sees_and_applies_the_changes_of_their_order(self):
        self.assertIn("quantity 1 → 2", self.sale_order.bigcommerce_changes)
        self.assertFalse(self.sale_order.bigcommerce_changes_obstacle)
        action = self.sale_order.action_apply_bigcommerce_changes()
        self.assertEqual(action["tag"], "display_notification")
        self.drain()
        self.assertEqual(self.order.sale_order_id.order_line.product_uom_qty, 2)
        self.assertFalse(self.sale_order.bigcommerce_changes)

    def test_who_keeps_the_stock_applies_and_ignores_none(self):
        keeper = new_test_user(self.env, "stock", groups="stock.group_stock_user")
        sale_order = self.order.sale_order_id.with_user(keeper)
        with self.assertRaises(AccessError):
            sale_order.action_apply_bigcommerce_changes()
        with self.assertRaises(AccessError):
            sale_order.action_ignore_bigcommerce_changes()

    def test_a_salesman_ignores_them(self):
        self.sale_order.action_ignore_bigcommerce_changes()
        self.assertFalse(self.order.changes)
        note = self.order.sale_order_id.message_ids[0]
        self.assertEqual(note.author_id, self.user.partner_id)

    def test_a_salesman_reads_a_difference_but_applies_none_of_others(self):
        other = new_test_user(
            self.env, "other", groups="sales_team.group_sale_salesman"
        )
        order = self.order.with_user(other)
        self.assertTrue(order.changes)
        for action in ("action_apply_changes", "action_ignore_changes"):
            with self.assertRaises(AccessError):
                getattr(order, action)()
        with self.assertRaises(AccessError):
            order.sale_order_id.with_user(other).action_apply_bigcommerce_changes()

    def test_somebody_without_sales_changes_nothing(self):
        user = new_test_user(self.env, "clerk", groups="base.group_user")
        order = self.order.sale_order_id.with_user(user)
        for action in (
            "action_apply_bigcommerce_changes",
            "action_ignore_bigcommerce_changes",
        ):
            with self.assertRaises(AccessError):
                getattr(order, action)()

    def test_a_connector_user_without_sales_applies_them(self):
        user = new_test_user(
            self.env, "keeper", groups="bigcommerce_connector.bigcommerce_group_user"
        )
        self.order.with_user(user).action_apply_changes()
        self.drain()
        self.assertFalse(self.order.changes)

    def test_customers_do_not_read_them(self):
        portal = new_test_user(self.env, "portal", groups="base.group_portal")
        order = self.order.sale_order_id
        order.message_subscribe(portal.partner_id.ids)
        with self.assertRaises(AccessError):
            order.with_user(portal).read(["bigcommerce_changes"])

    def test_a_store_that_is_closed_says_so(self):
        self.instance.active = False
        with self.assertRaises(UserError):
            self.sale_order.action_apply_bigcommerce_changes()
