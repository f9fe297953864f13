from odoo import fields, models


class BigcommerceCategory(models.Model):
    """A category of the store, and the one in Odoo that it is."""

    _name = "bigcommerce.category"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Category"

    tree_id = fields.Char("Category Tree", readonly=True)
    parent_bc_id = fields.Char("Parent ID in BigCommerce", readonly=True)
    parent_id = fields.Many2one("bigcommerce.category", index=True, readonly=True)
    is_visible = fields.Boolean("Visible", readonly=True)
    product_category_id = fields.Many2one(
        "product.category",
        "Odoo Category",
        index="btree_not_null",
        ondelete="set null",
        help="Category of the products that are in this one in BigCommerce. It is made "
        "when the first product needs it, unless you choose one here.",
    )
    is_product_category_own = fields.Boolean(
        "Made by the Connector",
        readonly=True,
        help="The Odoo category is renamed and moved when the store's is.",
    )

    def write(self, vals):
        if "product_category_id" in vals:
            vals = {"is_product_category_own": False, **vals}
        return super().write(vals)

    def _get_parent(self):
        """Return the category above this one; none if they go round in a circle."""
        self.ensure_one()
        return self.parent_id if self not in self._get_ancestors() else self.browse()

    def _get_ancestors(self):
        """Return the categories above these."""
        ancestors = self.browse()
        parents = self.parent_id
        while parents - ancestors:
            ancestors |= parents
            parents = parents.parent_id
        return ancestors

    def _get_deepest(self):
        """Return the one of these that lies deepest, the oldest of several.

        None if the store has none of them any more.
        """
        return min(
            self.filtered("active"),
            key=lambda category: (-len(category._get_ancestors()), int(category.bc_id)),
            default=self.browse(),
        )
