from . import models
from . import sync
from . import wizards


def uninstall_hook(env):
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
