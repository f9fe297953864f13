"""What a person does with the connector: prepare the books, connect a store, import."""

import collections
import time

from messages import say

_OPEN = ["pending", "discovering", "running"]
# Odoo's workers look every minute, and a store may ask to wait a while.
_PATIENCE_SECONDS = 300
_ALL = {"active_test": False}


def prepare_books(odoo):
    """A company in the United States; Odoo knows a rate of the euro and no other."""
    (country,) = odoo.call("res.country", "search", [["code", "=", "US"]])
    odoo.call("res.company", "write", [1], {"country_id": country})
    (euro,) = odoo.call("res.currency", "search", [["name", "=", "EUR"]], context=_ALL)
    odoo.call("res.currency", "write", [euro], {"active": True})
    rate = {"currency_id": euro, "name": "2000-01-01", "rate": 0.9}
    odoo.call("res.currency.rate", "create", rate)


def connect(odoo, store):
    """Create an instance for a store, test and confirm it; returns its id.

    store: the values of the instance. One that is there already for the same store is
    used, at the address the store has now.
    """
    instance = odoo.call(
        "bigcommerce.instance", "search", [["store_hash", "=", store["store_hash"]]]
    )
    if instance:
        values = {name: store[name] for name in ("api_url", "access_token")}
        odoo.call("bigcommerce.instance", "write", instance, values)
    else:
        instance = odoo.call("bigcommerce.instance", "create", [store])
    odoo.call("bigcommerce.instance", "action_test_connection", instance)
    odoo.call("bigcommerce.instance", "action_confirm", instance)
    return instance[0]


def configure(odoo, instance):
    """Let orders bear the store's taxes, and be confirmed, invoiced and paid.

    An instance that has workflow lines is left as it is.
    """
    if odoo.count("bigcommerce.workflow.line", ["instance_id", "=", instance]):
        return
    line, *_others = odoo.read(
        "account.tax.repartition.line",
        ["account_id"],
        ["tax_id.type_tax_use", "=", "sale"],
        ["account_id", "!=", False],
    )
    taxes = {"tax_system": "marketplace", "tax_account_id": line["account_id"]}
    odoo.call("bigcommerce.instance", "write", [instance], taxes)
    (bank,) = odoo.call("account.journal", "search", [["type", "=", "bank"]], limit=1)
    steps = {"confirm_order": True, "create_invoice": True, "validate_invoice": True}
    paid, unpaid = odoo.call(
        "bigcommerce.workflow",
        "create",
        [
            {
                "name": "Invoice and Payment",
                "register_payment": True,
                "payment_journal_id": bank,
                **steps,
            },
            {"name": "Invoice", **steps},
        ],
    )
    odoo.call(
        "bigcommerce.workflow.line",
        "create",
        [
            {"instance_id": instance, "payment_status": status, "workflow_id": workflow}
            for status, workflow in (
                ("captured", paid),
                ("paid", paid),
                ("any", unpaid),
            )
        ],
    )


def synchronise(odoo, instance):
    """Start the imports and wait until the queue has settled.

    Returns what failed, one line each.
    """
    odoo.call("bigcommerce.instance", "action_import_listings", [instance])
    odoo.call("bigcommerce.instance", "action_import_orders", [instance])
    before, since = None, time.monotonic()
    while open_jobs := odoo.count("bigcommerce.queue.job", ["state", "in", _OPEN]):
        progress = _progress(odoo)
        if progress != before:
            before, since = progress, time.monotonic()
            say(f"  {open_jobs} jobs at work, lines: {progress[1]}")
        if time.monotonic() - since > _PATIENCE_SECONDS:
            return [f"Nothing has moved for {_PATIENCE_SECONDS} seconds: {progress[1]}"]
        time.sleep(1)
    return [
        f"{record['display_name']}: {record[field]}"
        for model, field in (
            ("bigcommerce.queue.job", "error_message"),
            ("bigcommerce.queue.line", "message"),
        )
        for record in odoo.read(
            model, ["display_name", field], ["state", "=", "failed"]
        )
    ]


def figures(odoo, instance):
    """What the synchronisation brought into Odoo, by name."""
    of_instance = ["instance_id", "=", instance]
    items = odoo.read("bigcommerce.listing.item", ["product_id"], of_instance)
    orders = _count_by(odoo, "bigcommerce.order", "state", of_instance)
    requests = sum(
        record["request_count"]
        for model in ("bigcommerce.queue.job", "bigcommerce.log")
        for record in odoo.read(model, ["request_count"], of_instance)
    )
    return {
        "listings": odoo.count("bigcommerce.listing", of_instance),
        "products": len({item["product_id"] for item in items} - {False}),
        "orders": orders["imported"] + orders["held"],
        "orders_equal_total": orders["imported"],
        "orders_held": orders["held"],
        "orders_blocked": orders["blocked"],
        "orders_not_selected": orders["not_selected"],
        "orders_confirmed": odoo.count("sale.order", ["state", "=", "sale"]),
        "invoices_paid": odoo.count(
            "account.move",
            ["move_type", "=", "out_invoice"],
            ["payment_state", "in", ["paid", "in_payment"]],
        ),
        "requests": requests,
    }


def reasons(odoo, instance):
    """How many orders are held or blocked, by reason."""
    return _count_by(
        odoo,
        "bigcommerce.order",
        "reason_code",
        ["instance_id", "=", instance],
        ["state", "in", ["held", "blocked"]],
    )


def _progress(odoo):
    """Changes whenever the queue moves."""
    jobs = odoo.read("bigcommerce.queue.job", ["state", "request_count"])
    lines = _count_by(odoo, "bigcommerce.queue.line", "state")
    return jobs, ", ".join(f"{count} {state}" for state, count in sorted(lines.items()))


def _count_by(odoo, model, field, *domain):
    groups = odoo.call(model, "formatted_read_group", domain, [field], ["__count"])
    return collections.Counter({group[field]: group["__count"] for group in groups})
