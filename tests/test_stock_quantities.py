"""How much there is at a location: as Odoo says, in a few queries."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from ..sync.stock_quantities import get_whole_level
from .stock_case import StockCase

FIELDS = {
    "free": "free_qty",
    "on_hand": "qty_available",
    "forecast": "virtual_available",
}


class ProductOfKits(models.Model):
    """Products as an addon has them that computes their quantities its own way."""

    _module = None
    _name = "product.product"
    _inherit = ["product.product"]

    def _compute_quantities_dict(self, *args, **options):
        found = super()._compute_quantities_dict(*args, **options)
        for quantities in found.values():
            for name in FIELDS.values():
                quantities[name] *= 2
        return found


class QuantityCase(StockCase):
    def get_quantities(self, products=None, locations=None):
        """Return quantity by basis, by location and product."""
        found = {}
        for basis in FIELDS:
            self.instance.stock_basis = basis
            found[basis] = self.env["bigcommerce.stock.quantities"]._get_quantities(
                self.instance, locations or self.location, products or self.mug
            )
        return found

    def get_own(self):
        """Return free, on hand and forecast of the mug at the default location."""
        return tuple(
            quantities.get((self.location, self.mug), 0)
            for quantities in self.get_quantities().values()
        )

    def move(self, quantity, source, target, product=None, is_done=False):
        move = self.env["stock.move"].create(
            {
                "product_id": (product or self.mug).id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": target.id,
            }
        )
        move._action_confirm()
        if is_done:
            move.quantity = quantity
            move.picked = True
            move._action_done()
        return move


@tagged("post_install", "-at_install")
class TestQuantities(QuantityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")

    def test_what_lies_there_is_counted(self):
        self.assertEqual(self.get_own(), (100, 100, 100))

    def test_a_product_without_stock_counts_as_nothing(self):
        product = self.get_product("SKILLET-10")
        self.assertFalse(any(self.get_quantities(product)["free"].values()))

    def test_reserved_is_not_free_and_goes_out(self):
        self.move(30, self.stock_location, self.customers)._action_assign()
        self.assertEqual(self.get_own(), (70, 100, 70))

    def test_what_is_not_reserved_yet_is_free_and_goes_out(self):
        self.move(30, self.stock_location, self.customers)
        self.assertEqual(self.get_own(), (100, 100, 70))

    def test_what_comes_is_forecasted_only(self):
        self.move(30, self.suppliers, self.stock_location)
        self.assertEqual(self.get_own(), (100, 100, 130))

    def test_what_was_moved_or_cancelled_does_not_go_out_again(self):
        self.move(30, self.stock_location, self.customers, is_done=True)
        self.move(20, self.stock_location, self.customers)._action_cancel()
        self.assertEqual(self.get_own(), (70, 70, 70))

    def test_what_moves_within_the_location_neither_comes_nor_goes(self):
        shelf = self.add_place("Shelf")
        self.move(30, self.stock_location, shelf)._action_assign()
        self.assertEqual(self.get_own(), (70, 100, 100))

    def test_what_lies_inside_is_counted(self):
        self.put(self.mug, 5, self.add_place("Shelf"))
        self.assertEqual(self.get_own(), (105, 105, 105))

    def test_what_lies_elsewhere_is_not_counted(self):
        self.put(self.mug, 5, self.add_place("Yard", self.warehouse.view_location_id))
        self.assertEqual(self.get_own(), (100, 100, 100))

    def test_a_place_that_is_counted_with_it_is_added(self):
        yard = self.add_place("Yard", self.warehouse.view_location_id)
        self.put(self.mug, 5, yard)
        self.location.counted_location_ids = yard
        self.assertEqual(self.get_own(), (105, 105, 105))

    def test_parent_and_child_are_counted_once(self):
        shelf = self.add_place("Shelf")
        self.put(self.mug, 5, shelf)
        self.location.counted_location_ids = shelf
        self.assertEqual(self.get_own(), (105, 105, 105))
        self.location.write(
            {
                "stock_location_id": shelf.id,
                "counted_location_ids": [(6, 0, self.stock_location.ids)],
            }
        )
        self.assertEqual(self.get_own(), (105, 105, 105))

    def test_each_location_has_its_own(self):
        second = self.add_location()
        self.put(self.mug, 7, second.stock_location_id)
        found = self.get_quantities(locations=self.location + second)
        for quantities in found.values():
            self.assertEqual(quantities[self.location, self.mug], 100)
            self.assertEqual(quantities[second, self.mug], 7)

    def test_all_products_are_counted_in_few_queries(self):
        products = self.env["product.product"].search([("is_storable", "=", True)])
        self.assertGreater(len(products), 20)
        yard = self.add_place("Yard", self.warehouse.view_location_id)
        self.location.counted_location_ids = yard
        quantities = self.env["bigcommerce.stock.quantities"]
        for basis, count in (("on_hand", 1), ("free", 1), ("forecast", 3)):
            self.env.flush_all()
            quantities._get_quantities_at(yard, products, basis)
            with self.subTest(basis=basis), self.assertQueryCount(count):
                quantities._get_quantities_at(
                    self.stock_location + yard, products, basis
                )

    def test_no_products_or_places_ask_nothing(self):
        quantities = self.env["bigcommerce.stock.quantities"]
        nowhere = self.env["stock.location"]
        nothing = self.env["product.product"]
        for places, products in ((nowhere, self.mug), (self.stock_location, nothing)):
            with self.assertQueryCount(0):
                found = quantities._get_quantities_at(places, products, "forecast")
            self.assertEqual(found, {})


@tagged("post_install", "-at_install")
class TestWholeLevels(StockCase):
    def test_a_level_is_whole_and_never_below_zero(self):
        unit = self.env.ref("uom.product_uom_unit")
        for quantity, level in (
            (0, 0),
            (3, 3),
            (2.9999999, 3),
            (3.0000001, 3),
            (2.99, 2),
            (0.99, 0),
            (0.1 + 0.2, 0),
            (-0.001, 0),
            (-5, 0),
            (-5.5, 0),
            (2_147_483_647, 2_147_483_647),
            (2_147_483_648, 2_147_483_648),
        ):
            with self.subTest(quantity=quantity):
                self.assertEqual(get_whole_level(quantity, unit), level)


places = st.integers(0, 5)
amounts = st.integers(1, 40)
quants = st.lists(st.tuples(places, amounts, st.booleans()), max_size=8)
moves = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), amounts, st.integers(0, 3)),
    max_size=8,
)
counted = st.lists(places, min_size=1, max_size=4, unique=True)


@tagged("post_install", "-at_install")
class TestAnyStock(QuantityCase):
    """Whatever lies and moves where: what is summed is what Odoo's fields say."""

    def check(self, products):
        @settings(
            max_examples=60,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(quants, moves, counted)
        def check(quants, moves, counted):
            with self.env.cr.savepoint() as savepoint:
                self.arrange(quants, moves, products)
                self.location.stock_location_id = self.tree[counted[0]]
                self.location.counted_location_ids = self.env["stock.location"].concat(
                    *(self.tree[number] for number in counted[1:])
                )
                ids = [self.tree[number].id for number in counted]
                found = self.get_quantities(products)
                products.invalidate_recordset()
                for product in products.with_context(location=ids):
                    for basis, name in FIELDS.items():
                        own = found[basis].get((self.location, product), 0)
                        self.assertAlmostEqual(own, product[name], msg=basis)
                savepoint.rollback()
            self.env.invalidate_all()

        check()

    def setUp(self):
        super().setUp()
        root = self.warehouse.view_location_id
        shelf = self.add_place("Shelf")
        self.tree = [
            self.stock_location,
            shelf,
            self.add_place("Box", shelf),
            self.add_place("Yard", root),
            self.add_place("Back", root),
            self.env["stock.location"].create({"name": "Far", "usage": "internal"}),
            self.env.ref("stock.stock_location_customers"),
            self.env.ref("stock.stock_location_suppliers"),
        ]

    def arrange(self, quants, moves, products):
        for number, (place, quantity, is_first) in enumerate(quants):
            product = products[0 if is_first else number % len(products)]
            self.put(product, quantity, self.tree[place])
        for source, target, quantity, how in moves:
            if source == target:
                continue
            move = self.move(
                quantity,
                self.tree[source],
                self.tree[target],
                products[quantity % len(products)],
                is_done=how == 3,
            )
            if how == 1:
                move._action_assign()
            elif how == 2:
                move._action_cancel()

    def test_the_sums_are_odoos(self):
        self.check(self.mug + self.bowl)

    def test_the_sums_are_odoos_where_an_addon_computes_them(self):
        add_to_registry(self.registry, ProductOfKits)
        self.registry._setup_models__(self.cr, ["product.product"])
        try:
            quantities = self.env["bigcommerce.stock.quantities"]
            self.assertTrue(quantities._is_computed_elsewhere())
            self.assertEqual(self.get_own(), (200, 200, 200))
        finally:
            bases = type(self.mug)._base_classes__
            type(self.mug)._base_classes__ = tuple(
                base for base in bases if base is not ProductOfKits
            )
            self.registry._setup_models__(self.cr, ["product.product"])
        self.assertFalse(quantities._is_computed_elsewhere())
