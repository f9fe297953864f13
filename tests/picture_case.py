"""Listings whose pictures lie on a server of the test's own."""

import base64
import io

from PIL import Image

from .http_server import ScriptedServer, answer
from .listing_case import ListingCase

PRODUCTS = "v3/catalog/products"


def draw(colour="red", size=(60, 40), kind="PNG"):
    """Return a picture of one colour, as bytes."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, kind)
    return stream.getvalue()


def get_picture(value):
    """Return what a field holds, as a picture."""
    return Image.open(io.BytesIO(base64.b64decode(value)))


class PictureCase(ListingCase):
    """A test with *Sync Listing Images?* on, and products without pictures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.write({"create_odoo_products": True, "sync_listing_images": True})
        cls.pictures = {}
        cls.server = ScriptedServer(respond=cls.respond)
        cls.enterClassContext(cls.server)

    def setUp(self):
        super().setUp()
        self.pictures.clear()
        self.server.requests.clear()
        self.store.clear_pictures()

    @classmethod
    def respond(cls, request):
        found = cls.pictures.get(request.path.strip("/"))
        if found is None:
            return answer(404, b"")
        if isinstance(found, bytes):
            found = answer(200, found, headers={"Content-Type": "image/png"})
        return found

    def publish(self, name, content=None):
        """Put a picture on the server; return its address."""
        self.pictures[name] = draw() if content is None else content
        return f"{self.server.url}/{name}"

    def show(self, bc_id, *urls, thumbnail=0, **fields):
        """Give a product of the store pictures at these addresses, in this order."""
        self.store.put(
            f"{PRODUCTS}/{bc_id}/images",
            [
                {
                    "id": int(bc_id) * 10 + number,
                    "product_id": int(bc_id),
                    "is_thumbnail": number == thumbnail,
                    "sort_order": number,
                    "description": "",
                    "url_zoom": url,
                    "url_standard": url,
                    "url_thumbnail": url,
                    "url_tiny": url,
                    "image_file": f"{number}.png",
                    "date_modified": "2026-06-01T08:00:00+00:00",
                    **fields,
                }
                for number, url in enumerate(urls)
            ],
        )

    def get_downloads(self):
        """Return what was downloaded since this was asked last."""
        paths = [request.path.strip("/") for request in self.server.requests]
        self.server.requests.clear()
        return paths
