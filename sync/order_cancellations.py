"""What Odoo does when the store gives an order up, or goes on with it after all."""

from odoo import api, models
from odoo.fields import Domain

from .order_statuses import FINISHED, GIVEN_UP, NOT_GOING_ON, PARTIALLY_REFUNDED

# In which the store does not go on with what it had given up: it is partly refunded
# after its cancellation as well.
AT_AN_END = (*NOT_GOING_ON, PARTIALLY_REFUNDED)
ACTIVITY = "bigcommerce_connector.mail_activity_type_order_given_up"


class BigcommerceOrderCancellations(models.AbstractModel):
    """The steps of an order that the store cancels, declines or archives.

    Nothing that was delivered or invoiced is undone without a person: then an activity
    asks one, once, and has done so when the store takes it back. What a person has done
    about such an order stays.
    """

    _name = "bigcommerce.order.cancellations"
    _description = "BigCommerce: Cancellations of Orders"

    # Which orders

    @api.model
    def _get_domain(self):
        """Return which imported orders may be concerned."""
        return (
            self._get_given_up_domain()
            | self._get_going_on_domain() & Domain("store_cancellation", "!=", False)
        ) & Domain("sale_order_id", "!=", False)

    @api.model
    def _get_unsettled_domain(self):
        """Return of which of them something may be left to do or to ask."""
        is_complete = Domain("sale_order_id.invoice_status", "=", "invoiced") & Domain(
            "sale_order_id.delivery_status", "in", ("full", False)
        )
        is_put_away = Domain("status_id.bc_id", "in", FINISHED) | is_complete
        given_up = (
            Domain("status_id.bc_id", "in", GIVEN_UP)
            | Domain("is_deleted", "=", True) & ~is_put_away
        )
        return (
            given_up
            & Domain("store_cancellation", "in", (False, "taken_back"))
            & Domain("sale_order_id.state", "!=", "cancel")
            | self._get_going_on_domain()
            & Domain("store_cancellation", "in", ("cancelled", "asked"))
        ) & Domain("sale_order_id", "!=", False)

    @api.model
    def _get_given_up_domain(self):
        return Domain("status_id.bc_id", "in", GIVEN_UP) | Domain(
            "is_deleted", "=", True
        )

    @api.model
    def _get_going_on_domain(self):
        return Domain("status_id.bc_id", "not in", AT_AN_END) & Domain(
            "is_deleted", "=", False
        )

    @api.model
    def _is_given_up(self, record):
        """Return whether the store has cancelled, declined or archived an order.

        Who selects such a status for import wants it all the same.
        """
        selected = record.instance_id.order_status_ids
        if record.status_id.bc_id in GIVEN_UP and record.status_id not in selected:
            return True
        return record.is_deleted and not self._is_put_away(record)

    @api.model
    def _is_put_away(self, record):
        """Return whether an archived order was done before, there or here."""
        order = record.sale_order_id
        return record.status_id.bc_id in FINISHED or (
            order.invoice_status == "invoiced"
            and order.delivery_status in ("full", False)
        )

    @api.model
    def _find_given_up(self, records):
        """Return those of ``records`` about which something is to be done or asked."""
        return records.filtered(
            lambda record: (
                record.sale_order_id.state not in (False, "cancel")
                and record.store_cancellation != "cancelled"
                and self._is_given_up(record)
            )
        )

    @api.model
    def _find_taken_back(self, records):
        """Return those with which the store goes on although it had given them up."""
        return records.filtered_domain(
            self._get_going_on_domain()
            & Domain("store_cancellation", "in", ("cancelled", "asked"))
        )

    # What is done about them

    @api.model
    def _give_up(self, records_by_order):
        """Cancel what was neither delivered nor invoiced, and ask about the rest.

        :param dict records_by_order: sale order -> bigcommerce.order
        """
        cancelled = self.env["sale.order"]
        for order, record in records_by_order.items():
            obstacles = self._find_obstacles(record)
            if obstacles or record.store_cancellation == "asked":
                self._ask_to_cancel(record, obstacles)
            else:
                cancelled |= order
        cancelled.action_cancel()
        for order in cancelled:
            record = records_by_order[order]
            record.store_cancellation = "cancelled"
            order.message_post(
                body=self.env._(
                    "Cancelled along with the store's order. %s", self._describe(record)
                )
            )
        return {}

    @api.model
    def _take_back(self, records_by_order):
        """Set to quotation again what was cancelled for the store's sake.

        A person is asked where that does not bring everything back.
        """
        for order, record in records_by_order.items():
            was_asked = record.store_cancellation == "asked"
            self._close_question(order, self._describe_taking_back(record))
            record.store_cancellation = False
            if order.state != "cancel":
                continue
            if was_asked or not self._is_untouched(order):
                self._ask_to_resume(record)
                continue
            order.action_draft()
            order.message_post(
                body=self.env._(
                    "Set to quotation again. %s", self._describe_taking_back(record)
                )
            )
            if not self._is_confirmed_by_itself(record):
                self._ask_to_resume(record)
        return {}

    @api.model
    def _find_obstacles(self, record):
        """Return why an order is not cancelled without a person, as texts."""
        order = record.sale_order_id
        reasons = []
        if order.locked:
            reasons.append(self.env._("It is locked."))
        if done := order.picking_ids.filtered(lambda picking: picking.state == "done"):
            reasons.append(
                self.env._("Transfers are done: %s.", ", ".join(done.mapped("name")))
            )
        elif order.order_line.filtered(
            lambda line: line.qty_delivered and not line._is_intangible()
        ):
            reasons.append(self.env._("Some of it is delivered."))
        if invoices := order.invoice_ids.filtered(self._is_obstacle):
            reasons.append(
                self.env._(
                    "There are invoices: %s.",
                    ", ".join(invoices.mapped("display_name")),
                )
            )
        if any(
            rest < ordered
            for variants in (record.stock_quantities or {}).values()
            for ordered, rest in variants.values()
        ):
            reasons.append(self.env._("BigCommerce has shipped some of it."))
        return reasons

    @api.model
    def _is_obstacle(self, move):
        """Return whether an invoice is more than a draft of this order alone."""
        if move.state == "draft":
            orders = move.line_ids.sale_line_ids.order_id
            return move.posted_before or len(orders) > 1
        return move.state == "posted"

    @api.model
    def _is_untouched(self, order):
        """Return whether nothing but the order itself was cancelled.

        Cancelled deliveries are made again by a confirmation, invoices are not.
        """
        return not order.invoice_ids and "done" not in order.picking_ids.mapped("state")

    @api.model
    def _is_confirmed_by_itself(self, record):
        lines = self.env["bigcommerce.workflow.line"]._find_lines(
            record.instance_id, record
        )
        return lines[record.id].workflow_id.confirm_order

    # Whom is asked what

    @api.model
    def _ask_to_cancel(self, record, obstacles):
        """Ask what is to become of an order; a question still open follows the store.

        Who has answered it is not asked again.
        """
        is_open = self._find_question(record.sale_order_id)
        if record.store_cancellation == "asked" and not is_open:
            return
        # It comes by with each run as long as anything of it is open.
        if record.store_cancellation != "asked":
            record.store_cancellation = "asked"
        self._ask(
            record,
            self._describe(record),
            " ".join(
                [
                    self.env._("It is not cancelled in Odoo by itself."),
                    *obstacles,
                    self.env._("Decide what is to be taken back or credited."),
                ]
            ),
        )

    @api.model
    def _ask_to_resume(self, record):
        record.store_cancellation = "taken_back"
        self._ask(
            record,
            self._describe_taking_back(record),
            self.env._(
                "It had been cancelled in Odoo. Confirm it again if it is to be "
                "delivered; else cancel it in BigCommerce, too."
            ),
        )

    @api.model
    def _ask(self, record, summary, note):
        """Give a person an activity, or let the open one say something else."""
        order = record.sale_order_id
        if question := self._find_question(order):
            if question.summary != summary or note not in (question.note or ""):
                question.write({"summary": summary, "note": note})
            return
        order.activity_schedule(
            ACTIVITY,
            summary=summary,
            note=note,
            user_id=self._find_person(record).id,
        )

    @api.model
    def _find_question(self, order):
        return order.activity_search([ACTIVITY])

    @api.model
    def _close_question(self, orders, answer):
        """End what people were asked about orders: it has been answered.

        :param str answer: what is noted with it
        """
        if self._find_question(orders):
            orders.activity_feedback([ACTIVITY], feedback=answer)

    @api.model
    def _find_person(self, record):
        """Return who is asked about an order: one who may see it."""
        order, instance = record.sale_order_id, record.instance_id
        for user in (order.user_id, instance.user_id, instance.create_uid):
            if (
                user.active
                and order.company_id in user.company_ids
                and order.with_user(user).has_access("read")
            ):
                return user
        return instance._get_manager()

    @api.model
    def _describe(self, record):
        """Return how the store has given an order up."""
        if record.status_id.bc_id in GIVEN_UP:
            return self.env._("BigCommerce: %s.", record.status)
        return self.env._("Archived in BigCommerce.")

    @api.model
    def _describe_taking_back(self, record):
        return self.env._("BigCommerce goes on with the order: %s.", record.status)
