from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    instances = env["bigcommerce.instance"].with_context(active_test=False).search([])
    env["bigcommerce.field.owner"]._ensure_owners(instances)
    env["bigcommerce.automatic.job"]._ensure_jobs(
        instances.filtered(lambda instance: instance.state == "confirmed")
    )
