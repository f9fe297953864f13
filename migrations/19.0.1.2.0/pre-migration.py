def migrate(cr, version):
    fill_stored_columns(cr)


def fill_stored_columns(cr):
    """In one pass, before Odoo would compute them of every order there is."""
    cr.execute(
        """
        ALTER TABLE sale_order
            ADD COLUMN IF NOT EXISTS bigcommerce_store varchar,
            ADD COLUMN IF NOT EXISTS bigcommerce_channel varchar
        """
    )
    cr.execute(
        """
        UPDATE sale_order sale
           SET bigcommerce_store = instance.name,
               bigcommerce_channel = channel.name
          FROM bigcommerce_order own
          JOIN bigcommerce_instance instance ON instance.id = own.instance_id
     LEFT JOIN bigcommerce_channel channel ON channel.id = own.channel_id
         WHERE own.sale_order_id = sale.id
        """
    )
