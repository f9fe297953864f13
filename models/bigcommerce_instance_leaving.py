from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# Records that would be taken for others of another store with the same ids.
MODELS_WITH_STORE_DATA = (
    "bigcommerce.order",
    "bigcommerce.listing",
    "bigcommerce.customer",
)


class BigcommerceInstance(models.Model):
    """What keeps an instance from being deleted, or from being given another store."""

    _inherit = "bigcommerce.instance"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_work(self):
        if in_work := self._get_in_work():
            raise UserError(
                self.env._(
                    "%s is being synchronised. Archive it, and delete it when its "
                    "jobs have ended.",
                    in_work[:1].name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_orders(self):
        """Without them, another instance of the store would import the orders again."""
        order = (
            self.env["bigcommerce.order"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [("instance_id", "in", self.ids), ("sale_order_id", "!=", False)],
                limit=1,
            )
        )
        if order:
            raise UserError(
                self.env._(
                    "%s has imported orders. Archive it instead of deleting it.",
                    order.instance_id.name,
                )
            )

    def _leave_store(self, store_hash):
        """Make way for another store; what waits of the present one is cancelled.

        :raise ValidationError: if orders or listings are recorded, or in work: ids of
            two stores would mix
        """
        leaving = self.filtered(lambda own: own.store_hash != store_hash)
        if in_work := leaving._get_in_work():
            raise ValidationError(
                self.env._(
                    "%s is being synchronised. Archive it, and change its store when "
                    "its jobs have ended.",
                    in_work[:1].name,
                )
            )
        jobs = self.env["bigcommerce.queue.job"].sudo()
        jobs.search(
            [
                ("instance_id", "in", leaving.ids),
                ("state", "in", jobs._OPEN_STATES),
            ]
        ).action_cancel()
        for instance in leaving:
            if instance._holds_store_data():
                raise ValidationError(
                    self.env._(
                        "%(instance)s holds data of the store “%(store_hash)s”. Create "
                        "an instance of its own for another store.",
                        instance=instance.name,
                        store_hash=instance.store_hash,
                    )
                )

    def _holds_store_data(self):
        """Return whether anything is kept here by its id in the present store."""
        self.ensure_one()
        return any(
            self.env[model]
            .sudo()
            .with_context(active_test=False)
            .search_count([("instance_id", "=", self.id)], limit=1)
            for model in MODELS_WITH_STORE_DATA
        )

    def _get_in_work(self):
        """Return those of these instances of which a pump holds something."""
        lines = self.env["bigcommerce.queue.line"].sudo()
        jobs = self.env["bigcommerce.queue.job"].sudo()
        own = Domain("instance_id", "in", self.ids)
        in_work = lines.search(own & Domain("state", "in", lines._ACTIVE_STATES))
        reading = jobs.search(own & Domain("state", "=", "discovering"))
        return (in_work.instance_id | reading.instance_id) & self.sudo()
