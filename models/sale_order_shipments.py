from odoo import fields, models


class SaleOrder(models.Model):
    """What the store knows of an order's deliveries."""

    _inherit = "sale.order"

    bigcommerce_shipment_ids = fields.One2many(
        related="bigcommerce_order_id.shipment_ids",
        string="BigCommerce Shipments",
        groups="sales_team.group_sale_salesman,"
        "bigcommerce_connector.bigcommerce_group_user",
    )

    def _start_status_export(self):
        """Let stores know of orders whose status may be due, in the background.

        Only where shipments are exported by themselves.
        """
        records = self.sudo().bigcommerce_order_ids
        for instance, own in records.grouped("instance_id").items():
            if instance._exports_shipments():
                operation = self.env["bigcommerce.export.order.status"].sudo()
                if due := own.filtered(operation._is_due):
                    instance._start("export_order_status", ids=due.mapped("bc_id"))
