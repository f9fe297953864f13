"""Weights of the store and of Odoo: converted both ways, never a wrong number."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ..client.payloads.store import KILOGRAMS

UNITS = sorted(KILOGRAMS)
EXAMPLES = settings(max_examples=150, deadline=None)
# What a store may give, and what somebody may enter in Odoo.
STORE_WEIGHTS = st.decimals(0, 10_000, places=4)
ODOO_WEIGHTS = st.decimals(Decimal("0.01"), 100_000, places=2)


@tagged("post_install", "-at_install")
class TestWeights(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.env["bigcommerce.instance"].create({"name": "Scales"})
        cls.listing = cls.env["bigcommerce.listing"].create(
            {"instance_id": cls.instance.id, "bc_id": "1", "name": "Mug"}
        )
        cls.product = cls.env["product.product"].create({"name": "Mug"})
        cls.item = cls.env["bigcommerce.listing.item"].create(
            {
                "instance_id": cls.instance.id,
                "listing_id": cls.listing.id,
                "bc_id": "11",
                "name": "Mug",
                "product_id": cls.product.id,
            }
        )
        cls.weights = cls.env["bigcommerce.weights"]

    def set_units(self, unit, in_pounds):
        self.instance.weight_unit = unit
        self.env["ir.config_parameter"].set_param(
            "product.weight_in_lbs", "1" if in_pounds else "0"
        )

    def get_sent(self):
        instance, weight = self.item.instance_id, self.item.product_id.weight
        if self.weights._is_same(instance, weight, self.item.weight):
            return None
        return self.weights._to_store(instance, weight)

    def test_weights_are_converted_between_the_units_of_store_and_odoo(self):
        for unit, in_pounds, there, here in (
            ("KGS", False, 1, 1),
            ("KGS", True, 1, 2.2),
            ("LBS", False, 1, 0.45),
            ("LBS", True, 1, 1),
            ("Ounces", False, 16, 0.45),
            ("Ounces", True, 16, 1),
            ("Grams", False, 5, 0.01),
            ("Grams", False, 4, 0),
            ("Grams", True, 453.59237, 1),
            ("Tonnes", False, 0.001, 1),
            ("Tonnes", True, 1, 2204.62),
        ):
            with self.subTest(unit=unit, in_pounds=in_pounds):
                self.set_units(unit, in_pounds)
                self.assertEqual(self.weights._to_odoo(self.instance, there), here)

    @given(unit=st.sampled_from(UNITS), in_pounds=st.booleans(), weight=STORE_WEIGHTS)
    @EXAMPLES
    def test_a_weight_that_came_from_the_store_is_not_sent_back(
        self, unit, in_pounds, weight
    ):
        self.set_units(unit, in_pounds)
        self.item.weight = float(weight)
        self.product.weight = self.weights._to_odoo(self.instance, weight)
        self.env.invalidate_all()
        self.assertIsNone(self.get_sent())

    @given(
        unit=st.sampled_from(UNITS),
        in_pounds=st.booleans(),
        there=STORE_WEIGHTS,
        here=ODOO_WEIGHTS,
    )
    @EXAMPLES
    def test_a_weight_that_was_sent_is_not_sent_again_and_is_the_one_of_odoo(
        self, unit, in_pounds, there, here
    ):
        self.set_units(unit, in_pounds)
        self.item.weight = float(there)
        self.product.weight = float(here)
        self.env.flush_all()
        self.env.invalidate_all()
        sent = self.get_sent()
        if sent is None:
            self.assertEqual(
                self.weights._to_odoo(self.instance, there), self.product.weight
            )
            return
        self.assertGreater(sent, 0)
        # Half of Odoo's last digit at most.
        factor = KILOGRAMS[unit] / KILOGRAMS["LBS" if in_pounds else "KGS"]
        self.assertLessEqual(abs(sent * factor - here), Decimal("0.005"))
        self.item.weight = float(sent)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIsNone(self.get_sent())

    def test_a_weight_has_few_decimals_unless_more_are_needed(self):
        self.item.weight = 0
        for unit, here, sent in (
            ("KGS", 1.25, "1.25"),
            ("LBS", 1, "2.2046"),
            ("Tonnes", 0.01, "0.00001"),
            ("Grams", 3, "3000"),
        ):
            with self.subTest(unit=unit):
                self.set_units(unit, False)
                self.product.weight = here
                self.assertEqual(format(self.get_sent(), "f"), sent)

    def test_an_unknown_unit_is_no_weight(self):
        self.set_units(False, False)
        self.product.weight = 3
        self.assertIsNone(self.weights._to_odoo(self.instance, 3))
        self.assertIsNone(self.weights._to_store(self.instance, 3))
        self.assertIsNone(self.get_sent())

    def test_what_odoo_does_not_know_is_not_sent(self):
        self.set_units("KGS", False)
        self.item.weight = 2
        for weight in (0, -1):
            with self.subTest(weight=weight):
                self.product.weight = weight
                self.assertIsNone(self.get_sent())
        self.item.product_id = False
        self.assertIsNone(self.get_sent())

    def test_a_negative_weight_of_the_store_is_none(self):
        self.set_units("KGS", False)
        self.assertIsNone(self.weights._to_odoo(self.instance, Decimal(-1)))

    def test_huge_weights_are_converted(self):
        self.set_units("Tonnes", False)
        self.assertEqual(self.weights._to_odoo(self.instance, Decimal(10) ** 9), 1e12)
        self.assertEqual(self.weights._to_store(self.instance, 1e12), Decimal(10) ** 9)

    def test_more_digits_in_odoo_are_more_digits_in_the_store(self):
        self.env.ref("product.decimal_stock_weight").digits = 4
        self.env.registry.clear_cache()
        self.set_units("Grams", False)
        self.assertEqual(self.weights._to_odoo(self.instance, Decimal("4.2")), 0.0042)
