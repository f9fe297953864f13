from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# Runs that read all there is, and not what somebody has narrowed them to.
WHOLE_RUNS = Domain.custom(
    to_sql=lambda model, alias, query: SQL(
        """(%(options)s IS NULL OR %(options)s @> '{"full": true}')""",
        options=SQL.identifier(alias, "options"),
    )
)


class Facts(NamedTuple):
    """What the steps of several stores are made of; counts by instance."""

    locations: models.Model
    gateways: models.Model
    workflow_lines: models.Model
    jobs: models.Model
    last_runs: models.Model
    items: dict
    unmatched: dict
    imported: dict
    differing: dict

    def is_read(self, instance, operation):
        """Return whether all there was to read has been read once."""
        return bool(
            self.jobs.filtered(
                lambda job: job.instance_id == instance and job.operation == operation
            ).last_processed_on
        )

    def is_reading(self, instance, operation):
        """Return whether it is being read for the first time."""
        state = self._get_first_state(instance, operation)
        return state in self.last_runs._UNREAD_STATES

    def has_failed(self, instance, operation):
        """Return whether it was begun to be read, and never read to the end."""
        return self._get_first_state(instance, operation) in ("failed", "cancelled")

    def _get_first_state(self, instance, operation):
        """Return the state of the last run, "" if an earlier one has read it all."""
        if self.is_read(instance, operation):
            return ""
        return self.last_runs.filtered(
            lambda run: run.instance_id == instance and run.operation == operation
        ).state


class BigcommerceInstance(models.Model):
    """What the checklist of a store goes by."""

    _inherit = "bigcommerce.instance"

    def _find_onboarding_facts(self):
        """Return the :class:`Facts` of which the steps of these stores are made."""
        own = Domain("instance_id", "in", self.ids)
        jobs = self.env["bigcommerce.automatic.job"].with_context(active_test=False)
        runs = self.env["bigcommerce.queue.job"]
        last_runs = runs._read_group(
            own
            & Domain("operation", "in", ("import_listings", "import_orders"))
            & WHOLE_RUNS,
            ["instance_id", "operation"],
            ["id:max"],
        )
        items = self.env["bigcommerce.listing.item"]._read_group(
            own & Domain("listing_id.is_excluded", "=", False),
            ["instance_id"],
            ["__count", "product_id:count"],
        )
        orders = self.env["bigcommerce.order"]._read_group(
            own
            & (
                Domain("state", "=", "imported")
                | Domain("state", "=", "held")
                & Domain("reason_code", "=", "total_differs")
            ),
            ["instance_id", "state"],
            ["__count"],
        )
        return Facts(
            locations=self.env["bigcommerce.location"].search_fetch(
                own & Domain("is_enabled", "=", True),
                ["name", "instance_id", "warehouse_id"],
            ),
            gateways=self.env["bigcommerce.payment.gateway"].search_fetch(
                own, ["name", "instance_id"]
            ),
            workflow_lines=self.env["bigcommerce.workflow.line"].search_fetch(
                own & Domain("workflow_id.active", "=", True),
                ["instance_id", "gateway_id"],
            ),
            jobs=jobs.search_fetch(
                own, ["instance_id", "operation", "active", "last_processed_on"]
            ),
            last_runs=runs.browse([run_id for *_key, run_id in last_runs]),
            items={instance: count for instance, count, _mapped in items},
            unmatched={instance: count - mapped for instance, count, mapped in items},
            imported={
                instance: count
                for instance, state, count in orders
                if state == "imported"
            },
            differing={
                instance: count for instance, state, count in orders if state == "held"
            },
        )

    @api.model
    def _get_unmatched_domain(self):
        """Return the domain of listing items that stand for no product, but should."""
        return Domain("product_id", "=", False) & Domain(
            "listing_id.is_excluded", "=", False
        )
