"""What an imported order is called, whose it is, and what is seen on it."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import OrderCase

MUG = {"sku": "MUG-ENAMEL"}


@tagged("post_install", "-at_install")
class TestOrderName(OrderCase):
    def get_next_number(self):
        sequence = self.env["ir.sequence"].search(
            [
                ("code", "=", "sale.order"),
                ("company_id", "in", (False, self.instance.company_id.id)),
            ],
            order="company_id",
            limit=1,
        )
        return sequence.get_next_char(sequence.number_next_actual)

    def test_by_default_it_is_odoos_next_number(self):
        expected = self.get_next_number()
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.name, expected)

    def test_a_prefix_goes_before_odoos_number(self):
        self.instance.order_prefix = "BC/"
        expected = self.get_next_number()
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.name, f"BC/{expected}")

    def test_several_at_once_get_a_number_each_and_leave_no_gap(self):
        self.instance.order_prefix = "BC/"
        ids = [self.store.place_order(lines=[MUG]) for _order in range(3)]
        self.import_orders()
        names = {self.get_order(bc_id).sale_order_id.name for bc_id in ids}
        self.assertEqual(len(names), 3)
        numbers = sorted(int(name.lstrip("BC/S")) for name in names)
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 3)))
        self.assertEqual(int(self.get_next_number().lstrip("S")), numbers[-1] + 1)

    def test_a_sequence_by_year_counts_in_the_year_of_the_order(self):
        self.instance.order_prefix = "BC-"
        self.env["ir.sequence"].search([("code", "=", "sale.order")]).write(
            {"use_date_range": True, "prefix": "%(range_year)s/"}
        )
        old = self.import_order(lines=[MUG], created="2025-12-30T12:00:00Z")
        new = self.import_order(lines=[MUG], created="2026-01-02T12:00:00Z")
        self.assertTrue(old.sale_order_id.name.startswith("BC-2025/"))
        self.assertTrue(new.sale_order_id.name.startswith("BC-2026/"))

    def test_an_order_is_named_by_the_stores_number_if_wanted(self):
        self.instance.use_marketplace_sequence = True
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.name, order.bc_id)

    def test_a_prefix_goes_before_the_stores_number(self):
        self.instance.write({"use_marketplace_sequence": True, "order_prefix": "BC-"})
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.name, f"BC-{order.bc_id}")

    def test_odoos_sequence_is_not_drawn_from_for_the_stores_numbers(self):
        self.instance.use_marketplace_sequence = True
        expected = self.get_next_number()
        self.import_order(lines=[MUG])
        self.assertEqual(self.get_next_number(), expected)

    def test_an_order_of_that_name_that_is_there_already_is_another_one(self):
        self.instance.use_marketplace_sequence = True
        bc_id = self.store.place_order(lines=[MUG])
        own = self.env["sale.order"].create(
            {
                "name": bc_id,
                "partner_id": self.env["res.partner"].create({"name": "Own"}).id,
            }
        )
        self.import_orders()
        imported = self.get_order(bc_id).sale_order_id
        self.assertEqual(imported.name, own.name)
        self.assertNotEqual(imported, own)
        self.assertFalse(own.bigcommerce_order_id)
        imported.action_confirm()
        self.assertEqual(own.state, "draft")
        self.assertEqual(imported.picking_ids.sale_id, imported)

    def test_it_can_be_found_by_the_stores_number(self):
        order = self.import_order(lines=[MUG])
        self.assertEqual(order.sale_order_id.client_order_ref, order.bc_id)


@tagged("post_install", "-at_install")
class TestOrderNameWarning(OrderCase):
    def create_other(self, **vals):
        return self.create_instance(name="Other", store_hash="other", **vals)

    def test_two_stores_whose_orders_are_named_alike_are_told(self):
        other = self.create_other(use_marketplace_sequence=True)
        self.assertFalse(other.order_name_warning)
        self.instance.use_marketplace_sequence = True
        (self.instance | other).invalidate_recordset()
        self.assertIn("Other", self.instance.order_name_warning)
        self.assertIn(self.instance.name, other.order_name_warning)

    def test_a_prefix_tells_them_apart(self):
        other = self.create_other(use_marketplace_sequence=True, order_prefix="O-")
        self.instance.use_marketplace_sequence = True
        self.assertFalse(self.instance.order_name_warning)
        other.order_prefix = False
        self.instance.invalidate_recordset()
        self.assertTrue(self.instance.order_name_warning)

    def test_a_store_of_another_company_does_not_matter(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        self.create_other(
            use_marketplace_sequence=True,
            company_id=company.id,
            warehouse_id=self.env["stock.warehouse"]
            .search([("company_id", "=", company.id)], limit=1)
            .id,
        )
        self.instance.use_marketplace_sequence = True
        self.assertFalse(self.instance.order_name_warning)

    def test_odoos_sequence_never_gives_a_name_twice(self):
        self.create_other()
        self.assertFalse(self.instance.order_name_warning)


@tagged("post_install", "-at_install")
class TestOrderOwner(OrderCase):
    def create_user(self, login, groups="sales_team.group_sale_salesman", **vals):
        return new_test_user(self.env, login, groups=groups, **vals)

    def test_sales_team_and_salesperson_are_the_instances(self):
        team = self.env["crm.team"].create({"name": "Online"})
        user = self.create_user("online")
        self.instance.write({"team_id": team.id, "user_id": user.id})
        sale_order = self.import_order(lines=[MUG]).sale_order_id
        self.assertEqual((sale_order.team_id, sale_order.user_id), (team, user))

    def test_without_them_an_order_has_neither_team_nor_salesperson(self):
        self.env["crm.team"].create({"name": "First of all", "sequence": 0})
        sale_order = self.import_order(lines=[MUG]).sale_order_id
        self.assertFalse(sale_order.team_id)
        self.assertFalse(sale_order.user_id)
        sale_order.action_confirm()
        self.assertFalse(sale_order.user_id)

    def test_a_salesperson_is_told_by_no_mail(self):
        user = self.create_user("online", email="online@example.com")
        self.instance.user_id = user
        sale_order = self.import_order(lines=[MUG]).sale_order_id
        self.assertFalse(
            self.env["mail.mail"].search([("recipient_ids", "in", user.partner_id.ids)])
        )
        self.assertTrue(sale_order)

    def assertWarnedButImported(self, user, words):
        self.instance.user_id = user
        self.assertIn(words, self.instance.salesperson_warning)
        sale_order = self.import_order(lines=[MUG]).sale_order_id
        self.assertEqual(sale_order.user_id, user)
        sale_order.action_confirm()
        self.assertEqual(sale_order.state, "sale")

    def test_one_without_access_to_the_company_is_warned_of(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = self.create_user(
            "elsewhere", company_id=company.id, company_ids=[(6, 0, company.ids)]
        )
        self.assertWarnedButImported(user, self.instance.company_id.name)

    def test_an_archived_one_is_warned_of(self):
        user = self.create_user("gone")
        user.active = False
        self.assertWarnedButImported(user, "archived")

    def test_one_without_access_to_sales_is_warned_of(self):
        user = self.create_user("stocker", groups="base.group_user")
        self.assertWarnedButImported(user, "Sales")

    def test_one_who_can_sell_there_is_not_warned_of(self):
        self.instance.user_id = self.create_user("online")
        self.assertFalse(self.instance.salesperson_warning)
        self.instance.user_id = False
        self.assertFalse(self.instance.salesperson_warning)

    def test_the_warning_is_seen_while_the_form_is_filled_in(self):
        stocker = self.create_user("stocker", groups="base.group_user")
        with Form(self.instance) as form:
            form.user_id = stocker
            self.assertIn("Sales", form.salesperson_warning)


@tagged("post_install", "-at_install")
class TestWhatIsSeenOnAnOrder(OrderCase):
    def test_the_order_shows_what_the_store_says_of_it(self):
        order = self.import_order(
            lines=[MUG],
            channel_id=2,
            message="Please ring twice",
            staff_notes="Paid late before",
        )
        sale_order = order.sale_order_id
        self.assertEqual(sale_order.bigcommerce_store, self.instance.name)
        self.assertEqual(sale_order.bigcommerce_channel, order.channel_id.name)
        self.assertTrue(sale_order.bigcommerce_channel)
        self.assertEqual(sale_order.bigcommerce_status, "Ready to pack")
        self.assertEqual(sale_order.bigcommerce_payment_status, "captured")
        self.assertTrue(
            sale_order.bigcommerce_admin_url.endswith(f"/manage/orders/{order.bc_id}")
        )
        self.assertEqual(sale_order.bigcommerce_customer_message, "Please ring twice")
        self.assertEqual(sale_order.bigcommerce_staff_notes, "Paid late before")

    def test_neither_message_is_printed_for_the_customer(self):
        sale_order = self.import_order(
            lines=[MUG], message="Please ring twice", staff_notes="Paid late before"
        ).sale_order_id
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "sale.action_report_saleorder", sale_order.ids
        )
        self.assertNotIn(b"ring twice", html)
        self.assertNotIn(b"late before", html)

    def test_the_customer_may_not_read_the_staff_notes(self):
        order = self.import_order(lines=[MUG], staff_notes="Paid late before")
        customer = new_test_user(
            self.env, "customer", groups="base.group_portal", company_id=1
        )
        sale_order = order.sale_order_id
        sale_order.partner_id = customer.partner_id
        sale_order.message_subscribe(customer.partner_id.ids)
        as_customer = sale_order.with_user(customer)
        self.assertTrue(as_customer.name)
        with self.assertRaises(AccessError):
            as_customer.read(["bigcommerce_staff_notes"])

    def test_the_packer_sees_the_customers_message(self):
        sale_order = self.import_order(lines=[MUG], message="Ring").sale_order_id
        sale_order.action_confirm()
        packer = new_test_user(self.env, "packer", groups="stock.group_stock_user")
        picking = sale_order.picking_ids.with_user(packer)
        self.assertEqual(picking.bigcommerce_customer_message, "Ring")

    def test_orders_can_be_grouped_by_store_and_channel(self):
        for channel in (1, 2, 2):
            self.import_order(lines=[MUG], channel_id=channel)
        salesman = new_test_user(
            self.env, "seller", groups="sales_team.group_sale_salesman_all_leads"
        )
        groups = (
            self.env["sale.order"]
            .with_user(salesman)
            ._read_group(
                [("bigcommerce_store", "=", self.instance.name)],
                ["bigcommerce_store", "bigcommerce_channel"],
                ["__count"],
            )
        )
        self.assertEqual(sorted(count for *_names, count in groups), [1, 2])

    def test_orders_can_be_found_by_status_and_payment_status(self):
        order = self.import_order(lines=[MUG])
        for field, value in (
            ("bigcommerce_status", "Ready to pack"),
            ("bigcommerce_payment_status", "captured"),
        ):
            with self.subTest(field):
                found = self.env["sale.order"].search([(field, "=", value)])
                self.assertIn(order.sale_order_id, found)
                others = self.env["sale.order"].search([(field, "=", "nothing")])
                self.assertFalse(others)

    def test_a_renamed_store_is_shown_by_its_new_name(self):
        order = self.import_order(lines=[MUG])
        self.instance.name = "New Name"
        self.assertEqual(order.sale_order_id.bigcommerce_store, "New Name")

    def test_the_order_date_survives_confirmation(self):
        order = self.import_order(lines=[MUG], created="2026-03-04T05:06:07Z")
        sale_order = order.sale_order_id
        placed_on = fields.Datetime.to_datetime("2026-03-04 05:06:07")
        self.assertEqual(sale_order.date_order, placed_on)
        sale_order.action_confirm()
        self.assertEqual(sale_order.date_order, placed_on)

    def test_a_copy_of_an_order_is_nobodys(self):
        sale_order = self.import_order(lines=[MUG]).sale_order_id
        copy = sale_order.copy()
        self.assertFalse(copy.bigcommerce_order_id)
        self.assertFalse(copy.bigcommerce_store)
        self.assertFalse(copy.order_line.filtered("bigcommerce_fulfilment"))
