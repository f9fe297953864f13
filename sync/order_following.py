from odoo import api, models

# What the workflow of an order goes by: a change of these starts it again.
FOLLOWED = ("payment_status", "payment_method", "status_id", "is_deleted")
PAYMENT_STATUS = FOLLOWED.index("payment_status")


class BigcommerceOrderFollowing(models.AbstractModel):
    """What later changes in the store mean for orders that are here, and for stock."""

    _name = "bigcommerce.order.following"
    _description = "BigCommerce Order Following"

    @api.model
    def _follow(self, instance, orders, records, unchanged, former):
        """See to imported orders that have changed in the store.

        :param dict orders: payloads.Order by id, of those that can be read
        :param dict former: what the records said until now of the ``FOLLOWED``, by id
        """
        changed = self.env["bigcommerce.order"].concat(
            *(
                record
                for bc_id, record in records.items()
                if record.sale_order_id and bc_id not in unchanged
            )
        )
        quotations = changed.filtered(
            lambda record: record.sale_order_id.state in ("draft", "sent")
        )
        changed._check_holds()
        self._compare(orders, records, changed)
        for record in quotations.filtered(lambda record: record.bc_id in orders):
            self._note_shipped(record.sale_order_id, orders[record.bc_id])
        ids = [
            record.bc_id
            for record in changed
            if [record[field] for field in FOLLOWED] != former[record.bc_id]
        ]
        if ids:
            instance._start_open("process_orders", ids=ids)
            paid_otherwise = [
                record.bc_id
                for record in changed
                if record.payment_status != former[record.bc_id][PAYMENT_STATUS]
            ]
            # A refund that was found before the order was here does not come again.
            instance._import_earlier_refunds(paid_otherwise)

    @api.model
    def _compare(self, orders, records, changed):
        """Note what people have changed in the store of orders that are imported.

        :param dict orders: payloads.Order by id, of those that can be read
        :param dict records: the records of all, by id
        :param changed: those of imported orders of which anything has changed
        """
        for bc_id, record in records.items():
            if (
                record.sale_order_id
                and bc_id in orders
                and (record in changed or not record.snapshot)
            ):
                record._compare_with_store(orders[bc_id])

    @api.model
    def _note_shipped(self, sale_order, order):
        """Let a quotation know what the store has shipped while it was waiting."""
        shipped = {line.id: float(line.quantity_shipped) for line in order.lines}
        for line in sale_order.order_line:
            known = line.bigcommerce_shipped_quantity
            # None any more, if the shipment was deleted there.
            quantity = shipped.get(line.bigcommerce_line_id, known)
            if known != quantity:
                line.bigcommerce_shipped_quantity = quantity

    @api.model
    def _get_taken(self, record):
        """Return by what an order changes the store's levels."""
        return record.status_id, record.stock_quantities or {}

    @api.model
    def _forget_levels(self, instance, records, former):
        """Let levels be exported again that orders may have changed in the store.

        :param dict former: what ``_get_taken`` said until now, by order id
        """
        variant_ids = set()
        for bc_id, record in records.items():
            before = former.get(bc_id, (record.status_id.browse(), {}))
            after = self._get_taken(record)
            if before != after:
                for _status, quantities in (before, after):
                    variant_ids.update(*quantities.values())
        if variant_ids:
            Item = self.env["bigcommerce.listing.item"]
            items = Item.concat(*Item._find(instance, variant_ids).values())
            self.env["bigcommerce.stock.level"]._forget(items.listing_id)
