"""The consignments of an order, built out of its lines and addresses.

bigcommerce-api.md §3.3: shipping addresses, pickups, downloads and e-mailed gift
certificates, each with its lines.
"""

ADDRESS_FIELDS = (
    "first_name",
    "last_name",
    "company",
    "street_1",
    "street_2",
    "city",
    "zip",
    "country",
    "country_iso2",
    "state",
    "email",
    "phone",
)
# field of a consignment -> where an order has the sum of all its consignments
COST_FIELDS = {
    "base_cost": "base_shipping_cost",
    "cost_ex_tax": "shipping_cost_ex_tax",
    "cost_inc_tax": "shipping_cost_inc_tax",
    "cost_tax": "shipping_cost_tax",
    "base_handling_cost": "base_handling_cost",
    "handling_cost_ex_tax": "handling_cost_ex_tax",
    "handling_cost_inc_tax": "handling_cost_inc_tax",
    "handling_cost_tax": "handling_cost_tax",
}


def compose(record, present_line):
    """The ``consignments`` object of an order.

    :param record: the order with its parts
    :param present_line: makes what stands in ``line_items`` of a line: the line
        itself or a link to it
    """
    waiting = list(record.objects("products"))

    def take(belongs):
        taken = [line for line in waiting if belongs(line)]
        waiting[:] = [line for line in waiting if not belongs(line)]
        return [present_line(line) for line in taken]

    pickups = [
        {**pickup, "line_items": take(_with("order_pickup_method_id", pickup["id"]))}
        for pickup in record.objects("pickups")
    ]
    shipping = [
        _shipping(address, take(_with("order_address_id", address.get("id"))))
        for address in record.objects("shipping_addresses")
    ]
    recipient = _billing(record.body).get("email", "")
    certificates = take(_with("type", "giftcertificate"))
    downloads = take(_with("type", "digital"))
    if waiting:
        # A recording may come without its addresses, and no line may get lost
        address = _unrecorded_address(record.body, with_costs=not shipping)
        shipping.append(_shipping(address, take(lambda line: True)))
    return {
        "pickups": pickups,
        "shipping": shipping,
        "downloads": _to_recipient(recipient, downloads),
        "email": {"gift_certificates": _to_recipient(recipient, certificates)},
    }


def with_lines(recorded, lines):
    """Recorded consignments with lines in place of the links to them.

    :param recorded: the object, or the list that BigCommerce answered earlier
    :param lines: the lines of the order that are known
    """
    known = {str(line.get("id")): line for line in lines}

    def resolved(value):
        if isinstance(value, list):
            return [resolved(item) for item in value]
        if not isinstance(value, dict):
            return value
        line_id = str(value.get("resource", "")).rpartition("/products/")[2]
        if line_id in known:
            return known[line_id]
        return {name: resolved(item) for name, item in value.items()}

    return resolved(recorded)


def _billing(order):
    billing = order.get("billing_address")
    return billing if isinstance(billing, dict) else {}


def _with(name, value):
    return lambda line: value is not None and str(line.get(name)) == str(value)


def _to_recipient(recipient, lines):
    return [{"recipient_email": recipient, "line_items": lines}] if lines else []


def _shipping(address, lines):
    """A shipping address as a consignment: its costs are numbers here."""
    consignment = {name: value for name, value in address.items() if name != "order_id"}
    for name in COST_FIELDS:
        if name in consignment:
            consignment[name] = _as_number(consignment[name])
    return {**consignment, "line_items": lines}


def _unrecorded_address(order, with_costs):
    billing = _billing(order)
    address = {name: billing[name] for name in ADDRESS_FIELDS if name in billing}
    if with_costs:
        for name, name_in_order in COST_FIELDS.items():
            if name_in_order in order:
                address[name] = order[name_in_order]
    return address


def _as_number(amount):
    try:
        return float(amount)
    except (TypeError, ValueError):
        return amount
