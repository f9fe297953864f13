"""What randomised histories stand on: what people, the store and workers may do.

A history is undone when it is over, in the database as in the store, so that hundreds
of them take no longer than what happens in them.
"""

import contextlib
from unittest.mock import patch

import requests

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from ..client import transport
from ..client.client import BigCommerceClient
from ..client.errors import InvalidRequest
from ..sandbox import demo_catalogue, reference_data
from .history_agreement import Agreement
from .refund_case import VAT, RefundCase

# A simple product, a second one, one with two variants, and one that is not shipped.
PRODUCTS = {"MUG-ENAMEL": 101, "BOWL-STONE": 105, "APRON": 133, "PLANNER-PDF": 128}
SKUS = ("MUG-ENAMEL", "BOWL-STONE", "APRON-MOS", "APRON-CLA", "PLANNER-PDF")
GOODS = SKUS[:-1]
# Its orders are paid for by themselves; those of the others by people, or not even
# confirmed by themselves.
CARD, BANK, CASH = "Credit Card", "Bank Deposit", "Cash on Delivery"
# What runs by itself, in the order in which a shop would turn it on.
OPERATIONS = (
    "import_listings",
    "import_orders",
    "process_orders",
    "import_refunds",
    "export_shipments",
    "export_prices",
    "export_inventory",
    "compare_inventory",
)
# Turns after which everything that waited has to be over.
MOST_TURNS = 12


def load_small_store(store):
    """Fill a store with a few products and no orders."""
    reference_data.load(store)
    demo_catalogue.load_shelves(store)
    locations = store.get("/v3/inventory/locations")
    for goods in demo_catalogue.MERCHANDISE:
        if goods.sku in PRODUCTS:
            record = goods.record()
            store["/v3/catalog/products"].put_record(record)
            for variant in record.part("variants"):
                store["/v3/inventory/items"].put(goods.stock_item(variant, locations))


class HistoryCase(Agreement, RefundCase):
    """A small store in which everything is synchronised."""

    load = staticmethod(load_small_store)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        statuses = cls.env["bigcommerce.order.status"].search(
            [
                ("instance_id", "=", cls.instance.id),
                ("bc_id", "in", ("3", "7", "9", "11")),
            ]
        )
        cls.instance.write(
            {
                "order_status_ids": [Command.set(statuses.ids)],
                "mark_order_as_paid": True,
                # Brakes are a subject of their own.
                "stock_brake_share": 100,
                "price_brake_share": 100,
            }
        )
        cls.instance.location_ids.filtered("is_default").write(
            {"is_stock_enabled": True, "stock_direction": "export"}
        )
        for name, steps in (
            (BANK, ("confirm_order", "create_invoice", "validate_invoice")),
            (CASH, ()),
        ):
            workflow = cls.env["bigcommerce.workflow"].create(
                {"name": name, "confirm_order": False, **dict.fromkeys(steps, True)}
            )
            gateways = cls.env["bigcommerce.payment.gateway"]._find_or_create(
                cls.instance, [name]
            )
            cls.add_line(workflow, gateway_id=gateways[name].id)
        for operation in OPERATIONS:
            cls.get_job(operation).active = True
        for sku in GOODS:
            cls.put_into_stock(sku, 20)
        cls.drain()

    @classmethod
    def get_job(cls, operation):
        return cls.env["bigcommerce.automatic.job"]._get_job(cls.instance, operation)

    # A history

    def begin(self):
        """Let everything be as at first."""
        self.store.reset()
        self.env.flush_all()
        self._start = self.cr.savepoint()
        self.ignored = set()

    def end(self):
        """Undo whatever has happened."""
        self.env.transaction.clear()
        self._start.close(rollback=True)
        self.env.transaction.clear()
        self.registry.clear_all_caches()

    @contextlib.contextmanager
    def about(self, **parameters):
        """Let a history that has failed say where, and end there."""
        try:
            yield
        except AssertionError as error:
            error.add_note(f"About {parameters}")
            raise

    # What happens in the store

    def shop(self, lines, gateway, **cart):
        """Place an order; return its id, or None if the store has none of it."""
        status = 11 if gateway == CARD else 7
        return self._ask_store(
            self.store.place_order,
            lines=[{"sku": sku, "quantity": quantity} for sku, quantity in lines],
            payment_method=gateway,
            status=status,
            taxes=VAT,
            **cart,
        )

    def edit(self, bc_id, **change):
        self._ask_store(self.store.edit_order, bc_id, **change)

    def move(self, bc_id, status_id):
        """Give an order another status, as the store's people do."""
        statuses = self.store.control("GET", "v2/order_statuses")
        (status,) = [one for one in statuses if one["id"] == status_id]
        self.store.patch(
            f"v2/orders/{bc_id}",
            status_id=status_id,
            status=status["name"],
            custom_status=status["custom_label"],
        )

    def put_away(self, bc_id, is_deleted):
        self.store.patch(f"v2/orders/{bc_id}", is_deleted=is_deleted)

    def refund_there(self, bc_id, line, quantity):
        line_id = self._get_line_id(bc_id, line)
        if line_id:
            self._ask_store(self.store.refund, bc_id, ("PRODUCT", line_id, quantity))

    def ship_there(self, bc_id, line, quantity):
        line_id = self._get_line_id(bc_id, line)
        lines = self.read_list(f"v2/orders/{bc_id}/products")
        for one in lines:
            if one["id"] == line_id:
                shipment = {
                    "order_address_id": one["order_address_id"],
                    "items": [{"order_product_id": line_id, "quantity": quantity}],
                }
                with self.open_client() as client, contextlib.suppress(InvalidRequest):
                    client.create_order_shipment(bc_id, shipment)

    def open_client(self):
        """Give a client of the store that is not ours."""
        return BigCommerceClient.connect(
            "sandbox", "sandbox-token", api_url=self.store.address
        )

    def count_there(self, sku, quantity):
        if product := self.read_product(sku):
            identity = {"sku": sku} if sku.startswith("APRON") else {}
            self._ask_store(
                self.store.set_level,
                quantity,
                **(identity or {"product_id": product["id"]}),
            )

    def price_there(self, sku, price):
        if product := self.read_product(sku):
            self.store.patch(f"v3/catalog/products/{product['id']}", price=price)

    def delete_there(self, sku):
        if product := self.read_product(sku):
            self.store.delete(f"v3/catalog/products/{product['id']}")

    def read_product(self, sku):
        """Return the store's product with a SKU or variant, None if it is deleted."""
        number = PRODUCTS[sku if sku in PRODUCTS else sku.partition("-")[0]]
        products = self.read_list("v3/catalog/products")
        return next((one for one in products if one["id"] == number), None)

    def _get_line_id(self, bc_id, number):
        lines = self.read_list(f"v2/orders/{bc_id}/products")
        return lines[number % len(lines)]["id"] if lines else None

    def _ask_store(self, action, *arguments, **options):
        """Do what somebody in the store wants, unless the store refuses it."""
        try:
            return action(*arguments, **options)
        except requests.HTTPError as error:
            if error.response.status_code not in (400, 404):
                raise
            return None

    # What people do in Odoo

    @contextlib.contextmanager
    def person(self):
        """Let somebody do something, of which nothing stays if Odoo refuses it."""
        self.env.invalidate_all()
        with contextlib.suppress(UserError), self.cr.savepoint():
            yield
            self.env.flush_all()

    def find(self, bc_id):
        """Return the sale order of a store's order, perhaps none."""
        return self.get_order(bc_id).sale_order_id

    @classmethod
    def get_product(cls, sku):
        return cls.env["product.product"].search([("default_code", "=", sku)], limit=1)

    @classmethod
    def put_into_stock(cls, sku, quantity):
        """Put so many into stock, or take them out."""
        cls.env["stock.quant"]._update_available_quantity(
            cls.get_product(sku), cls.instance.warehouse_id.lot_stock_id, quantity
        )

    def price_here(self, sku, price):
        rules = self.env["product.pricelist.item"].search(
            [
                ("pricelist_id", "=", self.instance.pricelist_id.id),
                ("product_id", "=", self.get_product(sku).id),
            ]
        )
        rules.fixed_price = price

    def deliver(self, sale_order, quantity=None):
        """Deliver what is open, or so many of each; the rest waits."""
        pickings = sale_order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        for picking in pickings[:1]:
            for move in picking.move_ids:
                wanted = move.product_uom_qty
                move.quantity = wanted if quantity is None else min(quantity, wanted)
                move.picked = True
            picking.with_context(skip_backorder=True, skip_sms=True).button_validate()

    def take_back(self, sale_order):
        """Take back what the last delivery has brought."""
        picking = sale_order.picking_ids.filtered(
            lambda picking: (
                picking.state == "done" and picking.picking_type_code == "outgoing"
            )
        )[-1:]
        if not picking:
            return
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = line.move_id.quantity
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        for move in back.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        back.with_context(skip_backorder=True, skip_sms=True).button_validate()

    def invoice(self, sale_order):
        if sale_order.state == "sale" and sale_order.invoice_status == "to invoice":
            sale_order._create_invoices().action_post()

    def pay(self, sale_order):
        due = sale_order.invoice_ids.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.amount_residual
            )
        )
        if due:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=due.ids
            ).create({"journal_id": self.journal.id})._create_payments()

    def cancel(self, sale_order, there, with_refund=False):
        """Cancel an order, perhaps in the store as well."""
        if sale_order.state != "cancel":
            sale_order.action_cancel()
        if there:
            action = sale_order.action_cancel_in_bigcommerce()
            self.env["bigcommerce.cancel.order"].with_context(
                **action["context"]
            ).create(
                {"reason": "Changed their mind", "with_refund": with_refund}
            ).action_cancel_order()

    def credit(self, sale_order, there):
        """Credit the latest invoice, perhaps refund it in the store as well."""
        invoice = sale_order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )[-1:]
        if not invoice:
            return
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.reverse_moves()
        note = wizard.new_move_ids
        note.action_post()
        if there:
            self.submit(note)

    def retry(self):
        """Have tried again whatever has come to a stop."""
        self.env["bigcommerce.queue.line"].search(
            [("state", "in", ("blocked", "failed", "retry", "unknown"))]
        ).action_retry()
        self.env["bigcommerce.queue.job"].search(
            [("state", "=", "failed")]
        ).action_retry()

    # What workers do, and what befalls them

    def start(self, *operations):
        """Start operations as people and the scheduler do."""
        for operation in operations:
            self.get_job(operation)._run_now()

    def work(self):
        with mute_logger("odoo.addons.bigcommerce_connector.sync"):
            self.drain()

    def be_killed(self, method, number, after):
        """Let a worker work that dies at so manyth a commit, or request.

        :param method: of the engine, or "request" of the transport
        :param after: whether it dies when that is done
        """
        owner, name = self.registry["bigcommerce.engine"], method
        if method == "request":
            owner, name = transport.Transport, "exchange"
        original, calls = getattr(owner, name), []

        def count(*arguments, **options):
            calls.append(arguments)
            if len(calls) == number and not after:
                raise SystemExit
            result = original(*arguments, **options)
            if len(calls) == number and after:
                raise SystemExit
            return result

        with patch.object(owner, name, count):
            # assertRaises would undo what the pump had committed until then.
            with contextlib.suppress(SystemExit):
                self.work()
        self.env.invalidate_all()

    def give_token(self):
        """Let the store take its token again, and Odoo know."""
        self.store.control("PUT", "access", {"access_token": "sandbox-token"})
        self.instance.access_token = "sandbox-token"

    # Quiescence

    def come_to_rest(self):
        """End all trouble, and let everything run until nothing is due."""
        self.store.heal()
        self.store.control("PUT", "clock", {"advance": 120})
        self.instance.write({"access_token": "sandbox-token"})
        self.work_off()
        self.retry()
        self.synchronise()
        # What has been sent is read as well.
        self.run_operation(self.instance, "import_listings", full=True)

    def synchronise(self):
        """Let each operation run as a whole, that of listings with all there are."""
        self.instance._start("import_listings", full=True)
        self.start(*OPERATIONS[1:])
        self.work_off()

    def work_off(self):
        """Work, and let time pass, until nothing waits but for people."""
        for _turn in range(MOST_TURNS):
            self.work()
            if not self.get_waiting():
                return
            self.let_time_pass()
        waiting = [
            (one.operation, one.state, one._name, one.display_name)
            for one in self.get_waiting()
        ]
        self.fail(f"It does not come to rest: {waiting}")

    def get_waiting(self):
        """Return the lines and runs with which the queue would go on by itself."""
        lines = self.env["bigcommerce.queue.line"].search(
            [
                ("state", "in", ("pending", "retry", "running", "sending", "unknown")),
                ("cause_id", "=", False),
            ]
        )
        jobs = self.env["bigcommerce.queue.job"].search(
            [("state", "in", ("pending", "discovering"))]
        )
        return [*lines, *jobs]
