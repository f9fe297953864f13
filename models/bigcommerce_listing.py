from odoo import api, fields, models


class BigcommerceListing(models.Model):
    """A product of the store. Its items, not the listing, are bound to products."""

    _name = "bigcommerce.listing"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Listing"

    item_ids = fields.One2many("bigcommerce.listing.item", "listing_id", readonly=True)
    item_count = fields.Integer(compute="_compute_item_count")
    product_tmpl_id = fields.Many2one(
        "product.template",
        compute="_compute_product_tmpl_id",
        help="The product of the items, if all have the same.",
    )
    product_id = fields.Many2one(
        "product.product",
        "Odoo Product",
        compute="_compute_product_id",
        inverse="_inverse_product_id",
        check_company=True,
        help="The product of a listing with a single item.",
    )
    sku = fields.Char("SKU", readonly=True)
    type = fields.Selection(
        [("physical", "Physical"), ("digital", "Digital")], readonly=True
    )
    description = fields.Html(readonly=True, prefetch=False)
    currency_id = fields.Many2one(related="instance_id.currency_id")
    price = fields.Float(
        readonly=True, digits=(16, 4), help="As the store confirmed it last."
    )
    price_breaks = fields.Json(
        readonly=True,
        help="The bulk prices that the connector has written to the store.",
    )
    price_break_problem = fields.Char(
        readonly=True, help="Why bulk prices of the pricelist are not in the store."
    )
    cost_price = fields.Float("Cost", readonly=True, digits=(16, 4))
    retail_price = fields.Float(readonly=True, digits=(16, 4))
    sale_price = fields.Float(
        readonly=True,
        digits=(16, 4),
        help="A reduced price that the store has set. It is neither imported nor "
        "exported.",
    )
    weight = fields.Float(readonly=True)
    weight_unit = fields.Selection(related="instance_id.weight_unit")
    inventory_tracking = fields.Char(readonly=True)
    inventory_level = fields.Integer(readonly=True)
    is_visible = fields.Boolean("Visible", readonly=True)
    availability = fields.Char(readonly=True)
    tax_class_id = fields.Many2one("bigcommerce.tax.class", readonly=True)
    upc = fields.Char("UPC", readonly=True)
    gtin = fields.Char("GTIN", readonly=True)
    mpn = fields.Char("MPN", readonly=True)
    channel_ids = fields.Many2many("bigcommerce.channel", readonly=True)
    image_ids = fields.One2many(
        "bigcommerce.listing.image", "listing_id", "Images", readonly=True
    )
    had_images = fields.Boolean(
        readonly=True, help="It has, or once had, pictures in the store."
    )
    image_128 = fields.Image("Small Image", compute="_compute_image_128")
    is_excluded = fields.Boolean(
        "Not Synchronised",
        help="Neither prices nor stock of this listing are exported or imported, and "
        "its Odoo products stay as they are.",
    )
    export_template_id = fields.Many2one(
        "product.template",
        "Made From",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The product that it was made from; also if it has none of its variants.",
    )
    is_hidden_by_archiving = fields.Boolean(
        readonly=True,
        help="The connector has hidden it since its product is archived in Odoo.",
    )
    is_unfinished = fields.Boolean(
        readonly=True,
        help="It was made, but not all of it was saved: what it lacks there is still "
        "sent.",
    )
    brand_id = fields.Many2one("bigcommerce.brand", readonly=True)
    category_ids = fields.Many2many("bigcommerce.category", readonly=True)
    image_url = fields.Char("Image in the Store", readonly=True)
    date_modified = fields.Datetime("Changed in BigCommerce", readonly=True)
    mapping_state = fields.Selection(
        [("mapped", "Mapped"), ("partly", "Partly Mapped"), ("unmapped", "Not Mapped")],
        compute="_compute_mapping_state",
    )
    admin_url = fields.Char(
        "Open in BigCommerce", compute="_compute_admin_url", compute_sudo=True
    )

    @api.depends("item_ids")
    def _compute_item_count(self):
        for listing in self:
            listing.item_count = len(listing.item_ids)

    @api.depends("item_ids.product_id")
    def _compute_product_tmpl_id(self):
        for listing in self:
            templates = listing.item_ids.product_id.product_tmpl_id
            listing.product_tmpl_id = templates if len(templates) == 1 else False

    @api.depends("item_ids.product_id")
    def _compute_product_id(self):
        for listing in self:
            items = listing.item_ids
            listing.product_id = len(items) == 1 and items.product_id

    def _inverse_product_id(self):
        for listing in self:
            if len(listing.item_ids) == 1:
                listing.item_ids.product_id = listing.product_id

    @api.depends("image_ids.image_128", "image_ids.item_id")
    def _compute_image_128(self):
        for listing in self:
            listing.image_128 = listing._get_main_image().image_128

    @api.depends("item_ids.product_id")
    def _compute_mapping_state(self):
        for listing in self:
            mapped = listing.item_ids.filtered("product_id")
            if not mapped:
                listing.mapping_state = "unmapped"
            elif mapped == listing.item_ids:
                listing.mapping_state = "mapped"
            else:
                listing.mapping_state = "partly"

    @api.depends("instance_id.control_panel_url", "bc_id")
    def _compute_admin_url(self):
        for listing in self:
            listing.admin_url = listing.instance_id._get_admin_url(
                f"products/edit/{listing.bc_id}"
            )

    def write(self, vals):
        back = self.browse()
        if vals.get("is_excluded") is False:
            back = self.filtered("is_excluded")
        result = super().write(vals)
        # Meanwhile they were left alone, and the store's prices and levels went on.
        self.env["bigcommerce.stock.level"].sudo()._forget(back)
        for instance, own in back.grouped("instance_id").items():
            instance._start_open("import_prices", ids=own.mapped("bc_id"))
        return result

    def _get_main_image(self):
        """Return the picture that shows the listing where there is room for one."""
        self.ensure_one()
        own = self.image_ids.filtered(lambda image: not image.item_id)
        return (own or self.image_ids)[:1]

    def _get_template(self):
        """Return the product that says what the listing is.

        That of its items; if none has one any more, what it was made from. None if the
        items stand for several.
        """
        self.ensure_one()
        templates = self.item_ids.product_id.product_tmpl_id or self.export_template_id
        return templates if len(templates) == 1 else templates.browse()
