from odoo import api, models


class SaleOrderLine(models.Model):
    """What the store has refunded is not to be invoiced again.

    To Odoo a credit note of an order takes its invoice back. One that says what
    BigCommerce has refunded takes nothing back: the order stays invoiced.
    """

    _inherit = "sale.order.line"

    @api.depends("invoice_lines.move_id.bigcommerce_refund_id")
    def _compute_qty_invoiced(self):
        return super()._compute_qty_invoiced()

    @api.depends("invoice_lines.move_id.bigcommerce_refund_id")
    def _compute_qty_invoiced_posted(self):
        return super()._compute_qty_invoiced_posted()

    @api.depends("invoice_lines.move_id.bigcommerce_refund_id")
    def _compute_untaxed_amount_invoiced(self):
        return super()._compute_untaxed_amount_invoiced()

    @api.depends("invoice_lines.move_id.bigcommerce_refund_id")
    def _compute_amount_invoiced(self):
        return super()._compute_amount_invoiced()

    def _compute_qty_to_invoice(self):
        """Do not ask for a credit note for what came back and is refunded already."""
        result = super()._compute_qty_to_invoice()
        for line in self:
            if line.state != "sale" or line.product_id.invoice_policy != "delivery":
                continue
            if refunded := line._get_refunded_quantity():
                line.qty_to_invoice += min(refunded, line._get_returned_quantity())
        return result

    def _get_invoice_lines(self):
        return (
            super()
            ._get_invoice_lines()
            .filtered(lambda item: not item.move_id.bigcommerce_refund_id)
        )

    def _get_refunded_quantity(self):
        """Return how much of the line the store has refunded, in its unit."""
        self.ensure_one()
        return sum(
            item.product_uom_id._compute_quantity(item.quantity, self.product_uom_id)
            for item in self.invoice_lines
            if item.move_id.bigcommerce_refund_id
            and item.parent_state != "cancel"
            and item.product_id == self.product_id
        )

    def _get_returned_quantity(self):
        """Return how much of the line was delivered and came back, in its unit."""
        self.ensure_one()
        _outgoing, incoming = self._get_outgoing_incoming_moves()
        return sum(
            move.product_uom._compute_quantity(move.quantity, self.product_uom_id)
            for move in incoming
            if move.state == "done"
        )
