"""Stock that orders of stores have taken and Odoo does not know of, or not yet."""

from itertools import chain

from odoo import api, models
from odoo.fields import Domain

from .order_statuses import FINISHED, NOT_GOING_ON
from .stock_quantities import OPEN_STATES


def get_taking_domain(instance):
    """Return the domain of the store's orders that have taken stock there."""
    own = Domain("instance_id", "=", instance.id)
    if instance.stock_taken_on == "order_placed":
        return own & Domain("status_id.bc_id", "not in", NOT_GOING_ON)
    return own & Domain("status_id.bc_id", "in", FINISHED)


def get_to_be_taken_domain(instance):
    """Return the domain of the store's orders that are going to take stock there."""
    return Domain("instance_id", "=", instance.id) & (
        Domain.FALSE
        if instance.stock_taken_on == "order_placed"
        else Domain("status_id.bc_id", "not in", (*NOT_GOING_ON, *FINISHED))
    )


class BigcommerceStockInFlight(models.AbstractModel):
    """What lies in the shelves and is sold already, without Odoo having reserved it.

    That of orders that are not imported yet, of quotations that they have become, and
    of open orders that are none of Odoo's business. It is taken from where Odoo will
    take it, or would: the stock location of the store's location that fulfils the
    order, or else the stock of its warehouse. So what one store has sold is not offered
    by another either.
    """

    _name = "bigcommerce.stock.in.flight"
    _description = "BigCommerce Stock in Flight"

    @api.model
    def _get_in_flight(self, instance, locations):
        """Return what is in flight at locations of a store, whichever store sold it.

        :return: dict of (location, product) -> quantity
        """
        stores = self._find_stores(instance)
        quantities = self._sum(chain(*map(self._iterate_in_flight, stores)), locations)
        if instance.stock_basis == "free":
            for key, quantity in self._iterate_unreserved(stores, locations):
                quantities[key] = quantities.get(key, 0) + quantity
        return quantities

    @api.model
    def _get_own_in_flight(self, instance, locations):
        """Return what this store's orders have taken there and lies here, likewise.

        What it has sold, and no other: so an export after an import changes nothing.
        """
        return self._sum(self._iterate_in_flight(instance), locations)

    @api.model
    def _iterate_unreserved(self, stores, locations):
        """Yield what deliveries of taken orders have not reserved yet.

        As where a warehouse reserves late, or by hand. What is forecasted allows for
        it.

        :return: iterator of ((location, product), quantity)
        """
        taken = Domain.OR(map(get_taking_domain, stores))
        for location in locations:
            _at, _coming_in, going_out = self.env[
                "bigcommerce.stock.quantities"
            ]._get_domains(location._get_places())
            for product, uom, wanted, reserved in self.env["stock.move"]._read_group(
                going_out
                & Domain("state", "in", OPEN_STATES)
                & Domain("sale_line_id.order_id.bigcommerce_order_ids", "any", taken),
                ["product_id", "product_uom"],
                ["product_uom_qty:sum", "quantity:sum"],
            ):
                if (rest := wanted - reserved) > 0:
                    quantity = uom._compute_quantity(rest, product.uom_id)
                    yield (location, product), quantity

    @api.model
    def _find_stores(self, instance):
        """Return the stores that sell from the same company's stock."""
        return self.env["bigcommerce.instance"].search(
            [
                ("company_id", "=", instance.company_id.id),
                ("state", "=", "confirmed"),
            ]
        )

    @api.model
    def _sum(self, contents, locations):
        """Return the quantities at each of the locations to whose stock they belong.

        :param contents: place, product and quantity of what is in flight
        """
        quantities = {}
        for place, product, quantity in contents:
            for location in locations:
                if any(place._child_of(own) for own in location._get_places()):
                    key = (location, product)
                    quantities[key] = quantities.get(key, 0) + quantity
        return quantities

    @api.model
    def _iterate_in_flight(self, instance):
        """Yield place, product and quantity of what is in flight of a store."""
        yield from self._iterate_unknown(instance)
        yield from self._iterate_waiting(instance)
        yield from self._iterate_quotations(instance)

    @api.model
    def _iterate_waiting(self, instance):
        """Yield place, product and quantity of what waits to be imported.

        All that was ordered: also what is shipped already is delivered in Odoo by and
        by.
        """
        return self._iterate_records(
            instance,
            get_taking_domain(instance)
            & Domain("sale_order_id", "=", False)
            & Domain("state", "in", ("waiting", "blocked")),
            0,
        )

    @api.model
    def _iterate_unknown(self, instance):
        """Yield the same of open orders that Odoo leaves to others.

        What they have shipped does not lie here any more.
        """
        return self._iterate_records(
            instance,
            get_taking_domain(instance)
            & Domain("state", "=", "not_selected")
            & Domain("status_id.bc_id", "not in", FINISHED)
            & Domain("reason_code", "!=", "archived"),
            1,
        )

    @api.model
    def _iterate_records(self, instance, domain, position):
        """Yield place, product and quantity of recorded orders.

        :param int position: 0 for what was ordered, 1 for what is still to be shipped
        """
        records = self.env["bigcommerce.order"].search_fetch(
            domain & Domain("stock_quantities", "!=", False), ["stock_quantities"]
        )
        contents = [
            (location_id, variant_id, quantities[position])
            for record in records
            for location_id, variants in record.stock_quantities.items()
            for variant_id, quantities in variants.items()
        ]
        items = self.env["bigcommerce.listing.item"]._find(
            instance, {variant_id for _location_id, variant_id, _quantity in contents}
        )
        find_place = self._place_finder(instance)
        for location_id, variant_id, quantity in contents:
            product = variant_id in items and items[variant_id].product_id
            if product and quantity:
                yield find_place(location_id), product, quantity

    @api.model
    def _place_finder(self, instance):
        """Return a function of a location's id there, "" for none.

        It gives the stock location that its orders leave from.
        """
        find_location = self.env["bigcommerce.location"]._location_finder(instance)

        def find_place(location_id):
            location, warehouse = find_location(location_id)
            return location.stock_location_id or warehouse.lot_stock_id

        return find_place

    @api.model
    def _iterate_quotations(self, instance):
        """Yield place, product and quantity of the store's unconfirmed quotations."""
        lines = self.env["sale.order.line"].search(
            [
                ("state", "in", ("draft", "sent")),
                ("bigcommerce_part", "=", "product"),
                ("bigcommerce_fulfilment", "!=", "digital"),
                ("product_id.is_storable", "=", True),
                ("order_id.bigcommerce_order_ids", "any", get_taking_domain(instance)),
            ]
        )
        find_place = self._place_finder(instance)
        for line in lines:
            place = find_place(line.bigcommerce_location_id.bc_id)
            if place.warehouse_id != line.warehouse_id:
                # Somebody lets it leave from elsewhere.
                place = line.warehouse_id.lot_stock_id
            yield (
                place,
                line.product_id,
                line.product_uom_id._compute_quantity(
                    line.product_uom_qty, line.product_id.uom_id
                ),
            )
