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
    """Ask a sandbox once, as its client would; return the response."""
    return requests.request(
        method,
        f"{address}/stores/sandbox{path}",
        headers={"X-Auth-Token": token, "Accept": "application/json"},
        timeout=10,
        **options,
    )


class StoreCase(BaseCase):
    """A test with a built-in store, which is as at the start."""

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
        """Return the body of an answer that is no error, [] if it has none."""
        response = self.ask(path, params=query)
        self.assertEqual(response.status_code // 100, 2, response.text)
        return response.json() if response.content else []

    def ids(self, path="/v2/orders", **query):
        body = self.fetch(path, **query)
        items = body if isinstance(body, list) else body["data"]
        return [item["id"] for item in items]


class SeedCase(BaseCase):
    """A test with stores that are filled from files."""

    def seed(self, files):
        """Return a folder with these files: path -> payload, or text as it stands."""
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
        """Serve a store that is filled from these files; return the Seed."""
        seed = Seed(self.seed(files))
        self.store = SandboxStore(seed.load)
        self.addCleanup(self.store.stop)
        return seed

    def ask(self, path, **query):
        return ask(self.store.address, path, params=query)

    def fetch(self, path, **query):
        """Return the body of an answer that is no error, None if it has none."""
        response = self.ask(path, **query)
        self.assertLess(response.status_code, 300, response.text)
        return response.json() if response.content else None
