from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """Contacts that are customers of stores."""

    _inherit = "res.partner"

    bigcommerce_customer_ids = fields.One2many(
        "bigcommerce.customer",
        "partner_id",
        groups="bigcommerce_connector.bigcommerce_group_user",
    )
    bigcommerce_customer_count = fields.Integer(
        "BigCommerce Customers",
        compute="_compute_bigcommerce_customer_count",
        groups="bigcommerce_connector.bigcommerce_group_user",
    )

    # Each batch of orders looks its customers up by e-mail, and those without one, as
    # well as companies, by name.
    _email_normalized_index = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
    _folded_name_index = models.Index(
        r"(lower(btrim(regexp_replace(name, '\s+', ' ', 'g'))))"
    )

    @api.depends("bigcommerce_customer_ids")
    def _compute_bigcommerce_customer_count(self):
        for partner in self:
            partner.bigcommerce_customer_count = len(partner.bigcommerce_customer_ids)

    def action_view_bigcommerce_customers(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bigcommerce_connector.bigcommerce_customer_action"
        )
        action["domain"] = [("partner_id", "in", self.ids)]
        return action

    @api.model
    def _get_name_domain(self, names):
        """Return the domain of contacts called so, whatever the case and spacing."""
        if not names:
            return Domain.FALSE
        folded = tuple(" ".join(name.split()).lower() for name in names)
        # Written like the index.
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                r"lower(btrim(regexp_replace(%s, '\s+', ' ', 'g'))) IN %s",
                model._field_to_sql(alias, "name", query),
                folded,
            )
        )
