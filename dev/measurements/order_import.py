"""The connector's import of queued orders beside Odoo's own batch create.

Both make the same customers and orders, in batches of the same size, with the same
context and a commit per batch, alternating; the records are compared field by field.
"""

import gc
import statistics
import time

from odoo.fields import Command

from .bench_store import BenchStore

ROUNDS = 3
BATCH = 100

ORDER_FIELDS = (
    "company_id warehouse_id pricelist_id payment_term_id fiscal_position_id user_id "
    "team_id date_order validity_date require_signature require_payment "
    "client_order_ref origin"
).split()
LINE_FIELDS = (
    "product_id name product_uom_id product_uom_qty price_unit technical_price_unit "
    "discount tax_ids customer_lead bigcommerce_part bigcommerce_line_id "
    "bigcommerce_address_id"
).split()
PARTNER_FIELDS = (
    "name email phone street street2 zip city country_id state_id company_name "
    "lang type"
).split()
# What cannot be the same for two records, or says when it was made and for whom.
OWN_FIELDS = set(
    "id name create_date write_date create_uid write_uid access_token reference "
    "order_id order_partner_id partner_id partner_invoice_id partner_shipping_id "
    "commercial_partner_id parent_id complete_name".split()
)


def measure(env, address, scale):
    store = BenchStore(env, address)
    store.instance.queue_batch_limit = BATCH
    store.run("import_listings")
    lines = queue_orders(store)
    assert len(lines) == scale, len(lines)
    # One round more warms up what a running server holds warm.
    size = scale // (ROUNDS + 1)
    seconds = []
    for start in range(0, scale, size):
        due = lines[start : start + size]
        due.not_before = False
        records = env["bigcommerce.order"].search(
            [("bc_id", "in", due.mapped("key"))], order="id"
        )
        start_clean(env)
        ours = run_connector(env)
        assert set(records.mapped("state")) == {"imported"}, records.mapped("state")
        batches = read_batches(records.sale_order_id)
        start_clean(env)
        theirs, orders, partners = run_odoo(env, store.instance, batches)
        compare(records.sale_order_id, orders)
        compare_fields(partners)
        seconds.append((ours, theirs))
        env.cr.execute("ANALYZE sale_order, sale_order_line, res_partner")
    ours, theirs = (
        statistics.median(column) for column in zip(*seconds[1:], strict=True)
    )
    return {
        "order_import_ratio": round(ours / theirs, 2),
        "order_import_ms": round(1000 * ours / size, 1),
        "odoo_create_ms": round(1000 * theirs / size, 1),
    }


def queue_orders(store):
    """Queue all orders, none of them due; returns their queue lines."""
    env = store.env
    store.instance._start("import_orders")
    while env["bigcommerce.engine"]._scan_next(env["ir.cron"]):
        pass
    lines = env["bigcommerce.queue.line"].search(
        [("operation", "=", "import_orders")], order="id"
    )
    lines.not_before = "2999-01-01"
    return lines


def start_clean(env):
    env.cr.commit()
    env.invalidate_all()
    gc.collect()


def run_connector(env):
    """Let the pump work on what is due; returns the seconds."""
    start = time.perf_counter()
    env["bigcommerce.engine"]._cron_pump()
    return time.perf_counter() - start


def read_batches(orders):
    """Return orders and their partners as ready values, batch by batch.

    A batch is (customers, their addresses, orders), each a list of (record, values).
    """
    batches = []
    for start in range(0, len(orders), BATCH):
        batch = orders[start : start + BATCH]
        partners = (
            batch.partner_id | batch.partner_invoice_id | batch.partner_shipping_id
        )
        addresses = partners.filtered("parent_id")
        batches.append(
            (
                [(one, read_vals(one, PARTNER_FIELDS)) for one in partners - addresses],
                [(one, read_vals(one, PARTNER_FIELDS)) for one in addresses],
                [
                    (
                        one,
                        read_vals(one, ORDER_FIELDS),
                        [read_vals(line, LINE_FIELDS) for line in one.order_line],
                        (
                            one.partner_id,
                            one.partner_invoice_id,
                            one.partner_shipping_id,
                        ),
                    )
                    for one in batch
                ],
            )
        )
    return batches


def read_vals(record, names):
    """Return the values of a record as ``create`` takes them."""
    return record._convert_to_write({name: record[name] for name in names})


def run_odoo(env, instance, batches):
    """Create everything with Odoo's own calls.

    :return: seconds, the orders, and the pairs of (partner, its copy)
    """
    context = env["bigcommerce.operation"]._with_store(instance).env.context
    Partner = env["res.partner"].with_context(context)
    Order = env["sale.order"].with_context(context)
    copies, orders = {}, Order.browse()
    parents = {
        one.id: one.parent_id.id
        for _c, addresses, _o in batches
        for one, _v in addresses
    }
    start = time.perf_counter()
    for customers, addresses, batch in batches:
        made = Partner.create([vals for _one, vals in customers])
        copies.update(zip([one.id for one, _vals in customers], made.ids, strict=True))
        made = Partner.create(
            [{**vals, "parent_id": copies[parents[one.id]]} for one, vals in addresses]
        )
        copies.update(zip([one.id for one, _vals in addresses], made.ids, strict=True))
        orders += Order.create(
            [
                {
                    **vals,
                    "partner_id": copies[customer.id],
                    "partner_invoice_id": copies[invoice.id],
                    "partner_shipping_id": copies[delivery.id],
                    "order_line": [Command.create(line) for line in lines],
                }
                for _one, vals, lines, (customer, invoice, delivery) in batch
            ]
        )
        env.cr.commit()
    seconds = time.perf_counter() - start
    pairs = [
        (Partner.browse(one), Partner.browse(copy)) for one, copy in copies.items()
    ]
    return seconds, orders, pairs


def compare(ours, theirs):
    """Assert that two lists of orders and their lines are alike, field by field."""
    compare_fields(zip(ours, theirs, strict=True))
    for mine, other in zip(ours, theirs, strict=True):
        compare_fields(zip(mine.order_line, other.order_line, strict=True))


def compare_fields(pairs):
    """Assert that the records of each pair are alike in every stored field."""
    for mine, other in pairs:
        for name, field in mine._fields.items():
            if (
                field.store
                and field.type not in ("one2many", "binary")
                and name not in OWN_FIELDS
                and not name.startswith("message_")
            ):
                assert mine[name] == other[name], (mine, name, mine[name], other[name])
