from odoo import api, fields, models


class BigcommerceInstance(models.Model):
    """The products of a store and their prices."""

    _inherit = "bigcommerce.instance"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        copy=False,
        help="Pricelist of the store, in the store's currency. Prices are imported "
        "into it and exported from it, and orders in that currency use it.",
    )
    export_sale_price = fields.Boolean(
        "Export Odoo Product's Sale Price?",
        help="Export the sales price of the products instead of what the pricelist "
        "says.",
    )
    create_odoo_products = fields.Boolean(
        "Create Odoo Products?",
        help="Create a product for each listing whose SKU no Odoo product has. "
        "Not recommended when Odoo already holds your products.",
    )
    update_categories = fields.Boolean(
        "Update Category in Odoo Products?",
        help="Products that the connector has made get the deepest category that they "
        "are in in BigCommerce. Products that you made, and those whose stock is "
        "valued already, keep theirs.",
    )
    product_category_id = fields.Many2one(
        "product.category",
        "Below the Category",
        copy=False,
        help="The store's categories are made below this one. Empty: one with the name "
        "of the instance is made.",
    )
    sync_listing_images = fields.Boolean(
        "Sync Listing Images?",
        help="Download the images of products and variants to their listings.",
    )
    price_brake_percent = fields.Float(
        "Price Brake: Change by More Than",
        required=True,
        default=30,
        help="Percent by which an export changes a price; from zero, any change is "
        "large. 0: none is. A price that would become zero waits for approval in any "
        "case.",
    )
    price_brake_share = fields.Float(
        "Price Brake: If More Than",
        required=True,
        default=20,
        help="Percent of the store's prices. If an export would change more of them by "
        "much, all large changes wait for approval.",
    )
    has_products = fields.Boolean(compute="_compute_has_products")

    _price_brake_percentages = models.Constraint(
        "CHECK (price_brake_percent >= 0 AND price_brake_share BETWEEN 0 AND 100)",
        "The limits of price changes are percentages: 0 to 100, and 0 or more.",
    )

    @api.depends("company_id")
    def _compute_has_products(self):
        has_products = bool(
            self.env["product.product"].search(
                [("default_code", "!=", False)], limit=1, order="id"
            )
        )
        self.has_products = has_products

    def write(self, vals):
        pricelists = {instance: instance.pricelist_id for instance in self}
        result = super().write(vals)
        changed = self.filtered(
            lambda instance: (
                pricelists[instance]
                and pricelists[instance] != instance.pricelist_id
                and instance.pricelist_id.currency_id == instance.currency_id
            )
        )
        # Else the next export would change what it does not hold yet.
        changed.filtered("listing_count")._start_open("import_prices")
        if vals.get("update_categories"):
            self._start_open("import_categories")
        if vals.get("sync_listing_images"):
            self._start_open("import_images")
        return result

    def action_import_listings(self):
        return self._start_from_button("import_listings", full=True)

    def action_import_prices(self):
        """Bring what changed in the store, then all prices into the pricelist."""
        self._start("import_listings")
        return self._start_from_button("import_prices")

    def action_export_prices(self):
        return self._start_from_button("export_prices")

    def action_view_listings(self):
        return self._open("bigcommerce_connector.bigcommerce_listing_action")
