from odoo import fields, models


class AccountPayment(models.Model):
    """Payments that a store has captured."""

    _inherit = "account.payment"

    bigcommerce_instance_id = fields.Many2one(
        "bigcommerce.instance",
        "BigCommerce Instance",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="bigcommerce_connector.bigcommerce_group_user",
    )
    bigcommerce_capture_id = fields.Char(
        "BigCommerce Capture ID",
        readonly=True,
        copy=False,
        help="Transaction by which BigCommerce has taken this payment.",
    )

    _bigcommerce_capture_unique = models.UniqueIndex(
        "(bigcommerce_instance_id, bigcommerce_capture_id) "
        "WHERE bigcommerce_capture_id IS NOT NULL",
        "This capture of BigCommerce is another payment's.",
    )
