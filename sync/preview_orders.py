from odoo import api, models
from odoo.tools import format_list

from .order_evidence import Evidence

# The steps of a workflow, in their order.
STEPS = ("confirm_order", "create_invoice", "validate_invoice", "register_payment")


class BigcommercePreviewOrders(models.AbstractModel):
    """What an import of orders would do with each of them."""

    _name = "bigcommerce.preview.orders"
    _inherit = "bigcommerce.preview.report"
    _description = "BigCommerce Preview of Orders"

    _operation = "import_orders"
    _model = "bigcommerce.order"
    _told_fields = (
        "status",
        "payment_status",
        "payment_method",
        "is_deleted",
        "amount_total",
    )
    _noted_fields = ("state", "changes")
    _made_models = ("res.partner", "bigcommerce.payment.gateway")

    @api.model
    def _prepare_vals_list(self, instance, items, lines, former):
        keys = [item.key for item in items]
        records = self.env["bigcommerce.order"]._find(instance, keys)
        imported = self.env["bigcommerce.order"].concat(
            *(record for record in records.values() if record.sale_order_id)
        )
        workflow_lines = self.env["bigcommerce.workflow.line"]._find_lines(
            instance, imported
        )
        waiting = self._find_waiting(instance, set(keys) - lines.keys())
        vals_list = []
        for item in items:
            record = records.get(item.key, self.env["bigcommerce.order"])
            if item.key in lines and lines[item.key].state != "done":
                verdict = self._judge_stopped(lines[item.key])
            elif item.key in lines:
                workflow_line = workflow_lines[record.id]
                verdict = self._judge_created(record, workflow_line, former)
            elif record.sale_order_id:
                verdict = self._judge_imported(record, former)
            elif item.key in waiting:
                verdict = self._judge_waiting(waiting[item.key])
            else:
                verdict = self._judge_skipped(record)
            vals_list.append(
                {
                    "name": item.name,
                    **self._prepare_fact_vals(record, former),
                    **verdict,
                }
            )
        return vals_list

    @api.model
    def _prepare_fact_vals(self, record, former):
        if not record:
            return {}
        vals = {
            "name": record.name,
            "date": record.date_created,
            "customer_name": record.customer_name,
            "status": record.status,
            "currency_id": record.currency_id.id,
            "store_total": record.amount_total,
            "order_id": record.bc_id in former.digests and record.id,
        }
        if order := record.sale_order_id:
            partner = order.partner_id
            due = record.amount_total - record._get_deduction()
            vals |= {
                "partner_id": not former.is_new(partner) and partner.id,
                "odoo_total": order.amount_total,
                "difference": order.currency_id.round(order.amount_total - due),
            }
        return vals

    @api.model
    def _judge_created(self, record, workflow_line, former):
        is_held = record.state == "held"
        words = []
        if is_held:
            words.append(self._explain_hold(record))
        if former.is_new(record.sale_order_id.partner_id):
            words.append(self.env._("The customer becomes a new contact."))
        return {
            "verdict": "held" if is_held else "create",
            "reason": self._join(words),
            **self._prepare_workflow_vals(record, workflow_line, former),
        }

    @api.model
    def _judge_imported(self, record, former):
        is_held = record.state == "held"
        hold = self._explain_hold(record) if is_held else ""
        if record.payload_digest == former.digests[record.bc_id]:
            return {"verdict": "unchanged", "reason": hold}
        before, after = former.facts[record.bc_id], self._get_facts(record)
        is_held = is_held and before["state"] != after["state"]
        words = [hold, *self._explain_changes(record, former)]
        if before["changes"] != after["changes"]:
            words.append(record.changes)
        return {
            "verdict": "held" if is_held else "update",
            "reason": self._join(words),
        }

    @api.model
    def _judge_skipped(self, record):
        """Return why the import passes over an order: all that speaks against it."""
        no_line = self.env["bigcommerce.queue.line"]
        evidence = Evidence(
            record.instance_id,
            record.bc_id,
            record,
            line=no_line,
            run=self.env["bigcommerce.queue.job"],
            workflow_line=no_line,
            # It is what the store has just said.
            facts=record,
        )
        evidence.codes = self.env["bigcommerce.order.evidence"]._get_codes(evidence)
        judge = self.env["bigcommerce.order.verdict"]
        return {
            "verdict": "skipped",
            "reason": self._join(judge._judge_passed_over(evidence).reasons),
        }

    @api.model
    def _explain_hold(self, record):
        label = self.env["bigcommerce.order.verdict"]._get_label(record)
        return f"{label}: {record.reason_message}"

    # Workflow

    @api.model
    def _prepare_workflow_vals(self, record, workflow_line, former):
        """Return what the workflow of an order just imported would do."""
        process = self.env["bigcommerce.process.orders"]
        if process._is_called_off(record):
            return {"workflow": self.env._("None: the store has called it off")}
        if workflow_line:
            return {"workflow": self._get_steps(record, workflow_line)}
        problem = process._explain_missing_line(record)
        cause = self.env["bigcommerce.cause"]._get(problem.cause)
        return {
            "workflow": problem.message,
            "cause_id": cause.id,
            "fix_context": self._prepare_fix_context(record, cause, former),
        }

    @api.model
    def _get_steps(self, record, workflow_line):
        workflow = workflow_line.workflow_id
        steps = [
            workflow._fields[step].get_description(self.env)["string"]
            for step in STEPS
            if workflow[step]
            and (
                step != "register_payment"
                or workflow_line._may_pay(record.payment_status)
            )
        ]
        if not steps:
            return self.env._("%s: nothing by itself", workflow.name)
        return f"{workflow.name}: {format_list(self.env, steps)}"

    @api.model
    def _prepare_fix_context(self, record, cause, former):
        """Return what is known of the workflow line that is missing."""
        line = self.env["bigcommerce.queue.line"].new(
            {
                "instance_id": record.instance_id.id,
                "operation": "process_orders",
                "key": record.bc_id,
                "cause_id": cause.id,
            }
        )
        context = self.env["bigcommerce.process.orders"]._prepare_fix_context(line)
        gateway = self.env["bigcommerce.payment.gateway"].browse(
            context.get("default_gateway_id")
        )
        if former.is_new(gateway):
            # It is listed once the order has been imported.
            del context["default_gateway_id"]
        return context
