"""Registered customers and their address books: bigcommerce-api.md §8."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from . import answers
from .answers import Refused
from .dates import iso8601
from .filters import conditions
from .paging import DEFAULT_LIMIT, v3_page
from .paths import CUSTOMERS
from .routing import Routes
from .store import Record

routes = Routes()
SCOPE = "store_v2_customers"
# with include=addresses
ADDRESSES_AT_MOST = 10
MAXIMUM_LIMIT = 250
SORTS = ("date_created", "last_name", "date_modified")


def customer_record(number, person, addresses, moment):
    """A registered customer.

    :param person: :class:`~.cart.Address` with name, company, e-mail and phone
    :param addresses: the places of the address book, the same kind of objects
    :param moment: when the customer registered, and changed anything last
    """
    body = {
        "id": number,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company": person.company,
        "phone": person.phone,
        "notes": "",
        "registration_ip_address": "",
        "tax_exempt_category": "",
        "customer_group_id": 0,
        "authentication": {"force_password_reset": False},
        "accepts_product_review_abandoned_cart_emails": False,
        "origin_channel_id": 1,
        "channel_ids": [1],
        "date_created": iso8601(moment),
        "date_modified": iso8601(moment),
    }
    return Record(
        body,
        {
            "addresses": [
                _address_row(number * 100 + position, number, address)
                for position, address in enumerate(addresses, start=1)
            ]
        },
    )


def _address_row(number, customer_id, address):
    """An address of an address book, in the words of v3."""
    return {
        "id": number,
        "customer_id": customer_id,
        "first_name": address.first_name,
        "last_name": address.last_name,
        "company": address.company,
        "address1": address.street_1,
        "address2": address.street_2,
        "city": address.city,
        "state_or_province": address.state,
        "postal_code": address.zip,
        "country": address.country,
        "country_code": address.country_iso2,
        "phone": address.phone,
        "address_type": "residential",
    }


@routes.get(CUSTOMERS, SCOPE)
def list_customers(call):
    """Filters, sorting and both kinds of pages; at most 10 addresses of each."""
    customers = call.store[CUSTOMERS]
    sort, direction = "id", "asc"
    if given := call.query.get("sort"):
        sort, _, direction = given.partition(":")
        if sort not in SORTS or direction not in ("asc", "desc"):
            raise Refused(422, "The sort order is invalid.", {"sort": "error.invalid"})
    found = customers.find(
        conditions(call.query, customers.columns),
        sort=sort,
        descending=direction == "desc",
    )
    includes = call.query.get("include", "").split(",")

    def present(number):
        return _present(customers.get(number), "addresses" in includes)

    if call.query.get("after") or call.query.get("before"):
        return _cursor_page(call.query, found, present)
    response = v3_page(call.query, found, present)
    if call.query.get("page", "1") == "1":
        limit = int(call.query.get("limit") or DEFAULT_LIMIT)
        shown = found[:limit]
        body = response.get_json()
        body["meta"]["cursor_pagination"] = _cursors(
            shown, limit, bool(found[limit:]), False
        )
        response = answers.as_json(body)
    return response


def _present(record, with_addresses):
    addresses = record.objects("addresses")
    customer = {**record.body, "address_count": len(addresses)}
    customer.pop("addresses", None)
    if with_addresses:
        customer["addresses"] = addresses[:ADDRESSES_AT_MOST]
    return customer


def _cursor_page(query, found, present):
    """The page after, or before, a cursor; it has no numbers."""
    limit = min(int(query.get("limit") or DEFAULT_LIMIT), MAXIMUM_LIMIT)
    if query.get("after"):
        start = _position(found, _read_cursor(query["after"])) + 1
        shown = found[start : start + limit]
    else:
        end = _position(found, _read_cursor(query["before"]))
        start = max(end - limit, 0)
        shown = found[start:end]
    cursors = _cursors(shown, limit, bool(found[start + limit :]), start > 0)
    return answers.v3(list(map(present, shown)), {"cursor_pagination": cursors})


def _position(found, number):
    """The place of an id, of the last one below it if it is gone."""
    if number in found:
        return found.index(number)
    return sum(1 for other in found if other < number) - 1


def _cursors(shown, limit, has_next, has_previous):
    cursors = {"count": len(shown), "per_page": limit, "links": {}}
    if shown:
        cursors["start_cursor"] = _cursor(shown[0])
        cursors["end_cursor"] = _cursor(shown[-1])
    if has_next:
        cursors["links"]["next"] = f"?limit={limit}&after={cursors['end_cursor']}"
    if has_previous and shown:
        cursors["links"]["previous"] = (
            f"?limit={limit}&before={cursors['start_cursor']}"
        )
    return cursors


def _cursor(number):
    return urlsafe_b64encode(f"id:{number}".encode()).decode().rstrip("=")


def _read_cursor(text):
    try:
        padded = text + "=" * (-len(text) % 4)
        return int(urlsafe_b64decode(padded).decode().removeprefix("id:"))
    except ValueError:
        raise Refused(422, "The cursor is invalid.", {"after": "invalid"}) from None


@routes.get(f"{CUSTOMERS}/addresses", SCOPE)
def list_addresses(call):
    """The address books, filtered by customer_id:in and id:in."""
    customers = call.store[CUSTOMERS]
    wanted = _ids(call.query, "customer_id:in")
    addresses = [
        address
        for number in customers.find()
        if wanted is None or number in wanted
        for address in customers.get(number).objects("addresses")
    ]
    chosen = _ids(call.query, "id:in")
    if chosen is not None:
        addresses = [address for address in addresses if address["id"] in chosen]
    return v3_page(call.query, addresses, lambda address: address)


def _ids(query, name):
    """The ids of a filter, ``None`` if it is not there."""
    given = query.get(name)
    if given is None:
        return None
    try:
        return {int(part) for part in given.split(",") if part}
    except ValueError:
        raise Refused(422, f"Invalid value of {name}.", {name: "invalid"}) from None
