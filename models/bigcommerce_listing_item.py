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
    price = fields.Monetary(
        readonly=True, help="The item's own price, else the listing's."
    )
    weight = fields.Float(
        readonly=True, digits=(16, 4), help="As the store gave it, in its unit."
    )
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
