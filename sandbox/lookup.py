"""Finding what a request names, or refusing it with 404."""

from .answers import not_found


def get_record(store, path, key):
    """The :class:`~.store.Record` with an id.

    :param path: of a collection, see ``paths.py``
    :raises Refused: 404 if there is none
    """
    record = store[path].get(key)
    if record is None:
        raise not_found()
    return record


def get_item(items, item_id):
    """The object with an id in a list, where a recording may have ids as text.

    :raises Refused: 404 if there is none
    """
    for item in items:
        if str(item.get("id")) == str(item_id):
            return item
    raise not_found()
