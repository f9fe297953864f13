"""Who a contact is: the same customer, e-mail and name, or name and address."""

import random

from odoo.tests import tagged

from .common import OrderCase
from .contact_case import NOBODY as NOTHING
from .contact_case import PAT, ContactCase
from .contact_case import SAM as SAM_AT_HOME

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


@tagged("post_install", "-at_install")
class TestRegisteredCustomers(ContactCase):
    """Who is known by an id in the store."""

    def test_the_same_customer_is_the_same_contact_whatever_else_changes(self):
        first = self.find_partner(customer_id=7)
        self.assertEqual(self.find_partner(customer_id=7, email="new@x.com"), first)
        again = self.find_partner(PAT, customer_id=7)
        self.assertEqual(again, first)
        self.assertEqual(first.name, "Sam Shopper")
        self.assertEqual(first.email, "sam@example.com")

    def test_another_name_on_the_bill_is_an_invoice_address(self):
        first = self.find_partner(customer_id=7)
        order = self.make_order(PAT, customer_id=7)
        found = self.find(order)[order.id]
        self.assertEqual(found.invoice.parent_id, first)
        self.assertEqual(found.invoice.name, "Pat Shopper")

    def test_a_new_customer_twice_in_a_batch_is_one_contact(self):
        before = self.count_partners()
        one, other = self.find_partners(
            self.make_order(customer_id=7),
            self.make_order(customer_id=7, email="work@x.com"),
        )
        self.assertEqual(one, other)
        self.assertEqual(self.count_partners(), before + 1)
        self.assertEqual(len(self.get_binding(7)), 1)

    def test_a_binding_says_who_it_is(self):
        partner = self.find_partner(customer_id=7)
        binding = self.get_binding(7)
        self.assertEqual(binding.partner_id, partner)
        self.assertEqual(binding.name, "Sam Shopper")
        self.assertEqual(binding.email, "sam@example.com")
        self.assertEqual(binding.company_id, self.instance.company_id)
        self.assertFalse(binding.payload_digest, "it has not been imported yet")

    def test_a_guest_has_no_binding(self):
        before = self.env["bigcommerce.customer"].search_count([])
        self.find_partner()
        self.assertEqual(self.env["bigcommerce.customer"].search_count([]), before)

    def test_a_contact_that_odoo_knows_is_bound(self):
        partner = self.make_partner()
        self.assertEqual(self.find_partner(customer_id=7), partner)
        self.assertEqual(self.get_binding(7).partner_id, partner)

    def test_a_customer_and_a_guest_of_the_same_email_and_name_are_one(self):
        for customer_ids in ((7, 0), (0, 8)):
            with self.subTest(customer_ids=customer_ids):
                email = f"{customer_ids[0]}@example.com"
                orders = [
                    self.make_order(customer_id=customer_id, email=email)
                    for customer_id in customer_ids
                ]
                one, other = self.find_partners(*orders)
                self.assertEqual(one, other)

    def test_two_people_with_the_email_of_their_company_are_two_contacts(self):
        email = "office@example.com"
        sam, pat = self.find_partners(
            self.make_order(customer_id=7, email=email),
            self.make_order(PAT, customer_id=8, email=email),
        )
        self.assertNotEqual(sam, pat)
        self.assertEqual(self.get_binding(7).partner_id, sam)
        self.assertEqual(self.get_binding(8).partner_id, pat)

    def test_a_customer_without_any_other_data_is_known_again(self):
        first = self.find_partner(NOTHING, customer_id=7)
        self.assertEqual(first.name, "BigCommerce Customer")
        self.assertEqual(self.find_partner(NOTHING, customer_id=7), first)
        self.assertNotEqual(self.find_partner(NOTHING, customer_id=8), first)

    def test_a_contact_deleted_in_odoo_is_made_anew(self):
        first = self.find_partner(customer_id=7)
        first.unlink()
        self.assertFalse(self.get_binding(7).partner_id)
        again = self.find_partner(customer_id=7)
        self.assertTrue(again.exists())
        self.assertEqual(self.get_binding(7).partner_id, again)
        self.assertEqual(len(self.get_binding(7)), 1)

    def test_a_contact_deleted_in_odoo_is_looked_up_first(self):
        self.find_partner(customer_id=7).unlink()
        other = self.make_partner()
        self.assertEqual(self.find_partner(customer_id=7), other)

    def test_contacts_merged_in_odoo_are_the_one_that_stays(self):
        first = self.find_partner(customer_id=7)
        stays = self.make_partner(name="Samuel Shopper", email="samuel@example.com")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((first | stays).ids, stays)
        self.assertFalse(first.exists())
        self.assertEqual(self.find_partner(customer_id=7), stays)

    def test_an_archived_contact_stays_archived_and_another_is_used(self):
        first = self.find_partner(customer_id=7)
        first.action_archive()
        again = self.find_partner(customer_id=7)
        self.assertNotEqual(again, first)
        self.assertFalse(first.active)
        self.assertEqual(self.get_binding(7).partner_id, again)
        self.assertEqual(self.find_partner(customer_id=7), again)

    def test_a_contact_given_to_another_company_is_not_used(self):
        first = self.find_partner(customer_id=7)
        first.company_id = self.env["res.company"].create({"name": "Second"})
        again = self.find_partner(customer_id=7)
        self.assertNotEqual(again, first)
        self.assertEqual(self.get_binding(7).partner_id, again)

    def test_a_manager_may_bind_a_customer_to_another_contact(self):
        self.find_partner(customer_id=7)
        other = self.make_partner(name="Shopper Inc.")
        self.get_binding(7).partner_id = other
        self.assertEqual(self.find_partner(customer_id=7), other)

    def test_two_stores_share_contacts_but_no_bindings(self):
        second = self.make_second_instance()
        first = self.find_partner(customer_id=7)
        pat = self.find_partner(PAT, customer_id=7, instance=second)
        self.assertNotEqual(pat, first)
        same = self.find_partner(customer_id=9, instance=second)
        self.assertEqual(same, first)
        self.assertEqual(self.get_binding(7).partner_id, first)
        self.assertEqual(self.get_binding(7, second).partner_id, pat)
        self.assertEqual(self.get_binding(9, second).partner_id, first)
        self.assertFalse(self.get_binding(9))

    def test_orders_that_are_imported_bind_their_customers(self):
        self.run_operation(self.instance, "import_listings")
        self.store.delete("v2/orders")
        bc_id = self.store.place_order(lines=[{"sku": "MUG-ENAMEL"}], customer_id=7)
        self.run_operation(self.instance, "import_orders")
        sale_order = self.get_order(bc_id).sale_order_id
        self.assertEqual(self.get_binding(7).partner_id, sale_order.partner_id)


@tagged("post_install", "-at_install")
class TestPeopleWithoutEmail(ContactCase):
    def find_guest(self, **changes):
        return self.find_partner(email="", **changes)

    def test_name_and_phone_are_enough(self):
        first = self.find_guest(phone="512-555-0100")
        again = self.find_guest(phone="(512) 5550100", street_1="9 New Road")
        self.assertEqual(again, first)

    def test_name_and_phone_are_enough_for_a_contact_of_odoo(self):
        partner = self.make_partner(email=False, phone="512 555 0100")
        self.assertEqual(self.find_guest(phone="512-555-0100"), partner)

    def test_a_phone_alone_is_nobody(self):
        phone = "512-555-0100"
        first = self.find_guest(phone=phone)
        self.assertNotEqual(self.find_guest(phone=phone, first_name="Pat"), first)
        nameless = [self.find_partner(NOTHING, phone=phone) for _time in range(2)]
        self.assertNotEqual(*nameless)

    def test_what_is_no_phone_number_matches_nobody(self):
        for phone in ("", "-", "n/a", "123", "0000000", "000-000-0000"):
            with self.subTest(phone=phone):
                one = self.find_guest(phone=phone, street_1=f"1 {phone}")
                other = self.find_guest(phone=phone, street_1=f"2 {phone}")
                self.assertNotEqual(one, other)

    def test_a_phone_says_nothing_where_emails_differ(self):
        phone = "512-555-0100"
        first = self.find_partner(phone=phone)
        other = self.find_partner(phone=phone, email="other@example.com")
        self.assertNotEqual(other, first)
        self.assertNotEqual(self.find_guest(phone=phone), first)

    def test_accents_matter_in_names(self):
        self.assertNotEqual(
            self.find_partner(first_name="José"), self.find_partner(first_name="Jose")
        )
        self.assertEqual(
            self.find_guest(first_name="José"), self.find_guest(first_name="JOSÉ")
        )


@tagged("post_install", "-at_install")
class TestBatch(ContactCase):
    def count_queries(self, orders):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.find(*orders)
        return self.env.cr.sql_log_count - before

    def test_known_customers_cost_the_same_queries_however_many_they_are(self):
        def orders(start, stop):
            return [
                self.make_order(
                    first_name=f"Number {number}",
                    email=number % 3 and f"{number}@example.com" or "",
                    customer_id=number % 2 and number,
                )
                for number in range(start, stop)
            ]

        self.find(*orders(100, 140))
        few = self.count_queries(orders(100, 103))
        self.assertEqual(self.count_queries(orders(100, 140)), few)

    def test_nobody_is_searched_for_with_an_empty_key(self):
        with self.assertQueries([], flush=True):
            found = self.env["bigcommerce.contacts"]._search_known(
                self.instance, [], {}, {}
            )
        self.assertEqual(found, {})

    def test_the_order_in_which_orders_come_makes_no_difference(self):
        """Three people, written in various ways, are three contacts."""
        ana = {**SAM_AT_HOME, "first_name": "Ana", "email": "ana@example.com"}
        guest = {**SAM_AT_HOME, "first_name": "Bo", "email": "", "phone": "5125550100"}
        described = [
            (ana, {"customer_id": 901}),
            (ana, {"customer_id": 901, "street_1": "2 Side Street"}),
            (ana, {"first_name": "ANA", "email": "Ana@Example.com"}),
            (guest, {}),
            (guest, {"first_name": " bo ", "street_1": "1  MAIN street"}),
            (guest, {"last_name": "SHOPPER", "phone": ""}),
            (PAT, {"email": "ana@example.com"}),
            (PAT, {"email": "ANA@example.com", "zip": "75001"}),
        ]
        people = ["ana"] * 3 + ["guest"] * 3 + ["pat"] * 2
        dice = random.Random(4)
        for _time in range(30):
            order = dice.sample(range(len(described)), len(described))
            size = dice.randint(1, len(described))
            with self.subTest(order=order, size=size):
                savepoint = self.env.cr.savepoint()
                before = self.count_top_partners()
                found = {}
                for start in range(0, len(order), size):
                    batch = [
                        self.make_order(described[one][0], **described[one][1])
                        for one in order[start : start + size]
                    ]
                    partners = self.find_partners(*batch)
                    found.update(
                        zip(order[start : start + size], partners, strict=True)
                    )
                self.assertEqual(self.count_top_partners(), before + 3)
                contacts = {}
                for one, person in enumerate(people):
                    contacts.setdefault(person, set()).add(found[one])
                self.assertEqual([len(own) for own in contacts.values()], [1, 1, 1])
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def count_top_partners(self):
        return self.env["res.partner"].search_count([("parent_id", "=", False)])


@tagged("post_install", "-at_install")
class TestOptions(ContactCase):
    def test_the_receivable_account_is_that_of_contacts_that_are_made(self):
        account = self.make_receivable_account()
        self.instance.receivable_account_id = account
        known = self.make_partner(name="Pat Shopper", email="pat@example.com")
        before = known.property_account_receivable_id
        order = self.make_order(SAM_AT_HOME, PAT)
        sam = self.find(order)[order.id]
        self.assertEqual(sam.partner.property_account_receivable_id, account)
        self.assertEqual(sam.delivery.property_account_receivable_id, account)
        self.assertEqual(self.find_partner(PAT), known)
        self.assertEqual(known.property_account_receivable_id, before)
        self.assertNotEqual(before, account)

    def test_the_receivable_account_is_one_company_s_only(self):
        self.instance.receivable_account_id = self.make_receivable_account()
        other = self.env["res.company"].create({"name": "Second"})
        partner = self.find_partner()
        self.assertFalse(partner.with_company(other).property_account_receivable_id)

    def make_receivable_account(self):
        return self.env["account.account"].create(
            {
                "name": "BigCommerce Receivable",
                "code": "BC1200",
                "account_type": "asset_receivable",
                "reconcile": True,
            }
        )

    def test_orders_that_name_nobody_are_the_default_customer_s(self):
        self.instance.default_customer_id = default = self.make_partner(name="Counter")
        before = self.count_partners()
        one, other = self.find_partners(
            self.make_order(NOTHING), self.make_order(NOTHING)
        )
        self.assertEqual((one, other), (default, default))
        self.assertEqual(self.count_partners(), before)
        self.assertFalse(self.env["bigcommerce.customer"].search([]))

    def test_the_default_customer_is_nobody_else(self):
        self.instance.default_customer_id = default = self.make_partner(name="Counter")
        for changes in (
            {"email": "who@example.com"},
            {"first_name": "Who"},
            {"company": "Who Ltd"},
        ):
            with self.subTest(**changes):
                partner = self.find_partner(NOTHING, **changes)
                self.assertNotEqual(partner, default)
        self.assertNotEqual(self.find_partner(NOTHING, customer_id=7), default)

    def test_what_nobody_orders_is_shipped_to_where_it_was_sent(self):
        self.instance.default_customer_id = default = self.make_partner(name="Counter")
        order = self.make_order(NOTHING, PAT)
        found = self.find(order)[order.id]
        self.assertEqual(found.partner, default)
        self.assertEqual(found.invoice, default)
        self.assertEqual(found.delivery.name, "Pat Shopper")
        self.assertEqual(found.delivery.parent_id, default)

    def test_an_archived_default_customer_is_not_used(self):
        self.instance.default_customer_id = default = self.make_partner(name="Counter")
        default.action_archive()
        self.assertEqual(self.find_partner(NOTHING).name, "BigCommerce Customer")

    def test_contacts_are_shared_unless_they_are_kept_in_the_company(self):
        order = self.make_order(SAM_AT_HOME, PAT)
        shared = self.find(order)[order.id]
        self.assertFalse(shared.partner.company_id or shared.delivery.company_id)
        self.instance.keep_in_company = True
        order = self.make_order(
            {**SAM_AT_HOME, "email": "new@example.com"}, PAT, company="Acme"
        )
        own = self.find(order)[order.id]
        company = self.instance.company_id
        self.assertEqual((own.partner | own.delivery).company_id, company)
        self.assertEqual(own.delivery.company_id, company)

    def test_a_shared_contact_is_used_also_where_contacts_are_kept(self):
        shared = self.find_partner()
        self.instance.keep_in_company = True
        self.assertEqual(self.find_partner(), shared)
        self.assertFalse(shared.company_id)

    def test_two_companies_that_keep_their_contacts_never_share_one(self):
        self.instance.keep_in_company = True
        first = self.find_partner(customer_id=7)
        company = self.env["res.company"].create(
            {"name": "Second", "country_id": self.env.ref("base.us").id}
        )
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        second = self.make_second_instance(
            company_id=company.id, warehouse_id=warehouse.id, keep_in_company=True
        )
        other = self.find_partner(customer_id=7, instance=second)
        self.assertNotEqual(other, first)
        self.assertEqual(other.company_id, company)
        self.assertEqual(first.company_id, self.instance.company_id)


@tagged("post_install", "-at_install")
class TestConsignments(ContactCase):
    """Where each consignment of an order goes."""

    def find_deliveries(self, *orders):
        partners = self.find(*orders)
        contacts = self._use(self.instance._get_operation("import_orders"))
        found = contacts._find_or_create_delivery_contacts(
            self.instance, list(orders), partners
        )
        return partners, found

    def test_each_goes_to_its_own_address(self):
        street = {**SAM_AT_HOME, "street_1": "2 Side Street"}
        order = self.make_order(SAM_AT_HOME, SAM_AT_HOME, street, PAT)
        partners, found = self.find_deliveries(order)
        home, side, pat = (
            found[order.id, consignment.id] for consignment in order.consignments
        )
        customer = partners[order.id].partner
        self.assertEqual(home, customer)
        self.assertEqual(home, partners[order.id].delivery)
        self.assertEqual(side.street, "2 Side Street")
        self.assertEqual(pat.name, "Pat Shopper")
        self.assertEqual((side | pat).parent_id, customer)
        self.assertEqual(set((side | pat).mapped("type")), {"delivery"})

    def test_the_first_one_goes_to_the_delivery_address(self):
        order = self.make_order(SAM_AT_HOME, PAT, SAM_AT_HOME)
        partners, found = self.find_deliveries(order)
        first, second = (
            found[order.id, consignment.id] for consignment in order.consignments
        )
        self.assertEqual(first, partners[order.id].delivery)
        self.assertEqual(second, partners[order.id].partner)

    def test_addresses_are_used_again(self):
        street = {**SAM_AT_HOME, "street_1": "2 Side Street"}
        first = self.make_order(SAM_AT_HOME, PAT, street)
        self.find_deliveries(first)
        before = self.count_partners()
        again = self.make_order(SAM_AT_HOME, street, PAT)
        self.find_deliveries(again)
        self.assertEqual(self.count_partners(), before)

    def test_two_to_the_same_address_are_one_contact(self):
        order = self.make_order(SAM_AT_HOME, PAT, PAT)
        _partners, found = self.find_deliveries(order)
        self.assertEqual(len(set(found.values())), 1)
        self.assertEqual(len(found), 2)

    def test_one_without_an_address_goes_where_the_order_goes(self):
        order = self.make_order(SAM_AT_HOME, NOTHING, PAT)
        partners, found = self.find_deliveries(order)
        self.assertEqual(len(found), 2)
        self.assertEqual(set(found.values()), {partners[order.id].delivery})

    def test_an_order_without_shipments_has_none(self):
        self.assertEqual(self.find_deliveries(self.make_order())[1], {})

    def test_orders_with_one_address_each_need_no_query(self):
        orders = [self.make_order(SAM_AT_HOME, PAT) for _time in range(3)]
        partners = self.find(*orders)
        before = self.env.cr.sql_log_count
        self.env["bigcommerce.order.partners"]._find_or_create_delivery_contacts(
            self.instance, orders, partners
        )
        self.assertEqual(self.env.cr.sql_log_count, before)


@tagged("post_install", "-at_install")
class TestPlaces(ContactCase):
    """Countries and states, whatever they are called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.germany = cls.env.ref("base.de")
        cls.germany.with_context(lang="fr_FR").name = "Allemagne"
        cls.thuringia = cls.env.ref("base.state_de_th")

    def find_there(self, **changes):
        changes = {"email": f"{self.next_number}@example.com", **changes}
        return self.find_partner(**changes)

    def test_a_country_is_known_by_its_code(self):
        for country in ("", "Deutschland", "Narnia"):
            with self.subTest(country=country):
                partner = self.find_there(country=country, country_iso2="de")
                self.assertEqual(partner.country_id, self.germany)

    def test_a_country_without_a_code_is_known_by_its_name_in_any_language(self):
        for country in ("Germany", "germany ", "Allemagne", "ALLEMAGNE"):
            with self.subTest(country=country):
                partner = self.find_there(country=country, country_iso2="")
                self.assertEqual(partner.country_id, self.germany)

    def test_a_country_that_nobody_knows_is_not_the_store_s(self):
        partner = self.find_there(country="Narnia", country_iso2="")
        self.assertFalse(partner.country_id)
        self.assertIn("Narnia", partner.comment)

    def test_an_address_that_says_nothing_is_in_the_store_s_country(self):
        partner = self.find_there(country="", country_iso2="", state="")
        self.assertEqual(partner.country_id, self.instance.country_id)
        self.assertFalse(partner.comment)

    def test_a_state_is_known_by_its_name_and_by_code(self):
        for state in ("Thüringen", "THÜRINGEN ", "Thuringen", "DE-TH", "de-th", "th"):
            with self.subTest(state=state):
                partner = self.find_there(
                    state=state, country="Germany", country_iso2="DE"
                )
                self.assertEqual(partner.state_id, self.thuringia)
                self.assertFalse(partner.comment)

    def test_the_language_of_the_store_makes_no_difference(self):
        self.instance.language_id = self.env["res.lang"]._lang_get("fr_FR")
        for country in ("Germany", "Allemagne"):
            partner = self.find_there(
                state="Thüringen", country=country, country_iso2=""
            )
            self.assertEqual(partner.state_id, self.thuringia)
            self.assertEqual(partner.country_id, self.germany)

    def test_accents_do_not_matter_in_states(self):
        partner = self.find_there(
            state="Michoacan", country="Mexico", country_iso2="MX"
        )
        self.assertEqual(partner.state_id.code, "MIC")

    def test_a_state_of_another_country_is_none(self):
        partner = self.find_there(state="Thüringen")
        self.assertFalse(partner.state_id)
        self.assertEqual(partner.country_id.code, "US")

    def test_a_state_that_nobody_knows_is_kept_in_the_notes(self):
        partner = self.find_there(state="Atlantis <b>")
        self.assertFalse(partner.state_id)
        self.assertEqual(partner.city, "Austin", "carriers check it")
        self.assertIn("Atlantis &lt;b&gt;", partner.comment)

    def test_a_state_that_nobody_knows_is_kept_with_a_delivery_address_too(self):
        order = self.make_order(SAM_AT_HOME, {**PAT, "state": "Atlantis"})
        delivery = self.find(order)[order.id].delivery
        self.assertIn("Atlantis", delivery.comment)
        again = self.make_order(SAM_AT_HOME, {**PAT, "state": "Atlantis"})
        self.assertEqual(self.find(again)[again.id].delivery, delivery)

    def test_places_cost_the_same_queries_however_many_they_are(self):
        def count(number):
            addresses = {
                self.make_order(street_1=str(one), country_iso2=code).billing_address
                for one in range(number)
                for code in ("US", "DE")
            }
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["bigcommerce.places"]._get_places(self.instance, addresses)
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(1), count(20))
