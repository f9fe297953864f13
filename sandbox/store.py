"""The content of the store, addressed by the paths of the API.

What is read at ``/v3/catalog/products/77/variants`` was put there under the same
path, whether by the built-in store, a seed folder or the control path. A few
collections hold the objects that have an id; a record of them carries the object
itself and its *parts*, the lists below it. Everything else is plain content.
"""

from bisect import insort
from dataclasses import dataclass, field
from itertools import count

from . import columns, paths
from .columns import Column, number, sort_key
from .payments import Payments

# links inside an order still say it the old way (bigcommerce-api.md §3.1)
OLD_PARTS = {"shippingaddresses": "shipping_addresses"}


class Missing(LookupError):
    """Something was put below an object that is not there."""


@dataclass(slots=True)
class Record:
    """One object and the lists below it.

    :param body: the object as the API answers it
    :param parts: name of the sub-path -> its content, such as ``products``
    """

    body: dict
    parts: dict = field(default_factory=dict)

    def part(self, name):
        """The content of a sub-path.

        An object that was recorded with the list inside gives that one, and a list
        that was recorded inside an object is taken out of it; what is not known is
        empty.
        """
        field_name = name.replace("-", "_")
        for content in (
            self.parts.get(name),
            self.parts.get(field_name),
            self.body.get(field_name),
        ):
            if isinstance(content, dict):
                content = content.get(field_name)
            if isinstance(content, list):
                return content
        return []

    def objects(self, name):
        """The content of a sub-path without what is no object."""
        return [item for item in self.part(name) if isinstance(item, dict)]


class Maker:
    """Makes the records of many ids when they are asked for.

    So a store with many thousands of objects stays small. ``ids`` are their ids.
    """

    ids = ()

    def make(self, number):
        """The whole :class:`Record`."""
        raise NotImplementedError

    def outline(self, number):
        """The fields of its body that need no work: enough for most filters."""
        raise NotImplementedError


class Collection:
    """Records by id, in the order of their ids.

    :param columns: name -> :class:`~.columns.Column`. A column is read when it is
        first used, and kept up to date from then on
    :param id_path: where an object has its id
    """

    def __init__(self, columns, id_path=("id",)):
        self.columns = {"id": Column(number, id_path), **columns}
        self._id = Column(identifier, id_path)
        self.clear()

    def clear(self):
        """Take everything out."""
        self._entries = {}
        self._ids = []
        self._values = {}

    def __len__(self):
        return len(self._ids)

    def __contains__(self, key):
        # ids that others name are recorded, too, and may be anything
        return isinstance(key, (int, str)) and key in self._entries

    def records(self):
        """The records that were put, without those that are made."""
        return [item for item in self._entries.values() if isinstance(item, Record)]

    def get(self, key):
        """The record with this id, or ``None``."""
        entry = self._entries[key] if key in self else None
        return entry.make(key) if isinstance(entry, Maker) else entry

    def put(self, body, key=None):
        """Add an object, or replace it and keep its parts.

        :param key: its id; without one the body says it, or it is the next
        """
        if key is None:
            key = self._id.of(body)
        if key is None:
            key = self.next_id()
        record = self.get(key)
        self._set(key, Record(body, record.parts if record else {}))

    def put_part(self, key, name, content):
        """Replace one of the lists below an object.

        :raises Missing: there is no such object
        """
        record = self.get(key)
        if record is None:
            raise Missing(key)
        self._set(key, Record(record.body, {**record.parts, name: content}))

    def put_record(self, record):
        """Add an object together with its parts."""
        self._set(self._id.of(record.body), record)

    def put_maker(self, maker):
        """Add many objects that are made when they are asked for."""
        for key in maker.ids:
            self._set(key, maker)

    def remove(self, key):
        """Take an object out; nothing happens if it is not there."""
        if self._entries.pop(key, None) is not None:
            self._ids.remove(key)
            for values in self._values.values():
                del values[key]

    def next_id(self):
        """An id above all that are used."""
        return max((key for key in self._ids if isinstance(key, int)), default=0) + 1

    def value(self, name, key):
        """What the record with this id has in a column."""
        return self._column(name)[key]

    def by(self, name):
        """The ids of the records by what they have in a column."""
        found = {}
        for key, value in self._column(name).items():
            found.setdefault(value, []).append(key)
        return found

    def find(self, conditions=(), sort="id", descending=False):
        """The ids of the records that meet all conditions, in order.

        :param conditions: pairs of the name of a column and a test of its value
        :param sort: name of a column; records without a value come first
        """
        found = self._ids
        for name, test in conditions:
            values = self._column(name)
            found = [key for key in found if test(values[key])]
        if sort != "id":
            values = self._column(sort)
            found = sorted(found, key=lambda key: sort_key(values[key]))
        return found[::-1] if descending else found

    def _set(self, key, entry):
        if key not in self._entries:
            # ids are numbers, but a recording may hold anything
            insort(self._ids, key, key=lambda key: (isinstance(key, str), key))
        self._entries[key] = entry
        for name, values in self._values.items():
            values[key] = self._read(name, key)

    def _column(self, name):
        if name not in self._values:
            self._values[name] = {key: self._read(name, key) for key in self._ids}
        return self._values[name]

    def _read(self, name, key):
        column = self.columns[name]
        entry = self._entries[key]
        if not isinstance(entry, Maker):
            return column.of(entry.body)
        value = column.of(entry.outline(key))
        return column.of(entry.make(key).body) if value is None else value


class Items(Collection):
    """The stock of variants, location by location.

    What is on hand may be set again and again: that lies on top of the records, so that
    the stock of many thousands that are made when they are asked for stays small.
    """

    def clear(self):
        super().clear()
        self._on_hand = {}

    def get(self, key):
        record = super().get(key)
        if record is None or not self._on_hand.get(key):
            return record
        changed = self._on_hand[key]
        levels = [
            _with_on_hand(level, changed.get(level.get("location_id")))
            for level in record.body.get("locations") or []
        ]
        return Record({**record.body, "locations": levels}, record.parts)

    def is_as_made(self, key):
        """Whether the stock is that with which a store of any size was made."""
        is_made = key in self and isinstance(self._entries[key], Maker)
        return is_made and key not in self._on_hand

    def set_on_hand(self, key, location_id, quantity):
        """Set how much of a variant is at a location; both are there."""
        self._on_hand.setdefault(key, {})[location_id] = quantity

    def remove(self, key):
        super().remove(key)
        self._on_hand.pop(key, None)

    def _set(self, key, entry):
        super()._set(key, entry)
        self._on_hand.pop(key, None)


def _with_on_hand(level, on_hand):
    if on_hand is None:
        return level
    settings = level.get("settings") or {}
    return {
        **level,
        "total_inventory_onhand": on_hand,
        "available_to_sell": on_hand - (settings.get("safety_stock") or 0),
        "settings": {**settings, "is_in_stock": on_hand > 0},
    }


class Store:
    """All content of one store.

    :param clock: the sandbox's clock
    :param store_hash: for the links inside the answers
    """

    def __init__(self, clock, store_hash):
        self.clock = clock
        self.store_hash = store_hash
        self.content = {}
        #: order id -> Place -> how much of the stock it has taken, once that is known
        self.taken = {}
        self.payments = Payments()
        #: whether a shipment moves the status of its order
        self.shipments_move_status = True
        #: order id -> the cart of which it was made, where that is known
        self.carts = {}
        #: ``declined``: why gateways refuse refunds, "" if they do not
        self.refunds = {"declined": ""}
        #: name -> content of pictures that were sent
        self.uploads = {}
        self._numbers = count(1)
        self._collections = {
            paths.ORDERS: Collection(columns.ORDERS),
            paths.REFUNDS: Collection(columns.REFUNDS),
            paths.CURRENCIES: Collection({}),
            paths.ORDER_STATUSES: Collection({}),
            paths.TAX_CLASSES: Collection({}),
            paths.PRODUCTS: Collection(columns.PRODUCTS),
            paths.CATEGORIES: Collection(columns.CATEGORIES, ("category_id",)),
            paths.TREES: Collection(columns.TREES),
            paths.BRANDS: Collection(columns.BRANDS),
            paths.CHANNELS: Collection(columns.CHANNELS),
            paths.CUSTOMERS: Collection(columns.CUSTOMERS),
            paths.LOCATIONS: Collection(columns.LOCATIONS),
            paths.ITEMS: Items(columns.INVENTORY, ("identity", "variant_id")),
        }

    def next_number(self):
        """A number that was not given before."""
        return next(self._numbers)

    def __getitem__(self, path):
        """The collection at a path."""
        return self._collections[path]

    def put(self, path, payload):
        """Put an answer of the API where it is read.

        :param path: such as ``/v2/orders``, ``/v2/orders/519``,
            ``/v2/orders/519/products`` or ``/v2/orders/519/products/537``
        :param payload: the list or object; the objects of a list are added to those
            that are there
        :raises Missing: there is no such object to put it below
        :raises ValueError: it is no object where objects belong
        """
        target = self._locate(path)
        if target is None:
            self.content[path] = payload
        elif target.part:
            content = payload
            if target.item:
                content = [*self._others(target), payload]
            target.collection.put_part(target.key, target.part, content)
        else:
            for item in payload if isinstance(payload, list) else [payload]:
                if not isinstance(item, dict):
                    raise ValueError(f"{path} holds objects")
                target.collection.put(item, target.key)

    def remove(self, path):
        """Take out what was put at a path."""
        target = self._locate(path)
        if target is None:
            self.content.pop(path, None)
        elif target.part:
            others = self._others(target) if target.item else []
            target.collection.put_part(target.key, target.part, others)
        elif target.key is not None:
            target.collection.remove(target.key)
        else:
            target.collection.clear()

    def get(self, path):
        """What was put at a path, without any composing; ``None`` if nothing."""
        target = self._locate(path)
        if target is None:
            return self.content.get(path)
        collection = target.collection
        if target.key is None:
            return [collection.get(key).body for key in collection.find()]
        record = collection.get(target.key)
        if record is None or not target.part:
            return record and record.body
        if not target.item:
            return record.parts.get(target.part)
        return next(filter(target.is_item, record.objects(target.part)), None)

    def _others(self, target):
        record = target.collection.get(target.key) or Record({})
        items = record.objects(target.part)
        return [item for item in items if not target.is_item(item)]

    def _locate(self, path):
        """What a path names in the collections; ``None`` for plain content."""
        for prefix, collection in self._collections.items():
            if path == prefix:
                return Target(collection)
            if path.startswith(f"{prefix}/"):
                key, _, below = path[len(prefix) + 1 :].partition("/")
                part, _, item = below.partition("/")
                if key.isdigit() and (not item or item.isdigit()):
                    part = OLD_PARTS.get(part, part)
                    return Target(collection, int(key), part, item)
                return None
        return None


@dataclass(frozen=True)
class Target:
    """A collection, or an object in it, a list below that, or an item of the list."""

    collection: Collection
    key: int = None
    part: str = ""
    item: str = ""

    def is_item(self, candidate):
        return str(candidate.get("id")) == self.item


def identifier(value):
    """An id as a key: ``77`` and ``"77"`` are the same object."""
    if not isinstance(value, (int, str)) or value == "":
        return None
    text = str(value)
    return int(text) if text.isdigit() else text
