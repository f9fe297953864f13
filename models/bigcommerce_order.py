from odoo import api, fields, models

from .bigcommerce_instance_taxes import TAX_SYSTEMS


class BigcommerceOrder(models.Model):
    """An order of the store, every one a scan saw, imported or not. Never purged."""

    _name = "bigcommerce.order"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Order"
    _order = "date_created desc, id desc"

    state = fields.Selection(
        [
            ("not_selected", "Not Selected"),
            ("waiting", "Waiting"),
            ("blocked", "Blocked"),
            ("held", "Held"),
            ("imported", "Imported"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    reason_code = fields.Selection(
        [
            ("incomplete", "Incomplete Order"),
            ("archived", "Archived in BigCommerce"),
            ("status", "Status Not Selected"),
            ("channel", "Channel Not Selected"),
            ("too_old", "Before “Import Orders From”"),
            ("blocked", "Something Is Missing"),
            ("failed", "Import Failed"),
            ("cancelled", "Cancelled in the Queue"),
            ("deleted", "Deleted in Odoo"),
            ("total_differs", "Total Differs"),
            ("verification", "To Be Verified"),
            ("disputed", "Disputed"),
        ],
        "Reason",
        readonly=True,
    )
    reason_message = fields.Text("Details", readonly=True)
    is_asked_for = fields.Boolean(
        "Asked For by Hand",
        readonly=True,
        copy=False,
        help="To be imported whatever the store's filters say.",
    )
    sale_order_id = fields.Many2one(
        "sale.order", readonly=True, copy=False, ondelete="set null"
    )

    status_id = fields.Many2one("bigcommerce.order.status", "Status", readonly=True)
    status = fields.Char("Status in BigCommerce", readonly=True)
    is_deleted = fields.Boolean(
        "Archived in BigCommerce",
        readonly=True,
        help="Its quotation is not confirmed by itself.",
    )
    external_order_id = fields.Char(
        "Order Number There",
        readonly=True,
        help="Number that another system, such as Odoo, has given to the order there.",
    )
    payment_status = fields.Char(readonly=True)
    payment_method = fields.Char(readonly=True)
    payment_reference = fields.Char(
        readonly=True, help="Number of the payment at the payment gateway."
    )
    channel_id = fields.Many2one("bigcommerce.channel", readonly=True)
    customer_bc_id = fields.Char("Customer ID in BigCommerce", readonly=True)
    customer_name = fields.Char(readonly=True)
    customer_message = fields.Text(readonly=True)
    staff_notes = fields.Text(readonly=True)
    date_created = fields.Datetime("Placed On", readonly=True)
    date_modified = fields.Datetime("Changed On", readonly=True)

    currency_id = fields.Many2one("res.currency", readonly=True)
    currency_code = fields.Char(readonly=True)
    is_tax_inclusive = fields.Boolean("Prices Include Tax", readonly=True)
    amount_subtotal = fields.Monetary("Subtotal", readonly=True)
    amount_shipping = fields.Monetary("Shipping", readonly=True)
    amount_handling = fields.Monetary("Handling", readonly=True)
    amount_wrapping = fields.Monetary("Wrapping", readonly=True)
    amount_fees = fields.Monetary("Fees", readonly=True)
    amount_discount = fields.Monetary("Discounts", readonly=True)
    amount_gift_certificate = fields.Monetary("Gift Certificate", readonly=True)
    amount_store_credit = fields.Monetary("Store Credit", readonly=True)
    amount_untaxed = fields.Monetary("Total Without Tax", readonly=True)
    amount_tax = fields.Monetary("Tax", readonly=True)
    amount_total = fields.Monetary("Total", readonly=True)
    stock_quantities = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        help="What is to be handed over: by location there (empty for none) and by "
        "variant, what was ordered and what of it is still to be shipped.",
    )
    tax_system = fields.Selection(
        TAX_SYSTEMS,
        readonly=True,
        copy=False,
        help="How the taxes of the sale order came to be.",
    )
    are_certificates_payments = fields.Boolean(
        "Certificates Are Payments",
        readonly=True,
        copy=False,
        help="Gift certificates and store credit are payments of the invoice, no "
        "lines of the order.",
    )
    admin_url = fields.Char(
        "Open in BigCommerce", compute="_compute_admin_url", compute_sudo=True
    )

    _sale_order_unique = models.UniqueIndex(
        "(sale_order_id) WHERE sale_order_id IS NOT NULL",
        "This sale order belongs to another BigCommerce order.",
    )
    _state_index = models.Index("(instance_id, state)")

    @api.depends("instance_id.control_panel_url", "bc_id")
    def _compute_admin_url(self):
        for order in self:
            order.admin_url = order.instance_id._get_admin_url(f"orders/{order.bc_id}")

    def action_import_now(self):
        """Read the orders again and import them, whatever the filters say."""
        self._check_connector_user()
        for instance, orders in self.grouped("instance_id").items():
            instance._start("import_orders", ids=orders.mapped("bc_id"))
        return self.instance_id[:1]._notify_started(self.env._("Import started"))

    def action_view_sale_order(self):
        self.ensure_one()
        return self.sale_order_id.get_formview_action()

    def _check_connector_user(self):
        """Refuse salesmen who do not use the connector: they may only read orders.

        :raise AccessError: if the user is none of the connector's, or may not read them
        """
        self.check_access("read")
        self.env["bigcommerce.instance"].check_access("read")

    def _get_deduction(self):
        """Return what lines of the sale order deduct that are payments to the store."""
        self.ensure_one()
        if self.are_certificates_payments:
            return 0
        return self.amount_gift_certificate + self.amount_store_credit

    def _set_state(self, state, reason_code, reason_message):
        """Write state and reason of an order where they differ."""
        vals = {
            "state": state,
            "reason_code": reason_code,
            "reason_message": reason_message,
        }
        if any(self[field] != value for field, value in vals.items()):
            self.write(vals)

    def _set_sale_order(self, sale_order, order):
        """Note the sale order that was just made, and look at its amounts.

        :param payloads.Order order: the store's order of which it was made
        """
        self.ensure_one()
        self.write(self._prepare_imported_vals(sale_order, order))
        self._check_holds()

    def _prepare_imported_vals(self, sale_order, order):
        """Return what is noted of an order when its sale order has been made."""
        instance = self.instance_id
        return {
            "sale_order_id": sale_order.id,
            "tax_system": instance.tax_system,
            "are_certificates_payments": instance.certificates_as_payments,
            "released_by_id": False,
            "released_status_id": False,
            "status_released_by_id": False,
        }
