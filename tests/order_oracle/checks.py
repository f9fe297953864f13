"""What must hold in each order."""

from decimal import Decimal

from .amounts import FINEST, ZERO, amount_of, rounded
from .costs import PARTS


def lines_of(raw):
    """Every line of the order, wherever it goes."""
    consignments = raw["consignments"]
    groups = (
        *consignments["pickups"],
        *consignments["shipping"],
        *consignments["downloads"],
        *consignments["email"]["gift_certificates"],
    )
    return [line for group in groups for line in group["line_items"]]


def entered_side(raw):
    return "inc_tax" if raw["is_tax_inclusive_pricing"] else "ex_tax"


def total_of_parts(raw):
    """The order's total as its parts say it, on the side of the prices."""
    side = entered_side(raw)
    parts = ("subtotal", "shipping_cost", "handling_cost", "wrapping_cost")
    return (
        sum(amount_of(raw[f"{part}_{side}"]) for part in parts)
        + sum(amount_of(fee[f"cost_{side}"]) for fee in raw["fees"])
        - amount_of(raw["discount_amount"])
        - amount_of(raw["coupon_discount"])
    )


def tax_of_parts(raw):
    parts = ("shipping_cost", "handling_cost", "wrapping_cost")
    return (
        sum(amount_of(line["total_tax"]) for line in lines_of(raw))
        + sum(amount_of(raw[f"{part}_tax"]) for part in parts)
        + sum(amount_of(fee["cost_tax"]) for fee in raw["fees"])
    )


def tax_of_rows(taxes):
    return sum((amount_of(row["line_amount"]) for row in taxes), ZERO)


def tax_of_rowless_fees(raw, taxes):
    """Some stores write rows for the taxes of all fees, the others for none."""
    if any(row["line_item_type"] == "fee" for row in taxes):
        return ZERO
    return sum((amount_of(fee["cost_tax"]) for fee in raw["fees"]), ZERO)


def slack_of(raw):
    """What the shares of the discounts, at four decimals, may miss."""
    return FINEST * (1 + 4 * len(lines_of(raw)))


def check(order):
    """Assert the identities of the order's amounts."""
    try:
        _check_totals(order)
        _check_redemption(order)
        _check_parts(order)
        _check_lines(order)
        _check_taxes(order)
    except AssertionError as error:
        raise AssertionError(f"order {order.raw['id']}: {error}") from error


def _check_totals(order):
    raw, expected = order.raw, order.expected
    untaxed, tax, total = (
        amount_of(raw[f"total_{name}"]) for name in ("ex_tax", "tax", "inc_tax")
    )
    assert total - tax == untaxed
    assert (untaxed, tax, total) == (expected.untaxed, expected.tax, expected.total)
    assert amount_of(raw[f"total_{entered_side(raw)}"]) == total_of_parts(raw)
    for amount in (untaxed, tax, total):
        assert amount >= 0
        assert amount % expected.unit == 0


def _check_redemption(order):
    raw, expected = order.raw, order.expected
    certificate = amount_of(raw["gift_certificate_amount"])
    credit = amount_of(raw["store_credit_amount"])
    assert expected.due == expected.total - certificate - credit
    assert certificate >= 0 and credit >= 0
    assert 0 <= expected.due <= expected.total
    assert expected.due % expected.unit == 0


def _check_parts(order):
    raw, parts = order.raw, order.expected.parts
    side = entered_side(raw)
    assert tuple(parts) == PARTS
    assert all(amount >= 0 for amount in parts.values())
    assert sum(parts.values()) == amount_of(raw[f"total_{side}"])
    for part in ("shipping", "handling", "wrapping"):
        assert parts[part] == amount_of(raw[f"{part}_cost_{side}"])
    for consignment_field, order_field in (
        ("cost", "shipping_cost"),
        ("handling_cost", "handling_cost"),
    ):
        assert amount_of(raw[f"{order_field}_{side}"]) == sum(
            amount_of(consignment[f"{consignment_field}_{side}"])
            for consignment in raw["consignments"]["shipping"]
        )


def _check_lines(order):
    raw, unit = order.raw, order.expected.unit
    lines = lines_of(raw)
    side = entered_side(raw)
    whole = sum(amount_of(line[f"total_{side}"]) for line in lines)
    assert abs(whole - amount_of(raw[f"subtotal_{side}"])) <= unit / 2
    assert len({line["id"] for line in lines}) == len(lines)
    for line in lines:
        shares = sum(amount_of(share["amount"]) for share in line["applied_discounts"])
        assert 0 <= shares <= amount_of(line[f"total_{side}"])
        paid = amount_of(line.get("discounted_total_inc_tax", 0))
        assert paid >= 0
    if all("discounted_total_inc_tax" in line for line in lines):
        _check_paid(order, lines)


def _check_paid(order, lines):
    """What the shopper paid for the lines and all else is the total."""
    raw, expected = order.raw, order.expected
    paid = sum(amount_of(line["discounted_total_inc_tax"]) for line in lines)
    paid += sum(amount_of(fee["cost_inc_tax"]) for fee in raw["fees"])
    for part in ("shipping", "handling", "wrapping"):
        paid += amount_of(raw[f"{part}_cost_inc_tax"])
    assert abs(paid - expected.total) <= expected.unit + slack_of(raw)


def _check_taxes(order):
    raw, expected = order.raw, order.expected
    assert rounded(tax_of_parts(raw), expected.unit) == expected.tax
    assert sum(expected.tax_by_name.values()) == tax_of_rows(order.taxes)
    explained = tax_of_rows(order.taxes) + tax_of_rowless_fees(raw, order.taxes)
    # Two units, and half a unit of rounding the order's total_tax.
    assert abs(explained - expected.tax) <= expected.unit * Decimal("2.5")
    ids = [row["id"] for row in order.taxes]
    assert len(set(ids)) == len(ids)
