"""What the store was asked: the record from which tests check their invariants."""

import re
from itertools import count

from . import forms


class Ledger:
    """All requests to the API, in the order in which they arrived."""

    def __init__(self):
        self.reset()

    def reset(self):
        """Forget everything; numbering starts again at 1."""
        self._entries = []
        self._numbers = count(1)

    def open(self, request, path, moment):
        """Note a request that has arrived.

        :param request: the Werkzeug request
        :param path: its path behind the store hash, such as ``/v2/orders``
        :param moment: the store's time
        :return: the entry, to be completed with ``status``, ``took_effect``
            (whether the store carried it out) and ``fault``
        """
        entry = {
            "sequence": next(self._numbers),
            "time": moment.isoformat(),
            "method": request.method,
            "path": path,
            "query": request.args.to_dict(),
            "body": _read_body(request),
            "status": None,
            "took_effect": False,
            "fault": None,
        }
        self._entries.append(entry)
        return entry

    def find(self, method=None, path=None, status=None, after=0, writes=False):
        """The entries that match all that is given.

        :param path: regular expression, searched in the path
        :param after: only entries with a greater sequence number
        :param writes: only requests that are not GET
        """
        pattern = re.compile(path or "")
        return [
            entry
            for entry in self._entries
            if entry["sequence"] > after
            and pattern.search(entry["path"])
            and (method is None or entry["method"] == method.upper())
            and (status is None or entry["status"] == status)
            and not (writes and entry["method"] == "GET")
        ]


def _read_body(request):
    if request.mimetype == forms.TYPE:
        return forms.describe(forms.parse(request))
    return request.get_data(as_text=True)
