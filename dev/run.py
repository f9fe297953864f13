"""`make run`: Odoo with the connector, connected to a store, its orders imported."""

import argparse
import contextlib
import datetime
import json
import os
import time
from pathlib import Path

import databases
import environment
import server
import store
import synchronisation
from locks import alone
from messages import Problem, command, say
from paths import LOG, ROOT
from processes import choose_port
from web_client import WebClient

_OBSERVED_DAYS = 30
_SUMMARY = (
    "database",
    "listings",
    "products",
    "orders",
    "orders_equal_total",
    "orders_held",
    "orders_held_expected",
    "orders_blocked",
    "orders_not_selected",
    "orders_confirmed",
    "invoices_paid",
    "requests",
    "seconds",
)
_SENTENCES = """
{listings} listings with {products} products.
{orders} orders: {orders_equal_total} equal to the store's total, {orders_held} held \
({orders_held_expected} expected); {orders_blocked} blocked, {orders_not_selected} not \
selected.
{orders_confirmed} confirmed, {invoices_paid} invoices paid.
{requests} requests, {seconds} seconds."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the summary")
    parser.add_argument("--port", type=int, help="of Odoo")
    store.add_options(parser)
    options = parser.parse_args()
    database = "run_once" if options.once else "run"
    busy = f"The database {database} of this checkout is in use: end the other command."
    with alone(database, busy):
        summary, failures = _run(options, database)
    if options.once:
        print(json.dumps(summary), flush=True)
    return 1 if failures else 0


def _run(options, database):
    """Do what the command is for; returns the summary and what failed."""
    port = choose_port(options.port)
    with contextlib.ExitStack() as stack:
        stack.enter_context(environment.ready())
        is_new = options.once or not databases.is_current(database)
        if is_new:
            say(f"Making the database {database} …")
            databases.create(database)
        values = _real_store() or sandbox(
            stack.enter_context(store.serving(options.seed, options.scale))
        )
        say(f"Store: {values['api_url']}")
        address, process = stack.enter_context(server.serving(database, port))
        try:
            odoo = WebClient(address, database, "admin", "admin")
            if is_new:
                synchronisation.prepare_books(odoo)
            figures, failures = _import_store(odoo, values)
        except Exception:
            _show_troubles(database)
            raise
        expected = _held_expected(options, values)
        if expected is not None and figures["orders_held"] != expected:
            failures.append(f"{expected} orders should be held.")
        figures |= {"database": database, "orders_held_expected": expected or 0}
        summary = {name: figures[name] for name in _SUMMARY}
        say(_SENTENCES.format(**summary))
        for failure in failures:
            say(f"FAILED: {failure}")
        if failures:
            _show_troubles(database)
        if not options.once:
            say(f"\nOdoo: {address} (login admin, password admin). Ctrl-C ends it.")
            process.wait()
            _show_troubles(database)
            raise Problem("Odoo has ended by itself.")
        return summary, failures


def _import_store(odoo, values):
    """Connect a store and import it; returns figures and what failed."""
    started = time.monotonic()
    instance = synchronisation.connect(odoo, values)
    synchronisation.configure(odoo, instance)
    say("Confirmed. Importing …")
    failures = synchronisation.synchronise(odoo, instance)
    seconds = round(time.monotonic() - started, 1)
    figures = synchronisation.figures(odoo, instance)
    for reason, count in sorted(synchronisation.reasons(odoo, instance).items()):
        say(f"  held or blocked, {reason}: {count}")
    return {**figures, "seconds": seconds}, failures


def _real_store():
    """The values of an instance for the store that the environment names, if any."""
    names = ("BIGCOMMERCE_STORE_HASH", "BIGCOMMERCE_ACCESS_TOKEN")
    store_hash, token = (os.environ.get(name, "") for name in names)
    if bool(store_hash) != bool(token):
        raise Problem(f"{names[0]} and {names[1]} belong together: one is missing.")
    if not store_hash:
        return None
    start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(
        days=_OBSERVED_DAYS
    )
    return _instance(
        name="BigCommerce",
        store_hash=store_hash,
        access_token=token,
        api_url=os.environ.get("BIGCOMMERCE_API_URL") or "https://api.bigcommerce.com",
        observe_mode=True,
        import_orders_from=start.strftime("%Y-%m-%d %H:%M:%S"),
    )


def sandbox(address):
    """The values of an instance for the sandbox store at an address."""
    return _instance(
        name="Sandbox",
        store_hash="sandbox",
        access_token="sandbox-token",
        api_url=address,
        observe_mode=False,
        import_orders_from="2000-01-01 00:00:00",
    )


def _instance(**values):
    return {"create_odoo_products": True, "log_level": "all", **values}


def _held_expected(options, values):
    """How many orders Odoo should hold, if a file beside the content says so."""
    if values["observe_mode"] or options.scale:
        return None
    expected = Path(options.seed or ROOT / "sandbox") / "expected.json"
    if not expected.is_file():
        return None
    held = json.loads(expected.read_text())["held"]
    # These are held with Odoo's taxes only.
    return sum(reason != "tax_inclusive" for reason in held.values())


def _show_troubles(database):
    log = (LOG / server.log_of(database)).read_text(errors="replace")
    for line in server.troubles(log)[-30:]:
        say(line)


if __name__ == "__main__":
    command(main)
