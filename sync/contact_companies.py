from odoo import api, models
from odoo.fields import Domain

from .contact_keys import (
    PLACE_FIELDS,
    fold,
    get_person_name,
    get_place_key,
    is_place,
)


class BigcommerceContacts(models.AbstractModel):
    """The companies that people belong to, or order for."""

    _inherit = "bigcommerce.contacts"

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
