from odoo import fields, models


class BigcommerceInstance(models.Model):
    """How a store learns of deliveries."""

    _inherit = "bigcommerce.instance"

    shipped_status = fields.Selection(
        [("2", "Shipped"), ("10", "Completed")],
        "Status Once All Is Shipped",
        required=True,
        default="2",
        help="Status that an order gets in BigCommerce once all of it is delivered, "
        "unless it has moved on there already.",
    )
    unsent_shipment_count = fields.Integer(compute="_compute_unsent_shipment_count")

    def _compute_unsent_shipment_count(self):
        counts = self._count("bigcommerce.shipment", ("state", "!=", "done"))
        for instance in self:
            instance.unsent_shipment_count = counts.get(instance, 0)

    def action_export_shipments(self):
        return self._start_from_button("export_shipments")

    def action_view_unsent_shipments(self):
        return self._open(
            "bigcommerce_connector.bigcommerce_shipment_action",
            search_default_unsent=True,
        )

    def _exports_shipments(self):
        """Return whether deliveries are told to this store by themselves."""
        self.ensure_one()
        if not self._get_open():
            return False
        job = self.env["bigcommerce.automatic.job"]._get_job(self, "export_shipments")
        return job.active
