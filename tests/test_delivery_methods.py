"""Shipping methods of the store are delivery methods in Odoo, and ask for no money."""

from unittest.mock import patch

from odoo.tests import tagged

from .delivery_case import BOWL, HERE, MUG, PLANNER, THERE, DeliveryCase

CARRIER = "odoo.addons.delivery.models.delivery_carrier.DeliveryCarrier"


@tagged("post_install", "-at_install")
class TestDeliveryMethods(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["delivery.carrier"].search([]).active = False

    def create_carrier(self, name, **vals):
        product = self.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": 7,
                **vals.pop("product", {}),
            }
        )
        return self.env["delivery.carrier"].create(
            {"name": name, "product_id": product.id, **vals}
        )

    def get_carriers(self):
        return self.env["delivery.carrier"].search([])

    def get_shipping_lines(self, sale_order):
        return sale_order.order_line.filtered(
            lambda line: line.bigcommerce_part == "shipping"
        )

    def test_one_that_odoo_does_not_know_is_made(self):
        sale_order = self.import_sale_order(
            lines=[MUG], shipping=[5], shipping_method="UPS® (UPS Ground)"
        )
        carrier = sale_order.carrier_id
        self.assertEqual(carrier, self.get_carriers())
        self.assertEqual(carrier.name, "UPS® (UPS Ground)")
        self.assertEqual(carrier.delivery_type, "fixed")
        self.assertEqual(carrier.fixed_price, 0)
        self.assertEqual(carrier.product_id, self.instance.delivery_product_id)
        self.assertEqual(carrier.company_id, self.instance.company_id)

    def test_its_product_is_that_of_the_line_and_the_line_a_delivery(self):
        carrier = self.create_carrier("Ground")
        sale_order = self.import_sale_order(lines=[MUG], shipping=[5])
        line = self.get_shipping_lines(sale_order)
        self.assertEqual(sale_order.carrier_id, carrier)
        self.assertEqual(line.product_id, carrier.product_id)
        self.assertTrue(line.is_delivery)
        self.assertEqual(line.price_unit, 5)

    def test_one_is_made_once_for_all_orders(self):
        for _import in range(2):
            for _order in range(2):
                self.store.place_order(lines=[MUG], shipping=[5])
            self.import_orders()
        self.assertEqual(len(self.get_carriers()), 1)

    def test_case_and_spacing_do_not_matter(self):
        carrier = self.create_carrier("express  DELIVERY")
        sale_order = self.import_sale_order(
            lines=[MUG], shipping_method="Express Delivery"
        )
        self.assertEqual(sale_order.carrier_id, carrier)

    def test_no_method_is_none(self):
        for method in ("", "None", "none"):
            with self.subTest(method):
                sale_order = self.import_sale_order(
                    lines=[MUG], shipping=[5], shipping_method=method
                )
                self.assertFalse(sale_order.carrier_id)
                line = self.get_shipping_lines(sale_order)
                self.assertEqual(line.product_id, self.instance.delivery_product_id)
        self.assertFalse(self.get_carriers())

    def test_an_archived_one_is_not_used(self):
        archived = self.create_carrier("Ground", active=False)
        sale_order = self.import_sale_order(lines=[MUG])
        self.assertTrue(sale_order.carrier_id)
        self.assertNotEqual(sale_order.carrier_id, archived)

    def test_one_of_another_company_is_not_used(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        other = self.create_carrier("Ground", product={"company_id": company.id})
        sale_order = self.import_sale_order(lines=[MUG])
        self.assertNotEqual(sale_order.carrier_id, other)
        self.assertEqual(sale_order.carrier_id.company_id, self.instance.company_id)

    def test_the_companys_own_goes_before_one_of_all_companies(self):
        self.create_carrier("Ground")
        own = self.create_carrier(
            "Ground", product={"company_id": self.instance.company_id.id}
        )
        sale_order = self.import_sale_order(lines=[MUG])
        self.assertEqual(sale_order.carrier_id, own)

    def test_what_is_not_shipped_has_none(self):
        digital = self.import_sale_order(lines=[PLANNER])
        pickup = self.import_sale_order(lines=[MUG], pickup=2)
        self.assertFalse(digital.carrier_id)
        self.assertFalse(pickup.carrier_id)
        self.assertFalse(self.get_carriers())

    def test_a_delivery_bears_it(self):
        sale_order = self.confirm_order(lines=[MUG], shipping=[5])
        self.assertEqual(sale_order.picking_ids.carrier_id, sale_order.carrier_id)

    def test_each_address_has_its_own(self):
        sale_order = self.confirm_order(
            lines=[MUG, BOWL | {"address": 1}],
            addresses=[HERE, THERE],
            shipping=[5, 8],
            shipping_method="Ground",
            other_shipping_methods=["Express"],
        )
        self.assertEqual(sale_order.carrier_id.name, "Ground")
        self.assertEqual(
            sorted(
                (picking.partner_id.city, picking.carrier_id.name)
                for picking in sale_order.picking_ids
            ),
            [("Austin", "Ground"), ("Dallas", "Express")],
        )
        self.assertEqual(
            self.get_shipping_lines(sale_order).mapped("name"), ["Ground", "Express"]
        )

    def test_an_address_without_a_method_has_none(self):
        sale_order = self.confirm_order(
            lines=[MUG, BOWL | {"address": 1}],
            addresses=[HERE, THERE],
            other_shipping_methods=["None"],
        )
        carriers = {
            picking.partner_id.city: picking.carrier_id.name
            for picking in sale_order.picking_ids
        }
        self.assertEqual(carriers, {"Austin": "Ground", "Dallas": False})

    def test_another_method_chosen_in_odoo_goes_to_the_delivery(self):
        sale_order = self.import_sale_order(lines=[MUG])
        other = self.create_carrier("By Bicycle")
        sale_order.carrier_id = other
        sale_order.action_confirm()
        self.assertEqual(sale_order.picking_ids.carrier_id, other)

    def test_the_routes_of_a_method_are_taken(self):
        route = self.env["stock.route"].create(
            {"name": "Special", "shipping_selectable": True}
        )
        self.env["stock.rule"].create(
            {
                "name": "Special",
                "route_id": route.id,
                "action": "pull",
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_src_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "propagate_carrier": True,
            }
        )
        self.create_carrier("Express", route_ids=route.ids)
        sale_order = self.confirm_order(
            lines=[MUG, BOWL | {"address": 1}],
            addresses=[HERE, THERE],
            other_shipping_methods=["Express"],
        )
        routes = {
            move.product_id.default_code: move.rule_id.route_id == route
            for move in sale_order.picking_ids.move_ids
        }
        self.assertEqual(routes, {"MUG-ENAMEL": False, "BOWL-STONE": True})


@tagged("post_install", "-at_install")
class TestNoPriceIsAdded(DeliveryCase):
    def get_amounts_of(self, sale_order):
        return [
            (line.product_id, line.product_uom_qty, line.price_unit, line.price_total)
            for line in sale_order.order_line
        ]

    def assertUntouchedByDelivery(self, sale_order):
        before = self.get_amounts_of(sale_order)
        total = sale_order.amount_total
        sale_order.action_confirm()
        self.assertEqual(self.get_amounts_of(sale_order), before)
        self.validate(sale_order.picking_ids)
        self.assertEqual(self.get_amounts_of(sale_order), before)
        self.assertEqual(sale_order.amount_total, total)

    def test_a_method_that_was_made_adds_none(self):
        self.assertUntouchedByDelivery(
            self.import_sale_order(lines=[MUG], shipping=[5])
        )

    def test_a_method_with_a_price_that_charges_the_real_cost_adds_none(self):
        product = self.env["product.product"].create(
            {"name": "Ground", "type": "service", "list_price": 99}
        )
        self.env["delivery.carrier"].search([]).active = False
        self.env["delivery.carrier"].create(
            {"name": "Ground", "product_id": product.id, "invoice_policy": "real"}
        )
        for shipping in ([], [5]):
            with self.subTest(shipping=shipping):
                self.assertUntouchedByDelivery(
                    self.import_sale_order(lines=[MUG], shipping=shipping)
                )

    def test_a_method_that_was_made_asks_no_carrier(self):
        sale_order = self.confirm_order(lines=[MUG], shipping=[5])
        with patch(f"{CARRIER}.send_shipping", create=True) as send:
            self.validate(sale_order.picking_ids)
        send.assert_not_called()

    def test_orders_of_odoos_own_are_charged_as_ever(self):
        product = self.env["product.product"].create(
            {"name": "Ground", "type": "service", "list_price": 9}
        )
        carrier = self.env["delivery.carrier"].create(
            {"name": "Own", "product_id": product.id, "invoice_policy": "real"}
        )
        mug = self.get_product("MUG-ENAMEL")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Own"}).id,
                "carrier_id": carrier.id,
                "order_line": [(0, 0, {"product_id": mug.id})],
            }
        )
        order.action_confirm()
        self.validate(order.picking_ids)
        charged = order.order_line.filtered("is_delivery")
        self.assertEqual(charged.price_unit, 9)
