from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..client.payloads.address import Address
from .contact_keys import (
    PLACE_FIELDS,
    fold,
    get_contact_keys,
    get_name,
    get_person_name,
)

ADDRESS_TYPES = ("invoice", "delivery", "other")
# What is read of contacts at once.
FIELDS = (
    "active",
    "name",
    "email_normalized",
    "phone",
    "is_company",
    "commercial_partner_id",
    "parent_id",
    "company_id",
    *PLACE_FIELDS,
)


class Person(NamedTuple):
    """Somebody who is to have a contact.

    ``key``: by which the caller knows the person; ``customer_id``: id in the store of
    a registered customer, "" for a guest.
    """

    key: str
    address: Address
    customer_id: str = ""


class BigcommerceContacts(models.AbstractModel):
    """Finds or makes contacts, a batch at a time.

    A registered customer is the contact that was found the first time. Else a contact
    is the same when e-mail and name are, or where there is no e-mail, when name and
    whole address are, or name and phone. Nothing empty ever matches.
    """

    _name = "bigcommerce.contacts"
    _description = "BigCommerce Contacts"

    @api.model
    def _find_or_create_people(self, instance, people, places):
        """Return the contact of each person, by the person's key.

        :param list people: of :class:`Person`; who comes several times is one contact
        :param dict places: the values of each address, see ``bigcommerce.places``
        """
        bindings = self.env["bigcommerce.customer"]._find(
            instance, {person.customer_id for person in people} - {""}
        )
        bound = self.env["res.partner"].concat(
            *(binding.partner_id for binding in bindings.values())
        )
        bound.fetch(FIELDS)
        known = {
            ("customer", bc_id): binding.partner_id
            for bc_id, binding in bindings.items()
            if self._may_use(instance, binding.partner_id)
        }
        known |= self._search_known(instance, people, places, known)
        # A match is a contact, or the position of one that is still to be made.
        matches, drafts = {}, []
        for person in people:
            keys = self._get_keys(instance, person, places)
            match = next((known[key] for key in keys if key in known), None)
            if match is None:
                match = len(drafts)
                drafts.append(self._prepare_person_vals(instance, person, places))
                known.update(dict.fromkeys(keys, match))
            elif person.customer_id:
                known["customer", person.customer_id] = match
            matches[person.key] = match
        parents = self._find_companies(instance, people, places, matches, known, drafts)
        created = self._create_drafts(instance, drafts, parents)

        def get(match):
            return created[match] if isinstance(match, int) else match

        self._join_companies(
            {
                match: get(parent)
                for match, parent in parents.items()
                if not isinstance(match, int)
            }
        )
        partners = {key: get(match) for key, match in matches.items()}
        self._bind(instance, people, partners, bindings)
        return partners

    @api.model
    def _may_use(self, instance, partner):
        """Return whether a contact is there, in use and not another company's."""
        return partner.active and partner.company_id <= instance.company_id

    @api.model
    def _get_keys(self, instance, person, places):
        """Return by what a person is recognised, the surest first."""
        address = person.address
        place = places[address]
        keys = get_contact_keys(get_name(address), address.email, address.phone, place)
        if person.customer_id:
            keys.insert(0, ("customer", person.customer_id))
        if self._is_company(instance, address):
            keys.append(("company", fold(address.company), place["country_id"]))
        return keys

    @api.model
    def _is_company(self, instance, address):
        """Return whether an address names a company, and nobody in it."""
        return (
            instance.create_company_contact
            and address.company
            and not get_person_name(address)
        )

    @api.model
    def _search_known(self, instance, people, places, bound):
        """Return the contacts that ``people`` and their companies may be, by key.

        One query, on the indexes of e-mails and of names.
        """
        emails, names = set(), set()
        for person in people:
            address = person.address
            if instance.create_company_contact and address.company:
                names.add(address.company)
            if ("customer", person.customer_id) in bound:
                continue
            if email := email_normalize(address.email):
                emails.add(email)
            elif name := get_name(address):
                names.add(name)
        if not (emails or names):
            return {}
        candidates = self._search_contacts(
            instance,
            Domain("email_normalized", "in", list(emails))
            | self.env["res.partner"]._get_name_domain(names),
        )
        known = {}
        for partner in candidates:
            keys = get_contact_keys(
                partner.name, partner.email_normalized, partner.phone, partner
            )
            if partner.is_company:
                keys.append(("company", fold(partner.name), partner.country_id.id))
            for key in keys:
                known.setdefault(key, partner)
        # The people of a company have its address, and their own as an invoice address.
        people = candidates.filtered(
            lambda partner: partner.parent_id and not partner.email_normalized
        )
        for partner, _kind, name, place, *_rest in self._search_addresses(people):
            if name == fold(partner.name):
                known.setdefault(("place", name, place), partner)
        return known

    @api.model
    def _search_contacts(self, instance, domain):
        """Return the contacts that a store may use, no addresses, oldest first."""
        return self.env["res.partner"].search_fetch(
            Domain("company_id", "in", [False, instance.company_id.id])
            & Domain("type", "=", "contact")
            & domain,
            FIELDS,
            order="id",
        )

    @api.model
    def _prepare_person_vals(self, instance, person, places):
        address = person.address
        is_company = self._is_company(instance, address)
        return {
            **self._prepare_contact_vals(instance, address, places),
            "name": get_name(address) or self.env._("BigCommerce Customer"),
            "company_name": not is_company and address.company or False,
            "is_company": bool(is_company),
            "lang": instance.language_id.code,
        }

    @api.model
    def _prepare_contact_vals(self, instance, address, places):
        return {
            **places[address],
            "name": get_name(address),
            "email": address.email or False,
            "phone": address.phone or False,
            "company_id": instance.keep_in_company and instance.company_id.id,
        }

    @api.model
    def _create_drafts(self, instance, drafts, parents):
        """Create contacts, those of companies after the companies.

        :param list drafts: values of contacts
        :param dict parents: match of the company of each match that belongs to one
        :return: list of res.partner, in the order of ``drafts``
        """
        own = [place for place in range(len(drafts)) if place not in parents]
        for place in own:
            if instance.receivable_account_id:
                account = instance.receivable_account_id
                drafts[place]["property_account_receivable_id"] = account.id
        # Odoo copies fields from and to a parent, and these have none: looking for one
        # would take a tenth of the time.
        Partner = self.env["res.partner"].with_company(instance.company_id)
        partners = Partner.with_context(_partners_skip_fields_sync=True).create(
            [drafts[place] for place in own]
        )
        created = dict(zip(own, partners.with_env(self.env), strict=True))
        own = [place for place in range(len(drafts)) if place in parents]
        for place in own:
            parent = parents[place]
            parent = created[parent] if isinstance(parent, int) else parent
            drafts[place]["parent_id"] = parent.id
            if parent.company_id:
                drafts[place]["company_id"] = parent.company_id.id
        partners = Partner.create([drafts[place] for place in own])
        created.update(zip(own, partners.with_env(self.env), strict=True))
        return [created[place] for place in range(len(drafts))]

    @api.model
    def _bind(self, instance, people, partners, bindings):
        """Remember the contact of each registered customer.

        :param dict bindings: those there are, by id in the store
        """
        missing = {}
        for person in people:
            partner, bc_id = partners[person.key], person.customer_id
            if bc_id in bindings:
                if bindings[bc_id].partner_id != partner:
                    bindings[bc_id].partner_id = partner
            elif bc_id:
                missing.setdefault(
                    bc_id,
                    {
                        "instance_id": instance.id,
                        "company_id": instance.company_id.id,
                        "bc_id": bc_id,
                        "name": get_name(person.address) or f"#{bc_id}",
                        "email": person.address.email or False,
                        "partner_id": partner.id,
                    },
                )
        self.env["bigcommerce.customer"].create(list(missing.values()))
