from odoo import fields, models


class BigcommerceCategory(models.Model):
    _name = "bigcommerce.category"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Category"

    tree_id = fields.Char("Category Tree", readonly=True)
    parent_bc_id = fields.Char("Parent ID in BigCommerce", readonly=True)
    parent_id = fields.Many2one("bigcommerce.category", index=True, readonly=True)
    is_visible = fields.Boolean("Visible", readonly=True)
