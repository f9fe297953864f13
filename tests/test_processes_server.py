"""A real server and its two cron threads."""

from odoo.tests import tagged

from .process_case import ProcessCase


@tagged("post_install", "-at_install")
class TestServer(ProcessCase):
    def test_its_two_cron_threads_import_two_hundred_orders_each_exactly_once(self):
        self.set_batch_limit(10)
        order_ids = [
            order_id for _round in range(4) for order_id in self.place_orders(50)
        ]
        with self.server():
            self.start("import_orders")
            pumps = set()
            self.wait_until(
                lambda: pumps.update(self.get_busy_pumps()) or self.is_idle(),
                "all is imported",
            )
        self.assertEqual(len(pumps), 2, "both worked")
        self.assertImported(order_ids)
        self.assertEqual(set(self.get_states("import_orders").values()), {"done"})
        self.assertEqual(
            {line["tries"] for line in self.get_lines("import_orders")}, {1}
        )

    def get_busy_pumps(self):
        with self.transaction() as env:
            env.cr.execute(
                "SELECT DISTINCT pump_id FROM bigcommerce_queue_line "
                "WHERE state = 'running'"
            )
            return [pump_id for (pump_id,) in env.cr.fetchall()]

    def test_a_server_that_is_killed_goes_on_when_it_is_started_again(self):
        self.set_batch_limit(10)
        order_ids = [
            order_id for _round in range(2) for order_id in self.place_orders(50)
        ]
        self.start("import_orders")
        with self.server() as process:
            self.wake()
            self.kill_server(
                process,
                lambda: (
                    {"running", "done"}
                    <= set(self.get_states("import_orders").values())
                ),
            )
        self.assertIn("running", self.get_states("import_orders").values())
        with self.server():
            self.wake()
            self.wait_until(self.is_idle, "all is imported")
        self.assertImported(order_ids)
        self.assertEqual(set(self.get_states("import_orders").values()), {"done"})
