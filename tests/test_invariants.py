"""Each invariant is broken on purpose, and seen to be: else it would prove nothing."""

import re

from odoo.tests import tagged

from .fault_case import (
    BOWL,
    CANARY,
    MUG,
    OTHER_TOKEN,
    SOMEBODY,
    TOKEN,
    FaultCase,
)
from .sandbox_case import ask


@tagged("post_install", "-at_install")
class TestEachInvariantCanBeBroken(FaultCase):
    """In a world in which everything is still to be done, unless a test says so."""

    def setUp(self):
        super().setUp()
        transaction = self.registry.cursor()
        self.addCleanup(transaction.close)
        with self.transaction() as env:
            self.env = env(cr=transaction)

    def assertBroken(self, number, *names, is_settled=False):
        """An invariant does not hold, and says of what."""
        self.env.flush_all()
        with self.assertRaises(AssertionError) as caught:
            self.check_one(number, is_settled)
        message = str(caught.exception)
        self.assertTrue(message.startswith(f"G{number}: "), message)
        for name in names:
            self.assertRegex(message, name)

    def assertHolds(self, number, is_settled=False):
        self.check_one(number, is_settled)

    def check_one(self, number, is_settled):
        invariants = self.get_invariants(self.env, is_settled=is_settled)
        getattr(invariants, f"check_g{number}")()

    def get_record(self, name="delivered"):
        return self.env["bigcommerce.order"].search(
            [("bc_id", "=", self.old_orders[name])]
        )

    def create_line(self):
        """Return a queue line that waits for its turn."""
        job = self.env["bigcommerce.queue.job"].search(
            [("operation", "=", "export_shipments")]
        )
        return self.env["bigcommerce.queue.line"].create(
            {
                "job_id": job.id,
                "instance_id": job.instance_id.id,
                "operation": job.operation,
                "key": "1",
                "lane": "1",
                "name": "A delivery",
            }
        )

    def get_item(self, sku):
        return self.env["bigcommerce.listing.item"].search(
            [("sku", "=", sku), ("instance_id", "=", self.instance_id)]
        )

    def write_to(self, store, method, path, token=TOKEN, **content):
        """Change a store through its API, as a program gone wild would."""
        answer = ask(store.address, path, token, method, json=content)
        self.assertLess(answer.status_code, 300, answer.text)
        return answer.json()

    def test_all_hold_at_the_start(self):
        self.get_invariants(self.env).check()

    def test_g1_by_a_second_sale_order(self):
        order = self.get_record().sale_order_id
        other = order.copy()
        self.assertHolds(1)
        other.order_line[0].bigcommerce_line_id = order.order_line[
            0
        ].bigcommerce_line_id
        self.assertBroken(1, re.escape(other.name))

    def test_g1_by_a_second_record(self):
        self.env.cr.execute("DROP INDEX bigcommerce_order_instance_bc_id_unique")
        record = self.get_record()
        record.copy(
            {
                "bc_id": record.bc_id,
                "instance_id": record.instance_id.id,
                "name": "Twin",
            }
        )
        self.assertBroken(1, f"2 records of order {record.bc_id}")

    def test_g2_by_a_second_capture(self):
        record = self.get_record("paid")
        path = f"v3/orders/{record.bc_id}/transactions"
        row = {"id": 1, "event": "capture", "status": "ok"}
        self.store.put(path, [row])
        self.assertHolds(2)
        self.store.put(path, [row, {**row, "id": 2}])
        self.assertBroken(2, f"Order {record.bc_id} was captured 2 times")

    def test_g2_by_a_refund_that_no_note_is_for(self):
        bc_id = self.get_record().bc_id
        refund = {
            "items": [
                {"item_type": "PRODUCT", "item_id": int(f"{bc_id}01"), "quantity": 1}
            ],
            "payments": [{"provider_id": "custom", "amount": 12, "offline": True}],
        }
        path = f"/v3/orders/{bc_id}/payment_actions"
        quote = self.write_to(
            self.store, "POST", f"{path}/refund_quotes", items=refund["items"]
        )["data"]
        refund["payments"][0]["amount"] = quote["total_refund_amount"]
        self.assertHolds(2)
        self.write_to(self.store, "POST", f"{path}/refunds", **refund)
        self.assertBroken(2, f"Order {bc_id} was refunded 1 times")

    def test_g2_by_a_second_invoice(self):
        order = self.get_record().sale_order_id
        invoice = order.invoice_ids
        self.assertHolds(2)
        for line in invoice.copy().invoice_line_ids:
            line.sale_line_ids = order.order_line.filtered(
                lambda own, line=line: own.product_id == line.product_id
            )
        self.env.flush_all()
        self.assertBroken(2, re.escape(order.name), "are invoiced")

    def test_g2_by_a_second_document_of_a_refund(self):
        self.env.cr.execute("DROP INDEX account_move_bigcommerce_refund_unique")
        invoice = self.get_record().sale_order_id.invoice_ids
        vals = {
            "bigcommerce_refund_instance_id": self.instance_id,
            "bigcommerce_refund_id": "7",
        }
        invoice.copy(vals).write(vals)
        self.assertHolds(2)
        invoice.copy(vals).write(vals)
        self.assertBroken(2, "Refund 7 is 2 documents")

    def test_g3_by_a_second_shipment(self):
        bc_id = self.get_record().bc_id
        shipment = {
            "order_address_id": self.store.control(
                "GET", f"v2/orders/{bc_id}/products"
            )[0]["order_address_id"],
            "items": [{"order_product_id": int(f"{bc_id}01"), "quantity": 1}],
        }
        path = f"/v2/orders/{bc_id}/shipments"
        self.write_to(self.store, "POST", path, **shipment)
        self.assertHolds(3)
        self.write_to(self.store, "POST", path, **shipment)
        self.assertBroken(3, f"Order {bc_id}: 2 shipments of 1 deliveries")

    def test_g3_by_more_than_was_ordered(self):
        bc_id = self.get_record().bc_id
        self.store.put(
            f"v2/orders/{bc_id}/shipments",
            [
                {
                    "id": 1,
                    "order_id": int(bc_id),
                    "items": [{"order_product_id": int(f"{bc_id}01"), "quantity": 3}],
                }
            ],
        )
        self.assertBroken(3, f"3 of 2 {MUG} are shipped")

    def test_g3_by_a_shipment_that_the_store_does_not_have(self):
        record = self.get_record()
        record.shipment_ids.write({"bc_id": "4711", "state": "done"})
        self.assertBroken(3, "shipment 4711 is not in the store")

    def test_g4_by_a_level_that_is_not_synchronised(self):
        listing = self.get_item(BOWL).listing_id
        self.write_to(
            self.store,
            "PUT",
            "/v3/inventory/adjustments/absolute",
            items=[{"location_id": 1, "product_id": int(listing.bc_id), "quantity": 1}],
        )
        self.assertHolds(4)
        listing.is_excluded = True
        self.assertBroken(4, f"product_id {listing.bc_id} was written")

    def test_g4_by_a_level_that_differs(self):
        self.assertBroken(4, f"{BOWL} at ", is_settled=True)
        for sku in (BOWL, MUG):
            self.set_level(sku, self.get_quantity(sku))
        self.assertHolds(4, is_settled=True)
        self.set_level(MUG, 1)
        self.assertBroken(4, f"{MUG} at .*has 1, ", is_settled=True)

    def set_level(self, sku, quantity):
        product_id = int(self.get_item(sku).listing_id.bc_id)
        self.store.set_level(quantity, product_id=product_id)

    def get_quantity(self, sku):
        """Return what the first company has to sell of a product."""
        warehouse = self.get_instance(self.env).warehouse_id
        product = self.get_item(sku).product_id
        return int(product.with_context(warehouse_id=warehouse.id).virtual_available)

    def test_g5_by_a_line_without_a_reason(self):
        line = self.create_line()
        cause = self.env["bigcommerce.cause"]._get("unexpected_error")
        line.write({"state": "failed", "cause_id": cause.id, "message": "Why"})
        self.assertHolds(5)
        line.message = False
        self.assertBroken(5, rf"export_shipments {line.key} .* failed without a reason")

    def test_g5_by_a_job_without_a_reason(self):
        job = self.env["bigcommerce.queue.job"].search([], limit=1)
        job.state = "failed"
        self.assertBroken(5, f"Queue job {job.id} .* without a reason")

    def test_g5_by_what_is_never_done(self):
        self.create_line()
        self.assertBroken(
            5,
            r"export_shipments 1 \(\d+\) is still pending",
            r"Queue job \d+ \(import_orders\) is still pending",
            f"Order {self.new_orders[0]} of Sandbox is not known",
            is_settled=True,
        )

    def test_g6_by_a_line_in_the_hands_of_nobody(self):
        line = self.create_line()
        pump = self.env["bigcommerce.engine"]._get_pumps()[0]
        line.write({"state": "sending", "pump_id": pump.id})
        self.assertBroken(6, f"export_shipments {line.key} .* nobody is at it")
        with self.transaction() as env:
            # Now somebody is.
            env.cr.execute(
                "SELECT FROM ir_cron WHERE id = %s FOR NO KEY UPDATE", [pump.id]
            )
            self.assertHolds(6)

    def test_g6_by_a_job_in_the_hands_of_nobody(self):
        job = self.env["bigcommerce.queue.job"].search([("state", "=", "pending")])[0]
        job.state = "discovering"
        self.assertBroken(6, rf"lists \({job.id}\) is discovering")

    def test_g7_by_a_watermark_that_runs_ahead(self):
        job = self.env["bigcommerce.automatic.job"]._get_job(
            self.get_instance(self.env), "import_orders"
        )
        self.assertHolds(7)
        job.watermark = "2100-01-01"
        self.assertBroken(7, *(f"import_orders: {one} was" for one in self.new_orders))

    def test_g8_by_a_cent(self):
        order = self.get_record().sale_order_id
        self.assertHolds(8)
        order.locked = False
        order.order_line[0].price_unit += 0.01
        self.assertBroken(8, re.escape(order.name), "amount_total")

    def test_g9_by_a_secret_in_a_message(self):
        order = self.get_record().sale_order_id
        message = order.message_post(body=f"I know {TOKEN}!")
        self.assertBroken(9, f"mail_message {message.id} has “{CANARY}” in body")

    def test_g9_by_a_secret_in_a_record(self):
        self.get_record().staff_notes = OTHER_TOKEN
        self.assertBroken(9, "bigcommerce_order .* in staff_notes")

    def test_g9_by_somebody_in_a_line_that_is_done(self):
        line = self.create_line()
        line.payload = SOMEBODY["email"]
        self.assertHolds(9)
        line.state = "done"
        self.assertBroken(9, f"bigcommerce_queue_line {line.id} .* in payload")

    def test_g9_by_somebody_in_the_log(self):
        invariants = self.get_invariants(self.env)
        invariants.check_g9()
        invariants.log += f"\nWelcome, {SOMEBODY['email']}"
        with self.assertRaisesRegex(AssertionError, "G9: .*\n.*behind “Welcome, ”"):
            invariants.check_g9()

    def test_g10_by_a_record_of_another_company(self):
        record = self.get_record()
        other = self.env["res.company"].search([("name", "=", "Other Company")])
        self.env.cr.execute(
            "UPDATE bigcommerce_order SET company_id = %s WHERE id = %s",
            [other.id, record.id],
        )
        self.assertBroken(10, f"bigcommerce.order {record.id} is not its store's")

    def test_g10_by_a_document_of_another_company(self):
        order = self.get_record().sale_order_id
        other = self.env["res.company"].search([("name", "=", "Other Company")])
        self.env.cr.execute(
            "UPDATE sale_order SET company_id = %s WHERE id = %s", [other.id, order.id]
        )
        self.env.invalidate_all()
        self.assertBroken(10, rf"sale.order\({order.id},\) of Sandbox is not")

    def test_g10_by_somebody_who_sees_too_much(self):
        self.env["ir.rule"].search(
            [("model_id.model", "=", "bigcommerce.order")]
        ).active = False
        self.assertBroken(
            10, rf"manager_2 sees bigcommerce.order\({self.get_record().id},\)"
        )

    def test_g10_by_a_write_to_an_order_of_the_other_store(self):
        bc_id = self.other_orders[0]
        self.write_to(
            self.other_store,
            "PUT",
            f"/v2/orders/{bc_id}",
            token=OTHER_TOKEN,
            staff_notes="Hello",
        )
        self.assertBroken(10, f"Other: order {bc_id} was written")

    def test_g11_by_a_worker_that_does_not_care(self):
        self.store.control("PUT", "quota", {"limit": 1, "window_ms": 30_000})
        for _number in range(12):
            ask(self.store.address, "/v2/time", TOKEN)
        self.assertBroken(11, "11 requests over the quota")

    def test_g11_by_a_wait_without_end(self):
        self.get_instance(self.env).not_before = "2100-01-01"
        self.assertBroken(11, f"instance {self.instance_id} waits until 2100")

    def test_g12_by_a_record_written(self):
        partner = self.get_record().sale_order_id.partner_id
        mark = self.get_invariants(self.env).mark()
        with self.transaction() as env:
            self.get_invariants(env).check_g12(mark)
            partner.with_env(env).comment = "Hello"
        self.assertNotQuiet(mark, f"res_partner was written: .*'id': {partner.id},")

    def test_g12_by_a_record_deleted(self):
        with self.transaction() as env:
            partner = env["res.partner"].create({"name": "Short Life"})
        mark = self.get_invariants(self.env).mark()
        with self.transaction() as env:
            partner.with_env(env).unlink()
        self.assertNotQuiet(mark, "1 rows are gone from res_partner")

    def test_g12_by_a_request(self):
        mark = self.get_invariants(self.env).mark()
        bc_id = self.get_record().bc_id
        path = f"/v2/orders/{bc_id}"
        self.write_to(self.store, "PUT", path, staff_notes="Hello")
        self.assertNotQuiet(mark, f"PUT {path}: .*Hello")

    def assertNotQuiet(self, mark, what):
        with self.transaction() as env, self.assertRaises(AssertionError) as caught:
            self.get_invariants(env).check_g12(mark)
        self.assertTrue(str(caught.exception).startswith("G12: "))
        self.assertRegex(str(caught.exception), what)


@tagged("post_install", "-at_install")
class TestTheWorld(FaultCase):
    def test_without_a_fault_everything_is_done_and_all_invariants_hold(self):
        self.work()
        # A capture is asked after when it has had its time.
        self.work_later()
        lines = self.get_lines(None, "operation")
        self.assertEqual({line["state"] for line in lines}, {"done"}, self.describe())
        self.assertLessEqual(DONE, {line["operation"] for line in lines})
        self.assertInStep()
        self.check()


DONE = {
    "import_orders",
    "process_orders",
    "import_refunds",
    "export_inventory",
    "export_prices",
    "export_shipments",
    "export_payments",
    "export_refunds",
}
