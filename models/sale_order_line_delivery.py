from odoo import api, fields, models

FULFILMENTS = [
    ("shipping", "Shipping"),
    ("pickup", "Pickup"),
    ("digital", "Digital"),
]


class SaleOrderLine(models.Model):
    """Where a line of a store's order goes, and from where."""

    _inherit = "sale.order.line"

    bigcommerce_fulfilment = fields.Selection(
        FULFILMENTS,
        "BigCommerce Fulfilment",
        readonly=True,
        copy=False,
        help="How it reaches the customer: shipped, picked up at a location, or "
        "digital, so that nothing is delivered.",
    )
    bigcommerce_location_id = fields.Many2one(
        "bigcommerce.location",
        "BigCommerce Location",
        readonly=True,
        copy=False,
        help="Location of the store that fulfils it: the default one, if the order "
        "names none.",
    )
    bigcommerce_warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Warehouse of Its Location",
        readonly=True,
        copy=False,
        help="Where it leaves from, if not from the order's warehouse.",
    )
    bigcommerce_is_elsewhere = fields.Boolean(
        "Goes Elsewhere",
        readonly=True,
        copy=False,
        help="It goes to another address than the order as a whole.",
    )
    bigcommerce_carrier_id = fields.Many2one(
        "delivery.carrier",
        "Delivery Method of Its Address",
        readonly=True,
        copy=False,
        help="How it is shipped, if it goes elsewhere.",
    )
    bigcommerce_delivery_partner_id = fields.Many2one(
        "res.partner",
        "Delivered To",
        readonly=True,
        copy=False,
        help="Where it is shipped to, if not to the order's delivery address.",
    )
    bigcommerce_shipped_quantity = fields.Float(
        "Shipped by BigCommerce",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What the store had shipped of it when the order came in.",
    )

    @api.depends("bigcommerce_warehouse_id")
    def _compute_warehouse_id(self):
        result = super()._compute_warehouse_id()
        for line in self:
            # A route that somebody chose for the line knows better.
            if line.bigcommerce_warehouse_id and not line.route_ids:
                line.warehouse_id = line.bigcommerce_warehouse_id
        return result

    @api.depends("bigcommerce_fulfilment")
    def _compute_qty_delivered_method(self):
        result = super()._compute_qty_delivered_method()
        for line in self:
            if line.bigcommerce_fulfilment == "digital":
                line.qty_delivered_method = "manual"
        return result

    def write(self, vals):
        """Let the workflow go on when somebody enters what was delivered."""
        result = super().write(vals)
        if "qty_delivered" in vals:
            self.filtered(lambda line: line.state == "sale").order_id._start_workflows()
        return result

    def _action_launch_stock_rule(self, **options):
        """Deliver nothing for what is digital, whatever product it is in Odoo."""
        tangible = self.filtered(lambda line: line.bigcommerce_fulfilment != "digital")
        return super(SaleOrderLine, tangible)._action_launch_stock_rule(**options)

    def _prepare_procurement_values(self):
        vals = super()._prepare_procurement_values()
        guide = self._get_delivery_guide()
        if not guide:
            return vals
        vals["partner_id"] = guide._get_delivery_partner().id
        if guide._has_own_carrier() and not self.route_ids:
            vals["route_ids"] = guide.bigcommerce_carrier_id.route_ids
        return vals

    def _get_location_final(self):
        guide = self._get_delivery_guide()
        if not guide:
            return super()._get_location_final()
        return guide._get_delivery_partner().property_stock_customer

    def _get_delivery_guide(self):
        """Return the line of the store's order that this one is delivered with.

        That is the line itself; for a line that was added in Odoo, the first one that
        is delivered; no line where the order is not a store's.
        """
        if self._is_delivered_line():
            return self
        if not self.order_id.sudo().bigcommerce_order_ids:
            return self.browse()
        return self.order_id._get_main_delivery_line()

    def _is_delivered_line(self):
        """Return whether it is a line of the store's order with goods to hand over."""
        return (
            self.bigcommerce_part == "product"
            and self.bigcommerce_fulfilment != "digital"
        )

    def _get_destination(self):
        """Return what lines have in common that are delivered together.

        :return: fulfilment and id of the address in the store
        """
        return (
            self.bigcommerce_fulfilment or "shipping",
            self.bigcommerce_address_id or False,
        )

    def _get_delivery_partner(self):
        """Return who gets the goods; a pickup goes to nobody's address."""
        if self.bigcommerce_fulfilment == "pickup":
            return self.order_id.partner_id
        return self.bigcommerce_delivery_partner_id or self.order_id.partner_shipping_id

    def _has_own_carrier(self):
        """Return whether the order's delivery method is not meant for this line."""
        return self.bigcommerce_is_elsewhere or self.bigcommerce_fulfilment == "pickup"

    def _deliver_intangible(self):
        """Note as delivered what nobody hands over: downloads, shipping, fees …"""
        for line in self:
            if line._is_intangible() and line.qty_delivered_method == "manual":
                line.qty_delivered = line.product_uom_qty

    def _is_intangible(self):
        """Return whether a line is of a store's order, and nobody hands it over."""
        is_charge = self.bigcommerce_part not in (False, "product")
        return is_charge or self.bigcommerce_fulfilment == "digital"
