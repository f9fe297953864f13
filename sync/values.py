"""Between what the client gives and what Odoo's fields take."""

from datetime import datetime, timezone
from decimal import Decimal

from ..client.errors import ProtocolError
from ..client.payloads.values import read_moment


def to_odoo(moment):
    """Return an aware datetime the way Odoo stores it, False for none."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment else False


def parse_utc(text):
    """Return the aware datetime that a text in ISO format, without a zone, means."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def get_change(raw):
    """Return when a raw object was changed, None if it does not say so readably."""
    try:
        return read_moment(raw, "date_modified")
    except ProtocolError:
        return None


def get_newest_change(rows):
    """Return the newest change among raw objects, None if none says so."""
    return max(filter(None, map(get_change, rows)), default=None)


def get_unit(currency):
    """Return the smallest amount of a currency as Decimal."""
    return Decimal(1).scaleb(-currency.decimal_places)


def first_set(own, inherited):
    """Return a variant's own value, or the product's where it has none."""
    return inherited if own is None else own
