"""Pages of lists: bigcommerce-api.md §1.6."""

from . import answers
from .answers import Refused
from .filters import conditions

DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 250


def _positive(query, name, default, status):
    given = query.get(name, "").strip()
    if not given:
        return default
    if not given.isdigit() or not int(given):
        raise Refused(status, f"The field '{name}' is invalid.", {name: "error.min"})
    return int(given)


def _page_of(query, maximum, status):
    page = _positive(query, "page", 1, status)
    limit = _positive(query, "limit", DEFAULT_LIMIT, status)
    if limit > maximum:
        raise Refused(413, f"The limit may not exceed {maximum}.")
    return page, limit


def v2_page(query, items):
    """The items of the page that a v2 request asks for.

    :raises Refused: 413 above 250, 400 for what is no number
    """
    page, limit = _page_of(query, MAXIMUM_LIMIT, 400)
    return items[(page - 1) * limit : page * limit]


def v3_page(query, items, present, maximum=MAXIMUM_LIMIT, cap=None):
    """The answer with the page that a v3 request asks for.

    :param items: all that was found; only the page's are presented
    :param present: makes the answer's object of an item
    :param cap: silently at most so many on a page (§1.6: 10 with options), while
        the totals go on counting pages of the size that was asked for
    :raises Refused: 413 above ``maximum``, 422 for what is no number
    """
    page, limit = _page_of(query, maximum, 422)
    size = min(limit, cap or limit)
    shown = items[(page - 1) * size : page * size]
    pages = -(-len(items) // limit)
    links = {"current": _link(query, page, limit)}
    if page > 1:
        links["previous"] = _link(query, page - 1, limit)
    if page * size < len(items):
        links["next"] = _link(query, page + 1, limit)
    meta = {
        "total": len(items),
        "count": len(shown),
        "per_page": size,
        "current_page": page,
        "total_pages": pages,
        "links": links,
    }
    return answers.v3([present(item) for item in shown], {"pagination": meta})


def v3_list(call, path, present=dict, maximum=MAXIMUM_LIMIT):
    """The answer with the page of a collection that a request asks for.

    :param path: of the collection
    :param present: makes the answer's object of an object that is kept
    """
    collection = call.store[path]
    found = collection.find(conditions(call.query, collection.columns))
    return v3_page(
        call.query, found, lambda key: present(collection.get(key).body), maximum
    )


def _link(query, page, limit):
    rest = "".join(
        f"&{name}={value}"
        for name, value in query.items()
        if name not in ("page", "limit")
    )
    return f"?page={page}&limit={limit}{rest}"
