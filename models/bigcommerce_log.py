from odoo import fields, models


class BigcommerceLog(models.Model):
    """What has no queue line of its own, and at level *All* what went well."""

    _name = "bigcommerce.log"
    _description = "BigCommerce Log"
    _order = "id desc"
    _rec_name = "message"

    instance_id = fields.Many2one(
        "bigcommerce.instance", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="instance_id.company_id", store=True, index=True
    )
    level = fields.Selection(
        [("success", "Success"), ("error", "Error")], required=True, readonly=True
    )
    operation = fields.Selection(
        selection=lambda self: self.env["bigcommerce.operation"]._selection_operation(),
        readonly=True,
    )
    job_id = fields.Many2one(
        "bigcommerce.queue.job",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    message = fields.Text(required=True, readonly=True)
    request_count = fields.Integer("Requests", readonly=True)

    _instance_index = models.Index("(instance_id, id DESC)")
