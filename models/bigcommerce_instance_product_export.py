from odoo import fields, models
from odoo.fields import Command

from ..client.payloads.store import MILLIMETRES
from .bigcommerce_field_owner import FIELDS


class BigcommerceInstance(models.Model):
    """What is exported of Odoo's products."""

    _inherit = "bigcommerce.instance"

    field_owner_ids = fields.One2many(
        "bigcommerce.field.owner",
        "instance_id",
        "Who Owns Which Field",
        copy=True,
        default=lambda self: [
            Command.create(vals)
            for vals in self.env["bigcommerce.field.owner"]._prepare_default_vals_list()
        ],
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

    def _get_field_owners(self):
        """Return who owns each field: dict of field -> "odoo", "created" or "store"."""
        self.ensure_one()
        own = {owner.field: owner.owner for owner in self.field_owner_ids}
        return {**FIELDS, **own}

    def action_export_products(self):
        """Send what belongs to Odoo of all listed products."""
        return self._start_from_button("export_products")
