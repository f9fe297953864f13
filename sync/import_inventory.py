from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ..client.resources.scopes import INVENTORY
from .inventory_lists import ITEMS_PER_PAGE
from .operation import Done
from .stock_in_flight import get_taking_domain, get_to_be_taken_domain


class Count(NamedTuple):
    """What is counted of a product at a stock location.

    ``quants``: what the location itself holds of it, without packages and owners.
    ``quantity``: what it is to hold. ``note``: for people, where it cannot hold what
    the store's level would ask for. ``is_others``: somebody is counting it by hand.
    """

    product: models.Model
    location: models.Model
    quants: models.Model
    quantity: float
    note: str = ""
    is_others: bool = False

    @property
    def differs(self):
        if self.is_others:
            return False
        before = sum(self.quants.mapped("quantity"))
        return self.product.uom_id.compare(self.quantity, before) != 0


class BigcommerceImportInventory(models.AbstractModel):
    """Bring the store's levels into Odoo, as adjustments of its stock.

    The store takes stock when an order is placed, or when it is shipped; Odoo when it
    is delivered. What lies between is added or subtracted, so that the same goods are
    never taken twice.
    """

    _name = "bigcommerce.import.inventory"
    _inherit = "bigcommerce.inventory.lists"
    _description = "Import Product's Inventory"

    _code = "import_inventory"
    # After orders, which take of the same stock.
    _priority = 72
    _interval = (1, "days")
    _batch_size = ITEMS_PER_PAGE
    _stock_direction = "import"
    _choices = {"listing_ids": "listings"}
    _scopes = (INVENTORY,)

    @api.model
    def _get_label(self):
        return self.env._("Import Product's Inventory")

    @api.model
    def _check_may_start(self, instance):
        # It adjusts stock: for those who may do so themselves.
        self.env["stock.quant"].check_access("write")
        return super()._check_may_start(instance)

    @api.model
    def _keep_levels(self, instance, items):
        """Keep the store's levels; return what is skipped or differs from Odoo's."""
        levels_by_id = {item.key: item.payload["levels"] for item in items}
        imported, skipped = self._sort_items(instance, levels_by_id)
        locations = self._find_locations(instance)
        self.env["bigcommerce.stock.level"]._confirm(
            instance,
            {
                (item, location): {"quantity": levels_by_id[item.bc_id][location.bc_id]}
                for item in imported
                for location in locations
                if location.bc_id in levels_by_id[item.bc_id]
            },
        )
        counts = self._count(instance, imported, levels_by_id)
        wanted = set(skipped) | {
            item
            for item, own in counts.items()
            if any(self._needs_work(instance, count) for count in own)
        }
        keys = {item.bc_id for item in wanted}
        return [item for item in items if item.key in keys]

    @api.model
    def _needs_work(self, instance, count):
        """Return whether there is something to write, or to say."""
        pending = self._get_pending(count)
        if pending and not instance.validate_inventory_adjustment:
            return pending.inventory_quantity != count.quantity
        return bool(count.differs or pending or count.note)

    @api.model
    def _get_pending(self, count):
        """Return the quants that an earlier import has counted, not applied yet."""
        return count.quants.filtered(
            lambda quant: (
                quant.inventory_quantity_set and quant.user_id == self.env.user
            )
        )[:1]

    # What is imported

    @api.model
    def _sort_items(self, instance, bc_ids):
        """Return the mapped items whose stock is imported, and why others are skipped.

        :param bc_ids: ids of variants in the store
        :return: items, and dict of item -> reason
        """
        items = (
            self.env["bigcommerce.listing.item"]
            .concat(
                *self.env["bigcommerce.listing.item"]._find(instance, bc_ids).values()
            )
            .filtered(
                lambda item: (
                    item.active
                    and item.product_id
                    and item.listing_id.active
                    and not item.listing_id.is_excluded
                )
            )
        )
        tracked_items = self._group_tracked_items(instance, items.product_id)
        skipped = {}
        for item in items:
            reason = self._get_reason_to_skip(
                item, tracked_items.get(item.product_id, ())
            )
            if reason:
                skipped[item] = reason
        return items.filtered(lambda item: item not in skipped), skipped

    @api.model
    def _group_tracked_items(self, instance, products):
        """Return the items of tracked listings that are mapped to each product."""
        items = self.env["bigcommerce.listing.item"].search(
            [
                *self.env["bigcommerce.stock.targets"]._get_tracked_domain(instance),
                ("product_id", "in", products.ids),
            ]
        )
        return items.grouped("product_id")

    @api.model
    def _get_reason_to_skip(self, item, tracked_items):
        """Return why the stock of a mapped item is not imported, False if it is.

        :param tracked_items: those of its product that the store tracks
        """
        product = item.product_id
        if item not in tracked_items:
            return self.env._("BigCommerce does not track its stock.")
        if not product.is_storable:
            return self.env._("Odoo does not track the stock of %s.", product.name)
        if product.tracking != "none":
            return self.env._(
                "%s has lots or serial numbers, and BigCommerce does not know of which "
                "there is how much.",
                product.name,
            )
        listing = item.listing_id
        is_whole = listing.inventory_tracking == "product"
        if is_whole and len(listing.item_ids.filtered("active")) > 1:
            return self.env._(
                "BigCommerce tracks “%s” as a whole, not each of its variants.",
                listing.name,
            )
        if len(tracked_items) > 1:
            return self.env._(
                "Several items share the stock of %(product)s: %(items)s. Which of "
                "their levels is right cannot be known.",
                product=product.name,
                items=", ".join(tracked_items.sorted("id").mapped("name")),
            )
        return False

    # Count

    @api.model
    def _count(self, instance, items, levels_by_id):
        """Return what is counted of items, location by location.

        :param dict levels_by_id: item id in the store -> location id there -> level
        :return: dict of item -> list of :class:`Count`
        """
        counts = {item: [] for item in items}
        locations = self._find_locations(instance)
        awaited = self.env["bigcommerce.stock.in.flight"]._get_own_in_flight(
            instance, locations
        )
        for location in locations:
            levels = {
                item: levels_by_id[item.bc_id][location.bc_id]
                for item in items
                if location.bc_id in levels_by_id[item.bc_id]
            }
            products = self.env["product.product"].concat(
                *(item.product_id for item in levels)
            )
            on_hand = self.env["bigcommerce.stock.quantities"]._get_quantities_at(
                location._get_places(), products, "on_hand"
            )
            on_the_way = self._get_on_the_way(instance, location, products)
            quants = self._find_quants(location.stock_location_id, products)
            for item, level in levels.items():
                product = item.product_id
                counted = (
                    level
                    + awaited.get((location, product), 0)
                    + on_the_way.get(product, 0)
                )
                counts[item].append(
                    self._prepare_count(
                        location,
                        product,
                        quants.get(product, self.env["stock.quant"]),
                        counted - on_hand.get(product, 0),
                    )
                )
        return counts

    @api.model
    def _prepare_count(self, location, product, quants, difference):
        """Return the :class:`Count` by which ``difference`` is made up for."""
        quantity = product.uom_id.round(sum(quants.mapped("quantity")) + difference)
        note = ""
        if product.uom_id.compare(quantity, 0) < 0:
            note = self.env._(
                "%(location)s would have to hold %(quantity)s of %(product)s, since "
                "BigCommerce has less than lies in other places or has left already.",
                location=location.stock_location_id.display_name,
                quantity=quantity,
                product=product.name,
            )
            quantity = 0
        count = Count(product, location.stock_location_id, quants, quantity, note)
        counting = self._get_counting(quants)
        if count.differs and counting:
            note = self.env._(
                "%(users)s is counting %(product)s at %(location)s: apply or clear "
                "that count first.",
                users=", ".join(counting.mapped("name")),
                product=product.name,
                location=location.stock_location_id.display_name,
            )
            count = count._replace(note=note, is_others=True)
        return count

    @api.model
    def _get_counting(self, quants):
        """Return who else has counted ``quants`` without applying it yet."""
        counted = quants.filtered("inventory_quantity_set")
        return counted.user_id - self.env.user

    @api.model
    def _get_on_the_way(self, instance, location, products):
        """Return what has left the store's stock and not Odoo's, by product.

        What orders have taken there and Odoo is still to deliver, less what Odoo has
        delivered and the store takes only when the order is shipped there. What moves
        among the location's places, or on from where it has left them, does not count.
        """
        Quantities = self.env["bigcommerce.stock.quantities"]
        _places, coming_in, going_out = Quantities._get_domains(location._get_places())
        own = Domain("product_id", "in", products.ids)

        def of(orders):
            return own & Domain(
                "sale_line_id.order_id.bigcommerce_order_ids", "any", orders
            )

        quantities = dict(
            Quantities._sum_open_moves(going_out & of(get_taking_domain(instance)))
        )
        if instance.stock_taken_on == "order_placed":
            return quantities
        to_be_taken = of(get_to_be_taken_domain(instance))
        for domain, sign in ((going_out, -1), (coming_in, 1)):
            moved = Quantities._sum_done_moves(domain & to_be_taken)
            for product, quantity in moved.items():
                quantities[product] = quantities.get(product, 0) + sign * quantity
        return quantities

    @api.model
    def _find_quants(self, location, products):
        """Return the quants of products that lie in a location itself, by product."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", products.ids),
                ("location_id", "=", location.id),
                ("lot_id", "=", False),
                ("package_id", "=", False),
                ("owner_id", "=", False),
            ],
            order="id",
        )
        return quants.grouped("product_id")

    # Apply

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        levels_by_id = {line.key: line._get_payload()["levels"] for line in lines}
        imported, skipped = self._sort_items(instance, levels_by_id)
        counts = self._count(instance, imported, levels_by_id)
        self._adjust(instance, [count for own in counts.values() for count in own])
        items = {item.bc_id: item for item in (*imported, *skipped)}
        return {
            line: Done(
                items[line.key],
                skipped.get(items[line.key])
                or "\n".join(
                    filter(None, (count.note for count in counts[items[line.key]]))
                )
                or False,
            )
            for line in lines
            if line.key in items
        }

    @api.model
    def _adjust(self, instance, counts):
        """Write what was counted, and apply it if the instance says so."""
        outdated = self.env["stock.quant"].concat(
            *(self._get_pending(count) for count in counts if not count.differs)
        )
        outdated.action_clear_inventory_quantity()
        counts = [count for count in counts if count.differs]
        quants = self._find_or_create_quants(counts)
        today = fields.Date.context_today(self)
        for quant, count in zip(quants, counts, strict=True):
            # What else the location holds of it, in quants that Odoo will merge.
            others = sum((count.quants - quant).mapped("quantity"))
            quantity = count.quantity - others
            quant.write(
                {
                    "inventory_quantity": quantity,
                    "inventory_quantity_set": True,
                    "inventory_diff_quantity": quantity - quant.quantity,
                    "inventory_date": today,
                    "user_id": self.env.uid,
                }
            )
        if quants and instance.validate_inventory_adjustment:
            self._apply_quants(instance, quants)

    @api.model
    def _find_or_create_quants(self, counts):
        """Return a quant for each of ``counts``."""
        Quant = self.env["stock.quant"].with_context(inventory_mode=True)
        missing = [count for count in counts if not count.quants]
        # Made without counting, so that Odoo does not look for each of them.
        created = iter(
            self.env["stock.quant"].create(
                [
                    {"product_id": count.product.id, "location_id": count.location.id}
                    for count in missing
                ]
            )
        )
        return Quant.concat(*(count.quants[:1] or next(created) for count in counts))

    @api.model
    def _apply_quants(self, instance, quants):
        quants = quants.with_context(
            inventory_name=self.env._("Stock of %s", instance.name)
        )
        conflict = quants.action_apply_inventory()
        if conflict:
            # What was counted is the store's; it was compared in this transaction.
            self.env[conflict["res_model"]].with_context(**conflict["context"]).create(
                {}
            ).action_keep_counted_quantity()
