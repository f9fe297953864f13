def migrate(cr, version):
    read_listings_again(cr)


def read_listings_again(cr):
    """They have more fields now, and prices of four decimals."""
    cr.execute("UPDATE bigcommerce_listing SET payload_digest = NULL")
