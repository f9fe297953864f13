"""Odoo's pictures go to the store: those that are not there, once."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..sync import product_pictures
from ..sync.picture_plan import There, get_file_name, plan_pictures, read_mark
from .image_case import ImageCase
from .listing_case import MUG, PAN, POT
from .picture_case import PRODUCTS, draw
from .test_operations import OperationsCase

OPERATION = "bigcommerce.export.images"
SETTLEMENT = "odoo.addons.bigcommerce_connector.sync.settlement"
RED, BLUE, GREEN, YELLOW = map(draw, ("red", "blue", "green", "yellow"))


@tagged("post_install", "-at_install")
class TestExportImages(ImageCase):
    def test_without_pictures_nothing_is_asked(self):
        job = self.export()
        self.assertEqual((job.state, job.line_count), ("done", 0))
        self.assertFalse(self.store.get_requests())

    def test_a_picture_is_sent_once(self):
        self.give(self.get_template(), RED)
        job = self.export()
        self.assertEqual((job.state, job.line_count), ("done", 1), self.get_line())
        ((method, path, body),) = self.get_writes()
        self.assertEqual((method, path), ("POST", f"{MUG}/images"))
        self.assertEqual((body["sort_order"], body["is_thumbnail"]), ("0", "true"))
        self.assertEqual(self.read_images(), [RED])
        self.assertQueueIsSound()
        self.store.forget_requests()
        self.assertEqual(self.export().line_count, 0)
        self.assertFalse(self.store.get_requests())

    def test_one_picture_takes_one_write_and_two_reads_per_ten_listings(self):
        for bc_id in (MUG, PAN):
            self.give(self.get_template(bc_id), RED)
        self.export()
        methods = [request["method"] for request in self.store.get_requests()]
        self.assertEqual(methods.count("POST"), 2)
        # each list ends with an empty page
        self.assertEqual(methods.count("GET"), 4)

    def test_an_import_afterwards_writes_and_downloads_nothing(self):
        self.give(self.get_template(), RED)
        self.export()
        image = self.get_listing(MUG).image_ids
        self.assertEqual(image.bc_id, str(self.get_images()[0]["id"]))
        self.assertTrue(image.is_current and image.is_thumbnail)
        self.assertEqual(image.image_1920, self.get_template().image_1920)
        listing = self.get_listing(MUG)
        self.assertEqual(listing.image_url, self.get_url("url_standard"))
        before, downloads = self.count_writes(), self.store.get_picture_requests()
        job = self.import_listings()
        self.assertEqual(job.line_count, 0)
        self.assertEqual(self.count_writes(), before)
        self.assertEqual(self.store.get_picture_requests(), downloads)

    def get_url(self, name):
        url = self.get_images()[0][name]
        return url.replace("https://store.example.com", self.store.address)

    def test_what_else_has_changed_there_comes_with_the_next_import(self):
        self.store.patch(f"{PRODUCTS}/{MUG}", name="Tin mug")
        self.give(self.get_template(), RED)
        self.export()
        self.assertNotEqual(self.get_listing(MUG).name, "Tin mug")
        self.import_listings()
        self.assertEqual(self.get_listing(MUG).name, "Tin mug")
        self.store.forget_requests()
        self.assertEqual(self.export().line_count, 0)

    def test_another_picture_replaces_ours(self):
        self.give(self.get_template(), RED)
        self.export()
        self.give(self.get_template(), BLUE)
        self.export()
        self.assertEqual(self.read_images(), [BLUE])
        self.assertEqual(self.get_thumbnails(), [BLUE])
        self.assertEqual(len(self.get_listing(MUG).image_ids), 1)
        self.assertEqual(self.import_listings().line_count, 0)

    def test_a_picture_that_odoo_no_longer_has_is_deleted_if_it_was_sent(self):
        self.give(self.get_template(), RED)
        self.export()
        self.give(self.get_template(), None)
        self.store.forget_requests()
        self.export()
        self.assertEqual([write[0] for write in self.get_writes()], ["DELETE"])
        self.assertEqual(self.get_images(), [])
        self.assertFalse(self.get_listing(MUG).image_ids)

    def test_an_excluded_listing_is_skipped(self):
        self.give(self.get_template(), RED)
        self.get_listing(MUG).is_excluded = True
        self.assertEqual(self.export().line_count, 0)

    def test_only_chosen_listings_get_their_pictures(self):
        for bc_id in (MUG, PAN):
            self.give(self.get_template(bc_id), RED)
        self.export(listings=[PAN])
        self.assertEqual((self.read_images(MUG), self.read_images(PAN)), ([], [RED]))

    def test_variants_have_pictures_of_their_own(self):
        small, *_others = self.get_listing(POT).item_ids.sorted("bc_id")
        self.give(small.product_id, BLUE, "image_variant_1920")
        self.give(self.get_template(POT), RED)
        self.export()
        self.assertEqual(self.read_images(POT), [RED])
        path = f"{PRODUCTS}/{POT}/variants/{small.bc_id}"
        self.assertEqual(
            self.load_picture(self.store.control("GET", path)["image_url"]), BLUE
        )
        self.store.forget_requests()
        self.assertEqual(self.export().line_count, 0)
        downloads = self.store.get_picture_requests()
        self.assertEqual(self.import_listings().line_count, 0)
        self.assertEqual(self.store.get_picture_requests(), downloads)
        self.assertTrue(small.image_128)

    def test_a_variants_picture_changes_and_goes_as_in_odoo(self):
        small = self.get_listing(POT).item_ids.sorted("bc_id")[0]
        path = f"{PRODUCTS}/{POT}/variants/{small.bc_id}"
        for content in (RED, BLUE):
            self.give(small.product_id, content, "image_variant_1920")
            self.export()
            url = self.store.control("GET", path)["image_url"]
            self.assertEqual(self.load_picture(url), content)
        self.give(small.product_id, None, "image_variant_1920")
        self.export()
        self.assertFalse(self.store.control("GET", path)["image_url"])
        self.assertEqual(self.export().line_count, 0)


@tagged("post_install", "-at_install")
class TestOrderOfImages(ImageCase):
    """Further pictures, as Odoo's shop has them, in their order.

    Here optional products, in the order of their names, stand for the shop's pictures.
    """

    def setUp(self):
        super().setUp()
        self.patch(product_pictures, "FURTHER", "optional_product_ids")
        self.further = self.env["product.template"].create(
            [{"name": "A"}, {"name": "B"}]
        )
        self.give(self.get_template(), RED)
        for record, content in zip(self.further, (BLUE, GREEN), strict=True):
            self.give(record, content)
        self.get_template().optional_product_ids = self.further
        self.export()
        self.store.forget_requests()

    def assertSent(self, *methods):
        """An export makes these changes, and nothing is left to be done."""
        self.export()
        self.assertEqual([write[0] for write in self.get_writes()], [*methods])
        self.assertEqual(self.export().line_count, 0)
        downloads = self.store.get_picture_requests()
        self.assertEqual(self.import_listings().line_count, 0)
        self.assertEqual(self.store.get_picture_requests(), downloads)
        self.assertEqual(len(self.get_thumbnails()), 1)

    def test_all_arrive_in_their_order(self):
        self.assertEqual(self.read_images(), [RED, BLUE, GREEN])
        self.assertEqual(self.get_thumbnails(), [RED])
        self.assertSent()

    def test_another_order_uploads_nothing(self):
        self.further[0].name = "C"
        self.get_template().invalidate_recordset()
        self.assertSent("PUT")
        self.assertEqual(self.read_images(), [RED, GREEN, BLUE])

    def test_another_main_picture_uploads_nothing(self):
        self.give(self.get_template(), BLUE)
        self.give(self.further[0], RED)
        self.assertSent("PUT", "PUT")
        self.assertEqual(self.get_thumbnails(), [BLUE])
        self.assertQueueIsSound()

    def test_one_in_between_moves_what_follows(self):
        self.further[1].name = "D"
        new = self.env["product.template"].create({"name": "C"})
        self.give(new, YELLOW)
        self.get_template().optional_product_ids += new
        self.get_template().invalidate_recordset()
        self.assertSent("POST", "PUT")
        self.assertEqual(self.read_images(), [RED, BLUE, YELLOW, GREEN])

    def test_one_less_is_deleted(self):
        self.get_template().optional_product_ids = self.further[1]
        self.assertSent("DELETE")
        self.assertEqual(self.read_images(), [RED, GREEN])

    def test_the_same_picture_twice_is_one(self):
        self.give(self.further[0], RED)
        self.assertSent("DELETE")
        self.assertEqual(self.read_images(), [RED, GREEN])

    def test_more_than_the_store_takes_are_told_and_none_sent(self):
        image = self.get_images()[0]
        many = [
            {**image, "id": number, "is_thumbnail": False} for number in range(1, 998)
        ]
        self.store.put(f"{PRODUCTS}/{MUG}/images", [*self.get_images(), *many])
        new = self.env["product.template"].create({"name": "C"})
        self.give(new, YELLOW)
        self.get_template().optional_product_ids += new
        self.export()
        line = self.get_lines("export_images", key=MUG, state="blocked")
        self.assertEqual(line.cause_id.code, "not_sendable")
        self.assertIn("1001", line.message)
        self.assertFalse(self.get_writes())


@tagged("post_install", "-at_install")
class TestChosenImages(OperationsCase, ImageCase):
    def test_people_start_it_for_chosen_listings(self):
        for bc_id in (MUG, PAN):
            self.give(self.get_template(bc_id), RED)
        listing = self.get_listing(PAN)
        self.process("export_images", listing_ids=[Command.set(listing.ids)])
        self.assertEqual((self.read_images(MUG), self.read_images(PAN)), ([], [RED]))
        self.process("export_images")
        self.assertEqual(self.read_images(MUG), [RED])

    def test_they_cannot_be_sent_where_they_belong_to_the_store(self):
        self.set_owner("store")
        with self.assertRaisesRegex(UserError, "belong to the store"):
            self.process("export_images")


@tagged("post_install", "-at_install")
class TestPicturesOfTheStore(ImageCase):
    """Pictures that came from there do not go back."""

    def setUp(self):
        super().setUp()
        self.store.reset()
        self.import_listings()
        self.store.forget_requests()

    def test_what_was_imported_is_not_sent_back(self):
        self.assertTrue(self.get_template().image_1920)
        pictures = self.env["product.product"].search([]).filtered("image_variant_1920")
        self.assertTrue(pictures)
        self.assertEqual(self.export().line_count, 0)
        self.assertFalse(self.store.get_requests())

    def test_the_stores_own_pictures_stay(self):
        count = len(self.get_images())
        self.give(self.get_template(), RED)
        self.export()
        self.assertEqual(len(self.get_images()), count + 1)
        self.assertEqual(self.get_thumbnails(), [RED])
        self.give(self.get_template(), None)
        self.export()
        self.assertEqual(len(self.get_images()), count)

    def test_another_of_the_stores_pictures_becomes_the_main_one_without_upload(self):
        other = self.get_listing(MUG).image_ids[1]
        self.get_template().image_1920 = other.image_1920
        self.export()
        self.assertEqual(
            self.get_writes(),
            [("PUT", f"{MUG}/images/{other.bc_id}", {"is_thumbnail": True})],
        )
        self.assertEqual(self.export().line_count, 0)

    def test_if_they_belong_to_creation_none_are_sent_where_some_were(self):
        self.set_owner("created")
        self.give(self.get_template(), RED)
        self.assertEqual(self.export().line_count, 0)
        self.store.put(f"{PRODUCTS}/{MUG}/images", [])
        self.import_listings()
        self.assertFalse(self.get_listing(MUG).image_ids)
        self.assertEqual(self.export().line_count, 0)


@tagged("post_install", "-at_install")
class TestOwners(ImageCase):
    def test_at_first_they_belong_to_creation(self):
        other = self.create_instance(name="Other", store_hash="other")
        self.assertEqual(other._get_field_owners()["images"], "created")

    def test_at_creation_all_are_sent_and_nothing_later(self):
        self.set_owner("created")
        self.give(self.get_template(), RED)
        self.export()
        self.assertEqual(self.read_images(), [RED])
        self.give(self.get_template(), BLUE)
        self.assertEqual(self.export().line_count, 0)

    def test_what_is_the_stores_is_not_sent(self):
        self.set_owner("store")
        self.give(self.get_template(), RED)
        self.assertEqual(self.export().line_count, 0)

    def test_pictures_that_came_up_meanwhile_end_it(self):
        self.set_owner("created")
        self.give(self.get_template(), RED)
        self.store.put(
            f"{PRODUCTS}/{MUG}/images",
            [{"id": 7, "image_file": "7.png", "is_thumbnail": True, "sort_order": 0}],
        )
        job = self.export()
        self.assertEqual((job.state, job.line_count), ("done", 1))
        self.assertFalse(self.get_writes())


@tagged("post_install", "-at_install")
class TestTroubleWithImages(ImageCase):
    """Each picture arrives once, whatever happens on the way."""

    def setUp(self):
        super().setUp()
        self.give(self.get_template(), RED)
        small = self.get_listing(POT).item_ids.sorted("bc_id")[0]
        self.give(self.get_template(POT), GREEN)
        self.give(small.product_id, BLUE, "image_variant_1920")

    def assertAllThere(self):
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.read_images(), [RED])
        self.assertEqual(self.read_images(POT), [GREEN])
        lines = self.get_lines("export_images")
        self.assertEqual(set(lines.mapped("state")), {"done"}, lines.mapped("message"))
        self.assertQueueIsSound()
        self.store.forget_requests()
        self.assertEqual(self.export().line_count, 0)
        downloads = self.store.get_picture_requests()
        self.import_listings()
        self.assertEqual(self.store.get_picture_requests(), downloads)
        self.assertEqual(self.export().line_count, 0)

    def test_each_picture_arrives_once_though_the_answer_is_lost(self):
        for fault in (
            {"kind": "reset", "after": True},
            {"status": 503, "after": True},
            {"status": 502},
        ):
            with self.subTest(**fault):
                self.store.fault("/images$", method="POST", **fault)
                self.export()
                self.assertAllThere()
                for bc_id in (MUG, POT):
                    self.get_listing(bc_id).image_ids.unlink()
                    self.store.put(f"{PRODUCTS}/{bc_id}/images", [])
                    self.get_listing(bc_id).payload_digest = False
                self.import_listings()

    def test_a_variants_picture_arrives_once_though_the_answer_is_lost(self):
        self.store.fault("/image$", method="POST", kind="reset", after=True)
        self.export()
        self.assertAllThere()

    def test_each_picture_arrives_once_though_the_worker_is_killed_after_it(self):
        self.patch_once_killed("_send_pictures")
        self.instance._start("export_images")
        self.drain_until_killed()
        self.assertEqual(self.read_images(), [RED])
        self.assertAllThere()

    def test_each_picture_arrives_once_though_a_kill_interrupts_the_outcome(self):
        self.patch_once_killed("_apply")
        self.instance._start("export_images")
        self.drain_until_killed()
        self.assertAllThere()

    def patch_once_killed(self, method):
        """Let a worker die right after it has called a method for the first time."""
        operation = type(self.env[OPERATION])
        original, deaths = getattr(operation, method), []

        def die(record, *args):
            result = original(record, *args)
            if not deaths:
                deaths.append(1)
                raise SystemExit
            return result

        self.patch(operation, method, die)

    def test_a_refusal_stops_one_listing_and_says_why(self):
        self.store.fault(
            f"/{MUG}/images$",
            method="POST",
            status=422,
            body='{"status": 422, "title": "The image is cursed"}',
        )
        with mute_logger(SETTLEMENT):
            self.export()
        line = self.get_line()
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "refused"))
        self.assertIn("The image is cursed", line.message)
        self.assertEqual(self.read_images(POT), [GREEN])
        self.store.heal()
        line.action_retry()
        self.drain()
        self.assertAllThere()

    def test_a_product_that_is_gone_there_stops_no_other(self):
        self.store.delete(f"{PRODUCTS}/{MUG}")
        self.export()
        self.assertEqual(self.get_line().cause_id.code, "not_found")
        self.assertEqual(self.read_images(POT), [GREEN])

    def test_a_kind_that_the_store_does_not_take_is_told_and_nothing_sent(self):
        listing = self.get_listing(MUG)
        self.change(
            self.find_attachments("product.template", self.get_template().ids),
            mimetype="image/svg+xml",
        )
        self.export()
        line = self.get_line()
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "not_sendable"))
        self.assertIn(listing.name, line.message)
        self.assertFalse(self.read_images())
        self.give(self.get_template(), None)
        self.export()
        self.assertFalse(self.get_lines("export_images", state="blocked"))

    def find_attachments(self, model, ids, *sizes):
        self.env.flush_all()
        names = [f"image_{size}" for size in sizes or ("1920", "1024", "512")]
        return self.env["ir.attachment"].search(
            [("res_model", "=", model), ("res_id", "in", ids),
             ("res_field", "in", names)]
        )  # fmt: skip

    def test_one_that_is_too_large_goes_in_the_largest_size_that_fits(self):
        template = self.get_template()
        self.give(template, draw("red", size=(1500, 1500)))
        ids = template.ids
        too_many = 8 * 1024**2 + 1
        self.change(
            self.find_attachments("product.template", ids, "1920"), file_size=too_many
        )
        self.export()
        medium = self.find_attachments("product.template", ids, "1024")
        self.assertEqual(self.read_images(), [medium.raw])
        self.store.forget_requests()
        self.assertEqual(self.export().line_count, 0)
        self.give(template, draw("blue", size=(1500, 1500)))
        self.change(self.find_attachments("product.template", ids), file_size=too_many)
        self.export()
        line = self.get_lines("export_images", key=MUG, state="blocked")
        self.assertEqual(line.cause_id.code, "not_sendable")
        self.assertIn("8 MB", line.message)

    def change(self, attachments, **vals):
        """Let attachments say something else than what they hold."""
        attachments.flush_recordset()
        ((name, value),) = vals.items()
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET %s = %s WHERE id = ANY(%s)",
                SQL.identifier(name),
                value,
                attachments.ids,
            )
        )
        attachments.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestPicturePlan(ImageCase):
    """Which requests make pictures those of Odoo, in their order."""

    def plan(self, wanted, *there, has_main=True):
        images = [
            There(str(number), frozenset({mark}), is_ours, not number, sort_order)
            for number, (mark, is_ours, sort_order) in enumerate(there)
        ]
        return plan_pictures(list(wanted), has_main, images)

    def test_what_is_equal_needs_nothing(self):
        for there in (
            [],
            [("a", True, 0)],
            [("a", False, 5), ("b", False, 1), ("c", True, 7)],
            [("a", True, 0), ("b", True, 1), ("x", False, 1), ("c", True, 2)],
        ):
            wanted = [mark for mark, *_rest in there if mark != "x"]
            self.assertTrue(self.plan(wanted, *there).is_empty, there)

    def test_another_order_moves_as_few_as_need_be(self):
        there = [("a", True, 0), ("b", True, 1), ("c", True, 2)]
        self.assertEqual(self.plan("acb", *there).changes, {"1": {"sort_order": 3}})
        plan = self.plan("bac", *there)
        self.assertEqual(plan.changes["1"], {"is_thumbnail": True})
        self.assertEqual(plan.changes["0"], {"sort_order": 1})
        self.assertFalse(plan.new or plan.deleted)

    def test_a_new_one_in_between_moves_those_behind_it(self):
        plan = self.plan("anb", ("a", True, 0), ("b", True, 1))
        self.assertEqual(plan.new, {1: {"sort_order": 1}})
        self.assertEqual(plan.changes, {"1": {"sort_order": 2}})

    def test_only_ours_are_deleted(self):
        there = [("a", True, 0), ("b", True, 1), ("c", False, 2)]
        self.assertEqual(self.plan("a", *there).deleted, ["1"])
        self.assertEqual(self.plan("", *there, has_main=False).deleted, ["0", "1"])

    def test_further_pictures_alone_are_no_main_picture(self):
        plan = self.plan("ab", has_main=False)
        self.assertEqual(plan.new, {0: {"sort_order": 0}, 1: {"sort_order": 1}})

    def test_file_names_tell_the_picture(self):
        checksum = "0123456789abcdef0123456789abcdef01234567"
        for stem, start in (("Mug, 3 l", "mug-3-l-odoo"), ("…", "picture-odoo")):
            name = get_file_name(stem, checksum, "image/jpeg")
            self.assertTrue(name.startswith(start) and name.endswith(".jpg"))
            stored = f"x/123/{name.replace('.jpg', '__12345.jpg')}"
            self.assertEqual(read_mark(stored), checksum[:16])
        self.assertLess(len(get_file_name("m" * 300, checksum, "image/png")), 100)
        for other in ("x/1/mug__123.png", "", None, "mug-odoo-0123.png"):
            self.assertEqual(read_mark(other), "")
