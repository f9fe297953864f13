from typing import NamedTuple

from odoo import api, models

from .contact_keys import fold, get_lane, get_name, is_empty
from .contacts import Person


def get_delivery_address(order):
    """Return the first address that something is shipped to, else the billing one."""
    return next(
        (consignment.address for consignment in get_addressed_consignments(order)),
        order.billing_address,
    )


def get_addressed_consignments(order):
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
    """Who ordered, who pays, and where it goes.

    ``billed``: whose addresses they are, the customer or a company.
    """

    partner: models.Model
    billed: models.Model
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
        people = [
            Person(order.id, order.billing_address, order.customer_id)
            for order in orders
            if not (default and names_nobody(order))
        ]
        partners = self._find_or_create_people(instance, people, places)
        billed = self._find_or_create_billed(instance, people, partners, places)
        wanted = {}
        for order in orders:
            own = billed.get(order.id, default)
            wanted[order.id, "invoice"] = (own, "invoice", order.billing_address)
            wanted[order.id, "delivery"] = self._get_delivery(
                own, order, get_delivery_address(order)
            )
        addresses = self._find_or_create_addresses(instance, wanted, places)
        return {
            order.id: OrderPartners(
                partners.get(order.id, default),
                billed.get(order.id, default),
                addresses[order.id, "invoice"],
                addresses[order.id, "delivery"],
            )
            for order in orders
        }

    @api.model
    def _get_delivery(self, billed, order, address):
        """Return what a delivery address is to be, for ``_find_or_create_addresses``.

        One that names another company than the one billed is nobody's: below it, it
        would bear that one's name.
        """
        is_another = (
            address.company
            and billed.commercial_partner_id.is_company
            and fold(address.company) != fold(order.billing_address.company)
            and not self._is_of(billed, address.company)
        )
        return (billed.browse() if is_another else billed, "delivery", address)

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
            for consignment in get_addressed_consignments(order)[1:]:
                wanted[order.id, consignment.id] = self._get_delivery(
                    own.billed, order, consignment.address
                )
        if not wanted:
            return found
        places = self.env["bigcommerce.places"]._get_places(
            instance, {address for *_contact, address in wanted.values()}
        )
        return found | self._find_or_create_addresses(instance, wanted, places)
