import hashlib
from typing import NamedTuple

from odoo import api, models
from odoo.tools import email_normalize

PLACE_FIELDS = ("street", "street2", "zip", "city", "country_id", "state_id")


def fold(text):
    """Return ``text`` as it compares: neither case nor spacing matter."""
    return " ".join((text or "").split()).casefold()


def get_name(address):
    name = f"{address.first_name} {address.last_name}".strip()
    return name or address.company or address.email


def get_delivery_address(order):
    """Return the first address that something is shipped to, else the billing one."""
    return next(
        (
            consignment.address
            for consignment in order.consignments
            if consignment.address and not is_empty(consignment.address)
        ),
        order.billing_address,
    )


def is_empty(address):
    return not (address.street_1 or address.zip or address.city)


def get_place_key(place):
    """Return what makes a place the same, of a contact or of its values."""
    text = tuple(fold(place[field]) for field in PLACE_FIELDS[:4])
    ids = tuple(
        getattr(place[field], "id", place[field]) or False for field in PLACE_FIELDS[4:]
    )
    return text + ids


def get_customer_key(address, places):
    """Return by what a customer is recognised, None if there is nothing."""
    name = fold(get_name(address))
    email = email_normalize(address.email)
    if email:
        return ("email", email, name)
    if name and not is_empty(address):
        return ("place", name, get_place_key(places[address]))
    return None


def get_customer_lane(raw):
    """Return what the orders of one customer have in common, unreadable to people.

    :param dict raw: an order as the API answers it
    :rtype: str
    """
    address = raw.get("billing_address")
    if not isinstance(address, dict):
        return ""
    names = (address.get(field) for field in ("first_name", "last_name", "company"))
    identity = email_normalize(str(address.get("email") or "")) or fold(
        " ".join(str(name or "") for name in names)
    )
    return hashlib.sha256(identity.encode()).hexdigest()[:16] if identity else ""


class OrderPartners(NamedTuple):
    """Who ordered, who pays, and where it goes."""

    partner: models.Model
    invoice: models.Model
    delivery: models.Model


class BigcommerceOrderPartners(models.AbstractModel):
    """Finds or makes the contacts of orders, a batch at a time.

    A contact is the same when e-mail and name are, or where there is no e-mail, when
    name and whole address are. Nothing empty ever matches.
    """

    _name = "bigcommerce.order.partners"
    _description = "BigCommerce Order Partners"

    @api.model
    def _find_or_create_partners(self, instance, orders):
        """Return the :class:`OrderPartners` of each order, by order id."""
        places = self._get_places(instance, orders)
        partners = self._find_or_create_customers(instance, orders, places)
        return self._find_or_create_addresses(orders, places, partners)

    @api.model
    def _get_places(self, instance, orders):
        """Return the values of each address that describe the place, by address."""
        addresses = {
            address
            for order in orders
            for address in (order.billing_address, get_delivery_address(order))
        }
        countries = {
            country.code: country
            for country in self.env["res.country"].search(
                [("code", "in", [address.country_code for address in addresses])]
            )
        }
        states = {}
        used = instance.country_id.concat(*countries.values())
        for state in self.env["res.country.state"].search_fetch(
            [("country_id", "in", used.ids)],
            ["name", "code", "country_id"],
        ):
            states[state.country_id.id, state.name.lower()] = state.id
            states.setdefault((state.country_id.id, state.code.lower()), state.id)
        places = {}
        for address in addresses:
            country = countries.get(address.country_code, instance.country_id)
            places[address] = {
                "street": address.street_1 or False,
                "street2": address.street_2 or False,
                "zip": address.zip or False,
                "city": address.city or False,
                "country_id": country.id,
                "state_id": states.get((country.id, address.state.lower()), False),
            }
        return places

    @api.model
    def _find_or_create_customers(self, instance, orders, places):
        """Return the customer of each order, by order id."""
        keys = {
            order.id: get_customer_key(order.billing_address, places)
            for order in orders
        }
        known = self._search_customers(instance, orders)
        missing = {}
        for order in orders:
            key = keys[order.id]
            if key is None:
                # An order without any data of its customer: nobody else's contact.
                key = keys[order.id] = ("order", order.id)
            if key not in known:
                missing.setdefault(
                    key, self._prepare_customer_vals(instance, order, places)
                )
        created = self.env["res.partner"].create(list(missing.values()))
        known.update(zip(missing, created, strict=True))
        return {order.id: known[keys[order.id]] for order in orders}

    @api.model
    def _search_customers(self, instance, orders):
        """Return contacts that may be the customers of ``orders``, by their key."""
        billing = [order.billing_address for order in orders]
        emails = {email_normalize(address.email) for address in billing} - {False}
        without_email = [
            address for address in billing if not email_normalize(address.email)
        ]
        zips = {address.zip for address in without_email} - {""}
        cities = {address.city for address in without_email if not address.zip} - {""}
        candidates = self.env["res.partner"].search_fetch(
            [
                ("company_id", "in", [False, instance.company_id.id]),
                ("type", "=", "contact"),
                "|",
                ("email_normalized", "in", list(emails)),
                "&",
                ("email_normalized", "=", False),
                "|",
                ("zip", "in", list(zips)),
                ("city", "in", list(cities)),
            ],
            ["name", "email_normalized", *PLACE_FIELDS],
            order="id",
        )
        known = {}
        for partner in candidates:
            if partner.email_normalized:
                key = ("email", partner.email_normalized, fold(partner.name))
            else:
                key = ("place", fold(partner.name), get_place_key(partner))
            known.setdefault(key, partner)
        return known

    @api.model
    def _prepare_customer_vals(self, instance, order, places):
        address = order.billing_address
        return {
            **self._prepare_contact_vals(address, places),
            "name": get_name(address) or self.env._("BigCommerce Customer"),
            "company_name": address.company or False,
            "lang": instance.language_id.code,
        }

    @api.model
    def _prepare_contact_vals(self, address, places):
        return {
            **places[address],
            "name": get_name(address),
            "email": address.email or False,
            "phone": address.phone or False,
        }

    @api.model
    def _find_or_create_addresses(self, orders, places, partners):
        """Return the customers with their invoice and delivery addresses.

        An address equal to the customer's own is the customer; another one is a child
        contact, made once.
        """
        known = {}
        for child in self.env["res.partner"].search_fetch(
            [
                ("parent_id", "in", [partner.id for partner in partners.values()]),
                ("type", "in", ("invoice", "delivery")),
            ],
            ["name", "type", "parent_id", *PLACE_FIELDS],
            order="id",
        ):
            key = (child.parent_id, child.type, fold(child.name), get_place_key(child))
            known.setdefault(key, child)
        wanted, missing = {}, {}
        for order in orders:
            partner = partners[order.id]
            for kind, address in (
                ("invoice", order.billing_address),
                ("delivery", get_delivery_address(order)),
            ):
                place = get_place_key(places[address])
                name = get_name(address) or partner.name
                if is_empty(address) or (fold(name), place) == (
                    fold(partner.name),
                    get_place_key(partner),
                ):
                    continue
                key = (partner, kind, fold(name), place)
                wanted[order.id, kind] = key
                if key not in known:
                    missing[key] = {
                        **self._prepare_contact_vals(address, places),
                        "name": name,
                        "type": kind,
                        "parent_id": partner.id,
                    }
        created = self.env["res.partner"].create(list(missing.values()))
        known.update(zip(missing, created, strict=True))

        def get(order, kind):
            key = wanted.get((order.id, kind))
            return known[key] if key else partners[order.id]

        return {
            order.id: OrderPartners(
                partners[order.id], get(order, "invoice"), get(order, "delivery")
            )
            for order in orders
        }
