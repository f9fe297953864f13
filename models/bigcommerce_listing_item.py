from odoo import api, fields, models

from ..sync.stock_quantities import ODOO_QUANTITIES


class BigcommerceListingItem(models.Model):
    """A variant of a product of the store, bound to the Odoo product it stands for."""

    _name = "bigcommerce.listing.item"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Listing Item"

    listing_id = fields.Many2one(
        "bigcommerce.listing",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        help="Several items may stand for the same product.",
    )
    sku = fields.Char("SKU", readonly=True, index="btree_not_null")
    currency_id = fields.Many2one(related="instance_id.currency_id")
    options = fields.Char(readonly=True)
    price = fields.Float(
        readonly=True,
        digits=(16, 4),
        help="The item's own price, else the listing's, as the store confirmed it "
        "last.",
    )
    has_own_price = fields.Boolean(
        readonly=True, help="The item does not follow the price of its listing."
    )
    price_problem = fields.Char(
        readonly=True, help="Why the store's price is not in Odoo's pricelist."
    )
    refusing_price = fields.Float(
        readonly=True,
        digits=(16, 4),
        help="What Odoo said when the store's price could not be taken. It is not "
        "exported before Odoo says something else.",
    )
    weight = fields.Float(
        readonly=True,
        help="The item's own weight, else the listing's, in the store's unit.",
    )
    weight_unit = fields.Selection(related="instance_id.weight_unit")
    is_excluded = fields.Boolean(related="listing_id.is_excluded")
    odoo_price = fields.Float(
        "Price in Odoo",
        digits=(16, 4),
        compute="_compute_odoo_price",
        compute_sudo=True,
        help="What an export would send: the price in the instance's pricelist, or "
        "the product's sales price where that is exported.",
    )
    odoo_quantity = fields.Float(
        "Stock in Odoo",
        digits="Product Unit",
        compute="_compute_odoo_quantity",
        compute_sudo=True,
        help="In the warehouse of the instance, counted as Stock Based On says.",
    )
    image_ids = fields.One2many(
        "bigcommerce.listing.image", "item_id", "Images", readonly=True
    )
    image_128 = fields.Image("Small Image", compute="_compute_image_128")
    level_ids = fields.One2many(
        "bigcommerce.stock.level", "item_id", "Stock Levels", readonly=True
    )
    inventory_level = fields.Integer(readonly=True)
    upc = fields.Char("UPC", readonly=True)
    gtin = fields.Char("GTIN", readonly=True)
    mpn = fields.Char("MPN", readonly=True)
    image_url = fields.Char("Image in the Store", readonly=True)
    is_product_deleted = fields.Boolean(
        readonly=True, help="Its product has been deleted in Odoo."
    )
    is_disabled_by_odoo = fields.Boolean(
        "Not for Sale",
        readonly=True,
        help="The connector has taken it off sale in the store since its product is "
        "archived or deleted in Odoo.",
    )
    mapping_problem = fields.Char(
        readonly=True, help="Why no product was found for this item."
    )

    @api.depends(
        "product_id.lst_price",
        "instance_id.pricelist_id",
        "instance_id.export_sale_price",
    )
    def _compute_odoo_price(self):
        self.odoo_price = 0
        now = fields.Datetime.now()
        for instance, items in (
            self.filtered("product_id").grouped("instance_id").items()
        ):
            prices = self.env["bigcommerce.store.prices"]._find_prices(
                instance, items.product_id, now
            )
            for item in items:
                price, _is_own_rule = prices[item.product_id]
                # What keeps Odoo from saying a price is told where one is exported.
                item.odoo_price = 0 if isinstance(price, Exception) else float(price)

    @api.depends("product_id", "instance_id.stock_basis", "instance_id.warehouse_id")
    def _compute_odoo_quantity(self):
        self.odoo_quantity = 0
        for instance, items in (
            self.filtered("product_id").grouped("instance_id").items()
        ):
            field = ODOO_QUANTITIES[instance.stock_basis]
            for item in items:
                product = item.product_id.with_context(
                    warehouse_id=instance.warehouse_id.id,
                    allowed_company_ids=instance.company_id.ids,
                )
                item.odoo_quantity = product[field]

    @api.depends("image_ids.image_128")
    def _compute_image_128(self):
        for item in self:
            item.image_128 = item.image_ids[:1].image_128

    def write(self, vals):
        if vals.get("product_id"):
            vals = {**vals, "mapping_problem": False, "is_product_deleted": False}
        result = super().write(vals)
        if vals.get("product_id") and not self.env.su:
            # By hand; an import hands over the prices of what it maps by itself.
            for instance, items in self.grouped("instance_id").items():
                listing_ids = items.listing_id.mapped("bc_id")
                instance._start_open("import_prices", ids=listing_ids)
        return result

    def _follow_products(self):
        """Hide or show in stores that want so what Odoo has archived or deleted."""
        self.filtered(
            lambda item: (
                item.instance_id.hide_archived_products and not item.is_excluded
            )
        )._export_products()

    def _export_products(self):
        """Export the products of these items, in the background."""
        for instance, items in self.grouped("instance_id").items():
            listing_ids = sorted(set(items.listing_id.mapped("bc_id")), key=int)
            instance._start_open("export_products", listings=listing_ids)
