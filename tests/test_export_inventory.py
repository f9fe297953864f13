"""Odoo's stock becomes the store's: whole levels, what differs, in few requests."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..client.client import BigCommerceClient
from ..sandbox.merchandise import VARIANTS_PER_PRODUCT
from ..sandbox.scale import Scale
from ..sync import export_inventory, scan
from .common import SandboxCase
from .stock_case import BOWL_SKU, MUG_SKU, StockCase

OPERATION = "export_inventory"
MODEL = "bigcommerce.export.inventory"
SETTLEMENT = "odoo.addons.bigcommerce_connector.sync.settlement"
ADJUSTMENTS = "^/v3/inventory/adjustments/absolute$"


class ExportCase(StockCase):
    def get_line(self, item, location=None):
        location = location or self.location
        return self.get_lines(OPERATION).filtered(
            lambda line: (
                line.key.startswith(f"{location.bc_id}:")
                and line.key.endswith(f":{item.bc_id}")
                or line.key == f"{location.bc_id}:product_id:{item.listing_id.bc_id}"
            )
        )

    def limit(self, size):
        """Let a request hold so many levels."""
        self.patch(export_inventory, "LEVELS_PER_REQUEST", size)
        operation = type(self.env[MODEL])
        self.patch(operation, "_send_size", size)
        self.patch(operation, "_batch_size", size)

    def include(self, *skus):
        """Let items be synchronised; return them."""
        items = self.env["bigcommerce.listing.item"].concat(*map(self.get_item, skus))
        items.listing_id.is_excluded = False
        return items

    def include_number(self, number):
        """Let so many simple items be synchronised instead; there is one of each."""
        known = (self.mug_item + self.bowl_item).listing_id
        known.is_excluded = True
        listings = self.env["bigcommerce.listing"].search(
            [
                ("inventory_tracking", "=", "product"),
                ("item_ids.product_id", "!=", False),
                ("id", "not in", known.ids),
            ],
            order="id",
        )[:number]
        self.assertEqual(len(listings), number)
        listings.is_excluded = False
        for item in listings.item_ids:
            self.put(item.product_id, 1)
        self.instance.stock_brake_share = 100
        return listings.item_ids


@tagged("post_install", "-at_install")
class TestWhatIsSent(ExportCase):
    def test_what_differs_is_sent_and_known_from_then_on(self):
        self.put(self.mug, -30)
        job = self.export()
        self.assertEqual(self.get_level(self.mug_item), 70)
        self.assertEqual(self.get_level(self.bowl_item), 100)
        self.assertEqual(self.get_confirmed(self.mug_item), 70)
        self.assertEqual(len(self.get_writes()), 1)
        self.assertEqual((job.state, job.done_count), ("done", 1))
        line = self.get_lines(OPERATION)
        self.assertEqual(
            (line.state, line.res_model), ("done", "bigcommerce.stock.level")
        )
        self.assertEqual(line.name, "Enamel mug at Main warehouse")
        self.assertQueueIsSound()

    def test_a_second_run_asks_and_sends_nothing(self):
        self.put(self.mug, -30)
        self.export()
        self.store.forget_requests()
        job = self.export()
        self.assertEqual(self.store.get_requests(), [])
        self.assertEqual((job.state, job.line_count), ("done", 0))

    def test_what_the_store_was_never_told_is_sent(self):
        self.env["bigcommerce.stock.level"].search([]).unlink()
        self.export()
        self.assertEqual(len(self.get_writes()), 1)
        self.assertEqual(self.get_confirmed(self.mug_item), 100)
        self.assertEqual(self.get_confirmed(self.bowl_item), 100)

    def test_other_levels_of_the_item_stay(self):
        self.put(self.mug, -30)
        before = self.get_level(self.mug_item, 2)
        self.export()
        self.assertEqual(self.get_level(self.mug_item, 2), before)

    def test_what_has_become_equal_meanwhile_is_not_sent(self):
        self.put(self.mug, -30)
        self.instance._start(OPERATION)
        with self.open_engine() as engine:
            while engine._scan_next(engine.env["ir.cron"]):
                pass
        self.put(self.mug, 30)
        self.drain()
        self.assertEqual(self.get_writes(), [])
        self.assertEqual(self.get_line(self.mug_item).state, "done")

    def test_what_is_sent_is_what_there_is_when_it_is_sent(self):
        self.put(self.mug, -30)
        self.instance._start(OPERATION)
        with self.open_engine() as engine:
            while engine._scan_next(engine.env["ir.cron"]):
                pass
        self.put(self.mug, -5)
        self.drain()
        self.assertEqual(self.get_level(self.mug_item), 65)
        self.assertEqual(self.get_confirmed(self.mug_item), 65)

    def test_parts_of_a_whole_are_not_there_and_less_than_nothing_is_nothing(self):
        self.instance.stock_brake_share = 100
        for change, level in ((-0.5, 99), (-98.6, 0), (-50, 0)):
            self.put(self.mug, change)
            self.export()
            self.assertEqual(self.get_level(self.mug_item), level)

    def test_more_than_the_store_keeps_is_not_sent(self):
        self.put(self.mug, 2_147_483_647)
        self.put(self.bowl, 1)
        self.export()
        line = self.get_line(self.mug_item)
        self.assertEqual(line.state, "blocked")
        self.assertEqual(line.cause_id.code, "stock_out_of_range")
        self.assertIn("2,147,483,747", line.message)
        self.assertEqual(self.get_level(self.mug_item), 100)
        self.assertEqual(self.get_level(self.bowl_item), 101)
        self.put(self.mug, -100)
        self.export()
        self.assertEqual(self.get_level(self.mug_item), 2_147_483_647)
        self.assertEqual(line.state, "done")

    def test_the_basis_is_the_instances(self):
        self.confirm_order(lines=[{"sku": MUG_SKU, "quantity": 10}])
        self.store.forget_requests()
        for basis, level in (("free", 90), ("on_hand", 100), ("forecast", 90)):
            self.instance.stock_basis = basis
            self.export()
            self.assertEqual(self.get_level(self.mug_item), level)

    def test_an_item_by_hand_is_asked_for_by_its_key(self):
        self.put(self.mug, -30)
        self.put(self.bowl, -30)
        self.export(ids=[f"1:product_id:{self.mug_item.listing_id.bc_id}"])
        self.assertEqual(self.get_level(self.mug_item), 70)
        self.assertEqual(self.get_level(self.bowl_item), 100)


@tagged("post_install", "-at_install")
class TestWhatIsNotSent(ExportCase):
    def setUp(self):
        super().setUp()
        self.put(self.mug, -30)

    def assertNothingSent(self):
        job = self.export()
        self.assertEqual(job.state, "done")
        self.assertEqual(self.get_writes(), [])
        self.assertFalse(self.get_lines(OPERATION))

    def test_an_excluded_listing_is_not_sent(self):
        self.mug_item.listing_id.is_excluded = True
        self.assertNothingSent()

    def test_an_archived_listing_or_item_is_not_sent(self):
        for record in (self.mug_item.listing_id, self.mug_item):
            record.active = False
            self.assertNothingSent()
            record.active = True

    def test_an_item_without_a_product_is_not_sent(self):
        self.mug_item.product_id = False
        self.assertNothingSent()

    def test_a_product_whose_stock_odoo_does_not_know_is_not_sent(self):
        self.mug_item.product_id = self.env["product.product"].create(
            {"name": "Pile", "is_storable": False}
        )
        self.assertNothingSent()

    def test_an_item_that_the_store_does_not_track_is_not_sent(self):
        self.mug_item.listing_id.inventory_tracking = "none"
        self.assertNothingSent()

    def test_nothing_is_sent_to_a_location_off_archived_or_disabled_there(self):
        for vals in (
            {"is_stock_enabled": False},
            {"active": False},
            {"is_enabled": False},
            {"stock_direction": "import"},
        ):
            with self.subTest(vals=vals), self.env.cr.savepoint() as savepoint:
                self.location.write(vals)
                self.assertNothingSent()
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_location_that_is_for_export_only_is_exported(self):
        self.location.stock_direction = "export"
        self.export()
        self.assertEqual(self.get_level(self.mug_item), 70)

    def test_nothing_is_sent_in_observe_mode(self):
        self.instance.observe_mode = True
        self.export()
        self.assertEqual(self.get_writes(), [])
        line = self.get_line(self.mug_item)
        self.assertEqual(line.cause_id.code, "read_only")
        self.instance.observe_mode = False
        self.drain()
        self.assertEqual(self.get_level(self.mug_item), 70)

    def test_the_button_says_that_no_location_is_enabled(self):
        self.location.is_stock_enabled = False
        for button in ("export", "import", "compare"):
            with self.assertRaisesRegex(UserError, "No location is enabled"):
                getattr(self.instance, f"action_{button}_inventory")()

    def test_the_button_starts_it(self):
        banner = self.instance.action_export_inventory()
        self.assertEqual(
            banner["params"]["title"], "Export Product's Inventory: Sandbox started"
        )
        self.drain()
        self.assertEqual(self.get_level(self.mug_item), 70)


@tagged("post_install", "-at_install")
class TestIdentities(ExportCase):
    def test_what_is_tracked_by_variant_is_named_by_variant(self):
        item = self.include("GLOVES-S")
        self.put(item.product_id, 7)
        self.export()
        self.assertEqual(self.get_level(item), 7)
        self.assertEqual(self.get_line(item).state, "done")
        self.assertIn(":variant_id:", self.get_line(item).key)

    def test_a_listing_tracked_as_a_whole_has_the_sum_of_its_products(self):
        items = self.track_as_a_whole("GLOVES")
        for quantity, item in enumerate(items, start=3):
            self.put(item.product_id, quantity)
        self.export()
        self.assertEqual(self.get_level(items[0]), 3 + 4 + 5)
        self.assertEqual(self.get_confirmed(items[0]), 12)
        self.assertIsNone(self.get_confirmed(items[1]))

    def test_a_product_that_its_items_share_is_there_once(self):
        items = self.track_as_a_whole("GLOVES")
        items.product_id = items[0].product_id
        self.put(items[0].product_id, 9)
        self.export()
        self.assertEqual(self.get_level(items[0]), 9)

    def test_a_sum_that_is_not_whole_is_not_sent(self):
        items = self.track_as_a_whole("GLOVES")
        self.put(items[0].product_id, 9)
        items[1].product_id = False
        self.export()
        self.assertEqual(self.get_writes(), [])

    def track_as_a_whole(self, sku):
        items = self.env["bigcommerce.listing.item"].search(
            [("sku", "=like", f"{sku}-%")], order="id"
        )
        listing = items.listing_id
        self.store.patch(
            f"v3/catalog/products/{listing.bc_id}", inventory_tracking="product"
        )
        listing.write({"inventory_tracking": "product", "is_excluded": False})
        return items

    def test_a_product_that_listings_share_is_in_each(self):
        self.bowl_item.product_id = self.mug
        self.put(self.mug, -40)
        self.export()
        self.assertEqual(self.get_level(self.mug_item), 60)
        self.assertEqual(self.get_level(self.bowl_item), 60)


@tagged("post_install", "-at_install")
class TestRequests(ExportCase):
    def test_any_number_of_items_takes_as_few_requests_as_it_can(self):
        self.limit(5)
        for number, requests in ((0, 0), (1, 1), (5, 1), (6, 2), (11, 3)):
            with self.subTest(number=number), self.env.cr.savepoint() as savepoint:
                self.store.reset()
                items = self.include_number(number)
                job = self.export()
                self.assertEqual(len(self.get_writes()), requests)
                self.assertEqual(len(self.store.get_requests()), requests)
                self.assertEqual((job.state, job.done_count), ("done", number))
                for item in items:
                    self.assertEqual(self.get_level(item), 1)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_two_locations_go_together_sorted(self):
        self.instance.stock_brake_share = 100
        second = self.add_location()
        self.put(self.mug, 5, second.stock_location_id)
        self.put(self.mug, -1)
        self.put(self.bowl, -1)
        sent = self.watch_sending()
        self.export()
        (items,) = sent
        self.assertEqual([item["location_id"] for item in items], [1, 1, 2, 2])
        self.assertEqual(self.get_level(self.mug_item, 2), 5)
        self.assertEqual(self.get_level(self.mug_item), 99)
        self.assertEqual(self.get_confirmed(self.mug_item, second), 5)

    def watch_sending(self):
        """Return the list in which what the client is asked to send is collected."""
        sent, send = [], BigCommerceClient.set_inventory_levels

        def set_inventory_levels(client, items, reason):
            sent.append(items)
            return send(client, items, reason)

        self.patch(BigCommerceClient, "set_inventory_levels", set_inventory_levels)
        return sent

    def test_a_long_list_goes_on_where_it_stopped(self):
        self.limit(2)
        self.include_number(7)
        self.patch(scan, "PAGES_AT_A_TIME", 1)
        job = self.export()
        self.assertEqual((job.state, job.done_count), ("done", 7))
        self.assertEqual(len(self.get_writes()), 4)

    def test_a_refused_item_never_loses_the_others(self):
        items = self.include_number(6)
        self.store.patch(
            f"v3/catalog/products/{items[3].listing_id.bc_id}",
            inventory_tracking="none",
        )
        before = self.get_level(items[3])
        self.export()
        for item in items - items[3]:
            self.assertEqual(self.get_level(item), 1)
            self.assertEqual(self.get_confirmed(item), 1)
        line = self.get_line(items[3])
        self.assertEqual((line.state, line.cause_id.code), ("blocked", "refused"))
        self.assertIn("not tracked", line.message)
        self.assertEqual(self.get_level(items[3]), before)
        self.assertQueueIsSound()

    def test_what_is_refused_is_not_looked_for_again_until_it_changes(self):
        items = self.include_number(6)
        path = f"v3/catalog/products/{items[3].listing_id.bc_id}"
        self.store.patch(path, inventory_tracking="none")
        self.export()
        self.store.forget_requests()
        self.export()
        self.assertEqual(self.get_writes(), [])
        self.store.patch(path, inventory_tracking="product")
        self.get_line(items[3]).action_retry()
        self.drain()
        self.assertEqual(self.get_level(items[3]), 1)
        self.store.patch(path, inventory_tracking="none")
        self.put(items[3].product_id, 1)
        self.export()
        self.put(items[3].product_id, 1)
        self.store.patch(path, inventory_tracking="product")
        self.export()
        self.assertEqual(self.get_level(items[3]), 3)

    def test_an_answer_that_is_lost_is_sent_again(self):
        self.put(self.mug, -30)
        self.store.fault(ADJUSTMENTS, method="PUT", kind="reset", after=True)
        self.export()
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.get_line(self.mug_item).state, "done")
        self.assertEqual(self.get_level(self.mug_item), 70)
        self.assertEqual(self.get_confirmed(self.mug_item), 70)

    def test_stock_that_moves_while_an_answer_is_lost_is_sent(self):
        self.put(self.mug, -30)
        self.store.fault(ADJUSTMENTS, method="PUT", kind="reset", after=True)
        self.export()
        self.put(self.mug, -5)
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.get_level(self.mug_item), 65)
        self.assertEqual(self.get_confirmed(self.mug_item), 65)

    def test_without_the_scope_it_waits_for_another_token(self):
        self.put(self.mug, -30)
        self.store.fault(ADJUSTMENTS, method="PUT", status=403)
        self.export()
        line = self.get_line(self.mug_item)
        self.assertEqual(line.cause_id.code, "missing_scope")
        self.assertIn("Store Inventory: modify", line.message)
        self.store.heal()
        self.instance.access_token = "sandbox-token"
        self.drain()
        self.assertEqual(self.get_level(self.mug_item), 70)

    @mute_logger(SETTLEMENT)
    def test_what_was_sent_and_not_noted_is_sent_again(self):
        self.put(self.mug, -30)
        level = type(self.env["bigcommerce.stock.level"])
        with patch.object(level, "_confirm", side_effect=ValueError("surprise")):
            self.export()
        self.assertEqual(self.get_line(self.mug_item).state, "unknown")
        self.let_time_pass()
        self.drain()
        self.assertEqual(self.get_confirmed(self.mug_item), 70)


@tagged("post_install", "-at_install")
class TestBrake(ExportCase):
    def empty(self, *products):
        for product in products:
            self.put(product, -self.get_on_hand(product))

    def get_states(self):
        return {
            sku: (line.state, line.cause_id.code)
            for sku, line in (
                (MUG_SKU, self.get_line(self.mug_item)),
                (BOWL_SKU, self.get_line(self.bowl_item)),
            )
            if line
        }

    def test_more_than_the_share_waits_and_the_rest_is_sent(self):
        self.instance.stock_brake_share = 40
        self.empty(self.mug)
        self.put(self.bowl, -1)
        job = self.export()
        self.assertEqual(
            self.get_states(),
            {MUG_SKU: ("blocked", "needs_approval"), BOWL_SKU: ("done", False)},
        )
        self.assertEqual(self.get_level(self.mug_item), 100)
        self.assertEqual(self.get_level(self.bowl_item), 99)
        self.assertEqual(
            self.get_line(self.mug_item).message, "1 of 2 levels would become 0."
        )
        self.assertEqual(job.approval_count, 1)
        job.action_approve()
        self.drain()
        self.assertEqual(self.get_level(self.mug_item), 0)
        self.assertEqual(self.get_confirmed(self.mug_item), 0)

    def test_the_share_itself_is_allowed(self):
        self.instance.stock_brake_share = 50
        self.empty(self.mug)
        self.export()
        self.assertEqual(self.get_level(self.mug_item), 0)

    def test_a_hundred_percent_is_never_held(self):
        self.instance.stock_brake_share = 100
        self.empty(self.mug, self.bowl)
        self.export()
        self.assertEqual(self.get_level(self.mug_item), 0)
        self.assertEqual(self.get_level(self.bowl_item), 0)

    def test_zero_percent_holds_each(self):
        self.instance.stock_brake_share = 0
        self.empty(self.mug)
        self.export()
        self.assertEqual(self.get_level(self.mug_item), 100)

    def test_what_is_empty_there_already_does_not_count(self):
        self.instance.stock_brake_share = 50
        self.confirm_level(self.bowl_item, 0)
        self.set_level(self.bowl_item, 0)
        self.empty(self.mug, self.bowl)
        self.export()
        self.assertEqual(self.get_level(self.mug_item), 0)

    def test_the_first_export_of_an_empty_warehouse_is_held(self):
        """What the store was never told is known from the listing."""
        self.env["bigcommerce.stock.level"].search([]).unlink()
        self.assertGreater(self.mug_item.inventory_level, 0)
        self.empty(self.mug, self.bowl)
        self.export()
        self.assertEqual(self.get_writes(), [])

    def test_asked_for_one_by_one_it_is_held_as_well(self):
        self.instance.stock_brake_share = 40
        self.empty(self.mug)
        self.export(ids=[f"1:product_id:{self.mug_item.listing_id.bc_id}"])
        self.assertEqual(self.get_level(self.mug_item), 100)
        line = self.get_line(self.mug_item)
        line.action_retry()
        self.drain()
        self.assertEqual(line.cause_id.code, "needs_approval")

    def test_what_is_not_empty_any_more_is_sent(self):
        self.instance.stock_brake_share = 40
        self.empty(self.mug)
        self.export()
        self.put(self.mug, 12)
        self.export()
        self.assertEqual(self.get_level(self.mug_item), 12)
        self.assertEqual(self.get_line(self.mug_item).state, "done")

    def test_what_was_approved_and_has_changed_is_asked_for_again(self):
        self.instance.stock_brake_share = 40
        self.empty(self.mug)
        job = self.export()
        self.put(self.mug, 12)
        job.action_approve()
        self.drain()
        self.assertEqual(self.get_level(self.mug_item), 100)
        line = self.get_line(self.mug_item)
        self.assertEqual(line.cause_id.code, "needs_approval")
        self.assertIn("12", line.message)
        self.export()
        self.assertEqual(self.get_level(self.mug_item), 12)

    def test_what_becomes_empty_after_the_lists_were_made_is_held(self):
        self.instance.stock_brake_share = 40
        self.put(self.mug, -30)
        self.instance._start(OPERATION)
        with self.open_engine() as engine:
            while engine._scan_next(engine.env["ir.cron"]):
                pass
        self.empty(self.mug)
        self.drain()
        self.assertEqual(self.get_level(self.mug_item), 100)
        line = self.get_line(self.mug_item)
        self.assertEqual(line.cause_id.code, "needs_approval")


@tagged("post_install", "-at_install")
class TestTwoThousandAndOne(SandboxCase):
    load = staticmethod(Scale(2_600).load)
    number = 2_001

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance(stock_brake_share=100)
        location = cls.instance.location_ids.filtered("is_default")
        location.is_stock_enabled = True
        product = cls.env["product.product"].create(
            {"name": "Any", "is_storable": True}
        )
        cls.env["stock.quant"]._update_available_quantity(
            product, location.stock_location_id, 10
        )
        # Every fifth has variants.
        numbers = [number for number in range(1, 2_600) if number % 5][: cls.number]
        common = {"instance_id": cls.instance.id, "name": "Any"}
        listings = cls.env["bigcommerce.listing"].create(
            [
                {**common, "bc_id": str(number), "inventory_tracking": "product"}
                for number in numbers
            ]
        )
        cls.items = cls.env["bigcommerce.listing.item"].create(
            [
                {
                    **common,
                    "bc_id": str(int(listing.bc_id) * VARIANTS_PER_PRODUCT),
                    "listing_id": listing.id,
                    "product_id": product.id,
                }
                for listing in listings
            ]
        )

    def test_one_more_than_the_limit_takes_one_request_more(self):
        for excluded, requests in ((1, 1), (0, 2)):
            with self.subTest(excluded=excluded):
                self.items.listing_id.is_excluded = False
                self.items.listing_id[:excluded].is_excluded = True
                self.env["bigcommerce.stock.level"].search([]).unlink()
                self.store.forget_requests()
                job = self.run_operation(self.instance, OPERATION)
                self.assertEqual(job.done_count, self.number - excluded)
                self.assertEqual(len(self.store.get_requests()), requests)
        for item in (self.items[0], self.items[-1]):
            found = self.store.control("GET", f"v3/inventory/items/{item.bc_id}")
            self.assertEqual(found["locations"][0]["total_inventory_onhand"], 10)
