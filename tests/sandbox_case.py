"""What the tests of the sandbox have in common: a store, and how to ask it."""

import json
import tempfile
from pathlib import Path

import requests

from odoo.tests import BaseCase

from ..sandbox.seed import Seed
from .common import SandboxStore

TOKEN = "sandbox-token"


def ask(address, path, token=TOKEN, method="GET", **options):
    """One request to a sandbox, as its client would make it."""
    return requests.request(
        method,
        f"{address}/stores/sandbox{path}",
        headers={"X-Auth-Token": token, "Accept": "application/json"},
        timeout=10,
        **options,
    )


class StoreCase(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = SandboxStore()
        cls.addClassCleanup(cls.store.stop)

    def setUp(self):
        super().setUp()
        self.store.reset()

    def ask(self, path, **options):
        return ask(self.store.address, path, **options)

    def fetch(self, path, **query):
        response = self.ask(path, params=query)
        self.assertEqual(response.status_code // 100, 2, response.text)
        return response.json() if response.content else []

    def ids(self, path="/v2/orders", **query):
        body = self.fetch(path, **query)
        items = body if isinstance(body, list) else body["data"]
        return [item["id"] for item in items]


class SeedCase(BaseCase):
    def seed(self, files):
        """A folder with these files: path -> payload, or text as it stands."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name, payload in files.items():
            file = Path(folder.name, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(
                payload if isinstance(payload, str) else json.dumps(payload)
            )
        return Path(folder.name)

    def serve(self, files):
        """Serve a store that was filled from these files."""
        seed = Seed(self.seed(files))
        self.store = SandboxStore(seed.load)
        self.addCleanup(self.store.stop)
        return seed

    def ask(self, path, **query):
        return requests.get(
            f"{self.store.address}/stores/sandbox{path}",
            params=query,
            headers={"X-Auth-Token": "sandbox-token"},
            timeout=10,
        )

    def fetch(self, path, **query):
        response = self.ask(path, **query)
        self.assertLess(response.status_code, 300, response.text)
        return response.json() if response.content else None
