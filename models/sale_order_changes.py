from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """What was changed in the store of an order that Odoo has taken over."""

    _inherit = "sale.order"

    # Customers may read their orders, not what is said about them.
    bigcommerce_changes = fields.Text(
        related="bigcommerce_order_id.changes", groups="base.group_user"
    )
    bigcommerce_changes_problem = fields.Text(
        related="bigcommerce_order_id.changes_problem", groups="base.group_user"
    )
    bigcommerce_changes_obstacle = fields.Text(
        related="bigcommerce_order_id.changes_obstacle", groups="base.group_user"
    )

    def unlink(self):
        records = self.sudo().bigcommerce_order_ids
        result = super().unlink()
        for record in records.filtered("changes"):
            record._settle_changes(record.snapshot)
        return result

    def action_apply_bigcommerce_changes(self):
        """Let these orders become what the store says, in the background."""
        return self._get_changed_records()._start_applying_changes()

    def action_ignore_bigcommerce_changes(self):
        """Leave these orders as they are, until something else changes there."""
        self._get_changed_records()._ignore_changes(self.env.user.partner_id)

    def _get_changed_records(self):
        """Return the store's orders of these, as whoever may write these needs them."""
        self.check_access("write")
        # Who keeps the stock may write orders, too.
        self.browse().check_access("create")
        records = self.sudo().bigcommerce_order_ids.filtered("changes")
        if not records:
            raise UserError(
                self.env._("Nothing is changed in BigCommerce any more: reload.")
            )
        return records
