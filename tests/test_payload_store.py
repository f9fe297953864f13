from odoo.tests import BaseCase, tagged

from ..client.errors import ProtocolError
from ..client.payloads.brand import Brand
from ..client.payloads.category import Category
from ..client.payloads.inventory import InventoryItem
from ..client.payloads.store import (
    KILOGRAMS,
    MILLIMETRES,
    Channel,
    Currency,
    Location,
    OrderStatus,
    Store,
    TaxClass,
)

CLASSES = (
    Brand,
    Category,
    Channel,
    Currency,
    Location,
    OrderStatus,
    TaxClass,
)


@tagged("post_install", "-at_install")
class TestStore(BaseCase):
    def test_a_store_is_read(self):
        store = Store.parse(
            {
                "id": "abc123",
                "name": "Towels",
                "currency": "usd",
                "timezone": {"name": "America/Chicago"},
                "weight_units": "Ounces",
                "dimension_units": "Centimeters",
                "is_price_entered_with_tax": False,
                "logo": [],
            }
        )
        self.assertEqual((store.id, store.currency_code), ("abc123", "USD"))
        self.assertEqual(store.timezone, "America/Chicago")
        self.assertFalse(store.is_price_entered_with_tax)
        self.assertEqual(KILOGRAMS[store.weight_unit] * 16, KILOGRAMS["LBS"])
        self.assertEqual(MILLIMETRES[store.dimension_unit], 10)

    def test_a_currency_is_read(self):
        currency = Currency.parse(
            {
                "id": 2,
                "currency_code": "eur",
                "currency_exchange_rate": "0.8490000000",
                "is_default": False,
                "is_transactional": True,
                "enabled": True,
                "decimal_places": 2,
            }
        )
        self.assertEqual((currency.id, currency.code), ("2", "EUR"))
        self.assertTrue(currency.is_transactional)

    def test_zero_is_a_status_and_a_tax_class(self):
        status = OrderStatus.parse({"id": 0, "name": "Incomplete", "custom_label": ""})
        self.assertEqual((status.id, status.label), ("0", "Incomplete"))
        self.assertEqual(TaxClass.parse({"id": "0", "name": "Default"}).id, "0")

    def test_the_merchants_word_for_a_status_is_its_label(self):
        status = OrderStatus.parse(
            {"id": 11, "system_label": "Awaiting Fulfillment", "custom_label": "Pack!"}
        )
        self.assertEqual((status.name, status.label), ("Awaiting Fulfillment", "Pack!"))

    def test_channels_locations_brands_and_categories_are_read(self):
        channel = Channel.parse({"id": 1, "name": "Shop", "external_id": ""})
        self.assertEqual((channel.id, channel.name), ("1", "Shop"))
        location = Location.parse({"id": 1, "label": "Main", "enabled": True})
        self.assertEqual((location.name, location.is_enabled), ("Main", True))
        self.assertEqual(Brand.parse({"id": 4, "name": "Acme"}), Brand("4", "Acme"))
        category = Category.parse(
            {"category_id": 23, "parent_id": 0, "tree_id": 1, "url": {"path": "/b/"}}
        )
        self.assertEqual((category.id, category.parent_id), ("23", ""))
        self.assertEqual(category.tree_id, "1")

    def test_stock_is_read_location_by_location(self):
        item = InventoryItem.parse(
            {
                "identity": {"sku": "A", "variant_id": 79, "product_id": 120},
                "locations": [
                    {
                        "location_id": 1,
                        "available_to_sell": 10,
                        "total_inventory_onhand": 11,
                        "location_enabled": True,
                        "settings": {"safety_stock": 1},
                    }
                ],
            }
        )
        self.assertEqual((item.product_id, item.variant_id), ("120", "79"))
        (level,) = item.levels
        self.assertEqual((level.location_id, level.on_hand), ("1", 11))

    def test_a_record_without_id_is_refused(self):
        for payload in CLASSES:
            for raw in ({}, None, {"name": "x"}, [1], "x"):
                with self.subTest(payload.__name__), self.assertRaises(ProtocolError):
                    payload.parse(raw)
