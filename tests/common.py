"""What the tests stand on: a sandbox store behind a real socket, and an instance."""

import threading
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

import requests

from odoo import fields
from odoo.orm.model_classes import add_to_registry
from odoo.tests import TransactionCase

from ..client import transport
from ..sandbox import built_in
from ..sandbox.application import Sandbox
from ..sandbox.server import Server

FEW = 12


def load_few_orders(store):
    """Fill a store like the built-in one, but with its first orders only."""
    built_in.load(store)
    orders = store["/v2/orders"]
    for order_id in orders.find()[FEW:]:
        orders.remove(order_id)


class SandboxStore:
    """A sandbox store in a thread of its own, and the handle on its control path."""

    def __init__(self, load=built_in.load):
        self._server = Server(Sandbox(load))
        self._thread = threading.Thread(target=self._server.serve, daemon=True)
        self._thread.start()
        self.address = self._server.address

    def stop(self):
        self._server.stop()
        self._thread.join(timeout=10)

    def control(self, method, path, content=None):
        """Ask the control path; return what it answers, as JSON."""
        answer = requests.request(
            method, f"{self.address}/__control__/{path}", json=content, timeout=10
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def reset(self):
        """Make everything as at the start."""
        self.control("POST", "reset")

    def fault(self, path, **fault):
        """Let calls to ``path`` (a regular expression) fail as described."""
        return self.control("POST", "faults", {"path": path, **fault})

    def heal(self):
        """End all faults."""
        self.control("DELETE", "faults")

    def get_requests(self, path=""):
        """Return what the store was asked since the last reset of the ledger.

        :param path: regular expression, searched in the path
        """
        ledger = self.control("GET", f"ledger?path={quote(path)}")
        return ledger["requests"]

    def forget_requests(self):
        self.control("DELETE", "ledger")

    def put(self, path, content):
        """Replace what the store has at a path of the API."""
        return self.control("PUT", path, content)

    def patch(self, path, **change):
        """Change fields of an object of the store, and when it was modified."""
        return self.control("PATCH", path, change)

    def delete(self, path):
        self.control("DELETE", path)

    def set_level(self, quantity, location_id=1, **identity):
        """Set stock as somebody in the store would.

        :param identity: ``variant_id``, ``product_id`` or ``sku``
        """
        level = {"location_id": location_id, "quantity": quantity, **identity}
        self.control("PUT", "levels", [level])

    def take_stock_on(self, event):
        """Let the store take stock on ``order_placed`` …, as its setting says."""
        self.put("v3/settings/inventory", {"update_stock_behavior": event})

    def change_picture(self, name, **change):
        """Change or break a picture, such as "101/0" (``sandbox/pictures.py``)."""
        self.control("PUT", "pictures", {"name": name, **change})

    def get_picture_requests(self):
        """Return what was asked of the pictures since the last reset."""
        return self.control("GET", "pictures")["requests"]

    def place_order(self, **cart):
        """Place an order (``sandbox/placing.py``); return its id."""
        return str(self.control("POST", "orders", cart)["id"])

    def edit_order(self, bc_id, **change):
        """Change an order as the store's people would (``sandbox/editing.py``)."""
        return self.control("PATCH", "orders", {"id": bc_id, **change})

    def refund(self, order_id, *items, **content):
        """Refund an order as somebody in the store would; return the refund.

        :param items: each a tuple of its type, an id, and its quantity or amount
        """
        if items:
            content["items"] = [self.get_refund_item(*item) for item in items]
        return self.control("POST", "refunds", {"order_id": order_id, **content})

    def get_refund_item(self, item_type, item_id, extent, **details):
        """Return an item of a refund as the API takes it."""
        is_counted = item_type in ("PRODUCT", "GIFT_WRAPPING")
        extent = {"quantity" if is_counted else "amount": extent}
        return {"item_type": item_type, "item_id": int(item_id), **extent, **details}

    def decline_refunds(self, reason="The card has expired."):
        """Let gateways refuse refunds from now on; not any more with ""."""
        self.control("PUT", "refunds", {"declined": reason})


class SandboxCase(TransactionCase):
    """A test with instances of a sandbox store of its own."""

    load = staticmethod(built_in.load)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = SandboxStore(cls.load)
        cls.addClassCleanup(cls.store.stop)
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.env.ref("base.EUR").id,
                "name": "2000-01-01",
                "rate": 0.9,
            }
        )

    def setUp(self):
        super().setUp()
        self.store.reset()

    @classmethod
    def create_instance(cls, **vals):
        """Return a draft instance of the sandbox store."""
        return cls.env["bigcommerce.instance"].create(
            {
                "name": "Sandbox",
                "store_hash": "sandbox",
                "access_token": "sandbox-token",
                "api_url": cls.store.address,
                "create_odoo_products": True,
                "import_orders_from": "2000-01-01",
                **vals,
            }
        )

    @classmethod
    def confirm_instance(cls, **vals):
        """Return a confirmed instance of the sandbox store, its queue worked off."""
        instance = cls.create_instance(**vals)
        instance.action_confirm()
        cls.drain()
        return instance

    @classmethod
    def drain(cls, pump=None):
        """Let a pump work until nothing is due: that one, or one of no name."""
        cls.env.flush_all()
        with ExitStack() as stack:
            for patch in cls._registry_test_mode_patches(
                cr=cls.cr, registry=cls.registry
            ):
                stack.enter_context(patch)
            cr = stack.enter_context(cls.registry.cursor())
            engine = cls.env(cr=cr)["bigcommerce.engine"]
            if pump:
                engine = engine.with_context(cron_id=pump.id)
            engine._cron_pump()
        cls.env.invalidate_all()

    @contextmanager
    def open_engine(self):
        """Give the engine on a cursor of its own, as a pump has it."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr)["bigcommerce.engine"]
        self.env.invalidate_all()

    @classmethod
    def add_operations(cls, *operations):
        """Let this class's tests have operations that only tests have."""
        for operation in operations:
            add_to_registry(cls.registry, operation)
            cls.addClassCleanup(cls.registry.__delitem__, operation._name)
        cls.registry._setup_models__(cls.cr, [])

    def drain_until_killed(self):
        """Let a pump work until something in it raises SystemExit."""
        # assertRaises would undo what the pump had committed until then.
        try:
            self.drain()
        except SystemExit:
            self.env.invalidate_all()
        else:
            self.fail("The pump was not killed.")

    def let_time_pass(self):
        """Let everything that waits for its next try, or for the store, be due."""
        past = fields.Datetime.subtract(self.env.cr.now(), days=1)
        for model in ("queue.job", "queue.line", "instance"):
            self.env[f"bigcommerce.{model}"].search(
                [("not_before", "!=", False)]
            ).write({"not_before": past})

    def skip_backoff(self):
        """Let the transport repeat what fails at once."""
        self.patch(transport, "backoff", lambda *args, **options: 0)

    @classmethod
    def run_operation(cls, instance, operation, **options):
        """Start an operation and work until nothing is due; return its queue job."""
        job = instance._start(operation, **options)
        cls.drain()
        return job

    @classmethod
    def get_lines(cls, operation, **vals):
        """Return the queue lines of an operation that have these values."""
        domain = [("operation", "=", operation)]
        domain += [(field, "=", value) for field, value in vals.items()]
        return cls.env["bigcommerce.queue.line"].search(domain)

    def get_alerts(self, instance):
        """Return what managers are told to see to at a store."""
        return self.env["mail.activity"].search(
            [("res_model", "=", instance._name), ("res_id", "=", instance.id)]
        )

    def assertQueueIsSound(self):
        """What holds of all lines and jobs whenever no pump is at work."""
        for line in self.env["bigcommerce.queue.line"].search([]):
            about = f"{line.operation} {line.key}: {line.state}"
            with self.subTest(about):
                self.assertFalse(line.pump_id)
                self.assertNotIn(line.state, ("running", "sending"))
                if line.state in ("blocked", "failed"):
                    self.assertTrue(line.cause_id)
                    self.assertTrue(line.message)
                elif line.state != "unknown":
                    self.assertFalse(line.cause_id)
                if line.state in ("done", "cancelled", "superseded"):
                    self.assertFalse(line.payload or line.details)
                if line.state in ("pending", "retry"):
                    self.assertFalse(line.ended_on)
                elif line.state != "unknown" or line.cause_id:
                    self.assertTrue(line.ended_on)
        for job in self.env["bigcommerce.queue.job"].search([]):
            with self.subTest(job=f"{job.operation}: {job.state}"):
                self.assertNotEqual(job.state, "discovering")
                if job.state == "running":
                    self.assertTrue(job.open_count)
                if job.state == "done":
                    self.assertFalse(job.open_count)

    @classmethod
    def get_order(cls, bc_id):
        """Return the record of the store's order ``bc_id``."""
        return cls.env["bigcommerce.order"].search([("bc_id", "=", str(bc_id))])


class OrderCase(SandboxCase):
    """A test with a confirmed instance, its listings imported, and no orders yet.

    Everything is sold with a tax of 15 %, whatever the chart of accounts says.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.fiscal.position"].search([]).active = False
        cls.instance = cls.confirm_instance()
        cls.run_operation(cls.instance, "import_listings")

    def setUp(self):
        super().setUp()
        self.store.delete("v2/orders")

    def import_orders(self, **options):
        return self.run_operation(self.instance, "import_orders", **options)

    def import_order(self, **cart):
        """Place an order in the store and import it; return its record."""
        bc_id = self.store.place_order(**cart)
        self.import_orders()
        return self.get_order(bc_id)

    def get_amounts(self, order):
        """Return part and amount before tax of each line of the sale order."""
        return [
            (line.bigcommerce_part, line.price_subtotal)
            for line in order.sale_order_id.order_line
        ]
