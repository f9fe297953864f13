from contextlib import contextmanager

from odoo import fields, models
from odoo.exceptions import UserError


class BigcommerceInstance(models.Model):
    """What is kept in the log of a store, and for how long."""

    _inherit = "bigcommerce.instance"

    log_level = fields.Selection(
        [("all", "All"), ("success", "Success"), ("error", "Error")],
        required=True,
        default="error",
        help="Error: what went wrong. Success: how runs ended. All: both, and each "
        "change of the store with what was sent and what came back.",
    )
    log_days = fields.Integer(
        "Keep Logs For",
        required=True,
        default=30,
        help="Days after which logs are deleted.",
    )

    _log_days_positive = models.Constraint(
        "CHECK (log_days BETWEEN 1 AND 3650)",
        "Logs are kept for at least a day, and for at most 3,650.",
    )

    def action_view_logs(self):
        return self._open("bigcommerce_connector.bigcommerce_log_action")

    def action_view_held_back(self):
        """Open what observe mode, or a copied database, keeps from being sent."""
        return self._open(
            "bigcommerce_connector.bigcommerce_queue_line_action",
            search_default_held_back=True,
        )

    def action_support_bundle(self):
        """Give a file for those who help, without credentials and people."""
        self.ensure_one()
        self.check_access("write")
        bundle = self.env["bigcommerce.support.bundle"]._make(self)
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{bundle._name}/{bundle.id}/content/{bundle.name}"
            "?download=true",
        }

    def _keeps_log(self, level):
        """Return whether the log of this store is to have what is of ``level``.

        :param str level: level of a log, or "all" for what only that level keeps
        """
        self.ensure_one()
        return level == "observed" or self.log_level in ("all", level)

    def _log(self, level, message, record=None, exchanges=(), **vals):
        """Keep ``message`` in the log, if the log level of the store says so.

        :param str level: "success", "error", or "observed", which is always kept
        :param record: the record of Odoo that it is about
        :param exchanges: the client's Exchanges that it is about
        :param vals: further values of the ``bigcommerce.log``
        """
        if record:
            vals = {"res_model": record._name, "res_id": record.id, **vals}
        self.env["bigcommerce.log"].sudo()._keep(
            [
                {
                    "instance_id": instance.id,
                    "level": level,
                    "message": message,
                    **vals,
                }
                for instance in self
                if instance._keeps_log(level)
            ],
            exchanges,
        )

    @contextmanager
    def _logging_failure(self, title):
        """Keep in the log why what a person clicked has failed.

        The failure undoes the transaction: the log is written in another one, when
        that has happened.

        :param str title: what was clicked
        """
        self.ensure_one()
        try:
            yield
        except UserError as error:
            message = f"{title}: {error}"
            exchange = getattr(error.__cause__, "exchange", None)
            self.env.cr.postrollback.add(
                lambda: self._log_apart(message, [exchange] if exchange else [])
            )
            raise

    def _log_apart(self, message, exchanges):
        """Keep an error in the log of this store, if it is there without this click."""
        with self.pool.cursor() as cr:
            instance = self.with_env(self.env(cr=cr)).exists()
            instance._log("error", message, exchanges=exchanges)
