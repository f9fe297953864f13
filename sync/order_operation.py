from odoo import api, models
from odoo.fields import Domain

from .operation import Found, FoundPage


class BigcommerceOrderOperation(models.AbstractModel):
    """Base of the operations that are about recorded orders, by their id there."""

    _name = "bigcommerce.order.operation"
    _inherit = "bigcommerce.operation"
    _description = "BigCommerce Order Operation"

    @api.model
    def _discover(self, client, instance, options, resume):
        """Find orders: those asked for, or all about which something may be due."""
        domain = Domain("instance_id", "=", instance.id)
        if "ids" in options:
            domain &= self._get_domain() & Domain("bc_id", "in", options["ids"])
        else:
            domain &= self._get_due_domain()
        for records, after in self._iterate_records(
            "bigcommerce.order", domain, resume
        ):
            yield FoundPage(
                [self._found(record) for record in self._select(records)], after
            )

    @api.model
    def _get_domain(self):
        """Return which orders the operation may be about."""
        return Domain.TRUE

    @api.model
    def _get_due_domain(self):
        """Return about which of them something may be due without being asked for."""
        return self._get_domain()

    @api.model
    def _select(self, records):
        """Return those of ``records`` about which there is something to do."""
        return records

    @api.model
    def _found(self, record):
        return Found(
            record.bc_id, self.env._("Order %s", record.bc_id), {"id": record.bc_id}
        )

    @api.model
    def _get_records(self, lines):
        """Return the orders that lines are about, by their id there."""
        return self.env["bigcommerce.order"]._find(
            lines.instance_id, lines.mapped("key")
        )
