"""A product of the store's catalogue with its variants and images (§6)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .values import (
    read_decimal,
    read_flag,
    read_id,
    read_ids,
    read_integer,
    read_moment,
    read_optional_decimal,
    read_record,
    read_required_id,
    read_rows,
    read_text,
)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture; ``url_zoom`` is the largest there is, lower ``sort_order`` first."""

    id: str
    url_standard: str
    url_zoom: str
    is_thumbnail: bool
    sort_order: int
    date_modified: datetime | None

    @classmethod
    def parse(cls, raw):
        return cls(
            id=read_required_id(raw, "id"),
            url_standard=read_text(raw, "url_standard"),
            url_zoom=read_text(raw, "url_zoom"),
            is_thumbnail=read_flag(raw, "is_thumbnail"),
            sort_order=read_integer(raw, "sort_order"),
            date_modified=read_moment(raw, "date_modified"),
        )


@dataclass(frozen=True, slots=True)
class BulkPricingRule:
    """A price for those who buy many (§6.1).

    ``quantity_max`` 0 is no limit. ``type`` is "fixed" (``amount`` is the price),
    "price" (it is taken off) or "percent" (that share is taken off, 0.1 for 10 % by
    the API's documentation).
    """

    quantity_min: int
    quantity_max: int
    type: str
    amount: Decimal

    @classmethod
    def parse(cls, raw):
        return cls(
            quantity_min=read_integer(raw, "quantity_min"),
            quantity_max=read_integer(raw, "quantity_max"),
            type=read_text(raw, "type"),
            amount=read_decimal(raw, "amount"),
        )


@dataclass(frozen=True, slots=True)
class OptionValue:
    """What a variant is of one of the product's options: Size, S."""

    id: str
    option_id: str
    option_name: str
    label: str

    @classmethod
    def parse(cls, raw):
        return cls(
            id=read_id(raw, "id"),
            option_id=read_id(raw, "option_id"),
            option_name=read_text(raw, "option_display_name"),
            label=read_text(raw, "label"),
        )


@dataclass(frozen=True, slots=True)
class Variant:
    """What is sold: every product has at least one, its base variant (§6.4).

    ``price``, ``cost_price``, ``weight`` and the dimensions are None when inherited
    from the product. One with ``is_disabled`` cannot be bought.
    The base variant has no ``options`` and echoes its product. ``image_url`` is "" if
    the variant has no picture of its own.
    """

    id: str
    sku: str
    price: Decimal | None
    cost_price: Decimal | None
    weight: Decimal | None
    width: Decimal | None
    depth: Decimal | None
    height: Decimal | None
    upc: str
    gtin: str
    mpn: str
    is_disabled: bool
    inventory_level: int
    image_url: str
    options: tuple[OptionValue, ...]

    @classmethod
    def parse(cls, raw):
        return cls(
            id=read_required_id(raw, "id"),
            sku=read_text(raw, "sku"),
            price=read_optional_decimal(raw, "price"),
            cost_price=read_optional_decimal(raw, "cost_price"),
            weight=read_optional_decimal(raw, "weight"),
            width=read_optional_decimal(raw, "width"),
            depth=read_optional_decimal(raw, "depth"),
            height=read_optional_decimal(raw, "height"),
            upc=read_text(raw, "upc"),
            gtin=read_text(raw, "gtin"),
            mpn=read_text(raw, "mpn"),
            is_disabled=read_flag(raw, "purchasing_disabled"),
            inventory_level=read_integer(raw, "inventory_level"),
            image_url=read_text(raw, "image_url"),
            options=tuple(map(OptionValue.parse, read_rows(raw, "option_values"))),
        )


@dataclass(frozen=True, slots=True)
class Product:
    """A product (§6.3).

    Weights and dimensions are in the store's units; whether ``price`` includes tax is
    the store's setting. ``cost_price``, ``retail_price`` and ``sale_price`` are 0 when
    unset. ``tax_class_id`` "0" is the default class. ``inventory_tracking`` is "none",
    "product" or "variant". ``variants``, ``images``, ``channel_ids`` and
    ``bulk_pricing_rules`` are empty if they were not asked for.
    """

    id: str
    name: str
    type: str
    sku: str
    description: str
    weight: Decimal
    width: Decimal
    depth: Decimal
    height: Decimal
    price: Decimal
    cost_price: Decimal
    retail_price: Decimal
    sale_price: Decimal
    tax_class_id: str
    category_ids: tuple[str, ...]
    brand_id: str
    inventory_level: int
    inventory_tracking: str
    is_visible: bool
    availability: str
    upc: str
    gtin: str
    mpn: str
    date_modified: datetime | None
    channel_ids: tuple[str, ...]
    bulk_pricing_rules: tuple[BulkPricingRule, ...]
    images: tuple[Image, ...]
    variants: tuple[Variant, ...]

    @classmethod
    def parse(cls, raw):
        """Read a product as the API answers it.

        :raises ProtocolError: when it cannot be read; names the field
        """
        raw = read_record(raw, "product")
        return cls(
            id=read_required_id(raw, "id"),
            name=read_text(raw, "name"),
            type=read_text(raw, "type"),
            sku=read_text(raw, "sku"),
            description=read_text(raw, "description"),
            weight=read_decimal(raw, "weight"),
            width=read_decimal(raw, "width"),
            depth=read_decimal(raw, "depth"),
            height=read_decimal(raw, "height"),
            price=read_decimal(raw, "price"),
            cost_price=read_decimal(raw, "cost_price"),
            retail_price=read_decimal(raw, "retail_price"),
            sale_price=read_decimal(raw, "sale_price"),
            tax_class_id=read_id(raw, "tax_class_id", zero_is_none=False),
            category_ids=read_ids(raw, "categories"),
            brand_id=read_id(raw, "brand_id"),
            inventory_level=read_integer(raw, "inventory_level"),
            inventory_tracking=read_text(raw, "inventory_tracking"),
            is_visible=read_flag(raw, "is_visible"),
            availability=read_text(raw, "availability"),
            upc=read_text(raw, "upc"),
            gtin=read_text(raw, "gtin"),
            mpn=read_text(raw, "mpn"),
            date_modified=read_moment(raw, "date_modified"),
            channel_ids=read_ids(raw, "channels"),
            bulk_pricing_rules=tuple(
                map(BulkPricingRule.parse, read_rows(raw, "bulk_pricing_rules"))
            ),
            images=tuple(map(Image.parse, read_rows(raw, "images"))),
            variants=tuple(map(Variant.parse, read_rows(raw, "variants"))),
        )
