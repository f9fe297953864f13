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
