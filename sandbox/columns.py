"""What the lists can be filtered and sorted by."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from .dates import parse_moment


def number(value):
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def text(value):
    return str(value).strip().casefold() if value and _is_scalar(value) else None


def flag(value):
    return str(value).lower() in ("true", "1") if _is_scalar(value) else None


def _is_scalar(value):
    return isinstance(value, (str, int, float))


@dataclass(frozen=True)
class Column:
    """A value of an object that lists can be filtered and sorted by.

    :param read: makes a value comparable; ``None`` for what it cannot read. It
        serves the objects and the filters alike
    :param path: the field, and the field inside it
    :param several: whether the field is a list of values
    """

    read: object
    path: tuple
    several: bool = False

    def of(self, body):
        """The value in ``body``: ``None`` if it says nothing, a list if several."""
        value = body
        for name in self.path:
            value = value.get(name) if isinstance(value, dict) else None
        if not self.several:
            return self.read(value)
        return [self.read(item) for item in value] if isinstance(value, list) else []


def _columns(read, *names, inside=()):
    return {name: Column(read, (*inside, name)) for name in names}


ORDERS = {
    **_columns(number, "customer_id", "status_id", "channel_id"),
    **_columns(text, "payment_method", "external_order_id", "external_id", "cart_id"),
    **_columns(text, "email", inside=["billing_address"]),
    **_columns(parse_moment, "date_created", "date_modified"),
    "total": Column(number, ("total_inc_tax",)),
}

REFUNDS = {
    **_columns(number, "order_id"),
    **_columns(parse_moment, "created"),
}

PRODUCTS = {
    **_columns(number, "price", "calculated_price", "weight", "brand_id"),
    **_columns(number, "inventory_level", "total_sold"),
    **_columns(text, "name", "sku", "upc", "mpn"),
    **_columns(text, "type", "availability", "condition", "inventory_tracking"),
    **_columns(flag, "is_visible", "is_featured"),
    **_columns(parse_moment, "date_modified", "date_last_imported"),
    "categories": Column(number, ("categories",), several=True),
}

BRANDS = _columns(text, "name", "page_title")

TREES = {"channel_id": Column(number, ("channels",), several=True)}

CATEGORIES = {
    **_columns(number, "category_id", "tree_id", "parent_id"),
    **_columns(text, "name", "page_title"),
    **_columns(flag, "is_visible"),
}

CHANNELS = {
    **_columns(text, "type", "status", "platform"),
    **_columns(parse_moment, "date_created", "date_modified"),
}

LOCATIONS = {
    **_columns(flag, "managed_by_external_source", "storefront_visibility"),
    **_columns(text, "type_id"),
    "location_id": Column(number, ("id",)),
    "location_code": Column(text, ("code",)),
    "is_active": Column(flag, ("enabled",)),
}

CUSTOMERS = {
    **_columns(text, "email", "company", "phone", "last_name"),
    **_columns(number, "customer_group_id"),
    **_columns(parse_moment, "date_created", "date_modified"),
}

INVENTORY = {
    **_columns(text, "sku", inside=["identity"]),
    **_columns(number, "product_id", "variant_id", inside=["identity"]),
}


def sort_key(value):
    """Order the values of a column; nothing comes before something."""
    return (value is not None, 0 if value is None else value)
