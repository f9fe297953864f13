"""`make bench`: what the connector costs, as ratios measured in one run.

Each module of `measurements/` runs in an Odoo shell on a database of its own, against a
sandbox store of the size given here. The last line of the output holds all figures as
one JSON object.
"""

import argparse
import json
import re

import databases
import environment
import server
import store
from messages import command, say

# Name -> products and orders in its store.
_MEASUREMENTS = {
    "order_import": 2_000,
    "order_workflow": 500,
    "two_workers": 5_000,
    "noop_lines": 1,
    "dashboard": 1,
    "pump_latency": 1,
    "recovery": 600,
    "requests": 1_000,
    "tax_requests": 1_000,
    "listing_import": 5_000,
    "listing_memory": 20_000,
    "price_export": 5_000,
    "product_export": 5_000,
    "stock_export": 10_000,
}
_SCRIPT = """
import json
from measurements import {name}
print("FIGURES", json.dumps({name}.measure(env, {address!r}, {scale})))
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="of measurements; all if none")
    names = parser.parse_args().names or _MEASUREMENTS
    figures = {}
    with environment.ready():
        for name in names:
            say(f"Measuring {name.replace('_', ' ')} …")
            found = _measure(name)
            say(f"  {found}")
            figures |= found
    print(json.dumps(figures))


def _measure(name):
    """Run one measurement; returns its figures."""
    scale = _MEASUREMENTS[name]
    with (
        databases.temporary("bench") as database,
        store.serving(scale=scale) as address,
    ):
        script = _SCRIPT.format(name=name, address=address, scale=scale)
        output = server.shell(database, script)
    return json.loads(re.search(r"^FIGURES (.*)$", output, re.MULTILINE)[1])


if __name__ == "__main__":
    command(main)
