from odoo import api, fields, models, tools
from odoo.fields import Domain


class BigcommerceCause(models.Model):
    """Why lines or runs of the queue cannot go on, and what a person does about it."""

    _name = "bigcommerce.cause"
    _description = "BigCommerce Cause"
    _order = "sequence, id"

    sequence = fields.Integer(required=True, default=10)
    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, translate=True)
    advice = fields.Text(
        "What to Do", required=True, translate=True, help="What cures it."
    )
    fix_action_id = fields.Many2one(
        "ir.actions.act_window", help="Where it is cured. Empty: at the lines."
    )
    is_problem = fields.Boolean(
        "Needs a Person",
        default=True,
        readonly=True,
        help="Off: the lines wait because somebody wants it so, as in observe mode.",
    )
    line_ids = fields.One2many("bigcommerce.queue.line", "cause_id", readonly=True)
    job_ids = fields.One2many("bigcommerce.queue.job", "cause_id", readonly=True)
    line_count = fields.Integer("Lines", compute="_compute_counts")
    job_count = fields.Integer("Failed Jobs", compute="_compute_counts")
    oldest_on = fields.Datetime("Since", compute="_compute_counts")

    _code_unique = models.UniqueIndex("(code)", "This cause exists already.")

    def _compute_counts(self):
        def count(model):
            groups = self.env[model]._read_group(
                [("cause_id", "in", self.ids)],
                ["cause_id"],
                ["__count", "ended_on:min"],
            )
            return {cause: (count, oldest) for cause, count, oldest in groups}

        lines = count("bigcommerce.queue.line")
        jobs = count("bigcommerce.queue.job")
        for cause in self:
            cause.line_count, oldest_line = lines.get(cause, (0, False))
            cause.job_count, oldest_job = jobs.get(cause, (0, False))
            cause.oldest_on = min(
                filter(None, (oldest_line, oldest_job)), default=False
            )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def action_fix(self):
        """Go where the cause is cured."""
        self.ensure_one()
        if not self.fix_action_id:
            return self.action_view()
        return self.fix_action_id.sudo()._get_action_dict()

    def action_view(self):
        """Show what it keeps from going on."""
        self.ensure_one()
        is_job = self.job_count and not self.line_count
        return self.action_view_jobs() if is_job else self.action_view_lines()

    def action_view_lines(self):
        action = self._open("bigcommerce_connector.bigcommerce_queue_line_action")
        return {**action, "context": {"search_default_group_by_message": True}}

    def action_view_jobs(self):
        return self._open("bigcommerce_connector.bigcommerce_queue_job_action")

    def action_retry(self):
        """Retry all lines and runs that these causes keep from going on."""
        self._retry(Domain.TRUE)

    def _open(self, xml_id):
        """Return an action that shows what this cause keeps from going on."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return {
            **action,
            "name": self.name,
            "display_name": self.name,
            "domain": [("cause_id", "=", self.id)],
        }

    def _retry(self, domain):
        """Retry lines and runs that these causes keep from going on.

        :param Domain domain: which of them, by what both have
        """
        domain &= Domain("cause_id", "in", self.ids)
        self.env["bigcommerce.queue.job"].search(domain)._restart()
        self.env["bigcommerce.queue.line"].search(domain).action_retry()

    @api.model
    def _get(self, code):
        """Return the cause called ``code``, which another addon may have added."""
        ids = self._get_ids()
        return self.browse(ids.get(code) or ids["unexpected_error"])

    @api.model
    @tools.ormcache()
    def _get_ids(self):
        """Return the ids of the causes by code."""
        return {cause.code: cause.id for cause in self.sudo().search([])}
