"""A person at the screen who looks at what observe mode has kept back."""

from odoo.tests import HttpCase, tagged

from .test_export_order_numbers import OPERATION, NumbersCase


@tagged("post_install", "-at_install")
class TestLogsInBrowser(NumbersCase, HttpCase):
    def test_what_would_have_been_sent_is_found_and_its_order_opened(self):
        self.instance.observe_mode = True
        self.import_unsent()
        self.drain()
        line = self.get_lines(OPERATION)
        self.start_tour(
            f"/odoo/bigcommerce-queue-lines/{line.id}",
            "bigcommerce_see_what_is_held_back",
            login="admin",
        )
