"""The query string of a request."""

from datetime import datetime
from urllib.parse import quote, urlencode


def encode_query(params):
    """Return the query string of a mapping.

    None is left out, sequences are joined by commas, a date goes with its offset from
    UTC, because an offset-less or badly encoded one is silently ignored (§3.2).

    :raises ValueError: on a date without time zone
    """
    pairs = [(name, _to_text(value)) for name, value in (params or {}).items()]
    pairs = [(name, value) for name, value in pairs if value is not None]
    return urlencode(pairs, safe=":,", quote_via=quote)


def _to_text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a date without time zone")
        return value.isoformat(timespec="seconds")
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return value
