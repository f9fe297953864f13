"""What makes the pictures of a product in the store those of Odoo."""

import re
from typing import NamedTuple

# Characters of a checksum that are enough to tell pictures apart.
MARK_LENGTH = 16
LONGEST_STEM = 60
_MARK = re.compile(rf"-odoo-([0-9a-f]{{{MARK_LENGTH}}})(?![0-9a-f])", re.IGNORECASE)
_SUFFIXES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/webp": "webp",
}


def get_mark(checksum):
    """Return what tells a picture by its checksum, "" for none."""
    return (checksum or "")[:MARK_LENGTH]


def get_file_name(stem, checksum, mimetype):
    """Return the name under which a picture is sent: it tells which one it is."""
    stem = re.sub(r"[^a-z0-9]+", "-", stem.lower())[:LONGEST_STEM].strip("-")
    suffix = _SUFFIXES.get(mimetype, "png")
    return f"{stem or 'picture'}-odoo-{get_mark(checksum)}.{suffix}"


def read_mark(file_name):
    """Return which picture a name of ``get_file_name`` tells of, "" if it is none."""
    match = _MARK.search(file_name or "")
    return match[1].lower() if match else ""


class There(NamedTuple):
    """A picture of a product in the store.

    ``marks``: of what it shows: the picture that was sent, or the one downloaded.
    ``is_ours``: we have sent it.
    """

    id: str
    marks: frozenset
    is_ours: bool
    is_thumbnail: bool
    sort_order: int


class PicturePlan(NamedTuple):
    """What there is to do.

    ``kept``: position of a picture of Odoo -> id of the one in the store.
    ``new``: position of a picture of Odoo -> fields that go along with it.
    ``changes``: id -> fields, in the order in which they are to be sent.
    ``deleted``: ids.
    """

    kept: dict
    new: dict
    changes: dict
    deleted: list

    @property
    def is_empty(self):
        return not (self.new or self.changes or self.deleted)


def plan_pictures(wanted, has_main, there):
    """Return the :class:`PicturePlan` for one product.

    The order of what Odoo has is kept among its own; the store's other pictures stay
    where they are. Of the main picture not its place counts, but that it is the
    thumbnail.

    :param list wanted: marks of Odoo's pictures, in their order
    :param has_main: whether the first of them is the main picture
    :param list there: :class:`There` of the store's
    """
    left, kept = list(there), {}
    for position, mark in enumerate(wanted):
        for image in left:
            if mark in image.marks:
                kept[position] = image
                left.remove(image)
                break
    new, changes, last = {}, {}, -1
    for position in range(len(wanted)):
        is_main = has_main and not position
        image = kept.get(position)
        if not image:
            last = 0 if is_main else last + 1
            new[position] = {"sort_order": last}
            if is_main:
                new[position]["is_thumbnail"] = True
            continue
        change = {}
        if is_main:
            last = 0
            if not image.is_thumbnail:
                change["is_thumbnail"] = True
        elif image.sort_order > last:
            last = image.sort_order
        else:
            last += 1
            change["sort_order"] = last
        if change:
            changes[image.id] = change
    return PicturePlan(
        kept={position: image.id for position, image in kept.items()},
        new=new,
        changes=changes,
        deleted=[image.id for image in left if image.is_ours],
    )
