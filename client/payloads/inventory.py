"""Stock of a variant, location by location (§9.1), and when the store moves it."""

from dataclasses import dataclass

from .values import (
    read_child,
    read_flag,
    read_id,
    read_integer,
    read_record,
    read_rows,
    read_text,
)


@dataclass(frozen=True, slots=True)
class InventoryLevel:
    """``available`` is ``on_hand`` less ``safety_stock``."""

    location_id: str
    available: int
    on_hand: int
    safety_stock: int
    is_location_enabled: bool

    @classmethod
    def parse(cls, raw):
        return cls(
            location_id=read_id(raw, "location_id"),
            available=read_integer(raw, "available_to_sell"),
            on_hand=read_integer(raw, "total_inventory_onhand"),
            safety_stock=read_integer(read_child(raw, "settings"), "safety_stock"),
            is_location_enabled=read_flag(raw, "location_enabled"),
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


@dataclass(frozen=True, slots=True)
class InventorySettings:
    """When the store moves stock by itself (§9.6).

    ``stock_taken_on`` is "order_placed", "order_completed_or_shipped" or "" if it was
    not told; the flags say whether it gives stock back when an order is edited, or
    refunded or cancelled.
    """

    stock_taken_on: str
    adjusts_on_edit: bool
    adjusts_on_refund: bool

    @classmethod
    def parse(cls, raw):
        raw = read_record(raw, "inventory settings")
        return cls(
            stock_taken_on=read_text(raw, "update_stock_behavior"),
            adjusts_on_edit=read_flag(raw, "edit_order_stock_adjustment"),
            adjusts_on_refund=read_flag(raw, "refund_order_stock_adjustment"),
        )
