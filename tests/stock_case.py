"""What the tests of stock stand on."""

from .delivery_case import DeliveryCase

MUG_SKU, BOWL_SKU = "MUG-ENAMEL", "BOWL-STONE"


class StockCase(DeliveryCase):
    """A store whose default location has the stock of the warehouse.

    Mugs and bowls are in stock in Odoo, 100 of each; the store's levels of both are
    known to Odoo, 100 as well. Nothing else is synchronised.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.location = cls.get_location("1")
        cls.stock_location = cls.location.stock_location_id
        cls.location.is_stock_enabled = True
        cls.mug, cls.bowl = map(cls.get_product, (MUG_SKU, BOWL_SKU))
        cls.mug_item, cls.bowl_item = map(cls.get_item, (MUG_SKU, BOWL_SKU))
        cls.env["bigcommerce.listing"].search(
            [("id", "not in", (cls.mug_item + cls.bowl_item).listing_id.ids)]
        ).is_excluded = True

    def setUp(self):
        super().setUp()
        self.skip_backoff()
        for item in (self.mug_item, self.bowl_item):
            self.set_level(item, 100)
            self.confirm_level(item, 100)
        self.store.forget_requests()

    @classmethod
    def get_location(cls, bc_id, instance=None):
        return (instance or cls.instance).location_ids.filtered(
            lambda location: location.bc_id == bc_id
        )

    @classmethod
    def get_item(cls, sku, instance=None):
        return cls.env["bigcommerce.listing.item"].search(
            [
                ("instance_id", "=", (instance or cls.instance).id),
                ("sku", "=", sku),
            ]
        )

    @classmethod
    def add_location(cls, bc_id="2", warehouse=None, **vals):
        """Enable another location of the store, with a warehouse of its own."""
        location = cls.get_location(bc_id)
        warehouse = warehouse or cls.env["stock.warehouse"].create(
            {"name": f"Warehouse {bc_id}", "code": f"W{bc_id}"}
        )
        location.write(
            {
                "warehouse_id": warehouse.id,
                "stock_location_id": warehouse.lot_stock_id.id,
                "is_stock_enabled": True,
                **vals,
            }
        )
        return location

    @classmethod
    def add_place(cls, name, parent=None):
        """Return a new internal location in Odoo."""
        return cls.env["stock.location"].create(
            {
                "name": name,
                "usage": "internal",
                "location_id": (parent or cls.stock_location).id,
            }
        )

    @classmethod
    def put(cls, product, quantity, place=None, **options):
        """Put some of a product to a place."""
        cls.env["stock.quant"]._update_available_quantity(
            product, place or cls.stock_location, quantity, **options
        )

    @classmethod
    def get_on_hand(cls, product, place=None):
        product.invalidate_recordset()
        place = place or cls.stock_location
        return product.with_context(location=place.ids).qty_available

    def get_level(self, item, location_id=1):
        """Return what the store has of an item."""
        levels = self.store.control("GET", f"v3/inventory/items/{item.bc_id}")
        return next(
            level["total_inventory_onhand"]
            for level in levels["locations"]
            if level["location_id"] == location_id
        )

    def set_level(self, item, quantity, location_id=1):
        """Let the store have so much of an item."""
        product_id = int(item.listing_id.bc_id)
        product = self.store.control("GET", f"v3/catalog/products/{product_id}")
        identity = {"variant_id": int(item.bc_id)}
        if product["inventory_tracking"] == "product":
            identity = {"product_id": product_id}
        self.store.set_level(quantity, location_id, **identity)

    def let_store_take_stock_on(self, event):
        self.store.take_stock_on(event)
        self.instance.stock_taken_on = event

    def confirm_level(self, item, quantity, location=None):
        """Let Odoo believe that the store has so much of an item."""
        location = location or self.location
        self.env["bigcommerce.stock.level"]._confirm(
            self.instance, {(item, location): {"quantity": quantity}}
        )

    def get_confirmed(self, item, location=None):
        levels = self.env["bigcommerce.stock.level"].search(
            [
                ("item_id", "=", item.id),
                ("location_id", "=", (location or self.location).id),
            ]
        )
        return levels.quantity if levels else None

    def get_writes(self):
        return [
            request
            for request in self.store.get_requests()
            if request["method"] != "GET"
        ]

    def export(self, **options):
        return self.run_operation(self.instance, "export_inventory", **options)

    def import_stock(self):
        return self.run_operation(self.instance, "import_inventory")

    def compare(self):
        return self.run_operation(self.instance, "compare_inventory")
