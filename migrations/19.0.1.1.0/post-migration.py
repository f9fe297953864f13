def migrate(cr, version):
    """Causes are records now; what failed has one, too."""
    cr.execute(
        """
        UPDATE bigcommerce_queue_line line
           SET cause_id = cause.id
          FROM bigcommerce_cause cause
         WHERE line.state IN ('blocked', 'failed')
           AND cause.code = COALESCE(line.cause, 'unexpected_error')
        """
    )
