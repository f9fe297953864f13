from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

MODULE = "bigcommerce_connector"
MANAGER = f"{MODULE}.bigcommerce_group_manager"
# What is to be set up, in the order in which it is done.
STEPS = (
    "connection",
    "scopes",
    "locations",
    "gateways",
    "taxes",
    "listings",
    "orders",
    "jobs",
)
# Steps that users take who are no managers.
STEPS_OF_USERS = ("listings", "orders")


class Step(NamedTuple):
    """How far one thing is set up.

    ``state``: "done", "todo" or "warning", where it is done and something is wrong.
    ``text``: one sentence.
    ``button``: what leads on, "" if nothing does yet.
    """

    state: str
    text: str
    button: str = ""


class BigcommerceInstance(models.Model):
    """What is still to be set up before a store runs by itself, computed from facts.

    Nothing of it is stored but that a manager does not want to see it any more.
    """

    _inherit = "bigcommerce.instance"

    onboarding_steps = fields.Json(
        "Setup", compute="_compute_onboarding", compute_sudo=True
    )
    is_onboarding = fields.Boolean(
        "Being Set Up",
        compute="_compute_onboarding",
        compute_sudo=True,
        help="There is something to set up, and the checklist is not hidden.",
    )
    is_onboarding_hidden = fields.Boolean(
        "Setup Checklist Hidden", readonly=True, copy=False
    )

    @api.depends_context("lang", "uid")
    def _compute_onboarding(self):
        """Say of each step how far it is: all stores in the same number of queries."""
        titles = self._get_step_titles()
        is_manager = self.env.user.has_group(MANAGER)
        visible = self._origin.filtered(
            lambda instance: not instance.is_onboarding_hidden
        )
        facts = visible._find_onboarding_facts()
        for instance in self:
            own = instance._origin
            steps = {}
            if own in visible:
                steps = {
                    code: getattr(own, f"_get_{code}_step")(facts) for code in STEPS
                }
            instance.is_onboarding = any(
                step.state != "done" for step in steps.values()
            )
            instance.onboarding_steps = [
                {
                    "code": code,
                    "title": titles[code],
                    **step._asdict(),
                    "button": (is_manager or code in STEPS_OF_USERS) and step.button,
                }
                for code, step in steps.items()
            ]

    def action_take_onboarding_step(self, code):
        """Go on with one step: do what is to be done, or go where it is done.

        :param str code: of ``STEPS``
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "connection": self._take_connection_step,
            "scopes": self._take_scopes_step,
            "locations": lambda: self._open_page("configuration"),
            "gateways": lambda: self._open_page("workflow"),
            "taxes": lambda: self._open_page("orders"),
            "listings": self._take_listings_step,
            "orders": self.action_import_orders,
            "jobs": lambda: self._open_page("automatic_jobs"),
        }[code]()

    def action_hide_onboarding(self):
        self.is_onboarding_hidden = True

    def action_show_onboarding(self):
        """Show the checklist again, and go where it is whole."""
        self.ensure_one()
        self.is_onboarding_hidden = False
        return self._open_page("credentials")

    def action_view_unmatched_items(self):
        action = self._open(f"{MODULE}.bigcommerce_listing_item_action")
        domain = self._get_unmatched_domain() & Domain("instance_id", "=", self.id)
        return {**action, "domain": list(domain)}

    def _open_page(self, page):
        """Return an action that opens the form of the store at a page of it.

        :param str page: name of the page
        """
        self.ensure_one()
        view = self.env.ref(f"{MODULE}.bigcommerce_instance_view_form_{page}")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
        }

    def _take_connection_step(self):
        credentials = self.sudo()
        if self.is_access_refused or not (
            credentials.store_hash and credentials.access_token
        ):
            return self._open_page("credentials")
        if not self.connected_on or self.is_outage:
            return self.action_test_connection()
        return self.action_confirm()

    def _take_scopes_step(self):
        if self.missing_scopes:
            return self._open_page("credentials")
        return self.action_test_connection()

    def _take_listings_step(self):
        facts = self.sudo()._find_onboarding_facts()
        if facts.is_reading(self, "import_listings"):
            return self.action_view_queue()
        has_failed = facts.has_failed(self, "import_listings")
        if facts.unmatched.get(self) and not has_failed:
            return self.action_view_unmatched_items()
        return self.action_import_listings()

    @api.model
    def _get_step_titles(self):
        return {
            "connection": self.env._("Connection"),
            "scopes": self.env._("Scopes"),
            "locations": self.env._("Locations"),
            "gateways": self.env._("Payment gateways"),
            "taxes": self.env._("Taxes"),
            "listings": self.env._("Listings"),
            "orders": self.env._("First orders"),
            "jobs": self.env._("Automatic jobs"),
        }

    def _get_connection_step(self, facts):
        if not (self.store_hash and self.access_token):
            return Step(
                "todo",
                self.env._("Enter the store hash and the access token."),
                self.env._("Enter Credentials"),
            )
        if self.is_access_refused:
            return Step(
                "warning",
                self.env._("BigCommerce refuses the access token."),
                self.env._("Enter Credentials"),
            )
        if self.is_outage:
            return Step(
                "warning",
                self.env._("The store does not answer."),
                self.env._("Test Connection"),
            )
        if not self.connected_on:
            return Step(
                "todo",
                self.env._("The store has not answered these credentials yet."),
                self.env._("Test Connection"),
            )
        if self.state != "confirmed":
            return Step(
                "todo",
                self.env._(
                    "The store answers. Confirm it to read its currency, locations and "
                    "order statuses."
                ),
                self.env._("Confirm"),
            )
        return Step("done", self.env._("The store answers, and is confirmed."))

    def _get_scopes_step(self, facts):
        if self.missing_scopes:
            return Step(
                "warning",
                self.env._(
                    "The API account lacks: %s.",
                    ", ".join(self.missing_scopes.splitlines()),
                ),
                self.env._("Enter Credentials"),
            )
        if not self.scopes_checked_on:
            return Step(
                "todo",
                self.env._("What the API account may do has not been looked at yet."),
                bool(self.store_hash and self.access_token)
                and self.env._("Test Connection"),
            )
        return Step("done", self.env._("The API account may do all that is turned on."))

    def _get_locations_step(self, facts):
        locations = facts.locations.filtered(lambda own: own.instance_id == self)
        unmapped = locations.filtered(lambda own: not own.warehouse_id.active)
        if self.state != "confirmed":
            return self._get_waiting_step()
        if unmapped:
            return Step(
                "todo",
                self.env._("No warehouse yet: %s.", ", ".join(unmapped.mapped("name"))),
                self.env._("Choose Warehouses"),
            )
        if not locations:
            return Step(
                "done",
                self.env._(
                    "The store has no locations: its orders leave from %s.",
                    self.warehouse_id.name,
                ),
            )
        return Step(
            "done",
            self.env._("Locations, each with a warehouse: %s.", len(locations)),
        )

    def _get_gateways_step(self, facts):
        gateways = facts.gateways.filtered(lambda own: own.instance_id == self)
        lines = facts.workflow_lines.filtered(lambda own: own.instance_id == self)
        bare = gateways - lines.gateway_id
        if self.state != "confirmed":
            return self._get_waiting_step()
        if not lines:
            return Step(
                "todo",
                self.env._("No workflow yet: imported orders are quotations and wait."),
                self.env._("Choose Workflows"),
            )
        if bare and all(line.gateway_id for line in lines):
            return Step(
                "todo",
                self.env._("No workflow yet for: %s.", ", ".join(bare.mapped("name"))),
                self.env._("Choose Workflows"),
            )
        if bare or not gateways:
            return Step(
                "done", self.env._("There is a workflow for any payment gateway.")
            )
        return Step(
            "done",
            self.env._("Payment gateways, each with a workflow: %s.", len(gateways)),
        )

    def _get_taxes_step(self, facts):
        if self.state != "confirmed":
            return self._get_waiting_step()
        button = self.env._("Choose Taxes")
        if differing := facts.differing.get(self):
            return Step(
                "warning",
                self.env._("Orders held because their totals differ: %s.", differing),
                button,
            )
        if self._follows_store_taxes():
            if not self.tax_account_id:
                return Step(
                    "todo",
                    self.env._("The store's taxes are followed without a tax account."),
                    button,
                )
            return Step(
                "done",
                self.env._(
                    "Orders bear the store's taxes, on account %s.",
                    self.tax_account_id.display_name,
                ),
            )
        if self.tax_warning:
            return Step("warning", self.tax_warning, button)
        if not self.company_id.account_sale_tax_id and not facts.imported.get(self):
            return Step(
                "todo",
                self.env._(
                    "Odoo has no default sales tax: choose whose taxes orders bear."
                ),
                button,
            )
        return Step("done", self.env._("Orders bear the taxes of Odoo's products."))

    def _get_listings_step(self, facts):
        items = facts.items.get(self, 0)
        if self.state != "confirmed":
            return self._get_waiting_step()
        if facts.is_reading(self, "import_listings"):
            return Step(
                "todo",
                self.env._("The listings are being imported."),
                self.env._("View Queue"),
            )
        if not items or facts.has_failed(self, "import_listings"):
            return Step(
                "todo",
                self.env._("The products of the store are not all listed yet."),
                self.env._("Import Listings"),
            )
        if unmatched := facts.unmatched.get(self):
            return Step(
                "warning",
                self.env._(
                    "Items that stand for no product: %(unmatched)s of %(items)s.",
                    unmatched=unmatched,
                    items=items,
                ),
                self.env._("View Items"),
            )
        return Step("done", self.env._("Items, all matched to products: %s.", items))

    def _get_orders_step(self, facts):
        if self.state != "confirmed":
            return self._get_waiting_step()
        if imported := facts.imported.get(self):
            return Step("done", self.env._("Imported orders: %s.", imported))
        if facts.is_read(self, "import_orders"):
            return Step(
                "done",
                self.env._("Orders have been read: there were none to import."),
            )
        if facts.is_reading(self, "import_orders"):
            return Step("todo", self.env._("Orders are being imported."))
        return Step(
            "todo",
            self.env._("No order is imported yet."),
            self.env._("Import Orders"),
        )

    def _get_jobs_step(self, facts):
        if self.state != "confirmed":
            return self._get_waiting_step()
        active = facts.jobs.filtered(lambda job: job.instance_id == self and job.active)
        button = self.env._("Turn On Jobs")
        if not active:
            return Step("todo", self.env._("Nothing runs by itself yet."), button)
        if "import_orders" not in active.mapped("operation"):
            return Step(
                "warning", self.env._("Orders do not come in by themselves."), button
            )
        return Step("done", self.env._("Automatic jobs that are on: %s.", len(active)))

    def _get_waiting_step(self):
        return Step("todo", self.env._("It can be done once the store is confirmed."))
