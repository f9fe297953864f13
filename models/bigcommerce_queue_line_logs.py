import json

from odoo import api, fields, models

from ..client.redaction import Redactor


def _tell_partner(partner):
    """Return what a text may tell of a contact."""
    return [
        partner.name,
        partner.email,
        partner.phone,
        partner.street,
        partner.street2,
        partner.city,
        partner.zip,
        partner.vat,
    ]


class BigcommerceQueueLine(models.Model):
    """What the log says of a line: what was sent, or would have been."""

    _inherit = "bigcommerce.queue.line"

    log_ids = fields.Many2many("bigcommerce.log", string="Logs", readonly=True)
    log_count = fields.Integer(compute="_compute_log_count")
    held_back = fields.Text(
        "Would Have Been Sent",
        compute="_compute_held_back",
        groups="bigcommerce_connector.bigcommerce_group_user",
        help="What observe mode, or a copied database, has kept from being sent.",
    )

    def _compute_log_count(self):
        groups = self.env["bigcommerce.log"]._read_group(
            [("line_ids", "in", self.ids)], ["line_ids"], ["__count"]
        )
        counts = dict(groups)
        for line in self:
            line.log_count = counts.get(line, 0)

    @api.depends("cause_id")
    def _compute_held_back(self):
        for line in self:
            logs = line.log_ids.filtered(lambda log: log.level == "observed")
            is_held_back = line.cause_code == "read_only"
            line.held_back = is_held_back and logs.sorted()[:1].request

    def action_view_logs(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bigcommerce_connector.bigcommerce_log_action"
        )
        action["domain"] = [("line_ids", "in", self.ids)]
        action["context"] = {}
        return action

    def _hide_people(self, text, subject=None):
        """Return a text without those that the payload tells of.

        What Odoo says of an order names its customer now and then.

        :param subject: the record that the line is about, whose contacts are hidden too
        """
        self.ensure_one()
        redactor = Redactor()
        if subject:
            partners = self._find_partners(subject)
            redactor.learn({"customers": partners.mapped(_tell_partner)})
        for content in filter(None, (self.payload, self.details)):
            redactor.learn(json.loads(content))
        return redactor.hide(text or "")

    @api.model
    def _find_partners(self, subject):
        """Return the contacts of what a line is about, those of its sale order."""
        if subject._name == "bigcommerce.shipment":
            subject = subject.order_id
        if subject._name == "bigcommerce.order":
            subject = subject.sale_order_id
        return self.env["res.partner"].concat(
            *(
                subject[name]
                for name, field in subject._fields.items()
                if field.type == "many2one" and field.comodel_name == "res.partner"
            )
        )
