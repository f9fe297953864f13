from odoo import fields, models


class BigcommerceInstance(models.Model):
    """How a store's refunds come into Odoo."""

    _inherit = "bigcommerce.instance"

    refund_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        copy=False,
        help="Product of what is refunded of an order as a whole, without tax.",
    )

    def action_import_refunds(self):
        return self._start_from_button("import_refunds")

    def _import_earlier_refunds(self, bc_ids):
        """Import what was refunded of orders before they came into Odoo.

        Only where refunds are imported by themselves.
        """
        self.ensure_one()
        job = self.env["bigcommerce.automatic.job"]._get_job(self, "import_refunds")
        if not job.active:
            return
        refunded = self.env["bigcommerce.order"].search(
            [
                ("instance_id", "=", self.id),
                ("bc_id", "in", bc_ids),
                ("payment_status", "in", ("refunded", "partially refunded")),
            ]
        )
        if refunded:
            self._start_open("import_refunds", orders=refunded.mapped("bc_id"))
