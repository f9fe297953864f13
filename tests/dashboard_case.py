"""What the tests of the dashboard stand on."""

from lxml import etree

from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from .common import OrderCase


class DashboardCase(OrderCase):
    """A test that reads cards as the web client does, and follows their links."""

    def read_cards(self, user=None):
        """Return what the web client is told of each store, by instance id."""
        dashboard = self.env["bigcommerce.instance"].with_user(user or self.env.user)
        arch = etree.fromstring(dashboard.get_view(view_type="kanban")["arch"])
        specification = {
            name: {"fields": {"display_name": {}}} if field.type == "many2one" else {}
            for name, field in dashboard._fields.items()
            if arch.xpath(f"//field[@name='{name}']")
        }
        self.env.flush_all()
        self.env.invalidate_all()
        found = dashboard.web_search_read([], specification)
        return {card["id"]: card for card in found["records"]}

    def read_card(self):
        return self.read_cards()[self.instance.id]

    def find(self, action):
        """Return the records that an action shows, with the filters it turns on."""
        model = self.env[action["res_model"]]
        domain = Domain(action["domain"])
        search = etree.fromstring(model.get_view(view_type="search")["arch"])
        for key, is_on in action["context"].items():
            name = key.removeprefix("search_default_")
            if is_on and name != key:
                (node,) = search.xpath(f"//filter[@name='{name}']")
                domain &= Domain(safe_eval(node.get("domain", "[]")))
        return model.search(domain)

    def create_lines(self, instance, states, cause=None, **vals):
        """Return a queue line in each of these states."""
        job = self.env["bigcommerce.queue.job"].create(
            {
                "instance_id": instance.id,
                "operation": "import_orders",
                "state": "running",
            }
        )
        return self.env["bigcommerce.queue.line"].create(
            [
                {
                    "job_id": job.id,
                    "instance_id": instance.id,
                    "operation": "import_orders",
                    "key": f"{job.id}-{number}",
                    "lane": f"{job.id}-{number}",
                    "name": "Order",
                    "state": state,
                    "cause_id": cause and self.env["bigcommerce.cause"]._get(cause).id,
                    **vals,
                }
                for number, state in enumerate(states)
            ]
        )

    def create_order(self, instance, placed_on, status_id="11", **vals):
        """Return an order of which only what cards count is known."""
        statuses = self.env["bigcommerce.order.status"]
        return self.env["bigcommerce.order"].create(
            {
                "instance_id": instance.id,
                "bc_id": str(self.env["bigcommerce.order"].search_count([]) + 900),
                "name": "Order",
                "date_created": placed_on,
                "status_id": statuses._find(instance, [status_id])[status_id].id,
                "currency_id": instance.currency_id.id,
                "amount_total": 10,
                "state": "imported",
                **vals,
            }
        )
