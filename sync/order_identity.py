from odoo import api, fields, models

from .values import to_odoo


class BigcommerceOrderIdentity(models.AbstractModel):
    """What an imported order is called, and who looks after it."""

    _name = "bigcommerce.order.identity"
    _description = "BigCommerce Order Identity"

    @api.model
    def _identity_finder(self, instance, orders):
        """Return a function of an order that gives these values of its sale order.

        Orders of two stores may come to have the same name, which Odoo allows: which is
        which is told by the store's order that each belongs to.

        :param orders: the payloads.Order that may be asked for
        """
        names = self._get_names(instance, orders)

        def get_vals(order):
            vals = {"team_id": instance.team_id.id, "user_id": instance.user_id.id}
            if order.id in names:
                vals["name"] = names[order.id]
            return vals

        return get_vals

    @api.model
    def _get_names(self, instance, orders):
        """Return names by order id, of none if Odoo's sequence alone makes them."""
        prefix = instance.order_prefix or ""
        if instance.use_marketplace_sequence:
            return {order.id: f"{prefix}{order.id}" for order in orders}
        sequence = prefix and self._get_sequence(instance)
        if not sequence:
            return {}
        return {
            order.id: prefix
            + sequence.next_by_id(sequence_date=self._get_sequence_date(order))
            for order in orders
        }

    @api.model
    def _get_sequence(self, instance):
        """Return the sequence of sale orders that Odoo would take."""
        return self.env["ir.sequence"].search(
            [
                ("code", "=", "sale.order"),
                ("company_id", "in", [instance.company_id.id, False]),
            ],
            order="company_id",
            limit=1,
        )

    @api.model
    def _get_sequence_date(self, order):
        """Return the day of the order as Odoo reckons it for its sequence."""
        moment = to_odoo(order.date_created) or fields.Datetime.now()
        return fields.Datetime.context_timestamp(self, moment)
