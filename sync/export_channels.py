from collections import defaultdict

from odoo import api, models
from odoo.fields import Command

from ..client.resources.channel_assignments import ASSIGNMENTS_PER_REQUEST
from ..client.resources.scopes import PRODUCTS_WRITE
from .operation import Found, FoundPage


class BigcommerceExportChannels(models.AbstractModel):
    """Publish listings on channels on which they are not yet.

    A line is a listing and a channel. To assign what is assigned does no harm.
    """

    _name = "bigcommerce.export.channels"
    _inherit = "bigcommerce.operation"
    _description = "Export Channels"

    _code = "export_channels"
    _direction = "export"
    # After the products themselves.
    _priority = 75
    _batch_size = ASSIGNMENTS_PER_REQUEST
    _send_size = ASSIGNMENTS_PER_REQUEST
    _scopes = (PRODUCTS_WRITE,)

    @api.model
    def _get_label(self):
        return self.env._("Export Channels")

    @api.model
    def _discover(self, client, instance, options, resume):
        """Yield the pairs of ``listings`` and ``channels`` that are not there yet.

        ``ids``: keys of lines in their place.
        """
        keys = options.get("ids")
        pairs = [key.partition(":")[::2] for key in keys or []]
        listing_ids = options.get("listings", [pair[0] for pair in pairs])
        channel_ids = options.get("channels", [pair[1] for pair in pairs])
        channels = self.env["bigcommerce.channel"]._find(instance, channel_ids)
        channels = self.env["bigcommerce.channel"].concat(*channels.values())
        domain = [
            ("instance_id", "=", instance.id),
            ("is_excluded", "=", False),
            ("bc_id", "in", listing_ids),
        ]
        pages = self._iterate_records("bigcommerce.listing", domain, resume)
        for listings, point in pages:
            found = [
                self._prepare_found(listing, channel)
                for listing in listings
                for channel in channels - listing.channel_ids
            ]
            found = [item for item in found if keys is None or item.key in keys]
            yield FoundPage(found, point)

    @api.model
    def _prepare_found(self, listing, channel):
        # Assignments of one product may not be made at the same time.
        return Found(
            f"{listing.bc_id}:{channel.bc_id}",
            f"{listing.name}: {channel.name}",
            {"product_id": listing.bc_id, "channel_id": channel.bc_id},
            lane=listing.bc_id,
        )

    @api.model
    def _send(self, client, lines):
        payloads = {line: line._get_payload() for line in lines}
        client.assign_channels(
            [
                (payload["product_id"], payload["channel_id"])
                for payload in payloads.values()
            ]
        )
        return payloads

    @api.model
    def _look(self, client, lines):
        """Nothing is looked up: to assign again does no harm."""
        return {}

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        payloads = {line: line._get_payload() for line in lines}
        listings, channels = (
            self.env[model]._find(
                instance, {payload[name] for payload in payloads.values()}
            )
            for model, name in (
                ("bigcommerce.listing", "product_id"),
                ("bigcommerce.channel", "channel_id"),
            )
        )
        vals = defaultdict(lambda: {"channel_ids": []})
        for payload in payloads.values():
            listing = listings.get(payload["product_id"])
            channel = channels.get(payload["channel_id"])
            if listing and channel:
                vals[listing]["channel_ids"].append(Command.link(channel.id))
        for listing, own in vals.items():
            listing.write(own)
        return {
            line: listings.get(payload["product_id"], instance)
            for line, payload in payloads.items()
        }

    @api.model
    def _find_subjects(self, lines):
        keys = {line: line.key.partition(":")[0] for line in lines}
        listings = self.env["bigcommerce.listing"]._find(
            lines.instance_id, keys.values()
        )
        return {line: listings[key] for line, key in keys.items() if key in listings}
