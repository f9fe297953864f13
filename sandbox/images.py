"""The endpoints that take pictures: bigcommerce-api.md §6.1, §6.5.

A picture that was sent can be downloaded from the pictures' server, byte for byte, in
each of its sizes. One of which only the address was given is drawn: nothing is fetched.
"""

import re
from pathlib import PurePosixPath

from werkzeug.wrappers import Response

from . import answers
from .answers import Refused, invalid
from .catalog import SCOPE, variants_of
from .catalog_saving import LONGEST_URL, follow
from .dates import iso8601
from .forms import File
from .lookup import get_item, get_record
from .paths import PRODUCTS
from .pictures import ADDRESS, with_address
from .routing import Routes

routes = Routes()
IMAGES = f"{PRODUCTS}/<int:product_id>/images"
LARGEST = 8 * 1024 * 1024
LARGEST_OF_VARIANT = 1024 * 1024
MAXIMUM_IMAGES = 1000
# far from those of the pictures that the store begins with
FIRST_ID = 500_000_000
# how a file of some format begins
PNG, JPEG, GIF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", (b"GIF87a", b"GIF89a")
OF_VARIANTS = (PNG, JPEG, *GIF)
OF_PRODUCTS = (*OF_VARIANTS, b"BM", b"#define ", b"\0\0")
SIZE_OF = {"url_zoom": "1280", "url_standard": "386", "url_thumbnail": "220",
           "url_tiny": "44"}  # fmt: skip


@routes.post(IMAGES, SCOPE, takes_forms=True)
def create_image(call, product_id):
    record = _product(call, product_id)
    images = record.objects("images")
    if len(images) >= MAXIMUM_IMAGES:
        raise _unusable("images", f"A product has at most {MAXIMUM_IMAGES} images")
    picture = _picture(call.body, LARGEST, OF_PRODUCTS)
    change = _changes(call.body)
    image = {
        "id": FIRST_ID + call.store.next_number(),
        "product_id": product_id,
        "is_thumbnail": False,
        "sort_order": 0,
        "description": "",
        **_addresses(call.store, product_id, picture),
        **change,
    }
    _put(call.store, record, [*images, image], image["id"])
    return _answer(call, product_id, image["id"])


@routes.put(f"{IMAGES}/<int:image_id>", SCOPE, takes_forms=True)
def update_image(call, product_id, image_id):
    record = _product(call, product_id)
    images = record.objects("images")
    image = get_item(images, image_id)
    change = _changes(call.body)
    if "image_file" in call.body or "image_url" in call.body:
        picture = _picture(call.body, LARGEST, OF_PRODUCTS)
        change |= _addresses(call.store, product_id, picture)
    position = change.get("sort_order", image["sort_order"])
    if position > image["sort_order"]:
        images = [
            {**other, "sort_order": other["sort_order"] + 1}
            if other["sort_order"] >= position
            else other
            for other in images
        ]
    images = [
        {**other, **change} if other["id"] == image_id else other for other in images
    ]
    _put(call.store, record, images, image_id)
    return _answer(call, product_id, image_id)


@routes.delete(f"{IMAGES}/<int:image_id>", SCOPE)
def delete_image(call, product_id, image_id):
    record = _product(call, product_id)
    images = record.objects("images")
    get_item(images, image_id)
    _put(call.store, record, [one for one in images if one["id"] != image_id])
    return Response(status=204)


@routes.post(
    f"{PRODUCTS}/<int:product_id>/variants/<int:variant_id>/image",
    SCOPE,
    takes_forms=True,
)
def create_variant_image(call, product_id, variant_id):
    record = _product(call, product_id)
    variants = variants_of(record)
    get_item(variants, variant_id)
    picture = _picture(call.body, LARGEST_OF_VARIANT, OF_VARIANTS)
    number = call.store.next_number()
    name = f"{product_id}/{variant_id}_source_{number}"
    _keep(call.store, name, picture)
    change = {"image_url": f"{ADDRESS}{name}.1280{_suffix(picture)}"}
    variants = [
        {**one, **change} if one.get("id") == variant_id else one for one in variants
    ]
    _put_part(call.store, record, "variants", variants)
    return answers.v3(with_address(change, call.address))


def _product(call, product_id):
    """The product whose pictures a request is about."""
    record = get_record(call.store, PRODUCTS, product_id)
    if not isinstance(call.body, (dict, type(None))):
        raise invalid({"": "error.path"})
    return record


def _unusable(name, problem):
    return Refused(422, "The image could not be processed", {name: problem})


def _picture(body, largest, beginnings):
    """The :class:`~.forms.File`, or the address, that a request gives.

    :raises Refused: there is none, or it is too large or no picture
    """
    file, url = (body or {}).get("image_file"), (body or {}).get("image_url")
    if isinstance(file, File):
        if len(file.content) > largest:
            raise _unusable("image_file", f"The file has more than {largest} bytes")
        is_webp = file.content[:4] == b"RIFF" and file.content[8:12] == b"WEBP"
        is_known = file.content.startswith(beginnings)
        if not is_known and not (is_webp and beginnings is OF_PRODUCTS):
            raise _unusable("image_file", "The file is no picture of a supported type")
        return file
    if not isinstance(url, str):
        raise Refused(422, "image_url must be present if uploading by url")
    if len(url) > LONGEST_URL:
        raise _unusable("image_url", "error.maxLength")
    if not re.match(r"https?://[^/]", url):
        raise Refused(400, "The image could not be downloaded", {"image_url": url})
    return url


def _changes(body):
    """What a request says of an image besides the picture itself.

    In a form everything is text.
    """
    change = {}
    for name, parse in (
        ("sort_order", int),
        ("is_thumbnail", _flag),
        ("description", str),
    ):
        if (value := (body or {}).get(name)) is not None:
            try:
                change[name] = parse(value)
            except (TypeError, ValueError):
                raise invalid({name: "error.expected"}) from None
    return change


def _flag(value):
    """:raises ValueError: it is none"""
    if str(value).lower() not in ("true", "false", "1", "0"):
        raise ValueError(value)
    return str(value).lower() in ("true", "1")


def _addresses(store, product_id, picture):
    """The fields of an image that say where it is, under a name with a number."""
    given = picture.name if isinstance(picture, File) else picture.rpartition("/")[2]
    stem = re.sub(r"[^\w-]+", "-", PurePosixPath(given).stem) or "image"
    stem = f"{stem}__{10_000 + store.next_number()}"
    name, suffix = f"{product_id}/{stem}", _suffix(picture)
    _keep(store, name, picture)
    return {
        "image_file": f"{str(product_id)[0]}/{name}{suffix}",
        **{field: f"{ADDRESS}{name}.{size}{suffix}" for field, size in SIZE_OF.items()},
    }


def _suffix(picture):
    name = picture.name if isinstance(picture, File) else picture
    return PurePosixPath(name.partition("?")[0]).suffix or ".png"


def _keep(store, name, picture):
    if isinstance(picture, File):
        store.uploads[name] = picture.content


def _put(store, record, images, image_id=None):
    """Save the images of a product, one of which is the thumbnail.

    :param image_id: the one that was made or changed
    """
    now = iso8601(store.clock.now())
    changed = next((one for one in images if one["id"] == image_id), None)
    if changed:
        changed["date_modified"] = now
    chosen = [one for one in images if one.get("is_thumbnail")]
    if changed in chosen:
        chosen = [changed]
    chosen = chosen or sorted(images, key=lambda one: one["sort_order"])
    images = [{**one, "is_thumbnail": one is chosen[0]} for one in images]
    _put_part(store, record, "images", images)


def _put_part(store, record, name, items):
    """Replace a list below a product, which has so been modified."""
    store[PRODUCTS].put_part(record.body["id"], name, items)
    follow(store, record.body["id"], None, {})


def _answer(call, product_id, image_id):
    images = call.store[PRODUCTS].get(product_id).objects("images")
    image = get_item(images, image_id)
    return answers.v3(with_address(image, call.address))
