"""A person at the screen: an operation is chosen, started, and followed to its end."""

from odoo.tests import HttpCase, new_test_user, tagged

from .common import SandboxCase


@tagged("post_install", "-at_install")
class TestOperationsInBrowser(SandboxCase, HttpCase):
    def test_an_operation_is_chosen_started_and_followed_until_it_is_done(self):
        instance = self.confirm_instance()
        # May start what there is, and change no job; and may run scheduled actions,
        # by which the tour lets the queue be worked off while the screen is open.
        new_test_user(
            self.env,
            "operator",
            "bigcommerce_connector.bigcommerce_group_user,base.group_system",
        )
        self.start_tour(
            f"/odoo/bigcommerce-instances/{instance.id}",
            "bigcommerce_operations",
            login="operator",
        )
        job = self.get_lines("import_customers").job_id
        self.assertEqual((job.state, job.done_count), ("done", 3))
