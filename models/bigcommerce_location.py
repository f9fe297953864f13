from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class BigcommerceLocation(models.Model):
    """A place where a store keeps stock, and the places in Odoo that it means."""

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

    @api.constrains(
        "is_stock_enabled",
        "stock_direction",
        "stock_location_id",
        "counted_location_ids",
        "active",
    )
    def _check_stock(self):
        for location in self.filtered(lambda own: own.is_stock_enabled and own.active):
            if not location.stock_location_id:
                raise ValidationError(
                    self.env._(
                        "Give %s a stock location before you enable its stock: that "
                        "is where its stock is in Odoo.",
                        location.name,
                    )
                )
        self._check_places()
        self._check_directions()

    def _check_places(self):
        """Refuse that two locations of a store count the same stock in Odoo."""
        enabled = self.instance_id.location_ids.filtered(
            lambda own: own.is_stock_enabled and own.active
        )
        for location in self & enabled:
            others = enabled.filtered(
                lambda other, own=location: (
                    other != own and other.instance_id == own.instance_id
                )
            )
            for other in others:
                if any(
                    one._child_of(another) or another._child_of(one)
                    for one in location._get_places()
                    for another in other._get_places()
                ):
                    raise ValidationError(
                        self.env._(
                            "%(location)s and %(other)s count the same stock in Odoo. "
                            "Give each a stock location of its own.",
                            location=location.name,
                            other=other.name,
                        )
                    )

    def _check_directions(self):
        """Refuse that both sides are right about the stock of the same location.

        What one job has read from one side would be overwritten by the other's.
        """
        both = self.filtered(
            lambda own: (
                own.is_stock_enabled and own.active and own.stock_direction == "both"
            )
        )
        jobs = self.env["bigcommerce.automatic.job"].search(
            [("instance_id", "in", both.instance_id.ids)]
        )
        for instance, locations in both.grouped("instance_id").items():
            own_jobs = jobs.filtered(lambda job, own=instance: job.instance_id == own)
            if own_jobs._import_and_export_stock():
                raise ValidationError(
                    self.env._(
                        "The stock of %s would be imported and exported by itself, so "
                        "that each would undo the other. Let the location import only "
                        "or export only, or turn off the automatic jobs of one "
                        "direction: Import Product's Inventory, or Export and Compare "
                        "Product's Inventory.",
                        ", ".join(locations.mapped("name")),
                    )
                )

    @api.model
    def _refresh(self, instance, vals_by_id):
        """Give the default location the store's warehouse, the first time only."""
        known = self._find(instance, vals_by_id)
        were_default = {bc_id for bc_id in known if known[bc_id].is_default}
        records = super()._refresh(instance, vals_by_id)
        for bc_id, location in records.items():
            if not location.is_default or bc_id in were_default:
                continue
            if not location.warehouse_id:
                location.warehouse_id = instance.warehouse_id
            if not location.stock_location_id:
                location.stock_location_id = location.warehouse_id.lot_stock_id
        return records

    @api.model
    def _location_finder(self, instance):
        """Return a function of a location's id in the store, "" for none.

        It gives the location, the store's default one where that is not known, and
        the warehouse from which it fulfils orders: its own, else that of the default
        location, else the instance's.
        """
        locations = self.with_context(active_test=False).search(
            [("instance_id", "=", instance.id)]
        )
        default = locations.filtered(
            lambda location: location.active and location.is_default
        )[:1]
        by_id = {location.bc_id: location for location in locations}

        def find_location(location_id):
            location = by_id.get(location_id, default)
            for one in (location, default):
                if one.warehouse_id.active:
                    return location, one.warehouse_id
            return location, instance.warehouse_id

        return find_location

    @api.model
    def _find_in_use(self, instance, direction):
        """Return the locations whose stock is imported, or exported.

        :param str direction: "import" or "export"
        """
        return self.search(
            [
                ("instance_id", "=", instance.id),
                # BigCommerce refuses to change the stock of others.
                ("is_enabled", "=", True),
                ("is_stock_enabled", "=", True),
                ("stock_location_id", "!=", False),
                ("stock_direction", "in", ("both", direction)),
            ],
            order="id",
        )

    @api.model
    def _check_in_use(self, instance, direction):
        """Refuse to synchronise the stock of no location.

        :raise UserError: if no location's stock is imported, or exported
        """
        if not self._find_in_use(instance, direction):
            raise UserError(
                self.env._(
                    "No location is enabled for this at %s. Open Configuration › "
                    "Locations, choose a stock location, and turn on Enable "
                    "Import/Export Stock?.",
                    instance.name,
                )
            )

    def _get_places(self):
        """Return the stock locations whose stock is this location's, without theirs."""
        return self.stock_location_id | self.counted_location_ids
