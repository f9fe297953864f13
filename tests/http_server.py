"""A server on 127.0.0.1 that answers byte for byte what a test tells it to.

The sandbox store behaves; this one is for what no well-behaved server can do.
"""

import json
import socket
import struct
import threading
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Request:
    """A request as it arrived; header names in lower case."""

    method: str
    path: str
    query: dict
    headers: dict
    body: bytes


def answer(status=200, body=b"", *, headers=None, length=None):
    """Return the bytes of an answer.

    :param body: bytes, or a value to send as JSON
    :param length: what Content-Length claims, if not the truth; "" leaves it out
    """
    lines = {"Content-Type": "application/json", "Connection": "close"}
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    if length != "" and status != 204:
        lines["Content-Length"] = len(body) if length is None else length
    lines |= headers or {}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode("latin-1") + body


def reset(sock):
    """Break the connection the hard way."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drip(content, pause):
    """Return a script that sends one byte at a time."""

    def play(sock):
        for position in range(len(content)):
            sock.sendall(content[position : position + 1])
            if stopped.wait(pause):
                return

    stopped = threading.Event()
    play.stop = stopped.set
    return play


class ScriptedServer:
    """Plays one script per request, the last one for all that follow.

    A script is the bytes to send, or a function that is given the socket, or one that
    is given the Request and returns the bytes (``respond``).
    """

    def __init__(self, *scripts, respond=None, tls=None):
        self.scripts = list(scripts)
        self.respond = respond
        self.requests = []
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        for script in self.scripts:
            getattr(script, "stop", bool)()
        # wakes the thread up from accept()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._listener.close()

    def _serve(self):
        while True:
            try:
                sock, _address = self._listener.accept()
            except OSError:
                return
            try:
                with sock:
                    sock.settimeout(10)
                    self._answer(
                        self._tls.wrap_socket(sock, server_side=True)
                        if self._tls
                        else sock
                    )
            except OSError:
                # the client went away, as it should in some tests
                continue

    def _answer(self, sock):
        with sock, sock.makefile("rb") as stream:
            request = self._read(stream)
            if request is None:
                return
            self.requests.append(request)
            if self.respond:
                script = self.respond(request)
            else:
                position = min(len(self.requests), len(self.scripts)) - 1
                script = self.scripts[position]
            if callable(script):
                script(sock)
            else:
                sock.sendall(script)

    @staticmethod
    def _read(stream):
        first_line = stream.readline().decode("latin-1").split()
        if not first_line:
            return None
        headers = {}
        while line := stream.readline().decode("latin-1").strip():
            name, _colon, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", 0)))
        parts = urlsplit(first_line[1])
        return Request(
            method=first_line[0],
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers=headers,
            body=body,
        )
