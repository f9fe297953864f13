from odoo import fields, models

from .sale_order_line_delivery import FULFILMENTS


class StockPicking(models.Model):
    """Deliveries of stores' orders, each to one address."""

    _inherit = "stock.picking"

    bigcommerce_fulfilment = fields.Selection(
        FULFILMENTS, "BigCommerce Fulfilment", readonly=True
    )
    bigcommerce_address_id = fields.Char("BigCommerce Address ID", readonly=True)
    bigcommerce_is_shipped_there = fields.Boolean(
        "Shipped by BigCommerce",
        readonly=True,
        copy=False,
        help="BigCommerce had shipped it when the order came in. Nothing is told to "
        "BigCommerce or to the customer about it.",
    )
    bigcommerce_customer_message = fields.Text(
        related="sale_id.bigcommerce_customer_message"
    )
    bigcommerce_hold = fields.Selection(related="sale_id.bigcommerce_hold")

    def _action_done(self):
        """A delivery may be what an invoice has been waiting for."""
        result = super()._action_done()
        self.sale_id._start_workflows()
        return result

    def _create_backorder_picking(self):
        """What a person leaves of goods that are shipped there is still shipped."""
        backorder = super()._create_backorder_picking()
        if not self.env.context.get("bigcommerce_rest_is_not_shipped"):
            backorder.bigcommerce_is_shipped_there = self.bigcommerce_is_shipped_there
        return backorder

    def _send_confirmation_email(self):
        """Tell nobody about goods that left before the order came in.

        This is also where carriers are asked to fetch a delivery.
        """
        ours = self.filtered("bigcommerce_is_shipped_there")
        return super(StockPicking, self - ours)._send_confirmation_email()

    def _add_delivery_cost_to_so(self):
        """Leave a store's order alone: the customer has paid the store for shipping."""
        if self.sale_id.sudo().bigcommerce_order_ids:
            return None
        return super()._add_delivery_cost_to_so()
