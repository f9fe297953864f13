"""Products of Odoo with pictures, and a store in which there are none yet."""

import base64
import json

from ..client.images import download
from .listing_case import MUG, ListingCase
from .picture_case import PRODUCTS


class ImageCase(ListingCase):
    """All listings are imported, with products of Odoo; pictures belong to Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.write({"create_odoo_products": True, "sync_listing_images": True})

    def setUp(self):
        super().setUp()
        self.skip_backoff()
        self.store.clear_pictures()
        self.set_owner("odoo")
        self.import_listings()
        self.store.forget_requests()

    def set_owner(self, owner):
        """Say to whom the pictures belong."""
        rows = self.instance.field_owner_ids
        rows.filtered(lambda row: row.field == "images").owner = owner

    def get_template(self, bc_id=MUG):
        return self.get_listing(bc_id).product_tmpl_id

    def give(self, record, content, field="image_1920"):
        """Give a record of Odoo a picture, or none."""
        record[field] = base64.b64encode(content) if content else False

    def export(self, **options):
        return self.run_operation(self.instance, "export_images", **options)

    def get_line(self, bc_id=MUG):
        return self.get_lines("export_images", key=bc_id)[:1]

    def get_writes(self):
        """Return method, path below the product, and content of each change."""
        return [
            (
                request["method"],
                request["path"].removeprefix(f"/{PRODUCTS}/"),
                json.loads(request["body"] or "null"),
            )
            for request in self.store.get_requests()
            if request["method"] != "GET"
        ]

    def get_images(self, bc_id=MUG):
        """Return the store's pictures of a product in their order."""
        images = self.store.control("GET", f"{PRODUCTS}/{bc_id}/images")
        return sorted(images, key=lambda image: (image["sort_order"], image["id"]))

    def load_picture(self, url):
        """Return a picture of the store."""
        return download(url.replace("https://store.example.com", self.store.address))

    def read_images(self, bc_id=MUG):
        return [
            self.load_picture(image["url_zoom"]) for image in self.get_images(bc_id)
        ]

    def get_thumbnails(self, bc_id=MUG):
        """Return the pictures that are the thumbnail."""
        return [
            self.load_picture(image["url_zoom"])
            for image in self.get_images(bc_id)
            if image["is_thumbnail"]
        ]
