"""Products as BigCommerce answers them, made of a short description.

bigcommerce-api.md §6.3 and §6.4; stock as §9.1.
"""

from dataclasses import dataclass, field
from itertools import product as combinations

from .pictures import ADDRESS
from .stock import item_of
from .store import Record

# ids say where they belong: variant 10103 is the third of product 101
VARIANTS_PER_PRODUCT = 100
# what this store's products leave as it is when nothing is said
UNUSED_IN_PRODUCTS = {
    "width": 0,
    "depth": 0,
    "height": 0,
    "retail_price": 0,
    "map_price": 0,
    "product_tax_code": "",
    "option_set_id": None,
    "option_set_display": "right",
    "inventory_warning_level": 0,
    "reviews_rating_sum": 0,
    "reviews_count": 0,
    "total_sold": 0,
    "fixed_cost_shipping_price": 0,
    "is_featured": False,
    "related_products": [-1],
    "warranty": "",
    "bin_picking_number": "",
    "layout_file": "product.html",
    "mpn": "",
    "gtin": "",
    "date_last_imported": "",
    "search_keywords": "",
    "availability_description": "",
    "condition": "New",
    "is_condition_shown": False,
    "order_quantity_minimum": 0,
    "order_quantity_maximum": 0,
    "page_title": "",
    "meta_keywords": [],
    "meta_description": "",
    "view_count": 0,
    "preorder_release_date": None,
    "preorder_message": "",
    "is_preorder_only": False,
    "is_price_hidden": False,
    "price_hidden_label": "",
    "open_graph_type": "product",
    "open_graph_title": "",
    "open_graph_description": "",
    "open_graph_use_meta_description": True,
    "open_graph_use_product_name": True,
    "open_graph_use_image": True,
    "sort_order": 0,
}


@dataclass(frozen=True)
class Option:
    """Something a shopper chooses, which makes variants.

    :param values: label -> code at the end of the variant's SKU
    """

    name: str
    values: dict


@dataclass(frozen=True)
class Merchandise:
    """What the merchant knows of one product.

    :param price: before tax, in the store's currency
    :param weight: in the store's unit
    :param stock: on hand at the locations 1, 2 …; ``None`` is not tracked
    :param variant_prices: label of an option value -> own price of its variants
    :param images: how many pictures
    :param pictured: labels of option values whose variants have pictures of their own
    """

    id: int
    name: str
    sku: str
    price: float
    weight: float = 1.0
    type: str = "physical"
    description: str = ""
    brand_id: int = 0
    categories: tuple = ()
    options: tuple = ()
    variant_prices: dict = field(default_factory=dict)
    stock: tuple = None
    images: int = 0
    pictured: tuple = ()
    cost_price: float = 0
    sale_price: float = 0
    upc: str = ""
    tax_class_id: int = 0
    is_visible: bool = True
    availability: str = "available"
    custom_fields: dict = field(default_factory=dict)
    modifiers: tuple = ()
    date: str = "2026-06-01T08:00:00+00:00"

    def record(self):
        """The product with its variants, images, options and custom fields."""
        variants = self.variants()
        return Record(
            self.body(),
            {
                "variants": variants,
                "images": [self._image(number) for number in range(self.images)],
                "options": [self._option(*item) for item in enumerate(self.options)],
                "modifiers": [self._modifier(*m) for m in enumerate(self.modifiers)],
                "custom-fields": [
                    {"id": self.id * 10 + number, "name": name, "value": value}
                    for number, (name, value) in enumerate(self.custom_fields.items())
                ],
                "channels": [1],
            },
        )

    def body(self):
        """The product itself."""
        tracking = "variant" if self.options else "product"
        level = self.stock[0] if self.stock else 0
        return {
            **UNUSED_IN_PRODUCTS,
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "sku": self.sku,
            "description": self.description or f"<p>{self.name}.</p>",
            "weight": self.weight,
            "price": self.price,
            "cost_price": self.cost_price,
            "sale_price": self.sale_price,
            "tax_class_id": self.tax_class_id,
            "calculated_price": self.sale_price or self.price,
            "categories": list(self.categories),
            "brand_id": self.brand_id,
            "inventory_level": level * len(self._choices()),
            "inventory_tracking": tracking if self.stock else "none",
            "is_free_shipping": self.type == "digital",
            "is_visible": self.is_visible,
            "upc": self.upc,
            "availability": self.availability,
            "date_created": self.date,
            "date_modified": self.date,
            "custom_url": {"url": f"/product-{self.id}/", "is_customized": False},
            "base_variant_id": None if self.options else self.variant_id(0),
        }

    def variant_id(self, position):
        return self.id * VARIANTS_PER_PRODUCT + position

    def _choices(self):
        """One tuple of (label, code) for each variant; empty for a base variant."""
        return list(combinations(*(option.values.items() for option in self.options)))

    def variants(self):
        """Every combination of the options, or the base variant."""
        return [
            self._variant(position if self.options else 0, choice)
            for position, choice in enumerate(self._choices(), start=1)
        ]

    def _variant(self, position, choice):
        sku = "-".join([self.sku, *(code for _, code in choice)])
        own = [
            self.variant_prices[label]
            for label, _ in choice
            if label in self.variant_prices
        ]
        # a base variant echoes its product, the others inherit what is null
        price = own[0] if own else None if choice else self.price
        return {
            "id": self.variant_id(position),
            "product_id": self.id,
            "sku": sku if choice else self.sku,
            "sku_id": self.variant_id(position) + 1 if choice else None,
            "price": price,
            "calculated_price": self.price if price is None else price,
            "sale_price": None,
            "retail_price": None,
            "map_price": None,
            "weight": None if choice else self.weight,
            "calculated_weight": self.weight,
            "width": None,
            "height": None,
            "depth": None,
            "is_free_shipping": False,
            "fixed_cost_shipping_price": None,
            "purchasing_disabled": False,
            "purchasing_disabled_message": "",
            "image_url": self._picture_of(position, choice),
            "cost_price": self.cost_price,
            "upc": "" if choice else self.upc,
            "mpn": "",
            "gtin": "",
            "inventory_level": self.stock[0] if self.stock else 0,
            "inventory_warning_level": 0,
            "bin_picking_number": "",
            "option_values": [
                {
                    "id": self._value_id(number, label),
                    "label": label,
                    "option_id": self._option_id(number),
                    "option_display_name": self.options[number].name,
                }
                for number, (label, _) in enumerate(choice)
            ],
        }

    def _picture_of(self, position, choice):
        if not any(label in self.pictured for label, _ in choice):
            return ""
        return f"{ADDRESS}{self.id}/{self.variant_id(position)}.1280.png"

    def _option_id(self, number):
        return self.id * 10 + number

    def _value_id(self, number, label):
        values = list(self.options[number].values)
        return self._option_id(number) * 100 + values.index(label)

    def _option(self, number, option):
        return {
            "id": self._option_id(number),
            "product_id": self.id,
            "name": f"{option.name}{self._option_id(number)}",
            "display_name": option.name,
            "type": "rectangles",
            "sort_order": number,
            "config": {},
            "option_values": [
                {
                    "id": self._value_id(number, label),
                    "label": label,
                    "sort_order": position,
                    "value_data": None,
                    "is_default": False,
                }
                for position, label in enumerate(option.values)
            ],
        }

    def _modifier(self, number, name):
        return {
            "id": self.id * 10 + 5 + number,
            "product_id": self.id,
            "name": f"{name}{self.id}",
            "display_name": name,
            "type": "text",
            "required": False,
            "sort_order": number,
            "config": {"default_value": "", "text_characters_limited": False},
            "option_values": [],
        }

    def _image(self, number):
        name = f"{ADDRESS}{self.id}/{number}"
        return {
            "id": self.id * 10 + number,
            "product_id": self.id,
            "is_thumbnail": number == 0,
            "sort_order": number,
            "description": f"{self.name}, picture {number + 1}",
            "image_file": f"{self.id}/{number}.png",
            "url_zoom": f"{name}.1280.png",
            "url_standard": f"{name}.386.png",
            "url_thumbnail": f"{name}.220.png",
            "url_tiny": f"{name}.44.png",
            "date_modified": self.date,
        }

    def stock_item(self, variant, locations):
        """A variant's entry of ``GET /v3/inventory/items``."""
        quantities = self.stock or (0,) * len(locations)
        return item_of(variant, locations, quantities)
