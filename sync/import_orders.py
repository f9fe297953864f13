from odoo import api, models
from odoo.tools import split_every

from ..client.errors import NotFound, ProtocolError
from ..client.payloads.order import Order
from ..client.resources.scopes import ORDERS, PRODUCTS
from .operation import GONE, Done, Found, FoundPage
from .order_following import FOLLOWED
from .order_partners import get_customer_lane
from .order_selection import OrderState
from .problems import Blocked
from .values import get_newest_change, parse_utc

# What a run may be narrowed by -> filter of the store's list.
FILTERS = {
    "since": "min_date_modified",
    "placed_from": "min_date_created",
    "placed_until": "max_date_created",
}
# Orders that are read one by one before they are kept.
READ_AT_A_TIME = 20


class BigcommerceImportOrders(models.AbstractModel):
    """Record every order of the store, and turn the selected ones into sale orders."""

    _name = "bigcommerce.import.orders"
    _inherit = [
        "bigcommerce.operation",
        "bigcommerce.order.selection",
        "bigcommerce.order.following",
    ]
    _description = "Import Orders"

    _code = "import_orders"
    _subject_model = "bigcommerce.order"
    _priority = 20
    _interval = (15, "minutes")
    _choices = {
        "since": "since",
        "placed_from": "placed_from",
        "placed_until": "placed_until",
        "status_ids": "statuses",
        "order_numbers": "ids",
    }
    _has_preview = True
    _scopes = (ORDERS, PRODUCTS)

    @api.model
    def _get_label(self):
        return self.env._("Import Orders")

    # Discover

    @api.model
    def _discover(self, client, instance, options, resume):
        """Scan by id, so that nothing shifts while the pages are read."""
        if "ids" in options:
            done = resume.get("done", 0)
            for ids in split_every(READ_AT_A_TIME, options["ids"][done:], list):
                done += len(ids)
                yield FoundPage(
                    [self._read(client, instance, bc_id) for bc_id in ids],
                    {"done": done},
                )
            return
        filters = resume.get("filters") or self._get_filters(instance, options)
        bounds = {name: parse_utc(text) for name, text in filters.items()}
        # The store's list is of one status, or of all.
        statuses = resume.get("statuses") or options.get("statuses") or [None]
        after_id = resume.get("after_id")
        while statuses:
            for page in client.iterate_orders(
                after_id=after_id, status_id=statuses[0], **bounds
            ):
                last_id = max(int(raw["id"]) for raw in page.items)
                yield FoundPage(
                    [self._found(instance, raw) for raw in page.items],
                    {"after_id": last_id, "filters": filters, "statuses": statuses},
                    page.date,
                    get_newest_change(page.items),
                )
            statuses, after_id = statuses[1:], None

    @api.model
    def _get_filters(self, instance, options):
        """Return what was asked for, what has changed since, or all that is wanted."""
        filters = {
            name: options[choice]
            for choice, name in FILTERS.items()
            if choice in options
        }
        if not filters and "statuses" not in options:
            filters = self._get_change_filters(instance)
        start = instance.import_orders_from
        if start and not filters.keys() & {"min_date_modified", "min_date_created"}:
            filters["min_date_created"] = start.isoformat()
        return filters

    @api.model
    def _read(self, client, instance, bc_id):
        try:
            return self._found(instance, client.get_order(bc_id))
        except NotFound:
            return self._found(instance, {"id": bc_id, GONE: True})

    @api.model
    def _found(self, instance, raw):
        return Found(
            str(raw["id"]),
            self.env._("Order %s", raw["id"]),
            raw,
            # Two workers would both make a new customer, or a new company.
            get_customer_lane(raw, by_company=instance.create_company_contact),
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

    @api.model
    def _parse_whole(self, payload):
        """Return the order that a payload is, with its lines.

        :raise Blocked: as ``_parse`` does, or if there are no lines
        """
        order = self._parse(payload)
        if not (order.has_lines and order.lines):
            raise Blocked("unreadable", self.env._("The order has no lines."))
        return order

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
        } | self._get_chosen(instance, options, items)
        orders, states = self._judge(instance, items, known, asked_for)
        former = {
            bc_id: [record[field] for field in FOLLOWED]
            for bc_id, record in known.items()
        }
        records, unchanged = self._record(instance, items, orders, known, asked_for)
        self._follow(instance, orders, records, unchanged, former)
        left_alone = set()
        if not (is_asked_for or options.get("again")):
            left_alone = self._get_left_alone(instance, records, unchanged)
        wanted, passed_over = self._select(items, records, states, left_alone)
        # Also those that come to be blocked have a gateway to choose a workflow for.
        self.env["bigcommerce.payment.gateway"]._find_or_create(
            instance,
            [orders[item.key].payment_method for item in wanted if item.key in orders],
        )
        self.env["bigcommerce.queue.line"]._withdraw(
            instance, self._code, [item.key for item in passed_over]
        )
        for item in wanted + passed_over:
            if item.key in records:
                records[item.key]._set_state(*states[item.key])
        return wanted

    @api.model
    def _get_chosen(self, instance, options, items):
        """Return the ids of orders that only this run wants, by status or date.

        A status that the run names is as good as a selected one, a date from which it
        reads as good as *Import Orders From*. The store's other filters hold.
        """
        statuses = options.get("statuses", ())
        if not (statuses or "placed_from" in options):
            return set()
        chosen = set()
        for item in items:
            try:
                traits = self._get_traits(self._parse(item.payload))
            except Blocked:
                continue
            reasons = self._get_reasons_to_pass_over(instance, traits, False, False)
            overruled = {"status"} if traits.status_id in statuses else set()
            if "placed_from" in options:
                overruled.add("too_old")
            if reasons and overruled.issuperset(reasons):
                chosen.add(item.key)
        return chosen

    @api.model
    def _judge(self, instance, items, known, asked_for):
        """Read the orders, and say what is to become of each, readable or not.

        :param dict known: the records there are, by id, as they were until now
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
                    instance,
                    order,
                    item.key in asked_for,
                    self._was_wanted(known.get(item.key)),
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
            }
            for item in items
            if item.key in known or GONE not in item.payload
        }
        unchanged = {
            bc_id
            for bc_id, record in known.items()
            if record.payload_digest == vals_by_id[bc_id]["payload_digest"]
        }
        taken = {bc_id: self._get_taken(record) for bc_id, record in known.items()}
        records = Record._upsert(instance, vals_by_id)
        self._forget_levels(instance, records, taken)
        for bc_id, record in records.items():
            # Whoever asks for it does not change the order, nor its digest.
            if record.is_asked_for != (bc_id in asked_for):
                record.is_asked_for = bc_id in asked_for
        return records, unchanged

    @api.model
    def _select(self, items, records, states, left_alone):
        """Return the orders to import and those to pass over; others need neither."""
        wanted, passed_over = [], []
        for item in items:
            is_imported = item.key in records and records[item.key].sale_order_id
            if is_imported or item.key in left_alone:
                continue
            is_wanted = states[item.key].state != "not_selected"
            (wanted if is_wanted else passed_over).append(item)
        return wanted, passed_over

    @api.model
    def _get_left_alone(self, instance, records, unchanged):
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
                found = self._fetch_parts(client, instance, order)
                if found:
                    details[queue_line] = found
                    order = self._parse(payload | found)
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
    def _fetch_parts(self, client, instance, order):
        """Return the parts of an order that its payload does not hold."""
        parts = {}
        if not order.has_lines:
            parts["products"] = client.list_order_products(order.id)
            parts["shipping_addresses"] = client.list_order_shipping_addresses(order.id)
        # Also an order without tax may bear some, of 0 %.
        has_amounts = order.total.inc_tax or order.subtotal.inc_tax
        if instance._follows_store_taxes() and has_amounts:
            parts["taxes"] = client.list_order_taxes(order.id)
        return parts

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
        outdated = self._find_outdated(lines, records)
        outcomes, payloads, orders = {}, {}, {}
        for queue_line in lines:
            record = records.get(queue_line.key)
            if record and record.sale_order_id:
                outcomes[queue_line] = record
                continue
            if queue_line in outdated:
                outcomes[queue_line] = Done(
                    record or self.env["bigcommerce.order"],
                    self.env._("It has changed meanwhile, and goes by what it is now."),
                )
                continue
            payloads[queue_line] = queue_line._get_payload()
            try:
                orders[queue_line] = self._parse_whole(payloads[queue_line])
            except Blocked as problem:
                outcomes[queue_line] = problem
        self._import_listings(instance, payloads.values())
        created = self.env["bigcommerce.order.creation"]._create_sale_orders(
            instance, list(orders.values())
        )
        imported = []
        for queue_line, order in orders.items():
            outcomes[queue_line] = outcome = created[order.id]
            if not isinstance(outcome, Blocked):
                record = outcomes[queue_line] = records[queue_line.key]
                record._set_sale_order(outcome, order)
                imported.append(queue_line.key)
        self._start_what_follows(instance, imported)
        return outcomes

    @api.model
    def _find_outdated(self, lines, records):
        """Return the lines of orders of which something newer was read since.

        That waits in a line of its own, or was found not to be wanted. An order made of
        what it was would never become what it is: nothing new will be seen of it.
        """
        QueueLine = self.env["bigcommerce.queue.line"]
        waiting = QueueLine.search(
            [
                ("instance_id", "=", lines.instance_id.id),
                ("operation", "=", self._code),
                ("key", "in", lines.mapped("key")),
                ("state", "in", QueueLine._WAITING_STATES),
                ("id", "not in", lines.ids),
            ]
        )
        outdated = {
            *waiting.mapped("key"),
            *(key for key, record in records.items() if record.state == "not_selected"),
        }
        return lines.filtered(lambda line: line.key in outdated)

    @api.model
    def _start_what_follows(self, instance, bc_ids):
        """Let the operations begin that have to do with orders just imported."""
        if not bc_ids:
            return
        instance._start_open("process_orders", ids=bc_ids)
        if instance.export_order_number:
            instance._start_open("export_order_numbers", ids=bc_ids)
        instance._import_earlier_refunds(bc_ids)

    @api.model
    def _keep_problems(self, lines):
        for line, record in self._find_subjects(lines).items():
            if line.state == "cancelled":
                record._set_state("not_selected", "cancelled", False)
                record.is_asked_for = False
            else:
                record._set_state("blocked", line.state, line.message)

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
