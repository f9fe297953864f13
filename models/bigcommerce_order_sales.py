from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..sync.order_statuses import NOT_GOING_ON


class BigcommerceOrder(models.Model):
    """What the orders of stores sum to."""

    _inherit = "bigcommerce.order"

    _placed_index = models.Index("(instance_id, date_created)")

    @api.model
    def _get_sales_domain(self, start, end):
        """Return the domain of orders that count as sales of a period.

        All do but those that came to nothing, or were given up.

        :param start: the moment from which, and
        :param end: that before which they were placed, in UTC
        """
        return (
            Domain("date_created", ">=", fields.Datetime.to_string(start))
            & Domain("date_created", "<", fields.Datetime.to_string(end))
            & Domain("status_id.bc_id", "not in", NOT_GOING_ON)
        )

    @api.model
    def _sum_sales(self, periods):
        """Sum the sales of stores by period and currency, in one query.

        :param list periods: tuples of an instance id, a number, and the moments between
            which orders were placed
        :return: list of tuples of an instance id, the number of a period, a currency id
            (None where Odoo does not know it), a number of orders and their total
        """
        if not periods:
            return []
        ids, numbers, starts, ends = (list(row) for row in zip(*periods, strict=True))
        orders = self._search(
            Domain("instance_id", "in", ids)
            & self._get_sales_domain(min(starts), max(ends))
        )
        columns = ("instance_id", "date_created", "currency_id", "amount_total")
        self.flush_model(columns)
        return self.env.execute_query(
            SQL(
                """
                SELECT period.instance_id, period.number, sale.currency_id,
                       COUNT(*), SUM(sale.amount_total)
                  FROM unnest(%s, %s, %s::timestamp[], %s::timestamp[])
                       AS period (instance_id, number, starts_on, ends_on)
                  JOIN (%s) AS sale ON sale.instance_id = period.instance_id
                   AND sale.date_created >= period.starts_on
                   AND sale.date_created < period.ends_on
                 GROUP BY period.instance_id, period.number, sale.currency_id
                """,
                ids,
                numbers,
                starts,
                ends,
                orders.select(*(SQL.identifier(orders.table, own) for own in columns)),
            )
        )
