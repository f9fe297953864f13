from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    leave_given_up_orders(cr)
    env = api.Environment(cr, SUPERUSER_ID, {})
    add_automatic_jobs(env)
    hold_doubtful_orders(env)


def leave_given_up_orders(cr):
    """What the store gave up before the update stays as people have left it."""
    cr.execute(
        """
        UPDATE bigcommerce_order own
           SET store_cancellation = 'asked'
          FROM sale_order
         WHERE sale_order.id = own.sale_order_id
           AND sale_order.state != 'cancel'
           AND (own.is_deleted
                OR own.status_id IN (
                    SELECT id
                      FROM bigcommerce_order_status
                     WHERE bc_id IN ('5', '6')
                ))
        """
    )


def add_automatic_jobs(env):
    """Confirm makes those of new operations; here it was clicked long ago."""
    # An archived one may come back.
    instances = env["bigcommerce.instance"].with_context(active_test=False)
    env["bigcommerce.automatic.job"]._ensure_jobs(
        instances.search([("state", "=", "confirmed")])
    )


def hold_doubtful_orders(env):
    """Disputed orders, and those to be verified, are held from now on."""
    env["bigcommerce.order"].search(
        [("status_id.bc_id", "in", ("12", "13")), ("sale_order_id", "!=", False)]
    )._check_holds()
