"""What an exception of requests means: which error of ours, and was anything sent."""

import socket
import ssl

from requests.exceptions import ChunkedEncodingError, ContentDecodingError, Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    NewConnectionError,
    ReadTimeoutError,
)

from .errors import DamagedAnswer, RequestTimeout, Unreachable

# the first that occurs in the chain of causes counts
_MEANINGS = (
    (ssl.SSLCertVerificationError, Unreachable, "its certificate is not trusted"),
    (socket.gaierror, Unreachable, "there is no host of that name"),
    (ConnectionRefusedError, Unreachable, "it refuses the connection"),
    (
        (ConnectTimeoutError, NewConnectionError),
        Unreachable,
        "no connection could be made",
    ),
    (
        (Timeout, ReadTimeoutError, TimeoutError),
        RequestTimeout,
        "its answer was not complete in time",
    ),
    (
        (ChunkedEncodingError, ContentDecodingError),
        DamagedAnswer,
        "its answer broke off",
    ),
    (ssl.SSLError, Unreachable, "no secure connection could be made"),
    (Exception, Unreachable, "the connection broke"),
)
_NEVER_SENT = (ConnectTimeoutError, NewConnectionError, ssl.SSLCertVerificationError)


def explain(fault):
    """Return the class of error and what happened, in a few words."""
    chain = _chain(fault)
    return next(
        (error_class, reason)
        for kinds, error_class, reason in _MEANINGS
        if any(isinstance(link, kinds) for link in chain)
    )


def is_surely_not_sent(fault):
    """Return whether the request cannot have reached the other side."""
    return any(isinstance(link, _NEVER_SENT) for link in _chain(fault))


def _chain(fault):
    """Return the fault and all those that it wraps, in one way or another."""
    chain, waiting = [], [fault]
    while waiting:
        link = waiting.pop()
        if isinstance(link, BaseException) and link not in chain:
            chain.append(link)
            waiting += [
                *link.args,
                link.__cause__,
                link.__context__,
                getattr(link, "reason", None),
            ]
    return chain
