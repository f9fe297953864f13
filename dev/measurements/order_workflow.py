"""The connector's way of an order beside Odoo's own batch calls, step by step.

Both import, confirm, invoice, validate and pay the same orders, in batches of the same
size, with the same context and a commit per batch, alternating; what is left at the
end is compared. Odoo's own way to pay many invoices is its wizard.
"""

import time
from collections import defaultdict
from contextlib import contextmanager

from .bench_store import BenchStore
from .odoo_orders import create_batch, read_batches
from .timing import start_clean, take_medians

ROUNDS = 4
BATCH = 50
STEPS = ("confirm", "invoice", "post", "payment")
# Methods of the connector that take a step.
METHODS = {
    ("bigcommerce.process.orders", "_confirm"): "confirm",
    ("bigcommerce.order.invoices", "_create_due"): "invoice",
    ("bigcommerce.order.invoices", "_validate_due"): "post",
    ("bigcommerce.order.payments", "_register_certificates"): "payment",
    ("bigcommerce.order.payments", "_register_due"): "payment",
}
COMPARED = {
    "sale.order": (
        "state invoice_status amount_untaxed amount_tax amount_total picking_policy "
        "currency_id invoice_count delivery_count"
    ),
    "account.move": (
        "state move_type payment_state amount_untaxed amount_tax amount_total "
        "amount_residual invoice_date date journal_id currency_id ref"
    ),
    "account.move.line": (
        "account_id product_id quantity price_unit discount tax_ids tax_line_id debit "
        "credit amount_currency amount_residual reconciled display_type date_maturity"
    ),
    "account.payment": (
        "state amount date journal_id currency_id payment_method_line_id is_reconciled "
        "is_matched outstanding_account_id destination_account_id payment_type"
    ),
    "stock.move": "state product_id product_uom_qty quantity location_id",
}


def measure(env, address, scale):
    store = BenchStore(env, address)
    store.instance.queue_batch_limit = BATCH
    journal = prepare_workflow(store)
    store.run("import_listings")
    lines = store.queue("import_orders")
    assert len(lines) == scale, len(lines)
    # One round more, see take_medians.
    size = scale // (ROUNDS + 1)
    rounds = []
    for start in range(0, size * (ROUNDS + 1), size):
        due = lines[start : start + size]
        store.release(due)
        start_clean(env)
        with step_times(env) as ours:
            ours["way"] = store.time_pump()
        records = store.find_orders(due)
        mine = records.sale_order_id
        check_paid(mine)
        batches = read_batches(mine, BATCH)
        start_clean(env)
        theirs, orders = run_odoo(store, batches, journal)
        check_paid(orders)
        compare(mine, orders)
        rounds.append((ours, theirs))
        analyze(env)
    return get_figures(rounds, size)


def prepare_workflow(store):
    """Let all orders of the store go all the way; returns the journal of payments."""
    env = store.env
    # Less than the store's: nothing is paid that it has not taken.
    env.company.account_sale_tax_id.amount = 8
    account = env["account.account"].create(
        {
            "name": "Outstanding Receipts of the Bench",
            "code": "BENCH",
            "account_type": "asset_current",
            "reconcile": True,
        }
    )
    journal = env["account.journal"].create(
        {"name": "Bench", "code": "BENCH", "type": "bank"}
    )
    journal.inbound_payment_method_line_ids.payment_account_id = account
    workflow = env["bigcommerce.workflow"].create(
        {
            "name": "Bench",
            "create_invoice": True,
            "validate_invoice": True,
            "register_payment": True,
            "payment_journal_id": journal.id,
        }
    )
    env["bigcommerce.workflow.line"].create(
        {"instance_id": store.instance.id, "workflow_id": workflow.id}
    )
    return journal


@contextmanager
def step_times(env):
    """Give the seconds that the connector spends in each step within the block."""
    seconds, originals = defaultdict(float), {}

    def timed(original, step):
        def call(operation, workflows):
            start = time.perf_counter()
            result = original(operation, workflows)
            operation.env.flush_all()
            seconds[step] += time.perf_counter() - start
            return result

        return call

    for (model, method), step in METHODS.items():
        owner = env.registry[model]
        originals[owner, method] = getattr(owner, method)
        setattr(owner, method, timed(getattr(owner, method), step))
    try:
        yield seconds
    finally:
        for owner, method in originals:
            delattr(owner, method)


def run_odoo(store, batches, journal):
    """Take the same orders the same way with Odoo's own calls.

    :return: the seconds of each step and of the whole way, and the orders
    """
    env = store.get_operation_env()
    seconds = defaultdict(float)
    orders = env["sale.order"]
    begin = time.perf_counter()

    def timed(step, work):
        start = time.perf_counter()
        result = work()
        env.flush_all()
        seconds[step] += time.perf_counter() - start
        return result

    for batch in batches:
        made, _partners = create_batch(env, batch)
        timed("confirm", made.action_confirm)
        invoices = timed("invoice", lambda made=made: made._create_invoices(True))
        timed("post", invoices.action_post)
        timed("payment", lambda invoices=invoices: pay(invoices, journal))
        env.cr.commit()
        orders += made
    seconds["way"] = time.perf_counter() - begin
    return seconds, orders


def pay(invoices, journal):
    """Register the payments of many invoices by the wizard."""
    wizard = invoices.env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoices.ids
    )
    wizard.create({"journal_id": journal.id, "group_payment": False})._create_payments()


def check_paid(orders):
    """Assert that everything is invoiced and paid, and nothing open."""
    invoices = orders.invoice_ids
    assert len(invoices) == len(orders), (len(invoices), len(orders))
    assert set(invoices.mapped("state")) == {"posted"}
    assert set(invoices.mapped("payment_state")) <= {"paid", "in_payment"}, (
        invoices.mapped("payment_state")
    )
    assert not any(invoices.mapped("amount_residual"))
    assert len(invoices.matched_payment_ids) == len(invoices)


def compare(ours, theirs):
    """Assert that two lists of orders left the same behind."""
    for mine, other in zip(ours, theirs, strict=True):
        invoice, copy = mine.invoice_ids, other.invoice_ids
        payment, payment_copy = (
            invoice.matched_payment_ids,
            copy.matched_payment_ids,
        )
        pairs = [(mine, other), (invoice, copy), (payment, payment_copy)]
        pairs += zip(mine.order_line.move_ids, other.order_line.move_ids, strict=True)
        for entry, its_copy in (
            (invoice, copy),
            (payment.move_id, payment_copy.move_id),
        ):
            pairs += zip(get_items(entry), get_items(its_copy), strict=True)
        for one, another in pairs:
            for name in COMPARED[one._name].split():
                assert one[name] == another[name], (one, name, one[name], another[name])


def get_items(entry):
    return entry.line_ids.sorted(lambda item: (item.balance, item.id))


def analyze(env):
    env.cr.execute(
        "ANALYZE account_move, account_move_line, account_payment, "
        "account_partial_reconcile, sale_order, sale_order_line, stock_move, "
        "stock_move_line, stock_quant, res_partner"
    )
    env.cr.commit()


def get_figures(rounds, size):
    figures = {}
    for step in (*STEPS, "way"):
        ours, theirs = take_medians(
            [[seconds[step] for seconds in both] for both in rounds]
        )
        name = "order_workflow" if step == "way" else step
        figures[f"{name}_ratio"] = round(ours / theirs, 2)
        figures[f"{name}_ms"] = round(1000 * ours / size, 1)
        figures[f"odoo_{name}_ms"] = round(1000 * theirs / size, 1)
    return figures
