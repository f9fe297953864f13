from odoo import fields, models

from ..sync.order_parts import PARTS
from ..sync.order_taxes import FORCED_TAX_PREFIX


class SaleOrderLine(models.Model):
    """Which part of a store's order a line is, and what its invoices are worth."""

    _inherit = "sale.order.line"

    bigcommerce_part = fields.Selection(
        PARTS,
        "Part of the BigCommerce Order",
        readonly=True,
        copy=False,
    )
    bigcommerce_line_id = fields.Char("BigCommerce Line ID", readonly=True, copy=False)
    bigcommerce_parent_line_id = fields.Char(
        "Part of BigCommerce Line ID",
        readonly=True,
        copy=False,
        help="The line of the store's order from whose pick list it was chosen.",
    )
    bigcommerce_address_id = fields.Char(
        "BigCommerce Address ID", readonly=True, copy=False
    )

    def _prepare_invoice_line(self, **optional_values):
        """Let an invoice of a part of a line bear its part of the line's amount.

        Odoo would round each part by itself, and drop the store's fixed amounts, so
        that the parts of a line would not sum to the whole.
        """
        vals = super()._prepare_invoice_line(**optional_values)
        quantity, whole = vals.get("quantity"), self.product_uom_qty
        invoiced, is_fixed = self.qty_invoiced, bool(self._get_forced_quantity())
        if (
            not (quantity and (is_fixed or self.bigcommerce_part))
            or (quantity == whole and not invoiced)
            or invoiced + quantity > whole
        ):
            return vals
        data, currency = is_fixed and self.extra_tax_data, self.currency_id

        def part(amount):
            # Each is the difference of two sums, so that all sum to the whole.
            until, before = (
                currency.round(amount * done / whole)
                for done in (invoiced + quantity, invoiced)
            )
            return currency.round(until - before)

        if self.discount < 100 and not (data and data["manual_tax_amounts"]):
            # Odoo fixes no amount of a line without taxes, and none where it computes
            # them itself: the price has to do it.
            rest = 1 - self.discount / 100
            amount = currency.round(self.price_unit * whole * rest)
            vals["price_unit"] = part(amount) / quantity / rest
        if data:
            excluded = part(data["manual_total_excluded_currency"])
            vals["extra_tax_data"] = {
                **data,
                "price_unit": vals["price_unit"],
                "quantity": quantity,
                "manual_total_excluded_currency": excluded,
                "manual_tax_amounts": {
                    tax_id: {name: part(amount) for name, amount in amounts.items()}
                    for tax_id, amounts in data["manual_tax_amounts"].items()
                },
            }
        return vals

    def _get_forced_quantity(self):
        """Return the quantity that the store's fixed amounts are for.

        0 if there are none, or if somebody has changed the line since, so that they do
        not hold any more.
        """
        data = self.extra_tax_data or {}
        if not (data.get("computation_key") or "").startswith(FORCED_TAX_PREFIX):
            return 0
        taxes = self.tax_ids._flatten_taxes_and_sort_them()[0]
        is_unchanged = (
            data["price_unit"] == self.price_unit
            and data["discount"] == self.discount
            and data["quantity"] == self.product_uom_qty
            and data["manual_tax_amounts"].keys() == {str(tax.id) for tax in taxes}
        )
        return data["quantity"] if is_unchanged else 0
