"""Categories, each in a tree (§6.6)."""

from .. import paging
from .resource import Resource, portions
from .scopes import PRODUCTS


class Categories(Resource):
    """Categories of the catalogue."""

    def list_category_trees(self):
        """Return the category trees, one per storefront or shared by several:
        ``GET /v3/catalog/trees``, unpaged (§6.6).
        """
        return paging.read_data_list(self._get("/v3/catalog/trees", PRODUCTS))

    def iterate_categories(self, tree_ids):
        """Yield pages of the categories of some trees:
        ``GET /v3/catalog/trees/categories``, 250 per page (§6.6).

        :param tree_ids: asked for 100 at a time; no categories if it is empty
        :return: iterator of Page
        """
        for ids in portions(tree_ids):
            yield from self._pages_by_total(
                "/v3/catalog/trees/categories",
                PRODUCTS,
                {"tree_id:in": ids, "limit": 250},
                key="category_id",
            )
