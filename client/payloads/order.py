"""An order of the store with all that came along with it (§3)."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import chain

from .address import Address
from .amounts import Amounts
from .values import (
    is_link,
    read_child,
    read_decimal,
    read_flag,
    read_id,
    read_moment,
    read_record,
    read_required_id,
    read_rows,
    read_text,
)


@dataclass(frozen=True, slots=True)
class LineOption:
    """A chosen option or a filled-in modifier, as the customer saw it (§3.6)."""

    name: str
    value: str

    @classmethod
    def parse(cls, raw):
        return cls(
            name=read_text(raw, "display_name", "display_name_customer", "name"),
            value=read_text(raw, "display_value", "display_value_customer", "value"),
        )


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A product line of an order (§3.6).

    ``price`` (of a unit) and ``total`` are before discounts, except ``total.tax``,
    which is after them. ``discounts`` are the line's shares of them. ``product_id`` is
    "" for a custom item and a gift certificate, ``address_id`` for what is not shipped.
    ``parent_id`` is the line that this one is part of.
    """

    id: str
    product_id: str
    variant_id: str
    address_id: str
    name: str
    sku: str
    type: str
    quantity: Decimal
    quantity_shipped: Decimal
    price: Amounts
    total: Amounts
    discounts: tuple[Decimal, ...]
    options: tuple[LineOption, ...]
    wrapping: Amounts
    wrapping_name: str
    wrapping_message: str
    parent_id: str

    @classmethod
    def parse(cls, raw):
        return cls(
            id=read_required_id(raw, "id"),
            product_id=read_id(raw, "product_id"),
            variant_id=read_id(raw, "variant_id"),
            address_id=read_id(raw, "order_address_id"),
            name=read_text(raw, "name", "name_customer", "name_merchant"),
            sku=read_text(raw, "sku"),
            type=read_text(raw, "type"),
            quantity=read_decimal(raw, "quantity"),
            quantity_shipped=read_decimal(raw, "quantity_shipped"),
            price=Amounts.parse(raw, "price"),
            total=Amounts.parse(raw, "total"),
            discounts=tuple(
                read_decimal(row, "amount")
                for row in read_rows(raw, "applied_discounts")
            ),
            options=tuple(map(LineOption.parse, read_rows(raw, "product_options"))),
            wrapping=Amounts.parse(raw, "wrapping_cost"),
            wrapping_name=read_text(raw, "wrapping_name"),
            wrapping_message=read_text(raw, "wrapping_message"),
            parent_id=read_id(raw, "parent_order_product_id"),
        )


@dataclass(frozen=True, slots=True)
class Consignment:
    """Lines that reach the customer the same way (§3.3).

    ``kind`` is "shipping", "pickup", "download" or "email" (gift certificates). The id
    of a shipping consignment is that of the order's address; downloads and e-mails
    have none. ``location_id`` is where a pickup is collected.
    """

    kind: str
    id: str = ""
    address: Address | None = None
    shipping_method: str = ""
    shipping: Amounts = Amounts()
    handling: Amounts = Amounts()
    location_id: str = ""
    lines: tuple[OrderLine, ...] = ()

    @classmethod
    def parse(cls, kind, raw, lines=None):
        """Read a consignment, or a row of the order's shipping addresses.

        :param lines: raw lines, instead of the ``line_items`` of the consignment
        """
        lines = read_rows(raw, "line_items") if lines is None else lines
        return cls(
            kind=kind,
            id=read_id(raw, "id"),
            address=Address.parse(raw) if kind == "shipping" else None,
            shipping_method=read_text(
                raw, "shipping_method", "pickup_method_display_name"
            ),
            shipping=Amounts.parse(raw, "cost"),
            handling=Amounts.parse(raw, "handling_cost"),
            location_id=read_id(read_child(raw, "location"), "id"),
            lines=tuple(map(OrderLine.parse, lines)),
        )


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee of the order, on top of its products (§3.8)."""

    id: str
    name: str
    amount: Amounts

    @classmethod
    def parse(cls, raw):
        return cls(
            id=read_id(raw, "id"),
            name=read_text(raw, "display_name_customer", "display_name_merchant"),
            amount=Amounts.parse(raw, "cost"),
        )


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A tax on a line or a part of an order (§3.7).

    ``rate`` is in percent, of this tax alone; ``line_type`` is "item", "shipping",
    "handling" or "gift-wrapping", and ``line_id`` an order line for "item" and
    "handling".
    """

    address_id: str
    line_id: str
    line_type: str
    name: str
    tax_class: str
    rate: Decimal
    line_amount: Decimal

    @classmethod
    def parse(cls, raw):
        return cls(
            address_id=read_id(raw, "order_address_id"),
            line_id=read_id(raw, "order_product_id"),
            line_type=read_text(raw, "line_item_type"),
            name=read_text(raw, "name"),
            tax_class=read_text(raw, "class"),
            rate=read_decimal(raw, "rate"),
            line_amount=read_decimal(raw, "line_amount"),
        )


@dataclass(frozen=True, slots=True)
class Order:
    """An order (§3.4).

    All amounts are in ``currency_code``, the currency the customer paid in, which
    BigCommerce calls the *default* currency. ``total`` is before store credit and gift
    certificates. ``has_lines`` is False when the payload does not hold all lines: then
    ask for products and shipping addresses, put both lists into the payload, and parse
    again.
    """

    id: str
    status_id: str
    status: str
    custom_status: str
    payment_method: str
    payment_status: str
    payment_provider_id: str
    customer_id: str
    channel_id: str
    source: str
    external_order_id: str
    is_deleted: bool
    is_tax_inclusive: bool
    currency_code: str
    date_created: datetime | None
    date_modified: datetime | None
    subtotal: Amounts
    shipping: Amounts
    handling: Amounts
    wrapping: Amounts
    total: Amounts
    discount_amount: Decimal
    coupon_discount: Decimal
    store_credit_amount: Decimal
    gift_certificate_amount: Decimal
    items_shipped: Decimal
    customer_message: str = field(repr=False)
    staff_notes: str = field(repr=False)
    billing_address: Address
    consignments: tuple[Consignment, ...]
    has_lines: bool
    fees: tuple[Fee, ...]
    taxes: tuple[TaxRow, ...]

    @classmethod
    def parse(cls, raw):
        """Read an order as the API answers it, with what is embedded in it.

        :param raw: the order; ``consignments``, ``fees``, and also ``products``,
            ``shipping_addresses`` and ``taxes`` may hold what their endpoints answer
        :raises ProtocolError: when it cannot be read; names the field
        """
        raw = read_record(raw, "order")
        consignments, has_lines = _read_consignments(raw)
        return cls(
            id=read_required_id(raw, "id"),
            status_id=read_id(raw, "status_id", zero_is_none=False) or "0",
            status=read_text(raw, "status"),
            custom_status=read_text(raw, "custom_status"),
            payment_method=read_text(raw, "payment_method"),
            payment_status=read_text(raw, "payment_status"),
            payment_provider_id=read_text(raw, "payment_provider_id"),
            customer_id=read_id(raw, "customer_id"),
            channel_id=read_id(raw, "channel_id"),
            source=read_text(raw, "order_source"),
            external_order_id=read_text(raw, "external_order_id"),
            is_deleted=read_flag(raw, "is_deleted"),
            is_tax_inclusive=read_flag(raw, "is_tax_inclusive_pricing"),
            currency_code=read_text(
                raw, "default_currency_code", "currency_code"
            ).upper(),
            date_created=read_moment(raw, "date_created"),
            date_modified=read_moment(raw, "date_modified"),
            subtotal=Amounts.parse(raw, "subtotal"),
            shipping=Amounts.parse(raw, "shipping_cost"),
            handling=Amounts.parse(raw, "handling_cost"),
            wrapping=Amounts.parse(raw, "wrapping_cost"),
            total=Amounts.parse(raw, "total"),
            discount_amount=read_decimal(raw, "discount_amount"),
            coupon_discount=read_decimal(raw, "coupon_discount"),
            store_credit_amount=read_decimal(raw, "store_credit_amount"),
            gift_certificate_amount=read_decimal(raw, "gift_certificate_amount"),
            items_shipped=read_decimal(raw, "items_shipped"),
            customer_message=read_text(raw, "customer_message"),
            staff_notes=read_text(raw, "staff_notes"),
            billing_address=Address.parse(read_child(raw, "billing_address")),
            consignments=consignments,
            has_lines=has_lines,
            fees=tuple(map(Fee.parse, read_rows(raw, "fees"))),
            taxes=tuple(map(TaxRow.parse, read_rows(raw, "taxes"))),
        )

    @property
    def lines(self):
        """All lines, in the order of the consignments."""
        return tuple(
            chain.from_iterable(consignment.lines for consignment in self.consignments)
        )


def _read_consignments(raw):
    """Return the consignments, and whether all lines are there.

    A page of consignments may hold fewer lines than the order has, as the list of its
    products does (§3.6), so the quantities are counted.
    """
    embedded = raw.get("consignments")
    # the legacy structure is a list (§3.3): of no use
    embedded = {} if isinstance(embedded, list) else read_child(raw, "consignments")
    if is_link(embedded):
        embedded = {}
    parts = [
        ("shipping", read_rows(embedded, "shipping")),
        ("pickup", read_rows(embedded, "pickups")),
        ("download", read_rows(embedded, "downloads")),
        ("email", read_rows(read_child(embedded, "email"), "gift_certificates")),
    ]
    consignments = tuple(
        Consignment.parse(kind, row) for kind, rows in parts for row in rows
    )
    ordered = read_decimal(raw, "items_total")
    quantity = sum(line.quantity for part in consignments for line in part.lines)
    if embedded and quantity >= ordered and not _has_links(parts):
        return consignments, True
    if isinstance(raw.get("products"), list):
        return _consign(raw, dict(parts)), True
    return consignments, False


def _has_links(parts):
    lines = [row.get("line_items") for _kind, rows in parts for row in rows]
    return any(
        is_link(value) or (isinstance(value, list) and any(map(is_link, value)))
        for value in lines
    )


def _consign(raw, parts):
    """Return consignments made of the order's products and shipping addresses."""
    groups = {}
    for line in read_rows(raw, "products"):
        groups.setdefault(_destination(line), []).append(line)
    addresses = read_rows(raw, "shipping_addresses") or parts["shipping"]
    # an order has one pickup at most, and its lines do not name it by its own id
    rows = [("shipping", read_id(row, "id"), row) for row in addresses]
    rows += [("pickup", "", row) for row in parts["pickup"]]
    consignments = [
        Consignment.parse(kind, row, lines=groups.pop((kind, id_), ()))
        for kind, id_, row in rows
    ]
    consignments += [
        Consignment(kind, id_, lines=tuple(map(OrderLine.parse, lines)))
        for (kind, id_), lines in groups.items()
    ]
    return tuple(consignments)


def _destination(line):
    """Return kind and id of the consignment that a raw product line belongs to."""
    if read_id(line, "order_pickup_method_id"):
        return "pickup", ""
    address_id = read_id(line, "order_address_id")
    kinds = {"digital": "download", "giftcertificate": "email"}
    kind = "shipping" if address_id else kinds.get(read_text(line, "type"), "shipping")
    return kind, address_id
