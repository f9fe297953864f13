"""What can go wrong between us and BigCommerce: one class per kind of failure.

Nothing else ever leaves the client, and no message holds the access token, an e-mail
address or a telephone number.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ItemError:
    """What BigCommerce says of one of the things that were sent together.

    :ivar identity: what names the thing: id, variant_id, product_id, sku -> text
    :ivar errors: field or path -> what is wrong with it
    :ivar message: all that was said, in one line
    """

    identity: dict
    errors: dict
    message: str


class BigCommerceError(Exception):
    """Any failure of the client.

    :ivar status: HTTP status, None when no answer came
    :ivar code: BigCommerce's own error code, if it gave one
    :ivar request_id: the ``X-Request-Id`` of the answer, for BigCommerce's support
    :ivar retry_at: aware datetime before which trying again is pointless, or None
    :ivar ambiguous: a write was sent and its answer lost: it may have taken effect
    :ivar excerpt: beginning of the answer or of the network's message, redacted
    :ivar errors: field or detail -> message, as far as the answer names any
    :ivar item_errors: list of ItemError, where it was said of the things one by one
    :ivar scope: the OAuth scope that the endpoint needs
    :ivar exchange: the Exchange that it is about, None where no single one is
    """

    def __init__(
        self,
        message,
        *,
        status=None,
        code=None,
        request_id=None,
        retry_at=None,
        ambiguous=False,
        excerpt="",
        errors=None,
        item_errors=(),
        scope="",
        exchange=None,
    ):
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_at = retry_at
        self.ambiguous = ambiguous
        self.excerpt = excerpt
        self.errors = errors or {}
        self.item_errors = list(item_errors)
        self.scope = scope
        self.exchange = exchange


class Unreachable(BigCommerceError):
    """No connection, or it broke before an answer came."""


class RequestTimeout(BigCommerceError):
    """The answer was not complete in time."""


class RateLimited(BigCommerceError):
    """The store's request quota is used up until ``retry_at``."""


class ServerError(BigCommerceError):
    """BigCommerce failed (5xx)."""


class AuthenticationError(BigCommerceError):
    """The access token is not valid for this store (401)."""


class Forbidden(BigCommerceError):
    """The access token lacks ``scope``, or the plan does not allow it (403)."""


class NotFound(BigCommerceError):
    """There is no such thing in the store, or no such store (404, 410)."""


class Conflict(BigCommerceError):
    """The request contradicts what is in the store (409, 423)."""


class InvalidRequest(BigCommerceError):
    """BigCommerce does not accept the request (any other 4xx); see ``errors``."""


class ProtocolError(BigCommerceError):
    """The answer is not what the API promises."""


class DamagedAnswer(ProtocolError):
    """The answer is no JSON, or not all of it: another try may bring it whole."""


class WriteRefused(BigCommerceError):
    """The transport may only read; the message is the reason. Nothing was sent."""
