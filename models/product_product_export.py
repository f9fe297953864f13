from odoo import fields, models


class ProductProduct(models.Model):
    """What stores are told of variants that Odoo has no field for."""

    _inherit = "product.product"

    bigcommerce_mpn = fields.Char("MPN", help="Manufacturer's part number.")
    bigcommerce_width = fields.Float("Width")
    bigcommerce_depth = fields.Float("Depth")
    bigcommerce_height = fields.Float("Height")

    def unlink(self):
        # Odoo deletes variants that it has never used; the store keeps them.
        items = self._leave_items()
        result = super().unlink()
        items._follow_products()
        return result

    def _leave_items(self):
        """Note that the products of listing items are deleted, and return these."""
        items = (
            self.env["bigcommerce.listing.item"]
            .sudo()
            .search([("product_id", "in", self.ids)])
        )
        for listing in items.listing_id:
            listing.export_template_id = listing._get_template()
        items.is_product_deleted = True
        return items
