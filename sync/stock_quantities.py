"""How much of a product there is at a place in Odoo, for many products at once."""

import math

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

# States of moves that are still to be done.
OPEN_STATES = ("waiting", "confirmed", "partially_available", "assigned")
# More is not kept by BigCommerce.
MAXIMUM_LEVEL = 2_147_483_647
# Products asked about at a time where another addon computes quantities its own way.
CHUNK_SIZE = 1000
# What each basis is called in what Odoo computes of a product.
ODOO_QUANTITIES = {
    "free": "free_qty",
    "on_hand": "qty_available",
    "forecast": "virtual_available",
}


def get_whole_level(quantity, uom):
    """Return a quantity in Odoo as a level in the store: whole, and never below 0.

    What is closer to the next whole than the unit is fine is that whole.
    """
    return max(math.floor(uom.round(quantity)), 0)


class BigcommerceStockQuantities(models.AbstractModel):
    """Stock at the places of a store's locations, as Odoo itself computes it.

    Odoo's own computed fields take several queries for each thousand products and
    place; these take one to three for all.
    """

    _name = "bigcommerce.stock.quantities"
    _description = "BigCommerce Stock Quantities"

    @api.model
    def _get_quantities(self, instance, locations, products):
        """Return what there is of products at locations, as the instance counts it.

        Free to use: on hand less reserved. Forecasted: on hand less outgoing plus
        incoming. What lies in several places of a location, one within the other, is
        counted once, and what is moved among them neither goes out nor comes in.

        :param locations: of the store
        :return: dict of (location, product) -> quantity in the product's unit; what
            there is nothing of may be missing
        :rtype: dict
        """
        return {
            (location, product): quantity
            for location in locations
            for product, quantity in self._get_quantities_at(
                location._get_places(), products, instance.stock_basis
            ).items()
        }

    @api.model
    def _get_quantities_at(self, places, products, basis):
        """Return the quantity of each product at some stock locations taken together.

        :param str basis: value of the instance's *Stock Based On*
        :return: dict of product -> quantity; what there is nothing of may be missing
        """
        if not (places and products):
            return {}
        if self._is_computed_elsewhere():
            return self._compute_in_chunks(places, products, basis)
        at_places, coming_in, going_out = self._get_domains(places)
        own = Domain("product_id", "in", products.ids)
        quantities = {}
        for product, quantity, reserved in self.env["stock.quant"]._read_group(
            at_places & own,
            ["product_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        ):
            taken = reserved if basis == "free" else 0
            quantities[product] = quantity - taken
        if basis == "forecast":
            for domain, sign in ((coming_in, 1), (going_out, -1)):
                for product, quantity in self._sum_open_moves(domain & own):
                    quantities[product] = quantities.get(product, 0) + sign * quantity
        return quantities

    @api.model
    def _sum_open_moves(self, domain):
        """Return pairs of product and what the open moves of a domain move of it."""
        return self.env["stock.move"]._read_group(
            domain & Domain("state", "in", OPEN_STATES),
            ["product_id"],
            ["product_qty:sum"],
        )

    @api.model
    def _sum_done_moves(self, domain):
        """Return what the done moves of a domain have moved, by product."""
        quantities = {}
        for product, uom, quantity in self.env["stock.move"]._read_group(
            domain & Domain("state", "=", "done"),
            ["product_id", "product_uom"],
            ["quantity:sum"],
        ):
            quantities[product] = quantities.get(product, 0) + uom._compute_quantity(
                quantity, product.uom_id
            )
        return quantities

    @api.model
    def _get_domains(self, places):
        """Return the domains of quants at ``places``, and of moves in and out."""
        products = self.env["product.product"].with_context(
            location=places.ids, warehouse_id=False
        )
        return products._get_domain_locations()

    @api.model
    def _is_computed_elsewhere(self):
        """Return whether an addon computes quantities in another way than Odoo's stock.

        For instance those of kits.
        """
        owners = {
            cls.__module__
            for cls in type(self.env["product.product"]).mro()
            if "_compute_quantities_dict" in vars(cls)
        }
        return owners != {"odoo.addons.stock.models.product"}

    @api.model
    def _compute_in_chunks(self, places, products, basis):
        name = ODOO_QUANTITIES[basis]
        quantities = {}
        for chunk in split_every(CHUNK_SIZE, products.ids, products.browse):
            found = chunk.with_context(
                location=places.ids, warehouse_id=False
            )._compute_quantities_dict(None, None, None)
            quantities |= {product: found[product.id][name] for product in chunk}
        return quantities
