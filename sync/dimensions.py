"""Widths, depths, heights: the store's in its unit, Odoo's in millimetres or feet."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import float_compare

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
        # Odoo's method for it asks the database each time.
        parameters = self.env["ir.config_parameter"].sudo()
        is_foot = parameters.get_param("product.volume_in_cubic_feet") == "1"
        return millimetres and millimetres / (FOOT if is_foot else 1)

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
