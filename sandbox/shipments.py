"""Shipments of orders: bigcommerce-api.md §5."""

from collections import Counter

from werkzeug.wrappers import Response

from . import answers
from .answers import Refused
from .columns import number
from .dates import rfc2822
from .lookup import get_item
from .orders import SCOPE, change_order, get_order
from .paging import v2_page
from .paths import ORDERS
from .routing import Routes
from .statuses import DELIVERED, PARTIALLY_SHIPPED, SHIPPED

routes = Routes()

SHIPMENTS = f"{ORDERS}/<int:order_id>/shipments"
# what POST and PUT take, besides the items of a POST, with how long it may be
LENGTHS = {
    "tracking_number": 50,
    "tracking_link": 500,
    "comments": 65535,
    "shipping_method": 255,
    "shipping_provider": 255,
    "tracking_carrier": 255,
    "merchant_shipping_cost": 20,
}
PROVIDERS = {
    "auspost": "Australia Post",
    "canadapost": "Canada Post",
    "endicia": "Endicia",
    "usps": "USPS",
    "fedex": "FedEx",
    "royalmail": "Royal Mail",
    "ups": "UPS",
    "upsready": "UPS Ready",
    "upsonline": "UPS Online",
    "shipperhq": "ShipperHQ",
}


@routes.get(SHIPMENTS, SCOPE)
def list_shipments(call, order_id):
    shipments = get_order(call.store, order_id).objects("shipments")
    return answers.v2(v2_page(call.query, shipments))


@routes.get(f"{SHIPMENTS}/count", SCOPE)
def count_shipments(call, order_id):
    count = len(get_order(call.store, order_id).objects("shipments"))
    return answers.as_json({"count": count})


@routes.get(f"{SHIPMENTS}/<int:shipment_id>", SCOPE)
def read_shipment(call, order_id, shipment_id):
    shipments = get_order(call.store, order_id).objects("shipments")
    return answers.as_json(get_item(shipments, shipment_id))


@routes.post(SHIPMENTS, SCOPE)
def create_shipment(call, order_id):
    """Ship some of the lines of one address; the order's status may follow."""
    record = get_order(call.store, order_id)
    details = _read_details(call.body)
    address = _read_address(record, call.body.get("order_address_id"))
    quantities = _read_items(record, call.body.get("items"), address["id"])
    products = {line["id"]: line["product_id"] for line in record.objects("products")}
    shipment = _present(
        {
            "id": _next_id(call.store),
            "order_id": order_id,
            "customer_id": record.body.get("customer_id") or 0,
            "order_address_id": address["id"],
            "date_created": rfc2822(call.store.clock.now()),
            **dict.fromkeys(LENGTHS, ""),
            "merchant_shipping_cost": "0.0000",
            "shipping_method": address.get("shipping_method") or "None",
            # as the reference of 2020 had it
            "shipping_provider": "custom",
            **details,
            "billing_address": record.body.get("billing_address") or {},
            "shipping_address": address,
            "items": [
                {
                    "order_product_id": line_id,
                    "product_id": products[line_id],
                    "quantity": quantity,
                }
                for line_id, quantity in quantities.items()
            ],
        }
    )
    _put(call.store, order_id, [*record.objects("shipments"), shipment])
    _follow(call.store, order_id, quantities)
    return answers.as_json(shipment, 201)


@routes.put(f"{SHIPMENTS}/<int:shipment_id>", SCOPE)
def update_shipment(call, order_id, shipment_id):
    """Change anything but the items."""
    record = get_order(call.store, order_id)
    shipments = record.objects("shipments")
    before = get_item(shipments, shipment_id)
    change = _read_details(call.body)
    if "order_address_id" in call.body:
        address = _read_address(record, call.body["order_address_id"])
        change |= {"order_address_id": address["id"], "shipping_address": address}
    after = _present({**before, **change})
    _put(
        call.store,
        order_id,
        [after if one is before else one for one in shipments],
    )
    change_order(call.store, order_id, {})
    return answers.as_json(after)


@routes.delete(SHIPMENTS, SCOPE)
def delete_shipments(call, order_id):
    shipments = get_order(call.store, order_id).objects("shipments")
    return _delete(call.store, order_id, shipments, shipments)


@routes.delete(f"{SHIPMENTS}/<int:shipment_id>", SCOPE)
def delete_shipment(call, order_id, shipment_id):
    shipments = get_order(call.store, order_id).objects("shipments")
    gone = [get_item(shipments, shipment_id)]
    return _delete(call.store, order_id, shipments, gone)


def _delete(store, order_id, shipments, gone):
    """Take shipments away: their items count as not shipped, the status stays."""
    _put(store, order_id, [one for one in shipments if one not in gone])
    quantities = Counter()
    for shipment in gone:
        for item in shipment["items"]:
            quantities[item["order_product_id"]] -= item["quantity"]
    _count(store, order_id, quantities)
    change_order(store, order_id, {})
    return Response(status=204)


# reading what is sent


def _read_details(body):
    if not isinstance(body, dict):
        raise Refused(400, "The request body is invalid.")
    details = {name: body[name] for name in LENGTHS if name in body}
    for name, value in details.items():
        if not isinstance(value, str) or len(value) > LENGTHS[name]:
            raise Refused(400, f"The field '{name}' is invalid.")
    return details


def _read_address(record, address_id):
    if not address_id:
        raise Refused(400, "The required field 'order_address_id' was not supplied.")
    for address in record.objects("shipping_addresses"):
        if address.get("id") == address_id:
            return address
    raise Refused(400, "The field 'order_address_id' is invalid.")


def _read_items(record, items, address_id):
    """Quantities by line, each of which is left of a line of this address."""
    if not items or not isinstance(items, list):
        raise Refused(400, "The required field 'items' was not supplied.")
    lines = {line["id"]: line for line in record.objects("products")}
    quantities = Counter()
    for item in items:
        line = lines.get(item.get("order_product_id"))
        quantity = item.get("quantity")
        if line is None or line.get("order_address_id") != address_id:
            raise Refused(400, "The field 'order_product_id' is invalid.")
        if type(quantity) is not int or quantity < 1:
            raise Refused(400, "The field 'quantity' is invalid.")
        quantities[line["id"]] += quantity
        if quantities[line["id"]] > _left(line):
            raise Refused(400, "The quantity is more than is left to ship.")
    return quantities


def _left(line):
    return _whole(line, "quantity") - _whole(line, "quantity_shipped")


def _whole(body, name):
    return int(number(body.get(name)) or 0)


# what comes of it


def _present(shipment):
    """A shipment with what follows from its fields."""
    provider, carrier = shipment["shipping_provider"], shipment["tracking_carrier"]
    provider = "" if provider == "custom" else provider
    tracked_by = provider or carrier
    tracking, link = shipment["tracking_number"], ""
    if tracked_by and tracking and not shipment["tracking_link"]:
        link = f"https://track.example.com/{tracked_by}/{tracking}"
    return {
        **shipment,
        "shipping_provider_display_name": PROVIDERS.get(provider, provider or "Other"),
        "generated_tracking_link": link,
    }


def _next_id(store):
    orders = store[ORDERS]
    return 1 + max(
        (
            shipment["id"]
            for record in orders.records()
            for shipment in record.objects("shipments")
        ),
        default=0,
    )


def _put(store, order_id, shipments):
    store.put(f"{ORDERS}/{order_id}/shipments", shipments)


def _count(store, order_id, quantities):
    """Add to what is shipped of lines, their addresses and their order."""
    record = store[ORDERS].get(order_id)
    addresses = Counter()
    lines = []
    for line in record.objects("products"):
        added = quantities.get(line["id"], 0)
        addresses[line.get("order_address_id")] += added
        shipped = _whole(line, "quantity_shipped") + added
        lines.append({**line, "quantity_shipped": shipped} if added else line)
    store.put(f"{ORDERS}/{order_id}/products", lines)
    store.put(
        f"{ORDERS}/{order_id}/shipping_addresses",
        [
            {
                **address,
                "items_shipped": _whole(address, "items_shipped")
                + addresses[address.get("id")],
            }
            for address in record.objects("shipping_addresses")
        ],
    )
    shipped = _whole(record.body, "items_shipped") + sum(quantities.values())
    store.put(f"{ORDERS}/{order_id}", {**record.body, "items_shipped": shipped})


def _follow(store, order_id, quantities):
    """Count what is shipped; the status follows, where this store lets it."""
    _count(store, order_id, quantities)
    record = store[ORDERS].get(order_id)
    is_open = any(
        _left(line) > 0
        for line in record.objects("products")
        if line.get("order_address_id")
    )
    status = PARTIALLY_SHIPPED if is_open else SHIPPED
    before = record.body.get("status_id")
    stays = before in DELIVERED or not store.shipments_move_status
    change_order(store, order_id, {} if stays else {"status_id": status})
