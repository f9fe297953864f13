"""Random orders as a whole: raw, with their tax rows and what is expected."""

import random
from dataclasses import dataclass

from hypothesis import strategies as st

from .costs import Expected, charges_of, expect
from .drawing import EXTRAS, Draw, Knobs, draw_cart
from .payload import raw_order, rows_of
from .store import Rounding

# (product id, variant id, SKU, name)
GOODS = tuple(
    (1000 + number, 5000 + number, f"ORACLE-{number}", name)
    for number, name in enumerate(
        (
            "Enamel Mug",
            "Linen Towel",
            "Canvas Tote",
            "Trail Map (download)",
            "Beeswax Candle",
            "Oak Cutting Board",
            "Wool Blanket",
            "Knitting Pattern (download)",
            "Brass Bookmark",
            "Clay Planter",
        ),
        start=1,
    )
)


@dataclass(frozen=True)
class OracleOrder:
    raw: dict
    taxes: list
    expected: Expected
    rounding: Rounding


def order_from(rng, order_id, goods=GOODS, knobs=None):
    """One order out of the dice of `rng`."""
    draw = Draw(rng.getrandbits(64), knobs or Knobs())
    cart = draw_cart(draw, order_id, goods)
    charges = charges_of(cart)
    rows = rows_of(cart, charges)
    expected = expect(cart, charges, rows)
    raw = raw_order(cart, charges, expected)
    return OracleOrder(raw, rows, expected, cart.store.rounding)


def random_orders(seed, count, first_id=100_001, goods=GOODS, knobs=None):
    """The same orders for the same seed; the first ones, whatever their count."""
    return [
        order_from(random.Random(f"{seed}/{index}"), first_id + index, goods, knobs)
        for index in range(count)
    ]


def knob_settings():
    """Shrinks to one line of one piece, without any extra."""
    # Each on its own, so that it shrinks on its own; most of them are allowed.
    allowed = st.tuples(*(st.integers(0, 3) for _extra in EXTRAS))
    extras = allowed.map(
        lambda flags: frozenset(
            extra for extra, flag in zip(sorted(EXTRAS), flags, strict=True) if flag
        )
    )
    return st.builds(
        Knobs,
        max_lines=st.integers(1, 8),
        max_quantity=st.integers(1, 24),
        extras=extras,
    )


def orders(order_id=100_001, goods=GOODS):
    """A strategy of orders, all with the one id."""
    return order_lists(order_id, goods, min_size=1, max_size=1).map(lambda one: one[0])


def order_lists(first_id=100_001, goods=GOODS, min_size=1, max_size=5):
    """A strategy of lists of orders whose ids follow each other."""
    seeds = st.tuples(st.integers(0, 2**32 - 1), knob_settings())
    return st.lists(seeds, min_size=min_size, max_size=max_size).map(
        lambda drawn: [
            order_from(random.Random(seed), first_id + index, goods, knobs)
            for index, (seed, knobs) in enumerate(drawn)
        ]
    )
