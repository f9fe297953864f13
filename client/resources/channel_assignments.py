"""On which channels products are (§6.5)."""

from ..batches import as_number, refuse_too_many
from .resource import Resource
from .scopes import PRODUCTS_WRITE

#: pairs that go in one request: our own choice, BigCommerce names no limit
ASSIGNMENTS_PER_REQUEST = 250


class ChannelAssignments(Resource):
    """On which channels products are."""

    def assign_channels(self, pairs):
        """Put products on channels: ``PUT /v3/catalog/products/channel-assignments``.

        Where one is already nothing happens. Nothing is sent for no pairs.

        :param pairs: pairs of product id and channel id, 250 at most
        :raises InvalidRequest: if BigCommerce does not accept one of them: then none
            is assigned; or if there are more than 250
        """
        refuse_too_many(pairs, ASSIGNMENTS_PER_REQUEST)
        if not pairs:
            return
        content = [
            {
                "product_id": as_number(product_id, "product_id"),
                "channel_id": as_number(channel_id, "channel_id"),
            }
            for product_id, channel_id in pairs
        ]
        self.transport.exchange(
            "PUT",
            "/v3/catalog/products/channel-assignments",
            json=content,
            scope=PRODUCTS_WRITE,
        )
