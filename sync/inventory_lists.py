from odoo import api, models

from ..client.payloads.inventory import InventoryItem
from .operation import Found, FoundPage

# Items that the store answers in one page.
ITEMS_PER_PAGE = 1000


class BigcommerceInventoryLists(models.AbstractModel):
    """What the operations have in common that read the store's levels."""

    _name = "bigcommerce.inventory.lists"
    _inherit = "bigcommerce.operation"
    _description = "BigCommerce Inventory Lists"

    # Of which locations: those whose stock is imported, or exported.
    _stock_direction = ""

    @api.model
    def _discover(self, client, instance, options, resume):
        pages = client.iterate_inventory_items(
            location_ids=self._find_locations(instance).mapped("bc_id"),
            variant_ids=options.get("ids"),
            limit=ITEMS_PER_PAGE,
            first_page=resume.get("page", 1),
        )
        for page in pages:
            yield FoundPage(
                [self._found(raw) for raw in page.items],
                {"page": page.number + 1},
                page.date,
            )

    @api.model
    def _find_locations(self, instance):
        return self.env["bigcommerce.location"]._find_in_use(
            instance, self._stock_direction
        )

    @api.model
    def _found(self, raw):
        item = InventoryItem.parse(raw)
        return Found(
            item.variant_id,
            item.sku or item.variant_id,
            {
                "listing": item.product_id,
                "levels": {level.location_id: level.on_hand for level in item.levels},
            },
        )
