"""What a store has shipped of an order, and which of its shipments are whose."""

from collections import Counter


def get_left(order, shipments):
    """Return how many of each line are still to be shipped, by the line's id.

    A line may count what no shipment holds, and the other way round (§5).

    :param order: payloads.Order with its lines
    :param shipments: list of payloads.Shipment, all of the order
    """
    shipped = Counter()
    for shipment in shipments:
        for item in shipment.items:
            shipped[item.line_id] += item.quantity
    return {
        line.id: int(
            max(line.quantity - max(line.quantity_shipped, shipped[line.id]), 0)
        )
        for line in order.lines
    }


def find_own(shipments, reference, address_id, known_ids):
    """Return the shipment that Odoo has made before, None if it did not arrive.

    :param str reference: what Odoo has written into its comments, on a line of its own
    :param str address_id: where it went, "" if that is not known
    :param known_ids: ids of shipments that belong to other deliveries
    """
    for shipment in shipments:
        if (
            reference in map(str.strip, shipment.comments.splitlines())
            and shipment.address_id == (address_id or shipment.address_id)
            and shipment.id not in known_ids
        ):
            return shipment
    return None


def find_alike(shipments, items, references, known_ids):
    """Return the shipment of other people that holds most of some items, or None.

    :param dict items: quantity by the line's id
    :param references: of Odoo's own shipments, which are nobody else's
    :param known_ids: ids of shipments that belong to deliveries
    """

    def count_common(shipment):
        return sum(
            min(item.quantity, items.get(item.line_id, 0)) for item in shipment.items
        )

    others = [
        shipment
        for shipment in shipments
        if shipment.id not in known_ids
        and not references.intersection(shipment.comments.splitlines())
        and count_common(shipment)
    ]
    # The first of those that hold as much.
    return max(others, key=count_common, default=None)
