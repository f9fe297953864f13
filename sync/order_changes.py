"""What people have changed of an order in the store since Odoo took it over. Pure.

A snapshot is what of an order may be changed by people and has to be the same in Odoo:
lines, amounts, addresses and shipping methods. What happens to an order by itself or
through us, such as its status, what is shipped and what is refunded, is no change.
"""

import hashlib
from dataclasses import astuple, replace
from typing import NamedTuple

from ..client.payloads.address import Address
from .contact_keys import get_name, get_person_name, get_phone_key

# Key of the billing address among the addresses; the others have that of their
# consignment.
BILLING = "billing"
# How consignments are shown whose address or method people may change.
ADDRESSED = ("shipping", "pickup")


class Difference(NamedTuple):
    """What differs between two snapshots, each part as pairs of before and after.

    A line or a consignment that is missing on one side is None there.
    """

    lines: dict
    amounts: dict
    addresses: dict

    def __bool__(self):
        return any(self)


def take_snapshot(order):
    """Return what of an order people may change, JSON-like.

    Addresses are digests: they belong to contacts, and would outlive these here. An
    order whose lines are not there says nothing of them.

    :param payloads.Order order: the store's order
    """
    inclusive = order.is_tax_inclusive
    fees = sum(fee.amount.of(inclusive) for fee in order.fees)
    amounts = {
        "shipping": order.shipping.of(inclusive),
        "handling": order.handling.of(inclusive),
        "wrapping": order.wrapping.of(inclusive),
        "fee": fees,
        "discount": order.discount_amount + order.coupon_discount,
        "gift_certificate": order.gift_certificate_amount,
        "store_credit": order.store_credit_amount,
        "tax": order.total.tax,
        "total": order.total.inc_tax,
    }
    snapshot = {
        "amounts": {name: _write(amount) for name, amount in amounts.items()},
        "billing": _digest(order.billing_address),
    }
    if order.has_lines:
        snapshot["lines"] = {
            line.id: _describe_line(line, inclusive) for line in order.lines
        }
        snapshot["consignments"] = {
            consignment.id: {
                "kind": consignment.kind,
                "address": _digest(consignment.address),
                "method": consignment.shipping_method,
            }
            for consignment in order.consignments
            if consignment.kind in ADDRESSED
        }
    return snapshot


def compare(before, after):
    """Return the :class:`Difference` between two snapshots.

    What one of them says nothing of is no difference.
    """
    addresses = _compare_parts(before, after, "consignments")
    moved = _get_moved(addresses)
    if moved:
        # The same consignment under another id.
        old, new = moved
        (content, _none), (_none, other) = addresses.pop(old), addresses.pop(new)
        if content != other:
            addresses[new] = (content, other)
    if before.get(BILLING) and before[BILLING] != after.get(BILLING, before[BILLING]):
        addresses[BILLING] = (before[BILLING], after[BILLING])
    return Difference(
        _compare_parts(before, after, "lines"),
        _compare_parts(before, after, "amounts"),
        addresses,
    )


def get_moved(before, after):
    """Return the ids before and after of a consignment that was given another one.

    None if there is no such thing, or no telling.
    """
    return _get_moved(_compare_parts(before, after, "consignments"))


def describe(env, difference, format_amount, former_addresses, addresses):
    """Return a :class:`Difference` in words, a list of sentences.

    :param format_amount: function of an amount that gives it with its currency
    :param dict former_addresses: payloads.Address by key, as Odoo has them
    :param dict addresses: the same, as the store has them now
    """
    words = []
    for before, after in difference.lines.values():
        words.append(_describe_line_change(env, before, after, format_amount))
    for key, (before, after) in difference.addresses.items():
        words += _describe_address_change(
            env, key, before, after, former_addresses.get(key), addresses.get(key)
        )
    labels = {
        "shipping": env._("Shipping"),
        "handling": env._("Handling"),
        "wrapping": env._("Gift wrapping"),
        "fee": env._("Fees"),
        "discount": env._("Discounts"),
        "gift_certificate": env._("Paid by gift certificate"),
        "store_credit": env._("Paid by store credit"),
        "tax": env._("Tax"),
        "total": env._("Total"),
    }
    words += [
        _describe_step(env, label, *map(format_amount, difference.amounts[name]))
        for name, label in labels.items()
        if name in difference.amounts
    ]
    return words


def get_addresses(order):
    """Return the addresses of an order by the keys that they have in a difference."""
    return {BILLING: order.billing_address} | {
        consignment.id: consignment.address
        for consignment in order.consignments
        if consignment.address
    }


def to_address(contact):
    """Return a contact of Odoo as the store would write its address."""
    company = contact.commercial_partner_id
    return Address(
        first_name=contact.name or contact.parent_id.name or "",
        company=company.name if company.is_company and company != contact else "",
        street_1=contact.street or "",
        street_2=contact.street2 or "",
        city=contact.city or "",
        state=contact.state_id.name or "",
        zip=contact.zip or "",
        country=contact.country_id.name or "",
        phone=contact.phone or "",
        email=contact.email or "",
    )


def _describe_line(line, inclusive):
    discounts = sum(line.discounts)
    details = [(option.name, option.value) for option in line.options]
    details += [(line.wrapping_name, line.wrapping_message)]
    return {
        "name": line.name,
        "sku": line.sku,
        "quantity": _write(line.quantity),
        "amount": _write(line.total.of(inclusive) - discounts),
        "details": _hash(details) if any(map(any, details)) else "",
    }


def _write(amount):
    return f"{amount.normalize():f}" if amount else "0"


def _digest(address):
    return _hash(astuple(address)) if address else ""


def _hash(content):
    text = repr(content).encode()
    return hashlib.sha1(text, usedforsecurity=False).hexdigest()


def _compare_parts(before, after, name):
    if name not in before or name not in after:
        return {}
    before, after = before[name], after[name]
    return {
        key: (before.get(key), after.get(key))
        # A database keeps no order of them.
        for key in sorted(before | after, key=lambda key: (len(key), key))
        if before.get(key) != after.get(key)
    }


def _get_moved(consignments):
    gone = [key for key, (_before, after) in consignments.items() if after is None]
    come = [key for key, (before, _after) in consignments.items() if before is None]
    return (gone[0], come[0]) if len(gone) == len(come) == 1 else None


def _describe_line_change(env, before, after, format_amount):
    known = before or after
    title = env._("Line “%(name)s”", name=known["name"])
    if known["sku"]:
        title = env._("Line “%(name)s” (%(sku)s)", name=known["name"], sku=known["sku"])
    if not after:
        return env._("%s: removed", title)
    if not before:
        return env._(
            "%(line)s: added, %(quantity)s for %(amount)s",
            line=title,
            quantity=after["quantity"],
            amount=format_amount(after["amount"]),
        )
    steps = []
    for field, label, write in (
        ("name", env._("name"), str),
        ("sku", env._("SKU"), str),
        ("quantity", env._("quantity"), str),
        ("amount", env._("amount"), format_amount),
    ):
        if before[field] != after[field]:
            steps.append(
                env._(
                    "%(what)s %(before)s → %(after)s",
                    what=label,
                    before=write(before[field]),
                    after=write(after[field]),
                )
            )
    if before["details"] != after["details"]:
        steps.append(env._("other options or gift wrapping"))
    return env._("%(line)s: %(changes)s", line=title, changes=", ".join(steps))


def _describe_address_change(env, key, before, after, former, current):
    if key == BILLING:
        return [_describe_places(env, env._("Billing address"), former, current)]
    known = after or before
    label = env._("Pickup") if known["kind"] == "pickup" else env._("Shipping address")
    if not after:
        return [env._("%s: removed", label)]
    if not before:
        place = _format_address(current) if current else known["method"]
        return [env._("%(address)s: added, %(place)s", address=label, place=place)]
    words = []
    if before["address"] != after["address"]:
        words.append(_describe_places(env, label, former, current))
    if before["method"] != after["method"]:
        pair = before["method"] or env._("none"), after["method"] or env._("none")
        words.append(_describe_step(env, env._("Shipping method"), *pair))
    return words or [env._("%s: changed", label)]


def _describe_places(env, label, former, current):
    """Return how an address has changed; what has not is left out where it is long."""
    if not (former and current):
        return env._("%s: changed", label)
    if get_phone_key(former.phone) == get_phone_key(current.phone):
        former, current = replace(former, phone=""), replace(current, phone="")
    if former.email.casefold() == current.email.casefold():
        former, current = replace(former, email=""), replace(current, email="")
    pair = _format_address(former), _format_address(current)
    if pair[0] == pair[1]:
        return env._("%(address)s: changed, %(place)s", address=label, place=pair[1])
    return _describe_step(env, label, *pair)


def _format_address(address):
    return ", ".join(
        filter(
            None,
            (
                get_name(address),
                get_person_name(address) and address.company,
                address.street_1,
                address.street_2,
                address.city,
                f"{address.state} {address.zip}".strip(),
                address.country,
                address.phone,
                address.email,
            ),
        )
    )


def _describe_step(env, label, before, after):
    return env._(
        "%(what)s: %(before)s → %(after)s", what=label, before=before, after=after
    )
