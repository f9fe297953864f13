"""What was asked of BigCommerce and what came back, as anybody may see it."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl

from . import codec
from .redaction import Redactor

#: characters that a text has at most
LONGEST = 10_000
#: bytes above which an answer is not worth reading again
_LARGEST = 500_000


@dataclass(frozen=True)
class Exchange:
    """One request, and its answer if there was one.

    ``request`` and ``answer`` are texts for people without the access token and
    without names, addresses and the like. They are made when they are asked for.

    :ivar status: HTTP status; None if no answer came, or nothing was sent
    :ivar is_write: whether it changes the store, or would have
    """

    method: str
    path: str
    query: str = field(repr=False)
    content: object = field(repr=False)
    secret: str = field(repr=False)
    is_write: bool
    status: int | None = None
    body: bytes = field(default=b"", repr=False)
    problem: str = ""

    @property
    def is_failed(self):
        """Whether BigCommerce did not accept it, or was not asked."""
        return self.status is None or bool(self.problem)

    @cached_property
    def request(self):
        """Method, path and query, and what was sent."""
        query = self._redactor.redact(dict(parse_qsl(self.query)))
        query = "&".join(f"{name}={value}" for name, value in query.items())
        head = f"{self.method} {self.path}{'?' if query else ''}{query}"
        if self.content is None:
            return head
        return f"{head}\n\n{_to_text(self._redactor.redact(self.content))}"

    @cached_property
    def answer(self):
        """HTTP status, and what came back, or why nothing did."""
        if self.status is None:
            return self.problem
        head = f"HTTP {self.status}"
        if not self.body:
            return head
        if self._decoded is None:
            # Who is spoken of is known by the names of fields only.
            return f"{head}, {len(self.body)} bytes that are not shown"
        return f"{head}\n\n{_to_text(self._redactor.redact(self._decoded))}"

    def hide(self, text):
        """Return a text without the people that request and answer tell of."""
        return self._redactor.hide(text)

    @cached_property
    def _decoded(self):
        """The JSON value of the answer, None if it is none or too large."""
        try:
            is_small = len(self.body) <= _LARGEST
            return codec.decode(self.body.decode()) if is_small else None
        except ValueError:
            return None

    @cached_property
    def _redactor(self):
        """A Redactor that knows the people of this exchange already."""
        redactor = Redactor(self.secret)
        redactor.redact([dict(parse_qsl(self.query)), self.content, self._decoded])
        return redactor


def _to_text(value):
    text = json.dumps(value, indent=2, ensure_ascii=False, default=float)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n…"
