"""A person at the screen: a delivery is validated, refused, sent again, looked at."""

from odoo.tests import HttpCase, tagged

from .shipment_case import ShipmentCase, mugs


@tagged("post_install", "-at_install")
class TestShipmentsInBrowser(ShipmentCase, HttpCase):
    def test_a_delivery_is_sent_again_and_found_on_the_order(self):
        sale_order = self.confirm_order(lines=[mugs(2)])
        picking = sale_order.picking_ids
        picking.carrier_tracking_ref = "1Z999"
        picking.move_ids.quantity = 2
        self.store.fault("/shipments", method="POST", status=422)
        form = f"/odoo/action-stock.action_picking_tree_all/{picking.id}"
        self.start_tour(form, "bigcommerce_validate_delivery", login="admin")
        self.drain()
        self.assertEqual(picking.bigcommerce_shipment_state, "failed")
        self.start_tour(form, "bigcommerce_send_delivery_again", login="admin")
        self.drain()
        self.assertSent(picking)
        self.start_tour(
            f"/odoo/sales/{sale_order.id}",
            "bigcommerce_look_at_shipments",
            login="admin",
        )
