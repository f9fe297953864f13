from odoo import api, fields, models

from ..sync.field_owners import DEFAULT_OWNERS


class BigcommerceFieldOwner(models.Model):
    """Who says what a field of a store's listings is: Odoo or the store's people."""

    _name = "bigcommerce.field.owner"
    _description = "BigCommerce Field Owner"
    _order = "id"
    _rec_name = "field"

    instance_id = fields.Many2one(
        "bigcommerce.instance", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="instance_id.company_id", store=True, index=True
    )
    field = fields.Selection(
        selection=lambda self: self._selection_field(), required=True, readonly=True
    )
    owner = fields.Selection(
        [
            ("odoo", "Odoo"),
            ("created", "Odoo, Only When Created"),
            ("store", "BigCommerce"),
        ],
        required=True,
        help="Odoo: each export sends what Odoo says where the store says something "
        "else. Only when created: what the store's people make of it stays. "
        "BigCommerce: it is not exported at all, unless a new product needs it.",
    )
    source = fields.Char("Taken From", compute="_compute_source")

    _field_unique = models.UniqueIndex(
        "(instance_id, field)", "Each field has one owner."
    )

    @api.model
    def _selection_field(self):
        labels = {
            "name": self.env._("Name"),
            "description": self.env._("Description"),
            "sku": self.env._("SKU"),
            "cost_price": self.env._("Cost"),
            "weight": self.env._("Weight"),
            "dimensions": self.env._("Width, Depth, Height"),
            "categories": self.env._("Categories"),
            "brand": self.env._("Brand"),
            "barcode": self.env._("UPC / GTIN"),
            "mpn": self.env._("MPN"),
            "tax_class": self.env._("Tax Class"),
            "images": self.env._("Images"),
            "options": self.env._("Names of Options and Values"),
        }
        return list(labels.items())

    @api.depends("field")
    def _compute_source(self):
        sources = {
            "name": self.env._("Name of the product, in the store's language"),
            "description": self.env._(
                "Description for BigCommerce, else the sales description"
            ),
            "sku": self.env._("Internal reference"),
            "cost_price": self.env._("Cost, in the store's currency"),
            "weight": self.env._("Weight, in the store's unit"),
            "dimensions": self.env._("Page BigCommerce, in the store's unit"),
            "categories": self.env._(
                "Category and further categories; made where the store has none"
            ),
            "brand": self.env._("Page BigCommerce"),
            "barcode": self.env._("Barcode of 8, 12, 13 or 14 digits"),
            "mpn": self.env._("Page BigCommerce"),
            "tax_class": self.env._("Sales taxes, see Tax Classes"),
            "images": self.env._("Pictures of the product and its variants"),
            "options": self.env._("Attributes and their values"),
        }
        for owner in self:
            owner.source = sources.get(owner.field)

    @api.model
    def _prepare_default_vals_list(self):
        """Return the values of the rows that each store has."""
        return [
            {"field": field, "owner": owner} for field, owner in DEFAULT_OWNERS.items()
        ]

    @api.model
    def _ensure_owners(self, instances):
        """Give ``instances`` the rows that they do not have yet."""
        known = {
            (owner.instance_id, owner.field)
            for owner in self.search([("instance_id", "in", instances.ids)])
        }
        self.create(
            [
                {**vals, "instance_id": instance.id}
                for instance in instances
                for vals in self._prepare_default_vals_list()
                if (instance, vals["field"]) not in known
            ]
        )
