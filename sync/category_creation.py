from odoo import api, models

from ..client.errors import Conflict, InvalidRequest
from ..client.payloads.category import Category
from .problems import Blocked
from .product_limits import DEEPEST_CATEGORY, LONGEST_CATEGORY


class BigcommerceCategoryCreation(models.AbstractModel):
    """Gives the store the categories of Odoo's products, with those above them.

    A category is looked for before it is made: one that is there is used, whoever has
    made it, and none is made twice.
    """

    _name = "bigcommerce.category.creation"
    _description = "BigCommerce Category Creation"

    @api.model
    def _find_known(self, instance, category_ids):
        """Return the store's categories: dict of product category id -> id there."""
        records = self.env["bigcommerce.category"].search(
            [
                ("instance_id", "=", instance.id),
                ("product_category_id", "in", list(category_ids)),
            ],
            order="id desc",
        )
        return {record.product_category_id.id: record.bc_id for record in records}

    @api.model
    def _get_path(self, instance, category):
        """Return a product category with those above it that the store should have.

        From the top; those above the one below which the store's are kept are left out.
        """
        path = category.browse(map(int, category.parent_path.split("/")[:-1]))
        root = instance.product_category_id
        if root in path:
            path = path[path.ids.index(root.id) + 1 :]
        return path

    @api.model
    def _find_problem(self, instance, category_ids):
        """Return the :class:`Blocked` of what the store cannot have, if any."""
        for category in self.env["product.category"].browse(category_ids):
            path = self._get_path(instance, category)
            if len(path) > DEEPEST_CATEGORY:
                return Blocked(
                    "not_sendable",
                    self.env._(
                        "The category “%(category)s” lies %(depth)s levels deep; "
                        "BigCommerce takes %(limit)s.",
                        category=category.display_name,
                        depth=len(path),
                        limit=DEEPEST_CATEGORY,
                    ),
                )
            for own in path:
                if len(own.name) > LONGEST_CATEGORY:
                    return Blocked(
                        "not_sendable",
                        self.env._(
                            "The category “%(category)s” has more than %(limit)s "
                            "characters. Give it a shorter name.",
                            category=own.name,
                            limit=LONGEST_CATEGORY,
                        ),
                    )
        return None

    @api.model
    def _ensure(self, client, instance, category_ids):
        """Find or make categories in the store.

        :return: dict of product category id -> id there, also of those above; and what
            was found or made: pairs of a raw category and its product category's id
        """
        made = []
        categories = self.env["product.category"].browse(category_ids)
        paths = [self._get_path(instance, category) for category in categories]
        known = self._find_known(
            instance, [category.id for path in paths for category in path]
        )
        trees = {
            bc_id: record.tree_id
            for bc_id, record in self.env["bigcommerce.category"]
            ._find(instance, known.values())
            .items()
        }
        for path in paths:
            parent_id = ""
            for category in self._skip_known(path, known):
                if category.id not in known:
                    if parent_id not in trees:
                        trees[parent_id] = self._get_tree_id(client, instance)
                    tree_id = trees[parent_id]
                    raw = self._find_or_create(client, tree_id, parent_id, category)
                    known[category.id] = Category.parse(raw).id
                    trees[known[category.id]] = tree_id
                    made.append((raw, category.id))
                parent_id = known[category.id]
        return known, made

    @api.model
    def _skip_known(self, path, known):
        """Return a path from the lowest category on that the store has.

        What lies above it in Odoo need not be there: people may have matched it.
        """
        places = [place for place, own in enumerate(path) if own.id in known]
        return path[places[-1] :] if places else path

    @api.model
    def _get_tree_id(self, client, instance):
        """Return the tree in which most of the store's categories are, or its first."""
        groups = self.env["bigcommerce.category"]._read_group(
            [("instance_id", "=", instance.id), ("tree_id", "!=", False)],
            ["tree_id"],
            ["__count"],
        )
        if groups:
            return max(groups, key=lambda group: group[1])[0]
        trees = client.list_category_trees()
        return str(trees[0]["id"]) if trees else "1"

    @api.model
    def _find_or_create(self, client, tree_id, parent_id, category):
        if found := self._find_there(client, tree_id, parent_id, category):
            return found
        try:
            return client.create_category(tree_id, parent_id, category.name)
        except (Conflict, InvalidRequest):
            # Another worker may have been quicker.
            if found := self._find_there(client, tree_id, parent_id, category):
                return found
            raise

    @api.model
    def _find_there(self, client, tree_id, parent_id, category):
        name = category.name.lower()
        return next(
            (
                raw
                for raw in client.find_categories(tree_id, category.name)
                if Category.parse(raw).parent_id == parent_id
                and str(raw.get("name")).lower() == name
            ),
            None,
        )

    @api.model
    def _keep(self, instance, made):
        """Keep categories that were found or made in the store."""
        Record = self.env["bigcommerce.category"]
        categories = {}
        for raw, _product_category_id in made:
            category = Category.parse(raw)
            categories[category.id] = {
                "name": category.name,
                "tree_id": category.tree_id,
                "parent_bc_id": category.parent_id,
                "is_visible": category.is_visible,
            }
        records = Record._upsert(instance, categories)
        for raw, product_category_id in made:
            record = records[Category.parse(raw).id]
            if not record.product_category_id:
                record.product_category_id = product_category_id
            parent = Record._find(instance, [record.parent_bc_id])
            record.parent_id = parent.get(record.parent_bc_id)
