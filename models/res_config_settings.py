from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sync.pumps import MAX_PUMPS


class ResConfigSettings(models.TransientModel):
    """How many workers the queue has."""

    _inherit = "res.config.settings"

    bigcommerce_pump_count = fields.Integer("Workers")

    @api.model
    def get_values(self):
        return {
            **super().get_values(),
            "bigcommerce_pump_count": self._get_bigcommerce_pump_count(),
        }

    def set_values(self):
        result = super().set_values()
        count = self.bigcommerce_pump_count
        # Unchanged it may be anything, and pumps at work could not be changed.
        if count != self._get_bigcommerce_pump_count():
            if not 1 <= count <= MAX_PUMPS:
                raise UserError(
                    self.env._(
                        "Enter 1 to %s workers for the queue of BigCommerce.", MAX_PUMPS
                    )
                )
            self.env["bigcommerce.engine"]._set_pump_count(count)
        return result

    @api.model
    def _get_bigcommerce_pump_count(self):
        return len(self.env["bigcommerce.engine"]._get_pumps())
