from odoo import api, fields, models


class SaleReport(models.Model):
    """Where orders came from, and how they were paid.

    As texts, as on sale orders: whoever may read the report may read them.
    """

    _inherit = "sale.report"

    bigcommerce_store = fields.Char("BigCommerce Store", readonly=True)
    bigcommerce_channel = fields.Char("BigCommerce Channel", readonly=True)
    bigcommerce_gateway = fields.Char("BigCommerce Payment Gateway", readonly=True)

    @api.model
    def _get_bigcommerce_columns(self):
        """Return where the fields come from: expressions without an aggregate."""
        return {
            "bigcommerce_store": "s.bigcommerce_store",
            "bigcommerce_channel": "s.bigcommerce_channel",
            # The gateway that stands for it, if it was merged; else as the store says.
            "bigcommerce_gateway": """COALESCE(
                bigcommerce_main_gateway.name,
                bigcommerce_gateway.name,
                NULLIF(bigcommerce_order.payment_method, '')
            )""",
        }

    def _select_additional_fields(self):
        return super()._select_additional_fields() | self._get_bigcommerce_columns()

    def _from_sale(self):
        # One row at most each: no line of an order is counted twice.
        return (
            super()._from_sale()
            + """
            LEFT JOIN bigcommerce_order ON bigcommerce_order.sale_order_id = s.id
            LEFT JOIN bigcommerce_payment_gateway bigcommerce_gateway
                ON bigcommerce_gateway.instance_id = bigcommerce_order.instance_id
                AND bigcommerce_gateway.bc_id = lower(
                    btrim(
                        regexp_replace(
                            bigcommerce_order.payment_method, '[[:space:]]+', ' ', 'g'
                        )
                    )
                )
            LEFT JOIN bigcommerce_payment_gateway bigcommerce_main_gateway
                ON bigcommerce_main_gateway.id = bigcommerce_gateway.merged_into_id"""
        )

    def _group_by_sale(self):
        columns = ", ".join(self._get_bigcommerce_columns().values())
        return f"{super()._group_by_sale()}, {columns}"
