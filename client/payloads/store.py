"""The store itself and what belongs to it: small lists, read once and kept (§2)."""

from dataclasses import dataclass
from decimal import Decimal

from .values import (
    read_child,
    read_flag,
    read_id,
    read_record,
    read_required_id,
    read_text,
)

#: a unit of weight, as ``Store.weight_unit`` names it, in kilograms
KILOGRAMS = {
    "LBS": Decimal("0.45359237"),
    "Ounces": Decimal("0.028349523125"),
    "KGS": Decimal(1),
    "Grams": Decimal("0.001"),
    "Tonnes": Decimal(1000),
}

#: a unit of length, as ``Store.dimension_unit`` names it, in millimetres
MILLIMETRES = {"Inches": Decimal("25.4"), "Centimeters": Decimal(10)}

#: id of the location that every store has (§9.5)
DEFAULT_LOCATION = "1"


@dataclass(frozen=True, slots=True)
class Store:
    """Answer of ``GET /v2/store``; ``id`` is the store hash."""

    id: str
    name: str
    control_panel_url: str
    currency_code: str
    timezone: str
    weight_unit: str
    dimension_unit: str
    is_price_entered_with_tax: bool

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "store")
        return cls(
            id=read_id(raw, "id"),
            name=read_text(raw, "name"),
            control_panel_url=read_text(raw, "control_panel_base_url"),
            currency_code=read_text(raw, "currency").upper(),
            timezone=read_text(read_child(raw, "timezone"), "name"),
            weight_unit=read_text(raw, "weight_units"),
            dimension_unit=read_text(raw, "dimension_units"),
            is_price_entered_with_tax=read_flag(raw, "is_price_entered_with_tax"),
        )


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency that the store shows, or takes payments in (§2)."""

    id: str
    code: str
    is_default: bool
    is_transactional: bool

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "currency")
        return cls(
            id=read_required_id(raw, "id"),
            code=read_text(raw, "currency_code").upper(),
            is_default=read_flag(raw, "is_default"),
            is_transactional=read_flag(raw, "is_transactional"),
        )


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """``id`` "0" is Incomplete; ``label`` is the merchant's word for it (§3.10)."""

    id: str
    name: str
    label: str

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "order status")
        return cls(
            id=read_required_id(raw, "id", zero_is_none=False),
            name=read_text(raw, "system_label", "name"),
            label=read_text(raw, "custom_label", "name", "system_label"),
        )


@dataclass(frozen=True, slots=True)
class TaxClass:
    """``id`` "0" is the default class (§11)."""

    id: str
    name: str

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "tax class")
        return cls(
            id=read_required_id(raw, "id", zero_is_none=False),
            name=read_text(raw, "name"),
        )


@dataclass(frozen=True, slots=True)
class Channel:
    """A storefront, marketplace … that orders come from (§10)."""

    id: str
    name: str
    type: str
    platform: str
    status: str

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "channel")
        return cls(
            id=read_required_id(raw, "id"),
            name=read_text(raw, "name"),
            type=read_text(raw, "type"),
            platform=read_text(raw, "platform"),
            status=read_text(raw, "status"),
        )


@dataclass(frozen=True, slots=True)
class Location:
    """A place where the store keeps stock (§9.5)."""

    id: str
    code: str
    name: str
    is_enabled: bool

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "location")
        return cls(
            id=read_required_id(raw, "id"),
            code=read_text(raw, "code"),
            name=read_text(raw, "label", "code"),
            is_enabled=read_flag(raw, "enabled"),
        )

    @property
    def is_default(self):
        """Whether it is the one that every store has."""
        return self.id == DEFAULT_LOCATION
