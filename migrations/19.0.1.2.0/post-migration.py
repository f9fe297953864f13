from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    note_tax_system(cr)
    name_certificates_sold(cr)
    address_deliveries(cr)
    bind_customers(cr)
    add_automatic_jobs(api.Environment(cr, SUPERUSER_ID, {}))


def note_tax_system(cr):
    """Until now orders had the taxes of their products."""
    cr.execute(
        """
        UPDATE bigcommerce_order
           SET tax_system = 'odoo'
         WHERE sale_order_id IS NOT NULL AND tax_system IS NULL
        """
    )


def name_certificates_sold(cr):
    """They were lines of products; who pays with one has a negative line."""
    cr.execute(
        """
        UPDATE sale_order_line line
           SET bigcommerce_part = 'gift_certificate_sold'
          FROM bigcommerce_order own, bigcommerce_instance instance
         WHERE own.sale_order_id = line.order_id
           AND instance.id = own.instance_id
           AND line.bigcommerce_part = 'product'
           AND line.product_id = instance.gift_certificate_product_id
        """
    )


def address_deliveries(cr):
    """What is added to an order that goes to one address goes into its open delivery.

    Until now deliveries did not say to which address of the store they go.
    """
    cr.execute(
        """
        UPDATE stock_picking picking
           SET bigcommerce_fulfilment = 'shipping',
               bigcommerce_address_id = goods.address_id
          FROM (SELECT line.order_id,
                       NULLIF(max(line.bigcommerce_address_id), '') AS address_id
                  FROM sale_order_line line
                  JOIN bigcommerce_order own ON own.sale_order_id = line.order_id
                 WHERE line.bigcommerce_part = 'product'
              GROUP BY line.order_id
                HAVING count(DISTINCT COALESCE(line.bigcommerce_address_id, '')) = 1
               ) goods
         WHERE goods.order_id = picking.sale_id
           AND picking.state NOT IN ('done', 'cancel')
        """
    )


def bind_customers(cr):
    """Customers of orders that were imported are recognised by their id from now on."""
    cr.execute(
        """
        INSERT INTO bigcommerce_customer (
               instance_id, company_id, bc_id, name, active, partner_id,
               create_date, write_date)
        SELECT DISTINCT ON (own.instance_id, own.customer_bc_id)
               own.instance_id, own.company_id, own.customer_bc_id,
               COALESCE(NULLIF(own.customer_name, ''), '#' || own.customer_bc_id),
               TRUE, sale.partner_id,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM bigcommerce_order own
          JOIN sale_order sale ON sale.id = own.sale_order_id
         WHERE COALESCE(own.customer_bc_id, '') NOT IN ('', '0')
      ORDER BY own.instance_id, own.customer_bc_id, own.date_created DESC
            ON CONFLICT DO NOTHING
        """
    )


def add_automatic_jobs(env):
    """Confirm makes those of new operations; here it was clicked long ago."""
    # An archived one may come back.
    instances = env["bigcommerce.instance"].with_context(active_test=False)
    env["bigcommerce.automatic.job"]._ensure_jobs(
        instances.search([("state", "=", "confirmed")])
    )
