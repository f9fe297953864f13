"""A registered customer of the store, with the address book (§8)."""

from dataclasses import dataclass
from datetime import datetime

from .address import Address
from .values import (
    read_id,
    read_integer,
    read_moment,
    read_record,
    read_required_id,
    read_rows,
    read_text,
)


def parse_address(raw):
    """Return an address of an address book, which says it in other words than orders.

    :rtype: Address
    """
    return Address(
        first_name=read_text(raw, "first_name"),
        last_name=read_text(raw, "last_name"),
        company=read_text(raw, "company"),
        street_1=read_text(raw, "address1"),
        street_2=read_text(raw, "address2"),
        city=read_text(raw, "city"),
        state=read_text(raw, "state_or_province"),
        zip=read_text(raw, "postal_code"),
        country=read_text(raw, "country"),
        country_code=read_text(raw, "country_code").upper(),
        phone=read_text(raw, "phone"),
    )


@dataclass(frozen=True, slots=True, repr=False)
class Customer:
    """``group_id`` is "" for none.

    ``addresses`` are the first 10 where the customer came with them; ``address_count``
    says how many there are.
    """

    id: str
    first_name: str
    last_name: str
    company: str
    email: str
    phone: str
    group_id: str
    address_count: int
    addresses: tuple[Address, ...]
    date_modified: datetime | None

    @classmethod
    def parse(cls, raw, address_rows=None):
        """Read a customer.

        :param address_rows: the raw addresses, instead of those it came with
        """
        raw = read_record(raw, "customer")
        rows = read_rows(raw, "addresses") if address_rows is None else address_rows
        addresses = tuple(map(parse_address, rows))
        return cls(
            id=read_required_id(raw, "id"),
            first_name=read_text(raw, "first_name"),
            last_name=read_text(raw, "last_name"),
            company=read_text(raw, "company"),
            email=read_text(raw, "email"),
            phone=read_text(raw, "phone"),
            group_id=read_id(raw, "customer_group_id"),
            address_count=max(read_integer(raw, "address_count"), len(addresses)),
            addresses=addresses,
            date_modified=read_moment(raw, "date_modified"),
        )
