from odoo import api, fields, models

from ..client.payloads.shipment import TRACKING_LINK_LENGTH, TRACKING_NUMBER_LENGTH

STATES = [
    ("failed", "Failed at BigCommerce"),
    ("waiting", "To Be Sent to BigCommerce"),
    ("scheduled", "Scheduled for BigCommerce"),
    ("done", "Synchronised with BigCommerce"),
]
OPEN_STATES = ("failed", "waiting", "scheduled")
TRACKING_FIELDS = (
    "tracking_number",
    "shipping_provider",
    "tracking_carrier",
    "tracking_link",
)


class BigcommerceShipment(models.Model):
    """What a delivery, or a package of it, is to the store: a shipment to one address.

    It is made when the delivery is done, and has an id there once the store has
    confirmed it. How it is tracked is kept as the store confirmed it last.
    """

    _name = "bigcommerce.shipment"
    _description = "BigCommerce Shipment"
    _order = "id desc"

    name = fields.Char(
        "Reference",
        required=True,
        readonly=True,
        help="The delivery and its package, as they stand in the shipment's comments.",
    )
    instance_id = fields.Many2one(
        "bigcommerce.instance", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="instance_id.company_id", store=True, index=True
    )
    order_id = fields.Many2one(
        "bigcommerce.order",
        "BigCommerce Order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    picking_id = fields.Many2one(
        "stock.picking",
        "Delivery",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    package_id = fields.Many2one("stock.package", readonly=True, ondelete="set null")
    address_bc_id = fields.Char("Address ID in BigCommerce", readonly=True)
    bc_id = fields.Char(
        "BigCommerce ID",
        readonly=True,
        copy=False,
        help="Empty until BigCommerce has confirmed the shipment.",
    )
    items = fields.Json(
        readonly=True, help="Whole quantities by the ID of the order line there."
    )
    confirmed_items = fields.Json(
        readonly=True, help="The same, as BigCommerce has them in this shipment."
    )
    contents = fields.Char(compute="_compute_contents", compute_sudo=True)
    tracking_number = fields.Char(readonly=True)
    shipping_provider = fields.Char(readonly=True)
    tracking_carrier = fields.Char("Courier", readonly=True)
    tracking_link = fields.Char(readonly=True)
    generated_link = fields.Char("BigCommerce's Link", readonly=True)
    is_recognised = fields.Boolean(
        "Made in BigCommerce",
        readonly=True,
        help="It was there already when the delivery was to be sent.",
    )
    is_tracking_theirs = fields.Boolean(
        "Tracked by BigCommerce",
        readonly=True,
        help="It came with a tracking number, which is left as it is.",
    )
    confirmed_on = fields.Datetime(readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting")
    message = fields.Text("Details", readonly=True)

    _picking_unique = models.UniqueIndex(
        "(picking_id, order_id, COALESCE(package_id, 0), COALESCE(address_bc_id, ''))",
        "This shipment is there already.",
    )
    _instance_bc_id_unique = models.UniqueIndex(
        "(instance_id, bc_id) WHERE bc_id IS NOT NULL",
        "This shipment of the store belongs to another delivery.",
    )
    _open_index = models.Index("(instance_id, id) WHERE state != 'done'")

    @api.depends("items", "confirmed_items", "order_id.sale_order_id.order_line")
    def _compute_contents(self):
        for shipment in self:
            names = {
                line.bigcommerce_line_id: line.product_id.display_name or line.name
                for line in shipment.order_id.sale_order_id.order_line
                if line.bigcommerce_line_id
            }
            quantities = shipment.confirmed_items or shipment.items or {}
            shipment.contents = ", ".join(
                f"{quantity} × {names.get(line_id, line_id)}"
                for line_id, quantity in quantities.items()
            )

    def action_send(self):
        """Send what is not sent, or not as it is now, in the background.

        It takes a user of the connector, or one who may change the delivery.

        :raise UserError: if the store is not open for synchronisation
        """
        self.check_access("read")
        if not self.env.user.has_group("bigcommerce_connector.bigcommerce_group_user"):
            self.sudo().picking_id.with_env(self.env).check_access("write")
        open_shipments = self.sudo().filtered(lambda one: one.state != "done")
        for instance, own in open_shipments.grouped("instance_id").items():
            own._start(instance)

    def action_view_picking(self):
        self.ensure_one()
        return self.picking_id.get_formview_action()

    def _schedule(self):
        """Let shipments be sent now whose stores export them by themselves."""
        for instance, own in self.grouped("instance_id").items():
            if instance._exports_shipments():
                own._start(instance)
            else:
                own.filtered(lambda one: one.state != "waiting").state = "waiting"

    def _start(self, instance):
        instance._start("export_shipments", ids=[str(one.id) for one in self])
        self.write({"state": "scheduled", "message": False})

    def _follow_tracking(self):
        """Let the store know of another tracking number or carrier."""
        news = self.filtered(lambda one: one.state == "done" and one._has_news())
        news.state = "waiting"
        # One in work may have been read, and be noted, before this is committed.
        (news | self.filtered(lambda one: one.state == "scheduled"))._schedule()

    def _has_news(self):
        """Return whether the store shows another way to track it than there is now.

        What people of the store have entered themselves is right.
        """
        self.ensure_one()
        if not self.bc_id or self.is_tracking_theirs:
            return False
        wanted = self._prepare_tracking_vals()
        if self.is_recognised and not (
            wanted["tracking_number"] or wanted["tracking_link"]
        ):
            return False
        return any((self[field] or "") != wanted[field] for field in TRACKING_FIELDS)

    def _prepare_tracking_vals(self):
        """Return how it is tracked as of now, as the store is told, "" for nothing.

        What is longer than BigCommerce takes is left out (``_explain_left_out``).
        """
        self.ensure_one()
        number, link = self._get_tracking()
        carrier = self.picking_id.carrier_id
        provider = carrier.bigcommerce_shipping_provider or ""
        courier = carrier.bigcommerce_tracking_carrier or ""
        if provider or courier:
            # The store makes a link of its own.
            link = ""
        return {
            "tracking_number": number if len(number) <= TRACKING_NUMBER_LENGTH else "",
            "shipping_provider": provider,
            "tracking_carrier": courier,
            "tracking_link": link if len(link) <= TRACKING_LINK_LENGTH else "",
        }

    def _explain_left_out(self):
        """Return what of its tracking the store cannot be told, False if nothing."""
        self.ensure_one()
        number, link = self._get_tracking()
        if len(number) > TRACKING_NUMBER_LENGTH:
            return self.env._(
                "BigCommerce takes tracking numbers of at most %(length)s characters: "
                "“%(number)s” was left out.",
                length=TRACKING_NUMBER_LENGTH,
                number=number,
            )
        if len(link) > TRACKING_LINK_LENGTH and not (
            self.shipping_provider or self.tracking_carrier
        ):
            return self.env._(
                "BigCommerce takes links of at most %s characters: the tracking link "
                "was left out.",
                TRACKING_LINK_LENGTH,
            )
        return False

    def _get_tracking(self):
        """Return its tracking number and Odoo's link for it, "" for none.

        Where a delivery has as many numbers, with commas between them, as shipments,
        each has one of its own.
        """
        picking = self.picking_id
        siblings = picking.bigcommerce_shipment_ids.sorted("id")
        whole = (picking.carrier_tracking_ref or "").strip()
        numbers = [text.strip() for text in whole.split(",") if text.strip()]
        position = siblings.ids.index(self.id)
        has_own = len(numbers) == len(siblings) > 1
        number = numbers[position] if has_own else whole
        link = picking.carrier_tracking_url or ""
        if links := picking.get_multiple_carrier_tracking():
            # Pairs of name and link, as carriers give them for several packages.
            is_own = len(links) == len(siblings)
            link = links[position if is_own else 0][-1]
        elif has_own:
            link = link.replace(whole, number)
        if not link.startswith(("http://", "https://")):
            link = ""
        return number, link
