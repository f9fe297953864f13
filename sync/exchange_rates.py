"""Which currencies Odoo can convert. Without a rate it would silently take 1."""


def find_first_rates(env, company):
    """Return the date of the first exchange rate of each currency that has one."""
    return dict(
        env["res.currency.rate"]._read_group(
            [("company_id", "in", [False, company.root_id.id])],
            ["currency_id"],
            ["name:min"],
        )
    )


def has_rate(currency, company, first_rates, date):
    """Return whether there is a rate of ``currency`` on ``date``."""
    first_rate = first_rates.get(currency)
    return currency == company.currency_id or bool(first_rate and first_rate <= date)
