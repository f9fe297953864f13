from odoo import api, fields, models
from odoo.tools import is_html_empty, plaintext2html

DIMENSIONS = ("width", "depth", "height")


class ProductTemplate(models.Model):
    """What stores are told of products that Odoo has no field for."""

    _inherit = "product.template"

    bigcommerce_description = fields.Html(
        "Description in BigCommerce",
        translate=True,
        help="Empty: the description for customers.",
    )
    bigcommerce_brand = fields.Char("Brand", help="Made in the store if it has none.")
    bigcommerce_categ_ids = fields.Many2many(
        "product.category",
        "bigcommerce_product_template_categ_rel",
        string="Further Categories",
        help="Categories in which the product is in the store besides its own.",
    )
    bigcommerce_mpn = fields.Char(
        "MPN",
        compute="_compute_bigcommerce_mpn",
        inverse="_inverse_bigcommerce_mpn",
        search="_search_bigcommerce_mpn",
        help="Manufacturer's part number.",
    )
    bigcommerce_width = fields.Float(
        "Width",
        compute="_compute_bigcommerce_dimensions",
        inverse="_inverse_bigcommerce_width",
    )
    bigcommerce_depth = fields.Float(
        "Depth",
        compute="_compute_bigcommerce_dimensions",
        inverse="_inverse_bigcommerce_depth",
    )
    bigcommerce_height = fields.Float(
        "Height",
        compute="_compute_bigcommerce_dimensions",
        inverse="_inverse_bigcommerce_height",
    )
    bigcommerce_length_uom_name = fields.Char(
        compute="_compute_bigcommerce_length_uom_name"
    )

    @api.depends("product_variant_ids.bigcommerce_mpn")
    def _compute_bigcommerce_mpn(self):
        self._compute_template_field_from_variant_field("bigcommerce_mpn")

    def _inverse_bigcommerce_mpn(self):
        self._set_product_variant_field("bigcommerce_mpn")

    def _search_bigcommerce_mpn(self, operator, value):
        return [("product_variant_ids.bigcommerce_mpn", operator, value)]

    @api.depends(
        "product_variant_ids.bigcommerce_width",
        "product_variant_ids.bigcommerce_depth",
        "product_variant_ids.bigcommerce_height",
    )
    def _compute_bigcommerce_dimensions(self):
        for name in DIMENSIONS:
            self._compute_template_field_from_variant_field(f"bigcommerce_{name}")

    def _inverse_bigcommerce_width(self):
        self._set_product_variant_field("bigcommerce_width")

    def _inverse_bigcommerce_depth(self):
        self._set_product_variant_field("bigcommerce_depth")

    def _inverse_bigcommerce_height(self):
        self._set_product_variant_field("bigcommerce_height")

    def _compute_bigcommerce_length_uom_name(self):
        self.bigcommerce_length_uom_name = (
            self._get_length_uom_name_from_ir_config_parameter()
        )

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self._follow_archiving()
        return result

    def unlink(self):
        # The database deletes their variants, without a word.
        products = self.with_context(active_test=False).product_variant_ids
        items = products._leave_items()
        result = super().unlink()
        items._follow_products()
        return result

    def _get_related_fields_variant_template(self):
        return [
            *super()._get_related_fields_variant_template(),
            "bigcommerce_mpn",
            *(f"bigcommerce_{name}" for name in DIMENSIONS),
        ]

    def _follow_archiving(self):
        """Hide what was archived in stores that want so, and show what came back."""
        self.env["bigcommerce.listing.item"].sudo().search(
            [("product_id.product_tmpl_id", "in", self.ids)]
        )._follow_products()

    def _get_bigcommerce_description(self):
        """Return what customers of a store read about the product, "" for nothing."""
        self.ensure_one()
        for name in ("bigcommerce_description", "description_ecommerce"):
            # The latter is Odoo's eCommerce's.
            if name in self._fields and not is_html_empty(self[name]):
                # The store's customers are not on Odoo's site.
                Mail = self.env["mail.render.mixin"]
                return Mail._replace_local_links(str(self[name]))
        text = (self.description_sale or "").strip()
        return str(plaintext2html(text)) if text else ""
