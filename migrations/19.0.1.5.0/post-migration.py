from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    instances = env["bigcommerce.instance"].with_context(active_test=False).search([])
    give_failed_runs_a_cause(env)
    note_connections(cr)
    take_over_alerts(env, instances)
    name_who_is_responsible(env, instances)
    env["bigcommerce.automatic.job"]._ensure_jobs(
        instances.filtered(lambda instance: instance.state == "confirmed")
    )


def give_failed_runs_a_cause(env):
    """A run that failed waits for a person, unless a later one does the same."""
    env.cr.execute(
        """
        UPDATE bigcommerce_queue_job own
           SET cause_id = %s
         WHERE state = 'failed'
           AND NOT EXISTS (
               SELECT
                 FROM bigcommerce_queue_job later
                WHERE later.id > own.id
                  AND later.instance_id = own.instance_id
                  AND later.operation = own.operation
                  AND later.options IS NOT DISTINCT FROM own.options
                  AND later.state IN ('failed', 'running', 'done')
           )
        """,
        [env["bigcommerce.cause"]._get("unexpected_error").id],
    )
    env["bigcommerce.queue.job"].invalidate_model(["cause_id"])


def note_connections(cr):
    """A store that a scan has read from has answered its credentials."""
    cr.execute(
        """
        UPDATE bigcommerce_instance own
           SET connected_on = answered.since
          FROM (
              SELECT instance_id, min(last_processed_on) AS since
                FROM bigcommerce_automatic_job
               GROUP BY instance_id
          ) answered
         WHERE answered.instance_id = own.id
           AND own.state = 'confirmed'
           AND own.access_token != ''
           AND own.is_access_refused IS NOT TRUE
        """
    )


def take_over_alerts(env, instances):
    """Alerts have a type of their own: those that are open close by it."""
    env["mail.activity"].search(
        [
            ("res_model", "=", instances._name),
            ("automated", "=", True),
            (
                "activity_type_id",
                "=",
                env.ref("mail.mail_activity_data_warning").id,
            ),
        ]
    ).activity_type_id = env.ref("bigcommerce_connector.mail_activity_type_problem")


def name_who_is_responsible(env, instances):
    """Whoever was told of outages is told of what fails from now on."""
    alert = env.ref("bigcommerce_connector.mail_activity_type_problem")
    for instance in instances:
        if manager := instance._get_manager():
            instance.write(
                {"alert_activity_type_id": alert.id, "alert_user_id": manager.id}
            )
