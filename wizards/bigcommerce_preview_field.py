from odoo import fields, models


class BigcommercePreviewField(models.TransientModel):
    """A field of a product that is something else in the store than in Odoo."""

    _name = "bigcommerce.preview.field"
    _description = "BigCommerce Preview Field"
    _order = "preview_line_id, id"

    preview_line_id = fields.Many2one(
        "bigcommerce.preview.line",
        "Product",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    preview_id = fields.Many2one(
        related="preview_line_id.preview_id", store=True, index=True
    )
    name = fields.Char("Field", required=True, readonly=True)
    there = fields.Text("In BigCommerce", readonly=True, help="Empty: nothing.")
    here = fields.Text("In Odoo", readonly=True)
    is_sent = fields.Boolean(
        "Sent?", readonly=True, help="Otherwise the store keeps what it has."
    )
    reason = fields.Text("Why Not", readonly=True)
