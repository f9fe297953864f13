from odoo import api, models
from odoo.fields import Command

from ..client.errors import ProtocolError
from ..client.payloads.product import Product
from .operation import Found, FoundPage
from .problems import Blocked
from .product_creation import get_variant_name
from .sku_matching import UNMATCHED_CAUSES, match_sku
from .values import first_set, to_odoo


class BigcommerceImportListings(models.AbstractModel):
    """Keep the listings in step with the store's catalogue, and map them by SKU."""

    _name = "bigcommerce.import.listings"
    _inherit = "bigcommerce.operation"
    _description = "Import Listings"

    _code = "import_listings"
    _priority = 30

    @api.model
    def _get_label(self):
        return self.env._("Import Listings")

    @api.model
    def _discover(self, client, instance, options, resume):
        for page in client.iterate_products(
            product_ids=options.get("ids"), after_id=resume.get("after_id")
        ):
            yield FoundPage(
                [self._found(raw) for raw in page.items],
                {"after_id": max(int(raw["id"]) for raw in page.items)},
                page.date,
            )

    @api.model
    def _found(self, raw):
        name = raw.get("name") or raw.get("sku") or raw["id"]
        return Found(str(raw["id"]), str(name), raw)

    @api.model
    def _keep_found(self, instance, options, items):
        """Return what is new, changed or not mapped yet."""
        listings = self.env["bigcommerce.listing"]._find(
            instance, [item.key for item in items]
        )
        unmapped = self.env["bigcommerce.listing.item"]._read_group(
            [
                ("listing_id", "in", [listing.id for listing in listings.values()]),
                ("product_id", "=", False),
            ],
            ["listing_id"],
        )
        settled = {
            bc_id: listing.payload_digest
            for bc_id, listing in listings.items()
            if listing.active and (listing,) not in unmapped
        }
        return [
            item
            for item in items
            if settled.get(item.key) != self._digest(item.payload)
        ]

    @api.model
    def _apply(self, lines):
        imported = self._import_products(
            lines.instance_id, [line._get_payload() for line in lines]
        )
        return {line: imported[line.key] for line in lines}

    @api.model
    def _digest(self, payload):
        return self.env["bigcommerce.reference"]._digest(payload)

    @api.model
    def _import_products(self, instance, payloads):
        """Write listings and items of products, and map the items.

        :param list payloads: products as the API answers them, with variants
        :return: dict of product id there -> listing, or a :class:`Blocked` that says
            what keeps its items from being mapped
        """
        products, outcomes = {}, {}
        for payload in payloads:
            try:
                products[str(payload["id"])] = Product.parse(payload)
            except ProtocolError as error:
                outcomes[str(payload["id"])] = Blocked("unreadable", str(error))
        digests = {str(payload["id"]): self._digest(payload) for payload in payloads}
        listings = self.env["bigcommerce.listing"]._upsert(
            instance,
            {
                bc_id: {**vals, "payload_digest": digests[bc_id]}
                for bc_id, vals in self._prepare_listing_vals(
                    instance, products.values()
                ).items()
            },
        )
        items = self._write_items(instance, products.values(), listings)
        problems = self._map_items(instance, products.values(), items)
        for bc_id, product in products.items():
            outcomes[bc_id] = next(
                (
                    problems[variant.id]
                    for variant in product.variants
                    if variant.id in problems
                ),
                listings[bc_id],
            )
        return outcomes

    @api.model
    def _prepare_listing_vals(self, instance, products):
        """Return the values of the listings of ``products``, by their id there."""
        brands = self.env["bigcommerce.brand"]._find(
            instance, {product.brand_id for product in products}
        )
        categories = self.env["bigcommerce.category"]._find(
            instance,
            {bc_id for product in products for bc_id in product.category_ids},
        )
        return {
            product.id: {
                "name": product.name or product.sku or product.id,
                "sku": product.sku,
                "type": "digital" if product.type == "digital" else "physical",
                "description": product.description,
                "price": product.price,
                "weight": product.weight,
                "inventory_tracking": product.inventory_tracking,
                "inventory_level": product.inventory_level,
                "is_visible": product.is_visible,
                "availability": product.availability,
                "brand_id": product.brand_id in brands and brands[product.brand_id].id,
                "category_ids": [
                    Command.set(
                        [
                            categories[bc_id].id
                            for bc_id in product.category_ids
                            if bc_id in categories
                        ]
                    )
                ],
                "image_url": next(
                    (
                        image.url_standard
                        for image in sorted(
                            product.images,
                            key=lambda image: (
                                not image.is_thumbnail,
                                image.sort_order,
                            ),
                        )
                    ),
                    False,
                ),
                "date_modified": to_odoo(product.date_modified),
            }
            for product in products
        }

    @api.model
    def _write_items(self, instance, products, listings):
        """Make the items equal to the variants; return them by their id there."""
        items = self.env["bigcommerce.listing.item"]._upsert(
            instance,
            {
                variant.id: {
                    "listing_id": listings[product.id].id,
                    "name": get_variant_name(product, variant),
                    "sku": variant.sku,
                    "price": first_set(variant.price, product.price),
                    "weight": first_set(variant.weight, product.weight),
                    "inventory_level": variant.inventory_level,
                    "upc": variant.upc,
                    "gtin": variant.gtin,
                    "mpn": variant.mpn,
                    "image_url": variant.image_url,
                }
                for product in products
                for variant in product.variants
            },
        )
        self.env["bigcommerce.listing.item"].search(
            [
                ("listing_id", "in", [listings[product.id].id for product in products]),
                ("bc_id", "not in", list(items)),
            ]
        ).action_archive()
        return items

    @api.model
    def _map_items(self, instance, products, items):
        """Bind the items without a product to the product of their SKU.

        :return: dict of variant id there -> the :class:`Blocked` that prevents it
        """
        unmapped = {
            variant.id: variant
            for product in products
            for variant in product.variants
            if not items[variant.id].product_id
        }
        problems = self._match_items(instance, unmapped, items)
        if instance.create_odoo_products:
            creatable = {
                bc_id
                for bc_id, problem in problems.items()
                if problem.cause in UNMATCHED_CAUSES
            }
            created = self.env["bigcommerce.product.creation"]._create_products(
                instance, products, creatable
            )
            for bc_id, product in created.items():
                items[bc_id].product_id = product
            # Two items may share a SKU, and so the product just made for one of them.
            rest = {
                bc_id: variant
                for bc_id, variant in unmapped.items()
                if bc_id in problems and bc_id not in created
            }
            problems = self._match_items(instance, rest, items)
        for bc_id in unmapped:
            problem = problems.get(bc_id)
            message = problem.message if problem else False
            if items[bc_id].mapping_problem != message:
                items[bc_id].mapping_problem = message
        return problems

    @api.model
    def _match_items(self, instance, variants, items):
        matches = self.env["product.product"]._find_by_sku(
            [variant.sku for variant in variants.values()], instance.company_id
        )
        problems = {}
        for bc_id, variant in variants.items():
            try:
                items[bc_id].product_id = match_sku(self.env, variant.sku, matches)
            except Blocked as problem:
                problems[bc_id] = problem
        return problems
