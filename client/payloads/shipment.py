"""A shipment of an order, and how it is tracked (§5)."""

from dataclasses import dataclass, field

from .values import (
    read_id,
    read_integer,
    read_record,
    read_required_id,
    read_rows,
    read_text,
)

# What BigCommerce takes; longer values are refused.
TRACKING_NUMBER_LENGTH = 50
TRACKING_LINK_LENGTH = 500


@dataclass(frozen=True, slots=True)
class ShipmentItem:
    """So many of a line of the order."""

    line_id: str
    quantity: int

    @classmethod
    def parse(cls, raw):
        return cls(
            line_id=read_required_id(raw, "order_product_id"),
            quantity=read_integer(raw, "quantity"),
        )


@dataclass(frozen=True, slots=True)
class Shipment:
    """What was sent to one of the order's addresses.

    ``provider`` and ``carrier`` (a courier of AfterShip) are two ways to name who
    carries it; ``link`` is one that was given, ``generated_link`` the store's own.
    """

    id: str
    address_id: str
    items: tuple[ShipmentItem, ...]
    tracking_number: str
    provider: str
    carrier: str
    link: str
    generated_link: str
    comments: str = field(repr=False)

    @classmethod
    def parse(cls, raw):
        """Read a shipment as the API answers it.

        :raises ProtocolError: when it cannot be read; names the field
        """
        raw = read_record(raw, "shipment")
        return cls(
            id=read_required_id(raw, "id"),
            address_id=read_id(raw, "order_address_id"),
            items=tuple(map(ShipmentItem.parse, read_rows(raw, "items"))),
            tracking_number=read_text(raw, "tracking_number"),
            provider=read_text(raw, "shipping_provider"),
            carrier=read_text(raw, "tracking_carrier"),
            link=read_text(raw, "tracking_link"),
            generated_link=read_text(raw, "generated_tracking_link"),
            comments=read_text(raw, "comments"),
        )
