"""Checks requests and answers against BigCommerce's OpenAPI files.

``validate_request`` and ``validate_response`` find the operation of a path and raise
:class:`ContractError` with all that does not fit. The files are not part of this
repository: they lie beside the checkout, or where ``BIGCOMMERCE_OPENAPI`` says.

Where a file contradicts itself or the store's known behaviour, :data:`EXCEPTIONS`
says so, each with the reason.
"""

import os
import re
from functools import cache
from pathlib import Path

import yaml
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDER = Path(
    os.environ.get(
        "BIGCOMMERCE_OPENAPI", CHECKOUT.parent / "shared" / "bigcommerce-openapi"
    )
)

# operation (regular expression), place in the request or answer, reason
EXCEPTIONS = (
    (
        r"/orders/{order_id}/taxes$",
        r"^\d+/order_product_id$",
        "its description says null where the row is of no line, its type only string",
    ),
    (
        r"/catalog/products(/{product_id})?$",
        r"^data/(\d+/)?(base_variant_id|option_set_id)$",
        "null with options, and without an option set (bigcommerce-api.md §6.3)",
    ),
    (
        r"/catalog/variants$",
        r"^data/\d+/(price|cost_price|sale_price|retail_price|weight|width|height|depth"
        r"|fixed_cost_shipping_price|sku_id)$",
        "null is inherited, as in /catalog/products/{product_id}/variants",
    ),
    (
        r"/catalog/products$",
        r"^variants/\d+$",
        "the ids of new variants, read-only elsewhere, are the store's to give",
    ),
)

# What every operation may answer, described or not (bigcommerce-api.md §1.3, §1.4)
ERROR_STATUSES = (400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 429, 500, 503)
ERROR_SCHEMAS = {
    "v2": {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "properties": {
                "status": {"type": "integer"},
                "message": {"type": "string"},
            },
            "required": ["status", "message"],
        },
    },
    "v3": {
        "type": "object",
        "properties": {
            "status": {"type": "integer"},
            "title": {"type": "string"},
            "type": {"type": "string"},
            "errors": {"type": "object"},
        },
        "required": ["status", "title", "type"],
    },
}
LINK = {"url", "resource"}


class ContractError(AssertionError):
    """A request or an answer is not as BigCommerce's OpenAPI files describe it."""


class Operation:
    """One method of one path in one of the files.

    :param file: the OpenAPI file
    :param template: the path with its parameters
    :param method: in lower case
    """

    def __init__(self, file, template, method):
        self.file = file
        self.template = template
        self._path_item = file.document["paths"][template]
        self._operation = self._path_item[method]

    def __str__(self):
        return f"{self._operation.get('operationId', '')} ({self.template})"

    def parameters(self, place):
        """Name -> parameter object of the ``query`` or ``path``."""
        described = self._path_item.get("parameters", []) + self._operation.get(
            "parameters", []
        )
        found = [self.file.resolve(parameter) for parameter in described]
        return {item["name"]: item for item in found if item["in"] == place}

    def body_schema(self):
        """The schema of the request's JSON, or ``None`` if there is no body."""
        body = self.file.resolve(self._operation.get("requestBody", {}))
        return _json_schema(body)

    def response_schema(self, status):
        """The schema of an answer's JSON, ``None`` if the status is not described
        and an empty one if its body is not."""
        described = self._operation["responses"].get(str(status))
        if described is None:
            return None
        return _json_schema(self.file.resolve(described)) or {}


class File:
    """One OpenAPI file with its schemas as JSON Schema (draft 4)."""

    def __init__(self, path):
        text = path.read_text(encoding="utf-8")
        self.document = _as_json_schema(yaml.load(text, yaml.CSafeLoader))
        self._uri = f"urn:openapi:{path.name}"
        self._registries = {
            is_request: Registry().with_resource(
                self._uri, Resource(contents=document, specification=DRAFT4)
            )
            for is_request, document in (
                (False, self.document),
                (True, _without_read_only(self.document)),
            )
        }

    def resolve(self, item):
        """What a local reference points at."""
        while "$ref" in item:
            pointer = item["$ref"].removeprefix("#/")
            item = self.document
            for key in pointer.split("/"):
                item = item[key.replace("~1", "/").replace("~0", "~")]
        return item

    def problems(self, schema, content, is_request=False):
        """Pairs of a place in the content and what is wrong there."""
        if is_request:
            schema = _without_read_only(schema)
        # the schema becomes a document of its own, so its references need the file's
        absolute = _with_absolute_references(schema, self._uri)
        validator = Draft4Validator(absolute, registry=self._registries[is_request])
        for error in validator.iter_errors(content):
            yield from _innermost(error)


def _innermost(error):
    """The errors of the alternative that fits best, where several are allowed."""
    if error.validator != "anyOf" or not error.context:
        yield "/".join(map(str, error.absolute_path)), error.message
        return
    alternatives = {}
    for inner in error.context:
        alternatives.setdefault(inner.schema_path[0], []).append(inner)
    # the one that was meant gets deepest before it fails
    best = max(
        alternatives.values(),
        key=lambda errors: max(len(inner.absolute_path) for inner in errors),
    )
    for inner in best:
        yield from _innermost(inner)


def _json_schema(described):
    for content_type, media in described.get("content", {}).items():
        if "json" in content_type:
            return media.get("schema", {})
    return None


def _with_absolute_references(schema, uri):
    if isinstance(schema, list):
        return [_with_absolute_references(item, uri) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"{uri}{value}"
        if key == "$ref" and isinstance(value, str)
        else _with_absolute_references(value, uri)
        for key, value in schema.items()
    }


def _without_read_only(node):
    """A schema that asks of a request no more than OpenAPI 3.0 does: what is read-only
    is required of answers only."""
    if isinstance(node, list):
        return [_without_read_only(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {key: _without_read_only(value) for key, value in node.items()}
    properties = schema.get("properties")
    if isinstance(schema.get("required"), list) and isinstance(properties, dict):
        required = [
            name
            for name in schema["required"]
            if not (properties.get(name) or {}).get("readOnly")
        ]
        # draft 4 knows no empty list there
        schema.pop("required")
        schema |= {"required": required} if required else {}
    return schema


def _as_json_schema(node):
    """OpenAPI 3.0's dialect in JSON Schema's words.

    ``nullable`` becomes a type; ``oneOf`` becomes ``anyOf``, because an empty list
    fits both alternatives of ``line_items``; a link has to be one, because else
    anything would fit it.
    """
    if isinstance(node, list):
        return [_as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {key: _as_json_schema(value) for key, value in node.items()}
    if isinstance(schema.get("oneOf"), list):
        schema["anyOf"] = schema.pop("oneOf")
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    if schema.get("type") == "object" and set(schema.get("properties", ())) == LINK:
        schema["required"] = sorted(LINK)
    return schema


@cache
def _file(path):
    return File(path)


@cache
def _templates():
    """Pairs of a path template with its version and the file that has it."""
    if not FOLDER.is_dir():
        raise ContractError(f"BigCommerce's OpenAPI files are not in {FOLDER}.")
    found = []
    for path in sorted([*FOLDER.rglob("*.yml"), *FOLDER.rglob("*.yaml")]):
        text = path.read_text(encoding="utf-8")
        server = re.search(r"/stores/{store_hash}/(v[23])'", text)
        if server:
            for template in re.findall(r"^  '?(/[^\s':]+)'?:$", text, re.MULTILINE):
                found.append((f"/{server[1]}{template}", template, path))
    # literal segments before parameters: /orders/count is no order
    return sorted(found, key=lambda item: item[0].count("{"))


def _find(method, path):
    """The operation of a request and the values of its path parameters."""
    for full, template, file in _templates():
        names = re.findall(r"{(\w+)}", full)
        pattern = re.sub(r"{\w+}", "([^/]+)", full)
        if match := re.fullmatch(pattern, path):
            document = _file(file).document
            if method.lower() in document["paths"][template]:
                operation = Operation(_file(file), template, method.lower())
                return operation, dict(zip(names, match.groups(), strict=True))
    raise ContractError(f"BigCommerce describes no {method} {path}.")


def _raise_if(problems, subject):
    if problems:
        lines = "\n".join(f"  {place or '(whole)'}: {text}" for place, text in problems)
        raise ContractError(f"{subject} does not fit its contract:\n{lines}")


def validate_request(method, path, query=None, body=None):
    """Check what a client sends.

    :param method: such as ``GET``
    :param path: behind the store hash, such as ``/v2/orders/118``
    :param query: mapping of the query parameters, values as text
    :param body: the JSON of a write, already parsed
    :raises ContractError: no such operation, an unknown parameter, a value of the
        wrong kind, a body that does not fit
    """
    operation, in_path = _find(method, path)
    problems = []
    for place, given in (("path", in_path), ("query", query or {})):
        described = operation.parameters(place)
        for name, value in given.items():
            if name not in described:
                problems.append((name, f"is no {place} parameter of {operation}"))
                continue
            schema = operation.file.resolve(described[name].get("schema", {}))
            value = _parsed(operation.file, schema, name, str(value))
            problems += [
                (name, text) for _, text in operation.file.problems(schema, value)
            ]
    schema = operation.body_schema()
    if body is not None and schema is None:
        problems.append(("", f"{operation} takes no body"))
    elif body is not None:
        problems += [
            (place, text)
            for place, text in operation.file.problems(schema, body, is_request=True)
            if not _is_excepted(operation.template, place)
        ]
    _raise_if(problems, f"{method} {path}")


def _parsed(file, schema, name, text):
    """A parameter's text as the kind of value its schema describes."""
    kind = schema.get("type")
    if name == "sort" and text not in schema.get("enum", ()):
        # the direction is described in words only
        return re.sub(r":(asc|desc)$", "", text)
    if name.endswith((":in", ":not_in")) and kind != "array":
        # described with the type of one of them
        parts = [_parsed(file, schema, "", part) for part in text.split(",")]
        return next((part for part in parts if isinstance(part, str)), parts[0])
    if kind == "array":
        items = file.resolve(schema.get("items", {}))
        return [_parsed(file, items, "", part) for part in text.split(",")]
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind in ("integer", "number"):
        for convert in (int, float):
            try:
                return convert(text)
            except ValueError:
                continue
    return text


def validate_response(method, path, query, status, body):
    """Check what a store answers.

    :param method: of the request, such as ``GET``
    :param path: behind the store hash, such as ``/v2/orders/118``
    :param query: of the request; a page has to respect its ``limit``
    :param status: HTTP status
    :param body: parsed JSON, ``None`` if the answer is empty
    :raises ContractError: a status or a body that is not described
    """
    subject = f"The answer {status} of {method} {path}"
    if status in ERROR_STATUSES and not _names_each(status, body):
        schema = ERROR_SCHEMAS[path.split("/")[1]]
        errors = Draft4Validator(schema).iter_errors(body)
        _raise_if([item for error in errors for item in _innermost(error)], subject)
        return
    operation, _ = _find(method, path)
    schema = operation.response_schema(status)
    if status == 204 and body is None:
        # described or not, it has no body; of v3 only some lists are empty that way
        if path.startswith("/v2/") or method != "GET" or schema is not None:
            return
    if schema is None:
        raise ContractError(f"{subject} is not described.")
    if part := _names_each(status, body):
        if part not in schema.get("properties", {}):
            raise ContractError(f"{subject} has no {part}.")
    if operation.template == "/orders/{order_id}/fees":
        # the schema is of one fee, the example has a list of them in an object
        fees = {"type": "array", "items": schema}
        schema = {"type": "object", "properties": {"fees": fees}, "required": ["fees"]}
    problems = [
        (place, text)
        for place, text in operation.file.problems(schema, body)
        if not _is_excepted(operation.template, place)
    ]
    _raise_if([*problems, *_excess(operation, query, body)], subject)


def _names_each(status, body):
    """Return the field in which an error tells of the things one by one, or ``None``.

    Refunds do it in the list that else holds what was asked for.
    """
    if isinstance(body, dict):
        if "batch_errors" in body:
            return "batch_errors"
        if status == 422 and isinstance(body.get("data"), list):
            return "data"
    return None


def _excess(operation, query, body):
    """Yield what is wrong with a page that has more items than were asked for."""
    limit = int((query or {}).get("limit", 50))
    items = body.get("data") if isinstance(body, dict) else body
    if (
        isinstance(items, list)
        and len(items) > limit
        and "page" in str(operation.parameters("query"))
    ):
        yield "", f"{len(items)} items where {limit} were asked for"


def _is_excepted(template, place):
    return any(
        re.search(operation, template) and re.search(where, place)
        for operation, where, _reason in EXCEPTIONS
    )
