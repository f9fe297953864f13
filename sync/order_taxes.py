from decimal import Decimal

from odoo import api, models
from odoo.fields import Command

from .order_plan import ZERO, spread
from .problems import Blocked

FORCED_TAX_PREFIX = "bigcommerce,"


class BigcommerceOrderTaxes(models.AbstractModel):
    """The taxes of Odoo that stand for those of a store, and their amounts."""

    _name = "bigcommerce.order.taxes"
    _description = "BigCommerce Order Taxes"

    @api.model
    def _tax_finder(self, instance, planned_orders):
        """Return what is needed to find the taxes of orders, in one query.

        A tax is the same by the store's name and rate, however it was changed in Odoo
        since; else by its name and rate in Odoo. What is missing is made. One that was
        archived since is neither used nor made again.

        :param planned_orders: iterable of pairs of an order and its planned lines
        :return: a function of a :class:`~.tax_plan.TaxKey` and whether prices include
            the tax, that returns the tax, or raises :class:`Blocked`
        """
        wanted = {
            (planned_tax.key, order.is_tax_inclusive)
            for order, planned_lines in planned_orders
            for planned_line in planned_lines
            for planned_tax in planned_line.taxes
        }
        known = self._search_taxes(instance, wanted)
        missing = [key for key in wanted if key not in known]
        if missing and self._may_make_taxes(instance):
            known |= self._make_taxes(instance, missing)

        def find_tax(key, is_included):
            tax = known.get((key, is_included))
            if tax and not tax.active:
                raise Blocked(
                    "archived_tax",
                    self.env._(
                        "The tax “%(tax)s”, which stands for “%(name)s” of %(rate)s %% "
                        "in BigCommerce, is archived.",
                        tax=tax.name,
                        name=self._get_name(key),
                        rate=key.rate,
                    ),
                )
            if not tax:
                raise Blocked(
                    "missing_tax_account",
                    self.env._(
                        "No sales tax “%(name)s” of %(rate)s %% exists. To let the "
                        "connector make it, set the tax account of %(store)s, and the "
                        "fiscal country of the company.",
                        name=self._get_name(key),
                        rate=key.rate,
                        store=instance.name,
                    ),
                )
            return tax

        return find_tax

    @api.model
    def _search_taxes(self, instance, wanted):
        """Return the taxes there are, by key and whether prices include them."""
        names = list({self._get_name(key) for key, _is_included in wanted})
        if not names:
            return {}
        candidates = (
            self.env["account.tax"]
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", instance.company_id.id),
                    ("type_tax_use", "=", "sale"),
                    (
                        "country_id",
                        "=",
                        instance.company_id.account_fiscal_country_id.id,
                    ),
                    "|",
                    ("bigcommerce_name", "in", names),
                    "&",
                    "&",
                    ("name", "in", names),
                    ("amount_type", "=", "percent"),
                    ("active", "=", True),
                ],
                order="bigcommerce_name, active DESC, sequence, id",
            )
            .with_env(self.env)
        )
        own, others = {}, {}
        for tax in candidates:
            if tax.bigcommerce_name:
                key = (tax.bigcommerce_name, tax.bigcommerce_rate, tax.price_include)
                own.setdefault(key, tax)
            else:
                others.setdefault((tax.name, tax.amount, tax.price_include), tax)
        found = {}
        for key, is_included in wanted:
            identity = (self._get_name(key), float(key.rate), is_included)
            tax, other = own.get(identity), others.get(identity)
            if tax := tax if tax and (tax.active or not other) else other:
                found[key, is_included] = tax
        return found

    @api.model
    def _get_name(self, key):
        return key.name or self.env._("BigCommerce Tax")

    @api.model
    def _may_make_taxes(self, instance):
        return instance.tax_account_id and instance.company_id.account_fiscal_country_id

    @api.model
    def _make_taxes(self, instance, missing):
        company = instance.company_id
        groups = self._find_or_create_tax_groups(
            company, {self._get_name(key) for key, _is_included in missing}
        )
        taken = set(
            self.env["account.tax"]
            .with_context(active_test=False)
            .search([("company_id", "child_of", company.root_id.id)])
            .mapped("name")
        )
        vals_list = []
        for key, is_included in sorted(
            missing, key=lambda one: (one[0].name, one[0].rate, one[1])
        ):
            vals = self._prepare_tax_vals(instance, key, is_included)
            vals["tax_group_id"] = groups[self._get_name(key)].id
            vals["name"] = self._get_free_name(vals["name"], taken)
            taken.add(vals["name"])
            vals_list.append((key, is_included, vals))
        taxes = self.env["account.tax"].create([vals for *_key, vals in vals_list])
        return {
            (key, is_included): tax
            for (key, is_included, _vals), tax in zip(vals_list, taxes, strict=True)
        }

    @api.model
    def _find_or_create_tax_groups(self, company, names):
        """Return a tax group of each name: the totals of a document show it."""
        TaxGroup = self.env["account.tax.group"]
        country = company.account_fiscal_country_id
        groups = {
            group.name: group
            for group in TaxGroup.search(
                [
                    ("company_id", "=", company.id),
                    ("country_id", "=", country.id),
                    ("name", "in", list(names)),
                ]
            )
        }
        missing = sorted(names - groups.keys())
        created = TaxGroup.create(
            [
                {"name": name, "company_id": company.id, "country_id": country.id}
                for name in missing
            ]
        )
        return groups | dict(zip(missing, created, strict=True))

    @api.model
    def _prepare_tax_vals(self, instance, key, is_included):
        name = self._get_name(key)
        if key.name:
            name = f"{name} {key.rate:f}%"
        if is_included:
            name = self.env._("%s (included)", name)
        refund_account = instance.refund_tax_account_id or instance.tax_account_id
        return {
            "name": name,
            "invoice_label": self._get_name(key),
            "bigcommerce_name": self._get_name(key),
            "bigcommerce_rate": float(key.rate),
            "amount_type": "percent",
            "amount": float(key.rate),
            "type_tax_use": "sale",
            "price_include_override": "tax_included" if is_included else "tax_excluded",
            "company_id": instance.company_id.id,
            "country_id": instance.company_id.account_fiscal_country_id.id,
            "invoice_repartition_line_ids": self._prepare_repartition_commands(
                instance.tax_account_id
            ),
            "refund_repartition_line_ids": self._prepare_repartition_commands(
                refund_account
            ),
        }

    @api.model
    def _prepare_repartition_commands(self, account):
        return [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": account.id}),
        ]

    @api.model
    def _get_free_name(self, name, taken):
        """Return ``name``, with a number if another tax is called so already."""
        free_name, number = name, 1
        while free_name in taken:
            number += 1
            free_name = f"{name} ({number})"
        return free_name

    @api.model
    def _prepare_forced_tax(self, order, planned_line, taxes, currency):
        """Return the ``extra_tax_data`` of a sale line: the store's own amounts.

        What it holds is defined by ``account.tax`` of Odoo
        (``_import_base_line_extra_tax_data``), which drops it when somebody changes
        price, quantity, discount or taxes of the line. Without taxes Odoo looks at
        none of it, but an invoice of a part of the line does.

        :param taxes: pairs of a tax and its amount in the order's currency
        """
        excluded = planned_line.amount
        if order.is_tax_inclusive:
            excluded -= sum((amount for _tax, amount in taxes), ZERO)
        return {
            "computation_key": f"{FORCED_TAX_PREFIX}{order.id}",
            "currency_id": currency.id,
            "price_unit": float(planned_line.price_unit),
            "discount": float(planned_line.discount),
            "quantity": float(planned_line.quantity),
            "rate": 1.0,
            "manual_total_excluded_currency": float(excluded),
            "manual_tax_amounts": {
                str(tax.id): {
                    "base_amount_currency": float(excluded),
                    "tax_amount_currency": float(amount),
                }
                for tax, amount in taxes
            },
        }

    @api.model
    def _map_taxes(self, taxes, fiscal_position, unit):
        """Return taxes as a fiscal position maps them, and what groups consist of.

        What takes the place of a tax takes its amount.

        :param taxes: list of pairs of a tax and its amount
        :param fiscal_position: empty if none is applied
        :param Decimal unit: smallest amount of the currency
        """
        amounts = {}
        for tax, amount in taxes:
            mapped = fiscal_position.map_tax(tax)._flatten_taxes_and_sort_them()[0]
            rates = [abs(Decimal(str(one.amount))) for one in mapped]
            if not any(rates):
                rates = [Decimal(1)] * len(mapped)
            weights = [amount * rate / sum(rates) for rate in rates]
            for one, share in zip(mapped, spread(amount, weights, unit), strict=True):
                amounts[one] = amounts.get(one, ZERO) + share
        return list(amounts.items())
