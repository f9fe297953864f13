from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Command

from ..client.errors import NotFound, ProtocolError
from ..client.payloads.order import Order
from ..client.payloads.values import read_moment
from .operation import Found, FoundPage
from .order_partners import get_customer_lane
from .order_plan import plan_lines
from .problems import Blocked
from .values import parse_utc, to_odoo

INCOMPLETE = 0
# Key of our own in the payload of an order that the store no longer has.
GONE = "is_gone"


def get_change(raw):
    """Return when a raw order was changed, None if it does not say so readably."""
    try:
        return read_moment(raw, "date_modified")
    except ProtocolError:
        return None


class OrderState(NamedTuple):
    """State, reason code and details that a ``bigcommerce.order`` comes to have."""

    state: str
    reason_code: str | bool
    message: str | bool


class PlannedOrder(NamedTuple):
    """What a sale order is made of.

    ``lines``: pairs of :class:`~.order_plan.PlannedLine` and its product.
    """

    order: Order
    pricelist: models.Model
    lines: list


class BigcommerceImportOrders(models.AbstractModel):
    """Record every order of the store, and turn the selected ones into sale orders."""

    _name = "bigcommerce.import.orders"
    _inherit = "bigcommerce.operation"
    _description = "Import Orders"

    _code = "import_orders"
    _priority = 20
    _interval = (15, "minutes")

    @api.model
    def _get_label(self):
        return self.env._("Import Orders")

    # Discover

    @api.model
    def _discover(self, client, instance, options, resume):
        """Scan by id, so that nothing shifts while the pages are read."""
        if "ids" in options:
            yield FoundPage([self._read(client, bc_id) for bc_id in options["ids"]], {})
            return
        filters = resume.get("filters") or self._get_filters(instance)
        bounds = {name: parse_utc(text) for name, text in filters.items()}
        for page in client.iterate_orders(after_id=resume.get("after_id"), **bounds):
            last_id = max(int(raw["id"]) for raw in page.items)
            yield FoundPage(
                [self._found(raw) for raw in page.items],
                {"after_id": last_id, "filters": filters},
                page.date,
                max(filter(None, map(get_change, page.items)), default=None),
            )

    @api.model
    def _get_filters(self, instance):
        """Return what has changed since the last scan, or all that is wanted."""
        job = self.env["bigcommerce.automatic.job"]._get_job(instance, self._code)
        if job.watermark:
            return {"min_date_modified": job.watermark.isoformat()}
        if instance.import_orders_from:
            return {"min_date_created": instance.import_orders_from.isoformat()}
        return {}

    @api.model
    def _read(self, client, bc_id):
        try:
            return self._found(client.get_order(bc_id))
        except NotFound:
            return self._found({"id": bc_id, GONE: True})

    @api.model
    def _found(self, raw):
        return Found(
            str(raw["id"]),
            self.env._("Order %s", raw["id"]),
            raw,
            # Two workers would both make a new customer.
            get_customer_lane(raw),
        )

    @api.model
    def _parse(self, payload):
        """Return the order that a payload is.

        :raise Blocked: if it cannot be read, or is no longer there
        """
        if GONE in payload:
            raise Blocked(
                "not_found",
                self.env._("The store has no order %s any more.", payload["id"]),
            )
        try:
            return Order.parse(payload)
        except ProtocolError as error:
            raise Blocked("unreadable", str(error)) from error

    # Keep

    @api.model
    def _keep_found(self, instance, options, items):
        """Keep every order seen, and return those that are wanted and not here yet."""
        is_asked_for = "ids" in options
        known = self.env["bigcommerce.order"]._find(
            instance, [item.key for item in items]
        )
        asked_for = {
            item.key
            for item in items
            if is_asked_for or (item.key in known and known[item.key].is_asked_for)
        }
        orders, states = self._judge(instance, items, asked_for)
        records, unchanged = self._record(instance, items, orders, known, asked_for)
        settled = set()
        if not (is_asked_for or options.get("again")):
            settled = self._get_settled(instance, records, unchanged)
        wanted, passed_over = self._select(items, records, states, settled)
        self.env["bigcommerce.queue.line"]._withdraw(
            instance, self._code, [item.key for item in passed_over]
        )
        for item in wanted + passed_over:
            if item.key in records:
                records[item.key]._set_state(*states[item.key])
        return wanted

    @api.model
    def _judge(self, instance, items, asked_for):
        """Read the orders, and say what is to become of each, readable or not.

        :param set asked_for: ids of those that are wanted whatever the filters say
        :return: the orders that can be read and the states of all, both by id
        """
        orders, states = {}, {}
        for item in items:
            try:
                order = orders[item.key] = self._parse(item.payload)
            except Blocked as problem:
                states[item.key] = OrderState("blocked", "blocked", problem.message)
            else:
                states[item.key] = self._get_state(
                    instance, order, item.key in asked_for
                )
        return orders, states

    @api.model
    def _record(self, instance, items, orders, known, asked_for):
        """Keep what the store says of each order.

        An order never seen before that the store no longer has is not kept.

        :return: the records by id, and the ids of those that were kept just so before
        """
        Record = self.env["bigcommerce.order"]
        readable = self.env["bigcommerce.order.records"]._prepare_order_vals(
            instance, orders.values()
        )
        vals_by_id = {
            item.key: {
                **readable.get(item.key, {"name": f"#{item.key}"}),
                "payload_digest": Record._digest(item.payload),
                "is_asked_for": item.key in asked_for,
            }
            for item in items
            if item.key in known or GONE not in item.payload
        }
        unchanged = {
            bc_id
            for bc_id, record in known.items()
            if record.payload_digest == vals_by_id[bc_id]["payload_digest"]
        }
        return Record._upsert(instance, vals_by_id), unchanged

    @api.model
    def _select(self, items, records, states, settled):
        """Return the orders to import and those to pass over; others need neither."""
        wanted, passed_over = [], []
        for item in items:
            is_imported = item.key in records and records[item.key].sale_order_id
            if is_imported or item.key in settled:
                continue
            is_wanted = states[item.key].state != "not_selected"
            (wanted if is_wanted else passed_over).append(item)
        return wanted, passed_over

    @api.model
    def _get_settled(self, instance, records, unchanged):
        """Return the ids of orders of which nothing new is to be made.

        Those that a person deleted, and those unchanged that a person took out of the
        queue or that are still in it.
        """
        QueueLine = self.env["bigcommerce.queue.line"]
        queued = QueueLine._read_group(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", self._code),
                (
                    "key",
                    "in",
                    [key for key in unchanged if not records[key].sale_order_id],
                ),
                ("state", "not in", ("done", "cancelled", "superseded")),
            ],
            ["key"],
        )
        return (
            {key for (key,) in queued}
            | {key for key in unchanged if records[key].reason_code == "cancelled"}
            | {key for key in records if records[key].reason_code == "deleted"}
        )

    @api.model
    def _get_state(self, instance, order, is_asked_for):
        """Return the :class:`OrderState` of an order that is not imported yet."""
        reason = self._get_reason_to_pass_over(instance, order, is_asked_for)
        if reason:
            return OrderState("not_selected", reason, False)
        return OrderState("waiting", False, False)

    @api.model
    def _get_reason_to_pass_over(self, instance, order, is_asked_for):
        if order.status_id == INCOMPLETE:
            return "incomplete"
        if order.is_deleted:
            return "archived"
        if is_asked_for:
            return False
        if str(order.status_id) not in instance.order_status_ids.mapped("bc_id"):
            return "status"
        channels = instance.channel_ids.mapped("bc_id")
        if channels and order.channel_id not in channels:
            return "channel"
        start, created = instance.import_orders_from, to_odoo(order.date_created)
        if start and created and created < start:
            return "too_old"
        return False

    # Fetch

    @api.model
    def _fetch(self, client, lines):
        """Read lines of orders that came without, and products never seen before."""
        instance = lines.instance_id
        details, orders = {}, {}
        for queue_line in lines:
            payload = queue_line._get_payload()
            try:
                order = self._parse(payload)
                if not order.has_lines:
                    details[queue_line] = {
                        "products": client.list_order_products(order.id),
                        "shipping_addresses": client.list_order_shipping_addresses(
                            order.id
                        ),
                    }
                    order = self._parse(payload | details[queue_line])
            except Blocked:
                # For the same reason it will be blocked when it is applied.
                continue
            orders[queue_line] = order
        listings = self._fetch_unknown_listings(client, instance, orders.values())
        for queue_line, order in orders.items():
            own = [
                listings[product_id]
                for product_id in {order_line.product_id for order_line in order.lines}
                if product_id in listings
            ]
            if own:
                details.setdefault(queue_line, {})["listings"] = own
        return details

    @api.model
    def _fetch_unknown_listings(self, client, instance, orders):
        order_lines = [
            order_line
            for order in orders
            for order_line in order.lines
            if order_line.product_id
        ]
        find_item = self.env["bigcommerce.order.products"]._item_finder(
            instance, order_lines
        )
        unknown = {
            order_line.product_id
            for order_line in order_lines
            if not find_item(order_line)
        }
        if not unknown:
            return {}
        pages = client.iterate_products(product_ids=sorted(unknown))
        return {str(raw["id"]): raw for page in pages for raw in page.items}

    # Apply

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        records = self.env["bigcommerce.order"]._find(instance, lines.mapped("key"))
        outcomes, payloads, orders = {}, {}, {}
        for queue_line in lines:
            record = records.get(queue_line.key)
            if record and record.sale_order_id:
                outcomes[queue_line] = record
                continue
            payloads[queue_line] = queue_line._get_payload()
            try:
                order = self._parse(payloads[queue_line])
                if not (order.has_lines and order.lines):
                    raise Blocked("unreadable", self.env._("The order has no lines."))
            except Blocked as problem:
                outcomes[queue_line] = problem
            else:
                orders[queue_line] = order
        self._import_listings(instance, payloads.values())
        planned = self._plan_orders(instance, orders, outcomes)
        sale_orders = self._create_sale_orders(instance, planned)
        for queue_line, sale_order in sale_orders.items():
            record = outcomes[queue_line] = records[queue_line.key]
            record.sale_order_id = sale_order
            record._check_total()
        if sale_orders and instance.export_order_number:
            ids = [queue_line.key for queue_line in sale_orders]
            instance._start_open("export_order_numbers", ids=ids)
        return outcomes

    @api.model
    def _keep_problems(self, lines):
        for instance, own in lines.grouped("instance_id").items():
            records = self.env["bigcommerce.order"]._find(instance, own.mapped("key"))
            for queue_line in own:
                record = records.get(queue_line.key)
                if not record:
                    continue
                if queue_line.state == "cancelled":
                    record._set_state("not_selected", "cancelled", False)
                    record.is_asked_for = False
                else:
                    record._set_state("blocked", queue_line.state, queue_line.message)

    @api.model
    def _import_listings(self, instance, payloads):
        listings = {
            raw["id"]: raw
            for payload in payloads
            for raw in payload.get("listings", ())
        }
        if listings:
            self.env["bigcommerce.import.listings"]._import_products(
                instance, list(listings.values())
            )

    @api.model
    def _plan_orders(self, instance, orders, outcomes):
        """Return what becomes of each order; what cannot go on goes to ``outcomes``.

        :return: dict of queue line -> :class:`PlannedOrder`
        """
        find_product = self.env["bigcommerce.order.products"]._product_finder(
            instance, orders.values()
        )
        find_pricelist = self.env["bigcommerce.order.pricelists"]._pricelist_finder(
            instance
        )
        planned = {}
        for queue_line, order in orders.items():
            try:
                pricelist = find_pricelist(order)
                unit = Decimal(1).scaleb(-pricelist.currency_id.decimal_places)
                planned[queue_line] = PlannedOrder(
                    order,
                    pricelist,
                    [
                        (planned_line, find_product(planned_line))
                        for planned_line in plan_lines(order, unit)
                    ],
                )
            except Blocked as problem:
                outcomes[queue_line] = problem
        return planned

    @api.model
    def _create_sale_orders(self, instance, planned):
        """Create the sale orders of a batch.

        :return: dict of queue line -> sale.order
        """
        partners = self.env["bigcommerce.order.partners"]._find_or_create_partners(
            instance, [planned_order.order for planned_order in planned.values()]
        )
        get_fiscal_position = self._fiscal_position_finder(instance)
        vals_list = [
            self._prepare_sale_order_vals(
                instance,
                planned_order,
                partners[planned_order.order.id],
                get_fiscal_position(partners[planned_order.order.id]),
            )
            for planned_order in planned.values()
        ]
        sale_orders = self.env["sale.order"].create(vals_list)
        sale_orders._message_log_batch(
            bodies={
                sale_order.id: self.env._(
                    "Imported from %(store)s, order %(number)s.",
                    store=instance.name,
                    number=sale_order.client_order_ref,
                )
                for sale_order in sale_orders
            }
        )
        return dict(zip(planned, sale_orders, strict=True))

    @api.model
    def _fiscal_position_finder(self, instance):
        """Return a function of partners; it asks Odoo only if there is a choice."""
        FiscalPosition = self.env["account.fiscal.position"]
        has_any = FiscalPosition.search_count(
            FiscalPosition._check_company_domain(instance.company_id), limit=1
        )
        if not has_any:
            return lambda partners: FiscalPosition
        return lambda partners: FiscalPosition._get_fiscal_position(
            partners.partner, partners.delivery
        )

    @api.model
    def _prepare_sale_order_vals(
        self, instance, planned_order, partners, fiscal_position
    ):
        """Return everything that Odoo would otherwise compute, order by order."""
        order = planned_order.order
        return {
            "company_id": instance.company_id.id,
            "warehouse_id": instance.warehouse_id.id,
            "partner_id": partners.partner.id,
            "partner_invoice_id": partners.invoice.id,
            "partner_shipping_id": partners.delivery.id,
            "pricelist_id": planned_order.pricelist.id,
            "payment_term_id": partners.partner.property_payment_term_id.id,
            "fiscal_position_id": fiscal_position.id,
            "user_id": False,
            "team_id": False,
            "date_order": to_odoo(order.date_created) or fields.Datetime.now(),
            "validity_date": False,
            "require_signature": False,
            "require_payment": False,
            "client_order_ref": order.id,
            "origin": self.env._(
                "%(store)s %(number)s", store=instance.name, number=order.id
            ),
            "order_line": [
                Command.create(
                    self._prepare_sale_order_line_vals(
                        planned_line, product, fiscal_position
                    )
                )
                for planned_line, product in planned_order.lines
            ],
        }

    @api.model
    def _prepare_sale_order_line_vals(self, planned_line, product, fiscal_position):
        price_unit = float(planned_line.price_unit)
        taxes = product.taxes_id._filter_taxes_by_company(self.env.company)
        return {
            "product_id": product.id,
            "name": self._get_line_name(planned_line, product),
            "product_uom_id": product.uom_id.id,
            "product_uom_qty": float(planned_line.quantity),
            "price_unit": price_unit,
            # Any other value than the price says that the price was set by hand.
            "technical_price_unit": 0.0 if price_unit else -1.0,
            "discount": float(planned_line.discount),
            "tax_ids": [Command.set(fiscal_position.map_tax(taxes).ids)],
            "customer_lead": product.sale_delay,
            "bigcommerce_part": planned_line.part,
            "bigcommerce_line_id": planned_line.line_id,
            "bigcommerce_address_id": planned_line.address_id,
        }

    @api.model
    def _get_line_name(self, planned_line, product):
        """Return the store's words for a line, with the options chosen there."""
        options = planned_line.source.options if planned_line.source else ()
        words = [planned_line.name or product.name]
        words += [
            f"{option.name}: {option.value}" for option in options if option.value
        ]
        return "\n".join(words)
