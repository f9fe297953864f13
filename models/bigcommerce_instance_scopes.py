from odoo import api, fields, models

from ..sync.scopes import (
    STORE_DATA_SCOPES,
    ScopeNeed,
    drop_covered,
    get_read_scope,
    get_scope_name,
    get_scope_title,
    is_read_only,
    probe_scopes,
)


class BigcommerceInstance(models.Model):
    """What a store's API account has to be allowed to, and what it is."""

    _inherit = "bigcommerce.instance"

    scope_answers = fields.Json(
        readonly=True,
        copy=False,
        help="What the store's answers say of each scope: granted, missing where a "
        "check asked, refused where an operation did.",
    )
    scopes_checked_on = fields.Datetime(readonly=True, copy=False)
    missing_scopes = fields.Char(
        compute="_compute_missing_scopes",
        store=True,
        help="Scopes that the store's configuration takes and its API account lacks, "
        "one per line.",
    )
    scope_table = fields.Html("Scopes", compute="_compute_scope_table", sanitize=False)

    @api.depends(lambda self: self._get_scope_dependencies())
    def _compute_missing_scopes(self):
        for instance in self:
            answers = instance.scope_answers or {}
            refused = {scope for scope in answers if answers[scope] == "refused"}
            wanted = refused.union(instance._get_required_scopes())
            missing = [
                scope
                for scope in wanted
                if instance._get_scope_state(scope) == "missing"
            ]
            names = map(get_scope_name, drop_covered(missing))
            instance.missing_scopes = "\n".join(names) or False

    @api.depends("missing_scopes")
    def _compute_scope_table(self):
        labels = {
            "granted": self.env._("Granted"),
            "readable": self.env._(
                "May be read. Whether it may be changed shows when it first is."
            ),
            "missing": self.env._("Missing"),
            "unchecked": self.env._("Not checked"),
        }
        for instance in self:
            rows = [
                {
                    "feature": need.feature,
                    "title": get_scope_title(scope),
                    "access": (
                        self.env._("Read-only")
                        if is_read_only(scope)
                        else self.env._("Modify")
                    ),
                    "use": need.use,
                    "state": instance._get_scope_state(scope),
                    "label": labels[instance._get_scope_state(scope)],
                }
                for need in instance._get_scope_needs()
                for scope in drop_covered(need.scopes)
            ]
            instance.scope_table = self.env["ir.qweb"]._render(
                "bigcommerce_connector.bigcommerce_scope_table",
                {
                    "rows": sorted(rows, key=lambda row: not row["use"]),
                    "least": list(map(get_scope_name, instance._get_required_scopes())),
                },
            )

    def action_check_scopes(self):
        """Find out by reading which scopes the API account has."""
        self.ensure_one()
        self.check_access("write")
        with self._ask_now() as client:
            self._check_scopes(client)
        if self.missing_scopes:
            return self._notify_missing_scopes(
                self.env._("Scopes of %s are missing", self.name)
            )
        return self._notification(
            self.env._("Scopes of %s are checked", self.name),
            self.env._("Nothing that is in use is missing."),
        )

    def _notify_missing_scopes(self, title):
        return self._notification(
            title,
            self.env._(
                "The API account lacks scopes: %s. Scopes cannot be added later: make "
                "a new API account with them, and enter its token.",
                ", ".join(self.missing_scopes.splitlines()),
            ),
            kind="warning",
        )

    @api.model
    def _prepare_unknown_account_vals(self):
        return {
            **super()._prepare_unknown_account_vals(),
            "scope_answers": False,
            "scopes_checked_on": False,
        }

    @api.model
    def _get_scope_dependencies(self):
        """Return the fields that decide which scopes are missing."""
        operations = self.env["bigcommerce.operation"]._get_operations()
        settings = [operation._setting for operation in operations]
        return "scope_answers", "automatic_job_ids.active", *filter(None, settings)

    def _get_scope_needs(self):
        """Return the features and the scopes they take, as list of ``ScopeNeed``."""
        self.ensure_one()
        store_data = ScopeNeed(
            self.env._("Store Data"), STORE_DATA_SCOPES, self.env._("Confirm")
        )
        return [
            store_data,
            *(
                ScopeNeed(
                    operation._get_label(), operation._scopes, operation._get_use(self)
                )
                for operation in self.env["bigcommerce.operation"]._get_operations()
                if operation._scopes
            ),
        ]

    def _get_required_scopes(self):
        """Return the least scopes for the features in use."""
        needs = self._get_scope_needs()
        return drop_covered(
            scope for need in needs if need.use for scope in need.scopes
        )

    def _get_scope_state(self, scope):
        """Return what is known of a scope: granted, readable, missing, unchecked.

        One to modify is proven by a change only. Where it is to be had for reading, it
        is *readable* until then.
        """
        answers = self.scope_answers or {}
        known = {answers.get(scope), answers.get(scope.removesuffix("_read_only"))}
        reading = answers.get(get_read_scope(scope))
        if "granted" in known:
            return "granted"
        if answers.get(scope) or reading in ("missing", "refused"):
            return "missing"
        return "readable" if reading else "unchecked"

    def _check_scopes(self, client):
        """Ask the store which of its things may be read, and keep what it says."""
        self._note_scopes(probe_scopes(client), refusal="missing")
        self.scopes_checked_on = fields.Datetime.now()

    def _note_scopes(self, answers, refusal="refused"):
        """Keep what answers of the store say of scopes; nothing is written unchanged.

        :param dict answers: scope -> whether it is granted
        :param str refusal: what those are that are not
        """
        self.ensure_one()
        known = self.scope_answers or {}
        said = {
            scope: "granted" if is_granted else refusal
            for scope, is_granted in answers.items()
        }
        if known | said != known:
            self.sudo().scope_answers = known | said
