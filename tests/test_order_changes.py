"""What people change of an order in the store is shown in Odoo."""

from odoo.tests import BaseCase, new_test_user, tagged

from ..client.payloads.order import Order
from ..sandbox.cart import Cart, Line, ZERO  # noqa: F401
from ..sandbox.checkout import check_out
from ..sync.order_changes import compare, get_moved, take_snapshot
from .common import OrderCase
from .delivery_case import HERE, THERE

MUG = {"sku": "MUG-ENAMEL"}
BOWL = {"sku": "BOWL-STONE"}
TAXES = [{"name": "Sales Tax", "rate": "15"}]


class ChangesCase(OrderCase):
    """A store whose people change orders that Odoo has taken over."""

    def import_order(self, **cart):
        return super().import_order(**{"taxes": TAXES, "billing": HERE, **cart})

    def get_line_id(self, order, number=1):
        return f"{order.bc_id}{number:02}"

    def edit(self, order, *, import_it=True, quantity=None, **change):
        """Change an order there; ``quantity`` is that of its first line."""
        if quantity is not None:
            change["lines"] = {self.get_line_id(order): {"quantity": quantity}}
        self.store.edit_order(order.bc_id, **change)
        if import_it:
            self.import_orders()

    def get_notes(self, order):
        messages = order.sale_order_id.message_ids
        return [message.body for message in messages if "BigCommerce" in message.body]


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

    def test_in_a_status_that_is_not_selected(self):
        order = self.import_order(lines=[MUG])
        self.assertNotIn("10", self.instance.order_status_ids.mapped("bc_id"))
        self.assertFollowed(order)

    def test_where_no_status_is_selected_any_more(self):
        order = self.import_order(lines=[MUG])
        self.instance.order_status_ids = False
        self.assertFollowed(order)

    def test_in_a_channel_that_is_no_longer_selected(self):
        order = self.import_order(lines=[MUG])
        self.instance.channel_ids = self.instance.channel_ids.search(
            [("bc_id", "=", "2"), ("instance_id", "=", self.instance.id)]
        )
        self.assertFollowed(order)

    def test_placed_before_orders_are_imported_from(self):
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

    def test_archived_there(self):
        order = self.import_order(lines=[MUG])
        self.store.patch(f"v2/orders/{order.bc_id}", is_deleted=True)
        self.assertFollowed(order)
        self.assertTrue(order.is_deleted)

    def test_cancelled_in_odoo(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id._action_cancel()
        self.assertFollowed(order)
        self.assertEqual(order.sale_order_id.state, "cancel")

    def test_locked_in_odoo(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id.action_confirm()
        order.sale_order_id.action_lock()
        self.assertFollowed(order)


@tagged("post_install", "-at_install")
class TestSnapshots(BaseCase):
    """The comparison itself, without Odoo."""

    def snap(self, has_lines=True, **cart):
        from ..sandbox.placing import SOMEONE

        lines = cart.pop("lines", (Line("Mug", ZERO + 10, 2, sku="MUG"),))
        record = check_out(Cart(118, SOMEONE, lines, **cart), "hash")
        raw = dict(record.body)
        if has_lines:
            raw |= {
                "products": record.parts["products"],
                "shipping_addresses": record.parts["shipping_addresses"],
            }
        return take_snapshot(Order.parse(raw))

    def test_an_order_is_as_it_is(self):
        self.assertFalse(compare(self.snap(), self.snap()))

    def test_what_happens_to_an_order_is_no_change(self):
        other = self.snap(status=10, payment_status="refunded", message="Hi", staff_notes="x")
        self.assertFalse(compare(self.snap(), other))

    def test_a_refund_is_no_change(self):
        self.assertFalse(compare(self.snap(), self.snap(status=4)))

    def test_an_order_without_its_lines_says_nothing_of_them(self):
        self.assertFalse(compare(self.snap(), self.snap(has_lines=False)))
        other = self.snap(has_lines=False, discount=ZERO + 1)
        self.assertEqual(
            compare(self.snap(), other).amounts["total"], ("20", "19")
        )

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
