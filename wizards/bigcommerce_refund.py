from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..client.errors import InvalidRequest
from ..client.payloads.order import Order
from ..client.payloads.refund import Refund, RefundQuote
from ..sync.refund_items import Unclear
from ..sync.refund_methods import choose_method, name_method, prepare_payments
from ..sync.refund_reasons import get_reason


class BigcommerceRefund(models.TransientModel):
    """Ask a person whether BigCommerce's quote of a refund is what was meant.

    The quote is read before anything is written, ten seconds at most. What is agreed
    to is sent in the background.
    """

    _name = "bigcommerce.refund"
    _description = "Refund in BigCommerce"

    move_id = fields.Many2one(
        "account.move", "Credit Note", required=True, readonly=True
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    description = fields.Char(
        "Refund Description",
        size=900,
        help="BigCommerce keeps it with the refund.",
    )
    mode = fields.Selection(
        [
            ("items", "The lines of the credit note"),
            ("amount", "An amount of the order, without tax"),
        ],
        "Refund",
        required=True,
        default="items",
        help="An amount of the order changes nothing of what BigCommerce reports as "
        "tax, and leaves quantities and shipping refundable.",
    )
    quoted_mode = fields.Char(readonly=True)
    items_problem = fields.Text(readonly=True)
    quote_problem = fields.Text(readonly=True)
    unknown_refunds = fields.Text(readonly=True)
    request = fields.Json(readonly=True)
    note_total = fields.Monetary(
        related="move_id.amount_total", string="Credit Note's Total"
    )
    note_tax = fields.Monetary(related="move_id.amount_tax", string="Credit Note's Tax")
    quote_total = fields.Monetary("BigCommerce's Total", readonly=True)
    quote_tax = fields.Monetary("BigCommerce's Tax", readonly=True)
    difference = fields.Monetary(compute="_compute_difference")
    is_different = fields.Boolean(compute="_compute_difference")
    may_override = fields.Boolean(compute="_compute_difference")
    is_overridden = fields.Boolean(
        "Refund the Credit Note's Amounts",
        help="BigCommerce takes total and tax of the credit note, and does not "
        "calculate its own.",
    )
    method_ids = fields.One2many(
        "bigcommerce.refund.method", "wizard_id", readonly=True
    )
    method_id = fields.Many2one(
        "bigcommerce.refund.method",
        "Refund To",
        domain="[('wizard_id', '=', id)]",
        help="What is “Custom” BigCommerce only notes: give the money back yourself.",
    )
    may_submit = fields.Boolean(compute="_compute_may_submit")

    @api.depends(
        "quote_total", "quote_tax", "note_total", "note_tax", "mode", "method_id"
    )
    def _compute_difference(self):
        for wizard in self:
            difference = wizard.quote_total - wizard.note_total
            wizard.difference = difference
            compare = wizard.currency_id.compare_amounts
            # An amount of the order says nothing of its tax.
            is_different = bool(compare(difference, 0)) or (
                wizard.mode == "items"
                and bool(compare(wizard.quote_tax, wizard.note_tax))
            )
            wizard.is_different = is_different
            # What is split among several ways back cannot be changed by one amount.
            wizard.may_override = (
                is_different
                and wizard.mode == "items"
                and len(wizard.method_id.payments or []) == 1
            )

    @api.depends(
        "is_different",
        "may_override",
        "is_overridden",
        "method_id",
        "mode",
        "quoted_mode",
        "quote_problem",
    )
    def _compute_may_submit(self):
        for wizard in self:
            is_agreed = not wizard.is_different or (
                wizard.may_override and wizard.is_overridden
            )
            wizard.may_submit = (
                wizard.method_id
                and wizard.quoted_mode == wizard.mode
                and not wizard.quote_problem
                and is_agreed
            )

    def action_quote(self):
        """Ask BigCommerce again, for what is chosen now."""
        self.ensure_one()
        vals, methods = self._prepare_quote_vals(
            self.move_id, self.mode, self.description or ""
        )
        self.write({**vals, "is_overridden": False})
        return self._set_methods(methods)._reopen()

    def action_submit(self):
        """Have the refund sent as it is agreed to."""
        self.ensure_one()
        move = self.move_id
        move.check_access("write")
        if not (self.may_submit and move.bigcommerce_may_refund):
            raise UserError(
                self.env._(
                    "BigCommerce's quote and the credit note have to be equal, and a "
                    "way to refund has to be chosen. Nothing was sent."
                )
            )
        reason = get_reason(self.description or "", move._get_refund_reference())
        request = {
            "description": self.description or "",
            "items": [{**item, "reason": reason} for item in self.request["items"]],
            "method": self.method_id.payments,
            "total": self.quote_total,
            "tax": self.quote_tax,
        }
        if self.is_overridden and self.may_override:
            request["override"] = {
                "total_amount": self.note_total,
                "total_tax": self.note_tax,
            }
        move._schedule_refund(self._get_record(move), request)
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _create_quoted(self, move):
        """Return a wizard for a credit note, with BigCommerce's quote."""
        vals, methods = self._prepare_quote_vals(move, "items", "")
        return self.create({**vals, "move_id": move.id, "mode": "items"})._set_methods(
            methods
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refund in BigCommerce"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _get_record(self, move):
        """Return the bigcommerce.order of a credit note: not for its user to see."""
        return move.sudo()._get_refunded_orders().bigcommerce_order_ids[:1]

    @api.model
    def _prepare_quote_vals(self, move, mode, description):
        """Return what BigCommerce says of a refund, and the ways to give it back.

        :raise UserError: if BigCommerce cannot be asked
        """
        record = self._get_record(move)
        reason = get_reason(description, move._get_refund_reference())
        Items = self.env["bigcommerce.refund.items"]
        vals = {
            "quoted_mode": mode,
            "items_problem": False,
            "quote_problem": False,
            "quote_total": 0,
            "quote_tax": 0,
            "request": False,
        }
        with record.instance_id._ask_now() as client:
            raw_order = client.get_order(record.bc_id)
            refunds = map(Refund.parse, client.list_order_refunds(record.bc_id))
            vals["unknown_refunds"] = self._explain_unknown(record, list(refunds))
            if mode == "items":
                order = Order.parse(raw_order)
                try:
                    # Who keeps the books may not see the order of a colleague.
                    items = Items._prepare_items(move.sudo(), order, reason)
                except Unclear as problem:
                    # Nothing is quoted: a person has to choose the other mode.
                    return {
                        **vals,
                        "quoted_mode": False,
                        "items_problem": str(problem),
                    }, []
            else:
                amount = Decimal(str(move.amount_total))
                items = [Items._prepare_order_item(record.bc_id, amount, reason)]
            try:
                quote = RefundQuote.parse(
                    client.quote_order_refund(record.bc_id, {"items": items})
                )
            except InvalidRequest as problem:
                return {**vals, "quote_problem": str(problem)}, []
        return {
            **vals,
            "quote_total": float(quote.total),
            "quote_tax": float(quote.tax),
            "request": {"items": _as_json(items)},
        }, quote.methods

    @api.model
    def _explain_unknown(self, record, refunds):
        """Return what BigCommerce has refunded that no credit note tells of."""
        notes = (
            self.env["account.move"]
            .sudo()
            .search([("bigcommerce_refund_order_id", "=", record.id)])
        )
        known = set(notes.mapped("bigcommerce_refund_id"))
        return "\n".join(
            self.env._(
                "Refund %(id)s of %(amount)s: %(reason)s",
                id=refund.id,
                amount=record.currency_id.format(float(refund.total)),
                reason=refund.reason or self.env._("no reason given"),
            )
            for refund in refunds
            if refund.id not in known and not refund.is_declined
        )

    def _set_methods(self, methods):
        """Offer these ways to give money back, the best one chosen."""
        self.ensure_one()
        self.method_id = False
        self.method_ids.unlink()
        chosen = choose_method(methods)
        for method in methods:
            made = self.env["bigcommerce.refund.method"].create(
                {
                    "wizard_id": self.id,
                    "name": name_method(method, self.currency_id.format),
                    "payments": _as_json(prepare_payments(method)),
                }
            )
            if method is chosen:
                self.method_id = made
        return self


def _as_json(rows):
    """Return dicts with numbers that a Json field takes."""
    return [
        {
            name: float(value) if isinstance(value, Decimal) else value
            for name, value in row.items()
        }
        for row in rows
    ]
