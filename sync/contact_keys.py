"""By what people and places are recognised. Nothing empty is ever a key."""

import hashlib
import unicodedata

from odoo.tools import email_normalize

PLACE_FIELDS = ("street", "street2", "zip", "city", "country_id", "state_id")
# Fewer digits, or one digit over and over, are no phone number.
SHORTEST_PHONE = 6


def fold(text):
    """Return ``text`` as it compares: neither case nor spacing matter."""
    return " ".join((text or "").split()).casefold()


def fold_accents(text):
    """Return ``text`` as the name of a place compares: accents do not matter either."""
    letters = unicodedata.normalize("NFKD", fold(text))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def get_person_name(address):
    return f"{address.first_name} {address.last_name}".strip()


def get_name(address):
    return get_person_name(address) or address.company or address.email


def is_empty(address):
    return not (address.street_1 or address.zip or address.city)


def get_phone_key(phone):
    """Return the digits of a phone number, "" if it is none."""
    digits = "".join(letter for letter in phone or "" if letter.isdigit())
    is_number = len(digits) >= SHORTEST_PHONE and len(set(digits)) > 1
    return digits if is_number else ""


def get_place_key(place):
    """Return what makes a place the same, of a contact or of its values."""
    text = tuple(fold(place[field]) for field in PLACE_FIELDS[:4])
    ids = tuple(
        getattr(place[field], "id", place[field]) or False for field in PLACE_FIELDS[4:]
    )
    return text + ids


def is_place(place):
    """Return whether a contact, or values, say more of a place than its country."""
    return bool(place["street"] or place["zip"] or place["city"])


def get_company_key(name, company):
    """Return what tells an address of a company from others, "" if it says nothing.

    :param name: of the address itself
    """
    return "" if fold(company) == fold(name) else fold(company)


def get_contact_keys(name, email, phone, place):
    """Return by what a contact is recognised, the surest first.

    By e-mail and name; only where there is no e-mail by name and whole address, or by
    name and phone.

    :param place: a contact, or values that describe a place
    """
    name, email = fold(name), email_normalize(email or "")
    if not name:
        return []
    if email:
        return [("email", email, name)]
    keys = []
    if is_place(place):
        keys.append(("place", name, get_place_key(place)))
    if digits := get_phone_key(phone):
        keys.append(("phone", name, digits))
    return keys


def get_lane(email, *names, company=""):
    """Return what all work on one customer has in common, unreadable to people.

    :param names: what tells people without an e-mail apart
    :param company: whose people are worked on together, "" if each is on its own
    :rtype: str
    """
    identity = fold(company) or email_normalize(email) or fold(" ".join(names))
    return hashlib.sha256(identity.encode()).hexdigest()[:16] if identity else ""
