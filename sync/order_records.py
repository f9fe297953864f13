from odoo import api, models

from .values import to_odoo


class BigcommerceOrderRecords(models.AbstractModel):
    """What is kept of every order of the store, imported or not."""

    _name = "bigcommerce.order.records"
    _description = "BigCommerce Order Records"

    @api.model
    def _vals_finder(self, instance):
        """Return a function of a store's order that gives the values of its record."""

        def by_id(model):
            records = self.env[model].with_context(active_test=False)
            return {
                record.bc_id: record.id
                for record in records.search([("instance_id", "=", instance.id)])
            }

        statuses = by_id("bigcommerce.order.status")
        channels = by_id("bigcommerce.channel")
        currencies = {
            currency.name: currency.id
            for currency in self.env["res.currency"]
            .with_context(active_test=False)
            .search([])
        }

        def prepare_vals(order):
            billing = order.billing_address
            inclusive = order.is_tax_inclusive
            currency_code = order.currency_code or instance.currency_id.name
            return {
                "name": f"#{order.id}",
                "status_id": statuses.get(str(order.status_id), False),
                "status": order.custom_status or order.status,
                "payment_status": order.payment_status,
                "payment_method": order.payment_method,
                "channel_id": channels.get(order.channel_id, False),
                "customer_bc_id": order.customer_id,
                "customer_name": f"{billing.first_name} {billing.last_name}".strip()
                or billing.company,
                "customer_message": order.customer_message,
                "staff_notes": order.staff_notes,
                "date_created": to_odoo(order.date_created),
                "date_modified": to_odoo(order.date_modified),
                "currency_id": currencies.get(currency_code, False),
                "currency_code": currency_code,
                "is_tax_inclusive": inclusive,
                "amount_subtotal": float(order.subtotal.of(inclusive)),
                "amount_shipping": float(order.shipping.of(inclusive)),
                "amount_handling": float(order.handling.of(inclusive)),
                "amount_wrapping": float(order.wrapping.of(inclusive)),
                "amount_fees": float(
                    sum(fee.amount.of(inclusive) for fee in order.fees)
                ),
                "amount_discount": float(order.discount_amount + order.coupon_discount),
                "amount_gift_certificate": float(order.gift_certificate_amount),
                "amount_store_credit": float(order.store_credit_amount),
                "amount_untaxed": float(order.total.ex_tax),
                "amount_tax": float(order.total.tax),
                "amount_total": float(order.total.inc_tax),
            }

        return prepare_vals
