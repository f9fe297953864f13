from odoo import models


class StockMove(models.Model):
    """Moves of a store's order go to the address of their line."""

    _inherit = "stock.move"

    def _action_cancel(self):
        """What does not come any more is not waited for."""
        result = super()._action_cancel()
        self.sale_line_id.order_id._start_workflows()
        return result

    def _key_assign_picking(self):
        """Let each address of a store's order have a delivery of its own."""
        keys = super()._key_assign_picking()
        if destination := self._prepare_bigcommerce_picking_vals():
            keys += tuple(destination.values())
        return keys

    def _search_picking_for_assignation_domain(self):
        domain = super()._search_picking_for_assignation_domain()
        for field, value in self._prepare_bigcommerce_picking_vals().items():
            domain.append((field, "=", value))
        return domain

    def _get_new_picking_values(self):
        vals = super()._get_new_picking_values()
        vals.update(self[:1]._prepare_bigcommerce_picking_vals())
        guide = self[:1].sale_line_id._get_delivery_guide()
        if guide and guide._has_own_carrier():
            # Empty for a pickup.
            is_carried = any(rule.propagate_carrier for rule in self.rule_id)
            vals["carrier_id"] = is_carried and guide.bigcommerce_carrier_id.id
        return vals

    def _prepare_bigcommerce_picking_vals(self):
        """Return what all moves of a delivery share, nothing if not a store's.

        What goes on from a transfer that the store has made already is shipped there
        as well.
        """
        guide = self.sale_line_id and self.sale_line_id._get_delivery_guide()
        if not guide:
            return {}
        fulfilment, address_id = guide._get_destination()
        origins = self.move_orig_ids.picking_id
        return {
            "bigcommerce_fulfilment": fulfilment,
            "bigcommerce_address_id": address_id,
            "bigcommerce_is_shipped_there": bool(origins)
            and all(origins.mapped("bigcommerce_is_shipped_there")),
        }
