from decimal import Decimal

from odoo import api, models

from .order_parts import GOODS, PAYMENTS
from .order_plan import ZERO


class Unclear(Exception):
    """What a credit note says cannot be told by items; the argument says why."""


class BigcommerceRefundItems(models.AbstractModel):
    """What a store is asked to refund: items, as BigCommerce takes them (§4.5)."""

    _name = "bigcommerce.refund.items"
    _description = "BigCommerce: Items of Refunds"

    @api.model
    def _prepare_items(self, note, order, reason):
        """Return the items that a credit note is about.

        :param note: the account.move, of one order
        :param payloads.Order order: the store's order, as it is now
        :param str reason: what the store keeps with each item
        :raise Unclear: if its lines do not follow the order's
        """
        items = []
        lines = note.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.quantity
        )
        for line in lines:
            sold = line.sale_line_ids
            if len(sold) != 1 or not sold.bigcommerce_part:
                raise Unclear(
                    self.env._("“%s” is no line of the store's order.", line.name)
                )
            prepare = getattr(self, f"_prepare_{sold.bigcommerce_part}", None)
            if sold.bigcommerce_part in GOODS:
                prepare = self._prepare_goods
            if not prepare or sold.bigcommerce_part in PAYMENTS:
                raise Unclear(
                    self.env._("“%s” cannot be refunded by itself.", line.name)
                )
            items += prepare(line, sold, order)
        return [
            {**item, "item_id": int(item["item_id"]), "reason": reason}
            for item in self._join(items)
        ]

    @api.model
    def _join(self, items):
        """Return items such that each thing is named once."""
        joined = {}
        for item in items:
            key = item["item_type"], item["item_id"]
            if key not in joined:
                joined[key] = dict(item)
                continue
            name = "quantity" if "quantity" in item else "amount"
            joined[key][name] += item[name]
        return list(joined.values())

    @api.model
    def _prepare_order_item(self, order_id, amount, reason):
        """Return the item of an amount of the order as a whole, without tax."""
        return {
            "item_type": "ORDER",
            "item_id": int(order_id),
            "amount": amount,
            "reason": reason,
        }

    # By part of the order

    @api.model
    def _get_amount(self, line, order):
        """Return what a line is worth on the side on which the store enters prices."""
        amount = line.price_total if order.is_tax_inclusive else line.price_subtotal
        return Decimal(str(amount))

    @api.model
    def _prepare_goods(self, line, sold, order):
        quantity = line.product_uom_id._compute_quantity(
            line.quantity, sold.product_uom_id
        )
        if quantity != int(quantity) or quantity < 0:
            raise Unclear(
                self.env._("BigCommerce refunds whole pieces of “%s” only.", line.name)
            )
        field = "price_total" if order.is_tax_inclusive else "price_subtotal"
        whole = sold.product_uom_qty
        expected = sold[field] * quantity / whole if whole else 0
        # Each part of a line may be rounded up or down.
        if abs(expected - line[field]) > line.currency_id.rounding * 1.01:
            raise Unclear(
                self.env._("“%s” has another price than it was sold for.", sold.name)
            )
        return [
            {
                "item_type": "PRODUCT",
                "item_id": sold.bigcommerce_line_id,
                "quantity": int(quantity),
            }
        ]

    @api.model
    def _prepare_shipping(self, line, sold, order, kind="shipping"):
        address_id = sold.bigcommerce_address_id
        if not address_id:
            ids = [
                consignment.id
                for consignment in order.consignments
                if getattr(consignment, kind).of(order.is_tax_inclusive)
            ]
            if len(ids) != 1:
                raise Unclear(self.env._("“%s” goes to several addresses.", line.name))
            address_id = ids[0]
        return [
            {
                "item_type": kind.upper(),
                "item_id": address_id,
                "amount": self._get_amount(line, order),
            }
        ]

    @api.model
    def _prepare_handling(self, line, sold, order):
        return self._prepare_shipping(line, sold, order, "handling")

    @api.model
    def _prepare_fee(self, line, sold, order):
        name = (sold.name or "").split("\n")[0]
        fees = [fee for fee in order.fees if fee.name == name] or list(order.fees)
        if len(fees) > 1:
            whole = self._get_amount(sold, order)
            fees = [
                fee for fee in fees if fee.amount.of(order.is_tax_inclusive) == whole
            ]
        if not fees:
            raise Unclear(self.env._("BigCommerce has no fee “%s” any more.", name))
        amount = self._get_amount(line, order)
        return [{"item_type": "FEE", "item_id": fees[0].id, "amount": amount}]

    @api.model
    def _prepare_wrapping(self, line, sold, order):
        """Wrappings are refunded by their lines: all of them, or a person decides."""
        if self._get_amount(line, order) != self._get_amount(sold, order):
            raise Unclear(self.env._("Gift wrapping can only be refunded as a whole."))
        return [
            {
                "item_type": "GIFT_WRAPPING",
                "item_id": one.id,
                "quantity": int(one.quantity),
            }
            for one in order.lines
            if one.wrapping.of(order.is_tax_inclusive)
        ]

    # All that is left

    @api.model
    def _prepare_rest(self, order, refunds, reason):
        """Return the items of all that is left of an order.

        :param payloads.Order order: the store's order, as it is now
        :param list refunds: its payloads.Refund so far
        """
        done = {}
        for refund in refunds:
            for item in refund.items if not refund.is_declined else ():
                key = item.item_type, item.item_id
                done[key] = done.get(key, ZERO) + (item.quantity or item.amount)
        inclusive = order.is_tax_inclusive
        wholes = [
            ("PRODUCT", line.id, "quantity", line.quantity) for line in order.lines
        ]
        wholes += [
            ("GIFT_WRAPPING", line.id, "quantity", line.quantity)
            for line in order.lines
            if line.wrapping.of(inclusive)
        ]
        for consignment in order.consignments:
            if consignment.kind == "shipping":
                for kind in ("shipping", "handling"):
                    amount = getattr(consignment, kind).of(inclusive)
                    wholes.append((kind.upper(), consignment.id, "amount", amount))
        wholes += [
            ("FEE", fee.id, "amount", fee.amount.of(inclusive)) for fee in order.fees
        ]
        items = []
        for kind, item_id, name, whole in wholes:
            rest = whole - done.get((kind, item_id), ZERO)
            if rest > 0:
                items.append(
                    {
                        "item_type": kind,
                        "item_id": int(item_id),
                        name: int(rest) if name == "quantity" else rest,
                        "reason": reason,
                    }
                )
        return items
