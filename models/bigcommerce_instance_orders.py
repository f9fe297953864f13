from odoo import fields, models


class BigcommerceInstance(models.Model):
    """Which orders of a store are imported, and how."""

    _inherit = "bigcommerce.instance"

    order_status_ids = fields.Many2many(
        "bigcommerce.order.status",
        string="Order Status",
        copy=False,
        domain="[('instance_id', '=', id)]",
        help="Only orders in these statuses are imported.",
    )
    channel_ids = fields.Many2many(
        "bigcommerce.channel",
        string="Channels",
        copy=False,
        domain="[('instance_id', '=', id)]",
        help="Only orders of these channels are imported. Empty: all channels.",
    )
    import_orders_from = fields.Datetime(
        copy=False,
        help="Orders placed before are not imported. "
        "Empty: the moment of confirmation.",
    )
    deliver_shipped = fields.Boolean(
        "Validate What Is Already Shipped?",
        default=True,
        help="What BigCommerce had shipped when an order came in is delivered in Odoo "
        "as well, and nothing is told to BigCommerce about it.",
    )
    single_invoice = fields.Boolean(
        "Create Single Invoice?",
        default=True,
        help="Invoice an order once everything in it can be invoiced. Otherwise each "
        "part is invoiced as it becomes ready.",
    )
    certificates_as_payments = fields.Boolean(
        "Book Certificates and Store Credit as Payments?",
        help="Gift certificates and store credit that pay for an order become payments "
        "of its invoice, instead of negative lines.",
    )
    gift_certificate_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        copy=False,
        domain=[("type", "in", ("cash", "bank"))],
        help="Journal of the payments by gift certificate.",
    )
    store_credit_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        copy=False,
        domain=[("type", "in", ("cash", "bank"))],
        help="Journal of the payments by store credit.",
    )
    export_order_number = fields.Boolean(
        "Write Order Number to BigCommerce?",
        help="Write the number of the Odoo order to the order in BigCommerce, as its "
        "external order ID. One that another system has written there is kept.",
    )
    custom_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        copy=False,
        help="Product of order lines that are in no catalogue and are not shipped.",
    )
    custom_storable_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        copy=False,
        help="Product of order lines that are in no catalogue and are shipped.",
    )
    gift_certificate_product_id = fields.Many2one(
        "product.product", check_company=True, copy=False
    )
    store_credit_product_id = fields.Many2one(
        "product.product", check_company=True, copy=False
    )
    delivery_product_id = fields.Many2one(
        "product.product", check_company=True, copy=False
    )
    handling_product_id = fields.Many2one(
        "product.product", check_company=True, copy=False
    )
    wrapping_product_id = fields.Many2one(
        "product.product", check_company=True, copy=False
    )
    fee_product_id = fields.Many2one("product.product", check_company=True, copy=False)

    def write(self, vals):
        selections = {instance: instance._get_order_selection() for instance in self}
        result = super().write(vals)
        for instance, former in selections.items():
            if instance._get_order_selection() != former:
                former_statuses, *_others = former
                instance.sudo()._pass_over_orders(former_statuses)
                instance.sudo()._look_at_all_orders_again()
        if vals.keys() & {"gift_certificate_journal_id", "store_credit_journal_id"}:
            self._retry_cause("no_payment_journal")
        if vals.get("export_order_number"):
            self._start_open("export_order_numbers")
        return result

    def _pass_over_orders(self, former_statuses):
        """Leave orders alone that wait in a status that is no longer selected."""
        self.ensure_one()
        orders = self.env["bigcommerce.order"].search(
            [
                ("instance_id", "=", self.id),
                ("state", "in", ("waiting", "blocked")),
                ("sale_order_id", "=", False),
                ("is_asked_for", "=", False),
                ("status_id", "in", (former_statuses - self.order_status_ids).ids),
            ]
        )
        self.env["bigcommerce.queue.line"]._withdraw(
            self, "import_orders", orders.mapped("bc_id")
        )
        for order in orders:
            order._set_state("not_selected", "status", False)

    def _look_at_all_orders_again(self):
        """Orders that were passed over may be wanted now."""
        self.ensure_one()
        self.env["bigcommerce.automatic.job"]._get_job(
            self, "import_orders"
        ).watermark = False
        self.env["bigcommerce.queue.job"].search(
            [
                ("instance_id", "=", self.id),
                ("operation", "=", "import_orders"),
                ("state", "not in", ("running", "done")),
            ]
        ).moves_watermark = False

    def _get_order_selection(self):
        """Return by what orders are selected for import."""
        self.ensure_one()
        return (self.order_status_ids, self.channel_ids, self.import_orders_from)
