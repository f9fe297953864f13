"""What the tests of workflows stand on."""

from odoo.fields import Command

from .common import TAXES, OrderCase

MUG = {"sku": "MUG-ENAMEL"}


class WorkflowCase(OrderCase):
    """A store whose orders all get one workflow: all steps, with a payment journal.

    The taxes of its orders are Odoo's, if a test does not say otherwise.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.create_journal("Gateway", "GATE")
        cls.workflow = cls.env["bigcommerce.workflow"].create(
            {
                "name": "Everything",
                "confirm_order": True,
                "create_invoice": True,
                "validate_invoice": True,
                "register_payment": True,
                "payment_journal_id": cls.journal.id,
            }
        )
        cls.line = cls.add_line(cls.workflow)

    @classmethod
    def create_journal(cls, name, code, **vals):
        """Return a journal of payments whose money waits on an account of its own."""
        account = cls.env["account.account"].create(
            {
                "name": f"{name}: Outstanding",
                "code": f"{code}.OUT",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        journal = cls.env["account.journal"].create(
            {"name": name, "code": code, "type": "bank", **vals}
        )
        journal.inbound_payment_method_line_ids.payment_account_id = account
        return journal

    @classmethod
    def add_line(cls, workflow, **vals):
        return cls.env["bigcommerce.workflow.line"].create(
            {"instance_id": cls.instance.id, "workflow_id": workflow.id, **vals}
        )

    def place_order(self, **cart):
        """Place an order in the store; return its id."""
        return self.store.place_order(**{"taxes": TAXES, **cart})

    def import_order(self, **cart):
        return super().import_order(**{"taxes": TAXES, **cart})

    def set_policy(self, policy, *skus):
        """Let products be invoiced by what is ordered, or by what is delivered."""
        self.env["product.product"].search(
            [("default_code", "in", skus)]
        ).invoice_policy = policy

    def deliver(self, sale_order, **quantities):
        """Deliver so much of each SKU (``_`` for ``-``), all of it if none is named."""
        picking = sale_order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        for move in picking.move_ids:
            sku = move.product_id.default_code.replace("-", "_")
            move.quantity = quantities.get(
                sku, 0 if quantities else move.product_uom_qty
            )
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")

    def process(self, *orders):
        """Start the workflow of orders again, and work until nothing is due."""
        ids = [order.bc_id for order in orders]
        return self.run_operation(self.instance, "process_orders", ids=ids)

    def get_line(self, order):
        """Return the queue line by which an order was processed last."""
        return self.get_lines("process_orders", key=order.bc_id)[:1]

    def assertStopped(self, order, cause):
        line = self.get_line(order)
        self.assertEqual((line.state, line.cause_id.code), ("blocked", cause))
        return line.message

    def assertDone(self, order):
        line = self.get_line(order)
        self.assertEqual(line.state, "done", line.traceback or line.message)

    def assertPaid(self, order):
        """All of the order is invoiced and paid, and nothing is open."""
        self.assertDone(order)
        invoices = order.sale_order_id.invoice_ids
        self.assertEqual(order.sale_order_id.invoice_status, "invoiced")
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertEqual(
            set(invoices.mapped("payment_state")) - {"paid", "in_payment", "reversed"},
            set(),
        )
        self.assertFalse(any(invoices.mapped("amount_residual")))

    def create_user(self, login, *groups):
        return self.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "group_ids": [
                    Command.set([self.env.ref(group).id for group in groups])
                ],
            }
        )
