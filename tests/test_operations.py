"""Operations are started by hand: on chosen stores, as far as somebody wants."""

from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..sync.rehearsal import Reading, Rehearsal
from .common import OrderCase, SandboxCase

MUG = {"sku": "MUG-ENAMEL"}
BOWL = {"sku": "BOWL-STONE"}
USER = "bigcommerce_connector.bigcommerce_group_user"
MUG_PRODUCT, PAN_PRODUCT = "101", "102"


class OperationsCase(SandboxCase):
    def open(self, operation, instances=None, user=None, **vals):
        """Return the wizard as it is when somebody has filled it in."""
        direction = (
            self.env["bigcommerce.operation"]._get_operation(operation)._direction
        )
        return (
            self.env["bigcommerce.operations"]
            .with_user(user or self.env.user)
            .create(
                {
                    "instance_ids": [Command.set((instances or self.instance).ids)],
                    "direction": direction,
                    f"{direction}_operation": operation,
                    **vals,
                }
            )
        )

    def process(self, operation, **vals):
        """Start it from the wizard, work it off; return its queue job."""
        action = self.open(operation, **vals).action_process()
        job = self.env[action["res_model"]].browse(action["res_id"])
        self.drain()
        self.assertEqual(job.state, "done", job.error_message)
        self.assertQueueIsSound()
        return job

    def count_jobs(self):
        return self.env["bigcommerce.queue.job"].search_count([])

    def assertRefused(self, message, operation, **vals):
        """Nothing is started, and ``message`` says why."""
        before = self.count_jobs()
        with self.assertRaisesRegex(UserError, message):
            self.open(operation, **vals).action_process()
        self.assertEqual(self.count_jobs(), before)


@tagged("post_install", "-at_install")
class TestWizard(OperationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()
        cls.user = new_test_user(cls.env, "starter", USER)

    def enable_stock(self):
        self.instance.location_ids.filtered("stock_location_id").is_stock_enabled = True

    def test_every_option_of_every_operation_has_its_field(self):
        wizard = self.env["bigcommerce.operations"]
        offered = []
        for direction in ("import", "export"):
            offered += [code for code, _label in wizard._selection_operation(direction)]
        self.assertEqual(offered[0], "import_orders")
        # What only the document concerned may start is not among them.
        self.assertFalse(
            {"export_refunds", "export_cancellations", "apply_order_changes"}
            & set(offered)
        )
        for code in offered:
            operation = self.env["bigcommerce.operation"]._get_operation(code)
            with self.subTest(code):
                self.assertLessEqual(set(operation._choices), set(wizard._fields))

    def test_only_the_options_of_the_operation_are_shown(self):
        form = Form(self.env["bigcommerce.operations"].with_user(self.user))
        self.assertEqual(form.instance_ids[:], self.instance)
        names = ("everything", "since", "placed_from", "order_numbers", "listing_ids")

        def get_shown():
            return [name for name in names if not form._get_modifier(name, "invisible")]

        self.assertEqual(get_shown(), ["since", "placed_from", "order_numbers"])
        self.assertTrue(form.has_preview)
        # Who writes numbers has said it all.
        form.order_numbers = "101"
        self.assertEqual(get_shown(), ["order_numbers"])
        form.import_operation = "import_categories"
        self.assertEqual(get_shown(), [])
        self.assertFalse(form.has_preview)
        form.direction = "export"
        form.export_operation = "export_order_status"
        self.assertEqual(get_shown(), ["order_numbers"])

    def test_a_user_of_the_connector_starts_it_and_sees_its_job(self):
        action = self.open("import_customers", user=self.user).action_process()
        job = self.env["bigcommerce.queue.job"].browse(action["res_id"])
        self.assertEqual((job.operation, job.options), ("import_customers", False))
        self.assertTrue(job.moves_watermark)
        Form(job.with_user(self.user))

    def test_what_it_would_do_can_be_seen_first(self):
        wizard = self.open("import_listings", skus="MUG-ENAMEL", user=self.user)
        before = self.count_jobs()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            action = wizard.action_preview()
        self.env.invalidate_all()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(preview.options[str(self.instance.id)], {"ids": [MUG_PRODUCT]})
        self.assertEqual(preview.line_count, 1)
        self.assertEqual(self.count_jobs(), before)
        self.assertFalse(self.env["bigcommerce.listing"].search([]))

    def test_each_store_is_previewed_by_what_it_calls_its_products(self):
        other = self.create_instance(
            name="Other", store_hash="other", state="confirmed"
        )
        ids = {self.instance: "7", other: "8"}
        for instance, bc_id in ids.items():
            listing = self.env["bigcommerce.listing"].create(
                {"instance_id": instance.id, "bc_id": bc_id, "name": "Cup"}
            )
            self.env["bigcommerce.listing.item"].create(
                {
                    "instance_id": instance.id,
                    "listing_id": listing.id,
                    "bc_id": bc_id,
                    "name": "Cup",
                    "sku": "CUP",
                }
            )
        wizard = self.open("import_listings", self.instance + other, skus="CUP")
        with patch.object(
            self.env.registry["bigcommerce.rehearsal"],
            "_rehearse",
            return_value=Rehearsal([], Reading([], False, ""), 0),
        ) as rehearse:
            wizard.action_preview()
        self.assertEqual(
            {call.args[0]: call.args[2]["ids"] for call in rehearse.call_args_list},
            {instance: [bc_id] for instance, bc_id in ids.items()},
        )

    def test_others_cannot_even_open_it(self):
        salesman = new_test_user(
            self.env, "no_starter", "sales_team.group_sale_salesman"
        )
        with self.assertRaises(AccessError):
            self.open("import_customers", user=salesman)
        menu = self.env.ref("bigcommerce_connector.bigcommerce_operations_menu")
        self.assertNotIn(
            menu.id, self.env["ir.ui.menu"].with_user(salesman)._visible_menu_ids()
        )

    def test_several_stores_have_a_job_each(self):
        other = self.create_instance(
            name="Other", store_hash="other", state="confirmed"
        )
        action = self.open(
            "import_customers", self.instance + other, customer_numbers="2-4"
        ).action_process()
        jobs = self.env["bigcommerce.queue.job"].search(action["domain"])
        self.assertEqual(jobs.instance_id, self.instance + other)
        self.assertEqual(jobs.mapped("options"), [{"ids": ["2", "3", "4"]}] * 2)

    def test_what_waits_already_is_not_started_again(self):
        for operation, vals in (
            ("import_customers", {"customer_numbers": "2"}),
            ("process_orders", {}),
        ):
            with self.subTest(operation):
                first = self.open(operation, **vals).action_process()
                before = self.count_jobs()
                second = self.open(operation, **vals).action_process()
                self.assertEqual(self.count_jobs(), before)
                self.assertIn("waits already", second["params"]["message"])
                self.assertEqual(second["params"]["next"]["res_id"], first["res_id"])
        # Another part of the same is another run.
        self.open("import_customers", customer_numbers="3").action_process()
        self.assertEqual(self.count_jobs(), before + 1)

    def test_a_store_that_is_not_open_is_named(self):
        self.instance.action_reset_to_draft()
        self.assertRefused("Confirm Sandbox first", "import_customers")
        self.instance.write({"state": "confirmed", "active": False})
        self.assertRefused("Unarchive Sandbox first", "import_customers")

    def test_one_store_that_is_not_ready_keeps_all_from_being_started(self):
        other = self.create_instance(
            name="Other", store_hash="other", state="confirmed"
        )
        self.enable_stock()
        both = self.instance + other
        for operation, message in (
            ("export_inventory", "No location is enabled for this at Other"),
            ("import_images", "“Sync Listing Images.” is off on Sandbox"),
            ("export_order_numbers", "“Write Order Number.*” is off on Sandbox"),
        ):
            with self.subTest(operation):
                self.assertRefused(message, operation, instances=both)

    def test_stock_is_imported_by_those_who_may_adjust_it(self):
        self.enable_stock()
        with self.assertRaises(AccessError):
            self.open("import_inventory", user=self.user).action_process()

    def test_stores_of_other_companies_are_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.env["bigcommerce.instance"].create(
            {
                "name": "Foreign",
                "store_hash": "foreign",
                "access_token": "token",
                "company_id": company.id,
                "country_id": self.env.ref("base.be").id,
                "warehouse_id": self.env["stock.warehouse"]
                .search([("company_id", "=", company.id)])
                .id,
                "state": "confirmed",
            }
        )
        with self.assertRaises(AccessError):
            self.open("import_customers", foreign, user=self.user).action_process()
        self.assertFalse(
            self.env["bigcommerce.queue.job"].search([("instance_id", "=", foreign.id)])
        )


@tagged("post_install", "-at_install")
class TestOrders(OperationsCase, OrderCase):
    def place(self, **cart):
        return self.store.place_order(**{"lines": [MUG], **cart})

    def is_imported(self, bc_id):
        return bool(self.get_order(bc_id).sale_order_id)

    def get_watermark(self):
        jobs = self.env["bigcommerce.automatic.job"]
        return jobs._get_job(self.instance, "import_orders").watermark

    def test_orders_are_imported_by_their_numbers_whatever_the_settings_say(self):
        for number in range(501, 505):
            self.place(number=number, status=2)
        self.process("import_orders", order_numbers="#501, 503-504")
        self.assertEqual(
            [self.is_imported(number) for number in range(501, 505)],
            [True, False, True, True],
        )
        self.assertFalse(self.get_order(502))
        self.assertRefused("“50l”", "import_orders", order_numbers="501 50l")

    def test_many_numbers_are_read_in_steps_that_a_later_turn_goes_on_from(self):
        numbers = [self.place() for _number in range(25)]
        operation = self.instance._get_operation("import_orders")
        with self.instance._connect() as client:
            first, second = operation._discover(
                client, self.instance, {"ids": numbers}, {}
            )
            (again,) = operation._discover(
                client, self.instance, {"ids": numbers}, first.resume
            )
        self.assertEqual([len(first.items), len(second.items)], [20, 5])
        self.assertEqual(
            [item.key for item in again.items], [item.key for item in second.items]
        )

    def test_orders_are_imported_by_status_although_it_is_not_selected(self):
        self.instance.channel_ids = self.env["bigcommerce.channel"].search(
            [("instance_id", "=", self.instance.id), ("bc_id", "=", "1")]
        )
        shipped, completed, pending = (self.place(status=one) for one in (2, 10, 1))
        elsewhere = self.place(status=2)
        self.store.patch(f"v2/orders/{elsewhere}", channel_id=77)
        watermark = self.get_watermark()
        statuses = self.env["bigcommerce.order.status"].search(
            [("instance_id", "=", self.instance.id), ("bc_id", "in", ("2", "10"))]
        )
        job = self.process("import_orders", status_ids=[Command.set(statuses.ids)])
        self.assertEqual(set(job.options["statuses"]), {"2", "10"})
        self.assertTrue(self.is_imported(shipped) and self.is_imported(completed))
        self.assertFalse(self.is_imported(pending) or self.is_imported(elsewhere))
        self.assertEqual(self.get_order(elsewhere).reason_code, "status")
        self.assertEqual(self.get_watermark(), watermark)

    def test_an_order_that_was_wanted_so_is_not_given_up_by_the_next_scan(self):
        bc_id = self.place(status=2)
        record = self.env["bigcommerce.order.status"].search(
            [("instance_id", "=", self.instance.id), ("bc_id", "=", "2")]
        )
        self.open(
            "import_orders", status_ids=[Command.set(record.ids)]
        ).action_process()
        with self.open_engine() as engine:
            engine._scan_next(self.env["ir.cron"])
        self.assertEqual(self.get_order(bc_id).state, "waiting")
        self.store.patch(f"v2/orders/{bc_id}", staff_notes="Changed meanwhile")
        self.import_orders()
        self.assertTrue(self.is_imported(bc_id))

    def test_a_period_reaches_back_behind_import_orders_from(self):
        self.instance.import_orders_from = "2026-06-01"
        before, inside, after = (
            self.place(created=f"2026-0{month}-15T12:00:00Z") for month in (1, 2, 3)
        )
        self.import_orders()
        self.assertFalse(self.is_imported(inside))
        self.process(
            "import_orders",
            placed_from=datetime(2026, 2, 1),
            placed_until=datetime(2026, 3, 1),
        )
        self.assertEqual(
            [self.is_imported(one) for one in (before, inside, after)],
            [False, True, False],
        )
        self.assertRefused(
            "before they were placed",
            "import_orders",
            placed_from=datetime(2026, 3, 1),
            placed_until=datetime(2026, 2, 1),
        )

    def test_changed_since_asks_for_these_only(self):
        self.store.forget_requests()
        self.process("import_orders", since=datetime(2026, 2, 1, 8, 30))
        request = self.store.get_requests("^/v2/orders")[0]
        self.assertEqual(
            request["query"]["min_date_modified"], "2026-02-01T08:30:00+00:00"
        )

    def test_a_scan_of_several_statuses_goes_on_where_it_stopped(self):
        numbers = [self.place(status=status) for status in (2, 10, 2)]
        operation = self.instance._get_operation("import_orders")
        options = {"statuses": ["2", "10"]}
        with self.instance._connect() as client:
            pages = list(operation._discover(client, self.instance, options, {}))
            rest = operation._discover(client, self.instance, options, pages[0].resume)
            rest = [item.key for page in rest for item in page.items]
        found = [item.key for page in pages for item in page.items]
        self.assertEqual(found, [numbers[0], numbers[2], numbers[1]])
        self.assertEqual(rest, [numbers[1]])

    def test_what_is_not_in_odoo_is_not_exported_and_named(self):
        bc_id = self.place(status=2)
        self.import_orders()
        for operation in ("export_order_status", "export_shipments", "process_orders"):
            with self.subTest(operation):
                self.assertRefused(
                    f"these are not in Odoo: {bc_id}, 4711",
                    operation,
                    order_numbers=f"{bc_id}, 4711",
                )


@tagged("post_install", "-at_install")
class TestOtherImports(OperationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()

    def get_listings(self):
        listings = self.env["bigcommerce.listing"].search([])
        return set(listings.mapped("bc_id"))

    def test_listings_are_imported_by_id_and_by_sku_of_products_not_yet_here(self):
        job = self.process(
            "import_listings", product_numbers=MUG_PRODUCT, skus="BOWL-STONE"
        )
        (bowl,) = (
            row["id"]
            for row in self.store.control("GET", "v3/catalog/products")
            if row["sku"] == "BOWL-STONE"
        )
        self.assertEqual(self.get_listings(), {MUG_PRODUCT, str(bowl)})
        self.assertFalse(job.moves_watermark)
        # It is known by now, so that the store need not be asked.
        self.store.forget_requests()
        self.open("import_listings", skus="BOWL-STONE").action_process()
        self.assertFalse(self.store.get_requests())

    def test_a_sku_that_the_store_does_not_have_is_named(self):
        self.assertRefused(
            "SKU “NO-SUCH”", "import_listings", skus="BOWL-STONE, NO-SUCH"
        )

    def test_a_product_that_the_store_does_not_have_is_named_on_its_line(self):
        self.process("import_listings", product_numbers=f"{MUG_PRODUCT}, 4711")
        self.assertEqual(self.get_listings(), {MUG_PRODUCT})
        line = self.get_lines("import_listings", key="4711")
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "not_found"))

    def test_listings_and_customers_are_imported_since_a_moment_or_all(self):
        for operation, path in (
            ("import_listings", "^/v3/catalog/products$"),
            ("import_customers", "^/v3/customers$"),
        ):
            self.run_operation(self.instance, operation)
            for vals, asks in (
                ({"since": datetime(2026, 2, 1)}, "2026-02-01"),
                ({"everything": True, "since": datetime(2026, 2, 1)}, ""),
            ):
                with self.subTest(operation, **vals):
                    self.store.forget_requests()
                    self.process(operation, **vals)
                    request = str(self.store.get_requests(path)[0])
                    self.assertEqual("date_modified" in request, bool(asks))
                    self.assertIn(asks, request)

    def test_refunds_are_imported_since_a_moment_or_of_some_orders(self):
        self.store.forget_requests()
        self.process("import_refunds", since=datetime(2026, 2, 1))
        self.process("import_refunds", order_numbers="118-119")
        first, second = map(
            str, self.store.get_requests("^/v3/orders/payment_actions/refunds$")
        )
        self.assertIn("2026-02-01", first)
        self.assertRegex(second, "118(,|%2C)119")
