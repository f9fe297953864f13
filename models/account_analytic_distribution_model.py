from odoo import models


class AccountAnalyticDistributionModel(models.Model):
    """Distributions are not looked for where an operation knows of none."""

    _inherit = "account.analytic.distribution.model"

    def _get_applicable_models(self, vals):
        """Search nothing, line by line, where an operation saw that there are none."""
        if self.env.context.get("bigcommerce_has_no_distributions"):
            return self.browse()
        return super()._get_applicable_models(vals)
