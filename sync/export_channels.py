from odoo import api, models
from odoo.tools import split_every

from ..client.resources.products import ASSIGNMENTS_PER_REQUEST
from ..client.resources.scopes import PRODUCTS_WRITE
from .operation import Found, FoundPage


class BigcommerceExportChannels(models.AbstractModel):
    """Show listings on channels of the store. To do so again changes nothing."""

    _name = "bigcommerce.export.channels"
    _inherit = "bigcommerce.operation"
    _description = "Export Channels"

    _code = "export_channels"
    _subject_model = "bigcommerce.listing"
    _direction = "export"
    # After the products.
    _priority = 66
    # Two runs may be about the same products, which must not be sent at a time.
    _is_exclusive = True
    _batch_size = ASSIGNMENTS_PER_REQUEST
    _scopes = (PRODUCTS_WRITE,)

    @api.model
    def _get_label(self):
        return self.env._("Publish on Channels")

    @api.model
    def _discover(self, client, instance, options, resume):
        """Yield the listings that are not on all ``channels`` yet.

        ``ids``: keys of lines, which name the listing.
        """
        wanted = options.get("listings", options.get("ids", ()))
        channel_ids = options.get("channels", ())
        domain = [
            ("instance_id", "=", instance.id),
            ("bc_id", "in", wanted),
            ("is_excluded", "=", False),
        ]
        for page, point in self._iterate_records("bigcommerce.listing", domain, resume):
            yield FoundPage(
                [
                    Found(listing.bc_id, listing.name, {"channels": missing})
                    for listing in page
                    if (
                        missing := [
                            bc_id
                            for bc_id in channel_ids
                            if bc_id not in listing.channel_ids.mapped("bc_id")
                        ]
                    )
                ],
                point,
            )

    @api.model
    def _group_for_sending(self, lines):
        """Return as many listings as have few enough channels in all."""
        groups, size = [], 0
        for line in lines:
            own = len(line._get_payload().get("channels", ()))
            if not groups or size + own > ASSIGNMENTS_PER_REQUEST:
                groups.append(line.browse())
                size = 0
            groups[-1] |= line
            size += own
        return groups

    @api.model
    def _send(self, client, lines):
        channels = {line: line._get_payload().get("channels", []) for line in lines}
        pairs = [(line.key, bc_id) for line, own in channels.items() for bc_id in own]
        for part in split_every(ASSIGNMENTS_PER_REQUEST, pairs, list):
            client.assign_channels(part)
        return {line: {"channels": own} for line, own in channels.items()}

    @api.model
    def _look(self, client, lines):
        """Nothing is looked up: to assign a product again does no harm."""
        return {}

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        listings = self.env["bigcommerce.listing"]._find(instance, lines.mapped("key"))
        channels = {
            channel.bc_id: channel
            for channel in self.env["bigcommerce.channel"].search(
                [("instance_id", "=", instance.id)]
            )
        }
        outcomes = {}
        for line in lines:
            listing = outcomes[line] = listings.get(line.key, instance)
            if line.key in listings:
                for bc_id in line._get_payload().get("channels", ()):
                    listing.channel_ids |= channels.get(
                        bc_id, self.env["bigcommerce.channel"]
                    )
        return outcomes
