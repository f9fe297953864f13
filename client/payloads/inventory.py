"""Stock of a variant, location by location (§9.1)."""

from dataclasses import dataclass

from .values import (
    read_child,
    read_id,
    read_integer,
    read_record,
    read_rows,
    read_text,
)


@dataclass(frozen=True, slots=True)
class InventoryLevel:
    """What a location has on hand, sold or not."""

    location_id: str
    on_hand: int

    @classmethod
    def parse(cls, raw):
        return cls(
            location_id=read_id(raw, "location_id"),
            on_hand=read_integer(raw, "total_inventory_onhand"),
        )


@dataclass(frozen=True, slots=True)
class InventoryItem:
    """A variant and its stock; locations that were filtered out are not among them."""

    product_id: str
    variant_id: str
    sku: str
    levels: tuple[InventoryLevel, ...]

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "inventory item")
        identity = read_child(raw, "identity")
        return cls(
            product_id=read_id(identity, "product_id"),
            variant_id=read_id(identity, "variant_id"),
            sku=read_text(identity, "sku"),
            levels=tuple(map(InventoryLevel.parse, read_rows(raw, "locations"))),
        )
