"""A preview says what an import would do, and leaves nothing of it behind."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..sync.preview_report import VERDICTS
from .preview_case import PreviewCase
from .test_order_taxes import TaxCase

MUG = {"sku": "MUG-ENAMEL"}
UNKNOWN = {"name": "Gone", "price": "5", "product_id": 77, "sku": "GONE"}
CUSTOM = {"name": "Engraving", "price": "7"}
ORDERS = "^/v2/orders"
PRODUCTS = "^/v3/catalog/products"
USER = "bigcommerce_connector.bigcommerce_group_user"


@tagged("post_install", "-at_install")
class TestPreviewOfOrders(PreviewCase):
    def place_mixed_orders(self):
        """Place orders of every kind; return their ids by what becomes of them."""
        place = self.store.place_order
        tax = {"taxes": [{"name": "Tax", "rate": "15"}]}
        new = {"first_name": "Nora", "last_name": "New", "email": "nora@example.com"}
        paid = {"payment_method": "Cash", "payment_status": "captured", **tax}
        orders = {
            "unchanged": place(lines=[MUG], **paid),
            "update": place(lines=[MUG], **paid),
            "waiting": place(lines=[MUG], status=2, **paid),
            "stuck": place(lines=[MUG], currency="JPY", **paid),
        }
        self.import_orders()
        self.store.patch(
            f"v2/orders/{orders['update']}", status_id=2, custom_status="Shipped"
        )
        old = place(lines=[MUG], created="1999-01-01T00:00:00Z", **paid)
        self.store.patch(f"v2/orders/{old}", staff_notes="Call them")
        # Somebody had wanted it, and no worker has come to it yet.
        with patch.object(
            self.registry["bigcommerce.engine"], "_work_next", lambda *_arguments: 0
        ):
            self.import_orders(ids=[orders["waiting"]])
        return orders | {
            "wanted": place(lines=[MUG], billing=new, **paid),
            "custom": place(lines=[CUSTOM], **paid),
            "status": place(lines=[MUG], status=2, **paid),
            "incomplete": place(lines=[MUG], status=0, **paid),
            "too_old": old,
            "unknown_sku": place(lines=[UNKNOWN], **paid),
            "no_rate": place(lines=[MUG], currency="JPY", **paid),
            "differs": place(lines=[MUG], unexplained="0.50", **paid),
            "no_workflow": place(lines=[MUG], payment_method="Barter", **tax),
        }

    def setUp(self):
        super().setUp()
        workflow = self.env["bigcommerce.workflow"].create(
            {"name": "Up to the Invoice", "create_invoice": True}
        )
        gateway = self.env["bigcommerce.payment.gateway"]._find_or_create(
            self.instance, ["Cash"]
        )["Cash"]
        self.env["bigcommerce.workflow.line"].create(
            {
                "instance_id": self.instance.id,
                "gateway_id": gateway.id,
                "workflow_id": workflow.id,
            }
        )

    def test_it_says_what_the_import_then_does_and_writes_nothing(self):
        orders = self.place_mixed_orders()
        self.instance.order_prefix = "BC/"
        self.store.forget_requests()
        attachments = self.registry["ir.attachment"]
        before = self.take_snapshot()
        with patch.object(attachments, "_file_write") as write:
            preview = self.preview()
        write.assert_not_called()
        self.assertNothingWritten(before)
        self.assertEqual(
            {request["method"] for request in self.store.get_requests()}, {"GET"}
        )
        self.assertEqual(
            {name: self.get_line(preview, key).verdict for name, key in orders.items()},
            {
                "unchanged": "unchanged",
                "update": "update",
                "waiting": "waiting",
                "stuck": "blocked",
                "wanted": "create",
                "custom": "create",
                "status": "skipped",
                "incomplete": "skipped",
                "too_old": "skipped",
                "unknown_sku": "blocked",
                "no_rate": "blocked",
                "differs": "held",
                "no_workflow": "create",
            },
        )
        self.assertEqual(preview.create_count, 3)
        words = {
            "wanted": "new contact",
            "status": "Its status, ",
            "incomplete": "checkout",
            "too_old": "Import Orders From",
            "unknown_sku": "GONE",
            "no_rate": "JPY",
            "differs": "-0.50",
            "waiting": "in the queue",
            "update": "→ Shipped",
        }
        for name, text in words.items():
            self.assertIn(text, self.get_line(preview, orders[name]).reason)
        said = {
            line.bc_id: (line.verdict, line.odoo_total, line.reason, line.cause_id)
            for line in preview.line_ids
        }

        self.import_orders()
        for bc_id, (verdict, odoo_total, reason, cause) in said.items():
            order = self.get_order(bc_id)
            line = self.get_lines("import_orders", key=bc_id)[:1]
            with self.subTest(order=bc_id, verdict=verdict):
                expected = {
                    "create": "imported",
                    "update": "imported",
                    "unchanged": "imported",
                    "waiting": "imported",
                    "skipped": "not_selected",
                }
                self.assertEqual(order.state, expected.get(verdict, verdict))
                if verdict != "waiting":
                    self.assertEqual(order.sale_order_id.amount_total, odoo_total)
                if verdict == "blocked":
                    self.assertEqual((line.message, line.cause_id), (reason, cause))
                if verdict == "held":
                    self.assertIn(order.reason_message, reason)

    def test_a_line_says_what_is_owed_and_what_would_be_done_by_itself(self):
        place = self.store.place_order
        tax = {"taxes": [{"name": "Tax", "rate": "15"}]}
        paid = {"payment_method": "Cash", "payment_status": "captured", **tax}
        wanted = place(lines=[MUG], gift_certificate="2.00", **paid)
        differs = place(lines=[MUG], unexplained="0.50", **paid)
        place(lines=[MUG], currency="JPY", **paid)
        unknown = place(lines=[MUG], payment_method="Barter", **tax)
        preview = self.preview()
        wanted = self.get_line(preview, wanted)
        self.assertEqual(wanted.customer_name, "Sam Shopper")
        self.assertAlmostEqual(wanted.store_total, 14.38)
        self.assertAlmostEqual(wanted.odoo_total, 12.38)
        self.assertFalse(wanted.difference)
        self.assertEqual(
            wanted.workflow, "Up to the Invoice: Confirm Order and Create Invoice"
        )
        self.assertNotEqual(self.get_line(preview, differs).difference, 0)
        for text in ("Created", "Held", "Blocked", "¥"):
            self.assertIn(text, preview.totals)

        unknown = self.get_line(preview, unknown)
        self.assertIn("Barter", unknown.workflow)
        action = unknown.action_fix()
        self.assertEqual(action["context"]["default_instance_id"], self.instance.id)
        # The gateway is not there before the order is.
        self.assertNotIn("default_gateway_id", action["context"])

    def test_just_these_are_imported_and_nothing_else(self):
        wanted = self.store.place_order(lines=[MUG])
        skipped = self.store.place_order(lines=[MUG], status=2)
        preview = self.preview()
        later = self.store.place_order(lines=[MUG])
        preview.action_import_now()
        self.drain()
        self.assertTrue(self.get_order(wanted).sale_order_id)
        self.assertFalse(self.get_order(skipped) or self.get_order(later))
        self.get_line(preview, skipped).action_import_now()
        self.drain()
        self.assertTrue(self.get_order(skipped).sale_order_id)

    def test_no_number_is_drawn_from_any_sequence(self):
        sequence = self.env["ir.sequence"].search([("code", "=", "sale.order")])[:1]
        sequence.write({"implementation": "no_gap", "use_date_range": True})
        self.store.place_order(lines=[MUG])
        before = self.take_snapshot()
        self.assertEqual(self.preview().create_count, 1)
        self.assertNothingWritten(before)

    def test_no_more_orders_are_shown_than_wanted_and_it_says_so(self):
        self.assertFalse(self.preview().line_ids)
        for placed, shown, has_more in ((1, 1, False), (2, 2, False), (3, 2, True)):
            self.store.place_order(lines=[MUG])
            preview = self.preview_first(2)
            with self.subTest(placed=placed):
                self.assertEqual(preview.line_count, shown)
                self.assertEqual("It has more" in preview.scope_message, has_more)

    def test_orders_are_asked_for_by_their_numbers(self):
        bc_ids = [self.store.place_order(lines=[MUG], status=2) for _nth in range(3)]
        preview = self.preview_first(2, bc_ids=f"#{bc_ids[0]}, {bc_ids[1]} 4711")
        self.assertEqual(
            self.get_verdicts(preview), {bc_ids[0]: "create", bc_ids[1]: "create"}
        )
        self.assertIn("It has more", preview.scope_message)
        gone = self.preview_first(2, bc_ids="4711").line_ids
        self.assertEqual((gone.verdict, gone.cause_id.code), ("blocked", "not_found"))
        through = self.preview_first(2, bc_ids=f"{bc_ids[0]}-{bc_ids[1]}")
        self.assertEqual(through.line_ids.mapped("bc_id"), bc_ids[:2])
        with self.assertRaisesRegex(UserError, "not a number"):
            self.preview_first(2, bc_ids="the last one")

    def test_what_had_been_read_when_the_connection_broke_is_shown(self):
        self.skip_backoff()
        bc_ids = [self.store.place_order(lines=[MUG]) for _nth in range(30)]
        self.store.fault(f"{ORDERS}/{bc_ids[27]}$", kind="reset", times=9)
        preview = self.preview(ids=bc_ids)
        self.assertEqual(preview.line_count, 25)
        self.assertIn("cannot be reached", preview.trouble_message)
        self.assertIn("the first 25", preview.scope_message)

    def test_a_store_that_says_nothing_is_an_error_in_words(self):
        self.skip_backoff()
        self.store.fault(ORDERS, kind="reset", times=9)
        before = self.take_snapshot()
        with self.assertRaisesRegex(UserError, "cannot be reached"):
            self.preview()
        self.assertNothingWritten(before)
        self.instance.is_access_refused = True
        with self.assertRaisesRegex(UserError, "refuses the access token"):
            self.preview()

    def test_an_order_that_odoo_cannot_make_stops_no_other(self):
        bad = self.store.place_order(lines=[MUG])
        good = self.store.place_order(lines=[MUG])
        create = self.registry["sale.order"].create

        def refuse(orders, vals_list):
            if any(vals["client_order_ref"] == bad for vals in vals_list):
                raise ValueError("Something is odd")
            return create(orders, vals_list)

        self.patch(self.registry["sale.order"], "create", refuse)
        with mute_logger("odoo.addons.bigcommerce_connector.sync.settlement"):
            preview = self.preview()
        line = self.get_line(preview, bad)
        self.assertEqual(
            (line.verdict, line.cause_id.code), ("blocked", "unexpected_error")
        )
        self.assertEqual(self.get_line(preview, good).verdict, "create")


@tagged("post_install", "-at_install")
class TestPreviewOfTaxes(PreviewCase, TaxCase):
    """Where each order's taxes are read by a request of their own."""

    def test_without_taxes_of_some_orders_the_others_are_shown(self):
        self.skip_backoff()
        tax = {"taxes": [{"name": "Tax", "rate": "8.25"}]}
        bc_ids = [self.store.place_order(lines=[MUG], **tax) for _nth in range(12)]
        self.store.fault(f"/{bc_ids[10]}/taxes", kind="reset", times=9)
        preview = self.preview()
        verdicts = list(self.get_verdicts(preview).values())
        self.assertEqual(verdicts, ["create"] * 10 + ["unread"] * 2)
        self.assertIn("cannot be reached", preview.line_ids[-1].reason)
        self.assertEqual(set(preview.line_ids[:10].mapped("difference")), {0})

    def test_an_order_that_alone_is_refused_keeps_no_other_from_being_shown(self):
        bc_ids = [
            self.store.place_order(lines=[MUG], taxes=[{"name": "Tax", "rate": "5"}])
            for _nth in range(3)
        ]
        self.store.fault(f"/{bc_ids[1]}/taxes", status=404, times=9)
        verdicts = self.get_verdicts(self.preview())
        self.assertEqual(list(verdicts.values()), ["create", "blocked", "create"])


@tagged("post_install", "-at_install")
class TestPreviewOfListings(PreviewCase):
    def test_it_says_what_the_import_then_does_and_writes_nothing(self):
        self.assertEqual(
            set(self.get_verdicts(self.preview("import_listings")).values()),
            {"unchanged"},
        )
        listings = self.env["bigcommerce.listing"].search([], order="id")
        known, excluded, gone, new, blocked = listings[:5]
        keys = {
            name: listing.bc_id
            for name, listing in (
                ("known", known),
                ("excluded", excluded),
                ("gone", gone),
                ("new", new),
                ("blocked", blocked),
            )
        }
        self.instance.create_odoo_products = False
        for name in ("known", "excluded"):
            self.store.patch(f"v3/catalog/products/{keys[name]}", price=77)
        excluded.is_excluded = True
        self.store.delete(f"v3/catalog/products/{keys['gone']}")
        new.item_ids.unlink()
        new.unlink()
        blocked.item_ids.product_id.default_code = "ANOTHER"
        blocked.item_ids.product_id = False
        self.drain()

        before = self.take_snapshot()
        preview = self.preview("import_listings", ids=list(keys.values()))
        self.assertNothingWritten(before)
        lines = {name: self.get_line(preview, key) for name, key in keys.items()}
        self.assertEqual(
            {name: line.verdict for name, line in lines.items()},
            {
                "known": "update",
                "excluded": "update",
                "gone": "update",
                "new": "create",
                "blocked": "blocked",
            },
        )
        self.assertIn("→ $\N{NO-BREAK SPACE}77.00", lines["known"].reason)
        self.assertIn("not synchronised", lines["excluded"].reason)
        self.assertIn("archived", lines["gone"].reason)
        self.assertIn("found by SKU", lines["new"].products)
        self.assertIn("without product", lines["blocked"].products)

        said = {line.bc_id: (line.verdict, line.reason) for line in preview.line_ids}
        self.run_operation(self.instance, "import_listings", ids=list(said))
        found = self.env["bigcommerce.listing"]._find(self.instance, said)
        for bc_id, (verdict, reason) in said.items():
            line = self.get_lines("import_listings", key=bc_id)[:1]
            is_blocked = verdict == "blocked"
            self.assertEqual(line.state, "blocked" if is_blocked else "done")
            self.assertEqual(found[bc_id].active, bc_id != keys["gone"])
            if is_blocked:
                self.assertEqual(line.message, reason)

    def test_products_that_would_be_made_are_not_made(self):
        items = self.env["bigcommerce.listing.item"].search([])
        items.product_id.action_archive()
        items.product_id.write({"default_code": False})
        listings = items.listing_id
        items.unlink()
        listings.unlink()
        before = self.take_snapshot()
        preview = self.preview_first(3, "import_listings")
        self.assertNothingWritten(before)
        self.assertEqual(set(preview.line_ids.mapped("verdict")), {"create"})
        self.assertTrue(all("made" in line.products for line in preview.line_ids))
        self.assertFalse(preview.line_ids.product_id)
        self.assertIn("It has more", preview.scope_message)


@tagged("post_install", "-at_install")
class TestWhoMayPreview(PreviewCase):
    def test_users_of_the_connector_see_their_own_previews(self):
        order_id = self.store.place_order(lines=[MUG])
        user, other = (
            new_test_user(self.env, login, USER) for login in ("one", "other")
        )
        preview = self.preview(user=user)
        self.assertEqual(self.get_verdicts(preview), {order_id: "create"})
        preview.line_ids.read()
        preview.action_import_now()
        with self.assertRaises(AccessError):
            preview.with_user(other).read()
        with self.assertRaises(AccessError):
            preview.line_ids.with_user(other).read()

    def test_nobody_else_may_and_other_companies_are_not_seen(self):
        self.store.place_order(lines=[MUG])
        salesman = new_test_user(self.env, "seller", "sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            self.preview(user=salesman)
        company = self.env["res.company"].create({"name": "Second"})
        stranger = new_test_user(
            self.env,
            "stranger",
            USER,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            self.preview(user=stranger)

    def test_one_silent_store_does_not_hide_the_other(self):
        self.store.place_order(lines=[MUG])
        silent = self.instance.copy({"store_hash": "silent", "access_token": "x"})
        silent.write({"state": "confirmed", "api_url": "http://127.0.0.1:9"})
        self.skip_backoff()
        preview = self.preview(instances=self.instance + silent)
        self.assertEqual(preview.line_ids.instance_id, self.instance)
        self.assertIn(silent.name, preview.trouble_message)

    def test_every_verdict_has_its_count(self):
        fields = self.env["bigcommerce.preview"]._fields
        for code, label in VERDICTS:
            self.assertEqual(fields[f"{code}_count"].string, label)
