"""Odoo's products in the store: made once, and kept there as Odoo says."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import SandboxCase

PRODUCTS = "v3/catalog/products"


class ProductExportCase(SandboxCase):
    """A confirmed instance without listings, and products without taxes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.account_sale_tax_id = False
        cls.instance = cls.confirm_instance(
            field_owner_ids=[
                Command.create({"field": field, "owner": "odoo"})
                for field in cls.get_fields()
            ]
        )
        cls.category = cls.env["product.category"].create({"name": "Headgear"})
        cls.hat = cls.make_product("Felt hat", "FELT")

    @classmethod
    def get_fields(cls):
        owners = cls.env["bigcommerce.field.owner"]
        return [vals["field"] for vals in owners._prepare_default_vals_list()]

    @classmethod
    def make_product(cls, name, sku=False, **vals):
        return cls.env["product.template"].create(
            {
                "name": name,
                "default_code": sku,
                "list_price": 20,
                "weight": 0.5,
                "categ_id": cls.category.id,
                "taxes_id": False,
                **vals,
            }
        )

    @classmethod
    def make_shirts(cls, sizes=("S", "M"), **vals):
        """Return a product with a variant of each size, with SKUs."""
        attribute = cls.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [Command.create({"name": size}) for size in sizes],
            }
        )
        template = cls.make_product(
            "Linen shirt",
            attribute_line_ids=[
                Command.create(
                    {
                        "attribute_id": attribute.id,
                        "value_ids": [Command.set(attribute.value_ids.ids)],
                    }
                )
            ],
            **vals,
        )
        for product in template.product_variant_ids:
            label = product.product_template_attribute_value_ids.name
            product.default_code = f"LINEN-{label}"
            product.weight = 0.2
        return template

    def export(self, templates=None, **options):
        if templates is not None:
            options["templates"] = templates.ids
        return self.run_operation(self.instance, "export_products", **options)

    def get_listing(self, template):
        return self.env["bigcommerce.listing"].search(
            [
                ("instance_id", "=", self.instance.id),
                ("item_ids.product_id.product_tmpl_id", "=", template.id),
            ]
        )

    def read(self, listing):
        """Return the product that the store has."""
        path = f"{PRODUCTS}/{listing.bc_id}"
        product = self.store.control("GET", path)
        return {**product, "variants": self.store.control("GET", f"{path}/variants")}

    def own(self, field, owner):
        self.instance.field_owner_ids.filtered(
            lambda row: row.field == field
        ).owner = owner


@tagged("post_install", "-at_install")
class TestExportProducts(ProductExportCase):
    def test_a_product_is_made_with_what_odoo_knows(self):
        self.hat.write(
            {
                "standard_price": 8,
                "barcode": "4006381333931",
                "bigcommerce_mpn": "H-1",
                "bigcommerce_brand": "Millinery",
                "bigcommerce_width": 254,
                "description_sale": "Warm.",
            }
        )
        job = self.export(self.hat)
        self.assertEqual((job.state, job.done_count), ("done", 1))
        listing = self.get_listing(self.hat)
        product = self.read(listing)
        self.assertEqual(
            {name: product[name] for name in ("name", "sku", "price", "cost_price",
                "gtin", "mpn", "width", "is_visible", "inventory_tracking")},
            {"name": "Felt hat", "sku": "FELT", "price": 20, "cost_price": 8,
             "gtin": "4006381333931", "mpn": "H-1", "width": 10, "is_visible": False,
             "inventory_tracking": "none"},
        )  # fmt: skip
        self.assertIn("Warm.", product["description"])
        self.assertEqual(listing.brand_id.name, "Millinery")
        self.assertEqual(listing.category_ids.name, "Headgear")
        self.assertEqual(listing.category_ids.product_category_id, self.category)
        self.assertEqual(listing.item_ids.product_id, self.hat.product_variant_id)

    def test_twice_makes_one(self):
        self.export(self.hat)
        job = self.export(self.hat)
        self.assertEqual(job.done_count, 1)
        self.assertEqual(len(self.get_listing(self.hat)), 1)

    def test_variants_become_variants(self):
        shirts = self.make_shirts()
        self.export(shirts)
        listing = self.get_listing(shirts)
        self.assertEqual(
            {item.sku: item.product_id.default_code for item in listing.item_ids},
            {"LINEN-S": "LINEN-S", "LINEN-M": "LINEN-M"},
        )

    def test_an_import_afterwards_changes_nothing(self):
        self.export(self.hat | self.make_shirts())
        before = self.read_listings()
        job = self.run_operation(self.instance, "import_listings", full=True)
        self.assertFalse(set(job.line_ids.mapped("key")) & before.keys())
        self.assertEqual(self.read_listings(), before)

    def read_listings(self):
        """Return when each listing of ours, and each item, was written."""
        self.env.flush_all()
        items = self.env["bigcommerce.listing.item"].search(
            [("product_id.categ_id", "=", self.category.id)]
        )
        return {
            listing.bc_id: [listing.write_date, *own.mapped("write_date")]
            for listing, own in items.grouped("listing_id").items()
        }
