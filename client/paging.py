"""Lists of BigCommerce as iterators of pages, complete whatever their length (§1.6).

Each function takes ``fetch``, which sends the request for one page and returns its
Answer. Rows that come twice, because the list moved in between, are given once.
"""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from .errors import ProtocolError

#: rows that BigCommerce gives when no limit is asked for, and so the least that a page
#: holds which is not the last one
DEFAULT_LIMIT = 50
#: how often a list that shrinks while it is read is begun anew
_RESTARTS = 3


@dataclass(frozen=True)
class Page:
    """A page of a list.

    :ivar items: raw JSON objects
    :ivar date: the store's clock when it answered, aware datetime, or None
    :ivar cursor: after which the list goes on, "" where lists have no cursors
    :ivar number: of the page, 0 where lists have no numbers that say where to resume
    """

    items: list[dict] = field(repr=False)
    date: datetime | None
    cursor: str = ""
    number: int = 0


def read_object(answer):
    """Return the JSON object that an answer is.

    :raises ProtocolError: when it is something else
    """
    if not isinstance(answer.body, dict):
        raise _unexpected(answer, "an object")
    return answer.body


def read_list(answer):
    """Return the rows of a v2 list; 204 and [] are an empty one.

    :raises ProtocolError: when it is something else
    """
    return _rows(answer, [] if answer.body is None else answer.body)


def read_data(answer):
    """Return what the envelope of a v3 answer holds.

    :raises ProtocolError: when there is none
    """
    if "data" not in read_object(answer):
        raise _unexpected(answer, "data")
    return answer.body["data"]


def read_data_object(answer):
    """Return the object in the envelope of a v3 answer.

    :raises ProtocolError: when it is something else
    """
    data = read_data(answer)
    if not isinstance(data, dict):
        raise _unexpected(answer, "an object")
    return data


def read_data_list(answer):
    """Return the rows of a v3 list; a 204 is an empty one.

    :raises ProtocolError: when it is something else
    """
    return [] if answer.status == 204 else _rows(answer, read_data(answer))


def by_number(fetch, limit, *, key="id", short_is_last=False):
    """Yield the pages of a v2 list, numbered from 1.

    The list ends with an empty page.

    :param fetch: page number -> Answer
    :param limit: the rows per page that were asked for
    :param key: name of the field that identifies a row, or a function of the row
    :param short_is_last: a page of fewer than 50 rows ends the list as well: for the
        lists inside an order, which would cost a request more each
    :raises ProtocolError: when the server gives the same page again and again
    """
    seen = _Seen(key)
    for number in count(1):
        answer = fetch(number)
        rows = read_list(answer)
        fresh = seen.take(rows)
        if fresh:
            yield Page(fresh, answer.date)
        elif len(rows) >= min(limit, DEFAULT_LIMIT):
            raise _unexpected(answer, "another page")
        if not fresh or (short_is_last and len(rows) < min(limit, DEFAULT_LIMIT)):
            return


def by_total(fetch, *, key="id", first_page=1):
    """Yield the pages of a v3 list, numbered from 1.

    The list ends when as many rows were seen as it has, or with an empty page;
    ``total_pages`` and the length of a page say nothing. When the list has become
    shorter, a row may have slipped to a page that is already read: it is read again.

    :param fetch: page number -> Answer
    :param key: name of the field that identifies a row, or a function of the row
    :param first_page: number of the page to begin with; from another than the first,
        the list ends with an empty page
    :raises ProtocolError: when the list does not come to an end
    """
    seen, listed = _Seen(key), _Seen(key)
    number, furthest, restarts, total = first_page, 0, 0, None
    while True:
        answer = fetch(number)
        rows = read_data_list(answer)
        before, total = total, _total(answer)
        listed.take(rows)
        fresh = seen.take(rows)
        if fresh:
            yield Page(fresh, answer.date, number=number)
        elif rows and number > furthest:
            if total is None and len(rows) < DEFAULT_LIMIT:
                return
            raise _unexpected(answer, "another page")
        furthest = max(furthest, number)
        if None not in (before, total) and total < before:
            restarts += 1
            if restarts > _RESTARTS:
                raise _unexpected(answer, "a list that stays as it is")
            number, listed = first_page, _Seen(key)
        elif not rows or len(listed) == total:
            return
        else:
            number += 1


def by_id(fetch, read_rows, after_id):
    """Yield the pages of a list sorted by id, each beginning at the last id seen.

    Nothing shifts, whatever happens to the list meanwhile. Whether the lowest id asked
    for is itself given is not documented: the last id seen is asked for again, and left
    out if it comes. The list ends with a page that holds nothing else, so a page must
    have room for two rows.

    :param fetch: lowest id wanted -> Answer
    :param read_rows: Answer -> rows
    :param after_id: the id after which the list begins, 0 for the whole list
    :raises ProtocolError: when the ids do not grow: the server did not sort, or did
        not heed the lowest id
    """
    while True:
        answer = fetch(after_id or 1)
        rows = [row for row in read_rows(answer) if _number(answer, row) != after_id]
        if not rows:
            return
        for row in rows:
            row_id = _number(answer, row)
            if row_id <= after_id:
                raise _unexpected(answer, "growing ids")
            after_id = row_id
        yield Page(rows, answer.date)


def by_cursor(fetch, after=""):
    """Yield the pages of a v3 list, each beginning after the cursor of the last one.

    Nothing shifts, whatever happens to the list meanwhile. It ends with an empty page,
    or when as many rows were seen as the first page says that there are; a page inside
    the list does not say it.

    :param fetch: cursor, "" for the beginning -> Answer
    :param after: the cursor after which the list begins
    :raises ProtocolError: when the list does not come to an end, or does not say how
        it goes on
    """
    used, seen, total = {after}, 0, None
    while True:
        answer = fetch(after)
        rows = read_data_list(answer)
        if not rows:
            return
        seen += len(rows)
        total = _total(answer) if total is None else total
        after = _end_cursor(answer)
        yield Page(rows, answer.date, after)
        if seen == total:
            return
        if not after or after in used:
            raise _unexpected(answer, "a cursor that moves on")
        used.add(after)


class _Seen:
    """Tells the rows that come for the first time."""

    def __init__(self, key):
        self._key = key
        self._keys = set()

    def __len__(self):
        return len(self._keys)

    def take(self, rows):
        fresh = []
        for row in rows:
            key = self._key(row) if callable(self._key) else row.get(self._key)
            if not isinstance(key, (int, str, tuple)):
                raise ProtocolError(f"A row without {self._key!r}")
            if key not in self._keys:
                self._keys.add(key)
                fresh.append(row)
        return fresh


def _rows(answer, value):
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise _unexpected(answer, "a list of objects")
    return value


def _total(answer):
    """Return how many rows a v3 list has, None if it does not say."""
    meta = answer.body.get("meta") if answer.body else None
    pagination = meta.get("pagination") if isinstance(meta, dict) else None
    total = pagination.get("total") if isinstance(pagination, dict) else None
    return total if isinstance(total, int) else None


def _end_cursor(answer):
    """Return the cursor at the end of a page, "" if it has none."""
    meta = answer.body.get("meta")
    block = meta.get("cursor_pagination") if isinstance(meta, dict) else None
    cursor = block.get("end_cursor") if isinstance(block, dict) else None
    return cursor if isinstance(cursor, str) else ""


def _number(answer, row):
    try:
        return int(row["id"])
    except (KeyError, TypeError, ValueError):
        raise _unexpected(answer, "rows with ids") from None


def _unexpected(answer, expected):
    return ProtocolError(
        f"BigCommerce should have answered with {expected}", status=answer.status
    )
