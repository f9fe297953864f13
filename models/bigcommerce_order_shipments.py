from odoo import fields, models


class BigcommerceOrder(models.Model):
    """What the store knows of an order's deliveries, and its status for it."""

    _inherit = "bigcommerce.order"

    shipment_ids = fields.One2many(
        "bigcommerce.shipment", "order_id", "Shipments", readonly=True
    )
    exported_status = fields.Char(
        readonly=True,
        copy=False,
        help="ID of the status to which Odoo has moved the order last. It is not moved "
        "there a second time: somebody may have put it back.",
    )

    def _take_over_status(self, status_id, label):
        """Note the status that the store has just told, before the next import.

        :param str status_id: its id there
        :param str label: as the store calls it
        """
        self.ensure_one()
        operation = self.env["bigcommerce.import.orders"]
        former = {self.bc_id: operation._get_taken(self)}
        status = self.env["bigcommerce.order.status"]._find(
            self.instance_id, [status_id]
        )
        vals = {
            "status": label,
            "status_id": status[status_id].id if status else False,
        }
        if self.status != label or self.status_id.id != vals["status_id"]:
            self.write(vals)
            # The store may have taken the stock of it with that.
            operation._forget_levels(self.instance_id, {self.bc_id: self}, former)
