"""Weights: the store's in its unit, Odoo's in kilograms or pounds."""

from decimal import Decimal, localcontext

from odoo import api, models
from odoo.tools import float_compare, float_round, ormcache

from ..client.payloads.store import KILOGRAMS

# Decimals that a weight is sent with, unless it takes more to be told apart.
DECIMALS = 4
MOST_DECIMALS = 12


class BigcommerceWeights(models.AbstractModel):
    """Converts weights, and says which one the store should be sent.

    Odoo knows few decimals of a weight, 2 unless somebody has changed that: the store's
    own is kept with the item, and not replaced by what Odoo has made of it.
    """

    _name = "bigcommerce.weights"
    _description = "BigCommerce Weights"

    @api.model
    def _to_odoo(self, instance, weight):
        """Return a weight of the store as a product has it.

        :param weight: number in the store's unit
        :return: float in Odoo's unit, with Odoo's precision; None if the store's unit
            is not known, or if the weight is negative
        """
        return self._get_converter(instance)(weight)

    @api.model
    def _get_converter(self, instance):
        """Return ``_to_odoo`` for many weights of one store, as a function."""
        factor, digits = self._get_factor(instance), self._get_digits()

        def convert(weight):
            if not factor or weight < 0:
                return None
            return float_round(
                float(self._exact(weight) * factor), precision_digits=digits
            )

        return convert

    @api.model
    def _to_store(self, instance, weight):
        """Return a weight of a product as the store is to have it.

        Not more decimals than it takes to come back from there as the same weight.

        :param weight: number in Odoo's unit
        :return: Decimal in the store's unit; None if that is not known, or if the
            weight is negative
        """
        factor = self._get_factor(instance)
        if not factor or weight < 0:
            return None
        digits = self._get_digits()
        weight = float_round(weight, precision_digits=digits)
        with localcontext() as context:
            context.prec = 50
            exact = self._exact(weight) / factor
            convert = self._get_converter(instance)
            for decimals in range(DECIMALS, MOST_DECIMALS + 1):
                sent = round(exact, decimals)
                if not float_compare(convert(sent), weight, digits):
                    break
            return sent.normalize() + 0

    @api.model
    def _is_same(self, instance, weight, there):
        """Return whether Odoo knows no better than the store what something weighs.

        So it is where Odoo has no weight, and where nobody knows the store's unit.

        :param weight: number in Odoo's unit
        :param there: number in the store's unit
        """
        digits = self._get_digits()
        if float_compare(weight, 0, digits) <= 0:
            return True
        known = self._to_odoo(instance, there)
        return known is None or not float_compare(known, weight, digits)

    @api.model
    def _get_factor(self, instance):
        """Return Odoo's units in a unit of the store, None if that is not known."""
        kilograms = KILOGRAMS.get(instance.weight_unit)
        odoo_unit = "LBS" if self._is_in_pounds() else "KGS"
        return kilograms and kilograms / KILOGRAMS[odoo_unit]

    @api.model
    @ormcache(cache="stable")
    def _is_in_pounds(self):
        """Return whether Odoo weighs in pounds; kept as long as its parameters are."""
        uom = self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter()
        return uom == self.env.ref("uom.product_uom_lb")

    @api.model
    def _exact(self, weight):
        return weight if isinstance(weight, Decimal) else Decimal(repr(weight))

    @api.model
    def _get_digits(self):
        return self.env["decimal.precision"].precision_get("Stock Weight")
