import re

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import escape_psql

# An order number as people write it: 118, #118, Order 118, order no. 118.
NUMBER = re.compile(
    r"(?:order)?[ :]*(?:no\.?|number)?[ :]*#? ?0*([1-9]\d{0,9})",
    re.IGNORECASE | re.ASCII,
)


class BigcommerceOrderExplanation(models.TransientModel):
    """Say why an order of the store is or is not in Odoo."""

    _name = "bigcommerce.order.explanation"
    _description = "Why Is This Order Not Here?"

    instance_id = fields.Many2one(
        "bigcommerce.instance",
        "Store",
        required=True,
        default=lambda self: self.env["bigcommerce.instance"]._find_only(),
    )
    number = fields.Char(
        "Order Number",
        required=True,
        help="As BigCommerce shows it, or the name of the sales order in Odoo.",
    )

    answered_question = fields.Char(readonly=True)
    bc_id = fields.Char("Order Number There", readonly=True)
    verdict = fields.Selection(
        [
            ("imported", "In Odoo"),
            ("stopped", "In Odoo, Stopped"),
            ("called_off", "In Odoo, Called Off"),
            ("held", "In Odoo, Held"),
            ("cancelled_in_odoo", "Cancelled in Odoo"),
            ("waiting", "Waiting"),
            ("blocked", "Blocked"),
            ("failed", "Failed"),
            ("incomplete", "Incomplete"),
            ("archived", "Archived in BigCommerce"),
            ("status", "Status Not Selected"),
            ("channel", "Channel Not Selected"),
            ("too_old", "Before “Import Orders From”"),
            ("cancelled", "Cancelled in the Queue"),
            ("deleted", "Deleted in Odoo"),
            ("not_seen", "Not Yet Seen"),
            ("due", "Not Yet Imported"),
            ("unknown", "Not Known"),
            ("not_found", "Not in the Store"),
            ("other_store", "In Another Store"),
            ("bad_input", "No Order Number"),
        ],
        readonly=True,
    )
    title = fields.Char(readonly=True)
    reasons = fields.Html(readonly=True)
    advice = fields.Text(readonly=True)
    can_import = fields.Boolean(readonly=True)
    order_id = fields.Many2one("bigcommerce.order", readonly=True)
    sale_order_id = fields.Many2one(related="order_id.sale_order_id")
    queue_line_id = fields.Many2one("bigcommerce.queue.line", "In Queue", readonly=True)
    cause_id = fields.Many2one(related="queue_line_id.cause_id")
    other_order_id = fields.Many2one(
        "bigcommerce.order", "Order of Another Store", readonly=True
    )
    other_instance_id = fields.Many2one(related="other_order_id.instance_id")

    customer_name = fields.Char("Customer", readonly=True)
    status = fields.Char("Store Status", readonly=True)
    payment_status = fields.Char(readonly=True)
    channel = fields.Char(readonly=True)
    date_created = fields.Datetime("Placed On", readonly=True)
    admin_url = fields.Char("Open in BigCommerce", readonly=True)

    def action_explain(self):
        """Say why the order is or is not in Odoo. Nothing is written but that."""
        self.ensure_one()
        self.instance_id.check_access("read")
        self.write(
            {
                **self._prepare_answer_vals(),
                "answered_question": self._get_question(),
            }
        )
        return self._reopen()

    def action_explain_other(self):
        """Ask the same of the store that has such an order."""
        self.ensure_one()
        order = self.other_order_id
        self.write({"instance_id": order.instance_id.id, "number": order.bc_id})
        return self.action_explain()

    def action_import_now(self):
        """Import the order whatever the filters say, in the background."""
        self.ensure_one()
        if self.answered_question != self._get_question():
            # What is shown is about another order than the one just typed.
            return self.action_explain()
        self.instance_id.check_access("read")
        self.instance_id._start("import_orders", ids=[self.bc_id])
        # What the store says of it will be read by the run.
        evidence = self._gather_evidence(self.bc_id, ask=False)
        self.write(self._prepare_verdict_vals(evidence))
        return self._reopen()

    def action_fix(self):
        self.ensure_one()
        return self.queue_line_id.action_fix()

    def action_release(self):
        self.ensure_one()
        self.order_id.action_release()
        return self.action_explain()

    def action_view_sale_order(self):
        self.ensure_one()
        return self.order_id.action_view_sale_order()

    def _reopen(self):
        """Return the action that shows the answer."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why Is This Order Not Here?"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_question(self):
        return f"{self.instance_id.id} {self.number}"

    def _find_order(self):
        """Return what the person has typed: the id there, and the order if it is known.

        A number is the store's, whatever sales orders are called.
        """
        text = " ".join((self.number or "").split())
        if match := NUMBER.fullmatch(text):
            return match[1], None
        if order := self._find_by_sale_order(text):
            return order.bc_id, order
        instance = self.instance_id
        if instance.use_marketplace_sequence and instance.order_prefix:
            bare = text.removeprefix(instance.order_prefix.strip())
            if match := NUMBER.fullmatch(bare.strip()):
                return match[1], None
        return "", None

    def _find_by_sale_order(self, name):
        """Return the order whose sales order is called ``name``, of this store first.

        Users of the connector need not have access to Sales.
        """
        orders = (
            self.env["bigcommerce.order"]
            .sudo()
            .search(
                [
                    ("sale_order_id.name", "=ilike", escape_psql(name)),
                    ("company_id", "in", self.env.companies.ids),
                ]
            )
        )
        own = orders.filtered(lambda order: order.instance_id == self.instance_id)
        return (own or orders)[:1].sudo(False)

    def _find_elsewhere(self, bc_id):
        """Return the order that another store has under the same number."""
        return self.env["bigcommerce.order"].search(
            [("bc_id", "=", bc_id), ("instance_id", "!=", self.instance_id.id)], limit=1
        )

    # Answers

    def _prepare_answer_vals(self):
        bc_id, order = self._find_order()
        if order and order.instance_id != self.instance_id:
            return self._prepare_other_store_vals(order)
        if not bc_id:
            return self._prepare_bad_input_vals()
        evidence = self._gather_evidence(bc_id)
        vals = {
            **self._prepare_verdict_vals(evidence),
            **self._prepare_fact_vals(evidence.facts),
            "bc_id": bc_id,
            "order_id": evidence.record.id,
        }
        if vals["verdict"] in ("not_found", "unknown"):
            vals["other_order_id"] = self._find_elsewhere(bc_id).id
        return vals

    def _gather_evidence(self, bc_id, ask=True):
        return self.env["bigcommerce.order.evidence"]._gather(
            self.instance_id, bc_id, ask
        )

    def _prepare_verdict_vals(self, evidence):
        verdict = self.env["bigcommerce.order.verdict"]._judge(evidence)
        return {
            "verdict": verdict.code,
            "title": verdict.title,
            "reasons": self._prepare_list(verdict.reasons),
            "advice": verdict.advice,
            "can_import": verdict.can_import,
            "queue_line_id": verdict.line.id,
            "other_order_id": False,
        }

    def _prepare_fact_vals(self, order):
        """Return what is shown of an order, which need not be a saved record."""
        return {
            "customer_name": order.customer_name,
            "status": order.status,
            "payment_status": order.payment_status,
            "channel": order.channel_id.name,
            "date_created": order.date_created,
            "admin_url": order.admin_url,
        }

    def _prepare_unknown_vals(self):
        """Return the values of an answer that is about no order of this store."""
        return {
            **self._prepare_fact_vals(self.env["bigcommerce.order"]),
            "bc_id": False,
            "reasons": False,
            "can_import": False,
            "order_id": False,
            "queue_line_id": False,
            "other_order_id": False,
        }

    def _prepare_bad_input_vals(self):
        return {
            **self._prepare_unknown_vals(),
            "verdict": "bad_input",
            "title": self.env._("“%s” is not an order number.", self.number or ""),
            "advice": self.env._(
                "Enter the number as the store's control panel shows it, for instance "
                "118, or the name of the sales order in Odoo."
            ),
        }

    def _prepare_other_store_vals(self, order):
        return {
            **self._prepare_unknown_vals(),
            "verdict": "other_store",
            "title": self.env._(
                "%(name)s is order %(number)s of %(store)s.",
                name=self.number,
                number=order.name,
                store=order.instance_id.name,
            ),
            "advice": False,
            "other_order_id": order.id,
        }

    def _prepare_list(self, texts):
        if not texts:
            return False
        items = Markup("").join(Markup("<li>%s</li>") % text for text in texts)
        return Markup("<ul>%s</ul>") % items
