from odoo import models


class IrSequence(models.Model):
    """A preview takes no number."""

    _inherit = "ir.sequence"

    def _next(self, sequence_date=None):
        """Draw no number for a preview: none comes back when it is undone."""
        numbers = self.env.context.get("bigcommerce_preview")
        if numbers is None:
            return super()._next(sequence_date)
        return self.env._("Preview %s", next(numbers))
