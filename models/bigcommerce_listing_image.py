from odoo import api, fields, models


class BigcommerceListingImage(models.Model):
    """A picture of a listing, or of one of its items, as the store shows it."""

    _name = "bigcommerce.listing.image"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Listing Image"
    _order = "listing_id, is_thumbnail desc, sequence, id"

    listing_id = fields.Many2one(
        "bigcommerce.listing",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    item_id = fields.Many2one(
        "bigcommerce.listing.item",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: a picture of the whole listing.",
    )
    sequence = fields.Integer(readonly=True)
    is_thumbnail = fields.Boolean("Main Picture", readonly=True)
    image_1920 = fields.Image("Image", max_width=1920, max_height=1920, readonly=True)
    image_128 = fields.Image(
        "Small Image",
        related="image_1920",
        max_width=128,
        max_height=128,
        store=True,
    )
    url = fields.Char("Address", readonly=True)
    version = fields.Char(
        readonly=True, help="Another one whenever the picture changes in the store."
    )
    sent_checksum = fields.Char(
        readonly=True, help="Of Odoo's picture, if it was sent from here."
    )
    downloaded_version = fields.Char(readonly=True)
    is_current = fields.Boolean(
        compute="_compute_is_current",
        store=True,
        help="The picture is here as it is in the store.",
    )
    problem = fields.Char(readonly=True, help="Why it could not be downloaded.")

    _due_index = models.Index("(instance_id, id) WHERE is_current IS NOT TRUE")

    @api.depends("version", "downloaded_version")
    def _compute_is_current(self):
        for image in self:
            image.is_current = image.version == image.downloaded_version
