"""An HTTP adapter under which an answer is complete in time or not at all.

The timeouts of requests bound the wait for the next bytes, so that a server which
drips them out one by one holds a worker for ever. Here the wait for each piece is
what is left of one deadline for the whole answer, status line to last byte.
"""

import io
import time
from http.client import HTTPResponse

import requests
from requests.adapters import HTTPAdapter

_CONNECT_SECONDS = 5


class DeadlineAdapter(HTTPAdapter):
    """Takes ``timeout``, one number: seconds for the whole answer.

    Connecting, with its TLS handshake, has five of them. requests' own tuple is not
    used, because Odoo's test classes compare the timeout with a number.
    """

    def send(self, request, stream=False, timeout=None, **kwargs):
        timeouts = (min(_CONNECT_SECONDS, timeout), timeout)
        return super().send(request, stream=stream, timeout=timeouts, **kwargs)

    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        _bind_answers(self.poolmanager)
        return result

    def proxy_manager_for(self, proxy, **kwargs):
        is_new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **kwargs)
        if is_new:
            _bind_answers(manager)
        return manager


def new_session():
    """Return a requests.Session whose answers are complete in time or not at all."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, DeadlineAdapter())
    return session


def _bind_answers(manager):
    """Let all connections that a pool manager will make read with a deadline."""
    pools = {}
    for scheme, pool in manager.pool_classes_by_scheme.items():
        connection = type(
            pool.ConnectionCls.__name__,
            (pool.ConnectionCls,),
            {"response_class": _Response},
        )
        pools[scheme] = type(pool.__name__, (pool,), {"ConnectionCls": connection})
    manager.pool_classes_by_scheme = pools


class _Response(HTTPResponse):
    def __init__(self, sock, *args, **kwargs):
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Reader(sock, self.fp.detach()))


class _Reader(io.RawIOBase):
    """The reading end of a socket, until the socket's timeout is used up in all."""

    def __init__(self, sock, raw):
        self._sock = sock
        self._raw = raw
        self._timeout = sock.gettimeout()
        self._deadline = time.monotonic() + self._timeout

    def readable(self):
        return True

    def readinto(self, buffer):
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self):
        if not self.closed:
            # for whoever gets the connection next
            self._sock.settimeout(self._timeout)
            self._raw.close()
        return super().close()
