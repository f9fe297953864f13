"""Pictures come once each, several per listing, and a broken one stops nothing."""

import base64

from odoo.tests import HttpCase, new_test_user, tagged

from .http_server import answer
from .listing_case import MUG, PAN, POT
from .picture_case import PRODUCTS, PictureCase, draw, get_picture

USER = "bigcommerce_connector.bigcommerce_group_user"


@tagged("post_install", "-at_install")
class TestListingImages(PictureCase):
    def test_each_picture_of_a_listing_is_kept_in_its_order(self):
        for count in (0, 1, 4, 5):
            with self.subTest(count=count):
                urls = [self.publish(f"{count}-{n}") for n in range(count)]
                self.show(MUG, *urls)
                self.import_listings(ids=[MUG])
                images = self.get_listing(MUG).image_ids
                self.assertEqual(images.mapped("url"), urls)
                self.assertTrue(all(images.mapped("is_current")))
                self.assertEqual(len(images.filtered("image_1920")), count)
                self.assertEqual(len(self.get_downloads()), count)

    def test_each_is_downloaded_once(self):
        self.show(MUG, self.publish("one"), self.publish("two"))
        self.import_listings()
        self.assertEqual(sorted(self.get_downloads()), ["one", "two"])
        self.import_listings()
        self.store.patch(f"{PRODUCTS}/{MUG}", name="Tin mug")
        self.import_listings()
        self.assertEqual(self.get_downloads(), [])

    def test_one_that_has_changed_is_downloaded_again_and_the_others_are_not(self):
        one, two = self.publish("one"), self.publish("two")
        self.show(MUG, one, two)
        self.import_listings()
        self.get_downloads()
        images = self.get_listing(MUG).image_ids
        self.publish("new", draw("blue"))
        self.show(MUG, f"{self.server.url}/new", two)
        self.import_listings()
        self.assertEqual(self.get_downloads(), ["new"])
        self.assertEqual(self.get_listing(MUG).image_ids, images)
        picture = get_picture(images[0].image_1920)
        self.assertEqual(picture.convert("RGB").getpixel((0, 0)), (0, 0, 255))

    def test_a_new_date_is_a_new_picture(self):
        url = self.publish("one")
        self.show(MUG, url)
        self.import_listings()
        self.show(MUG, url, date_modified="2026-10-10T08:00:00+00:00")
        self.import_listings()
        self.assertEqual(self.get_downloads(), ["one", "one"])

    def test_order_and_main_picture_are_the_stores(self):
        urls = [self.publish(name) for name in ("first", "second", "third")]
        self.show(MUG, *urls, thumbnail=2)
        self.import_listings()
        listing = self.get_listing(MUG)
        self.assertEqual(
            [image.url.rsplit("/", 1)[1] for image in listing.image_ids],
            ["third", "first", "second"],
        )
        self.assertEqual(listing.image_ids.mapped("is_thumbnail"), [True, False, False])
        self.show(MUG, *urls, thumbnail=0)
        self.import_listings()
        listing.invalidate_recordset()
        self.assertEqual(
            [image.url.rsplit("/", 1)[1] for image in listing.image_ids],
            ["first", "second", "third"],
        )
        self.assertEqual(len(self.get_downloads()), 3)

    def test_what_the_store_no_longer_shows_is_removed(self):
        one, two = self.publish("one"), self.publish("two")
        self.show(MUG, one, two)
        self.import_listings()
        images = self.get_listing(MUG).image_ids
        self.show(MUG, two)
        self.import_listings()
        self.assertEqual(len(images.exists()), 1)
        self.show(MUG)
        self.import_listings()
        self.assertFalse(images.exists())
        self.assertFalse(
            self.env["ir.attachment"].search(
                [
                    ("res_model", "=", images._name),
                    ("res_id", "in", images.ids),
                    ("res_field", "!=", False),
                ]
            )
        )

    def test_variants_have_pictures_of_their_own(self):
        self.change_variants(
            POT,
            {"image_url": self.publish("small", draw("red"))},
            {"image_url": self.publish("large", draw("blue"))},
            {"image_url": ""},
        )
        self.import_listings()
        small, large, none = self.get_listing(POT).item_ids.sorted("bc_id")
        self.assertTrue(small.image_128 and large.image_128)
        self.assertNotEqual(small.image_128, large.image_128)
        self.assertFalse(none.image_128)

    def test_variants_that_share_a_picture_have_it_downloaded_once(self):
        url = self.publish("shared")
        self.change_variants(POT, *[{"image_url": url}] * 3)
        self.import_listings()
        self.assertEqual(self.get_downloads(), ["shared"])
        items = self.get_listing(POT).item_ids
        self.assertEqual(len(items.filtered("image_128")), 3)

    def test_while_the_option_is_off_nothing_is_downloaded(self):
        self.instance.sync_listing_images = False
        self.show(MUG, self.publish("one"))
        self.import_listings()
        self.assertEqual(self.get_downloads(), [])
        self.assertEqual(len(self.get_listing(MUG).image_ids), 1)

    def test_once_it_is_on_the_pictures_come(self):
        self.instance.sync_listing_images = False
        self.show(MUG, self.publish("one"))
        self.import_listings()
        self.instance.sync_listing_images = True
        self.drain()
        self.assertEqual(self.get_downloads(), ["one"])
        self.assertTrue(self.get_listing(MUG).image_128)

    def test_large_pictures_become_smaller(self):
        self.show(MUG, self.publish("large", draw(size=(3000, 100))))
        self.import_listings()
        image = self.get_listing(MUG).image_ids
        self.assertEqual(get_picture(image.image_1920).size, (1920, 64))
        self.assertEqual(get_picture(image.image_128).width, 128)

    def test_no_picture_goes_with_a_token(self):
        self.show(MUG, self.publish("one"))
        self.import_listings()
        (request,) = self.server.requests
        self.assertFalse({"x-auth-token", "authorization"} & request.headers.keys())

    def test_pictures_are_not_the_quota_of_the_store(self):
        self.show(MUG, self.publish("one"))
        self.store.forget_requests()
        self.run_operation(self.instance, "import_images")
        self.assertEqual(self.store.get_requests(), [])

    def test_many_pictures_are_all_downloaded(self):
        urls = [self.publish(f"{n}") for n in range(9)]
        self.show(MUG, *urls)
        self.import_listings(ids=[MUG])
        self.assertEqual(len(self.get_downloads()), 9)
        self.assertEqual(len(self.get_listing(MUG).image_ids.filtered("image_1920")), 9)


@tagged("post_install", "-at_install")
class TestBrokenImages(PictureCase):
    def assertBroken(self, content, name="broken"):
        """The picture is noted as broken, and the one beside it is there."""
        self.show(MUG, self.publish(name, content), self.publish("whole"))
        self.import_listings()
        broken, whole = self.get_listing(MUG).image_ids.sorted("sequence")
        self.assertTrue(broken.problem)
        self.assertFalse(broken.image_1920 or broken.is_current)
        self.assertTrue(whole.image_1920)
        self.assertFalse(whole.problem)
        self.assertEqual(set(self.get_lines("import_images").mapped("state")), {"done"})
        self.assertFalse(self.instance.is_outage or self.instance.failure_count)
        return broken

    def test_every_kind_of_broken_picture_is_noticed(self):
        for name, content in (
            ("gone", answer(404, b"")),
            ("forbidden", answer(403, b"")),
            ("failing", answer(500, b"")),
            ("page", answer(200, b"<html></html>", headers={"Content-Type": "a/b"})),
            ("drawing", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"),
            ("nothing", b""),
            ("noise", b"\x89PNG\r\n\x1a\n" + b"noise" * 20),
            ("half", draw(size=(400, 400), kind="JPEG")[:400]),
            ("silence", lambda sock: None),
        ):
            with self.subTest(broken=name):
                self.assertBroken(content, f"broken-{name}")

    def test_it_is_logged_once(self):
        broken = self.assertBroken(answer(404, b""))
        self.import_listings()
        logs = self.env["bigcommerce.log"].search([("operation", "=", "import_images")])
        self.assertEqual(len(logs), 1)
        self.assertIn(broken.url, logs.message)

    def test_it_is_tried_again_with_the_next_import_and_comes_when_it_can(self):
        broken = self.assertBroken(answer(404, b""))
        self.publish("broken", draw())
        self.import_listings()
        self.assertFalse(broken.problem)
        self.assertTrue(broken.image_1920 and broken.is_current)

    def test_the_last_good_one_stays(self):
        self.show(MUG, self.publish("one"))
        self.import_listings()
        image = self.get_listing(MUG).image_ids
        self.show(MUG, self.publish("broken", answer(404, b"")))
        self.import_listings()
        self.assertTrue(image.image_1920 and image.problem)


@tagged("post_install", "-at_install")
class TestProductImages(PictureCase):
    def test_a_product_that_the_connector_makes_gets_the_main_picture(self):
        self.show(
            MUG,
            self.publish("first"),
            self.publish("main", draw("blue")),
            thumbnail=1,
        )
        self.import_listings()
        product = self.get_listing(MUG).product_id
        picture = get_picture(product.image_1920).convert("RGB")
        self.assertEqual(picture.getpixel((0, 0)), (0, 0, 255))

    def test_variants_get_their_own(self):
        self.show(POT, self.publish("all"))
        self.change_variants(
            POT, {"image_url": self.publish("small", draw("blue"))}, {}, {}
        )
        self.import_listings()
        small, other, _last = self.get_listing(POT).item_ids.sorted("bc_id").product_id
        self.assertTrue(small.image_variant_1920)
        self.assertFalse(other.image_variant_1920)
        self.assertTrue(other.image_1920)

    def test_a_picture_that_is_there_stays(self):
        self.import_listings(ids=[MUG])
        product = self.get_listing(MUG).product_id
        product.image_1920 = base64.b64encode(draw("green"))
        mine = product.image_1920
        self.show(MUG, self.publish("one"))
        self.import_listings()
        self.assertEqual(product.image_1920, mine)

    def test_a_product_that_people_made_gets_none(self):
        product = self.make_product("MUG-ENAMEL")
        self.show(MUG, self.publish("one"))
        self.import_listings()
        self.assertEqual(self.get_listing(MUG).product_id, product)
        self.assertFalse(product.image_1920)

    def test_a_picture_that_somebody_took_away_does_not_come_back(self):
        self.show(MUG, self.publish("one"))
        self.import_listings()
        product = self.get_listing(MUG).product_id
        product.image_1920 = False
        self.show(MUG, self.publish("two"))
        self.import_listings()
        self.assertTrue(self.get_listing(MUG).image_128)
        self.assertFalse(product.image_1920)

    def test_a_product_made_after_its_picture_came_gets_it(self):
        self.instance.create_odoo_products = False
        self.show(MUG, self.publish("one"))
        self.import_listings()
        self.instance.create_odoo_products = True
        self.import_listings()
        self.assertTrue(self.get_listing(MUG).product_id.image_1920)

    def test_a_listing_that_is_not_synchronised_gives_none(self):
        self.import_listings(ids=[MUG, PAN])
        self.get_listing(MUG).is_excluded = True
        self.show(MUG, self.publish("one"))
        self.import_listings()
        self.assertFalse(self.get_listing(MUG).item_ids.product_id.image_1920)


@tagged("post_install", "-at_install")
class TestWhoSeesImages(PictureCase, HttpCase):
    def test_pictures_of_listings_are_for_those_who_see_listings(self):
        picture = draw(size=(77, 33))
        self.show(MUG, self.publish("one", picture))
        self.import_listings()
        image = self.get_listing(MUG).image_ids
        addresses = [
            f"/web/image/{image._name}/{image.id}/image_1920",
            f"/web/image/bigcommerce.listing/{image.listing_id.id}/image_128",
        ]
        new_test_user(self.env, "sees_listings", f"base.group_user,{USER}")
        new_test_user(self.env, "sees_none", "base.group_user")
        for login, is_shown in (
            (None, False),
            ("sees_none", False),
            ("sees_listings", True),
        ):
            self.authenticate(login, login)
            for address in addresses:
                with self.subTest(login=login, address=address):
                    response = self.url_open(address)
                    is_ours = response.ok and response.content == picture
                    self.assertEqual(is_ours, is_shown)
