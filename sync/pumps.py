"""The scheduled actions that work on the queue."""

from itertools import count

from odoo import api, models

MAX_PUMPS = 8


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
