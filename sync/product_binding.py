from odoo import api, models

from ..client.payloads.product import Product
from .import_listings import Mapping
from .product_keys import get_template_id


class BigcommerceProductBinding(models.AbstractModel):
    """Keeps what the store confirmed of exported products, as an import would.

    So that an import afterwards finds nothing to do.
    """

    _name = "bigcommerce.product.binding"
    _description = "BigCommerce Product Binding"

    @api.model
    def _merge(self, payload):
        """Return a product as it is after its changes were confirmed."""
        raw = {**payload["there"]}
        saved = payload["saved"]
        raw |= {name: value for name, value in saved.items() if name in raw}
        variants = payload["saved_variants"]
        raw["variants"] = [
            self._merge_variant(own, saved, variants.get(str(own["id"])))
            for own in payload["there"]["variants"]
        ]
        return raw

    @api.model
    def _merge_variant(self, own, saved, changed):
        """Return a variant as it is; the base variant repeats its product."""
        if changed:
            return {**own, **{name: changed[name] for name in own if name in changed}}
        if own.get("option_values"):
            return own
        shared = (
            "sku",
            "weight",
            "width",
            "depth",
            "height",
            "cost_price",
            "upc",
            "gtin",
            "mpn",
        )
        return {**own, **{name: saved[name] for name in shared if name in saved}}

    @api.model
    def _keep_brand(self, instance, raw, name):
        brand_id = str(raw.get("brand_id") or "")
        if not name or not brand_id:
            return
        Brand = self.env["bigcommerce.brand"]
        if brand_id not in Brand._find(instance, [brand_id]):
            Brand._upsert(instance, {brand_id: {"name": name}})

    @api.model
    def _match_products(self, line, raw):
        """Return the Odoo products of a new listing's variants: id there -> id."""
        # It may have been archived meanwhile.
        Template = self.env["product.template"].with_context(active_test=False)
        template = Template.browse(get_template_id(line.key))
        variants = template.product_variant_ids
        if template.active:
            variants = variants.filtered("active")
        product = Product.parse(raw)
        if len(product.variants) == 1 and len(variants) == 1:
            return {product.variants[0].id: variants.id}
        by_sku = {
            (own.default_code or "").strip().lower(): own.id
            for own in variants
            if own.default_code
        }
        return {
            variant.id: by_sku[variant.sku.lower()]
            for variant in product.variants
            if variant.sku.lower() in by_sku
        }

    @api.model
    def _keep_listings(self, instance, raws, product_ids):
        """Write listings and items as the store has them, as an import would.

        :param dict product_ids: ids of the products of new variants, by id there
        :return: dict of product id there -> listing
        """
        Records = self.env["bigcommerce.listing.records"]
        products = {str(raw["id"]): Product.parse(raw) for raw in raws}
        references = Records._find_references(instance, raws)
        digests = {str(raw["id"]): Records._digest(raw, references) for raw in raws}
        listings = Records._write_listings(
            instance, products.values(), digests, references
        )
        product_ids = product_ids | self._match_new_variants(
            products.values(), listings, product_ids
        )
        Records._write_items(
            instance,
            products.values(),
            listings,
            Mapping(product_ids, {}, set()),
        )
        return listings

    @api.model
    def _match_new_variants(self, products, listings, known):
        """Return the products of variants that were added to listings, by their SKU.

        :param dict known: variant id there -> product id, of those that are matched
        """
        found = {}
        for product in products:
            items = listings[product.id].item_ids
            template = listings[product.id]._get_template()
            here = set(items.filtered("product_id").mapped("bc_id"))
            left = template.product_variant_ids - items.product_id
            by_sku = {
                own.default_code.strip().lower(): own.id
                for own in left
                if own.default_code
            }
            found |= {
                variant.id: by_sku[variant.sku.lower()]
                for variant in product.variants
                if variant.id not in here
                and variant.id not in known
                and variant.sku.lower() in by_sku
            }
        return found

    @api.model
    def _keep_what_was_taken_off(self, listing, payload):
        """Remember what was hidden or taken off sale, to bring just that back."""
        if (is_hidden := payload.get("is_hidden")) is not None:
            listing.is_hidden_by_archiving = is_hidden
        sale = payload.get("sale", {})
        for item in listing.item_ids.filtered(lambda item: item.bc_id in sale):
            item.is_disabled_by_odoo = sale[item.bc_id]
