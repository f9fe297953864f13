"""A store filled from a folder of payloads as BigCommerce answered them.

The folder mirrors the paths of the API: ``v2/orders.json``, ``v2/orders/519.json``,
``v2/orders/519/products.json``, ``v3/catalog/products.json`` and so on, v3 with or
without its envelope. The payloads are served as they are, whatever they lack; what
no file gives has a sensible empty answer.
"""

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path

from . import paths, reference_data
from .store import Missing


class SeedError(Exception):
    """The folder cannot be used; the text is one sentence for a person."""


class Seed:
    """The payloads of one folder.

    :param folder: path of the folder
    :raises SeedError: there is no such folder, or a file in it is not JSON
    """

    def __init__(self, folder):
        self._folder = Path(folder)
        if not self._folder.is_dir():
            raise SeedError(f"There is no folder {folder}.")
        #: sentences about files that could not be used, after :meth:`load`
        self.remarks = []
        self._payloads = dict(
            sorted(self._read_all(), key=lambda item: item[0].count("/"))
        )

    def _read_all(self):
        for file in sorted(self._folder.rglob("*.json")):
            name = file.relative_to(self._folder).with_suffix("").as_posix()
            payload = _read(file)
            if name.startswith("v3/") and isinstance(payload, dict):
                payload = payload.get("data", payload)
            yield f"/{name}", payload

    def load(self, store):
        """Fill an empty :class:`~.store.Store`: lists first, then single objects,
        then what belongs to them."""
        self.remarks = []
        for path, payload in self._payloads.items():
            file = f"{path[1:]}.json"
            if not path.startswith(("/v2/", "/v3/")):
                self.remarks.append(f"{file} is left out: not below v2 or v3.")
                continue
            try:
                store.put(path, payload)
            except Missing:
                self.remarks.append(f"{file} is left out: no file gives its object.")
            except ValueError as mistake:
                self.remarks.append(f"{file} is left out: {mistake}.")
        _fill_gaps(store)


def _read(file):
    """The JSON of a file; an empty one is what v2 answers for an empty list."""
    try:
        text = file.read_text(encoding="utf-8-sig").strip()
        return _parse(text) if text else []
    except (OSError, ValueError) as error:
        raise SeedError(f"{file} cannot be read as JSON: {error}.") from error


def _parse(text):
    try:
        return json.loads(text, parse_float=_number, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _number(text):
    """A fraction that will be served as it is written."""
    number = float(text)
    try:
        if Decimal(repr(number)) == Decimal(text):
            return number
    except InvalidOperation:
        pass
    raise ValueError(f"{text:.30} has more digits than a JSON number carries")


def _refuse(name):
    raise ValueError(f"{name} is no JSON")


def _fill_gaps(store):
    """What every store has, and what the files may not have given."""
    information = store.content.get(paths.STORE)
    if not isinstance(information, dict):
        information = reference_data.store_information(store.store_hash)
        store.content[paths.STORE] = information
    code = information.get("currency") or "USD"
    own = reference_data.currency(
        1,
        code,
        code,
        information.get("currency_symbol", ""),
        places=information.get("decimal_places", 2),
    )
    for path, payload in (
        (paths.ORDER_STATUSES, reference_data.order_statuses({})),
        (paths.CURRENCIES, [own]),
        (paths.TAX_CLASSES, reference_data.TAX_CLASSES[:1]),
        (paths.CHANNELS, reference_data.CHANNELS[:1]),
    ):
        if not store[path]:
            store.put(path, payload)
    _plant_trees(store)


def _plant_trees(store):
    """Give the recorded categories the trees that they name."""
    trees = store[paths.TREES]
    categories = store[paths.CATEGORIES]
    for key in categories.find():
        tree_id = categories.get(key).body.get("tree_id") or 1
        if not trees.get(tree_id):
            trees.put({"id": tree_id, "name": "", "channels": [1]})
