"""Workers that tell the store of deliveries, and die, or lose the answer."""

from odoo.tests import tagged

from .process_case import dies
from .test_processes_sending import SendingCase

SHIPMENTS = "bigcommerce.export.shipments"
STATUS = "bigcommerce.export.order.status"
A_SHIPMENT = "/shipments"
AN_ORDER = r"^/v2/orders/\d+$"


class ShipmentsCase(SendingCase):
    """Deliveries of three orders, which are done and wait to be told."""

    moves_status = True

    def setUp(self):
        super().setUp()
        self.store.control("PUT", "shipping", {"moves_status": self.moves_status})
        self.start("import_orders")
        self.work_off(1)

    def start_sending(self):
        with self.transaction() as env:
            orders = env["bigcommerce.order"].search([("sale_order_id", "!=", False)])
            self.assertEqual(len(orders), 3)
            sale_orders = orders.sale_order_id
            sale_orders.action_confirm()
            for picking in sale_orders.picking_ids:
                picking.carrier_tracking_ref = f"1Z{picking.sale_id.id}"
                for move in picking.move_ids:
                    move.quantity = move.product_uom_qty
                picking.with_context(skip_sms=True).button_validate()
            shipments = env["bigcommerce.shipment"].search([])
            shipments.action_send()
        self.store.forget_requests()

    def lose_answer(self, path, method, **fault):
        self.start_sending()
        self.store.fault(path, method=method, **fault)
        self.work_later()
        self.assertSent()

    def get_effects(self, method):
        return [one for one in self.get_writes() if one["method"] == method]

    def assertSent(self):
        """One shipment each, the orders shipped, and the records say so."""
        self.assertEqual(
            list(self.get_states("export_shipments").values()),
            ["done"] * 3,
            self.describe(),
        )
        self.assertEqual(len(self.get_effects("POST")), 3)
        self.assertEqual(
            len(self.get_effects("PUT")), 0 if self.moves_status else 3, self.describe()
        )
        with self.transaction() as env:
            shipments = env["bigcommerce.shipment"].search([])
            self.assertEqual(len(shipments), 3)
            for shipment in shipments:
                path = f"v2/orders/{shipment.order_id.bc_id}"
                (there,) = self.store.control("GET", f"{path}/shipments")
                self.assertEqual(shipment.bc_id, str(there["id"]))
                self.assertEqual(shipment.state, "done")
                self.assertEqual(there["tracking_number"], shipment.tracking_number)
                order = self.store.control("GET", path)
                self.assertEqual((order["status_id"], order["items_shipped"]), (2, 1))
                self.assertEqual(shipment.order_id.status_id.bc_id, "2")
        self.assertNothingLost()


@tagged("post_install", "-at_install")
class TestEachShipmentIsMadeOnce(ShipmentsCase):
    def test_though_the_worker_dies_after_the_claim(self):
        self.assertSentThoughKilled(dies("_claim_lines", after=True))

    def test_though_the_worker_dies_between_the_request_and_its_commit(self):
        self.assertSentThoughKilled(dies("_send", SHIPMENTS, after=True))

    def test_though_the_worker_dies_between_the_second_request_and_its_commit(self):
        self.assertSentThoughKilled(dies("_send", SHIPMENTS, after=True, nth=2))

    def test_though_the_worker_dies_while_it_applies_the_answer(self):
        self.assertSentThoughKilled(dies("_apply", SHIPMENTS, after=True))

    def test_though_the_next_worker_dies_while_it_looks(self):
        self.start_sending()
        self.work_until_killed(dies("_send", SHIPMENTS, after=True))
        self.work_until_killed(dies("_look", SHIPMENTS, after=True))
        self.work_later()
        self.assertSent()

    def test_though_the_server_fails_before_it_takes_effect(self):
        self.lose_answer(A_SHIPMENT, "POST", status=503)

    def test_though_the_server_fails_after_it_has_taken_effect(self):
        self.lose_answer(A_SHIPMENT, "POST", status=503, after=True)

    def test_though_the_connection_breaks_after_it_has_taken_effect(self):
        self.lose_answer(A_SHIPMENT, "POST", kind="reset", after=True)

    def test_though_two_workers_have_the_same_to_do(self):
        self.start_sending()
        self.work_off(2)
        self.work_later()
        self.assertSent()


@tagged("post_install", "-at_install")
class TestEachStatusIsWrittenOnce(ShipmentsCase):
    moves_status = False

    def test_though_the_worker_dies_between_the_request_and_its_commit(self):
        self.assertSentThoughKilled(dies("_send", STATUS, after=True))

    def test_though_the_worker_dies_while_it_applies_the_answer(self):
        self.assertSentThoughKilled(dies("_apply", STATUS, after=True))

    def test_though_the_server_fails_after_it_has_taken_effect(self):
        self.lose_answer(AN_ORDER, "PUT", status=503, after=True)

    def test_though_the_connection_breaks_after_it_has_taken_effect(self):
        self.lose_answer(AN_ORDER, "PUT", kind="reset", after=True)
