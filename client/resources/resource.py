"""How endpoints are asked, whatever they are about."""

from itertools import chain
from urllib.parse import quote

from .. import paging
from ..errors import ProtocolError

# ids in one filter, so that the address stays short enough (§1.7)
_IDS_PER_REQUEST = 100


class Resource:
    """Base of what the client is made of.

    :param transport: Transport to the store
    """

    def __init__(self, transport):
        self.transport = transport

    def _get(self, path, scope, params=None):
        return self.transport.exchange("GET", path, params=params, scope=scope)

    def _get_object(self, path, scope, params=None):
        return paging.read_object(self._get(path, scope, params))

    def _write_object(self, method, path, content, scope):
        return self._write(method, path, content, scope, paging.read_object)

    def _write_data(self, method, path, content, scope):
        return self._write(method, path, content, scope, paging.read_data_object)

    def _write_form(self, method, path, fields, scope):
        answer = self.transport.exchange(method, path, fields=fields, scope=scope)
        return self._read_written(answer, paging.read_data_object)

    def _write(self, method, path, content, scope, parse):
        answer = self.transport.exchange(method, path, json=content, scope=scope)
        return self._read_written(answer, parse)

    def _read_written(self, answer, parse):
        try:
            return parse(answer)
        except ProtocolError as error:
            # It was accepted; only what it says of the outcome is lost.
            error.ambiguous = True
            raise

    def _list_numbered(self, path, scope, limit=paging.DEFAULT_LIMIT, **options):
        params = {"limit": limit, **options.pop("params", {})}

        def fetch(number):
            return self._get(path, scope, {**params, "page": number})

        return join(paging.by_number(fetch, limit, **options))

    def _pages_by_total(self, path, scope, params, **options):
        def fetch(number):
            return self._get(path, scope, {**params, "page": number})

        return paging.by_total(fetch, **options)

    def _list_by_total(self, path, scope, limit, **filters):
        params = {**filters, "limit": limit}
        return join(self._pages_by_total(path, scope, params))


def join(pages):
    """Return the items of all pages."""
    return list(chain.from_iterable(page.items for page in pages))


def segment(id_):
    """Return an id as a part of a path, which it cannot leave."""
    return quote(str(id_), safe="")


def portions(ids):
    """Return the ids in lists short enough for a filter; [None] for no filter."""
    if ids is None:
        return [None]
    ids = list(ids)
    starts = range(0, len(ids), _IDS_PER_REQUEST)
    return [ids[start : start + _IDS_PER_REQUEST] for start in starts]
