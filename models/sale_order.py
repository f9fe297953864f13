from odoo import api, fields, models

from ..sync.order_parts import PAYMENTS


class SaleOrder(models.Model):
    """Sales orders that are a store's, and what holds them or lets them go on."""

    _inherit = "sale.order"

    bigcommerce_order_ids = fields.One2many(
        "bigcommerce.order", "sale_order_id", "BigCommerce Orders", readonly=True
    )
    bigcommerce_order_id = fields.Many2one(
        "bigcommerce.order",
        compute="_compute_bigcommerce_order_id",
        search="_search_bigcommerce_order_id",
    )
    # Customers may read their orders, not what is said about them.
    bigcommerce_state = fields.Selection(related="bigcommerce_order_id.state")
    bigcommerce_hold = fields.Selection(
        related="bigcommerce_order_id.reason_code",
        string="Held in BigCommerce",
        groups="base.group_user",
    )
    bigcommerce_reason = fields.Text(
        related="bigcommerce_order_id.reason_message", groups="base.group_user"
    )
    # Stored, so that orders can be grouped by them.
    bigcommerce_store = fields.Char(
        "BigCommerce Store",
        related="bigcommerce_order_ids.instance_id.name",
        store=True,
    )
    bigcommerce_channel = fields.Char(
        "BigCommerce Channel",
        related="bigcommerce_order_ids.channel_id.name",
        store=True,
    )
    bigcommerce_status = fields.Char(
        "BigCommerce Status", related="bigcommerce_order_id.status"
    )
    bigcommerce_payment_status = fields.Char(
        "BigCommerce Payment Status", related="bigcommerce_order_id.payment_status"
    )
    bigcommerce_admin_url = fields.Char(
        "Open in BigCommerce",
        related="bigcommerce_order_id.admin_url",
        groups="base.group_user",
    )
    bigcommerce_customer_message = fields.Text(
        "Customer's Message", related="bigcommerce_order_id.customer_message"
    )
    bigcommerce_staff_notes = fields.Text(
        "Staff Notes",
        related="bigcommerce_order_id.staff_notes",
        groups="base.group_user",
    )

    @api.depends("bigcommerce_order_ids")
    def _compute_bigcommerce_order_id(self):
        for order in self:
            order.bigcommerce_order_id = order.sudo().bigcommerce_order_ids[:1]

    def _search_bigcommerce_order_id(self, operator, value):
        return [("bigcommerce_order_ids", operator, value)]

    def unlink(self):
        orders = self.sudo().bigcommerce_order_ids
        result = super().unlink()
        for order in orders:
            order._set_state("not_selected", "deleted", False)
        return result

    def action_confirm(self):
        ours = self.filtered("bigcommerce_order_id")
        if ours and ours != self:
            # The values of a confirmation are prepared once for all its orders.
            results = [own.action_confirm() for own in (self - ours, ours)]
            return results[-1]
        # Somebody may have corrected the amounts. Who changes them and confirms by hand
        # knows what he does; what the workflow confirms is looked at again.
        ours.sudo().bigcommerce_order_ids.filtered(
            lambda order: order.state == "held"
        )._check_holds()
        result = super().action_confirm()
        ours.sudo()._deliver_shipped()
        ours._start_workflows()
        return result

    def action_view_bigcommerce_order(self):
        self.ensure_one()
        return self.bigcommerce_order_id.get_formview_action()

    def action_release_bigcommerce_order(self):
        return self.bigcommerce_order_id.action_release()

    def _action_confirm(self):
        result = super()._action_confirm()
        self.order_line._deliver_intangible()
        return result

    def _confirmation_error_message(self):
        """A held order is not confirmed before a person has released it."""
        message = super()._confirmation_error_message()
        record = self.bigcommerce_order_id.sudo()
        if message or record.state != "held":
            return message
        return {
            "disputed": self.env._(
                "%s is held: it is disputed in BigCommerce. Settle it there, or "
                "release it from the BigCommerce order.",
                self.name,
            ),
            "verification": self.env._(
                "%s is held: BigCommerce wants it to be verified. Verify it there, or "
                "release it from the BigCommerce order.",
                self.name,
            ),
        }.get(
            record.reason_code,
            self.env._(
                "%s is held: its total differs from BigCommerce's. Correct it, or "
                "release it from the BigCommerce order.",
                self.name,
            ),
        )

    def _start_workflows(self):
        """Let the workflows of these orders go on, in the background.

        Anybody may have done what they were waiting for. Nothing is started by what a
        workflow does itself.
        """
        if self.env.context.get("bigcommerce_is_processing"):
            return
        records = self.sudo().bigcommerce_order_ids
        for instance, own in records.grouped("instance_id").items():
            instance._start_open("process_orders", ids=own.mapped("bc_id"))

    def _prepare_invoice(self):
        """Date an invoice as its workflow says."""
        vals = super()._prepare_invoice()
        dates = self.env.context.get("bigcommerce_invoice_dates", {})
        if self.id in dates:
            vals["invoice_date"] = dates[self.id]
        return vals

    def _get_invoiceable_lines(self, final=False):
        """Leave what pays for an order to the last of its invoices."""
        lines = super()._get_invoiceable_lines(final)
        if self.env.context.get("bigcommerce_payments_come_last"):
            lines = lines.filtered(lambda line: line.bigcommerce_part not in PAYMENTS)
        return lines

    def message_post(self, **options):
        """Collect the notes of paid invoices where an operation says so."""
        notes = self.env.context.get("bigcommerce_notes")
        if notes is None or options.keys() != {"body"}:
            return super().message_post(**options)
        notes.add(self, options["body"])
        return self.env["mail.message"]

    def _prepare_confirmation_values(self):
        """Keep the date on which the order was placed."""
        vals = super()._prepare_confirmation_values()
        if self.bigcommerce_order_id:
            vals.pop("date_order", None)
        return vals

    def _deliver_shipped(self):
        """Deliver what the stores of these orders had shipped when they came in.

        Only where the store's instance says so. Nothing is delivered twice.
        """
        orders = self.filtered("bigcommerce_order_ids.instance_id.deliver_shipped")
        self.env["bigcommerce.shipped.orders"]._deliver(orders)

    def _get_main_delivery_line(self):
        """Return the first of the lines that go the way of the order as a whole."""
        return self.order_line.filtered(lambda line: line._is_delivered_line()).sorted(
            lambda line: (
                line.bigcommerce_is_elsewhere,
                line.bigcommerce_fulfilment == "pickup",
                line.id,
            )
        )[:1]
