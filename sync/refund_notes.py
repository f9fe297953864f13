from decimal import Decimal
from types import SimpleNamespace

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command

from ..client.payloads.refund import GIFT_CERTIFICATE, STORE_CREDIT
from .order_parts import PAYMENTS
from .order_plan import ZERO, PlannedLine
from .problems import Blocked
from .refund_plan import SoldLine, UnknownItem, get_amounts, plan_credit_lines
from .values import get_unit

# What gives something else than money -> the part of an order that it is.
PARTS_BY_PROVIDER = {GIFT_CERTIFICATE: "gift_certificate", STORE_CREDIT: "store_credit"}


class BigcommerceRefundNotes(models.AbstractModel):
    """Credit notes that say what a store has refunded."""

    _name = "bigcommerce.refund.notes"
    _description = "BigCommerce: Credit Notes of Refunds"

    @api.model
    def _create_note(self, record, refund, order=None):
        """Return the credit note of a refund: one, however many invoices it is about.

        It is validated where the order's workflow validates invoices, lowers what is
        due of them, and is paid where the workflow registers payments.

        :param record: the bigcommerce.order, imported and invoiced
        :param payloads.Refund refund: the refund, not declined
        :param payloads.Order order: the store's order, where it had to be read
        :raise Blocked: if it cannot be made; nothing of it is left then
        """
        workflow = self._find_workflow(record)
        try:
            with self.env.cr.savepoint():
                note = self._prepare_and_create(record, refund, order)
                if problem := self._explain_difference(record, refund, note):
                    raise Blocked("total_differs", problem)
                if workflow.validate_invoice:
                    note.action_post()
                    self.env["bigcommerce.order.invoices"]._deduct(note)
                words = self.env["bigcommerce.refund.payments"]._pay_back(
                    record, refund, note, workflow
                )
                self._note(record, refund, note, words)
                self.env.flush_all()
        except (UserError, RedirectWarning) as error:
            raise Blocked("workflow_step_refused", error.args[0]) from error
        return note

    @api.model
    def _find_workflow(self, record):
        """Return the workflow of an order, also of one whose status has no line.

        The refund itself has changed the payment status: that of before decides then.
        """
        Line = self.env["bigcommerce.workflow.line"]
        gateways = self.env["bigcommerce.payment.gateway"]._find_or_create(
            record.instance_id, [record.payment_method]
        )
        find = Line._line_finder(record.instance_id)
        gateway = gateways[record.payment_method]
        statuses = (
            Line._get_payment_status_key(record.payment_status),
            "captured",
            "paid",
        )
        lines = (find(gateway, status) for status in statuses)
        return next(filter(None, lines), Line).workflow_id

    # What the order says

    @api.model
    def _get_sold_lines(self, record):
        """Return the :class:`SoldLine` of an order, without what paid for it."""
        lines = record.sale_order_id.order_line.filtered(
            lambda line: not line.display_type and line.bigcommerce_part not in PAYMENTS
        )
        follows_store = record.tax_system != "odoo"
        return [
            SoldLine(
                part=line.bigcommerce_part or "",
                line_id=line.bigcommerce_line_id or "",
                address_id=line.bigcommerce_address_id or "",
                name=(line.name or "").split("\n")[0],
                quantity=_decimal(line.product_uom_qty),
                amount=self._get_amount(record, line),
                price_unit=_decimal(line.price_unit),
                taxes=tuple(self._get_taxes(line)) if follows_store else None,
                record=line,
            )
            for line in lines
        ]

    @api.model
    def _get_amount(self, record, line):
        """Return what a line is worth on the side on which its price is entered."""
        if record.tax_system == "odoo":
            amount = line.price_unit * line.product_uom_qty * (1 - line.discount / 100)
            return _decimal(line.currency_id.round(amount))
        return _decimal(
            line.price_total if record.is_tax_inclusive else line.price_subtotal
        )

    @api.model
    def _get_taxes(self, line):
        """Return pairs of a tax and its amount: the store's, or what Odoo computes."""
        taxes = line.tax_ids._flatten_taxes_and_sort_them()[0]
        if line._get_forced_quantity():
            amounts = line.extra_tax_data["manual_tax_amounts"]
            return [
                (tax, _decimal(amounts[str(tax.id)]["tax_amount_currency"]))
                for tax in taxes
            ]
        rates = {tax: abs(_decimal(tax.amount)) or ZERO for tax in taxes}
        whole = sum(rates.values(), ZERO)
        amount = _decimal(line.price_tax)
        return [
            (tax, amount * rates[tax] / whole if whole else amount / len(taxes))
            for tax in taxes
        ]

    # The credit note

    @api.model
    def _prepare_and_create(self, record, refund, order):
        unit = get_unit(record.sale_order_id.currency_id)
        sold_lines = self._get_sold_lines(record)
        try:
            lines = plan_credit_lines(
                refund, sold_lines, unit, record.is_tax_inclusive, order
            )
        except UnknownItem as error:
            item = error.args[0]
            raise Blocked(
                "refund_unknown_item",
                self.env._(
                    "%(order)s has no line for what was refunded: %(type)s %(id)s.",
                    order=record.sale_order_id.name,
                    type=item.item_type,
                    id=item.item_id,
                ),
            ) from error
        vals_list = [self._prepare_line_vals(record, line) for line in lines]
        vals_list += self._prepare_payment_line_vals(record, refund)
        invoices = self._get_invoices(record, lines)
        return self.env["account.move"].create(
            {
                **self._prepare_note_vals(record, refund, invoices),
                "invoice_line_ids": [Command.create(vals) for vals in vals_list],
            }
        )

    @api.model
    def _get_invoices(self, record, lines):
        """Return the posted invoices that a refund is about, all if it names none."""
        sold = record.sale_order_id.order_line.browse().concat(
            *(line.sold.record for line in lines if line.sold)
        )
        invoices = record._get_posted_invoices()
        return (
            invoices.filtered(lambda move: move.invoice_line_ids.sale_line_ids & sold)
            or invoices
        )

    @api.model
    def _prepare_note_vals(self, record, refund, invoices):
        first, order = invoices[0], record.sale_order_id
        moment = refund.created or fields.Datetime.now()
        day = fields.Datetime.context_timestamp(
            self, moment.replace(tzinfo=None)
        ).date()
        ref = self.env._(
            "Refund %(id)s of order %(order)s", id=refund.id, order=record.bc_id
        )
        if reason := refund.reason:
            ref = f"{ref}: {reason}"
        return {
            "move_type": "out_refund",
            "company_id": first.company_id.id,
            "journal_id": first.journal_id.id,
            "partner_id": first.partner_id.id,
            "partner_shipping_id": first.partner_shipping_id.id,
            "fiscal_position_id": first.fiscal_position_id.id,
            "currency_id": order.currency_id.id,
            "invoice_user_id": first.invoice_user_id.id,
            "team_id": first.team_id.id,
            "invoice_date": day,
            "invoice_payment_term_id": False,
            "invoice_origin": order.name,
            "ref": ref,
            # Odoo knows one.
            "reversed_entry_id": len(invoices) == 1 and first.id,
            "bigcommerce_refund_instance_id": record.instance_id.id,
            "bigcommerce_refund_order_id": record.id,
            "bigcommerce_refund_id": refund.id,
            "bigcommerce_refund_state": "done",
        }

    @api.model
    def _prepare_line_vals(self, record, line):
        """Return the values of a line: those of the invoice's, and its own amounts."""
        vals = {
            "quantity": float(line.quantity),
            "price_unit": float(line.price_unit),
            "discount": float(line.discount),
            **self._prepare_account_vals(record, line),
        }
        taxes = list(line.taxes)
        if record.tax_system == "odoo":
            if not line.sold:
                vals["tax_ids"] = [Command.clear()]
            return vals
        tax_ids = [tax.id for tax, _amount in taxes]
        if line.sold:
            tax_ids = line.sold.record.tax_ids.ids
        vals["tax_ids"] = [Command.set(tax_ids)]
        vals["extra_tax_data"] = self.env[
            "bigcommerce.order.taxes"
        ]._prepare_forced_tax(
            SimpleNamespace(id=record.bc_id, is_tax_inclusive=record.is_tax_inclusive),
            PlannedLine(
                part="",
                amount=line.amount,
                quantity=line.quantity,
                price_unit=line.price_unit,
                discount=line.discount,
            ),
            taxes,
            record.sale_order_id.currency_id,
        )
        return vals

    @api.model
    def _prepare_account_vals(self, record, line):
        """Return what a line is about: a line of an invoice, or the order itself."""
        if not line.sold:
            product = self.env[
                "bigcommerce.order.products"
            ]._find_or_create_part_product(record.instance_id, "refund")
            return {
                "product_id": product.id,
                "name": self.env._("Tax refunded")
                if line.is_tax
                else self.env._("Refund of the order"),
                "sale_line_ids": [Command.set(self._get_anchor(record).ids)],
            }
        sold = line.sold.record
        invoiced = sold.invoice_lines.filtered(
            lambda item: (
                item.parent_state == "posted"
                and item.move_id.move_type == "out_invoice"
            )
        )[:1]
        vals = {
            "product_id": sold.product_id.id,
            "product_uom_id": sold.product_uom_id.id,
            "name": sold.name,
            "tax_ids": [Command.set(sold.tax_ids.ids)],
            "sale_line_ids": [Command.set(sold.ids)],
        }
        if invoiced:
            vals["account_id"] = invoiced.account_id.id
            vals["analytic_distribution"] = invoiced.analytic_distribution
            vals["tax_ids"] = [Command.set(invoiced.tax_ids.ids)]
        return vals

    @api.model
    def _get_anchor(self, record):
        """Return the order line by which a note is one of the order's."""
        return record.sale_order_id.order_line.filtered("invoice_lines")[:1]

    @api.model
    def _prepare_payment_line_vals(self, record, refund):
        """Return what goes back as certificate or store credit, not as money.

        Where these are negative lines of orders they are so here: what the store owes
        to the customer is no claim of his on the company's money.
        """
        if record.are_certificates_payments:
            return []
        Products = self.env["bigcommerce.order.products"]
        anchor = self._get_anchor(record)
        vals_list = []
        for payment in refund.payments:
            part = PARTS_BY_PROVIDER.get(payment.provider_id)
            if payment.is_declined or not part:
                continue
            product = Products._find_or_create_part_product(record.instance_id, part)
            vals_list.append(
                {
                    "product_id": product.id,
                    "name": product.name,
                    "quantity": 1,
                    "price_unit": -float(payment.amount),
                    "tax_ids": [Command.clear()],
                    "sale_line_ids": [Command.set(anchor.ids)],
                }
            )
        return vals_list

    # Is it right

    @api.model
    def _explain_difference(self, record, refund, note):
        """Return why a note is not worth what the refund is, "" if it is."""
        currency = note.currency_id
        total, tax = map(float, get_amounts(refund, get_unit(currency)))
        others = note.invoice_line_ids.filtered(
            lambda line: line.price_total < 0 and not line.tax_ids
        )
        amounts = {
            "total": (total, note.amount_total - sum(others.mapped("price_total"))),
            "tax": (tax, note.amount_tax),
        }
        if record.released_by_id:
            # Its amounts are others, and a person has said that this is right.
            return ""
        if record.tax_system == "odoo":
            # What Odoo's taxes add to what the store has given back is its own.
            side = total if record.is_tax_inclusive else total - tax
            field = "price_total" if record.is_tax_inclusive else "price_subtotal"
            lines = note.invoice_line_ids - others
            if any(line.product_id and not line.tax_ids for line in lines):
                return ""
            amounts = {"total": (side, sum(lines.mapped(field)))}
        differing = [
            name for name, pair in amounts.items() if currency.compare_amounts(*pair)
        ]
        if not differing:
            return ""
        expected, actual = amounts[differing[0]]
        return self.env._(
            "The credit note would be worth %(actual)s, the refund is %(expected)s.",
            actual=currency.format(actual),
            expected=currency.format(expected),
        )

    @api.model
    def _note(self, record, refund, note, words):
        """Say on the credit note where it comes from, and what is left to do."""
        body = self.env._(
            "Refund %(refund)s of order %(order)s in %(store)s.",
            refund=refund.id,
            order=record.bc_id,
            store=record.instance_id.name,
        )
        words = list(words)
        total = float(refund.total)
        if note.currency_id.compare_amounts(note.amount_total, total):
            words.append(
                self.env._(
                    "The store has given back %(total)s; with Odoo's taxes, "
                    "certificates and store credit the credit note says %(amount)s.",
                    total=note.currency_id.format(total),
                    amount=note.currency_id.format(note.amount_total),
                )
            )
        note._message_log(body=" ".join([body, *words]))


def _decimal(amount):
    return Decimal(str(amount))
