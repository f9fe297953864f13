"""Why the order of a store is held: what a person has to look at before it goes on."""

from typing import NamedTuple

from .order_statuses import DISPUTED, MANUAL_VERIFICATION
from .total_guard import explain_difference

# What the statuses mean here in which a person has to look first.
REASON_CODES = {MANUAL_VERIFICATION: "verification", DISPUTED: "disputed"}


class Hold(NamedTuple):
    """Reason code and details with which an order is held."""

    reason_code: str
    message: str


def find_hold(record):
    """Return the :class:`Hold` of an imported order, None if it may go on.

    Each reason is released by itself: a status as long as the store leaves the order in
    it, amounts for good. Amounts hold quotations only.

    :param record: the bigcommerce.order
    """
    order, status = record.sale_order_id, record.status_id
    if order.state == "cancel":
        return None
    if status.bc_id in REASON_CODES and status != record.released_status_id:
        return Hold(REASON_CODES[status.bc_id], _explain_status(record))
    is_quotation = order.state in ("draft", "sent")
    if is_quotation and not record.released_by_id:
        if difference := explain_difference(record, order):
            return Hold("total_differs", difference)
    return None


def _explain_status(record):
    if REASON_CODES[record.status_id.bc_id] == "disputed":
        return record.env._(
            "BigCommerce: %s. The customer contests the payment. Look at the dispute "
            "in the control panel before you deliver or invoice anything.",
            record.status,
        )
    return record.env._(
        "BigCommerce: %s. The payment or the customer is to be checked by hand. The "
        "order goes on by itself once its status is another one.",
        record.status,
    )
