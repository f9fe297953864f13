from collections import defaultdict

from odoo import api, models
from odoo.fields import Command

from ..client.errors import ProtocolError
from ..client.payloads.values import read_id, read_ids, read_integer
from .product_creation import get_variant_name
from .values import first_set, get_change, to_odoo

# What listings and their items are made of. The rest is not kept, or moves by itself.
PRODUCT_FIELDS = (
    "name",
    "type",
    "sku",
    "description",
    "price",
    "cost_price",
    "retail_price",
    "sale_price",
    "weight",
    "inventory_tracking",
    "is_visible",
    "availability",
    "brand_id",
    "categories",
    "tax_class_id",
    "upc",
    "gtin",
    "mpn",
    "images",
)
VARIANT_FIELDS = (
    "id",
    "sku",
    "option_values",
    "price",
    "weight",
    "upc",
    "gtin",
    "mpn",
    "image_url",
)


def get_variants(raw):
    """Return the variants of a raw product, as far as it has any."""
    variants = raw.get("variants")
    if not isinstance(variants, list):
        return []
    return [variant for variant in variants if isinstance(variant, dict)]


def get_reference_ids(raw):
    """Return what a raw product refers to: ids by model, none if it is unreadable."""
    try:
        brand_id = read_id(raw, "brand_id")
        tax_class_id = read_id(raw, "tax_class_id", zero_is_none=False)
        return {
            "bigcommerce.brand": {brand_id} - {""},
            "bigcommerce.category": set(read_ids(raw, "categories")),
            "bigcommerce.channel": set(read_ids(raw, "channels")),
            "bigcommerce.tax.class": {tax_class_id} - {""},
        }
    except ProtocolError:
        return {}


class BigcommerceListingRecords(models.AbstractModel):
    """What is kept of every product and variant of the store."""

    _name = "bigcommerce.listing.records"
    _description = "BigCommerce Listing Records"

    @api.model
    def _find_references(self, instance, raws):
        """Return what raw products refer to: by model, the records by id there."""
        ids = defaultdict(set)
        for raw in raws:
            for model, own in get_reference_ids(raw).items():
                ids[model] |= own
        return {
            model: self.env[model]._find(instance, own) for model, own in ids.items()
        }

    @api.model
    def _digest(self, raw, references):
        """Return a digest of what is kept of a raw product.

        What it refers to and Odoo does not know yet counts: the listing is written
        again when Odoo does.
        """
        unknown = {
            model: sorted(ids - references[model].keys())
            for model, ids in get_reference_ids(raw).items()
        }
        return self.env["bigcommerce.reference"]._digest(
            [
                {field: raw.get(field) for field in PRODUCT_FIELDS},
                [
                    {field: variant.get(field) for field in VARIANT_FIELDS}
                    for variant in get_variants(raw)
                ],
                unknown,
            ]
        )

    @api.model
    def _keep_moving(self, instance, listings, raws, references):
        """Write what moves by itself, which is no reason to do anything else.

        :param dict listings: the listings by their id there
        :param list raws: raw products
        :param dict references: what they refer to, see ``_find_references``
        """
        known = [raw for raw in raws if str(raw["id"]) in listings]
        items = self.env["bigcommerce.listing.item"]._find(
            instance,
            {str(variant.get("id")) for raw in known for variant in get_variants(raw)},
        )
        moved = []
        for raw in known:
            listing = listings[str(raw["id"])]
            self._keep_channels(listing, raw, references)
            moved.append((listing, raw, {"date_modified": to_odoo(get_change(raw))}))
            moved += [
                (items[str(variant.get("id"))], variant, {})
                for variant in get_variants(raw)
                if str(variant.get("id")) in items
            ]
        for record, raw, vals in moved:
            try:
                vals["inventory_level"] = read_integer(raw, "inventory_level")
            except ProtocolError:
                # For the same reason it will be blocked when it is applied.
                continue
            vals = {
                name: value for name, value in vals.items() if record[name] != value
            }
            if vals:
                record.write(vals)

    @api.model
    def _keep_channels(self, listing, raw, references):
        if not isinstance(raw.get("channels"), list):
            return
        known = references.get("bigcommerce.channel", {})
        channels = self.env["bigcommerce.channel"].concat(
            *(known[bc_id] for bc_id in map(str, raw["channels"]) if bc_id in known)
        )
        if listing.channel_ids != channels:
            listing.channel_ids = channels

    @api.model
    def _write_listings(self, instance, products, digests, references):
        """Write the listings of ``products``; return them by their id there.

        :param dict digests: digests of the raw products by id
        :param dict references: what they refer to, see ``_find_references``
        """

        def get_ids(model, ids):
            found = references[model]
            return [found[bc_id].id for bc_id in ids if bc_id in found]

        def get_id(model, bc_id):
            return next(iter(get_ids(model, [bc_id])), False)

        return self.env["bigcommerce.listing"]._upsert(
            instance,
            {
                product.id: {
                    **self._prepare_own_vals(product),
                    "brand_id": get_id("bigcommerce.brand", product.brand_id),
                    "tax_class_id": get_id(
                        "bigcommerce.tax.class", product.tax_class_id
                    ),
                    "category_ids": [
                        Command.set(
                            get_ids("bigcommerce.category", product.category_ids)
                        )
                    ],
                    "channel_ids": [
                        Command.set(get_ids("bigcommerce.channel", product.channel_ids))
                    ],
                    "payload_digest": digests[product.id],
                }
                for product in products
            },
        )

    @api.model
    def _prepare_own_vals(self, product):
        """Return what the product itself says."""
        main_image = min(
            product.images,
            key=lambda image: (not image.is_thumbnail, image.sort_order),
            default=None,
        )
        return {
            "name": product.name or product.sku or product.id,
            "sku": product.sku,
            "type": "digital" if product.type == "digital" else "physical",
            "description": product.description,
            "price": float(product.price),
            "cost_price": float(product.cost_price),
            "retail_price": float(product.retail_price),
            "sale_price": float(product.sale_price),
            "weight": float(product.weight),
            "inventory_tracking": product.inventory_tracking,
            "inventory_level": product.inventory_level,
            "is_visible": product.is_visible,
            "availability": product.availability,
            "upc": product.upc,
            "gtin": product.gtin,
            "mpn": product.mpn,
            "image_url": main_image and main_image.url_standard,
            "date_modified": to_odoo(product.date_modified),
        }

    @api.model
    def _write_items(self, instance, products, listings, mapping):
        """Make the items equal to the variants; return them by their id there.

        :param mapping: the products of the items that had none
        """
        Item = self.env["bigcommerce.listing.item"]
        vals_by_id = {
            variant.id: {
                **self._prepare_item_vals(product, variant),
                "listing_id": listings[product.id].id,
            }
            for product in products
            for variant in product.variants
        }
        # What an item stands for is Odoo's, and no part of the store's digest.
        mapped = {
            bc_id: {
                "payload_digest": Item._digest(vals_by_id[bc_id]),
                "product_id": mapping.product_ids.get(bc_id, False),
                "mapping_problem": bc_id in mapping.problems
                and mapping.problems[bc_id].message,
            }
            for bc_id in mapping.product_ids.keys() | mapping.problems.keys()
        }
        items = Item._upsert(
            instance,
            {
                bc_id: {**vals, **mapped.get(bc_id, {})}
                for bc_id, vals in vals_by_id.items()
            },
        )
        for bc_id, vals in mapped.items():
            item = items[bc_id]
            if (item.product_id.id, item.mapping_problem) != (
                vals["product_id"],
                vals["mapping_problem"],
            ):
                item.write(vals)
        Item.search(
            [
                ("listing_id", "in", [listings[product.id].id for product in products]),
                ("bc_id", "not in", list(items)),
            ]
        ).action_archive()
        return items

    @api.model
    def _prepare_item_vals(self, product, variant):
        return {
            "name": get_variant_name(product, variant),
            "sku": variant.sku,
            "options": ", ".join(
                f"{option.option_name}: {option.label}" for option in variant.options
            ),
            "price": float(first_set(variant.price, product.price)),
            # A base variant repeats what its product says.
            "has_own_price": bool(variant.options) and variant.price is not None,
            "weight": float(first_set(variant.weight, product.weight)),
            "inventory_level": variant.inventory_level,
            "upc": variant.upc,
            "gtin": variant.gtin,
            "mpn": variant.mpn,
            "image_url": variant.image_url,
        }
