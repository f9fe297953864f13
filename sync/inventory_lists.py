from odoo import api, models
from odoo.tools import split_every

from ..client.errors import ProtocolError
from ..client.payloads.inventory import InventoryItem
from .operation import Found, FoundPage
from .problems import Blocked
from .stock_quantities import MAXIMUM_LEVEL

# Items that the store answers in one page, and ids that go in one request.
ITEMS_PER_PAGE = 1000
IDS_AT_A_TIME = 100


class BigcommerceInventoryLists(models.AbstractModel):
    """What the operations have in common that read the store's levels."""

    _name = "bigcommerce.inventory.lists"
    _inherit = "bigcommerce.operation"
    _description = "BigCommerce Inventory Lists"

    _subject_model = "bigcommerce.listing.item"

    # Of which locations: those whose stock is imported, or exported.
    _stock_direction = ""

    @api.model
    def _check_may_start(self, instance):
        self.env["bigcommerce.location"]._check_in_use(instance, self._stock_direction)

    @api.model
    def _discover(self, client, instance, options, resume):
        location_ids = self._find_locations(instance).mapped("bc_id")
        asked_for = options.get("ids")
        if "listings" in options:
            asked_for = self._find_item_ids(instance, options["listings"])
        if asked_for is not None:
            done = resume.get("done", 0)
            for ids in split_every(IDS_AT_A_TIME, asked_for[done:], list):
                done += len(ids)
                pages = client.iterate_inventory_items(
                    location_ids=location_ids, variant_ids=ids
                )
                found = [self._found(raw) for page in pages for raw in page.items]
                yield FoundPage(found, {"done": done})
            return
        for page in client.iterate_inventory_items(
            location_ids=location_ids,
            limit=ITEMS_PER_PAGE,
            first_page=resume.get("page", 1),
        ):
            yield FoundPage(
                [self._found(raw) for raw in page.items],
                {"page": page.number + 1},
                page.date,
            )

    @api.model
    def _find_item_ids(self, instance, listing_ids):
        """Return the ids of the variants of some products, by the ids of these."""
        return (
            self.env["bigcommerce.listing.item"]
            .search(
                [
                    ("instance_id", "=", instance.id),
                    ("listing_id.bc_id", "in", listing_ids),
                ],
                order="id",
            )
            .mapped("bc_id")
        )

    @api.model
    def _keep_found(self, instance, options, items):
        """Keep the levels that make sense; return what needs work or a person."""
        readable = [item for item in items if not item.problem]
        return [
            *self._keep_levels(instance, readable),
            *(item for item in items if item.problem),
        ]

    @api.model
    def _keep_levels(self, instance, items):
        """Keep the store's levels, and return the items that need work."""
        raise NotImplementedError

    @api.model
    def _find_locations(self, instance):
        return self.env["bigcommerce.location"]._find_in_use(
            instance, self._stock_direction
        )

    @api.model
    def _found(self, raw):
        try:
            item = InventoryItem.parse(raw)
            if any(level.on_hand > MAXIMUM_LEVEL for level in item.levels):
                raise ProtocolError("'total_inventory_onhand' is too large")
        except ProtocolError as error:
            identity = raw.get("identity") if isinstance(raw, dict) else None
            key = str((identity or {}).get("variant_id") or "?")
            return Found(key, key, {}, problem=Blocked("unreadable", str(error)))
        return Found(
            item.variant_id,
            item.sku or item.variant_id,
            {
                "listing": item.product_id,
                "levels": {level.location_id: level.on_hand for level in item.levels},
            },
        )
