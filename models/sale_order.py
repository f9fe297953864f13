from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    bigcommerce_order_ids = fields.One2many(
        "bigcommerce.order", "sale_order_id", "BigCommerce Orders", readonly=True
    )
    bigcommerce_order_id = fields.Many2one(
        "bigcommerce.order",
        compute="_compute_bigcommerce_order_id",
        search="_search_bigcommerce_order_id",
    )
    bigcommerce_state = fields.Selection(related="bigcommerce_order_id.state")
    bigcommerce_reason = fields.Text(related="bigcommerce_order_id.reason_message")
    bigcommerce_store = fields.Char(
        "BigCommerce Store", related="bigcommerce_order_id.instance_id.name"
    )
    bigcommerce_channel = fields.Char(
        "BigCommerce Channel", related="bigcommerce_order_id.channel_id.name"
    )
    bigcommerce_status = fields.Char(
        "BigCommerce Status", related="bigcommerce_order_id.status"
    )
    bigcommerce_payment_status = fields.Char(
        "BigCommerce Payment Status", related="bigcommerce_order_id.payment_status"
    )
    bigcommerce_admin_url = fields.Char(
        "Open in BigCommerce", related="bigcommerce_order_id.admin_url"
    )

    @api.depends("bigcommerce_order_ids")
    def _compute_bigcommerce_order_id(self):
        for order in self:
            order.bigcommerce_order_id = order.sudo().bigcommerce_order_ids[:1]

    def _search_bigcommerce_order_id(self, operator, value):
        return [("bigcommerce_order_ids", operator, value)]

    def unlink(self):
        orders = self.sudo().bigcommerce_order_ids
        result = super().unlink()
        for order in orders:
            order._set_state("not_selected", "deleted", False)
        return result

    def action_confirm(self):
        ours = self.filtered("bigcommerce_order_id")
        if ours and ours != self:
            # The values of a confirmation are prepared once for all its orders.
            return (self - ours).action_confirm() and ours.action_confirm()
        for order in ours.sudo().bigcommerce_order_ids:
            if order.state == "held":
                # Somebody may have corrected the amounts.
                order._check_total()
        return super().action_confirm()

    def action_view_bigcommerce_order(self):
        self.ensure_one()
        return self.bigcommerce_order_id.get_formview_action()

    def action_release_bigcommerce_order(self):
        return self.bigcommerce_order_id.action_release()

    def _confirmation_error_message(self):
        """A held order is not confirmed before a person has released it."""
        message = super()._confirmation_error_message()
        if not message and self.bigcommerce_order_id.sudo().state == "held":
            return self.env._(
                "%(order)s is held: its total differs from BigCommerce's. "
                "Correct it, or release it from the BigCommerce order.",
                order=self.name,
            )
        return message

    def _prepare_confirmation_values(self):
        """Keep the date on which the order was placed."""
        vals = super()._prepare_confirmation_values()
        if self.bigcommerce_order_id:
            vals.pop("date_order", None)
        return vals
