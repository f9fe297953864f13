"""Scripted trouble: "the 3rd call to /v2/orders answers 429".

A fault is a JSON object:

``method``, ``path``
    which requests it counts: a method (any, if left out) and a regular expression
    searched in the path behind the store hash, such as ``^/v2/orders$``
``nth``, ``times``
    it strikes from the nth such request on (default 1), so many times (default 1;
    0 is for ever)
``kind``
    ``answer``: another answer in place of the store's, of ``status`` (default
    500), ``body`` (any JSON, or text; default: the API's own error), ``headers``
    and ``content_type``; so an HTML page, an empty body, a wrong shape or a redirect
    ``reset``: the connection is reset without an answer
    ``truncate``: only the first half of the body is sent
    ``slow``: the store's answer, late
    ``drip``: the body is sent in ten pieces
``seconds``
    how long to wait before the answer, or with ``drip`` before each piece
``after``
    for ``answer`` and ``reset``: true lets the store carry the request out first, so
    that a write takes effect and only its answer is lost
``quota_headers``
    false: the answer comes without the ``X-Rate-Limit-*`` headers
"""

import re
from dataclasses import asdict, dataclass, field

KINDS = ("answer", "reset", "truncate", "slow", "drip")


@dataclass
class Fault:
    """One entry of the script; its fields are described above."""

    path: str = ""
    method: str = ""
    nth: int = 1
    times: int = 1
    kind: str = "answer"
    status: int = 500
    body: object = None
    headers: dict = field(default_factory=dict)
    content_type: str = ""
    seconds: float = 0
    after: bool = False
    quota_headers: bool = True
    seen: int = 0
    struck: int = 0

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        re.compile(self.path)

    @property
    def replaces_answer(self):
        """Whether the store's own answer is not sent at all."""
        return self.kind in ("answer", "reset")

    def strikes(self, method, path):
        """Count a request; tell whether the fault strikes at it."""
        if self.method not in ("", method) or not re.search(self.path, path):
            return False
        self.seen += 1
        late = self.times and self.seen >= self.nth + self.times
        if self.seen < self.nth or late:
            return False
        self.struck += 1
        return True


class FaultScript:
    """The faults in force, in the order in which they were added."""

    def __init__(self):
        self._faults = []

    def add(self, description):
        """:raises ValueError, TypeError: it is no description of a fault"""
        self._faults.append(Fault(**description))

    def clear(self):
        self._faults.clear()

    def describe(self):
        """All faults, with how often each was ``seen`` and ``struck``."""
        return [asdict(fault) for fault in self._faults]

    def next_for(self, method, path):
        """The first fault that strikes at this request; all of them count it."""
        striking = [fault for fault in self._faults if fault.strikes(method, path)]
        return striking[0] if striking else None
