"""Orders as ready values, and what Odoo alone makes of them."""

from odoo.fields import Command

ORDER_FIELDS = (
    "company_id warehouse_id carrier_id pricelist_id payment_term_id "
    "fiscal_position_id user_id team_id date_order validity_date require_signature "
    "require_payment client_order_ref origin"
).split()
LINE_FIELDS = (
    "product_id name product_uom_id product_uom_qty price_unit technical_price_unit "
    "discount tax_ids customer_lead bigcommerce_part bigcommerce_line_id "
    "bigcommerce_address_id bigcommerce_parent_line_id bigcommerce_fulfilment "
    "bigcommerce_location_id bigcommerce_warehouse_id bigcommerce_is_elsewhere "
    "bigcommerce_carrier_id bigcommerce_delivery_partner_id "
    "bigcommerce_shipped_quantity is_delivery extra_tax_data"
).split()
PARTNER_FIELDS = (
    "name email phone street street2 zip city country_id state_id company_name "
    "lang type"
).split()


def read_batches(orders, size):
    """Return orders and their partners as ready values, batch by batch.

    A batch is (customers, their addresses, orders): values by the id of their record,
    the partners in them as ids.
    """
    return [
        read_batch(orders[start : start + size])
        for start in range(0, len(orders), size)
    ]


def read_batch(orders):
    partners = (
        orders.partner_id | orders.partner_invoice_id | orders.partner_shipping_id
    )
    addresses = partners.filtered("parent_id")
    return (
        {one.id: read_vals(one, PARTNER_FIELDS) for one in partners - addresses},
        {
            one.id: {**read_vals(one, PARTNER_FIELDS), "parent_id": one.parent_id.id}
            for one in addresses
        },
        {
            one.id: {
                **read_vals(one, ORDER_FIELDS),
                "partner_id": one.partner_id.id,
                "partner_invoice_id": one.partner_invoice_id.id,
                "partner_shipping_id": one.partner_shipping_id.id,
                "order_line": [
                    Command.create(read_vals(line, LINE_FIELDS))
                    for line in one.order_line
                ],
            }
            for one in orders
        },
    )


def read_vals(record, names):
    """Return the values of a record as ``create`` takes them."""
    return record._convert_to_write({name: record[name] for name in names})


def create_batch(env, batch):
    """Create a batch with Odoo's own calls, and commit it.

    :return: the orders, and a dict of partner id -> id of its copy
    """
    customers, addresses, orders = batch
    copies = {}

    def link(vals, *names):
        return {**vals, **{name: copies[vals[name]] for name in names}}

    made = env["res.partner"].create(list(customers.values()))
    copies.update(zip(customers, made.ids, strict=True))
    made = env["res.partner"].create(
        [link(vals, "parent_id") for vals in addresses.values()]
    )
    copies.update(zip(addresses, made.ids, strict=True))
    created = env["sale.order"].create(
        [
            link(vals, "partner_id", "partner_invoice_id", "partner_shipping_id")
            for vals in orders.values()
        ]
    )
    env.cr.commit()
    return created, copies
