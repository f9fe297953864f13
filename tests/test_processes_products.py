"""Workers that make products in the store, and die, or lose the answer."""

from odoo.tests import tagged

from .process_case import dies
from .test_processes_sending import SendingCase

PRODUCTS = "bigcommerce.export.products"
A_PRODUCT = "^/v3/catalog/products$"


@tagged("post_install", "-at_install")
class TestEachProductIsMadeOnce(SendingCase):
    """Three products, one of them without a SKU."""

    def start_sending(self):
        with self.transaction() as env:
            category = env["product.category"].create({"name": "Garden"})
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
        self.assertNothingLost()

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
