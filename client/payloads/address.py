"""A billing or shipping address of an order (§3.4)."""

from dataclasses import dataclass

from .values import read_text


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """``state`` is a name, not a code; ``country_code`` is ISO 3166-1 alpha-2."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street_1: str = ""
    street_2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    country_code: str = ""
    phone: str = ""
    email: str = ""

    @classmethod
    def parse(cls, raw):
        return cls(
            first_name=read_text(raw, "first_name"),
            last_name=read_text(raw, "last_name"),
            company=read_text(raw, "company"),
            street_1=read_text(raw, "street_1"),
            street_2=read_text(raw, "street_2"),
            city=read_text(raw, "city"),
            state=read_text(raw, "state"),
            zip=read_text(raw, "zip"),
            country=read_text(raw, "country"),
            country_code=read_text(raw, "country_iso2").upper(),
            phone=read_text(raw, "phone"),
            email=read_text(raw, "email"),
        )
