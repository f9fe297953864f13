from odoo import api, fields, models
from odoo.fields import Domain

USER = "bigcommerce_connector.bigcommerce_group_user"


class ProductTemplate(models.Model):
    """Products that listings of stores stand for."""

    _inherit = "product.template"

    bigcommerce_listing_id = fields.Many2one(
        "bigcommerce.listing",
        "Made for Listing",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=USER,
        help="The connector has made this product for a listing.",
    )
    bigcommerce_item_count = fields.Integer(
        "BigCommerce Listings", compute="_compute_bigcommerce_item_count", groups=USER
    )
    is_bigcommerce_listed = fields.Boolean(
        "Listed in BigCommerce",
        compute="_compute_bigcommerce_item_count",
        search="_search_is_bigcommerce_listed",
        groups=USER,
    )

    @api.depends("product_variant_ids.bigcommerce_item_ids.active")
    def _compute_bigcommerce_item_count(self):
        for template in self:
            items = template.product_variant_ids.bigcommerce_item_ids.filtered("active")
            template.bigcommerce_item_count = len(items)
            template.is_bigcommerce_listed = bool(items)

    def _search_is_bigcommerce_listed(self, operator, value):
        if operator != "in":
            return NotImplemented
        listed = Domain("product_variant_ids.bigcommerce_item_ids", "!=", False)
        return listed if True in value else ~listed

    def action_view_bigcommerce_items(self):
        return self.product_variant_ids.action_view_bigcommerce_items()
