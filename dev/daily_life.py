"""A store's daily life, with all the mishaps that leave something in the queue.

Runs in an Odoo shell, mostly on the code of the last release: what it uses of the
addon has to be there in both.
"""

from contextlib import ExitStack, contextmanager, suppress
from functools import partialmethod
from unittest.mock import patch

from psycopg2 import Error as DatabaseError

from odoo.exceptions import UserError

from odoo.addons.bigcommerce_connector.client.client import BigCommerceClient

from store import control

ROWS_PER_PAGE = 4
LAST_TRY = 20
SENT_TOGETHER = 4


def fill(env, address):
    """Leave lines and jobs in every state behind."""
    life = DailyLife(env, address)
    life.connect()
    life.import_everything()
    life.sell()
    life.lose_contacts()
    life.change_their_minds()
    life.lose_lines_to_crashes()
    life.read_changed_order_while_it_is_imported()
    life.cancel()
    life.lack_scope()
    life.postpone_line()
    life.interrupt_lines()
    life.kill_in_sending()
    life.lose_answers()
    life.stop_scan_half_way()
    life.kill_in_scan()
    life.kill_in_work()
    life.let_a_day_pass()


def live_quietly(env, address):
    """Sell what the store has sold, without mishaps."""
    life = DailyLife(env, address)
    life.connect()
    life.import_everything()
    life.sell()
    follow_workflow(env)
    env["bigcommerce.instance"].search([]).message_post(body="All is well.")
    env.cr.commit()


def finish(env):
    """Do all that is due or will be."""
    _work_on_all(env)


def retry(env):
    """Retry all that has come to a stop."""
    stopped = [("state", "in", ("failed", "blocked"))]
    env["bigcommerce.queue.job"].search(stopped).action_retry()
    env["bigcommerce.queue.line"].search(stopped).action_retry()
    _work_on_all(env)


def follow_workflow(env):
    """From now on orders are confirmed, invoiced and paid by themselves."""
    workflow = env["bigcommerce.workflow"].create(
        {
            "name": "Invoice and Payment",
            "create_invoice": True,
            "validate_invoice": True,
            "register_payment": True,
            "payment_journal_id": _find_bank(env).id,
        }
    )
    instance = env["bigcommerce.instance"].search([])
    env["bigcommerce.workflow.line"].create(
        {"instance_id": instance.id, "workflow_id": workflow.id}
    )
    _work_on_all(env)


def try_held(env):
    """Confirm by hand what is held."""
    for order in env["sale.order"].search([("bigcommerce_state", "=", "held")]):
        with suppress(UserError), env.cr.savepoint():
            order.action_confirm()
    env.cr.commit()


def add_goods(env):
    """Sell one more of everything in the orders that are to be delivered."""
    deliveries = env["stock.picking"].search([("state", "not in", ("done", "cancel"))])
    for line in deliveries.move_ids.sale_line_id:
        line.product_uom_qty += 1
    env.cr.commit()


def _invoice(orders, is_part=False):
    """Invoice orders and validate that; the first part are half of the goods."""
    invoices = orders._create_invoices(grouped=True)
    if is_part:
        for line in invoices.invoice_line_ids:
            line.quantity = line.quantity // 2 if line.price_unit > 0 else 0
    invoices.action_post()


def _pay(invoices):
    unpaid = invoices.filtered(lambda move: move.payment_state == "not_paid")
    invoices.env["account.payment.register"].with_context(
        active_model="account.move", active_ids=unpaid.ids
    ).create({"journal_id": _find_bank(invoices.env).id}).action_create_payments()


def _find_bank(env):
    company = env["bigcommerce.instance"].search([]).company_id
    return env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )


def _work_on_all(env):
    for table in ("bigcommerce_queue_job", "bigcommerce_queue_line"):
        env.cr.execute(f"UPDATE {table} SET not_before = NULL")
    env.cr.commit()
    env["bigcommerce.engine"]._cron_pump()
    env.cr.commit()


class DailyLife:
    """A store and its instance.

    env: an Odoo environment on a real cursor. address: where the store answers.
    """

    def __init__(self, env, address):
        self.env = env
        self.engine = env["bigcommerce.engine"]
        self.pump = self.engine._get_pumps()[:1]
        self.address = address
        self.instance = env["bigcommerce.instance"]

    def connect(self):
        """Confirm an instance, in an Odoo that knows some products already."""
        self.env.ref("base.EUR").active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.EUR").id,
                "name": "2000-01-01",
                "rate": 0.9,
            }
        )
        twice, archived, shouted = (product["sku"] for product in self.catalogue()[-3:])
        self.env["product.product"].create(
            [
                {"name": "Found twice", "default_code": twice},
                {"name": "Found twice", "default_code": twice},
                {"name": "Archived", "default_code": archived, "active": False},
                {"name": "Lower case", "default_code": shouted.lower()},
            ]
        )
        self.instance = self.instance.create(
            {
                "name": "Sandbox",
                "store_hash": "sandbox",
                "access_token": "sandbox-token",
                "api_url": self.address,
                "create_odoo_products": True,
                "import_orders_from": "2000-01-01",
                "log_level": "all",
            }
        )
        self.instance.action_confirm()
        self.work()

    def import_everything(self):
        self.instance.automatic_job_ids.active = True
        for operation in ("import_listings", "import_orders"):
            self.instance._start(operation)
            self.work()

    def sell(self):
        """Salesmen take orders further, each as far as another; one releases one."""
        drafts = self.env["sale.order"].search(
            [("bigcommerce_order_ids.state", "=", "imported")], order="id", limit=5
        )
        drafts.action_confirm()
        invoiced = drafts[1:]
        _invoice(invoiced[0], is_part=True)
        invoiced[1]._create_invoices()
        _invoice(invoiced[2:])
        _pay(invoiced[3].invoice_ids)
        held = self.env["bigcommerce.order"].search([("state", "=", "held")])
        held[0].action_release()
        self.env.cr.commit()

    def lose_contacts(self):
        """Two registered customers: one is archived, the other deleted with the order.

        A third one stays.
        """
        found = {}
        for number, name in enumerate(("Alice", "Bob", "Carol"), 9001):
            person = {
                "first_name": name,
                "last_name": "Registered",
                "email": f"{name.lower()}@example.com",
            }
            line = self.queue_orders(1, customer_id=number, billing=person)
            self.work()
            order = self.env["bigcommerce.order"].search([("bc_id", "=", line.key)])
            found[name] = order.sale_order_id
        found["Alice"].partner_id.active = False
        contact = found["Bob"].partner_id
        found["Bob"].unlink()
        (contact.child_ids + contact).unlink()
        self.env.cr.commit()

    def change_their_minds(self):
        """The store cancels an order after its import, and disputes another."""
        lines = self.queue_orders(2)
        self.work()
        for line, status_id in zip(lines, (5, 13), strict=True):
            self.control("PATCH", f"v2/orders/{line.key}", {"status_id": status_id})
        self.scan_orders()

    def lose_lines_to_crashes(self):
        """One line kills worker after worker, until it counts as failed."""
        (line,) = self.queue_orders(1)
        with self.batches_of(1):
            for _number in range(LAST_TRY):
                if line.state == "failed":
                    break
                self.crash()

    def read_changed_order_while_it_is_imported(self):
        """The worker dies; its line is superseded by the newer one."""
        (line,) = self.queue_orders(1)
        self.engine._claim_lines(self.pump)
        self.control("PATCH", f"v2/orders/{line.key}", {"staff_notes": "Call first"})
        self.scan_orders()
        self.engine._recover(self.pump)

    def cancel(self):
        self.queue_orders(1).action_cancel()
        self.instance._start("import_brands").action_cancel()
        self.env.cr.commit()

    def lack_scope(self):
        """A run fails because the API account may not read the catalogue."""
        self.control("PUT", "access", {"scopes": ["store_v2_orders"]})
        self.instance._start("import_categories")
        self.engine._scan_next(self.pump)
        self.control("PUT", "access", {"scopes": None})

    def postpone_line(self):
        """The store has a problem of its own: the line waits for its next try."""
        catalogue = self.catalogue()
        number = max(product["id"] for product in catalogue) + 1
        product = {"id": number, "sku": "NEW", "name": "New", "base_variant_id": None}
        product = {**catalogue[0], **product}
        self.control("PUT", f"v3/catalog/products/{number}", product)
        self.queue_orders(1, product_id=number)
        with self.outage():
            self.work()

    def interrupt_lines(self):
        """A worker dies once; its lines are to be worked on alone."""
        self.queue_orders(2)
        self.crash()

    def kill_in_sending(self):
        """Workers are killed before the store carries a request out, and after."""
        self.instance.export_order_number = True
        while self.engine._scan_next(self.pump):
            pass
        for is_carried_out in (False, True):
            with self.killed_in_second_request(is_carried_out), suppress(SystemExit):
                self.send_numbers(SENT_TOGETHER)

    def lose_answers(self):
        """The store carries a request out, or does not, and nobody hears of it."""
        for is_carried_out in (False, True):
            fault = {"path": "^/v2/orders/", "method": "PUT", "kind": "reset"}
            self.control("POST", "faults", {**fault, "after": is_carried_out})
            self.send_numbers(1)
        self.control("DELETE", "faults")

    def stop_scan_half_way(self):
        """The time of a cron run is over in the middle of a list."""
        for product in self.catalogue()[: 2 * ROWS_PER_PAGE]:
            path = f"v3/catalog/products/{product['id']}"
            self.control("PATCH", path, {"name": f"Fine {product['name']}"})
        self.instance._start("import_listings")
        self.scan_first("import_categories", "import_brands")
        with self.on_progress(lambda _page: 0):
            self.engine._scan_next(self.pump)

    def kill_in_scan(self):
        """A worker is killed in the middle of a list."""

        def kill(page):
            if page == 4:
                raise SystemExit
            return 60

        self.place_orders(3 * ROWS_PER_PAGE)
        self.click_twice()
        with self.on_progress(kill), suppress(SystemExit):
            self.engine._scan_next(self.pump)
        self.env.cr.rollback()

    def kill_in_work(self):
        """Workers are killed in the middle of a batch; nobody has noticed yet."""
        with self.batches_of(2):
            for _worker in range(3):
                self.engine._claim_lines(self.pump)

    def let_a_day_pass(self):
        for table in ("bigcommerce_queue_job", "bigcommerce_queue_line"):
            self.env.cr.execute(
                f"UPDATE {table} SET create_date = create_date - interval '1 day'"
            )
        self.env.cr.commit()

    # Steps

    def work(self):
        self.env.cr.commit()
        self.engine._cron_pump()
        self.env.cr.commit()

    def crash(self):
        """Let a worker claim a batch and die, and the next one find that out."""
        self.engine._claim_lines(self.pump)
        self.engine._recover(self.pump)
        self.env.invalidate_all()

    def send_numbers(self, count):
        """Send numbers of orders, whatever else is due."""
        code = "export_order_numbers"
        with self.batches_of(count):
            lines = self.engine._mark_lines(self.pump, self.instance.id, code, False)
            self.env.cr.commit()
            operation = self.instance._get_operation(code)
            self.engine._send_lines(operation, lines.with_env(operation.env))

    def place_orders(self, count, product_id=None, **cart):
        line = {"product_id": product_id or self.catalogue()[0]["id"], "quantity": 1}
        for _number in range(count):
            self.control("POST", "orders", {"lines": [line], **cart})

    def queue_orders(self, count, product_id=None, **cart):
        """Place orders and read them; returns their lines."""
        imports = [("operation", "=", "import_orders")]
        known = self.env["bigcommerce.queue.line"].search(imports)
        self.place_orders(count, product_id, **cart)
        self.scan_orders()
        return self.env["bigcommerce.queue.line"].search(imports) - known

    def scan_first(self, *operations):
        """Read the lists of what goes before everything else."""
        waiting = [("operation", "in", operations), ("state", "=", "pending")]
        while self.env["bigcommerce.queue.job"].search_count(waiting):
            self.engine._scan_next(self.pump)

    def scan_orders(self):
        self.instance._start("import_orders")
        while self.engine._scan_next(self.pump):
            pass
        self.env.cr.commit()

    def click_twice(self):
        """Two people start an import in the same moment: where nothing prevents that,
        two jobs are made."""
        with self.env.registry.cursor() as first, self.env.registry.cursor() as second:
            second.execute("SET lock_timeout = '1s'")
            with suppress(DatabaseError):
                for cr in (first, second):
                    self.instance.with_env(self.env(cr=cr))._start("import_orders")
                    cr.flush()
                second.commit()
            first.commit()
        self.env.cr.commit()

    def catalogue(self):
        return self.control("GET", "v3/catalog/products")

    def control(self, method, path, content=None):
        return control(self.address, method, path, content)

    @contextmanager
    def batches_of(self, count):
        usual = self.instance.queue_batch_limit
        self.instance.queue_batch_limit = count
        self.env.cr.commit()
        try:
            yield
        finally:
            self.env.cr.rollback()
            self.instance.queue_batch_limit = usual
            self.env.cr.commit()

    @contextmanager
    def outage(self):
        """Let the store's catalogue answer with errors."""
        fault = {"path": "^/v3/catalog", "status": 503, "times": 0}
        self.control("POST", "faults", fault)
        yield
        self.control("DELETE", "faults")

    @contextmanager
    def killed_in_second_request(self, is_carried_out):
        """Let a worker die in the second request that changes an order."""
        update_order = BigCommerceClient.update_order
        requests = 0

        def update(client, *arguments):
            nonlocal requests
            requests += 1
            is_last = requests == 2
            if is_carried_out or not is_last:
                update_order(client, *arguments)
            if is_last:
                raise SystemExit

        with patch.object(BigCommerceClient, "update_order", update):
            yield

    @contextmanager
    def on_progress(self, get_seconds_left):
        """Short pages; what follows each is up to ``get_seconds_left(page)``."""
        pages = 0

        def commit_progress(_cron, *_args, **_options):
            nonlocal pages
            pages += 1
            seconds_left = get_seconds_left(pages)
            self.env.cr.commit()
            return seconds_left

        with ExitStack() as stack:
            for method in ("iterate_orders", "iterate_products"):
                whole = getattr(BigCommerceClient, method)
                part = partialmethod(whole, limit=ROWS_PER_PAGE)
                stack.enter_context(patch.object(BigCommerceClient, method, part))
            stack.enter_context(
                patch.object(
                    type(self.env["ir.cron"]), "_commit_progress", commit_progress
                )
            )
            yield
