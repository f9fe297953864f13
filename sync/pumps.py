"""The scheduled actions that work on the queue."""

from datetime import timedelta
from itertools import count

from odoo import api, fields, models
from odoo.tools import format_datetime

MAX_PUMPS = 8
# An action that is due and has given no sign of life for so long does not run.
SILENCE = timedelta(minutes=5)


class BigcommercePumps(models.AbstractModel):
    """The part of the engine that knows its scheduled actions."""

    _name = "bigcommerce.engine.pumps"
    _description = "BigCommerce Engine: Pumps"

    @api.model
    def _get_pumps(self):
        """Return the scheduled actions that work on the queue, first made first."""
        return self._get_all_pumps().filtered("active")

    @api.model
    def _get_all_pumps(self):
        return (
            self.env["ir.cron"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("model_id.model", "=", self._name),
                    ("code", "=like", "%_cron_pump()"),
                ],
                order="id",
            )
        )

    @api.model
    def _set_pump_count(self, wanted):
        """Have ``wanted`` pumps: make what is missing, turn the others on or off."""
        pumps = self._get_all_pumps()
        pumps += pumps.create(
            [self._prepare_pump_vals() for _number in range(len(pumps), wanted)]
        )
        for position, pump in enumerate(pumps):
            if pump.active != (position < wanted):
                pump.active = position < wanted
        self._name_pumps(pumps)

    @api.model
    def _prepare_pump_vals(self):
        return {
            "name": self.env._("BigCommerce: Work on the Queue"),
            "model_id": self.env["ir.model"]._get_id(self._name),
            "state": "code",
            "code": "model._cron_pump()",
            "user_id": self.env.ref("base.user_root").id,
            "interval_number": 1,
            "interval_type": "minutes",
            # After Odoo's own.
            "priority": 10,
        }

    @api.model
    def _name_pumps(self, pumps):
        """Give pumps that have none an XML id, so that they go with the addon."""
        named = pumps._get_external_ids()
        taken = {name for names in named.values() for name in names}
        numbers = count(2)
        for pump in pumps.filtered(lambda pump: not named[pump.id]):
            name = next(
                name
                for name in (f"ir_cron_pump_{number}" for number in numbers)
                if f"bigcommerce_connector.{name}" not in taken
            )
            self.env["ir.model.data"].sudo().create(
                {
                    "module": "bigcommerce_connector",
                    "name": name,
                    "model": "ir.cron",
                    "res_id": pump.id,
                    "noupdate": True,
                }
            )

    @api.model
    def _wake(self):
        """Let the pumps look at the queue once this transaction is committed.

        What is due later needs no wake-up: they look every minute by themselves.
        """
        for pump in self._get_pumps():
            pump._trigger()

    @api.model
    def _get_scheduler(self):
        """Return the scheduled action that starts automatic jobs."""
        scheduler = self.env.ref(
            "bigcommerce_connector.ir_cron_start_due_jobs", raise_if_not_found=False
        )
        return (scheduler or self.env["ir.cron"]).sudo()

    @api.model
    def _explain_standstill(self, actions):
        """Return why none of these scheduled actions works, "" if one does.

        :param actions: of one kind, active or not
        """
        if not actions:
            return self.env._(
                "A scheduled action of the connector is missing: update the addon."
            )
        name = actions[:1].name
        active = actions.filtered("active")
        if not active:
            return self.env._(
                "The scheduled action “%s” is off, and has to be turned on again. Odoo "
                "itself turns off what has failed for a week: see the server's log.",
                name,
            )
        silent = self._get_silent(active)
        if silent == active:
            return self.env._(
                "No cron worker is at work: the scheduled action “%(action)s” is due "
                "since %(moment)s. Odoo must run with max_cron_threads above 0.",
                action=name,
                moment=format_datetime(self.env, min(silent.mapped("nextcall"))),
            )
        if all(action.failure_count for action in active - silent):
            return self.env._(
                "The scheduled action “%(action)s” fails, %(count)s times in a row so "
                "far: see the server's log.",
                action=name,
                count=max(active.mapped("failure_count")),
            )
        return ""

    @api.model
    def _get_silent(self, actions):
        """Return those of these actions that are due, and that no worker works on.

        What works off a long queue notes its progress, and is due all that time.
        """
        since = fields.Datetime.now() - SILENCE
        at_work = {
            action
            for (action,) in self.env["ir.cron.progress"]
            .sudo()
            ._read_group(
                [("cron_id", "in", actions.ids), ("write_date", ">=", since)],
                ["cron_id"],
            )
        }
        return actions.filtered(
            lambda action: (
                action.nextcall < since
                and not (action.lastcall and action.lastcall >= since)
                and action not in at_work
            )
        )
