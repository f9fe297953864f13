from typing import NamedTuple

from odoo import api, models

from .contact_keys import get_lane, get_name, is_empty
from .contacts import Person


def get_delivery_address(order):
    """Return the first address that something is shipped to, else the billing one."""
    return next(
        (consignment.address for consignment in get_shipments(order)),
        order.billing_address,
    )


def get_shipments(order):
    """Return the consignments that are shipped to somewhere known."""
    return [
        consignment
        for consignment in order.consignments
        if consignment.address and not is_empty(consignment.address)
    ]


def names_nobody(order):
    """Return whether an order says nothing of who its customer is."""
    return not (order.customer_id or get_name(order.billing_address))


def get_customer_lane(raw, by_company=False):
    """Return what the orders of one customer have in common, unreadable to people.

    :param dict raw: an order as the API answers it
    :param by_company: whether the people of a company are worked on together, because
        they share its contact
    :rtype: str
    """
    address = raw.get("billing_address")
    if not isinstance(address, dict):
        return ""
    email, *names = (
        str(address.get(field) or "")
        for field in ("email", "first_name", "last_name", "company")
    )
    return get_lane(email, *names, company=names[-1] if by_company else "")


class OrderPartners(NamedTuple):
    """Who ordered, who pays, and where it goes."""

    partner: models.Model
    invoice: models.Model
    delivery: models.Model


class BigcommerceOrderPartners(models.AbstractModel):
    """Finds or makes the contacts of orders, a batch at a time."""

    _name = "bigcommerce.order.partners"
    _inherit = "bigcommerce.contacts"
    _description = "BigCommerce Order Partners"

    @api.model
    def _find_or_create_partners(self, instance, orders):
        """Return the :class:`OrderPartners` of each order, by order id."""
        places = self.env["bigcommerce.places"]._get_places(
            instance,
            {
                address
                for order in orders
                for address in (order.billing_address, get_delivery_address(order))
            },
        )
        default = instance.default_customer_id.filtered("active")
        partners = self._find_or_create_people(
            instance,
            [
                Person(order.id, order.billing_address, order.customer_id)
                for order in orders
                if not (default and names_nobody(order))
            ],
            places,
        )
        partners = {order.id: partners.get(order.id, default) for order in orders}
        wanted = {}
        for order in orders:
            partner = partners[order.id]
            delivery = get_delivery_address(order)
            wanted[order.id, "invoice"] = (partner, "invoice", order.billing_address)
            wanted[order.id, "delivery"] = (partner, "delivery", delivery)
        addresses = self._find_or_create_addresses(instance, wanted, places)
        return {
            order.id: OrderPartners(
                partners[order.id],
                addresses[order.id, "invoice"],
                addresses[order.id, "delivery"],
            )
            for order in orders
        }

    @api.model
    def _find_or_create_delivery_contacts(self, instance, orders, partners):
        """Return where each consignment that is shipped goes.

        :param dict partners: the :class:`OrderPartners` by order id
        :return: dict of (order id, consignment id) -> res.partner
        """
        found, wanted = {}, {}
        for order in orders:
            own = partners[order.id]
            for consignment in order.consignments:
                if consignment.kind == "shipping":
                    found[order.id, consignment.id] = own.delivery
            for consignment in get_shipments(order)[1:]:
                wanted[order.id, consignment.id] = (
                    own.partner,
                    "delivery",
                    consignment.address,
                )
        if not wanted:
            return found
        places = self.env["bigcommerce.places"]._get_places(
            instance, {address for *_contact, address in wanted.values()}
        )
        return found | self._find_or_create_addresses(instance, wanted, places)
