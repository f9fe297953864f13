from odoo import api, fields, models
from odoo.fields import Domain

from .bigcommerce_shipment import OPEN_STATES, STATES


class StockPicking(models.Model):
    """Deliveries are shipments of the stores that their orders come from."""

    _inherit = "stock.picking"

    bigcommerce_shipment_ids = fields.One2many(
        "bigcommerce.shipment", "picking_id", "BigCommerce Shipments", readonly=True
    )
    # Whoever sees the delivery sees how far it is, without a part in the connector.
    bigcommerce_shipment_state = fields.Selection(
        STATES,
        "BigCommerce",
        compute="_compute_bigcommerce_shipment_state",
        search="_search_bigcommerce_shipment_state",
        compute_sudo=True,
    )
    bigcommerce_shipment_message = fields.Text(
        "BigCommerce Details",
        compute="_compute_bigcommerce_shipment_state",
        compute_sudo=True,
    )

    @api.depends("bigcommerce_shipment_ids.state", "bigcommerce_shipment_ids.message")
    def _compute_bigcommerce_shipment_state(self):
        """Of several shipments the one that is furthest from being sent counts."""
        for picking in self:
            states = set(picking.bigcommerce_shipment_ids.mapped("state"))
            picking.bigcommerce_shipment_state = next(
                (state for state, _label in STATES if state in states), False
            )
            messages = picking.bigcommerce_shipment_ids.filtered("message")
            picking.bigcommerce_shipment_message = "\n".join(
                dict.fromkeys(messages.mapped("message"))
            )

    @api.model
    def _search_bigcommerce_shipment_state(self, operator, value):
        """Find deliveries that have a shipment in one of these states."""
        if operator != "in":
            return NotImplemented
        shipments = self.env["bigcommerce.shipment"].sudo()
        found = shipments._search([("state", "in", [one for one in value if one])])
        domain = Domain("id", "in", found.subselect("picking_id"))
        if False in value:
            domain |= Domain(
                "id", "not in", shipments._search([]).subselect("picking_id")
            )
        return domain

    def write(self, vals):
        """Let stores know of a tracking number that comes later."""
        result = super().write(vals)
        if vals.keys() & {"carrier_tracking_ref", "carrier_id"}:
            self.sudo().bigcommerce_shipment_ids._follow_tracking()
        return result

    def action_send_to_bigcommerce(self):
        """Send the shipments that are not sent, in the background."""
        self.check_access("write")
        self.sudo().bigcommerce_shipment_ids.filtered(
            lambda shipment: shipment.state in OPEN_STATES
        ).with_env(self.env).action_send()

    def _action_done(self):
        """What has left for a store's customer is a shipment of the store."""
        result = super()._action_done()
        self.env["bigcommerce.shipment.creation"].sudo()._create_shipments(self)
        self.sale_id._start_status_export()
        return result
