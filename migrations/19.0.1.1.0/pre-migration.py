def migrate(cr, version):
    fill_required_columns(cr)
    keep_one_mover(cr)


def fill_required_columns(cr):
    """In one pass, before Odoo would fill them row by row."""
    cr.execute(
        """
        ALTER TABLE bigcommerce_queue_line
            ADD COLUMN IF NOT EXISTS lane varchar,
            ADD COLUMN IF NOT EXISTS read_on timestamp
        """
    )
    cr.execute(
        """
        UPDATE bigcommerce_queue_line
           SET lane = key, read_on = create_date
         WHERE lane IS NULL
        """
    )


def keep_one_mover(cr):
    """Of several open scans of one kind the oldest goes on moving the watermark."""
    cr.execute(
        """
        UPDATE bigcommerce_queue_job job
           SET moves_watermark = FALSE
          FROM bigcommerce_queue_job older
         WHERE job.moves_watermark AND job.state IN ('pending', 'discovering')
           AND older.moves_watermark AND older.state IN ('pending', 'discovering')
           AND older.instance_id = job.instance_id
           AND older.operation = job.operation
           AND older.id < job.id
        """
    )
