"""What becomes of work if access is refused or changed: rows 15 to 17 of the faults."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..client.resources import scopes
from .fault_case import CANARY, TOKEN, FaultCase
from .process_case import pauses

SHIPMENTS = "bigcommerce.export.shipments"
NEW_TOKEN = f"{CANARY}-that-is-new"
ALL_SCOPES = [
    value
    for name, value in vars(scopes).items()
    if name.isupper() and isinstance(value, str)
]


@tagged("post_install", "-at_install")
class TestAccess(FaultCase):
    def enter_token(self, token):
        """Do what a person does who has seen to the access."""
        with self.transaction() as env:
            self.get_instance(env).access_token = token

    def test_a_token_that_is_revoked_pauses_the_store_once_and_loses_nothing(self):
        """Row 15."""
        self.add_fault(status=401, nth=3, times=0)
        self.work()
        self.assertTrue(self.get_condition("is_access_refused"))
        self.assertEqual(self.count_alerts(), 1)
        self.assertEqual(self.get_problems(), {})
        for line in self.get_lines():
            if line["state"] != "done":
                self.assertIn(
                    (line["state"], line["tries"]), [("pending", 0), ("unknown", 1)]
                )
        self.assertOtherStoreServed()
        asked = len(self.store.get_requests())
        self.work_later(61)
        self.assertEqual(len(self.store.get_requests()), asked)
        self.assertEqual(self.count_alerts(), 1)
        self.store.heal()
        self.store.control("PUT", "access", {"access_token": NEW_TOKEN})
        self.enter_token(NEW_TOKEN)
        self.work()
        self.work_later()
        self.assertEqual(self.count_alerts(), 0)
        self.assertInStep()
        self.check()

    def test_a_scope_that_is_missing_stops_what_takes_it_and_nothing_else(self):
        """Row 16."""
        granted = [name for name in ALL_SCOPES if name != scopes.INVENTORY_WRITE]
        self.store.control("PUT", "access", {"scopes": granted})
        self.work()
        self.work_later()
        problems = self.get_problems()
        self.assertEqual(
            {operation for operation, _key in problems}, {"export_inventory"}
        )
        for state, message in problems.values():
            self.assertEqual(state, "blocked")
            self.assertIn("Store Inventory", message)
        self.assertFalse(self.get_condition("is_access_refused"))
        self.assertEqual(self.get_imported(self.new_orders), [1, 1])
        self.store.control("PUT", "access", {"scopes": None})
        self.enter_token(TOKEN)
        self.work()
        self.assertInStep()
        self.check()

    def test_a_job_goes_on_with_the_new_token_and_never_in_another_store(self):
        """Row 17."""
        worker = self.start_worker(pauses("_send", SHIPMENTS, name="send"))
        self.wait_paused("send")
        self.store.control("PUT", "access", {"access_token": NEW_TOKEN})
        self.enter_token(NEW_TOKEN)
        with self.assertRaises(ValidationError), self.transaction() as env:
            self.get_instance(env).store_hash = "elsewhere"
        self.let_go("send")
        self.wait_until(self.is_idle, "the worker goes on")
        self.assertEqual(worker.stop(), 0)
        # The old token was refused; that says nothing of the new one.
        self.assertFalse(self.get_condition("is_access_refused"))
        self.assertEqual(self.count_alerts(), 0)
        self.work()
        self.work_later()
        self.assertInStep()
        self.check()
