from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..client.errors import ProtocolError
from ..client.payloads.product import Product
from ..client.resources.scopes import PRODUCTS
from .operation import GONE, PAGE_SIZE, Found, FoundPage
from .price_changes import get_keys_of_price
from .problems import Blocked
from .sku_matching import MATCHING_CAUSES, UNMATCHED_CAUSES, match_sku
from .values import get_newest_change, parse_utc


class Mapping(NamedTuple):
    """Which products the variants of a batch stand for that had none until now.

    By ids there: ids of products, the :class:`Blocked` that prevents it, and those
    whose product was made.
    """

    product_ids: dict
    problems: dict
    created: set


class BigcommerceImportListings(models.AbstractModel):
    """Keep the listings in step with the store's catalogue, and map them by SKU."""

    _name = "bigcommerce.import.listings"
    _inherit = "bigcommerce.operation"
    _description = "Import Listings"

    _code = "import_listings"
    _subject_model = "bigcommerce.listing"
    _priority = 30
    _interval = (1, "days")
    _choices = {
        "everything": "full",
        "since": "since",
        "product_numbers": "ids",
        "skus": "skus",
    }
    _has_preview = True
    _scopes = (PRODUCTS,)

    @api.model
    def _get_label(self):
        return self.env._("Import Listings")

    @api.model
    def _get_companions(self, instance, options):
        if "ids" in options:
            return []
        images = ["import_images"] if instance.sync_listing_images else []
        return ["import_categories", "import_brands", *images]

    @api.model
    def _prepare_options(self, instance, choices):
        skus = choices.pop("skus", [])
        options = super()._prepare_options(instance, choices)
        if skus:
            ids = {*options.get("ids", ()), *self._find_product_ids(instance, skus)}
            options["ids"] = sorted(ids, key=int)
        return options

    @api.model
    def _find_product_ids(self, instance, skus):
        """Return the ids of the products that have these SKUs, themselves or variants.

        Odoo may not know the product yet: then the store is asked.

        :raise UserError: if there is none, or the store does not answer
        """
        items = self.env["bigcommerce.listing.item"].search(
            [("instance_id", "=", instance.id), ("sku", "in", skus)]
        )
        ids = {item.sku: item.listing_id.bc_id for item in items}
        with instance._ask_now() as client:
            for sku in skus:
                if sku in ids:
                    continue
                variants = client.list_variants(sku)
                if not variants:
                    raise UserError(
                        self.env._(
                            "%(instance)s has no product with the SKU “%(sku)s”.",
                            instance=instance.name,
                            sku=sku,
                        )
                    )
                ids[sku] = str(variants[0]["product_id"])
        return set(ids.values())

    # Discover

    @api.model
    def _discover(self, client, instance, options, resume):
        """Scan by id, so that nothing shifts while the pages are read.

        What is expected and not on the page where its id belongs is gone from the
        store. What is made there meanwhile has higher ids than all that is there.
        """
        filters = resume.get("filters")
        if filters is None:
            filters = self._get_filters(instance, options)
        after_id = resume.get("after_id", 0)
        ids = sorted(map(int, options["ids"])) if "ids" in options else None
        expected = [
            bc_id
            for bc_id in self._get_expected_ids(instance, ids, filters)
            if bc_id > after_id
        ]
        for page in client.iterate_products(
            product_ids=ids,
            after_id=after_id,
            **{name: parse_utc(text) for name, text in filters.items()},
        ):
            page_ids = {int(raw["id"]) for raw in page.items}
            last_id = max(page_ids)
            gone = [
                bc_id
                for bc_id in expected
                if bc_id <= last_id and bc_id not in page_ids
            ]
            expected = [bc_id for bc_id in expected if bc_id > last_id]
            yield FoundPage(
                [*map(self._found, page.items), *map(self._found_gone, gone)],
                {"after_id": last_id, "filters": filters},
                page.date,
                get_newest_change(page.items),
            )
        for gone in split_every(PAGE_SIZE, expected):
            yield FoundPage(
                [*map(self._found_gone, gone)],
                {"after_id": gone[-1], "filters": filters},
            )

    @api.model
    def _get_expected_ids(self, instance, ids, filters):
        """Return the ids of the products that are gone unless they are found.

        Those asked for; in a scan of everything, all that were there until now.
        """
        if ids is not None:
            return ids
        if filters:
            return []
        groups = self.env["bigcommerce.listing"]._read_group(
            [("instance_id", "=", instance.id)], ["bc_id"]
        )
        return sorted(int(bc_id) for (bc_id,) in groups)

    @api.model
    def _found(self, raw):
        name = raw.get("name") or raw.get("sku") or raw["id"]
        return Found(str(raw["id"]), str(name), raw)

    @api.model
    def _found_gone(self, bc_id):
        name = self.env._("Product %s", bc_id)
        return Found(str(bc_id), name, {"id": bc_id, GONE: True})

    # Keep

    @api.model
    def _keep_found(self, instance, options, items):
        """Return what is new, changed, gone or not mapped yet."""
        Records = self.env["bigcommerce.listing.records"]
        listings = self.env["bigcommerce.listing"]._find(
            instance, [item.key for item in items]
        )
        present = [item for item in items if GONE not in item.payload]
        gone = [item for item in items if GONE in item.payload]
        raws = [item.payload for item in present]
        references = Records._find_references(instance, raws)
        Records._keep_moving(instance, listings, raws, references)
        unmapped = self.env["bigcommerce.listing.item"]._read_group(
            [
                ("listing_id", "in", [listing.id for listing in listings.values()]),
                ("listing_id.is_excluded", "=", False),
                ("product_id", "=", False),
            ],
            ["listing_id"],
        )
        settled = {
            bc_id: listing.payload_digest
            for bc_id, listing in listings.items()
            if listing.active and (listing,) not in unmapped
        }
        wanted = [
            item
            for item in present
            if settled.get(item.key) != Records._digest(item.payload, references)
        ]
        wanted += [
            item for item in gone if item.key in listings and listings[item.key].active
        ]
        if "ids" in options and not options.get("again"):
            wanted += [
                item._replace(problem=self._explain_missing(item.payload))
                for item in gone
                if item.key not in listings
            ]
        keys = {item.key for item in wanted}
        self._cancel_mapped(instance, [key for key in listings if key not in keys])
        return wanted

    @api.model
    def _explain_missing(self, payload):
        return Blocked(
            "not_found", self.env._("The store has no product %s.", payload["id"])
        )

    @api.model
    def _cancel_mapped(self, instance, keys):
        """Cancel what waits for products of listings that have them by now."""
        QueueLine = self.env["bigcommerce.queue.line"]
        QueueLine.search(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", self._code),
                ("key", "in", keys),
                ("state", "in", QueueLine._WAITING_STATES),
                ("cause_id.code", "in", MATCHING_CAUSES),
            ]
        ).action_cancel()

    # Fetch

    @api.model
    def _fetch(self, client, lines):
        """Ask by id for what a list did not hold: it may have been cut short."""
        gone = {line.key: line for line in lines if line._get_payload().get(GONE)}
        pages = client.iterate_products(product_ids=sorted(map(int, gone)))
        return {
            gone[str(raw["id"])]: {**raw, GONE: False}
            for page in pages
            for raw in page.items
        }

    # Apply

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        payloads = {line: line._get_payload() for line in lines}
        outcomes = self._archive_gone(
            lines.filtered(lambda line: payloads[line].get(GONE))
        )
        present = lines - lines.browse().concat(*outcomes)
        imported = self._import_products(instance, [payloads[line] for line in present])
        return outcomes | {line: imported[line.key] for line in present}

    @api.model
    def _archive_gone(self, lines):
        """Archive the listings of products that the store no longer has.

        Their products in Odoo stay as they are.
        """
        listings = self.env["bigcommerce.listing"]._find(
            lines.instance_id, lines.mapped("key")
        )
        gone = self.env["bigcommerce.listing"].concat(*listings.values())
        gone.item_ids.action_archive()
        gone.action_archive()
        return {line: listings.get(line.key, line.instance_id) for line in lines}

    @api.model
    def _import_products(self, instance, payloads):
        """Write listings and items of products, and map the items.

        :param list payloads: products as the API answers them, with variants
        :return: dict of product id there -> listing, or a :class:`Blocked` that says
            what keeps its items from being mapped, or their prices from being taken
        """
        Records = self.env["bigcommerce.listing.records"]
        products, outcomes = self._parse_products(payloads)
        references = Records._find_references(instance, payloads)
        digests = {
            str(payload["id"]): Records._digest(payload, references)
            for payload in payloads
        }
        known = self._find_known_items(instance, products.values())
        former_prices = {
            bc_id: item.price
            for bc_id, item in known.items()
            if item.product_id and not item.price_problem
        }
        listings = Records._write_listings(
            instance, products.values(), digests, references
        )
        mapping = self._map_variants(instance, products.values(), listings, known)
        items = Records._write_items(instance, products.values(), listings, mapping)
        self.env["bigcommerce.listing.images"]._keep(
            instance, products.values(), listings, items
        )
        self._give_images(items, mapping)
        problems = {
            **mapping.problems,
            **self._take_prices(instance, items, former_prices),
        }
        self.env["bigcommerce.product.categories"]._update_products(
            instance, self.env["bigcommerce.listing"].concat(*listings.values())
        )
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
    def _parse_products(self, payloads):
        """Return what can be read by id there, and likewise what cannot: why not."""
        products, problems = {}, {}
        for payload in payloads:
            try:
                products[str(payload["id"])] = Product.parse(payload)
            except ProtocolError as error:
                problems[str(payload["id"])] = Blocked("unreadable", str(error))
        return products, problems

    @api.model
    def _find_known_items(self, instance, products):
        return self.env["bigcommerce.listing.item"]._find(
            instance,
            {variant.id for product in products for variant in product.variants},
        )

    @api.model
    def _map_variants(self, instance, products, listings, known):
        """Find or make the products of the variants that have none.

        Those of listings that are not synchronised are left as they are.

        :param dict known: the items there are, by their id there
        :return: :class:`Mapping`
        """
        unmapped = {
            variant.id: variant
            for product in products
            for variant in product.variants
            if not (variant.id in known and known[variant.id].product_id)
            and not listings[product.id].is_excluded
        }
        found, problems = self._match_variants(instance, unmapped)
        created = {}
        if instance.create_odoo_products:
            creatable = {
                bc_id
                for bc_id, problem in problems.items()
                if problem.cause in UNMATCHED_CAUSES
            }
            created = self.env["bigcommerce.product.creation"]._create_products(
                instance, products, listings, creatable
            )
            # Two items may share a SKU, and so the product just made for one of them.
            rest = {
                bc_id: unmapped[bc_id] for bc_id in problems if bc_id not in created
            }
            shared, problems = self._match_variants(instance, rest)
            found |= shared
        created = {bc_id: product.id for bc_id, product in created.items()}
        return Mapping({**found, **created}, problems, set(created))

    @api.model
    def _match_variants(self, instance, variants):
        """Return the ids of the products that SKUs mean, and what is not found."""
        matches = self.env["product.product"]._find_by_sku(
            [variant.sku for variant in variants.values()], instance.company_id
        )
        found, problems = {}, {}
        for bc_id, variant in variants.items():
            try:
                found[bc_id] = match_sku(self.env, variant.sku, matches)
            except Blocked as problem:
                problems[bc_id] = problem
        return found, problems

    @api.model
    def _give_images(self, items, mapping):
        """Show the pictures that are here already on the products just made."""
        listings = (
            self.env["bigcommerce.listing.item"]
            .concat(*(items[bc_id] for bc_id in mapping.created))
            .listing_id
        )
        images = self.env["bigcommerce.listing.image"].search(
            [("listing_id", "in", listings.ids), ("downloaded_version", "!=", False)]
        )
        self.env["bigcommerce.listing.images"]._give_to_products(images)

    @api.model
    def _take_prices(self, instance, items, former_prices):
        """Hand over the prices that are new in the store, or to a product in Odoo.

        :param dict items: the items by their id there
        :param dict former_prices: the prices known before, by the id there
        :return: dict of variant id there -> the :class:`Blocked` that keeps its price
            from being taken
        """
        on_their_way = self._find_on_their_way(instance, items.values())
        changes = [
            (item, former_prices.get(bc_id))
            for bc_id, item in items.items()
            if item.product_id
            and item not in on_their_way
            and (item.price != former_prices.get(bc_id) or item.price_problem)
        ]
        if not changes:
            return {}
        problems = self.env["bigcommerce.pricelist.rules"]._take_prices(
            instance, changes
        )
        return {item.bc_id: problem for item, problem in problems.items()}

    @api.model
    def _find_on_their_way(self, instance, items):
        """Return the items whose price is being sent: what the store has is Odoo's."""
        QueueLine = self.env["bigcommerce.queue.line"]
        groups = QueueLine._read_group(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", "export_prices"),
                ("state", "in", QueueLine._ACTIVE_STATES),
            ],
            ["key"],
        )
        keys = {key for (key,) in groups}
        return {
            item
            for item in items
            if keys and not keys.isdisjoint(get_keys_of_price(item))
        }
