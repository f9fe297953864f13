"""Categories, each in a tree (§6.6)."""

from .. import paging
from ..batches import as_number
from ..errors import ProtocolError
from .resource import Resource, join, portions
from .scopes import PRODUCTS, PRODUCTS_WRITE

_CATEGORIES = "/v3/catalog/trees/categories"


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
            yield from self._pages_of_categories({"tree_id:in": ids})

    def find_categories(self, tree_id, name):
        """Return the categories of a tree that are called exactly ``name``, wherever
        they lie in it: ``GET /v3/catalog/trees/categories`` (§6.6).
        """
        return join(self._pages_of_categories({"tree_id:in": tree_id, "name": name}))

    def create_category(self, tree_id, parent_id, name):
        """Make a category: ``POST /v3/catalog/trees/categories`` (§6.6).

        :param parent_id: category above it, "" at the top of the tree
        :param name: at most 50 characters, unique among its siblings
        :return: the raw category
        :raises InvalidRequest: if BigCommerce does not accept it
        :raises Conflict: if the name is taken there
        """
        place = {
            "tree_id": as_number(tree_id, "tree_id"),
            "parent_id": as_number(parent_id or 0, "parent_id"),
        }

        def parse(answer):
            rows = paging.read_data_list(answer)
            if len(rows) == 1 and rows[0].get("category_id"):
                return rows[0]
            raise ProtocolError("It does not say what was made", status=answer.status)

        return self._write(
            "POST",
            _CATEGORIES,
            [{**place, "name": name, "is_visible": True}],
            PRODUCTS_WRITE,
            parse,
        )

    def _pages_of_categories(self, filters):
        params = {**filters, "limit": 250}
        return self._pages_by_total(_CATEGORIES, PRODUCTS, params, key="category_id")
