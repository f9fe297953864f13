"""What the tests of deliveries stand on."""

from .common import OrderCase

MUG = {"sku": "MUG-ENAMEL"}
BOWL = {"sku": "BOWL-STONE"}
PLANNER = {"sku": "PLANNER-PDF"}


def make_address(name, city):
    """Return an address of a cart."""
    first_name, last_name = name.split()
    return {
        "first_name": first_name,
        "last_name": last_name,
        "email": f"{first_name.lower()}@example.com",
        "street_1": f"1 {city} Road",
        "city": city,
    }


HERE = make_address("Hanna Here", "Austin")
THERE = make_address("Theo There", "Dallas")
YONDER = make_address("Yara Yonder", "Houston")


class DeliveryCase(OrderCase):
    """A store whose goods are in stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.instance.warehouse_id
        for sku in ("MUG-ENAMEL", "BOWL-STONE"):
            cls.stock(sku, 100)

    @classmethod
    def get_product(cls, sku):
        return cls.env["product.product"].search([("default_code", "=", sku)])

    @classmethod
    def stock(cls, sku, quantity, warehouse=None, **options):
        """Put some of a product into stock."""
        cls.env["stock.quant"]._update_available_quantity(
            cls.get_product(sku),
            (warehouse or cls.warehouse).lot_stock_id,
            quantity,
            **options,
        )

    @classmethod
    def get_stock(cls, sku):
        """Return how many of a product the warehouse has."""
        product = cls.get_product(sku).with_context(warehouse_id=cls.warehouse.id)
        product.invalidate_recordset()
        return product.qty_available

    def import_sale_order(self, **cart):
        return self.import_order(**cart).sale_order_id

    def confirm_order(self, **cart):
        """Import an order and confirm it; return the sale order."""
        sale_order = self.import_sale_order(**cart)
        sale_order.action_confirm()
        self.assertEqual(sale_order.state, "sale")
        return sale_order

    def get_deliveries(self, sale_order, **vals):
        """Return the deliveries of an order that have these values, oldest first."""
        return sale_order.picking_ids.filtered_domain(
            [(field, "=", value) for field, value in vals.items()]
        ).sorted("id")

    def get_contents(self, pickings):
        """Return city, and quantity by SKU, of each delivery, in the cities' order."""
        return sorted(
            (
                picking.partner_id.city,
                {
                    move.product_id.default_code: move.product_uom_qty
                    for move in picking.move_ids
                    if move.state != "cancel"
                },
            )
            for picking in pickings
        )

    def validate(self, pickings):
        """Deliver everything in these, as a person would."""
        for picking in pickings:
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
            self.assertIs(picking.with_context(skip_sms=True).button_validate(), True)
            self.assertEqual(picking.state, "done")
