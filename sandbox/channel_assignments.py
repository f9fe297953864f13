"""Which products are on which channels: bigcommerce-api.md §6.1."""

from werkzeug.wrappers import Response

from .answers import Refused
from .catalog import PRODUCTS, SCOPE
from .dates import iso8601
from .paging import v3_page
from .routing import Routes
from .store import Record

routes = Routes()
PATH = "/v3/catalog/products/channel-assignments"


@routes.get(PATH, SCOPE)
def list_assignments(call):
    wanted = call.query.get("product_id:in", "")
    ids = {int(part) for part in wanted.split(",") if part.isdigit()}
    found = [
        {"product_id": record.body["id"], "channel_id": channel_id}
        for record in map(call.store[PRODUCTS].get, call.store[PRODUCTS].find())
        if not ids or record.body["id"] in ids
        for channel_id in record.part("channels")
    ]
    return v3_page(call.query, found, lambda pair: pair)


@routes.put(PATH, SCOPE)
def assign(call):
    """All pairs, or none if one names what there is not."""
    if not isinstance(call.body, list) or not call.body:
        raise Refused(422, "JSON data is missing or invalid", {"": "error.path"})
    products, channels = call.store[PRODUCTS], call.store["/v3/channels"]
    wrong = {}
    for position, pair in enumerate(call.body):
        for name, known in (("product_id", products), ("channel_id", channels)):
            if not isinstance(pair, dict) or pair.get(name) not in known:
                wrong[f"{position}.{name}"] = "error.invalid"
    if wrong:
        raise Refused(422, "Channel assignments are not valid", wrong)
    for pair in call.body:
        record = products.get(pair["product_id"])
        on = record.part("channels")
        if pair["channel_id"] in on:
            continue
        body = {**record.body, "date_modified": iso8601(call.store.clock.now())}
        parts = {**record.parts, "channels": [*on, pair["channel_id"]]}
        products.put_record(Record(body, parts))
    return Response(status=204)
