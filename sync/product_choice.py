from odoo import api, models
from odoo.fields import Domain

from .product_keys import get_template_id


class BigcommerceProductChoice(models.AbstractModel):
    """Which listings and products of Odoo an export is about."""

    _name = "bigcommerce.product.choice"
    _description = "BigCommerce Product Choice"

    @api.model
    def _choose(self, instance, options):
        """Return the listings to be updated, and the templates to be made."""
        Listing = self.env["bigcommerce.listing"]
        Template = self.env["product.template"].with_context(active_test=False)
        own = [("instance_id", "=", instance.id), ("is_excluded", "=", False)]
        if "ids" in options:
            new = filter(None, map(get_template_id, options["ids"]))
            ids = [key for key in options["ids"] if key.isdigit()]
            listings = Listing.search([*own, ("bc_id", "in", ids)], order="id")
            return listings, Template.browse(new).exists()
        if not options.keys() & {"templates", "categories", "listings"}:
            return (
                Listing.search(
                    [*own, ("item_ids.product_id", "!=", False)], order="id"
                ),
                Template,
            )
        templates = Template.browse(options.get("templates", ())).exists()
        if categories := options.get("categories"):
            templates |= Template.search(
                [
                    ("categ_id", "child_of", categories),
                    ("active", "=", True),
                    ("sale_ok", "=", True),
                    ("company_id", "in", (False, instance.company_id.id)),
                ]
            )
        listings = self._search_listings(instance, templates)
        listings = listings.filtered(lambda listing: not listing.is_excluded)
        listed = self._find_listed(instance, templates)
        chosen = options.get("listings", ())
        listings |= Listing.search([*own, ("bc_id", "in", chosen)], order="id")
        return listings, (templates - listed).filtered("active").sorted("id")

    @api.model
    def _find_listed(self, instance, templates):
        """Return those of which the store has a listing, excluded or not."""
        return self._search_listings(instance, templates).mapped(
            lambda listing: (
                listing.item_ids.product_id.product_tmpl_id | listing.export_template_id
            )
        )

    @api.model
    def _search_listings(self, instance, templates):
        """Return the listings that products have, or were made into."""
        items = Domain("item_ids.product_id.product_tmpl_id", "in", templates.ids)
        made = Domain("export_template_id", "in", templates.ids)
        return self.env["bigcommerce.listing"].search(
            Domain("instance_id", "=", instance.id) & (items | made), order="id"
        )
