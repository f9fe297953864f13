from odoo import fields, models


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
    weight = fields.Float(
        readonly=True,
        digits=(16, 4),
        help="The item's own weight, else the listing's, in the store's unit.",
    )
    level_ids = fields.One2many("bigcommerce.stock.level", "item_id", readonly=True)
    inventory_level = fields.Integer(readonly=True)
    upc = fields.Char("UPC", readonly=True)
    gtin = fields.Char("GTIN", readonly=True)
    mpn = fields.Char("MPN", readonly=True)
    image_url = fields.Char("Image", readonly=True)
    mapping_problem = fields.Char(
        readonly=True, help="Why no product was found for this item."
    )

    def write(self, vals):
        if vals.get("product_id"):
            vals = {**vals, "mapping_problem": False}
        return super().write(vals)
