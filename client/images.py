"""Pictures of products, from wherever the store keeps them.

They lie on servers of their own, which ask for no credentials and get none. What goes
wrong with them says nothing about the store's API.
"""

import time
from urllib.parse import urljoin, urlsplit

import requests
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema
from urllib3.exceptions import HTTPError, LocationParseError

from . import faults
from .deadline import new_session
from .errors import (
    DamagedAnswer,
    InvalidRequest,
    NotFound,
    ProtocolError,
    RateLimited,
    RequestTimeout,
    ServerError,
)
from .media_types import find_media_type
from .resources.images import LARGEST_IMAGE
from .transport import USER_AGENT

#: seconds that a download may take, redirects included
DOWNLOAD_SECONDS = 20
_REDIRECTS = 3
_PIECE = 64 * 1024
_PAGES = (b"<!doctype html", b"<html")
_NO_ADDRESS = (
    InvalidSchema,
    InvalidURL,
    MissingSchema,
    LocationParseError,
    UnicodeError,
)


def download(url, *, limit_bytes=LARGEST_IMAGE, timeout=DOWNLOAD_SECONDS, session=None):
    """Return the content of a picture.

    :param url: ``http`` or ``https``
    :param limit_bytes: how large it may be; as BigCommerce has it, if left out
    :param timeout: seconds that it may take in all
    :param session: of ``deadline.new_session``, to keep connections from one picture to
        the next
    :raises InvalidRequest: if the address is none, or the server refuses
    :raises NotFound: if there is no such picture
    :raises ProtocolError: if it is too large, no picture, or is redirected too often
    :raises BigCommerceError: Unreachable, RequestTimeout, RateLimited, ServerError,
        DamagedAnswer
    """
    ends_at = time.monotonic() + timeout
    if session:
        return _follow(session, url, limit_bytes, ends_at)
    with new_session() as own_session:
        return _follow(own_session, url, limit_bytes, ends_at)


def _follow(session, url, limit_bytes, ends_at):
    for _hop in range(_REDIRECTS + 1):
        host = _host(url)
        left = ends_at - time.monotonic()
        if left <= 0:
            raise RequestTimeout(f"{host}: its answer was not complete in time")
        failure = None
        try:
            with session.get(
                url,
                headers={"User-Agent": USER_AGENT, "Accept": "image/*"},
                auth=_no_credentials,
                allow_redirects=False,
                stream=True,
                timeout=left,
            ) as response:
                if not response.is_redirect:
                    return _read(response, host, limit_bytes)
                url = urljoin(url, response.headers["Location"])
        except _NO_ADDRESS:
            failure = InvalidRequest("This is not the address of a picture")
        except (requests.RequestException, HTTPError, OSError, ValueError) as fault:
            kind, reason = faults.explain(fault)
            failure = kind(f"{host}: {reason}")
        if failure:
            raise failure
    raise ProtocolError(f"{host}: it redirects too often")


def _host(url):
    """Return the host of an address.

    :raises InvalidRequest: if it is no address of the web
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise InvalidRequest("This is not the address of a picture")
    return host


def _no_credentials(request):
    """Keep requests from looking for some in the address or in a ``.netrc``."""
    request.headers.pop("Authorization", None)
    return request


def _read(response, host, limit_bytes):
    """Return the content of an answer.

    :raises BigCommerceError: if it is not a picture, whole and small enough
    """
    status = response.status_code
    if status != 200:
        raise _refusal(status, host)
    told = response.headers.get("Content-Length", "")
    length = int(told) if told.isascii() and told.isdigit() else None
    too_large = ProtocolError(
        f"{host}: the picture has more than {limit_bytes} bytes", status=status
    )
    if length is not None and length > limit_bytes:
        raise too_large
    content = bytearray()
    for piece in response.iter_content(_PIECE):
        content += piece
        if len(content) > limit_bytes:
            raise too_large
    is_encoded = "Content-Encoding" in response.headers
    if length is not None and len(content) < length and not is_encoded:
        raise DamagedAnswer(f"{host}: its answer broke off", status=status)
    if not _is_picture(content, response.headers.get("Content-Type", "")):
        raise ProtocolError(f"{host}: this is not a picture", status=status)
    return bytes(content)


def _refusal(status, host):
    """Return the error for an answer other than 200."""
    kind = InvalidRequest
    if status in (404, 410):
        kind = NotFound
    elif status == 429:
        kind = RateLimited
    elif status >= 500:
        kind = ServerError
    elif status < 400:
        kind = ProtocolError
    return kind(f"{host} does not give the picture (HTTP {status})", status=status)


def _is_picture(content, content_type):
    if find_media_type(content):
        return True
    is_page = bytes(content[:64]).lstrip().lower().startswith(_PAGES)
    return content_type.lower().startswith("image/") and bool(content) and not is_page
