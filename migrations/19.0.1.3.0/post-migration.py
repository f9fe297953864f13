def migrate(cr, version):
    read_listings_again(cr)
    note_archived_orders(cr)
    note_default_location(cr)


def read_listings_again(cr):
    """They have more fields now, and prices of four decimals."""
    cr.execute("UPDATE bigcommerce_listing SET payload_digest = NULL")


def note_archived_orders(cr):
    """As far as it is known: until now only what was not imported said so."""
    cr.execute(
        """
        UPDATE bigcommerce_order SET is_deleted = TRUE WHERE reason_code = 'archived'
        """
    )


def note_default_location(cr):
    """It serves what names no location; until now lines said nothing then."""
    cr.execute(
        """
        UPDATE sale_order_line line
           SET bigcommerce_location_id = location.id
          FROM bigcommerce_order own
          JOIN bigcommerce_location location
            ON location.instance_id = own.instance_id AND location.is_default
         WHERE own.sale_order_id = line.order_id
           AND line.bigcommerce_part = 'product'
           AND line.bigcommerce_location_id IS NULL
           AND COALESCE(line.bigcommerce_fulfilment, '') != 'digital'
        """
    )
