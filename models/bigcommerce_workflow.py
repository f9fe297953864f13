from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What a change of a workflow may cure.
CURED_CAUSES = ("no_payment_journal", "no_workflow_line", "workflow_step_refused")


class BigcommerceWorkflow(models.Model):
    """What is done with an order by itself, up to its payment."""

    _name = "bigcommerce.workflow"
    _description = "BigCommerce Workflow"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    confirm_order = fields.Boolean(
        default=True, help="Confirm the order, so that it is delivered."
    )
    create_invoice = fields.Boolean(
        help="Invoice the order as soon as it is confirmed, or what is invoiced by "
        "delivered quantities as soon as it is delivered."
    )
    validate_invoice = fields.Boolean(
        help="Validate the invoices that were created by the workflow."
    )
    register_payment = fields.Boolean(
        help="Register the payment of validated invoices. The workflow line decides "
        "for which gateways and payment statuses."
    )
    force_invoice_date = fields.Boolean(
        help="Date invoices and payments on the day, in the store's time zone, on "
        "which the order was placed."
    )
    picking_policy = fields.Selection(
        [
            ("direct", "As soon as possible"),
            ("one", "When all products are ready"),
        ],
        "Shipping Policy",
        required=True,
        default="direct",
    )
    sale_journal_id = fields.Many2one(
        "account.journal",
        "Sales Journal",
        check_company=True,
        domain=[("type", "=", "sale")],
        help="Empty: the company's first sales journal.",
    )
    payment_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain=[("type", "in", ("bank", "cash", "credit"))],
        help="Journal of the payments of the gateway.",
    )
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        "Payment Method",
        domain="[('journal_id', '=', payment_journal_id),"
        " ('payment_type', '=', 'inbound')]",
        help="Empty: the journal's first.",
    )
    line_ids = fields.One2many(
        "bigcommerce.workflow.line", "workflow_id", "Used For", readonly=True
    )

    @api.constrains(
        "confirm_order", "create_invoice", "validate_invoice", "register_payment"
    )
    def _check_steps(self):
        """What cannot be reached is not promised."""
        for workflow in self:
            if workflow.validate_invoice and not workflow.create_invoice:
                raise ValidationError(
                    self.env._(
                        "%s: only invoices that the workflow creates are validated. "
                        "Turn on “Create Invoice”.",
                        workflow.name,
                    )
                )

    @api.constrains("payment_journal_id", "payment_method_line_id")
    def _check_payment_method(self):
        for workflow in self:
            method = workflow.payment_method_line_id
            if method and (
                method.journal_id != workflow.payment_journal_id
                or method.payment_type != "inbound"
            ):
                raise ValidationError(
                    self.env._(
                        "%(workflow)s: “%(method)s” is no incoming payment method of "
                        "the payment journal.",
                        workflow=workflow.name,
                        method=method.display_name,
                    )
                )

    @api.onchange("payment_journal_id")
    def _onchange_payment_journal_id(self):
        if self.payment_method_line_id.journal_id != self.payment_journal_id:
            self.payment_method_line_id = False

    def write(self, vals):
        result = super().write(vals)
        for code in CURED_CAUSES:
            self.line_ids.instance_id._retry_cause(code)
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for workflow, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", workflow.name)
        return vals_list
