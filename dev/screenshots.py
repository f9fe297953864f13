"""`make screenshots`: pictures of the running application, for its README.

A screen that cannot be shown is an error.
"""

import argparse
import contextlib
import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

import databases
import environment
import server
import store
import synchronisation
from messages import Problem, command, say
from paths import ADDON, DEV, PYTHON, ROOT
from processes import choose_port, execute
from run import sandbox
from web_client import WebClient

_FOLDER = ROOT / "static" / "description" / "screenshots"
_WIDTHS = (1400, 400)


class Screen(NamedTuple):
    """A screen, opened by its action.

    action: an XML id, of this addon if it names none. record: which of the records of
    `_find_records` the form shows; "new" for an empty one. tab: the page of the form.
    view: the type of the view, if not the one the action begins with.
    """

    name: str
    action: str
    record: str = ""
    tab: str = ""
    view: str = ""


_SCREENS = (
    Screen("dashboard", "bigcommerce_dashboard_action"),
    Screen("orders", "bigcommerce_order_action"),
    Screen("order", "bigcommerce_order_action", "order"),
    Screen("sale_order", "sale.action_orders", "sale_order"),
    Screen("listings", "bigcommerce_listing_action", view="kanban"),
    Screen("queue_jobs", "bigcommerce_queue_job_action"),
    Screen("queue_by_cause", "bigcommerce_cause_action"),
    Screen("credentials", "bigcommerce_instance_action", "instance", "credentials"),
    Screen("workflow", "bigcommerce_instance_action", "instance", "workflow"),
    Screen("jobs", "bigcommerce_instance_action", "instance", "automatic_jobs"),
    Screen(
        "product_export", "bigcommerce_instance_action", "instance", "product_export"
    ),
    Screen("operations", "bigcommerce_operations_action", "new"),
    Screen("explanation", "bigcommerce_order_explanation_action", "explanation"),
)
# Orders of the store: one that is shown, one that the store sends broken, and one of
# which somebody wants to know why it is not there.
_SHOWN, _BROKEN, _MISSED = 128, 184, 203
# Today and on the days before.
_ORDERS_A_DAY = (6, 4, 7, 5, 3, 6, 4, 5)
_CUSTOMERS = (
    ("Ada", "Okafor"),
    ("Jonas", "Lindqvist"),
    ("Mei", "Tanaka"),
    ("Lucia", "Serrano"),
    ("Tom", "Whitfield"),
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=_FOLDER, help="a folder for them")
    options = parser.parse_args()
    _check_actions()
    browser = environment.browser()
    with contextlib.ExitStack() as stack:
        stack.enter_context(environment.ready())
        database = stack.enter_context(databases.temporary("screenshots"))
        store_address = stack.enter_context(store.serving())
        odoo_address, _process = stack.enter_context(
            server.serving(database, choose_port())
        )
        odoo = WebClient(odoo_address, database, "admin", "admin")
        instance = _import_store(odoo, store_address)
        task = {
            "address": odoo_address,
            "browser": browser,
            "folder": str(options.to.resolve()),
            "pictures": list(_prepare_pictures(_find_records(odoo, instance))),
        }
        say("Taking the pictures …")
        execute(
            [PYTHON, DEV / "photographer.py"],
            "A picture could not be taken.",
            lines=20,
            text=json.dumps(task),
        )
        say(f"They are in {options.to}.")


def _check_actions():
    """Raise Problem, before anything starts, if actions of this addon are missing."""
    source = "".join(
        file.read_text()
        for folder in ("views", "wizards")
        for file in (ROOT / folder).glob("*.xml")
    )
    wanted = {screen.action for screen in _SCREENS if "." not in screen.action}
    if missing := sorted(wanted - set(re.findall(r'\bid="(\w+)"', source))):
        raise Problem(f"Actions that are to be shown are missing: {', '.join(missing)}")


def _import_store(odoo, address):
    """Connect and import the sandbox store, with an order that cannot be read."""
    synchronisation.prepare_books(odoo)
    broken = {"total_inc_tax": "unknown"}
    store.control(address, "PATCH", f"v2/orders/{_BROKEN}", broken)
    for order in _prepare_recent_orders():
        store.control(address, "POST", "orders", order)
    instance = synchronisation.connect(odoo, sandbox(address))
    synchronisation.configure(odoo, instance)
    say("Importing …")
    for failure in synchronisation.synchronise(odoo, instance):
        say(f"  {failure}")
    # A store at work, whose pages are not below the checklist.
    odoo.call("bigcommerce.instance", "action_hide_onboarding", [instance])
    return instance


def _prepare_recent_orders():
    """Yield the orders of a week that ends now, as the control path takes them."""
    now = datetime.now(timezone.utc)
    for days, count in enumerate(_ORDERS_A_DAY):
        for number in range(count):
            moment = now - timedelta(days=days, minutes=7 * number)
            first_name, last_name = _CUSTOMERS[(days + number) % len(_CUSTOMERS)]
            yield {
                "billing": {
                    "first_name": first_name,
                    "last_name": last_name,
                    "email": f"{first_name}@example.com".lower(),
                },
                "lines": [{"product_id": 101 + (2 * days + number) % 9}],
                "created": moment.isoformat(),
            }


def _find_records(odoo, instance):
    """The ids of the records that are shown, by name."""
    (order,) = odoo.read(
        "bigcommerce.order", ["sale_order_id"], ["bc_id", "=", str(_SHOWN)]
    )
    question = {"instance_id": instance, "number": str(_MISSED)}
    (explanation,) = odoo.call("bigcommerce.order.explanation", "create", [question])
    odoo.call("bigcommerce.order.explanation", "action_explain", [explanation])
    return {
        "instance": instance,
        "order": order["id"],
        "sale_order": order["sale_order_id"],
        "explanation": explanation,
        "new": "new",
    }


def _prepare_pictures(records):
    for screen in _SCREENS:
        action = screen.action if "." in screen.action else f"{ADDON}.{screen.action}"
        path = f"/odoo/action-{action}"
        if screen.record:
            path += f"/{records[screen.record]}"
        if screen.view:
            path += f"?view_type={screen.view}"
        for width in _WIDTHS:
            yield {
                "name": f"{screen.name}_{width}",
                "path": path,
                "width": width,
                "tab": screen.tab,
            }


if __name__ == "__main__":
    command(main)
