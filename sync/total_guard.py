"""Is a sale order, and are its invoices, worth what the store says? To the cent."""

from odoo.tools import formatLang

from .order_parts import GOODS


def explain_difference(record, sale_order):
    """Return why a sale order's amounts are not the store's, "" if they are.

    Gift certificates and store credit that are lines of the order lower what is due.
    With Odoo's own taxes only the amount on the side on which the store enters prices,
    without tax or with it, can be the same; but the customer, who has paid the store
    its tax, is owed nothing because Odoo's is lower.

    :param record: the bigcommerce.order
    :param sale_order: the sale order made of it
    """
    deduction = record._get_deduction()
    store = {
        "amount_untaxed": record.amount_untaxed - deduction,
        "amount_tax": record.amount_tax,
        "amount_total": record.amount_total - deduction,
    }
    fields = _get_compared_fields(record)
    differing = [field for field in fields if _differs(sale_order, store, field)]
    reasons = _explain_amounts(sale_order, store, differing)
    if (
        not reasons
        and sale_order.currency_id.compare_amounts(
            sale_order.amount_total, min(store["amount_total"], 0)
        )
        < 0
    ):
        reasons = [
            sale_order.env._(
                "With Odoo's taxes certificates and store credit pay %s more than the "
                "order is worth. Correct its taxes; if you release it, the customer "
                "gets a credit note.",
                _format(sale_order, -sale_order.amount_total),
            )
        ]
    if not reasons:
        return ""
    return "\n".join(reasons + _explain_parts(record, sale_order))


def explain_invoice_difference(sale_order):
    """Return why the invoices of a sale order do not sum to it, "" if they do.

    Nothing can be said before everything is invoiced, nor about an invoice of several
    orders.
    """
    order_lines = sale_order.order_line.filtered(lambda line: not line.display_type)
    rounding = sale_order.env["decimal.precision"].precision_get("Product Unit")
    moves = sale_order.invoice_ids.filtered(
        lambda move: move.state != "cancel" and not move.bigcommerce_refund_id
    )
    if (
        not moves
        or moves.line_ids.sale_line_ids - sale_order.order_line
        or any(
            round(line.product_uom_qty - line.qty_invoiced, rounding) > 0
            for line in order_lines
        )
    ):
        return ""
    invoiced = {
        field: sum(
            move[field] * (-1 if move.move_type == "out_refund" else 1)
            for move in moves
        )
        for field in ("amount_untaxed", "amount_tax", "amount_total")
    }
    record = sale_order.bigcommerce_order_id.sudo()
    differing = [
        field
        for field in _get_compared_fields(record)
        if _differs(sale_order, invoiced, field)
    ]
    if not differing:
        return ""
    env = sale_order.env
    return "\n".join(
        [env._("The invoices of %s do not sum to it.", sale_order.name)]
        + [
            env._(
                "%(amount)s: order %(order)s, invoices %(invoices)s.",
                amount=_get_label(sale_order, field),
                order=_format(sale_order, sale_order[field]),
                invoices=_format(sale_order, invoiced[field]),
            )
            for field in differing
        ]
    )


def _get_compared_fields(record):
    if record.tax_system != "odoo":
        return ["amount_untaxed", "amount_tax", "amount_total"]
    return ["amount_total" if record.is_tax_inclusive else "amount_untaxed"]


def _differs(sale_order, amounts, field):
    currency = sale_order.currency_id
    return bool(currency.compare_amounts(amounts[field], sale_order[field]))


def _explain_amounts(sale_order, store, differing):
    return [
        sale_order.env._(
            "%(amount)s: BigCommerce %(expected)s, Odoo %(actual)s, "
            "difference %(difference)s.",
            amount=_get_label(sale_order, field),
            expected=_format(sale_order, store[field]),
            actual=_format(sale_order, sale_order[field]),
            difference=_format(sale_order, sale_order[field] - store[field]),
        )
        for field in differing
    ]


def _explain_parts(record, sale_order):
    """Return what both sides consist of, on the side on which prices are entered."""
    env, inclusive = sale_order.env, record.is_tax_inclusive
    goods = (*GOODS, "discount")
    store = {
        goods: record.amount_subtotal - record.amount_discount,
        ("shipping",): record.amount_shipping,
        ("handling",): record.amount_handling,
        ("wrapping",): record.amount_wrapping,
        ("fee",): record.amount_fees,
        ("gift_certificate",): -record.amount_gift_certificate,
        ("store_credit",): -record.amount_store_credit,
    }
    labels = dict(
        sale_order.order_line._fields["bigcommerce_part"]._description_selection(env)
    )
    words = [
        env._("By part, with tax (BigCommerce | Odoo):")
        if inclusive
        else env._("By part, without tax (BigCommerce | Odoo):")
    ]
    known = {part for parts in store for part in parts}
    lines = sale_order.order_line.filtered(lambda line: not line.display_type)
    others = {
        (part,): 0 for part in lines.mapped("bigcommerce_part") if part not in known
    }
    # Odoo finds no text to translate within a formatted string.
    added = env._("Added in Odoo")
    for parts, amount in {**store, **others}.items():
        own = lines.filtered(lambda line, parts=parts: line.bigcommerce_part in parts)
        actual = sum(own.mapped("price_total" if inclusive else "price_subtotal"))
        if own or amount:
            words.append(
                f"{labels.get(parts[0], added)}: "
                f"{_format(sale_order, amount)} | {_format(sale_order, actual)}"
            )
    return words


def _get_label(sale_order, field):
    env = sale_order.env
    return {
        "amount_untaxed": env._("Amount without tax"),
        "amount_tax": env._("Tax"),
        "amount_total": env._("Total"),
    }[field]


def _format(sale_order, amount):
    return formatLang(sale_order.env, amount, currency_obj=sale_order.currency_id)
