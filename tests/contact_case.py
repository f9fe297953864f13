"""What the tests of contacts stand on: orders read as the API answers them."""

from ..client.payloads.order import Order
from .common import SandboxCase, load_few_orders

SAM = {
    "first_name": "Sam",
    "last_name": "Shopper",
    "email": "sam@example.com",
    "street_1": "1 Main Street",
    "city": "Austin",
    "state": "Texas",
    "zip": "78701",
    "country": "United States",
    "country_iso2": "US",
}
PAT = {**SAM, "first_name": "Pat", "email": "pat@example.com"}
NOBODY = dict.fromkeys(SAM, "")


class ContactCase(SandboxCase):
    """A test that makes contacts of orders which are nowhere else."""

    load = staticmethod(load_few_orders)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance = cls.confirm_instance()
        cls.next_number = 0

    def make_order(self, billing=None, *shipping, customer_id=0, **changes):
        """Return an order.

        :param billing: address; Sam's if left out
        :param shipping: addresses to which something is shipped
        :param changes: of the billing address
        """
        billing = SAM if billing is None else billing
        type(self).next_number += 1
        number = self.next_number
        rows = [
            {"id": 10 * number + position, "line_items": [], **address}
            for position, address in enumerate(shipping)
        ]
        return Order.parse(
            {
                "id": number,
                "customer_id": customer_id,
                "billing_address": {**billing, **changes},
                "consignments": {"shipping": rows},
            }
        )

    def find(self, *orders, instance=None):
        """Return the contacts of orders that come in one batch."""
        instance = instance or self.instance
        operation = instance._get_operation("import_orders")
        return self._use(operation)._find_or_create_partners(instance, list(orders))

    def find_partners(self, *orders, instance=None):
        """Return the customer of each order of a batch."""
        found = self.find(*orders, instance=instance)
        return [found[order.id].partner for order in orders]

    def find_partner(self, *args, instance=None, **changes):
        """Make an order, and return its customer."""
        order = self.make_order(*args, **changes)
        return self.find_partners(order, instance=instance)[0]

    def _use(self, operation):
        return self.env["bigcommerce.order.partners"].with_env(operation.env)

    def get_binding(self, customer_id, instance=None):
        return self.env["bigcommerce.customer"].search(
            [
                ("instance_id", "=", (instance or self.instance).id),
                ("bc_id", "=", str(customer_id)),
            ]
        )

    def count_partners(self):
        return self.env["res.partner"].with_context(active_test=False).search_count([])

    def make_partner(self, **vals):
        return self.env["res.partner"].create(
            {"name": "Sam Shopper", "email": "sam@example.com", **vals}
        )

    def make_second_instance(self, **vals):
        """Return the instance of another store of the same company."""
        return self.create_instance(
            name="Second", api_url="http://second.example.com", **vals
        )
