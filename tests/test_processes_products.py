"""Workers that make products in the store, and die, or lose the answer."""

from odoo.tests import tagged

from .process_case import dies, pauses
from .test_processes_sending import SendingCase

PRODUCTS = "bigcommerce.export.products"
CATEGORIES = "bigcommerce.category.creation"
A_PRODUCT = "^/v3/catalog/products$"


@tagged("post_install", "-at_install")
class TestEachProductIsMadeOnce(SendingCase):
    """Three products, one of them without a SKU, in a category that is not there."""

    category = "Headgear"

    def start_sending(self):
        with self.transaction() as env:
            category = env["product.category"].create({"name": self.category})
            templates = env["product.template"].create(
                [
                    {
                        "name": f"Hat {number}",
                        "default_code": sku,
                        "list_price": 20,
                        "taxes_id": False,
                        "categ_id": category.id,
                    }
                    for number, sku in enumerate(("HAT-0", "HAT-1", False))
                ]
            )
            self.template_ids = templates.ids
        self.start("export_products", templates=self.template_ids)
        self.store.forget_requests()

    def assertSent(self):
        self.assertEqual(
            list(self.get_states("export_products").values()),
            ["done"] * 3,
            self.describe(),
        )
        made = [one for one in self.get_writes() if one["path"].endswith("/products")]
        self.assertEqual([one["method"] for one in made], ["POST"] * 3)
        with self.transaction() as env:
            for template in env["product.template"].browse(self.template_ids):
                item = template.product_variant_id.bigcommerce_item_ids
                self.assertEqual(len(item), 1)
                there = self.store.control(
                    "GET", f"v3/catalog/products/{item.listing_id.bc_id}"
                )
                self.assertEqual(there["name"], template.name)
        self.assertOneCategory()
        self.assertNothingLost()

    def assertOneCategory(self):
        names = [
            row["name"]
            for row in self.store.control("GET", "v3/catalog/trees/categories")
        ]
        self.assertEqual(names.count(self.category), 1)

    def test_though_the_worker_dies_after_the_claim(self):
        self.assertSentThoughKilled(dies("_claim_lines", after=True))

    def test_though_the_worker_dies_between_the_request_and_its_commit(self):
        self.assertSentThoughKilled(dies("_send", PRODUCTS, after=True))

    def test_though_the_worker_dies_when_the_last_one_was_made(self):
        self.assertSentThoughKilled(dies("_send", PRODUCTS, after=True, nth=3))

    def test_though_the_worker_dies_while_it_applies_the_answer(self):
        self.assertSentThoughKilled(dies("_apply", PRODUCTS, after=True))

    def test_though_the_next_worker_dies_while_it_looks(self):
        self.start_sending()
        self.work_until_killed(dies("_send", PRODUCTS, after=True))
        self.work_until_killed(dies("_look", PRODUCTS, after=True))
        self.work_later()
        self.assertSent()

    def test_though_the_server_fails_after_it_has_taken_effect(self):
        self.start_sending()
        self.store.fault(A_PRODUCT, method="POST", status=503, after=True)
        self.work_later()
        self.assertSent()

    def test_though_two_workers_have_the_same_to_do(self):
        self.start_sending()
        self.work_off(2)
        self.work_later()
        self.assertSent()

    def kill_in_mid_request(self, nth):
        """Kill a worker that waits for the answer to what has taken effect."""
        self.start_sending()
        fault = {"method": "POST", "kind": "slow", "seconds": 5, "nth": nth}
        self.store.fault(A_PRODUCT, **fault)
        worker = self.start_worker()
        self.wait_until(
            lambda: len(self.get_posts()) == nth, "the request is on its way"
        )
        self.assertIn("sending", self.get_states("export_products").values())
        worker.kill()
        worker.wait()
        self.assertIn("sending", self.get_states("export_products").values())
        self.work_later()
        self.assertSent()

    def get_posts(self):
        return [
            one for one in self.store.get_requests(A_PRODUCT) if one["method"] == "POST"
        ]

    def test_though_the_worker_is_killed_while_the_store_answers(self):
        self.kill_in_mid_request(1)

    def test_though_the_worker_is_killed_while_the_store_answers_the_last(self):
        self.kill_in_mid_request(3)

    def test_though_the_worker_dies_when_the_category_was_made(self):
        self.assertSentThoughKilled(dies("_ensure", CATEGORIES, after=True))

    def test_though_another_run_begins_while_it_is_sent(self):
        self.start_sending()
        worker = self.start_worker(pauses("_send", PRODUCTS, name="send"))
        self.wait_paused("send")
        self.start("export_products", templates=self.template_ids)
        other = self.start_worker()
        self.wait_until(
            lambda: len(self.get_lines("export_products")) > 3, "the other run is read"
        )
        self.let_go("send")
        self.wait_until(self.is_idle, "everything is worked off")
        self.assertEqual([worker.stop(), other.stop()], [0, 0])
        self.assertSent()

    def test_though_two_workers_make_its_category(self):
        self.start_sending()
        with self.transaction() as env:
            # One batch for each worker.
            self.get_instance(env).queue_batch_limit = 1
        point = pauses("_find_there", CATEGORIES, after=True, name="find")
        workers = [self.start_worker(point) for _number in range(2)]
        self.wait_paused("find", 2)
        self.let_go("find")
        self.wait_until(self.is_idle, "everything is worked off")
        self.assertEqual([worker.stop() for worker in workers], [0, 0])
        self.work_later()
        self.assertSent()
