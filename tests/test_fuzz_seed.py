"""A folder of mutated payloads is served as it is, or refused in one sentence."""

import json
import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from werkzeug.test import Client

from odoo.tests import BaseCase, tagged

from ..sandbox import built_in
from ..sandbox.application import Sandbox
from ..sandbox.seed import Seed, SeedError
from .mutations import mutated, write

FILES = (
    "v2/store", "v2/orders", "v2/orders/118", "v2/orders/118/products",
    "v2/orders/118/shipping_addresses", "v2/orders/118/taxes",
    "v2/currencies", "v2/order_statuses", "v2/tax_classes",
    "v3/catalog/products", "v3/catalog/products/101/variants", "v3/catalog/trees",
    "v3/catalog/trees/categories", "v3/catalog/brands", "v3/channels", "v3/customers",
    "v3/inventory/locations", "v3/inventory/items", "v3/orders/118/transactions",
)  # fmt: skip
# What the connector asks for, filters and sorting included.
QUESTIONS = (
    "v2/store",
    "v2/currencies",
    "v2/order_statuses",
    "v2/tax_classes",
    "v2/orders?sort=id:asc&min_id=1&include=consignments.line_items,fees"
    "&consignment_structure=object",
    "v2/orders?min_date_modified=2026-01-01T00:00:00Z&status_id=11",
    "v2/orders/118",
    "v2/orders/118/products",
    "v2/orders/118/taxes?details=true",
    "v3/catalog/products?include=variants,images,bulk_pricing_rules&sort=id"
    "&date_modified:min=2026-01-01T00:00:00Z",
    "v3/catalog/products?sort=price&price:min=1",
    "v3/catalog/trees",
    "v3/catalog/trees/categories",
    "v3/catalog/brands",
    "v3/channels",
    "v3/customers?include=addresses&sort=date_modified:asc",
    "v3/inventory/locations",
    "v3/inventory/items?location_id:in=1",
    "v3/orders/118/transactions",
)
FUZZ = settings(max_examples=200, deadline=None, derandomize=True, database=None)


def ask(client, path):
    return client.get(
        f"/stores/sandbox/{path}",
        headers={"X-Auth-Token": "sandbox-token", "Accept": "application/json"},
    )


def collect_files():
    """Return what the built-in store answers, few of each, by the path of its file."""
    client = Client(Sandbox(built_in.load))
    files = {}
    for path in FILES:
        content = json.loads(ask(client, path).get_data())
        content = content.get("data") if path.startswith("v3/") else content
        files[path] = content[:1] if isinstance(content, list) else content
    return files


@tagged("post_install", "-at_install")
class TestFuzzSeed(BaseCase):
    @FUZZ
    @given(mutated([collect_files()], most=6))
    def test_mutated_payloads_are_served_or_refused_in_a_sentence(self, files):
        texts = {name: write(content) for name, content in files.items()}
        with tempfile.TemporaryDirectory() as folder:
            for name, text in texts.items():
                file = Path(folder, f"{name}.json")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            try:
                seed = Seed(folder)
            except SeedError as error:
                self.assertRegex(str(error), r"\.json .+\.$")
                return
        sandbox = Sandbox(seed.load)
        for remark in seed.remarks:
            self.assertRegex(remark, r"^[^\n]+\.json is left out: .+\.$")
        client = Client(sandbox)
        for path in QUESTIONS:
            answer = ask(client, path)
            self.assertIn(answer.status_code, (200, 204, 404), path)
            if answer.status_code == 200:
                served = decode(answer.get_data(as_text=True))
                given = decode(texts.get(path, "null"))
                if path == "v2/orders/118" and isinstance(given, dict):
                    self.assertEqual(served, given)


def decode(text):
    """Return what a JSON text says, every digit of it; it is no JSON otherwise."""

    def refuse(name):
        raise ValueError(f"{name} is no JSON")

    return json.loads(text, parse_float=Decimal, parse_constant=refuse)
