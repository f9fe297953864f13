"""What has to be settled before Odoo uninstalls the addon."""


def uninstall_hook(env):
    _forget_causes(env)
    _keep_activities(env)


def _forget_causes(env):
    """Let nothing in the queue name a cause any more.

    Odoo deletes the causes first, one by one, and logs an error for each that is named.
    """
    env.cr.execute("UPDATE bigcommerce_queue_line SET cause_id = NULL")
    env.cr.execute("UPDATE bigcommerce_queue_job SET cause_id = NULL")


def _keep_activities(env):
    """Let people keep their activities: their types go with the addon."""
    types = env["ir.model.data"].search(
        [
            ("module", "=", "bigcommerce_connector"),
            ("model", "=", "mail.activity.type"),
        ]
    )
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("activity_type_id", "in", types.mapped("res_id"))]).write(
        {"activity_type_id": env.ref("mail.mail_activity_data_todo").id}
    )
