"""What it takes to read many products at once: no search for each of them."""

from odoo.fields import Command
from odoo.tests import tagged

from .product_export_case import ProductExportCase


@tagged("post_install", "-at_install")
class TestManyProducts(ProductExportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operation = cls.env["bigcommerce.export.products"]
        cls.hats = cls.env["product.template"].create(
            [
                {
                    "name": f"Hat {number}",
                    "default_code": f"HAT-{number}",
                    "list_price": 20,
                    "categ_id": cls.category.id,
                    "taxes_id": False,
                    "bigcommerce_brand": "Hill",
                    "standard_price": 8,
                }
                for number in range(100)
            ]
        )

    def make_lines(self, contents):
        """Return lines of a run that say what a dict of key -> payload does."""
        job = self.env["bigcommerce.queue.job"].create(
            {"instance_id": self.instance.id, "operation": "export_products"}
        )
        Line = self.env["bigcommerce.queue.line"]
        return Line.create(
            [
                {
                    "job_id": job.id,
                    "instance_id": self.instance.id,
                    "operation": "export_products",
                    "key": key,
                    "lane": key,
                    "name": key,
                    "payload": Line._encode(payload),
                }
                for key, payload in contents.items()
            ]
        )

    def count_queries(self, lines):
        """Return how many queries a plan takes, and the kinds of what it plans."""
        # Once before, so that it is not about what Odoo keeps in memory.
        self.operation._plan(lines)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        plans = self.operation._plan(lines)
        count = self.env.cr.sql_log_count - before
        return count, {getattr(plan, "kind", plan) for plan in plans.values()}

    def assertPlansTogether(self, few, many, kind):
        few, kinds = self.count_queries(few)
        self.assertEqual(kinds, {kind})
        many, kinds = self.count_queries(many)
        self.assertEqual(kinds, {kind})
        self.assertLess(many - few, 10, f"{few} queries for 10, {many} for 100")

    def test_new_products_are_planned_together(self):
        lines = self.make_lines({f"new:{hat.id}": {} for hat in self.hats})
        self.assertPlansTogether(lines[:10], lines, "create")

    def test_changes_of_listings_are_planned_together(self):
        listings = self.env["bigcommerce.listing"].create(
            [
                {
                    "instance_id": self.instance.id,
                    "bc_id": str(9000 + number),
                    "name": hat.name,
                    "item_ids": [
                        Command.create(
                            {
                                "instance_id": self.instance.id,
                                "bc_id": str(8000 + number),
                                "name": hat.name,
                                "product_id": hat.product_variant_id.id,
                            }
                        )
                    ],
                }
                for number, hat in enumerate(self.hats)
            ]
        )
        brand = self.env["bigcommerce.brand"]._upsert(
            self.instance, {"11": {"name": "Vale"}}
        )["11"]
        contents = {
            listing.bc_id: {
                "there": {
                    "id": int(listing.bc_id),
                    "name": "Theirs",
                    "brand_id": int(brand.bc_id),
                    "categories": [18],
                    "variants": [
                        {
                            "id": int(listing.item_ids.bc_id),
                            "product_id": int(listing.bc_id),
                            "sku": "THEIRS",
                            "option_values": [],
                        }
                    ],
                }
            }
            for listing in listings
        }
        lines = self.make_lines(contents)
        self.assertPlansTogether(lines[:10], lines, "update")


@tagged("post_install", "-at_install")
class TestClashes(ProductExportCase):
    def find_clashes(self, *templates, listings=None):
        """Return the causes of what clashes, by product."""
        sheets = self.env["bigcommerce.product.sheets"]
        found = sheets._find_clashes(
            self.instance,
            [
                sheets._prepare_sheets(self.instance, template)[template]
                for template in templates
            ],
            listings or {},
        )
        return {
            template: clash.cause
            for template in templates
            for clash in found[template.id].values()
        }

    def test_of_two_products_with_one_name_the_first_is_made(self):
        other = self.make_product("FELT HAT", "OTHER")
        self.assertEqual(self.find_clashes(self.hat, other), {other: "not_sendable"})

    def test_of_two_products_with_one_sku_the_first_is_made(self):
        other = self.make_product("Beret", "felt")
        self.assertEqual(self.find_clashes(self.hat, other), {other: "not_sendable"})

    def test_products_without_sku_do_not_clash(self):
        berets = [self.make_product(f"Beret {number}") for number in range(2)]
        self.assertFalse(self.find_clashes(*berets))

    def test_skus_that_look_like_patterns_match_themselves_only(self):
        self.export(self.hat)
        for sku in ("FE%", "FEL_", "\\FELT", "FELT%"):
            with self.subTest(sku):
                other = self.make_product(f"Hat {sku}", sku)
                self.assertFalse(self.find_clashes(other))
        for sku in ("a%", "a_", "a\\b"):
            with self.subTest(sku):
                item = self.get_item()
                item.sku = sku
                other = self.make_product(f"Cap {sku}", sku.upper())
                self.assertEqual(self.find_clashes(other)[other], "not_sendable")

    def test_a_sku_of_an_item_without_product_exists_in_the_store(self):
        self.export(self.hat)
        self.get_item().product_id = False
        other = self.make_product("Beret", "felt")
        self.assertEqual(self.find_clashes(other), {other: "exists_in_store"})

    def test_a_product_does_not_clash_with_its_own_listing(self):
        self.export(self.hat)
        listing = self.get_listing(self.hat)
        self.assertFalse(self.find_clashes(self.hat, listings={self.hat.id: listing}))

    def get_item(self):
        return self.env["bigcommerce.listing.item"].search(
            [("instance_id", "=", self.instance.id)]
        )


@tagged("post_install", "-at_install")
class TestProductsOfLittle(ProductExportCase):
    def test_one_without_sku_category_price_and_weight_is_made(self):
        beret = self.make_product("Beret", categ_id=False, list_price=0, weight=0)
        for _again in range(2):
            job = self.export(beret)
            self.assertEqual((job.done_count, job.blocked_count), (1, 0), job.line_ids)
        product = self.read_product(self.get_listing(beret))
        self.assertEqual(
            (product["sku"], product["categories"], product["price"]), ("", [], 0)
        )
        self.store.forget_requests()
        self.export(beret)
        self.assertFalse(self.get_sent() + self.get_sent("POST"))
