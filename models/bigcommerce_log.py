from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .bigcommerce_queue_line import PURGE_BATCH


class BigcommerceLog(models.Model):
    """What happened between Odoo and a store, as far as its log level keeps it.

    Nobody's name, address or token is in it: requests and answers come redacted.
    """

    _name = "bigcommerce.log"
    _description = "BigCommerce Log"
    _order = "date desc, id desc"
    _rec_name = "message"

    instance_id = fields.Many2one(
        "bigcommerce.instance", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="instance_id.company_id", store=True, index=True
    )
    level = fields.Selection(
        [
            ("success", "Success"),
            ("error", "Error"),
            ("observed", "Would Have Been Sent"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="When it happened last.",
    )
    times = fields.Integer(
        required=True,
        readonly=True,
        default=1,
        aggregator=None,
        help="How often the same happened to the same object.",
    )
    operation = fields.Selection(
        selection=lambda self: self.env["bigcommerce.operation"]._selection_operation(),
        readonly=True,
    )
    job_id = fields.Many2one(
        "bigcommerce.queue.job",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    line_ids = fields.Many2many(
        "bigcommerce.queue.line", string="Queue Lines", readonly=True
    )
    name = fields.Char("Object", readonly=True)
    key = fields.Char("ID in BigCommerce", readonly=True)
    res_model = fields.Char("Related Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Related ID", model_field="res_model", readonly=True
    )
    message = fields.Text(required=True, readonly=True)
    request = fields.Text(
        readonly=True,
        prefetch=False,
        groups="bigcommerce_connector.bigcommerce_group_user",
        help="What was sent, without personal data.",
    )
    answer = fields.Text(
        readonly=True,
        prefetch=False,
        groups="bigcommerce_connector.bigcommerce_group_user",
        help="What came back, without personal data.",
    )
    request_count = fields.Integer("Requests", readonly=True)

    _date_index = models.Index("(date DESC, id DESC)")
    _instance_index = models.Index("(instance_id, date DESC, id DESC)")

    def action_open_related_record(self):
        """Open what a log is about, for those who may see it."""
        self.ensure_one()
        self.check_access("read")
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("It has been deleted in Odoo."))
        record.check_access("read")
        return record.get_formview_action()

    def action_view_lines(self):
        """Open the queue lines that a log is about."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bigcommerce_connector.bigcommerce_queue_line_action"
        )
        action["domain"] = [("id", "in", self.line_ids.ids)]
        action["context"] = {}
        if len(self.line_ids) == 1:
            action.update(res_id=self.line_ids.id, views=[(False, "form")])
        return action

    @api.model
    def _keep(self, vals_list, exchanges=()):
        """Make logs; what has happened to a queue line before is counted up.

        :param list vals_list: values of the logs, with ``line_ids`` as list of ids
        :param exchanges: the client's Exchanges that all of them are about
        """
        if not vals_list:
            return
        shown = {}
        if exchanges:
            shown["request"] = "\n\n".join(one.request for one in exchanges)
            shown["answer"] = "\n\n".join(filter(None, (e.answer for e in exchanges)))
            for vals in vals_list:
                for exchange in exchanges:
                    vals["message"] = exchange.hide(vals["message"])
        vals_list = [{**vals, **shown} for vals in vals_list]
        known = self._find_alike(vals_list)
        repeated, fresh = {}, []
        for vals in vals_list:
            if log := known.get(self._get_identity(vals)):
                repeated[log] = {"times": log.times + 1, "job_id": vals.get("job_id")}
            else:
                line_ids = vals.get("line_ids", [])
                fresh.append({**vals, "line_ids": [Command.set(line_ids)]})
        now = fields.Datetime.now()
        for log, vals in repeated.items():
            # One query for those that get the same.
            log.write({**vals, **shown, "date": now})
        self.create(fresh)

    @api.model
    def _find_alike(self, vals_list):
        """Return what is known already of the lines that new logs are about.

        What went well is kept each time.

        :return: dict of ``_get_identity`` -> log
        """
        line_ids = [
            vals["line_ids"][0]
            for vals in vals_list
            if vals.get("line_ids") and vals["level"] != "success"
        ]
        if not line_ids:
            return {}
        logs = self.search([("line_ids", "in", line_ids), ("level", "!=", "success")])
        return {
            (log.level, log.message, frozenset(log.line_ids.ids)): log for log in logs
        }

    @api.model
    def _get_identity(self, vals):
        line_ids = frozenset(vals.get("line_ids", []))
        return vals["level"], vals["message"], line_ids

    @api.autovacuum
    def _gc_old_logs(self):
        """Delete what is older than its store keeps logs."""
        now = fields.Datetime.now()
        instances = self.env["bigcommerce.instance"].with_context(active_test=False)
        logs = self.search(
            Domain.OR(
                Domain("instance_id", "in", own.ids)
                & Domain("date", "<", now - timedelta(days=days))
                for days, own in instances.search([]).grouped("log_days").items()
            ),
            order="date, id",
            limit=PURGE_BATCH,
        )
        logs.unlink()
        return len(logs), len(logs) == PURGE_BATCH
