"""Registered customers come in with their address books; what people wrote stays."""

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..client.errors import Forbidden
from .common import SandboxCase

ANNA, MARCUS, PRIYA, TOM = "2", "3", "4", "5"
CUSTOMERS = 9
USER = "bigcommerce_connector.bigcommerce_group_user"
ALL_BUT_CUSTOMERS = [
    "store_v2_information_read_only",
    "store_v2_orders_read_only",
    "store_v2_products_read_only",
    "store_inventory_read_only",
    "store_locations_read_only",
    "store_channel_settings_read_only",
]


class CustomerCase(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()

    def import_customers(self, **options):
        return self.run_operation(self.instance, "import_customers", **options)

    def get_binding(self, bc_id):
        return (
            self.env["bigcommerce.customer"]
            .with_context(active_test=False)
            .search([("instance_id", "=", self.instance.id), ("bc_id", "=", bc_id)])
        )

    def get_partner(self, bc_id):
        return self.get_binding(bc_id).partner_id

    def count_partners(self):
        return self.env["res.partner"].with_context(active_test=False).search_count([])

    def change(self, bc_id, **change):
        self.store.patch(f"v3/customers/{bc_id}", **change)

    def get_addresses(self, bc_id):
        return self.store.control("GET", f"v3/customers/{bc_id}/addresses")

    def put_addresses(self, bc_id, addresses):
        """Change the address book, and say that the customer changed."""
        self.store.put(f"v3/customers/{bc_id}/addresses", addresses)
        self.change(bc_id)

    def make_addresses(self, bc_id, count):
        """Return ``count`` addresses, the customer's first one among them."""
        first = self.get_addresses(bc_id)[0]
        return [first] + [
            {
                **first,
                "id": 1000 * int(bc_id) + number,
                "address1": f"{number} Side Street",
            }
            for number in range(1, count)
        ]


@tagged("post_install", "-at_install")
class TestImportCustomers(CustomerCase):
    def test_every_customer_is_a_contact_with_a_binding(self):
        before = self.count_partners()
        job = self.import_customers()
        self.assertEqual(job.state, "done")
        bindings = self.env["bigcommerce.customer"].search([])
        self.assertEqual(len(bindings), CUSTOMERS)
        self.assertEqual(len(bindings.partner_id), CUSTOMERS)
        # Anna's sister and Priya's workshop are addresses of their own.
        self.assertEqual(self.count_partners(), before + CUSTOMERS + 2)

    def test_a_contact_has_all_that_the_store_knows(self):
        self.change(PRIYA, customer_group_id=3)
        self.import_customers()
        binding = self.get_binding(PRIYA)
        self.assertEqual(binding.name, "Priya Raman")
        self.assertEqual(binding.email, "priya.raman@example.com")
        self.assertEqual(binding.company_name, "Raman Interiors")
        self.assertEqual(binding.group_bc_id, "3")
        self.assertEqual(binding.address_count, 2)
        self.assertTrue(binding.date_modified)
        partner = binding.partner_id
        self.assertEqual(partner.name, "Priya Raman")
        self.assertEqual(partner.email, "priya.raman@example.com")
        self.assertEqual(partner.company_name, "Raman Interiors")
        self.assertEqual(partner.street, "410 Market Street")
        self.assertEqual(partner.street2, "Suite 8")
        self.assertEqual(partner.city, "Houston")
        self.assertEqual(partner.state_id.code, "TX")
        self.assertEqual(partner.zip, "77002")
        self.assertEqual(partner.country_id.code, "US")
        self.assertEqual(partner.lang, "en_US")
        self.assertEqual(self.get_partner(ANNA).phone, "512-555-0111")

    def test_the_address_book_is_child_contacts(self):
        self.import_customers()
        anna = self.get_partner(ANNA)
        self.assertEqual(anna.street, "100 Main Street")
        sister = anna.child_ids
        self.assertEqual(sister.name, "Elin Lindqvist")
        self.assertEqual(sister.type, "other")
        self.assertEqual(sister.street, "31 Lake View")
        self.assertFalse(self.get_partner(MARCUS).child_ids, "it is the contact's own")

    def test_an_address_of_the_book_is_the_one_that_is_shipped_to(self):
        self.import_customers()
        self.run_operation(self.instance, "import_listings")
        before = self.count_partners()
        bc_id = self.store.place_order(
            lines=[{"sku": "MUG-ENAMEL"}],
            customer_id=2,
            billing=self.read_address(ANNA, 0),
            addresses=[self.read_address(ANNA, 1)],
        )
        self.run_operation(self.instance, "import_orders", ids=[bc_id])
        order = self.get_order(bc_id).sale_order_id
        anna = self.get_partner(ANNA)
        self.assertEqual(order.partner_id, anna)
        self.assertEqual(order.partner_invoice_id, anna)
        self.assertEqual(order.partner_shipping_id, anna.child_ids)
        self.assertEqual(self.count_partners(), before)

    def read_address(self, bc_id, position):
        """Return an address of a book in the words of orders."""
        raw = self.get_addresses(bc_id)[position]
        return {
            "first_name": raw["first_name"],
            "last_name": raw["last_name"],
            "email": "anna.lindqvist@example.com",
            "street_1": raw["address1"],
            "city": raw["city"],
            "state": raw["state_or_province"],
            "zip": raw["postal_code"],
            "country": raw["country"],
            "country_iso2": raw["country_code"],
        }

    def test_a_customer_without_addresses_has_none(self):
        self.put_addresses(TOM, [])
        self.import_customers()
        tom = self.get_partner(TOM)
        self.assertEqual(tom.name, "Tom Hale")
        self.assertFalse(tom.street or tom.child_ids)
        self.assertEqual(tom.country_id, self.instance.country_id)

    def test_more_addresses_than_come_along_are_all_read(self):
        for count, asked in ((10, 0), (11, 1), (40, 1)):
            with self.subTest(count=count):
                self.put_addresses(TOM, self.make_addresses(TOM, count))
                self.store.forget_requests()
                self.import_customers()
                self.assertEqual(len(self.get_partner(TOM).child_ids), count - 1)
                self.assertEqual(self.get_binding(TOM).address_count, count)
                requests = self.store.get_requests("/v3/customers/addresses")
                self.assertEqual(len(requests), asked)

    def test_the_address_books_of_a_batch_are_read_together(self):
        for bc_id in (MARCUS, PRIYA, TOM):
            self.put_addresses(bc_id, self.make_addresses(bc_id, 100))
        self.import_customers()
        for bc_id in (MARCUS, PRIYA, TOM):
            self.assertEqual(len(self.get_partner(bc_id).child_ids), 99)
        # 300 addresses are two pages of 250
        requests = self.store.get_requests("/v3/customers/addresses")
        self.assertEqual(len(requests), 2)

    def test_only_the_customers_asked_for(self):
        self.import_customers(ids=[ANNA, TOM])
        bindings = self.env["bigcommerce.customer"].search([])
        self.assertEqual(set(bindings.mapped("bc_id")), {ANNA, TOM})

    def test_a_long_list_is_read_to_its_end_page_by_page(self):
        raw = self.store.control("GET", f"v3/customers/{ANNA}")
        self.store.put(
            "v3/customers",
            [
                {**raw, "id": number, "email": f"{number}@example.com"}
                for number in range(1, 602)
            ],
        )
        self.import_customers()
        self.assertEqual(self.env["bigcommerce.customer"].search_count([]), 601)
        pages = [
            request["query"] for request in self.store.get_requests("^/v3/customers$")
        ]
        self.assertEqual(len(pages), 3)

    def test_a_store_without_customers_is_no_problem(self):
        self.store.delete("v3/customers")
        self.assertEqual(self.import_customers().state, "done")

    def test_one_unreadable_customer_does_not_stop_the_others(self):
        self.change(ANNA, email={"x": 1})
        self.import_customers()
        line = self.get_lines("import_customers", key=ANNA)
        self.assertEqual(line.state, "blocked")
        self.assertEqual(line.cause_id.code, "unreadable")
        self.assertFalse(self.get_binding(ANNA))
        self.assertTrue(self.get_partner(MARCUS))

    # the contacts of Odoo

    def test_a_contact_that_odoo_knows_is_used(self):
        anna = self.env["res.partner"].create(
            {"name": "anna lindqvist", "email": "Anna.Lindqvist@Example.com"}
        )
        self.import_customers()
        self.assertEqual(self.get_partner(ANNA), anna)
        self.assertEqual(anna.name, "anna lindqvist")
        self.assertEqual(anna.phone, "512-555-0111", "it was empty")
        self.assertEqual(anna.street, "100 Main Street", "it was empty")

    def test_what_a_person_wrote_stays(self):
        anna = self.env["res.partner"].create(
            {
                "name": "Anna Lindqvist",
                "email": "anna.lindqvist@example.com",
                "phone": "1",
                "street": "Elsewhere 1",
            }
        )
        self.import_customers()
        self.assertEqual(self.get_partner(ANNA), anna)
        self.assertEqual(anna.phone, "1")
        self.assertEqual(anna.street, "Elsewhere 1")
        self.assertFalse(anna.zip, "an address is one whole")
        self.assertEqual(
            set(anna.child_ids.mapped("street")), {"100 Main Street", "31 Lake View"}
        )

    def test_what_a_person_changes_stays(self):
        self.import_customers()
        anna = self.get_partner(ANNA)
        changed = {"name": "Anna L.", "phone": "2", "street": "9 New Road"}
        anna.write(changed)
        self.change(ANNA, phone="512-555-9999", first_name="Annie")
        self.import_customers()
        for field, value in changed.items():
            self.assertEqual(anna[field], value)
        self.assertEqual(self.get_binding(ANNA).name, "Annie Lindqvist")

    def test_the_customer_of_an_order_is_the_customer_that_is_imported(self):
        self.store.reset()
        self.run_operation(self.instance, "import_listings")
        bc_id = self.store.place_order(
            lines=[{"sku": "MUG-ENAMEL"}],
            customer_id=2,
            billing={
                "first_name": "A.",
                "last_name": "Lindqvist",
                "email": "private@example.com",
            },
        )
        self.run_operation(self.instance, "import_orders", ids=[bc_id])
        anna = self.get_order(bc_id).sale_order_id.partner_id
        self.import_customers(ids=[ANNA])
        self.assertEqual(self.get_partner(ANNA), anna)
        self.assertEqual(anna.email, "private@example.com")
        binding = self.get_binding(ANNA)
        self.assertEqual(binding.name, "Anna Lindqvist")
        self.assertEqual(binding.email, "anna.lindqvist@example.com")

    def test_a_contact_follows_the_email_of_its_account(self):
        self.import_customers()
        anna = self.get_partner(ANNA)
        self.change(ANNA, email="anna@new.example.com")
        self.import_customers()
        self.assertEqual(self.get_partner(ANNA), anna)
        self.assertEqual(anna.email, "anna@new.example.com")
        self.assertEqual(self.get_binding(ANNA).email, "anna@new.example.com")

    def test_a_contact_with_an_email_of_its_own_keeps_it(self):
        self.import_customers()
        anna = self.get_partner(ANNA)
        anna.email = "anna@odoo.example.com"
        self.change(ANNA, email="anna@new.example.com")
        self.import_customers()
        self.assertEqual(self.get_partner(ANNA), anna)
        self.assertEqual(anna.email, "anna@odoo.example.com")

    def test_a_new_address_becomes_a_child_and_the_others_stay(self):
        self.import_customers()
        anna = self.get_partner(ANNA)
        former = anna.child_ids
        extra = {**self.get_addresses(ANNA)[0], "id": 999, "address1": "1 New Road"}
        self.put_addresses(ANNA, [*self.get_addresses(ANNA), extra])
        self.import_customers()
        self.assertEqual((anna.child_ids - former).street, "1 New Road")
        self.assertEqual(anna.child_ids & former, former)

    def test_an_address_deleted_in_the_store_stays(self):
        self.import_customers()
        anna = self.get_partner(ANNA)
        former = anna.child_ids
        self.put_addresses(ANNA, self.get_addresses(ANNA)[:1])
        self.import_customers()
        self.assertEqual(anna.child_ids, former)

    # companies

    def test_the_company_of_a_customer_is_a_contact_if_wanted(self):
        self.instance.create_company_contact = True
        self.import_customers()
        priya = self.get_partner(PRIYA)
        self.assertEqual(priya.parent_id.name, "Raman Interiors")
        self.assertTrue(priya.parent_id.is_company)
        self.assertEqual(priya.child_ids.street, "2 Foundry Yard")
        self.assertFalse(self.get_partner(ANNA).parent_id)

    def test_contacts_are_kept_in_the_company_if_wanted(self):
        self.instance.keep_in_company = True
        self.import_customers()
        anna = self.get_partner(ANNA)
        self.assertEqual((anna | anna.child_ids).company_id, self.instance.company_id)


@tagged("post_install", "-at_install")
class TestSecondImport(CustomerCase):
    def snapshot(self):
        return {
            model: self.env[model]
            .with_context(active_test=False)
            .search([])
            .mapped(lambda record: (record.id, record.write_date))
            for model in ("bigcommerce.customer", "res.partner")
        }

    def test_it_changes_nothing(self):
        self.import_customers()
        before, lines = self.snapshot(), self.get_lines("import_customers")
        self.import_customers()
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(self.get_lines("import_customers"), lines)

    def test_it_changes_nothing_where_there_are_many_addresses(self):
        self.put_addresses(TOM, self.make_addresses(TOM, 30))
        self.import_customers()
        before, lines = self.snapshot(), self.get_lines("import_customers")
        self.import_customers()
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(self.get_lines("import_customers"), lines)

    def test_a_customer_whose_contact_is_gone_gets_another(self):
        self.import_customers()
        for gone in ("unlink", "action_archive"):
            with self.subTest(gone=gone):
                former = self.get_partner(TOM)
                getattr(former, gone)()
                self.import_customers(ids=[TOM])
                partner = self.get_partner(TOM)
                self.assertEqual(partner.name, "Tom Hale")
                self.assertNotEqual(partner, former)

    def test_only_what_changed_since_is_asked_for(self):
        self.import_customers()
        self.store.forget_requests()
        self.store.control("PUT", "clock", {"advance": 3600})
        self.change(TOM, phone="1")
        self.import_customers()
        (request,) = self.store.get_requests("^/v3/customers$")
        self.assertIn("date_modified:min", str(request["query"]))
        line = self.get_lines("import_customers", key=TOM)
        self.assertEqual(len(line), 2)
        self.import_customers()
        self.assertEqual(len(self.get_lines("import_customers")), CUSTOMERS + 1)

    def test_a_run_for_some_customers_does_not_move_the_watermark(self):
        self.import_customers(ids=[TOM])
        job = self.env["bigcommerce.automatic.job"]._get_job(
            self.instance, "import_customers"
        )
        self.assertFalse(job.watermark)
        self.import_customers()
        self.assertTrue(job.watermark)
        self.assertFalse(job.active, "nothing runs by itself unasked")


@tagged("post_install", "-at_install")
class TestScope(CustomerCase):
    """Whoever may not read customers can do all the rest."""

    def setUp(self):
        super().setUp()
        self.store.control("PUT", "access", {"scopes": ALL_BUT_CUSTOMERS})

    def test_without_it_a_store_is_connected_and_its_orders_come(self):
        self.instance.action_test_connection()
        self.instance.action_confirm()
        self.run_operation(self.instance, "import_listings")
        bc_id = self.store.place_order(lines=[{"sku": "MUG-ENAMEL"}], customer_id=2)
        self.run_operation(self.instance, "import_orders", ids=[bc_id])
        self.assertEqual(self.get_order(bc_id).state, "imported")
        self.assertTrue(self.get_partner(ANNA))

    def test_the_import_of_customers_says_what_is_missing(self):
        job = self.import_customers()
        self.assertEqual(job.state, "failed")
        self.assertIn("Customers: read-only", job.error_message)

    def test_the_instance_says_it_once_customers_are_imported(self):
        self.import_customers()
        self.assertEqual(self.instance.missing_scopes, "Customers: read-only")

    def test_a_connection_test_says_it_where_customers_come_by_themselves(self):
        jobs = self.env["bigcommerce.automatic.job"]
        jobs._get_job(self.instance, "import_customers").active = True
        self.instance.action_test_connection()
        self.assertEqual(self.instance.missing_scopes, "Customers: read-only")

    def test_with_it_nothing_is_missing(self):
        self.store.control(
            "PUT",
            "access",
            {"scopes": [*ALL_BUT_CUSTOMERS, "store_v2_customers_read_only"]},
        )
        self.assertEqual(self.import_customers().state, "done")
        self.instance.action_test_connection()
        self.assertFalse(self.instance.missing_scopes)

    def test_the_client_names_the_missing_scope(self):
        with self.instance._connect() as client, self.assertRaises(Forbidden) as error:
            list(client.iterate_customers())
        self.assertEqual(error.exception.scope, "store_v2_customers_read_only")


@tagged("post_install", "-at_install")
class TestScreens(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_operation(cls.instance, "import_customers")
        cls.user = new_test_user(
            cls.env, "customers_user", f"{USER},base.group_partner_manager"
        )
        cls.employee = new_test_user(
            cls.env, "customers_employee", "base.group_partner_manager"
        )

    def test_the_button_starts_the_import(self):
        notification = self.instance.with_user(self.user).action_import_customers()
        self.assertIn("Import Customers", notification["params"]["title"])

    def test_customers_open_for_users(self):
        binding = self.get_binding(ANNA)
        form = Form(binding.with_user(self.user))
        self.assertEqual(form.partner_id, binding.partner_id)
        action = self.instance.with_user(self.user).action_view_customers()
        self.assertEqual(action["res_model"], "bigcommerce.customer")
        self.assertEqual(self.instance.customer_count, CUSTOMERS)

    def test_a_contact_leads_to_its_customers(self):
        anna = self.get_partner(ANNA).with_user(self.user)
        self.assertEqual(anna.bigcommerce_customer_count, 1)
        action = anna.action_view_bigcommerce_customers()
        found = self.env["bigcommerce.customer"].search(action["domain"])
        self.assertEqual(found, self.get_binding(ANNA))

    def test_only_users_of_the_connector_see_the_button(self):
        for user, is_offered in ((self.user, True), (self.employee, False)):
            view = self.env["res.partner"].with_user(user).get_view(view_type="form")
            self.assertEqual(
                "action_view_bigcommerce_customers" in view["arch"], is_offered
            )

    def test_an_instance_with_customers_cannot_change_its_store(self):
        self.env["bigcommerce.queue.job"].search([]).action_cancel()
        with self.assertRaises(UserError):
            self.instance.store_hash = "another"
