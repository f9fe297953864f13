from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain

from .notes import Notes
from .order_statuses import CALLED_OFF
from .problems import Blocked
from .total_guard import explain_difference


class BigcommerceProcessOrders(models.AbstractModel):
    """Take imported orders through their workflow: confirm, invoice, validate, pay.

    Each step looks whether it is due, so that it does not matter how often an order
    comes by, nor what a person has done with it meanwhile.
    """

    _name = "bigcommerce.process.orders"
    _inherit = "bigcommerce.order.operation"
    _description = "Process Orders"

    _code = "process_orders"
    _asks_store = False
    _priority = 30
    _interval = (1, "days")
    _batch_size = 50
    _choices = {"order_numbers": "ids"}

    @api.model
    def _get_label(self):
        return self.env._("Process Orders")

    # Discover

    @api.model
    def _get_domain(self):
        cancellations = self.env["bigcommerce.order.cancellations"]
        return self._get_may_go_on_domain() | cancellations._get_domain()

    @api.model
    def _get_due_domain(self):
        """Return of which orders a step may be due."""
        cancellations = self.env["bigcommerce.order.cancellations"]
        return (
            self._get_may_go_on_domain() & self._get_unfinished_domain()
        ) | cancellations._get_unsettled_domain()

    @api.model
    def _found(self, record):
        customer = record.sale_order_id.partner_invoice_id.commercial_partner_id
        # Posting counts a customer's invoices: two workers would wait for it.
        return super()._found(record)._replace(lane=f"customer {customer.id}")

    @api.model
    def _get_may_go_on_domain(self):
        """Held orders wait for a person, cancelled ones have come to their end."""
        return Domain("state", "=", "imported") & Domain(
            "sale_order_id.state", "in", ("draft", "sent", "sale")
        )

    @api.model
    def _is_called_off(self, record):
        """Return whether the store wants nothing to be done with an order any more.

        Who selects such a status for import wants it all the same. What is archived
        there is not begun; an order that was confirmed before goes on if the store has
        but put away what is done.
        """
        if record.is_deleted and not (
            record.sale_order_id.state == "sale"
            and self.env["bigcommerce.order.cancellations"]._is_put_away(record)
        ):
            return True
        selected = record.instance_id.order_status_ids
        return record.status_id.bc_id in CALLED_OFF and record.status_id not in selected

    @api.model
    def _get_unfinished(self, records):
        """Return those of ``records`` of which a step may be due."""
        return records.search(
            Domain("id", "in", records.ids) & self._get_unfinished_domain()
        )

    @api.model
    def _get_unfinished_domain(self):
        return (
            Domain("sale_order_id.state", "!=", "sale")
            | Domain("sale_order_id.invoice_status", "=", "to invoice")
            | Domain(
                "sale_order_id.order_line.invoice_lines.move_id",
                "any",
                Domain("state", "=", "draft")
                | Domain("state", "=", "posted")
                & Domain("payment_state", "in", ("not_paid", "partial"))
                & Domain("bigcommerce_refund_id", "=", False),
            )
        )

    # Apply

    @api.model
    def _apply(self, lines):
        self = self._as_batch()
        instance = lines.instance_id
        records = self.env["bigcommerce.order"]._find(instance, lines.mapped("key"))
        own = self.env["bigcommerce.order"].concat(*records.values())
        refused = self._follow_cancellations(own)
        due = self._select_due(own)
        workflow_lines = self.env["bigcommerce.workflow.line"]._find_lines(
            instance, due
        )
        workflows = {
            record.sale_order_id: workflow_lines[record.id].workflow_id
            for record in due
            if workflow_lines[record.id]
        }
        self._set_payment_terms(due, workflow_lines)
        moneyless = {
            record.sale_order_id
            for record in due
            if not workflow_lines[record.id]._may_pay(record.payment_status)
        }
        stopped = self._find_changed(due)
        for order in stopped:
            workflows.pop(order, None)
        stopped |= self._take_steps(workflows, moneyless)
        without_line = due.filtered(lambda record: not workflow_lines[record.id])
        stopped |= {
            record.sale_order_id: self._explain_missing_line(record)
            for record in without_line & self._get_unfinished(without_line)
        }
        stopped |= refused
        return {
            line: stopped.get(record.sale_order_id, record)
            for line in lines
            if (record := records.get(line.key))
        }

    @api.model
    def _as_batch(self):
        """Return the operation as it works on many orders in one transaction."""
        distributions = self.env["account.analytic.distribution.model"]
        return self.with_context(
            # What the steps do is no reason to start them again.
            bigcommerce_is_processing=True,
            bigcommerce_notes=Notes(),
            bigcommerce_has_no_distributions=not distributions.search_count(
                [], limit=1
            ),
        )

    @api.model
    def _follow_cancellations(self, records):
        """Cancel what the store has given up, and resume what it goes on with.

        :return: dict of sale order -> :class:`~.problems.Blocked`, of those that Odoo
            refuses to cancel or to resume
        """
        cancellations = self.env["bigcommerce.order.cancellations"]
        given_up = cancellations._find_given_up(records)
        taken_back = cancellations._find_taken_back(records)
        refused = {}
        for name, step, own in (
            (self.env._("Cancel Order"), cancellations._give_up, given_up),
            (self.env._("Resume Order"), cancellations._take_back, taken_back),
        ):
            by_order = {record.sale_order_id: record for record in own}
            refused |= self._try_step(name, step, by_order)
        return refused

    @api.model
    def _select_due(self, records):
        """Return the orders that may go on, what may hold them checked once more."""
        records = records.filtered_domain(self._get_may_go_on_domain())
        records = records.filtered(lambda record: not self._is_called_off(record))
        records._check_holds()
        return records.filtered(lambda record: record.state == "imported")

    @api.model
    def _set_payment_terms(self, records, workflow_lines):
        """Give quotations the terms of a line that was added after their import."""
        for record in records:
            order, term = (
                record.sale_order_id,
                workflow_lines[record.id].payment_term_id,
            )
            if term and not order.payment_term_id and order.state in ("draft", "sent"):
                order.payment_term_id = term

    @api.model
    def _find_changed(self, records):
        """Return the confirmed orders that are not worth what the store's are any more.

        What is still to be invoiced or paid of them is left to people.

        :return: dict of sale order -> :class:`~.problems.Blocked`
        """
        problems = {}
        for record in records:
            order = record.sale_order_id
            if order.state != "sale" or record.released_by_id:
                continue
            is_open = order.invoice_status == "to invoice" or any(
                order.invoice_ids.mapped("amount_residual")
            )
            if is_open and (difference := explain_difference(record, order)):
                problems[order] = Blocked("total_differs", difference)
        return problems

    @api.model
    def _explain_missing_line(self, record):
        return Blocked(
            "no_workflow_line",
            self.env._(
                "There is no workflow line for payment gateway “%(gateway)s” and "
                "payment status “%(status)s”.",
                gateway=record.payment_method or self.env._("none"),
                status=record.payment_status or self.env._("none"),
            ),
        )

    @api.model
    def _take_steps(self, workflows, moneyless):
        """Do for each order what its workflow says, as far as it gets.

        :param dict workflows: sale order -> workflow
        :param set moneyless: sale orders for which no payment is registered
        :return: dict of sale order -> :class:`~.problems.Blocked`, of those that
            have come to a stop
        """
        invoices = self.env["bigcommerce.order.invoices"]
        payments = self.env["bigcommerce.order.payments"]
        stopped = {}
        for name, step, excluded in (
            (self.env._("Confirm Order"), self._confirm, ()),
            (self.env._("Create Invoice"), invoices._create_due, ()),
            (self.env._("Validate Invoice"), invoices._validate_due, ()),
            (self.env._("Register Payment"), payments._register_certificates, ()),
            (self.env._("Register Payment"), payments._register_due, moneyless),
        ):
            going = {
                order: workflow
                for order, workflow in workflows.items()
                if order not in stopped and order not in excluded
            }
            stopped |= self._try_step(name, step, going)
        return stopped

    @api.model
    def _try_step(self, name, step, workflows):
        """Take a step with all orders at once; if Odoo refuses, with each by itself.

        What was done before stays done.

        :return: dict of sale order -> :class:`~.problems.Blocked`
        """
        if not workflows:
            return {}
        notes = self.env.context["bigcommerce_notes"]
        try:
            with self.env.cr.savepoint(), notes.collected(self.env):
                stopped = step(workflows)
                # What Odoo computes late is computed without notes, too.
                self.env.flush_all()
                return stopped
        except (UserError, RedirectWarning) as error:
            reason = error.args[0]
        if len(workflows) > 1:
            stopped = {}
            for order, workflow in workflows.items():
                stopped |= self._try_step(name, step, {order: workflow})
            return stopped
        problem = Blocked(
            "workflow_step_refused",
            self.env._("%(step)s: %(reason)s", step=name, reason=reason),
        )
        return dict.fromkeys(workflows, problem)

    @api.model
    def _confirm(self, workflows):
        orders = self.env["sale.order"].concat(
            *(
                order
                for order, workflow in workflows.items()
                if workflow.confirm_order and order.state in ("draft", "sent")
            )
        )
        for policy, own in orders.grouped(
            lambda order: workflows[order].picking_policy
        ).items():
            own.filtered(
                lambda order, policy=policy: order.picking_policy != policy
            ).picking_policy = policy
        if orders:
            orders.action_confirm()
        return {}

    # Fix

    @api.model
    def _prepare_fix_context(self, line):
        """Return the workflow line that is missing, but for its workflow."""
        record = self.env["bigcommerce.order"]._find(line.instance_id, [line.key])
        if line.cause_id.code != "no_workflow_line" or not record:
            return {}
        record = record[line.key]
        gateways = (
            self.env["bigcommerce.payment.gateway"]
            .sudo()
            ._find_or_create(line.instance_id, [record.payment_method])
        )
        status = self.env["bigcommerce.workflow.line"]._get_payment_status_key(
            record.payment_status
        )
        return {
            "default_instance_id": line.instance_id.id,
            "default_gateway_id": gateways[record.payment_method].id,
            "default_payment_status": status or "any",
        }
