"""Confirm: does what the page lists, in that order, as often as one likes."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SandboxCase

READ_ON_CONFIRM = [
    "/v2/store",
    "/v2/currencies",
    "/v2/order_statuses",
    "/v3/channels",
    "/v3/inventory/locations",
    "/v2/tax_classes",
    "/v3/settings/inventory",
]


@tagged("post_install", "-at_install")
class TestConfirm(SandboxCase):
    def setUp(self):
        super().setUp()
        self.skip_backoff()

    def get_references(self, name, instance, **options):
        return (
            self.env[f"bigcommerce.{name}"]
            .with_context(**options)
            .search([("instance_id", "=", instance.id)])
        )

    def test_it_reads_in_the_order_of_the_page(self):
        instance = self.create_instance()
        self.store.forget_requests()
        instance.action_confirm()
        paths = [request["path"] for request in self.store.get_requests()]
        self.assertEqual(list(dict.fromkeys(paths)), READ_ON_CONFIRM)

    def test_it_changes_nothing_in_the_store(self):
        self.confirm_instance()
        self.assertEqual(
            {request["method"] for request in self.store.get_requests()}, {"GET"}
        )

    def test_the_instance_is_confirmed(self):
        instance = self.create_instance()
        banner = instance.action_confirm()
        self.assertEqual(instance.state, "confirmed")
        self.assertEqual(banner["tag"], "display_notification")
        self.assertEqual(banner["params"]["title"], "Sandbox is confirmed")
        self.assertFalse(instance.is_foreign_database)

    def test_the_store_tells_currency_weight_unit_and_time_zone(self):
        instance = self.confirm_instance()
        self.assertEqual(instance.currency_id, self.env.ref("base.USD"))
        self.assertEqual(instance.weight_unit, "LBS")
        self.assertEqual(instance.timezone, "America/Chicago")
        self.assertEqual(instance.control_panel_url, "https://control.example.com")

    def test_every_weight_unit_of_the_page_is_read(self):
        instance = self.create_instance()
        for unit in ("LBS", "KGS", "Ounces", "Grams", "Tonnes"):
            with self.subTest(unit=unit):
                self.store.patch("v2/store", weight_units=unit)
                instance.action_confirm()
                self.assertEqual(instance.weight_unit, unit)

    def test_a_weight_unit_that_nobody_knows_is_left_open(self):
        self.store.patch("v2/store", weight_units="Stones")
        self.assertFalse(self.confirm_instance().weight_unit)

    def test_a_currency_that_odoo_does_not_know_is_said_in_the_log(self):
        currencies = self.store.control("GET", "v2/currencies")
        odd = {**currencies[1], "id": 99, "currency_code": "XQQ"}
        self.store.put("v2/currencies", [*currencies, odd])
        instance = self.confirm_instance()
        log = self.env["bigcommerce.log"].search([("instance_id", "=", instance.id)])
        self.assertEqual((log.level, instance.state), ("error", "confirmed"))
        self.assertIn("XQQ", log.message)

    def test_each_transactional_currency_has_a_pricelist(self):
        instance = self.confirm_instance()
        currencies = {currency.name: currency for currency in instance.currency_ids}
        self.assertEqual(set(currencies), {"USD", "EUR", "JPY"})
        for name, currency in currencies.items():
            self.assertEqual(currency.pricelist_id.currency_id.name, name)
            self.assertTrue(currency.currency_id.active)
            self.assertEqual(currency.is_default, name == "USD")
        self.assertEqual(currencies["USD"].pricelist_id, instance.pricelist_id)
        self.assertFalse(currencies["EUR"].pricelist_id.item_ids)

    def test_a_currency_that_is_only_shown_has_no_pricelist(self):
        self.store.patch("v2/currencies/2", is_transactional=False)
        instance = self.confirm_instance()
        self.assertNotIn("EUR", instance.currency_ids.mapped("name"))

    def test_a_pricelist_in_the_currency_of_the_store_is_kept(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "Mine", "currency_id": self.env.ref("base.USD").id}
        )
        instance = self.confirm_instance(pricelist_id=pricelist.id)
        self.assertEqual(instance.pricelist_id, pricelist)

    def test_a_pricelist_in_another_currency_is_not_used_for_the_store(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "Mine", "currency_id": self.env.ref("base.EUR").id}
        )
        instance = self.confirm_instance(pricelist_id=pricelist.id)
        self.assertEqual(instance.pricelist_id.currency_id.name, "USD")
        self.assertEqual(pricelist.currency_id.name, "EUR")

    def test_the_15_order_statuses_are_read_in_the_words_of_the_merchant(self):
        instance = self.confirm_instance()
        statuses = self.get_references("order.status", instance)
        self.assertEqual(
            {status.bc_id for status in statuses}, {str(number) for number in range(15)}
        )
        awaiting = statuses.filtered(lambda status: status.bc_id == "11")
        self.assertEqual(awaiting.name, "Ready to pack")
        self.assertEqual(awaiting.system_name, "Awaiting Fulfillment")
        self.assertEqual(instance.order_status_ids, awaiting)

    def test_channels_locations_and_tax_classes_are_read(self):
        instance = self.confirm_instance()
        self.assertEqual(
            set(self.get_references("channel", instance).mapped("name")),
            {"Harbour & Hill", "Harbour & Hill Trade", "Marketplace"},
        )
        self.assertEqual(
            set(self.get_references("location", instance).mapped("code")),
            {"MAIN", "EAST", "SHOWROOM"},
        )
        self.assertEqual(
            set(self.get_references("tax.class", instance).mapped("bc_id")),
            {"0", "1", "2", "3"},
        )
        self.assertFalse(instance.channel_ids, "no channel is selected: all are")

    def test_categories_and_brands_come_in_the_background(self):
        instance = self.create_instance()
        instance.action_confirm()
        self.assertFalse(self.get_references("category", instance))
        self.drain()
        categories = self.get_references("category", instance)
        self.assertEqual(len(categories), 6)
        shirts = categories.filtered(lambda category: category.name == "Shirts")
        self.assertEqual(shirts.parent_id.name, "Apparel")
        self.assertEqual(
            set(self.get_references("brand", instance).mapped("name")),
            {"Hearth & Co", "Fernwood", "Loom Street"},
        )

    def test_history_begins_with_the_confirmation(self):
        before = fields.Datetime.now()
        instance = self.confirm_instance(import_orders_from=False)
        self.assertGreaterEqual(instance.import_orders_from, before)

    def test_history_begins_where_somebody_wanted_it(self):
        instance = self.confirm_instance(import_orders_from="2026-10-01 12:00:00")
        self.assertEqual(str(instance.import_orders_from), "2026-10-01 12:00:00")

    def test_it_is_logged_at_level_all(self):
        instance = self.create_instance(log_level="all")
        instance.action_confirm()
        logs = self.env["bigcommerce.log"].search([("instance_id", "=", instance.id)])
        self.assertTrue(logs.filtered("request_count"))
        self.assertEqual(set(logs.mapped("level")), {"success"})


@tagged("post_install", "-at_install")
class TestRepeatedConfirm(TestConfirm):
    """Whatever Confirm does, it does on a confirmed instance as well."""

    @classmethod
    def create_instance(cls, **vals):
        instance = super().create_instance(**vals)
        instance.action_confirm()
        instance.action_reset_to_draft()
        cls.env["bigcommerce.queue.job"].search([]).unlink()
        cls.env["bigcommerce.log"].search([]).unlink()
        return instance


@tagged("post_install", "-at_install")
class TestConfirmAgain(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()

    def snapshot(self):
        models = (
            "currency",
            "order.status",
            "channel",
            "location",
            "tax.class",
            "category",
            "brand",
        )
        return {
            model: self.env[f"bigcommerce.{model}"]
            .search([])
            .mapped(lambda record: (record.id, record.bc_id, record.payload_digest))
            for model in models
        } | {"pricelists": self.env["product.pricelist"].search([]).ids}

    def test_nothing_new_changes_nothing(self):
        before = self.snapshot()
        writes = []
        reference = self.registry["bigcommerce.reference"]
        for name in ("create", "write"):
            method = getattr(reference, name)

            def note(records, vals, method=method):
                writes.append(vals)
                return method(records, vals)

            for model in ("currency", "channel", "location", "category", "brand"):
                self.patch(self.registry[f"bigcommerce.{model}"], name, note)
        self.instance.action_confirm()
        self.drain()
        self.assertEqual(self.snapshot(), before)
        self.assertEqual([vals for vals in writes if vals], [])

    def test_the_choices_of_people_survive(self):
        shipped = self.env["bigcommerce.order.status"].search([("bc_id", "=", "2")])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Mine", "currency_id": self.env.ref("base.EUR").id}
        )
        euro = self.instance.currency_ids.filtered(lambda line: line.name == "EUR")
        euro.pricelist_id = pricelist
        self.instance.order_status_ids = shipped
        jobs = self.instance.automatic_job_ids
        jobs.write({"active": True, "interval_number": 7})
        self.instance.action_confirm()
        self.assertEqual(self.instance.order_status_ids, shipped)
        self.assertEqual(euro.pricelist_id, pricelist)
        self.assertEqual(
            set(self.instance.automatic_job_ids.mapped("interval_number")), {7}
        )
        self.assertTrue(all(self.instance.automatic_job_ids.mapped("active")))
        self.assertEqual(self.instance.automatic_job_ids, jobs)

    def test_what_changed_is_taken_over(self):
        self.store.patch("v3/channels/1", name="Renamed")
        self.store.delete("v3/inventory/locations/2")
        self.instance.action_confirm()
        channel = self.env["bigcommerce.channel"].search([("bc_id", "=", "1")])
        self.assertEqual(channel.name, "Renamed")
        locations = self.env["bigcommerce.location"].with_context(active_test=False)
        self.assertEqual(
            locations.search([]).mapped(lambda place: (place.bc_id, place.active)),
            [("2", False), ("1", True), ("3", True)],
        )

    def test_what_comes_back_is_the_same_record(self):
        location = self.env["bigcommerce.location"].search([("bc_id", "=", "2")])
        before = self.store.control("GET", "v3/inventory/locations/2")
        self.store.delete("v3/inventory/locations/2")
        self.instance.action_confirm()
        self.assertFalse(location.active)
        self.store.put("v3/inventory/locations/2", before)
        self.instance.action_confirm()
        self.assertTrue(location.active)

    def test_what_waited_starts_when_the_store_opens_and_at_no_other_time(self):
        self.env["bigcommerce.order"].create(
            {"instance_id": self.instance.id, "bc_id": "1", "name": "#1"}
        )
        runs = self.env["bigcommerce.queue.job"]
        own = [
            ("instance_id", "=", self.instance.id),
            ("operation", "=", "process_orders"),
        ]
        for change in ({"state": "draft"}, {"active": False}):
            self.instance.write(change)
            self.assertFalse(runs.search(own))
        self.instance.write({"state": "confirmed"})
        self.assertFalse(runs.search(own), "It is archived still.")
        self.instance.write({"active": True})
        self.assertEqual(runs.search_count(own), 1)
        self.instance.action_confirm()
        self.assertEqual(runs.search_count(own), 1)

    def test_the_banner_says_that_the_data_is_read_not_that_it_is_confirmed(self):
        title = self.instance.action_confirm()["params"]["title"]
        self.assertIn("Store data of Sandbox", title)
        self.assertNotIn("confirmed", title)

    def test_a_confirmed_instance_that_cannot_be_read_stays_confirmed(self):
        self.skip_backoff()
        self.store.fault("^/v3/channels$", status=500, times=0)
        with self.assertRaises(UserError):
            self.instance.action_confirm()
        self.assertEqual(self.instance.state, "confirmed")


@tagged("post_install", "-at_install")
class TestUnusualStores(SandboxCase):
    def setUp(self):
        super().setUp()
        self.skip_backoff()

    def test_a_store_without_locations_is_confirmed(self):
        self.store.delete("v3/inventory/locations")
        instance = self.confirm_instance()
        self.assertEqual(instance.state, "confirmed")
        self.assertFalse(instance.location_ids)

    def test_a_store_whose_plan_knows_no_locations_is_confirmed(self):
        self.store.fault("^/v3/inventory/locations$", status=404, times=0)
        self.assertEqual(self.confirm_instance().state, "confirmed")

    def test_a_store_without_channels_is_confirmed_and_its_orders_come(self):
        self.store.delete("v3/channels")
        instance = self.confirm_instance()
        self.assertEqual(instance.state, "confirmed")
        self.run_operation(instance, "import_orders")
        self.assertTrue(self.env["sale.order"].search([("origin", "!=", False)]))

    def test_a_store_without_categories_and_brands_is_read_to_the_end(self):
        self.store.delete("v3/catalog/trees")
        self.store.delete("v3/catalog/trees/categories")
        self.store.delete("v3/catalog/brands")
        instance = self.confirm_instance()
        jobs = self.env["bigcommerce.queue.job"].search(
            [("instance_id", "=", instance.id)]
        )
        self.assertEqual(set(jobs.mapped("state")), {"done"})

    def test_a_store_whose_currency_odoo_does_not_know_is_refused(self):
        self.store.patch("v2/store", currency="XTS")
        instance = self.create_instance()
        with self.assertRaises(UserError) as refusal:
            instance.action_confirm()
        self.assertIn("XTS", str(refusal.exception))
        self.assertEqual(instance.state, "draft")

    def test_a_further_currency_that_odoo_does_not_know_is_left_out(self):
        self.store.patch("v2/currencies/3", currency_code="XTS")
        instance = self.confirm_instance()
        self.assertEqual(set(instance.currency_ids.mapped("name")), {"USD", "EUR"})

    def test_a_currency_that_is_not_active_is_activated(self):
        self.env.ref("base.JPY").active = False
        instance = self.confirm_instance()
        yen = instance.currency_ids.filtered(lambda currency: currency.name == "JPY")
        self.assertTrue(yen.currency_id.active)

    def test_a_store_in_another_currency_has_a_pricelist_in_that_currency(self):
        self.store.patch("v2/store", currency="EUR")
        instance = self.confirm_instance()
        self.assertEqual(instance.currency_id, self.env.ref("base.EUR"))
        self.assertEqual(instance.pricelist_id.currency_id, self.env.ref("base.EUR"))

    def test_a_missing_scope_is_named_and_nothing_is_written(self):
        self.store.control(
            "PUT",
            "access",
            {
                "scopes": [
                    "store_v2_information_read_only",
                    "store_v2_orders_read_only",
                    "store_channel_settings_read_only",
                ]
            },
        )
        instance = self.create_instance()
        with self.assertRaises(UserError) as refusal:
            instance.action_confirm()
        self.assertIn("Locations", str(refusal.exception))
        self.assertNothingWritten(instance)

    def test_a_store_that_breaks_off_leaves_nothing_behind(self):
        for path in ("/v2/currencies", "/v3/channels", "/v2/tax_classes"):
            with self.subTest(path=path):
                self.store.reset()
                self.store.fault(f"^{path}$", kind="reset", times=0)
                instance = self.create_instance()
                with self.assertRaises(UserError):
                    instance.action_confirm()
                self.assertNothingWritten(instance)
                instance.unlink()

    def assertNothingWritten(self, instance):
        self.assertEqual(instance.state, "draft")
        self.assertFalse(instance.currency_id)
        self.assertFalse(self.env["bigcommerce.order.status"].search([]))
        self.assertFalse(
            self.env["product.pricelist"].search([("name", "like", "Sandbox")])
        )
        self.assertFalse(self.env["bigcommerce.queue.job"].search([]))


@tagged("post_install", "-at_install")
class TestTaxWarning(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tax = cls.env.company.account_sale_tax_id
        cls.on_top = tax.copy(
            {"name": "On top", "price_include_override": "tax_excluded"}
        )
        cls.included = tax.copy(
            {"name": "Included", "price_include_override": "tax_included"}
        )

    def get_warning(self, tax, with_tax):
        self.env.company.account_sale_tax_id = tax
        self.store.patch("v2/store", is_price_entered_with_tax=with_tax)
        instance = self.create_instance()
        self.assertFalse(instance.tax_warning, "nothing is known of a draft")
        banner = instance.action_confirm()
        self.assertEqual(instance.prices_include_tax, with_tax)
        kind = "warning" if instance.tax_warning else "success"
        self.assertEqual(banner["params"]["type"], kind)
        if instance.tax_warning:
            self.assertEqual(banner["params"]["message"], instance.tax_warning)
        return instance.tax_warning

    def test_it_warns_of_a_store_with_tax_and_an_odoo_without(self):
        self.assertIn("enters prices with tax", self.get_warning(self.on_top, True))

    def test_it_warns_of_a_store_without_tax_and_an_odoo_with_it(self):
        warning = self.get_warning(self.included, False)
        self.assertIn("enters prices without tax", warning)

    def test_it_is_silent_if_both_are_alike(self):
        self.assertFalse(self.get_warning(self.on_top, False))

    def test_it_is_silent_if_both_include_the_tax(self):
        self.assertFalse(self.get_warning(self.included, True))

    def test_it_is_silent_without_a_default_tax(self):
        self.assertFalse(self.get_warning(self.env["account.tax"], True))
