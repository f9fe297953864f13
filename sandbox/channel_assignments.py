"""On which channels products are: bigcommerce-api.md §6.5."""

from werkzeug.wrappers import Response

from .answers import Refused
from .batches import read_batch
from .catalog import SCOPE
from .catalog_saving import follow
from .paths import CHANNELS, PRODUCTS
from .routing import Routes

routes = Routes()


@routes.put("/v3/catalog/products/channel-assignments", SCOPE)
def assign_channels(call):
    """All pairs are assigned, or none; each that is wrong is named."""
    pairs, wrong = read_batch(call.body), {}
    for position, pair in enumerate(pairs):
        for name, path in (("product_id", PRODUCTS), ("channel_id", CHANNELS)):
            value = pair.get(name) if isinstance(pair, dict) else None
            if value not in call.store[path]:
                wrong[f"{position}.{name}"] = f"There is no {name} {value}"
    if wrong:
        raise Refused(422, "Channel assignments are invalid", wrong)
    for pair in pairs:
        product_id, channel_id = pair["product_id"], pair["channel_id"]
        channels = call.store[PRODUCTS].get(product_id).part("channels")
        if channel_id not in channels:
            call.store[PRODUCTS].put_part(
                product_id, "channels", sorted([*channels, channel_id])
            )
            follow(call.store, product_id, None, {})
    return Response(status=204)
