"""Readers of single fields: what BigCommerce may send -> one Python type.

``null``, ``""``, ``{}``, ``[]`` and an absent field all mean "nothing" (§1.8). Every
reader takes the record and the name of the field, and raises ProtocolError with that
name when the content makes no sense.
"""

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from ..errors import ProtocolError

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_LARGEST_EXPONENT = 30
_TRUE = ("true", "1")
_FALSE = ("false", "0")

_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)([.,]\d+)?)?"
_ZONE = r"(?P<zone>Z|UTC?|GMT|[+-]\d\d:?\d\d)?"
_ISO_DATE = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)([T ]{_TIME} ?{_ZONE})?",
    re.ASCII | re.IGNORECASE,
)
_RFC_2822_DATE = re.compile(
    rf"([a-z]{{3}}, )?(?P<day>\d\d?)[ -](?P<month>[a-z]{{3}})[ -](?P<year>\d{{4}})"
    rf" {_TIME} ?{_ZONE}",
    re.ASCII | re.IGNORECASE,
)
_UNIX_TIME = re.compile(r"\d{9,10}", re.ASCII)
_UNSET_DATE = re.compile(r"0{4}-00-00.*|0", re.ASCII)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def read_record(raw, name="record"):
    """Return the JSON object itself, {} for nothing.

    :raises ProtocolError: when it is something else
    """
    if _is_nothing(raw):
        return {}
    if not isinstance(raw, dict):
        raise ProtocolError(f"{name!r} is not an object")
    return raw


def read_child(raw, field):
    """Return the object in a field, {} for nothing."""
    return read_record(raw.get(field), field)


def read_rows(raw, field):
    """Return the objects in a list field, [] for nothing.

    A link (``{"url", "resource"}``), which stands where a sub-resource was not asked
    for, is nothing as well (§3.3).
    """
    if is_link(raw.get(field)):
        return []
    return [
        read_record(row, field)
        for row in read_list(raw, field)
        if not _is_nothing(row) and not is_link(row)
    ]


def read_list(raw, field):
    """Return the list in a field, whatever it holds, [] for nothing."""
    value = raw.get(field)
    if _is_nothing(value):
        return []
    if not isinstance(value, list):
        raise ProtocolError(f"{field!r} is not a list")
    return value


def is_link(value):
    """Return whether the value only says where a sub-resource is to be found."""
    return (
        isinstance(value, dict) and bool(value) and value.keys() <= {"url", "resource"}
    )


def read_text(raw, *fields):
    """Return the text of the first of the fields that holds any, trimmed, else "".

    Characters that no database takes (NUL, half a surrogate pair) are left out.
    """
    for field in fields:
        text = _as_text(raw.get(field), field)
        if text:
            return text
    return ""


def read_id(raw, field, *, zero_is_none=True):
    """Return an id as text, "" for none.

    :param zero_is_none: False where 0 is an id like any other (tax class, status)
    """
    text = _as_text(raw.get(field), field)
    return "" if zero_is_none and text == "0" else text


def read_required_id(raw, field, *, zero_is_none=True):
    """Return an id that the record cannot do without."""
    text = read_id(raw, field, zero_is_none=zero_is_none)
    if not text:
        raise ProtocolError(f"{field!r} is missing")
    return text


def read_ids(raw, field):
    """Return the ids of a list of numbers as a tuple of text, without empty ones."""
    ids = (read_id({field: entry}, field) for entry in read_list(raw, field))
    return tuple(entry for entry in ids if entry)


def read_decimal(raw, field):
    """Return a number as Decimal, 0 for nothing."""
    value = read_optional_decimal(raw, field)
    return Decimal(0) if value is None else value


def read_optional_decimal(raw, field):
    """Return a number as Decimal, None for nothing (often: "inherited")."""
    value = raw.get(field)
    if _is_nothing(value):
        return None
    if isinstance(value, str):
        value = value.strip()
        if not _NUMBER.fullmatch(value):
            raise ProtocolError(f"{field!r} is not a number")
        value = Decimal(value)
    elif isinstance(value, float):
        value = Decimal(repr(value))
    elif isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    elif not isinstance(value, Decimal):
        raise ProtocolError(f"{field!r} is not a number")
    if not value.is_finite() or (value and abs(value.adjusted()) > _LARGEST_EXPONENT):
        raise ProtocolError(f"{field!r} is not a number")
    return value


def read_integer(raw, field):
    """Return a whole number, 0 for nothing."""
    value = read_decimal(raw, field)
    if value != value.to_integral_value():
        raise ProtocolError(f"{field!r} is not a whole number")
    return int(value)


def read_flag(raw, field):
    """Return a truth value, False for nothing."""
    value = raw.get(field)
    if _is_nothing(value):
        return False
    text = str(value).strip().lower()
    if text not in _TRUE + _FALSE:
        raise ProtocolError(f"{field!r} is neither true nor false")
    return text in _TRUE


def read_moment(raw, field):
    """Return a date as aware datetime in UTC, in whole seconds, None for nothing.

    RFC 2822, ISO 8601 in any of the spellings seen, and unix time (§1.8). Without a
    zone it is UTC; ``0000-00-00`` is nothing.
    """
    text = _as_text(raw.get(field), field)
    if not text or _UNSET_DATE.fullmatch(text):
        return None
    try:
        return parse_moment(text)
    except (ValueError, OverflowError):
        raise ProtocolError(f"{field!r} is not a date") from None


def parse_moment(text):
    """Return the aware UTC datetime that a text names.

    :raises ValueError: when it names none
    :raises OverflowError: when it lies outside the calendar
    """
    if _UNIX_TIME.fullmatch(text):
        return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=int(text))
    match = _ISO_DATE.fullmatch(text) or _RFC_2822_DATE.fullmatch(text)
    if not match:
        raise ValueError("not a date")
    month = match["month"].lower()
    # a leap second is no second of Python's: added up instead
    moment = datetime(
        int(match["year"]),
        int(month) if month.isdigit() else _MONTHS.index(month) + 1,
        int(match["day"]),
        int(match["hour"] or 0),
        int(match["minute"] or 0),
        tzinfo=timezone.utc,
    ) + timedelta(seconds=min(int(match["second"] or 0), 60))
    return moment - _offset(match["zone"])


def _offset(zone):
    if not zone or zone[0] not in "+-":
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


def _is_nothing(value):
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, (dict, list)) and not value)


def _as_text(value, field):
    if isinstance(value, str):
        if not value.isascii():
            value = value.encode("utf-8", "ignore").decode()
        return value.replace("\0", "").strip()
    if _is_nothing(value):
        return ""
    if isinstance(value, (int, float, Decimal)):
        number = read_decimal({field: value}, field)
        is_whole = number == number.to_integral_value()
        return str(int(number)) if is_whole else format(number, "f")
    raise ProtocolError(f"{field!r} is not a text")
