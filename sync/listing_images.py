from odoo import api, models


def get_version(image):
    """Return what changes whenever a picture of a product does.

    :param image: :class:`~..client.payloads.product.Image`
    """
    return f"{image.url_zoom or image.url_standard} {image.date_modified or ''}"


class BigcommerceListingImages(models.AbstractModel):
    """Keeps which pictures listings have; ``import_images`` downloads them."""

    _name = "bigcommerce.listing.images"
    _description = "BigCommerce Listing Images"

    @api.model
    def _keep(self, instance, products, listings, items):
        """Make the pictures of listings those of the store, and have them downloaded.

        See ``_write_images``.
        """
        images = self._write_images(instance, products, listings, items)
        due = [bc_id for bc_id, image in images.items() if not image.is_current]
        if due and instance.sync_listing_images:
            instance._start_open("import_images", ids=due)

    @api.model
    def _write_images(self, instance, products, listings, items):
        """Make the pictures of listings those of the store.

        :param products: payloads of the listings
        :param dict listings: the listings by their id there
        :param dict items: their items by their id there
        :return: the pictures by their id there
        """
        Image = self.env["bigcommerce.listing.image"]
        vals_by_id = {}
        for product in products:
            listing_id = listings[product.id].id
            for image in product.images:
                vals_by_id[image.id] = {
                    **self._prepare_vals(
                        listing_id, product, image.url_zoom or image.url_standard
                    ),
                    "sequence": image.sort_order,
                    "is_thumbnail": image.is_thumbnail,
                    "version": get_version(image),
                }
            for variant in product.variants:
                vals_by_id[f"variant-{variant.id}"] = {
                    **self._prepare_vals(listing_id, product, variant.image_url),
                    "item_id": items[variant.id].id,
                    "version": variant.image_url,
                }
        vals_by_id = {bc_id: vals for bc_id, vals in vals_by_id.items() if vals["url"]}
        images = Image._upsert(instance, vals_by_id)
        Image.with_context(active_test=False).search(
            [
                ("listing_id", "in", [listings[product.id].id for product in products]),
                ("bc_id", "not in", list(vals_by_id)),
            ]
        ).unlink()
        pictured = self.env["bigcommerce.listing"].concat(
            *(image.listing_id for image in images.values())
        )
        pictured.filtered(lambda listing: not listing.had_images).had_images = True
        return images

    @api.model
    def _prepare_vals(self, listing_id, product, url):
        return {
            "listing_id": listing_id,
            "name": product.name or product.sku or product.id,
            "url": url,
        }

    @api.model
    def _give_to_products(self, images):
        """Show pictures on products that the connector has made and that have none."""
        listings = images.listing_id.filtered(lambda listing: not listing.is_excluded)
        templates = (
            self.env["product.template"]
            .with_context(active_test=False)
            .search([("bigcommerce_listing_id", "in", listings.ids)])
            .grouped("bigcommerce_listing_id")
        )
        for image in images.filtered("image_1920"):
            own = templates.get(image.listing_id, self.env["product.template"])
            if not image.item_id and image == image.listing_id._get_main_image():
                own.filtered(
                    lambda template: not template.image_1920
                ).image_1920 = image.image_1920
            variant = image.item_id.product_id
            if (
                variant.product_tmpl_id in own
                and variant.product_template_attribute_value_ids
                and not variant.image_variant_1920
            ):
                variant.image_variant_1920 = image.image_1920
