"""A brand of the catalogue (§6.6)."""

from dataclasses import dataclass

from .values import read_record, read_required_id, read_text


@dataclass(frozen=True, slots=True)
class Brand:
    """Who makes a product."""

    id: str
    name: str

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "brand")
        return cls(id=read_required_id(raw, "id"), name=read_text(raw, "name"))
