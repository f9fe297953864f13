from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    read_listings_again(cr)
    place_default_locations(cr)
    read_open_orders_again(cr)
    note_archived_orders(cr)
    note_default_location(cr)
    add_automatic_jobs(api.Environment(cr, SUPERUSER_ID, {}))
    import_known_prices(api.Environment(cr, SUPERUSER_ID, {}))


def read_listings_again(cr):
    """They have more fields now, and prices of four decimals."""
    cr.execute("UPDATE bigcommerce_listing SET payload_digest = NULL")


def place_default_locations(cr):
    """Confirm does so the first time; here it was clicked long ago."""
    cr.execute(
        """
        UPDATE bigcommerce_location own
           SET stock_location_id = warehouse.lot_stock_id
          FROM stock_warehouse warehouse
         WHERE warehouse.id = own.warehouse_id
           AND own.is_default AND own.stock_location_id IS NULL
        """
    )


def read_open_orders_again(cr):
    """What stock they have taken is known once they have been read again."""
    cr.execute(
        """
        UPDATE bigcommerce_order
           SET payload_digest = NULL
         WHERE sale_order_id IS NULL AND state IN ('waiting', 'blocked')
        """
    )


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


def add_automatic_jobs(env):
    """Confirm makes those of new operations; here it was clicked long ago."""
    # An archived one may come back.
    instances = env["bigcommerce.instance"].with_context(active_test=False)
    env["bigcommerce.automatic.job"]._ensure_jobs(
        instances.search([("state", "=", "confirmed")])
    )


def import_known_prices(env):
    """The pricelists do not hold them yet, and an export would change them."""
    env["bigcommerce.instance"].search([])._start_open("import_prices")
