from odoo import api, fields, models
from odoo.tools import split_every

from .exchange_rates import find_first_rates, has_rate
from .price_plan import (
    NotExact,
    SalesTax,
    format_price,
    read_price,
    to_odoo,
    to_store,
)
from .problems import Blocked

# Odoo goes through all rules of the products it is asked about for each of them.
PRODUCTS_AT_A_TIME = 40


class BigcommerceStorePrices(models.AbstractModel):
    """What products cost, in Odoo's terms and in a store's: currency and tax."""

    _name = "bigcommerce.store.prices"
    _description = "BigCommerce Store Prices"

    @api.model
    def _find_pricelist_problem(self, instance):
        """Return the :class:`Blocked` that keeps the pricelist from being used."""
        pricelist = instance.pricelist_id
        if pricelist and pricelist.currency_id == instance.currency_id:
            return None
        return Blocked(
            "no_pricelist",
            self.env._(
                "The pricelist “%(pricelist)s” is not in the store's currency "
                "%(currency)s. Choose another one for the store, or refresh the "
                "store's data: it makes one.",
                pricelist=pricelist.name,
                currency=instance.currency_id.name,
            )
            if pricelist
            else self.env._(
                "The store has no pricelist. Choose one, or refresh the store's data: "
                "it makes one."
            ),
        )

    @api.model
    def _compute_pricelist(self, instance, products, date, quantity=1):
        """Return what the store's pricelist says of products: price and rule.

        Without one that can be used, it is what they cost without a pricelist.
        """
        pricelist = instance.pricelist_id.with_company(instance.company_id)
        if self._find_pricelist_problem(instance):
            pricelist = pricelist.browse()
        rules = self.env["product.pricelist.item"]
        return {
            product: (price, rules.browse(rule_id))
            for batch in split_every(PRODUCTS_AT_A_TIME, products.ids, products.browse)
            for product, (price, rule_id) in zip(
                batch,
                pricelist._compute_price_rule(
                    batch, quantity, date=date, currency=instance.currency_id
                ).values(),
                strict=True,
            )
        }

    @api.model
    def _compute_prices(self, instance, products, date, quantity=1):
        """Return what products cost in Odoo, and the rule; None for the sales price."""
        if not instance.export_sale_price:
            return self._compute_pricelist(instance, products, date, quantity)
        prices = products._price_compute("list_price", date=date)
        return {
            product: (
                self._to_currency(instance, product, prices[product.id], date),
                None,
            )
            for product in products
        }

    @api.model
    def _find_prices(self, instance, products, date, quantity=1):
        """Return what products are to cost in the store.

        :param products: without duplicates
        :param date: of rules and exchange rates
        :return: dict of product -> the price, or the :class:`Blocked` that prevents it;
            and what the product costs in Odoo, before it is converted
        """
        products = products.with_company(instance.company_id)
        rates = find_first_rates(self.env, instance.company_id)
        problem = not instance.export_sale_price and self._find_pricelist_problem(
            instance
        )
        prices = {}
        for product, (price, rule) in self._compute_prices(
            instance, products, date, quantity
        ).items():
            in_odoo = read_price(price)
            try:
                if problem:
                    raise problem
                self._check_rates(instance, product, rule, rates, date)
                price = self._to_store(instance, product, in_odoo)
            except Blocked as error:
                price = error
            prices[product] = price, in_odoo
        return prices

    @api.model
    def _to_currency(self, instance, product, price, date):
        """Return a product's sales price in the store's currency."""
        if product.currency_id == instance.currency_id:
            return price
        return product.currency_id._convert(
            price, instance.currency_id, instance.company_id, date
        )

    @api.model
    def _check_rates(self, instance, product, rule, first_rates, date):
        """Refuse a price for which Odoo would have to make up an exchange rate.

        :raise Blocked: if there is no rate
        """
        converted = (
            self._get_converted(instance.pricelist_id, rule, product, date)
            if rule is not None
            else self._get_pair(product.currency_id, instance.currency_id)
        )
        for currency in converted:
            if not has_rate(currency, instance.company_id, first_rates, date.date()):
                raise Blocked(
                    "no_exchange_rate",
                    self.env._(
                        "“%(product)s”: there is no exchange rate of %(currency)s on "
                        "%(date)s. Enter one under Accounting › Currencies.",
                        product=product.display_name,
                        currency=currency.name,
                        date=date.date(),
                    ),
                )

    @api.model
    def _get_converted(self, pricelist, rule, product, date):
        """Return the currencies that are converted where ``rule`` makes the price."""
        if rule.compute_price == "fixed":
            return self.env["res.currency"]
        base = rule.base == "pricelist" and rule.base_pricelist_id
        if not base:
            source = (
                product.cost_currency_id
                if rule.base == "standard_price"
                else product.currency_id
            )
            return self._get_pair(source, pricelist.currency_id)
        if base.currency_id == pricelist.currency_id == product.currency_id:
            return self.env["res.currency"]
        base_rule = rule.browse(base._get_product_rule(product, 1, date=date))
        return self._get_pair(base.currency_id, pricelist.currency_id) | (
            self._get_converted(base, base_rule, product, date)
        )

    @api.model
    def _get_pair(self, source, target):
        return source | target if source != target else source.browse()

    @api.model
    def _to_store(self, instance, product, price):
        """Return a price in Odoo as it is in the store, on the other side of its taxes.

        :raise Blocked: if there is no such price
        """
        return self._convert(instance, product, price, to_store)

    @api.model
    def _to_odoo(self, instance, product, price):
        """Return a price of the store as it is in Odoo; see :meth:`_to_store`."""
        return self._convert(instance, product, price, to_odoo)

    @api.model
    def _convert(self, instance, product, price, convert):
        taxes = product.taxes_id._filter_taxes_by_company(instance.company_id)
        try:
            return convert(price, self._read_taxes(taxes), instance.prices_include_tax)
        except NotExact:
            values = {
                "product": product.display_name,
                "price": format_price(price, instance.currency_id.decimal_places),
                "currency": instance.currency_id.name,
                "taxes": ", ".join(taxes.mapped("name")),
            }
            message = (
                self.env._(
                    "“%(product)s”: the store's prices include tax, and %(price)s "
                    "%(currency)s cannot be converted exactly with %(taxes)s. Give the "
                    "product percentage taxes that are included in its price, or "
                    "another price.",
                    **values,
                )
                if instance.prices_include_tax
                else self.env._(
                    "“%(product)s”: the store's prices are without tax, and %(price)s "
                    "%(currency)s cannot be converted exactly with %(taxes)s. Give the "
                    "product percentage taxes that are not included in its price, or "
                    "another price.",
                    **values,
                )
            )
            raise Blocked("price_tax", message) from None

    @api.model
    def _list_price_finder(self, instance):
        """Return a function of a price there: the sales price of a new product.

        It bears the company's sales tax. Where there is no exact price, the nearest:
        the export refuses it then, as does the pricelist.

        :return: function of a Decimal in the store's currency that returns a float in
            the company's
        """
        company, today = instance.company_id, fields.Date.context_today(self)
        taxes = self._read_taxes(company.account_sale_tax_id)
        is_same = instance.currency_id == company.currency_id

        def find_list_price(price):
            try:
                price = to_odoo(price, taxes, instance.prices_include_tax)
            except NotExact as error:
                price = price if error.nearest is None else error.nearest
            if is_same:
                return float(price)
            return instance.currency_id._convert(
                float(price), company.currency_id, company, today
            )

        return find_list_price

    @api.model
    def _read_taxes(self, taxes):
        """Return taxes as :class:`SalesTax`, those of groups one by one."""
        taxes = taxes.flatten_taxes_hierarchy()
        is_compound = any(tax.include_base_amount for tax in taxes[:-1])
        return [
            SalesTax(
                None
                if is_compound
                or tax.amount_type != "percent"
                or tax.has_negative_factor
                else read_price(tax.amount),
                tax.price_include,
            )
            for tax in taxes
        ]
