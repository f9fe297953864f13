"""Where a store's stock is in Odoo, and which side is right about it."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import SandboxCase

JOBS = ("import_inventory", "export_inventory", "compare_inventory")


class SettingsCase(SandboxCase):
    def setUp(self):
        super().setUp()
        self.skip_backoff()
        self.instance = self.confirm_instance()
        self.location = self.get_location("1")

    def get_location(self, bc_id):
        return self.instance.location_ids.filtered(lambda own: own.bc_id == bc_id)

    def get_job(self, operation):
        return self.env["bigcommerce.automatic.job"]._get_job(self.instance, operation)


@tagged("post_install", "-at_install")
class TestLocations(SettingsCase):
    def test_the_default_location_has_the_stock_of_the_warehouse(self):
        warehouse = self.instance.warehouse_id
        self.assertEqual(self.location.warehouse_id, warehouse)
        self.assertEqual(self.location.stock_location_id, warehouse.lot_stock_id)
        for bc_id in ("2", "3"):
            self.assertFalse(self.get_location(bc_id).warehouse_id)
            self.assertFalse(self.get_location(bc_id).stock_location_id)

    def test_no_stock_is_enabled_by_itself(self):
        self.assertFalse(any(self.instance.location_ids.mapped("is_stock_enabled")))
        self.assertEqual(
            set(self.instance.location_ids.mapped("stock_direction")), {"both"}
        )

    def test_what_is_emptied_or_changed_stays_so(self):
        yard = self.env["stock.location"].create(
            {
                "name": "Yard",
                "usage": "internal",
                "location_id": self.location.stock_location_id.id,
            }
        )
        for place in (yard, self.env["stock.location"]):
            self.location.stock_location_id = place
            self.instance.action_confirm()
            self.assertEqual(self.location.stock_location_id, place)

    def test_enabling_takes_a_stock_location(self):
        second = self.get_location("2")
        with self.assertRaisesRegex(ValidationError, "stock location"):
            second.is_stock_enabled = True
        self.location.is_stock_enabled = True
        with self.assertRaisesRegex(ValidationError, "stock location"):
            self.location.stock_location_id = False

    def test_places_of_another_company_are_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        place = (
            self.env["stock.warehouse"]
            .search([("company_id", "=", company.id)], limit=1)
            .lot_stock_id
        )
        for vals in (
            {"stock_location_id": place.id},
            {"counted_location_ids": [(4, place.id)]},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.location.write(vals)


@tagged("post_install", "-at_install")
class TestDirections(SettingsCase):
    def assertRefused(self, record, **vals):
        with (
            self.assertRaisesRegex(ValidationError, "each would undo the other"),
            self.cr.savepoint(),
        ):
            record.write(vals)
        self.env.invalidate_all()

    def test_confirm_makes_the_automatic_jobs_all_off(self):
        for operation, interval in zip(
            JOBS, ((1, "days"), (30, "minutes"), (1, "days")), strict=True
        ):
            job = self.get_job(operation)
            self.assertEqual((job.interval_number, job.interval_unit), interval)
            self.assertFalse(job.active)

    def test_both_jobs_on_a_location_of_both_are_refused_wherever_they_are_set(self):
        self.get_job("import_inventory").active = True
        for other in ("export_inventory", "compare_inventory"):
            with self.subTest(other=other):
                self.location.is_stock_enabled = True
                self.assertRefused(self.get_job(other), active=True)
                self.location.stock_direction = "export"
                self.get_job(other).active = True
                self.assertRefused(self.location, stock_direction="both")
                self.location.is_stock_enabled = False
                self.location.stock_direction = "both"
                self.assertRefused(self.location, is_stock_enabled=True)
                self.get_job(other).active = False

    def test_it_is_refused_on_the_form(self):
        self.location.is_stock_enabled = True
        form = Form(self.instance)
        with form.automatic_job_ids.edit(
            self.instance.automatic_job_ids.ids.index(self.get_job(JOBS[0]).id)
        ) as job:
            job.active = True
        with form.automatic_job_ids.edit(
            self.instance.automatic_job_ids.ids.index(self.get_job(JOBS[1]).id)
        ) as job:
            job.active = True
        with self.assertRaisesRegex(ValidationError, self.location.name):
            form.save()

    def test_locations_of_one_direction_each_go_with_both_jobs(self):
        second = self.get_location("2")
        second.write(
            {
                "stock_location_id": self.env["stock.location"]
                .create(
                    {
                        "name": "Second",
                        "usage": "internal",
                        "location_id": self.location.stock_location_id.location_id.id,
                    }
                )
                .id,
                "is_stock_enabled": True,
                "stock_direction": "export",
            }
        )
        self.location.write({"is_stock_enabled": True, "stock_direction": "import"})
        jobs = self.get_job(JOBS[0]) + self.get_job(JOBS[1])
        jobs.active = True
        self.assertEqual(jobs.mapped("active"), [True, True])

    def test_another_store_does_not_matter(self):
        self.get_job("import_inventory").active = True
        self.location.is_stock_enabled = True
        other = self.create_instance(name="Other", store_hash="other")
        other.state = "confirmed"
        self.env["bigcommerce.automatic.job"]._ensure_jobs(other)
        job = self.env["bigcommerce.automatic.job"]._get_job(other, "export_inventory")
        job.active = True
        self.assertTrue(job.active)


@tagged("post_install", "-at_install")
class TestWhenTheStoreTakesStock(SettingsCase):
    def test_it_is_read_on_confirm(self):
        self.assertEqual(self.instance.stock_taken_on, "order_placed")
        for event in ("order_completed_or_shipped", "order_placed"):
            self.store.take_stock_on(event)
            self.instance.action_confirm()
            self.assertEqual(self.instance.stock_taken_on, event)

    def test_what_is_not_there_or_not_allowed_leaves_it(self):
        self.instance.stock_taken_on = "order_completed_or_shipped"
        for status in (403, 404):
            self.store.fault("^/v3/settings/inventory$", status=status, times=0)
            self.instance.action_confirm()
            self.assertEqual(self.instance.stock_taken_on, "order_completed_or_shipped")
            self.store.heal()
        self.store.take_stock_on("full_moon")
        self.instance.action_confirm()
        self.assertEqual(self.instance.stock_taken_on, "order_completed_or_shipped")

    def test_on_hand_warns_where_stock_is_taken_when_an_order_is_placed(self):
        for basis, event, warns in (
            ("on_hand", "order_placed", True),
            ("free", "order_placed", False),
            ("forecast", "order_placed", False),
            ("on_hand", "order_completed_or_shipped", False),
            ("free", "order_completed_or_shipped", False),
        ):
            with self.subTest(basis=basis, event=event):
                self.instance.write({"stock_basis": basis, "stock_taken_on": event})
                self.assertEqual(bool(self.instance.stock_warning), warns)

    def test_the_form_warns_before_it_is_saved(self):
        with Form(self.instance) as form:
            self.assertFalse(form.stock_warning)
            form.stock_basis = "on_hand"
            self.assertIn("give back", form.stock_warning)

    def test_a_draft_does_not_know_yet(self):
        instance = self.create_instance(name="New", store_hash="new")
        instance.stock_basis = "on_hand"
        self.assertFalse(instance.stock_warning)
