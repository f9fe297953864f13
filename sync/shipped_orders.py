from odoo import api, models

# More steps than any warehouse takes to get goods out of the house.
MAX_STEPS = 10


class BigcommerceShippedOrders(models.AbstractModel):
    """Delivers in Odoo what a store had shipped before the order came in."""

    _name = "bigcommerce.shipped.orders"
    _description = "BigCommerce Shipped Orders"

    @api.model
    def _deliver(self, sale_orders):
        """Validate the deliveries of what is shipped already, of that and no more.

        The goods are gone: where Odoo has too few, its stock becomes negative. What is
        left to ship stays in a backorder. A warehouse of several steps takes them all.
        Goods with lots or serial numbers are left open, for nobody here knows which
        ones they were; so are kits of which the store has shipped a part. What is
        delivered is not delivered a second time.

        :param sale_orders: confirmed orders of stores
        """
        lines = sale_orders.order_line.filtered(
            lambda line: line.state == "sale" and line.bigcommerce_shipped_quantity > 0
        )
        for company, own in lines.grouped("company_id").items():
            for _step in range(MAX_STEPS):
                quantities = self._get_ready_quantities(own.with_company(company))
                if not quantities:
                    break
                self._deliver_moves(quantities)

    @api.model
    def _get_ready_quantities(self, lines):
        """Return what is to be delivered next, in the moves' units, by move."""
        quantities = {}
        for line in lines:
            stages = line.move_ids.filtered(self._is_on_the_way_out).grouped(
                lambda move: (move.location_id, move.location_dest_id)
            )
            for moves in stages.values():
                quantities.update(self._spread_shipped(line, moves))
        return {
            move: quantity
            for move, quantity in quantities.items()
            if not any(origin in quantities for origin in move.move_orig_ids)
        }

    @api.model
    def _is_on_the_way_out(self, move):
        """Return whether a move brings goods of ours nearer to the customer."""
        return (
            move.state != "cancel"
            and not move.origin_returned_move_id
            and move.location_id.usage in ("internal", "transit")
            and move.location_dest_id.usage in ("internal", "transit", "customer")
        )

    @api.model
    def _spread_shipped(self, line, moves):
        """Return by move what is still to be delivered of what the store has shipped.

        :param moves: those of one stage of the line's way out
        """
        shipped = min(line.bigcommerce_shipped_quantity, line.product_uom_qty)
        quantities = {}
        for product, own in moves.grouped("product_id").items():
            if product == line.product_id:
                rest = line.product_uom_id._compute_quantity(
                    shipped, product.uom_id, rounding_method="HALF-UP"
                )
            elif shipped == line.product_uom_qty:
                # Part of a kit that is gone as a whole.
                rest = sum(own.mapped("product_qty"))
            else:
                continue
            handled = own.filtered(self._is_handled)
            rest -= sum(
                move.product_uom._compute_quantity(
                    move.quantity if move.state == "done" else move.product_uom_qty,
                    product.uom_id,
                    rounding_method="HALF-UP",
                )
                for move in handled
            )
            for move in (own - handled).sorted("id"):
                taken = min(rest, move.product_qty)
                if product.uom_id.compare(taken, 0) <= 0:
                    break
                rest -= taken
                quantities[move] = product.uom_id._compute_quantity(
                    taken, move.product_uom, rounding_method="HALF-UP"
                )
        return quantities

    @api.model
    def _is_handled(self, move):
        """Return whether a move is done, or waits for somebody to enter its lots."""
        return move.state == "done" or (
            self._needs_lots(move) and move.picking_id.bigcommerce_is_shipped_there
        )

    @api.model
    def _needs_lots(self, move):
        return move.product_id.tracking != "none"

    @api.model
    def _deliver_moves(self, quantities):
        """Do moves as far as their quantities say, or leave them to a person.

        :param dict quantities: by move, in its unit
        """
        moves = self.env["stock.move"].concat(*quantities)
        with_lots = moves.filtered(self._needs_lots)
        moves -= with_lots
        pickings = moves.picking_id
        # Only these are to be done now.
        (pickings.move_ids - moves).filtered("picked").picked = False
        for move in moves:
            move.quantity = quantities[move]
        moves.picked = True
        pickings.bigcommerce_is_shipped_there = True
        pickings.with_context(
            bigcommerce_rest_is_not_shipped=True,
            skip_sms=True,
            bigcommerce_is_processing=True,
        )._action_done()
        self._set_apart({move: quantities[move] for move in with_lots})

    @api.model
    def _set_apart(self, quantities):
        """Leave moves open, in deliveries that hold what the store has shipped alone.

        :param dict quantities: by move, in its unit
        """
        if not quantities:
            return
        moves = self.env["stock.move"].concat(*quantities)
        moves._do_unreserve()
        apart = self.env["stock.move"]
        for move, quantity in quantities.items():
            if move.product_uom.compare(quantity, move.product_uom_qty) < 0:
                product_quantity = move.product_uom._compute_quantity(
                    quantity, move.product_id.uom_id, rounding_method="HALF-UP"
                )
                apart += apart.create(move._split(product_quantity))
            else:
                apart += move
        apart.filtered(lambda move: move.state == "draft")._action_confirm(
            merge=False, create_proc=False
        )
        pickings = self.env["stock.picking"]
        for picking, own in apart.grouped("picking_id").items():
            is_whole = (
                picking.move_ids.filtered(
                    lambda move: move.state not in ("done", "cancel")
                )
                <= own
            )
            pickings += (
                picking if is_whole else picking._create_backorder(backorder_moves=own)
            )
        pickings.bigcommerce_is_shipped_there = True
        (moves + apart)._action_assign()
        self._note_lots(pickings)

    @api.model
    def _note_lots(self, pickings):
        """Tell on the orders which deliveries wait for lots."""
        own = pickings.grouped("sale_id")
        orders = self.env["sale.order"].concat(*own)
        orders._message_log_batch(
            bodies={
                order.id: self.env._(
                    "BigCommerce has shipped goods with lots or serial numbers. "
                    "Enter them in %(deliveries)s and validate: BigCommerce and the "
                    "customer are not told.",
                    deliveries=", ".join(own[order].mapped("name")),
                )
                for order in orders
            }
        )
