"""What customers pay (§4)."""

from .. import paging
from .resource import Resource, segment
from .scopes import ORDERS_WRITE, TRANSACTIONS


class Payments(Resource):
    """Payments of orders."""

    def list_order_transactions(self, order_id):
        """Return what happened to the payments of an order, [] for nothing:
        ``GET /v3/orders/{id}/transactions``, unpaged (§4.1).

        Some payment methods leave no transactions.

        :raises NotFound: if there is no such order
        """
        path = f"/v3/orders/{segment(order_id)}/transactions"
        return paging.read_data_list(self._get(path, TRANSACTIONS))

    def capture_order_payment(self, order_id):
        """Let BigCommerce take the payment of an order:
        ``POST /v3/orders/{id}/payment_actions/capture`` (§4.3).

        It is accepted now and carried out later: the order's ``payment_status`` is
        "capture pending" until it says what came of it. Not idempotent: look at the
        transactions first.

        :raises NotFound: if there is no such order
        :raises InvalidRequest: if there is nothing to capture, or its payment method
            knows no capture
        """
        path = f"/v3/orders/{segment(order_id)}/payment_actions/capture"
        self.transport.exchange("POST", path, scope=ORDERS_WRITE)
