"""Between what the client gives and what Odoo's fields take."""

from datetime import datetime, timezone


def to_odoo(moment):
    """Return an aware datetime the way Odoo stores it, False for none."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment else False


def parse_utc(text):
    """Return the aware datetime that a text in ISO format, without a zone, means."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def first_set(own, inherited):
    """Return a variant's own value, or the product's where it has none."""
    return inherited if own is None else own
