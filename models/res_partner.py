from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Each batch of orders looks its customers up by e-mail.
    _email_normalized_index = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
