from odoo import api, fields, models
from odoo.exceptions import ValidationError

# The connector's own type: people may have activities of Odoo's at the same records.
ALERT = "bigcommerce_connector.mail_activity_type_problem"
USER = "bigcommerce_connector.bigcommerce_group_user"


class BigcommerceInstance(models.Model):
    """Who is told when something needs a person.

    The names of the fields avoid those of ``mail.activity.mixin``, which are about the
    instance's own activities.
    """

    _inherit = "bigcommerce.instance"

    def _default_alert_user_id(self):
        is_reader = not self._explain_no_reader(self.env.user, self.env.company)
        return self.env.user if is_reader else False

    alert_activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Activity",
        default=lambda self: self.env.ref(ALERT, raise_if_not_found=False),
        domain=[("res_model", "in", (False, "bigcommerce.queue.job"))],
        ondelete="set null",
        copy=False,
        help="Made on a queue job when it, or lines of it, cannot go on without a "
        "person. It is updated while it is open, and closes by itself.",
    )
    alert_days = fields.Integer(
        "Due Date In", required=True, default=0, help="Days until it has to be done."
    )
    alert_user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self._default_alert_user_id(),
        domain=lambda self: self._get_reader_domain(),
        copy=False,
        help="Empty: no activities. Whoever has lost access is stood in for by a "
        "manager of the connector.",
    )
    alert_since = fields.Datetime(
        compute="_compute_alert_since",
        store=True,
        help="What has stopped before is not told.",
    )
    alert_warning = fields.Char(compute="_compute_alert_warning")

    _alert_days_positive = models.Constraint(
        "CHECK (alert_days BETWEEN 0 AND 365)",
        "An activity may be due in 0 to 365 days.",
    )

    @api.depends("alert_activity_type_id", "alert_user_id")
    def _compute_alert_since(self):
        for instance in self:
            is_wanted = instance.alert_activity_type_id and instance.alert_user_id
            instance.alert_since = is_wanted and (
                instance.alert_since or fields.Datetime.now()
            )

    @api.depends("alert_user_id")
    def _compute_alert_warning(self):
        for instance in self:
            user = instance.alert_user_id.sudo()
            reason = user and self._explain_no_reader(user, instance.company_id)
            instance.alert_warning = reason and self.env._(
                "%(reason)s Until somebody else is responsible, alerts go to "
                "%(manager)s.",
                reason=reason,
                manager=instance._get_manager().name or self.env._("nobody"),
            )

    @api.constrains("alert_user_id", "company_id")
    def _check_alert_user(self):
        for instance in self:
            self._check_reader(instance.alert_user_id, instance.company_id)

    @api.model
    def _get_reader_domain(self):
        """Return the domain of those who may be told of a store."""
        group = self.env.ref(USER)
        return (
            f"[('all_group_ids', 'in', {group.ids}), ('company_ids', 'in', company_id)]"
        )

    @api.model
    def _check_reader(self, users, company):
        """Refuse who would be told of what they may not see.

        :raise ValidationError: if one of ``users`` has no access to the connector
        """
        for user in users.sudo():
            if reason := self._explain_no_reader(user, company):
                raise ValidationError(reason)

    @api.model
    def _explain_no_reader(self, user, company):
        """Return why ``user`` cannot be told of the stores of ``company``, or ""."""
        if not user.active:
            return self.env._("%s is archived.", user.name)
        if company not in user.company_ids:
            return self.env._(
                "%(user)s has no access to %(company)s.",
                user=user.name,
                company=company.name,
            )
        if not user.has_group(USER):
            return self.env._(
                "%s has no access to the BigCommerce connector. Give it on the user's "
                "form first.",
                user.name,
            )
        return ""

    def _get_alert_user(self):
        """Return who sees to this store: the responsible, else a manager."""
        self.ensure_one()
        user = self.sudo().alert_user_id
        if user and not self._explain_no_reader(user, self.sudo().company_id):
            return user
        return self._get_manager()

    def _get_manager(self):
        """Return who sees to this store: who made it, else any manager."""
        managers = (
            self.env.ref("bigcommerce_connector.bigcommerce_group_manager")
            .sudo()
            .all_user_ids.filtered(
                lambda user: user.active and self.company_id in user.company_ids
            )
        )
        return (self.create_uid & managers) or managers[:1]

    def _alert(self, summary, message, exchange=None):
        """Tell who sees to this store, in the log and by an activity.

        :param exchange: the client's Exchange that it is about, if there was one
        """
        self.ensure_one()
        self._log("error", message, exchanges=[exchange] if exchange else [])
        if user := self._get_alert_user():
            self.sudo().activity_schedule(
                ALERT, summary=summary, note=message, user_id=user.id
            )

    def _close_alerts(self, feedback):
        """Close what ``_alert`` has told of these stores."""
        self.sudo().activity_feedback([ALERT], feedback=feedback)
