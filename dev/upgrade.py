"""`make upgrade`: an update of the addon in a database that the last release filled.

The last release is the last commit of the version before the checkout's. Its code fills
a database with a store's daily life, then the checkout's code takes over: no row may be
lost or changed but as the migration says, what was due is done once, what had stopped
can be retried, and orders imported before are sold for what they cost.
"""

import argparse
import collections

import databases
import environment
import releases
import server
import snapshots
import store
from messages import Problem, command, report, say
from paths import ADDON, TEMPORARY

_SCRIPT = """
import daily_life
daily_life.{step}
"""
_LINE, _JOB = "bigcommerce_queue_line", "bigcommerce_queue_job"
_ORDER, _SCHEDULE = "bigcommerce_order", "bigcommerce_automatic_job"
_OWNER = "bigcommerce_field_owner"
_OPEN_STATES = {"pending", "discovering", "running", "sending", "unknown", "retry"}
_STOPPED_STATES = {"blocked", "failed"}
_ENDED_STATES = {"done", "cancelled", "superseded"}
# What there has to be for the check to mean something.
_STATES = {
    _JOB: {"pending", "discovering", "running", "done", "failed", "cancelled"},
    _LINE: (_OPEN_STATES - {"discovering"}) | _STOPPED_STATES | _ENDED_STATES,
    _ORDER: {"imported", "held", "blocked", "waiting", "not_selected"},
    "sale_order": {"draft", "sale"},
    "account_move": {"draft", "posted"},
}
# Orders that were imported before are left alone here until a person acts.
_BOOKS = {"account_move", "account_move_line", "account_payment"}
_DELIVERIES = {"stock_move", "stock_picking"}
_SALES = {"sale_order", "sale_order_line"}
_AMOUNTS = ("amount_untaxed", "amount_tax", "amount_total")
_CENT, _DIGITS = 0.01, 4
_OWNED_FIELDS = 13


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--since", help="a commit to begin with instead")
    commit = parser.parse_args().since or releases.find_former()
    if not commit:
        say("No update was checked: git knows no earlier version of the addon here.")
        return 0
    with (
        environment.ready(),
        databases.temporary("upgrade", databases.BASE) as database,
        store.serving() as address,
    ):
        failures = _check(database, address, commit)
    return report("Upgrade", failures)


def _check(database, address, commit):
    """Fill a database with the code of a commit, and update it; returns what failed."""
    say(f"Filling a database with {releases.version_of(commit)}, {commit[:7]} …")
    _fill(database, address, commit)
    filled = snapshots.take(database)
    _judge_filling(filled)
    say(f"  lines: {_count(filled)}")
    say(f"Updating it to {releases.version_of()} …")
    failures = server.update(database, ADDON)
    updated = snapshots.take(database)
    failures += _judge_update(filled, updated)
    say("Working on what is due …")
    failures += _run(database, "finish(env)")
    finished = snapshots.take(database)
    say(f"  lines: {_count(finished)}")
    failures += _judge_work(updated, finished, address)
    failures += _judge_sales_untouched(updated, finished)
    say("Updating it once more …")
    failures += server.update(database, ADDON)
    failures += map(str, snapshots.compare(finished, snapshots.take(database)))
    say("Retrying what has stopped …")
    failures += _run(database, "retry(env)")
    retried = snapshots.take(database)
    say(f"  lines: {_count(retried)}")
    failures += _judge_retry(retried)
    say("Adding to what is to be delivered …")
    failures += _run(database, "add_goods(env)")
    added = snapshots.take(database)
    failures += _judge_deliveries(retried, added)
    say("Giving the store a workflow …")
    failures += _run(database, "follow_workflow(env)")
    failures += _run(database, "try_held(env)")
    return [*failures, *_judge_sales(filled, snapshots.take(database))]


def _fill(database, address, commit):
    addons = TEMPORARY / database
    releases.unpack(commit, addons / ADDON)
    options = ("--addons-path", str(addons))
    server.install(database, (ADDON,), *options)
    step = f"fill(env, {address!r})"
    server.shell(database, _SCRIPT.format(step=step), *options)


def _run(database, step):
    """Take a step of the daily life on the checkout's code; returns what it warned."""
    return server.troubles(server.shell(database, _SCRIPT.format(step=step)))


def _judge_filling(filled):
    """Raise Problem if something is missing that the check is about."""
    missing = {
        table: wanted - _states(filled[table].values())
        for table, wanted in _STATES.items()
    }
    scans = [row for row in filled[_JOB].values() if row["resume_point"]]
    if any(missing.values()) or not {"pending", "discovering"} <= _states(scans):
        raise Problem(f"The last release did not fill all states: {missing}")
    contacts = filled["res_partner"]
    found = {
        "an order that waits": _find_waiting(filled),
        "a registered customer": _find_customers(filled),
        "a customer's contact that is archived": [
            partner_id
            for partner_id in _find_customers(filled).values()
            if not contacts[str(partner_id)]["active"]
        ],
        "an order that was released": [
            row for row in filled[_ORDER].values() if row["released_by_id"]
        ],
        "an order deleted in Odoo": [
            row for row in filled[_ORDER].values() if row["reason_code"] == "deleted"
        ],
        "an order that the store has given up": [
            row for row in filled[_ORDER].values() if row["store_cancellation"]
        ],
        "a paid invoice": filter(_is_paid, filled["account_move"].values()),
    }
    if lacking := [name for name, rows in found.items() if not list(rows)]:
        raise Problem(f"The last release left without: {', '.join(lacking)}")


def _judge_update(filled, updated):
    """What the update has lost, changed or left out."""
    found = [
        difference
        for difference in snapshots.compare(filled, updated)
        # What causes say is the addon's.
        if difference.table != "bigcommerce_cause" or not difference.column
    ]
    meant = list(_expect_changes(filled, updated))
    yield from (str(difference) for difference in found if difference not in meant)
    yield from (
        f"Not done: {difference}" for difference in meant if difference not in found
    )
    for table in updated.keys() - filled.keys() - {_OWNER}:
        if updated[table]:
            yield f"{table} is not empty."
    yield from _judge_new_columns(updated)
    if _count_movers(updated) != 1:
        yield "Not one open scan of orders moves the watermark."


def _expect_changes(filled, updated):
    """The changes that the migration makes on purpose, in what both versions know."""
    known = {row["code"] for row in filled["bigcommerce_cause"].values()}
    for key, row in updated["bigcommerce_cause"].items():
        if row["code"] not in known:
            yield snapshots.Difference("bigcommerce_cause", key, after=True)
    known = {row["operation"] for row in filled[_SCHEDULE].values()}
    for key, row in updated[_SCHEDULE].items():
        if row["operation"] not in known and not row["active"]:
            yield snapshots.Difference(_SCHEDULE, key, after=True)


def _judge_new_columns(updated):
    """What the migration has not put, or put wrongly, where there was nothing."""
    runs = updated[_JOB].values()
    for run in runs:
        waits = run["state"] == "failed" and not any(
            _is_repeated(run, other) for other in runs
        )
        if bool(run["cause_id"]) != waits:
            yield f"{_JOB} {run['id']} is {run['state']}, with cause {run['cause_id']}."
    owners = updated[_OWNER].values()
    for key in updated["bigcommerce_instance"]:
        fields = {row["field"] for row in owners if str(row["instance_id"]) == key}
        if len(fields) != _OWNED_FIELDS:
            yield f"bigcommerce_instance {key} has owners of {len(fields)} fields."


def _is_repeated(run, other):
    """Whether another run has done later what a run was to do."""
    return (
        other["id"] > run["id"]
        and other["state"] in ("failed", "running", "done")
        and all(
            other[column] == run[column]
            for column in ("instance_id", "operation", "options")
        )
    )


def _find_waiting(snapshot):
    """The orders that wait to be imported."""
    return [
        row
        for row in snapshot[_ORDER].values()
        if not row["sale_order_id"] and row["state"] in ("waiting", "blocked")
    ]


def _find_customers(snapshot):
    """The contact of each registered customer's last order, by the id there."""
    orders = snapshot[_ORDER].values()
    return {
        row["customer_bc_id"]: snapshot["sale_order"][str(sale_order_id)]["partner_id"]
        for row in sorted(orders, key=lambda row: row["date_created"] or "")
        if (sale_order_id := row["sale_order_id"])
        and row["customer_bc_id"] not in (None, "", "0")
    }


def _judge_work(updated, finished, address):
    """What was not done, undone, or done twice when all was done that was due."""
    for difference in snapshots.compare(updated, finished):
        if not difference.column and not difference.after:
            yield str(difference)
    for table in (_JOB, _LINE):
        ends = {"done"} if table == _JOB else {"done", "blocked", "superseded"}
        for key, before, after in _pairs(table, updated, finished):
            former, state = before["state"], after["state"]
            if state not in (ends if former in _OPEN_STATES else {former}):
                yield f"{table} {key} was {former} and is {state}."
    for _key, before, after in _pairs(_SCHEDULE, updated, finished):
        if (after["watermark"] or "") < (before["watermark"] or ""):
            yield f"The watermark of {before['operation']} went back."
    seen = {row["bc_id"] for row in finished["bigcommerce_order"].values()}
    for order in store.control(address, "GET", "v2/orders"):
        if str(order["id"]) not in seen:
            yield f"Order {order['id']} of the store was never seen."
    references = [row["client_order_ref"] for row in finished["sale_order"].values()]
    for reference, count in collections.Counter(references).items():
        if count > 1:
            yield f"Order {reference} was imported {count} times."
    writes = store.control(address, "GET", "ledger?writes=1")["requests"]
    counts = collections.Counter(row["path"] for row in writes if row["took_effect"])
    for path, count in counts.items():
        if count > 1:
            yield f"The store was told {count} times: {path}."


def _judge_sales_untouched(updated, finished):
    """What was sold, delivered or booked though nobody has asked for it."""
    for difference in snapshots.compare(updated, finished):
        is_new = not difference.column
        if difference.table in _BOOKS | _DELIVERIES or (
            difference.table in _SALES and not is_new
        ):
            yield str(difference)


def _judge_retry(retried):
    """What does not go on, and what stops again without saying why."""
    for table in (_JOB, _LINE):
        for key, row in retried[table].items():
            if row["state"] in _OPEN_STATES | {"failed"}:
                words = row.get("message") or row.get("error_message")
                yield f"{table} {key} is still {row['state']}: {words}"
            if row["state"] == "blocked" and not row["cause_id"]:
                yield f"Line {key} is blocked without a cause."


def _judge_deliveries(retried, added):
    """What was added to an order and did not go into its delivery."""
    for difference in snapshots.compare(retried, added):
        if difference.table == "stock_picking" and not difference.column:
            yield str(difference)
    if not any(
        before["product_uom_qty"] < after["product_uom_qty"]
        for _key, before, after in _pairs("stock_move", retried, added)
    ):
        yield "Nothing was added to a delivery."


def _judge_sales(filled, sold):
    """What was imported before and could not be sold, or not for what it cost."""
    records = {str(row["sale_order_id"]): row for row in filled[_ORDER].values()}
    for key, former in filled["sale_order"].items():
        if former["state"] != "draft":
            continue
        present, name = sold["sale_order"][key], former["name"]
        for amount in _AMOUNTS:
            if former[amount] != present[amount]:
                yield f"{name}: {amount} {former[amount]} -> {present[amount]}"
        if records[key]["state"] != "held":
            yield from _judge_invoices(present, records[key], sold)
        elif present["state"] != "draft":
            yield f"{name} was left to people and is {present['state']}."
    for key, before, after in _pairs(_ORDER, filled, sold):
        if before["sale_order_id"] and after["state"] != before["state"]:
            yield f"{_ORDER} {key} was {before['state']} and is {after['state']}."
        if after["state"] == "held" and not after["reason_message"]:
            yield f"{_ORDER} {key} does not say why it is held."


def _judge_invoices(order, record, sold):
    """What is wrong with the invoices of an order that has come to its end."""
    invoices = [
        row
        for row in sold["account_move"].values()
        if row["invoice_origin"] == order["name"]
    ]
    if (order["state"], order["invoice_status"]) != ("sale", "invoiced"):
        yield f"{order['name']} is {order['state']}, {order['invoice_status']}."
    # Odoo computes the taxes of each part by themselves, and rounds them.
    tolerance = _CENT * (len(invoices) - 1)
    for amount in _AMOUNTS:
        invoiced = sum(row[amount] for row in invoices)
        if round(abs(invoiced - order[amount]), _DIGITS) > tolerance:
            yield f"{order['name']}: {amount} {order[amount]}, invoiced {invoiced}"
    # What Odoo's own taxes add to what the store has taken stays open.
    certificates = record["amount_gift_certificate"] + record["amount_store_credit"]
    taken = record["amount_total"] - certificates
    still_open = max(order["amount_total"] - taken, 0)
    residual = sum(row["amount_residual"] for row in invoices)
    if round(abs(residual - still_open), _DIGITS) > tolerance:
        yield f"{order['name']}: {residual} is open instead of {still_open}."
    for row in invoices:
        if not still_open and not _is_paid(row):
            words = (row[name] for name in ("move_type", "state", "payment_state"))
            yield f"{order['name']} has an invoice that is: {', '.join(words)}."


def _is_paid(move):
    return move["move_type"] == "out_invoice" and move["payment_state"] in (
        "in_payment",
        "paid",
    )


def _pairs(table, before, after):
    """The rows of a table that both have: key, row before, row after."""
    for key in before[table].keys() & after[table].keys():
        yield key, before[table][key], after[table][key]


def _count_movers(snapshot):
    """How many scans of orders may move the watermark."""
    return sum(
        row["moves_watermark"]
        and row["state"] in ("pending", "discovering")
        and row["operation"] == "import_orders"
        for row in snapshot[_JOB].values()
    )


def _states(rows):
    return {row["state"] for row in rows}


def _count(snapshot):
    """How many lines there are, by state."""
    counts = collections.Counter(row["state"] for row in snapshot[_LINE].values())
    return ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))


if __name__ == "__main__":
    command(main)
