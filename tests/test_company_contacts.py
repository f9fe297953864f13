"""Create Company Contact?: the people of a company are its contacts."""

from odoo.tests import BaseCase, new_test_user, tagged

from ..sync.order_partners import get_customer_lane
from .contact_case import PAT, SAM, ContactCase

ACME = {"company": "Acme Ltd"}
NO_PERSON = {"first_name": "", "last_name": ""}
ELSEWHERE = {"street_1": "9 New Road", "zip": "75001"}


@tagged("post_install", "-at_install")
class TestCompanyContacts(ContactCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.create_company_contact = True

    def get_companies(self, name="Acme Ltd"):
        return self.env["res.partner"].search(
            [("is_company", "=", True), ("name", "=ilike", name)]
        )

    def make_company(self, **vals):
        return self.env["res.partner"].create(
            {
                "name": "Acme Ltd",
                "is_company": True,
                "country_id": self.env.ref("base.us").id,
                **vals,
            }
        )

    # what is made

    def test_a_company_and_the_person_in_it_are_made(self):
        person = self.find_partner(**ACME, phone="512-555-0100")
        company = person.parent_id
        self.assertEqual(company.name, "Acme Ltd")
        self.assertTrue(company.is_company)
        self.assertEqual(company.street, "1 Main Street")
        self.assertEqual(company.country_id.code, "US")
        self.assertFalse(company.email or company.phone, "they are the person's")
        self.assertFalse(company.parent_id)
        self.assertEqual(person.name, "Sam Shopper")
        self.assertEqual(person.email, "sam@example.com")
        self.assertEqual(person.phone, "512-555-0100")
        self.assertEqual(person.type, "contact")
        self.assertFalse(person.is_company)
        self.assertEqual(person.commercial_partner_id, company)
        self.assertEqual(person.street, "1 Main Street")

    def test_the_person_is_billed_for_the_company(self):
        order = self.make_order(**ACME)
        found = self.find(order)[order.id]
        self.assertEqual(found.invoice, found.partner)
        self.assertEqual(found.delivery, found.partner)
        self.assertTrue(found.partner.commercial_partner_id.is_company)

    def test_without_the_option_the_company_is_a_word(self):
        self.instance.create_company_contact = False
        person = self.find_partner(**ACME)
        self.assertFalse(person.parent_id)
        self.assertEqual(person.company_name, "Acme Ltd")
        self.assertFalse(self.get_companies())

    def test_an_empty_name_is_no_company(self):
        self.make_company(name="  ")
        before = self.env["res.partner"].search_count([("is_company", "=", True)])
        for company in ("", "   "):
            with self.subTest(company=company):
                person = self.find_partner(
                    company=company, email=f"{len(company)}@example.com"
                )
                self.assertFalse(person.parent_id)
        after = self.env["res.partner"].search_count([("is_company", "=", True)])
        self.assertEqual(after, before)

    def test_a_company_that_orders_without_a_person_is_the_customer(self):
        company = self.find_partner(**ACME, **NO_PERSON, email="office@acme.example")
        self.assertTrue(company.is_company)
        self.assertEqual(company.name, "Acme Ltd")
        self.assertEqual(company.email, "office@acme.example")
        self.assertFalse(company.parent_id or company.company_name)
        sam = self.find_partner(**ACME)
        self.assertEqual(sam.parent_id, company)

    def test_a_company_without_a_person_is_the_one_its_people_belong_to(self):
        for emails in (("", ""), ("office@acme.example", "")):
            with self.subTest(emails=emails), self.env.cr.savepoint() as savepoint:
                sam = self.find_partner(**ACME)
                for email in emails:
                    found = self.find_partner(**ACME, **NO_PERSON, email=email)
                    self.assertEqual(found, sam.parent_id)
                savepoint.rollback()
                self.env.invalidate_all()

    # who shares it

    def test_two_people_of_one_company_share_it(self):
        sam = self.find_partner(**ACME)
        pat = self.find_partner(PAT, company=" ACME  ltd ")
        self.assertNotEqual(sam, pat)
        self.assertEqual(sam.parent_id, pat.parent_id)
        self.assertEqual(len(self.get_companies()), 1)

    def test_two_people_of_one_company_in_a_batch_share_it(self):
        sam, pat, office = self.find_partners(
            self.make_order(**ACME),
            self.make_order(PAT, company="acme ltd"),
            self.make_order(**ACME, **NO_PERSON, email=""),
        )
        self.assertNotEqual(sam, pat)
        self.assertEqual(sam.parent_id, pat.parent_id)
        self.assertEqual(office, sam.parent_id)
        self.assertEqual(len(self.get_companies()), 1)

    def test_a_company_and_then_its_person_in_a_batch_belong_together(self):
        office, sam = self.find_partners(
            self.make_order(**ACME, **NO_PERSON, email="office@acme.example"),
            self.make_order(**ACME),
        )
        self.assertEqual(sam.parent_id, office)

    def test_the_same_name_in_another_country_is_another_company(self):
        sam = self.find_partner(**ACME)
        pat = self.find_partner(PAT, **ACME, country="Canada", country_iso2="CA")
        self.assertNotEqual(sam.parent_id, pat.parent_id)
        self.assertEqual(pat.parent_id.country_id.code, "CA")

    def test_a_company_of_odoo_is_used_and_left_as_it_is(self):
        for vals in ({}, {"vat": "US123456789"}):
            with self.subTest(**vals), self.env.cr.savepoint() as savepoint:
                company = self.make_company(street="77 Hill Road", **vals)
                order = self.make_order(**ACME)
                found = self.find(order)[order.id]
                self.assertEqual(found.partner.parent_id, company)
                self.assertEqual(company.street, "77 Hill Road")
                self.assertEqual(company.vat, vals.get("vat", False))
                self.assertEqual(found.partner.vat, vals.get("vat", False))
                self.assertEqual(found.invoice.street, "1 Main Street")
                self.assertEqual(found.invoice.parent_id, found.partner)
                self.assertEqual(found.invoice.commercial_partner_id, company)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_person_of_that_name_is_no_company(self):
        person = self.make_partner(
            name="Acme Ltd", email=False, country_id=self.env.ref("base.us").id
        )
        self.assertNotEqual(self.find_partner(**ACME).parent_id, person)

    def test_an_archived_company_or_another_company_s_is_not_used(self):
        archived = self.make_company(active=False)
        foreign = self.make_company(
            company_id=self.env["res.company"].create({"name": "Second"}).id
        )
        self.assertNotIn(self.find_partner(**ACME).parent_id, archived | foreign)

    def test_the_company_of_another_company_s_person_is_kept(self):
        """Who changes the employer stays where a bookkeeper put them."""
        former = self.make_company(name="Former Ltd")
        sam = self.make_partner(parent_id=former.id)
        self.assertEqual(self.find_partner(**ACME), sam)
        self.assertEqual(sam.parent_id, former)

    # who joins it later

    def test_a_contact_without_a_company_joins_it(self):
        sam = self.make_partner(street="5 Home Lane", city="Waco", zip="76701")
        self.assertEqual(self.find_partner(**ACME), sam)
        company = sam.parent_id
        self.assertEqual(company.name, "Acme Ltd")
        self.assertEqual(sam.street, "1 Main Street", "Odoo gives it the company's")
        home = sam.child_ids
        self.assertEqual(home.type, "other")
        self.assertEqual(
            (home.street, home.city, home.zip), ("5 Home Lane", "Waco", "76701")
        )
        before = self.count_partners()
        self.assertEqual(self.find_partner(**ACME), sam)
        self.assertEqual(self.count_partners(), before)

    def test_a_customer_of_the_store_without_a_company_joins_it(self):
        sam = self.find_partner(customer_id=7)
        self.assertFalse(sam.parent_id)
        self.assertEqual(self.find_partner(**ACME, customer_id=7), sam)
        self.assertEqual(sam.parent_id.name, "Acme Ltd")
        self.assertFalse(sam.child_ids, "the address is the same")

    def test_a_contact_with_journal_items_stays_as_it_is(self):
        sam = self.make_partner()
        account = self.env["account.account"].search([], limit=1)
        self.env["account.move"].create(
            {
                "line_ids": [
                    (0, 0, {"account_id": account.id, "partner_id": sam.id}),
                    (0, 0, {"account_id": account.id}),
                ]
            }
        )
        self.assertEqual(self.find_partner(**ACME), sam)
        self.assertFalse(sam.parent_id)

    def test_a_contact_with_another_tax_id_stays_as_it_is(self):
        company = self.make_company()
        sam = self.make_partner(vat="US123456789")
        self.assertEqual(self.find_partner(**ACME), sam)
        self.assertFalse(sam.parent_id)
        self.assertFalse(company.vat)
        company.vat = sam.vat
        self.find_partner(**ACME)
        self.assertEqual(sam.parent_id, company)

    def test_an_employee_who_orders_stays_one(self):
        user = new_test_user(
            self.env, "sam", "base.group_user", name="Sam Shopper", email=SAM["email"]
        )
        self.assertEqual(self.find_partner(**ACME), user.partner_id)
        self.assertFalse(user.partner_id.parent_id)

    def test_a_company_is_no_contact_of_another(self):
        company = self.make_partner(is_company=True)
        self.assertEqual(self.find_partner(**ACME), company)
        self.assertFalse(company.parent_id)

    # who orders for another one

    def assertBilled(self, found, name):
        """The invoice is that company's, the customer is who it was."""
        self.assertEqual(found.invoice.commercial_partner_id.name, name)
        self.assertTrue(found.invoice.commercial_partner_id.is_company)
        self.assertIn(name, found.invoice.display_name)
        self.assertEqual(found.delivery.commercial_partner_id.name, name)
        self.assertEqual(found.invoice.name, "Sam Shopper")
        self.assertEqual(found.invoice.email, "sam@example.com")
        self.assertTrue(self.get_companies(name).child_ids)

    def test_each_company_that_somebody_orders_for_is_billed(self):
        for customer_id in (0, 7):
            with self.subTest(customer_id=customer_id):
                email = f"sam{customer_id}@example.com"
                found = {}
                for name in ("First Ltd", "Other Ltd", "First Ltd", "Other Ltd"):
                    order = self.make_order(
                        company=name, customer_id=customer_id, email=email
                    )
                    before = self.count_partners()
                    found.setdefault(name, []).append(self.find(order)[order.id])
                self.assertEqual(self.count_partners(), before, "none is made twice")
                for name, both in found.items():
                    self.assertEqual(*both)
                    self.assertEqual(both[0].invoice.commercial_partner_id.name, name)
                sam = found["First Ltd"][0].partner
                self.assertEqual(sam.parent_id.name, "First Ltd")
                self.assertEqual(found["Other Ltd"][0].partner, sam)
                self.assertEqual(found["Other Ltd"][0].invoice.name, sam.name)
                self.assertEqual(found["Other Ltd"][0].invoice.email, email)

    def test_each_company_that_somebody_orders_for_in_a_batch_is_billed(self):
        orders = [self.make_order(company=name) for name in ("First Ltd", "Other Ltd")]
        found = self.find(*orders)
        for order, name in zip(orders, ("First Ltd", "Other Ltd"), strict=True):
            self.assertEqual(found[order.id].invoice.commercial_partner_id.name, name)

    def test_who_stays_without_a_company_orders_for_it_all_the_same(self):
        sam = self.make_partner()
        account = self.env["account.account"].search([], limit=1)
        self.env["account.move"].create(
            {
                "line_ids": [
                    (0, 0, {"account_id": account.id, "partner_id": sam.id}),
                    (0, 0, {"account_id": account.id}),
                ]
            }
        )
        order = self.make_order(company="Third Ltd")
        found = self.find(order)[order.id]
        self.assertEqual(found.partner, sam)
        self.assertBilled(found, "Third Ltd")

    def test_a_delivery_goes_to_no_contact_of_another_company(self):
        self.find_partner(company="First Ltd")
        order = self.make_order(None, {**SAM, **ELSEWHERE}, company="Other Ltd")
        found = self.find(order)[order.id]
        self.assertBilled(found, "Other Ltd")
        self.assertEqual(found.delivery.street, "9 New Road")

    def test_goods_for_another_company_than_the_one_billed_bear_its_name(self):
        forwarder = {**SAM, **ELSEWHERE, "company": "Forwarder Inc"}
        order = self.make_order(None, forwarder, company="Zed Ltd")
        found = self.find(order)[order.id]
        self.assertEqual(found.invoice.commercial_partner_id.name, "Zed Ltd")
        label = found.delivery._display_address()
        self.assertIn("Forwarder Inc", label)
        self.assertNotIn("Zed Ltd", label)
        self.assertFalse(self.get_companies("Forwarder Inc"))
        before = self.count_partners()
        again = self.make_order(None, forwarder, company="Zed Ltd")
        self.assertEqual(self.find(again)[again.id], found)
        self.assertEqual(self.count_partners(), before)
        other = self.make_order(PAT, {**forwarder, "email": PAT["email"]})
        self.assertNotEqual(
            self.find(other)[other.id].delivery, found.delivery, "Pat's own"
        )

    def test_a_person_with_two_companies_in_a_batch_joins_the_first(self):
        one, other = self.find_partners(
            self.make_order(**ACME), self.make_order(company="Other Ltd")
        )
        self.assertEqual(one, other)
        self.assertEqual(one.parent_id.name, "Acme Ltd")

    # with the other options

    def test_the_receivable_account_is_the_company_s(self):
        account = self.env["account.account"].create(
            {
                "name": "BigCommerce Receivable",
                "code": "BC1200",
                "account_type": "asset_receivable",
                "reconcile": True,
            }
        )
        self.instance.receivable_account_id = account
        sam = self.find_partner(**ACME)
        for partner in (sam, sam.parent_id):
            self.assertEqual(partner.property_account_receivable_id, account)

    def test_a_company_of_odoo_keeps_its_receivable_account(self):
        company = self.make_company()
        before = company.property_account_receivable_id
        self.instance.receivable_account_id = before.copy({"code": "BC1201"})
        sam = self.find_partner(**ACME)
        self.assertEqual(sam.parent_id, company)
        for partner in (sam, company):
            self.assertEqual(partner.property_account_receivable_id, before)

    def test_a_company_is_kept_in_the_company_of_the_store(self):
        self.instance.keep_in_company = True
        sam = self.find_partner(**ACME)
        self.assertEqual(sam.company_id, self.instance.company_id)
        self.assertEqual(sam.parent_id.company_id, self.instance.company_id)

    def test_the_people_of_an_own_company_are_its_company_s(self):
        company = self.make_company(company_id=self.instance.company_id.id)
        sam = self.find_partner(**ACME)
        self.assertEqual(sam.parent_id, company)
        self.assertEqual(sam.company_id, self.instance.company_id)

    def test_the_people_of_a_company_without_an_email_are_known_again(self):
        pat = self.find_partner(PAT, **ACME)
        for phone in ("", "512-555-0100"):
            for place in ({}, ELSEWHERE):
                with self.subTest(phone=phone, **place):
                    guest = {**ACME, **place, "email": "", "phone": phone}
                    guest["first_name"] = f"Sam {phone} {len(place)}"
                    sam = self.find_partner(**guest)
                    self.assertEqual(sam.parent_id, pat.parent_id)
                    before = self.count_partners()
                    self.assertEqual(self.find_partner(**guest), sam)
                    self.assertEqual(self.count_partners(), before)

    def test_companies_cost_the_same_queries_however_many_they_are(self):
        def count(number):
            orders = [
                self.make_order(company=f"Company {one}", email=f"{one}@example.com")
                for one in range(number)
            ]
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.find(*orders)
            return self.env.cr.sql_log_count - before

        count(20)
        self.assertEqual(count(2), count(20))


@tagged("post_install", "-at_install")
class TestCompanyNames(ContactCase):
    """Without the option the companies of addresses are words."""

    def find_addresses(self, *shipping, **changes):
        order = self.make_order(None, *shipping, **changes)
        return self.find(order)[order.id]

    def test_the_company_of_a_delivery_is_on_its_label(self):
        dock = {**SAM, **ELSEWHERE, "company": "ACME Receiving"}
        found = self.find_addresses(dock)
        self.assertEqual(found.delivery.parent_id, found.partner)
        self.assertEqual(found.delivery.company_name, "ACME Receiving")
        self.assertIn("ACME Receiving", found.delivery._display_address())
        before = self.count_partners()
        self.assertEqual(self.find_addresses(dock), found)
        self.assertEqual(self.count_partners(), before)

    def test_another_company_at_the_same_place_is_another_address(self):
        found = self.find_addresses(**ACME)
        self.assertEqual(found.invoice, found.partner)
        self.assertEqual(self.find_addresses(**ACME).invoice, found.partner)
        other = self.find_addresses(company="Other Ltd")
        self.assertEqual(other.partner, found.partner)
        self.assertNotEqual(other.invoice, found.partner)
        self.assertEqual(other.invoice.commercial_company_name, "Other Ltd")
        self.assertEqual(self.find_addresses(company=" other  LTD "), other)
        self.assertEqual(self.find_addresses().invoice, found.partner, "says nothing")

    def test_who_belongs_to_a_company_in_odoo_is_billed_there(self):
        acme = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        sam = self.make_partner(parent_id=acme.id)
        found = self.find_addresses(company="ACME Limited")
        self.assertEqual(found.invoice.commercial_partner_id, acme)
        self.assertEqual(found.delivery.commercial_partner_id, acme)
        forwarder = {**SAM, **ELSEWHERE, "company": "Forwarder Inc"}
        found = self.find_addresses(forwarder, company="ACME Limited")
        self.assertEqual(found.partner, sam)
        self.assertEqual(found.invoice.commercial_partner_id, acme)
        self.assertIn("Forwarder Inc", found.delivery._display_address())

    def test_a_company_that_stands_for_the_name_is_not_said_twice(self):
        dock = {**SAM, **ELSEWHERE, **NO_PERSON, "company": "ACME Receiving"}
        found = self.find_addresses(dock)
        self.assertEqual(found.delivery.name, "ACME Receiving")
        self.assertFalse(found.delivery.company_name)
        self.assertEqual(self.find_addresses(dock).delivery, found.delivery)


@tagged("post_install", "-at_install")
class TestLane(BaseCase):
    """What two workers never do at the same time."""

    def get_lane(self, by_company=True, **changes):
        return get_customer_lane({"billing_address": {**SAM, **changes}}, by_company)

    def test_the_people_of_a_company_have_one_where_they_share_a_contact(self):
        sam = self.get_lane(**ACME)
        self.assertEqual(self.get_lane(company="ACME  ltd", email="p@x.com"), sam)
        self.assertNotEqual(self.get_lane(company="Other Ltd"), sam)
        self.assertNotEqual(self.get_lane(), sam)

    def test_everybody_has_an_own_one_elsewhere(self):
        sam = self.get_lane(by_company=False, **ACME)
        self.assertEqual(self.get_lane(by_company=False), sam)
        pat = self.get_lane(by_company=False, email="pat@example.com", **ACME)
        self.assertNotEqual(pat, sam)

    def test_it_does_not_say_who_it_is(self):
        self.assertNotIn("acme", self.get_lane(**ACME).lower())

    def test_who_has_no_name_has_no_lane(self):
        nobody = dict.fromkeys(SAM, "")
        self.assertEqual(self.get_lane(**nobody), "")
        self.assertEqual(get_customer_lane({"billing_address": None}), "")
        self.assertEqual(get_customer_lane({}), "")
