"""The store itself and what belongs to it: small lists, read once and kept (§2)."""

from dataclasses import dataclass
from decimal import Decimal

from .values import (
    read_child,
    read_decimal,
    read_flag,
    read_id,
    read_integer,
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


@dataclass(frozen=True, slots=True)
class Store:
    """Answer of ``GET /v2/store``; ``id`` is the store hash."""

    id: str
    name: str
    domain: str
    secure_url: str
    control_panel_url: str
    status: str
    country: str
    country_code: str
    currency_code: str
    decimal_places: int
    timezone: str
    language: str
    weight_unit: str
    dimension_unit: str
    is_price_entered_with_tax: bool
    default_channel_id: str
    plan_name: str

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "store")
        return cls(
            id=read_id(raw, "id"),
            name=read_text(raw, "name"),
            domain=read_text(raw, "domain"),
            secure_url=read_text(raw, "secure_url"),
            control_panel_url=read_text(raw, "control_panel_base_url"),
            status=read_text(raw, "status"),
            country=read_text(raw, "country"),
            country_code=read_text(raw, "country_code").upper(),
            currency_code=read_text(raw, "currency").upper(),
            decimal_places=read_integer(raw, "decimal_places"),
            timezone=read_text(read_child(raw, "timezone"), "name"),
            language=read_text(raw, "language"),
            weight_unit=read_text(raw, "weight_units"),
            dimension_unit=read_text(raw, "dimension_units"),
            is_price_entered_with_tax=read_flag(raw, "is_price_entered_with_tax"),
            default_channel_id=read_id(raw, "default_channel_id"),
            plan_name=read_text(raw, "plan_name"),
        )


@dataclass(frozen=True, slots=True)
class Currency:
    """``exchange_rate``: units of this currency per unit of the store's own (§2)."""

    id: str
    code: str
    name: str
    exchange_rate: Decimal
    is_default: bool
    is_transactional: bool
    is_enabled: bool
    decimal_places: int

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "currency")
        return cls(
            id=read_required_id(raw, "id"),
            code=read_text(raw, "currency_code").upper(),
            name=read_text(raw, "name"),
            exchange_rate=read_decimal(raw, "currency_exchange_rate"),
            is_default=read_flag(raw, "is_default"),
            is_transactional=read_flag(raw, "is_transactional"),
            is_enabled=read_flag(raw, "enabled"),
            decimal_places=read_integer(raw, "decimal_places"),
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
    external_id: str

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "channel")
        return cls(
            id=read_required_id(raw, "id"),
            name=read_text(raw, "name"),
            type=read_text(raw, "type"),
            platform=read_text(raw, "platform"),
            status=read_text(raw, "status"),
            external_id=read_id(raw, "external_id"),
        )


DEFAULT_LOCATION = "1"


@dataclass(frozen=True, slots=True)
class Location:
    """A place where the store keeps stock; "1" is the default one (§9.5)."""

    id: str
    code: str
    name: str
    type: str
    is_enabled: bool

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "location")
        return cls(
            id=read_required_id(raw, "id"),
            code=read_text(raw, "code"),
            name=read_text(raw, "label", "code"),
            type=read_text(raw, "type_id"),
            is_enabled=read_flag(raw, "enabled"),
        )

    @property
    def is_default(self):
        return self.id == DEFAULT_LOCATION
