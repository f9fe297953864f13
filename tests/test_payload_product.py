from datetime import datetime, timezone
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..client.errors import ProtocolError
from ..client.payloads.product import Product


def product(**fields):
    return {
        "id": 77,
        "name": "Towel",
        "type": "physical",
        "sku": " TOWEL ",
        "description": "<p>Soft</p>",
        "weight": Decimal("0.5"),
        "price": Decimal("225.5500"),
        "cost_price": 0,
        "retail_price": 0,
        "sale_price": 0,
        "tax_class_id": 0,
        "categories": [23, 21],
        "brand_id": 0,
        "inventory_level": 12,
        "inventory_tracking": "variant",
        "is_visible": True,
        "availability": "available",
        "upc": "",
        "gtin": "",
        "mpn": "",
        "condition": "New",
        "custom_url": {"url": "/towel/", "is_customized": False},
        "date_created": "2018-08-15T14:49:05+00:00",
        "date_modified": "2018-08-24T14:41:00.000Z",
        "base_variant_id": None,
        "variants": [
            {
                "id": 80,
                "product_id": 77,
                "sku": "TOWEL-S",
                "sku_id": 5,
                "price": None,
                "weight": "0.75",
                "cost_price": None,
                "inventory_level": 7,
                "purchasing_disabled": False,
                "image_url": "",
                "option_values": [
                    {
                        "id": 103,
                        "label": "S",
                        "option_id": 18,
                        "option_display_name": "Size",
                    }
                ],
            }
        ],
        "images": [
            {
                "id": 5,
                "url_standard": "https://cdn/5.jpg",
                "url_zoom": "https://cdn/5z.jpg",
                "is_thumbnail": True,
                "sort_order": 0,
                "description": "",
                "date_modified": "2018-08-15T14:49:05+00:00",
            }
        ],
        **fields,
    }


@tagged("post_install", "-at_install")
class TestProduct(BaseCase):
    def test_a_product_is_read_with_variants_and_images(self):
        parsed = Product.parse(product())
        self.assertEqual((parsed.id, parsed.sku, parsed.brand_id), ("77", "TOWEL", ""))
        self.assertEqual(str(parsed.price), "225.5500")
        self.assertEqual(parsed.tax_class_id, "0")
        self.assertEqual(parsed.category_ids, ("23", "21"))
        self.assertEqual(
            parsed.date_modified, datetime(2018, 8, 24, 14, 41, tzinfo=timezone.utc)
        )
        (image,) = parsed.images
        self.assertTrue(image.is_thumbnail)
        (variant,) = parsed.variants
        self.assertEqual((variant.id, variant.sku), ("80", "TOWEL-S"))
        (option,) = variant.options
        self.assertEqual((option.option_name, option.label), ("Size", "S"))
        self.assertEqual((option.option_id, option.id), ("18", "103"))

    def test_dimensions_of_a_product_are_0_and_of_a_variant_inherited_if_unset(self):
        raw = product(width="2.50", depth=3)
        raw["variants"][0] |= {"height": 0.5, "cost_price": "4.2000"}
        parsed = Product.parse(raw)
        self.assertEqual(
            (parsed.width, parsed.depth, parsed.height), (Decimal("2.5"), 3, 0)
        )
        (variant,) = parsed.variants
        self.assertEqual(
            (variant.width, variant.depth, variant.height),
            (None, None, Decimal("0.5")),
        )
        self.assertEqual(str(variant.cost_price), "4.2000")

    def test_a_variant_is_disabled_only_if_the_store_says_so(self):
        for value, expected in ((True, True), (False, False), (None, False)):
            raw = product()
            raw["variants"][0]["purchasing_disabled"] = value
            self.assertIs(Product.parse(raw).variants[0].is_disabled, expected)

    def test_what_a_variant_inherits_is_none(self):
        (variant,) = Product.parse(product()).variants
        self.assertIsNone(variant.price)
        self.assertEqual(variant.weight, Decimal("0.75"))
        free = product()
        free["variants"][0]["price"] = 0
        self.assertEqual(Product.parse(free).variants[0].price, 0)

    def test_a_product_without_what_was_not_asked_for_is_read(self):
        for nothing in (None, [], {}):
            parsed = Product.parse(product(variants=nothing, images=nothing))
            self.assertEqual((parsed.variants, parsed.images), ((), ()))
        self.assertEqual(Product.parse({"id": 1}).variants, ())

    def test_rules_for_those_who_buy_many_are_read(self):
        amount = Decimal("1.2500")
        rules = [
            {"id": 5, "quantity_min": 2, "quantity_max": 9, "type": "price"},
            {"quantity_min": 10, "type": "percent", "amount": ".10"},
        ]
        rules[0]["amount"] = amount
        first, second = Product.parse(
            product(bulk_pricing_rules=rules)
        ).bulk_pricing_rules
        self.assertEqual((first.type, second.type), ("price", "percent"))
        self.assertEqual(str(first.amount), "1.2500")
        self.assertEqual((first.quantity_min, first.quantity_max), (2, 9))
        self.assertEqual((second.quantity_min, second.quantity_max), (10, 0))
        self.assertEqual(second.amount, Decimal("0.1"))

    def test_channels_are_read(self):
        parsed = Product.parse(product(channels=[1, "664177"]))
        self.assertEqual(parsed.channel_ids, ("1", "664177"))

    def test_lists_that_were_not_asked_for_are_empty(self):
        for nothing in (None, [], {}, ""):
            parsed = Product.parse(
                product(bulk_pricing_rules=nothing, channels=nothing)
            )
            self.assertEqual((parsed.bulk_pricing_rules, parsed.channel_ids), ((), ()))
        self.assertEqual(Product.parse({"id": 1}).channel_ids, ())

    def test_pictures_are_found(self):
        raw = product()
        raw["variants"][0]["image_url"] = "https://cdn/v.jpg"
        parsed = Product.parse(raw)
        self.assertEqual(parsed.variants[0].image_url, "https://cdn/v.jpg")
        (image,) = parsed.images
        self.assertEqual(
            (image.url_zoom, image.url_standard),
            ("https://cdn/5z.jpg", "https://cdn/5.jpg"),
        )

    def test_what_cannot_be_read_is_named(self):
        for field, value in {
            "price": "cheap",
            "categories": "all",
            "variants": [1],
            "channels": "all",
            "bulk_pricing_rules": [1],
            "date_modified": "yesterday",
            "is_visible": "perhaps",
            "inventory_level": 1.5,
        }.items():
            with self.subTest(field), self.assertRaisesRegex(ProtocolError, field):
                Product.parse(product(**{field: value}))
        for raw in (None, [], {"name": "x"}, "x"):
            with self.assertRaises(ProtocolError):
                Product.parse(raw)
