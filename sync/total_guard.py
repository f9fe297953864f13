"""Does the sale order cost what the customer agreed to pay? To the cent."""

from odoo.tools import formatLang

from .order_plan import amount_due


def explain_difference(order, sale_order):
    """Return why a sale order's total is not the store's, "" if it is.

    With Odoo's own taxes, what is compared is the amount on the side on which the
    store enters prices: without tax, or with it.

    :param payloads.Order order: the store's order
    :param sale_order: the sale order made of it
    """
    env, currency = sale_order.env, sale_order.currency_id
    inclusive = order.is_tax_inclusive
    expected = float(amount_due(order, order.total.of(inclusive)))
    actual = sale_order.amount_total if inclusive else sale_order.amount_untaxed
    if not currency.compare_amounts(expected, actual):
        return ""

    def money(amount):
        return formatLang(env, amount, currency_obj=currency)

    parts = dict(sale_order.order_line._fields["bigcommerce_part"].selection)
    breakdown = "\n".join(
        f"{parts[part]}: {money(sum(_side(line, inclusive) for line in lines))}"
        for part, lines in sale_order.order_line.grouped("bigcommerce_part").items()
        if part
    )
    return env._(
        "Amount %(side)s: BigCommerce %(expected)s, Odoo %(actual)s, "
        "difference %(difference)s.\nOdoo's amount consists of:\n%(breakdown)s",
        side=env._("with tax") if inclusive else env._("without tax"),
        expected=money(expected),
        actual=money(actual),
        difference=money(actual - expected),
        breakdown=breakdown,
    )


def _side(line, inclusive):
    return line.price_total if inclusive else line.price_subtotal
