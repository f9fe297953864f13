"""Whatever happens on both sides, and in whatever order, both agree in the end.

A history is some steps of what people, the store and workers do. Then all trouble ends,
everything runs until nothing is due, and both sides are compared. `make histories
N=1000` tells a thousand of them; hypothesis prints the shortest one that fails.
"""

import os
import sys
from functools import partialmethod

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo.tests import tagged

from .history_case import BANK, CARD, CASH, GOODS, OPERATIONS, SKUS, HistoryCase

# As `make histories` says.
NUMBER = int(os.environ.get("BIGCOMMERCE_TEST_HISTORIES") or 0)
SEED = int(os.environ.get("BIGCOMMERCE_TEST_SEED") or 1)
STEPS = 12
# The shortest history that fails is looked for where somebody waits for it.
PHASES = (Phase.generate, Phase.shrink) if NUMBER else (Phase.generate,)
# From which seeds how many are told: no more at a time than a test may take.
PARTS = {SEED: NUMBER} if NUMBER else dict.fromkeys(range(1, 13), 20)

SOME = st.integers(1, 4)
LINES = st.lists(
    st.tuples(st.sampled_from(SKUS), SOME),
    min_size=1,
    max_size=2,
    unique_by=lambda x: x[0],
)
GATEWAYS = st.sampled_from((CARD, BANK, CASH))
PRICES = st.sampled_from(("0.99", "12.5", "20", "99.95"))


class History(RuleBasedStateMachine):
    """What may happen to a store, to Odoo, and to the workers between them."""

    case = None
    orders = Bundle("orders")

    def __init__(self):
        super().__init__()
        self.case.begin()
        # Or what people ask of the store would meet it.
        self.is_in_trouble = False

    def teardown(self):
        try:
            # What has failed already is not compared.
            if sys.exc_info()[0] is None:
                self.case.come_to_rest()
                self.case.assertAgreement()
        finally:
            self.case.end()

    # Shoppers, and the store's people

    @initialize(target=orders, lines=LINES, gateway=GATEWAYS)
    def a_first_order_is_there(self, lines, gateway):
        bc_id = self.case.shop(lines, gateway)
        self.case.start("import_orders")
        self.case.work()
        return bc_id

    @rule(
        target=orders,
        lines=LINES,
        gateway=GATEWAYS,
        shipping=st.sampled_from(([], ["5"])),
        discount=st.sampled_from(("0", "0", "1.11")),
    )
    def a_shopper_orders(self, lines, gateway, shipping, discount):
        bc_id = self.case.shop(lines, gateway, shipping=shipping, discount=discount)
        return bc_id or multiple()

    @rule(order=orders, number=st.integers(1, 2), quantity=SOME)
    def the_store_changes_a_quantity(self, order, number, quantity):
        self.case.edit(order, lines={f"{order}{number:02}": {"quantity": quantity}})

    @rule(order=orders, number=st.integers(1, 2))
    def the_store_takes_a_line_out(self, order, number):
        self.case.edit(order, lines={f"{order}{number:02}": None})

    @rule(order=orders, sku=st.sampled_from(SKUS), quantity=SOME)
    def the_store_adds_a_line(self, order, sku, quantity):
        self.case.edit(order, add=[{"sku": sku, "quantity": quantity}])

    @rule(order=orders, status=st.sampled_from((5, 6, 7, 9, 11, 12, 13, 10)))
    def the_store_moves_an_order(self, order, status):
        self.case.move(order, status)

    @rule(order=orders, is_deleted=st.sampled_from((True, True, False)))
    def the_store_archives_an_order(self, order, is_deleted):
        self.case.put_away(order, is_deleted)

    @rule(order=orders, number=st.integers(0, 1), quantity=SOME)
    def the_store_refunds(self, order, number, quantity):
        self.case.refund_there(order, number, quantity)

    @precondition(lambda self: not self.is_in_trouble)
    @rule(order=orders, number=st.integers(0, 1), quantity=SOME)
    def the_store_ships(self, order, number, quantity):
        self.case.ship_there(order, number, quantity)

    @rule(sku=st.sampled_from(GOODS), quantity=st.integers(0, 30))
    def the_store_counts_stock(self, sku, quantity):
        self.case.count_there(sku, quantity)

    @rule(sku=st.sampled_from(SKUS), price=PRICES)
    def the_store_changes_a_price(self, sku, price):
        self.case.price_there(sku, float(price))

    @rule(sku=st.sampled_from(SKUS))
    def the_store_deletes_a_product(self, sku):
        self.case.delete_there(sku)

    # People in Odoo

    @rule(sku=st.sampled_from(GOODS), quantity=st.integers(-10, 10))
    def somebody_moves_stock(self, sku, quantity):
        with self.case.person():
            self.case.put_into_stock(sku, quantity)

    @rule(sku=st.sampled_from(SKUS), price=PRICES)
    def somebody_changes_a_price(self, sku, price):
        with self.case.person():
            self.case.price_here(sku, float(price))

    @rule(order=orders)
    def somebody_confirms(self, order):
        with self.case.person():
            if self.case.find(order).state == "draft":
                self.case.find(order).action_confirm()

    @rule(order=orders, quantity=st.sampled_from((None, None, 1)))
    def somebody_delivers(self, order, quantity):
        with self.case.person():
            self.case.deliver(self.case.find(order), quantity)

    @rule(order=orders)
    def somebody_takes_back(self, order):
        with self.case.person():
            self.case.take_back(self.case.find(order))

    @rule(order=orders)
    def somebody_invoices(self, order):
        with self.case.person():
            self.case.invoice(self.case.find(order))

    @rule(order=orders)
    def somebody_is_paid(self, order):
        with self.case.person():
            self.case.pay(self.case.find(order))

    @rule(order=orders, there=st.booleans(), with_refund=st.booleans())
    def somebody_cancels(self, order, there, with_refund):
        with self.case.person():
            if sale_order := self.case.find(order):
                self.case.cancel(sale_order, there, with_refund)

    @rule(order=orders)
    def somebody_takes_it_up_again(self, order):
        with self.case.person():
            sale_order = self.case.find(order)
            if sale_order.state == "cancel":
                sale_order.action_draft()

    @precondition(lambda self: not self.is_in_trouble)
    @rule(order=orders, there=st.booleans())
    def somebody_credits(self, order, there):
        with self.case.person():
            self.case.credit(self.case.find(order), there)

    @rule(order=orders)
    def somebody_applies_changes(self, order):
        with self.case.person():
            self.case.find(order).action_apply_bigcommerce_changes()

    @rule(order=orders)
    def somebody_ignores_changes(self, order):
        with self.case.person():
            if self.case.get_order(order).changes:
                self.case.find(order).action_ignore_bigcommerce_changes()
                self.case.ignored.add(order)

    @rule(order=orders)
    def somebody_releases(self, order):
        with self.case.person():
            self.case.get_order(order).action_release()

    @rule()
    def somebody_retries(self):
        with self.case.person():
            self.case.retry()

    # Workers, and what befalls them

    @rule(operation=st.sampled_from(OPERATIONS))
    def an_operation_runs(self, operation):
        self.case.start(operation)
        self.case.work()

    @rule()
    def everything_runs(self):
        self.case.start(*OPERATIONS)
        self.case.work()

    @rule()
    def time_passes(self):
        self.case.let_time_pass()
        self.case.work()

    @rule(
        method=st.sampled_from(("_commit", "_commit", "request")),
        number=st.integers(1, 20),
        after=st.booleans(),
    )
    def a_worker_is_killed(self, method, number, after):
        self.case.start(*OPERATIONS)
        self.case.be_killed(method, number, after)

    @rule(nth=st.integers(1, 3), times=st.integers(1, 3))
    def answers_are_lost(self, nth, times):
        self.is_in_trouble = True
        self.case.store.fault(
            "", method="POST", kind="reset", after=True, nth=nth, times=times
        )
        self.case.store.fault(
            "", method="PUT", kind="reset", after=True, nth=nth, times=times
        )

    @rule(
        path=st.sampled_from(("", "orders", "catalog", "inventory", "payment_actions")),
        status=st.sampled_from((500, 503, 429, 401)),
        times=st.integers(1, 6),
    )
    def the_store_is_in_trouble(self, path, status, times):
        self.is_in_trouble = True
        headers = {"X-Rate-Limit-Time-Reset-Ms": "60000"} if status == 429 else {}
        self.case.store.fault(path, status=status, times=times, headers=headers)

    @precondition(lambda self: self.is_in_trouble)
    @rule()
    def the_trouble_is_over(self):
        self.is_in_trouble = False
        self.case.store.heal()
        self.case.give_token()


@tagged("post_install", "-at_install")
class TestHistories(HistoryCase):
    def tell(self, start, number):
        """Tell so many histories.

        :param start: from which the random numbers come
        """
        machine = seed(start)(type("History", (History,), {"case": self}))
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=number,
                stateful_step_count=STEPS,
                phases=PHASES,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


for _start, _number in PARTS.items():
    setattr(
        TestHistories,
        f"test_both_sides_agree_in_the_end_{_start}",
        partialmethod(TestHistories.tell, _start, _number),
    )
