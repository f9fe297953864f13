from odoo import api, fields, models

from ..client.payloads.store import MILLIMETRES
from ..sync.field_owners import DEFAULT_OWNERS, NEEDED


class BigcommerceInstance(models.Model):
    """What is exported of Odoo's products."""

    _inherit = "bigcommerce.instance"

    field_owner_ids = fields.One2many(
        "bigcommerce.field.owner",
        "instance_id",
        "Who Owns Which Field",
        copy=False,
    )
    hide_archived_products = fields.Boolean(
        "Hide Archived Products?",
        help="A product that is archived in Odoo is not visible in the store any more, "
        "and visible again when it comes back.",
    )
    dimension_unit = fields.Selection(
        [(unit, unit) for unit in MILLIMETRES],
        readonly=True,
        copy=False,
        help="Unit of widths, depths and heights in the store, read on Confirm.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        instances = super().create(vals_list)
        # Managers change the rows and make none.
        self.env["bigcommerce.field.owner"].sudo()._ensure_owners(instances)
        return instances

    def copy(self, default=None):
        copies = super().copy(default)
        for instance, copy in zip(self, copies, strict=True):
            owners = instance._get_field_owners()
            for row in copy.field_owner_ids:
                row.owner = owners[row.field]
        return copies

    def action_export_products(self):
        """Send what belongs to Odoo of all listed products."""
        return self._start_from_button("export_products")

    def _get_field_owners(self):
        """Return who owns each field: dict of field -> "odoo", "created" or "store"."""
        self.ensure_one()
        own = {owner.field: owner.owner for owner in self.field_owner_ids}
        return {**DEFAULT_OWNERS, **own}

    def _get_fields_kept(self, is_new):
        """Return the fields that an export does not send.

        :param bool is_new: whether it makes a product, which needs some
        """
        owners = self._get_field_owners()
        if is_new:
            return {
                field
                for field, owner in owners.items()
                if owner == "store" and field not in NEEDED
            }
        return {field for field, owner in owners.items() if owner != "odoo"}
