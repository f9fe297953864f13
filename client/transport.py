"""One exchange with BigCommerce: authentication, time limits, quota, retries, errors.

The rules are those of §1.1 to §1.5. Nothing here knows an endpoint.
"""

import logging
import math
import random
import time
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from . import codec, faults, form
from .complaint import Complaint, error_class
from .deadline import new_session
from .errors import (
    AuthenticationError,
    BigCommerceError,
    DamagedAnswer,
    Forbidden,
    ItemError,
    ProtocolError,
    RateLimited,
    RequestTimeout,
    ServerError,
    Unreachable,
    WriteRefused,
)
from .exchange import Exchange
from .payloads.values import parse_moment
from .query import encode_query
from .quota import WINDOW_SECONDS, Quota, read_retry_seconds
from .redaction import redact

_logger = logging.getLogger(__name__)

USER_AGENT = "bigcommerce_connector (Odoo 19)"

#: seconds that an exchange may take, repeats included
EXCHANGE_SECONDS = 60
#: the longest wait for the quota that is slept; above it the caller is told when
LONGEST_SLEEP = 5
#: how often an exchange sleeps because of a 429
_THROTTLE_SLEEPS = 2
#: how often an exchange that failed is repeated
_REPEATS = 2
#: seconds that are waited at most before that, besides what the quota asks for
_LONGEST_BACKOFF = 2.5
#: how many exchanges are kept until somebody takes them
_EXCHANGES_KEPT = 50
_JSON = "application/json"
_REPEATED = (Unreachable, RequestTimeout, ServerError, DamagedAnswer)


@dataclass(frozen=True)
class Answer:
    """What BigCommerce answered to a request that it accepted.

    :ivar status: HTTP status, 2xx
    :ivar headers: mapping, names in any case
    :ivar body: the JSON value, fractions as Decimal; None when there is none
    :ivar date: the ``Date`` header as aware datetime: the store's clock; or None
    """

    status: int
    headers: CaseInsensitiveDict = field(repr=False)
    body: object = field(repr=False)
    date: datetime | None


def backoff(attempt, rng):
    """Return the seconds to wait after failure number ``attempt`` (1, 2, …).

    From one on they double up to a cap; half of them is left to chance, so that workers
    which failed together do not come back together.
    """
    return min(_LONGEST_BACKOFF, 2 ** min(attempt - 1, 10)) * (1 + rng()) / 2


class Transport:
    """Exchanges with one store.

    :param base_url: ``https://api.bigcommerce.com/stores/{store_hash}``
    :param access_token: of a store-level API account (§1.1)
    :param read_only: a reason; if there is one, all that changes the store is refused
        with it
    :param session: a requests.Session to use as it is, instead of an own one
    :param clock: returns the seconds since 1970
    :param sleep: waits for the seconds given
    :param rng: returns a random number from 0 to 1
    :param timeout: seconds that an exchange may take, repeats included
    :param patience: seconds after which no exchange goes on, counted from now
    :raises AuthenticationError: if the access token cannot be one

    :ivar request_count: requests sent so far, failed ones included
    :ivar answer_count: answers so far that show that BigCommerce works, also refusals
    :ivar scope_answers: OAuth scope -> whether the last answer shows it granted, or not
    :ivar quota: Quota as of the last answer that told it, or None
    """

    def __init__(
        self,
        base_url,
        access_token,
        *,
        read_only="",
        session=None,
        clock=time.time,
        sleep=time.sleep,
        rng=random.random,
        timeout=EXCHANGE_SECONDS,
        patience=math.inf,
    ):
        self._token = access_token.strip()
        if not self._token.isascii() or not self._token.isprintable():
            raise AuthenticationError("This is not an access token of BigCommerce")
        self.base_url = base_url.rstrip("/")
        self.read_only = read_only
        self.request_count = 0
        self.answer_count = 0
        self.scope_answers = {}
        self.quota = None
        self._exchanges = deque(maxlen=_EXCHANGES_KEPT)
        self._quota_ends_at = 0
        self._session = session or new_session()
        self._clock = clock
        self._sleep = sleep
        self._rng = rng
        self._timeout = timeout
        self._patience_ends_at = time.monotonic() + patience

    def close(self):
        """Close the connections."""
        self._session.close()

    def exchange(
        self,
        method,
        path,
        *,
        params=None,
        json=None,
        fields=None,
        scope="",
        is_write=None,
    ):
        """Send a request and return its Answer.

        A read that fails on the way or inside BigCommerce is repeated a few times, a
        write only if it surely did not arrive. Waits of a few seconds are slept.

        :param method: "GET", "POST", "PUT" or "DELETE"
        :param path: below the base URL, e.g. "/v2/orders"
        :param params: mapping, see ``encode_query``
        :param json: body, may hold Decimals
        :param fields: a form in its place, which may hold files, see ``form``; of a
            file its exchange keeps name, size and type only
        :param scope: OAuth scope that the endpoint needs
        :param is_write: whether it changes the store; if left out, all but a GET do
        :raises BigCommerceError: one of its subclasses; ``ambiguous`` on a write whose
            answer was lost; ``exchange`` is what it is about
        """
        if is_write is None:
            is_write = method != "GET"
        query = encode_query(params)
        content = json if fields is None else form.describe(fields)
        exchange = Exchange(method, path, query, content, self._token, is_write)
        if self.read_only and is_write:
            raise WriteRefused(self.read_only, scope=scope, exchange=exchange)
        body = _encode_body(json, fields)
        self._pace()
        ends_at = min(time.monotonic() + self._timeout, self._patience_ends_at)
        if time.monotonic() >= ends_at:
            raise RequestTimeout("There is no time left to ask the store", scope=scope)
        return self._attempt_repeatedly(exchange, body, scope, ends_at)

    def take_exchanges(self):
        """Return the last Exchanges since they were last taken, oldest first.

        Writes, and what failed: of what was read in peace nothing is kept.
        """
        exchanges = list(self._exchanges)
        self._exchanges.clear()
        return exchanges

    def redact(self, text, **options):
        """Return a text of BigCommerce's as anybody may see it, see ``redaction``."""
        return redact(text, self._token, **options)

    def redact_complaints(self, complaints, kind):
        """Return Complaints about single things as ItemErrors that anybody may see.

        :param kind: class of error that the answer stands for
        """
        return [
            ItemError(
                item.identity,
                self._redact_errors(item.errors),
                self.redact(item.message_for(kind)),
            )
            for item in complaints
        ]

    # quota

    def _pace(self):
        """Wait for the next window while the quota is used up (§1.5)."""
        if not self.quota or not self.quota.is_used_up:
            return
        # no longer than was told, should the clock have been set back
        wait = min(self._quota_ends_at - self._clock(), self.quota.reset_seconds)
        if wait > LONGEST_SLEEP:
            raise RateLimited(
                "The store's request quota is used up", retry_at=self._in(wait)
            )
        if wait > 0:
            self._sleep(wait)
        self.quota = None

    def _note_quota(self, headers):
        quota = Quota.parse(headers)
        if quota:
            self.quota = quota
            self._quota_ends_at = self._clock() + quota.reset_seconds

    def _seconds_until(self, moment):
        return moment.timestamp() - self._clock() if moment else 0

    def _in(self, seconds):
        return datetime.fromtimestamp(self._clock() + seconds, timezone.utc)

    # attempts

    def _attempt_repeatedly(self, exchange, body, scope, ends_at):
        """Send the request until it is answered or has failed for good."""
        failures = throttles = 0
        while True:
            try:
                return self._attempt(exchange, body, scope, ends_at)
            except RateLimited as error:
                throttles += 1
                told = self._seconds_until(error.retry_at)
                wait = told + backoff(throttles, self._rng)
                if throttles > _THROTTLE_SLEEPS:
                    # what it says has turned out wrong
                    wait = max(wait, WINDOW_SECONDS)
                error.retry_at = self._in(wait)
                if told > LONGEST_SLEEP or throttles > _THROTTLE_SLEEPS:
                    raise
                failure = error
            except _REPEATED as error:
                failures += 1
                wait = backoff(failures, self._rng)
                if failures > _REPEATS or error.ambiguous:
                    raise
                failure = error
            if time.monotonic() + wait >= ends_at:
                raise failure
            self._sleep(wait)

    def _attempt(self, exchange, body, scope, ends_at):
        """Send the request once, and return its Answer or raise what went wrong."""
        try:
            response = self._request(exchange, body, ends_at)
            exchange = replace(
                exchange, status=response.status_code, body=response.content
            )
            self._note_quota(response.headers)
            answer = self._read(response, scope, exchange.is_write)
        except BigCommerceError as error:
            error.exchange = replace(exchange, problem=str(error))
            self._exchanges.append(error.exchange)
            raise
        if exchange.is_write:
            self._exchanges.append(exchange)
        return answer

    def _request(self, exchange, body, ends_at):
        """Send the request, and return the response, whatever it says."""
        failure = response = None
        started = time.monotonic()
        self.request_count += 1
        try:
            response = self._session.request(
                exchange.method,
                self.base_url + exchange.path,
                params=exchange.query,
                data=body.content,
                headers=_headers(exchange.method, body.type),
                auth=self._authenticate,
                allow_redirects=False,
                timeout=max(ends_at - started, 0.001),
            )
        except (requests.RequestException, HTTPError, OSError, ValueError) as fault:
            failure = self._failure(fault, exchange.is_write)
        _logger.debug(
            "%s %s: %s after %d ms, request %s",
            exchange.method,
            exchange.path,
            type(failure).__name__ if failure else response.status_code,
            (time.monotonic() - started) * 1000,
            None if failure else self._request_id(response),
        )
        if failure:
            # not in the handler: the fault's own text, unredacted, stays behind
            raise failure
        return response

    def _authenticate(self, request):
        request.headers["X-Auth-Token"] = self._token
        return request

    # what came of it

    def _read(self, response, scope, is_write):
        """Return the Answer, or raise the error that the response stands for."""
        status = response.status_code
        if 200 <= status < 500 and status not in (401, 429):
            self.answer_count += 1
        if scope and (status < 300 or status == 403):
            self.scope_answers[scope] = status != 403
        if not 200 <= status < 300:
            raise self._refusal(response, scope, is_write)
        body, is_whole = _read_body(response, is_write)
        if not is_whole:
            raise DamagedAnswer(
                f"The answer is no JSON, or not all of it (HTTP {status})",
                ambiguous=is_write,
                **self._traits(response, scope),
            )
        return Answer(status, response.headers, body, _read_date(response.headers))

    def _refusal(self, response, scope, is_write):
        """Return the error for an answer other than 2xx."""
        status = response.status_code
        traits = self._traits(response, scope)
        if status < 400:
            return ProtocolError(
                f"BigCommerce redirects elsewhere (HTTP {status})", **traits
            )
        kind = error_class(status)
        complaint = Complaint.parse(response.content)
        message = self.redact(complaint.message_for(kind))
        if kind is Forbidden and scope:
            message += f"; the scope that it takes is {scope}"
        if kind is RateLimited:
            seconds = read_retry_seconds(response.headers)
            traits["retry_at"] = None if seconds is None else self._in(seconds)
        return kind(
            f"{message} (HTTP {status})",
            code=self.redact(complaint.code, length=100) or None,
            errors=self._redact_errors(complaint.errors),
            item_errors=self.redact_complaints(complaint.items, kind),
            ambiguous=kind is ServerError and is_write,
            **traits,
        )

    def _failure(self, fault, is_write):
        """Return the error for a request that brought no answer."""
        kind, reason = faults.explain(fault)
        host = urlsplit(self.base_url).netloc.rpartition("@")[2]
        return kind(
            f"{host}: {reason}",
            ambiguous=is_write and not faults.is_surely_not_sent(fault),
            excerpt=self.redact(str(fault)),
        )

    def _traits(self, response, scope):
        """Return what every error says of the response that it stands for."""
        return {
            "status": response.status_code,
            "scope": scope,
            "request_id": self._request_id(response),
            "excerpt": self.redact(response.content.decode(errors="replace")),
        }

    def _request_id(self, response):
        return self.redact(response.headers.get("X-Request-Id", ""), length=100) or None

    def _redact_errors(self, errors):
        return {self.redact(name): self.redact(text) for name, text in errors.items()}


@dataclass(frozen=True)
class _Body:
    """What a request carries; None if it carries nothing."""

    content: bytes | None = field(default=None, repr=False)
    type: str = ""


def _encode_body(json, fields):
    if fields is not None:
        return _Body(*form.encode(fields))
    if json is not None:
        return _Body(codec.encode(json).encode(), _JSON)
    return _Body()


def _headers(method, content_type):
    headers = {"Accept": _JSON, "User-Agent": USER_AGENT}
    # an action names it also where there is nothing more to tell (§4.3)
    if content_type or method == "POST":
        headers["Content-Type"] = content_type or _JSON
    return headers


def _read_body(response, is_write):
    """Return the JSON value of a body, and whether it came whole.

    A list may be empty without one (204), a write may have nothing to say (§1.6).
    """
    content = response.content
    if not content and (is_write or response.status_code == 204):
        return None, True
    try:
        return codec.decode(content.decode()), True
    except ValueError:
        return None, False


def _read_date(headers):
    try:
        return parse_moment(headers.get("Date", ""))
    except (ValueError, OverflowError):
        return None
