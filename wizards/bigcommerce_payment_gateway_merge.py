from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class BigcommercePaymentGatewayMerge(models.TransientModel):
    """Ask which of several payment gateways stands for the others."""

    _name = "bigcommerce.payment.gateway.merge"
    _description = "Merge Payment Gateways"

    gateway_ids = fields.Many2many(
        "bigcommerce.payment.gateway",
        # The name that it would get is too long.
        relation="bigcommerce_gateway_merge_rel",
        string="Payment Gateways",
        required=True,
    )
    target_id = fields.Many2one(
        "bigcommerce.payment.gateway",
        "Merge Into",
        required=True,
        domain="[('id', 'in', gateway_ids)]",
    )

    @api.model
    def default_get(self, fields_list):
        vals = super().default_get(fields_list)
        gateways = self.env["bigcommerce.payment.gateway"].browse(
            self.env.context.get("active_ids", ())
        )
        if len(gateways) < 2 or len(gateways.instance_id) > 1:
            raise UserError(
                self.env._("Select two or more payment gateways of one store.")
            )
        return {
            **vals,
            "gateway_ids": [Command.set(gateways.ids)],
            "target_id": gateways[0].id,
        }

    def action_merge(self):
        """Merge the gateways, for good."""
        self.ensure_one()
        self.gateway_ids._merge_into(self.target_id)
        return {"type": "ir.actions.act_window_close"}
