from typing import NamedTuple

from odoo import api, models
from odoo.tools import format_datetime, format_list

from .order_evidence import IMPORT
from .values import to_odoo

# What a person decided of an order, which no filter overrules.
DECIDED = ("cancelled", "deleted")


class Verdict(NamedTuple):
    """Why an order of the store is or is not in Odoo.

    ``code``: one of ``bigcommerce.order.explanation``'s verdicts.
    ``title``: the verdict in a sentence.
    ``reasons``: all that led to it, a sentence each.
    ``advice``: what to do, or what happens by itself.
    ``can_import``: whether *Import Now* may change it.
    ``line``: the queue line that it is about.
    """

    code: str
    title: str
    reasons: list
    advice: str
    can_import: bool
    line: models.Model


class BigcommerceOrderVerdict(models.AbstractModel):
    """Why an order of the store is or is not in Odoo, by the evidence on it."""

    _name = "bigcommerce.order.verdict"
    _description = "Verdict on a BigCommerce Order"

    @api.model
    def _judge(self, evidence):
        """Return the :class:`Verdict`."""
        if evidence.record.sale_order_id:
            return self._judge_imported(evidence)
        if evidence.is_gone:
            return self._judge_gone(evidence)
        line = evidence.line
        if line.state in line._ACTIVE_STATES:
            return self._judge_waiting(evidence)
        if evidence.is_importable and evidence.run:
            return self._judge_waiting(evidence)
        if evidence.unreadable:
            return self._judge_stuck(evidence)
        if evidence.codes or evidence.record.reason_code in DECIDED:
            return self._judge_passed_over(evidence)
        if line.state in ("pending", "retry"):
            return self._judge_waiting(evidence)
        if line or evidence.record.state == "blocked":
            return self._judge_stuck(evidence)
        return self._judge_unseen(evidence)

    @api.model
    def _judge_imported(self, evidence):
        record = evidence.record
        sale_order = record.sale_order_id
        line = evidence.workflow_line.filtered("cause_id")
        code, reasons, advice = "imported", [], ""
        if line:
            code, advice = "stopped", line.advice
            reasons.append(self._explain_cause(line))
        is_called_off = self.env["bigcommerce.process.orders"]._is_called_off(record)
        if is_called_off:
            code = "called_off"
            advice = self.env._(
                "Nothing more is done with the sales order by itself. Cancel it, or go "
                "on with it by hand."
            )
            reasons.insert(
                0,
                self.env._("It is archived in BigCommerce.")
                if record.is_deleted
                else self.env._(
                    "Its status in BigCommerce is %s.", self._get_status(record)
                ),
            )
        if record.state == "held":
            code = "held"
            advice = self.env._(
                "See to what holds it, or release it as it is. Until then it does not "
                "go on by itself."
            )
            label, details = self._get_label(record), record.reason_message
            reasons.insert(0, f"{label}: {details}" if details else label)
        if sale_order.state == "cancel":
            advice = self.env._(
                "It is not imported a second time. To go on with it, set the sales "
                "order to quotation."
            )
            if is_called_off:
                advice = self.env._(
                    "Both sides have given it up: nothing is left to do."
                )
            code = "cancelled_in_odoo"
            reasons.insert(0, self.env._("%s is cancelled.", sale_order.name))
        title = self.env._(
            "Order #%(number)s is in Odoo: it is %(name)s.",
            number=record.bc_id,
            name=sale_order.name,
        )
        return Verdict(code, title, reasons, advice, False, line)

    @api.model
    def _judge_gone(self, evidence):
        reasons = [self.env._("The store has just been asked for it.")]
        if evidence.record:
            reasons.append(self.env._("It was there when orders were read before."))
        return Verdict(
            "not_found",
            self.env._(
                "%(store)s has no order #%(number)s.",
                store=evidence.instance.name,
                number=evidence.bc_id,
            ),
            reasons,
            self.env._(
                "Compare the number with the one in the store's control panel. Its "
                "numbers are neither those of payments nor those of Odoo."
            ),
            False,
            evidence.line.filtered("cause_id"),
        )

    @api.model
    def _judge_waiting(self, evidence):
        line, run = evidence.line, evidence.run
        is_active = line.state in line._ACTIVE_STATES
        if is_active:
            reasons = [self.env._("It is being imported right now.")]
        elif run:
            reasons = [
                self.env._(
                    "Import Now was asked for on %s. The order is read from the store "
                    "once more, and imported.",
                    format_datetime(self.env, run.create_date),
                )
            ]
        else:
            reasons = [
                self.env._(
                    "It has been in the queue since %s.",
                    format_datetime(self.env, line.create_date),
                )
            ]
        if not is_active:
            if pause := evidence.instance._explain_pause():
                reasons.append(pause)
            if run.error_message:
                reasons.append(self._explain_next_try(run, run.error_message))
            if line.state == "retry":
                reasons.append(self._explain_next_try(line, line.message))
            if line.cause_id:
                reasons.append(self._explain_cause(line))
        return Verdict(
            "waiting",
            self.env._("Order #%s waits to be imported.", evidence.bc_id),
            reasons,
            self.env._(
                "It goes on by itself as soon as possible. Click Explain again to see."
            ),
            line.state == "retry" and not run and self._may_start(evidence),
            line,
        )

    @api.model
    def _judge_stuck(self, evidence):
        """Judge an order that a person has to do something about."""
        line, record = evidence.line, evidence.record
        reasons = []
        if evidence.unreadable:
            reasons.append(evidence.unreadable)
        if line and line.message != evidence.unreadable:
            reasons.append(self._explain_cause(line))
        if not reasons:
            reasons.append(record.reason_message or self._get_label(record))
        if evidence.silence:
            reasons.append(self._explain_silence(evidence))
        is_failed = line.state == "failed"
        title = (
            self.env._("The import of order #%s has failed.", evidence.bc_id)
            if is_failed
            else self.env._("Order #%s cannot be imported yet.", evidence.bc_id)
        )
        cause = line.cause_id
        if evidence.unreadable:
            cause = cause._get("unreadable")
        can_import = self._may_start(evidence)
        advice = [cause.advice]
        if can_import and not evidence.unreadable:
            advice.append(self.env._("Then click Import Now."))
        return Verdict(
            "failed" if is_failed else "blocked",
            title,
            reasons,
            " ".join(filter(None, advice)),
            can_import,
            line,
        )

    @api.model
    def _judge_passed_over(self, evidence):
        record, line = evidence.record, evidence.line.filtered("cause_id")
        decided = [code for code in DECIDED if record.reason_code == code]
        codes = [*decided, *evidence.codes]
        reasons = [self._explain_code(evidence, code) for code in codes]
        if line:
            reasons.append(self._explain_cause(line))
        if decided and self._is_changed(evidence):
            reasons.append(self.env._("It was changed in the store since."))
        if evidence.silence:
            reasons.append(self._explain_silence(evidence))
        can_import = evidence.is_importable and self._may_start(evidence)
        if "incomplete" in codes:
            advice = self.env._(
                "It cannot be imported before the customer, or somebody in the control "
                "panel, completes it."
            )
        elif "archived" in codes:
            advice = self.env._(
                "It cannot be imported while it is archived. Restore it in the control "
                "panel, then come back."
            )
        elif not can_import:
            advice = ""
        elif decided:
            advice = self.env._("Import Now brings it in all the same.")
        else:
            advice = self.env._(
                "Import Now brings in this order alone, whatever is selected. To bring "
                "in all orders like it, change what the store selects, under Orders."
            )
        return Verdict(
            codes[0],
            self.env._("Order #%s is not imported.", evidence.bc_id),
            reasons,
            advice,
            can_import,
            line,
        )

    @api.model
    def _judge_unseen(self, evidence):
        """Judge an order that nothing speaks against, as far as is known."""
        reasons = []
        can_import = self._may_start(evidence)
        if evidence.silence and not evidence.record:
            code = "unknown"
            title = self.env._(
                "Odoo has not seen order #%(number)s, and %(store)s cannot be asked.",
                number=evidence.bc_id,
                store=evidence.instance.name,
            )
            reasons.append(evidence.silence)
            advice = can_import and self.env._(
                "Import Now reads it as soon as the store answers."
            )
        else:
            code = "not_seen" if not evidence.record else "due"
            title = self.env._(
                "Order #%s is to be imported, but has not been yet.", evidence.bc_id
            )
            reasons.append(
                self.env._(
                    "Since it was read last, it or the store's selection changed."
                )
                if evidence.record
                else self.env._("The store has it, no run has seen it.")
            )
            if evidence.silence:
                reasons.append(self._explain_silence(evidence))
            advice = can_import and self.env._(
                "The next run brings it in. Import Now does not wait for it."
            )
        return Verdict(
            code,
            title,
            reasons + self._explain_runs(evidence),
            advice or "",
            can_import,
            evidence.line,
        )

    # Words

    @api.model
    def _may_start(self, evidence):
        """Return whether a run can be started that reads the order."""
        instance = evidence.instance
        return bool(instance._get_open()) and not evidence.run

    @api.model
    def _is_changed(self, evidence):
        """Return whether the order was changed in the store since it was read."""
        changed = evidence.order and to_odoo(evidence.order.date_modified)
        return bool(changed and changed > (evidence.record.date_modified or changed))

    @api.model
    def _get_label(self, record):
        """Return the reason of an order as its list shows it."""
        field = record._fields["reason_code"]
        return field.convert_to_export(record.reason_code, record)

    @api.model
    def _get_status(self, order):
        """Return the status by which an order is judged, as the store calls it."""
        return order.status_id.name or order.status

    @api.model
    def _explain_cause(self, line):
        return f"{line.cause_id.name}: {line.message}"

    @api.model
    def _explain_silence(self, evidence):
        return self.env._(
            "This is as it was read last, for the store cannot be asked: %s",
            evidence.silence,
        )

    @api.model
    def _explain_next_try(self, waiting, message):
        """Return what a job or a line waits for that will be tried again."""
        if not waiting.not_before:
            return message
        return self.env._(
            "%(message)s Next try: %(moment)s.",
            message=message,
            moment=format_datetime(self.env, waiting.not_before),
        )

    @api.model
    def _explain_code(self, evidence, code):
        """Return a reason for passing over an order in words."""
        instance, facts = evidence.instance, evidence.facts
        if code == "incomplete":
            return self.env._("The customer has not completed the checkout.")
        if code == "archived":
            return self.env._("It is archived in BigCommerce.")
        if code == "status":
            return self._explain_selection(
                self.env._(
                    "Its status, %s, is not selected.",
                    self._get_status(facts),
                ),
                self.env._("No status is selected on %s.", instance.name),
                instance.order_status_ids,
            )
        if code == "channel":
            channel = facts.channel_id.name or (
                evidence.order and evidence.order.channel_id
            )
            return self._explain_selection(
                self.env._(
                    "Its channel, %s, is not selected.", channel or self.env._("none")
                ),
                "",
                instance.channel_ids,
            )
        if code == "too_old":
            return self.env._(
                "It was placed on %(placed)s, before “Import Orders From” (%(start)s).",
                placed=format_datetime(self.env, facts.date_created),
                start=format_datetime(self.env, instance.import_orders_from),
            )
        if code == "cancelled":
            return self.env._("Somebody took it out of the queue.")
        if code == "deleted":
            return self.env._("Its sales order was deleted in Odoo.")
        return self._get_label(evidence.record)

    @api.model
    def _explain_selection(self, reason, without, selected):
        """Return a reason, and what is selected instead."""
        if not selected:
            return without
        return self.env._(
            "%(reason)s Selected: %(names)s.",
            reason=reason,
            names=format_list(self.env, selected.mapped("name")),
        )

    @api.model
    def _explain_runs(self, evidence):
        """Return when orders were read last, and when they will be."""
        instance = evidence.instance
        job = self.env["bigcommerce.automatic.job"].sudo()._get_job(instance, IMPORT)
        newest = (
            self.env["bigcommerce.queue.job"]
            .sudo()
            .search(
                [("instance_id", "=", instance.id), ("operation", "=", IMPORT)], limit=1
            )
        )
        reasons = [
            self.env._(
                "All orders were read last on %s.",
                format_datetime(self.env, job.last_processed_on),
            )
            if job.last_processed_on
            else self.env._("No run of Import Orders is complete yet.")
        ]
        if newest.state in newest._UNREAD_STATES:
            reasons.append(self.env._("A run is reading the store's orders."))
        elif newest.state == "failed":
            reasons.append(
                self.env._("The last run has failed: %s", newest.error_message)
            )
        reasons.append(
            self.env._(
                "The next one starts on %s.", format_datetime(self.env, job.next_call)
            )
            if job.active
            else self.env._("The automatic job Import Orders is not active.")
        )
        return reasons
