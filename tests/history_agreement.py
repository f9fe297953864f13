"""What both sides agree on once a history has come to rest."""

from collections import Counter

from requests import HTTPError

from odoo.tools import SQL

from ..sync.order_statuses import GIVEN_UP
from .invariants import Invariants

# All but those of which other transactions tell (6, 12), of texts (9), and of what
# people do in the store and leave as it is here (2, 3, 8).
INVARIANTS = (1, 4, 5, 7, 10, 11)
# What Odoo knows; the queue and the logs go on.
TABLES = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_payment",
    "bigcommerce_instance",
    "bigcommerce_listing",
    "bigcommerce_listing_item",
    "bigcommerce_order",
    "bigcommerce_shipment",
    "bigcommerce_stock_level",
    "mail_activity",
    "mail_message",
    "product_pricelist_item",
    "product_product",
    "product_template",
    "res_partner",
    "sale_order",
    "sale_order_line",
    "stock_move",
    "stock_picking",
    "stock_quant",
)
# What the store knows.
PATHS = ("v2/orders", "v3/catalog/products", "v3/inventory/items")
REFUNDS = "v3/orders/payment_actions/refunds"


class Agreement:
    """Assertions about both sides, for a test case with a store and an instance."""

    def assertAgreement(self):
        """Both sides say the same, or Odoo says why not; and nothing moves any more."""
        self.env.invalidate_all()
        self.assertQueueIsSound()
        for there in self.read_list("v2/orders"):
            with self.about(order=there["id"]):
                self.assertOrder(there)
        for refund in self.read_list(REFUNDS):
            with self.about(refund=refund["id"], order=refund["order_id"]):
                self.assertRefund(refund)
        self.assertNotes()
        self.assertListings()
        self.assertStock()
        self.assertPrices()
        self.assertInvariants()
        self.assertStandstill()

    def assertInvariants(self):
        """What holds of any settled database, as far as one transaction can show it."""
        self.env.invalidate_all()
        invariants = Invariants(
            self.env, {self.instance.id: self.store}, is_settled=True
        )
        for number in INVARIANTS:
            getattr(invariants, f"check_g{number}")()
        for record in self.env["bigcommerce.order"].search(
            [("sale_order_id", "!=", False)]
        ):
            self.assertEqual(list(invariants._find_double_invoices(record)), [])

    def read_list(self, path):
        """Return what the store has at a path, nothing if there never was any."""
        try:
            return self.store.control("GET", path)
        except HTTPError as error:
            if error.response.status_code != 404:
                raise
            return []

    # Orders

    def assertOrder(self, there):
        record = self.get_order(there["id"])
        self.assertEqual(len(record), 1, "every order that a scan saw is recorded")
        self.assertEqual(
            (record.status_id.bc_id, record.is_deleted, record.payment_status),
            (str(there["status_id"]), there["is_deleted"], there["payment_status"]),
        )
        orders = self.env["sale.order"].search(
            [("client_order_ref", "=", str(there["id"]))]
        )
        self.assertLessEqual(len(orders), 1, "one sale order of one order")
        self.assertEqual(record.sale_order_id, orders)
        if not orders:
            self.assertNotImported(record)
            return
        self.assertIn(record.state, ("imported", "held"))
        self.assertEqual(bool(record.reason_code), record.state == "held")
        self.assertContent(record, there)
        self.assertCancellation(record)
        self.assertShipments(record)
        self.assertPayment(record)

    def assertNotImported(self, record):
        self.assertIn(record.state, ("not_selected", "blocked"))
        self.assertTrue(record.reason_code)
        if record.state == "blocked":
            line = self.get_lines("import_orders", key=record.bc_id)[:1]
            self.assertTrue(line.cause_id, "what is blocked says why")
            return
        is_selected = record.status_id in self.instance.order_status_ids
        self.assertFalse(
            is_selected and not record.is_deleted, "what is selected is imported"
        )

    def assertContent(self, record, there):
        """The sale order is what the store says, or a person is asked about it."""
        order = record.sale_order_id
        is_left_to_people = (
            record.state == "held" or record.changes or record.bc_id in self.ignored
        )
        if order.state == "cancel" or is_left_to_people:
            return
        self.assertAlmostEqual(order.amount_total, float(there["total_inc_tax"]), 2)
        wanted = {
            str(line["id"]): line["quantity"]
            for line in self.read_list(f"v2/orders/{record.bc_id}/products")
        }
        quantities = {
            line.bigcommerce_line_id: line.product_uom_qty
            for line in order.order_line
            if line.bigcommerce_part == "product" and line.product_uom_qty
        }
        self.assertEqual(quantities, wanted)

    def assertCancellation(self, record):
        order = record.sale_order_id
        if record.status_id.bc_id in GIVEN_UP and order.state != "cancel":
            self.assertEqual(record.store_cancellation, "asked")
        if record.is_cancel_requested:
            self.assertTrue(record.cancel_problem)

    def assertShipments(self, record):
        """What Odoo has delivered the store has shipped, or it is said why not."""
        shipments_there = self.read_list(f"v2/orders/{record.bc_id}/shipments")
        there = {
            str(one["id"]): {
                str(item["order_product_id"]): item["quantity"] for item in one["items"]
            }
            for one in shipments_there
        }
        shipments = record.shipment_ids
        delivered = record.sale_order_id.picking_ids.filtered(
            lambda picking: (
                picking.state == "done"
                and picking.picking_type_code == "outgoing"
                and not picking.bigcommerce_is_shipped_there
            )
        )
        self.assertLessEqual(shipments.picking_id, delivered)
        for shipment in shipments:
            self.assertIn(shipment.state, ("done", "failed"))
            if shipment.state == "failed":
                self.assertTrue(shipment.message)
            elif shipment.bc_id:
                self.assertEqual(shipment.confirmed_items, there[shipment.bc_id])
        known = Counter(shipments.filtered("bc_id").mapped("bc_id"))
        self.assertLessEqual(set(known.values()), {1})
        names = Counter(one["comments"] for one in shipments_there if one["comments"])
        self.assertLessEqual(set(names.values()), {1}, "each delivery is there once")

    def assertPayment(self, record):
        if record.paid_state in ("scheduled", "pending"):
            line = self.get_lines("export_payments", key=record.bc_id)[:1]
            self.assertTrue(line.cause_id, "what is not settled says why")
        if record.paid_state == "failed":
            self.assertTrue(record.paid_message)
        captures = [
            one
            for one in self.store.get_requests(
                f"/orders/{record.bc_id}/payment_actions/capture"
            )
            if one["method"] == "POST" and one["took_effect"]
        ]
        self.assertLessEqual(len(captures), 1, "captured once")

    # Money given back

    def assertRefund(self, refund):
        note = self.find_note(refund["id"])
        self.assertLessEqual(len(note), 1, "one credit note of one refund")
        if note:
            self.assertAlmostEqual(note.amount_total, refund["total_amount"], 2)
            self.assertEqual(note.bigcommerce_refund_state, "done")
            return
        line = self.get_lines("import_refunds", key=str(refund["id"]))[:1]
        self.assertTrue(line, "a refund leaves a trace")
        if line.state == "done":
            self.assertTrue(line.message)
        else:
            self.assertTrue(line.cause_id)

    def assertNotes(self):
        """What Odoo has asked the store to refund it has refunded once, or says why."""
        notes = self.env["account.move"].search(
            [("bigcommerce_refund_request", "!=", False)]
        )
        for note in notes:
            with self.about(note=note.name):
                self.assertIn(note.bigcommerce_refund_state, ("done", "failed"))
                if note.bigcommerce_refund_state == "failed":
                    self.assertTrue(note.bigcommerce_refund_message)
        reasons = Counter(
            refund["reason"].rpartition("[")[2]
            for refund in self.read_list(REFUNDS)
            if refund["reason"].endswith("]")
        )
        self.assertLessEqual(set(reasons.values()), {1}, "refunded once")

    # The catalogue

    def assertListings(self):
        there = {
            str(product["id"]): product
            for product in self.read_list("v3/catalog/products")
        }
        listings = (
            self.env["bigcommerce.listing"]
            .with_context(active_test=False)
            .search([("instance_id", "=", self.instance.id)])
        )
        for listing in listings:
            with self.about(listing=listing.name):
                self.assertEqual(listing.active, listing.bc_id in there)
        self.assertEqual(set(listings.filtered("active").mapped("bc_id")), set(there))

    def get_items(self):
        return self.env["bigcommerce.listing.item"].search(
            [("instance_id", "=", self.instance.id), ("listing_id.active", "=", True)]
        )

    def assertStock(self):
        """The store has what Odoo has to offer, less what it has sold of that."""
        problems = self.get_lines("export_inventory").filtered("cause_id").mapped("key")
        levels = {
            one["identity"]["variant_id"]: one["locations"]
            for one in self.read_list("v3/inventory/items")
        }
        for target in self.env["bigcommerce.stock.targets"]._get_targets(self.instance):
            if target.key in problems:
                continue
            with self.about(stock=target.stock.name):
                (level,) = (
                    one["total_inventory_onhand"]
                    for one in levels[int(target.stock.item.bc_id)]
                    if str(one["location_id"]) == target.location.bc_id
                )
                self.assertEqual(level, target.quantity)
                self.assertEqual(level, self.count_offer(target.stock.items.product_id))

    def count_offer(self, products):
        """Return how many of products can be sold, counted in the simplest way."""
        place = self.instance.warehouse_id.lot_stock_id
        products.invalidate_recordset()
        on_hand = sum(products.with_context(location=place.id).mapped("qty_available"))
        promised = 0
        for there in self.read_list("v2/orders"):
            record = self.get_order(there["id"])
            order = record.sale_order_id
            is_taking = there["status_id"] not in (0, 4, 5, 6)
            moves = order.picking_ids.move_ids.filtered(
                lambda move: (
                    move.product_id in products
                    and move.location_id == place
                    and move.state not in ("done", "cancel", "draft")
                )
            )
            promised += sum(
                moves.mapped("product_uom_qty" if is_taking else "quantity")
            )
            if is_taking and order.state in ("draft", "sent"):
                promised += sum(
                    line.product_uom_qty
                    for line in order.order_line
                    if line.product_id in products
                )
            if is_taking and not order:
                promised += self.count_unknown(record, products)
        return max(0, int(on_hand - promised))

    def count_unknown(self, record, products):
        """Return how many of products lie in the shelves for an order not imported."""
        is_left_to_others = record.state == "not_selected"
        if is_left_to_others and (
            record.is_deleted or record.status_id.bc_id in ("2", "10")
        ):
            return 0
        lines = self.read_list(f"v2/orders/{record.bc_id}/products")
        variants = {
            item.bc_id for item in self.get_items() if item.product_id in products
        }
        return sum(
            line["quantity"] - (line["quantity_shipped"] if is_left_to_others else 0)
            for line in lines
            if str(line["variant_id"]) in variants
        )

    def assertPrices(self):
        problems = self.get_lines("export_prices").filtered("cause_id").mapped("key")
        products = {
            str(product["id"]): product
            for product in self.read_list("v3/catalog/products")
        }
        for item in self.get_items():
            keys = {f"v:{item.bc_id}", f"p:{item.listing_id.bc_id}"}
            if not item.product_id or item.price_problem or keys.intersection(problems):
                continue
            with self.about(price=item.sku):
                variants = self.read_list(
                    f"v3/catalog/products/{item.listing_id.bc_id}/variants"
                )
                (own,) = (
                    one["price"] for one in variants if str(one["id"]) == item.bc_id
                )
                price = products[item.listing_id.bc_id]["price"] if own is None else own
                here = self.instance.pricelist_id._get_product_price(item.product_id, 1)
                self.assertAlmostEqual(price, here, 4)
                self.assertAlmostEqual(item.price, here, 4)

    # Standstill

    def assertStandstill(self):
        """When everything runs once more, nothing changes on either side."""
        before = {**self.describe_odoo(), **self.describe_store()}
        self.store.forget_requests()
        self.synchronise()
        writes = [
            (one["method"], one["path"], one["body"])
            for one in self.store.get_requests()
            if one["method"] != "GET"
        ]
        self.assertEqual(writes, [], "nothing more is sent")
        after = {**self.describe_odoo(), **self.describe_store()}
        changed = [
            (key, name, row.get(name), after.get(key, {}).get(name))
            for key, row in before.items()
            for name in row
            if row[name] != after.get(key, {}).get(name)
        ]
        self.assertEqual(changed, [], "nothing more is written")
        self.assertEqual(after.keys() - before.keys(), set(), "nothing more is made")

    def describe_odoo(self):
        """Return the rows of each table that Odoo's own data is in: as columns."""
        self.env.flush_all()
        self.cr.execute(
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s, id, to_jsonb(one) FROM %s one",
                    table,
                    SQL.identifier(table),
                )
                for table in TABLES
            )
        )
        return {(table, row_id): row for table, row_id, row in self.cr.fetchall()}

    def describe_store(self):
        """Return what the store has, object by object, as its fields."""
        return {
            (path, str(one.get("id", one.get("identity")))): one
            for path in PATHS
            for one in self.read_list(path)
        }
