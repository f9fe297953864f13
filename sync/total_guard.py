"""Does the sale order cost what the customer agreed to pay? To the cent."""

from odoo.tools import formatLang


def explain_difference(record, sale_order):
    """Return why a sale order's total is not the store's, "" if it is.

    With Odoo's own taxes, what is compared is the amount on the side on which the
    store enters prices: without tax, or with it; less what is paid by gift certificate
    and store credit.

    :param record: the bigcommerce.order
    :param sale_order: the sale order made of it
    """
    env, currency = sale_order.env, sale_order.currency_id
    inclusive = record.is_tax_inclusive
    total = record.amount_total if inclusive else record.amount_untaxed
    expected = total - record.amount_gift_certificate - record.amount_store_credit
    actual = sale_order.amount_total if inclusive else sale_order.amount_untaxed
    if not currency.compare_amounts(expected, actual):
        return ""

    def money(amount):
        return formatLang(env, amount, currency_obj=currency)

    parts = dict(sale_order.order_line._fields["bigcommerce_part"].selection)
    breakdown = "\n".join(
        f"{parts.get(part, env._('Added in Odoo'))}: "
        f"{money(sum(_side(line, inclusive) for line in lines))}"
        for part, lines in sale_order.order_line.grouped("bigcommerce_part").items()
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
