"""The statuses of orders by id, and which of them mean the same for an order's goods.

bigcommerce-api.md §3.10.
"""

(
    INCOMPLETE,
    PENDING,
    SHIPPED,
    PARTIALLY_SHIPPED,
    REFUNDED,
    CANCELLED,
    DECLINED,
    AWAITING_PAYMENT,
    AWAITING_PICKUP,
    AWAITING_SHIPMENT,
    COMPLETED,
    AWAITING_FULFILLMENT,
    MANUAL_VERIFICATION,
    DISPUTED,
    PARTIALLY_REFUNDED,
) = range(15)

DELIVERED = (SHIPPED, COMPLETED)
# not, or no longer, to be delivered
GIVING_BACK = (REFUNDED, CANCELLED, DECLINED)
