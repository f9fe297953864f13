"""Carrying out the fault script: what happens to an answer on its way."""

import os
import socket
import struct
import time

from werkzeug.wrappers import Response

from . import answers
from .answers import Refused

DRIP_PIECES = 10


def disturb(fault, request, path, response):
    """What a fault makes of an answer on its way.

    :param fault: a :class:`~.faults.Fault`
    :param request: the Werkzeug request
    :param path: its path behind the store hash
    :param response: the store's own answer; ``None`` if the fault replaces it
    :return: the response to send; a reset sends none
    """
    if fault.kind != "drip":
        time.sleep(fault.seconds)
    if fault.kind == "reset":
        _reset(request)
    if fault.kind == "answer":
        return _answer_of(fault, path)
    if fault.kind == "slow":
        return response
    body = response.get_data()
    half = [body[: len(body) // 2]]
    sent = half if fault.kind == "truncate" else _dripping(body, fault.seconds)
    disturbed = Response(sent, response.status, response.headers)
    disturbed.headers["Content-Length"] = str(len(body))
    return disturbed


def _answer_of(fault, path):
    """The answer that a fault gives in place of the store's."""
    if fault.body is None:
        refused = Refused(fault.status, "The service has a problem.")
        response = answers.error(path, refused)
    elif isinstance(fault.body, str):
        response = Response(fault.body, fault.status, content_type="text/html")
    else:
        response = answers.as_json(fault.body, fault.status)
    if fault.content_type:
        response.content_type = fault.content_type
    response.headers.update(fault.headers)
    return response


def _dripping(body, seconds):
    size = max(1, -(-len(body) // DRIP_PIECES))
    for start in range(0, len(body), size):
        time.sleep(seconds)
        yield body[start : start + size]


def _reset(request):
    """Close the connection with a reset instead of an answer."""
    connection = request.environ["werkzeug.socket"]
    # lingering for no time: closing discards what is unsent and sends a reset
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
    raise ConnectionResetError
