"""Widths, depths, heights: the store's in its unit, Odoo's in millimetres or feet."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import float_compare, ormcache

from ..client.payloads.store import MILLIMETRES

FOOT = Decimal("304.8")
# Decimals of a length, in the store and compared in Odoo.
DECIMALS = 4
ODOO_DECIMALS = 2


class BigcommerceDimensions(models.AbstractModel):
    """Converts lengths, and says which ones are equal."""

    _name = "bigcommerce.dimensions"
    _description = "BigCommerce Dimensions"

    @api.model
    def _get_factor(self, instance):
        """Return Odoo's units in a unit of the store; None if that is not known."""
        millimetres = MILLIMETRES.get(instance.dimension_unit)
        return millimetres and millimetres / (FOOT if self._is_in_feet() else 1)

    @api.model
    @ormcache(cache="stable")
    def _is_in_feet(self):
        """Return whether Odoo measures in feet; kept as long as its parameters are."""
        uom = self.env["product.template"]._get_length_uom_id_from_ir_config_parameter()
        return uom == self.env.ref("uom.product_uom_foot")

    @api.model
    def _to_store(self, instance, length):
        """Return a length of Odoo in the store's unit.

        :return: Decimal; None if Odoo knows none, or nobody knows the unit
        """
        factor = self._get_factor(instance)
        if not factor or float_compare(length, 0, ODOO_DECIMALS) <= 0:
            return None
        return round(Decimal(repr(length)) / factor, DECIMALS).normalize() + 0

    @api.model
    def _is_same(self, instance, length, there):
        """Return whether a length of Odoo is one of the store's, as far as Odoo knows.

        :param there: Decimal in the store's unit
        """
        in_odoo = float(there * self._get_factor(instance))
        return not float_compare(in_odoo, length, ODOO_DECIMALS)
