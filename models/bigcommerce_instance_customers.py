from odoo import fields, models


class BigcommerceInstance(models.Model):
    """Whose orders a store's orders are."""

    _inherit = "bigcommerce.instance"

    receivable_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        copy=False,
        domain=[("account_type", "=", "asset_receivable")],
        help="Receivable account of the contacts that are made for this store. "
        "Empty: the company's.",
    )
    create_company_contact = fields.Boolean(
        "Create Company Contact?",
        help="Make a contact of the company that a billing address names, and the "
        "person a contact of that company. Recommended for B2B stores.",
    )
    default_customer_id = fields.Many2one(
        "res.partner",
        check_company=True,
        copy=False,
        help="Customer of orders that name nobody.",
    )
    customer_count = fields.Integer(compute="_compute_customer_count")
    keep_in_company = fields.Boolean(
        "Keep Contacts and Products in the Company?",
        help="Contacts and products that are made for this store belong to its company "
        "instead of being shared with the others.",
    )

    def _compute_customer_count(self):
        counts = self._count("bigcommerce.customer")
        for instance in self:
            instance.customer_count = counts.get(instance, 0)

    def action_import_customers(self):
        return self._start_from_button("import_customers")

    def action_view_customers(self):
        return self._open("bigcommerce_connector.bigcommerce_customer_action")
