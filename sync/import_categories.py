from odoo import api, models

from ..client.payloads.category import Category
from ..client.resources.scopes import PRODUCTS
from .operation import Found, FoundPage


class BigcommerceImportCategories(models.AbstractModel):
    """Keep the store's category trees in step."""

    _name = "bigcommerce.import.categories"
    _inherit = "bigcommerce.operation"
    _description = "Import Categories"

    _code = "import_categories"
    # Before the listings that name them.
    _priority = 10
    _choices = {}
    _scopes = (PRODUCTS,)

    @api.model
    def _get_label(self):
        return self.env._("Import Categories")

    @api.model
    def _get_use(self, instance):
        return self.env._("Confirm")

    @api.model
    def _discover(self, client, instance, options, resume):
        tree_ids = [tree["id"] for tree in client.list_category_trees()]
        categories = [
            category
            for page in client.iterate_categories(tree_ids)
            for category in page.items
        ]
        yield FoundPage([Found("categories", self._get_label(), categories)], {})

    @api.model
    def _apply(self, lines):
        for line in lines:
            categories = [Category.parse(raw) for raw in line._get_payload()]
            changed = self._write_categories(line.instance_id, categories)
            if line.instance_id.update_categories:
                places = self.env["bigcommerce.product.categories"]
                places._follow(line.instance_id, changed)
                places._update_all_products(line.instance_id)
        return {line: line.instance_id for line in lines}

    @api.model
    def _write_categories(self, instance, categories):
        """Make the records equal to the store's trees.

        :return: those that were renamed or moved
        """
        Record = self.env["bigcommerce.category"]
        known = Record._find(instance, [category.id for category in categories])
        former = {bc_id: (own.name, own.parent_id) for bc_id, own in known.items()}
        records = Record._refresh(
            instance,
            {
                category.id: {
                    "name": category.name or category.id,
                    "tree_id": category.tree_id,
                    "parent_bc_id": category.parent_id,
                    "is_visible": category.is_visible,
                }
                for category in categories
            },
        )
        for record in records.values():
            parent = records.get(record.parent_bc_id, record.browse())
            if record.parent_id != parent:
                record.parent_id = parent
        return Record.concat(
            *(
                records[bc_id]
                for bc_id, place in former.items()
                if (records[bc_id].name, records[bc_id].parent_id) != place
            )
        )
