"""What tests of the export of products stand on: a store without listings in Odoo."""

import json

from odoo.fields import Command

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
                ("item_ids.product_id.product_tmpl_id", "in", template.ids),
            ]
        )

    def read_product(self, listing):
        """Return the product that the store has."""
        path = f"{PRODUCTS}/{listing.bc_id}"
        product = self.store.control("GET", path)
        return {**product, "variants": self.store.control("GET", f"{path}/variants")}

    def own(self, field, owner):
        self.instance.field_owner_ids.filtered(
            lambda row: row.field == field
        ).owner = owner

    def change_there(self, listing, **fields):
        """Let the store's people change a product."""
        self.store.patch(f"{PRODUCTS}/{listing.bc_id}", **fields)

    def get_sent(self, method="PUT"):
        """Return the bodies of the requests that changed products or variants."""
        return [
            json.loads(request["body"])
            for request in self.store.get_requests()
            if request["method"] == method and "/catalog/" in request["path"]
        ]
