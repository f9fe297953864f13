"""Bodies and shapes of answers: bigcommerce-api.md §1.3 to §1.6."""

import json

from werkzeug.wrappers import Response

ERROR_TYPE = (
    "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"
)
# what is said of a body that cannot be read
INVALID = "JSON data is missing or invalid"


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


def not_found():
    """The refusal of what is not there."""
    return Refused(404, "The requested resource was not found.")


def invalid(errors):
    """The refusal of a v3 body that cannot be read.

    :param errors: field -> what is wrong with it
    """
    return Refused(422, INVALID, errors)


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


def partly_saved(title, data, failed):
    """A 207: ``data`` was saved except for what failed.

    :param failed: place -> why
    """
    errors = {"status": 207, "title": title, "type": ERROR_TYPE, "errors": failed}
    return as_json({"data": data, "errors": errors, "meta": {}}, 207)


def error(path, refused):
    """The error in the shape of the API's version (§1.4).

    :param path: behind the store hash, such as ``/v2/orders``
    """
    if path.startswith("/v2/"):
        payload = [{"status": refused.status, "message": refused.message}]
        return as_json(payload, refused.status)
    payload = {
        "status": refused.status,
        "title": refused.message,
        "type": ERROR_TYPE,
        "errors": refused.errors,
    }
    return as_json(payload, refused.status, "application/problem+json")
