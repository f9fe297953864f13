"""Sale orders become what people made of the store's orders, as far as Odoo lets."""

from collections import Counter
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .changes_case import OPERATION, ChangesCase
from .delivery_case import BOWL, HERE, MUG, PLANNER, THERE, YONDER

STACKED = [{"name": "State", "rate": "6.25"}, {"name": "City", "rate": "1.5"}]


class ApplyCase:
    """What holds for quotations and confirmed orders, whatever their taxes."""

    is_confirmed = False

    def import_order(self, **cart):
        order = super().import_order(**cart)
        if self.is_confirmed and order.sale_order_id.state == "draft":
            order.sale_order_id.action_confirm()
        if self.is_confirmed:
            self.assertEqual(order.sale_order_id.state, "sale")
        return order

    def apply_edit(self, order, **change):
        """Change an order there, and apply that; return its sale order."""
        self.edit(order, **change)
        self.assertTrue(order.changes)
        self.apply(order)
        self.assertApplied(order)
        return order.sale_order_id

    def get_outstanding(self, sale_order):
        """Return what is still to be delivered, by SKU."""
        moves = sale_order.picking_ids.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        quantities = Counter()
        for move in moves:
            quantities[move.product_id.default_code] += move.product_uom_qty
        return dict(quantities)

    def assertSold(self, order, **quantities):
        """So much is ordered of each SKU (``_`` for ``-``), and to be delivered."""
        quantities = {
            sku.replace("_", "-"): quantity for sku, quantity in quantities.items()
        }
        found = {
            sku: quantity
            for sku, quantity in self.get_quantities(order).items()
            if quantity and sku in ("MUG-ENAMEL", "BOWL-STONE")
        }
        self.assertEqual(found, quantities)
        if self.is_confirmed:
            self.assertEqual(self.get_outstanding(order.sale_order_id), quantities)

    def test_a_higher_quantity_is_taken_over(self):
        order = self.import_order(lines=[{**MUG, "quantity": 2}, BOWL])
        self.apply_edit(order, quantity=5)
        self.assertSold(order, MUG_ENAMEL=5, BOWL_STONE=1)

    def test_a_lower_quantity_is_taken_over(self):
        order = self.import_order(lines=[{**MUG, "quantity": 5}, BOWL])
        self.apply_edit(order, quantity=2)
        self.assertSold(order, MUG_ENAMEL=2, BOWL_STONE=1)

    def test_a_line_added_there_is_added_here(self):
        order = self.import_order(lines=[MUG], shipping=["5"])
        sale_order = self.apply_edit(order, add=[{**BOWL, "quantity": 3}])
        self.assertSold(order, MUG_ENAMEL=1, BOWL_STONE=3)
        if self.is_confirmed:
            self.assertEqual(len(sale_order.picking_ids), 1)

    def test_a_line_removed_there_is_not_sold_here(self):
        order = self.import_order(lines=[MUG, {**BOWL, "quantity": 2}])
        sale_order = self.apply_edit(order, lines={self.get_line_id(order, 2): None})
        self.assertSold(order, MUG_ENAMEL=1)
        self.assertEqual(len(sale_order.order_line), 2 if self.is_confirmed else 1)

    def test_a_line_that_is_another_product_now_sells_that_one(self):
        order = self.import_order(lines=[{**MUG, "quantity": 2}])
        bowl = self.store.control("GET", "v3/catalog/products")
        bowl = next(product for product in bowl if product["sku"] == "BOWL-STONE")
        line = {
            "name": bowl["name"],
            "sku": "BOWL-STONE",
            "product_id": bowl["id"],
            "variant_id": bowl["base_variant_id"],
            "price": "9.99",
        }
        self.apply_edit(order, lines={self.get_line_id(order): line})
        self.assertSold(order, BOWL_STONE=2)
        # The line of what it was stays, and is not what is meant from now on.
        self.apply_edit(order, quantity=3)
        self.assertSold(order, BOWL_STONE=3)

    def test_a_changed_price_is_taken_over(self):
        order = self.import_order(lines=[{**MUG, "quantity": 3}])
        line = {"price": "9.99"}
        sale_order = self.apply_edit(order, lines={self.get_line_id(order): line})
        self.assertAlmostEqual(self.get_net(sale_order.order_line), 29.97)
        self.assertSold(order, MUG_ENAMEL=3)

    def get_net(self, lines):
        field = "price_total" if self.with_tax else "price_subtotal"
        return sum(lines.mapped(field))

    with_tax = False

    def test_a_discount_of_the_whole_order_is_taken_off(self):
        order = self.import_order(lines=[{**MUG, "quantity": 3}, BOWL])
        before = self.get_net(order.sale_order_id.order_line)
        sale_order = self.apply_edit(order, discount="4.01")
        self.assertAlmostEqual(self.get_net(sale_order.order_line), before - 4.01)

    def test_shipping_is_added_changed_and_taken_away_as_there(self):
        order = self.import_order(lines=[MUG])
        for cost in ("5", "7.50", "0", "3"):
            sale_order = self.apply_edit(order, shipping=[cost])
            lines = sale_order.order_line.filtered(
                lambda line: (
                    line.bigcommerce_part == "shipping" and line.product_uom_qty
                )
            )
            found = [self.get_net(line) for line in lines]
            self.assertEqual(found, [float(cost)] if cost != "0" else [])

    def test_handling_wrapping_and_fees_become_lines(self):
        order = self.import_order(lines=[MUG], fees=[["Insurance", "2"]])
        self.apply_edit(
            order,
            handling="1.25",
            fees=[["Protection", "3"], ["Insurance", "1"]],
            lines={self.get_line_id(order): {"wrapping": "2.40"}},
        )
        parts = self.get_quantities(order)
        self.assertEqual(set(parts), {"MUG-ENAMEL", "handling", "wrapping", "fee"})
        fees = order.sale_order_id.order_line.filtered(
            lambda line: line.bigcommerce_part == "fee"
        )
        self.assertEqual(
            sorted((line.name, self.get_net(line)) for line in fees),
            [("Insurance", 1), ("Protection", 3)],
        )

    def test_store_credit_lowers_the_total(self):
        order = self.import_order(lines=[MUG])
        total = order.sale_order_id.amount_total
        sale_order = self.apply_edit(order, store_credit="3")
        self.assertAlmostEqual(sale_order.amount_total, total - 3)

    def test_a_shipping_address_is_that_of_open_deliveries_too(self):
        order = self.import_order(lines=[MUG], addresses=[HERE])
        sale_order = self.apply_edit(order, addresses=[THERE])
        self.assertEqual(sale_order.partner_shipping_id.city, "Dallas")
        self.assertEqual(sale_order.partner_invoice_id.city, "Austin")
        for picking in sale_order.picking_ids:
            self.assertEqual(picking.partner_id.city, "Dallas")
            self.assertEqual(picking.move_ids.partner_id.city, "Dallas")
            self.assertFalse(picking.activity_ids)

    def test_a_billing_address_changes_nothing_but_the_invoice_address(self):
        order = self.import_order(lines=[MUG], addresses=[HERE])
        shipping = order.sale_order_id.partner_shipping_id
        pricelist = order.sale_order_id.pricelist_id
        sale_order = self.apply_edit(order, billing={**HERE, "street_1": "9 Pier"})
        self.assertEqual(sale_order.partner_invoice_id.street, "9 Pier")
        self.assertEqual(sale_order.partner_shipping_id, shipping)
        self.assertEqual(sale_order.pricelist_id, pricelist)

    def test_a_shipping_method_is_that_of_order_and_deliveries(self):
        order = self.import_order(lines=[MUG], shipping=["5"])
        sale_order = self.apply_edit(order, shipping_method="Express")
        self.assertEqual(sale_order.carrier_id.name, "Express")
        for picking in sale_order.picking_ids:
            self.assertEqual(picking.carrier_id.name, "Express")

    def test_a_line_that_goes_elsewhere_now_is_delivered_there(self):
        order = self.import_order(lines=[MUG, BOWL], addresses=[HERE])
        sale_order = self.apply_edit(
            order,
            addresses=[HERE, THERE],
            lines={self.get_line_id(order, 2): {"address": 1}},
        )
        if self.is_confirmed:
            deliveries = sale_order.picking_ids.filtered(
                lambda picking: picking.state != "cancel"
            )
            self.assertEqual(
                [content for content in self.get_contents(deliveries) if content[1]],
                [("Austin", {"MUG-ENAMEL": 1}), ("Dallas", {"BOWL-STONE": 1})],
            )

    def test_several_changes_at_once_are_all_applied(self):
        order = self.import_order(
            lines=[{**MUG, "quantity": 3}, BOWL], shipping=["5"], addresses=[HERE]
        )
        sale_order = self.apply_edit(
            order,
            lines={
                self.get_line_id(order): {"quantity": 4, "price": "11.11"},
                self.get_line_id(order, 2): None,
            },
            add=[{**BOWL, "quantity": 2, "price": "3.33"}],
            shipping=["6.66"],
            discount="1.23",
            addresses=[YONDER],
            shipping_method="Express",
        )
        self.assertSold(order, MUG_ENAMEL=4, BOWL_STONE=2)
        self.assertEqual(sale_order.partner_shipping_id.city, "Houston")
        deliveries = self.get_deliveries(sale_order)
        self.assertEqual(set(deliveries.mapped("partner_id.city")) - {"Houston"}, set())
        self.assertLessEqual(len(deliveries), 1)

    def test_applying_a_second_time_changes_nothing(self):
        order = self.import_order(lines=[MUG])
        self.apply_edit(order, quantity=2)
        lines = order.sale_order_id.order_line
        before = lines.mapped("write_date"), len(order.sale_order_id.message_ids)
        self.run_operation(self.instance, OPERATION, ids=[order.bc_id])
        self.instance.automatic_job_ids.watermark = False
        self.import_orders()
        self.assertFalse(order.changes)
        after = lines.mapped("write_date"), len(order.sale_order_id.message_ids)
        self.assertEqual(after, before)

    def test_what_changed_again_before_it_is_applied_is_applied_as_it_is_now(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, quantity=2)
        self.store.edit_order(
            order.bc_id, lines={self.get_line_id(order): {"quantity": 4}}
        )
        self.apply(order)
        self.assertApplied(order)
        self.assertSold(order, MUG_ENAMEL=4)

    def test_what_changed_back_before_it_is_applied_is_no_change(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, quantity=2)
        self.store.edit_order(
            order.bc_id, lines={self.get_line_id(order): {"quantity": 1}}
        )
        order.sale_order_id.action_apply_bigcommerce_changes()
        self.drain()
        self.assertFalse(order.changes)
        self.assertFalse(self.get_lines(OPERATION))
        self.assertSold(order, MUG_ENAMEL=1)

    def test_a_line_that_comes_back_is_sold_again(self):
        order = self.import_order(lines=[MUG, BOWL])
        self.apply_edit(order, lines={self.get_line_id(order, 2): None})
        self.apply_edit(order, add=[{**BOWL, "place": 1}])
        self.assertSold(order, MUG_ENAMEL=1, BOWL_STONE=1)


@tagged("post_install", "-at_install")
class TestQuotation(ApplyCase, ChangesCase):
    def test_another_customer_becomes_that_of_the_quotation(self):
        order = self.import_order(lines=[MUG])
        sale_order = self.apply_edit(order, billing=THERE)
        self.assertEqual(sale_order.partner_id.name, "Theo There")
        self.assertEqual(sale_order.currency_id.name, "USD")

    def test_what_a_person_has_changed_in_odoo_is_left_alone(self):
        order = self.import_order(lines=[MUG, BOWL], addresses=[HERE])
        sale_order = order.sale_order_id
        friend = self.env["res.partner"].create({"name": "Friend"})
        sale_order.partner_shipping_id = friend
        sale_order.order_line[1].name = "The good bowl"
        self.apply_edit(order, quantity=2)
        self.assertEqual(sale_order.partner_shipping_id, friend)
        self.assertEqual(sale_order.order_line[1].name, "The good bowl")

    def test_where_it_goes_is_left_alone_if_only_the_way_was_changed(self):
        order = self.import_order(lines=[MUG], addresses=[HERE], shipping=["5"])
        friend = self.env["res.partner"].create({"name": "Friend"})
        order.sale_order_id.partner_shipping_id = friend
        sale_order = self.apply_edit(order, shipping_method="Express")
        self.assertEqual(sale_order.carrier_id.name, "Express")
        self.assertEqual(sale_order.partner_shipping_id, friend)

    def test_a_quotation_that_differs_is_held_until_it_is_applied(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, quantity=2)
        self.assertEqual(order.state, "held")
        self.apply(order)
        self.assertApplied(order)

    def test_a_line_added_in_odoo_stays_and_is_held(self):
        order = self.import_order(lines=[MUG])
        self.env["sale.order.line"].create(
            {
                "order_id": order.sale_order_id.id,
                "product_id": self.get_product("BOWL-STONE").id,
                "price_unit": 5,
            }
        )
        self.edit(order, quantity=2)
        self.apply(order)
        self.assertFalse(order.changes)
        self.assertEqual(order.state, "held")
        self.assertEqual(len(order.sale_order_id.order_line), 2)

    def test_an_unknown_product_is_blocked_and_nothing_else_applied(self):
        self.instance.create_odoo_products = False
        order = self.import_order(lines=[MUG])
        line = {"sku": "NEVER-SEEN", "product_id": 9999, "name": "?", "price": "3"}
        self.edit(order, quantity=2, add=[line])
        line = self.apply(order)
        self.assertEqual(line.cause_id.code, "unknown_product")
        self.assertEqual(order.changes_problem, line.message)
        self.assertEqual(order.sale_order_id.order_line.product_uom_qty, 1)
        self.edit(order, lines={f"{order.bc_id}02": None})
        self.assertFalse(order.changes_problem)
        self.apply(order)
        self.assertApplied(order)


@tagged("post_install", "-at_install")
class TestConfirmed(ApplyCase, ChangesCase):
    is_confirmed = True

    def deliver(self, order, quantity):
        [picking] = order.sale_order_id.picking_ids
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self.assertEqual(order.sale_order_id.order_line.qty_delivered, quantity)

    def invoice(self, order):
        order.sale_order_id.order_line.product_id.invoice_policy = "order"
        return order.sale_order_id._create_invoices()

    def test_what_is_ordered_on_top_of_a_part_delivery_is_outstanding(self):
        order = self.import_order(lines=[{**MUG, "quantity": 3}])
        self.deliver(order, 1)
        sale_order = self.apply_edit(order, quantity=5)
        self.assertEqual(self.get_outstanding(sale_order), {"MUG-ENAMEL": 4})
        self.assertEqual(sale_order.order_line.qty_delivered, 1)

    def test_what_is_not_wanted_after_a_part_delivery_is_not_outstanding(self):
        order = self.import_order(lines=[{**MUG, "quantity": 3}])
        self.deliver(order, 1)
        sale_order = self.apply_edit(order, quantity=1)
        self.assertEqual(sale_order.order_line.product_uom_qty, 1)
        self.assertFalse(self.get_outstanding(sale_order))

    def test_a_quantity_below_what_is_delivered_is_not_applied(self):
        order = self.import_order(lines=[{**MUG, "quantity": 3}])
        self.deliver(order, 2)
        self.edit(order, quantity=1)
        self.assertIn("2 are delivered", order.changes_obstacle)
        self.apply(order)
        self.assertNotApplied(order, "2 are delivered")
        self.assertEqual(order.sale_order_id.order_line.product_uom_qty, 3)

    def test_a_delivery_that_is_done_keeps_its_address(self):
        order = self.import_order(lines=[{**MUG, "quantity": 3}], addresses=[HERE])
        self.deliver(order, 1)
        sale_order = self.apply_edit(order, addresses=[THERE])
        done, rest = sale_order.picking_ids.sorted("id")
        self.assertEqual(
            (done.partner_id.city, rest.partner_id.city), ("Austin", "Dallas")
        )

    def test_an_invoiced_line_is_not_changed(self):
        order = self.import_order(lines=[MUG])
        self.invoice(order)
        self.edit(order, quantity=2)
        self.assertIn("is invoiced", order.changes_obstacle)
        self.apply(order)
        self.assertNotApplied(order, "is invoiced")
        self.assertEqual(order.sale_order_id.order_line.product_uom_qty, 1)

    def test_an_invoice_that_is_cancelled_does_not_matter(self):
        order = self.import_order(lines=[MUG])
        self.invoice(order).button_cancel()
        self.apply_edit(order, quantity=2)
        self.assertSold(order, MUG_ENAMEL=2)

    def test_an_invoiced_order_gets_another_address_and_another_line(self):
        order = self.import_order(lines=[MUG], addresses=[HERE])
        invoice = self.invoice(order)
        total = invoice.amount_total
        sale_order = self.apply_edit(order, addresses=[THERE], add=[BOWL])
        self.assertSold(order, MUG_ENAMEL=1, BOWL_STONE=1)
        self.assertEqual(sale_order.picking_ids.partner_id.city, "Dallas")
        self.assertEqual(invoice.amount_total, total)

    def test_shipping_of_an_invoiced_order_is_not_changed(self):
        order = self.import_order(lines=[MUG], shipping=["5"])
        self.invoice(order)
        self.edit(order, shipping=["7"])
        self.assertIn("is invoiced", order.changes_obstacle)
        self.apply(order)
        self.assertNotApplied(order, "is invoiced")

    def test_a_locked_order_is_not_changed_until_it_is_unlocked(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id.action_lock()
        self.edit(order, quantity=2)
        self.assertIn("is locked", order.changes_obstacle)
        self.apply(order)
        self.assertNotApplied(order, "is locked")
        order.sale_order_id.action_unlock()
        self.assertFalse(order.changes_obstacle)
        self.apply(order)
        self.assertApplied(order)

    def test_a_cancelled_order_is_not_changed(self):
        order = self.import_order(lines=[MUG])
        order.sale_order_id._action_cancel()
        self.edit(order, quantity=2)
        self.assertIn("is cancelled", order.changes_obstacle)
        self.apply(order)
        self.assertNotApplied(order, "is cancelled")

    def test_changes_reach_both_steps_of_a_warehouse(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self.import_order(lines=[{**MUG, "quantity": 2}], addresses=[HERE])
        sale_order = self.apply_edit(order, quantity=5, addresses=[THERE])
        self.assertEqual(self.get_outstanding(sale_order), {"MUG-ENAMEL": 5})
        self.apply_edit(order, quantity=1)
        self.assertEqual(self.get_outstanding(sale_order), {"MUG-ENAMEL": 1})
        self.assertEqual(sale_order.picking_ids.mapped("partner_id.city"), ["Dallas"])
        [pick] = sale_order.picking_ids
        pick.with_context(skip_sms=True).button_validate()
        ship = sale_order.picking_ids - pick
        self.assertEqual(ship.partner_id.city, "Dallas")
        self.assertEqual(ship.move_ids.product_uom_qty, 1)

    def test_a_digital_line_counts_as_delivered_in_its_new_quantity(self):
        order = self.import_order(lines=[MUG])
        sale_order = self.apply_edit(order, add=[{**PLANNER, "quantity": 2}])
        digital = sale_order.order_line[-1]
        self.assertEqual(digital.qty_delivered, 2)
        self.apply_edit(order, lines={self.get_line_id(order, 2): {"quantity": 1}})
        self.assertEqual(digital.qty_delivered, 1)
        self.apply_edit(order, lines={self.get_line_id(order, 2): None})
        self.assertEqual((digital.product_uom_qty, digital.qty_delivered), (0, 0))

    def test_what_odoo_refuses_is_said_and_undone(self):
        order = self.import_order(lines=[MUG, BOWL], addresses=[HERE])
        self.edit(order, quantity=2, addresses=[THERE])
        Lines, reason = type(self.env["sale.order.line"]), "Not on a Sunday."

        def refuse(*args, **options):
            raise UserError(reason)

        with patch.object(Lines, "_deliver_intangible", refuse):
            self.apply(order)
        self.assertNotApplied(order, "Not on a Sunday.")
        self.assertEqual(order.sale_order_id.partner_shipping_id.city, "Austin")
        self.assertSold(order, MUG_ENAMEL=1, BOWL_STONE=1)

    def test_one_that_cannot_be_applied_stops_no_other(self):
        locked, other = (self.import_order(lines=[MUG]) for _ in range(2))
        locked.sale_order_id.action_lock()
        for order in (locked, other):
            self.edit(order, quantity=2)
        (locked + other).action_apply_changes()
        self.drain()
        self.assertNotApplied(locked, "is locked")
        self.assertApplied(other)

    def test_it_goes_on_by_itself_once_it_is_applied(self):
        workflow = self.env["bigcommerce.workflow"].create(
            {"name": "Invoice", "confirm_order": True, "create_invoice": True}
        )
        self.env["bigcommerce.workflow.line"].create(
            {"instance_id": self.instance.id, "workflow_id": workflow.id}
        )
        self.get_product("MUG-ENAMEL").invoice_policy = "delivery"
        order = self.import_order(lines=[{**MUG, "quantity": 2}])
        self.edit(order, quantity=3)
        [picking] = order.sale_order_id.picking_ids
        picking.with_context(skip_sms=True).button_validate()
        self.drain()
        line = self.get_lines("process_orders", key=order.bc_id)[:1]
        self.assertEqual(line.cause_id.code, "total_differs")
        self.assertFalse(order.sale_order_id.invoice_ids)
        self.apply(order)
        self.assertApplied(order)
        rest = order.sale_order_id.picking_ids - picking
        rest.with_context(skip_sms=True).button_validate()
        self.drain()
        self.assertEqual(order.sale_order_id.invoice_ids.amount_untaxed, 37.5)


class TaxCase(ApplyCase):
    """A store whose taxes are followed."""

    taxes = STACKED

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.env["account.account"].create(
            {
                "name": "Sales Tax Payable",
                "code": "225001",
                "account_type": "liability_current",
            }
        )
        cls.instance.write({"tax_system": "marketplace", "tax_account_id": account.id})

    def import_order(self, **cart):
        cart = {"taxes": self.taxes, "with_tax": self.with_tax, **cart}
        return super().import_order(**cart)

    def test_a_change_of_the_tax_alone_is_applied(self):
        order = self.import_order(lines=[{**MUG, "quantity": 3}])
        before = order.sale_order_id.amount_tax
        sale_order = self.apply_edit(
            order, taxes=[STACKED[0], {"name": "City", "rate": "2"}]
        )
        self.assertNotEqual(sale_order.amount_tax, before)

    def test_a_tax_that_the_store_rounds_otherwise_is_taken_over(self):
        order = self.import_order(lines=[{**MUG, "quantity": 3}])
        before, path = order.sale_order_id.amount_tax, f"v2/orders/{order.bc_id}"
        raw = self.store.control("GET", path)
        side = "total_ex_tax" if self.with_tax else "total_inc_tax"
        sign = -1 if self.with_tax else 1
        self.store.patch(
            path,
            total_tax=f"{float(raw['total_tax']) + 0.01:.4f}",
            **{side: f"{float(raw[side]) + sign * 0.01:.4f}"},
        )
        self.import_orders()
        self.apply(order)
        self.assertApplied(order)
        self.assertAlmostEqual(order.sale_order_id.amount_tax, before + 0.01)


@tagged("post_install", "-at_install")
class TestTaxesOfTheStore(TaxCase, ChangesCase):
    pass


@tagged("post_install", "-at_install")
class TestTaxesOfTheStoreInPrices(TaxCase, ChangesCase):
    with_tax = True
    is_confirmed = True


@tagged("post_install", "-at_install")
class TestMeanwhile(ApplyCase, ChangesCase):
    """The store's people do not wait for Odoo."""

    is_confirmed = True

    def apply_while(self, order, happening):
        """Apply what was changed while something happens after it was read."""
        Import = type(self.env["bigcommerce.import.orders"])
        fetch, happened = Import._fetch, []

        def fetch_slowly(operation, client, lines):
            if not happened:
                happened.append(True)
                happening(operation, client)
            return fetch(operation, client, lines)

        with patch.object(Import, "_fetch", fetch_slowly):
            self.apply(order)

    def edit_unseen(self, order, quantity):
        self.store.control("PUT", "clock", {"advance": 60})
        line = {self.get_line_id(order): {"quantity": quantity}}
        self.store.edit_order(order.bc_id, lines=line)

    def test_what_changes_while_it_is_applied_is_seen_by_the_next_import(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, quantity=2)
        self.apply_while(order, lambda *_: self.edit_unseen(order, 5))
        self.assertApplied(order)
        self.assertSold(order, MUG_ENAMEL=2)
        self.import_orders()
        self.assertIn("quantity 2 → 5", order.changes)
        self.apply(order)
        self.assertSold(order, MUG_ENAMEL=5)

    def test_what_an_import_has_seen_since_is_read_and_applied(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, quantity=2)

        def change(operation, client):
            self.edit_unseen(order, 5)
            instance = operation.env["bigcommerce.instance"].browse(self.instance.id)
            found = operation._read(client, instance, order.bc_id)
            operation._keep_found(instance, {}, [found])

        self.apply_while(order, change)
        self.assertApplied(order)
        self.assertSold(order, MUG_ENAMEL=5)
        self.assertEqual(len(self.get_lines(OPERATION)), 2)

    def test_it_is_ignored_while_it_is_applied(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, quantity=2)

        def ignore(operation, client):
            record = operation.env["bigcommerce.order"].browse(order.id)
            record.sale_order_id.action_ignore_bigcommerce_changes()

        self.apply_while(order, ignore)
        self.assertFalse(order.changes)
        self.assertSold(order, MUG_ENAMEL=1)
        self.assertEqual(self.get_lines(OPERATION).state, "done")

    def test_an_order_that_is_deleted_there_says_so(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, quantity=2)
        self.store.delete(f"v2/orders/{order.bc_id}")
        line = self.apply(order)
        self.assertEqual(line.cause_id.code, "not_found")
        self.assertEqual(order.changes_problem, line.message)

    def test_what_an_outage_delays_is_applied_afterwards(self):
        order = self.import_order(lines=[MUG])
        self.edit(order, quantity=2)
        self.skip_backoff()
        self.store.fault(f"^/v2/orders/{order.bc_id}", status=503, times=5)
        order.sale_order_id.action_apply_bigcommerce_changes()
        self.drain()
        self.assertTrue(order.changes)
        self.store.heal()
        for _time in range(3):
            self.let_time_pass()
            self.drain()
        self.assertApplied(order)


@tagged("post_install", "-at_install")
class TestTwoStores(ChangesCase):
    def test_each_order_is_its_store_s_and_company_s(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += company
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        other = self.confirm_instance(
            name="Other", company_id=company.id, warehouse_id=warehouse.id
        )
        self.run_operation(other, "import_listings")
        first = self.import_order(lines=[MUG], taxes=[])
        self.run_operation(other, "import_orders")
        records = self.env["bigcommerce.order"].search([("bc_id", "=", first.bc_id)])
        second = records - first
        self.assertEqual(second.sale_order_id.company_id, company)
        self.edit(first, quantity=2)
        self.run_operation(other, "import_orders")
        self.assertTrue(first.changes and second.changes)
        self.apply(second)
        self.assertApplied(second)
        self.assertTrue(first.changes)
        self.assertEqual(first.sale_order_id.order_line.product_uom_qty, 1)
        self.assertEqual(second.sale_order_id.order_line.product_uom_qty, 2)
