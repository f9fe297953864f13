"""What the tests of orders that are changed in the store stand on."""

from ..sync.total_guard import explain_difference
from .common import TAXES
from .delivery_case import HERE, DeliveryCase

OPERATION = "apply_order_changes"


class ChangesCase(DeliveryCase):
    """A store whose people change orders that Odoo has taken over."""

    def import_order(self, **cart):
        return super().import_order(**{"taxes": TAXES, "billing": HERE, **cart})

    def get_line_id(self, order, number=1):
        """Return the store's id of a line, by its number in the order."""
        return f"{order.bc_id}{number:02}"

    def edit(self, order, *, quantity=None, **change):
        """Change an order there and import it.

        :param quantity: that of its first line
        """
        if quantity is not None:
            change["lines"] = {self.get_line_id(order): {"quantity": quantity}}
        self.store.edit_order(order.bc_id, **change)
        self.import_orders()

    def apply(self, order):
        """Apply what was changed there; return the queue line."""
        order.sale_order_id.action_apply_bigcommerce_changes()
        self.drain()
        return self.get_lines(OPERATION, key=order.bc_id)[:1]

    def get_notes(self, order, words):
        """Return the notes on the sale order that have these words, newest first."""
        bodies = order.sale_order_id.message_ids.mapped("body")
        return [str(body) for body in bodies if words in body]

    def get_quantities(self, order):
        """Return the quantities of what is sold, by SKU or part."""
        return {
            line.product_id.default_code
            if line.bigcommerce_part == "product"
            else line.bigcommerce_part: line.product_uom_qty
            for line in order.sale_order_id.order_line
        }

    def assertApplied(self, order):
        """The sale order is what the store says, and nothing is left to apply."""
        line = self.get_lines(OPERATION, key=order.bc_id)[:1]
        self.assertEqual(line.state, "done", line.traceback or line.message)
        self.assertFalse(order.changes or order.changed_snapshot)
        self.assertFalse(order.changes_problem)
        self.assertEqual(order.state, "imported", order.reason_message)
        self.assertEqual(explain_difference(order, order.sale_order_id), "")
        self.assertTrue(self.get_notes(order, "Taken over from BigCommerce"))

    def assertNotApplied(self, order, words):
        """Nothing was applied, for a reason that has these words."""
        line = self.get_lines(OPERATION, key=order.bc_id)[:1]
        self.assertEqual(line.state, "blocked", line.traceback or line.message)
        self.assertEqual(line.cause_id.code, "changes_not_applied")
        self.assertIn(words, line.message)
        self.assertEqual(order.changes_problem, line.message)
        self.assertTrue(order.changes)
