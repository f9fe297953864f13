"""The v2 order endpoints: bigcommerce-api.md §3."""

from collections import Counter

from . import answers, columns, consignments
from .answers import Refused
from .dates import rfc2822
from .filters import in_range, is_in
from .links import link
from .lookup import get_item, get_record
from .paging import v2_page
from .paths import ORDER_STATUSES, ORDERS
from .routing import Routes
from .statuses import DELIVERED
from .stock_moves import follow_order

routes = Routes()
SCOPE = "store_v2_orders"

EXACT_FILTERS = (
    "customer_id",
    "email",
    "status_id",
    "cart_id",
    "payment_method",
    "channel_id",
    "external_order_id",
)
RANGE_FILTERS = ("id", "total", "date_created", "date_modified")
SORTS = (
    "id",
    "customer_id",
    "date_created",
    "date_modified",
    "status_id",
    "channel_id",
    "external_id",
)
# what tax rows that are added up have in common
GROUPED_BY = ("order_address_id", "name", "rate")
# what only a detailed tax row has
DETAILS = ("order_product_id", "line_item_type")
# what PUT may change so far: fields that trigger no recalculation (§3.9)
WRITABLE = (
    "status_id",
    "external_order_id",
    "staff_notes",
    "customer_message",
    "payment_method",
    "payment_provider_id",
)


def _conditions(query, collection):
    found = []
    for name in EXACT_FILTERS:
        if query.get(name):
            found.append((name, is_in([_read(query, name, collection.columns[name])])))
    for name in RANGE_FILTERS:
        for operator in ("min", "max"):
            parameter = f"{operator}_{name}"
            if not query.get(parameter):
                continue
            bound = _read(query, parameter, collection.columns[name])
            # a date that cannot be read is silently ignored, as in the real API
            if bound is not None:
                found.append((name, in_range(operator, bound)))
    return found


def _read(query, parameter, column):
    value = column.read(query[parameter])
    if value is None and column.read is not columns.parse_moment:
        raise Refused(400, f"The field '{parameter}' is invalid.")
    return value


def _find(call):
    name, _, direction = call.query.get("sort", "id").partition(":")
    if name not in SORTS or direction not in ("", "asc", "desc"):
        raise Refused(400, "The field 'sort' is invalid.")
    orders = call.store[ORDERS]
    conditions = _conditions(call.query, orders)
    return orders.find(conditions, sort=name, descending=direction == "desc")


def get_order(store, number):
    """The record of an order.

    :raises Refused: 404 if there is none
    """
    return get_record(store, ORDERS, number)


def _present(call, record):
    """An order as it is answered: with its links, or in their place what
    ``include`` asks for."""
    order = dict(record.body)
    include = call.query.get("include", "").split(",")
    as_object = call.query.get("consignment_structure") == "object"
    if as_object and {"consignments", "consignments.line_items"} & set(include):
        with_lines = "consignments.line_items" in include
        order["consignments"] = _consignments(call, record, with_lines)
    if "fees" in include:
        order["fees"] = record.part("fees")
    return order


def _consignments(call, record, with_lines):
    """As recorded, or composed of what was recorded."""
    for recorded in (
        record.parts.get("consignments"),
        record.body.get("consignments"),
    ):
        if recorded and not _is_link(recorded):
            lines = record.objects("products") if with_lines else []
            return consignments.with_lines(recorded, lines)
    number = record.body.get("id")

    def present_line(line):
        if with_lines:
            return line
        resource = f"/orders/{number}/products/{line.get('id')}"
        return link(call.store.store_hash, resource)

    return consignments.compose(record, present_line)


def _is_link(value):
    return isinstance(value, dict) and "resource" in value


@routes.get(ORDERS, SCOPE)
def list_orders(call):
    """Filters, sorting and pages of §3.2; ``include`` of §3.3."""
    orders = call.store[ORDERS]
    page = v2_page(call.query, _find(call))
    return answers.v2([_present(call, orders.get(number)) for number in page])


@routes.get(f"{ORDERS}/count", SCOPE)
def count_orders(call):
    """The number of orders by status, under the filters of the list."""
    orders = call.store[ORDERS]
    found = _find(call)
    counts = Counter(orders.value("status_id", number) for number in found)
    counted = [
        {
            **status,
            "count": counts[columns.number(status.get("id"))],
            "sort_order": position,
        }
        for position, status in enumerate(call.store.get(ORDER_STATUSES))
    ]
    return answers.as_json({"statuses": counted, "count": len(found)})


@routes.get(f"{ORDERS}/<int:number>", SCOPE)
def read_order(call, number):
    return answers.as_json(_present(call, get_order(call.store, number)))


@routes.put(f"{ORDERS}/<int:number>", SCOPE)
def update_order(call, number):
    """A partial update (§3.9); it moves ``date_modified``."""
    get_order(call.store, number)
    if not isinstance(call.body, dict):
        raise Refused(400, "The request body is invalid.")
    change = {name: call.body[name] for name in WRITABLE if name in call.body}
    change_order(call.store, number, change)
    return read_order(call, number)


def change_order(store, number, change):
    """Change fields of an order, and do what comes of another status.

    :param dict change: field -> value; a ``status_id`` brings its names with it
    :raises Refused: 400 if there is no such status
    """
    body = store[ORDERS].get(number).body
    now = rfc2822(store.clock.now())
    change = {**change, "date_modified": now}
    if "status_id" in change:
        status = store[ORDER_STATUSES].get(change["status_id"])
        if status is None:
            raise Refused(400, "The field 'status_id' is invalid.")
        change["status"] = status.body["name"]
        change["custom_status"] = status.body["custom_label"]
        if change["status_id"] in DELIVERED and not body.get("date_shipped"):
            change["date_shipped"] = now
    store.put(f"{ORDERS}/{number}", {**body, **change})
    follow_order(store, number, body.get("status_id"))


@routes.get(f"{ORDERS}/<int:number>/products", SCOPE)
def list_order_products(call, number):
    return _part(call, number, "products")


@routes.get(f"{ORDERS}/<int:number>/products/<int:line_id>", SCOPE)
def read_order_product(call, number, line_id):
    lines = get_order(call.store, number).objects("products")
    return answers.as_json(get_item(lines, line_id))


@routes.get(f"{ORDERS}/<int:number>/shippingaddresses", SCOPE)
@routes.get(f"{ORDERS}/<int:number>/shipping_addresses", SCOPE)
def list_order_shipping_addresses(call, number):
    return _part(call, number, "shipping_addresses")


@routes.get(f"{ORDERS}/<int:number>/shipping_addresses/<int:address_id>", SCOPE)
def read_order_shipping_address(call, number, address_id):
    addresses = get_order(call.store, number).objects("shipping_addresses")
    return answers.as_json(get_item(addresses, address_id))


@routes.get(f"{ORDERS}/<int:number>/coupons", SCOPE)
def list_order_coupons(call, number):
    return _part(call, number, "coupons")


@routes.get(f"{ORDERS}/<int:number>/messages", SCOPE)
def list_order_messages(call, number):
    return _part(call, number, "messages")


@routes.get(f"{ORDERS}/<int:number>/taxes", SCOPE)
def list_order_taxes(call, number):
    """A row per taxed thing with ``details=true``, else per rate and address."""
    rows = get_order(call.store, number).objects("taxes")
    if call.query.get("details") != "true":
        rows = _summed(rows)
    return answers.v2(v2_page(call.query, rows))


@routes.get(f"{ORDERS}/<int:number>/fees", SCOPE)
def list_order_fees(call, number):
    return answers.as_json({"fees": get_order(call.store, number).part("fees")})


@routes.get(f"{ORDERS}/<int:number>/consignments", SCOPE)
def read_order_consignments(call, number):
    with_lines = "consignments.line_items" in call.query.get("include", "")
    record = get_order(call.store, number)
    return answers.as_json(_consignments(call, record, with_lines))


def _part(call, number, name):
    content = get_order(call.store, number).part(name)
    return answers.v2(v2_page(call.query, content))


def _summed(rows):
    """Detailed tax rows added up by rate and address (§3.7)."""
    if not all("line_item_type" in row for row in rows):
        return rows
    groups = {}
    for row in rows:
        group = tuple(str(row.get(name)) for name in GROUPED_BY)
        groups.setdefault(group, []).append(row)
    return [_sum_of(group) for group in groups.values()]


def _sum_of(rows):
    amount = sum(columns.number(row.get("line_amount")) or 0 for row in rows)
    shared = {name: rows[0][name] for name in rows[0] if name not in DETAILS}
    amounts = dict.fromkeys(("priority_amount", "line_amount"), f"{amount:.4f}")
    return {**shared, **amounts}
