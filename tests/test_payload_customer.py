from datetime import datetime, timezone

from odoo.tests import BaseCase, tagged

from ..client.errors import ProtocolError
from ..client.payloads.address import Address
from ..client.payloads.customer import Customer, parse_address

RAW = {
    "id": 7,
    "email": "sam@example.com",
    "first_name": "Sam",
    "last_name": "Shopper",
    "company": "Acme Ltd",
    "phone": "512-555-0100",
    "customer_group_id": 3,
    "address_count": 12,
    "date_modified": "2026-04-28T13:06:44Z",
    "addresses": [
        {
            "id": 70,
            "customer_id": 7,
            "first_name": "Sam",
            "last_name": "Shopper",
            "company": "Acme Ltd",
            "address1": "1 Main Street",
            "address2": "Suite 2",
            "city": "Austin",
            "state_or_province": "Texas",
            "postal_code": "78701",
            "country": "United States",
            "country_code": "us",
            "phone": "512-555-0101",
            "address_type": "residential",
        }
    ],
}
HOME = Address(
    first_name="Sam",
    last_name="Shopper",
    company="Acme Ltd",
    street_1="1 Main Street",
    street_2="Suite 2",
    city="Austin",
    state="Texas",
    zip="78701",
    country="United States",
    country_code="US",
    phone="512-555-0101",
)


@tagged("post_install", "-at_install")
class TestCustomer(BaseCase):
    def test_everything_is_read(self):
        customer = Customer.parse(RAW)
        self.assertEqual(
            customer,
            Customer(
                id="7",
                first_name="Sam",
                last_name="Shopper",
                company="Acme Ltd",
                email="sam@example.com",
                phone="512-555-0100",
                group_id="3",
                address_count=12,
                addresses=(HOME,),
                date_modified=datetime(2026, 4, 28, 13, 6, 44, tzinfo=timezone.utc),
            ),
        )

    def test_an_address_book_has_words_of_its_own(self):
        self.assertEqual(parse_address(RAW["addresses"][0]), HOME)
        self.assertEqual(parse_address({}), Address())

    def test_all_addresses_may_come_apart(self):
        rows = [RAW["addresses"][0], {**RAW["addresses"][0], "city": "Waco"}]
        customer = Customer.parse(RAW, rows)
        self.assertEqual([one.city for one in customer.addresses], ["Austin", "Waco"])
        self.assertEqual(Customer.parse(RAW, []).addresses, ())

    def test_what_is_missing_is_empty(self):
        customer = Customer.parse({"id": 7})
        self.assertEqual(customer.email, "")
        self.assertEqual(customer.addresses, ())
        self.assertEqual(customer.address_count, 0)
        self.assertIsNone(customer.date_modified)

    def test_no_group_is_none(self):
        self.assertEqual(Customer.parse({**RAW, "customer_group_id": 0}).group_id, "")

    def test_there_are_at_least_the_addresses_that_came(self):
        for count in (0, None, ""):
            customer = Customer.parse({**RAW, "address_count": count})
            self.assertEqual(customer.address_count, 1)

    def test_what_makes_no_sense_is_refused(self):
        for change in (
            {"id": None},
            {"id": 0},
            {"email": {"x": 1}},
            {"addresses": "none"},
            {"addresses": [5]},
            {"date_modified": "soon"},
            {"address_count": "many"},
        ):
            with self.subTest(**change):
                with self.assertRaises(ProtocolError) as caught:
                    Customer.parse({**RAW, **change})
                self.assertIn(next(iter(change)), str(caught.exception))
        for raw in ([1], "x", 5):
            with self.subTest(raw=raw), self.assertRaises(ProtocolError):
                Customer.parse(raw)

    def test_a_name_is_in_no_log(self):
        self.assertNotIn("Sam", repr(Customer.parse(RAW)))
