"""What holds whatever goes wrong, as far as databases and ledgers show it.

Nothing here knows what was tried: the checks read what Odoo has committed, what the
stores have, and what they were asked (``sandbox/ledger.py``). Each raises an
AssertionError that names the invariant, and each record that breaks it.

Some hold at any time. What is still on its way may keep others from holding until
everything is worked off: those are checked of a *settled* database only.
"""

import functools
import json
import math
import re
from collections import Counter, defaultdict
from datetime import timedelta

from odoo import fields, sql_db
from odoo.tools import SQL, float_compare

from ..sandbox.dates import parse_moment

# Requests that may meet a quota that is used up, in each of its windows: a worker may
# not know yet what another one was told.
OVERDRAFT = 8
# Hours until which anything that waits has its next turn.
LONGEST_WAIT = timedelta(hours=1, minutes=5)
# Texts of rows that may say who somebody is while there is something to do with them.
WORKING_COPIES = ["payload", "details"]
# Where nobody's name is anything to anybody.
TALKATIVE = (
    "bigcommerce_log",
    "bigcommerce_queue_job",
    "bigcommerce_queue_line",
    "ir_logging",
    "mail_activity",
    "mail_mail",
    "mail_message",
    "mail_tracking_value",
)
# Where it is written what was done, and not what came of it.
BOOKKEEPING = {
    "bigcommerce_automatic_job",
    "bigcommerce_log",
    "bigcommerce_log_bigcommerce_queue_line_rel",
    "bigcommerce_queue_job",
    "bigcommerce_queue_line",
    "bus_bus",
    "ir_cron",
    "ir_cron_progress",
    "ir_cron_trigger",
}
LEVELS = "/v3/inventory/adjustments/absolute"
# The condition on a queue line under which it is not at its end without a person. One
# may wait behind another of which a person has to say what became of it.
IS_OPEN = """
    (line.state IN ('running', 'sending')
     OR line.state = 'unknown' AND line.cause_id IS NULL
     OR line.state IN ('pending', 'retry') AND NOT EXISTS (
        SELECT FROM bigcommerce_queue_line other
         WHERE other.state = 'unknown' AND other.cause_id IS NOT NULL
           AND (other.instance_id, other.operation, other.key)
               = (line.instance_id, line.operation, line.key)))
"""


def invariant(title):
    """Make a method that yields what breaks an invariant one that raises it."""

    def decorate(find):
        @functools.wraps(find)
        def check(self, *arguments):
            broken = list(find(self, *arguments))
            if broken:
                raise AssertionError("\n".join([title, *broken]))

        return check

    return decorate


class Invariants:
    """The checks of one database.

    :param env: an environment that may see everything
    :param dict stores: id of an instance -> the handle on its sandbox
    :param str log: what the processes have logged
    :param secrets: texts that stand nowhere but where they are kept
    :param people: texts that say who somebody is
    :param is_settled: whether everything has been worked off
    """

    def __init__(self, env, stores, log="", secrets=(), people=(), is_settled=False):
        self.env = env
        self.stores = {
            env["bigcommerce.instance"].browse(instance_id): store
            for instance_id, store in stores.items()
        }
        self.log = log
        self.secrets = list(secrets)
        self.people = list(people)
        self.is_settled = is_settled

    def check(self):
        """Check all but the last, which takes a mark; raise all that is broken."""
        broken = []
        for number in range(1, 12):
            try:
                getattr(self, f"check_g{number}")()
            except AssertionError as error:
                broken.append(str(error))
        if broken:
            raise AssertionError("\n\n".join(broken))

    # What each store has, and was asked

    @functools.cached_property
    def _orders(self):
        """The orders that each store has: instance -> id -> raw order."""
        return {
            instance: {str(raw["id"]): raw for raw in store.control("GET", "v2/orders")}
            for instance, store in self.stores.items()
        }

    def _read(self, instance, path):
        """Return what a store has at a path, an empty list if nothing."""
        try:
            return self.stores[instance].control("GET", path)
        except OSError:
            return []

    @functools.cached_property
    def _requests(self):
        return {
            instance: store.get_requests() for instance, store in self.stores.items()
        }

    def _get_effects(self, instance, method, pattern):
        """Yield match and request of what was written, the answer lost or not."""
        for request in self._requests[instance]:
            if request["method"] == method and request["took_effect"]:
                if match := re.search(pattern, request["path"]):
                    yield match, request

    def _count_effects(self, instance, method, pattern):
        """Return how often something was written: by what the pattern captures."""
        return Counter(
            match[1] for match, _request in self._get_effects(instance, method, pattern)
        )

    def _select(self, query, *parameters):
        self.env.flush_all()
        self.env.cr.execute(query, parameters)
        return self.env.cr.dictfetchall()

    def _find_records(self, instance, with_sale_order=True):
        """Return what Odoo has noted of a store's orders, by their id there."""
        domain = [("instance_id", "=", instance.id)]
        if with_sale_order:
            domain.append(("sale_order_id", "!=", False))
        orders = self.env["bigcommerce.order"].with_context(active_test=False)
        return {record.bc_id: record for record in orders.search(domain)}

    # The invariants

    @invariant("G1: an order of the store is one order in Odoo.")
    def check_g1(self):
        for row in self._select(
            """
            SELECT instance_id, bc_id, count(*) FROM bigcommerce_order
          GROUP BY instance_id, bc_id HAVING count(*) > 1
            """
        ):
            yield f"{row['count']} records of order {row['bc_id']}"
        for row in self._select(
            """
            SELECT DISTINCT sale.id, sale.name, sale.client_order_ref
              FROM sale_order sale
              JOIN sale_order_line line ON line.order_id = sale.id
             WHERE line.bigcommerce_line_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM bigcommerce_order
                                WHERE sale_order_id = sale.id)
            """
        ):
            yield (
                f"Sale order {row['name']} is another one of order "
                f"{row['client_order_ref']}"
            )

    @invariant("G2: a transaction of the store is one document in Odoo.")
    def check_g2(self):
        for name, table, instance, bc_id in (
            ("Capture", "account_payment", "instance_id", "capture_id"),
            ("Refund", "account_move", "refund_instance_id", "refund_id"),
        ):
            for row in self._select(
                f"""
                SELECT bigcommerce_{bc_id} AS bc_id, count(*) FROM {table}
                 WHERE bigcommerce_{bc_id} IS NOT NULL AND state != 'cancel'
              GROUP BY bigcommerce_{instance}, bigcommerce_{bc_id}
                HAVING count(*) > 1
                """
            ):
                yield f"{name} {row['bc_id']} is {row['count']} documents"
        for instance in self.stores:
            records = self._find_records(instance)
            yield from self._find_double_captures(instance, records)
            yield from self._find_double_refunds(instance, records)
            for record in records.values():
                yield from self._find_double_invoices(record)

    def _find_double_captures(self, instance, records):
        sent = self._count_effects(instance, "POST", r"^/v3/orders/(\d+)/.*/capture$")
        for bc_id in records:
            rows = self._read(instance, f"v3/orders/{bc_id}/transactions")
            taken = sum(
                row["event"] == "capture" and row["status"] == "ok" for row in rows
            )
            if max(taken, sent[bc_id]) > 1:
                yield f"Order {bc_id} was captured {max(taken, sent[bc_id])} times"

    def _find_double_refunds(self, instance, records):
        sent = self._count_effects(instance, "POST", r"^/v3/orders/(\d+)/.*/refunds$")
        for bc_id, count in sent.items():
            notes = self.env["account.move"].search_count(
                [
                    ("bigcommerce_refund_order_id.bc_id", "=", bc_id),
                    ("bigcommerce_refund_order_id.instance_id", "=", instance.id),
                ]
            )
            # Cancelling an order in Odoo may refund it without a note.
            is_cancelled = bc_id in records and records[bc_id].refund_request
            if count > max(notes, bool(is_cancelled)):
                yield f"Order {bc_id} was refunded {count} times for {notes} notes"

    def _find_double_invoices(self, record):
        order = record.sale_order_id
        for line in order.order_line:
            if (
                float_compare(
                    line.qty_invoiced, line.product_uom_qty, precision_digits=4
                )
                > 0
                and line.product_uom_qty >= 0
            ):
                yield (
                    f"{order.name}: {line.qty_invoiced} of {line.product_uom_qty} "
                    f"{line.product_id.default_code} are invoiced"
                )
        invoices = order.invoice_ids.filtered(lambda move: move.state == "posted")
        payments = invoices.matched_payment_ids.filtered(
            lambda payment: payment.payment_type == "inbound"
        )
        owed = sum(
            invoices.filtered(lambda move: move.move_type == "out_invoice").mapped(
                "amount_total"
            )
        )
        paid = sum(payments.mapped("amount"))
        if order.currency_id.compare_amounts(paid, owed) > 0:
            yield f"{order.name}: {paid} are paid of {owed}"

    @invariant("G3: a delivery is one shipment in the store, and no more is shipped.")
    def check_g3(self):
        for instance in self.stores:
            sent = self._count_effects(
                instance, "POST", r"^/v2/orders/(\d+)/shipments$"
            )
            for bc_id, record in self._find_records(instance).items():
                yield from self._find_double_shipments(record, sent[bc_id])

    def _find_double_shipments(self, record, sent):
        instance, path = record.instance_id, f"v2/orders/{record.bc_id}"
        there = self._read(instance, f"{path}/shipments")
        own = record.shipment_ids.filtered(lambda one: not one.is_recognised)
        if sent > len(own):
            yield f"Order {record.bc_id}: {sent} shipments of {len(own)} deliveries"
        ids = Counter(record.shipment_ids.filtered("bc_id").mapped("bc_id"))
        for bc_id, count in ids.items():
            if count > 1:
                yield f"Shipment {bc_id} is {count} deliveries"
        for bc_id in set(ids) - {str(shipment["id"]) for shipment in there}:
            yield f"Order {record.bc_id}: shipment {bc_id} is not in the store"
        shipped = Counter()
        for shipment in there:
            for item in shipment["items"]:
                shipped[item["order_product_id"]] += item["quantity"]
        for line in self._read(instance, f"{path}/products"):
            if shipped[line["id"]] > int(line["quantity"]):
                yield (
                    f"Order {record.bc_id}: {shipped[line['id']]} of "
                    f"{line['quantity']} {line['sku']} are shipped"
                )

    @invariant("G4: levels in the store are Odoo's; others are left alone.")
    def check_g4(self):
        for instance in self.stores:
            # Also what the store has deleted since it was written.
            items = (
                self.env["bigcommerce.listing.item"]
                .with_context(active_test=False)
                .search([("instance_id", "=", instance.id)])
            )
            yield from self._find_foreign_levels(instance, items)
            if self.is_settled:
                yield from self._find_differing_levels(
                    instance, items.filtered("active")
                )

    def _find_foreign_levels(self, instance, items):
        known = items.filtered(
            lambda item: item.product_id and not item.listing_id.is_excluded
        )
        ids = {
            "variant_id": set(known.mapped("bc_id")),
            "product_id": set(known.listing_id.mapped("bc_id")),
            "sku": set(known.mapped("sku")),
        }
        for _match, request in self._get_effects(instance, "PUT", f"^{LEVELS}$"):
            for level in json.loads(request["body"])["items"]:
                for name in ids.keys() & level.keys():
                    if str(level[name]) not in ids[name]:
                        yield f"The level of {name} {level[name]} was written"

    def _find_differing_levels(self, instance, items):
        locations = self.env["bigcommerce.location"]._find_in_use(instance, "export")
        in_flight = self.env["bigcommerce.stock.in.flight"]._get_in_flight(
            instance, locations
        )
        waiting = {
            row["key"]
            for row in self._select(
                """
                SELECT key FROM bigcommerce_queue_line
                 WHERE operation = 'export_inventory' AND instance_id = %s
                   AND cause_id IS NOT NULL
                """,
                instance.id,
            )
        }
        quantity = {
            "free": "free_qty",
            "on_hand": "qty_available",
            "forecast": "virtual_available",
        }[instance.stock_basis]
        for location in locations:
            for listing, own in items.grouped("listing_id").items():
                products = own.product_id
                storable = own.filtered("product_id.is_storable")
                mode = listing.inventory_tracking
                if listing.is_excluded or not (
                    mode == "variant" or mode == "product" and storable == own
                ):
                    continue
                groups = [own] if mode == "product" else storable
                for group in groups:
                    products = group.product_id.with_context(
                        location=location._get_places().ids, warehouse_id=False
                    )
                    total = sum(
                        product[quantity]
                        - in_flight.get(
                            (location, self.env["product.product"].browse(product.id)),
                            0,
                        )
                        for product in products
                    )
                    wanted = max(math.floor(round(total, 4)), 0)
                    there = self._get_level(instance, group[0], location)
                    bc_id = listing.bc_id if mode == "product" else group.bc_id
                    key = f"{location.bc_id}:{mode}_id:{bc_id}"
                    if there is not None and there != wanted and key not in waiting:
                        yield (
                            f"{group[0].sku} at {location.name}: the store has "
                            f"{there}, Odoo {wanted}"
                        )

    @functools.cached_property
    def _levels(self):
        return {
            (
                instance,
                str(item["identity"]["variant_id"]),
                str(level["location_id"]),
            ): (level["total_inventory_onhand"])
            for instance in self.stores
            for item in self._read(instance, "v3/inventory/items")
            for level in item["locations"]
        }

    def _get_level(self, instance, item, location):
        return self._levels.get((instance, item.bc_id, location.bc_id))

    @invariant("G5: what was accepted comes to an end, or says what it waits for.")
    def check_g5(self):
        for line in self._select(
            """
            SELECT id, operation, key, state FROM bigcommerce_queue_line
             WHERE state IN ('blocked', 'failed')
               AND (cause_id IS NULL OR COALESCE(message, '') = '')
            """
        ):
            yield "{operation} {key} ({id}) is {state} without a reason".format(**line)
        for job in self._select(
            """
            SELECT id, operation, state FROM bigcommerce_queue_job
             WHERE state = 'failed' AND COALESCE(error_message, '') = ''
            """
        ):
            yield "Queue job {id} ({operation}) is {state} without a reason".format(
                **job
            )
        if self.is_settled:
            yield from self._find_unfinished()
            for instance, orders in self._orders.items():
                records = self._find_records(instance, with_sale_order=False)
                for bc_id in orders.keys() - records.keys():
                    yield f"Order {bc_id} of {instance.name} is not known"
                for bc_id in orders.keys() & records.keys():
                    yield from self._find_forgotten(records[bc_id])

    def _find_unfinished(self):
        for line in self._select(
            f"""
            SELECT id, operation, key, state FROM bigcommerce_queue_line line
             WHERE {IS_OPEN}
            """
        ):
            yield "{operation} {key} ({id}) is still {state}".format(**line)
        for job in self._select(
            """
            SELECT id, operation, state FROM bigcommerce_queue_job job
             WHERE state IN ('pending', 'discovering')
                OR state = 'running' AND NOT EXISTS (
                   SELECT FROM bigcommerce_queue_line
                    WHERE job_id = job.id
                      AND state IN ('unknown', 'pending', 'retry'))
            """
        ):
            yield "Queue job {id} ({operation}) is still {state}".format(**job)

    def _find_forgotten(self, record):
        """Yield what was to become of an order, and has not, for no reason."""
        waits = self._find_waiting_keys(record.instance_id)
        if record.state in ("waiting", "blocked", "held") and not record.reason_code:
            if not record.sale_order_id and record.bc_id not in waits["import_orders"]:
                yield f"Order {record.bc_id} is {record.state} for no reason"
        for shipment in record.shipment_ids:
            if shipment.state != "done" and not (
                shipment.message or f"{shipment.id}" in waits["export_shipments"]
            ):
                yield f"{shipment.picking_id.name} is {shipment.state} for no reason"
        for note in record.refund_ids:
            if note.bigcommerce_refund_state in ("scheduled", "unknown"):
                if not waits["export_refunds"]:
                    yield f"{note.name} is {note.bigcommerce_refund_state} for ever"

    def _find_waiting_keys(self, instance):
        keys = defaultdict(set)
        for line in self._select(
            """
            SELECT operation, key FROM bigcommerce_queue_line
             WHERE instance_id = %s
               AND state NOT IN ('done', 'cancelled', 'superseded')
            """,
            instance.id,
        ):
            keys[line["operation"]].add(line["key"])
        return keys

    @invariant("G6: nothing is in work without a worker.")
    def check_g6(self):
        # A worker holds the row of its scheduled action as long as it lives.
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT id FROM ir_cron FOR NO KEY UPDATE SKIP LOCKED")
            resting = [cron_id for (cron_id,) in cr.fetchall()]
        for row in self._select(
            """
            SELECT id, operation, key, state FROM bigcommerce_queue_line
             WHERE (state IN ('running', 'sending')
                    OR state = 'unknown' AND pump_id IS NOT NULL)
               AND (pump_id IS NULL OR pump_id = ANY(%s))
             UNION ALL
            SELECT id, operation, 'lists', state FROM bigcommerce_queue_job
             WHERE state = 'discovering' AND (pump_id IS NULL OR pump_id = ANY(%s))
            """,
            resting,
            resting,
        ):
            yield "{operation} {key} ({id}) is {state}, and nobody is at it".format(
                **row
            )

    @invariant("G7: no watermark is past a change that has not been applied.")
    def check_g7(self):
        for instance, orders in self._orders.items():
            yield from self._find_passed_over(
                instance, "import_orders", "bigcommerce.order", orders
            )
            products = {
                str(raw["id"]): raw
                for raw in self._read(instance, "v3/catalog/products")
            }
            yield from self._find_passed_over(
                instance, "import_listings", "bigcommerce.listing", products
            )

    def _find_passed_over(self, instance, operation, model, objects):
        job = self.env["bigcommerce.automatic.job"]._get_job(instance, operation)
        if not job.watermark:
            return
        records = self.env[model]._find(instance, objects)
        waits = self._find_waiting_keys(instance)[operation]
        for bc_id, raw in objects.items():
            changed = parse_moment(raw["date_modified"])
            changed = changed.replace(tzinfo=None, microsecond=0)
            known = records.get(bc_id)
            if changed >= job.watermark or bc_id in waits:
                continue
            if not known or (known.date_modified or fields.Datetime.now()) < changed:
                yield (
                    f"{operation}: {bc_id} was changed on {changed}, Odoo has seen "
                    f"{known and known.date_modified}, the watermark is "
                    f"{job.watermark}"
                )

    @invariant("G8: an order is worth what the store says, or is held.")
    def check_g8(self):
        for instance, orders in self._orders.items():
            for bc_id, record in self._find_records(instance).items():
                raw = orders.get(bc_id)
                is_excused = (
                    record.changes
                    or record.released_by_id
                    or record.state == "held"
                    and record.reason_message
                    or bc_id in self._find_waiting_keys(instance)["import_orders"]
                )
                if raw and not is_excused:
                    yield from self._find_differing_amounts(record, raw)

    def _find_differing_amounts(self, record, raw):
        order = record.sale_order_id
        deduction = 0
        if not record.are_certificates_payments:
            deduction = float(raw["gift_certificate_amount"] or 0) + float(
                raw["store_credit_amount"] or 0
            )
        there = {
            "amount_untaxed": float(raw["total_ex_tax"]) - deduction,
            "amount_tax": float(raw["total_tax"]),
            "amount_total": float(raw["total_inc_tax"]) - deduction,
        }
        if record.tax_system == "odoo":
            side = "amount_total" if record.is_tax_inclusive else "amount_untaxed"
            there = {side: there[side]}
        for name, amount in there.items():
            if order.currency_id.compare_amounts(order[name], amount):
                yield (
                    f"{order.name} (order {record.bc_id}): {name} is {order[name]}, "
                    f"in the store {amount}"
                )

    @invariant("G9: no secret and nobody's data are where they are read by others.")
    def check_g9(self):
        for text in self.secrets + self.people:
            if text in self.log:
                position = self.log.index(text)
                line = self.log[:position].rpartition("\n")[2]
                yield f"The log has “{text}” behind “{line[-200:]}”"
        for table in self._find_tables():
            if self.people and table in TALKATIVE:
                yield from self._search(table, self.secrets + self.people)
            else:
                yield from self._search(table, self.secrets)

    def _find_tables(self):
        """Return the tables where anybody could have written down a secret."""
        rows = self._select(
            """
            SELECT relname FROM pg_class
             WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace
               AND (relname LIKE 'bigcommerce%%' OR relname = ANY(%s)
                    OR relname IN ('sale_order', 'stock_picking', 'account_move',
                                   'ir_config_parameter', 'ir_cron_progress'))
            """,
            list(TALKATIVE),
        )
        return sorted(row["relname"] for row in rows)

    def _search(self, table, texts):
        if not texts:
            return
        # Where it is kept, and what is still worked with.
        hidden = {
            "bigcommerce_instance": SQL("ARRAY['access_token']"),
            "bigcommerce_queue_line": SQL(
                "CASE WHEN state IN ('done', 'cancelled', 'superseded') "
                "THEN ARRAY[]::text[] ELSE %s END",
                WORKING_COPIES,
            ),
        }.get(table, SQL("ARRAY[]::text[]"))
        content = SQL("(to_jsonb(t) - %s)::text", hidden)
        for text in texts:
            self.env.cr.execute(
                SQL(
                    "SELECT t.*, %(content)s AS content FROM %(table)s t "
                    "WHERE %(content)s LIKE %(pattern)s",
                    content=content,
                    table=SQL.identifier(table),
                    pattern=f"%{text}%",
                )
            )
            for row in self.env.cr.dictfetchall():
                names = [
                    name
                    for name, value in row.items()
                    if name != "content" and text in str(value)
                ]
                yield f"{table} {row.get('id')} has “{text}” in {', '.join(names)}"

    @invariant("G10: what is one company's is neither seen nor written by another.")
    def check_g10(self):
        yield from self._find_mixed_companies()
        yield from self._find_seen_by_others()
        for instance in self.stores:
            known = self._find_records(instance, with_sale_order=False)
            for method in ("POST", "PUT"):
                for bc_id in self._count_effects(
                    instance, method, r"^/v[23]/orders/(\d+)(?:/|$)"
                ):
                    if bc_id not in known:
                        yield (
                            f"{instance.name}: order {bc_id} was written, which is "
                            "not this company's"
                        )

    def _find_models(self):
        """Return the connector's models of which each record is a company's."""
        return [
            self.env[name].with_context(active_test=False)
            for name, model in self.env.registry.items()
            if name.startswith("bigcommerce.")
            and not model._abstract
            and not model._transient
            and {"instance_id", "company_id"} <= model._fields.keys()
        ]

    def _find_mixed_companies(self):
        for model in self._find_models():
            for row in self._select(
                f"""
                SELECT own.id FROM {model._table} own
                  JOIN bigcommerce_instance instance ON instance.id = own.instance_id
                 WHERE own.company_id IS DISTINCT FROM instance.company_id
                """
            ):
                yield f"{model._name} {row['id']} is not its store's company's"
        for instance in self.stores:
            company = instance.company_id
            orders = self.env["sale.order"].concat(
                *(one.sale_order_id for one in self._find_records(instance).values())
            )
            for documents in (
                orders,
                orders.picking_ids,
                orders.invoice_ids,
                orders.invoice_ids.matched_payment_ids,
            ):
                for document in documents:
                    if document.company_id != company:
                        yield f"{document} of {instance.name} is not {company.name}'s"
            for shared in (orders.partner_id, orders.order_line.product_id):
                for record in shared:
                    if record.company_id not in (company, record.company_id.browse()):
                        yield f"{record} of {instance.name} is another company's"

    def _find_seen_by_others(self):
        group = self.env.ref("bigcommerce_connector.bigcommerce_group_user")
        companies = self.env["res.company"].search([])
        for user in group.all_user_ids.filtered(
            lambda user: user.active and companies - user.company_ids
        ):
            for model in (*self._find_models(), self.env["sale.order"]):
                seen = model.with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids
                )
                for record in seen.search([]).sudo():
                    if record.company_id - user.company_ids:
                        yield f"{user.login} sees {record}"

    @invariant("G11: no quota is overdrawn, and nothing waits for ever.")
    def check_g11(self):
        for instance, store in self.stores.items():
            quota = store.control("GET", "quota")
            window = timedelta(milliseconds=quota["window_ms"])
            refused = [
                parse_moment(request["time"])
                for request in self._requests[instance]
                if request["status"] == 429 and not request["fault"]
            ]
            for moment in refused:
                count = sum(moment <= other < moment + window for other in refused)
                if count > OVERDRAFT:
                    yield f"{count} requests over the quota from {moment} on"
                    break
        latest = fields.Datetime.now() + LONGEST_WAIT
        for table in ("instance", "queue_job", "queue_line"):
            for row in self._select(
                f"""
                SELECT id, not_before FROM bigcommerce_{table} WHERE not_before > %s
                """,
                latest,
            ):
                yield "{} {id} waits until {not_before}".format(table, **row)

    # What a drain that finds nothing to do leaves untouched

    def mark(self):
        """Return what by ``check_g12`` knows what was written since."""
        self.env.flush_all()
        (row,) = self._select("SELECT txid_current() AS number")
        return {
            "transaction": row["number"],
            "counts": self._count_rows(),
            "requests": {
                instance.id: max((one["sequence"] for one in requests), default=0)
                for instance, requests in self._requests.items()
            },
        }

    def _count_rows(self):
        return {
            row["relname"]: row["count"]
            for row in self._select(
                " UNION ALL ".join(
                    f"SELECT '{table}' AS relname, count(*) FROM \"{table}\""
                    for table in self._find_business_tables()
                )
            )
        }

    def _find_business_tables(self):
        rows = self._select(
            """
            SELECT relname FROM pg_class
             WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace
            """
        )
        return sorted({row["relname"] for row in rows} - BOOKKEEPING)

    @invariant("G12: where everything is done, nothing is written.")
    def check_g12(self, mark):
        """Check that nothing was written since a mark, here or there."""
        for instance in self.stores:
            for request in self._requests[instance]:
                is_new = request["sequence"] > mark["requests"][instance.id]
                if is_new and request["method"] != "GET":
                    yield "{method} {path}: {body}".format(**request)
        for table, count in self._count_rows().items():
            if count < mark["counts"].get(table, 0):
                yield f"{mark['counts'][table] - count} rows are gone from {table}"
        # A row knows the transaction that wrote it.
        changed = self._select(
            " UNION ALL ".join(
                f"""
                SELECT '{table}' AS relname, to_jsonb(t) AS content FROM "{table}" t
                 WHERE xmin::text::bigint > {mark["transaction"]}
                """
                for table in self._find_business_tables()
            )
        )
        for row in changed:
            yield f"{row['relname']} was written: {row['content']}"[:500]
