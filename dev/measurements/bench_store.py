"""An instance connected to the sandbox store of a measurement."""

import time

NEVER = "2999-01-01"
# Seconds after which something must be wrong: Odoo's cron workers look every minute.
PATIENCE = 150


class BenchStore:
    """A confirmed instance, and the pump that works on its queue.

    :param env: an Odoo environment on a real cursor
    :param address: where the sandbox store answers
    """

    def __init__(self, env, address):
        self.env = env
        # Odoo's own would be measured too.
        crons = env["bigcommerce.engine"]._get_pumps()
        (env["ir.cron"].search([]) - crons).active = False
        self.instance = env["bigcommerce.instance"].create(
            {
                "name": "Bench",
                "store_hash": "sandbox",
                "access_token": "sandbox-token",
                "api_url": address,
                "create_odoo_products": True,
                "import_orders_from": "2000-01-01",
            }
        )
        self.instance.action_confirm()
        self.work()

    def run(self, operation, **options):
        """Run an operation to its end; returns its queue job."""
        job = self.instance._start(operation, **options)
        self.work()
        assert job.state == "done", (operation, job.state, job.error_message)
        return job

    def follow_taxes(self):
        """Let orders bear the store's taxes."""
        tax = self.env.company.account_sale_tax_id
        account = tax.invoice_repartition_line_ids.account_id
        assert account, tax
        self.instance.write(
            {"tax_system": "marketplace", "tax_account_id": account[0].id}
        )

    def work(self):
        """Let a pump work until nothing is due."""
        self.env.cr.commit()
        self.env["bigcommerce.engine"]._cron_pump()
        self.env.cr.commit()

    def time_pump(self):
        """Let a pump work on what is due; returns the seconds."""
        start = time.perf_counter()
        self.env["bigcommerce.engine"]._cron_pump()
        return time.perf_counter() - start

    def queue(self, operation, **options):
        """Queue all that an operation has to do, none of it due; returns the lines."""
        self.instance._start(operation, **options)
        while self.env["bigcommerce.engine"]._scan_next(self.env["ir.cron"]):
            pass
        lines = self.env["bigcommerce.queue.line"].search(
            [("operation", "=", operation)], order="id"
        )
        lines.not_before = NEVER
        return lines

    def release(self, lines):
        """Let queue lines be due now; the pumps look at them."""
        lines.not_before = False
        self.env["bigcommerce.engine"]._wake()
        self.env.cr.commit()

    def find_orders(self, lines):
        """Return the store's orders that queue lines are about, oldest first."""
        return self.env["bigcommerce.order"].search(
            [("bc_id", "in", lines.mapped("key"))], order="id"
        )

    def get_operation_env(self):
        """Return the environment in which operations work for the instance."""
        return self.env["bigcommerce.operation"]._with_store(self.instance).env

    def wait_for(self, query, *parameters):
        """Ask until a query answers with a row of something true; return its value."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.env.cr.rollback()
            self.env.cr.execute(query, parameters)
            (value,) = self.env.cr.fetchone() or (None,)
            if value:
                return value
            time.sleep(0.01)
        raise AssertionError(f"Not within {PATIENCE} s: {query} {parameters}")
