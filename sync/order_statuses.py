"""The ids of the store's order statuses (§3.10), and what they have in common. Pure."""

INCOMPLETE, PENDING, SHIPPED, PARTIALLY_SHIPPED = "0", "1", "2", "3"
REFUNDED, CANCELLED, DECLINED, AWAITING_PAYMENT = "4", "5", "6", "7"
AWAITING_PICKUP, AWAITING_SHIPMENT = "8", "9"
COMPLETED, AWAITING_FULFILLMENT = "10", "11"
MANUAL_VERIFICATION, DISPUTED, PARTIALLY_REFUNDED = "12", "13", "14"

# From placed to completed; those of one step are none before the other.
_STEPS = (
    (PENDING,),
    (AWAITING_PAYMENT,),
    (AWAITING_FULFILLMENT,),
    (AWAITING_PICKUP, AWAITING_SHIPMENT),
    (PARTIALLY_SHIPPED,),
    (SHIPPED,),
    (COMPLETED,),
)
_PROGRESS = {status: step for step, own in enumerate(_STEPS) for status in own}

# In which the store waits for the customer's money.
UNPAID = (PENDING, AWAITING_PAYMENT)
# In which an order counts as paid.
PAID = tuple(status for status in _PROGRESS if status not in UNPAID)
# In which all of an order has been handed over.
FINISHED = (SHIPPED, COMPLETED)
# In which the store has given an order up.
GIVEN_UP = (CANCELLED, DECLINED)
# In which it wants nothing to be done with it any more.
CALLED_OFF = (REFUNDED, *GIVEN_UP)
# In which it is no order yet, or none any more.
NOT_GOING_ON = (INCOMPLETE, *CALLED_OFF)
# In which a person has to look first.
DOUBTFUL = (MANUAL_VERIFICATION, DISPUTED)


def is_ahead(status_id, other_id):
    """Return whether an order that goes to ``status_id`` from ``other_id`` goes on.

    Never from a status that is off the way, such as cancelled or disputed.
    """
    return (
        status_id in _PROGRESS
        and other_id in _PROGRESS
        and _PROGRESS[status_id] > _PROGRESS[other_id]
    )
