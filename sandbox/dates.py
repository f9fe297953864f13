"""The spellings of dates in BigCommerce's answers and filters."""

from datetime import datetime, timezone
from email.utils import format_datetime, parsedate_to_datetime


def rfc2822(moment):
    """As in v2 answers: ``Tue, 28 Apr 2026 13:06:44 +0000``."""
    return format_datetime(moment.astimezone(timezone.utc).replace(microsecond=0))


def iso8601(moment):
    """As in v3 answers: ``2026-04-28T13:06:44+00:00``."""
    return moment.astimezone(timezone.utc).replace(microsecond=0).isoformat()


def parse_moment(value):
    """Read any spelling a payload or a filter may use.

    :param value: RFC 2822, ISO 8601 (with or without offset) or a Unix time
    :return: an aware datetime, or ``None`` if it is none of these
    """
    text = str(value or "").strip()
    if not text:
        return None
    moment = _parse_iso(text) or _parse_rfc2822(text)
    if moment is None and text.isdigit() and len(text) > 8:
        moment = datetime.fromtimestamp(int(text), timezone.utc)
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment


def _parse_iso(text):
    # Python 3.10 reads neither "Z" nor a basic date such as 20260428
    if text[-1:] in "zZ":
        text = text[:-1] + "+00:00"
    if "-" not in text[:5]:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _parse_rfc2822(text):
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
