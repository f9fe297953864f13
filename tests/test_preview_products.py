"""A preview says field by field what an export of products would send."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .preview_case import take_snapshot
from .product_export_case import ProductExportCase

USER = "bigcommerce_connector.bigcommerce_group_user"


@tagged("post_install", "-at_install")
class TestPreviewOfProducts(ProductExportCase):
    def preview(self, templates=None, user=None, **options):
        if templates is not None:
            options["templates"] = templates.ids
        Preview = self.env["bigcommerce.preview"].with_user(user or self.env.user)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            action = Preview._open("export_products", {self.instance: options})
        self.env.invalidate_all()
        return Preview.browse(action["res_id"])

    def set_owner(self, field, owner):
        owners = self.instance.field_owner_ids
        owners.filtered(lambda one: one.field == field).owner = owner

    def get_field(self, preview, name):
        return preview.field_ids.filtered(lambda field: field.name == name)

    def test_a_new_product_is_created_with_each_field_that_is_sent(self):
        preview = self.preview(self.hat)
        line = preview.line_ids
        self.assertEqual(
            (line.verdict, line.name, line.sku, line.template_id),
            ("create", "Felt hat", "FELT", self.hat),
        )
        name = self.get_field(preview, "Name")
        self.assertEqual(
            (name.there or "", name.here, name.is_sent), ("", "Felt hat", True)
        )
        self.assertEqual(preview.field_ids, line.field_ids)
        self.assertIn("Made with: Name, SKU", line.reason)
        self.assertIn("all 1 that an export would look at", preview.scope_message)

    def test_all_that_a_new_product_gets_is_told(self):
        shirts = self.make_shirts()
        shirts.product_variant_ids[0].write(
            {"barcode": "96385074", "standard_price": 8, "bigcommerce_mpn": "M-1"}
        )
        tax_class = self.env["bigcommerce.tax.class"].search(
            [("instance_id", "=", self.instance.id), ("bc_id", "!=", "0")], limit=1
        )
        tax_class.tax_ids = self.env["account.tax"].create({"name": "Low", "amount": 7})
        shirts.write({"name": "Shirt <b>5 & 6", "taxes_id": tax_class.tax_ids.ids})
        preview = self.preview(shirts)
        self.assertEqual(self.get_field(preview, "Name").here, "Shirt <b>5 & 6")
        self.assertEqual(self.get_field(preview, "Tax Class").here, tax_class.name)
        small, medium = self.get_field(preview, "Variant").mapped("here")
        for text in ("S: SKU LINEN-S", "Cost 8", "Weight", "GTIN 96385074", "MPN M-1"):
            self.assertIn(text, small)
        self.assertIn("M: SKU LINEN-M", medium)
        self.assertEqual(preview.line_ids.reason.count("Variant"), 1)

    def test_a_preview_sends_nothing_and_writes_nothing(self):
        self.export(self.hat)
        self.hat.name = "Woollen hat"
        shirt = self.make_shirts()
        self.store.forget_requests()
        self.env.flush_all()
        before = take_snapshot(self.env.cr)
        preview = self.preview(self.hat | shirt)
        self.env.flush_all()
        self.assertEqual(take_snapshot(self.env.cr), before)
        self.assertEqual(
            {request["method"] for request in self.store.get_requests()}, {"GET"}
        )
        self.assertEqual(
            {line.name: line.verdict for line in preview.line_ids},
            {"Felt hat": "update", "Linen shirt": "create"},
        )

    def test_what_differs_is_sent_or_kept_as_the_field_is_owned(self):
        self.export(self.hat)
        self.hat.name = "Woollen hat"
        name = self.get_field(self.preview(self.hat), "Name")
        self.assertEqual(
            (name.there, name.here, name.is_sent), ("Felt hat", "Woollen hat", True)
        )
        for owner in ("created", "store"):
            self.set_owner("name", owner)
            preview = self.preview(self.hat)
            name = self.get_field(preview, "Name")
            with self.subTest(owner):
                self.assertEqual(
                    (name.there, name.here, name.is_sent),
                    ("Felt hat", "Woollen hat", False),
                )
                self.assertTrue(name.reason)
                self.assertEqual(preview.line_ids.verdict, "unchanged")
                self.assertEqual((preview.sent_count, preview.kept_count), (0, 1))
                self.assertFalse(preview.importable_count)

    def test_a_price_is_told_of_where_it_is_to_be_set(self):
        self.export(self.hat)
        self.hat.list_price = 22.5
        self.assertFalse(self.get_field(self.preview(self.hat), "Price"))
        preview = self.preview(self.hat, set_price=True)
        price = self.get_field(preview, "Price")
        self.assertEqual((price.there, price.here, price.is_sent), ("20", "22.5", True))
        self.assertEqual(preview.line_ids.verdict, "update")

    def test_what_was_exported_is_unchanged(self):
        self.export(self.hat)
        preview = self.preview(self.hat)
        self.assertEqual(preview.line_ids.verdict, "unchanged")
        self.assertFalse(preview.field_ids)

    def test_what_cannot_be_sent_is_blocked_with_a_sentence(self):
        self.hat.name = "x" * 251
        line = self.preview(self.hat).line_ids
        self.assertEqual(line.verdict, "blocked")
        self.assertIn("250", line.reason)
        # One that is too long for the store is too long for the list as well.
        self.assertEqual(len(line.name), 80)
        self.assertEqual(
            line.cause_id, self.env["bigcommerce.cause"]._get("not_sendable")
        )

    def test_of_a_store_that_is_asked_for_too_much_the_first_are_looked_at(self):
        coat = self.make_product("Coat", "COAT")
        preview = self.env["bigcommerce.preview"].create(
            {
                "instance_ids": self.instance.ids,
                "operation": "export_products",
                "max_count": 1,
                "options": {
                    str(self.instance.id): {"templates": (self.hat | coat).ids}
                },
            }
        )
        self.env.flush_all()
        with self.enter_registry_test_mode():
            preview.action_preview()
        self.assertEqual(len(preview.line_ids), 1)
        self.assertIn("the first 1", preview.scope_message)

    def test_in_observe_mode_as_well_it_is_seen_what_would_be_sent(self):
        self.export(self.hat)
        self.hat.name = "Woollen hat"
        self.instance.observe_mode = True
        self.assertEqual(self.preview(self.hat).line_ids.verdict, "update")

    def test_what_is_in_the_queue_already_and_exported_now_is_made_once(self):
        with patch.object(
            self.registry["bigcommerce.engine"], "_work_next", lambda *_arguments: 0
        ):
            self.export(self.hat)
            preview = self.preview(self.hat)
        self.assertEqual(preview.line_ids.verdict, "waiting")
        preview.line_ids.action_import_now()
        self.drain()
        self.assertEqual(len(self.get_listing(self.hat)), 1)
        made = [
            request
            for request in self.store.get_requests("catalog/products$")
            if request["method"] == "POST"
        ]
        self.assertEqual(len(made), 1)

    def test_a_store_that_does_not_answer_is_told_of_and_nothing_is_left(self):
        self.export(self.hat)
        self.hat.name = "Woollen hat"
        self.store.fault("^/v3/catalog/products", kind="reset", times=9)
        self.addCleanup(self.store.heal)
        line = self.preview(self.hat).line_ids
        self.assertEqual(line.verdict, "unread")
        self.assertTrue(line.reason)
        self.assertFalse(line.field_ids)

    def test_export_these_now_keeps_what_the_run_was_to_do(self):
        coat = self.make_product("x" * 251, "COAT")
        preview = self.preview(
            self.hat | coat, publish="publish", set_price=True, set_stock=True
        )
        preview.action_import_now()
        job = self.env["bigcommerce.queue.job"].search(
            [("operation", "=", "export_products")]
        )
        self.assertEqual(
            job.options,
            {
                "ids": [f"new:{self.hat.id}"],
                "publish": "publish",
                "set_price": True,
                "set_stock": True,
            },
        )
        self.drain()
        self.assertTrue(self.get_listing(self.hat).is_visible)
        self.assertFalse(self.get_listing(coat))

    def test_fields_are_opened_filtered_and_only_by_who_has_asked(self):
        preview = self.preview(self.hat)
        action = preview.with_context(search_default_sent=1).action_view_fields()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, preview.field_ids)
        self.assertEqual(action["context"], {"search_default_sent": 1})
        other = new_test_user(self.env, "other", USER)
        self.assertFalse(
            self.env["bigcommerce.preview.field"].with_user(other).search([])
        )
        with self.assertRaises(AccessError):
            preview.field_ids[:1].with_user(other).read(["here"])
