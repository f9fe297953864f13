import json
from datetime import datetime, time, timedelta, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.safe_eval import safe_eval

from ..sync.exchange_rates import find_first_rates, has_rate

# Days before today that today is compared with.
DAYS_BEFORE = 7
# Causes on a card; there is a link to the others.
CAUSES_SHOWN = 3


class BigcommerceInstance(models.Model):
    """What the card of a store shows: what matters today.

    Each number is that of the records that its link opens. All cards together take the
    same number of queries, however many stores, orders and lines there are.
    """

    _inherit = "bigcommerce.instance"

    color = fields.Integer(copy=False)
    today_order_count = fields.Integer("Orders Today", compute="_compute_sales")
    today_revenue = fields.Monetary("Revenue Today", compute="_compute_sales")
    daily_order_count = fields.Float(
        "Orders per Day",
        digits=(16, 1),
        compute="_compute_sales",
        help="Of the seven days before today, on average.",
    )
    daily_revenue = fields.Monetary("Revenue per Day", compute="_compute_sales")
    sales_note = fields.Char(compute="_compute_sales")
    kanban_dashboard_graph = fields.Text(compute="_compute_sales")
    held_order_count = fields.Integer("Held Orders", compute="_compute_held_orders")
    problem_line_count = fields.Integer("Problems", compute="_compute_problems")
    problem_causes = fields.Json(compute="_compute_problems")

    @api.depends_context("lang", "allowed_company_ids", "uid")
    def _compute_sales(self):
        stored = self._origin
        days = {instance: instance._get_days() for instance in stored}
        sums = self.env["bigcommerce.order"]._sum_sales(
            [
                (instance.id, number, *limits)
                for instance, own in days.items()
                for number, (_day, *limits) in enumerate(own)
            ]
        )
        nothing = [0] * (DAYS_BEFORE + 1)
        counts = {instance: list(nothing) for instance in stored}
        totals = {instance: list(nothing) for instance in stored}
        left_out = dict.fromkeys(stored, 0)
        for instance, number, count, amount in stored._convert_sums(sums):
            counts[instance][number] += count
            totals[instance][number] += amount or 0
            left_out[instance] += count * (amount is None)
        for instance in self:
            own = instance._origin
            *counts_before, instance.today_order_count = counts.get(own, nothing)
            *totals_before, instance.today_revenue = totals.get(own, nothing)
            instance.daily_order_count = sum(counts_before) / DAYS_BEFORE
            instance.daily_revenue = sum(totals_before) / DAYS_BEFORE
            instance.sales_note = bool(left_out.get(own)) and self.env._(
                "Orders without exchange rate, not in the sums: %s.",
                left_out[own],
            )
            instance.kanban_dashboard_graph = any(
                counts.get(own, nothing)
            ) and json.dumps(own._prepare_graph(days[own], totals[own]))

    def _compute_held_orders(self):
        counts = self._count("bigcommerce.order", ("state", "=", "held"))
        for instance in self:
            instance.held_order_count = counts.get(instance, 0)

    @api.depends_context("lang", "allowed_company_ids", "uid")
    def _compute_problems(self):
        """Count what needs a person, and name what keeps most lines from going on."""
        lines = self.env["bigcommerce.queue.line"]
        groups = lines._read_group(
            [("instance_id", "in", self.ids), *lines._PROBLEM_DOMAIN],
            ["instance_id", "cause_id"],
            ["__count"],
            order="__count DESC, cause_id",
        )
        causes = {}
        for instance, cause, count in groups:
            causes.setdefault(instance, []).append(
                {"id": cause.id, "name": cause.name, "count": count}
            )
        for instance in self:
            own = causes.get(instance._origin, [])
            instance.problem_line_count = sum(cause["count"] for cause in own)
            instance.problem_causes = own[:CAUSES_SHOWN]

    @api.model
    def get_empty_list_help(self, help_message):
        """Who may connect a store gets the button to do so, the others a hint."""
        if not self.env.context.get("is_bigcommerce_dashboard"):
            return super().get_empty_list_help(help_message)
        return self.env["ir.qweb"]._render(
            "bigcommerce_connector.bigcommerce_dashboard_help",
            {"may_connect": self.sudo(False).has_access("create")},
        )

    def action_view_today_orders(self):
        _day, start, end = self._get_days()[-1]
        return self._open(
            "bigcommerce_connector.bigcommerce_order_action",
            *self.env["bigcommerce.order"]._get_sales_domain(start, end),
        )

    def action_view_held_orders(self):
        return self._open(
            "bigcommerce_connector.bigcommerce_order_action",
            ("state", "=", "held"),
        )

    def action_view_cause(self, cause_id):
        """Show what one cause keeps from going on."""
        cause = self.env["bigcommerce.cause"].browse(cause_id)
        action = self._open(
            "bigcommerce_connector.bigcommerce_queue_line_action",
            ("cause_id", "=", cause.id),
            search_default_group_by_message=True,
        )
        return {**action, "name": cause.name, "display_name": cause.name}

    def action_view_late_jobs(self):
        """Show the automatic jobs that should have run."""
        late = self.automatic_job_ids.filtered("is_late")
        return self._open(
            "bigcommerce_connector.bigcommerce_automatic_job_action",
            ("id", "in", late.ids),
        )

    def action_view_sales(self):
        """Show the report of the sales of this store."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bigcommerce_connector.bigcommerce_sales_action"
        )
        # Stores of several companies may have the same name.
        own = Domain("bigcommerce_store", "=", self.name)
        own &= Domain("company_id", "=", self.company_id.id)
        action["domain"] = list(Domain(safe_eval(action["domain"])) & own)
        return action

    def _get_days(self):
        """Return today and the days before it, by the store's clock, today last.

        :return: list of tuples of the day, and the moments in UTC at which it begins
            and ends
        """
        self.ensure_one()
        zone = self.with_context(tz=self.timezone or "UTC").env.tz
        today = datetime.now(zone).date()
        days = [today - timedelta(days=ago) for ago in range(DAYS_BEFORE, -1, -1)]
        starts = [
            zone.localize(datetime.combine(day, time.min))
            .astimezone(timezone.utc)
            .replace(tzinfo=None)
            for day in [*days, today + timedelta(days=1)]
        ]
        return list(zip(days, starts, starts[1:], strict=False))

    def _convert_sums(self, sums):
        """Yield what ``_sum_sales`` has found, in the currencies of the stores.

        :return: iterator of tuples of an instance, the number of a period, a number of
            orders, and their total at the rates of today, None where there is no rate
        """
        currencies = self.env["res.currency"]
        sums = [
            (self.browse(instance_id), number, currencies.browse(currency_id), *values)
            for instance_id, number, currency_id, *values in sums
        ]
        foreign = currencies.union(
            *(
                currency | instance.currency_id
                for instance, _number, currency, *_values in sums
                if currency != instance.currency_id
            )
        )
        rates = self._get_today_rates(foreign) if foreign else {}
        for instance, number, currency, count, total in sums:
            own, target = rates.get(instance.company_id, {}), instance.currency_id
            if currency == target:
                amount = float(total)
            elif currency.id in own and target.id in own:
                amount = target.round(float(total) / own[currency.id] * own[target.id])
            else:
                amount = None
            yield instance, number, count, amount

    def _get_today_rates(self, currencies):
        """Return the rates of today by company and currency, of those that have one."""
        today = fields.Date.context_today(self)
        rates = {}
        for company in self.company_id:
            first_rates = find_first_rates(self.env, company)
            known = currencies.filtered(
                lambda currency, company=company, first_rates=first_rates: has_rate(
                    currency, company, first_rates, today
                )
            )
            rates[company] = known._get_rates(company, today)
        return rates

    def _prepare_graph(self, days, totals):
        """Return what the widget ``dashboard_graph`` draws: revenue by day."""
        currency = self.currency_id or self.company_id.currency_id
        return [
            {
                "key": self.env._("Revenue"),
                "values": [
                    {
                        "label": format_date(self.env, day, date_format="EEE d"),
                        "value": currency.round(total),
                        "type": "future" if day == days[-1][0] else "past",
                    }
                    for (day, *_limits), total in zip(days, totals, strict=True)
                ],
            }
        ]
