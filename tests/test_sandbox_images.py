"""The sandbox takes pictures as BigCommerce does, and shows what it took."""

from odoo.tests import tagged

from ..client import errors
from ..client.images import download
from ..client.resources.images import LARGEST_IMAGE, LARGEST_VARIANT_IMAGE
from ..sandbox.pictures import png
from .client_case import SandboxClientCase

MUG, SHIRT, NONE = 101, 130, 999
IMAGES = f"v3/catalog/products/{MUG}/images"
PNG, OTHER = png("one", 8), png("two", 8)


@tagged("post_install", "-at_install")
class TestImages(SandboxClientCase):
    def setUp(self):
        super().setUp()
        self.store.put(IMAGES, [])

    def send(self, file_name="one.png", content=PNG, product_id=MUG, **options):
        return self.client.create_image(
            product_id, file_name=file_name, content=content, **options
        )

    def get_images(self):
        images = self.fetch(f"/{IMAGES}", limit=250)["data"]
        return {str(image["id"]): image for image in images}

    def get_thumbnails(self):
        return [
            bc_id for bc_id, one in self.get_images().items() if one["is_thumbnail"]
        ]

    def get_variant(self):
        return self.fetch(f"/v3/catalog/products/{SHIRT}", include="variants")["data"][
            "variants"
        ][0]

    def test_what_was_sent_comes_back_byte_for_byte_in_every_size(self):
        content = PNG + bytes(range(256))
        image = self.send("my mug.png", content, sort_order=3, description="A mug")
        self.assertRegex(image["image_file"], r"^1/101/my-mug__\d+\.png$")
        self.assertEqual(
            (image["sort_order"], image["description"], image["is_thumbnail"]),
            (3, "A mug", True),
        )
        for name in ("url_zoom", "url_standard", "url_thumbnail", "url_tiny"):
            self.assertEqual(download(image[name]), content)
        self.assertEqual(list(self.get_images().values()), [image])
        self.assertNotEqual(
            download(self.send("my mug.png", OTHER)["url_zoom"]), content
        )

    def test_exactly_one_is_the_thumbnail(self):
        one, two, three = (str(self.send(is_thumbnail=flag)["id"])
                           for flag in (None, True, False))  # fmt: skip
        self.assertEqual(self.get_thumbnails(), [two])
        self.client.update_image(MUG, three, {"is_thumbnail": True})
        self.assertEqual(self.get_thumbnails(), [three])
        self.client.delete_image(MUG, three)
        self.assertEqual(self.get_thumbnails(), [one])
        self.client.update_image(MUG, one, {"is_thumbnail": False})
        self.assertEqual(self.get_thumbnails(), [one])

    def test_one_that_moves_back_moves_those_behind_it(self):
        ids = [str(self.send(sort_order=number)["id"]) for number in range(3)]
        self.client.update_image(MUG, ids[0], {"sort_order": 1})
        images = self.get_images()
        self.assertEqual([images[one]["sort_order"] for one in ids], [1, 2, 3])

    def test_8_mb_are_a_picture_of_a_product_and_a_byte_more_is_none(self):
        largest = PNG + bytes(LARGEST_IMAGE - len(PNG))
        self.send(content=largest)
        with self.assertRaises(errors.InvalidRequest):
            self.send(content=largest + b"0")
        self.assertEqual(len(self.get_images()), 1)

    def test_only_pictures_of_kinds_that_bigcommerce_knows_are_taken(self):
        for content in (b"", b"<svg/>", b"RIFF0000WAVE"):
            with self.subTest(content), self.assertRaises(errors.InvalidRequest):
                self.send(content=content)
        self.assertFalse(self.get_images())
        taken = (b"GIF89a", b"BM", b"RIFF0000WEBP", b"\xff\xd8\xff")
        for content in taken:
            self.send(content=content)
        self.assertEqual(len(self.get_images()), len(taken))

    def test_a_product_has_1000_pictures_and_no_more(self):
        image = self.send()
        many = [{**image, "id": number} for number in range(1, 1000)]
        self.store.put(IMAGES, many)
        self.assertTrue(self.send()["id"])
        with self.assertRaises(errors.InvalidRequest):
            self.send()
        product = self.fetch(f"/v3/catalog/products/{MUG}", include="images")["data"]
        self.assertEqual(len(product["images"]), 1000)

    def test_a_variants_picture_replaces_the_one_before(self):
        variant_id = self.get_variant()["id"]
        seen = []
        for content in (PNG, OTHER):
            url = self.client.create_variant_image(
                SHIRT, variant_id, file_name="one.png", content=content
            )
            self.assertEqual(self.get_variant()["image_url"], url)
            self.assertEqual(download(url), content)
            seen.append(url)
        self.assertNotEqual(*seen)
        largest = PNG + bytes(LARGEST_VARIANT_IMAGE - len(PNG))
        for content, is_taken in (
            (largest, True),
            (largest + b"0", False),
            (b"RIFF0000WEBP", False),
        ):
            try:
                self.client.create_variant_image(
                    SHIRT, variant_id, file_name="one.png", content=content
                )
            except errors.InvalidRequest:
                self.assertFalse(is_taken)
            else:
                self.assertTrue(is_taken)

    def test_what_is_not_there_is_not_found(self):
        for call in (
            lambda: self.send(product_id=NONE),
            lambda: self.client.update_image(MUG, 1, {"sort_order": 1}),
            lambda: self.client.delete_image(MUG, 1),
            lambda: self.client.create_variant_image(
                SHIRT, 1, file_name="one.png", content=PNG
            ),
        ):
            with self.assertRaises(errors.NotFound):
                call()
        path = f"/v3/catalog/products/{NONE}/images"
        self.assertEqual(self.ask(path).status_code, 404)

    def test_one_at_an_address_is_drawn(self):
        for url, status in (
            ("https://example.com/a.png", 200),
            (f"https://example.com/{'a' * 235}", 200),
            (f"https://example.com/{'a' * 236}", 422),
            ("example.com/a.png", 400),
            (None, 422),
        ):
            response = self.ask(f"/{IMAGES}", method="POST", json={"image_url": url})
            self.assertEqual(response.status_code, status, url)
        for image in self.get_images().values():
            self.assertTrue(download(image["url_zoom"]).startswith(b"\x89PNG"))

    def test_a_picture_that_is_sent_modifies_its_product(self):
        self.store.control(
            "PUT", "clock", {"frozen": True, "now": "2026-12-24T18:00:00Z"}
        )
        image = self.send()
        product = self.fetch(f"/v3/catalog/products/{MUG}")["data"]
        self.assertEqual(image["date_modified"], "2026-12-24T18:00:00+00:00")
        self.assertEqual(product["date_modified"], "2026-12-24T18:00:00+00:00")

    def test_neither_the_ledger_nor_the_log_keeps_the_bytes(self):
        self.store.forget_requests()
        self.send(content=PNG + b"canary", description="A mug", is_thumbnail=True)
        (request,) = self.store.get_requests("images")
        self.assertNotIn("canary", request["body"])
        self.assertIn('"file": "one.png"', request["body"])
        (exchange,) = self.client.transport.take_exchanges()
        self.assertNotIn("canary", exchange.request + repr(exchange))
        for part in ("one.png", f'"bytes": {len(PNG) + 6}', "image/png", "A mug"):
            self.assertIn(part, exchange.request)

    def test_forms_are_for_pictures_only(self):
        response = self.ask(
            "/v3/catalog/products", method="PUT", files={"a": ("a.png", PNG)}
        )
        self.assertEqual(response.status_code, 415)
