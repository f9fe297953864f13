from odoo import api, models

from ..client.payloads.brand import Brand
from ..client.resources.scopes import PRODUCTS
from .operation import Found, FoundPage


class BigcommerceImportBrands(models.AbstractModel):
    """Keep the store's brands in step."""

    _name = "bigcommerce.import.brands"
    _inherit = "bigcommerce.operation"
    _description = "Import Brands"

    _code = "import_brands"
    # Before the listings that name them.
    _priority = 10
    _choices = {}
    _scopes = (PRODUCTS,)

    @api.model
    def _get_label(self):
        return self.env._("Import Brands")

    @api.model
    def _get_use(self, instance):
        return self.env._("Confirm")

    @api.model
    def _discover(self, client, instance, options, resume):
        brands = [brand for page in client.iterate_brands() for brand in page.items]
        yield FoundPage([Found("brands", self._get_label(), brands)], {})

    @api.model
    def _apply(self, lines):
        outcomes = {}
        for line in lines:
            brands = [Brand.parse(raw) for raw in line._get_payload()]
            self.env["bigcommerce.brand"]._refresh(
                line.instance_id,
                {brand.id: {"name": brand.name or brand.id} for brand in brands},
            )
            outcomes[line] = line.instance_id
        return outcomes
