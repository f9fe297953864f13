from odoo import api, fields, models
from odoo.exceptions import ValidationError

ANY = "any"
NONE = "none"
# No money was taken, or all was given back.
MONEYLESS = ("declined", "refunded", "void", "void pending")


class BigcommerceWorkflowLine(models.Model):
    """Which workflow and payment terms the orders of a store get."""

    _name = "bigcommerce.workflow.line"
    _description = "BigCommerce Workflow Line"
    _order = "instance_id, gateway_id, payment_status, id"
    _rec_name = "workflow_id"
    _check_company_auto = True

    instance_id = fields.Many2one(
        "bigcommerce.instance",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["bigcommerce.instance"]._find_only(),
    )
    company_id = fields.Many2one(
        related="instance_id.company_id", store=True, index=True
    )
    gateway_id = fields.Many2one(
        "bigcommerce.payment.gateway",
        "Payment Gateway",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        domain="[('instance_id', '=', instance_id)]",
        help="Empty: any. Gateways are listed once an order has named them.",
    )
    payment_status = fields.Selection(
        [
            (ANY, "Any"),
            ("authorized", "Authorized"),
            ("captured", "Captured"),
            ("capture pending", "Capture Pending"),
            ("declined", "Declined"),
            ("held for review", "Held for Review"),
            ("paid", "Paid"),
            ("partially refunded", "Partially Refunded"),
            ("pending", "Pending"),
            ("refunded", "Refunded"),
            ("void", "Void"),
            ("void pending", "Void Pending"),
            (NONE, "No Payment Status"),
        ],
        required=True,
        default=ANY,
        help="Payment status of the order in BigCommerce.",
    )
    workflow_id = fields.Many2one(
        "bigcommerce.workflow",
        "Marketplace Workflow",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        "Payment Terms",
        check_company=True,
        help="Set on the order when it is imported. Empty: the customer's.",
    )

    _gateway_status_unique = models.UniqueIndex(
        "(instance_id, COALESCE(gateway_id, 0), payment_status)",
        "There is a line for this gateway and payment status already.",
    )

    @api.constrains("instance_id", "gateway_id")
    def _check_gateway(self):
        for line in self.filtered("gateway_id"):
            if line.gateway_id.instance_id != line.instance_id:
                raise ValidationError(
                    self.env._(
                        "%(gateway)s is a gateway of another store than %(store)s.",
                        gateway=line.gateway_id.name,
                        store=line.instance_id.name,
                    )
                )
            if merged_into := line.gateway_id.merged_into_id:
                raise ValidationError(
                    self.env._(
                        "%(gateway)s was merged into %(target)s: choose that one.",
                        gateway=line.gateway_id.name,
                        target=merged_into.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.instance_id._retry_cause("no_workflow_line")
        return lines

    def write(self, vals):
        result = super().write(vals)
        # A form may give what one line was for to another that it adds.
        self.flush_recordset()
        self.instance_id._retry_cause("no_workflow_line")
        return result

    @api.model
    def _get_payment_status_key(self, text):
        """Return the key of BigCommerce's payment status, False if it is unknown."""
        status = " ".join((text or "").replace("_", " ").split()).casefold() or NONE
        known = dict(self._fields["payment_status"].selection)
        return status in known and status != ANY and status

    @api.model
    def _line_finder(self, instance):
        """Return a function of gateway and payment status that finds a line.

        An exact match wins over "any status", that over "any gateway", and that over
        "any" of both.
        """
        lines = {
            (line.gateway_id, line.payment_status): line
            for line in self.search(
                [("instance_id", "=", instance.id), ("workflow_id.active", "=", True)]
            )
        }
        no_gateway = self.env["bigcommerce.payment.gateway"]

        def find(gateway, status):
            matches = (
                lines.get((one, other))
                for one in dict.fromkeys([gateway, no_gateway])
                for other in (status, ANY)
            )
            return next(filter(None, matches), self.browse())

        return find

    @api.model
    def _find_lines(self, instance, orders):
        """Find the workflow lines of orders; gateways never seen before are made.

        :param orders: each with an ``id`` there, a ``payment_method`` and a
            ``payment_status`` in the store's words
        :return: dict of order id -> line, perhaps empty
        """
        orders = list(orders)
        gateways = self.env["bigcommerce.payment.gateway"]._find_or_create(
            instance, [order.payment_method for order in orders]
        )
        find = self._line_finder(instance)
        return {
            order.id: find(
                gateways[order.payment_method],
                self._get_payment_status_key(order.payment_status),
            )
            for order in orders
        }

    def _may_pay(self, payment_status):
        """Return whether the line lets an order of ``payment_status`` be paid.

        Without money only a line for just that status does.
        """
        return (
            self.payment_status != ANY
            or self._get_payment_status_key(payment_status) not in MONEYLESS
        )
