from odoo import api, models


class IrAttachment(models.Model):
    """A preview leaves no file behind."""

    _inherit = "ir.attachment"

    @api.model
    def _storage(self):
        """Write no file for a preview: none goes away when it is undone."""
        if "bigcommerce_preview" in self.env.context:
            return "db"
        return super()._storage()
