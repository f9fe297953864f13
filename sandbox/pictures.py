"""Pictures of the products, under the store's own address and outside its API.

Each is a real PNG of its own, or what was sent (``images.py``). The control path can
change or break one, and knows what was asked for.
"""

import struct
import zlib
from dataclasses import dataclass, field
from hashlib import sha256

from werkzeug.wrappers import Response

from .paths import PRODUCTS

PREFIX = "/product_images/"
# what the content has in place of the store's address, which it cannot know
ADDRESS = f"https://store.example.com{PREFIX}"
# part of the name -> pixels on a side
SIZES = {"1280": 64, "386": 32, "220": 16, "44": 8}


def png(seed, side):
    """A square picture whose colours follow from a text.

    :param seed: the text
    :param side: pixels on a side
    """
    colours = sha256(seed.encode()).digest()
    rows = [
        b"\0" + b"".join(_pixel(colours, x * 4 // side, y * 4 // side)
                         for x in range(side))
        for y in range(side)
    ]  # fmt: skip
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(b"".join(rows))),
            _chunk(b"IEND", b""),
        )
    )


def _pixel(colours, column, row):
    start = (column + 4 * row) % (len(colours) - 2)
    return colours[start : start + 3]


def _chunk(name, content):
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


@dataclass
class Change:
    """What the control path made of a picture.

    :param version: another one is another picture
    :param status: HTTP status
    :param body: text in place of the picture
    :param content_type: that the answer claims
    :param headers: further ones
    :param size: bytes that the answer has at least
    """

    version: int = 1
    status: int = 200
    body: str = None
    content_type: str = "image/png"
    headers: dict = field(default_factory=dict)
    size: int = 0


class Pictures:
    """The server of the pictures.

    A picture is called ``101/0``, the first of product 101, or ``131/13103``, that of a
    variant; each has an address for each of its sizes.
    """

    def __init__(self):
        self.clear()

    def clear(self):
        """Let all pictures be as at the start, and forget what was asked."""
        self._changes = {}
        self.requests = []

    def change(self, name, description):
        """:raises TypeError: it is no description of a change"""
        self._changes[name] = Change(**description)

    def answer(self, request, store):
        """Answer a request below :data:`PREFIX`."""
        path = request.path.removeprefix(PREFIX)
        self.requests.append(
            {
                "path": path,
                "has_token": "X-Auth-Token" in request.headers
                or "Authorization" in request.headers,
            }
        )
        if f"{ADDRESS}{path}" not in _addresses(store, path):
            return Response(status=404)
        name, *rest = path.split(".")
        change = self._changes.get(name, Change())
        body = change.body
        if body is None and change.version == 1 and not change.size:
            body = store.uploads.get(name)
        if body is None:
            body = png(f"{name} {change.version}", SIZES.get(rest[0], SIZES["1280"]))
            body += bytes(max(0, change.size - len(body)))
        response = Response(body, change.status, content_type=change.content_type)
        response.headers.update(change.headers)
        return response


def _addresses(store, path):
    """The addresses of all pictures of the product that a path names."""
    product_id = path.partition("/")[0]
    record = store[PRODUCTS].get(int(product_id)) if product_id.isdigit() else None
    if record is None:
        return set()
    holders = record.objects("images") + record.objects("variants")
    return {value for holder in holders for value in holder.values()
            if isinstance(value, str)}  # fmt: skip


def with_address(item, address):
    """An image or a variant with the store's address in its pictures' addresses.

    :param address: such as ``http://127.0.0.1:8000``
    """
    return {
        name: f"{address}{PREFIX}{value.removeprefix(ADDRESS)}"
        if isinstance(value, str) and value.startswith(ADDRESS)
        else value
        for name, value in item.items()
    }
