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

    def _is_refund_in_queue(self, key):
        """Return whether the queue has a refund to send, or to look for.

        :param str key: what its line is about: a credit note's id, or a whole order
        """
        lines = self.env["bigcommerce.queue.line"].sudo()
        return bool(lines._get_open_keys(self, "export_refunds", [key]))

    def _find_unknown_refund(self, key):
        """Return the line of a refund that nobody knows the outcome of, given up."""
        lines = self.env["bigcommerce.queue.line"].sudo()
        return lines._find_given_up(self, "export_refunds", [key])

    def _import_earlier_refunds(self, bc_ids):
        """Import what was refunded of orders before they came into Odoo as they are.

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
