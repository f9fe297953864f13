from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..sync.tax_plan import RATE_DIGITS

TAX_SYSTEMS = [
    (
        "odoo",
        "Odoo's Default Tax Behaviour (Taxes will be taken from Odoo Product)",
    ),
    ("marketplace", "Follow Marketplace Tax (no fiscal position mappings)"),
    (
        "marketplace_mapped",
        "Follow Marketplace Tax and applies fiscal position mappings",
    ),
]


class BigcommerceInstance(models.Model):
    """Which taxes the orders of a store bear."""

    _inherit = "bigcommerce.instance"

    tax_system = fields.Selection(
        TAX_SYSTEMS,
        required=True,
        default="odoo",
    )
    tax_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        copy=False,
        help="Account of the taxes that are made from BigCommerce's.",
    )
    refund_tax_account_id = fields.Many2one(
        "account.account",
        "Tax Account on Credit Notes",
        check_company=True,
        copy=False,
        help="Account of the same taxes on credit notes. Empty: the tax account.",
    )
    tax_rounding = fields.Integer(
        help="Decimals to which a tax rate of BigCommerce is rounded before its tax is "
        "looked up. 0: as it comes.",
    )
    tax_warning = fields.Char(compute="_compute_tax_warning")

    @api.depends("prices_include_tax", "state", "company_id", "tax_system")
    def _compute_tax_warning(self):
        for instance in self:
            instance.tax_warning = False
            tax = instance.company_id.account_sale_tax_id
            is_own = instance.state == "draft" or instance._follows_store_taxes()
            if is_own or not tax:
                continue
            if instance.prices_include_tax and not tax.price_include:
                instance.tax_warning = self.env._(
                    "The store enters prices with tax, Odoo's default sales tax %s "
                    "is added on top. Follow the marketplace's taxes (Orders › Tax "
                    "System), or set product taxes that are included in the price: "
                    "otherwise orders will be held because their totals differ.",
                    tax.name,
                )
            elif tax.price_include and not instance.prices_include_tax:
                instance.tax_warning = self.env._(
                    "The store enters prices without tax, Odoo's default sales tax "
                    "%s is included in prices. Follow the marketplace's taxes (Orders "
                    "› Tax System), or set product taxes that are added on top: "
                    "otherwise orders will be held because their totals differ.",
                    tax.name,
                )

    @api.constrains("tax_rounding")
    def _check_tax_rounding(self):
        for instance in self:
            if not 0 <= instance.tax_rounding <= RATE_DIGITS:
                raise ValidationError(
                    self.env._(
                        "Tax rates have at most %s decimals: enter 0 to take them as "
                        "they come.",
                        RATE_DIGITS,
                    )
                )

    @api.onchange("tax_system")
    def _onchange_tax_system(self):
        """Suggest the account of the company's own sales tax."""
        if self._follows_store_taxes() and not self.tax_account_id:
            tax = self.company_id.account_sale_tax_id
            self.tax_account_id = tax.invoice_repartition_line_ids.account_id[:1]

    def _follows_store_taxes(self):
        """Return whether orders bear the store's taxes rather than their products'."""
        self.ensure_one()
        return self.tax_system != "odoo"
