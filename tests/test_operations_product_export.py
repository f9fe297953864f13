"""What somebody chooses in Operations is what the export of products is asked to do."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_operations import USER, OperationsCase


@tagged("post_install", "-at_install")
class TestExportChoices(OperationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()
        cls.run_operation(cls.instance, "import_listings")
        cls.user = new_test_user(cls.env, "exporter", USER)
        cls.listing = cls.env["bigcommerce.listing"].search([], limit=1)
        cls.hats = cls.env["product.template"].create(
            [{"name": "Felt hat"}, {"name": "Straw hat"}]
        )
        cls.channel = cls.env["bigcommerce.channel"].search(
            [("instance_id", "=", cls.instance.id)], limit=1
        )

    def choose(self, **vals):
        return self.open("export_products", user=self.user, **vals)

    def start(self, **vals):
        """Return the options of the job that is started."""
        action = self.choose(**vals).action_process()
        return self.env[action["res_model"]].browse(action["res_id"]).options

    def test_nothing_chosen_asks_for_nothing_special_and_says_so(self):
        wizard = self.choose()
        self.assertIn("Nothing is chosen: all listings", wizard.outlook)
        self.assertIn("Nothing new is made", wizard.outlook)
        self.assertFalse(self.start())

    def test_all_that_is_chosen_arrives_in_the_job(self):
        category = self.env["product.category"].create({"name": "Headgear"})
        options = self.start(
            template_ids=[Command.set(self.hats.ids)],
            category_ids=[Command.set(category.ids)],
            listing_ids=[Command.set(self.listing.ids)],
            set_price=True,
            set_stock=True,
            publish="publish",
            channel_ids=[Command.set(self.channel.ids)],
        )
        self.assertEqual(
            options,
            {
                "templates": self.hats.ids,
                "categories": category.ids,
                "listings": [self.listing.bc_id],
                "set_price": True,
                "set_stock": True,
                "publish": "publish",
                "channels": [self.channel.bc_id],
            },
        )

    def test_channels_are_for_what_is_published(self):
        own = {
            "template_ids": [Command.set(self.hats.ids)],
            "channel_ids": [Command.set(self.channel.ids)],
        }
        self.assertEqual(
            self.start(publish="hide", **own),
            {"templates": self.hats.ids, "publish": "hide"},
        )
        self.assertEqual(self.start(**own), {"templates": self.hats.ids})

    def test_publishing_without_a_channel_is_warned_of(self):
        own = {"template_ids": [Command.set(self.hats.ids)]}
        self.assertFalse(self.choose(**own).channel_warning)
        wizard = self.choose(publish="publish", **own)
        self.assertIn("visible, but on no channel", wizard.channel_warning)
        wizard.channel_ids = self.channel
        self.assertFalse(wizard.channel_warning)

    def test_a_store_without_any_of_the_listings_is_refused_unless_more_is_chosen(self):
        other = self.create_instance(
            name="Other", store_hash="other", state="confirmed"
        )
        stores = self.instance | other
        chosen = {"listing_ids": [Command.set(self.listing.ids)], "instances": stores}
        self.assertRefused("No listing of Other", "export_products", **chosen)
        hats = {"template_ids": [Command.set(self.hats.ids)]}
        self.choose(**chosen, **hats).action_process()
        jobs = self.env["bigcommerce.queue.job"].search(
            [("operation", "=", "export_products")]
        )
        self.assertEqual(
            {job.instance_id: job.options for job in jobs},
            {
                self.instance: {
                    "templates": self.hats.ids,
                    "listings": [self.listing.bc_id],
                },
                other: {"templates": self.hats.ids},
            },
        )

    def run_action(self, name, records, user=None):
        action = self.env.ref(f"bigcommerce_connector.{name}")
        return (
            action.with_user(user or self.user)
            .with_context(
                active_model=records._name,
                active_ids=records.ids,
                active_id=records[:1].id,
            )
            .run()
        )

    def test_actions_open_operations_filled_in(self):
        variants = self.hats.product_variant_ids
        for name, records, field, ids in (
            ("product_template", self.hats, "template_ids", self.hats.ids),
            ("product_product", variants, "template_ids", self.hats.ids),
            (
                "product_category",
                self.env["product.category"].create({"name": "Headgear"}),
                "category_ids",
                None,
            ),
            ("bigcommerce_listing", self.listing, "listing_ids", None),
        ):
            with self.subTest(name):
                action = self.run_action(f"{name}_action_export", records)
                wizard = (
                    self.env[action["res_model"]]
                    .with_user(self.user)
                    .with_context(**action["context"])
                    .create({})
                )
                self.assertEqual(wizard.operation, "export_products")
                self.assertEqual(wizard.instance_ids, self.instance)
                self.assertEqual(wizard[field].ids, ids or records.ids)

    def test_only_users_of_the_connector_have_the_actions(self):
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.run_action("product_template_action_export", self.hats, stranger)
        bindings = self.env["ir.actions.actions"]
        for model in (
            "product.template",
            "product.product",
            "product.category",
            "bigcommerce.listing",
        ):
            for user, is_there in ((stranger, False), (self.user, True)):
                actions = bindings.with_user(user).get_bindings(model).get("action", ())
                names = [action["name"] for action in actions]
                with self.subTest(model=model, user=user.login):
                    self.assertEqual("Export to BigCommerce" in names, is_there)

    def test_a_draft_store_exports_nothing(self):
        draft = self.create_instance(name="Draft", store_hash="draft")
        with self.assertRaises(UserError):
            self.choose(instances=draft).action_process()

    def test_a_manager_makes_and_copies_a_store_with_its_owners_of_fields(self):
        manager = new_test_user(
            self.env, "manager", "bigcommerce_connector.bigcommerce_group_manager"
        )
        vals = {"name": "New", "store_hash": "new", "access_token": "token"}
        instance = self.env["bigcommerce.instance"].with_user(manager).create(vals)
        owners = self.instance._get_field_owners()
        self.assertEqual(len(instance.field_owner_ids), len(owners))
        self.assertEqual(instance._get_field_owners(), owners)
        row = instance.field_owner_ids[:1]
        row.owner = "store"
        copy = instance.copy()
        self.assertEqual(copy._get_field_owners(), {**owners, row.field: "store"})
        self.assertEqual(len(copy.field_owner_ids), len(owners))
