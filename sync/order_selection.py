from datetime import datetime
from typing import NamedTuple

from odoo import api, models

from .order_statuses import CALLED_OFF, DOUBTFUL, INCOMPLETE
from .values import to_odoo

# What not even a person who asks for an order can overrule.
INEVITABLE = ("incomplete", "archived")


class Traits(NamedTuple):
    """What the selection of an order goes by; ids are the store's, the date is UTC."""

    status_id: str
    channel_id: str
    is_deleted: bool
    date_created: datetime | bool


class OrderState(NamedTuple):
    """State, reason code and details that a ``bigcommerce.order`` comes to have."""

    state: str
    reason_code: str | bool
    message: str | bool


class BigcommerceOrderSelection(models.AbstractModel):
    """Which orders of a store are to become sale orders, and why others are not."""

    _name = "bigcommerce.order.selection"
    _description = "BigCommerce Order Selection"

    @api.model
    def _was_wanted(self, record):
        """Return whether an order was on its way into Odoo, and is stuck perhaps.

        One that was never read says nothing of its status.
        """
        return record and record.state in ("waiting", "blocked") and record.status

    @api.model
    def _get_state(self, instance, order, is_asked_for, was_wanted):
        """Return the :class:`OrderState` of an order that is not imported yet."""
        reasons = self._get_reasons_to_pass_over(
            instance, self._get_traits(order), is_asked_for, was_wanted
        )
        if reasons:
            return OrderState("not_selected", reasons[0], False)
        return OrderState("waiting", False, False)

    @api.model
    def _get_traits(self, order):
        """Return by what an order is selected, as the store says it."""
        return Traits(
            order.status_id,
            order.channel_id,
            order.is_deleted,
            to_odoo(order.date_created),
        )

    @api.model
    def _get_known_traits(self, record):
        """Return by what an order is selected, as it was when it was read last."""
        return Traits(
            record.status_id.bc_id,
            record.channel_id.bc_id,
            record.is_deleted,
            record.date_created,
        )

    @api.model
    def _get_reasons_to_pass_over(self, instance, traits, is_asked_for, was_wanted):
        """Return the codes of all reasons why an order is not imported, worst first.

        What was wanted once is not lost by going its way in the store: only if the
        store has given it up is it wanted no more.

        :param Traits traits: what the order is selected by
        """
        reasons = []
        if traits.status_id == INCOMPLETE:
            reasons.append("incomplete")
        if traits.is_deleted:
            reasons.append("archived")
        if is_asked_for:
            return reasons
        is_selected = traits.status_id in instance.order_status_ids.mapped("bc_id")
        goes_its_way = was_wanted and traits.status_id not in (*CALLED_OFF, *DOUBTFUL)
        # That the checkout is to be ended says enough of the status.
        if not (is_selected or goes_its_way or traits.status_id == INCOMPLETE):
            reasons.append("status")
        channels = instance.channel_ids.mapped("bc_id")
        if channels and traits.channel_id not in channels:
            reasons.append("channel")
        start, created = instance.import_orders_from, traits.date_created
        if start and created and created < start:
            reasons.append("too_old")
        return reasons
