from odoo import api, fields, models


class BigcommerceLocation(models.Model):
    _name = "bigcommerce.location"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Location"

    code = fields.Char(readonly=True)
    is_enabled = fields.Boolean("Enabled in BigCommerce", readonly=True)
    is_default = fields.Boolean("Is Default Location?", readonly=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        help="Warehouse of the orders that this location fulfils. Empty: that of the "
        "default location, or else that of the instance.",
    )
    is_stock_enabled = fields.Boolean(
        "Enable Import/Export Stock?",
        help="Off: the stock of this location is neither imported nor exported.",
    )
    stock_direction = fields.Selection(
        [
            ("both", "Import and export"),
            ("import", "Import only"),
            ("export", "Export only"),
        ],
        required=True,
        default="both",
        help="Which side is right about the stock of this location. Both only while "
        "one of the automatic jobs is off.",
    )
    stock_location_id = fields.Many2one(
        "stock.location",
        "Location",
        check_company=True,
        domain="[('usage', '=', 'internal')]",
        help="Imported stock is counted here. Exported is the stock of this location "
        "and of those inside it.",
    )
    counted_location_ids = fields.Many2many(
        "stock.location",
        string="Also Count",
        check_company=True,
        domain="[('usage', '=', 'internal')]",
        help="Further locations whose stock is exported together with it.",
    )

    @api.model
    def _refresh(self, instance, vals_by_id):
        """Give the default location the store's warehouse, the first time only."""
        known = self._find(instance, vals_by_id)
        were_default = {bc_id for bc_id in known if known[bc_id].is_default}
        records = super()._refresh(instance, vals_by_id)
        for bc_id, location in records.items():
            if (
                location.is_default
                and bc_id not in were_default
                and not location.warehouse_id
            ):
                location.warehouse_id = instance.warehouse_id
        return records
