"""Orders that contradict themselves, each in one way."""

import copy
import random
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from .amounts import ZERO, amount_of
from .checks import lines_of, tax_of_rows
from .drawing import Knobs
from .orders import GOODS, knob_settings, order_from
from .payload import text


@dataclass(frozen=True)
class BrokenOrder:
    raw: dict
    taxes: list
    kind: str
    reason: str


def contradict_totals(rng, raw, taxes, gap):
    name, off = rng.choice(
        [
            ("total_inc_tax", gap),
            ("total_inc_tax", -gap),
            ("total_ex_tax", gap),
            ("total_ex_tax", -gap),
            ("total_tax", gap),
        ]
    )
    shift(raw, name, off)
    return "The total with tax is not the total without tax plus the tax."


def hide_discount(rng, raw, taxes, gap):
    shift(raw, "total_inc_tax", -gap)
    shift(raw, "total_ex_tax", -gap)
    return "The totals are lower than the parts, and no discount says why."


def hide_fee(rng, raw, taxes, gap):
    shift(raw, "total_inc_tax", gap)
    shift(raw, "total_ex_tax", gap)
    return "The totals are higher than the parts, and no fee says why."


def lose_fee(rng, raw, taxes, gap):
    raw["fees"] = []
    taxes[:] = [row for row in taxes if row["line_item_type"] != "fee"]
    return "A fee is in the totals and not among the fees."


def lose_discount(rng, raw, taxes, gap):
    raw["discount_amount"] = raw["coupon_discount"] = text(ZERO)
    for line in lines_of(raw):
        line["applied_discounts"] = []
        line.pop("discounted_total_inc_tax", None)
    return "A discount is in the totals and nowhere else."


def inflate_tax(rng, raw, taxes, gap):
    shift(raw, "total_tax", gap)
    if raw["is_tax_inclusive_pricing"]:
        shift(raw, "total_ex_tax", -gap)
    else:
        shift(raw, "total_inc_tax", gap)
    return "Neither the tax rows nor the taxes of the parts give the order's tax."


def scatter_taxes(rng, raw, taxes, gap):
    """As above, with rows that don't agree with the parts either."""
    reason = inflate_tax(rng, raw, taxes, gap)
    for row in taxes:
        tripled = amount_of(row["line_amount"]) * 3
        row["line_amount"] = row["priority_amount"] = text(tripled)
    # Tripled rows might just happen to give the new tax.
    if taxes and abs(tax_of_rows(taxes) - amount_of(raw["total_tax"])) < gap:
        shift(taxes[0], "line_amount", 2 * gap)
        taxes[0]["priority_amount"] = taxes[0]["line_amount"]
    return reason


def always(order, gap):
    return True


def has_lost_fee(order, gap):
    return order.expected.parts["fee"] >= gap


def has_lost_discount(order, gap):
    raw = order.raw
    return amount_of(raw["discount_amount"]) + amount_of(raw["coupon_discount"]) >= gap


def has_tax(order, gap):
    return order.expected.tax > 0


# Each way to break an order, and which orders it can break.
MUTATIONS = {
    contradict_totals: always,
    hide_discount: always,
    hide_fee: always,
    lose_fee: has_lost_fee,
    lose_discount: has_lost_discount,
    inflate_tax: has_tax,
    scatter_taxes: has_tax,
}


def shift(raw, name, amount):
    raw[name] = text(amount_of(raw[name]) + amount)


def least_gap(order):
    """More than any rounding of each piece could explain."""
    pieces = sum(line["quantity"] for line in lines_of(order.raw))
    return (100 + 2 * pieces) * order.expected.unit


def draw_gap(rng, order):
    """At least that, at most half of the order."""
    unit = order.expected.unit
    most = min(order.expected.total, order.expected.untaxed) / 2
    return unit * rng.randint(int(least_gap(order) / unit), int(most / unit))


def can_be_broken(order, mutation):
    gap = least_gap(order)
    least_total = min(order.expected.total, order.expected.untaxed)
    return least_total > 2 * gap and MUTATIONS[mutation](order, gap)


def broken_from(rng, order_id, goods=GOODS, knobs=None, mutation=None):
    """One broken order: the first of the dice's orders that can be broken so."""
    mutation = mutation or rng.choice(list(MUTATIONS))
    knobs = knobs or Knobs()
    # Certificates and credit would exceed a lowered total.
    extras = (knobs.extras | {"fees", "order_discounts"}) - {"redeemed"}
    knobs = replace(knobs, extras=extras)
    order = order_from(rng, order_id, goods, knobs)
    while not can_be_broken(order, mutation):
        order = order_from(rng, order_id, goods, knobs)
    raw, taxes = copy.deepcopy((order.raw, order.taxes))
    reason = mutation(rng, raw, taxes, draw_gap(rng, order))
    return BrokenOrder(raw, taxes, mutation.__name__, reason)


def random_mutations(seed, count, first_id=900_001, goods=GOODS, knobs=None):
    """Broken orders, the same for the same seed, each kind in its turn."""
    kinds = list(MUTATIONS)
    return [
        broken_from(
            random.Random(f"{seed}/{index}"),
            first_id + index,
            goods,
            knobs,
            kinds[index % len(kinds)],
        )
        for index in range(count)
    ]


def mutations(order_id=900_001, goods=GOODS):
    """A strategy of orders that a careful bookkeeper would not book."""
    return st.builds(
        lambda seed, knobs, mutation: broken_from(
            random.Random(seed), order_id, goods, knobs, mutation
        ),
        st.integers(0, 2**32 - 1),
        knob_settings(),
        st.sampled_from(list(MUTATIONS)),
    )
