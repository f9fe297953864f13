from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from .contact_keys import (
    PLACE_FIELDS,
    fold,
    get_company_key,
    get_name,
    get_place_key,
    is_empty,
)

ADDRESS_TYPES = ("invoice", "delivery", "other")


class BigcommerceContacts(models.AbstractModel):
    """The addresses that people are reached at."""

    _inherit = "bigcommerce.contacts"

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
