from dataclasses import replace

from odoo import api, models

from ..client.errors import ProtocolError
from ..client.payloads.address import Address
from ..client.payloads.customer import Customer
from ..client.resources.scopes import CUSTOMERS
from .contact_keys import PLACE_FIELDS, get_lane, get_name, is_place
from .contacts import Person
from .operation import Found, FoundPage
from .problems import Blocked
from .values import get_newest_change, parse_utc, to_odoo

# Key of our own in the details of a customer with more addresses than came along.
ALL_ADDRESSES = "all_addresses"


def get_contact_address(customer):
    """Return who a customer is, at the first address of the address book."""
    first = next(iter(customer.addresses), Address())
    has_name = customer.first_name or customer.last_name
    return replace(
        first,
        first_name=customer.first_name if has_name else first.first_name,
        last_name=customer.last_name if has_name else first.last_name,
        company=customer.company or first.company,
        phone=customer.phone or first.phone,
        email=customer.email,
    )


class BigcommerceImportCustomers(models.AbstractModel):
    """Keep the store's registered customers, with their address books, as contacts."""

    _name = "bigcommerce.import.customers"
    _inherit = ["bigcommerce.operation", "bigcommerce.contacts"]
    _description = "Import Customers"

    _code = "import_customers"
    _subject_model = "bigcommerce.customer"
    _priority = 40
    _interval = (1, "days")
    _choices = {"everything": "full", "since": "since", "customer_numbers": "ids"}
    _scopes = (CUSTOMERS,)

    @api.model
    def _get_label(self):
        return self.env._("Import Customers")

    @api.model
    def _discover(self, client, instance, options, resume):
        """Scan by cursors, so that nothing shifts while the pages are read."""
        filters = resume.get("filters")
        if filters is None:
            filters = self._get_filters(instance, options)
        for page in client.iterate_customers(
            customer_ids=options.get("ids"),
            after=resume.get("after", ""),
            **{name: parse_utc(text) for name, text in filters.items()},
        ):
            yield FoundPage(
                [self._found(instance, raw) for raw in page.items],
                {"after": page.cursor, "filters": filters},
                page.date,
                get_newest_change(page.items),
            )

    @api.model
    def _found(self, instance, raw):
        email, *names = (
            str(raw.get(field) or "")
            for field in ("email", "first_name", "last_name", "company")
        )
        company = names[-1] if instance.create_company_contact else ""
        name = " ".join(names[:2]).strip() or email
        return Found(
            str(raw["id"]),
            name or self.env._("Customer %s", raw["id"]),
            raw,
            # Two workers would both make a contact that two accounts share.
            get_lane(email, *names, company=company),
        )

    @api.model
    def _keep_found(self, instance, options, items):
        """Return who is new, has changed, or has no contact."""
        bindings = self.env["bigcommerce.customer"]._find(
            instance, [item.key for item in items]
        )
        settled = {
            bc_id: binding.payload_digest
            for bc_id, binding in bindings.items()
            if binding.active and binding.partner_id.active
        }
        return [
            item
            for item in items
            if settled.get(item.key) != self._digest(item.payload)
        ]

    @api.model
    def _digest(self, payload):
        payload = {key: value for key, value in payload.items() if key != ALL_ADDRESSES}
        return self.env["bigcommerce.reference"]._digest(payload)

    @api.model
    def _fetch(self, client, lines):
        """Read the address books of which not all came along."""
        incomplete = {}
        for line in lines:
            try:
                customer = Customer.parse(line._get_payload())
            except ProtocolError:
                # For the same reason it will be blocked when it is applied.
                continue
            if customer.address_count > len(customer.addresses):
                incomplete[customer.id] = line
        rows = {line: [] for line in incomplete.values()}
        for page in client.iterate_customer_addresses(list(incomplete)):
            for raw in page.items:
                if line := incomplete.get(str(raw.get("customer_id"))):
                    rows[line].append(raw)
        return {line: {ALL_ADDRESSES: own} for line, own in rows.items()}

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        customers, digests, outcomes = {}, {}, {}
        for line in lines:
            payload = line._get_payload()
            try:
                customer = Customer.parse(payload, payload.get(ALL_ADDRESSES))
            except ProtocolError as error:
                outcomes[line] = Blocked("unreadable", str(error))
            else:
                customers[line] = customer
                digests[customer.id] = self._digest(payload)
        bindings = self._import(instance, list(customers.values()), digests)
        outcomes |= {line: bindings[one.id] for line, one in customers.items()}
        return outcomes

    @api.model
    def _import(self, instance, customers, digests):
        """Make contacts of customers, or complete those there are.

        :param list customers: payloads
        :param dict digests: digest of what the store answered, by customer id
        :return: dict of customer id -> bigcommerce.customer
        """
        Binding = self.env["bigcommerce.customer"]
        known = Binding._find(instance, digests)
        former_emails = {
            bc_id: binding.email
            for bc_id, binding in known.items()
            # What an order said is not the e-mail of the account.
            if binding.payload_digest
        }
        bindings = Binding._upsert(
            instance,
            {
                customer.id: self._prepare_binding_vals(customer, digests[customer.id])
                for customer in customers
            },
        )
        people = [
            Person(customer.id, get_contact_address(customer), customer.id)
            for customer in customers
        ]
        places = self.env["bigcommerce.places"]._get_places(
            instance,
            {person.address for person in people}
            | {address for customer in customers for address in customer.addresses},
        )
        partners = self._find_or_create_people(instance, people, places)
        for person in people:
            self._complete(
                partners[person.key],
                self._prepare_contact_vals(instance, person.address, places),
                former_emails.get(person.key),
            )
        self._find_or_create_addresses(
            instance,
            {
                (customer.id, position): (partners[customer.id], "other", address)
                for customer in customers
                for position, address in enumerate(customer.addresses)
            },
            places,
        )
        return bindings

    @api.model
    def _prepare_binding_vals(self, customer, digest):
        return {
            "name": get_name(get_contact_address(customer)) or f"#{customer.id}",
            "email": customer.email,
            "phone": customer.phone,
            "company_name": customer.company,
            "group_bc_id": customer.group_id,
            "address_count": customer.address_count,
            "date_modified": to_odoo(customer.date_modified),
            "payload_digest": digest,
        }

    @api.model
    def _complete(self, partner, vals, former_email):
        """Fill in what a contact does not say; what a person wrote stays.

        :param former_email: e-mail of the account until now, if it is known: a contact
            that has this one follows the account
        """
        missing = {
            field: vals[field]
            for field in ("email", "phone")
            if vals[field] and not partner[field]
        }
        email = vals["email"]
        if email and email != partner.email and partner.email == former_email:
            missing["email"] = email
        if is_place(vals) and not is_place(partner) and not partner.parent_id:
            missing |= {field: vals[field] for field in PLACE_FIELDS if vals[field]}
        if missing:
            partner.write(missing)

    @api.model
    def _get_log_name(self, line):
        return self.env._("Customer %s", line.key)
