"""Who a contact is: the same e-mail and name, else the same name and address."""

from odoo.tests import tagged

from .common import OrderCase

MUG = {"sku": "MUG-ENAMEL"}
SAM = {"first_name": "Sam", "last_name": "Shopper", "email": "sam@example.com"}
NOBODY = {"first_name": "", "last_name": "", "email": "", "phone": ""}
NOWHERE = {
    "street_1": "",
    "city": "",
    "state": "",
    "zip": "",
    "country": "",
    "country_iso2": "",
}


@tagged("post_install", "-at_install")
class TestOrderPartners(OrderCase):
    def place(self, billing, *addresses, **cart):
        return self.store.place_order(
            lines=[MUG], billing=billing, addresses=list(addresses), **cart
        )

    def import_for(self, billing, *addresses, **cart):
        """Place and import an order; return its sale order."""
        bc_id = self.place(billing, *addresses, **cart)
        self.import_orders()
        return self.get_order(bc_id).sale_order_id

    def import_together(self, *billings):
        """Place and import orders in one batch; return their sale orders."""
        bc_ids = [self.place(billing) for billing in billings]
        self.import_orders()
        return [self.get_order(bc_id).sale_order_id for bc_id in bc_ids]

    def assertSame(self, *sale_orders):
        self.assertEqual(len({order.partner_id for order in sale_orders}), 1)

    def assertDifferent(self, *sale_orders):
        partners = {order.partner_id for order in sale_orders}
        self.assertEqual(len(partners), len(sale_orders))

    def count_partners(self):
        return self.env["res.partner"].search_count([])

    # what is written

    def test_a_contact_has_all_that_the_store_knows(self):
        order = self.import_for(
            {
                **SAM,
                "company": "Sam & Sons",
                "street_1": "1 Main Street",
                "street_2": "Suite 2",
                "city": "Austin",
                "state": "Texas",
                "zip": "78701",
                "country_iso2": "US",
                "phone": "512-555-0100",
            }
        )
        partner = order.partner_id
        self.assertEqual(partner.name, "Sam Shopper")
        self.assertEqual(partner.email, "sam@example.com")
        self.assertEqual(partner.phone, "512-555-0100")
        self.assertEqual(partner.company_name, "Sam & Sons")
        self.assertEqual(partner.street, "1 Main Street")
        self.assertEqual(partner.street2, "Suite 2")
        self.assertEqual(partner.city, "Austin")
        self.assertEqual(partner.zip, "78701")
        self.assertEqual(partner.state_id.code, "TX")
        self.assertEqual(partner.country_id.code, "US")
        self.assertEqual(partner.lang, "en_US")
        self.assertFalse(partner.company_id, "all companies may know the customer")
        self.assertEqual(order.partner_invoice_id, partner)
        self.assertEqual(order.partner_shipping_id, partner)

    def test_without_a_name_the_company_or_the_address_stands_for_it(self):
        company = self.import_for({**NOBODY, "company": "Acme"})
        self.assertEqual(company.partner_id.name, "Acme")
        email = self.import_for({**NOBODY, "email": "who@example.com"})
        self.assertEqual(email.partner_id.name, "who@example.com")

    def test_an_address_without_country_is_in_that_of_the_instance(self):
        self.instance.country_id = self.env.ref("base.ca")
        order = self.import_for(
            {**SAM, "country": "", "country_iso2": "", "state": "Ontario"}
        )
        self.assertEqual(order.partner_id.country_id.code, "CA")
        self.assertEqual(order.partner_id.state_id.code, "ON")

    def test_a_state_may_be_named_or_abbreviated_in_any_case(self):
        for number, state in enumerate(("Texas", "TX", "texas", "tx")):
            with self.subTest(state=state):
                order = self.import_for(
                    {**SAM, "email": f"sam{number}@example.com", "state": state}
                )
                self.assertEqual(order.partner_id.state_id.code, "TX")

    def test_a_state_that_nobody_knows_is_left_out(self):
        order = self.import_for({**SAM, "state": "Atlantis"})
        self.assertFalse(order.partner_id.state_id)
        self.assertEqual(order.partner_id.country_id.code, "US")

    def test_a_state_is_one_of_its_country(self):
        order = self.import_for(
            {**SAM, "state": "Victoria", "country": "Australia", "country_iso2": "AU"}
        )
        self.assertEqual(order.partner_id.state_id.country_id.code, "AU")

    # who is the same

    def test_the_same_email_and_name_is_the_same_contact(self):
        self.assertSame(self.import_for(SAM), self.import_for(SAM))

    def test_case_and_spaces_do_not_matter(self):
        again = {
            "first_name": " SAM",
            "last_name": "shopper ",
            "email": " Sam@Example.COM",
        }
        self.assertSame(self.import_for(SAM), self.import_for(again))

    def test_the_same_person_twice_in_a_batch_is_one_contact(self):
        before = self.count_partners()
        orders = self.import_together(SAM, SAM, {**SAM, "last_name": "SHOPPER"})
        self.assertSame(*orders)
        self.assertEqual(self.count_partners(), before + 1)

    def test_the_same_email_with_another_name_is_another_contact(self):
        pat = {**SAM, "first_name": "Pat"}
        self.assertDifferent(self.import_for(SAM), self.import_for(pat))
        self.assertDifferent(
            *self.import_together(
                {**SAM, "email": "both@example.com"},
                {**pat, "email": "both@example.com"},
            )
        )

    def test_the_same_name_with_another_email_is_another_contact(self):
        other = {**SAM, "email": "another@example.com"}
        self.assertDifferent(self.import_for(SAM), self.import_for(other))

    def test_a_contact_that_odoo_knows_already_is_used_and_left_as_it_is(self):
        partner = self.env["res.partner"].create(
            {"name": "Sam Shopper", "email": "sam@example.com", "street": "Elsewhere 1"}
        )
        order = self.import_for(SAM)
        self.assertEqual(order.partner_id, partner)
        self.assertEqual(partner.street, "Elsewhere 1")
        self.assertEqual(order.partner_invoice_id.parent_id, partner)

    def test_an_archived_contact_is_not_used(self):
        partner = self.env["res.partner"].create(
            {"name": "Sam Shopper", "email": "sam@example.com", "active": False}
        )
        self.assertNotEqual(self.import_for(SAM).partner_id, partner)

    def test_a_contact_of_another_company_is_not_used(self):
        company = self.env["res.company"].create({"name": "Second"})
        partner = self.env["res.partner"].create(
            {
                "name": "Sam Shopper",
                "email": "sam@example.com",
                "company_id": company.id,
            }
        )
        self.assertNotEqual(self.import_for(SAM).partner_id, partner)

    # guests without an e-mail

    def test_guests_without_email_are_told_apart_by_name(self):
        one = {**SAM, "email": ""}
        other = {**one, "first_name": "Pat"}
        self.assertDifferent(*self.import_together(one, other))
        self.assertDifferent(self.import_for(one), self.import_for(other))

    def test_guests_without_email_are_told_apart_by_address(self):
        one = {**SAM, "email": ""}
        other = {**one, "street_1": "2 Side Street"}
        self.assertDifferent(*self.import_together(one, other))

    def test_a_guest_without_email_is_known_by_name_and_address(self):
        guest = {**SAM, "email": ""}
        self.assertSame(self.import_for(guest), self.import_for(guest))

    def test_case_and_spaces_do_not_matter_without_email_either(self):
        guest = {**SAM, "email": ""}
        again = {
            **guest,
            "first_name": "SAM",
            "last_name": "SHOPPER",
            "street_1": "100  main street",
        }
        self.assertSame(self.import_for(guest), self.import_for(again))

    def test_a_guest_without_email_is_not_somebody_with_one(self):
        self.assertDifferent(
            self.import_for(SAM), self.import_for({**SAM, "email": ""})
        )

    def test_guests_without_email_and_address_are_never_the_same(self):
        guest = {**SAM, "email": "", **NOWHERE}
        self.assertDifferent(*self.import_together(guest, guest))
        self.assertDifferent(self.import_for(guest), self.import_for(guest))

    def test_guests_of_whom_nothing_is_known_are_never_the_same(self):
        nothing = {**NOBODY, **NOWHERE}
        orders = self.import_together(nothing, nothing)
        self.assertDifferent(*orders)
        for order in orders:
            self.assertTrue(order.partner_id.name)

    def test_guests_with_nothing_but_an_address_are_never_the_same(self):
        self.assertDifferent(*self.import_together(NOBODY, NOBODY))

    def test_a_guest_without_name_is_one_contact_not_three(self):
        before = self.count_partners()
        self.import_for(NOBODY)
        self.assertEqual(self.count_partners(), before + 1)

    def test_contacts_without_email_in_odoo_are_nobodys(self):
        self.env["res.partner"].create({"name": "Sam Shopper"})
        self.env["res.partner"].create({"name": "Sam Shopper", "email": ""})
        before = self.count_partners()
        self.import_for({**SAM, "email": ""})
        self.assertEqual(self.count_partners(), before + 1)

    def test_an_email_that_is_none_matches_nobody(self):
        one, other = {**SAM, "email": "n/a"}, {**SAM, "email": "n/a", "street_1": "2"}
        self.assertDifferent(*self.import_together(one, other))

    # addresses

    def test_another_shipping_address_is_a_child_and_is_used_again(self):
        there = {**SAM, "street_1": "2 Side Street", "zip": "75001"}
        first = self.import_for(SAM, there)
        delivery = first.partner_shipping_id
        self.assertEqual(delivery.parent_id, first.partner_id)
        self.assertEqual(delivery.type, "delivery")
        self.assertEqual(delivery.street, "2 Side Street")
        self.assertEqual(first.partner_invoice_id, first.partner_id)
        before = self.count_partners()
        second = self.import_for(SAM, there)
        self.assertEqual(second.partner_shipping_id, delivery)
        self.assertEqual(self.count_partners(), before)

    def test_a_gift_goes_to_another_name(self):
        sister = {**SAM, "first_name": "Elin", "email": "elin@example.com"}
        order = self.import_for(SAM, sister)
        self.assertEqual(order.partner_shipping_id.name, "Elin Shopper")
        self.assertEqual(order.partner_shipping_id.parent_id, order.partner_id)

    def test_a_customer_who_moved_gets_an_invoice_address_and_stays_one_contact(self):
        first = self.import_for(SAM)
        moved = {**SAM, "street_1": "9 New Road", "zip": "75001"}
        second = self.import_for(moved)
        self.assertSame(first, second)
        self.assertEqual(second.partner_id.street, "100 Main Street")
        self.assertEqual(second.partner_invoice_id.street, "9 New Road")
        self.assertEqual(second.partner_invoice_id.type, "invoice")
        third = self.import_for(moved)
        self.assertEqual(third.partner_invoice_id, second.partner_invoice_id)

    def test_the_same_new_address_twice_in_a_batch_is_one_child(self):
        there = {**SAM, "street_1": "2 Side Street"}
        bc_ids = [self.place(SAM, there), self.place(SAM, there)]
        self.import_orders()
        orders = [self.get_order(bc_id).sale_order_id for bc_id in bc_ids]
        self.assertEqual(orders[0].partner_shipping_id, orders[1].partner_shipping_id)

    def test_nothing_to_ship_goes_to_the_customer(self):
        bc_id = self.store.place_order(lines=[{"sku": "PATTERN-KNIT"}], billing=SAM)
        self.import_orders()
        order = self.get_order(bc_id).sale_order_id
        self.assertEqual(order.partner_shipping_id, order.partner_id)

    def test_a_pickup_goes_to_the_customer(self):
        order = self.import_for(SAM, pickup=3)
        self.assertEqual(order.partner_shipping_id, order.partner_id)

    def test_a_billing_address_without_place_is_the_customer(self):
        order = self.import_for({**SAM, **NOWHERE}, {**SAM})
        self.assertEqual(order.partner_invoice_id, order.partner_id)
        self.assertEqual(order.partner_shipping_id.street, "100 Main Street")
        self.assertEqual(order.partner_shipping_id.parent_id, order.partner_id)
