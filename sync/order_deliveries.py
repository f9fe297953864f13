from odoo import api, models

from .contact_keys import fold

# What the store writes where nobody has chosen a shipping method.
NO_METHOD = ("", "none")
# What the customer gets without anything being handed over.
DIGITAL_TYPES = ("digital", "giftcertificate")
DIGITAL_KINDS = ("download", "email")


def get_fulfilment(consignment, order_line):
    """Return how a line reaches the customer: "shipping", "pickup" or "digital"."""
    if order_line.type in DIGITAL_TYPES or consignment.kind in DIGITAL_KINDS:
        return "digital"
    return "pickup" if consignment.kind == "pickup" else "shipping"


def get_main_consignment(order):
    """Return the consignment that speaks for the order as a whole, None if none does.

    The first with something to hand over; one that is shipped goes before a pickup.
    """
    tangible = [
        consignment
        for consignment in order.consignments
        if any(
            get_fulfilment(consignment, order_line) != "digital"
            for order_line in consignment.lines
        )
    ]
    return min(tangible, key=lambda one: one.kind == "pickup", default=None)


def get_shipping_method(order):
    """Return the store's words for how an order as a whole is shipped, "" if it is not.

    A pickup has a name, but no delivery method.
    """
    main = get_main_consignment(order)
    return main.shipping_method if main and main.kind == "shipping" else ""


class BigcommerceOrderDeliveries(models.AbstractModel):
    """From where, how and to whom an order of a store goes, a batch at a time."""

    _name = "bigcommerce.order.deliveries"
    _description = "BigCommerce Order Deliveries"

    # Delivery methods

    @api.model
    def _carrier_finder(self, instance, orders):
        """Return a function of a shipping method's name that gives its carrier.

        Those that Odoo does not know are made. No name, no carrier.

        :param orders: the payloads.Order whose methods may be asked for
        """
        Carrier = self.env["delivery.carrier"]
        names = {
            fold(consignment.shipping_method): consignment.shipping_method
            for order in orders
            for consignment in order.consignments
            if consignment.kind == "shipping"
            and fold(consignment.shipping_method) not in NO_METHOD
        }
        carriers = {}
        if names:
            known = Carrier.search(Carrier._check_company_domain(instance.company_id))
            # The company's own before one that all companies share.
            for carrier in known.sorted(lambda carrier: not carrier.company_id):
                carriers.setdefault(fold(carrier.name), carrier)
        missing = [key for key in names if key not in carriers]
        if missing:
            created = self._create_carriers(instance, [names[key] for key in missing])
            carriers.update(zip(missing, created, strict=True))
        return lambda name: carriers.get(fold(name), Carrier)

    @api.model
    def _create_carriers(self, instance, names):
        """Make delivery methods that cost nothing in Odoo and ask no carrier.

        What the customer pays for shipping comes with the order.
        """
        # Another worker may see the same method for the first time: the later one's
        # transaction fails here, and finds this one's method when it is run again.
        self.env.cr.execute(
            "UPDATE bigcommerce_instance SET id = id WHERE id = %s", [instance.id]
        )
        product = self.env["bigcommerce.order.products"]._find_or_create_part_product(
            instance, "shipping"
        )
        return self.env["delivery.carrier"].create(
            [
                {
                    "name": " ".join(name.split()),
                    "delivery_type": "fixed",
                    "integration_level": "rate",
                    # Of its company as well.
                    "product_id": product.id,
                }
                for name in names
            ]
        )

    # Warehouses

    @api.model
    def _warehouse_finder(self, find_location):
        """Return a function that gives the warehouse of an order, never none."""

        def find_warehouse(order):
            main = get_main_consignment(order)
            _location, warehouse = find_location(main.location_id if main else "")
            return warehouse

        return find_warehouse

    # Lines

    @api.model
    def _line_vals_finder(
        self, orders, partners, contacts, find_location, find_carrier
    ):
        """Return a function of an order and its line that says where the line goes.

        It gives values of the sale order line. What is as with the order as a whole is
        left out, so that it follows if somebody changes the order.

        :param orders: the payloads.Order that may be asked for
        :param dict partners: OrderPartners by order id
        :param dict contacts: contact by (order id, consignment id)
        """
        consignments, mains = {}, {}
        for order in orders:
            mains[order.id] = get_main_consignment(order)
            for consignment in order.consignments:
                for order_line in consignment.lines:
                    consignments[order.id, order_line.id] = consignment

        def get_vals(order, order_line):
            consignment = consignments[order.id, order_line.id]
            main = mains[order.id]
            vals = {"bigcommerce_fulfilment": get_fulfilment(consignment, order_line)}
            if vals["bigcommerce_fulfilment"] == "digital":
                return vals
            vals["bigcommerce_shipped_quantity"] = float(order_line.quantity_shipped)
            location, warehouse = find_location(consignment.location_id)
            vals["bigcommerce_location_id"] = location.id
            if warehouse != find_location(main.location_id)[1]:
                vals["bigcommerce_warehouse_id"] = warehouse.id
            vals["bigcommerce_is_elsewhere"] = consignment is not main
            if consignment.kind == "pickup":
                return vals
            if consignment is not main:
                carrier = find_carrier(consignment.shipping_method)
                vals["bigcommerce_carrier_id"] = carrier.id
            contact = contacts.get((order.id, consignment.id))
            if contact and contact != partners[order.id].delivery:
                vals["bigcommerce_delivery_partner_id"] = contact.id
            return vals

        return get_vals
