from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..client.payloads.address import Address
from .contact_keys import (
    PLACE_FIELDS,
    fold,
    get_company_key,
    get_contact_keys,
    get_name,
    get_person_name,
    get_place_key,
    is_empty,
    is_place,
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

    # People

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

    # Companies

    @api.model
    def _find_companies(self, instance, people, places, matches, known, drafts):
        """Return the companies of people who come to belong to one, as matches.

        A company that is not known becomes one of the ``drafts``.

        :return: dict of match of the person -> match of the company
        """
        parents = {}
        people = [
            person
            for person in people
            if instance.create_company_contact
            and person.address.company
            and get_person_name(person.address)
        ]
        staying = self._get_staying(
            {match for one in people if not isinstance(match := matches[one.key], int)}
        )
        for person in people:
            address, match = person.address, matches[person.key]
            key = ("company", fold(address.company), places[address]["country_id"])
            company = known.get(key)
            if isinstance(match, int):
                joins = not drafts[match]["is_company"]
            else:
                vat = isinstance(company, models.Model) and company.vat
                joins = match not in staying and match.vat in (False, vat)
            if not joins or match in parents:
                continue
            if company is None:
                company = known[key] = len(drafts)
                drafts.append(self._prepare_company_vals(instance, address, places))
            if company != match:
                parents[match] = company
        return parents

    @api.model
    def _get_staying(self, partners):
        """Return those of ``partners`` that stay where they are, and join no company.

        Companies and the people of one; employees; who has journal items, for the
        accounts would change. Who has another tax ID than the company does not either.
        """
        partners = self.env["res.partner"].concat(*partners)
        staying = partners.filtered(
            lambda partner: (
                partner.is_company or partner.parent_id or not partner.partner_share
            )
        )
        groups = self.env["account.move.line"]._read_group(
            [("partner_id", "in", (partners - staying).ids)], ["partner_id"]
        )
        return staying.union(*(partner for (partner,) in groups))

    @api.model
    def _find_or_create_billed(self, instance, people, partners, places):
        """Return whose addresses those of each person's order are, by person's key.

        They are the person's; but the company's that the person orders for without
        being one of its contacts, so that it is the company that is billed.

        :param dict partners: the contacts of the people
        """
        strangers = {}
        for person in people:
            address = person.address
            is_stranger = (
                instance.create_company_contact
                and address.company
                and not self._is_of(partners[person.key], address.company)
            )
            if is_stranger:
                country = places[address]["country_id"]
                strangers[person.key] = (fold(address.company), country)
        if not strangers:
            return partners
        addresses = {person.key: person.address for person in people}
        known = {}
        for company in self._search_contacts(
            instance,
            Domain("is_company", "=", True)
            & self.env["res.partner"]._get_name_domain(
                {addresses[key].company for key in strangers}
            ),
        ):
            known.setdefault((fold(company.name), company.country_id.id), company)
        missing = {
            identity: self._prepare_company_vals(instance, addresses[key], places)
            for key, identity in strangers.items()
            if identity not in known
        }
        created = self._create_drafts(instance, list(missing.values()), {})
        known.update(zip(missing, created, strict=True))
        return partners | {key: known[identity] for key, identity in strangers.items()}

    @api.model
    def _is_of(self, partner, company):
        """Return whether a contact is that company, or one of its contacts."""
        commercial = partner.commercial_partner_id
        return commercial.is_company and fold(commercial.name) == fold(company)

    @api.model
    def _prepare_company_vals(self, instance, address, places):
        """Return the values of a company: the e-mail and the phone are a person's."""
        return {
            **self._prepare_contact_vals(instance, address, places),
            "name": address.company,
            "email": False,
            "phone": False,
            "is_company": True,
            "lang": instance.language_id.code,
        }

    @api.model
    def _join_companies(self, parents):
        """Make contacts that had no company contacts of one.

        Odoo gives them the company's address: their own stays as another address.

        :param dict parents: contact -> company
        """
        former = []
        for partner, company in parents.items():
            place = partner._convert_to_write(
                {field: partner[field] for field in PLACE_FIELDS}
            )
            key = get_place_key(partner)
            partner.parent_id = company
            if is_place(place) and get_place_key(partner) != key:
                former.append(
                    {
                        **place,
                        "name": partner.name,
                        "type": "other",
                        "parent_id": partner.id,
                        "company_id": partner.company_id.id,
                    }
                )
        self.env["res.partner"].create(former)

    # Addresses

    @api.model
    def _find_or_create_addresses(self, instance, wanted, places):
        """Return the contact of each address that somebody is reached at.

        An address equal to the contact's own is the contact; another one is a child
        contact, made once. Also the company that an address names makes it another one.

        :param dict wanted: any key -> (contact, type of address, payloads.Address);
            no contact: the address stands for itself, since below the contact it would
            bear the name of another company
        """
        found, keys = {}, {}
        for key, (partner, kind, address) in wanted.items():
            _kind, name, place, company, _email = identity = self._get_address_key(
                partner, kind, address, places[address]
            )
            own = (fold(partner.name), get_place_key(partner)) if partner else None
            own_company = get_company_key(partner.name, partner.commercial_company_name)
            if is_empty(address) or (
                (name, place) == own and company in ("", own_company)
            ):
                found[key] = partner
            else:
                keys[key] = (partner, *identity)
        if not keys:
            return found
        known = self._search_addresses(
            {partner for partner, *_key in keys.values() if partner},
            self._get_stray_domain(
                instance,
                {
                    get_name(address)
                    for partner, _kind, address in wanted.values()
                    if not partner
                },
            ),
        )
        missing = {}
        for key, child in keys.items():
            partner, _kind, *identity = child
            other = (partner, "other", *identity)
            if child not in known and other in known:
                known[child] = known[other]
            if child not in known:
                missing.setdefault(child, wanted[key])
        created = self.env["res.partner"].create(
            [
                self._prepare_address_vals(instance, *one, places)
                for one in missing.values()
            ]
        )
        for (partner, *_key), address, child in zip(
            missing, (one[-1] for one in missing.values()), created, strict=True
        ):
            # Odoo leaves it out of a child contact, even where no company is above.
            if partner and not partner.commercial_partner_id.is_company:
                if get_company_key(child.name, address.company):
                    child.company_name = address.company
        known.update(zip(missing, created, strict=True))
        return found | {key: known[child] for key, child in keys.items()}

    @api.model
    def _get_address_key(self, partner, kind, address, place):
        """Return by what an address of a contact, or of nobody, is recognised.

        Below a person it is theirs, whatever e-mail it says.
        """
        name = get_name(address) or partner.name
        commercial = partner.commercial_partner_id
        company = commercial.name if commercial.is_company else address.company
        is_persons = partner and not partner.is_company
        return (
            kind,
            fold(name),
            get_place_key(place),
            get_company_key(name, company),
            "" if is_persons else email_normalize(address.email) or "",
        )

    @api.model
    def _get_stray_domain(self, instance, names):
        """Return the domain of addresses called so that are below no contact."""
        return (
            Domain("parent_id", "=", False)
            & Domain("company_id", "in", [False, instance.company_id.id])
            & self.env["res.partner"]._get_name_domain(names)
        )

    @api.model
    def _search_addresses(self, partners, strays=Domain.FALSE):
        """Return the addresses of contacts, and others, by contact and address key.

        :param strays: domain of those that are below no contact
        """
        known, domain = {}, strays
        if partners:
            domain |= Domain("parent_id", "in", [partner.id for partner in partners])
        if domain.is_false():
            return known
        for child in self.env["res.partner"].search_fetch(
            domain & Domain("type", "in", ADDRESS_TYPES),
            [
                "name",
                "type",
                "parent_id",
                "email_normalized",
                "commercial_company_name",
                *PLACE_FIELDS,
            ],
            order="id",
        ):
            partner = child.parent_id
            name = child.name or partner.name
            is_persons = partner and not partner.is_company
            key = (
                partner,
                child.type,
                fold(name),
                get_place_key(child),
                get_company_key(name, child.commercial_company_name),
                "" if is_persons else child.email_normalized or "",
            )
            known.setdefault(key, child)
        return known

    @api.model
    def _prepare_address_vals(self, instance, partner, kind, address, places):
        vals = self._prepare_contact_vals(instance, address, places)
        if not partner:
            vals |= {
                "company_name": address.company,
                "lang": instance.language_id.code,
            }
        return {
            **vals,
            "name": vals["name"] or partner.name,
            "type": kind,
            "parent_id": partner.id,
            "company_id": partner.company_id.id or vals["company_id"],
        }
