def migrate(cr, version):
    """Logs happened when they were written, not when the addon is updated."""
    cr.execute("ALTER TABLE bigcommerce_log ADD COLUMN date timestamp")
    cr.execute("UPDATE bigcommerce_log SET date = create_date")
