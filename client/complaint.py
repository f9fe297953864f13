"""What BigCommerce says in an answer that is an error, in any of its shapes (§1.4)."""

from dataclasses import dataclass, field

from . import codec
from .errors import (
    AuthenticationError,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    RateLimited,
    RequestTimeout,
    ServerError,
)

_CLASSES = {
    401: AuthenticationError,
    403: Forbidden,
    404: NotFound,
    408: RequestTimeout,
    409: Conflict,
    410: NotFound,
    423: Conflict,
    429: RateLimited,
}
_MESSAGES = {
    AuthenticationError: "BigCommerce does not accept the access token",
    Forbidden: "The access token does not allow this",
    NotFound: "BigCommerce knows no such thing",
    RequestTimeout: "BigCommerce did not get the whole request in time",
    Conflict: "The request contradicts what is in the store",
    RateLimited: "The store's request quota is used up",
    ServerError: "BigCommerce has a problem",
    InvalidRequest: "BigCommerce does not accept the request",
}
_TEXTS = ("message", "title", "detail", "error")
# objects of name -> text, or more of the same
_DETAILS = ("errors", "field_errors", "details")
_PARTS = (*_DETAILS, "batch_errors", "data")
# what names the thing that an entry of ``batch_errors`` is about
_IDENTITY = ("id", "variant_id", "product_id", "sku")
_DEEPEST = 6


@dataclass
class Complaint:
    """What an answer complains about.

    :ivar errors: name of a field or detail -> what is wrong with it
    :ivar items: Complaints about single things that were sent together
    :ivar identity: what names the thing that this is about, field -> text
    """

    texts: list = field(default_factory=list)
    code: str = ""
    errors: dict = field(default_factory=dict)
    items: list = field(default_factory=list)
    identity: dict = field(default_factory=dict)

    @classmethod
    def parse(cls, content):
        """Return what the body of an answer says: nothing, if it is HTML or empty."""
        try:
            value = codec.decode(content.decode())
        except ValueError:
            return cls()
        complaint = cls()
        complaint._collect(value, _DEEPEST)
        if isinstance(value, dict) and isinstance(value.get("batch_errors"), list):
            complaint.items = [cls.of_item(item) for item in value["batch_errors"]]
        return complaint

    @classmethod
    def of_item(cls, value):
        """Return what a JSON value says of one of the things that were sent."""
        complaint = cls()
        complaint._collect(value, _DEEPEST)
        for part in (value, value.get("data")) if isinstance(value, dict) else ():
            if isinstance(part, dict):
                complaint.identity |= {
                    name: str(part[name])
                    for name in _IDENTITY
                    if isinstance(part.get(name), (int, str)) and part[name]
                }
        return complaint

    def message_for(self, error_class):
        """Return all that was said in one line, or what the error means."""
        errors = [f"{name}: {text}" for name, text in self.errors.items()]
        said = list(dict.fromkeys(self.texts)) or [_MESSAGES[error_class]]
        return "; ".join(said + errors)

    def _collect(self, value, depth):
        if not depth:
            return
        if isinstance(value, list):
            for entry in value:
                self._collect(entry, depth - 1)
        elif isinstance(value, str) and value:
            self.texts.append(value)
        elif isinstance(value, dict):
            texts = (value[name] for name in _TEXTS if isinstance(value.get(name), str))
            self.texts += [text for text in texts if text][:1]
            if isinstance(value.get("code"), (str, int)):
                self.code = self.code or str(value["code"])
            for name in _PARTS:
                if name in _DETAILS:
                    self._collect_errors(value.get(name))
                self._collect(value.get(name), depth - 1)

    def _collect_errors(self, details):
        if isinstance(details, dict) and not details.keys() & set(_TEXTS):
            self.errors |= {
                name: text
                for name, text in details.items()
                if isinstance(text, str) and text
            }


def error_class(status):
    """Return the class of error that a status other than 2xx and 3xx stands for."""
    if status >= 500:
        return ServerError
    return _CLASSES.get(status, InvalidRequest)
