"""Brands (§6.6)."""

from .resource import Resource
from .scopes import PRODUCTS


class Brands(Resource):
    """Brands of the catalogue."""

    def iterate_brands(self):
        """Yield pages of brands: ``GET /v3/catalog/brands``, 250 per page (§6.6).

        :return: iterator of Page
        """
        return self._pages_by_total("/v3/catalog/brands", PRODUCTS, {"limit": 250})
