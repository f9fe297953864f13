from odoo import fields, models


class BigcommerceCustomer(models.Model):
    """A registered customer of the store, and the contact that the customer is."""

    _name = "bigcommerce.customer"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Customer"

    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        help="Orders of this customer are this contact's.",
    )
    email = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    company_name = fields.Char("Company in BigCommerce", readonly=True)
    group_bc_id = fields.Char("Customer Group ID", readonly=True)
    address_count = fields.Integer("Addresses", readonly=True)
    date_modified = fields.Datetime("Changed in BigCommerce", readonly=True)
