"""What came of many changes that were sent in one request (§1.4, §6.1).

BigCommerce may save some and refuse others. Its answers name what they complain about
in several ways: in fields beside the text, by the position in the request, or in prose.
"""

import re
from dataclasses import dataclass, field

from .complaint import Complaint
from .errors import InvalidRequest, ProtocolError
from .paging import read_data_list

_POSITION = re.compile(r"\D*?\[?(\d+)\]?[./]", re.ASCII)
_WHOLE_NUMBER = re.compile(r"\[?(\d+)\]?", re.ASCII)


@dataclass(frozen=True)
class BatchAnswer:
    """What is in neither ``saved`` nor ``errors`` was not saved and not explained.

    What is in both was saved, except for what its error names.

    :ivar saved: id -> raw JSON object as it is now
    :ivar errors: id -> why it was refused, or a part of it
    :ivar message: what was said of no particular one of them
    """

    saved: dict[str, dict] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    message: str = ""


class Batch:
    """Objects that are changed together.

    :param changes: list of dicts with ``id``
    :param id_names: what BigCommerce calls such an id in its answers
    :param limit: how many go in one request
    :raises InvalidRequest: if there are more, or one has no id, or two have the same
    """

    def __init__(self, changes, id_names, limit):
        refuse_too_many(changes, limit)
        self.changes = [
            {**change, "id": as_number(change.get("id"), "id")} for change in changes
        ]
        self._ids = [str(change["id"]) for change in self.changes]
        if len(set(self._ids)) < len(self._ids):
            raise InvalidRequest("The same object comes twice in one request")
        self._id_names = id_names
        names = "|".join(sorted(id_names, key=len, reverse=True))
        self._id_in_text = re.compile(rf"(?<!\w)(?:{names})\W{{1,3}}(\d+)", re.ASCII)

    def parse(self, answer, transport):
        """Return the BatchAnswer that an Answer stands for.

        :param transport: the Transport that it came by
        :raises ProtocolError: when it cannot be read
        """
        saved = {}
        for row in read_data_list(answer):
            if not isinstance(row.get("id"), (int, str)):
                raise ProtocolError("A row without 'id'", status=answer.status)
            if str(row["id"]) in self._ids:
                saved[str(row["id"])] = row
        complaints = [
            Complaint.of_item(entry)
            for name in ("errors", "batch_errors")
            for entry in _entries(answer.body.get(name))
        ]
        item_errors = transport.redact_complaints(complaints, InvalidRequest)
        return BatchAnswer(saved, *self._attribute(item_errors))

    def parse_refusal(self, error):
        """Return the BatchAnswer of a refusal that says of each of some what is wrong.

        :param error: the BigCommerceError
        :raises BigCommerceError: the error itself, if it does not say of whom it speaks
        """
        errors, message = self._attribute(error.item_errors)
        if not errors or message:
            raise error
        return BatchAnswer(errors=errors)

    def _attribute(self, item_errors):
        """Return id -> what was said of it, and what was said of none."""
        said, rest = {}, []
        for error in item_errors:
            for ids, text in self._parts(error):
                for id_ in ids:
                    said.setdefault(id_, []).append(text)
                if not ids:
                    rest.append(text)
        errors = {id_: "; ".join(dict.fromkeys(texts)) for id_, texts in said.items()}
        return errors, "; ".join(dict.fromkeys(rest))

    def _parts(self, error):
        """Return pairs: ids that are spoken of, none if nobody knows, and the text."""
        ids = self._named_by(error.identity) or (
            self._ids if len(self._ids) == 1 else []
        )
        if ids:
            return [(ids, error.message)]
        parts = [
            (self._at(path) or self._in_text(text), f"{path}: {text}")
            for path, text in error.errors.items()
        ]
        if any(ids for ids, _text in parts):
            return parts
        return [(self._in_text(error.message), error.message)]

    def _named_by(self, identity):
        """Return the ids of what the fields of an error name."""
        for name in self._id_names:
            if identity.get(name) in self._ids:
                return [identity[name]]
        return self._with("sku", identity.get("sku")) or self._with(
            "product_id", identity.get("product_id")
        )

    def _with(self, name, value):
        """Return the id of the only change with that value, if there is one."""
        ids = [
            id_
            for id_, change in zip(self._ids, self.changes, strict=True)
            if value and str(change.get(name)) == value
        ]
        return ids if len(ids) == 1 else []

    def _at(self, path):
        """Return the id that a path begins with, as such or as a position."""
        whole = _WHOLE_NUMBER.fullmatch(path)
        match = whole or _POSITION.match(path)
        if not match:
            return []
        number = int(match[1])
        candidates = {match[1]} & set(self._ids)
        if number < len(self._ids):
            candidates.add(self._ids[number])
        # an id that is also somebody else's position names nobody
        return list(candidates) if len(candidates) == 1 else []

    def _in_text(self, text):
        """Return the ids of all that a text names."""
        named = self._id_in_text.findall(text)
        ids = [id_ for id_ in self._ids if id_ in named]
        if ids or named:
            return ids
        for change in self.changes:
            sku = change.get("sku")
            if sku and re.search(rf"(?<![\w-]){re.escape(sku)}(?![\w-])", text):
                ids += self._with("sku", sku)
        return ids


def _entries(said):
    """Return what is said in several entries, or in one, or not at all."""
    if isinstance(said, list):
        return said
    return [{"errors": said}] if said else []


def refuse_too_many(things, limit):
    """Refuse more than an endpoint takes, before anything is sent.

    :raises InvalidRequest: if there are more
    """
    if len(things) > limit:
        raise InvalidRequest(
            f"At most {limit} go in one request, and these are {len(things)}"
        )


def as_number(value, name):
    """Return an id as the number that BigCommerce wants.

    :raises InvalidRequest: if it is none
    """
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()):
        raise InvalidRequest(f"{name!r} is not an id of BigCommerce")
    return int(text)
