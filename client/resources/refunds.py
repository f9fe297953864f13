"""What customers get back (§4.5)."""

from .. import paging
from .resource import Resource, portions, segment
from .scopes import ORDERS, ORDERS_WRITE


class Refunds(Resource):
    """Refunds of orders."""

    def quote_order_refund(self, order_id, content):
        """Return what a refund would amount to, and the ways to give it back:
        ``POST /v3/orders/{id}/payment_actions/refund_quotes`` (§4.5).

        It changes nothing: it is repeated like any read, and a transport that may only
        read sends it.

        :param dict content: ``{"items": […]}`` or ``{"tax_adjustment_amount": x}``
        :return: the quote, without the envelope
        :raises NotFound: if there is no such order
        :raises InvalidRequest: if it is more than is left, or the payment not settled
        """
        path = f"/v3/orders/{segment(order_id)}/payment_actions/refund_quotes"
        return paging.read_data_object(
            self.transport.exchange(
                "POST", path, json=content, scope=ORDERS_WRITE, is_write=False
            )
        )

    def refund_order(self, order_id, content):
        """Give money back: ``POST /v3/orders/{id}/payment_actions/refunds`` (§4.5).

        One refund of an order at a time. It is not idempotent: look at
        ``list_order_refunds`` before it is repeated. That it was accepted says nothing
        of its payments: each may be declined.

        :param dict content: as for a quote, with ``payments`` such that they equal one
            of its methods, and perhaps ``merchant_calculated_override``
        :return: the refund, without the envelope
        :raises NotFound: if there is no such order
        :raises InvalidRequest: if it is more than is left, or the payments are not
            those of a quote
        """
        path = f"/v3/orders/{segment(order_id)}/payment_actions/refunds"
        return self._write("POST", path, content, ORDERS_WRITE, paging.read_data_object)

    def list_order_refunds(self, order_id):
        """Return the refunds of an order by ascending id, also those of which all
        payments were declined:
        ``GET /v3/orders/{id}/payment_actions/refunds``, unpaged (§4.5).

        :raises NotFound: if there is no such order
        """
        path = f"/v3/orders/{segment(order_id)}/payment_actions/refunds"
        return paging.read_data_list(self._get(path, ORDERS))

    def iterate_refunds(
        self,
        *,
        order_ids=None,
        refund_ids=None,
        min_created=None,
        limit=250,
        first_page=1,
    ):
        """Yield pages of refunds of all orders by ascending id:
        ``GET /v3/orders/payment_actions/refunds`` (§4.5).

        :param order_ids: only those of these, asked for 100 at a time; none if empty
        :param refund_ids: only these, likewise
        :param min_created: aware datetime
        :param limit: refunds per page
        :param first_page: number of the page to begin with, to resume; only where
            nothing is asked for in portions
        :return: iterator of Page
        """
        for orders in portions(order_ids):
            for refunds in portions(refund_ids):
                yield from self._pages_by_total(
                    "/v3/orders/payment_actions/refunds",
                    ORDERS,
                    {
                        "order_id:in": orders,
                        "id:in": refunds,
                        "created:min": min_created,
                        "limit": limit,
                    },
                    first_page=first_page,
                )
