from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .operation import Found, FoundPage

# How many of what is missing are named to people.
NAMED = 10


class BigcommerceOrderOperation(models.AbstractModel):
    """Base of the operations that are about recorded orders, by their id there."""

    _name = "bigcommerce.order.operation"
    _inherit = "bigcommerce.operation"
    _description = "BigCommerce Order Operation"

    _subject_model = "bigcommerce.order"

    @api.model
    def _prepare_options(self, instance, choices):
        self._check_imported(instance, choices.get("order_numbers", ()))
        return super()._prepare_options(instance, choices)

    @api.model
    def _check_imported(self, instance, bc_ids):
        """Refuse numbers of orders that are not in Odoo."""
        known = self.env["bigcommerce.order"]._find(instance, bc_ids)
        missing = [
            bc_id
            for bc_id in bc_ids
            if not (bc_id in known and known[bc_id].sale_order_id)
        ]
        if missing:
            raise UserError(
                self.env._(
                    "Of the orders of %(instance)s, these are not in Odoo: "
                    "%(numbers)s. Import them first.",
                    instance=instance.name,
                    numbers=", ".join(missing[:NAMED]),
                )
            )

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
