"""What BigCommerce does not take is said before anything is sent, a sentence each."""

from dataclasses import replace
from decimal import Decimal

from odoo.tests import TransactionCase, tagged

from ..sync.product_limits import find_violations
from ..sync.product_sheet import ProductSheet, VariantSheet

VARIANT = VariantSheet(
    product_id=1,
    sku="FELT",
    cost_price=Decimal(8),
    weight=0.5,
    lengths={"width": 0, "depth": 0, "height": 0},
    upc="",
    gtin="",
    mpn="",
    options=(),
)
SHEET = ProductSheet(
    template_id=1,
    name="Felt hat",
    type="physical",
    description="",
    brand="",
    tax_class_id="",
    category_ids=(),
    is_storable=True,
    is_active=True,
    variants=(VARIANT,),
)


def with_variants(count, **options):
    """Return a product of so many variants.

    :param options: attribute -> function of the variant's number
    """
    variants = tuple(
        replace(
            VARIANT,
            product_id=number,
            sku=f"FELT-{number}",
            options=tuple((name, get(number)) for name, get in options.items()),
        )
        for number in range(count)
    )
    return replace(SHEET, variants=variants, varying=tuple(options))


@tagged("post_install", "-at_install")
class TestProductLimits(TransactionCase):
    def assertTaken(self, sheet):
        self.assertEqual(find_violations(self.env, sheet), [])

    def assertRefused(self, sheet, *words):
        found = find_violations(self.env, sheet)
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    def one(self, **fields):
        return replace(SHEET, variants=(replace(VARIANT, **fields),))

    def test_a_product_has_a_name_of_up_to_250_characters(self):
        self.assertTaken(replace(SHEET, name="x" * 250))
        self.assertRefused(replace(SHEET, name="x" * 251), "251 characters", "250")
        self.assertRefused(replace(SHEET, name=""), "no name")

    def test_a_sku_has_up_to_255_characters_and_may_be_missing_without_variants(self):
        self.assertTaken(self.one(sku="x" * 255))
        self.assertTaken(self.one(sku=""))
        self.assertRefused(self.one(sku="x" * 256), "255 characters")

    def test_brand_and_mpn_have_up_to_255_characters(self):
        self.assertTaken(replace(self.one(mpn="x" * 255), brand="x" * 255))
        self.assertRefused(replace(SHEET, brand="x" * 256), "brand")
        self.assertRefused(self.one(mpn="x" * 256), "MPN")

    def test_there_are_up_to_600_variants(self):
        def get_row(number):
            return f"Row {number % 30}"

        def get_seat(number):
            return f"Seat {number // 30}"

        self.assertTaken(with_variants(600, Row=get_row, Seat=get_seat))
        self.assertRefused(with_variants(601, Row=get_row, Seat=get_seat), "601", "600")

    def test_an_option_has_up_to_250_values(self):
        self.assertTaken(with_variants(250, Size=str))
        self.assertRefused(with_variants(251, Size=str), "Size", "251", "250")

    def test_options_and_values_have_up_to_255_characters(self):
        self.assertTaken(with_variants(2, Size=lambda number: f"{number}" * 255))
        self.assertRefused(
            with_variants(2, Size=lambda number: "x" * (255 + number)), "255"
        )
        self.assertRefused(with_variants(2, **{"x" * 256: str}), "255")

    def test_each_variant_has_a_sku_of_its_own(self):
        sheet = with_variants(2, Size=str)
        first, second = sheet.variants
        self.assertRefused(
            replace(sheet, variants=(first, replace(second, sku=""))), "reference"
        )
        self.assertRefused(
            replace(sheet, variants=(first, replace(second, sku="felt-0"))), "felt-0"
        )

    def test_what_is_not_made_needs_no_sku(self):
        sheet = with_variants(2, Size=str)
        first, second = sheet.variants
        sheet = replace(sheet, variants=(first, replace(second, sku="")))
        self.assertFalse(find_violations(self.env, sheet, made={0}))
        self.assertTrue(find_violations(self.env, sheet, made={1}))

    def test_a_sku_that_is_not_sent_stops_nothing(self):
        first, second = with_variants(2, Size=str).variants
        for skus in (("x" * 256, "y"), ("x", "x")):
            variants = (replace(first, sku=skus[0]), replace(second, sku=skus[1]))
            sheet = replace(SHEET, variants=variants, varying=("Size",))
            self.assertTrue(find_violations(self.env, sheet, made=set()))
            self.assertFalse(find_violations(self.env, sheet, {"sku"}, made=set()))
            self.assertTrue(find_violations(self.env, sheet, {"sku"}, made={0, 1}))

    def test_attributes_have_names_of_their_own(self):
        sheet = with_variants(2, Size=str)
        variants = tuple(
            replace(own, options=(*own.options, ("Size", f"{own.product_id} cm")))
            for own in sheet.variants
        )
        self.assertRefused(replace(sheet, variants=variants), "attributes", "Size")

    def test_a_combo_is_not_made(self):
        combo = replace(SHEET, type="combo")
        self.assertRefused(combo, "combo")
        self.assertFalse(find_violations(self.env, combo, made=set()))

    def test_variants_differ_in_their_options(self):
        self.assertRefused(with_variants(2, Size=lambda _number: "S"), "same options")

    def test_nothing_is_negative_or_beyond_what_fits(self):
        for fields in (
            {"weight": -1},
            {"cost_price": Decimal(-1)},
            {"lengths": {"width": 10_000_000_000, "depth": 0, "height": 0}},
        ):
            with self.subTest(**fields):
                self.assertRefused(self.one(**fields), "negative or too large")

    def test_a_product_is_in_up_to_1000_categories(self):
        self.assertTaken(replace(SHEET, category_ids=tuple(range(1000))))
        self.assertRefused(replace(SHEET, category_ids=tuple(range(1001))), "1000")

    def test_each_thing_that_is_wrong_has_a_sentence(self):
        sheet = replace(self.one(mpn="x" * 256), name="", brand="x" * 256)
        self.assertEqual(len(find_violations(self.env, sheet)), 3)
