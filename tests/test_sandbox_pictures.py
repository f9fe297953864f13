"""The sandbox shows a picture for each address that its catalogue gives."""

import requests

from odoo.tests import tagged
from odoo.tools.image import image_process

from ..client import errors
from ..client.images import download
from ..sandbox.scale import Scale
from .common import SandboxStore
from .sandbox_case import StoreCase

PRODUCTS = "/v3/catalog/products"
MUG, SHIRT = 101, 130


@tagged("post_install", "-at_install")
class TestPictures(StoreCase):
    def images(self, product_id=MUG):
        return self.fetch(f"{PRODUCTS}/{product_id}/images")["data"]

    def address(self, number=0):
        return self.images()[number]["url_zoom"]

    def test_every_picture_is_there_and_no_two_are_the_same(self):
        seen = set()
        addresses = []
        products = self.fetch(PRODUCTS, limit=250, include="images,variants")["data"]
        for product in products:
            for image in product["images"]:
                addresses += [image["url_zoom"], image["url_standard"]]
            addresses += [
                item["image_url"] for item in product["variants"] if item["image_url"]
            ]
        self.assertGreater(len(addresses), 50)
        for address in addresses:
            self.assertTrue(address.startswith(f"{self.store.address}/"))
            content = download(address)
            self.assertTrue(content.startswith(b"\x89PNG"))
            seen.add(content)
        self.assertEqual(len(seen), len(set(addresses)))
        self.assertEqual(len(self.store.get_picture_requests()), len(addresses))
        self.assertEqual(self.store.get_requests("images"), [])

    def test_a_picture_is_one_that_can_be_opened(self):
        for name, side in (("url_zoom", 64), ("url_standard", 32), ("url_tiny", 8)):
            content = download(self.images()[0][name])
            small = image_process(content, size=(4, 4))
            self.assertTrue(small)
            self.assertEqual(content[16:24], side.to_bytes(4, "big") * 2)

    def test_addresses_agree_wherever_they_come(self):
        product = self.fetch(f"{PRODUCTS}/{MUG}", include="images,primary_image")
        self.assertEqual(product["data"]["images"], self.images())
        self.assertEqual(product["data"]["primary_image"], self.images()[0])
        listed = self.fetch("/v3/catalog/variants", **{"product_id:in": SHIRT})["data"]
        product = self.fetch(f"{PRODUCTS}/{SHIRT}", include="variants")["data"]
        self.assertEqual(product["variants"], listed)
        pictured = [item for item in listed if item["image_url"]]
        self.assertEqual(len(pictured), 3)
        for item in pictured:
            (value,) = (
                value["label"]
                for value in item["option_values"]
                if value["option_display_name"] == "Colour"
            )
            self.assertEqual(value, "Clay")

    def test_a_picture_stays_the_same_until_it_is_changed(self):
        address = self.address()
        before = download(address)
        self.assertEqual(download(address), before)
        other = download(self.address(1))
        self.store.control(
            "PUT", "clock", {"frozen": True, "now": "2026-12-24T18:00:00Z"}
        )
        self.store.change_picture("101/0", version=2)
        self.assertNotEqual(download(address), before)
        self.assertEqual(download(self.address(1)), other)
        first, second = self.images()
        self.assertEqual(first["date_modified"], "2026-12-24T18:00:00+00:00")
        self.assertNotEqual(second["date_modified"], first["date_modified"])
        modified = self.fetch(f"{PRODUCTS}/{MUG}")["data"]["date_modified"]
        self.assertEqual(modified, first["date_modified"])
        self.store.reset()
        self.assertEqual(download(address), before)

    def test_a_picture_can_be_broken_in_many_ways(self):
        address = self.address()
        for change, kind in (
            ({"status": 404}, errors.NotFound),
            ({"status": 503}, errors.ServerError),
            ({"body": "<html>", "content_type": "text/html"}, errors.ProtocolError),
            ({"body": ""}, errors.ProtocolError),
            ({"size": 9_000_000}, errors.ProtocolError),
            (
                {"status": 302, "headers": {"Location": address}},
                errors.ProtocolError,
            ),
        ):
            with self.subTest(change=change):
                self.store.change_picture("101/0", **change)
                with self.assertRaises(kind):
                    download(address)
                download(self.address(1))
        self.store.control("DELETE", "pictures")
        download(address)

    def test_a_variants_picture_can_be_changed(self):
        listed = self.fetch("/v3/catalog/variants", **{"product_id:in": SHIRT})["data"]
        (variant, *_) = [item for item in listed if item["image_url"]]
        before = download(variant["image_url"])
        self.store.change_picture(f"{SHIRT}/{variant['id']}", version=2)
        self.assertNotEqual(download(variant["image_url"]), before)

    def test_what_the_catalogue_does_not_show_is_not_there(self):
        address = self.address()
        for other in (
            address.replace("/0.", "/9."),
            address.replace("1280", "77"),
            address.replace("/101/", "/999/"),
            address.replace("/101/", "/x/"),
        ):
            with self.subTest(other), self.assertRaises(errors.NotFound):
                download(other)
        self.store.delete("v3/catalog/products/101")
        with self.assertRaises(errors.NotFound):
            download(address)

    def test_tokens_that_go_astray_are_noticed(self):
        address = self.address()
        download(address)
        requests.get(address, headers={"X-Auth-Token": "x"}, timeout=10)
        requests.get(address, auth=("user", "word"), timeout=10)
        noticed = [entry["has_token"] for entry in self.store.get_picture_requests()]
        self.assertEqual(noticed, [False, True, True])
        self.assertEqual(self.store.get_picture_requests()[0]["path"], "101/0.1280.png")

    def test_mistakes_are_explained(self):
        for content, status in (
            ({"name": "999/0"}, 404),
            ({"name": "101/0", "shape": "round"}, 400),
            ({}, 400),
            ({"name": "101"}, 400),
        ):
            with self.subTest(content=content):
                answer = requests.put(
                    f"{self.store.address}/__control__/pictures",
                    json=content,
                    timeout=10,
                )
                self.assertEqual(answer.status_code, status)
                self.assertTrue(answer.json()["error"])

    def test_a_store_of_any_size_has_pictures(self):
        store = SandboxStore(Scale(20).load)
        self.addCleanup(store.stop)
        address = f"{store.address}/product_images"
        self.assertNotEqual(
            download(f"{address}/7/0.1280.png"), download(f"{address}/8/0.1280.png")
        )
        with self.assertRaises(errors.NotFound):
            download(f"{address}/21/0.1280.png")
