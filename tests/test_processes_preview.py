"""A preview on a real transaction, which others see or do not see anything of."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sync import rehearsal
from .preview_case import compare, take_snapshot
from .process_case import ProcessCase


@tagged("post_install", "-at_install")
class TestPreviewProcesses(ProcessCase):
    def take_snapshot(self):
        with self.transaction() as env:
            return take_snapshot(env.cr)

    def test_nothing_of_it_is_left_and_the_import_does_what_it_said(self):
        order_ids = self.place_orders(3)
        before = self.take_snapshot()
        for _nth in range(2):
            with self.transaction() as env:
                result = env["bigcommerce.rehearsal"]._rehearse(
                    self.get_instance(env), "import_orders", {}, 100
                )
            self.assertEqual(compare(before, self.take_snapshot()), set())
        self.assertEqual(
            {vals["bc_id"]: vals["verdict"] for vals in result.vals_list},
            dict.fromkeys(order_ids, "create"),
        )
        self.assertEqual(result.request_count, 2)
        self.start("import_orders")
        self.work_off(1)
        self.assertImported(order_ids)

    def test_who_works_on_the_same_order_is_waited_for_in_vain_but_not_for_long(self):
        (order_id,) = self.place_orders(1)
        self.start("import_orders")
        self.work_off(1)
        self.store.patch(f"v2/orders/{order_id}", staff_notes="Call them")
        with self.transaction() as other:
            other.cr.execute("SELECT FROM bigcommerce_order FOR UPDATE")
            with self.transaction() as env:
                self.patch(rehearsal, "LOCK_TIMEOUT", "10ms")
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaisesRegex(UserError, "being worked on"),
                ):
                    env["bigcommerce.rehearsal"]._rehearse(
                        self.get_instance(env), "import_orders", {}, 100
                    )
