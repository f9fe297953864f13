from odoo import api, models

from .order_deliveries import get_fulfilment
from .values import to_odoo


class BigcommerceOrderRecords(models.AbstractModel):
    """What is kept of every order of the store, imported or not."""

    _name = "bigcommerce.order.records"
    _description = "BigCommerce Order Records"

    @api.model
    def _prepare_order_vals(self, instance, orders):
        """Return the values of the records of ``orders``, by order id."""
        codes = {order.id: self._get_currency_code(instance, order) for order in orders}
        currencies = {
            currency.name: currency
            for currency in self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "in", list(codes.values()))])
        }
        statuses = self.env["bigcommerce.order.status"]._find(
            instance, {order.status_id for order in orders}
        )
        channels = self.env["bigcommerce.channel"]._find(
            instance, {order.channel_id for order in orders}
        )

        def get_id(records, key):
            return key in records and records[key].id

        return {
            order.id: {
                **self._prepare_own_vals(order),
                **self._prepare_amount_vals(order),
                "status_id": get_id(statuses, order.status_id),
                "channel_id": get_id(channels, order.channel_id),
                "currency_id": get_id(currencies, codes[order.id]),
                "currency_code": codes[order.id],
                "stock_quantities": self._get_stock_quantities(order),
            }
            for order in orders
        }

    @api.model
    def _get_currency_code(self, instance, order):
        return order.currency_code or instance.currency_id.name

    @api.model
    def _prepare_own_vals(self, order):
        """Return what the order itself says, amounts aside."""
        billing = order.billing_address
        return {
            "name": f"#{order.id}",
            "status": order.custom_status or order.status,
            "is_deleted": order.is_deleted,
            "external_order_id": order.external_order_id,
            "payment_status": order.payment_status,
            "payment_method": order.payment_method,
            "payment_reference": order.payment_provider_id,
            "customer_bc_id": order.customer_id,
            "customer_name": f"{billing.first_name} {billing.last_name}".strip()
            or billing.company,
            "customer_message": order.customer_message,
            "staff_notes": order.staff_notes,
            "date_created": to_odoo(order.date_created),
            "date_modified": to_odoo(order.date_modified),
        }

    @api.model
    def _prepare_amount_vals(self, order):
        inclusive = order.is_tax_inclusive
        fees = sum(fee.amount.of(inclusive) for fee in order.fees)
        return {
            "is_tax_inclusive": inclusive,
            "amount_subtotal": float(order.subtotal.of(inclusive)),
            "amount_shipping": float(order.shipping.of(inclusive)),
            "amount_handling": float(order.handling.of(inclusive)),
            "amount_wrapping": float(order.wrapping.of(inclusive)),
            "amount_fees": float(fees),
            "amount_discount": float(order.discount_amount + order.coupon_discount),
            "amount_gift_certificate": float(order.gift_certificate_amount),
            "amount_store_credit": float(order.store_credit_amount),
            "amount_untaxed": float(order.total.ex_tax),
            "amount_tax": float(order.total.tax),
            "amount_total": float(order.total.inc_tax),
        }

    @api.model
    def _get_stock_quantities(self, order):
        """Return what of the order's goods takes stock.

        :return: dict of location there, "" for none -> variant there -> what was
            ordered, and what of it is still to be shipped
        """
        quantities = {}
        for consignment in order.consignments:
            variants = quantities.setdefault(consignment.location_id, {})
            for line in consignment.lines:
                if (
                    not line.variant_id
                    or get_fulfilment(consignment, line) == "digital"
                ):
                    continue
                ordered, rest = variants.get(line.variant_id, (0, 0))
                variants[line.variant_id] = [
                    ordered + float(line.quantity),
                    rest + float(max(line.quantity - line.quantity_shipped, 0)),
                ]
        return {
            location: variants for location, variants in quantities.items() if variants
        }
