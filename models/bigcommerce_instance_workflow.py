from odoo import fields, models


class BigcommerceInstance(models.Model):
    """What is done with the orders of a store."""

    _inherit = "bigcommerce.instance"

    workflow_line_ids = fields.One2many(
        "bigcommerce.workflow.line",
        "instance_id",
        "Financial Workflow",
        copy=False,
        help="What is done with an order, by its payment gateway and payment status.",
    )

    def action_process_orders(self):
        """Let all orders go on of which the workflows have a step to do."""
        return self._start_from_button("process_orders")
