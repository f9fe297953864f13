"""`make upgrade`: an update of the addon in a database that the last release filled.

The last release is the last commit of the version before the checkout's. Its code fills
a database with a store's daily life, then the checkout's code takes over: no row may be
lost or changed, what was due is done once, and what had stopped can be retried.
"""

import argparse
import collections
from types import SimpleNamespace

import databases
import environment
import releases
import server
import snapshots
import store
from messages import Problem, command, say
from paths import ADDON, DEV, TEMPORARY

_SANDBOX = SimpleNamespace(seed=None, scale=None)
_SCRIPT = """
import sys
sys.path.insert(0, {folder!r})
import daily_life
daily_life.{step}
"""
_LINE, _JOB = "bigcommerce_queue_line", "bigcommerce_queue_job"
_OPEN_STATES = {"pending", "discovering", "running", "retry"}
_STOPPED_STATES = {"blocked", "failed"}
_ENDED_STATES = {"done", "cancelled", "superseded"}
# What there has to be for the check to mean something.
_STATES = {
    _JOB: {"pending", "discovering", "running", "done", "failed", "cancelled"},
    _LINE: (_OPEN_STATES - {"discovering"}) | _STOPPED_STATES | _ENDED_STATES,
}


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
        store.serving(_SANDBOX) as address,
    ):
        failures = _check(database, address, commit)
    for failure in failures:
        say(f"FAILED: {failure}")
    say(f"Upgrade: {len(failures)} failed." if failures else "Upgrade: all passed.")
    return 1 if failures else 0


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
    say("Updating it once more …")
    failures += server.update(database, ADDON)
    failures += map(str, snapshots.compare(finished, snapshots.take(database)))
    say("Retrying what has stopped …")
    failures += _run(database, "retry(env)")
    retried = snapshots.take(database)
    say(f"  lines: {_count(retried)}")
    return [*failures, *_judge_retry(retried)]


def _fill(database, address, commit):
    addons = TEMPORARY / database
    releases.unpack(commit, addons / ADDON)
    options = ("--addons-path", str(addons))
    server.install(database, (ADDON,), *options)
    server.shell(database, _script(f"fill(env, {address!r})"), *options)


def _run(database, step):
    """Take a step of the daily life on the checkout's code; returns what it warned."""
    return server.troubles(server.shell(database, _script(step)))


def _script(step):
    return _SCRIPT.format(folder=str(DEV), step=step)


def _judge_filling(filled):
    """Raise Problem if something is missing that the check is about."""
    missing = {
        table: states - _states(filled[table].values())
        for table, states in _STATES.items()
    }
    scans = [row for row in filled[_JOB].values() if row["resume_point"]]
    if any(missing.values()) or not {"pending", "discovering"} <= _states(scans):
        raise Problem(f"The last release did not fill all states: {missing}")


def _judge_update(filled, updated):
    """What the update has lost, changed or left out."""
    demoted = {str(row["id"]) for row in _open_movers(filled)[1:]}
    for difference in snapshots.compare(filled, updated):
        if not (difference.column == "moves_watermark" and difference.row in demoted):
            yield str(difference)
    for key, row in updated[_LINE].items():
        if not row["lane"]:
            yield f"Line {key} has no lane."
        if row["state"] in _STOPPED_STATES and key in filled[_LINE]:
            former, present = (_get_cause(s, key) for s in (filled, updated))
            if not present or former != present:
                yield f"The cause of line {key} was {former} and is {present}."
    if len(_open_movers(updated)) != 1:
        yield "Not one open scan of orders moves the watermark."


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
    for _key, before, after in _pairs("bigcommerce_automatic_job", updated, finished):
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


def _judge_retry(retried):
    """What does not go on, and what stops again without saying why."""
    for table in (_JOB, _LINE):
        for key, row in retried[table].items():
            if row["state"] in _OPEN_STATES | {"failed"}:
                words = row.get("message") or row.get("error_message")
                yield f"{table} {key} is still {row['state']}: {words}"
            if row["state"] == "blocked" and not row["cause_id"]:
                yield f"Line {key} is blocked without a cause."


def _pairs(table, before, after):
    """The rows of a table that both have: key, row before, row after."""
    for key in before[table].keys() & after[table].keys():
        yield key, before[table][key], after[table][key]


def _get_cause(snapshot, key):
    """The code of the cause for which a line has stopped."""
    row = snapshot[_LINE][key]
    if "cause" in row:
        return row["cause"] or "unexpected_error"
    causes = {row["id"]: row["code"] for row in snapshot["bigcommerce_cause"].values()}
    return causes.get(row["cause_id"])


def _open_movers(snapshot):
    """The scans of orders that may move the watermark, the oldest first."""
    movers = [
        row
        for row in snapshot[_JOB].values()
        if row["moves_watermark"]
        and row["state"] in ("pending", "discovering")
        and row["operation"] == "import_orders"
    ]
    return sorted(movers, key=lambda row: row["id"])


def _states(rows):
    return {row["state"] for row in rows}


def _count(snapshot):
    """How many lines there are, by state."""
    counts = collections.Counter(row["state"] for row in snapshot[_LINE].values())
    return ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))


if __name__ == "__main__":
    command(main)
