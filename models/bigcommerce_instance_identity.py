from odoo import api, fields, models


class BigcommerceInstance(models.Model):
    """What the orders of a store are called, and who looks after them."""

    _inherit = "bigcommerce.instance"

    use_marketplace_sequence = fields.Boolean(
        "Use Marketplace's Order Sequence?",
        help="Name orders after their number in BigCommerce, not by Odoo's sequence.",
    )
    order_prefix = fields.Char(help="Put before the names of imported orders.")
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        check_company=True,
        help="Sales team of imported orders.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Salesperson of imported orders.",
    )
    salesperson_warning = fields.Char(
        compute="_compute_salesperson_warning", compute_sudo=True
    )
    order_name_warning = fields.Char(
        compute="_compute_order_name_warning", compute_sudo=True
    )

    @api.depends(
        "user_id.active", "user_id.company_ids", "user_id.all_group_ids", "company_id"
    )
    def _compute_salesperson_warning(self):
        for instance in self:
            user, company = instance.user_id, instance.company_id
            if not user:
                warning = False
            elif not user.active:
                warning = self.env._(
                    "The salesperson %s is archived. Orders are imported all the same: "
                    "choose somebody who can look after them.",
                    user.name,
                )
            elif company not in user.company_ids:
                warning = self.env._(
                    "The salesperson %(user)s has no access to %(company)s. Orders are "
                    "imported all the same: allow the company to the user.",
                    user=user.name,
                    company=company.name,
                )
            elif not user.has_group("sales_team.group_sale_salesman"):
                warning = self.env._(
                    "The salesperson %s has no access to Sales. Orders are imported "
                    "all the same: give the user a role there.",
                    user.name,
                )
            else:
                warning = False
            instance.salesperson_warning = warning

    @api.depends("use_marketplace_sequence", "order_prefix", "company_id", "active")
    def _compute_order_name_warning(self):
        named_there = self.search([("use_marketplace_sequence", "=", True)])
        for instance in self:
            instance.order_name_warning = False
            alike = named_there.filtered(
                lambda other, instance=instance: (
                    other != instance._origin
                    and other.company_id == instance.company_id
                    and (other.order_prefix or "") == (instance.order_prefix or "")
                )
            )
            if instance.use_marketplace_sequence and alike:
                instance.order_name_warning = self.env._(
                    "Orders of %(instance)s and of %(other)s come to have the same "
                    "names. Give one of them an order prefix.",
                    instance=instance.name,
                    other=alike[0].name,
                )
