"""Making categories: bigcommerce-api.md §6.6."""

from . import answers
from .answers import Refused
from .batches import read_batch
from .catalog import SCOPE
from .columns import text
from .paths import CATEGORIES, TREES
from .routing import Routes

routes = Routes()
LONGEST_NAME = 50
DEEPEST = 8


@routes.post(CATEGORIES, SCOPE)
def create_categories(call):
    """All of a list, or none if one is not accepted."""
    categories = call.store[CATEGORIES]
    made = []
    for position, body in enumerate(read_batch(call.body)):
        if wrong := _invalid(call.store, body):
            for category in made:
                categories.remove(category["category_id"])
            named = {f"{position}.{name}": said for name, said in wrong.items()}
            raise Refused(422, "Categories are not valid", named)
        parent = categories.get(body.get("parent_id") or 0)
        category_id = categories.next_id()
        category = {
            "category_id": category_id,
            "category_uuid": f"00000000-0000-4000-8000-{category_id:012}",
            "parent_id": body.get("parent_id") or 0,
            "tree_id": parent.body["tree_id"] if parent else body["tree_id"],
            "name": body["name"],
            "description": body.get("description", ""),
            "views": 0,
            "sort_order": body.get("sort_order", 0),
            "page_title": "",
            "search_keywords": "",
            "meta_keywords": [],
            "meta_description": "",
            "layout_file": "category.html",
            "is_visible": body.get("is_visible", True),
            "default_product_sort": "use_store_settings",
            "url": {"path": f"/category-{category_id}/", "is_customized": False},
        }
        categories.put(category, category_id)
        made.append(category)
    return answers.as_json({"data": made, "meta": {}}, 201)


def _invalid(store, body):
    if not isinstance(body, dict):
        return {"": "error.expected.jsobject"}
    name, parent_id = body.get("name"), body.get("parent_id") or 0
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        return {"name": "error.maxLength"}
    categories = store[CATEGORIES]
    parent = categories.get(parent_id)
    if parent_id and parent is None:
        return {"parent_id": "error.invalid"}
    if not parent and body.get("tree_id") not in store[TREES]:
        return {"tree_id": "error.invalid"}
    depth = 1
    while parent:
        depth += 1
        parent = categories.get(parent.body.get("parent_id") or 0)
    if depth > DEEPEST:
        return {"parent_id": f"At most {DEEPEST} levels are allowed"}
    siblings = categories.by("parent_id").get(parent_id, ())
    if any(text(categories.get(key).body["name"]) == text(name) for key in siblings):
        return {"name": "The name is not unique"}
    return {}
