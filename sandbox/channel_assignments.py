"""On which channels products are: bigcommerce-api.md §6.5."""

from werkzeug.wrappers import Response

from .answers import Refused
from .catalog import PRODUCTS, SCOPE
from .catalog_writing import follow
from .routing import Routes

routes = Routes()
CHANNELS = "/v3/channels"


@routes.put("/v3/catalog/products/channel-assignments", SCOPE)
def assign_channels(call):
    """All pairs are assigned, or none; each that is wrong is named."""
    if not isinstance(call.body, list) or not call.body:
        raise Refused(422, "JSON data is missing or invalid", {"": "error.path"})
    wrong = {}
    for position, pair in enumerate(call.body):
        for name, path in (("product_id", PRODUCTS), ("channel_id", CHANNELS)):
            value = pair.get(name) if isinstance(pair, dict) else None
            if value not in call.store[path]:
                wrong[f"{position}.{name}"] = f"There is no {name} {value}"
    if wrong:
        raise Refused(422, "Channel assignments are invalid", wrong)
    for pair in call.body:
        product_id, channel_id = pair["product_id"], pair["channel_id"]
        channels = call.store[PRODUCTS].get(product_id).part("channels")
        if channel_id not in channels:
            call.store[PRODUCTS].put_part(
                product_id, "channels", sorted([*channels, channel_id])
            )
            follow(call.store, product_id, None, {})
    return Response(status=204)
