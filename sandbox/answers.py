"""Bodies and shapes of answers: bigcommerce-api.md §1.3 to §1.6."""

import json

from werkzeug.wrappers import Response

ERROR_TYPE = (
    "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"
)
NOT_FOUND = "The requested resource was not found."


class Refused(Exception):
    """The request ends with an error of the API.

    :param status: HTTP status
    :param message: the text a caller reads: v2 ``message``, v3 ``title``
    :param errors: v3 only: field -> text
    """

    def __init__(self, status, message, errors=None):
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors or {}


def as_json(payload, status=200, content_type="application/json"):
    """A response with ``payload`` as JSON."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    # half a surrogate pair, which UTF-8 has no place for, stays an escape of JSON
    body = text.encode(errors="backslashreplace")
    return Response(body, status=status, content_type=content_type)


def v2(payload):
    """A v2 answer: an empty list is a 204 without a body (§1.6)."""
    if payload == []:
        return Response(status=204)
    return as_json(payload)


def v3(data, meta=None):
    """A v3 answer in its envelope."""
    return as_json({"data": data, "meta": meta or {}})


def error(version, refused):
    """The error in the shape of the API's version (§1.4)."""
    if version == "v2":
        payload = [{"status": refused.status, "message": refused.message}]
        return as_json(payload, refused.status)
    payload = {
        "status": refused.status,
        "title": refused.message,
        "type": ERROR_TYPE,
        "errors": refused.errors,
    }
    return as_json(payload, refused.status, "application/problem+json")
