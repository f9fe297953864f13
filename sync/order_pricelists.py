from odoo import api, fields, models

from .exchange_rates import find_first_rates, has_rate
from .problems import Blocked
from .values import to_odoo


class BigcommerceOrderPricelists(models.AbstractModel):
    """In which pricelist, and so in which currency, an order is entered."""

    _name = "bigcommerce.order.pricelists"
    _description = "BigCommerce Order Pricelists"

    @api.model
    def _pricelist_finder(self, instance):
        """Return a function of a store's order that gives its pricelist.

        It raises :class:`Blocked` for an order in a currency without a pricelist, or
        without an exchange rate on its date: Odoo would silently take other amounts.
        """
        company = instance.company_id
        pricelists = {
            currency.currency_id.name: currency.pricelist_id
            for currency in self.env["bigcommerce.currency"]
            # Orders in a currency that the store has given up are there still.
            .with_context(active_test=False)
            .search([("instance_id", "=", instance.id)], order="active")
        }
        if instance.pricelist_id:
            pricelists[instance.pricelist_id.currency_id.name] = instance.pricelist_id
        first_rates = find_first_rates(self.env, company)

        def find_pricelist(order):
            code = order.currency_code or instance.currency_id.name
            pricelist = pricelists.get(code)
            if not pricelist:
                raise Blocked(
                    "no_pricelist",
                    self.env._(
                        "The store has no pricelist in %s. If it takes orders in this "
                        "currency, confirm the instance again: it makes one.",
                        code,
                    ),
                )
            currency = pricelist.currency_id
            date = (to_odoo(order.date_created) or fields.Datetime.now()).date()
            if not has_rate(currency, company, first_rates, date):
                raise Blocked(
                    "no_exchange_rate",
                    self.env._(
                        "There is no exchange rate of %(currency)s on %(date)s. "
                        "Enter one under Accounting › Currencies.",
                        currency=currency.name,
                        date=date,
                    ),
                )
            return pricelist

        return find_pricelist
