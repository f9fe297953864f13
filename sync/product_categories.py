from odoo import api, models
from odoo.tools import split_every

from .operation import PAGE_SIZE


class BigcommerceProductCategories(models.AbstractModel):
    """Gives products that the connector has made the categories of the store."""

    _name = "bigcommerce.product.categories"
    _description = "BigCommerce Product Categories"

    @api.model
    def _update_products(self, instance, listings):
        """Put the products made from ``listings`` where the store has them.

        Those whose stock has moved stay: their value lies on the accounts of their
        category.
        """
        if not instance.update_categories:
            return
        templates = (
            self.env["product.template"]
            .with_context(active_test=False)
            .search(
                [
                    ("bigcommerce_listing_id", "in", listings.ids),
                    ("bigcommerce_listing_id.is_excluded", "=", False),
                ]
            )
        )
        wanted = {
            listing: listing.category_ids._get_deepest()
            for listing in templates.bigcommerce_listing_id
        }
        misplaced = templates.filtered(
            lambda template: (
                (category := wanted[template.bigcommerce_listing_id])
                and (
                    not category.product_category_id
                    or template.categ_id != category.product_category_id
                )
            )
        )
        misplaced -= self._get_moved(misplaced)
        categories = self._find_or_create(instance, misplaced.bigcommerce_listing_id)
        for category, own in misplaced.grouped(
            lambda template: categories[template.bigcommerce_listing_id]
        ).items():
            own.categ_id = category

    @api.model
    def _update_all_products(self, instance):
        """Put all products that were made from the store's listings in their place."""
        if not instance.update_categories:
            return
        listings = self.env["bigcommerce.listing"].search(
            [("instance_id", "=", instance.id)], order="id"
        )
        for page in split_every(PAGE_SIZE, listings.ids, listings.browse):
            self._update_products(instance, page)

    @api.model
    def _get_moved(self, templates):
        """Return those of ``templates`` whose stock has ever moved."""
        moves = self.env["stock.move"]._read_group(
            [
                (
                    "product_id",
                    "in",
                    templates.with_context(active_test=False).product_variant_ids.ids,
                ),
                ("state", "=", "done"),
            ],
            ["product_id"],
        )
        return (
            self.env["product.product"]
            .concat(*(own for (own,) in moves))
            .mapped("product_tmpl_id")
        )

    @api.model
    def _find_or_create(self, instance, listings):
        """Return the product categories of listings, as far as they are to have one.

        :return: dict of listing -> product.category
        """
        if not instance.update_categories:
            return {}
        deepest = {listing: listing.category_ids._get_deepest() for listing in listings}
        self._create_missing(
            instance, self.env["bigcommerce.category"].concat(*deepest.values())
        )
        return {
            listing: category.product_category_id
            for listing, category in deepest.items()
            if category
        }

    @api.model
    def _create_missing(self, instance, categories):
        """Make the product categories of ``categories`` and of those above them."""
        while categories:
            chain = categories | categories._get_ancestors()
            # Those whose parents are there, and then those below them.
            missing = chain.filtered(
                lambda category: (
                    not category.product_category_id
                    and (
                        not category._get_parent()
                        or category._get_parent().product_category_id
                    )
                )
            )
            if not missing:
                return
            created = self.env["product.category"].create(
                [
                    {
                        "name": category.name,
                        "parent_id": self._get_place(instance, category).id,
                    }
                    for category in missing
                ]
            )
            for category, own in zip(missing, created, strict=True):
                category.write(
                    {"product_category_id": own.id, "is_product_category_own": True}
                )

    @api.model
    def _get_place(self, instance, category):
        """Return the product category below which that of ``category`` belongs."""
        if parent := category._get_parent():
            return parent.product_category_id
        if not instance.product_category_id:
            instance.product_category_id = self.env["product.category"].create(
                {"name": instance.name}
            )
        return instance.product_category_id

    @api.model
    def _follow(self, instance, categories):
        """Rename and move product categories like the store's ``categories``.

        Only what the connector has made.
        """
        own = categories.filtered(
            lambda category: (
                category.product_category_id and category.is_product_category_own
            )
        )
        self._create_missing(instance, own)
        for category in own:
            place = self._get_place(instance, category)
            product_category = category.product_category_id
            vals = {"name": category.name}
            # What somebody has mapped by hand may lie the other way round.
            if not self._is_inside(place, product_category):
                vals["parent_id"] = place.id
            product_category.write(vals)

    @api.model
    def _is_inside(self, place, product_category):
        ids = place.parent_path.split("/")
        return str(product_category.id) in ids
