import math

from odoo import api, models

# Digits of a quantity beyond which it is taken for whole.
WHOLE_DIGITS = 4


class BigcommerceShipmentCreation(models.AbstractModel):
    """Makes the shipments that deliveries are to the stores of their orders."""

    _name = "bigcommerce.shipment.creation"
    _description = "BigCommerce Shipment Creation"

    @api.model
    def _create_shipments(self, pickings):
        """Make a shipment of each package and each address of deliveries just done.

        What a store has shipped itself, what is picked up or digital, what was added to
        the order in Odoo, and what comes back are none.

        :return: the shipments; those of stores that export them by themselves are on
            their way
        """
        moves = pickings.sudo().move_ids.filtered(self._is_shipped_by_us)
        items = {}
        for line, own in moves.grouped("sale_line_id").items():
            for (picking, package), quantity in self._get_parcels(line, own).items():
                address_id = line.bigcommerce_address_id or False
                key = (picking, line.order_id, package, address_id)
                quantities = items.setdefault(key, {})
                line_id = line.bigcommerce_line_id
                quantities[line_id] = quantities.get(line_id, 0) + quantity
        shipments = self.env["bigcommerce.shipment"].create(
            [
                self._prepare_vals(*key, quantities)
                for key, quantities in sorted(
                    items.items(), key=lambda item: self._get_position(item[0])
                )
            ]
        )
        shipments._schedule()
        return shipments

    @api.model
    def _get_position(self, key):
        picking, order, package, address_id = key
        return picking.id, order.id, package.id or 0, address_id or ""

    @api.model
    def _prepare_vals(self, picking, order, package, address_id, quantities):
        record = order.bigcommerce_order_ids[:1]
        return {
            "name": " ".join(filter(None, (picking.name, package.name))),
            "instance_id": record.instance_id.id,
            "order_id": record.id,
            "picking_id": picking.id,
            "package_id": package.id,
            "address_bc_id": address_id,
            "items": quantities,
        }

    @api.model
    def _is_shipped_by_us(self, move):
        """Return whether a move took goods to a customer of whom the store knows."""
        line = move.sale_line_id
        return (
            self._has_left(move)
            and line.bigcommerce_line_id
            and line._is_delivered_line()
            and line.bigcommerce_fulfilment != "pickup"
            and line.order_id.bigcommerce_order_ids
        )

    @api.model
    def _has_left(self, move):
        """Return whether goods have left with us. What comes back and goes again has
        been counted when it left first."""
        return (
            move.state == "done"
            and move.location_dest_id.usage == "customer"
            and not move.origin_returned_move_id
            and not move.picking_id.bigcommerce_is_shipped_there
        )

    @api.model
    def _get_parcels(self, line, moves):
        """Return what of a line is in which package, by delivery and package.

        Whole quantities in the line's unit, as the store counts. What is less than one
        counts once it has become one, and no more counts than was ordered.

        :param moves: those just done
        """
        if not any(move.product_id == line.product_id for move in moves):
            return self._get_kit_parcels(line, moves)
        done = sum(
            self._get_quantity(line, move.move_line_ids)
            for move in line.move_ids - moves
            if self._has_left(move) and move.product_id == line.product_id
        )
        parcels = {}
        move_lines = moves.filtered(
            lambda move: move.product_id == line.product_id
        ).move_line_ids
        for key, own in self._group_by_parcel(move_lines):
            before, done = done, done + self._get_quantity(line, own)
            if whole := self._count(line, done) - self._count(line, before):
                parcels[key] = whole
        return parcels

    @api.model
    def _get_kit_parcels(self, line, moves):
        """Return the same for a kit, which has left when all its parts have.

        It is in the first package of those that complete it.
        """
        shipments = line.order_id.bigcommerce_order_ids.shipment_ids
        told = sum(
            (shipment.items or {}).get(line.bigcommerce_line_id, 0)
            for shipment in shipments
        )
        is_shipped_there = any(
            move.state == "done" and move.picking_id.bigcommerce_is_shipped_there
            for move in line.move_ids
        )
        if is_shipped_there:
            told += int(line.bigcommerce_shipped_quantity)
        whole = self._count(line, line.qty_delivered) - told
        for key, _move_lines in self._group_by_parcel(moves.move_line_ids):
            return {key: whole} if whole > 0 else {}
        return {}

    @api.model
    def _group_by_parcel(self, move_lines):
        """Return pairs of delivery and package, and their move lines, oldest first."""
        groups = move_lines.grouped(
            lambda move_line: (
                move_line.move_id.picking_id,
                move_line.result_package_id,
            )
        )
        return sorted(
            groups.items(), key=lambda group: (group[0][0].id, group[0][1].id or 0)
        )

    @api.model
    def _get_quantity(self, line, move_lines):
        return sum(
            move_line.product_uom_id._compute_quantity(
                move_line.quantity, line.product_uom_id, round=False
            )
            for move_line in move_lines
        )

    @api.model
    def _count(self, line, quantity):
        quantity = min(quantity, line.product_uom_qty)
        return math.floor(round(quantity, WHOLE_DIGITS))
