from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..client.payloads.order import Order
from ..client.resources.scopes import ORDERS_WRITE


class BigcommerceExportOrderNumbers(models.AbstractModel):
    """Write the number of the Odoo order to the store's order, where it has none."""

    _name = "bigcommerce.export.order.numbers"
    _inherit = "bigcommerce.order.operation"
    _description = "Export Order Numbers"

    _code = "export_order_numbers"
    _direction = "export"
    _priority = 60
    _choices = {"order_numbers": "ids"}
    _scopes = (ORDERS_WRITE,)
    _setting = "export_order_number"

    @api.model
    def _get_label(self):
        return self.env._("Export Order Numbers")

    @api.model
    def _check_may_start(self, instance):
        if not instance.export_order_number:
            raise UserError(
                self.env._(
                    "“Write Order Number to BigCommerce?” is off on %s.", instance.name
                )
            )

    @api.model
    def _get_domain(self):
        return Domain("sale_order_id", "!=", False) & Domain(
            "external_order_id", "=", False
        )

    @api.model
    def _send(self, client, lines):
        results = self._look(client, lines)
        orders = self._get_records(lines)
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
        orders = self._get_records(lines)
        outcomes = {line: orders[line.key] for line in lines if line.key in orders}
        for line, order in outcomes.items():
            if number := line._get_payload().get("external_order_id"):
                order.external_order_id = number
        return outcomes
