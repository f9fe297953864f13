"""An instance connected to the sandbox store of a measurement."""


class BenchStore:
    """A confirmed instance, and the pump that works on its queue.

    :param env: an Odoo environment on a real cursor
    :param address: where the sandbox store answers
    """

    def __init__(self, env, address):
        self.env = env
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

    def run(self, operation):
        """Run an operation to its end; returns its queue job."""
        job = self.instance._start(operation)
        self.work()
        assert job.state == "done", (operation, job.state, job.error_message)
        return job

    def work(self):
        """Let a pump work until nothing is due."""
        self.env.cr.commit()
        self.env["bigcommerce.engine"]._cron_pump()
        self.env.cr.commit()
