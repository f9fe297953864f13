"""Tests of faults: real workers, a world in which something goes on, and what holds.

A test reads as *fault, work, own invariant, check*::

    self.add_fault("^/v2/orders$", status=503, times=2)
    self.work()
    self.assertImported(...)
    self.check()
"""

from psycopg2.extensions import TransactionRollbackError

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..sync.refund_reasons import get_reason
from .invariants import IS_OPEN, Invariants
from .process_case import ProcessCase

# What all tokens have in common, and nothing else has.
CANARY = "canary-token"
TOKEN = f"{CANARY}-9f1c7e"
OTHER_TOKEN = f"{CANARY}-of-the-other"
# Somebody whom no log may name.
SOMEBODY = {
    "first_name": "Zephyrine",
    "last_name": "Quillfeather",
    "email": "zephyrine@quillfeather.example",
    "phone": "+1 555 867 5309",
    "street_1": "77 Gossamer Mews",
    "city": "Austin",
}
PEOPLE = [
    value for name, value in SOMEBODY.items() if name not in ("city", "first_name")
]
MUG, BOWL = "MUG-ENAMEL", "BOWL-STONE"
AWAITING_PAYMENT, AWAITING_FULFILLMENT = 7, 11
# What the store's people did before a test begins, in the order of the ids.
OLD_ORDERS = ("delivered", "paid", "refunded_there", "refunded_here")
LONG_AGO = "2026-01-05T10:00:00+00:00"
# Seconds between repeats of a request: nobody learns from waiting.
BACKOFF = 0.05
# Rounds of an hour in which everything that waits has had all its tries.
ROUNDS = 12


@tagged("post_install", "-at_install")
class FaultCase(ProcessCase):
    """A test in a world with something to do for every operation.

    *Sandbox*, the store of the first company, has four old orders, imported and
    invoiced. One was delivered and one paid in Odoo, one is to be refunded by Odoo, and
    one was refunded in the store; a price and the stock of a product have changed. Two
    orders are new. *Other*, the store of a second company, has one new order.
    ``old_orders`` names the former (see ``OLD_ORDERS``), ``new_orders`` and
    ``other_orders`` are the latter.

    Jobs and lines of all that are there, and nobody works: ``work`` does.
    """

    _beginning = "faults"
    # What is started when everything is to be looked at once more.
    _operations = (
        "import_orders",
        "import_refunds",
        "export_inventory",
        "export_prices",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_store = cls.scene.other_store

    def setUp(self):
        super().setUp()
        self._furnish_stores()
        order_id = self.old_orders["refunded_there"]
        self.store.refund(order_id, ("PRODUCT", int(f"{order_id}01"), 1))
        self.new_orders = [self.place_order() for _number in range(2)]
        self.other_orders = [self.place_order(self.other_store)]
        with self.transaction() as env:
            self.other_instance_id = self.find_instance(env, self.other_store).id

    # The world

    def _furnish_stores(self):
        """Make the stores what they were before today."""
        for store, token in ((self.store, TOKEN), (self.other_store, OTHER_TOKEN)):
            store.reset()
            store.delete("v2/orders")
            store.control("PUT", "access", {"access_token": token})
            store.control("PUT", "payments", {"seconds": 0})
        self.old_orders = {
            name: self.place_order(
                created=LONG_AGO,
                status=AWAITING_PAYMENT if name == "paid" else AWAITING_FULFILLMENT,
                payment_status="authorized" if name == "paid" else "captured",
            )
            for name in OLD_ORDERS
        }

    def place_order(self, store=None, **cart):
        """Place an order of two mugs, with tax and shipping; return its id."""
        return (store or self.store).place_order(
            **{
                "lines": [{"sku": MUG, "quantity": 2}],
                "billing": SOMEBODY,
                "taxes": [{"name": "State Tax", "rate": "8.25"}],
                "shipping": ["5.95"],
                **cart,
            }
        )

    def _prepare(self):
        if self.scene.database.is_prepared(""):
            self.scene.database.put_back("")
        else:
            self._prepare_store()
        self._furnish_stores()
        with self.transaction() as env:
            instance = self.find_instance(env, self.store)
            self._configure(instance)
        with self.transaction() as env:
            self._create_other_company(env)
        with self.transaction() as env:
            self.find_instance(env, self.store)._start("import_inventory")
            self.find_instance(env, self.store)._start("import_orders")
            self.find_instance(env, self.other_store)._start("import_listings")
        self.work_off(2)
        with self.transaction() as env:
            self._let_time_go_by(env, self.find_instance(env, self.store))
            self.find_instance(env, self.other_store)._start("import_orders")
        self.scene.prepare("faults")

    def _configure(self, instance):
        """Let a store be kept in step in every way."""
        env = instance.env
        self._set_workflow(instance, "create_invoice", "validate_invoice")
        location = env["bigcommerce.location"].search(
            [("instance_id", "=", instance.id), ("is_default", "=", True)]
        )
        location.is_stock_enabled = True
        statuses = env["bigcommerce.order.status"].search(
            [
                ("instance_id", "=", instance.id),
                ("bc_id", "=", str(AWAITING_PAYMENT)),
            ]
        )
        instance.write(
            {
                "access_token": TOKEN,
                "tax_system": "marketplace",
                "tax_account_id": env["account.account"]
                .create(
                    {
                        "name": "Taxes",
                        "code": "TAX.1",
                        "account_type": "liability_current",
                    }
                )
                .id,
                "validate_inventory_adjustment": True,
                "mark_order_as_paid": True,
                "log_level": "all",
                "order_status_ids": [(4, status.id) for status in statuses],
            }
        )
        env["bigcommerce.automatic.job"]._get_job(instance, "export_shipments").write(
            {"active": True, "next_call": "2100-01-01"}
        )
        env["product.product"].search([]).invoice_policy = "order"

    def _set_workflow(self, instance, *steps):
        """Let orders be confirmed by themselves, and go through more steps."""
        workflow = instance.env["bigcommerce.workflow"].create(
            {"name": "By Itself", "confirm_order": True, **dict.fromkeys(steps, True)}
        )
        instance.env["bigcommerce.workflow.line"].create(
            {"instance_id": instance.id, "workflow_id": workflow.id}
        )

    def _create_other_company(self, env):
        """Make a second company with a store and a manager of its own."""
        company = env["res.company"].create(
            {"name": "Other Company", "country_id": env.ref("base.us").id}
        )
        env["account.chart.template"].try_loading("generic_coa", company=company)
        env = env(context={"allowed_company_ids": company.ids})
        instance = self.create_instance(
            env,
            self.other_store,
            name="Other",
            access_token=OTHER_TOKEN,
            company_id=company.id,
        )
        instance.action_confirm()
        self._set_workflow(instance)
        for login, own in (
            ("manager_1", env.ref("base.main_company")),
            ("manager_2", company),
        ):
            new_test_user(
                env,
                login,
                "bigcommerce_connector.bigcommerce_group_manager,"
                "sales_team.group_sale_salesman_all_leads",
                company_id=own.id,
                company_ids=[(6, 0, own.ids)],
            )

    def _let_time_go_by(self, env, instance):
        """Do in Odoo what is to be told to the store, and start all jobs."""
        env = instance.env
        orders = {
            name: env["bigcommerce.order"].search([("bc_id", "=", bc_id)])
            for name, bc_id in self.old_orders.items()
        }
        for name, order in orders.items():
            assert order.sale_order_id.invoice_ids.state == "posted", (
                name,
                self.describe(),
            )
        env["bigcommerce.location"].search(
            [("instance_id", "=", instance.id), ("is_stock_enabled", "=", True)]
        ).stock_direction = "export"
        self.deliver(orders["delivered"].sale_order_id)
        self.pay(orders["paid"].sale_order_id)
        self.refund_here(orders["refunded_here"])
        bowl = env["product.product"].search([("default_code", "=", BOWL)])
        env["stock.quant"]._update_available_quantity(
            bowl, instance.warehouse_id.lot_stock_id, 5
        )
        self.set_price(env, BOWL, 31)
        self.start_everything(instance)

    def deliver(self, sale_order):
        """Deliver an order, as a person does; return the delivery."""
        picking = sale_order.picking_ids
        picking.carrier_tracking_ref = f"1Z{picking.id}"
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
        picking.with_context(skip_sms=True).button_validate()
        return picking

    def pay(self, sale_order):
        """Pay the invoices of an order, as a person does."""
        env = sale_order.env
        journal = env["account.journal"].search([("code", "=", "BOT")])
        if not journal:
            account = env["account.account"].create(
                {
                    "name": "Outstanding",
                    "code": "OUT.1",
                    "account_type": "asset_current",
                    "reconcile": True,
                }
            )
            journal = env["account.journal"].create(
                {"name": "Bank of Tests", "code": "BOT", "type": "bank"}
            )
            journal.inbound_payment_method_line_ids.payment_account_id = account
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=sale_order.invoice_ids.ids
        ).create({"journal_id": journal.id})._create_payments()

    def refund_here(self, record):
        """Refund the goods of an order with a note that is sent; return the note."""
        note = record.sale_order_id.invoice_ids._reverse_moves()
        note.invoice_line_ids.tax_ids = False
        note.action_post()
        line_id = int(f"{record.bc_id}01")
        (goods,) = self.store.control("GET", f"v2/orders/{record.bc_id}/products")
        total, tax = (
            round(float(goods[name]), 2) for name in ("total_inc_tax", "total_tax")
        )
        note._schedule_refund(
            record,
            {
                "items": [
                    {
                        "item_type": "PRODUCT",
                        "item_id": line_id,
                        "quantity": 2,
                        "reason": get_reason("Broken", note.name),
                    }
                ],
                "method": [
                    {"provider_id": "braintree", "amount": total, "offline": False}
                ],
                "total": total,
                "tax": tax,
            },
        )
        return note

    def set_price(self, env, sku, price):
        """Let the pricelist of the first store say a price."""
        product = env["product.product"].search([("default_code", "=", sku)])
        pricelist = self.find_instance(env, self.store).pricelist_id
        rule = env["product.pricelist.item"].search(
            [
                ("pricelist_id", "=", pricelist.id),
                ("product_id", "=", product.id),
                ("min_quantity", "<=", 1),
            ]
        )
        rule.fixed_price = price

    def start_everything(self, instance):
        for operation in self._operations:
            instance._start(operation)

    # Fault, work, check

    def start_worker(self, *points, backoff=BACKOFF, **options):
        return super().start_worker(*points, backoff=backoff, **options)

    def add_fault(self, path="", store=None, **fault):
        """Let requests fail as described in ``sandbox/faults.py``."""
        (store or self.store).fault(path, **fault)

    def work(self, *points, count=2, **options):
        """Let workers work until nothing is due."""
        self.work_off(count, *points, **options)

    def work_later(self, minutes=6, *points, **options):
        """Let some time pass, and workers do what is due then."""
        self.let_minutes_pass(minutes)
        self.work(*points, **options)

    def drain(self):
        """Work until nothing waits for a later moment either."""
        for _round in range(ROUNDS):
            self.work()
            if not self.is_anything_waiting():
                return
            self.let_minutes_pass(61)
        self.fail(f"It comes to no end.\n{self.describe()}")

    def is_anything_waiting(self):
        """Whether anything is to be done, now or later, without a person's help."""
        with self.transaction() as env:
            env.cr.execute(
                f"""
                SELECT FROM bigcommerce_queue_line line WHERE {IS_OPEN}
                 UNION ALL
                SELECT FROM bigcommerce_queue_job WHERE state = 'pending'
                 UNION ALL
                SELECT FROM bigcommerce_instance WHERE failure_count > 0
                """
            )
            return bool(env.cr.rowcount)

    def recover(self):
        """End all faults: the store is as it should be, and knows its token."""
        for store in (self.store, self.other_store):
            store.heal()
            store.control("PUT", "quota", {"limit": 1_000_000, "window_ms": 30_000})
        with self.transaction() as env:
            for instance, store in self._get_stores(env).items():
                access = {"access_token": instance.access_token, "scopes": None}
                store.control("PUT", "access", access)
                if instance.is_access_refused:
                    # As a person does who has seen to it.
                    instance.access_token = instance.access_token

    def check(self):
        """Check what always holds: now, after everything is worked off, and again."""
        self.check_invariants()
        self.recover()
        self.start_all()
        self.drain()
        self.check_invariants(is_settled=True)
        for is_last in (False, True):
            with self.transaction() as env:
                mark = self.get_invariants(env).mark()
            self.start_all()
            self.drain()
            try:
                with self.transaction() as env:
                    self.get_invariants(env).check_g12(mark)
                return
            except AssertionError:
                # What was sent moves orders there, which the next run reads.
                if is_last:
                    raise

    def start_all(self):
        """Let everything be looked at once more in both stores."""
        with self.transaction() as env:
            self.start_everything(self.get_instance(env))
            self.get_other_instance(env)._start("import_orders")

    def check_invariants(self, is_settled=False):
        with self.transaction() as env:
            self.get_invariants(env, is_settled=is_settled).check()

    def get_invariants(self, env, **options):
        with open(self.scene.log) as log:
            log.seek(self.log_start)
            text = log.read()
        return Invariants(
            env,
            {instance.id: store for instance, store in self._get_stores(env).items()},
            log=text,
            secrets=[CANARY],
            people=PEOPLE,
            **options,
        )

    def _get_stores(self, env):
        return {
            self.get_instance(env): self.store,
            self.get_other_instance(env): self.other_store,
        }

    def get_other_instance(self, env):
        return env["bigcommerce.instance"].browse(self.other_instance_id)

    # What is to come of it

    def get_problems(self, operation=None):
        """Return state and message of each line that has come to a stop.

        They are known by operation and key.
        """
        return {
            (line["operation"], line["key"]): (line["state"], line["message"])
            for line in self.get_lines(operation, "operation", "message")
            if line["state"] in ("blocked", "failed")
        }

    def get_jobs(self, operation, *names):
        """Return the values of the jobs of an operation, oldest first."""
        with self.transaction() as env:
            return (
                env["bigcommerce.queue.job"]
                .search(
                    [
                        ("operation", "=", operation),
                        ("instance_id", "=", self.instance_id),
                    ],
                    order="id",
                )
                .read(["state", "tries", *names], load=None)
            )

    def count_alerts(self, instance_id=None):
        """Return how often managers are told of a store."""
        with self.transaction() as env:
            return env["mail.activity"].search_count(
                [
                    ("res_model", "=", "bigcommerce.instance"),
                    ("res_id", "=", instance_id or self.instance_id),
                ]
            )

    def get_condition(self, name):
        """Return what the first instance knows of its store."""
        return self.get_values("bigcommerce.instance", self.instance_id, name)

    def get_imported(self, order_ids):
        """Return how many sale orders each of these orders of the first store has."""
        with self.transaction() as env:
            company = self.get_instance(env).company_id
            return [
                env["sale.order"].search_count(
                    [
                        ("client_order_ref", "=", order_id),
                        ("company_id", "=", company.id),
                    ]
                )
                for order_id in order_ids
            ]

    def assertOtherStoreServed(self):
        """What goes on in the first store is not noticed by the second."""
        with self.transaction() as env:
            records = env["bigcommerce.order"].search(
                [("instance_id", "=", self.other_instance_id)]
            )
            self.assertEqual(records.mapped("bc_id"), self.other_orders)
            self.assertEqual(records.sale_order_id.state, "sale", self.describe())

    def assertInStep(self):
        """All that was to be done is done, here and there, as if nothing had been."""
        self.assertEqual(self.get_problems(), {})
        self.assertFalse(self.is_anything_waiting(), self.describe())
        delivered, paid, _there, here = (self.old_orders[name] for name in OLD_ORDERS)
        shipments = self.store.control("GET", f"v2/orders/{delivered}/shipments")
        self.assertEqual(len(shipments), 1)
        transactions = self.store.control("GET", f"v3/orders/{paid}/transactions")
        events = [row["event"] for row in transactions]
        self.assertEqual(events, ["authorization", "capture"])
        refunds = self.store.control("GET", "v3/orders/payment_actions/refunds")
        self.assertEqual(
            sorted(str(row["order_id"]) for row in refunds),
            [self.old_orders["refunded_there"], here],
        )
        with self.transaction() as env:
            self.assertEqual(self.get_imported(self.new_orders), [1, 1])
            records = env["bigcommerce.order"].search(
                [("instance_id", "=", self.instance_id)]
            )
            orders = records.sale_order_id
            self.assertEqual(orders.mapped("state"), ["sale"] * 6)
            notes = orders.invoice_ids.filtered("bigcommerce_refund_id")
            self.assertEqual(
                sorted(notes.mapped("bigcommerce_refund_id")),
                sorted(str(row["id"]) for row in refunds),
            )
            self.assertEqual(
                records.shipment_ids.mapped("bc_id"), [str(shipments[0]["id"])]
            )
            item = env["bigcommerce.listing.item"].search(
                [("sku", "=", BOWL), ("instance_id", "=", self.instance_id)]
            )
            path = f"v3/catalog/products/{item.listing_id.bc_id}"
        self.assertEqual(self.store.control("GET", path)["price"], 31)
        self.assertOtherStoreServed()

    def is_idle(self):
        """Whether none of the scheduled actions is at work, or would find a turn."""
        try:
            with self.transaction() as env, mute_logger("odoo.sql_db"):
                env.cr.execute(
                    """
                    SELECT id, nextcall <= now() AT TIME ZONE 'UTC' OR EXISTS (
                           SELECT FROM ir_cron_trigger
                            WHERE cron_id = cron.id
                              AND call_at <= now() AT TIME ZONE 'UTC')
                      FROM ir_cron cron WHERE active
                       FOR NO KEY UPDATE OF cron SKIP LOCKED
                    """
                )
                resting = env.cr.fetchall()
                env.cr.execute("SELECT count(*) FROM ir_cron WHERE active")
                return len(resting) == env.cr.fetchone()[0] and not any(
                    is_due for _cron_id, is_due in resting
                )
        except TransactionRollbackError:
            return False
