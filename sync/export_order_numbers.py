from odoo import api, models

from ..client.payloads.order import Order
from .operation import Found, FoundPage


class BigcommerceExportOrderNumbers(models.AbstractModel):
    """Write the number of the Odoo order to the store's order, where it has none."""

    _name = "bigcommerce.export.order.numbers"
    _inherit = "bigcommerce.operation"
    _description = "Export Order Numbers"

    _code = "export_order_numbers"
    _direction = "export"
    _priority = 60

    @api.model
    def _get_label(self):
        return self.env._("Export Order Numbers")

    @api.model
    def _discover(self, client, instance, options, resume):
        domain = [
            ("instance_id", "=", instance.id),
            ("sale_order_id", "!=", False),
            ("external_order_id", "=", False),
        ]
        if "ids" in options:
            domain.append(("bc_id", "in", options["ids"]))
        for orders, after in self._iterate_records("bigcommerce.order", domain, resume):
            yield FoundPage(
                [
                    Found(order.bc_id, order.name, {"id": order.bc_id})
                    for order in orders
                ],
                after,
            )

    @api.model
    def _send(self, client, lines):
        results = self._look(client, lines)
        orders = self._get_orders(lines)
        for line in lines.filtered(lambda line: line not in results):
            order = orders.get(line.key)
            if not (order and order.sale_order_id):
                # It has been deleted in Odoo: there is no number to write.
                results[line] = {}
                continue
            number = order.sale_order_id.name
            client.update_order(order.bc_id, {"external_order_id": number})
            results[line] = {"external_order_id": number}
        return results

    @api.model
    def _look(self, client, lines):
        """Return the numbers that are there, also those of other systems."""
        results = {}
        for line in lines:
            found = Order.parse(client.get_order(line.key)).external_order_id
            if found:
                results[line] = {"external_order_id": found}
        return results

    @api.model
    def _apply(self, lines):
        orders = self._get_orders(lines)
        outcomes = {line: orders[line.key] for line in lines if line.key in orders}
        for line, order in outcomes.items():
            if number := line._get_payload().get("external_order_id"):
                order.external_order_id = number
        return outcomes

    @api.model
    def _get_orders(self, lines):
        """Return the orders that lines are about, by their id there."""
        return self.env["bigcommerce.order"]._find(
            lines.instance_id, lines.mapped("key")
        )
