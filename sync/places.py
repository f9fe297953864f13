from odoo import api, models
from odoo.tools import html_escape

from .contact_keys import fold_accents


class BigcommercePlaces(models.AbstractModel):
    """Puts addresses of the store into the words of Odoo's contacts."""

    _name = "bigcommerce.places"
    _description = "BigCommerce Places"

    @api.model
    def _get_places(self, instance, addresses):
        """Return the values of a contact that describe each place, by address.

        A state or a country that Odoo does not know is kept as a note of the contact,
        where it neither spoils the address nor is lost.

        :param addresses: set of payloads.Address
        """
        countries = self._find_countries(instance, addresses)
        states = self._find_states(countries.values())
        places = {}
        for address in addresses:
            country = countries[address]
            state = states.get((country.id, fold_accents(address.state)), False)
            place = places[address] = {
                "street": address.street_1 or False,
                "street2": address.street_2 or False,
                "zip": address.zip or False,
                "city": address.city or False,
                "country_id": country.id,
                "state_id": state,
            }
            unknown = []
            if address.state and not state:
                unknown.append(self.env._("State in BigCommerce: %s", address.state))
            if not country:
                name = address.country or address.country_code
                unknown.append(self.env._("Country in BigCommerce: %s", name))
            if unknown:
                place["comment"] = "<br/>".join(map(html_escape, unknown))
        return places

    @api.model
    def _find_countries(self, instance, addresses):
        """Return the country of each address: by code, else by name in any language.

        It is the instance's where the address says nothing, and empty where Odoo does
        not know it.
        """
        Country = self.env["res.country"]
        by_code = {
            country.code: country
            for country in Country.search_fetch(
                [("code", "in", [address.country_code for address in addresses])],
                ["code"],
            )
        }
        by_name = {}
        if any(
            address.country and address.country_code not in by_code
            for address in addresses
        ):
            by_name = self._index_countries()

        def find(address):
            if not (address.country_code or address.country):
                return instance.country_id
            country = by_code.get(address.country_code)
            return country or by_name.get(fold_accents(address.country), Country)

        return {address: find(address) for address in addresses}

    @api.model
    def _index_countries(self):
        """Return all countries by their folded names in every language.

        A name in English, Odoo's source, comes before the same in another language.
        """
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        # All translations of all names come with one query.
        countries = (
            self.env["res.country"]
            .with_context(prefetch_langs=True)
            .search_fetch([], ["name"])
            .with_env(self.env)
        )
        found = {}
        for code in sorted(codes, key=lambda code: code != "en_US"):
            for country in countries.with_context(lang=code):
                found.setdefault(fold_accents(country.name), country.with_env(self.env))
        return found

    @api.model
    def _find_states(self, countries):
        """Return the ids of all states by country id and folded name or code.

        Odoo has one name of each, in whatever language is spoken there.
        """
        countries = self.env["res.country"].concat(*set(countries))
        states = self.env["res.country.state"].search_fetch(
            [("country_id", "in", countries.ids)], ["name", "code", "country_id"]
        )
        found = {}
        for state in states:
            found.setdefault((state.country_id.id, fold_accents(state.name)), state.id)
        for state in states:
            country = state.country_id
            # Some codes, like DE-BY, begin with the country's.
            for code in (state.code, state.code.removeprefix(f"{country.code}-")):
                found.setdefault((country.id, fold_accents(code)), state.id)
        return found
